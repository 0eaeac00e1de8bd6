"""The command line as it is typed: every command, what it prints, and what bad input gets."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import duckdb
import msoffcrypto
import numpy as np
import openpyxl
import pytest
import scipy.stats
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from improve import config, opening
from improve.__main__ import main
from improve.instruments import read_library
from tests.factory import copy_store
from tests.respondents import (
    SURVEY,
    as_csv,
    as_workbook,
    command,
    figures,
    filled,
    header,
    survey_file,
    tables,
    take_in,
)

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"


def shell(*arguments, cwd=ROOT, **environment):
    """`python -m improve` as its own process."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("IMPROVE_")}
    return subprocess.run(
        [sys.executable, "-m", "improve", *map(str, arguments)],
        cwd=cwd,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def says(result, *parts):
    """It was refused in one line that holds these words."""
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    for part in parts:
        assert part.lower() in result.stderr.lower()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store into which Cardiff's file was taken in, and that file. Copy it (`own`) to write to it."""
    folder = tmp_path_factory.mktemp("whole")
    file = survey_file(folder)
    store = folder / "improve.duckdb"
    result = take_in(store, file, "Cardiff", "2026", "--invited", "100")
    assert result.exit_code == 0, result.stderr
    return store, file


@pytest.fixture
def own(whole, tmp_path):
    return copy_store(whole[0], tmp_path)


@pytest.fixture
def demonstrated(demonstration, tmp_path):
    return copy_store(demonstration, tmp_path)


@pytest.fixture(scope="module")
def whole_demonstration(demonstration, tmp_path_factory):
    """One for all that only reads."""
    return copy_store(demonstration, tmp_path_factory.mktemp("demonstrated"))


# ── as its own process ─────────────────────────────────────────────────────────────────────────


def test_from_file_to_figures_in_a_shell(tmp_path):
    file = survey_file(tmp_path)
    store = tmp_path / "new.duckdb"
    words = ("import", "survey", file, "--organisation", "Caerdydd", "--round", "2026")
    first = shell("--store", store, *words)
    assert (first.returncode, first.stderr) == (0, "")
    assert "This makes the round 2026." in first.stdout
    assert str(store) in first.stdout
    again = shell(*words, IMPROVE_STORE=str(store))
    assert again.returncode == 2
    assert re.fullmatch(r"This very file was taken in on 20\d\d-\d\d-\d\d .*\n", again.stderr)
    staff = tmp_path / "staff.csv"
    staff.write_text("Directorate,Role,People\nHousing,Office-based,60\nTotal,,60\n")
    words = ("import", "staff", staff, "--organisation", "Cardiff", "--round", "2026")
    listed = shell(*words, IMPROVE_STORE=str(store))
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "60  PRF1  Housing" in listed.stdout
    assert listed.stdout.endswith("Stored.\n")
    words = ("figures", "satisfaction", "--round", "2026", "--organisation", "Cardiff", "--json")
    shown = shell(*words, IMPROVE_STORE=str(store))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert json.loads(shown.stdout)["organisation"]["code"] == "W06000015"


def test_wrong_input_in_a_shell_is_one_line(tmp_path):
    file = tmp_path / "answers.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    words = ("import", "survey", file, "--organisation", "Cardiff", "--round", "2026", "--json")
    result = shell("--store", tmp_path / "new.duckdb", *words)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert json.loads(result.stdout) == {"command": "import survey", "error": result.stderr.strip()}
    assert sorted(tmp_path.iterdir()) == [file]


def test_output_survives_a_terminal_without_our_letters(own):
    words = ("--store", own, "round", "close", "Ŵ\x1b[31m")
    result = shell(*words, PYTHONIOENCODING="iso8859-1", PYTHONUTF8="0")
    assert result.returncode == 2
    assert "There is no round called ?" in result.stderr
    assert "\x1b" not in result.stderr


def test_killed_reader_of_the_output_is_no_traceback(own):
    piped = subprocess.run(
        f'"{sys.executable}" -m improve instruments show satisfaction | head -1',
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Traceback" not in piped.stderr


# ── import ─────────────────────────────────────────────────────────────────────────────────────


def test_import_says_what_it_understood(tmp_path):
    head, rows = filled(12, 3)
    file = tmp_path / "answers.csv"
    file.write_bytes(as_csv([*head, "Home address"], [[*row, "1 High Street"] for row in rows]))
    result = take_in(tmp_path / "s.duckdb", file, "W06000011", "2026", "--dry-run", "--json")
    said = json.loads(result.stdout)
    assert result.exit_code == 0
    assert said["organisation"] == {"code": "W06000011", "name": "Swansea"}
    assert said["round"] == {"label": "2026", "made": True, "closed": False}
    assert said["file"]["format"] == "csv"
    assert said["columns"][0] == {
        "column": "SYS1 importance",
        "letter": "A",
        "item": "SYS1",
        "measure": "importance",
        "option": None,
        "matched_by": "id",
    }
    assert [one["column"] for one in said["unused_columns"]] == ["Home address"]
    assert said["rows"] == {"read": 12, "accepted": 12, "rejected": 0, "empty": 0}
    assert said["stored"] is False
    printed = take_in(tmp_path / "s.duckdb", file, "W06000011", "2026", "--dry-run").stdout
    for part in ("SYS1 importance  <-", "Home address", "12 accepted", "makes the round 2026", "dry run"):
        assert part in printed


def test_dry_run_on_a_missing_store_writes_nothing(tmp_path):
    file = survey_file(tmp_path)
    result = take_in(tmp_path / "s.duckdb", file, "Cardiff", "2026", "--dry-run")
    assert result.exit_code == 0
    assert list(tmp_path.iterdir()) == [file]


def test_dry_run_changes_no_row(whole):
    store, file = whole
    before = tables(store)
    assert take_in(store, file, "Swansea", "2027", "--dry-run").exit_code == 0
    assert tables(store) == before


def test_refused_first_import_makes_no_store(tmp_path):
    file = survey_file(tmp_path)
    says(take_in(tmp_path / "s.duckdb", file, "Atlantis"), "atlantis")
    assert list(tmp_path.iterdir()) == [file]


def test_missing_folder_is_named(tmp_path):
    file = survey_file(tmp_path)
    says(take_in(tmp_path / "no" / "s.duckdb", file), str(tmp_path / "no"), "does not exist")


def test_rows_with_rejected_cells_can_be_left_out(own, tmp_path):
    head, rows = filled(12, 4)
    rows[2][1], rows[5][0] = "9,5", "=SUM(A1)"
    file = tmp_path / "answers.csv"
    file.write_bytes(as_csv(head, rows))
    refused = take_in(own, file, "Swansea", "2026", "--json")
    said = json.loads(refused.stdout)
    says(refused, "2 cells", "row 4, column B", "9,5", "Nothing was stored")
    assert said["error"] == refused.stderr.strip()
    assert [(one["row"], one["letter"], one["value"]) for one in said["rejected"]] == [
        (4, "B", "9,5"),
        (7, "A", "=SUM(A1)"),
    ]
    assert all(one["reason"] for one in said["rejected"])
    taken = take_in(own, file, "Swansea", "2026", "--accept-valid-rows", "--json")
    assert json.loads(taken.stdout)["rows"] == {"read": 12, "accepted": 10, "rejected": 2, "empty": 0}
    assert figures(own, "Swansea")["responses"] == {"value": 10}


def test_same_file_again_and_another_file(own, whole, tmp_path):
    _store, file = whole
    other = survey_file(tmp_path, people=12, seed=9, name="other.csv")
    before = tables(own)
    says(take_in(own, file), "this very file was taken in on 20", "20 responses", "replace")
    says(take_in(own, file, "Cardiff", "2026", "--add"), "this very file")
    says(take_in(own, other), "already 20 responses", "replace", "add")
    says(take_in(own, other, "Cardiff", "2026", "--add", "--replace"), "not for both")
    assert tables(own) == before
    added = take_in(own, other, "Cardiff", "2026", "--add")
    assert added.exit_code == 0
    assert figures(own, "Cardiff")["responses"] == {"value": 32}
    assert take_in(own, other, "Cardiff", "2026", "--replace").exit_code == 0
    assert figures(own, "Cardiff")["responses"] == {"value": 12}
    assert command(own, "check").exit_code == 0
    without_one = tmp_path / "without_one.csv"
    without_one.write_bytes(b"".join(other.read_bytes().splitlines(keepends=True)[:-1]))
    says(take_in(own, without_one, "Cardiff", "2026", "--replace"), "by fewer than 10 responses")
    assert figures(own, "Cardiff")["responses"] == {"value": 12}
    few = take_in(own, without_one, "Cardiff", "2026", "--replace", "--even-if-few-change")
    assert few.exit_code == 0
    assert figures(own, "Cardiff")["responses"] == {"value": 11}
    # What was replaced stands no longer, so its file may come again.
    assert take_in(own, file, "Cardiff", "2026", "--add").exit_code == 0


def test_few_responses_are_not_added(own, tmp_path):
    before = tables(own)
    says(
        take_in(own, survey_file(tmp_path, people=9, seed=5), "Cardiff", "2026", "--add"),
        "at least 10 responses",
    )
    assert tables(own) == before


def test_more_responses_than_people_invited(own, whole, tmp_path):
    says(take_in(own, whole[1], "Swansea", "2026", "--invited", "19"), "19 people invited", "20 responses")
    more = survey_file(tmp_path, people=90, seed=5)
    says(take_in(own, more, "Cardiff", "2026", "--add", "--invited", "109"), "109 people", "110 responses")
    says(take_in(own, more, "Cardiff", "2026", "--add"), "110 responses", "only 100 people were invited")
    assert take_in(own, more, "Cardiff", "2026", "--add", "--invited", "110").exit_code == 0
    assert figures(own, "Cardiff")["response_rate"] == {"value": 1.0}


def test_the_days_of_a_survey_are_told_with_its_file(own, tmp_path):
    file = survey_file(tmp_path, seed=3)
    days = ("--opened", "04/05/2026", "--closed", "2026-05-22")
    reminders = ("--reminder", "11/05/2026", "--reminder", "2026-05-18")
    result = take_in(own, file, "Swansea", "2026", *days, *reminders)
    assert result.exit_code == 0
    assert "Opened: 2026-05-04. Closed: 2026-05-22. Reminders: 2026-05-11, 2026-05-18." in result.stdout
    before = tables(own)
    assert [str(row[-1]) for row in before["reminder"]] == ["2026-05-11", "2026-05-18"]
    late = take_in(own, file, "Swansea", "2026", "--replace", "--reminder", "2026-06-01")
    says(late, "2026-06-01", "after the survey closed on 2026-05-22")
    says(take_in(own, file, "Newport", "2026", "--opened", "5/4/26"), "“5/4/26” is no day")
    says(take_in(own, file, "Newport", "2026", "--closed", "2026-05-01", *days[:2]), "before it opened")
    assert tables(own) == before


def staff_file(folder, text, name="staff.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def list_staff(store, file, *options, organisation="Cardiff", label="2026"):
    return command(store, "import", "staff", file, "--organisation", organisation, "--round", label, *options)


def test_a_staff_list_is_shown_and_stored(own, tmp_path):
    file = staff_file(
        tmp_path, "Directorate,Role,People,Phone\nEduction,1,1200,x\nHousing,2,9,x\nTotal,,9,\n"
    )
    before = tables(own)
    dry = list_staff(own, file, "--dry-run")
    assert dry.exit_code == 0
    for part in (
        "job  <-  Role",
        "not stored:\n    D  Phone",
        "1,200  PRF1  Eduction",
        "9  PRF2  Office-based",
    ):
        assert part in dry.stdout
    for part in ("left out: row 4", "did you mean “Education”?", "fewer", "dry run"):
        assert (part in dry.stdout) is (part != "fewer")
    assert tables(own) == before
    stored = list_staff(own, file, "--json")
    assert json.loads(stored.stdout)["stored"] is True
    after = tables(own)
    assert [row[-1] for row in after["staff_group"]] == [1200, 9, 1200, 9]
    assert {row[0] for row in after["staff_list"]} == {"2026"}
    assert {name for name in before if before[name] != after[name]} == {
        *("staff_list", "staff_group", "revision"),
    }


def test_a_staff_list_that_is_wrong_changes_nothing(own, tmp_path):
    before = tables(own)
    bad = staff_file(tmp_path, "Directorate,Role,People\nHousing,Chief,\x1b[31m4\nRoads,Other,-1\n")
    refused = list_staff(own, bad, "--json")
    says(refused, "3 cells", "row 2, column B (Role)", "Chief", "Nothing was stored")
    assert len(json.loads(refused.stdout)["rejected"]) == 3
    assert "\x1b" not in refused.output
    good = staff_file(tmp_path, "Team,FTE\nRoads,3\n", "good.csv")
    says(list_staff(own, good, label="2030"), "no round called 2030", "2026")
    says(list_staff(own, good, organisation="Atlantis"), "atlantis")
    says(list_staff(own, good, "--instrument", "dma"), "is not a survey")
    says(list_staff(own, staff_file(tmp_path, "Team,FTE\nRoads,3.5\n")), "full-time equivalents")
    says(list_staff(tmp_path / "none.duckdb", good), "none.duckdb")
    assert tables(own) == before
    assert not (tmp_path / "none.duckdb").exists()


def test_same_file_for_another_organisation_is_remarked_upon(own, whole):
    result = take_in(own, whole[1], "Swansea")
    assert result.exit_code == 0
    assert "also taken in for W06000015 in round 2026" in result.stdout


@pytest.mark.parametrize(
    ("label", "stored"),
    [
        ("x" * 60, "x" * 60),
        ("  Spring\n\n 2026 ", "Spring 2026"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; drop table round; --", "'; drop table round; --"),
        ("x" * 61, None),
        ("x" * 200, None),
        (" \n ", None),
        ("2026\x1b[31m", None),
        ("2026\u202e", None),
    ],
)
def test_round_labels(own, whole, label, stored):
    before = tables(own)
    result = take_in(own, whole[1], "Cardiff", label)
    if stored is None:
        says(result, "label of 1 to 60")
        assert tables(own) == before
    else:
        assert result.exit_code == 0, result.stderr
        listed = json.loads(command(own, "round", "list", "--json").stdout)["rounds"]
        assert stored in [one["label"] for one in listed]
        assert figures(own, "Cardiff", label)["round"] == stored


def test_whole_path_of_a_file_is_not_kept(own, tmp_path):
    folder = tmp_path / "Jane Doe private"
    folder.mkdir()
    said = json.loads(take_in(own, survey_file(folder), "Swansea", "2026", "--json").stdout)
    assert said["file"]["name"] == "answers.csv"
    assert "Jane Doe" not in repr(tables(own))


def test_file_name_that_is_no_text(own, tmp_path):
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b.csv"))
    survey_file(tmp_path).rename(file)
    assert take_in(own, file, "Swansea").exit_code == 0
    assert "?" in json.loads(take_in(own, file, "Swansea", "2026", "--json").stdout)["file"]["name"]


@pytest.mark.parametrize(
    ("name", "options", "accepted", "unused"),
    [
        ("limesurvey.csv", (), 12, ["Response ID", "Email address"]),
        ("forms.csv", (), 12, ["Your name"]),
        ("plain.csv", ("--mapping", DATA / "plain.yaml"), 11, ["name"]),
    ],
)
def test_exports_of_survey_tools(own, name, options, accepted, unused):
    result = take_in(own, DATA / name, "Swansea", "2026", "--json", *options)
    said = json.loads(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert said["rows"]["accepted"] == accepted
    assert [one["column"] for one in said["unused_columns"]] == unused
    stored = tables(own)
    assert not any(word in repr(stored) for word in ("@example", "Jane"))
    got = figures(own, "Swansea")
    by_id = {one["id"]: one for one in got["aspects"]}
    assert by_id["SYS1"]["n"] == {"value": 11}
    assert by_id["SYS1"]["mean"]["value"] == pytest.approx(
        np.mean([6, 5, 4, 6, 7, 5, 3, 5, 6, 4, 2]), abs=1e-9
    )
    assert by_id["EQP3"]["mean"] == {"withheld": "not_asked"}


# ── what bad input gets ────────────────────────────────────────────────────────────────────────


HEAD = ["SYS1 importance", "SYS1 satisfaction", "OVR1"]


def _csv(*rows, head=HEAD):
    return as_csv(head, rows or [["5", "5", "5"]])


def _workbook(change):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (HEAD, *([5, 5, 5],) * 3):
        sheet.append(row)
    change(workbook, sheet)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def _with_password():
    content = BytesIO()
    OOXMLFile(BytesIO(_workbook(lambda *_: None))).encrypt("secret", content)
    assert msoffcrypto.OfficeFile(BytesIO(content.getvalue())).is_encrypted()
    return content.getvalue()


def _hide(workbook, sheet):
    workbook.create_sheet("Cover").append(["nothing here"])
    sheet.sheet_state = "hidden"
    workbook.active = 1


def _bomb():
    """A workbook of a few hundred kilobytes that claims more than 300 MB of sheet."""
    clean = _workbook(lambda *_: None)
    content = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(clean)) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            if not entry.filename.endswith("sheet1.xml"):
                target.writestr(entry, source.read(entry))
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(330):
                sheet.write(b" " * 1_000_000)
    assert len(content.getvalue()) < 1_000_000
    return content.getvalue()


BAD = {
    "empty": (b"", (), ("answers.csv", "empty")),
    "header only": (_csv()[: _csv().index(b"\n") + 1], (), ("answers.csv", "header")),
    "wrong encoding": (
        _csv(["5", "5", "5"], head=[*HEAD[:2], "Gwasanaeth ŵ"]),
        ("--encoding", "ascii"),
        ("ascii", "line 1", "utf-8"),
    ),
    "no encoding": (_csv(), ("--encoding", "klingon"), ("klingon", "utf-8")),
    "binary": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 9, (), ("binary", "CSV or XLSX")),
    "protected": (_with_password, (), ("password",)),
    "merged header": (
        lambda: _workbook(lambda _book, sheet: sheet.merge_cells("A1:B1")),
        (),
        ("merged", "A1"),
    ),
    "formulas": (
        lambda: _workbook(lambda _book, sheet: sheet.__setitem__("B3", "=1+4")),
        (),
        ("formula", "B3"),
    ),
    "hidden sheets": (lambda: _workbook(_hide), (), ("no responses",)),
    "no such sheet": (lambda: _workbook(lambda *_: None), ("--sheet", "Answers"), ("Answers", "Sheet")),
    "out of scale": (_csv(["5", "10", "5"]), (), ("row 2, column B", "10", "1 to 7")),
    "decimals": (_csv(["5", "4.5", "5"]), (), ("row 2, column B", "4.5")),
    "words": (_csv(["5", "quite good", "5"]), (), ("row 2, column B", "quite good")),
    "duplicate columns": (_csv(head=[HEAD[0], HEAD[1], HEAD[1]]), (), ("B and C", "same header")),
    "both measures": (
        _csv(["5/6", "5"], head=["SYS1 importance and satisfaction", "OVR1"]),
        (),
        ("importance", "satisfaction"),
    ),
    "one measure unnamed": (_csv(["5", "5"], head=["SYS1", "OVR1"]), (), ("SYS1", "importance")),
    "nothing known": (_csv(["5"], head=["Colour"]), (), ("no column",)),
    "ten thousand columns": (
        as_csv([f"C{n}" for n in range(10_000)], [["1"] * 10_000]),
        (),
        ("10,000", "columns"),
    ),
    "HTML in a rating": (_csv(["5", "<img src=x onerror=alert(1)>", "5"]), (), ("row 2", "<img")),
    "formula in a rating": (_csv(["5", '=HYPERLINK("http://x")', "5"]), (), ("row 2", "=HYPERLINK")),
    "terminal commands": (_csv(["5", "\x9b2J\x1b]0;owned\x07", "5"]), (), ()),
    "zip bomb": (_bomb, (), ("MB",)),
    "200 MB": (lambda: None, (), ("larger than 100 MB",)),
    "ragged": (b"SYS1 importance,SYS1 satisfaction\n5,5,5\n", (), ("row 2", "3 cells")),
    "only blanks": (_csv(["", "", ""], ["n/a", "-", ""]), (), ("no row holds an answer",)),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_named_and_changes_nothing(whole, tmp_path, kind):
    content, options, parts = BAD[kind]
    content = content() if callable(content) else content
    file = tmp_path / "answers.csv"
    if content is None:
        with file.open("wb") as opened:
            opened.truncate(200_000_000)
    else:
        file.write_bytes(content)
    store = whole[0]
    before = tables(store)
    result = take_in(store, file, "Swansea", "2026", *options)
    says(result, *parts)
    assert not any(letter in result.output for letter in "\x1b\x9b\x07")
    assert tables(store) == before


@pytest.mark.parametrize(
    ("organisation", "parts"),
    [
        ("Atlantis", ("Atlantis",)),
        ("Cardif", ("did you mean", "City of Cardiff Council (W06000015)")),
        ("Newcastle", ("did you mean", "Newcastle City Council (E08000021)", "Newcastle-under-Lyme")),
        ("W06000099", ("W06000099",)),
        ("", ("code or its name",)),
        ("x" * 5_000, ("xxx",)),
        ("\x1b[31m", ()),
    ],
)
def test_organisation_that_is_unknown_or_doubtful(whole, organisation, parts):
    store, file = whole
    before = tables(store)
    result = take_in(store, file, organisation)
    says(result, *parts)
    assert "\x1b" not in result.stderr
    assert tables(store) == before


def test_instrument_changed_under_its_old_version(own, whole, tmp_path):
    text = read_library().source_text("satisfaction")
    changed = tmp_path / "changed.yaml"
    changed.write_text(text.replace("The systems I use work", "All systems work"), encoding="utf-8")
    before = tables(own)
    says(
        take_in(own, whole[1], "Swansea", "2026", "--instrument", changed),
        "changed.yaml",
        "satisfaction 1.0",
        "version number",
    )
    assert tables(own) == before
    # One of its own is kept as it was first used, and found by its id from then on.
    mine = tmp_path / "mine.yaml"
    mine.write_text(text.replace("id: satisfaction", "id: mine"), encoding="utf-8")
    assert take_in(own, whole[1], "Swansea", "2026", "--instrument", mine).exit_code == 0
    mine.write_text(
        changed.read_text(encoding="utf-8").replace("id: satisfaction", "id: mine"), encoding="utf-8"
    )
    before = tables(own)
    says(take_in(own, whole[1], "Gwynedd", "2026", "--instrument", mine), "mine", "1.0", "version number")
    assert tables(own) == before
    assert take_in(own, whole[1], "Gwynedd", "2026", "--instrument", "mine").exit_code == 0
    assert figures(own, "Gwynedd", "2026", "--instrument", "mine")["instrument"]["id"] == "mine"


@pytest.mark.parametrize(
    ("instrument", "parts"),
    [
        ("nonsense", ("nonsense", "satisfaction 1.0")),
        ("dma", ("dma", "not a survey")),
        ("x" * 5_000, ("no instrument",)),
    ],
)
def test_instrument_that_does_not_fit(whole, instrument, parts):
    says(take_in(whole[0], whole[1], "Swansea", "2026", "--instrument", instrument), *parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("columns: {Q1: NOPE}", ("Q1", "NOPE")),
        ("columns: [", ("mapping", "line")),
        ("colums: {}", ("colums",)),
        (b"\xff\xfe\xfa", ("mapping file", "UTF-8")),
    ],
)
def test_mapping_that_is_wrong(whole, tmp_path, text, parts):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_bytes(text if isinstance(text, bytes) else text.encode())
    says(take_in(whole[0], whole[1], "Swansea", "2026", "--mapping", mapping), *parts)


@settings(max_examples=40)
@given(
    words=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    *(
                        "import",
                        "survey",
                        "staff",
                        "dma",
                        "export",
                        "figures",
                        "satisfaction",
                        "round",
                        "list",
                        "close",
                        "check",
                    ),
                    *("backup", "restore", "instruments", "show", "template", "--round", "--as", "--cohort"),
                    *("--submit", "--by", "a.csv"),
                    *("--json", "--organisation", "--invited", "--store", "-1", "2026", "member:", "/"),
                ]
            ),
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
        ),
        max_size=7,
    )
)
def test_no_words_end_in_a_traceback(tmp_path_factory, words):
    nowhere = tmp_path_factory.getbasetemp() / "nowhere"
    runner = CliRunner(env={"IMPROVE_STORE": str(nowhere / "no.duckdb")})
    result = runner.invoke(main, words)
    assert result.exit_code in (0, 2), result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit)


