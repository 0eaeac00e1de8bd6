"""The curious at the map: it says who takes part and where, and must say nothing else of anybody.

All that the browser is sent, and every file it may take away, is read; so is the command line.
"""

import json

import pytest

from improve import commands, disclosure
from tests.attack.county import AREAS
from tests.attack.judge import near
from tests.attack.notebook import DELEGATE, FACILITATOR, MEMBER, PUBLIC
from tests.attack.test_pages import files, opened, sent
from tests.pages.conftest import MAP, serving, words

__all__ = ["files"]
WHO = (DELEGATE, MEMBER, FACILITATOR, PUBLIC)


def numbers(value):
    """Every number that was written out, however deep."""
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield value


def learned(app, files, viewer, judge):
    """Values of others, and numbers of people, wherever they stand."""
    decks = [json.loads(one.proto.json) for one in app.get("deck_gl_json_chart")]
    tables = [made().decode("utf-8-sig") for key, made in files.items() if key.startswith("csv_")]
    shown = [str(one.options) + str(one.proto.captions) for one in app.radio]
    for value in (*sent(app), *numbers([one["layers"] for one in decks])):
        whose, what = judge.secrets.get(near(float(value)), (viewer.organisation, ""))
        if what and (whose is None or whose != viewer.organisation):
            yield f"the map holds the {what}"
    for code, areas in AREAS.items():
        if code == viewer.organisation:
            continue
        people = sum(areas.values())
        mean = sum(judge.raw["2026"][code]["OVR"]) / people
        for text in (words(app), *tables, *shown, json.dumps(decks)):
            for line in text.replace("{", "\n").splitlines():
                if f"Town {code}" in line and (f" {mean:.2f}" in line or f" {people}" in line):
                    yield f"a number stands beside {code}: {line[:120]}"


@pytest.mark.parametrize("picture", ["Map", "Hexagons"])
@pytest.mark.parametrize("viewer", WHO, ids=lambda one: one.role.value)
def test_the_map_tells_no_more(town, judge, files, viewer, picture):
    with serving(town.first.path, store=town.first):
        app = opened(MAP, viewer, picture=picture)
        assert list(learned(app, files, viewer, judge)) == []
        # It does say who takes part, or nobody could find out anything.
        assert "Town X05" in files["csv_map"]().decode("utf-8-sig")


def test_without_the_rule_an_address_is_enough(town, judge, files, monkeypatch):
    monkeypatch.setattr(disclosure, "own_reason", lambda *_anything: None)
    with serving(town.first.path, store=town.first):
        assert next(learned(opened(MAP, DELEGATE), files, DELEGATE, judge), None)


@pytest.mark.parametrize("viewer", WHO, ids=lambda one: one.role.value)
def test_the_command_line_tells_no_more(town, judge, viewer):
    role = viewer.role.value + (f":{viewer.organisation}" if viewer.organisation else "")
    outcome = commands.run(town.first, "figures map", {"round": "2026", "role": role}, {})
    assert outcome.status == 0, outcome.message
    for value in numbers(outcome.result):
        whose, what = judge.secrets.get(near(float(value)), (viewer.organisation, ""))
        assert not what or whose == viewer.organisation, what
    hidden = commands.run(town.first, "figures map", {"round": "2027", "role": "public"}, {})
    assert (hidden.status, hidden.result) == (2, None)
