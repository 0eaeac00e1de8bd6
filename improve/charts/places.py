"""The council map: a deck of dots over the land, hexagons of one size, and a picture of the deck.

The deck is JSON of deck.gl; what everybody shares of it is kept as text. Streamlit fades what is not
selected, the land too: so marks are lines of GeoJSON, which stay, and the land is as faint as it would be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asinh, degrees, log2, pi, radians, sinh, sqrt, tan
from math import atan as arctan
from typing import Any, Literal

import altair as alt

from improve.charts.key import Entry, key
from improve.charts.theme import Mode, Size, Spec, finished, heading, look

ColourBy = Literal["part", "nation"]
Box = tuple[float, float, float, float]
Row = Mapping[str, Any]

MAP_HEIGHT = 640
"""Height of the map in pixels."""
_NARROWEST = 350
"""Width in pixels into which what is zoomed to must fit: a phone's."""
_TOOLTIP = {"maxWidth": "18rem", "fontSize": "0.875rem", "fontFamily": "inherit", "zIndex": "10"}
_FADED = 102
"""The opacity, of 255, that Streamlit leaves to what is not selected."""
_HOLES = {"survey": 0.0, "both": 0.36, "maturity": 0.62, "none": 0.8}
"""The hole of a mark as a share of its radius: what tells the modules apart without colour."""
_NEAR, _MANY, _MANY_DOTS = 1.6, 0.8, 200
"""How much larger dots are where the map is zoomed, and smaller where there are many."""
_SIDE = sqrt(3) / 2
_NAMED = 480
"""Width in pixels from which the regions' names stand on the hexagons."""

_NATIONS: Mapping[Mode, Mapping[str, str]] = {
    "light": {
        "England": "#12436D",
        "Scotland": "#1B7A72",
        "Wales": "#801650",
        "Northern Ireland": "#B8430A",
    },
    "dark": {
        "England": "#6BACE6",
        "Scotland": "#45BFB4",
        "Wales": "#D59BF0",
        "Northern Ireland": "#FF8A4C",
    },
}
_LAND: Mapping[Mode, str] = {"light": "#E4EAF0", "dark": "#1D2633"}
_SHORE: Mapping[Mode, str] = {"light": "#B9C6D2", "dark": "#3A4A5E"}


@dataclass(frozen=True, slots=True)
class PlacesWords:
    """The words of a map: what it shows, and its key as (kind, word), in the order of the key.

    Kinds are "survey", "both", "maturity" and "none", or a nation.
    """

    axis: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A council on the map: `row` is its code, `part` what it takes part in, `sentence` its tooltip."""

    row: str
    lon: float
    lat: float
    population: int
    part: str
    nation: str
    sentence: str


class Dots(tuple[Dot, ...]):
    """Dots that are compared by identity: there may be hundreds, and they are drawn once."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True, slots=True)
class Areas:
    """Councils' areas: the address of a file whose features are numbered as `i`, and the kind of each."""

    address: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deck:
    """A map as Streamlit takes it: the JSON of deck.gl, and what a mark says when pointed at."""

    json: str
    _tooltip: dict[str, Any]

    def to_json(self) -> str:
        """The deck."""
        return self.json


def colours(by: ColourBy, mode: Mode) -> Mapping[str, str]:
    """The colour of each kind of mark."""
    palette = look(mode, "screen").palette
    if by == "nation":
        return {**_NATIONS[mode], "none": palette.edge}
    return {
        "survey": "#2073BC" if mode == "light" else "#4C8FCC",
        "both": "#12436D" if mode == "light" else "#A3D0F7",
        "maturity": palette.cohort,
        "none": palette.edge,
    }


def land_colour(mode: Mode) -> str:
    """The colour of the land, on which every mark must stand out."""
    return _LAND[mode]


def radius(population: int, factor: float = 1) -> float:
    """The radius of a dot in pixels: its area goes with the number of residents, above a least size."""
    return (2.6 + 6.6 * sqrt(min(population, 1_200_000) / 1_200_000)) * factor


