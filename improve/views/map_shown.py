"""The Map as rows: for its dots, hexagons and table, and written out as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from textwrap import wrap
from typing import Any

from improve.language import _, current, number, whole
from improve.model import CohortKind
from improve.register import label_place, read_hexagons, read_land, read_outlines, type_label
from improve.store import Boundaries, Store, read_boundaries
from improve.views import map_sentence as sentence
from improve.views.choice import organisation_name, reason_sentences
from improve.views.map import Area, MapView, Module, Place, Places
from improve.views.response_shown import written

Row = dict[str, Any]
Box = tuple[float, float, float, float]
Labels = tuple[tuple[str, str], ...]
"""Nations and regions in the register's words, and what they are called."""
_KEPT = 16
"""Maps of which the rows are kept; nothing in them depends on who looks."""

_NAMED = 40
"""Councils of an area that are named where the map is zoomed to it, at most."""
_LINE = 13
"""Letters in a line of a label on the map, at most: a phone is narrow."""
NOBODY, SURVEY, MATURITY, BOTH = "none", "survey", "maturity", "both"
"""What a mark says of the modules taken."""
NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")


class Rows(tuple[Row, ...]):
    """Rows that are compared by identity, and not to be changed: they are kept."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def part_of(place: Place) -> str:
    """Which of the marks a place has."""
    if len(place.modules) > 1:
        return BOTH
    if not place.modules:
        return NOBODY
    return SURVEY if place.modules[0] is Module.SURVEY else MATURITY


def _labels(view: MapView) -> Labels:
    return tuple((one.cohort.value, one.label) for one in view.areas)


def region_labels(view: MapView) -> Mapping[str, str]:
    """What nations and regions are called, by the register's words."""
    return dict(_labels(view))


def dot_rows(view: MapView, *, is_named: bool) -> Rows:
    """A dot per council, the largest first so that no other hides under it."""
    return _dot_rows(view.places, _labels(view), is_named, current())


@lru_cache(maxsize=_KEPT)
def _dot_rows(places: Places, labels: Labels, is_named: bool, _language: str) -> Rows:
    regions = dict(labels)
    return Rows(
        {
            "row": one.organisation.code,
            "lon": one.organisation.lon,
            "lat": one.organisation.lat,
            "population": one.organisation.population,
            "part": part_of(one),
            "nation": one.organisation.nation,
            "sentence": _told(one, regions, is_named=is_named),
        }
        for one in sorted(places, key=lambda one: (one.takes_part, -one.organisation.population))
    )


def _told(place: Place, regions: Mapping[str, str], *, is_named: bool) -> str:
    region = place.organisation.region
    return sentence.of_place(place, regions.get(region, region), is_named=is_named)


def area_labels(view: MapView, zoom: Area | None) -> list[Row]:
    """The medians that stand on the map, each beside its area, with where a line to it ends.

    Zoomed to an area its own stands above it. England's would be lost among those of its regions.
    """
    found = []
    for one in view.areas:
        if one.median.value is None or (zoom is not None and one.cohort.key != zoom.cohort.key):
            continue
        west, south, east, north = box(view, one)
        place = label_place(one.cohort.value) if zoom is None else ((west + east) / 2, north)
        if place is not None:
            found.append(
                {
                    "row": one.cohort.key,
                    "lon": place[0],
                    "lat": place[1],
                    "to_lon": (west + east) / 2,
                    "to_lat": (south + north) / 2,
                    "is_above": zoom is not None,
                    "label": "\n".join(wrap(f"{one.label} {number(one.median.value)}", _LINE)),
                    "sentence": sentence.of_area(one),
                }
            )
    return found


def names(view: MapView, zoom: Area | None) -> list[Row]:
    """The names of the councils of an area that is zoomed to, where there is room for them."""
    if zoom is None or len(zoom.cohort.members) > _NAMED:
        return []
    return [
        {
            "lon": one.organisation.lon,
            "lat": one.organisation.lat,
            "population": one.organisation.population,
            "label": organisation_name(one.organisation),
        }
        for one in view.places
        if one.organisation.code in zoom.cohort.members
    ]


def box(view: MapView, area: Area | None) -> Box:
    """West, south, east and north of the councils of an area, in degrees; with most of the land, of all."""
    return _box(view.places, None if area is None else area.cohort.members)


@lru_cache(maxsize=_KEPT * 14)
def _box(places: Places, members: frozenset[str] | None) -> Box:
    inside = [
        (one.organisation.lon, one.organisation.lat)
        for one in places
        if members is None or one.organisation.code in members
    ]
    if members is None or not inside:
        inside += [(-8.0, 50.1), (1.7, 58.6)]
    return (
        min(lon for lon, _lat in inside),
        min(lat for _lon, lat in inside),
        max(lon for lon, _lat in inside),
        max(lat for _lon, lat in inside),
    )