# ── figures ────────────────────────────────────────────────────────────────────────────────────


PEOPLE = (10, 30, 100, 100, 40, 41, 42, 43, 44, 45, 46, 500)
INVITED = (1_000, 2_000, 5_000, 120, 400, 400, 400, 400, 400, 400, 400, 1_500)


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    """Twelve organisations' templates, filled and taken in, two of them as workbooks; closed."""
    folder = tmp_path_factory.mktemp("season")
    store = folder / "improve.duckdb"
    codes = [f"W060000{number:02d}" for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13)]
    answers = {}
    for place, (code, people, invited) in enumerate(zip(codes, PEOPLE, INVITED, strict=True)):
        head, rows = filled(people, seed=100 + place)
        is_workbook = place in (4, 5)
        file = folder / f"{code}.{'xlsx' if is_workbook else 'csv'}"
        file.write_bytes(as_workbook(rows) if is_workbook else as_csv(head, rows))
        result = take_in(store, file, code, "2026", "--invited", invited)
        assert result.exit_code == 0, result.stderr
        table = np.array(rows, dtype=object)
        answers[code] = {
            name: np.array([float(cell) for cell in table[:, place] if cell])
            for place, name in enumerate(head)
            if name.endswith(" satisfaction") or name == "OVR1"
        }
    assert command(store, "round", "close", "2026").exit_code == 0
    return store, answers, dict(zip(codes, zip(PEOPLE, INVITED, strict=True), strict=True))


