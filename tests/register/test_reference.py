"""The register of real councils against the official counts, and how a wrong file is refused."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from improve.errors import RegisterError
from improve.model import Organisation
from improve.register import read_register
from improve.register.reference import COUNCILS

REGISTER = read_register()


def test_counts_by_nation_and_type() -> None:
    assert Counter((one.nation, one.type) for one in REGISTER) == {
        ("England", "county"): 21,
        ("England", "unitary"): 63,
        ("England", "metropolitan borough"): 36,
        ("England", "London borough"): 32,
        ("England", "City corporation"): 1,
        ("England", "district"): 164,
        ("Scotland", "Scottish council area"): 32,
        ("Wales", "Welsh unitary"): 22,
        ("Northern Ireland", "NI district"): 11,
    }


def test_counts_by_region() -> None:
    assert Counter(one.region for one in REGISTER) == {
        "East Midlands": 39,
        "East of England": 50,
        "London": 33,
        "North East": 12,
        "North West": 36,
        "South East": 70,
        "South West": 29,
        "West Midlands": 33,
        "Yorkshire and The Humber": 15,
        "Scotland": 32,
        "Wales": 22,
        "Northern Ireland": 11,
    }


def test_codes_are_unique_and_tell_the_type() -> None:
    prefixes = {
        "county": "E10",
        "unitary": "E06",
        "metropolitan borough": "E08",
        "London borough": "E09",
        "City corporation": "E09",
        "district": "E07",
        "Scottish council area": "S12",
        "Welsh unitary": "W06",
        "NI district": "N09",
    }
    assert len({one.code for one in REGISTER}) == 382
    for one in REGISTER:
        assert re.fullmatch(prefixes[one.type] + r"[0-9]{6}", one.code), one


def test_names_are_unique() -> None:
    for names in ([one.name for one in REGISTER], [one.official_name for one in REGISTER]):
        assert len(set(names)) == 382


def test_former_codes_are_nobodys_current_code() -> None:
    former = [code for one in REGISTER for code in one.former_codes]
    assert len(former) == len(set(former)) == 19
    assert not set(former) & {one.code for one in REGISTER}
    assert all(re.fullmatch(r"[ESW][0-9]{8}", code) for code in former)
    by_former = {code: one.name for one in REGISTER for code in one.former_codes}
    assert by_former["E06000048"] == "Northumberland"
    assert by_former["S12000043"] == by_former["S12000046"] == "Glasgow"
    assert by_former["E10000023"] == "North Yorkshire"


def test_points_lie_in_the_united_kingdom_and_in_their_nation() -> None:
    boxes = {  # west, south, east, north
        "England": (-6.5, 49.8, 1.8, 55.9),
        "Wales": (-5.4, 51.3, -2.6, 53.5),
        "Scotland": (-8.7, 54.6, -0.7, 60.9),
        "Northern Ireland": (-8.2, 54.0, -5.4, 55.4),
    }
    for one in REGISTER:
        west, south, east, north = boxes[one.nation]
        assert west < one.lon < east, one
        assert south < one.lat < north, one


def test_populations_add_up() -> None:
    assert sum(one.population for one in REGISTER if one.type != "county") == 69_281_437
    districts: dict[str, int] = defaultdict(int)
    for one in REGISTER:
        assert bool(one.parent_county) is (one.type == "district"), one
        if one.type == "district":
            districts[one.parent_county] += one.population
    assert districts == {one.name: one.population for one in REGISTER if one.type == "county"}


def test_districts_lie_in_their_countys_region() -> None:
    regions = {one.name: one.region for one in REGISTER if one.type == "county"}
    for one in REGISTER:
        if one.type == "district":
            assert one.region == regions[one.parent_county], one


def test_every_welsh_council_and_no_other_has_its_welsh_name() -> None:
    assert {one.name: one.welsh_name for one in REGISTER if one.welsh_name} == {
        "Isle of Anglesey": "Ynys Môn",
        "Gwynedd": "Gwynedd",
        "Conwy": "Conwy",
        "Denbighshire": "Sir Ddinbych",
        "Flintshire": "Sir y Fflint",
        "Wrexham": "Wrecsam",
        "Ceredigion": "Ceredigion",
        "Pembrokeshire": "Sir Benfro",
        "Carmarthenshire": "Sir Gaerfyrddin",
        "Swansea": "Abertawe",
        "Neath Port Talbot": "Castell-nedd Port Talbot",
        "Bridgend": "Pen-y-bont ar Ogwr",
        "Vale of Glamorgan": "Bro Morgannwg",
        "Cardiff": "Caerdydd",
        "Rhondda Cynon Taf": "Rhondda Cynon Taf",
        "Caerphilly": "Caerffili",
        "Blaenau Gwent": "Blaenau Gwent",
        "Torfaen": "Torfaen",
        "Monmouthshire": "Sir Fynwy",
        "Newport": "Casnewydd",
        "Powys": "Powys",
        "Merthyr Tydfil": "Merthyr Tudful",
    }


HEADER = (
    "gss_code,short_name,official_name,welsh_name,type,nation,region,"
    "parent_county,lon,lat,population,former_gss_codes"
)
ROW = "X1,Ay,Ay Council,,unitary,England,London,,-1.5,52.0,100,X0; X9"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "register.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_row_becomes_an_organisation(tmp_path: Path) -> None:
    assert read_register(write(tmp_path, HEADER, ROW)) == (
        Organisation(
            *("X1", "Ay", "Ay Council", "", "unitary", "England", "London", "", -1.5, 52.0, 100, ("X0", "X9"))
        ),
    )


BAD = {
    "no_column": ([HEADER.replace("lon,", "")], "register.csv: the register has no column lon"),
    "empty": ([""], "no column gss_code"),
    "header_only": ([HEADER], "the register has no organisation"),
    "code_twice": ([HEADER, ROW, ROW.replace("X0; X9", "")], "line 3: the code X1 stands in line 2"),
    "former_is_current": ([HEADER, ROW, ROW.replace("X1", "X9").replace("X0; X9", "")], "the code X9"),
    "no_name": ([HEADER, ROW.replace("Ay,", ",", 1)], "register.csv, line 2, short_name: it is empty"),
    "unknown_type": ([HEADER, ROW.replace("unitary", "parish")], "line 2, type: it must be one of county"),
    "latitude": ([HEADER, ROW.replace("52.0", "north")], "line 2, lat: it must be a number of degrees"),
    "longitude": ([HEADER, ROW.replace("-1.5", "nan")], "line 2, lon: it must be a number of degrees"),
    "population": ([HEADER, ROW.replace("100", "1e5")], "line 2, population: it must be a whole number"),
    "short_row": ([HEADER, "X1,Ay,Ay Council"], "line 2, type: it is empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_register_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    lines, expected = BAD[case]
    with pytest.raises(RegisterError) as refused:
        read_register(write(tmp_path, *lines))
    assert expected in str(refused.value)


def test_a_register_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"none\.csv: the register cannot be read: No such file"):
        read_register(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + b"\nYnys M\xf4n")
    with pytest.raises(RegisterError, match=r"latin\.csv: the register is not in UTF-8"):
        read_register(tmp_path / "latin.csv")


def test_the_file_says_the_year_and_source_of_each_figure() -> None:
    with COUNCILS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["population_year"] == "2024"
            assert row["point_source"]
