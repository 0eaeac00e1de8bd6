"""The parts of the Skills page that touch Streamlit: its headline, choice and figure blocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from improve.charts import AnswersWords, FiguresWords, answers_spec, figures_spec
from improve.language import _
from improve.model import Comparison
from improve.views import skills_sentence as sentence
from improve.views import skills_shown
from improve.views.skills import Groups, Measured, SkillsView, Unit, arranged
from improve.web.block import Block, draw_block, footer, marked
from improve.web.text import plain

_TWO_ON_A_PHONE = 140
_ARROWS = {Comparison.HIGHER: "▲", Comparison.SIMILAR: "●", Comparison.LOWER: "▼"}


def draw_headline(view: SkillsView) -> None:
    """The figures that a reader looks for first, each with what it is compared to."""
    shown = [one for one in (view.index, view.received, view.enough, view.do_not_mind) if one is not None]
    with st.grid(len(shown), min_column_width=_TWO_ON_A_PHONE):
        for one in shown:
            with st.container(border=True, height="stretch", gap="xsmall"):
                has_own = view.choice.organisation is not None
                figure = one.value if has_own else one.median
                st.metric(one.label, sentence.bare(one, figure))
                if beside := _beside(one, view) if has_own else _national(one, view):
                    st.caption(plain(beside))


def _beside(one: Measured, view: SkillsView) -> str:
    if one.value.value is None:
        return sentence.because(one.value)
    if one.median.value is None:
        return sentence.because(one.median)
    text = _("national median {median}").format(median=sentence.bare(one, one.median))
    if one.comparison.value is not None:
        text = f"{_ARROWS[one.comparison.value]} {sentence.plain_word(one)}, {text}"
    return _unit(one) + text + _group(one, view)


def _national(one: Measured, view: SkillsView) -> str:
    if one.median.value is None:
        return sentence.because(one.median)
    national = _("national median of {n} organisations").format(n=one.organisations.value)
    return _unit(one) + national + _group(one, view)


def _group(one: Measured, view: SkillsView) -> str:
    """The median of the chosen group, behind the national one."""
    cohort = view.choice.cohort
    if cohort is None or one.cohort_median.value is None:
        return ""
    return _("; {group} {median}").format(group=cohort.label, median=sentence.bare(one, one.cohort_median))


def _unit(one: Measured) -> str:
    """What stands before the words below a number that has a unit."""
    return _("days") + " · " if one.unit is Unit.DAYS else ""


def arrange(view: SkillsView) -> SkillsView:
    """The view by the profile question that the reader chooses here; kept in the address."""
    labels = {one.by: one.question for one in view.breakdowns}
    if len(labels) < 2:
        return view
    by = st.segmented_control(
        _("Groups by"),
        list(labels),
        default=next(iter(labels)),
        format_func=lambda role: labels.get(role, str(role)),
        key="by",
        bind="query-params",
        required=True,
    )
    return arranged(view, by)


def skills_block(view: SkillsView) -> Block:
    """Every skill with the share in each answer."""
    rows = skills_shown.answer_rows(view)
    bars = skills_shown.bar_rows(view)
    low, high = skills_shown.answers_domain(view)
    names = skills_shown.answer_names(view) if bars else ()
    words = AnswersWords(
        axis=marked(
            _("Share of people; right of the line: without help")
            if bars
            else _("Share of people who can do it without help")
        ),
        answers=names,
        median=_("National median, without help") if any(row["median"] is not None for row in rows) else None,
    )
    codes = max((row["place"] + 1 for row in bars), default=1)
    return Block(
        key="skills",
        heading=_("What people can do"),
        finding=sentence.skills_finding(view),
        spec=partial(answers_spec, words, low, high, codes, len(rows)),
        datasets={"rows": rows, "bars": bars},
        alt=view.alt,
        table=partial(skills_shown.skills_table, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-1:]),
    )


def draw_groups(view: SkillsView) -> None:
    """Who needs training, and who awareness: by one profile question."""
    if view.choice.organisation is None or view.own_reason is not None:
        return
    if view.chosen is None:
        st.header(_("Who needs training, who needs awareness"))
        st.markdown(plain(sentence.groups_withheld(view)))
        return
    view = arrange(view)
    assert view.chosen is not None
    draw_block(groups_block(view, view.chosen))


def groups_block(view: SkillsView, groups: Groups) -> Block:
    """The groups of one profile question as rows."""
    rows = skills_shown.group_rows(view, groups)
    low, high = skills_shown.groups_domain(rows)
    is_shown = any(row["value"] is not None for row in rows)
    words = FiguresWords(
        axis=marked(_("Skill index of each group; at the right, what it needs")),
        own=_("The group's skill index") if is_shown else None,
        interval=_("its 95 % interval") if is_shown else None,
        whole=_("The whole organisation") if is_shown else None,
    )
    finding = sentence.groups_finding(groups)
    return Block(
        key="groups",
        heading=_("Who needs training, who needs awareness: by {question}").format(
            question=groups.question.lower()
        ),
        finding=finding,
        spec=partial(figures_spec, words, low, high, "d", len(rows), skills_shown.lines_of(rows), is_shown),
        datasets={"rows": rows},
        alt=_("The skill index of each group of people.") + " " + finding,
        table=partial(skills_shown.groups_table, groups),
        method=(*sentence.groups_method(), *view.method[-2:]),
        footer=footer(view.choice, (), view.method[-1:]),
    )


def draw_training(view: SkillsView) -> None:
    """Training received against training judged enough."""
    items = [one for one in (view.received, view.enough, view.gap) if one is not None]
    if items:
        finding = sentence.training_finding(view)
        _draw_figures(view, "training", _("Training, had and wanted"), items, _("Days"), ".1f", finding)


def draw_barriers(view: SkillsView) -> None:
    """What gets in the way."""
    _draw_named(view, "barriers", _("What gets in the way"), view.barriers)


def draw_learning(view: SkillsView) -> None:
    """How people like to learn."""
    _draw_named(view, "learning", _("How people like to learn"), view.learning)


def _draw_named(view: SkillsView, key: str, heading: str, items: Sequence[Measured]) -> None:
    if items:
        axis = _("Share of people who named it; each could name several")
        _draw_figures(view, key, heading, items, axis, ".0%", sentence.most_named(items))


def _draw_figures(
    view: SkillsView,
    key: str,
    heading: str,
    items: Sequence[Measured],
    axis: str,
    form: str,
    finding: str,
) -> None:
    rows = skills_shown.figure_rows(items)
    draw_block(
        Block(
            key=key,
            heading=heading,
            finding=finding,
            spec=partial(
                figures_spec,
                _words(view, axis, items),
                *skills_shown.figures_domain(rows),
                form,
                len(rows),
                skills_shown.lines_of(rows),
                False,
            ),
            datasets={"rows": rows},
            alt=heading + ". " + finding,
            table=partial(skills_shown.figures_table, view, items),
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        )
    )


def draw_attitudes(view: SkillsView) -> None:
    """How people feel about ICT, with those who do not know and do not mind named plainly."""
    if not view.attitudes:
        return
    rows = skills_shown.attitude_rows(view.attitudes)
    items = skills_shown.attitude_items(view.attitudes)
    finding = sentence.attitudes_finding(view)
    draw_block(
        Block(
            key="attitudes",
            heading=_("How people feel about ICT"),
            finding=finding,
            spec=partial(
                figures_spec,
                _words(view, _("Share of people who said so"), items),
                *skills_shown.figures_domain(rows),
                ".0%",
                len(rows),
                skills_shown.lines_of(rows),
                False,
            ),
            datasets={"rows": rows},
            alt=_("How people feel about ICT.") + " " + finding,
            table=partial(skills_shown.attitudes_table, view),
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        )
    )


def _words(view: SkillsView, axis: str, items: Sequence[Measured]) -> FiguresWords:
    has_own = any(one.value.value is not None for one in items)
    is_compared = any(one.comparison.value is not None for one in items)
    has_cohort = any(one.cohort_median.value is not None for one in items)
    cohort = view.choice.cohort
    return FiguresWords(
        axis=marked(axis),
        own=_("Own figure") if has_own and not is_compared else None,
        higher=_("Own figure, higher") if is_compared else None,
        similar=_("similar") if is_compared else None,
        lower=_("lower") if is_compared else None,
        interval=_("its 95 % interval") if has_own else None,
        median=_("National median") if any(one.median.value is not None for one in items) else None,
        cohort=_("Median of {group}").format(group=cohort.label) if has_cohort and cohort else None,
    )