def tenth(value):
    return np.floor(value * 10 + 0.5 + 1e-9) / 10


def _half_width(values, people, invited):
    n = len(values)
    fraction = np.sqrt((invited - n) / (invited - 1)) if n / invited > 0.05 else 1.0
    return scipy.stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n) * fraction


def test_round_trip_equals_a_hand_calculation(season):
    store, answers, sizes = season
    for code in ("W06000001", "W06000004", "W06000005", "W06000013"):
        people, invited = sizes[code]
        got = figures(store, code)
        assert got["responses"] == {"value": people}
        assert got["response_rate"]["value"] == pytest.approx(people / invited, abs=1e-9)
        shown = {one["id"]: one for one in [got["overall"], *got["aspects"]]}
        assert len(shown) == 21
        for name, values in answers[code].items():
            score = shown[name.split()[0]]
            if len(values) < 10:
                assert score["mean"] == {"withheld": "few_answers"}
                continue
            half = _half_width(values, people, invited)
            assert score["n"]["value"] == len(values)
            assert score["mean"]["value"] == pytest.approx(values.mean(), abs=1e-9)
            assert score["interval"]["value"] == pytest.approx(
                [max(1, values.mean() - half), min(7, values.mean() + half)], abs=1e-9
            )
            assert score["distribution"]["value"] == [int((values == code).sum()) for code in range(1, 8)]
            assert score["missing"]["value"] == pytest.approx(1 - len(values) / people, abs=1e-9)
            counted = [one[name] for one in answers.values() if len(one[name]) >= 10]
            means = np.sort([one.mean() for one in counted])
            assert score["organisations"]["value"] == len(means)
            assert score["answers"]["value"] == sum(map(len, counted))
            assert score["median"]["value"] == pytest.approx(tenth(np.median(means)), abs=1e-9)
            assert score["quartiles"]["value"] == pytest.approx(
                tenth(np.quantile(means, [0.25, 0.75])), abs=1e-9
            )
            assert score["difference"]["value"] == pytest.approx(
                values.mean() - tenth(np.median(means)), abs=1e-9
            )
            assert sum(one["n"] for one in score["spread"]["value"]) == len(means)
            if len(means) == 12:  # statistics.md section 11: of twelve, the 3rd to the 10th
                assert score["median_interval"]["value"] == pytest.approx(tenth(means[[2, 9]]), abs=1e-9)


