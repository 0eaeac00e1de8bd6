"""A built chart as rows: for its pictures, its table and its files, and written out as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise
from math import ceil, floor
from textwrap import wrap
from typing import Any

from improve.disclosure import Figure, Reason
from improve.language import _, percent, whole
from improve.views import gap_sentence, trend_shown
from improve.views.chart.part import Built, Row, Unit
from improve.views.chart.view import ChartView
from improve.views.response_shown import written
from improve.views.sentence import because

ShownRow = dict[str, Any]

_PHONE_LINE, _ROW_LINE, _HEAD_LINE, _LABEL_LINE = 44, 38, 11, 30
"""Letters in a line of a label on a phone, of a row of levels, of a column's head and of its row."""
_SILENT = (Reason.NO_ORGANISATION, Reason.UNKNOWN)
"""Reasons that are no news: what nobody asked for has no column of its own."""


def _value(figure: Figure[Any] | None) -> Any:
    return None if figure is None else figure.value


def _ends(figure: Figure[tuple[float, float]] | None) -> tuple[float | None, float | None]:
    return (None, None) if figure is None or figure.value is None else figure.value


def _word(row: Row) -> str | None:
    return None if row.word is None or row.word.value is None else row.word.value.value


def has(built: Built, name: str) -> bool:
    """Whether any row has a figure of this name that was released."""
    return any(_value(getattr(row, name)) is not None for row in built.rows)


# ── Pictures ───────────────────────────────────────────────────────────────────────────────────


def range_rows(built: Built) -> list[ShownRow]:
    """The rows of improve.charts.scores_spec: dots with their ranges, on a scale of ratings."""
    has_own = has(built, "own")
    return [
        {
            "order": order,
            "row": row.key,
            "kind": "aspect",
            "label": row.label,
            "note": row.note,
            "sentence": row.sentence,
            "chosen": row.is_head,
            "word": _word(row),
            "mean": _value(row.own),
            "lower": _ends(row.interval)[0],
            "upper": _ends(row.interval)[1],
            "median": _value(row.median),
            "q1": _ends(row.quartiles)[0],
            "q3": _ends(row.quartiles)[1],
            "cohort_median": _value(row.cohort),
            "last": _value(row.previous),
            "withheld": _unshown(row, has_own),
        }
        for order, row in enumerate(built.rows)
    ]


def _unshown(row: Row, has_own: bool) -> str | None:
    """Why a row's figure is missing. One reason that all share is the finding's to give."""
    is_of_group = row.own is None and row.parts is None
    return (row.brief or None) if has_own or is_of_group else None


def figure_rows(built: Built) -> list[ShownRow]:
    """The rows of improve.charts.figures_spec: dots with their intervals, in any unit."""
    return [
        {
            "order": order,
            "label": row.label,
            "lines": "\n".join(wrap(row.label, _PHONE_LINE)),
            "head": row.is_head,
            "note": row.note,
            "sentence": row.sentence,
            "detail": None,
            "word": _word(row),
            "value": _value(row.own),
            "lower": _ends(row.interval)[0],
            "upper": _ends(row.interval)[1],
            "median": _value(row.median),
            "cohort": _value(row.cohort),
            "whole": None,
            "withheld": _unshown(row, has(built, "own")),
        }
        for order, row in enumerate(built.rows)
    ]


def level_rows(built: Built) -> list[ShownRow]:
    """The rows of improve.charts.maturity_rows_spec: dots against quartiles, from nought up."""
    return [
        {
            "order": order,
            "row": row.key,
            "lines": "\n".join(wrap(row.label, _ROW_LINE, break_on_hyphens=False)),
            "note": row.note or _unshown(row, True) or "",
            "sentence": row.sentence,
            "own": _value(row.own),
            "previous": _value(row.previous),
            "median": _value(row.median),
            "q1": _ends(row.quartiles)[0],
            "q3": _ends(row.quartiles)[1],
            "cohort_median": _value(row.cohort),
            "chosen": False,
        }
        for order, row in enumerate(built.rows)
    ]


