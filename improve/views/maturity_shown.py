"""The Digital maturity profile as rows: for its charts, tables and files, and written out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from textwrap import wrap
from typing import Any

from improve.disclosure import Figure
from improve.instruments import say
from improve.language import _, percent, signed
from improve.scoring import Mark
from improve.views import maturity_sentence as sentence
from improve.views.maturity import Cell, CriterionFigures, Function, MaturityView, Measured
from improve.views.response_shown import written
from improve.views.sentence import tenths

Row = dict[str, Any]

_ROW_LINE, _SPOKE_LINE, _SPOKE_WORD = 38, 12, 15
"""How many letters a line of a label has: of a row's, of a spoke's, of a spoke's that has a long word."""


class Measure(StrEnum):
    """What the functions are shown by."""

    LEVEL = "level"
    SHARE = "share"

    def of(self, function: Function) -> Measured:
        """A function's figures by this measure."""
        return function.level if self is Measure.LEVEL else function.share

    def written(self, value: float | None) -> str:
        """A value of this measure in words; empty for none."""
        if value is None:
            return ""
        return sentence.level(value) if self is Measure.LEVEL else percent(value)


def top_of(view: MaturityView, measure: Measure) -> float:
    """The highest value there can be."""
    if measure is Measure.SHARE:
        return 1.0
    return 5.0 if view.instrument is None else float(len(view.instrument.levels))


def function_rows(view: MaturityView, measure: Measure, chosen: str) -> list[Row]:
    """A row per function, for the dot-range rows."""
    rows = []
    for order, one in enumerate(view.functions):
        figures = measure.of(one)
        quartiles = figures.quartiles.value or (None, None)
        rows.append(
            {
                "order": order,
                "row": one.id,
                "lines": _broken(one.name, _ROW_LINE, _ROW_LINE),
                "note": sentence.short_state(one) or _median_note(figures, measure),
                "sentence": sentence.of_function(one),
                "own": figures.own.value,
                "previous": figures.previous.value,
                "median": figures.median.value,
                "q1": quartiles[0],
                "q3": quartiles[1],
                "cohort_median": figures.cohort_median.value,
                "chosen": one.id == chosen,
            }
        )
    return rows


def _broken(text: str, letters: int, longest: int) -> str:
    """A label in lines of so many letters; as wide as its longest word, up to `longest`."""
    word = max((len(one) for one in text.split()), default=0)
    return "\n".join(wrap(text, max(letters, min(word, longest)), break_on_hyphens=False))


def most_lines(rows: Sequence[Row]) -> int:
    """How many lines the longest label of rows has."""
    return max((row["lines"].count("\n") + 1 for row in rows), default=1)


def _median_note(figures: Measured, measure: Measure) -> str:
    if figures.median.value is None:
        return ""
    return _("median {median}").format(median=measure.written(figures.median.value))


def spoke_rows(view: MaturityView, measure: Measure, chosen: str) -> list[Row]:
    """The same with labels broken as the radar's spokes have them."""
    return [
        {**row, "label": _broken(one.name, _SPOKE_LINE, _SPOKE_WORD)}
        for row, one in zip(function_rows(view, measure, chosen), view.functions, strict=True)
    ]


def ring_rows(view: MaturityView, measure: Measure) -> list[Row]:
    """The rings of the radar with what is written on them."""
    top = top_of(view, measure)
    steps = int(top) if measure is Measure.LEVEL else 4
    values = [top * place / steps for place in range(1, steps + 1)]
    return [{"value": value, "label": measure.written(value)} for value in values]


