"""The land, and a hexagon for every council."""

import json

import pytest

from improve.demo.register import read_demonstration_register
from improve.register import label_place, read_hexagons, read_land, read_outlines, read_register


@pytest.mark.parametrize(("layout", "without"), [("lower", "county"), ("upper", "district")])
def test_every_real_council_has_one_hexagon(layout, without):
    cells = read_hexagons(layout)
    assert set(cells) == {one.code for one in read_register() if one.type != without}
    assert len(set(cells.values())) == len(cells)


def test_every_invented_council_has_one_hexagon():
    cells = read_hexagons("invented")
    assert set(cells) == {one.code for one in read_demonstration_register()}
    assert len(set(cells.values())) == len(cells)


def neighbours(cell):
    column, row = cell
    shift = row % 2
    return {(column + 1, row), (column - 1, row)} | {
        (column + shift + aside, row + up) for aside in (0, -1) for up in (1, -1)
    }


def test_regions_of_the_invented_councils_are_recognised():
    """Nearly every council touches another of its region, and Wales lies west of London."""
    cells = read_hexagons("invented")
    region = {one.code: one.region for one in read_demonstration_register()}
    at = {cell: code for code, cell in cells.items()}
    alone = [
        code
        for code, cell in cells.items()
        if not any(region[code] == region.get(at.get(next_to, "")) for next_to in neighbours(cell))
    ]
    assert len(alone) <= 2, alone
    middle = {
        name: [cells[code][0] for code, where in region.items() if where == name]
        for name in ("Wales", "London")
    }
    assert max(middle["Wales"]) < min(middle["London"])


def test_the_land_is_small_and_holds_the_kingdom():
    land = json.loads(read_land())
    assert len(read_land()) < 100_000
    assert {one["properties"]["name"] for one in land["features"]} == {
        "United Kingdom",
        "Ireland",
        "Isle of Man",
    }
    assert len(read_outlines()) == 3
    for one in land["features"]:
        for polygon in one["geometry"]["coordinates"]:
            for ring in polygon:
                assert ring[0] == ring[-1]
                assert all(-11 < lon < 2 and 49 < lat < 61 for lon, lat in ring)


def test_every_area_but_england_has_a_place_for_its_label():
    areas = {one.region for one in read_register()} | {one.nation for one in read_register()}
    assert {area for area in areas if label_place(area) is None} == {"England"}