def bar_rows(built: Built) -> list[ShownRow]:
    """The rows of improve.charts.bars_spec: a row's own figure, else its median, as a length."""
    found = []
    for order, row in enumerate(built.rows):
        own, median = _value(row.own), _value(row.median)
        is_median = own is None and not row.why
        low, high = _ends(row.quartiles)
        lower, upper = _ends(row.interval)
        found.append(
            {
                "order": order,
                "label": row.label,
                "note": row.note or _told(built, median if is_median else own),
                "sentence": row.sentence,
                "value": median if is_median else own,
                "is_median": is_median,
                "low": low,
                "high": high,
                "lower": lower,
                "upper": upper,
                "mark": None if is_median else median,
                "withheld": _unshown(row, True),
            }
        )
        if found[-1]["withheld"] is not None:
            found[-1]["note"] = ""
    return found


def _told(built: Built, value: float | None) -> str:
    return "" if value is None else built.axis.unit.written(value)


def diverging_rows(built: Built) -> tuple[list[ShownRow], list[ShownRow]]:
    """The datasets "rows" and "bars" of improve.charts.answers_spec."""
    rows, bars = [], []
    for order, row in enumerate(built.rows):
        parts = _value(row.parts)
        rows.append(
            {
                "order": order,
                "label": row.label,
                "note": row.note,
                "sentence": row.sentence,
                "median": _value(row.median),
                "withheld": row.brief or None,
            }
        )
        if parts is None:
            continue
        shares = [n / sum(parts) for n in parts]
        whole_left = int(built.parted)
        half = built.parted - whole_left
        start = -sum(shares[:whole_left]) - (half * shares[whole_left] if half else 0.0)
        ends = list(accumulate(shares, initial=start))
        bars += [
            {"order": order, "place": place, "x0": x0, "x1": x1, "label": percent(share)}
            for place, (share, (x0, x1)) in enumerate(zip(shares, pairwise(ends), strict=True))
        ]
    return rows, bars


