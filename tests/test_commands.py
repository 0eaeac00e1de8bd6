"""What a command does, as a function from a store and arguments to what is printed."""

import json

import pytest

from improve import commands
from improve.commands import COMMANDS, IMPORTS, default_store, find_cohort, run, viewer_of
from improve.errors import RegisterError, SelectionError
from improve.instruments import Library, parse_instrument, read_library
from improve.instruments.library import Entry
from improve.model import Role, Viewer
from improve.register import built_in_cohorts, cohort_label
from improve.store import read_imports, read_organisations, read_staff
from tests.factory import CARDIFF, make_store
from tests.respondents import as_csv, filled


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


def _import(store, content, told=None, **arguments):
    given = {"file_name": "a.csv", "organisation": "Cardiff", "round": "2026", **arguments}
    return run(store, "import survey", given, {"file": content}, told)


STAFF = b"Directorate,Role,People,Note\nHousing,Other,60,x\nRoads,Front-line,9,\n"


def _import_staff(store, content, **arguments):
    given = {"file_name": "staff.csv", "organisation": "Cardiff", "round": "2026", **arguments}
    return run(store, "import staff", given, {"file": content})


def test_every_cohort_is_found_by_key_value_and_name(store):
    for cohort in built_in_cohorts(read_organisations(store)):
        assert find_cohort(store, cohort.key) == cohort.key
        assert find_cohort(store, cohort_label(cohort).upper()) == cohort.key
        assert find_cohort(store, cohort.value) == cohort.key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("all", "all"),
        ("Wales", "nation:Wales"),
        ("london", "region:London"),
        ("London  boroughs", "type:London borough"),
        ("London borough", "type:London borough"),
        ("yorkshire and the humber", "region:Yorkshire and The Humber"),
    ],
)
def test_cohort_as_people_say_it(store, typed, key):
    assert find_cohort(store, typed) == key


@pytest.mark.parametrize("typed", ["", "Wale", "nation:", "nation:Atlantis", "Cymru!"])
def test_unknown_cohort_lists_the_known(store, typed):
    with pytest.raises(SelectionError, match=r"There are: All UK councils, England, .*London boroughs"):
        find_cohort(store, typed)


def test_viewer_of_a_role(store):
    assert viewer_of(store, None) == Viewer(Role.OPERATOR)
    assert viewer_of(store, "Public") == Viewer(Role.PUBLIC)
    assert viewer_of(store, "delegate:Caerdydd") == Viewer(Role.DELEGATE, CARDIFF)
    with pytest.raises(RegisterError):
        viewer_of(store, "member:Atlantis")
    for wrong in ("king", "member", "member:", "operator:Cardiff", ":Cardiff"):
        with pytest.raises(SelectionError):
            viewer_of(store, wrong)


def test_reading_means_the_demonstration_until_there_is_a_real_store(tmp_path):
    real, demonstration = tmp_path / "r", tmp_path / "d"
    for name in ("figures satisfaction", "check", "round list"):
        assert default_store(real, demonstration, name) == demonstration
    for name in (*IMPORTS, "round close", "backup", "restore"):
        assert default_store(real, demonstration, name) == real
    real.touch()
    assert {default_store(real, demonstration, name) for name in COMMANDS} == {real}


def test_progress_of_an_import_rises_to_one(store):
    told = []
    assert _import(store, as_csv(*filled(50, 1)), told.append).status == 0
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert any(0 < share < 0.5 for share in told)
    assert any(0.5 < share < 1 for share in told)


