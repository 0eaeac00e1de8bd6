"""docs/figures.md describes every field of every --json object, and every reason."""

import json
import re

import pytest

from improve import commands
from improve.config import ROOT
from improve.demo import DEFAULT_ORGANISATION, ROUNDS
from improve.disclosure import Reason
from improve.store import close_round, open_round, start_partnership_round
from tests.factory import make_store
from tests.partners import READINESS, past, write_past
from tests.views.town import towns

TEXT = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def partners(tmp_path_factory):
    """Two partners that differ, one by its roles, and a candidate; a median of eight others."""
    store = make_store(tmp_path_factory.mktemp("partners"), organisations=towns(12))
    open_round(store, "2026")
    now = {
        "X00": ("2026", ("leader", "444 333 222"), ("finance", "000 111 2?2")),
        "X01": ("2026", ("ict", "123 400 444")),
        "X03": ("2026", ("hr", "111 011 111")),
    }
    alone = (past({f"X{place:02}": ("2026", ("ict", "234 342 232"))}) for place in range(4, 12))
    write_past(store, past(now, now, candidates=("X03",)), *alone)
    close_round(store, "2026")
    yield store
    store.close()


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
        ("figures readiness", {"round": "2026", "role": "operator"}, "figures readiness"),
        ("figures maturity", {"round": "2026", "organisation": DEFAULT_ORGANISATION}, "figures maturity"),
        ("figures maturity", {"round": "2026", "role": "public", "cohort": "Wales"}, "figures maturity"),
        ("figures chart", {"organisation": DEFAULT_ORGANISATION}, "figures chart"),
        ("figures chart", {"question": "gap", "role": "public"}, "figures chart"),
        ("figures chart", {"question": "distribution", "role": "public"}, "figures chart"),
        (
            "figures chart",
            {"question": "maturity", "picture": "heat-map", "organisation": "DW07"},
            "figures chart",
        ),
        ("figures map", {"round": "2026", "organisation": DEFAULT_ORGANISATION}, "figures map"),
        ("figures map", {"round": "2026", "role": "public"}, "figures map"),
        ("check", {}, "The others"),
        ("round list", {}, "The others"),
    ],
)
def test_fields(demonstration_store, command, arguments, section):
    outcome = commands.run(demonstration_store, command, arguments, {})
    assert outcome.status == 0, outcome.message
    assert outcome.result["command"] == command
    assert fields(outcome.result) <= names_in(section) | names_in("A figure") | {"command"}


@pytest.mark.parametrize("role", ["member:X00", "member:X03", "delegate:X00", "operator", "public"])
def test_fields_of_readiness(partners, role):
    arguments = {"round": "2026", "role": role, "what_if": ["VIS1=4"] if role == "member:X00" else []}
    outcome = commands.run(partners, "figures readiness", arguments, {})
    assert outcome.status == 0, outcome.message
    found = fields(outcome.result)
    assert {"median_before", "weakest", "states", "withheld"} <= found
    if role == "member:X00":
        assert {"spread", "replies", "first", "higher", "code", "evidence", "why"} <= found
    assert found <= names_in("figures readiness") | names_in("A figure") | {"command"}


def test_fields_of_a_form_and_of_an_export(partners):
    start_partnership_round(partners, 1, 2, READINESS, "Ann")
    found = set()
    for answers in (b"4", b"9,x\nVIS9,1"):
        arguments = {
            "file_name": "a.csv",
            "organisation": "X00",
            "role": "ict",
            "by": "Ann",
            "partnership": "1",
            "label": "",
            "complete": False,
            "dry_run": True,
        }
        content = b"Id,Answer,Shoes\nVIS1," + answers + b",x\n"
        outcome = commands.run(partners, "import rasp", arguments, {"file": content})
        found |= fields(outcome.result)
    assert {"statements", "completed", "reason", "blank"} <= found
    assert found <= names_in("import rasp")
    arguments = {"organisation": "X00", "viewer": "member:X00", "format": "csv", "number": "1"}
    outcome = commands.run(partners, "export rasp", arguments, {})
    assert outcome.status == 0, outcome.message
    assert fields(outcome.result) <= names_in("export rasp")


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


def test_fields_of_a_boundary_file(tmp_path):
    store = make_store(tmp_path)
    square = [[-3.2, 51.4], [-3.1, 51.4], [-3.1, 51.5], [-3.2, 51.4]]
    geometry = {"type": "Polygon", "coordinates": [square]}
    one = {"type": "Feature", "properties": {"LAD25CD": "W06000015"}, "geometry": geometry}
    content = json.dumps({"type": "FeatureCollection", "features": [one]}).encode()
    outcome = commands.run(store, "import boundaries", {"file_name": "a.json"}, {"file": content})
    assert outcome.status == 0, outcome.message
    assert fields(outcome.result) <= names_in("import boundaries")
    store.close()


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