def deck(
    dots: Dots,
    by: ColourBy,
    land: str,
    view: Mapping[str, float],
    areas: Sequence[Row],
    own: Sequence[Row],
    chosen: Sequence[Row],
    names: Sequence[Row],
    mode: Mode,
    size: Size,
    *,
    is_near: bool = False,
    drawn: Areas | None = None,
) -> Deck:
    """The map. `land` is the address of the outlines, `view` where it looks (`view_of`).

    `areas` are labels with `row`, `lon`, `lat`, `label`, `sentence`, `is_chosen`, and `to_lon` and `to_lat`
    where a line leads from them unless one `is_above` its area; `own` and `chosen` are marked councils with
    `lon`, `lat`, `population` and `label`, and `names` others that are named.
    """
    factor = look(mode, size).factor
    dot = factor * (_NEAR if is_near else _MANY if len(dots) > _MANY_DOTS else 1)
    layers = [
        _land(land, mode),
        *([] if drawn is None else [_areas(drawn, by, mode)]),
        _lines(areas, mode),
        *_dots(dots, by, mode, dot),
        _rings("own_ring", own, look(mode, size).palette.lower, dot),
        _rings("chosen_ring", chosen, look(mode, size).palette.text, dot),
    ]
    # deck.gl complains of a layer of words that has none.
    layers += [_names(uncrowded(names, view), factor, dot)] if names else []
    layers += [_pills("areas", areas, factor, dot, is_pickable=True)] if areas else []
    layers += [_pills("names", [*own, *chosen], factor, dot, is_pickable=False)] if own or chosen else []
    head = {
        "initialViewState": dict(view),
        "views": [
            {
                "@@type": "MapView",
                "controller": {"scrollZoom": False, "dragRotate": False, "touchRotate": False},
            }
        ],
        "mapStyle": "__MAP_STYLE__",
    }
    text = json.dumps(head, separators=(",", ":"))
    return Deck(
        text[:-1] + ',"layers":[' + ",".join(layers) + "]}",
        {"text": "{sentence}", "style": _TOOLTIP},
    )


def uncrowded(labels: Sequence[Row], view: Mapping[str, float]) -> list[Row]:
    """Those of the labels, below their points, that cover no other: the largest places go first."""
    scale = 512 * 2 ** view["zoom"] / (2 * pi)
    taken: list[Box] = []
    found = []
    for one in sorted(labels, key=lambda label: -label["population"]):
        x, y = radians(one["lon"]) * scale, -asinh(tan(radians(one["lat"]))) * scale
        half = len(one["label"]) * 3.1 + 3
        box = (x - half, y - 10, x + half, y + 28)
        if not any(_overlap(box, other) for other in taken):
            taken.append(box)
            found.append(one)
    return found


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def view_of(box: Box) -> Mapping[str, float]:
    """Where a map looks that shows this box (west, south, east, north in degrees) as large as it fits."""
    west, south, east, north = box
    south_y, north_y = (asinh(tan(radians(one))) for one in (south, north))
    across = max(radians(east - west), 0.004)
    up = max(north_y - south_y, 0.004)
    # At zoom 0 the world is 512 pixels wide.
    fits = min((_NARROWEST - 50) / across, (MAP_HEIGHT - 60) / up) * 2 * pi / 512
    return {
        "longitude": round((west + east) / 2, 4),
        "latitude": round(degrees(arctan(sinh((south_y + north_y) / 2))), 4),
        "zoom": round(min(log2(fits), 9.5), 2),
        "pitch": 0,
        "bearing": 0,
    }


def _rgb(colour: str, opacity: int = 255) -> list[int]:
    return [*bytes.fromhex(colour[1:]), opacity]


def _faded(colour: str, background: str) -> list[int]:
    """A colour at the opacity of what is not selected that looks like this one on the background."""
    share = _FADED / 255
    mixed = (
        min(255, max(0, round((wanted - (1 - share) * below) / share)))
        for wanted, below in zip(_rgb(colour)[:3], _rgb(background)[:3], strict=True)
    )
    return [*mixed, _FADED]


def _layer(kind: str, id_: str, data: Any, **options: Any) -> str:
    return json.dumps({"@@type": kind, "id": id_, "data": data, **options}, separators=(",", ":"))


