"""The readiness map as rows: for its charts, tables, report and files, and written out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from improve.disclosure import Figure
from improve.instruments import say
from improve.language import _, number, signed
from improve.views import readiness_sentence as sentence
from improve.views.readiness import ReadinessView
from improve.views.readiness_material import options_of
from improve.views.readiness_part import (
    Area,
    Cell,
    Fit,
    Kind,
    Move,
    RoleDifference,
    RoleScore,
    Row,
    StatementFigures,
    WhatIf,
)
from improve.views.response_shown import written

ShownRow = dict[str, Any]


def codes_of(view: ReadinessView) -> tuple[int, ...]:
    """The codes by which `states` are counted; empty without an instrument."""
    return () if view.instrument is None else options_of(view.instrument)


def _span(figure: Figure[tuple[float, float]]) -> str:
    return "" if figure.value is None else " – ".join(number(one, 0) for one in figure.value)


def _change(figure: Figure[float]) -> str:
    return "" if figure.value is None else signed(figure.value, 0)


# ── The map: partners and areas ────────────────────────────────────────────────────────────────


def map_rows(view: ReadinessView) -> list[ShownRow]:
    """A cell per organisation and area: `score` for the colour, `text` to be written into it.

    `spread` is empty but for the organisation itself. A partner who has not answered keeps its cells,
    without a score.
    """
    return [
        {
            "row": row.organisation,
            "label": row.name,
            "order": order,
            "is_own": row.is_own,
            "is_candidate": row.is_candidate,
            "area": cell.area,
            "area_label": area.name,
            "area_order": place,
            "is_wide": area.is_wide,
            "score": cell.score.value,
            "text": sentence.score(cell.score) or "–",
            "spread": _several(row, cell),
            "sentence": row.name + ": " + sentence.of_cell(row, cell, area),
        }
        for order, row in enumerate(view.rows)
        for place, (cell, area) in enumerate(zip(row.cells, view.areas, strict=True))
    ]


def _several(row: Row, cell: Cell) -> str:
    return _span(cell.spread) if (row.respondents.value or 0) > 1 else ""


def area_rows(view: ReadinessView) -> list[ShownRow]:
    """A row per area: the range of partners, their mean, the own score and the national median."""
    return [
        {
            "order": order,
            "area": one.id,
            "label": one.name,
            "score": one.score.value,
            "low": None if one.span.value is None else one.span.value[0],
            "high": None if one.span.value is None else one.span.value[1],
            "is_wide": one.is_wide,
            "own": one.own.value,
            "previous": one.previous.value,
            "median": one.median.value,
            "q1": None if one.quartiles.value is None else one.quartiles.value[0],
            "q3": None if one.quartiles.value is None else one.quartiles.value[1],
            "sentence": sentence.of_area(one),
        }
        for order, one in enumerate(view.areas)
    ]


def map_table(view: ReadinessView) -> list[dict[str, str]]:
    """The map as a table, with the partnership's own rows below the organisations."""
    found = []
    for row in view.rows:
        cells = {
            area.name: _cell(row, cell) or sentence.because(cell.score)
            for cell, area in zip(row.cells, view.areas, strict=True)
        }
        found.append(
            {
                _("Organisation"): _("{name} (candidate)").format(name=row.name)
                if row.is_candidate
                else row.name,
                **cells,
                _("Overall"): sentence.score(row.overall) or sentence.because(row.overall),
            }
        )
    if len(view.rows) > 1:
        found.append(_line(view, _("Mean of partners"), lambda one: sentence.score(one.score)))
        found.append(_line(view, _("Range of partners"), lambda one: _span(one.span)))
    found.append(_line(view, _("National median"), lambda one: sentence.score(one.median)))
    return found


def _cell(row: Row, cell: Cell) -> str:
    text, spread = sentence.score(cell.score), _several(row, cell)
    return f"{text} ({spread})" if text and spread else text


def _line(view: ReadinessView, label: str, of: Any) -> dict[str, str]:
    return {
        _("Organisation"): label,
        **{one.name: of(one) for one in view.areas},
        _("Overall"): "" if view.overall is None else of(view.overall),
    }


def progress_table(view: ReadinessView) -> list[dict[str, str]]:
    """How the partnership, or the organisation alone, moved since the round before."""
    if view.before is None or view.overall is None:
        return []
    return [
        {
            _("Area"): one.name,
            _("Round before"): sentence.score(one.previous) or sentence.because(one.previous),
            _("Now"): sentence.score(one.score) or sentence.because(one.score),
            _("Change"): _change(one.change),
        }
        for one in (*view.areas, view.overall)
    ]


# ── Statements ─────────────────────────────────────────────────────────────────────────────────