def test_words_and_places_equal_a_hand_calculation(season):
    store, answers, sizes = season
    words = set()
    for code in sizes:
        got = figures(store, code)
        p_values, differences = [], []
        names = [name for name in answers[code] if name != "OVR1" and len(answers[code][name]) >= 10]
        for name in names:
            own = answers[code][name]
            counted = {one: of[name] for one, of in answers.items() if len(of[name]) >= 10}
            errors = {
                one: _half_width(values, *sizes[one]) / scipy.stats.t.ppf(0.975, len(values) - 1)
                for one, values in counted.items()
            }
            median = np.median([values.mean() for values in counted.values()])
            variance = errors[code] ** 2 + np.pi / 2 * np.mean(np.square(list(errors.values()))) / len(
                counted
            )
            differences.append(own.mean() - median)
            p_values.append(2 * scipy.stats.t.sf(abs(differences[-1]) / np.sqrt(variance), len(own) - 1))
            higher = lower = 0
            for other, values in counted.items():
                if other != code:
                    a, b = errors[code] ** 2, errors[other] ** 2
                    df = (a + b) ** 2 / (a**2 / (len(own) - 1) + b**2 / (len(values) - 1))
                    gap = values.mean() - own.mean()
                    if 2 * scipy.stats.t.sf(abs(gap) / np.sqrt(a + b), df) <= 0.05:
                        higher, lower = higher + (gap > 0), lower + (gap < 0)
            score = next(one for one in got["aspects"] if one["id"] == name.split()[0])
            assert score["position"]["value"] == [1 + higher, len(counted) - lower, len(counted)]
        adjusted = scipy.stats.false_discovery_control(p_values)
        for name, difference, p_value in zip(names, differences, adjusted, strict=True):
            word = "similar" if p_value > 0.05 else "higher" if difference > 0 else "lower"
            score = next(one for one in got["aspects"] if one["id"] == name.split()[0])
            assert score["comparison"] == {"value": word}
            words.add(word)
    assert words == {"higher", "similar", "lower"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("W06000001", 1.00),
        ("W06000002", 0.52),
        ("W06000003", 0.28),
        ("W06000004", 0.11),
        ("W06000013", 0.10),
    ],
)
def test_check_values_of_the_guide(season, code, expected):
    """Half-widths at s = 1.4: n 10, 30, 100, 100 of N 120, 500 of N 1,500."""
    store, answers, _sizes = season
    overall = figures(store, code)["overall"]
    low, high = overall["interval"]["value"]
    assert len(answers[code]["OVR1"]) == overall["n"]["value"]
    half = (high - low) / 2 * 1.4 / answers[code]["OVR1"].std(ddof=1)
    assert half == pytest.approx(expected, abs=0.005)