@cache
def _land(address: str, mode: Mode) -> str:
    background = look(mode, "screen").palette.background
    return _layer(
        "GeoJsonLayer",
        "land",
        address,
        pickable=False,
        getFillColor=_faded(_LAND[mode], background),
        getLineColor=_faded(_SHORE[mode], background),
        lineWidthUnits="pixels",
        getLineWidth=1,
    )


@lru_cache(maxsize=32)
def _areas(areas: Areas, by: ColourBy, mode: Mode) -> str:
    """The areas of councils, filled for those that take part: JSON may look a colour up, but not call."""
    known = {kind: _rgb(colour, _FADED) for kind, colour in colours(by, mode).items()}
    known["none"] = _rgb(_LAND[mode], 0)
    order = list(known)
    kinds = "".join(str(order.index(kind if kind in known else "none")) for kind in areas.kinds)
    fill = f"@@=({json.dumps(list(known.values()))})[('{kinds}')[properties.i]]"
    return _layer(
        "GeoJsonLayer",
        "boundaries",
        areas.address,
        pickable=False,
        getFillColor=fill,
        getLineColor=_rgb(look(mode, "screen").palette.edge, 150),
        lineWidthUnits="pixels",
        getLineWidth=0.7,
        updateTriggers={"getFillColor": [kinds, mode, by]},
    )


def _strokes(id_: str, rings: Sequence[Row]) -> str:
    """Rings with point `p`, radius `r`, width `w` and colour `c`: as GeoJSON, which is not faded."""
    data = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": one["p"]},
            "properties": {"r": one["r"], "w": one["w"], "c": one["c"]},
        }
        for one in rings
    ]
    return _layer(
        "GeoJsonLayer",
        id_,
        data,
        pickable=False,
        filled=False,
        stroked=True,
        pointType="circle",
        getPointRadius="@@=properties.r",
        getLineWidth="@@=properties.w",
        getLineColor="@@=properties.c",
        pointRadiusUnits="pixels",
        lineWidthUnits="pixels",
    )


@lru_cache(maxsize=32)
def _dots(dots: Dots, by: ColourBy, mode: Mode, factor: float) -> tuple[str, str]:
    """A disc for each to point at, which parts it from its neighbours, and on it the mark with its hole."""
    known = {kind: _rgb(colour) for kind, colour in colours(by, mode).items()}
    ground, nothing = _rgb(_LAND[mode]), _rgb(_LAND[mode], 0)
    discs, marks = [], []
    for one in dots:
        takes_part = one.part != "none"
        kind = one.part if by == "part" or not takes_part else one.nation
        hole = _HOLES[one.part] if by == "part" or not takes_part else 0.0
        outer = radius(one.population, factor) * (1 if takes_part else 0.85)
        p = [round(one.lon, 4), round(one.lat, 4)]
        discs.append(
            {
                "p": p,
                "r": round(outer + 1.2, 2),
                "c": ground if takes_part else nothing,
                "row": one.row,
                "sentence": one.sentence,
            }
        )
        marks.append(
            {
                "p": p,
                "r": round(outer * (1 + hole) / 2, 2),
                "w": round(outer * (1 - hole), 2),
                "c": known.get(kind, known["none"]),
            }
        )
    return (
        _layer(
            "ScatterplotLayer",
            "dots",
            discs,
            pickable=True,
            getPosition="@@=p",
            getRadius="@@=r",
            getFillColor="@@=c",
            radiusUnits="pixels",
        ),
        _strokes("marks", marks),
    )


def _rings(id_: str, places: Sequence[Row], colour: str, factor: float) -> str:
    """A ring around each of some councils."""
    return _strokes(
        id_,
        [
            {
                "p": [one["lon"], one["lat"]],
                "r": radius(one["population"], factor) + 4,
                "w": 3,
                "c": _rgb(colour),
            }
            for one in places
        ],
    )


def _above(label: Row, factor: float, dot: float) -> float:
    """By how many pixels a label stands above its point, as a number below zero."""
    if "population" in label:
        return round(-(radius(label["population"], dot) + 20 * factor), 1)
    return -24 * factor if label["is_above"] else 0