def statement_rows(view: ReadinessView) -> list[ShownRow]:
    """A cell per area and statement, for one organisation alone: how far it is."""
    if view.instrument is None:
        return []
    points = {one.code: one.counts for one in view.instrument.answers}
    return [
        {
            "area": area.id,
            "area_label": area.name,
            "area_order": order,
            "place": place,
            "statement": one.statement.id,
            "label": one.topic,
            "state": one.own.value if one.own.value is not None and points[one.own.value] else None,
            "text": "?"
            if one.own.value is not None and not points[one.own.value]
            else "–"
            if one.own.value is None
            else str(one.own.value),
            "sentence": sentence.of_statement(view, one, codes_of(view)),
        }
        for order, area in enumerate(view.areas)
        for place, one in enumerate(view.statements_of(area.id), start=1)
    ]


def statement_table(view: ReadinessView, statements: Sequence[StatementFigures]) -> list[dict[str, str]]:
    """Statements with how far all are, what the own people say, and what to prepare."""
    found = []
    for one in statements:
        row = {_("Statement"): one.topic + ": " + say(one.statement.text)}
        if not view.is_alone:
            row[_("Partners")] = (
                ""
                if view.instrument is None
                else sentence.how_far(view.instrument, one.states, codes_of(view))
            )
        if view.instrument is not None and one.own.value is not None:
            row[_("Our own")] = sentence.state(view.instrument, one.own.value)
            row[_("Our people")] = sentence.of_replies(view, one)
            row[_("Last time")] = (
                "" if one.previous.value is None else sentence.state(view.instrument, one.previous.value)
            )
        row[_("To prepare")] = sentence.prepare(one)
        found.append(row)
    return found


def kind_label(kind: Kind) -> str:
    """The heading of a list of statements of one kind."""
    return {
        Kind.STRENGTH: _("Strengths"),
        Kind.WEAKNESS: _("Weaknesses"),
        Kind.BLIND_SPOT: _("Blind spots"),
        Kind.DISAGREEMENT: _("Disagreements"),
    }[kind]


def listed(view: ReadinessView, area: str, kind: Kind) -> list[ShownRow]:
    """The statements of an area that are of a kind: what is said of each, and what to prepare."""
    return [
        {
            "statement": one.statement.id,
            "sentence": sentence.of_statement(view, one, codes_of(view)),
            "prepare": sentence.prepare(one),
        }
        for one in view.statements_of(area, kind)
    ]


def reply_rows(one: StatementFigures) -> list[ShownRow]:
    """Evidence and notes of the organisation's own people, by role."""
    return [
        {"role": reply.name, "evidence": list(reply.evidence), "notes": list(reply.notes)}
        for reply in one.replies.value or ()
    ]


# ── Roles, fit, what if ────────────────────────────────────────────────────────────────────────


def role_table(view: ReadinessView) -> list[dict[str, str]]:
    """The own people's scores by role."""
    return [
        {
            _("Role"): one.name,
            _("Respondents"): "" if one.respondents.value is None else str(one.respondents.value),
            **{
                area.name: sentence.score(score) or sentence.because(score)
                for area, score in zip(view.areas, one.scores, strict=True)
            },
        }
        for one in view.roles
    ]


def move_rows(moves: Sequence[Move]) -> list[ShownRow]:
    """Scores before and after, for what if and for a candidate's fit."""
    return [
        {
            "order": order,
            "area": one.area,
            "label": one.name,
            "before": one.before.value,
            "after": one.after.value,
            "change": one.change.value,
            "sentence": sentence.of_move(one),
        }
        for order, one in enumerate(moves)
    ]


def move_table(moves: Sequence[Move]) -> list[dict[str, str]]:
    """The same as a table."""
    return [
        {
            _("Area"): one.name,
            _("Now"): sentence.score(one.before) or sentence.because(one.before),
            _("Then"): sentence.score(one.after) or sentence.because(one.after),
            _("Change"): _change(one.change),
        }
        for one in moves
    ]


# ── The report ─────────────────────────────────────────────────────────────────────────────────


def report_preparations(view: ReadinessView) -> list[ShownRow]:
    """The preparations that matter most: what, and why."""
    known = {one.statement.id: one for one in view.statements}
    return [
        {
            "statement": id_,
            "topic": known[id_].topic,
            "prepare": sentence.prepare(known[id_]) or say(known[id_].statement.text),
            "why": sentence.why(view, known[id_], codes_of(view)),
        }
        for id_ in view.prepare
    ]


def report_differences(view: ReadinessView) -> list[ShownRow]:
    """Who disagrees with whom, by role, beside the organisation's name."""
    return [
        {"label": one.name, "is_own": one.is_own, "sentence": sentence.of_difference(view, one)}
        for one in view.differences
    ]


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────


