"""The quadrant chart: importance against satisfaction, a labelled point per aspect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import numpy as np

from improve.charts.theme import Look, Mode, Size, Spec, finished, heading, literal, look, text_width

NAMED = 480
"""From this width, in pixels, points carry their names; below it their numbers."""
HEIGHT = 560
_FONT = 13
_MARGIN = 34
_LINE = 17
_MARK = 8
_RINGS = (12, 20, 30, 42, 56, 72, 90, 112, 140, 175, 215, 260)
_TURNS = 16


@dataclass(frozen=True, slots=True)
class QuadrantWords:
    """The words of the chart. `lines` says what parts high from low, `shown` which part of the scale.

    `concentrate`, `keep`, `low` and `overkill` name the quadrants, None where there are no lines.
    The rest are entries of the key; None leaves one out.
    """

    lines: str
    shown: str
    x: str
    y: str
    diagonal: str
    concentrate: str | None = None
    keep: str | None = None
    low: str | None = None
    overkill: str | None = None
    firmly: str | None = None
    probably: str | None = None
    borderline: str | None = None
    own: str | None = None
    national: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Plane:
    """The part of both scales that is shown, and where the lines are (None: there are none)."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_line: float | None
    y_line: float | None


def placed(
    points: Sequence[tuple[float, float]], labels: Sequence[str], plane: Plane, width: int, size: Size
) -> list[tuple[float, float]]:
    """Where each label's centre stands, in pixels right of and below its point, so that none overlaps.

    `width` is the least at which this must hold: a wider chart only moves points apart. Greedy, the
    most crowded point first: rings of places around it, the nearest that is free of other labels and
    points. Where nothing is free, the place with the least overlap.
    """
    factor = 1.5 if size == "present" else 1.0
    low, high = np.array([plane.x[0], plane.y[0]]), np.array([plane.x[1], plane.y[1]])
    inner = np.array([width, HEIGHT * factor]) - 2 * _MARGIN * factor
    shares = (np.array(points, dtype=float).reshape(-1, 2) - low) / (high - low)
    at = np.column_stack([shares[:, 0], 1 - shares[:, 1]]) * inner + _MARGIN * factor
    half = np.array([[text_width(one, _FONT * factor) / 2 + 3, _LINE * factor / 2] for one in labels])
    half = half.reshape(-1, 2)
    distance = np.linalg.norm(at[:, None] - at[None], axis=2)
    order = np.argsort(-(distance < 90 * factor).sum(axis=1), kind="stable")
    turns = np.arange(_TURNS) * 2 * np.pi / _TURNS
    around = np.column_stack([np.cos(turns), np.sin(turns)])
    marks = np.full((len(at), 2), (_MARK + 1) * factor)
    taken, sizes = [at[place] for place in range(len(at))], list(marks)
    found = np.zeros((len(at), 2))
    for place in order.tolist():
        ring = np.concatenate(
            [around * (np.array([half[place, 0], half[place, 1]]) + step * factor) for step in _RINGS]
        )
        centres = at[place] + ring
        overlap = np.zeros(len(ring))
        for other, box in zip(taken, sizes, strict=True):
            gaps = np.clip(half[place] + box - np.abs(centres - other), 0, None)
            overlap += gaps[:, 0] * gaps[:, 1]
        ends = np.array([width, HEIGHT * factor])
        beyond = np.clip(half[place] - centres, 0, None) + np.clip(centres + half[place] - ends, 0, None)
        best = int(np.argmin(np.round(overlap + 50 * beyond.sum(axis=1), 6)))
        found[place] = ring[best]
        taken.append(centres[best])
        sizes.append(half[place])
    return [(round(float(x), 1), round(float(y), 1)) for x, y in found]