def test_figures_as_text_hold_them_all(season):
    store, answers, _sizes = season
    result = command(store, "figures", "satisfaction", "--round", "2026", "--organisation", "W06000005")
    row = next(line for line in result.stdout.splitlines() if line.startswith("Reliability"))
    values = answers["W06000005"]["SYS1 satisfaction"]
    assert f"  {len(values)} " in row
    assert f"  {values.mean():.2f}  " in row
    assert row.endswith(" ".join(str((values == code).sum()) for code in range(1, 8)))


def test_withheld_figures_say_why(season):
    store, _answers, _sizes = season
    result = command(
        store,
        "figures",
        "satisfaction",
        "--round",
        "2026",
        "--organisation",
        "Isle of Anglesey",
        "--as",
        "operator",
    )
    assert "[1] Fewer than 10 answers." in result.stdout
    assert re.search(r"^Overall +10 ", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("cohort", ["nation:Wales", "wales", "WALES", " Wales "])
def test_cohort_by_key_and_by_name(season, cohort):
    got = figures(season[0], "W06000005", "2026", "--cohort", cohort)
    assert got["cohort"] == "nation:Wales"
    assert got["overall"]["cohort_median"] == got["overall"]["median"]


def test_figures_for_nobody_and_for_others_roles(season):
    store = season[0]
    nobody = figures(store, None)
    assert nobody["organisation"] is None
    assert nobody["overall"]["mean"] == {"withheld": "no_organisation"}
    assert "value" in nobody["overall"]["median"]
    own = figures(store, None, "2026", "--as", "member:Gwynedd")
    assert own["organisation"]["code"] == "W06000002"
    assert own["viewer"] == "member"
    public = figures(store, None, "2026", "--as", "public")
    assert public["overall"]["spread"] == {"withheld": "not_yours"}


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (("--round", "1999"), ("1999", "2026")),
        (("--round", "1999", "--organisation", "Cardiff"), ("1999", "2026")),
        (("--round", "2026", "--cohort", "Atlantis"), ("Atlantis", "Wales", "London boroughs")),
        (("--round", "2026", "--cohort", "Scotland"), ("Scotland",)),
        (("--round", "2026", "--organisation", "Atlantis"), ("Atlantis",)),
        (("--round", "2026", "--instrument", "nonsense"), ("nonsense", "satisfaction")),
        (("--round", "2026", "--as", "king"), ("king", "member", "operator")),
        (("--round", "2026", "--as", "member"), ("member:ORGANISATION",)),
        (("--round", "2026", "--as", "public:Gwynedd"), ("public", "no organisation")),
        (("--round", "2026", "--as", "member:Gwynedd", "--organisation", "Flintshire"), ("may not see",)),
    ],
)
def test_figures_that_cannot_be(season, options, parts):
    result = command(season[0], "figures", "satisfaction", *options, "--json")
    says(result, *parts)
    assert json.loads(result.stdout) == {"command": "figures satisfaction", "error": result.stderr.strip()}


