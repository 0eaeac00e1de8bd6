"""The readiness map as its charts want it: grids of cells, rows of figures; and without names."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from improve.instruments import Readiness, say
from improve.language import _, ngettext, number, signed
from improve.scoring import WIDE_RANGE
from improve.views import readiness_sentence as sentence
from improve.views.readiness import ReadinessView
from improve.views.readiness_part import Area, Row
from improve.views.readiness_shown import ShownRow, map_rows, statement_rows

STEPS = 5
"""Colours of the map: a step for every 20 points."""

_HEAD, _LABEL, _TOPIC = 11, 30, 20
"""Characters in a line of a column's head, of a row's label, of a statement's topic."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The datasets of a map; improve/charts/readiness.py says what is in their rows."""

    rows: tuple[ShownRow, ...]
    columns: tuple[ShownRow, ...]
    cells: tuple[ShownRow, ...]

    def lines(self, of: str, field: str) -> int:
        """The most lines that a text of a dataset has."""
        found: Sequence[ShownRow] = getattr(self, of)
        return max((str(one[field]).count("\n") + 1 for one in found), default=1)


def without_names(view: ReadinessView) -> ReadinessView:
    """The same with no organisation's name or code in it, for a projector."""
    names, codes = {}, {}
    partners, candidates = 0, 0
    for row in view.rows:
        if row.is_own:
            codes[row.organisation], names[row.organisation] = "own", _("Our organisation")
        elif row.is_candidate:
            candidates += 1
            codes[row.organisation] = f"candidate{candidates}"
            names[row.organisation] = _("Candidate {n}").format(n=candidates)
        else:
            partners += 1
            codes[row.organisation] = f"partner{partners}"
            names[row.organisation] = _("Partner {n}").format(n=partners)

    def unnamed(one: Any) -> Any:
        return replace(one, organisation=codes[one.organisation], name=names[one.organisation])

    return replace(
        view,
        rows=tuple(unnamed(one) for one in view.rows),
        fits=tuple(unnamed(one) for one in view.fits),
        differences=tuple(unnamed(one) for one in view.differences),
    )


def is_told(view: ReadinessView) -> bool:
    """Whether anything of single statements is told to this viewer."""
    return any(one.states.value is not None or one.own.value is not None for one in view.statements)


def is_of_statements(view: ReadinessView) -> bool:
    """Whether the map is of one organisation's areas and statements, not of partners and areas."""
    return view.is_alone and any(one.own.value is not None for one in view.statements)


def _broken(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_long_words=False))