def layouts(view: MapView) -> Mapping[str, str]:
    """The layouts of hexagons that there are for these councils, and what each is called."""
    codes = {one.organisation.code for one in view.places}
    if codes & read_hexagons("invented").keys():
        return {"invented": _("All councils")}
    return {
        "lower": _("Districts and single-tier councils"),
        "upper": _("Counties and single-tier councils"),
    }


def hexagon_rows(view: MapView, layout: str, *, is_named: bool) -> Rows:
    """A hexagon per council of the layout, at column `x` and line `y`."""
    return _hexagon_rows(view.places, layout, _labels(view), is_named, current())


@lru_cache(maxsize=_KEPT)
def _hexagon_rows(places: Places, layout: str, labels: Labels, is_named: bool, _language: str) -> Rows:
    cells, regions = read_hexagons(layout), dict(labels)
    return Rows(
        {
            "row": one.organisation.code,
            "x": cell[0] + (0.5 if cell[1] % 2 else 0.0),
            "y": cell[1],
            "part": part_of(one),
            "nation": one.organisation.nation if one.takes_part else NOBODY,
            "sentence": _told(one, regions, is_named=is_named),
        }
        for one in places
        if (cell := cells.get(one.organisation.code)) is not None
    )


def without_hexagon(view: MapView, layout: str) -> int:
    """How many councils the layout does not know, the counties or districts that it leaves out apart."""
    other = "county" if layout == "lower" else "district" if layout == "upper" else ""
    cells = read_hexagons(layout)
    return sum(one.organisation.code not in cells and one.organisation.type != other for one in view.places)


def hexagon_borders(view: MapView, layout: str) -> Rows:
    """The sides between hexagons of different regions: `x`, `y` to `x2`, `y2`, in columns and lines."""
    return _borders(view.places, layout)


@lru_cache(maxsize=_KEPT)
def _borders(places: Places, layout: str) -> Rows:
    cells = read_hexagons(layout)
    region_at = {
        cells[one.organisation.code]: one.organisation.region
        for one in places
        if one.organisation.code in cells
    }
    found: list[Row] = []
    for (column, row), region in region_at.items():
        shift = row % 2
        for side, cell in enumerate(
            ((column + 1, row), (column + shift, row + 1), (column + shift - 1, row + 1))
        ):
            if region_at.get(cell, region) != region:
                x = column + shift / 2
                (x1, y1), (x2, y2) = _SIDES[side]
                found.append({"x": x + x1, "y": row + y1, "x2": x + x2, "y2": row + y2})
    return Rows(found)


_THIRD = 1 / 3
_SIDES = (
    ((0.5, -_THIRD), (0.5, _THIRD)),
    ((0.5, _THIRD), (0.0, 2 * _THIRD)),
    ((0.0, 2 * _THIRD), (-0.5, _THIRD)),
)
"""The eastern, north-eastern and north-western side of a hexagon, from its middle."""


def hexagon_areas(view: MapView, layout: str) -> list[Row]:
    """Where the label of each area that has a median stands: in the middle of its hexagons."""
    cells = read_hexagons(layout)
    found = []
    for one in view.areas:
        inside = [cells[code] for code in one.cohort.members if code in cells]
        if not inside or one.median.value is None or label_place(one.cohort.value) is None:
            continue
        lines = wrap(one.label, _LINE)
        found.append(
            {
                "x": sum(column + (0.5 if row % 2 else 0.0) for column, row in inside) / len(inside),
                "y": sum(row for _column, row in inside) / len(inside),
                "label": "\n".join(lines),
                "value": number(one.median.value),
                "wide": max(map(len, lines)),
                "tall": len(lines),
            }
        )
    return found


def outlines() -> list[Row]:
    """The land, for a picture of the map."""
    return [dict(one) for one in read_outlines()]


def land() -> bytes:
    """The land as the browser fetches it, once."""
    return read_land()


def boundary_features(store: Store) -> bytes | None:
    """The areas of councils as the browser fetches them, once; None where no file was loaded."""
    found = read_boundaries(store)
    return None if found is None else _features(found)


