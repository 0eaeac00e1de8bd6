"""Where organisations lie: the outlines of the land, and a hexagon for each (data/reference)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_DATA = Path(__file__).resolve().parents[2] / "data"
LAND = _DATA / "reference" / "land.json"
_HEXAGONS: Mapping[str, Path] = MappingProxyType(
    {
        "lower": _DATA / "reference" / "hex_lower.json",
        "upper": _DATA / "reference" / "hex_upper.json",
        "invented": _DATA / "demonstration" / "hexagons.json",
    }
)
_LABELS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "Scotland": (-7.5, 57.1),
        "Northern Ireland": (-7.4, 55.75),
        "Wales": (-7.4, 52.8),
        "North East": (0.3, 55.65),
        "North West": (-5.6, 53.95),
        "Yorkshire and The Humber": (0.9, 54.75),
        "East Midlands": (1.4, 53.9),
        "West Midlands": (-7.4, 51.85),
        "East of England": (2.3, 53.2),
        "London": (2.3, 51.4),
        "South East": (0.9, 50.3),
        "South West": (-6.3, 50.6),
    }
)


@cache
def read_land() -> bytes:
    """The outlines of the United Kingdom, Ireland and the Isle of Man, as GeoJSON."""
    return LAND.read_bytes()


@cache
def read_outlines() -> tuple[Mapping[str, Any], ...]:
    """The same, as GeoJSON features, one per country."""
    return tuple(json.loads(read_land())["features"])


@cache
def read_hexagons(layout: str) -> Mapping[str, tuple[int, int]]:
    """The cell of each organisation in a layout, as (column, row) by code.

    "lower" has the real councils without the counties, "upper" the counties in their districts' place,
    "invented" the fictional ones. Rows count northwards; every second one lies half a cell further east.
    """
    cells = json.loads(_HEXAGONS[layout].read_text(encoding="utf-8"))
    return MappingProxyType({code: (column, row) for code, (column, row) in cells.items()})


def label_place(area: str) -> tuple[float, float] | None:
    """Where the label of a nation or region stands, in degrees: beside it, where no council lies."""
    return _LABELS.get(area)
