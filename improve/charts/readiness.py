"""The readiness map: a row per organisation or area, a cell per column with its score written in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from improve.charts.key import BOX, Entry, key
from improve.charts.theme import NARROW, Look, Mode, Size, Spec, blend, finished, heading, legible, look

STEPS = 5
"""Colours from the least ready to the readiest."""

_HEAD_LINE, _LABEL, _NOTE, _FOOT_LINE = 16, 17, 15, 17
"""Height in pixels of a line of a column's head, of a row's label, of its note, and of the foot."""
_CELL = 46
"""Height in pixels of a cell."""
_BESIDE = 240
"""Width in pixels of the labels beside the cells, at most; on a phone they stand above them."""


@dataclass(frozen=True, slots=True)
class MapWords:
    """The words of the map: what is in its cells, what its foot says, and its key.

    `steps` names each colour from the least ready up, and `unknown` a cell that is known to be a blind
    spot; without them there is no key.
    """

    axis: str
    foot: str = ""
    steps: tuple[str, ...] = ()
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class MapShape:
    """How many rows and columns there are, and the most lines of a head, a label and a cell's note.

    `has_small_notes`: the notes are short enough for a phone. `has_foot`: columns have a `foot`.
    """

    rows: int
    columns: int
    head: int
    label: int
    note: int = 1
    has_small_notes: bool = True
    has_foot: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where things stand; these texts are parts of expressions."""

    view: Look
    shape: MapShape

    @property
    def left(self) -> str:
        return f"(width >= {NARROW} ? min(0.3 * width, {self.view.length(_BESIDE)}) : 0)"

    @property
    def column(self) -> str:
        return f"((width - {self.left}) / {max(self.shape.columns, 1)})"

    @property
    def head(self) -> str:
        return self.view.length(_HEAD_LINE * self.shape.head + 8)

    @property
    def cell_height(self) -> str:
        wide = _CELL + 15 * (self.shape.note - 1)
        return f"(width >= {NARROW} ? {self.view.length(wide)} : {_CELL})"

    @property
    def above(self) -> str:
        """What stands above the cells of a row on a phone: its label and note."""
        return f"(width >= {NARROW} ? 0 : {_LABEL + _NOTE})"

    @property
    def step(self) -> str:
        return f"({self.above} + {self.cell_height} + 4)"

    @property
    def middle(self) -> str:
        """The middle of a row's cells, from the top of the row."""
        return f"({self.above} + {self.cell_height} / 2)"

    @property
    def height(self) -> float:
        foot = 2 * _FOOT_LINE + 12 if self.shape.has_foot else 0
        cell = _CELL + 15 * (self.shape.note - 1)
        return (
            _HEAD_LINE * self.shape.head + 8 + max(self.shape.rows, 1) * (cell + 4) + foot
        ) * self.view.factor

    def y(self, field: str = "order") -> alt.Y:
        ends = [alt.expr(self.head), alt.expr(f"{self.head} + {max(self.shape.rows, 1)} * {self.step}")]
        scale = alt.Scale(domain=[0, max(self.shape.rows, 1)], range=ends, nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def x(self, field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=None, axis=None)

    def columns(self, dataset: str) -> alt.Chart:
        """The rows of a dataset with where their column begins, ends and has its middle."""
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(dataset))
            .transform_calculate(px=f"{self.left} + {self.column} * datum.column + 2")
            .transform_calculate(px2=f"datum.px + {self.column} - 4")
            .transform_calculate(middle="(datum.px + datum.px2) / 2")
        )
        return chart