def functions_table(view: MaturityView) -> list[dict[str, str]]:
    """The functions as a table: levels, shares, medians, quartiles, last time."""
    found = []
    for one in view.functions:
        level, share = one.level, one.share
        row = {
            _("Function"): one.name,
            _("Level"): sentence.level(level.own.value) or sentence.because(level.own),
            _("Share met"): _share(share.own.value) or sentence.because(share.own),
            _("To the next level"): sentence.away(one) or sentence.because(one.next_level),
            _("Do not apply"): "" if one.not_applicable.value is None else str(one.not_applicable.value),
            _("Level last time"): sentence.level(level.previous.value) or sentence.because(level.previous),
            _("Change"): "" if one.change.value is None else signed(one.change.value, 0),
            _("National median"): sentence.level(level.median.value) or sentence.because(level.median),
            _("Quartiles"): ""
            if level.quartiles.value is None
            else " – ".join(sentence.level(value) for value in level.quartiles.value),
            _("National median of the share met"): _share(share.median.value),
            _("Organisations"): "" if level.organisations.value is None else str(level.organisations.value),
        }
        cohort = view.choice.cohort
        if cohort is not None and cohort.cohort.key != "all":
            row[_("Median of {group}").format(group=cohort.label)] = sentence.level(
                level.cohort_median.value
            ) or sentence.because(level.cohort_median)
        found.append(row)
    return found


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


# ── The heat strip ─────────────────────────────────────────────────────────────────────────────


def strip_rows(view: MaturityView) -> list[Row]:
    """A cell per function and level."""
    not_met: dict[tuple[str, int], list[str]] = {}
    for criterion in view.criteria:
        if criterion.answer.value in (Mark.NOT_MET, Mark.TO_FIND_OUT):
            at = (criterion.criterion.function, criterion.criterion.level)
            not_met.setdefault(at, []).append(say(criterion.criterion.topic))
    found = []
    for order, one in enumerate(view.functions):
        cells = one.cells.value or ()
        highest = max((cell.level for cell in cells if _is_whole(cell)), default=0)
        for cell in cells:
            parts = [
                _("{function}, level {level}: {cell}.").format(
                    function=one.name, level=cell.level, cell=_cell_in_words(cell)
                ),
            ]
            if topics := not_met.get((one.id, cell.level)):
                parts.append(_("Not met: {topics}.").format(topics=", ".join(topics)))
            found.append(
                {
                    "order": order,
                    "row": one.id,
                    "level": cell.level,
                    "share": cell.met / cell.applicable if cell.applicable else None,
                    "text": _cell(cell),
                    "is_hole": cell.met < cell.applicable and cell.level < highest,
                    "sentence": " ".join(parts),
                }
            )
    return found


def _is_whole(cell: Cell) -> bool:
    return cell.applicable > 0 and cell.met == cell.applicable


def strip_functions(view: MaturityView, chosen: str) -> list[Row]:
    """A row per function, with its label and the level reached."""
    return [
        {
            "order": order,
            "row": one.id,
            "lines": _broken(one.name, _ROW_LINE, _ROW_LINE),
            "reached": one.level.own.value,
            "chosen": one.id == chosen,
        }
        for order, one in enumerate(view.functions)
    ]


def strip_levels(view: MaturityView) -> list[Row]:
    """The heads of the columns: each level and what it is called."""
    levels = () if view.instrument is None else view.instrument.levels
    return [{"level": one.level, "label": str(one.level), "name": say(one.name)} for one in levels]


def _cell(cell: Cell) -> str:
    return _("n/a") if cell.applicable == 0 else f"{cell.met}/{cell.applicable}"


def _cell_in_words(cell: Cell) -> str:
    if cell.applicable == 0:
        return _("nothing applies")
    return _("{met} of {applicable} met").format(met=cell.met, applicable=cell.applicable)


def strip_table(view: MaturityView) -> list[dict[str, str]]:
    """The heat strip as a table."""
    found = []
    for one in view.functions:
        row = {_("Function"): one.name}
        for cell in one.cells.value or ():
            row[_("Level {level}").format(level=cell.level)] = _cell_in_words(cell)
        found.append(row)
    return found


def holes(view: MaturityView, cells: Sequence[Row]) -> list[str]:
    """The functions that meet a whole level above one that they do not: holes under a high level."""
    names = {one.id: one.name for one in view.functions}
    found = dict.fromkeys(cell["row"] for cell in cells if cell["is_hole"])
    return [names[function] for function in found]


