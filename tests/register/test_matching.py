"""An organisation is found by what it is certainly called; everything else is asked back."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.errors import RegisterError
from improve.register import find_organisation, read_register
from improve.register.matching import normalised, spoken_names
from improve.register.reference import COUNCILS

REGISTER = read_register()
CODES = {one.code for one in REGISTER} | {code for one in REGISTER for code in one.former_codes}


def found(wanted: str) -> str:
    return find_organisation(REGISTER, wanted).official_name


def asked(wanted: str) -> str:
    with pytest.raises(RegisterError) as error:
        find_organisation(REGISTER, wanted)
    return str(error.value)


@pytest.mark.parametrize("column", ["gss_code", "official_name", "short_name", "ons_name", "welsh_name"])
def test_every_council_is_found_by_every_name_of_the_file(column: str) -> None:
    with COUNCILS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row[column]:
                for wanted in (row[column], row[column].upper(), f"  {row[column].lower()} "):
                    assert find_organisation(REGISTER, wanted).code == row["gss_code"], wanted


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Gloucester", "Gloucester City Council"),
        ("Gloucestershire", "Gloucestershire County Council"),
        ("Gloucestershire Council", "Gloucestershire County Council"),
        ("City of Gloucester", "Gloucester City Council"),
        ("Cumberland", "Cumberland Council"),
        ("Northumberland", "Northumberland County Council"),
        ("St Helens", "St Helens Council"),
        ("ST. HELENS BOROUGH COUNCIL", "St Helens Council"),
        ("Saint Helens", "St Helens Council"),
        ("kings lynn & west norfolk", "Borough Council of King's Lynn and West Norfolk"),
        ("King’s Lynn and West Norfolk Borough Council", "Borough Council of King's Lynn and West Norfolk"),
        ("Telford and Wrekin", "Telford & Wrekin Council"),
        ("Stoke on Trent", "Stoke-on-Trent City Council"),
        ("Hull", "Hull City Council"),
        ("Bristol, City of", "Bristol City Council"),
        ("Herefordshire, County of", "Herefordshire Council"),
        ("Durham", "Durham County Council"),
        ("Westminster City Council", "City of Westminster"),
        ("Barnet Council", "London Borough of Barnet"),
        ("Highland", "The Highland Council"),
        ("The City of London", "City of London Corporation"),
        ("Wyre", "Wyre Council"),
        ("Newcastle City Council", "Newcastle City Council"),
        ("Newcastle upon Tyne", "Newcastle City Council"),
        ("Bradford City Council", "City of Bradford Metropolitan District Council"),
        ("Wrecsam", "Wrexham County Borough Council"),
        ("Cyngor Bwrdeistref Sirol Wrecsam", "Wrexham County Borough Council"),
        ("ynys mon", "Isle of Anglesey County Council"),
        ("Cyngor Sir Ynys Môn", "Isle of Anglesey County Council"),
        ("Cyngor Sir Ddinbych", "Denbighshire County Council"),
        ("Cyngor Sir Penfro", "Pembrokeshire County Council"),
        ("Cyngor Sir Gâr", "Carmarthenshire County Council"),
        ("Cyngor Dinas a Sir Abertawe", "City and County of Swansea Council"),
        ("Cyngor Caerdydd", "City of Cardiff Council"),
        ("Pen y Bont ar Ogwr", "Bridgend County Borough Council"),
        ("Cardiff Council", "City of Cardiff Council"),
        ("e06000048", "Northumberland County Council"),
        ("W06000007", "Powys County Council"),
    ],
)
def test_a_certain_name_is_taken(wanted: str, name: str) -> None:
    assert found(wanted) == name


@pytest.mark.parametrize(
    ("wanted", "suggested"),
    [
        (
            "Newcastle",
            ["Newcastle City Council (E08000021)", "Newcastle-under-Lyme Borough Council (E07000195)"],
        ),
        ("Newcastle Borough Council", ["E08000021", "E07000195"]),
        ("Richmond", ["London Borough of Richmond upon Thames (E09000027)"]),
        ("Gloucester County Council", ["E07000081", "Gloucestershire County Council (E10000013)"]),
        ("Leicester County Council", ["Leicester City Council (E06000016)", "E10000018"]),
        ("City of Durham", ["Durham County Council (E06000047)"]),
        ("County of Bedford", ["Bedford Borough Council (E06000055)"]),
        ("Buckinghamshire County Council", ["Buckinghamshire Council (E06000060)"]),
        ("Surey", ["Surrey County Council (E10000030)"]),
        ("Caerffilli", ["Caerphilly County Borough Council (W06000018)"]),
        ("Kingston", ["Hull City Council (E06000010)", "Royal Borough of Kingston upon Thames (E09000021)"]),
        ("Northamptonshire", ["North Northamptonshire", "West Northamptonshire"]),
        ("London", ["City of London Corporation (E09000001)"]),
    ],
)
def test_a_doubtful_name_is_asked_never_taken(wanted: str, suggested: list[str]) -> None:
    message = asked(wanted)
    assert f'"{wanted}"' in message
    assert "did you mean" in message
    for name in suggested:
        assert name in message


def test_a_name_that_two_share_is_asked() -> None:
    leeds = find_organisation(REGISTER, "Leeds")
    county = replace(leeds, code="E10000099", official_name="Leeds County Council", type="county")
    both = (*REGISTER, county)
    with pytest.raises(
        RegisterError, match=r"did you mean Leeds City Council \(E08000035\) or Leeds County Cou"
    ):
        find_organisation(both, "Leeds")
    assert find_organisation(both, "Leeds City Council") == leeds
    assert find_organisation(both, "Leeds County Council") == county


def test_a_current_code_goes_before_a_former_one() -> None:
    leeds = find_organisation(REGISTER, "Leeds")
    other = replace(leeds, code="E08000099", name="Other", official_name="Other", former_codes=(leeds.code,))
    assert find_organisation((other, leeds), leeds.code) == leeds


@pytest.mark.parametrize("wanted", ["E99999999", "w06000099"])
def test_an_unknown_code_is_not_likened_to_names(wanted: str) -> None:
    assert asked(wanted) == f"No organisation of the register has the code {wanted.upper()}."


@pytest.mark.parametrize("wanted", ["xqzzy", "日本", "12345"])
def test_what_is_like_nothing_is_said_so(wanted: str) -> None:
    assert asked(wanted) == (
        f'No organisation of the register is called "{wanted}", and none has a name like it.'
    )


@pytest.mark.parametrize("wanted", ["", "   ", "\n", "--", "the"])
def test_an_empty_name_is_asked_for(wanted: str) -> None:
    assert asked(wanted) == "Say which organisation by its code or its name."


def test_a_long_name_is_compared_whole_and_shown_cut() -> None:
    message = asked("Leeds" + " " * 300 + "x" * 5000)
    assert len(message) < 800


def test_no_name_belongs_to_two_councils() -> None:
    for one in REGISTER:
        for other in REGISTER:
            if one.code < other.code:
                assert one.name != other.name
    holders: dict[str, set[str]] = {}
    for one in REGISTER:
        for name in spoken_names(one):
            holders.setdefault(name, set()).add(one.code)
    assert [name for name, codes in holders.items() if len(codes) > 1] == []


NAMES = sorted({name for one in REGISTER for name in (one.name, one.official_name, one.welsh_name) if name})
WORDS = sorted({word for name in NAMES for word in name.split()})


@settings(deadline=None)
@given(
    st.one_of(
        st.text(),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
        st.tuples(st.sampled_from(NAMES), st.text(max_size=3)).map("".join),
        st.tuples(st.sampled_from(NAMES), st.integers(0, 12)).map(lambda cut: cut[0][: cut[1]]),
    )
)
def test_nothing_crashes_and_nothing_is_taken_that_is_not_its_name(wanted: str) -> None:
    try:
        organisation = find_organisation(REGISTER, wanted)
    except RegisterError as error:
        message = str(error)
        assert message.endswith((".", "?"))
        assert "\n" not in message
    else:
        codes = (organisation.code, *organisation.former_codes)
        assert wanted.strip().upper() in codes or normalised(wanted) in spoken_names(organisation)


@settings(deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once or once.startswith("the ")