def diverging_ends(built: Built) -> tuple[float, float]:
    """The ends of the axis of diverging bars: whole tenths around every bar and median."""
    rows, bars = diverging_rows(built)
    values = [one[name] for one in bars for name in ("x0", "x1")]
    values += [one["median"] for one in rows if one["median"] is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    return floor(low * 10 + 1e-9) / 10, max(ceil(high * 10 - 1e-9) / 10, 0.1)


def point_rows(built: Built) -> list[ShownRow]:
    """The points of improve.charts.quadrant_spec; where their labels stand is added by the page."""
    found: list[ShownRow] = []
    assert built.cross is not None
    placed = [row for row in built.rows if row.place is not None]
    has_own = any(_at(row, "x") is not None and _at(row, "y") is not None for row in placed)
    for number, row in enumerate(placed, start=1):
        assert row.place is not None
        x, y = _at(row, "x"), _at(row, "y")
        x_national, y_national = _at(row, "x_national"), _at(row, "y_national")
        if not has_own:
            x, y, x_national, y_national = x_national, y_national, None, None
        if x is None or y is None:
            continue
        unit = built.cross.x_unit
        quadrant = _value(row.place.quadrant)
        found.append(
            {
                "row": row.key,
                "label": row.label,
                "number": str(number),
                "x": x / unit,
                "y": y,
                "certainty": None if quadrant is None else quadrant[1].value,
                "is_first": row.is_head,
                "x_national": None if x_national is None or y_national is None else x_national / unit,
                "y_national": None if x_national is None else y_national,
                **dict.fromkeys(("x_before", "y_before", "x_low", "x_high", "y_low", "y_high")),
                "sentence": row.sentence,
                "chosen": False,
            }
        )
    return found


def _at(row: Row, name: str) -> float | None:
    found: float | None = _value(getattr(row.place, name))
    return found


def cell_rows(built: Built) -> tuple[list[ShownRow], list[ShownRow], list[ShownRow]]:
    """The datasets "rows", "columns" and "cells" of improve.charts.readiness_map_spec."""
    rows = [
        {
            "order": order,
            "label": row.label,
            "lines": "\n".join(wrap(row.label, _LABEL_LINE)),
            "note": "" if row.cells else row.brief,
            "is_own": row.is_head,
        }
        for order, row in enumerate(built.rows)
    ]
    columns = [
        {
            "column": place,
            "lines": "\n".join(wrap(text, _HEAD_LINE, break_long_words=False)),
            "foot": "",
            "flag": "",
            "chosen": False,
        }
        for place, text in enumerate(built.columns)
    ]
    cells = [
        {
            "order": order,
            "column": place,
            "row": row.key,
            "step": cell.step,
            "text": cell.text,
            "note": "",
            "sentence": cell.sentence,
        }
        for order, row in enumerate(built.rows)
        for place, cell in enumerate(row.cells)
    ]
    return rows, columns, cells


def line_rows(view: ChartView) -> tuple[list[ShownRow], list[ShownRow]]:
    """The datasets "panels" and "points" of improve.charts.trend_spec."""
    assert view.built is not None
    series = view.built.series
    panels = [
        {
            "order": order,
            "row": one.id,
            "label": one.short,
            "note": "",
            "sentence": row_sentence(view.built, one.id),
            "chosen": False,
        }
        for order, one in enumerate(series)
    ]
    return panels, trend_shown.point_rows(series, trend_shown.span(series))


def row_sentence(built: Built, series: str) -> str:
    """All that is said of one line."""
    found = [row.sentence for row in built.rows if row.key.startswith(series + "/")]
    return " ".join(found) or built.finding


# ── The table ──────────────────────────────────────────────────────────────────────────────────


def table_rows(view: ChartView) -> list[dict[str, str]]:
    """The chart in words and numbers: a row keeps its place where its figure is withheld."""
    built = view.built
    if built is None:
        return []
    columns = _columns(built)
    return [
        {built.head: row.label} | {name: cell(row) for name, cell in columns.items()} for row in built.rows
    ]


def _columns(built: Built) -> dict[str, Any]:
    """The columns that any row has something for."""
    unit, names = built.axis.unit, built.names
    places = 1 if unit is Unit.RATING or unit is Unit.CHANGE else 2

    def figure(name: str, digits: int) -> Any:
        return lambda row: _cell(getattr(row, name), unit, digits)

    def pair(name: str, digits: int) -> Any:
        return lambda row: _pair(getattr(row, name), unit, digits)

    found: dict[str, Any] = {}
    every = {
        "own": (names.own, figure("own", 2)),
        "interval": (_("95 % interval"), pair("interval", 2)),
        "n": (_("Answers"), lambda row: "" if _value(row.n) is None else whole(row.n.value)),
        "median": (names.median or _("National median"), figure("median", places)),
        "quartiles": (_("Middle half of organisations"), pair("quartiles", places)),
        "organisations": (
            _("Organisations"),
            lambda row: "" if _value(row.organisations) is None else whole(row.organisations.value),
        ),
        "cohort": (names.cohort or _("Median of the group"), figure("cohort", places)),
        "previous": (names.previous or _("Last time"), figure("previous", 2)),
    }
    for name, (label, cell) in every.items():
        if any(getattr(row, name) is not None and _is_told(getattr(row, name)) for row in built.rows):
            found[label] = cell
    if any(row.place is not None for row in built.rows) and built.cross is not None:
        found |= _place_columns(built)
    if any(_word(row) for row in built.rows):
        found[_("In words")] = lambda row: row.note
    if any(row.parts is not None for row in built.rows):
        for place, text in enumerate(built.columns):
            found[text] = lambda row, place=place: _part(row, place)
    elif any(row.cells for row in built.rows):
        for place, text in enumerate(built.columns):
            found[text] = lambda row, place=place: row.cells[place].text if row.cells else row.why
    return found


def _is_told(figure: Figure[Any]) -> bool:
    """Whether a column is worth its width: something is released, or its withholding is news."""
    return figure.is_released or figure.withheld not in _SILENT


def _place_columns(built: Built) -> dict[str, Any]:
    assert built.cross is not None
    cross = built.cross
    found: dict[str, Any] = {
        cross.x_name: lambda row: _cell(None if row.place is None else row.place.x, cross.x_kind, 2),
        cross.y_name: lambda row: _cell(None if row.place is None else row.place.y, cross.y_kind, 2),
        _("{figure}, national median").format(figure=cross.x_name): lambda row: _cell(
            None if row.place is None else row.place.x_national, cross.x_kind, 1
        ),
        _("{figure}, national median").format(figure=cross.y_name): lambda row: _cell(
            None if row.place is None else row.place.y_national, cross.y_kind, 1
        ),
    }
    if all(row.place is None or row.place.x_national is None for row in built.rows):
        found = dict(list(found.items())[:2])
    if any(row.place is not None and _value(row.place.quadrant) is not None for row in built.rows):
        found[_("Quadrant")] = _quadrant
    return found


def _quadrant(row: Row) -> str:
    placed = None if row.place is None else _value(row.place.quadrant)
    return "" if placed is None else gap_sentence.quadrant_label(placed[0])


def _cell(figure: Figure[Any] | None, unit: Unit, places: int) -> str:
    if figure is None:
        return ""
    return because(figure) if figure.value is None else unit.written(figure.value, places)


def _pair(figure: Figure[tuple[float, float]] | None, unit: Unit, places: int) -> str:
    if figure is None or figure.value is None:
        return ""
    low, high = (unit.written(one, places) for one in figure.value)
    return _("{low} to {high}").format(low=low, high=high)


def _part(row: Row, place: int) -> str:
    parts = _value(row.parts)
    return because(row.parts) if parts is None else percent(parts[place] / sum(parts))


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────

_FIGURES = (
    *("own", "interval", "word", "median", "quartiles", "cohort", "previous"),
    *("n", "organisations", "parts"),
)


def chart_as_json(view: ChartView) -> dict[str, Any]:
    """The view model written out (docs/figures.md is its schema): numbers as released, unrounded."""
    choice, built = view.choice, view.built
    return {
        "figures": "chart",
        "question": view.question.key,
        "compare": view.compare or None,
        "picture": view.picture.value if view.compare else None,
        "about": view.about,
        "offered": {
            "compare": list(view.compared),
            "pictures": list(view.pictures),
            "about": list(view.abouts),
        },
        "not_offered": {
            "compare": _reasons(view.not_compared),
            "pictures": _reasons(view.not_pictures),
        },
        "round": choice.round.label if choice.round else None,
        "is_closed": choice.round.is_closed if choice.round else None,
        "organisation": None
        if choice.organisation is None
        else {"code": choice.organisation.code, "name": choice.organisation.name},
        "cohort": choice.cohort.cohort.key if choice.cohort else None,
        "viewer": choice.viewer.role.value,
        "title": None if built is None else built.title,
        "subtitle": view.subtitle,
        "finding": view.finding,
        "axis": None if built is None else {"text": built.axis.text, "unit": built.axis.unit.value},
        "columns": [] if built is None else list(built.columns),
        "rows": [] if built is None else [_row_as_json(row) for row in built.rows],
        "notes": list(view.notes),
        "method": [] if built is None else list(built.method),
    }


def _reasons(options: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"option": label, "why": why} for label, why in options.items()]


def _row_as_json(row: Row) -> dict[str, Any]:
    place = row.place
    return {
        "key": row.key,
        "label": row.label,
        **{name: written(getattr(row, name)) for name in _FIGURES},
        "x": None if place is None else written(place.x),
        "y": None if place is None else written(place.y),
        "x_national": None if place is None else written(place.x_national),
        "y_national": None if place is None else written(place.y_national),
        "cells": [cell.text for cell in row.cells],
        "withheld": row.why or None,
        "sentence": row.sentence,
    }