def _lines(areas: Sequence[Row], mode: Mode) -> str:
    """From the label of each area to its middle."""
    palette = look(mode, "screen").palette
    data = [
        {"a": [one["lon"], one["lat"]], "b": [one["to_lon"], one["to_lat"]]}
        for one in areas
        if not one["is_above"]
    ]
    colour = _faded(palette.edge, palette.background)
    return _layer(
        "LineLayer",
        "lines",
        data,
        pickable=False,
        getSourcePosition="@@=a",
        getTargetPosition="@@=b",
        getColor=colour,
        getWidth=1.2,
        widthUnits="pixels",
    )


def _names(places: Sequence[Row], factor: float, dot: float) -> str:
    """Names below their dots, in small type on a little white."""
    data = [
        {
            "p": [one["lon"], one["lat"]],
            "label": one["label"],
            "o": [0, round(radius(one["population"], dot) + 9 * factor, 1)],
        }
        for one in places
    ]
    return _layer(
        "TextLayer",
        "small_names",
        data,
        pickable=False,
        getPosition="@@=p",
        getText="@@=label",
        getSize=11.5 * factor,
        getPixelOffset="@@=o",
        fontFamily="Source Sans, sans-serif",
        characterSet="auto",
        background=True,
        getBackgroundColor=[255, 255, 255, 170],
        backgroundPadding=[2, 0, 2, 0],
    )


def _pills(id_: str, labels: Sequence[Row], factor: float, dot: float, *, is_pickable: bool) -> str:
    """Words on white, in either mode: a colour of type would be faded with what is not selected."""
    data = [
        {
            "p": [one["lon"], one["lat"]],
            "label": one["label"],
            "row": one.get("row"),
            "sentence": one.get("sentence", ""),
            "b": 3 if one.get("is_chosen") else 1,
            "o": [0, _above(one, factor, dot)],
        }
        for one in labels
    ]
    return _layer(
        "TextLayer",
        id_,
        data,
        pickable=is_pickable,
        getPosition="@@=p",
        getText="@@=label",
        getSize=13 * factor,
        getPixelOffset="@@=o",
        fontFamily="Source Sans, sans-serif",
        fontWeight=600,
        characterSet="auto",
        background=True,
        getBackgroundColor=[255, 255, 255, 240],
        backgroundPadding=[7, 4, 7, 4],
        lineHeight=1.15,
        getBorderColor=[18, 67, 109, 255],
        getBorderWidth="@@=b",
    )


# ── Vega-Lite: the key, the hexagons, and the map as a picture ─────────────────────────────────

_EXTENT = "M-1,-1M1,1"


def _circle(share: float, *, is_hole: bool = False) -> str:
    sweep = 0 if is_hole else 1
    return f"M{-share},0A{share},{share},0,1,{sweep},{share},0A{share},{share},0,1,{sweep},{-share},0Z"


def _hexagon(share: float, *, is_hole: bool = False) -> str:
    corners = [(0, -1), (_SIDE, -0.5), (_SIDE, 0.5), (0, 1), (-_SIDE, 0.5), (-_SIDE, -0.5)]
    turned = reversed(corners) if is_hole else corners
    return "M" + "L".join(f"{x * share:.3f},{y * share:.3f}" for x, y in turned) + "Z"


def _shape(kind: str, *, is_hexagon: bool, share: float = 1.0) -> str:
    draw = _hexagon if is_hexagon else _circle
    hole = _HOLES.get(kind, 0.0)
    return draw(share) + (draw(share * hole, is_hole=True) if hole else "")


def _entries(words: PlacesWords, by: ColourBy, mode: Mode, *, is_hexagon: bool) -> list[Entry]:
    known = colours(by, mode)
    return [
        Entry(
            word,
            _EXTENT + _shape(kind, is_hexagon=is_hexagon, share=0.9),
            known[kind],
            "transparent",
        )
        for kind, word in words.entries
    ]


def _nothing(dataset: str) -> alt.Chart:
    chart: alt.Chart = alt.Chart(alt.NamedData(dataset)).transform_filter("false")
    return chart


