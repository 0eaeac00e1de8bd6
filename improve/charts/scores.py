"""The Scores chart: one row per aspect, an organisation against the national median."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

import altair as alt

from improve.charts.key import BOX, DIAMOND, DOT, DOWN, LINE, RING, TICK, UP, Entry, key
from improve.charts.theme import NARROW, Look, Mode, Size, Spec, finished, heading, look

_STEP = {"screen": 34, "present": 38}
"""Height of a row in pixels where its label stands beside its marks."""

_PHONE_STEP = 46
"""Height of a row in pixels where its label stands above its marks: a finger's width, too."""


@dataclass(frozen=True, slots=True)
class ScoresWords:
    """The words of the chart, in the reader's language.

    `axis` says what is measured and which part of the scale is shown. The others are the entries of
    the key, in the order of the fields; None leaves one out, for what is not on the chart.
    """

    axis: str
    own: str | None = None
    higher: str | None = None
    similar: str | None = None
    lower: str | None = None
    interval: str | None = None
    last: str | None = None
    median: str | None = None
    quartiles: str | None = None
    cohort: str | None = None


@cache
def scores_spec(
    words: ScoresWords,
    low: float,
    high: float,
    rows: int,
    mode: Mode,
    size: Size,
    *,
    is_change: bool = False,
) -> Spec:
    """One horizontal row per aspect, from `low` to `high` on the instrument's scale.

    Dataset "rows", one object per row, `rows` of them:

    - `order` whole number from 0, top to bottom; `row` its unique key; `kind` "category" or "aspect"
    - `label`; `note` at the right, such as "+0.4 higher"; `sentence` for the tooltip and screen readers
    - `word` "higher", "similar", "lower" or None where nothing is compared
    - `mean`, `lower`, `upper` (own); `median`, `q1`, `q3` (national); `cohort_median`; `last` (own, the
      round before): each a number or None, and what is None is not drawn
    - `withheld` text in the note's place where the own figure is withheld, or None
    - `chosen` True for the row that the reader chose (may be left out)

    A category's row shows its label alone. A click on an aspect's row is the selection "aspect" with
    its `row`. The spec holds no data and takes the width of its container; labels stand beside their
    rows, and above them where the chart is narrower than 560 pixels. With `is_change` the figures are
    changes: zero is a heavy line, and numbers have their sign.
    """
    return finished(_Scores(words, low, high, rows, look(mode, size), _STEP[size], is_change).chart())