def test_open_round_is_hidden_from_the_public(own):
    says(command(own, "figures", "satisfaction", "--round", "2026", "--as", "public"), "2026", "none yet")
    provisional = figures(own, "Cardiff")
    assert provisional["is_provisional"] is True


# ── demonstration and defaults ─────────────────────────────────────────────────────────────────


def test_trial_file_beside_the_demonstration(demonstrated, tmp_path):
    result = take_in(demonstrated, survey_file(tmp_path, people=60), "TRIAL", "2026", "--invited", "200")
    assert result.exit_code == 0, result.stderr
    got = figures(demonstrated, "Your organisation (trial)", "2026", "--cohort", "Wales")
    assert got["store"] == "demonstration"
    assert got["organisation"]["code"] == "TRIAL"
    assert got["responses"] == {"value": 60}
    for figure in ("median", "quartiles", "comparison", "position", "cohort_median"):
        assert "value" in got["overall"][figure]
    # The benchmark was made without it.
    before = figures(demonstrated, "DW07", "2026", "--cohort", "Wales")
    assert before["overall"]["organisations"] == got["overall"]["organisations"]
    text = command(demonstrated, "figures", "satisfaction", "--round", "2026", "--organisation", "trial")
    assert text.stdout.startswith("Demonstration data")


def test_maturity_in_sentences_and_as_json(demonstrated):
    words = ("figures", "maturity", "--round", "2026", "--organisation", "DW07")
    text = command(demonstrated, *words)
    assert (text.exit_code, text.stderr) == (0, "")
    lines = text.stdout.splitlines()
    assert lines[0].startswith("Demonstration data")
    assert lines[1].startswith("The overall level is ")
    assert sum(" of the criteria met. " in line for line in lines) == 9
    found = json.loads(command(demonstrated, *words, "--cohort", "Wales", "--json").stdout)
    assert (found["command"], found["figures"], found["store"]) == (
        "figures maturity",
        "maturity",
        "demonstration",
    )
    assert (found["cohort"], found["instrument"]["id"]) == ("nation:Wales", "dma")
    assert found["functions"][0]["name"] == "Digital leadership"
    assert len(found["criteria"]) == 90
    assert found["overall"]["own"]["value"] == np.median(
        [one["level"]["own"]["value"] for one in found["functions"]]
    )


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--round", "2099"), ("no round called 2099",)),
        (("--round", "2026", "--organisation", "Cardiff"), ("Cardiff",)),
        (("--round", "2026", "--as", "member:DW07", "--organisation", "DW08"), ("may not see the figures",)),
        (("--round", "2026", "--as", "delegate"), ("delegate:ORGANISATION",)),
        (("--round", "2026", "--cohort", "Atlantis"), ("no group called Atlantis",)),
        (("--round", "2026", "--instrument", "satisfaction"), ("no instrument of digital maturity", "dma")),
    ],
)
def test_maturity_wishes_that_cannot_be_followed(whole_demonstration, words, parts):
    says(command(whole_demonstration, "figures", "maturity", *words), *parts)


def test_cohort_too_like_another_says_so(demonstrated):
    got = figures(demonstrated, "DW07", "2026", "--cohort", "London boroughs")
    assert got["cohort"] == "type:London borough"
    assert got["overall"]["cohort_median"] == {"withheld": "cohort_too_close"}


def test_real_council_is_unknown_to_the_demonstration(demonstrated, tmp_path):
    says(take_in(demonstrated, survey_file(tmp_path), "Cardiff"), "Cardiff")


@pytest.fixture
def fresh(tmp_path, monkeypatch, demonstration):
    """An installation with its demonstration and no real store."""
    monkeypatch.setattr(config, "REAL_STORE", tmp_path / "improve.duckdb")
    monkeypatch.setattr(config, "DEMONSTRATION_STORE", copy_store(demonstration, tmp_path))
    monkeypatch.delenv("IMPROVE_STORE", raising=False)
    return tmp_path


def test_without_a_store_the_demonstration_until_a_first_import(fresh):
    assert figures(None, "DW07")["store"] == "demonstration"
    for words in (("round", "close", "2026"), ("backup", fresh / "b.duckdb")):
        says(command(None, *words), "There is no store", "improve.duckdb")
    says(take_in(None, survey_file(fresh), "Atlantis"), "Atlantis")
    assert figures(None, "DW07")["store"] == "demonstration"
    taken = take_in(None, survey_file(fresh), "Cardiff", "2026")
    assert taken.exit_code == 0
    assert str(fresh / "improve.duckdb") in taken.stdout
    assert figures(None, "Cardiff")["store"] == "real"


