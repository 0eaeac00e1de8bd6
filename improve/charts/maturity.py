"""Digital maturity by function: dot-range rows, and the heat strip of the levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from improve.charts.key import BOX, DIAMOND, DOT, RING, TICK, Entry, key
from improve.charts.quadrant import Ticks, labels_of, tooltip
from improve.charts.theme import Look, Mode, Size, Spec, blend, finished, heading, legible, look

BESIDE = 560
"""From this width, in pixels, a row's label stands beside its marks; below it above them."""

_LABEL, _NOTE = 17, 15
"""Height in pixels of a line of a row's label, and of the line of words below it."""
_PAD = 12
_BESIDE = 272
"""Width in pixels of the labels beside the marks, at most."""
_HEAD, _PHONE_HEAD = 38, 22
"""Height in pixels of the heads of the columns: number and name of a level; on a phone its number."""
_MARKS, _CELL = 26, 28
"""Height in pixels of a row's marks, or of its cells, where they stand below the label."""


@dataclass(frozen=True, slots=True)
class MaturityRowsWords:
    """The words of the rows: what is measured, and the entries of the key (None leaves one out)."""

    axis: str
    own: str | None = None
    previous: str | None = None
    median: str | None = None
    quartiles: str | None = None
    cohort: str | None = None


@dataclass(frozen=True, slots=True)
class StripWords:
    """The words of the heat strip: what it shows, and the entries of its key (None leaves one out)."""

    axis: str
    whole: str | None = None
    part: str | None = None
    none: str | None = None
    hole: str | None = None
    reached: str | None = None


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where things stand in rows of `lines` lines of label; these texts are parts of expressions.

    In all of them `step` is the height of a row, `centre` where its marks stand in it, `left` where they
    begin, and `first` where the rows themselves begin.
    """

    view: Look
    count: int
    lines: int
    marks: float
    has_note: bool
    top: str = "0"

    @property
    def _words(self) -> float:
        return self.lines * _LABEL + (_NOTE if self.has_note else 0)

    @property
    def least(self) -> float:
        """The height of a row beside its label, on a screen."""
        return max(self._words + _PAD, self.marks + 10)

    def params(self) -> list[alt.Parameter]:
        """The signals that the expressions speak of."""
        wide, words = f"width >= {BESIDE}", self._words
        return [
            alt.param(name=name, expr=expr)
            for name, expr in (
                ("first", self.top),
                ("step", f"{wide} ? {self.view.length(self.least)} : {words + self.marks + _PAD:g}"),
                ("centre", f"{wide} ? step / 2 : {words + self.marks / 2 + 4:g}"),
                ("left", f"{wide} ? min(0.42 * width, {self.view.length(_BESIDE)}) : 12"),
            )
        ]

    def y(self, field: str = "order") -> alt.Y:
        ends = [alt.expr("first"), alt.expr(f"first + {self.count} * step")]
        scale = alt.Scale(domain=[0, self.count], range=ends, nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def around(self, half: str) -> dict[str, Any]:
        """A mark that reaches as far above as below the centre."""
        return {
            "yOffset": alt.expr(f"centre - {half}"),
            "y2Offset": alt.expr(f"centre + {half}"),
        }

    def labels(self, rows: alt.Chart) -> list[alt.Chart]:
        """Each row's label in its lines, and the words below it."""
        palette, view = self.view.palette, self.view
        line, note = view.length(_LABEL), view.length(_NOTE)
        broken = rows.transform_calculate(shown="split(datum.lines, '\\n')").transform_calculate(
            baseline=f"(width >= {BESIDE} ? (step - {line} * length(datum.shown)"
            f" - {note if self.has_note else 0}) / 2 : 3) + {line} / 2"
        )
        text: dict[str, Any] = {
            "aria": False,
            "align": "left",
            "baseline": "middle",
            "limit": alt.expr(f"width >= {BESIDE} ? left - 14 : width"),
        }
        at: dict[str, Any] = {"x": alt.value(0), "y": self.y()}
        weights: tuple[tuple[str, Any], ...] = (("!==", "normal"), ("===", "bold"))
        layers = [
            broken.transform_filter(f"datum.chosen {test} true")
            .mark_text(
                **text,
                fontSize=view.px(13.5),
                fontWeight=weight,
                lineHeight=view.px(_LABEL),
                color=palette.text,
                dy=alt.expr("datum.baseline"),
            )
            .encode(**at, text=alt.Text("shown:N"))
            for test, weight in weights
        ]
        if self.has_note:
            below = f"datum.baseline + {line} * (length(datum.shown) - 1) + ({line} + {note}) / 2"
            layers.append(
                broken.mark_text(
                    **text, fontSize=view.px(12.5), color=palette.muted, dy=alt.expr(below)
                ).encode(**at, text=alt.Text("note:N"))
            )
        return layers

    def ground(self, rows: alt.Chart) -> list[alt.Chart]:
        """The chosen row, tinted, and a faint line below each."""
        palette = self.view.palette
        across: dict[str, Any] = {"x": alt.value(0), "x2": alt.value("width")}
        return [
            rows.transform_filter("datum.chosen === true")
            .transform_calculate(next="datum.order + 1")
            .mark_rect(aria=False, color=palette.chosen, opacity=0.12)
            .encode(y=self.y(), y2=alt.Y2("next:Q"), **across),
            rows.mark_rule(aria=False, color=palette.line, yOffset=alt.expr("step")).encode(
                y=self.y(), **across
            ),
        ]


