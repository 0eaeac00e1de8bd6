"""The priority list: a bar per aspect, importance minus satisfaction, against the national gap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any, Literal

import altair as alt

from improve.charts.key import BOX, LINE, TICK, Entry, key
from improve.charts.quadrant import certainty_fill, certainty_shape, emphasis, tooltip
from improve.charts.theme import NARROW, Look, Mode, Size, Spec, finished, heading, look

_STEP = {"screen": 34, "present": 40}
"""Height of a row in pixels where all of it stands on one line."""
_PHONE_STEP = 46
"""Height of a row in pixels where its label stands above its bar."""


@dataclass(frozen=True, slots=True)
class PrioritiesWords:
    """The words of the chart: what it measures, and the entries of its key (None leaves one out)."""

    axis: str
    first: str | None = None
    own: str | None = None
    interval: str | None = None
    national: str | None = None


@cache
def priorities_spec(
    words: PrioritiesWords, low: float, high: float, rows: int, mode: Mode, size: Size
) -> Spec:
    """One row per aspect, from `low` to `high` in points of the scale, zero among them.

    Dataset "rows", one object per aspect, `rows` of them: `order` from 0, top to bottom; `row` its key;
    `label`; `place` the quadrant and its certainty in words; `note` at the right; `sentence`; `gap`,
    `lower`, `upper`, `national` numbers or None; `certainty` and `is_first` as in `quadrant_spec`;
    `chosen`. A click is the selection "aspect" with its `row`.
    """
    return finished(_Priorities(words, low, high, max(rows, 1), look(mode, size), _STEP[size]).chart())


@dataclass(frozen=True, slots=True)
class _Priorities:
    words: PrioritiesWords
    low: float
    high: float
    rows: int
    view: Look
    step: int

    def chart(self) -> alt.LayerChart:
        layers = [*self._ground(), *self._marks(), *self._text(), self._key(), self._row()]
        chart: alt.LayerChart = alt.LayerChart(
            layer=layers, height=self.rows * self.step, title=heading(self.words.axis, self.view)
        ).resolve_axis(x="independent")
        return chart

    @property
    def _row_height(self) -> str:
        return f"(width >= {NARROW} ? {self.step} : {_PHONE_STEP})"

    @property
    def _centre(self) -> str:
        """Where a row's marks stand in it: beside its label, or below."""
        return f"(width >= {NARROW} ? {0.5 * self.step:g} : {0.7 * _PHONE_STEP:g})"

    @property
    def _place(self) -> str:
        """Where the quadrant of a row stands, with the mark of its certainty before it."""
        return f"(width >= {NARROW} ? 0.235 * width : 0)"

    def _x(self, field: str, axis: alt.Axis | None = None) -> alt.X:
        left = alt.expr(f"width >= {NARROW} ? 0.45 * width : 0.56 * width")
        right = alt.expr(f"width >= {NARROW} ? width - {self.view.length(150)} : width - 8")
        scale = alt.Scale(
            domain=[self.low, self.high], range=[left, right], zero=False, nice=False, clamp=True
        )
        return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)

    def _y(self, field: str = "order") -> alt.Y:
        places = [alt.expr(self._centre), alt.expr(f"{self._centre} + {self.rows} * {self._row_height}")]
        scale = alt.Scale(domain=[0, self.rows], range=places, zero=False, nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def _where(self, *tests: str) -> alt.Chart:
        chart = alt.Chart(alt.NamedData("rows"))
        return chart.transform_filter(" && ".join(tests)) if tests else chart

    def _axis(self, orient: Literal["top", "bottom"], offset: alt.ExprRef | int) -> alt.Axis:
        return alt.Axis(
            orient=orient,
            offset=offset,
            tickCount=max(round(self.high - self.low), 1),
            tickMinStep=1,
            format="d",
            grid=False,
            domain=False,
            ticks=False,
            labelFontSize=self.view.px(13),
            labelColor=self.view.palette.muted,
            labelPadding=5,
            labelFlush=False,
            labelOverlap=False,
            aria=False,
        )

    def _ground(self) -> list[alt.Chart]:
        palette = self.view.palette
        below = alt.expr(f"{self.rows} * ({self._row_height} - {self.step})")
        nothing = self._where("false").mark_point(aria=False)
        up = alt.expr(f"-{self._centre}")
        across: dict[str, Any] = {"x": alt.value(0), "x2": alt.value("width")}
        return [
            nothing.encode(x=self._x("gap", self._axis("top", 0))),
            nothing.encode(x=self._x("gap", self._axis("bottom", below))),
            self._where("datum.chosen === true")
            .transform_calculate(next="datum.order + 1")
            .mark_rect(aria=False, color=palette.chosen, opacity=0.12, yOffset=up, y2Offset=up)
            .encode(y=self._y(), y2=alt.Y2("next:Q"), **across),
            self._where()
            .mark_rule(
                aria=False,
                color=palette.line,
                strokeWidth=1,
                yOffset=alt.expr(f"{self._row_height} - {self._centre}"),
            )
            .encode(y=self._y(), **across),
            alt.Chart(alt.sequence(ceil(self.low), self.high + 0.5, 1, as_="tick"))
            .mark_rule(aria=False)
            .encode(
                x=self._x("tick"),
                y=alt.YValue(0),
                y2=alt.Y2Value(alt.expr(f"{self.rows} * {self._row_height}")),
                color=alt.when("datum.tick === 0")
                .then(alt.value(palette.text))
                .otherwise(alt.value(palette.line)),
            ),
        ]

    def _marks(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        own = self._where("isValid(datum.gap)").transform_calculate(zero="0")
        interval = self._where("isValid(datum.lower)", "isValid(datum.upper)")
        half, thick = view.length(9), view.length(4.5)
        return [
            own.mark_rect(
                aria=False,
                stroke=palette.edge,
                strokeWidth=0.5,
                yOffset=alt.expr(f"-{thick}"),
                y2Offset=alt.expr(thick),
            ).encode(
                x=self._x("zero"),
                x2=alt.X2("gap:Q"),
                y=self._y(),
                y2=alt.Y2("order:Q"),
                fill=emphasis(palette.lower, palette.band),
            ),
            interval.mark_rule(aria=False, color=palette.text, strokeWidth=view.px(2)).encode(
                x=self._x("lower"), x2=alt.X2("upper:Q"), y=self._y()
            ),
            self._where("isValid(datum.national)")
            .mark_rule(
                aria=False,
                color=palette.median,
                strokeWidth=view.px(3),
                yOffset=alt.expr(f"-{half}"),
                y2Offset=alt.expr(half),
            )
            .encode(x=self._x("national"), y=self._y(), y2=alt.Y2("order:Q")),
            self._where("isValid(datum.certainty)")
            .mark_point(aria=False, filled=True, opacity=1, size=view.area(80), strokeWidth=view.px(2))
            .encode(
                x=alt.XValue(alt.expr(f"{self._place} + {view.length(6)}")),
                y=self._y(),
                fill=certainty_fill(palette),
                stroke=emphasis(palette.lower, palette.focus),
                shape=certainty_shape(),
            ),
        ]

    def _text(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        above = alt.expr(f"width >= {NARROW} ? 0 : {-0.45 * _PHONE_STEP:g}")
        row: dict[str, Any] = {"y": self._y()}
        weights: tuple[tuple[str, Any], ...] = (("!==", "normal"), ("===", "bold"))
        label: dict[str, Any] = {
            "align": "left",
            "baseline": "middle",
            "aria": False,
            "fontSize": view.px(14.5),
            "dy": above,
            "limit": alt.expr(f"width >= {NARROW} ? 0.23 * width : 0.6 * width"),
        }
        return [
            *(
                self._where(f"datum.is_first {test} true")
                .mark_text(**label, color=palette.text, fontWeight=weight)
                .encode(x=alt.XValue(0), text=alt.Text("label:N"), **row)
                for test, weight in weights
            ),
            self._where()
            .mark_text(
                align="left",
                baseline="middle",
                aria=False,
                fontSize=view.px(13),
                color=palette.muted,
                limit=alt.expr(f"width >= {NARROW} ? 0.2 * width : 0.5 * width"),
            )
            .encode(
                x=alt.XValue(alt.expr(f"{self._place} + {view.length(18)}")), text=alt.Text("place:N"), **row
            ),
            self._where()
            .mark_text(
                align="right",
                baseline="middle",
                aria=False,
                fontSize=view.px(13.5),
                dy=above,
                color=palette.text,
                limit=alt.expr(f"width >= {NARROW} ? {view.length(144)} : 0.5 * width"),
            )
            .encode(x=alt.XValue("width"), text=alt.Text("note:N"), **row),
        ]

    def _key(self) -> alt.Chart:
        palette, words = self.view.palette, self.words
        none = "transparent"
        entries = (
            Entry(words.first, BOX, palette.lower, palette.edge),
            Entry(words.own, BOX, palette.band, palette.edge),
            Entry(words.interval, LINE, none, palette.text),
            Entry(words.national, TICK, none, palette.median),
        )
        return key(self._where("false"), entries, self.view)

    def _row(self) -> alt.Chart:
        up = alt.expr(f"-{self._centre}")
        row: alt.Chart = (
            self._where()
            .transform_calculate(next="datum.order + 1")
            .mark_rect(
                fill="transparent",
                cursor="pointer",
                tooltip=tooltip(),
                yOffset=up,
                y2Offset=up,
            )
            .encode(
                x=alt.XValue(0),
                x2=alt.X2Value("width"),
                y=self._y(),
                y2=alt.Y2("next:Q"),
                description=alt.Description("sentence:N"),
            )
            .add_params(alt.selection_point(name="aspect", fields=["row"]))
        )
        return row