# ── Criteria ───────────────────────────────────────────────────────────────────────────────────


def criteria_table(view: MaturityView, criteria: Sequence[CriterionFigures]) -> list[dict[str, str]]:
    """Criteria with the own answer, last time's where it was another, and how many in ten have each."""
    found = []
    has_own = view.own_reason is None
    for one in criteria:
        row = {
            _("Level"): str(one.criterion.level),
            _("Criterion"): say(one.criterion.topic) + ": " + say(one.criterion.text),
        }
        if has_own:
            row[_("Our answer")] = sentence.answered(one)
        row[_("Of all, it is met by")] = tenths(one.peers)
        if has_own:
            row[_("Of those at the next level")] = tenths(one.ahead)
        found.append(row)
    return found


def function_changes_table(view: MaturityView) -> list[dict[str, str]]:
    """Each function's level and share last time and now, and what became of the national median."""
    return [
        {
            _("Function"): one.name,
            _("Level"): _moved(Measure.LEVEL, one.level.previous.value, one.level.own.value),
            _("Share met"): _moved(Measure.SHARE, one.share.previous.value, one.share.own.value),
            _("National median of levels"): _moved(
                Measure.LEVEL, one.level.median_before.value, one.level.median.value
            ),
        }
        for one in view.functions
    ]


def _moved(measure: Measure, before: float | None, now: float | None) -> str:
    if before is None or now is None or before == now:
        return measure.written(now)
    return _("{before} to {now}").format(before=measure.written(before), now=measure.written(now))


def changes_table(view: MaturityView) -> list[dict[str, str]]:
    """The criteria whose answer moved to or from yes since last time."""
    names = {one.id: one.name for one in view.functions}
    won, lost = sentence.won_and_lost(view)
    return [
        {
            _("Function"): names[one.criterion.function],
            _("Criterion"): say(one.criterion.topic),
            _("Last time"): sentence.answer_word(one.previous),
            _("Now"): sentence.answer_word(one.answer),
            _("Of all, it is met by"): tenths(one.peers),
        }
        for one in (*won, *lost)
    ]


# ── Diagonal pictures ──────────────────────────────────────────────────────────────────────────


def commitment_rows(view: MaturityView, chosen: str) -> list[Row]:
    """A point per function: level reached across, share of policy decisions taken upwards; both 0 to 1."""
    top = top_of(view, Measure.LEVEL)

    def share(level: float | None) -> float | None:
        return None if level is None else level / top

    return _points(
        [
            {
                "row": one.id,
                "label": one.name,
                "number": str(number),
                "x": share(one.level.own.value),
                "y": one.commitment.own.value,
                "x_national": share(one.level.median.value),
                "y_national": one.commitment.median.value,
                "x_before": share(one.level.previous.value),
                "y_before": one.commitment.previous.value,
                "sentence": sentence.decided(one),
                "chosen": one.id == chosen,
            }
            for number, one in enumerate(view.functions, start=1)
        ]
    )


def _points(rows: Sequence[Row]) -> list[Row]:
    """The points that have a place: the organisation's, or the national medians where it has none at all."""
    nothing = dict.fromkeys(("certainty", "x_low", "x_high", "y_low", "y_high")) | {"is_first": False}
    own = [row for row in rows if row["x"] is not None and row["y"] is not None]
    if own:
        return [{**nothing, **row} for row in own]
    return [
        {**nothing, **row, "x": row["x_national"], "y": row["y_national"], "x_national": None}
        for row in rows
        if row["x_national"] is not None and row["y_national"] is not None
    ]


def commitment_table(view: MaturityView) -> list[dict[str, str]]:
    """The same as a table."""
    return [
        {
            _("Function"): _("{number}. {name}").format(number=number, name=one.name),
            _("Policy decisions taken"): _share(one.commitment.own.value),
            _("Level reached"): sentence.level(one.level.own.value),
            _("Decisions, national median"): _share(one.commitment.median.value),
            _("Level, national median"): sentence.level(one.level.median.value),
        }
        for number, one in enumerate(view.functions, start=1)
        if one.commitment.own.value is not None or one.commitment.median.value is not None
    ]