@cache
def maturity_rows_spec(
    words: MaturityRowsWords,
    top: float,
    ticks: Ticks,
    rows: int,
    lines: int,
    mode: Mode,
    size: Size,
) -> Spec:
    """One row per function, from 0 to `top`: the organisation's dot over the range of all others.

    `ticks` are values with what is written at them. Dataset "rows", one object per function, `rows` of
    them: `order` from 0, top to bottom; `row` its key; `lines` its label, broken into `lines` lines at
    most; `note` below it; `sentence`; `own`, `previous`, `median`, `q1`, `q3`, `cohort_median` numbers
    or None (and what is None is not drawn); `chosen`. A click is the selection "aspect" with its `row`.
    """
    view = look(mode, size)
    palette = view.palette
    at = _Rows(view, max(rows, 1), lines, _MARKS, True)
    data = alt.Chart(alt.NamedData("rows"))
    y = at.y()

    def x(field: str, axis: alt.Axis | None = None) -> alt.X:
        ends = [alt.expr("left"), alt.expr("width - 14")]
        scale = alt.Scale(domain=[0, top], range=ends, zero=False, nice=False, clamp=True)
        return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)

    def where(*tests: str) -> alt.Chart:
        chart: alt.Chart = data.transform_filter(" && ".join(f"isValid(datum.{one})" for one in tests))
        return chart

    marks: dict[str, Any] = {"aria": False, "opacity": 1, "yOffset": alt.expr("centre")}
    layers = [
        data.transform_filter("false").mark_point(aria=False).encode(x=x("own", _ticks(ticks, view))),
        # The axis would draw its grid as high as the rows are on a screen.
        alt.Chart(alt.sequence(0, top * 1.01, top / max(len(ticks) - 1, 1), as_="tick"))
        .mark_rule(aria=False, color=palette.line)
        .encode(x=x("tick"), y=alt.YValue(0), y2=alt.Y2Value(alt.expr(f"{at.count} * step"))),
        *at.ground(data),
        where("q1", "q3")
        .mark_rect(
            aria=False, fill=palette.band, stroke=palette.edge, strokeWidth=1, **at.around(view.length(8))
        )
        .encode(x=x("q1"), x2=alt.X2("q3:Q"), y=y, y2=alt.Y2("order:Q")),
        where("median")
        .mark_rule(aria=False, color=palette.median, strokeWidth=view.px(3), **at.around(view.length(12)))
        .encode(x=x("median"), y=y, y2=alt.Y2("order:Q")),
        where("own", "previous")
        .mark_rule(
            aria=False,
            color=palette.last,
            strokeWidth=view.px(1.5),
            strokeDash=[2, 3],
            yOffset=alt.expr("centre"),
        )
        .encode(x=x("previous"), x2=alt.X2("own:Q"), y=y),
        where("own")
        .mark_point(
            **marks,
            filled=True,
            shape="circle",
            size=view.area(130),
            fill=palette.focus,
            stroke=palette.background,
            strokeWidth=view.px(1.5),
        )
        .encode(x=x("own"), y=y),
        # Levels are whole numbers, and often the same: these two then stand around the dot, not below it.
        where("previous")
        .mark_point(**marks, shape="circle", stroke=palette.last, strokeWidth=view.px(1.8))
        .encode(
            x=x("previous"),
            y=y,
            size=alt.when("datum.previous === datum.own")
            .then(alt.value(view.area(290)))
            .otherwise(alt.value(view.area(80))),
        ),
        where("cohort_median")
        .mark_point(
            **marks, shape="diamond", size=view.area(420), stroke=palette.cohort, strokeWidth=view.px(2.2)
        )
        .encode(x=x("cohort_median"), y=y),
        *at.labels(data),
        _rows_key(data, words, view),
        _row(data, at.y),
    ]
    chart = alt.LayerChart(
        layer=layers, height=at.count * at.least, title=heading(words.axis, view)
    ).resolve_axis(x="independent")
    return finished(chart.add_params(*at.params()))


