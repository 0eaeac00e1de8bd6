"""Chart builder > Skill: what people can do without help."""

from __future__ import annotations

from collections.abc import Mapping

from improve.disclosure import Reason
from improve.language import _, number
from improve.views import skills_sentence, skills_shown
from improve.views.chart.axis import index_axis, share_axis
from improve.views.chart.groups import group_row, groups_finding, own_row
from improve.views.chart.part import (
    COHORTS,
    PLACES,
    ROUNDS,
    Asked,
    Built,
    Compared,
    Names,
    Opened,
    Picture,
    Question,
    Row,
    Unit,
    nothing,
)
from improve.views.chart.people import ROLES, roles_ways
from improve.views.choice import Subject, reason_sentences
from improve.views.skills import (
    Measured,
    Skill,
    SkillsView,
    able_codes,
    arranged,
    cohort_skills,
    skills_of,
    skills_view,
)
from improve.views.skills import Unit as SkillUnit

SKILLS = Compared("skills", lambda: _("Skills"))


def _open(asked: Asked) -> Opened:
    view = skills_view(asked.store, asked.viewer, asked.selection)
    if view.survey is None or not view.skills:
        return nothing(view.choice, view.finding)
    drawn = (Picture.DOT_RANGE, Picture.BARS, Picture.TABLE)
    has_own = any(one.answers.value is not None for one in view.skills)
    ways: dict[str, tuple[Picture, ...]] = {
        SKILLS.key: (Picture.DIVERGING_BARS, *drawn) if has_own else drawn
    }
    people, why_not = roles_ways([one.by for one in view.breakdowns], drawn, view.groups_reason)
    why_not[PLACES.key] = _("Skills are not parted by place of work.")
    why_not[ROUNDS.key] = _("Skills are shown of one round alone: choose another round instead.")
    if view.index is None or view.index.median.withheld is Reason.COLLECTING:
        why_not[COHORTS.key] = reason_sentences()[Reason.COLLECTING]
    else:
        people = {COHORTS.key: drawn, **people}
    undrawn = (
        {}
        if has_own
        else {Picture.DIVERGING_BARS: _("How answers are spread is shown of one's own organisation alone.")}
    )

    measured = {one.id: one for one in ((view.index,) if view.index else ())}
    measured |= {one.able.id: one.able for one in view.skills}

    def about(compare: str) -> Mapping[str, str]:
        return {id_: one.label for id_, one in measured.items()} if compare == COHORTS.key else {}

    def build(compare: str, _picture: Picture, of: str | None) -> Built:
        if compare == COHORTS.key:
            return _of_cohorts(asked, view, measured[of or next(iter(measured))])
        return _of_skills(view) if compare == SKILLS.key else _of_people(arranged(view, ROLES[compare]))

    return Opened(view.choice, view.finding, ways | people, why_not, about, build, undrawn)


QUESTION = Question("skill", lambda: _("Skill"), Subject.SKILLS, SKILLS, _open)


def _of_skills(view: SkillsView) -> Built:
    assert view.survey is not None
    cohort = view.choice.cohort
    rows = tuple(_row(view, skill) for skill in view.skills)
    columns = skills_shown.answer_names(view)
    questions = skills_of(view.survey)
    first = view.skills[0].able
    return Built(
        title=_("What people can do"),
        head=_("Skill"),
        finding=skills_sentence.skills_finding(view),
        axis=share_axis(rows, _("Share of people who can do it without help")),
        names=Names(
            own=_("Own share"),
            median=_("National median, without help"),
            cohort="" if cohort is None else _("Median of {group}").format(group=cohort.label),
            higher=_("Own share, higher"),
            similar=_("similar"),
            lower=_("lower"),
        ),
        rows=rows,
        organisations=first.organisations,
        responses=None,
        own_responses=first.n,
        notes=view.notes,
        method=view.method,
        columns=columns,
        parted=float(len(columns) - len(able_codes(questions[0]))) if questions and columns else 0.0,
    )


def _row(view: SkillsView, skill: Skill) -> Row:
    able = skill.able
    (shown,) = skills_shown.figure_rows([able])
    return Row(
        key=able.id,
        label=able.label,
        sentence=skills_sentence.of_skill(skill),
        note=shown["note"],
        own=able.value,
        interval=able.interval,
        word=able.comparison,
        median=able.median,
        cohort=able.cohort_median,
        n=able.n,
        organisations=able.organisations,
        parts=skill.answers if skills_shown.answer_names(view) else None,
    )


def _index_text() -> str:
    return _("Skill index, {low} to {high} shown of 0 to 100")


def _of_cohorts(asked: Asked, view: SkillsView, one: Measured) -> Built:
    """The skill index, or one skill: the groups of organisations by their medians."""
    is_share = one.unit is SkillUnit.SHARE
    unit = Unit.SHARE if is_share else Unit.POINTS
    groups = cohort_skills(asked.store, view.choice, one.id)
    own = own_row(
        skills_sentence.of_measured(one), skills_sentence.plain_word(one), one.value, one.interval, one.n
    )
    rows = (
        *((own,) if view.choice.organisation else ()),
        *(group_row(group, unit) for group in groups),
    )
    return Built(
        title=_("{aspect}: groups of organisations beside each other").format(aspect=one.label),
        head=_("Group"),
        finding=groups_finding(
            skills_sentence.of_measured(one) if one.value.is_released else "", groups, unit
        ),
        axis=share_axis(rows, _("Share of people who can do it without help"))
        if is_share
        else index_axis(rows, _index_text()),
        names=Names(own=_("Own share") if is_share else _("Skill index"), median=_("Median of the group")),
        rows=rows,
        organisations=one.organisations,
        responses=None,
        own_responses=one.n,
        notes=view.notes,
        method=view.method,
    )


def _of_people(view: SkillsView) -> Built:
    """The skill index of each group of the Skills page."""
    chosen = view.chosen
    assert chosen is not None
    drawn = skills_shown.group_rows(view, chosen)
    groups = tuple(
        Row(
            key=group.label,
            label=group.label,
            sentence=skills_sentence.of_group(group),
            note=shown["note"],
            own=group.index,
            interval=group.interval,
            n=group.n,
        )
        for group, shown in zip(chosen.groups, drawn, strict=True)
    )
    whole: tuple[Row, ...] = ()
    if view.index is not None:
        index = view.index
        whole = (
            Row(
                key="own",
                label=_("Own organisation"),
                sentence=skills_sentence.of_measured(index),
                note="" if index.value.value is None else number(index.value.value, 0),
                is_head=True,
                own=index.value,
                interval=index.interval,
                n=index.n,
            ),
        )
    rows = (*whole, *groups)
    return Built(
        title=_("Skill index, own people beside each other"),
        head=chosen.question,
        finding=skills_sentence.groups_finding(chosen),
        axis=index_axis(rows, _index_text()),
        names=Names(own=_("Skill index")),
        rows=rows,
        organisations=None,
        responses=None,
        own_responses=None if view.index is None else view.index.n,
        notes=(),
        method=(*skills_sentence.groups_method(), *view.method[-2:]),
    )