@dataclass(frozen=True, slots=True)
class _Scores:
    words: ScoresWords
    low: float
    high: float
    rows: int
    view: Look
    step: int
    is_change: bool

    def chart(self) -> alt.LayerChart:
        layers = [
            *self._axes(),
            *self._ground(),
            self._band(),
            *self._interval(),
            *self._benchmark(),
            *self._own(),
            *self._text(),
            self._key(),
            self._row(),
        ]
        chart: alt.LayerChart = alt.LayerChart(
            layer=layers, height=self._count * self.step, title=heading(self.words.axis, self.view)
        ).resolve_axis(x="independent")
        return chart

    # A row's marks are centred on it beside a label, and stand below a label that is above them.
    @property
    def _centre(self) -> str:
        return f"(width >= {NARROW} ? {0.5 * self.step:g} : {0.68 * _PHONE_STEP:g})"

    @property
    def _row_height(self) -> str:
        return f"(width >= {NARROW} ? {self.step} : {_PHONE_STEP})"

    @property
    def _count(self) -> int:
        return max(self.rows, 1)

    def _label_column(self) -> str:
        return f"clamp(0.27 * width, {self.view.length(185)}, {self.view.length(290)})"

    def _x(self, field: str, **axis: Any) -> alt.X:
        note = self.view.length(150)
        left = alt.expr(f"width >= {NARROW} ? {self._label_column()} : 10")
        right = alt.expr(f"width >= {NARROW} ? width - {note} : width - 10")
        scale = alt.Scale(
            domain=[self.low, self.high], range=[left, right], zero=False, nice=False, clamp=True
        )
        return alt.X(f"{field}:Q", scale=scale, axis=alt.Axis(**axis) if axis else None, title=None)

    def _y(self, field: str = "order") -> alt.Y:
        places = [alt.expr(self._centre), alt.expr(f"{self._centre} + {self._count} * {self._row_height}")]
        scale = alt.Scale(domain=[0, self._count], range=places, zero=False, nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def _where(self, *tests: str) -> alt.Chart:
        chart = alt.Chart(alt.NamedData("rows"))
        return chart.transform_filter(" && ".join(tests)) if tests else chart

    @property
    def _tick(self) -> float:
        span = self.high - self.low
        return 1 if span >= 3.5 else 0.5 if span >= 1.5 else 0.1

    def _numbers(self, orient: str, offset: alt.ExprRef | int) -> dict[str, Any]:
        return {
            "orient": orient,
            "offset": offset,
            "grid": False,
            "domain": False,
            "ticks": False,
            "tickCount": round((self.high - self.low) / self._tick),
            "tickMinStep": self._tick,
            "format": ("+" if self.is_change else "") + ("d" if self._tick == 1 else ".1f"),
            # No change has no sign.
            "labelExpr": "abs(datum.value) < 0.001 ? replace(datum.label, '+', '') : datum.label",
            "labelFontSize": self.view.px(13),
            "labelColor": self.view.palette.muted,
            "labelPadding": 5,
            "labelFlush": False,
            "labelOverlap": True,
            "aria": False,
        }

    def _axes(self) -> list[alt.Chart]:
        # On a phone the rows reach below the plot; the lower axis moves down, and the picture grows.
        below = alt.expr(f"{self._count} * ({self._row_height} - {self.step})")
        first = ceil(self.low / self._tick - 1e-9) * self._tick
        nothing = self._where("false").mark_point(aria=False)
        return [
            nothing.encode(x=self._x("median", **self._numbers("top", 0))),
            nothing.encode(x=self._x("median", **self._numbers("bottom", below))),
            alt.Chart(alt.sequence(first, self.high + self._tick / 2, self._tick, as_="tick"))
            .mark_rule(aria=False)
            .encode(
                x=self._x("tick"),
                y=alt.YValue(0),
                y2=alt.Y2Value(alt.expr(f"{self._count} * {self._row_height}")),
                color=alt.when("abs(datum.tick) < 0.001")
                .then(alt.value(self.view.palette.text if self.is_change else self.view.palette.line))
                .otherwise(alt.value(self.view.palette.line)),
            ),
        ]

    def _ground(self) -> list[alt.Chart]:
        palette = self.view.palette
        across: dict[str, Any] = {"x": alt.value(0), "x2": alt.value("width")}
        return [
            self._where("datum.chosen === true")
            .transform_calculate(next="datum.order + 1")
            .mark_rect(aria=False, color=palette.chosen, opacity=0.12, **self._from_top())
            .encode(y=self._y(), y2=alt.Y2("next:Q"), **across),
            self._where()
            .mark_rule(aria=False, strokeWidth=1, yOffset=alt.expr(f"{self._row_height} - {self._centre}"))
            .encode(
                y=self._y(),
                color=alt.when("datum.kind === 'category'")
                .then(alt.value(palette.edge))
                .otherwise(alt.value(palette.line)),
                **across,
            ),
        ]

    def _from_top(self) -> dict[str, Any]:
        up = alt.expr(f"-{self._centre}")
        return {"yOffset": up, "y2Offset": up}

    def _band(self) -> alt.Chart:
        palette = self.view.palette
        half = self.view.length(7)
        band: alt.Chart = (
            self._where("isValid(datum.q1)", "isValid(datum.q3)")
            .mark_rect(
                aria=False,
                fill=palette.band,
                stroke=palette.edge,
                strokeWidth=1,
                yOffset=alt.expr(f"-{half}"),
                y2Offset=alt.expr(half),
            )
            .encode(x=self._x("q1"), x2=alt.X2("q3:Q"), y=self._y(), y2=alt.Y2("order:Q"))
        )
        return band

    def _benchmark(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        half = view.length(10.5)
        return [
            self._where("isValid(datum.median)")
            .mark_rule(
                aria=False,
                color=palette.median,
                strokeWidth=view.px(3),
                yOffset=alt.expr(f"-{half}"),
                y2Offset=alt.expr(half),
            )
            .encode(x=self._x("median"), y=self._y(), y2=alt.Y2("order:Q")),
            self._where("isValid(datum.cohort_median)")
            .mark_point(
                aria=False,
                shape="diamond",
                size=view.area(120),
                stroke=palette.cohort,
                strokeWidth=view.px(2),
                opacity=1,
            )
            .encode(x=self._x("cohort_median"), y=self._y()),
        ]

    @property
    def _colour(self) -> Any:
        palette = self.view.palette
        return self._by_word(palette.higher, palette.similar, palette.lower, palette.focus)

    @staticmethod
    def _by_word(higher: Any, similar: Any, lower: Any, none: Any) -> Any:
        return (
            alt.when("datum.word === 'higher'")
            .then(alt.value(higher))
            .when("datum.word === 'similar'")
            .then(alt.value(similar))
            .when("datum.word === 'lower'")
            .then(alt.value(lower))
            .otherwise(alt.value(none))
        )

    def _interval(self) -> list[alt.Chart]:
        view = self.view
        interval = self._where("isValid(datum.lower)", "isValid(datum.upper)")
        across: dict[str, Any] = {"x": self._x("lower"), "x2": "upper:Q", "y": self._y()}
        return [
            interval.mark_rule(aria=False, color=view.palette.background, strokeWidth=view.px(6)).encode(
                **across
            ),
            interval.mark_rule(aria=False, strokeWidth=view.px(3)).encode(color=self._colour, **across),
        ]

    def _own(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        point: dict[str, Any] = {"filled": True, "opacity": 1, "aria": False}
        return [
            self._where("isValid(datum.last)")
            .mark_point(
                **point,
                shape="circle",
                size=view.area(52),
                fill=palette.background,
                stroke=palette.last,
                strokeWidth=view.px(2),
            )
            .encode(x=self._x("last"), y=self._y()),
            self._where("isValid(datum.mean)")
            .mark_point(**point, stroke=palette.background, strokeWidth=view.px(1.5))
            .encode(
                x=self._x("mean"),
                y=self._y(),
                fill=self._colour,
                shape=self._by_word("triangle-up", "circle", "triangle-down", "circle"),
                size=self._by_word(view.area(290), view.area(150), view.area(290), view.area(150)),
            ),
        ]

    def _text(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        above = alt.expr(f"width >= {NARROW} ? 0 : {-0.42 * _PHONE_STEP:g}")
        beside = alt.expr(
            f"width >= {NARROW} ? {self._label_column()} - 14 : width * (datum.withheld ? 0.45 : 0.62)"
        )
        row: dict[str, Any] = {"x": alt.value(0), "y": self._y()}
        return [
            self._where("datum.kind === 'aspect'")
            .mark_text(
                align="left",
                baseline="middle",
                aria=False,
                fontSize=view.px(14.5),
                dy=above,
                limit=beside,
                color=palette.text,
            )
            .encode(text=alt.Text("label:N"), **row),
            self._where("datum.kind === 'category'")
            .mark_text(
                align="left",
                baseline="middle",
                fontWeight="bold",
                fontSize=view.px(15),
                dy=alt.expr(f"width >= {NARROW} ? {0.12 * self.step:g} : {-0.02 * _PHONE_STEP:g}"),
                limit=alt.expr("width"),
                color=palette.text,
            )
            .encode(text=alt.Text("label:N"), description=alt.Description("label:N"), **row),
            self._where("datum.kind === 'aspect'", "isValid(datum.note)")
            .mark_text(
                align="right",
                baseline="middle",
                aria=False,
                fontSize=view.px(13.5),
                dy=above,
                limit=alt.expr(f"width >= {NARROW} ? {view.length(144)} : 0.36 * width"),
            )
            .encode(
                x=alt.XValue("width"),
                y=self._y(),
                text=alt.Text("note:N"),
                color=alt.when("datum.word === 'higher' || datum.word === 'lower'")
                .then(alt.value(palette.text))
                .otherwise(alt.value(palette.muted)),
            ),
            self._where("isValid(datum.withheld)")
            .mark_text(
                align="right",
                baseline="middle",
                aria=False,
                fontSize=view.px(13.5),
                fontStyle="italic",
                dy=above,
                limit=alt.expr(f"width >= {NARROW} ? {view.length(190)} : 0.54 * width"),
                color=palette.muted,
            )
            .encode(x=alt.XValue("width"), y=self._y(), text=alt.Text("withheld:N")),
        ]

    def _key(self) -> alt.Chart:
        palette, words = self.view.palette, self.words
        none = "transparent"
        entries = (
            Entry(words.own, DOT, palette.focus, palette.focus),
            Entry(words.higher, UP, palette.higher, palette.higher),
            Entry(words.similar, DOT, palette.similar, palette.similar),
            Entry(words.lower, DOWN, palette.lower, palette.lower),
            Entry(words.interval, LINE, none, palette.similar),
            Entry(words.last, RING, none, palette.last),
            Entry(words.median, TICK, none, palette.median),
            Entry(words.quartiles, BOX, palette.band, palette.edge),
            Entry(words.cohort, DIAMOND, none, palette.cohort),
        )
        return key(self._where("false"), entries, self.view)

    def _row(self) -> alt.Chart:
        aspect = alt.selection_point(name="aspect", fields=["row"])
        row: alt.Chart = (
            self._where("datum.kind === 'aspect'")
            .transform_calculate(next="datum.order + 1")
            .mark_rect(
                fill="transparent",
                cursor="pointer",
                # A phone has no pointer to hover with, and no room: there a tap chooses the aspect. A
                # line of text takes 480 pixels beside the pointer, a table of one cell 290.
                tooltip=alt.expr(
                    f"width >= 960 ? datum.sentence : width >= {NARROW} ? {{' ': datum.sentence}} : null"
                ),
                **self._from_top(),
            )
            .encode(
                x=alt.XValue(0),
                x2=alt.X2Value("width"),
                y=self._y(),
                y2=alt.Y2("next:Q"),
                description=alt.Description("sentence:N"),
            )
            .add_params(aspect)
        )
        return row