def _step(score: float | None) -> int | None:
    return None if score is None else min(int(score // (100 / STEPS)), STEPS - 1)


# ── Partners and areas ─────────────────────────────────────────────────────────────────────────


def partner_grid(view: ReadinessView, chosen: str) -> Grid:
    """A row per organisation, a column per area and one for the overall score; `chosen` is an area."""
    overall = len(view.areas)
    areas = [*view.areas, *(() if view.overall is None else (view.overall,))]
    cells = [
        {
            "order": one["order"],
            "column": one["area_order"],
            "row": one["area"],
            "step": _step(one["score"]),
            "text": one["text"],
            "note": one["spread"],
            "sentence": one["sentence"],
        }
        for one in map_rows(view)
    ]
    cells += [
        {
            "order": order,
            "column": overall,
            "row": "",
            "step": _step(row.overall.value),
            "text": sentence.score(row.overall) or "–",
            "note": "",
            "sentence": row.name + ": " + sentence.of_row(view, row),
        }
        for order, row in enumerate(view.rows)
    ]
    return Grid(
        rows=tuple(
            {
                "order": order,
                "label": row.name,
                "lines": _broken(row.name, _LABEL),
                "note": _note(row),
                "is_own": row.is_own,
            }
            for order, row in enumerate(view.rows)
        ),
        columns=tuple(_column(place, one, one.id == chosen) for place, one in enumerate(areas)),
        cells=tuple(cells),
    )


def _note(row: Row) -> str:
    parts = []
    if row.is_own:
        parts.append(_("our own"))
    if row.is_candidate:
        parts.append(_("candidate"))
    if not row.completed_at.is_released:
        parts.append(_("not completed"))
    return ", ".join(parts)


def _column(place: int, area: Area, is_chosen: bool) -> ShownRow:
    span = area.span.value
    return {
        "column": place,
        "lines": _broken(area.name, _HEAD),
        "foot": "" if span is None else f"{number(span[0], 0)} – {number(span[1], 0)}",
        "flag": "▲ " + _("far apart") if area.is_wide else "",
        "chosen": is_chosen and bool(area.id),
    }


# ── One organisation's areas and statements ────────────────────────────────────────────────────


def statement_grid(view: ReadinessView, chosen: str) -> Grid:
    """A row per area with its score, a cell per statement: how far the organisation is with it."""
    most = max((len(view.statements_of(one.id)) for one in view.areas), default=0)
    counting = [] if view.instrument is None else _counting(view.instrument)
    return Grid(
        rows=tuple(
            {
                "order": order,
                "label": one.name,
                "lines": _broken(one.name, _LABEL),
                "note": _("score {score}").format(score=sentence.score(one.own))
                if one.own.value is not None
                else _("no score"),
                "is_own": one.id == chosen,
            }
            for order, one in enumerate(view.areas)
        ),
        columns=tuple(
            {"column": place, "lines": str(place + 1), "foot": "", "flag": "", "chosen": False}
            for place in range(most)
        ),
        cells=tuple(
            {
                "order": one["area_order"],
                "column": one["place"] - 1,
                "row": one["area"],
                "step": None
                if one["state"] is None
                else round(counting.index(one["state"]) * (STEPS - 1) / max(len(counting) - 1, 1)),
                "text": one["text"],
                "note": _broken(one["label"], _TOPIC),
                "sentence": one["sentence"],
            }
            for one in statement_rows(view)
        ),
    )


def _counting(instrument: Readiness) -> list[int]:
    return sorted(one.code for one in instrument.answers if one.counts)


def state_words(instrument: Readiness) -> tuple[tuple[str, ...], str | None]:
    """The key of that map: each state that counts from the lowest up, and what "?" stands for."""
    labels = {one.code: say(one.label) for one in instrument.answers}
    known = _counting(instrument)
    unknown = next((labels[code] for code in labels if code not in known), None)
    return (
        tuple(f"{code} {labels[code]}" for code in known),
        None if unknown is None else "? " + unknown,
    )


# ── Progress, and the national median ──────────────────────────────────────────────────────────


def _figure_rows(areas: Sequence[Area], facts: Sequence[ShownRow]) -> list[ShownRow]:
    """Rows for improve.charts.figures_spec, the overall score's standing out."""
    nothing = dict.fromkeys(
        ("detail", "word", "value", "lower", "upper", "median", "cohort", "whole", "withheld")
    )
    return [
        {
            **nothing,
            "order": order,
            "label": area.name,
            "lines": area.name,
            "head": not area.id,
            "note": "",
            "sentence": sentence.of_area(area),
            **own,
        }
        for order, (area, own) in enumerate(zip(areas, facts, strict=True))
    ]


def _all_areas(view: ReadinessView) -> tuple[Area, ...]:
    return (*(() if view.overall is None else (view.overall,)), *view.areas)


def progress_rows(view: ReadinessView) -> list[ShownRow]:
    """A row per area: the score of the round before and of this one."""
    areas = _all_areas(view)
    return _figure_rows(
        areas,
        [
            {
                "value": one.score.value,
                "whole": one.previous.value,
                "note": "" if one.change.value is None else signed(one.change.value, 0),
                "withheld": sentence.because(one.score) or None,
            }
            for one in areas
        ],
    )


def national_rows(view: ReadinessView) -> list[ShownRow]:
    """A row per area: the organisation's score, the partners' mean, and the national median."""
    areas = _all_areas(view)
    return _figure_rows(
        areas,
        [
            {
                "value": one.own.value,
                "cohort": None if view.is_alone else one.score.value,
                "median": one.median.value,
                "note": sentence.score(one.median)
                if one.difference.value is None
                else signed(one.difference.value, 0),
                "withheld": sentence.because(one.median) or None
                if one.own.value is None and one.score.value is None
                else None,
            }
            for one in areas
        ],
    )


def national_table(view: ReadinessView) -> list[dict[str, str]]:
    """The same as a table, with the middle half of organisations."""
    found = []
    for one in _all_areas(view):
        row = {_("Area"): one.name}
        if view.own is not None:
            row[_("Our own")] = sentence.score(one.own) or sentence.because(one.own)
        if not view.is_alone:
            row[_("Mean of partners")] = sentence.score(one.score) or sentence.because(one.score)
        row[_("National median")] = sentence.score(one.median) or sentence.because(one.median)
        row[_("Middle half of organisations")] = (
            "" if one.quartiles.value is None else " – ".join(number(end, 0) for end in one.quartiles.value)
        )
        row[_("Our difference")] = "" if one.difference.value is None else signed(one.difference.value, 0)
        found.append(row)
    return found


def national_finding(view: ReadinessView) -> str:
    """Where the organisation stands above and below the national median."""
    known = [one for one in view.areas if one.difference.value is not None]
    above = [one.name for one in known if round(one.difference.value or 0) > 0]
    below = [one.name for one in known if round(one.difference.value or 0) < 0]
    overall = view.overall
    if not known:
        if overall is None or overall.median.value is None:
            return ""
        return ngettext(
            "The median of {n} organisation's overall score is {median}.",
            "The median of {n} organisations' overall scores is {median}.",
            overall.organisations.value or 0,
        ).format(n=overall.organisations.value, median=sentence.score(overall.median))
    parts = []
    if above:
        parts.append(_("Above the national median: {areas}.").format(areas=", ".join(above)))
    if below:
        parts.append(_("Below it: {areas}.").format(areas=", ".join(below)))
    return " ".join(parts) or _("Every area is at the national median.")


# ── The report ─────────────────────────────────────────────────────────────────────────────────


def score_table(view: ReadinessView) -> list[dict[str, str]]:
    """The scores on one sheet: a line per area, the overall score first."""
    weakest = view.weakest.value or ()
    found = []
    for one in _all_areas(view):
        span = "" if one.span.value is None else " – ".join(number(end, 0) for end in one.span.value)
        row = {
            _("Area"): _("{area} (weakest)").format(area=one.name) if one.id in weakest else one.name,
            _("Score"): sentence.score(one.score) or "–",
        }
        if not view.is_alone:
            row[_("Range of partners")] = _("{range} ▲ far apart").format(range=span) if one.is_wide else span
        row[_("National median")] = sentence.score(one.median) or "–"
        if view.before is not None:
            row[_("Since round {number}").format(number=view.before.number)] = (
                "–" if one.change.value is None else signed(one.change.value, 0)
            )
        found.append(row)
    return found


def wide_rule() -> str:
    """From where on a range is flagged."""
    return _("A range of {points} points or more is flagged ▲.").format(points=WIDE_RANGE)