@lru_cache(maxsize=2)
def _features(boundaries: Boundaries) -> bytes:
    features = (
        f'{{"type":"Feature","properties":{{"i":{place}}},'
        f'"geometry":{{"type":"MultiPolygon","coordinates":{outline}}}}}'
        for place, outline in enumerate(boundaries.outlines.values())
    )
    return ('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}").encode()


def area_kinds(view: MapView, by: str) -> tuple[str, ...]:
    """What each area of the boundary file is coloured by, in its order: a part or a nation, or "none"."""
    if view.boundaries is None:
        return ()
    kinds = {
        one.organisation.code: part_of(one) if by == "part" else one.organisation.nation
        for one in view.places
        if one.takes_part
    }
    return tuple(kinds.get(code, NOBODY) for code in view.boundaries.outlines)


@cache
def land_version() -> str:
    """A word that stands in the address of the land, and changes with it."""
    return sha256(read_land()).hexdigest()[:12]


def table_rows(view: MapView, *, is_named: bool) -> list[dict[str, str]]:
    """The councils as a table; the nations and regions while no name may be shown."""
    if not is_named:
        return area_table(view)
    return [
        {
            _("Council"): organisation_name(one.organisation),
            _("Code"): one.organisation.code,
            _("Kind"): type_label(one.organisation.type),
            _("Nation or region"): region_labels(view).get(one.organisation.region, one.organisation.region),
            _("Takes part in"): ", ".join(sentence.module_label(module) for module in one.modules),
        }
        for one in by_name(view)
    ]


def by_name(view: MapView) -> Sequence[Place]:
    """The places by the names that people read."""
    return _by_name(view.places, current())


@lru_cache(maxsize=_KEPT)
def _by_name(places: Places, _language: str) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda one: organisation_name(one.organisation)))


@dataclass(frozen=True, slots=True)
class Listed:
    """A council to choose: what a search looks in, what it is called, and where it lies and takes part."""

    code: str
    searched: str
    name: str
    note: str


def list_rows(view: MapView) -> Sequence[Listed]:
    """The councils by name, to choose from."""
    return _list_rows(view.places, _labels(view), current())


@lru_cache(maxsize=_KEPT)
def _list_rows(places: Places, labels: Labels, language: str) -> tuple[Listed, ...]:
    regions = dict(labels)
    found = []
    for one in _by_name(places, language):
        name = organisation_name(one.organisation)
        region = regions.get(one.organisation.region, one.organisation.region)
        nation = regions.get(one.organisation.nation, one.organisation.nation)
        searched = "\n".join((name, one.organisation.name, region, nation)).casefold()
        found.append(Listed(one.organisation.code, searched, name, sentence.listed(one, region)))
    return tuple(found)


def area_table(view: MapView) -> list[dict[str, str]]:
    """The nations and regions as a table."""
    return [
        {
            _("Nation or region"): one.label,
            _("Councils"): whole(one.places),
            _("Taking part"): whole(one.taking_part),
            _("Median of overall scores"): reason_sentences()[one.median.withheld]
            if one.median.withheld is not None
            else number(one.median.value or 0.0),
            _("Organisations"): "" if one.organisations.value is None else whole(one.organisations.value),
        }
        for one in view.areas
    ]


def area_rows(view: MapView) -> list[Row]:
    """The rows of improve.charts.scores_spec: a nation or region each."""
    empty = ("word", "mean", "lower", "upper", "q1", "q3", "cohort_median", "last")
    chosen = None if view.choice.cohort is None else view.choice.cohort.cohort.key
    return [
        {
            "order": order,
            "row": one.cohort.key,
            "kind": "aspect",
            "label": one.label,
            "note": sentence.area_note(one),
            "sentence": sentence.of_area(one),
            "chosen": one.cohort.key == chosen,
            **dict.fromkeys(empty),
            "median": one.median.value,
            "withheld": None if one.median.withheld is None else reason_sentences()[one.median.withheld],
        }
        for order, one in enumerate(view.areas)
    ]


def is_nation(area: Area) -> bool:
    """Whether an area is a nation."""
    return area.cohort.kind is CohortKind.NATION


def map_as_json(view: MapView) -> Row:
    """The view model written out (docs/figures.md is its schema)."""
    choice = view.choice
    own = choice.organisation
    return {
        "figures": "map",
        "round": choice.round.label if choice.round else None,
        "is_closed": choice.round.is_closed if choice.round else None,
        "is_provisional": view.is_provisional,
        "instrument": None if view.survey is None else {"id": view.survey.id, "version": view.survey.version},
        "organisation": None if own is None else {"code": own.code, "name": own.name},
        "cohort": choice.cohort.cohort.key if choice.cohort else None,
        "viewer": choice.viewer.role.value,
        "finding": view.finding,
        "notes": list(view.notes),
        "method": list(view.method),
        "own": written(view.own),
        "median": written(view.national),
        "organisations": written(view.national_organisations),
        "areas": [
            {
                "key": one.cohort.key,
                "label": one.label,
                "councils": one.places,
                "taking_part": one.taking_part,
                "lack": None if one.reason is None else one.reason.value,
                "median": written(one.median),
                "organisations": written(one.organisations),
                "sentence": sentence.of_area(one),
            }
            for one in view.areas
        ],
        "councils": [
            {
                "code": one.organisation.code,
                "name": one.organisation.name,
                "type": one.organisation.type,
                "nation": one.organisation.nation,
                "region": one.organisation.region,
                "lon": one.organisation.lon,
                "lat": one.organisation.lat,
                "population": one.organisation.population,
                "modules": [module.value for module in one.modules],
            }
            for one in view.places
        ],
    }