@cache
def places_key_spec(words: PlacesWords, by: ColourBy, mode: Mode, size: Size) -> Spec:
    """The key of the deck, which has none of its own. Dataset "rows", empty."""
    view = look(mode, size)
    entries = _entries(words, by, mode, is_hexagon=False)
    return finished(
        alt.LayerChart(
            layer=[key(_nothing("rows"), entries, view)], height=1, title=heading(words.axis, view)
        )
    )


def _marked(chart: alt.Chart, by: ColourBy, mode: Mode, *, is_hexagon: bool, size: Any) -> list[alt.Chart]:
    """The marks of a map, one layer per kind: who takes no part first."""
    layers = []
    for kind, colour in sorted(colours(by, mode).items(), key=lambda one: one[0] != "none"):
        layers.append(
            chart.transform_filter(f"datum.{by} === '{kind}'").mark_point(
                aria=False,
                shape=_shape(kind, is_hexagon=is_hexagon),
                fill=colour,
                stroke=None,
                opacity=1,
                size=size,
            )
        )
    return layers


@cache
def hexagons_spec(words: PlacesWords, by: ColourBy, columns: int, lines: int, mode: Mode, size: Size) -> Spec:
    """Hexagons of one size, `columns` by `lines` of them.

    Dataset "rows", one object per council: `row` its code; `x` in columns and `y` in lines from the south;
    `part` and `nation` ("none" for who takes no part); `chosen`; `sentence` for the tooltip and screen
    readers. Dataset "areas": `x`, `y`, `label` in lines, how many (`tall`) of how many letters (`wide`), and
    `value`, its median.
    Dataset "borders": lines from `x`, `y` to `x2`, `y2`. Dataset "own": `x`, `y`, `label`.
    A click is the selection "aspect" with its `row`.
    """
    view = look(mode, size)
    palette = view.palette
    cell = f"min((width - 4) / {columns + 0.5}, {MAP_HEIGHT * view.factor:g} / {lines * _SIDE + 0.3:g})"

    def placed(dataset: str) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(dataset))
            .transform_calculate(cell=cell)
            .transform_calculate(
                px=f"(width - datum.cell * {columns + 0.5}) / 2 + datum.cell * (datum.x + 0.5)",
                py=f"datum.cell * ({_SIDE} * ({lines - 1} - datum.y) + 0.62)",
            )
            .encode(
                x=alt.X("px:Q", scale=None, axis=None),
                y=alt.Y("py:Q", scale=None, axis=None),
            )
        )
        return chart

    # A hexagon whose flat sides are a cell apart is 2 / sqrt(3) cells high; a little less parts them.
    area = alt.expr(f"pow(1.1 * {cell}, 2)")
    whole: dict[str, Any] = {"shape": _hexagon(1.0), "size": area}
    line: dict[str, Any] = {"align": "center", "baseline": "middle", "aria": False}
    borders = (
        placed("borders")
        .transform_calculate(
            px2=f"(width - datum.cell * {columns + 0.5}) / 2 + datum.cell * (datum.x2 + 0.5)",
            py2=f"datum.cell * ({_SIDE} * ({lines - 1} - datum.y2) + 0.62)",
        )
        .mark_rule(aria=False, color=palette.background, strokeWidth=view.px(4), strokeCap="round")
        .encode(x2="px2:Q", y2="py2:Q")
    )
    # On a phone names would cover what they name: there the medians alone stand on the hexagons.
    is_wide = f"width >= {_NAMED}"
    letters = f"({is_wide} ? {view.length(3.5)} * datum.wide + {view.length(7)} : {view.length(14)})"
    half = f"({is_wide} ? {view.length(7.5)} * datum.tall + {view.length(11)} : {view.length(10)})"
    labels = placed("areas")
    pills = (
        labels.transform_calculate(
            left=f"datum.px - {letters}",
            right=f"datum.px + {letters}",
            top=f"datum.py - {half}",
            bottom=f"datum.py + {half}",
        )
        .mark_rect(aria=False, fill=palette.background, opacity=0.9, cornerRadius=4)
        .encode(
            x=alt.X("left:Q", scale=None, axis=None),
            x2="right:Q",
            y=alt.Y("top:Q", scale=None, axis=None),
            y2="bottom:Q",
        )
    )
    layers = [
        *_marked(placed("rows"), by, mode, is_hexagon=True, size=area),
        borders,
        placed("own").mark_point(
            **whole, aria=False, fill=None, stroke=palette.lower, strokeWidth=view.px(3.5), opacity=1
        ),
        placed("rows")
        .transform_filter("datum.chosen === true")
        .mark_point(**whole, aria=False, fill=None, stroke=palette.text, strokeWidth=view.px(3.5), opacity=1),
        pills,
        labels.transform_filter(is_wide)
        .transform_calculate(py=f"datum.py - {half} + {view.length(4)}")
        .mark_text(
            **{**line, "baseline": "top"},
            lineBreak="\n",
            lineHeight=view.px(15),
            fontSize=view.px(12.5),
            color=palette.text,
        )
        .encode(text="label:N"),
        labels.transform_calculate(py=f"datum.py + ({is_wide} ? {half} - {view.length(10)} : 0)")
        .mark_text(**line, fontSize=view.px(15), fontWeight="bold", color=palette.text)
        .encode(text="value:N"),
        *(
            placed("own")
            .mark_text(
                **line,
                dy=view.px(-24),
                fontSize=view.px(13),
                fontWeight="bold",
                color=colour,
                stroke=palette.background,
                strokeWidth=view.px(stroke),
                strokeJoin="round",
            )
            .encode(text="label:N")
            for colour, stroke in ((palette.background, 5), (palette.text, 0))
        ),
        placed("rows")
        .mark_point(**whole, fill=palette.background, stroke=None, opacity=0, cursor="pointer")
        .encode(description="sentence:N", tooltip="sentence:N")
        .add_params(alt.selection_point(name="aspect", fields=["row"])),
        key(_nothing("rows"), _entries(words, by, mode, is_hexagon=True), view),
    ]
    return finished(alt.LayerChart(layer=layers, height=20, title=heading(words.axis, view)))