def readiness_as_json(view: ReadinessView) -> dict[str, Any]:
    """The whole view model, written out."""
    choice, chosen = view.choice, view.partnership
    return {
        "round": None if choice.round is None else choice.round.label,
        "previous_round": None if choice.previous is None else choice.previous.label,
        "organisation": None if choice.organisation is None else choice.organisation.code,
        "instrument": None
        if view.instrument is None
        else {"id": view.instrument.id, "version": view.instrument.version, "rule": view.instrument.rule},
        "partnerships": [one.label for one in view.partnerships],
        "partnership": None
        if chosen is None
        else {
            "label": chosen.label,
            "is_confidential": chosen.is_confidential,
            "is_candidate": chosen.is_candidate,
            "numbers": list(chosen.numbers),
        },
        "number": None if view.number is None else view.number.number,
        "number_before": None if view.before is None else view.before.number,
        "is_alone": view.is_alone,
        "finding": view.finding,
        "progress": sentence.progress(view),
        "overall": None if view.overall is None else _area(view.overall),
        "weakest": written(view.weakest),
        "areas": [_area(one) for one in view.areas],
        "rows": [_row(view, one) for one in view.rows],
        "statements": [_statement(view, one) for one in view.statements],
        "prepare": report_preparations(view),
        "roles": [_role(one) for one in view.roles],
        "differences": [_difference(view, one) for one in view.differences],
        "fits": [_fit(view, one) for one in view.fits],
        "what_if": None if view.what_if is None else _what_if(view.what_if),
        "notes": list(view.notes),
        "method": list(view.method),
    }


def _area(one: Area) -> ShownRow:
    return {
        "id": one.id,
        "name": one.name,
        "sentence": sentence.of_area(one),
        "score": written(one.score),
        "previous": written(one.previous),
        "change": written(one.change),
        "span": written(one.span),
        "is_wide": one.is_wide,
        "own": written(one.own),
        "median": written(one.median),
        "quartiles": written(one.quartiles),
        "organisations": written(one.organisations),
        "difference": written(one.difference),
        "median_before": written(one.median_before),
    }


def _row(view: ReadinessView, one: Row) -> ShownRow:
    return {
        "organisation": one.organisation,
        "name": one.name,
        "sentence": sentence.of_row(view, one),
        "is_own": one.is_own,
        "is_candidate": one.is_candidate,
        "overall": written(one.overall),
        "weakest": written(one.weakest),
        "completed_at": written(one.completed_at),
        "respondents": written(one.respondents),
        "cells": [
            {
                "area": cell.area,
                "score": written(cell.score),
                "previous": written(cell.previous),
                "change": written(cell.change),
                "spread": written(cell.spread),
                "blind": written(cell.blind),
            }
            for cell in one.cells
        ],
    }


def _statement(view: ReadinessView, one: StatementFigures) -> ShownRow:
    replies = one.replies.value
    return {
        "id": one.statement.id,
        "area": one.statement.area,
        "topic": one.topic,
        "sentence": sentence.of_statement(view, one, codes_of(view)),
        "states": written(one.states),
        "own": written(one.own),
        "previous": written(one.previous),
        "replies": {"withheld": None if one.replies.withheld is None else one.replies.withheld.value}
        if replies is None
        else {
            "value": [
                {
                    "role": reply.role,
                    "codes": list(reply.codes),
                    "evidence": list(reply.evidence),
                    "notes": list(reply.notes),
                }
                for reply in replies
            ]
        },
        "is_split": written(one.is_split),
        "kinds": sorted(kind.value for kind in one.kinds),
    }


def _role(one: RoleScore) -> ShownRow:
    return {
        "role": one.role,
        "respondents": written(one.respondents),
        "scores": [written(score) for score in one.scores],
    }


def _difference(view: ReadinessView, one: RoleDifference) -> ShownRow:
    return {
        "organisation": one.organisation,
        "area": one.area,
        "higher": one.higher,
        "lower": one.lower,
        "high": written(one.high),
        "low": written(one.low),
        "sentence": sentence.of_difference(view, one),
    }


def _move(one: Move) -> ShownRow:
    return {
        "area": one.area,
        "before": written(one.before),
        "after": written(one.after),
        "change": written(one.change),
        "sentence": sentence.of_move(one),
    }


def _fit(view: ReadinessView, one: Fit) -> ShownRow:
    return {
        "organisation": one.organisation,
        "name": one.name,
        "sentence": sentence.of_fit(view, one),
        "scores": [written(score) for score in one.scores],
        "moves": [_move(move) for move in one.moves],
        "lifts": list(one.lifts),
        "lowers": list(one.lowers),
        "weakest_before": list(one.weakest_before),
        "weakest_after": list(one.weakest_after),
        "weakest_change": written(one.weakest_change),
        "first": [
            {
                "statement": agree.statement.id,
                "candidate": written(agree.candidate),
                "states": written(agree.states),
                "sentence": sentence.to_agree(view, agree, codes_of(view)),
            }
            for agree in one.first
        ],
    }


def _what_if(one: WhatIf) -> ShownRow:
    return {
        "targets": [{"statement": item, "code": code} for item, code in one.targets.items()],
        "moves": [_move(move) for move in one.moves],
        "overall": _move(one.overall),
        "partnership": _move(one.partnership),
    }
