"""The radar: a spoke per function, in an order that never changes, and a closed line per profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from typing import Any

import altair as alt

from improve.charts.key import BOX, DASHES, DOT, RING, Entry, key
from improve.charts.quadrant import tooltip
from improve.charts.theme import Look, Mode, Size, Spec, finished, heading, literal, look, text_width

_LARGEST, _LEAST = 190, 60
"""Radius of the outermost ring in pixels: as much as the labels leave, between these two."""
_GAP = 10
"""Between the outermost ring and a label."""
_TYPE, _LINE = 13, 15.5
_WEDGE = 30
"""How far beyond the outermost ring a click still hits the spoke."""
_LINES = ("own", "previous", "median", "q1", "q3")


@dataclass(frozen=True, slots=True)
class RadarWords:
    """The words of the chart: what it measures, and the entries of its key (None leaves one out)."""

    axis: str
    own: str | None = None
    previous: str | None = None
    median: str | None = None
    quartiles: str | None = None


def outlines(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The dataset "lines" of `radar_spec` for its spokes: how the values of neighbours are joined.

    A line is closed where every spoke has a value, and broken at one that has none: nothing is drawn
    where nothing is known. The band between the quartiles is made of one field for each two neighbours.
    """
    found = []
    for line in _LINES:
        values = [row[line] for row in rows]
        for step, (part, place) in enumerate(_joined([value is not None for value in values])):
            found.append({"line": line, "part": part, "step": step, "order": place, "value": values[place]})
    for place, one in enumerate(rows):
        after = (place + 1) % len(rows)
        corners = (
            (place, one["q3"]),
            (after, rows[after]["q3"]),
            (after, rows[after]["q1"]),
            (place, one["q1"]),
        )
        if all(value is not None for _order, value in corners):
            found += [
                {"line": "band", "part": place, "step": step, "order": order, "value": value}
                for step, (order, value) in enumerate(corners)
            ]
    return found