def test_without_any_store_the_demonstration_is_made(tmp_path, monkeypatch):
    filled_stores = []
    monkeypatch.setattr(config, "REAL_STORE", tmp_path / "improve.duckdb")
    monkeypatch.setattr(config, "DEMONSTRATION_STORE", tmp_path / "demonstration.duckdb")
    monkeypatch.setattr(opening, "fill_demonstration", lambda store, _tell: filled_stores.append(store))
    monkeypatch.delenv("IMPROVE_STORE", raising=False)
    assert command(None, "round", "list").exit_code == 0
    assert command(None, "demo").exit_code == 0
    assert [store.path.name for store in filled_stores] == ["demonstration.duckdb"] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["demonstration.duckdb"]


def test_demo_leaves_a_real_store_alone(own):
    before = tables(own)
    says(command(own, "demo"), "real store", "never mix")
    assert tables(own) == before


def test_no_store_where_one_is_named(tmp_path):
    for words in (("check",), ("round", "list"), ("figures", "satisfaction", "--round", "2026")):
        says(command(tmp_path / "no.duckdb", *words), "There is no store", "no.duckdb")
    assert not list(tmp_path.iterdir())


def test_file_that_is_no_store(tmp_path, whole):
    for place, content in enumerate((b"nonsense" * 1000, b"")):
        path = tmp_path / f"{place}.duckdb"
        path.write_bytes(content)
        says(command(path, "check"), path.name)
        says(take_in(path, whole[1]), path.name)


# ── rounds, check, backup, restore ─────────────────────────────────────────────────────────────


def test_rounds_are_listed_and_closed(own):
    assert "2026  collecting" in command(own, "round", "list").stdout
    says(command(own, "round", "close", "2027"), "2027", "2026")
    closed = command(own, "round", "close", "2026", "--json")
    assert json.loads(closed.stdout) == {"command": "round close", "round": "2026", "organisations": 1}
    assert "2026  closed 20" in command(own, "round", "list").stdout


def test_closing_again_after_one_council_changed_is_refused_unless_insisted(own, whole):
    assert command(own, "round", "close", "2026").exit_code == 0
    assert take_in(own, whole[1], "Swansea").exit_code == 0
    says(command(own, "round", "close", "2026"), "fewer than 3")
    assert command(own, "round", "close", "2026", "--even-if-few-change").exit_code == 0


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("update answer set code = 8 - code where code is not null", "counts of W06000015"),
        ("update item_count set n = n + 1 where item = 'OVR1'", "counts of W06000015"),
        ("update item_gap set squares = squares + 2", "gaps of W06000015"),
        ("update participation set responses = 21", "W06000015"),
        ("delete from response where id = (select max(id) from response)", ""),
        ("update instrument set definition = replace(definition, 'systems', 'tools')", "satisfaction 1.0"),
    ],
)
def test_check_finds_what_was_tampered_with(own, statement, part):
    assert command(own, "check").exit_code == 0
    with duckdb.connect(str(own)) as connection:
        connection.execute(statement)
    result = command(own, "check", "--json")
    said = json.loads(result.stdout)
    says(result, "found")
    assert said["problems"]
    assert any(part in problem for problem in said["problems"])
    assert said["error"] == result.stderr.strip()


def test_backup_and_restore_give_the_same_store(own, whole, tmp_path):
    copy = tmp_path / "copy.duckdb"
    assert command(own, "backup", copy).exit_code == 0
    before = tables(own)
    assert tables(copy) == before
    assert not any((tmp_path / "backups").iterdir())
    assert take_in(own, whole[1], "Swansea").exit_code == 0
    later = tables(own)
    restored = command(own, "restore", copy)
    assert restored.exit_code == 0
    assert tables(own) == before
    kept = next(tmp_path.glob("improve.before-restore-*.duckdb"))
    assert str(kept) in restored.stdout
    assert tables(kept) == later
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["backups", "copy.duckdb", "improve.duckdb", kept.name]
    )
    somewhere = tmp_path / "new" / "improve.duckdb"
    somewhere.parent.mkdir()
    assert command(somewhere, "restore", copy).exit_code == 0
    assert tables(somewhere) == before


def test_restore_over_a_damaged_store(own, tmp_path):
    copy = tmp_path / "copy.duckdb"
    assert command(own, "backup", copy).exit_code == 0
    before = tables(own)
    own.write_bytes(own.read_bytes()[:5_000])
    log = own.with_name(own.name + ".wal")
    log.write_bytes(b"of the damaged one")
    assert command(own, "restore", copy).exit_code == 0
    assert tables(own) == before
    assert not log.exists()


def test_restore_that_cannot_be(own, demonstrated, tmp_path):
    before = tables(own)
    wrong = tmp_path / "wrong.duckdb"
    wrong.write_bytes(b"nonsense" * 1000)
    says(command(own, "restore", wrong), "wrong.duckdb is not a store that can be restored")
    says(command(own, "restore", demonstrated), "never mix")
    in_use = tmp_path / "in_use.duckdb"
    shutil.copyfile(own, in_use)
    in_use.with_name("in_use.duckdb.wal").touch()
    says(command(own, "restore", in_use), "in use")
    assert tables(own) == before
    assert not list(tmp_path.glob("*.restoring*"))
    assert not list(tmp_path.glob("*before-restore*"))


def test_backup_that_cannot_be(own, tmp_path):
    says(command(own, "backup", own), "exists already")
    says(command(own, "backup", tmp_path / "no" / "copy.duckdb"), "folder", "does not exist")
    assert not (tmp_path / "backups").exists()


# ── instruments ────────────────────────────────────────────────────────────────────────────────


def test_instruments_are_listed_and_shown():
    listed = command(None, "instruments", "list").stdout
    assert re.search(r"^satisfaction +1\.0 +survey +User satisfaction$", listed, re.MULTILINE)
    shown = command(None, "instruments", "show", "satisfaction")
    assert yaml.safe_load(shown.stdout)["id"] == "satisfaction"
    says(command(None, "instruments", "show", "nonsense"), "nonsense", "satisfaction 1.0")
    says(command(None, "instruments", "show", "satisfaction", "--version", "9.9"), "9.9", "1.0")


