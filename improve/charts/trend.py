"""The trend chart: questions over the rounds, each in a panel of its own, or one of them large."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

import altair as alt

from improve.charts.key import BOX, DASHES, DIAMOND, DOT, TICK, Entry, key
from improve.charts.theme import NARROW, Look, Mode, Size, Spec, finished, heading, look

_PANEL = 190
"""Least width of a panel in pixels, where the chart is not a phone's: there two stand side by side."""
_TITLE, _ROUNDS = 40, 24
"""Pixels above the marks of a panel for its two lines of words, and below them for its rounds."""
_PLOT = 96
_LARGE_PLOT = 280
_ACTION = 24
"""Height of the line that an action has above the large chart, in pixels."""
_LINES = 6
"""Lines of actions at most; further ones share them."""


@dataclass(frozen=True, slots=True)
class TrendWords:
    """The words of the chart: what is measured, and the mark of a break.

    The others are the entries of the key; None leaves one out, for what is not on the chart.
    """

    axis: str
    scale_changed: str
    own: str | None = None
    interval: str | None = None
    median: str | None = None
    quartiles: str | None = None
    cohort: str | None = None
    action: str | None = None


@cache
def trend_spec(
    words: TrendWords,
    low: float,
    high: float,
    panels: int,
    actions: int | None,
    mode: Mode,
    size: Size,
) -> Spec:
    """Panels side by side, from `low` to `high` on one scale; their number in a row follows the width.

    With `actions` (how many, 0 too) it is one large panel, without a heading of its own, and each
    action is an upright line with its words. Datasets:

    - "panels": `order` from 0; `row` its key; `label`; `note` such as "▲ +0.8 risen"; `sentence` for
      the tooltip and screen readers; `chosen`. A click is the selection "aspect" with its `row`.
    - "points": per panel and round `order` of the panel; `x` from 0 to 1; `round`; `mean`, `lower`,
      `upper` (own), `median`, `q1`, `q3` (national), `cohort_median`, each a number or None;
      `own_part`, `national_part`, `cohort_part`: points of one part are joined; `is_alone` where the
      national part has no other point; `is_break`; `sentence`
    - "actions": `order` from 0; `x`; `label`

    What is None is not drawn.
    """
    return finished(_Trend(words, low, high, max(panels, 1), actions, look(mode, size)).chart())


