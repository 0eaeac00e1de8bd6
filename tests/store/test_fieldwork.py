"""How a survey was carried out: days, reminders, arrivals, staff lists."""

from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pytest

from improve.errors import StoreError
from improve.store import (
    RESPONSES,
    Fieldwork,
    read_arrivals,
    read_fieldwork,
    read_staff,
    round_counts,
    write_responses,
    write_staff,
)
from tests.factory import make_delivery, make_organisation, make_store, small_survey

SURVEY = small_survey()
MAY = [date(2026, 5, day) for day in range(1, 31)]


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X1"), make_organisation("X2")))
    yield store
    store.close()


def deliver(store, code="X1", label="2026", times=(None,), again=False, **facts):
    one = make_delivery(SURVEY, label, code, {"A1": [3] * len(times)}, **facts)
    responses = pa.table([range(2, 2 + len(times)), pa.array(times, pa.timestamp("us"))], schema=RESPONSES)
    write_responses(store, [replace(one, batch=replace(one.batch, responses=responses))], replace=again)


def reminders(store, code="X1", label="2026"):
    return read_fieldwork(store, label, code, "small").reminders


def test_facts_of_a_survey(store):
    assert read_fieldwork(store, "2026", "X1", "small") is None
    deliver(store)
    assert read_fieldwork(store, "2026", "X1", "small") == Fieldwork(None, 1, None, None, ())
    facts = {"invited": 40, "opened_on": MAY[0], "closed_on": MAY[20], "reminders": (MAY[9], MAY[4], MAY[9])}
    deliver(store, times=(None, None), **facts)
    assert read_fieldwork(store, "2026", "X1", "small") == Fieldwork(40, 3, MAY[0], MAY[20], (MAY[4], MAY[9]))
    assert read_fieldwork(store, "2026", "X2", "small") is None
    assert read_fieldwork(store, "2026", "X1", "other") is None


def test_reminders_given_replace_those_known_and_none_given_keeps_them(store):
    for code, label in (("X1", "2026"), ("X2", "2026"), ("X1", "2025")):
        deliver(store, code, label, reminders=(MAY[1],))
    deliver(store)
    deliver(store, again=True)
    assert reminders(store) == (MAY[1],)
    deliver(store, reminders=(MAY[7], MAY[3]))
    assert reminders(store) == (MAY[3], MAY[7])
    assert reminders(store, "X2") == reminders(store, "X1", "2025") == (MAY[1],)


def test_of_several_files_in_one_write_the_last_with_reminders_counts(store):
    files = [
        make_delivery(SURVEY, "2026", "X1", {"A1": [1]}, reminders=days)
        for days in ((MAY[1],), (MAY[2], MAY[3]), ())
    ]
    write_responses(store, files)
    assert reminders(store) == (MAY[2], MAY[3])


def test_arrivals_are_counted_by_day(store):
    times = [datetime(2026, 5, 3, 23, 59, 59), datetime(2026, 5, 2), None, datetime(2026, 5, 3), None]
    deliver(store, times=times)
    deliver(store, times=[datetime(2026, 5, 2, 12)])
    deliver(store, "X2", times=[datetime(2026, 5, 1)])
    deliver(store, label="2025", times=[datetime(2025, 5, 1)])
    assert read_arrivals(store, "2026", "X1", "small") == ((MAY[1], 2), (MAY[2], 2))
    deliver(store, times=[datetime(2026, 5, 9), None], again=True)
    assert read_arrivals(store, "2026", "X1", "small") == ((MAY[8], 1),)
    assert read_arrivals(store, "2026", "X1", "other") == ()


GROUPS = (("AREA", "Roads", 40), ("AREA", "Care", 0), ("JOB", "Manager", 12), ("AREA", "Care", 7))


def test_a_staff_list_comes_back_in_the_order_of_its_file(store):
    deliver(store)
    assert read_staff(store, "2026", "X1") is None
    write_staff(store, "2026", "X1", GROUPS, "staff.csv", "abc")
    found = read_staff(store, "2026", "X1")
    assert found.file_name == "staff.csv"
    assert isinstance(found.imported_at, datetime)
    assert dict(found.groups) == {
        "AREA": (("Roads", 40), ("Care", 0), ("Care", 7)),
        "JOB": (("Manager", 12),),
    }


def test_a_staff_list_takes_the_place_of_the_one_before_and_of_no_other(store):
    deliver(store)
    deliver(store, label="2025")
    for label, code in (("2026", "X1"), ("2025", "X1"), ("2026", "X2")):
        write_staff(store, label, code, GROUPS, "staff.csv", "abc")
    write_staff(store, "2026", "X1", (("AREA", "Parks", 3),), "new.csv", "def")
    found = read_staff(store, "2026", "X1")
    assert (found.file_name, dict(found.groups)) == ("new.csv", {"AREA": (("Parks", 3),)})
    for label, code in (("2025", "X1"), ("2026", "X2")):
        assert read_staff(store, label, code).file_name == "staff.csv"
        assert len(read_staff(store, label, code).groups["AREA"]) == 3
    write_staff(store, "2026", "X1", (), "empty.csv", "ghi")
    assert dict(read_staff(store, "2026", "X1").groups) == {}


def test_a_staff_list_moves_its_round(store):
    deliver(store)
    before, counts = store.revision("survey/2026"), round_counts(store, "2026", "small")
    write_staff(store, "2026", "X1", GROUPS, "staff.csv", "abc")
    assert store.revision("survey/2026") == before + 1
    assert round_counts(store, "2026", "small") is not counts


def test_a_staff_list_of_a_round_nobody_knows(store):
    deliver(store)
    with pytest.raises(StoreError, match=r"^There is no round called 2031\.$"):
        write_staff(store, "2031", "X1", GROUPS, "staff.csv", "abc")
    assert read_staff(store, "2031", "X1") is None
    assert store.revision("survey/2031") == 0
