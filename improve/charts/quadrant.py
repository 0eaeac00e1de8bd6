"""The quadrant chart: importance against satisfaction, a labelled point per aspect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from improve.charts.key import DASHES, DIAMOND, DOT, RING, Entry, key
from improve.charts.theme import Look, Mode, Palette, Size, Spec, finished, heading, literal, look, text_width

HEIGHT = 560
"""Height of the plane in pixels."""
NAMED = 480
"""From this width, in pixels, points carry their names; below it their numbers."""
WIDEST, NARROWEST = 2000, 240
"""Between these widths, in pixels, no two labels overlap."""
MARGIN = 34
"""Between the ends of the axes and the edge of the plane, in pixels: room for the corners' names."""
FONT = 13
"""Size of a label's type."""

_LINE = 17
_MARK = 8
_GHOST = 4
_CORNER = 22
_FAR = 15
_PAD = 3
_RINGS = (9, 16, 26, 40, 56, 72, 90, 112, 140, 175, 215, 260)
_TURNS = np.array([0, 8, 12, 4, 14, 2, 10, 6, 15, 1, 13, 3, 9, 7, 11, 5]) * np.pi / 8
_AROUND = np.column_stack([np.cos(_TURNS), np.sin(_TURNS)])
_ACROSS, _DOWN = 12, 8

HOLLOW_SQUARE = "M-1,-1M1,1M-0.8,-0.8L0.8,-0.8L0.8,0.8L-0.8,0.8Z"
_PLUS = "M-1,-1M1,1M-0.7,0L0.7,0M0,-0.7L0,0.7"

Floats = NDArray[np.float64]
Ticks = tuple[tuple[float, str], ...]
"""Values of a scale with what is written at them."""


@dataclass(frozen=True, slots=True)
class QuadrantWords:
    """The words of the chart. `lines` says what parts high from low, above it; `x`, `y` name the axes.

    `concentrate`, `keep`, `low` and `overkill` name the quadrants, None where there are no lines.
    The rest are entries of the key; None leaves one out.
    """

    lines: str
    x: str
    y: str
    diagonal: str
    concentrate: str | None = None
    keep: str | None = None
    low: str | None = None
    overkill: str | None = None
    first: str | None = None
    own: str | None = None
    firmly: str | None = None
    probably: str | None = None
    borderline: str | None = None
    national: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Plane:
    """The part of both scales that is shown, and where the lines are (None: there are none).

    `x_ticks` and `y_ticks` are values with what is written at them, for scales that are no ratings.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    x_line: float | None
    y_line: float | None
    x_ticks: Ticks = ()
    y_ticks: Ticks = ()


def labelled(rows: Sequence[Mapping[str, Any]], plane: Plane, size: Size) -> list[dict[str, Any]]:
    """The points of `quadrant_spec` with where their labels stand.

    `dx`, `dy` and `align` for the name on a wide chart, `nx`, `ny` for the number on a narrow one;
    `lx`, `ly` where a line leads from the point to a name that stands away from it, else None.
    """
    factor = _factor(size)
    points = [(row["x"], row["y"]) for row in rows]
    ghosts = [
        (row[f"x_{kind}"], row[f"y_{kind}"])
        for kind in ("national", "before")
        for row in rows
        if row[f"x_{kind}"] is not None
        and row[f"y_{kind}"] is not None
        and (kind == "national" or row["chosen"])
    ]
    names = placed(points, [row["label"] for row in rows], plane, (NAMED, WIDEST), size, ghosts)
    numbers = placed(points, [row["number"] for row in rows], plane, (NARROWEST, NAMED), size, ghosts)
    found = []
    for row, (dx, dy), (nx, ny) in zip(rows, names, numbers, strict=True):
        half_x, half_y = (length - _PAD for length in _half(row["label"], factor))
        lx, ly = min(max(0, dx - half_x), dx + half_x), min(max(0, dy - half_y), dy + half_y)
        is_far = hypot(lx, ly) > _FAR * factor
        # The width of a text is a guess: a name beside its point begins, or ends, at its near edge.
        align = "left" if lx > 0 else "right" if lx < 0 else "center"
        found.append(
            {
                **row,
                "dx": lx or dx,
                "dy": dy,
                "align": align,
                "nx": nx,
                "ny": ny,
                "lx": lx if is_far else None,
                "ly": ly if is_far else None,
            }
        )
    return found


def _half(label: str, factor: float) -> tuple[float, float]:
    """Half the width and half the height of a label's box, with a little room around it."""
    return 1.08 * text_width(label, FONT * factor) / 2 + _PAD, _LINE * factor / 2


