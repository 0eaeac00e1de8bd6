"""docs/figures.md describes every field of every --json object, and every reason."""

import re

import pytest

from improve import commands
from improve.config import ROOT
from improve.demo import DEFAULT_ORGANISATION, ROUNDS
from improve.disclosure import Reason

TEXT = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def names_in(section):
    """What a section sets in code: the fields it describes."""
    quoted = " ".join(re.findall(r"`([^`]+)`", SECTIONS[section]))
    return set(re.findall(r"\w+", quoted))


def fields(value):
    """The names of all fields of an object, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(fields, value.values()))
    return set().union(*map(fields, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize(
    ("command", "arguments", "section"),
    [
        (
            "figures satisfaction",
            {"round": "2026", "organisation": DEFAULT_ORGANISATION, "cohort": "Wales"},
            "figures satisfaction",
        ),
        ("figures satisfaction", {"round": "2026", "role": "public"}, "figures satisfaction"),
        ("figures gap", {"round": "2026", "organisation": DEFAULT_ORGANISATION}, "figures gap"),
        ("figures gap", {"round": "2026", "role": "public"}, "figures gap"),
        ("figures trend", {"round": "2026", "organisation": DEFAULT_ORGANISATION}, "figures trend"),
        ("figures trend", {"round": "2026", "role": "facilitator"}, "figures trend"),
        ("figures response", {"round": "2026", "organisation": DEFAULT_ORGANISATION}, "figures response"),
        ("figures response", {"round": "2026", "role": "public"}, "figures response"),
        ("figures skills", {"round": "2026", "organisation": DEFAULT_ORGANISATION}, "figures skills"),
        ("figures skills", {"round": "2026", "role": "public"}, "figures skills"),
        ("check", {}, "The others"),
        ("round list", {}, "The others"),
    ],
)
def test_fields(demonstration_store, command, arguments, section):
    outcome = commands.run(demonstration_store, command, arguments, {})
    assert outcome.status == 0, outcome.message
    assert outcome.result["command"] == command
    assert fields(outcome.result) <= names_in(section) | names_in("A figure") | {"command"}


def test_fields_of_an_import(demonstration_store):
    content = b"id,SYS1 importance,SYS1 satisfaction\n1,5,6\n2,x,7\n"
    arguments = {
        "file_name": "a.csv",
        "organisation": "TRIAL",
        "round": ROUNDS[-1],
        "dry_run": True,
        "instrument": "satisfaction",
    }
    outcome = commands.run(demonstration_store, "import survey", arguments, {"file": content})
    found = fields(outcome.result)
    assert {"value", "did_you_mean", "withheld", "matched_by"} <= found
    assert found <= names_in("import survey")


def test_fields_of_a_staff_list(demonstration_store):
    arguments = {
        "file_name": "a.csv",
        "organisation": DEFAULT_ORGANISATION,
        "round": ROUNDS[-1],
        "dry_run": True,
        "instrument": "satisfaction",
    }
    found = set()
    for people in (b"30", b"x"):
        content = b"Directorate,Shoes,People\nHousing,9," + people + b"\n"
        found |= fields(
            commands.run(demonstration_store, "import staff", arguments, {"file": content}).result
        )
    assert {"known", "reason", "holds"} <= found
    assert found <= names_in("import staff")


def test_fields_of_an_assessment(demonstration_store):
    arguments = {"file_name": "a.csv", "organisation": "TRIAL", "by": "Ann", "dry_run": True}
    found = set()
    for answer, asked in ((b"y", {}), (b"perhaps", {"submit": True})):
        content = b"Id,Answer,Shoes\nLEAD1a," + answer + b",9\n"
        outcome = commands.run(demonstration_store, "import dma", {**arguments, **asked}, {"file": content})
        found |= fields(outcome.result)
    assert {"made", "was", "reason", "holds", "overtaken"} <= found
    assert found <= names_in("import dma")


def test_reasons():
    listed = re.findall(r"^\| `(\w+)` \|", SECTIONS["A figure"], re.MULTILINE)
    assert listed == [reason.value for reason in Reason]
