"""The Skills page as rows: for its charts, its tables and its files, and written out as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, floor
from textwrap import wrap
from typing import Any

from improve.disclosure import Figure, Reason
from improve.instruments import say
from improve.language import _, number, percent, whole
from improve.views import skills_sentence as sentence
from improve.views.response_shown import written
from improve.views.sentence import tenths
from improve.views.skills import (
    TOP,
    AttitudeGroup,
    Group,
    Groups,
    Measured,
    Skill,
    SkillsView,
    able_codes,
    skills_of,
)

Row = dict[str, Any]

_PHONE_LINE = 44
"""How many letters of a label a phone has room for in a line."""


# ── Skills: datasets of improve.charts.answers_spec ────────────────────────────────────────────


def answer_rows(view: SkillsView) -> list[Row]:
    """A row per skill."""
    return [
        {
            "order": order,
            "label": skill.able.label,
            "note": _skill_note(skill),
            "sentence": sentence.of_skill(skill),
            "median": skill.able.median.value,
            "withheld": _why(skill.able),
        }
        for order, skill in enumerate(view.skills)
    ]


def _skill_note(skill: Skill) -> str:
    value, median = skill.able.value.value, skill.able.median.value
    if value is None:
        return "" if median is None else _("median {share}").format(share=percent(median))
    word = sentence.plain_word(skill.able)
    return _("{share}, {word}").format(share=percent(value), word=word) if word else percent(value)


def _why(one: Measured) -> str | None:
    """Why there is no own figure, where somebody may miss it."""
    return None if one.value.withheld in (None, Reason.NO_ORGANISATION) else sentence.because(one.value)


def bar_rows(view: SkillsView) -> list[Row]:
    """A row per skill and answer that counts; those who need help to the left of 0."""
    questions = {} if view.survey is None else {one.id: one for one in skills_of(view.survey)}
    found = []
    for order, skill in enumerate(view.skills):
        answers = skill.answers.value
        if answers is None:
            continue
        able = able_codes(questions[skill.able.id])
        shares = [n / sum(answers) for n in answers]
        start = -sum(
            share for share, option in zip(shares, skill.options, strict=True) if option.code not in able
        )
        ends = [start + sum(shares[:place]) for place in range(len(shares) + 1)]
        found += [
            {"order": order, "place": place, "x0": x0, "x1": x1, "label": percent(share)}
            for place, (share, (x0, x1)) in enumerate(zip(shares, pairwise(ends), strict=True))
        ]
    return found


def answers_domain(view: SkillsView) -> tuple[float, float]:
    """The ends of the axis of answers: whole tenths around every bar and median."""
    bars = bar_rows(view)
    low = min((row["x0"] for row in bars), default=0.0)
    medians = [skill.able.median.value or 0.0 for skill in view.skills]
    high = max([*(row["x1"] for row in bars), *medians], default=1.0)
    return floor(low * 10 + 1e-9) / 10, max(ceil(high * 10 - 1e-9) / 10, 0.1)


def answer_names(view: SkillsView) -> tuple[str, ...]:
    """The answers that count, the least able first; empty where skills have different ones."""
    names = {tuple(say(option.label) for option in skill.options) for skill in view.skills}
    return names.pop() if len(names) == 1 else ()


def skills_table(view: SkillsView) -> list[dict[str, str]]:
    """The skills as a table: each answer's share, and who can do it without help."""
    found = []
    for skill in view.skills:
        row = {_("Skill"): skill.able.label}
        answers = skill.answers.value
        for place, option in enumerate(skill.options):
            row[say(option.label)] = "" if answers is None else percent(answers[place] / sum(answers))
        row[_("Without help")] = _amount(skill.able, skill.able.value)
        row.update(_compared(skill.able, view))
        row[_("Left out: answers that do not count")] = (
            "" if skill.aside.value is None else percent(skill.aside.value)
        )
        found.append(row)
    return found


# ── Figures: rows of improve.charts.figures_spec ───────────────────────────────────────────────


def figure_rows(items: Sequence[Measured], heads: Iterable[str] = ()) -> list[Row]:
    """A row per figure; those of `heads` stand out."""
    return [
        {
            **_figure_row(order, one.label, one.id in heads),
            "note": _figure_note(one),
            "sentence": sentence.of_measured(one),
            "word": None if one.comparison.value is None else one.comparison.value.value,
            "value": one.value.value,
            "lower": None if one.interval.value is None else one.interval.value[0],
            "upper": None if one.interval.value is None else one.interval.value[1],
            "median": one.median.value,
            "cohort": one.cohort_median.value,
            "withheld": _why(one),
        }
        for order, one in enumerate(items)
    ]