def test_every_object_is_plain_json(store):
    outcomes = [
        _import(store, as_csv(*filled(9, 1)), dry_run=True),
        _import(store, as_csv(*filled(30, 1)), invited=90),
        _import(store, as_csv(*filled(30, 2))),
        run(store, "figures satisfaction", {"round": "2026"}, {}),
        run(store, "figures satisfaction", {"round": "2026", "organisation": "Cardiff"}, {}),
        *(run(store, name, {}, {}) for name in ("check", "round list", "backup")),
        run(store, "round close", {"label": " 2026 "}, {}),
        _import_staff(store, STAFF, dry_run=True),
        _import_staff(store, STAFF),
        _import_staff(store, b"Directorate,People\nHousing,x\n"),
    ]
    assert [one.status for one in outcomes] == [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    for one in outcomes:
        assert json.loads(json.dumps(one.result, allow_nan=False)) == one.result
        assert one.result["command"] in [*COMMANDS, *IMPORTS]


def test_the_days_of_a_survey_are_understood_and_said(store):
    told = {"opened": "2026-05-04", "closed": "22/05/2026", "reminders": ["18/05/2026", "2026-05-11"]}
    header, rows = filled(12, 1)
    timed = as_csv(["Timestamp", *header], [["2026/05/06 9:00:00 am GMT+1", *row] for row in rows])
    outcome = _import(store, timed, invited=70, **told)
    assert outcome.status == 0
    assert outcome.result["fieldwork"] == {
        "invited": 70,
        "opened_on": "2026-05-04",
        "closed_on": "2026-05-22",
        "reminders": ["2026-05-11", "2026-05-18"],
        "time_column": "A",
        "first_answer_on": "2026-05-06",
        "last_answer_on": "2026-05-06",
    }
    again = _import(store, as_csv(*filled(12, 2)), organisation="Swansea")
    assert again.result["fieldwork"] == {
        **dict.fromkeys(outcome.result["fieldwork"]),
        "reminders": [],
    }


@pytest.mark.parametrize("told", [{"opened": "soon"}, {"closed": "31/04/2026"}, {"reminders": ["5"]}])
def test_a_day_that_is_none_is_refused_whole(store, told):
    outcome = _import(store, as_csv(*filled(12, 1)), **told)
    assert (outcome.status, outcome.result) == (2, None)
    assert "Write days as 2026-05-04 or 04/05/2026." in outcome.message
    assert not read_imports(store)


def test_a_staff_list_is_said_group_by_group(store):
    assert _import(store, as_csv(*filled(30, 1))).status == 0
    said = _import_staff(store, STAFF).result
    assert said["stored"] is True
    assert said["organisation"] == {"code": CARDIFF, "name": "Cardiff"}
    assert said["columns"] == [
        {"column": "Directorate", "letter": "A", "holds": "service_area"},
        {"column": "Role", "letter": "B", "holds": "job"},
        {"column": "People", "letter": "C", "holds": "people"},
    ]
    assert said["unused_columns"] == [{"column": "Note", "letter": "D"}]
    assert said["rows"] == {"read": 2, "rejected": 0}
    assert said["groups"] == [
        {"item": "PRF1", "label": "Housing", "people": 60, "known": True},
        {"item": "PRF1", "label": "Roads", "people": 9, "known": False},
        {"item": "PRF2", "label": "Front-line", "people": 9, "known": True},
        {"item": "PRF2", "label": "Other", "people": 60, "known": True},
    ]
    assert read_staff(store, "2026", CARDIFF).groups["PRF1"] == (("Housing", 60), ("Roads", 9))


def test_a_dry_run_and_a_refused_staff_list_write_nothing(store):
    assert _import(store, as_csv(*filled(30, 1))).status == 0
    assert _import_staff(store, STAFF, dry_run=True).result["stored"] is False
    refused = _import_staff(store, b"Directorate,People\nHousing,-3\nRoads,\n")
    assert refused.status == 2
    assert refused.message.endswith("Mend the file. Nothing was stored.")
    assert [(one["row"], one["letter"], one["value"]) for one in refused.result["rejected"]] == [
        (2, "B", "-3"),
        (3, "B", ""),
    ]
    assert _import_staff(store, STAFF, round="2030").status == 2
    assert read_staff(store, "2026", CARDIFF) is None
    assert read_staff(store, "2030", CARDIFF) is None


def test_a_bug_is_not_taken_for_a_mistake(store, monkeypatch):
    def broken(_store, _arguments):
        raise KeyError("x")

    monkeypatch.setattr(commands, "COMMANDS", {"broken": broken})
    with pytest.raises(KeyError):
        run(store, "broken", {}, {})
    assert run(store, "check", {}, {}).message == "There is no command called check."


def _library_with(text):
    return Library((Entry(parse_instrument(text, "changed.yaml"), text, "changed.yaml"),))


def test_check_names_an_instrument_changed_under_its_version(store, monkeypatch):
    assert _import(store, as_csv(*filled(12, 1))).status == 0
    assert run(store, "check", {}, {}).result["problems"] == []
    text = read_library().source_text("satisfaction").replace("The systems I use", "All systems")
    monkeypatch.setattr(commands, "read_library", lambda: _library_with(text))
    problems = run(store, "check", {}, {}).result["problems"]
    assert len(problems) == 1
    assert "satisfaction has changed" in problems[0]
    # Nor is anything taken in for it.
    before = read_imports(store)
    outcome = _import(store, as_csv(*filled(12, 2)), organisation="Swansea")
    assert outcome.status == 2
    assert "satisfaction has changed" in outcome.message
    assert read_imports(store) == before
    newer = text.replace('version: "1.0"', 'version: "1.1"')
    monkeypatch.setattr(commands, "read_library", lambda: _library_with(newer))
    assert run(store, "check", {}, {}).result["problems"] == []
    assert _import(store, as_csv(*filled(12, 2)), organisation="Swansea").status == 0
    # But one organisation's answers to two versions do not meet in one round.
    outcome = _import(store, as_csv(*filled(12, 3)), add=True)
    assert outcome.status == 2
    assert "version 1.0 of the questions, this file version 1.1" in outcome.message


def test_check_goes_on_when_an_instrument_cannot_be_read(store, monkeypatch):
    def broken():
        return _library_with("id: [")

    monkeypatch.setattr(commands, "read_library", broken)
    result = run(store, "check", {}, {}).result
    assert result["instruments"] == 0
    assert "changed.yaml" in result["problems"][0]