def _joined(known: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The part that each place of a ring belongs to, in the order of drawing."""
    if all(known):
        yield from ((0, place % len(known)) for place in range(len(known) + bool(known)))
        return
    first, part = known.index(False), 0
    for place in (*range(first, len(known)), *range(first)):
        part += not known[place]
        if known[place]:
            yield part, place


@cache
def radar_spec(
    words: RadarWords, top: float, rings: tuple[float, ...], labels: tuple[str, ...], mode: Mode, size: Size
) -> Spec:
    """A spoke for each of `labels`, clockwise from the top; the centre is 0, the outermost ring `top`.

    Lines of a label are parted by a line break; the radar is as large as they leave room for, and every
    one stands there whole. Dataset "spokes", one object per label: `order` from 0; `row` its key;
    `label`; `own`, `previous`, `median` numbers or None; `sentence`; `chosen`. Dataset "lines" is
    `outlines` of it; "rings": `value`, `label`. A click is the selection "aspect" with its `row`.
    """
    return finished(_Radar(words, top, rings, labels, look(mode, size)).chart())


@dataclass(frozen=True, slots=True)
class _Radar:
    words: RadarWords
    top: float
    rings: tuple[float, ...]
    labels: tuple[str, ...]
    view: Look

    # Places are worked out in pixels: the plane must be square, and a label has its width in pixels.
    # These texts are parts of expressions, in which `outer` is the radius of the outermost ring and
    # `hub` how far down the centre stands.
    @property
    def _angle(self) -> str:
        return f"({2 * pi:.6f} * datum.order / {max(len(self.labels), 1)})"

    @property
    def _outer(self) -> str:
        """As large as every label leaves it: one at the side needs its width beside the ring."""
        room = [self.view.length(_LARGEST)]
        for place, label in enumerate(self.labels):
            across = abs(sin(2 * pi * place / len(self.labels)))
            if across > 0.1:
                width = max(text_width(line, _TYPE) for line in label.split("\n")) + _GAP + 2
                room.append(f"((width / 2 - {self.view.length(width)}) / {across:.4f})")
        return f"max(min({', '.join(room)}, {room[0]}), {_LEAST})"

    @property
    def _hub(self) -> str:
        first = self.labels[0] if self.labels else ""
        return f"outer + {self.view.length(_GAP + _LINE * (first.count(chr(10)) + 1) + 4)}"

    @property
    def _height(self) -> str:
        count = max(len(self.labels), 1)
        lowest = max(-cos(2 * pi * place / count) for place in range(count))
        lines = max((label.count("\n") + 1 for label in self.labels), default=1)
        below = f"{lowest:.4f} * outer + {self.view.length(_GAP + _LINE * lines + 4)}"
        return f"hub + {below}"

    def _out(self, value: str) -> str:
        return f"(outer * clamp({value}, 0, {self.top}) / {self.top})"

    def _where(self, dataset: str, test: str, value: str) -> alt.Chart:
        """The rows of a dataset that pass a test, with where their value stands."""
        return self._placed(alt.Chart(alt.NamedData(dataset)).transform_filter(test), value)

    def _placed(self, rows: alt.Chart, value: str) -> alt.Chart:
        """The rows with where their value stands on their spoke."""
        placed: alt.Chart = rows.transform_calculate(
            px=f"width / 2 + {self._out(value)} * sin({self._angle})",
            py=f"hub - {self._out(value)} * cos({self._angle})",
        )
        return placed

    @staticmethod
    def _x(field: str = "px") -> alt.X:
        return alt.X(f"{field}:Q", scale=None, axis=None)

    @staticmethod
    def _y(field: str = "py") -> alt.Y:
        return alt.Y(f"{field}:Q", scale=None, axis=None)

    def chart(self) -> alt.LayerChart:
        layers = [
            self._band(),
            *self._ground(),
            *self._scale(),
            *self._profiles(),
            *self._points(),
            *self._names(),
            self._key(),
            self._wedge(),
        ]
        chart: alt.LayerChart = alt.LayerChart(
            layer=layers, height=400, title=heading(self.words.axis, self.view)
        )
        return chart.add_params(
            alt.param(name="outer", expr=self._outer),
            alt.param(name="hub", expr=self._hub),
            alt.param(name="height", expr=self._height),
        )

    def _band(self) -> alt.Chart:
        palette = self.view.palette
        band: alt.Chart = (
            self._where("lines", "datum.line === 'band'", "datum.value")
            .mark_line(
                aria=False,
                interpolate="linear-closed",
                fill=palette.band,
                stroke=palette.band,
                strokeWidth=1,
            )
            .encode(x=self._x(), y=self._y(), order=alt.Order("step:Q"), detail=alt.Detail("part:N"))
        )
        return band

    def _ground(self) -> list[alt.Chart]:
        palette = self.view.palette
        spread = (
            alt.Chart(alt.NamedData("spokes"))
            .transform_calculate(ring=literal(list(self.rings)))
            .transform_flatten(["ring"])
        )
        every = self._placed(spread, "datum.ring")
        spokes = self._placed(alt.Chart(alt.NamedData("spokes")), str(self.top))
        spokes = spokes.transform_calculate(cx="width / 2", cy="hub")
        return [
            every.mark_line(
                aria=False, interpolate="linear-closed", color=palette.edge, strokeWidth=self.view.px(0.5)
            ).encode(x=self._x(), y=self._y(), order=alt.Order("order:Q"), detail=alt.Detail("ring:N")),
            spokes.mark_rule(aria=False).encode(
                x=self._x("cx"),
                y=self._y("cy"),
                x2=alt.X2("px:Q"),
                y2=alt.Y2("py:Q"),
                color=alt.when("datum.chosen === true")
                .then(alt.value(palette.text))
                .otherwise(alt.value(palette.edge)),
                strokeWidth=alt.when("datum.chosen === true").then(alt.value(1.4)).otherwise(alt.value(0.5)),
            ),
        ]

    def _profiles(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        styles: tuple[tuple[str, str, float, list[int]], ...] = (
            ("q1", palette.edge, 0.8, [1, 0]),
            ("q3", palette.edge, 0.8, [1, 0]),
            ("median", palette.median, 2, [6, 4]),
            ("previous", palette.last, 2, [1, 4]),
            ("own", palette.focus, 3, [1, 0]),
        )
        return [
            self._where("lines", f"datum.line === '{line}'", "datum.value")
            .mark_line(
                aria=False,
                color=colour,
                strokeWidth=view.px(width),
                strokeDash=dash,
                strokeJoin="round",
                strokeCap="round" if line == "previous" else "butt",
            )
            .encode(x=self._x(), y=self._y(), order=alt.Order("step:Q"), detail=alt.Detail("part:N"))
            for line, colour, width, dash in styles
        ]

    def _points(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        point: dict[str, Any] = {"aria": False, "filled": True, "opacity": 1, "shape": "circle"}
        return [
            self._where("spokes", "isValid(datum.previous)", "datum.previous")
            .mark_point(
                **point,
                size=view.area(70),
                fill=palette.background,
                stroke=palette.last,
                strokeWidth=view.px(1.8),
            )
            .encode(x=self._x(), y=self._y()),
            self._where("spokes", "isValid(datum.own)", "datum.own")
            .mark_point(
                **point,
                size=view.area(95),
                fill=palette.focus,
                stroke=palette.background,
                strokeWidth=view.px(1.2),
            )
            .encode(x=self._x(), y=self._y()),
        ]

    def _scale(self) -> list[alt.Chart]:
        """What each ring stands for, beside the first spoke."""
        palette, view = self.view.palette, self.view
        rings = alt.Chart(alt.NamedData("rings")).transform_calculate(
            px="width / 2", py=f"hub - {self._out('datum.value')}"
        )
        text: dict[str, Any] = {"aria": False, "align": "right", "baseline": "middle", "dx": -5}
        return [
            rings.mark_text(**text, fontSize=view.px(11.5), **ink).encode(
                x=self._x(), y=self._y(), text=alt.Text("label:N")
            )
            for ink in (
                {"stroke": palette.background, "strokeWidth": view.px(3.5), "color": palette.background},
                {"color": palette.muted},
            )
        ]

    def _names(self) -> list[alt.Chart]:
        palette, view = self.view.palette, self.view
        line = view.length(_LINE)
        beyond = f"(outer + {view.length(_GAP)})"
        names = (
            alt.Chart(alt.NamedData("spokes"))
            .transform_calculate(
                lines="split(datum.label, '\\n')",
                across=f"sin({self._angle})",
                up=f"cos({self._angle})",
            )
            .transform_calculate(
                px=f"width / 2 + {beyond} * datum.across",
                # A label of several lines has its middle beside the end of the spoke, or stands above it.
                py=f"hub - {beyond} * datum.up"
                f" - {line} / 2 * (datum.up * length(datum.lines) + length(datum.lines) - 1)",
            )
        )
        text: dict[str, Any] = {
            "aria": False,
            "baseline": "middle",
            "align": alt.expr("datum.across > 0.1 ? 'left' : datum.across < -0.1 ? 'right' : 'center'"),
            "fontSize": view.px(_TYPE),
            "lineHeight": view.px(_LINE),
            "color": palette.text,
        }
        weights: tuple[tuple[str, Any], ...] = (("!==", "normal"), ("===", "bold"))
        return [
            names.transform_filter(f"datum.chosen {test} true")
            .mark_text(**text, fontWeight=weight)
            .encode(x=self._x(), y=self._y(), text=alt.Text("lines:N"))
            for test, weight in weights
        ]

    def _key(self) -> alt.Chart:
        palette, words = self.view.palette, self.words
        none = "transparent"
        entries = (
            Entry(words.own, DOT, palette.focus, palette.focus),
            Entry(words.previous, RING, none, palette.last),
            Entry(words.median, DASHES, none, palette.median),
            Entry(words.quartiles, BOX, palette.band, palette.edge),
        )
        return key(alt.Chart(alt.NamedData("spokes")).transform_filter("false"), entries, self.view)

    def _wedge(self) -> alt.Chart:
        """The sector around a spoke: for the pointer, and what a screen reader is told of it."""
        half = pi / max(len(self.labels), 1)
        wedge: alt.Chart = (
            alt.Chart(alt.NamedData("spokes"))
            .transform_calculate(start=f"{self._angle} - {half:.6f}", end=f"{self._angle} + {half:.6f}")
            .mark_arc(
                opacity=0,
                cursor="pointer",
                tooltip=tooltip(),
                outerRadius=alt.expr(f"outer + {_WEDGE}"),
                innerRadius=0,
            )
            .encode(
                x=alt.XValue(alt.expr("width / 2")),
                y=alt.YValue(alt.expr("hub")),
                theta=alt.Theta("start:Q", scale=None, stack=None),
                theta2=alt.Theta2("end:Q"),
                description=alt.Description("sentence:N"),
            )
            .add_params(alt.selection_point(name="aspect", fields=["row"]))
        )
        return wedge