@cache
def outlines_spec(words: PlacesWords, by: ColourBy, mode: Mode, size: Size) -> Spec:
    """The map as a picture.

    Dataset "land" has GeoJSON features; "rows" an object per council: `lon`, `lat`, `population`, `part`,
    `nation`; "areas" and "own": `lon`, `lat`, `label`.
    """
    view = look(mode, size)
    palette = view.palette
    area = alt.Size(
        "population:Q",
        scale=alt.Scale(domain=[0, 1_200_000], range=[40, 460], clamp=True),
        legend=None,
    )

    def at(dataset: str) -> alt.Chart:
        chart: alt.Chart = alt.Chart(alt.NamedData(dataset)).encode(longitude="lon:Q", latitude="lat:Q")
        return chart

    text: dict[str, Any] = {"align": "center", "baseline": "middle", "aria": False, "fontSize": 13}
    layers: list[alt.Chart] = [
        alt.Chart(alt.NamedData("land")).mark_geoshape(
            aria=False, fill=_LAND[mode], stroke=_SHORE[mode], strokeWidth=1
        )
    ]
    layers += [
        *(
            one.encode(size=area)
            for one in _marked(at("rows"), by, mode, is_hexagon=False, size=alt.Undefined)
        ),
        at("own").mark_point(aria=False, fill=None, stroke=palette.lower, strokeWidth=3, size=420, opacity=1),
        *(
            at(dataset)
            .mark_text(
                **text,
                dy=dy,
                fontWeight="bold",
                color=colour,
                stroke=stroke,
                strokeWidth=width,
                strokeJoin="round",
            )
            .encode(text="label:N")
            for dataset, dy in (("areas", 0), ("own", -22))
            for colour, stroke, width in (
                (palette.background, palette.background, 5),
                (palette.text, palette.text, 0),
            )
        ),
        key(_nothing("rows"), _entries(words, by, mode, is_hexagon=False), view),
    ]
    return finished(
        alt.LayerChart(layer=layers, height=760, title=heading(words.axis, view)).project(type="mercator")
    )