@cache
def readiness_map_spec(words: MapWords, shape: MapShape, mode: Mode, size: Size) -> Spec:
    """A heat map with its scores written out; a cell without a score has an outline and no colour.

    Datasets: "rows", one object per row: `order` from 0, top to bottom; `label`, and the same broken
    as `lines`; `note` below it; `is_own` stands out. "columns": `column` from 0; `lines` its head;
    `foot` and `flag`, two lines below it (`has_foot`); `chosen`. "cells": `order`; `column`; `row` the
    key of what is opened by a click; `step` of its colour, 0 to 4, or None; `text` written in it;
    `note` below that, broken into lines; `sentence`. A click is the selection "aspect".
    """
    view = look(mode, size)
    palette = view.palette
    at = _Place(view, shape)
    cells, columns = at.columns("cells"), at.columns("columns")
    tones = _tones(view)
    place: dict[str, Any] = {"x": at.x("px"), "x2": "px2:Q", "y": at.y(), "y2": "order:Q"}
    around: dict[str, Any] = {
        "yOffset": alt.expr(f"{at.above} + 1"),
        "y2Offset": alt.expr(f"{at.above} + {at.cell_height} - 1"),
    }
    domain = list(range(STEPS))
    letters = alt.when("isValid(datum.step)").then(
        alt.Color("step:O", scale=alt.Scale(domain=domain, range=[two for _one, two in tones]), legend=None)
    )
    is_noted = "length(datum.note) > 0" + ("" if shape.has_small_notes else f" && width >= {NARROW}")
    layers = [
        *_heads(columns, at),
        *_labels(at),
        cells.transform_filter("isValid(datum.step)")
        .mark_rect(aria=False, stroke=palette.edge, strokeWidth=1, **around)
        .encode(
            **place,
            fill=alt.Fill(
                "step:O", scale=alt.Scale(domain=domain, range=[one for one, _two in tones]), legend=None
            ),
        ),
        cells.transform_filter("!isValid(datum.step)")
        .mark_rect(
            aria=False, fill="transparent", stroke=palette.edge, strokeWidth=1, strokeDash=[3, 3], **around
        )
        .encode(**place),
        _written(cells, at, "text", letters, is_noted),
        _written(cells, at, "note", letters, is_noted),
        *(_feet(columns, words, at) if shape.has_foot else ()),
        _key(cells, words, view),
        cells.mark_rect(fill="transparent", cursor="pointer", tooltip=alt.expr("datum.sentence"), **around)
        .encode(**place, description=alt.Description("sentence:N"))
        .add_params(alt.selection_point(name="aspect", fields=["row"])),
    ]
    chart: alt.LayerChart = alt.LayerChart(
        layer=layers, height=at.height, title=heading(words.axis, view)
    ).resolve_scale(color="independent", fill="independent", stroke="independent", shape="independent")
    return finished(chart)


def _tones(view: Look) -> list[tuple[str, str]]:
    """Each step's colour, and that of the words on it."""
    palette = view.palette
    colours = [
        blend(palette.background, palette.band, palette.high, place / (STEPS - 1)) for place in range(STEPS)
    ]
    return [(one, legible(one)) for one in colours]


def _heads(columns: alt.Chart, at: _Place) -> list[alt.Chart]:
    """What each column is, in its lines; that of the chosen one is bold."""
    weights: tuple[tuple[str, Any], ...] = (("!==", "normal"), ("===", "bold"))
    return [
        columns.transform_filter(f"datum.chosen {test} true")
        .transform_calculate(shown="split(datum.lines, '\\n')")
        .mark_text(
            aria=False,
            baseline="top",
            fontSize=alt.expr(f"width >= {NARROW} ? {at.view.length(12.5)} : 10.5"),
            fontWeight=weight,
            lineHeight=at.view.px(_HEAD_LINE),
            color=at.view.palette.text,
        )
        .encode(x=at.x("middle"), y=alt.YValue(0), text=alt.Text("shown:N"))
        for test, weight in weights
    ]


