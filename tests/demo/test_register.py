import csv
import re
from collections import Counter
from math import cos, hypot, radians
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process, utils
from scipy.spatial import Delaunay

from improve.demo import read_demonstration_register

COUNCILS = Path(__file__).parents[2] / "data" / "reference" / "councils.csv"


@pytest.fixture(scope="module")
def real():
    with COUNCILS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def fictional():
    return [one for one in read_demonstration_register() if not one.is_trial]


def kilometres(a, b):
    return hypot((a[0] - b[0]) * 111.32 * cos(radians(a[1])), (a[1] - b[1]) * 111.2)


def test_nations_regions_and_types_are_in_true_proportion(fictional, real):
    assert Counter(one.nation for one in fictional) == {
        "Wales": 14,
        "England": 72,
        "Scotland": 7,
        "Northern Ireland": 3,
    }
    english = [one for one in fictional if one.nation == "England"]
    share = 72 / sum(row["nation"] == "England" for row in real)
    for region, there in Counter(row["region"] for row in real if row["nation"] == "England").items():
        assert abs(sum(one.region == region for one in english) - there * share) < 1, region
    for kind in ("county", "unitary", "metropolitan borough", "district"):
        there = sum(row["type"] == kind and row["nation"] == "England" for row in real)
        assert abs(sum(one.type == kind for one in english) - there * share) < 1, kind


def test_london_and_its_boroughs_differ_by_one(fictional):
    london = {one.code for one in fictional if one.region == "London"}
    boroughs = {one.code for one in fictional if one.type == "London borough"}
    assert len(boroughs) >= 7
    assert boroughs < london
    assert len(london - boroughs) == 1


def test_the_one_empty_place_comes_last():
    register = read_demonstration_register()
    assert len(register) == 97
    assert [one.is_trial for one in register] == [False] * 96 + [True]


def test_codes_are_unique_and_cannot_be_gss_codes():
    codes = [one.code for one in read_demonstration_register()]
    assert len(set(codes)) == len(codes)
    assert not [code for code in codes if re.fullmatch(r"[A-Z]\d{8}", code)]


def test_no_name_is_or_resembles_a_real_councils(real):
    columns = [column for column in real[0] if column.endswith("name") or column == "parent_county"]
    assert {"official_name", "welsh_name", "short_name"} <= set(columns)
    known = {utils.default_process(row[column]) for row in real for column in columns if row[column]}
    for one in read_demonstration_register():
        for name in (one.name, one.official_name, one.welsh_name, one.parent_county):
            if name:
                match = process.extractOne(name, known, scorer=fuzz.ratio, processor=utils.default_process)
                assert match[1] < 90, (name, match)


def test_names_are_distinct():
    register = read_demonstration_register()
    for names in ([one.name for one in register], [one.official_name for one in register]):
        assert len({utils.default_process(name) for name in names}) == len(register)
    assert all(one.welsh_name for one in register if one.nation == "Wales")


def test_positions_lie_inside_their_region_and_on_no_real_council(real):
    points = [(float(row["lon"]), float(row["lat"])) for row in real]
    hulls = {
        region: Delaunay(
            np.array([at for at, row in zip(points, real, strict=True) if row["region"] == region])
        )
        for region in {row["region"] for row in real}
    }
    for one in read_demonstration_register():
        at = (one.lon, one.lat)
        assert hulls[one.region].find_simplex(at) >= 0, one
        distances = sorted(
            (kilometres(at, point), row["region"]) for point, row in zip(points, real, strict=True)
        )
        assert distances[0][0] >= 2.95, one
        assert one.region in {region for _, region in distances[:3]}, one


def test_populations_are_those_of_such_councils(real):
    sizes = {}
    for row in real:
        sizes.setdefault(row["type"], []).append(int(row["population"]))
    for one in read_demonstration_register():
        there = sizes.get(one.type, sizes["London borough"])
        assert 0.9 * min(there) <= one.population <= max(there), one