@cache
def quadrant_spec(words: QuadrantWords, plane: Plane, mode: Mode, size: Size) -> Spec:
    """Importance (up) against satisfaction (right), with the diagonal where the two are equal.

    Dataset "points", one object per aspect: `row` its key; `label`, `number`; `x`, `y`; `dx`, `dy`
    where its name stands (`placed`), `nx`, `ny` where its number stands on a narrow chart;
    `certainty` "firmly", "probably", "borderline" or None; `is_first` True for what to raise first;
    `x_national`, `y_national`, `x_before`, `y_before` numbers or None; `x_low`, `x_high`, `y_low`,
    `y_high` the intervals, drawn for the chosen one; `sentence`; `chosen`.
    A click is the selection "aspect" with its `row`.
    """
    chart = _Quadrant(words, plane, look(mode, size))
    return finished(chart.chart())


@dataclass(frozen=True, slots=True)
class _Quadrant:
    words: QuadrantWords
    plane: Plane
    view: Look

    def chart(self) -> alt.LayerChart:
        title = heading(self.words.lines, self.view, self.words.shown)
        layers = [
            *self._lines(),
            *self._names(),
            *self._ghosts(),
            *self._labels(),
            *self._points(),
            self._key(),
        ]
        chart: alt.LayerChart = alt.LayerChart(
            layer=layers, height=HEIGHT * self.view.factor, title=title
        ).resolve_axis(x="independent", y="independent")
        return chart

    def _x(self, field: str, axis: alt.Axis | None = None) -> alt.X:
        margin = self.view.length(_MARGIN)
        ends = [alt.expr(margin), alt.expr(f"width - {margin}")]
        scale = alt.Scale(domain=list(self.plane.x), range=ends, zero=False, nice=False, clamp=True)
        return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)

    def _y(self, field: str, axis: alt.Axis | None = None) -> alt.Y:
        margin = _MARGIN * self.view.factor
        ends = [HEIGHT * self.view.factor - margin, margin]
        scale = alt.Scale(domain=list(self.plane.y), range=ends, zero=False, nice=False, clamp=True)
        return alt.Y(f"{field}:Q", scale=scale, axis=axis, title=None)

    def _axis(self, title: str, ends: tuple[float, float]) -> alt.Axis:
        palette = self.view.palette
        step = 1 if ends[1] - ends[0] > 2 else 0.5
        return alt.Axis(
            title=title,
            titleFontSize=self.view.px(13),
            titleColor=palette.text,
            titleFontWeight="normal",
            labelFontSize=self.view.px(12),
            labelColor=palette.muted,
            tickCount=round((ends[1] - ends[0]) / step),
            tickMinStep=step,
            format="d" if step == 1 else ".1f",
            grid=True,
            gridColor=palette.line,
            domain=False,
            ticks=False,
            aria=False,
        )

    def _at(self, **values: float) -> alt.Chart:
        """One row with these values, made by the chart itself."""
        texts = {name: f"{value:g}" for name, value in values.items()}
        return alt.Chart(alt.sequence(0, 1, 1, as_="row")).transform_calculate(**texts)

    def _lines(self) -> list[alt.Chart]:
        palette, plane, view = self.view.palette, self.plane, self.view
        low, high = max(plane.x[0], plane.y[0]), min(plane.x[1], plane.y[1])
        layers = [
            alt.Chart(alt.NamedData("points"))
            .mark_point(opacity=0, aria=False)
            .encode(
                x=self._x("x", self._axis(self.words.x, plane.x)),
                y=self._y("y", self._axis(self.words.y, plane.y)),
            )
        ]
        if high > low:
            layers += [
                self._at(a=low, b=high)
                .mark_rule(aria=False, color=palette.edge, strokeDash=[3, 4], strokeWidth=view.px(1.5))
                .encode(x=self._x("a"), x2="b:Q", y=self._y("a"), y2="b:Q"),
                self._at(b=high)
                .mark_text(
                    aria=False,
                    text=self.words.diagonal,
                    align="right",
                    baseline="bottom",
                    dx=-4,
                    dy=-3,
                    fontSize=view.px(11.5),
                    fontStyle="italic",
                    color=palette.muted,
                )
                .encode(x=self._x("b"), y=self._y("b")),
            ]
        if plane.x_line is not None and plane.y_line is not None:
            line: dict[str, Any] = {"aria": False, "color": palette.edge, "strokeWidth": view.px(1.5)}
            layers += [
                self._at(x=plane.x_line).mark_rule(**line).encode(x=self._x("x")),
                self._at(y=plane.y_line).mark_rule(**line).encode(y=self._y("y")),
            ]
        return layers

    def _names(self) -> list[alt.Chart]:
        words, height = self.words, HEIGHT * self.view.factor
        corners: tuple[tuple[str | None, dict[str, Any], float | str, float], ...] = (
            (words.concentrate, {"align": "left", "baseline": "top"}, 6, 4),
            (words.keep, {"align": "right", "baseline": "top"}, "width", 4),
            (words.low, {"align": "left", "baseline": "bottom"}, 6, height - 6),
            (words.overkill, {"align": "right", "baseline": "bottom"}, "width", height - 6),
        )
        return [
            self._at(n=1)
            .mark_text(
                aria=False,
                text=text,
                fontSize=self.view.px(14),
                fontWeight="bold",
                color=self.view.palette.muted,
                **side,
            )
            .encode(x=alt.value(x), y=alt.value(y))
            for text, side, x, y in corners
            if text is not None
        ]

    def _where(self, *tests: str) -> alt.Chart:
        return alt.Chart(alt.NamedData("points")).transform_filter(" && ".join(tests))

    def _ghosts(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        national = self._where("isValid(datum.x_national)", "isValid(datum.y_national)", "isValid(datum.x)")
        before = self._where("datum.chosen === true", "isValid(datum.x_before)", "isValid(datum.y_before)")
        chosen = self._where("datum.chosen === true", "isValid(datum.x_low)", "isValid(datum.y_low)")
        line: dict[str, Any] = {"aria": False, "strokeWidth": view.px(1)}
        strong: dict[str, Any] = {"aria": False, "strokeWidth": view.px(2.5), "color": palette.last}
        return [
            national.mark_rule(**line, color=palette.edge, opacity=0.8).encode(
                x=self._x("x"), y=self._y("y"), x2="x_national:Q", y2="y_national:Q"
            ),
            national.mark_point(
                aria=False, shape="cross", size=view.area(36), filled=True, fill=palette.edge, opacity=1
            ).encode(x=self._x("x_national"), y=self._y("y_national")),
            before.mark_rule(**strong, strokeDash=[2, 3]).encode(
                x=self._x("x_before"), y=self._y("y_before"), x2="x:Q", y2="y:Q"
            ),
            before.mark_point(
                aria=False,
                shape="circle",
                size=view.area(70),
                filled=True,
                fill=palette.background,
                stroke=palette.last,
                strokeWidth=view.px(2),
                opacity=1,
            ).encode(x=self._x("x_before"), y=self._y("y_before")),
            chosen.mark_rule(**strong).encode(x=self._x("x_low"), x2="x_high:Q", y=self._y("y")),
            chosen.mark_rule(**strong).encode(x=self._x("x"), y=self._y("y_low"), y2="y_high:Q"),
        ]

    def _labels(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        drawn = self._where("isValid(datum.x)", "isValid(datum.y)")
        wide = f"width >= {NAMED}"
        text: dict[str, Any] = {
            "aria": False,
            "align": "center",
            "baseline": "middle",
            "fontSize": view.px(_FONT),
            "dx": alt.expr(f"{wide} ? datum.dx : datum.nx"),
            "dy": alt.expr(f"{wide} ? datum.dy : datum.ny"),
        }
        # A label that had to go far from its point is led back to it.
        leader = drawn.transform_filter("datum.far === true").mark_rule(
            aria=False,
            color=palette.muted,
            strokeWidth=alt.expr(f"{wide} ? 0.8 : 0"),
            x2Offset=alt.expr("datum.lx"),
            y2Offset=alt.expr("datum.ly"),
        )
        label = alt.Text("shown:N")
        both = drawn.transform_calculate(shown=f"{wide} ? datum.label : datum.number")
        return [
            leader.encode(x=self._x("x"), y=self._y("y"), x2="x:Q", y2="y:Q"),
            both.mark_text(**text, stroke=palette.background, strokeWidth=view.px(4), opacity=0.85).encode(
                x=self._x("x"), y=self._y("y"), text=label
            ),
            both.transform_filter("datum.is_first !== true && datum.chosen !== true")
            .mark_text(**text, color=palette.text)
            .encode(x=self._x("x"), y=self._y("y"), text=label),
            both.transform_filter("datum.is_first === true || datum.chosen === true")
            .mark_text(**text, color=palette.text, fontWeight="bold")
            .encode(x=self._x("x"), y=self._y("y"), text=label),
        ]

    def _points(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        drawn = self._where("isValid(datum.x)", "isValid(datum.y)")
        colour = (
            alt.when("datum.is_first === true")
            .then(alt.value(palette.lower))
            .otherwise(alt.value(palette.focus))
        )
        place: dict[str, Any] = {"x": self._x("x"), "y": self._y("y")}
        filled = (
            alt.when("datum.certainty === 'borderline' || datum.certainty === 'probably'")
            .then(alt.value(palette.background))
            .when("datum.is_first === true")
            .then(alt.value(palette.lower))
            .otherwise(alt.value(palette.focus))
        )
        shape = (
            alt.when("datum.certainty === 'borderline'")
            .then(alt.value("square"))
            .when("datum.certainty === 'probably'")
            .then(alt.value("diamond"))
            .otherwise(alt.value("circle"))
        )
        marks = drawn.mark_point(
            aria=False, filled=True, opacity=1, size=view.area(110), strokeWidth=view.px(2.2)
        ).encode(fill=filled, stroke=colour, shape=shape, **place)
        touch = (
            drawn.mark_point(
                filled=True,
                opacity=0,
                size=view.area(700),
                cursor="pointer",
                tooltip=alt.expr("datum.sentence"),
            )
            .encode(description="sentence:N", **place)
            .add_params(alt.selection_point(name="aspect", fields=["row"]))
        )
        return [marks, touch]

    def _key(self) -> alt.Chart:
        palette, words = self.view.palette, self.words
        none = palette.background
        entries = [
            (text, shape, fill, stroke)
            for text, shape, fill, stroke in (
                (words.own, "circle", palette.focus, palette.focus),
                (words.firmly, "circle", palette.focus, palette.focus),
                (words.probably, "diamond", none, palette.focus),
                (words.borderline, "square", none, palette.focus),
                (words.national, "cross", palette.edge, palette.edge),
                (words.before, "circle", none, palette.last),
            )
            if text is not None
        ]
        texts = [entry[0] for entry in entries]
        legend = alt.Legend(
            title=None,
            orient="bottom",
            direction="horizontal",
            columns=alt.expr(f"width >= {NAMED} ? {max(len(entries), 1)} : 2"),
            labelExpr=f"{literal(texts)}[datum.value]",
            labelFontSize=self.view.px(12.5),
            labelColor=palette.text,
            labelLimit=alt.expr("width - 30"),
            symbolSize=self.view.area(90),
            symbolOpacity=1,
            symbolStrokeWidth=self.view.px(2),
            aria=False,
        )

        def scale(place: int) -> alt.Scale:
            return alt.Scale(domain=list(range(len(entries))), range=[entry[place] for entry in entries])

        chart: alt.Chart = (
            self._where("false")
            .mark_point(aria=False)
            .encode(
                shape=alt.Shape("entry:N", scale=scale(1), legend=legend),
                fill=alt.Fill("entry:N", scale=scale(2), legend=legend),
                stroke=alt.Stroke("entry:N", scale=scale(3), legend=legend),
            )
        )
        return chart