def _ticks(ticks: Ticks, view: Look) -> alt.Axis:
    """The axis above the rows, with what is written at each of its values."""
    return alt.Axis(
        orient="top",
        values=[value for value, _label in ticks],
        labelExpr=labels_of(ticks),
        grid=False,
        domain=False,
        ticks=False,
        labelFontSize=view.px(13),
        labelColor=view.palette.muted,
        labelPadding=5,
        labelFlush=False,
        labelOverlap=False,
        aria=False,
    )


def _row(rows: alt.Chart, y: Callable[[], alt.Y]) -> alt.Chart:
    """A row as a whole: for the pointer, and what a screen reader is told of it."""
    row: alt.Chart = (
        rows.transform_calculate(next="datum.order + 1")
        .mark_rect(fill="transparent", cursor="pointer", tooltip=tooltip())
        .encode(
            x=alt.XValue(0),
            x2=alt.X2Value("width"),
            y=y(),
            y2=alt.Y2("next:Q"),
            description=alt.Description("sentence:N"),
        )
        .add_params(alt.selection_point(name="aspect", fields=["row"]))
    )
    return row


def _rows_key(rows: alt.Chart, words: MaturityRowsWords, view: Look) -> alt.Chart:
    palette = view.palette
    none = "transparent"
    entries = (
        Entry(words.own, DOT, palette.focus, palette.focus),
        Entry(words.previous, RING, none, palette.last),
        Entry(words.median, TICK, none, palette.median),
        Entry(words.quartiles, BOX, palette.band, palette.edge),
        Entry(words.cohort, DIAMOND, none, palette.cohort),
    )
    return key(rows.transform_filter("false"), entries, view)