def _labels(at: _Place) -> list[alt.Chart]:
    """Each row's label and note: beside its cells, or above them in one line each."""
    view, palette = at.view, at.view.palette
    line, note = view.length(_LABEL), view.length(_NOTE)
    rows = (
        alt.Chart(alt.NamedData("rows"))
        .transform_calculate(shown=f"width >= {NARROW} ? split(datum.lines, '\\n') : [datum.label]")
        .transform_calculate(
            first=f"width >= {NARROW} ? ({at.cell_height} - {line} * length(datum.shown)"
            f" - (length(datum.note) > 0 ? {note} : 0)) / 2 : 0"
        )
    )
    text: dict[str, Any] = {
        "aria": False,
        "align": "left",
        "baseline": "top",
        "limit": alt.expr(f"width >= {NARROW} ? {at.left} - 10 : width"),
    }
    where: dict[str, Any] = {"x": alt.value(0), "y": at.y()}
    weights: tuple[tuple[str, Any], ...] = (("!==", "normal"), ("===", "bold"))
    return [
        *(
            rows.transform_filter(f"datum.is_own {test} true")
            .mark_text(
                **text,
                fontSize=view.px(13.5),
                fontWeight=weight,
                lineHeight=view.px(_LABEL),
                color=palette.text,
                dy=alt.expr("datum.first + 2"),
            )
            .encode(**where, text=alt.Text("shown:N"))
            for test, weight in weights
        ),
        rows.mark_text(
            **text,
            fontSize=view.px(12),
            color=palette.muted,
            dy=alt.expr(f"datum.first + {line} * length(datum.shown) + 2"),
        ).encode(**where, text=alt.Text("note:N")),
    ]


def _written(cells: alt.Chart, at: _Place, field: str, letters: Any, is_noted: str) -> alt.Chart:
    """What stands in the cells: the score, and its note where there is one."""
    view = at.view
    half = view.length(8)
    if field == "text":
        dy = f"{at.middle} - ({is_noted} ? {half} * length(split(datum.note, '\\n')) : 0)"
        chart = cells.transform_calculate(shown="datum.text")
        marks: dict[str, Any] = {"fontSize": view.px(15), "fontWeight": 600}
    else:
        dy = f"{at.middle} + 11 - {half} * (length(datum.shown) - 1)"
        chart = cells.transform_filter(is_noted).transform_calculate(shown="split(datum.note, '\\n')")
        marks = {"fontSize": view.px(11.5), "lineHeight": view.px(15)}
    written: alt.Chart = chart.mark_text(aria=False, baseline="middle", dy=alt.expr(dy), **marks).encode(
        x=at.x("middle"),
        y=at.y(),
        text=alt.Text("shown:N"),
        color=letters.otherwise(alt.value(view.palette.text)),
    )
    return written


def _feet(columns: alt.Chart, words: MapWords, at: _Place) -> list[alt.Chart]:
    """Below the columns: what `foot` and `flag` say of each, and what that is, at the left."""
    view, palette = at.view, at.view.palette
    top = f"{at.head} + {at.shape.rows} * {at.step} + 6"
    text: dict[str, Any] = {"aria": False, "baseline": "top"}
    lines: tuple[tuple[str, int, Any], ...] = (("foot", 0, "normal"), ("flag", _FOOT_LINE, "bold"))
    return [
        *(
            columns.mark_text(
                **text,
                fontSize=alt.expr(f"width >= {NARROW} ? {view.length(12)} : 10.5"),
                fontWeight=weight,
                color=palette.text,
                dy=view.px(down),
            ).encode(x=at.x("middle"), y=alt.YValue(alt.expr(top)), text=alt.Text(f"{field}:N"))
            for field, down, weight in lines
        ),
        alt.Chart(alt.sequence(0, 1))
        .transform_filter(f"width >= {NARROW}")
        .mark_text(**text, align="left", fontSize=view.px(13), color=palette.text, text=words.foot)
        .encode(x=alt.XValue(0), y=alt.YValue(alt.expr(top))),
    ]


def _key(cells: alt.Chart, words: MapWords, view: Look) -> alt.Chart:
    entries = [
        Entry(text, BOX, colour, view.palette.edge)
        for text, (colour, _letters) in zip(words.steps, _tones(view), strict=False)
    ]
    if words.steps:
        entries.append(Entry(words.unknown, BOX, "transparent", view.palette.edge))
    return key(cells.transform_filter("false"), entries, view)