def test_templates_are_ready_to_be_filled(tmp_path):
    printed = command(None, "instruments", "template", "satisfaction")
    assert printed.stdout_bytes.endswith(b"\r\n")
    assert printed.stdout_bytes.count(b"\r\n") == 1
    assert printed.stdout.strip().split(",") == header()
    assert {f"{aspect.id} importance" for aspect in SURVEY.aspects if not aspect.optional} <= set(header())
    book = tmp_path / "template.xlsx"
    assert command(None, "instruments", "template", "satisfaction", "--xlsx", book).exit_code == 0
    assert [cell.value for cell in next(openpyxl.load_workbook(book).active.rows)] == header()
    says(command(None, "instruments", "template", "satisfaction", "--xlsx", book), "exists already")
    nowhere = tmp_path / "no" / "t.xlsx"
    says(
        command(None, "instruments", "template", "satisfaction", "--xlsx", nowhere),
        f"{nowhere}: No such file",
    )
    says(command(None, "instruments", "template", "kpis"), "no template for kpis", "dma, rasp, satisfaction")


# ── assessments ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def filled_in(tmp_path):
    """The template of digital maturity, filled in: everything is yes, but for one that does not apply."""
    path = tmp_path / "dma.xlsx"
    assert command(None, "instruments", "template", "dma", "--xlsx", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        row[6].value = "yes"
    book.active["G2"], book.active["H2"] = "n/a", "The county leads for us"
    book.save(path)
    return path


def assessment(store, file, *options):
    return command(store, "import", "dma", file, "--organisation", "Cardiff", *options)


def test_an_assessment_goes_in_and_comes_out(tmp_path, filled_in):
    store = tmp_path / "new.duckdb"
    tried = assessment(store, filled_in, "--dry-run")
    assert tried.exit_code == 0, tried.stderr
    assert "Answers: 90 new, 0 changed, 0 unchanged, 0 overtaken." in tried.stdout
    assert tried.stdout.endswith("Nothing was stored: this was a dry run.\n")
    assert not store.exists()
    first = assessment(store, filled_in, "--by", "Head of ICT")
    assert first.exit_code == 0, first.stderr
    assert "90 of 90 criteria have an answer." in first.stdout
    assert first.stdout.endswith(f"Stored.\nThis made the store {store}.\n")
    for name in ("out.xlsx", "out.csv"):
        written = command(store, "export", "dma", tmp_path / name, "--organisation", "Caerdydd")
        assert written.stdout.startswith("Cardiff: 90 of 90 criteria are answered (open).\nWritten to ")
        again = assessment(store, tmp_path / name)
        assert again.exit_code == 0, again.stderr
        assert again.stdout.endswith("All that the file answers stands already.\nNothing was stored.\n")
    assert "Head of ICT" in (tmp_path / "out.csv").read_text("utf-8-sig")
    (tmp_path / "one.csv").write_text("Id,Answer\nLEAD1b,no\n")
    words = ("--submit", "--round", "2026", "--json")
    done = json.loads(assessment(store, tmp_path / "one.csv", *words).stdout)
    assert done["round"] == {"label": "2026", "made": True, "closed": False}
    assert done["answers"] == {"new": 0, "changed": 1, "unchanged": 0, "overtaken": 0}
    assert [(one["item"], one["was"], one["answer"]) for one in done["changes"]] == [("LEAD1b", "yes", "no")]
    shown = command(store, "figures", "maturity", "--round", "2026", "--organisation", "Cardiff", "--json")
    levels = {one["id"]: one["level"]["own"] for one in json.loads(shown.stdout)["functions"]}
    assert levels["LEAD"] == {"value": 0}
    assert levels["SECU"] == {"value": 5}
    last = command(store, "export", "dma", tmp_path / "last.csv", "--organisation", "Cardiff", "--json")
    assert json.loads(last.stdout) == {
        "command": "export dma",
        "organisation": {"code": "W06000015", "name": "Cardiff"},
        "instrument": {"id": "dma", "version": done["instrument"]["version"]},
        "round": "2026",
        "assessment": {"open": False, "answered": 90, "criteria": 90},
        "file": str(tmp_path / "last.csv"),
    }


def test_an_assessment_that_is_wrong_changes_nothing(tmp_path, filled_in):
    store = tmp_path / "new.duckdb"
    book = openpyxl.load_workbook(filled_in)
    book.active["H2"] = None
    book.save(filled_in)
    says(assessment(store, filled_in), "row 2, column H", "Say why it does not apply", "Nothing was stored")
    (tmp_path / "one.csv").write_text("Id,Answer\nLEAD1b,no\n")
    says(assessment(store, tmp_path / "one.csv", "--submit", "--round", "2026"), "89 criteria have no answer")
    says(assessment(store, tmp_path / "one.csv", "--by", " "), "Give a name or role")
    assert not store.exists()


def test_exports_that_cannot_be(own, tmp_path):
    words = ("--organisation", "Swansea")
    says(command(own, "export", "dma", tmp_path / "a.csv", *words), "Swansea has answered nothing of dma yet")
    says(command(own, "export", "dma", tmp_path / "a.ods", *words), "neither in .xlsx nor in .csv")
    (tmp_path / "there.csv").touch()
    says(command(own, "export", "dma", tmp_path / "there.csv", *words), "exists already")
    assert not (tmp_path / "a.csv").exists()


# ── figures of the other pages ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("gap", ["--lines", "own"], "Raise first: "),
        ("gap", ["--aspect", "EQP1", "--compare", "areas"], "rate its importance above their satisfaction"),
        ("trend", [], "Overall satisfaction: "),
        ("response", ["--by", "job"], "of the 2,015 people invited answered"),
        ("skills", ["--by", "service_area"], "The skill index is "),
    ],
)
def test_figures_of_a_page_as_text_and_as_json(demonstrated, name, options, said):
    words = ["figures", name, "--round", "2026", "--organisation", "DW07", *options]
    text = command(demonstrated, *words)
    assert text.exit_code == 0, text.stderr
    assert text.output.startswith("Demonstration data")
    assert said in text.output
    printed = json.loads(command(demonstrated, *words, "--json").stdout)
    assert printed["command"] == f"figures {name}"
    assert printed["finding"] in text.output
    assert printed["organisation"]["code"] == "DW07"
    says(command(demonstrated, *words, "--as", "member:DW08"), "may not see the figures")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("response", ["--by", "shoes"]),
        ("skills", ["--by", "shoes"]),
        ("gap", ["--compare", "shoes"]),
        ("gap", ["--aspect", "shoes"]),
    ],
)
def test_figures_by_what_there_is_not_are_refused(demonstrated, name, options):
    words = ["figures", name, "--round", "2026", "--organisation", "DW07", *options]
    says(command(demonstrated, *words), "shoes")