@cache
def strip_spec(words: StripWords, rows: int, levels: int, lines: int, mode: Mode, size: Size) -> Spec:
    """The heat strip: a row per function, a cell per level, filled by the share of its criteria met.

    Datasets: "functions", one object per function, `rows` of them: `order` from 0, top to bottom;
    `row` its key; `lines` its label, broken into `lines` lines at most; `reached` the level, or None;
    `chosen`. "cells", one per function and level: `order`; `row`; `level` from 1; `share` 0 to 1, or
    None where nothing applies; `text` written in it; `is_hole` where it is not met whole and one above
    it is; `sentence`. "levels": `level`, `label`, and `name`, written where there is room. A click is
    the selection "aspect" with the `row` of the cell.
    """
    view = look(mode, size)
    palette = view.palette
    head = f"(width >= {BESIDE} ? {view.length(_HEAD)} : {_PHONE_HEAD})"
    at = _Rows(view, max(rows, 1), lines, _CELL, False, head)
    column = alt.param(name="column", expr=f"(width - 2 - left) / {max(levels, 1)}")
    functions = alt.Chart(alt.NamedData("functions"))
    cells = _in_columns("cells")

    def x(field: str = "px") -> alt.X:
        return alt.X(f"{field}:Q", scale=None, axis=None)

    tones = _tones(view)
    half = view.length(_CELL / 2)
    place: dict[str, Any] = {"x": x(), "x2": "px2:Q", "y": at.y(), "y2": "order:Q"}
    middle: dict[str, Any] = {"aria": False, "baseline": "middle", "dy": alt.expr("centre")}
    titles = _in_columns("levels")
    title: dict[str, Any] = {"aria": False, "baseline": "middle", "limit": alt.expr("column - 4")}
    reached = functions.transform_filter("isValid(datum.reached)").transform_calculate(
        px="left + column * datum.reached"
    )
    beyond = f"(width >= {BESIDE} ? {view.length(_CELL / 2 + 4)} : {_CELL / 2 + 1:g})"
    layers = [
        *at.ground(functions),
        titles.mark_text(**title, fontSize=view.px(13), color=palette.text, dy=view.px(8)).encode(
            x=x("middle"), y=alt.YValue(0), text=alt.Text("label:N")
        ),
        titles.transform_filter(f"width >= {BESIDE}")
        .mark_text(**title, fontSize=view.px(12), color=palette.muted, dy=view.px(25))
        .encode(x=x("middle"), y=alt.YValue(0), text=alt.Text("name:N")),
        cells.mark_rect(aria=False, stroke=palette.edge, strokeWidth=1, **at.around(half)).encode(
            **place, fill=_by_share([one for one, _text in tones], palette.background)
        ),
        *(
            cells.transform_filter("datum.is_hole === true")
            .mark_rect(
                aria=False,
                fill="transparent",
                stroke=colour,
                strokeWidth=view.px(thick),
                strokeDash=dash,
                **at.around(f"({half} - 3)"),
            )
            .encode(**{**place, "x": x("in1"), "x2": "in2:Q"})
            for colour, thick, dash in ((palette.background, 6, [1, 0]), (palette.lower, 3, [6, 3]))
        ),
        cells.mark_text(**middle, fontSize=view.px(13.5)).encode(
            x=x("middle"),
            y=at.y(),
            text=alt.Text("text:N"),
            color=_by_share([text for _one, text in tones], palette.muted),
        ),
        *(
            reached.mark_rule(
                aria=False, color=colour, strokeWidth=view.px(thick), **at.around(beyond)
            ).encode(x=x(), y=at.y(), y2=alt.Y2("order:Q"))
            for colour, thick in ((palette.background, 8), (palette.text, 4))
        ),
        *at.labels(functions),
        _strip_key(functions, words, view),
        cells.mark_rect(fill="transparent", cursor="pointer", tooltip=tooltip(), **at.around(half))
        .encode(**place, description=alt.Description("sentence:N"))
        .add_params(alt.selection_point(name="aspect", fields=["row"])),
    ]
    chart = alt.LayerChart(layer=layers, height=at.count * at.least, title=heading(words.axis, view))
    return finished(chart.add_params(*at.params(), column))


def _in_columns(dataset: str) -> alt.Chart:
    """The rows of a dataset with where the column of their level begins, ends and has its middle."""
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(dataset))
        .transform_calculate(px="left + column * (datum.level - 1) + 2")
        .transform_calculate(px2="datum.px + column - 4")
        .transform_calculate(middle="(datum.px + datum.px2) / 2", in1="datum.px + 3", in2="datum.px2 - 3")
    )
    return chart


def _tones(view: Look) -> list[tuple[str, str]]:
    """A cell's colour, and that of the words on it: nothing met, a part, all."""
    palette = view.palette
    half = blend(palette.band, palette.band, palette.focus, 0.75)
    return [(one, legible(one)) for one in (palette.background, half, palette.focus)]


def _by_share(of: list[str], nothing: str) -> Any:
    """By the share met of a cell; `nothing` where nothing applies."""
    none, part, whole = of
    return (
        alt.when("!isValid(datum.share)")
        .then(alt.value(nothing))
        .when("datum.share >= 1")
        .then(alt.value(whole))
        .when("datum.share > 0")
        .then(alt.value(part))
        .otherwise(alt.value(none))
    )


def _strip_key(functions: alt.Chart, words: StripWords, view: Look) -> alt.Chart:
    palette = view.palette
    (none, _), (part, _), (whole, _) = _tones(view)
    entries = (
        Entry(words.whole, BOX, whole, palette.edge),
        Entry(words.part, BOX, part, palette.edge),
        Entry(words.none, BOX, none, palette.edge),
        Entry(words.hole, BOX, "transparent", palette.lower),
        Entry(words.reached, TICK, "transparent", palette.text),
    )
    return key(functions.transform_filter("false"), entries, view)