@dataclass(frozen=True, slots=True)
class _Trend:
    words: TrendWords
    low: float
    high: float
    panels: int
    actions: int | None
    view: Look

    # Places are worked out in pixels, because the number of panels in a row follows the width of the
    # chart. These texts are parts of expressions.
    @property
    def _columns(self) -> str:
        least = self.view.length(_PANEL)
        return f"(width < {NARROW} ? 2 : clamp(floor(width / {least}), 2, 5))" if self._is_small else "1"

    @property
    def _is_small(self) -> bool:
        return self.actions is None

    @property
    def _panel_width(self) -> str:
        return f"(width / {self._columns})"

    @property
    def _top(self) -> str:
        if self._is_small:
            return self.view.length(_TITLE)
        return f"({min(self.actions or 0, _LINES)} * {self.view.length(_ACTION)} + 10)"

    @property
    def _plot(self) -> str:
        return self.view.length(_PLOT) if self._is_small else str(_LARGE_PLOT)

    @property
    def _panel_height(self) -> str:
        below = self.view.length(_ROUNDS + (14 if self._is_small else 4))
        return f"({self._top} + {self._plot} + {below})"

    @property
    def _height(self) -> str:
        return f"(ceil({self.panels} / {self._columns}) * {self._panel_height})"

    @property
    def _sides(self) -> tuple[str, str]:
        """Room at the left of a panel's first round and at the right of its last one."""
        return (self.view.length(26), "16") if self._is_small else (self.view.length(56), "34")

    def _across(self, x: str) -> str:
        left, right = self._sides
        inner = f"({self._panel_width} - {left} - {right})"
        return f"((datum.order % {self._columns}) * {self._panel_width} + {left} + {x} * {inner})"

    def _down(self, value: str) -> str:
        share = f"({self.high} - clamp({value}, {self.low}, {self.high})) / {self.high - self.low}"
        return f"({self._first} + {share} * {self._plot})"

    @property
    def _first(self) -> str:
        """Where a panel's marks begin, from the top of the chart."""
        return f"(floor(datum.order / {self._columns}) * {self._panel_height} + {self._top})"

    def _at(self, dataset: str, *tests: str, **places: str) -> alt.Chart:
        """The rows of a dataset that pass the tests, with their places in pixels."""
        chart = alt.Chart(alt.NamedData(dataset))
        if tests:
            chart = chart.transform_filter(" && ".join(tests))
        placed: alt.Chart = chart.transform_calculate(**places)
        return placed

    @staticmethod
    def _raw(channel: type[Any], field: str) -> Any:
        return channel(f"{field}:Q", scale=None, axis=None)

    def _x(self, field: str = "px") -> alt.X:
        x: alt.X = self._raw(alt.X, field)
        return x

    def _y(self, field: str = "py") -> alt.Y:
        y: alt.Y = self._raw(alt.Y, field)
        return y

    def chart(self) -> alt.LayerChart:
        layers = [
            *self._ground(),
            *self._band(),
            *self._cohort(),
            *self._own(),
            *self._breaks(),
            *self._rounds(),
            *self._titles(),
            *(self._actions() if self.actions else ()),
            self._key(),
            self._panel() if self._is_small else self._pointed(),
        ]
        chart: alt.LayerChart = alt.LayerChart(
            layer=layers, height=300, title=heading(self.words.axis, self.view)
        )
        return chart.add_params(alt.param(name="height", expr=self._height))

    def _ground(self) -> list[alt.Chart]:
        """The lines of the scale, each with its number at the left."""
        palette, view = self.view.palette, self.view
        step = 1 if self._is_small else 0.5
        first = ceil(self.low / step) * step
        lines = (
            alt.Chart(alt.NamedData("panels"))
            .transform_calculate(level=f"sequence({first:g}, {self.high} + {step / 2}, {step})")
            .transform_flatten(["level"])
            .transform_calculate(
                px=self._across("0") + " - 10",
                px2=self._across("1") + " + 10",
                py=self._down("datum.level"),
            )
        )
        return [
            lines.mark_rule(aria=False, color=palette.line).encode(
                x=self._x(), x2=alt.X2("px2:Q"), y=self._y()
            ),
            lines.mark_text(
                aria=False,
                align="right",
                baseline="middle",
                dx=-4,
                fontSize=view.px(11 if self._is_small else 13),
                color=palette.muted,
            ).encode(
                x=self._x(),
                y=self._y(),
                text=alt.Text("level:Q", format="d" if step == 1 else ".1f"),
            ),
        ]

    def _national(self, *tests: str) -> alt.Chart:
        return self._at(
            "points",
            *tests,
            px=self._across("datum.x"),
            py=self._down("datum.median"),
            py1=self._down("datum.q1"),
            py3=self._down("datum.q3"),
        )

    def _band(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        detail = alt.Detail(["order:N", "national_part:N"])
        wide: dict[str, Any] = {"xOffset": -9, "x2Offset": 9}
        quartiles = ("isValid(datum.q1)", "isValid(datum.q3)")
        return [
            self._national(*quartiles)
            .mark_area(aria=False, fill=palette.band, stroke=palette.edge, strokeWidth=0.7)
            .encode(x=self._x(), y=self._y("py1"), y2=alt.Y2("py3:Q"), detail=detail),
            # An area of one round alone has no width: this gives it one.
            self._national(*quartiles, "datum.is_alone")
            .mark_rect(aria=False, fill=palette.band, stroke=palette.edge, strokeWidth=0.7, **wide)
            .encode(x=self._x(), x2=alt.X2("px:Q"), y=self._y("py1"), y2=alt.Y2("py3:Q")),
            self._national("isValid(datum.median)")
            .mark_line(aria=False, color=palette.median, strokeWidth=view.px(1.8), strokeDash=[5, 3])
            .encode(x=self._x(), y=self._y(), detail=detail),
            self._national("isValid(datum.median)", "datum.is_alone")
            .mark_rule(aria=False, color=palette.median, strokeWidth=view.px(2), **wide)
            .encode(x=self._x(), x2=alt.X2("px:Q"), y=self._y()),
        ]

    def _cohort(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        rows = self._at(
            "points",
            "isValid(datum.cohort_median)",
            px=self._across("datum.x"),
            py=self._down("datum.cohort_median"),
        )
        detail = alt.Detail(["order:N", "cohort_part:N"])
        return [
            rows.mark_line(
                aria=False, color=palette.cohort, strokeWidth=view.px(1.5), strokeDash=[2, 3]
            ).encode(x=self._x(), y=self._y(), detail=detail),
            rows.mark_point(
                aria=False,
                shape="diamond",
                size=view.area(40 if self._is_small else 90),
                stroke=palette.cohort,
                strokeWidth=view.px(1.8),
                opacity=1,
            ).encode(x=self._x(), y=self._y()),
        ]

    def _own(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        rows = self._at(
            "points",
            "isValid(datum.mean)",
            px=self._across("datum.x"),
            py=self._down("datum.mean"),
            py1=self._down("datum.lower"),
            py3=self._down("datum.upper"),
        )
        thin = 1 if self._is_small else 1.4
        return [
            rows.mark_line(aria=False, color=palette.focus, strokeWidth=view.px(2.2 * thin)).encode(
                x=self._x(), y=self._y(), detail=alt.Detail(["order:N", "own_part:N"])
            ),
            rows.mark_rule(aria=False, color=palette.focus, strokeWidth=view.px(1.6 * thin)).encode(
                x=self._x(), y=self._y("py1"), y2=alt.Y2("py3:Q")
            ),
            rows.mark_point(
                aria=False,
                filled=True,
                opacity=1,
                fill=palette.focus,
                stroke=palette.background,
                strokeWidth=view.px(1),
                size=view.area(44 if self._is_small else 130),
            ).encode(x=self._x(), y=self._y()),
        ]

    def _breaks(self) -> list[alt.Chart]:
        """Where another scale was used: an upright dashed line and the words, and no value."""
        palette, view = self.view.palette, self.view
        rows = self._at(
            "points",
            "datum.is_break",
            px=self._across("datum.x"),
            py=self._first,
            py2=f"{self._first} + {self._plot}",
        )
        return [
            rows.mark_rule(
                aria=False, color=palette.muted, strokeDash=[2, 3], strokeWidth=view.px(1.5)
            ).encode(x=self._x(), y=self._y(), y2=alt.Y2("py2:Q")),
            rows.mark_text(
                aria=False,
                align="left",
                baseline="top",
                dx=4,
                fontStyle="italic",
                fontSize=view.px(11 if self._is_small else 13),
                limit=alt.expr(f"0.6 * {self._panel_width}"),
                color=palette.muted,
            ).encode(x=self._x(), y=self._y(), text=alt.TextValue(self.words.scale_changed)),
        ]

    def _rounds(self) -> list[alt.Chart]:
        """The rounds' names below each panel; the first and the last alone where there is no room."""
        view = self.view
        rows = self._at("points", px=self._across("datum.x"), py=f"{self._first} + {self._plot}")
        return [
            rows.mark_text(
                aria=False,
                baseline="top",
                dy=8,
                fontSize=view.px(11 if self._is_small else 13.5),
                color=view.palette.muted,
            ).encode(x=self._x(), y=self._y(), text=alt.Text("round:N"))
        ]

    def _titles(self) -> list[alt.Chart]:
        if not self._is_small:
            return []
        palette, view = self.view.palette, self.view
        rows = self._at(
            "panels",
            px=f"(datum.order % {self._columns}) * {self._panel_width} + 4",
            py=f"{self._first} - {self._top}",
        )
        text: dict[str, Any] = {
            "aria": False,
            "align": "left",
            "baseline": "top",
            "limit": alt.expr(f"{self._panel_width} - 10"),
        }
        return [
            rows.mark_text(
                **text, dy=4, fontSize=view.px(13.5), fontWeight="bold", color=palette.text
            ).encode(x=self._x(), y=self._y(), text=alt.Text("label:N")),
            rows.mark_text(**text, dy=view.px(20), fontSize=view.px(12), color=palette.text).encode(
                x=self._x(), y=self._y(), text=alt.Text("note:N")
            ),
        ]

    def _actions(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        line = view.length(_ACTION)
        across = self._across("datum.x").replace("datum.order", "0")
        rows = self._at(
            "actions",
            px=across,
            py=f"{line} * (datum.order % {_LINES}) + 4",
            py2=f"{self._top} + {self._plot}",
            is_left=f"{across} > width / 2",
        )
        text: dict[str, Any] = {
            "baseline": "top",
            "fontSize": view.px(13),
            "align": alt.expr("datum.is_left ? 'right' : 'left'"),
            "dx": alt.expr("datum.is_left ? -6 : 6"),
            "limit": alt.expr("(datum.is_left ? datum.px : width - datum.px) - 10"),
        }
        words: dict[str, Any] = {"x": self._x(), "y": self._y(), "text": "label:N"}
        return [
            rows.mark_rule(aria=False, color=palette.cohort, strokeWidth=view.px(2)).encode(
                x=self._x(), y=self._y(), y2=alt.Y2("py2:Q")
            ),
            # The words of one action may lie across the line of another: they stand on a ground of their own.
            rows.mark_text(**text, aria=False, stroke=palette.background, strokeWidth=5).encode(**words),
            rows.mark_text(**text, color=palette.text).encode(
                **words, description=alt.Description("label:N")
            ),
        ]

    def _key(self) -> alt.Chart:
        palette, words = self.view.palette, self.words
        none = "transparent"
        entries = (
            Entry(words.own, DOT, palette.focus, palette.focus),
            Entry(words.interval, TICK, none, palette.focus),
            Entry(words.median, DASHES, none, palette.median),
            Entry(words.quartiles, BOX, palette.band, palette.edge),
            Entry(words.cohort, DIAMOND, none, palette.cohort),
            Entry(words.action, TICK, none, palette.cohort),
        )
        return key(self._at("points", "false"), entries, self.view)

    def _panel(self) -> alt.Chart:
        rows = self._at(
            "panels",
            px=f"(datum.order % {self._columns}) * {self._panel_width}",
            py=f"{self._first} - {self._top}",
            px2=f"datum.px + {self._panel_width} - 2",
            py2=f"datum.py + {self._panel_height} - 6",
        )
        panel: alt.Chart = (
            rows.mark_rect(
                fill=self.view.palette.chosen,
                cursor="pointer",
                tooltip=alt.expr(f"width >= {NARROW} ? {{' ': datum.sentence}} : null"),
            )
            .encode(
                x=self._x(),
                x2=alt.X2("px2:Q"),
                y=self._y(),
                y2=alt.Y2("py2:Q"),
                opacity=alt.when("datum.chosen === true").then(alt.value(0.12)).otherwise(alt.value(0)),
                description=alt.Description("sentence:N"),
            )
            .add_params(alt.selection_point(name="aspect", fields=["row"]))
        )
        return panel

    def _pointed(self) -> alt.Chart:
        """An area around each round of the large panel, for the pointer and the screen reader."""
        rows = self._at(
            "points", px=self._across("datum.x"), py=self._first, py2=f"{self._first} + {self._plot}"
        )
        pointed: alt.Chart = rows.mark_rect(
            opacity=0,
            xOffset=-24,
            x2Offset=24,
            tooltip=alt.expr(f"width >= {NARROW} ? {{' ': datum.sentence}} : null"),
        ).encode(
            x=self._x(),
            x2=alt.X2("px:Q"),
            y=self._y(),
            y2=alt.Y2("py2:Q"),
            description=alt.Description("sentence:N"),
        )
        return pointed
