"""How alike two councils are: the published formula by hand, and distances against known ones."""

from dataclasses import replace
from math import asin, cos, log2, radians, sin, sqrt

import numpy as np
import pytest

from improve.register import distances, neighbours, read_register
from tests.factory import make_organisation

HERE = make_organisation("A", population=100_000, lon=-3.18, lat=51.48)


def slow(one, other):
    """The formula once more, as it is told."""
    p, q = radians(one.lat), radians(other.lat)
    half = sin((p - q) / 2) ** 2 + cos(p) * cos(q) * sin(radians(one.lon - other.lon) / 2) ** 2
    far = abs(log2(one.population / other.population)) + 2 * 6371 * asin(sqrt(half)) / 200
    services = {"county": "upper", "district": "lower"}
    if services.get(one.type, "all") != services.get(other.type, "all"):
        far += 2
    elif one.type != other.type:
        far += 0.5
    return far + (0.5 if one.nation != other.nation else 0)


@pytest.mark.parametrize(
    ("facts", "distance"),
    [
        ({}, 0),
        ({"population": 400_000}, 2),
        ({"population": 50_000}, 1),
        ({"type": "unitary"}, 2),
        ({"type": "county"}, 2),
        ({"nation": "Wales"}, 0.5),
    ],
)
def test_each_fact_weighs_what_is_published(facts, distance):
    assert distances([HERE], [replace(HERE, code="B", **facts)])[0, 0] == pytest.approx(distance)


def test_of_two_that_do_the_same_services_the_type_weighs_little():
    one, other = replace(HERE, type="unitary"), replace(HERE, type="Welsh unitary")
    assert distances([one], [other])[0, 0] == pytest.approx(0.5)


def test_cardiff_is_as_far_from_edinburgh_as_maps_say():
    (one,) = neighbours(HERE, [replace(HERE, code="B", lon=-3.19, lat=55.95)])
    assert one.kilometres == pytest.approx(497, abs=3)
    assert one.distance == pytest.approx(one.kilometres / 200)


def test_the_whole_register_against_the_slow_formula():
    register = read_register()[::9]
    found = distances(register, register)
    wanted = [[slow(one, other) for other in register] for one in register]
    assert np.allclose(found, wanted)


def test_neighbours_come_nearest_first_with_their_reasons():
    register = read_register()
    cardiff = next(one for one in register if one.code == "W06000015")
    found = neighbours(cardiff, register)
    assert len(found) == len(register) - 1
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    assert {one.organisation.name for one in found[:3]} & {"Swansea", "Rhondda Cynon Taf"}
    first = found[0]
    assert (first.is_same_type, first.is_same_nation, first.has_same_services) == (True, True, True)
    assert first.times == pytest.approx(first.organisation.population / cardiff.population)


def test_of_equally_near_ones_the_code_decides_and_nobody_is_its_own_neighbour():
    twins = [replace(HERE, code=code) for code in ("C", "A", "B")]
    assert [one.organisation.code for one in neighbours(HERE, twins)] == ["B", "C"]
    assert neighbours(HERE, [HERE]) == ()


def test_a_place_without_people_is_far_and_no_error():
    assert np.isfinite(distances([HERE], [replace(HERE, code="B", population=0)])).all()