def provision_rows(view: MaturityView) -> list[Row]:
    """One point: take-up across, provision upwards."""
    provision, take_up = view.provision, view.take_up
    if provision is None or take_up is None:
        return []
    return _points(
        [
            {
                "row": "flexible",
                "label": "",
                "number": "",
                "x": take_up.own.value,
                "y": provision.own.value,
                "x_national": take_up.median.value,
                "y_national": provision.median.value,
                "x_before": take_up.previous.value,
                "y_before": provision.previous.value,
                "sentence": sentence.provision_finding(view),
                "chosen": True,
            }
        ]
    )


def provision_table(view: MaturityView) -> list[dict[str, str]]:
    """The same as a table."""
    return [
        {
            _("Flexible working"): name,
            _("Share of criteria met"): _share(one.own.value) or sentence.because(one.own),
            _("Last time"): _share(one.previous.value) or sentence.because(one.previous),
            _("National median"): _share(one.median.value) or sentence.because(one.median),
        }
        for name, one in ((_("Provision"), view.provision), (_("Take-up"), view.take_up))
        if one is not None
    ]


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────


def maturity_as_json(view: MaturityView) -> dict[str, Any]:
    """The whole view model, written out."""
    choice = view.choice
    return {
        "figures": "maturity",
        "round": None if choice.round is None else choice.round.label,
        "is_closed": None if choice.round is None else choice.round.is_closed,
        "is_provisional": view.is_provisional,
        "previous_round": None if choice.previous is None else choice.previous.label,
        "organisation": None
        if choice.organisation is None
        else {"code": choice.organisation.code, "name": choice.organisation.name},
        "cohort": None if choice.cohort is None else choice.cohort.cohort.key,
        "viewer": choice.viewer.role.value,
        "instrument": None
        if view.instrument is None
        else {"id": view.instrument.id, "version": view.instrument.version, "rule": view.instrument.rule},
        "finding": view.finding,
        "submitted_at": written(view.submitted_at),
        "overall": _measured(view.overall),
        "provision": _measured(view.provision),
        "take_up": _measured(view.take_up),
        "functions": [
            {
                "id": one.id,
                "name": one.name,
                "sentence": sentence.of_function(one),
                "level": _measured(one.level),
                "share": _measured(one.share),
                "commitment": _measured(one.commitment),
                "next_level": written(one.next_level),
                "missing": written(one.missing),
                "next_step": one.next_step,
                "to_find_out": written(one.to_find_out),
                "level_if_found": written(one.if_found),
                "not_applicable": written(one.not_applicable),
                "applicable": written(one.applicable),
                "change": written(one.change),
                "levels": written(one.cells)
                if one.cells.value is None
                else {"value": [asdict(cell) for cell in one.cells.value]},
            }
            for one in view.functions
        ],
        "criteria": [
            {
                "id": one.criterion.id,
                "function": one.criterion.function,
                "level": one.criterion.level,
                "topic": say(one.criterion.topic),
                "answer": written(one.answer),
                "previous": written(one.previous),
                "peers": _in_words(one.peers),
                "ahead": _in_words(one.ahead),
            }
            for one in view.criteria
        ],
        "notes": list(view.notes),
        "method": list(view.method),
    }


def _measured(one: Measured | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "own": written(one.own),
        "previous": written(one.previous),
        "median": written(one.median),
        "quartiles": written(one.quartiles),
        "organisations": written(one.organisations),
        "cohort_median": written(one.cohort_median),
        "cohort_organisations": written(one.cohort_organisations),
        "median_before": written(one.median_before),
    }


def _in_words(figure: Figure[int]) -> dict[str, Any] | None:
    return written(figure) if figure.value is None else {"value": tenths(figure)}