def _factor(size: Size) -> float:
    return 1.5 if size == "present" else 1.0


def placed(
    points: Sequence[tuple[float, float]],
    labels: Sequence[str],
    plane: Plane,
    widths: tuple[float, float],
    size: Size,
    ghosts: Sequence[tuple[float, float]] = (),
) -> list[tuple[float, float]]:
    """Where each label's centre stands, in pixels right of and below its point.

    No two labels overlap on a chart of any width between the two `widths`, and none leaves the plane.
    Greedy, the most crowded point first: rings of places around it, then the whole plane; the first
    place that is free of other labels and of points. Where none is, labels keep clear of labels. Of
    places that are as free and as near, the one that covers least of the `ghosts`, the smaller marks.
    """
    factor = _factor(size)
    height = HEIGHT * factor
    low, high = np.array([plane.x[0], plane.y[0]]), np.array([plane.x[1], plane.y[1]])
    margin = MARGIN * factor
    ends = np.array(widths, dtype=float)

    def on_chart(marks: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
        # A mark's place at both widths: between them it moves in a straight line.
        shares = (np.array(marks, dtype=float).reshape(-1, 2) - low) / (high - low)
        return margin + shares[:, :1] * (ends - 2 * margin), margin + (1 - shares[:, 1]) * (
            height - 2 * margin
        )

    x, y = on_chart(points)
    ghost_x, ghost_y = on_chart(ghosts)
    half = np.array([_half(one, factor) for one in labels]).reshape(-1, 2)
    taken_x, taken_y = x.copy(), y.copy()
    sizes = np.full_like(half, _MARK * factor)
    weights = np.ones(len(half))
    near = np.hypot(x[:, None, 0] - x[None, :, 0], y[:, None] - y) < 90 * factor
    found = np.zeros((len(half), 2))
    for place in np.argsort(-near.sum(axis=1), kind="stable").tolist():
        for offsets in _places(half[place], x[place, 0], y[place], ends[0], height, factor):
            at_x, at_y = x[place] + offsets[:, :1], y[place] + offsets[:, 1]
            over = _overlap(half[place] + sizes, at_x, at_y, taken_x, taken_y)
            veiled = _overlap(half[place] + _GHOST * factor, at_x, at_y, ghost_x, ghost_y).sum(axis=1)
            beyond = np.clip(half[place, 0] - at_x, 0, None) + np.clip(at_x + half[place, 0] - ends, 0, None)
            edge = _CORNER * factor + half[place, 1]
            beyond_y = np.clip(edge - at_y, 0, None) + np.clip(at_y + edge - height, 0, None)
            cost = over @ weights + 1e4 * (beyond.sum(axis=1) + beyond_y)
            best = int(np.lexsort((veiled, np.round(cost, 6)))[0])
            if cost[best] < 1e-6:
                break
        found[place] = offsets[best]
        taken_x, taken_y = np.vstack([taken_x, at_x[best]]), np.append(taken_y, at_y[best])
        sizes, weights = np.vstack([sizes, half[place]]), np.append(weights, 1e2)
    return [(round(dx, 1), round(dy, 1)) for dx, dy in found.tolist()]


def _overlap(reach: Floats, at_x: Floats, at_y: Floats, x: Floats, y: Floats) -> Floats:
    """How much of each mark at x, y (marks x widths, marks) a label covers at each of its places.

    `at_x` is places x widths, `at_y` places; `reach` half of the label's sides and the mark's together.
    """
    apart = at_x[:, None, :] - x
    # Two that change sides between the widths meet somewhere on the way.
    side = np.where(apart.prod(axis=2) > 0, np.abs(apart).min(axis=2), 0.0)
    over = np.clip(reach[..., 0] - side, 0, None)
    return np.asarray(over * np.clip(reach[..., 1] - np.abs(at_y[:, None] - y), 0, None))


def _places(half: Floats, x: float, y: float, width: float, height: float, factor: float) -> Iterator[Floats]:
    """Offsets from a point, the nearest first: rings around it, then anywhere."""
    for step in _RINGS:
        yield _AROUND * (half + step * factor)
    across, down = np.meshgrid(
        np.arange(half[0], width - half[0] + 1, _ACROSS) - x, np.arange(0, height, _DOWN) - y
    )
    everywhere = np.column_stack([across.ravel(), down.ravel()])
    yield everywhere[np.argsort(np.hypot(*everywhere.T), kind="stable")]


@cache
def quadrant_spec(words: QuadrantWords, plane: Plane, mode: Mode, size: Size) -> Spec:
    """Importance (up) against satisfaction (right), with the diagonal where the two are equal.

    It serves any two quantities on one scale: what was decided against what was reached, say.

    Dataset "points", one object per aspect: `row` its key; `label`, `number`; `x`, `y`; the places of
    its label (`labelled`); `certainty` "firmly", "probably", "borderline" or None; `is_first` True for
    what stands out from the rest; `x_national`, `y_national`, `x_before`, `y_before` numbers or None;
    `x_low`, `x_high`, `y_low`, `y_high` the intervals, drawn for the chosen one; `sentence`; `chosen`.
    A click is the selection "aspect" with its `row`.
    """
    return finished(_Quadrant(words, plane, look(mode, size)).chart())


@dataclass(frozen=True, slots=True)
class _Quadrant:
    words: QuadrantWords
    plane: Plane
    view: Look

    def chart(self) -> alt.LayerChart:
        layers = [
            *self._lines(),
            *self._names(),
            *self._ghosts(),
            *self._labels(),
            *self._points(),
            self._key(),
        ]
        chart: alt.LayerChart = alt.LayerChart(
            layer=layers, height=self._height, title=heading(self.words.lines, self.view)
        ).resolve_axis(x="independent", y="independent")
        return chart

    @property
    def _height(self) -> float:
        return HEIGHT * self.view.factor

    @property
    def _wide(self) -> str:
        return f"width >= {NAMED}"

    def _x(self, field: str, axis: alt.Axis | None = None) -> alt.X:
        margin = MARGIN * self.view.factor
        ends: list[Any] = [margin, alt.expr(f"width - {margin:g}")]
        scale = alt.Scale(domain=list(self.plane.x), range=ends, zero=False, nice=False, clamp=True)
        return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)

    def _y(self, field: str, axis: alt.Axis | None = None) -> alt.Y:
        margin = MARGIN * self.view.factor
        ends = [self._height - margin, margin]
        scale = alt.Scale(domain=list(self.plane.y), range=ends, zero=False, nice=False, clamp=True)
        return alt.Y(f"{field}:Q", scale=scale, axis=axis, title=None)

    def _axis(self, title: str, ends: tuple[float, float], ticks: Ticks) -> alt.Axis:
        palette = self.view.palette
        step = 1 if ends[1] - ends[0] > 3 else 0.5
        if ticks:
            written: dict[str, Any] = {"values": [value for value, _ in ticks], "labelExpr": labels_of(ticks)}
        else:
            written = {
                "values": [ends[0] + step * place for place in range(round((ends[1] - ends[0]) / step) + 1)],
                "format": "d" if step == 1 and float(ends[0]).is_integer() else ".1f",
            }
        return alt.Axis(
            title=title,
            titleFontSize=self.view.px(13),
            titleColor=palette.text,
            titleFontWeight="normal",
            labelFontSize=self.view.px(12.5),
            labelColor=palette.muted,
            labelFlush=False,
            grid=True,
            gridColor=palette.line,
            domain=False,
            ticks=False,
            aria=False,
            **written,
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
                x=self._x("x", self._axis(self.words.x, plane.x, plane.x_ticks)),
                y=self._y("y", self._axis(self.words.y, plane.y, plane.y_ticks)),
            ),
            self._at(a=low, b=high)
            .mark_rule(aria=False, color=palette.edge, strokeDash=[3, 4], strokeWidth=view.px(1.5))
            .encode(x=self._x("a"), x2=alt.X2("b:Q"), y=self._y("a"), y2=alt.Y2("b:Q")),
        ]
        if plane.x_line is not None and plane.y_line is not None:
            line: dict[str, Any] = {"aria": False, "color": palette.edge, "strokeWidth": view.px(1.5)}
            layers += [
                self._at(x=plane.x_line).mark_rule(**line).encode(x=self._x("x")),
                self._at(y=plane.y_line).mark_rule(**line).encode(y=self._y("y")),
            ]
        return layers

    def _names(self) -> list[alt.Chart]:
        words, height = self.words, self._height
        corners: tuple[tuple[str | None, dict[str, Any], float | str, float], ...] = (
            (words.concentrate, {"align": "left", "baseline": "top"}, 6, 4),
            (words.keep, {"align": "right", "baseline": "top"}, "width", 4),
            (words.low, {"align": "left", "baseline": "bottom"}, 6, height - 4),
            (words.overkill, {"align": "right", "baseline": "bottom"}, "width", height - 4),
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
            .encode(x=alt.XValue(x), y=alt.YValue(y))
            for text, side, x, y in corners
            if text is not None
        ]

    def _where(self, *tests: str) -> alt.Chart:
        return alt.Chart(alt.NamedData("points")).transform_filter(" && ".join(tests))

    def _ghosts(self) -> list[alt.Chart]:
        """The national position of each, and of the chosen one the round before and its intervals."""
        palette, view = self.view.palette, self.view
        national = self._where("isValid(datum.x_national)", "isValid(datum.y_national)")
        before = self._where("datum.chosen === true", "isValid(datum.x_before)", "isValid(datum.y_before)")
        chosen = self._where("datum.chosen === true", "isValid(datum.x_low)", "isValid(datum.y_low)")
        strong: dict[str, Any] = {"aria": False, "strokeWidth": view.px(2.5), "color": palette.last}
        return [
            national.mark_rule(aria=False, color=palette.edge, strokeWidth=view.px(1.2)).encode(
                x=self._x("x"), y=self._y("y"), x2=alt.X2("x_national:Q"), y2=alt.Y2("y_national:Q")
            ),
            national.mark_point(
                aria=False, shape=_PLUS, size=view.area(80), stroke=palette.edge, strokeWidth=view.px(1.8)
            ).encode(x=self._x("x_national"), y=self._y("y_national")),
            before.mark_rule(**strong, strokeDash=[2, 3]).encode(
                x=self._x("x_before"), y=self._y("y_before"), x2=alt.X2("x:Q"), y2=alt.Y2("y:Q")
            ),
            before.mark_point(
                aria=False,
                shape="circle",
                size=view.area(60),
                filled=True,
                fill=palette.background,
                stroke=palette.last,
                strokeWidth=view.px(2),
                opacity=1,
            ).encode(x=self._x("x_before"), y=self._y("y_before")),
            chosen.mark_rule(**strong).encode(x=self._x("x_low"), x2=alt.X2("x_high:Q"), y=self._y("y")),
            chosen.mark_rule(**strong).encode(x=self._x("x"), y=self._y("y_low"), y2=alt.Y2("y_high:Q")),
        ]

    def _labels(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        place: dict[str, Any] = {"x": self._x("x"), "y": self._y("y")}
        text: dict[str, Any] = {
            "aria": False,
            "align": alt.expr(f"{self._wide} ? datum.align : 'center'"),
            "baseline": "middle",
            "fontSize": view.px(FONT),
            "dx": alt.expr(f"{self._wide} ? datum.dx : datum.nx"),
            "dy": alt.expr(f"{self._wide} ? datum.dy : datum.ny"),
        }
        leader = self._where("isValid(datum.lx)", "isValid(datum.ly)").mark_rule(
            aria=False,
            color=palette.muted,
            strokeWidth=alt.expr(f"{self._wide} ? 0.8 : 0"),
            strokeDash=[1, 2],
            x2Offset=alt.expr("datum.lx"),
            y2Offset=alt.expr("datum.ly"),
        )
        every = alt.Chart(alt.NamedData("points")).transform_calculate(
            shown=f"{self._wide} ? datum.label : datum.number",
            is_strong="datum.is_first === true || datum.chosen === true",
        )
        weights: tuple[tuple[str, Any], ...] = (("false", "normal"), ("true", "bold"))
        halo = every.mark_text(**text, stroke=palette.background, strokeWidth=view.px(4), opacity=0.85)
        return [
            leader.encode(**place, x2=alt.X2("x:Q"), y2=alt.Y2("y:Q")),
            halo.encode(**place, text=alt.Text("shown:N")),
            *(
                every.transform_filter(f"datum.is_strong === {test}")
                .mark_text(**text, color=palette.text, fontWeight=weight)
                .encode(**place, text=alt.Text("shown:N"))
                for test, weight in weights
            ),
        ]

    def _points(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        every = alt.Chart(alt.NamedData("points"))
        place: dict[str, Any] = {"x": self._x("x"), "y": self._y("y")}
        colour = emphasis(palette.lower, palette.focus)
        marks = every.mark_point(
            aria=False, filled=True, opacity=1, size=view.area(120), strokeWidth=view.px(2.2)
        ).encode(fill=certainty_fill(palette), stroke=colour, shape=certainty_shape(), **place)
        touch = (
            every.mark_point(
                filled=True,
                opacity=0,
                size=view.area(700),
                cursor="pointer",
                tooltip=tooltip(),
            )
            .encode(description=alt.Description("sentence:N"), **place)
            .add_params(alt.selection_point(name="aspect", fields=["row"]))
        )
        return [marks, touch]

    def _key(self) -> alt.Chart:
        palette, words = self.view.palette, self.words
        none = "transparent"
        entries = (
            Entry(words.first, DOT, palette.lower, palette.lower),
            Entry(words.own, DOT, palette.focus, palette.focus),
            Entry(words.firmly, DOT, palette.focus, palette.focus),
            Entry(words.probably, DIAMOND, none, palette.focus),
            Entry(words.borderline, HOLLOW_SQUARE, none, palette.focus),
            Entry(words.national, _PLUS, none, palette.edge),
            Entry(words.before, RING, none, palette.last),
            Entry(words.diagonal, DASHES, none, palette.edge),
        )
        return key(self._where("false"), entries, self.view)


def labels_of(ticks: Ticks) -> str:
    """What an axis writes at each of its ticks, as an expression."""
    chosen = "''"
    for value, label in reversed(ticks):
        chosen = f"abs(datum.value - {value:g}) < 1e-6 ? {literal(label)} : {chosen}"
    return chosen


def certainty_shape() -> Any:
    """A mark's shape by `certainty`: a dot, a diamond for probably, a square for borderline."""
    return (
        alt.when("datum.certainty === 'borderline'")
        .then(alt.value(HOLLOW_SQUARE))
        .when("datum.certainty === 'probably'")
        .then(alt.value(DIAMOND))
        .otherwise(alt.value(DOT))
    )


def certainty_fill(palette: Palette) -> Any:
    """A mark's fill by `certainty`: hollow where it is less than firm."""
    return (
        alt.when("datum.certainty === 'borderline' || datum.certainty === 'probably'")
        .then(alt.value(palette.background))
        .when("datum.is_first === true")
        .then(alt.value(palette.lower))
        .otherwise(alt.value(palette.focus))
    )


def emphasis(first: str, others: str) -> Any:
    """A colour for what is to be raised first, and one for all others."""
    return alt.when("datum.is_first === true").then(alt.value(first)).otherwise(alt.value(others))


def tooltip() -> alt.ExprRef:
    """The mark's sentence: a line of text where there is room for one, else a cell of text, or nothing.

    A phone has no pointer to hover with: there a tap chooses.
    """
    return alt.expr(f"width >= 960 ? datum.sentence : width >= {NAMED} ? {{' ': datum.sentence}} : null")