def _figure_row(order: int, label: str, is_head: bool = False) -> Row:
    empty = ("detail", "word", "value", "lower", "upper", "median", "cohort", "whole", "withheld")
    return {
        "order": order,
        "label": label,
        "lines": "\n".join(wrap(label, _PHONE_LINE)),
        "head": is_head,
        "note": "",
        **dict.fromkeys(empty),
    }


def _figure_note(one: Measured) -> str:
    if one.value.value is None:
        if one.median.value is None:
            return ""
        return _("median {value}").format(value=sentence.median_amount(one, one.median.value))
    value, word = sentence.amount(one, one.value.value), sentence.plain_word(one)
    return _("{value}, {word}").format(value=value, word=word) if word else value


def lines_of(rows: Iterable[Row]) -> int:
    """The most lines that a label takes on a phone."""
    return max((row["lines"].count("\n") + 1 for row in rows), default=1)


def figures_domain(rows: Sequence[Row]) -> tuple[float, float]:
    """The ends of an axis of shares or days: from nought, or below where a figure is, in whole tenths."""
    names = ("value", "lower", "upper", "median", "cohort")
    values = [row[name] for row in rows for name in names if row[name] is not None]
    low = min([0.0, *values])
    return floor(low * 10 + 1e-9) / 10, max(ceil(max(values, default=0.0) * 10 - 1e-9) / 10, 0.1)


def attitude_rows(attitudes: Sequence[AttitudeGroup]) -> list[Row]:
    """A row per group of attitudes and per answer in it."""
    return figure_rows(attitude_items(attitudes), [group.whole.id for group in attitudes])


def attitude_items(attitudes: Iterable[AttitudeGroup]) -> tuple[Measured, ...]:
    """The groups of attitudes and, where one has several, its answers."""
    return tuple(
        one
        for group in attitudes
        for one in ((group.whole, *group.options) if len(group.options) > 1 else (group.whole,))
    )


def group_rows(view: SkillsView, groups: Groups) -> list[Row]:
    """A row per group of people: its skill index, and what it needs."""
    whole_index = None if view.index is None else view.index.value.value
    return [
        {
            **_figure_row(order, group.label),
            "detail": sentence.detail(group) or None,
            "note": sentence.need(group.need) if group.need is not None else "",
            "sentence": sentence.of_group(group),
            "value": group.index.value,
            "lower": None if group.interval.value is None else group.interval.value[0],
            "upper": None if group.interval.value is None else group.interval.value[1],
            "whole": whole_index if group.index.is_released else None,
            "withheld": None if group.index.is_released else sentence.too_few(),
        }
        for order, group in enumerate(groups.groups)
    ]


def groups_domain(rows: Sequence[Row]) -> tuple[float, float]:
    """The part of 0 to 100, in whole tens, that holds every mark of the groups."""
    values = [row[name] for row in rows for name in ("lower", "upper", "whole") if row[name] is not None]
    if not values:
        return 0.0, float(TOP)
    return max(0.0, floor(min(values) / 10) * 10.0), min(float(TOP), ceil(max(values) / 10) * 10.0)


def figures_table(view: SkillsView, items: Iterable[Measured]) -> list[dict[str, str]]:
    """Figures as a table."""
    return [
        {
            _("Figure"): one.label,
            _("Value"): _amount(one, one.value),
            _("95 % interval"): _interval(one),
            _("Answers"): sentence.because(one.n) if one.n.value is None else whole(one.n.value),
            **_compared(one, view),
        }
        for one in items
    ]


def attitudes_table(view: SkillsView) -> list[dict[str, str]]:
    """Attitudes as a table."""
    return figures_table(view, attitude_items(view.attitudes))


def groups_table(groups: Groups) -> list[dict[str, str]]:
    """The groups as a table."""
    return [
        {
            groups.question: group.label,
            _("Skill index"): _group_text(group.index, 0),
            _("95 % interval"): ""
            if group.interval.value is None
            else _("{low} to {high}").format(
                low=number(group.interval.value[0], 0), high=number(group.interval.value[1], 0)
            ),
            _("Answers"): sentence.because(group.n) if group.n.value is None else whole(group.n.value),
            _("Training gap in days"): "" if group.gap is None else _group_text(group.gap, 1),
            _("Don't know and don't mind"): "" if group.do_not_mind is None else tenths(group.do_not_mind),
            _("Needs"): sentence.need(group.need),
        }
        for group in groups.groups
    ]


def _group_text(figure: Figure[float], places: int) -> str:
    return sentence.because(figure) if figure.value is None else number(figure.value, places)


def _amount(one: Measured, figure: Figure[float]) -> str:
    return sentence.because(figure) if figure.value is None else sentence.amount(one, figure.value)


def _interval(one: Measured) -> str:
    if one.interval.value is None:
        return ""
    low, high = one.interval.value
    return _("{low} to {high}").format(low=sentence.amount(one, low), high=sentence.amount(one, high))


def _compared(one: Measured, view: SkillsView) -> dict[str, str]:
    """The columns that say what a figure is compared with."""
    organisations = one.organisations.value
    row = {
        _("National median"): sentence.because(one.median)
        if one.median.value is None
        else sentence.median_amount(one, one.median.value),
        _("Organisations"): "" if organisations is None else whole(organisations),
        _("Difference"): sentence.difference(one),
        _("In words"): sentence.plain_word(one),
    }
    cohort = view.choice.cohort
    if cohort is not None and cohort.cohort.key != "all":
        row[_("Median of {group}").format(group=cohort.label)] = (
            sentence.because(one.cohort_median)
            if one.cohort_median.value is None
            else sentence.median_amount(one, one.cohort_median.value)
        )
    return row


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────


def as_json(view: SkillsView) -> dict[str, Any]:
    """The view model written out (docs/figures.md is its schema): numbers as released, unrounded."""
    choice, survey, chosen = view.choice, view.survey, view.chosen
    return {
        "figures": "skills",
        "round": choice.round.label if choice.round else None,
        "is_closed": choice.round.is_closed if choice.round else None,
        "is_provisional": view.is_provisional,
        "instrument": None if survey is None else {"id": survey.id, "version": survey.version},
        "organisation": None
        if choice.organisation is None
        else {"code": choice.organisation.code, "name": choice.organisation.name},
        "cohort": choice.cohort.cohort.key if choice.cohort else None,
        "viewer": choice.viewer.role.value,
        "finding": view.finding,
        "notes": list(view.notes),
        "method": list(view.method),
        "asked_in": list(view.asked_in),
        **{
            name: None if (one := getattr(view, name)) is None else _measured_as_json(one)
            for name in ("index", "received", "enough", "gap", "do_not_mind")
        },
        "skills": [_skill_as_json(one) for one in view.skills],
        "barriers": [_measured_as_json(one) for one in view.barriers],
        "learning": [_measured_as_json(one) for one in view.learning],
        "attitudes": [
            {**_measured_as_json(one.whole), "options": [_measured_as_json(each) for each in one.options]}
            for one in view.attitudes
        ],
        "by": None if chosen is None else chosen.by,
        "groups": {"withheld": view.groups_reason.value}
        if view.groups_reason is not None
        else [_group_as_json(one) for one in (chosen.groups if chosen else ())],
    }


_FIGURES = (
    *("n", "value", "interval", "median", "organisations", "cohort_median", "cohort_organisations"),
    *("difference", "comparison"),
)


def _measured_as_json(one: Measured) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "unit": one.unit.value,
        "is_small_sample": one.is_small_sample,
        **{name: written(getattr(one, name)) for name in _FIGURES},
        "sentence": sentence.of_measured(one),
    }


def _skill_as_json(skill: Skill) -> dict[str, Any]:
    return {
        **_measured_as_json(skill.able),
        "text": skill.text,
        "options": [option.id for option in skill.options],
        "answers": written(skill.answers),
        "aside": written(skill.aside),
        "sentence": sentence.of_skill(skill),
    }


def _group_as_json(group: Group) -> dict[str, Any]:
    names = ("n", "index", "interval", "gap", "do_not_mind")
    return {
        "label": group.label,
        **{name: written(getattr(group, name)) for name in names},
        "need": None if group.need is None else group.need.value,
        "sentence": sentence.of_group(group),
    }
