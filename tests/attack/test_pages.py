"""The curious at the pages themselves: everything the browser is sent, and every file it may take away.

They sign in, follow addresses that name other councils, choose groups and aspects, and open every table.
"""

import csv
import io
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest
import streamlit as st

from improve import disclosure
from improve.web import filters
from tests.attack.county import WORDS
from tests.attack.judge import COUNTS, FEW, near
from tests.attack.notebook import DELEGATE, FACILITATOR, MEMBER, PUBLIC
from tests.pages.conftest import (
    CHART,
    COMMENTS,
    GAP,
    HOME,
    MAP,
    RESPONSE,
    SCORES,
    SKILLS,
    TREND,
    charts,
    serving,
    visit,
    words,
)
from tests.pages.test_entry import SIGN_IN

BLOCKS = {
    HOME: ("peers",),
    SCORES: ("scores", "distribution", "spread"),
    GAP: ("gap", "priorities", "joint", "compared"),
    TREND: ("changes", "chosen", "panels"),
    RESPONSE: ("rate", "arrivals", "groups"),
    SKILLS: ("skills", "groups", "training", "attitudes"),
    COMMENTS: ("themes",),
    CHART: ("score_aspects", "score_directorates"),
    MAP: ("map", "areas"),
}
ADDRESS = {"org": "Town X05", "round": "2026", "cohort": "London boroughs", "aspect": "Reliability"}
PEOPLE = {"People", "Responses", "Answers", "n"}
"""Columns of numbers of people, in the tables that are taken away."""


@pytest.fixture
def files(monkeypatch):
    """What each download button would hand over, by its key."""
    made: dict[str, Callable[[], bytes]] = {}
    draw = st.download_button

    def recorded(label, data, **options):
        made[options["key"]] = data
        return draw(label, data=data, **options)

    monkeypatch.setattr(st, "download_button", recorded)
    return made


def sent(app) -> Iterator[float]:
    """Every fraction that the charts hold."""
    for chart in charts(app):
        for dataset in chart.proto.datasets:
            for row in pa.ipc.open_stream(dataset.data.data).read_all().to_pylist():
                yield from (value for value in row.values() if isinstance(value, float))


def learned(app, files, viewer, judge) -> Iterator[str]:
    """What the page and its files tell that they must not."""
    for value in sent(app):
        whose, what = judge.secrets.get(near(value), (viewer.organisation, ""))
        if what and (whose is None or whose != viewer.organisation):
            yield f"a chart holds the {what}"
    tables = {key: made().decode("utf-8-sig") for key, made in files.items() if key.startswith("csv_")}
    for key, text in tables.items():
        head, *rows = csv.reader(io.StringIO(text))
        for row in rows:
            for name, cell in zip(head, row, strict=False):
                if name in PEOPLE | COUNTS and cell.isdigit() and 0 < int(cell) < FEW:
                    yield f"{key}: {name} {cell}"
    read = " ".join([words(app), *tables.values()])
    for code, word in WORDS.items():
        if code == viewer.organisation:
            continue
        if f"Town {code}" in read or code in read:
            yield f"{code} is named"
        if word in read and viewer is not FACILITATOR:
            yield f"a comment of {code} is read"


def opened(page, viewer, **address):
    """A page as somebody who signed in sees it, every table open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filters, "signed_in_viewer", lambda: viewer)
        state = {f"table_{block}": True for block in BLOCKS[page]}
        app = visit(page, secrets=SIGN_IN, state=state, **{**ADDRESS, **address})
    assert not app.exception
    return app


SEEN = {
    DELEGATE: tuple(one for one in BLOCKS if one is not MAP),
    MEMBER: (GAP, RESPONSE, SKILLS, COMMENTS, CHART),
    FACILITATOR: (HOME, SCORES, COMMENTS),
    PUBLIC: (HOME, SCORES),
}
"""A member is told what a delegate is, and of their own people beside. The map, which names those who take
part, has attacks of its own (test_map.py)."""
CHOICES = {
    GAP: {"with": "Own service areas"},
    SKILLS: {"by": "Role"},
    COMMENTS: {"filter": "Score"},
    CHART: {"compare": "Own service areas"},
}


@pytest.mark.parametrize(
    ("viewer", "page"),
    [(viewer, page) for viewer, pages in SEEN.items() for page in pages],
    ids=lambda one: getattr(one, "stem", None) or one.role.value,
)
def test_the_pages_tell_no_more(town, judge, files, viewer, page):
    with serving(town.first.path, store=town.first):
        app = opened(page, viewer, **CHOICES.get(page, {}))
        assert len(app.title) == 1
        assert list(learned(app, files, viewer, judge)) == []


@pytest.mark.parametrize("page", [SCORES, GAP, TREND], ids=lambda page: page.stem)
def test_who_reads_pages_can_win(town, judge, files, page, monkeypatch):
    """Without the one rule whose figures they are, an address is enough."""
    monkeypatch.setattr(disclosure, "own_reason", lambda *_anything: None)
    with serving(town.first.path, store=town.first):
        assert next(learned(opened(page, DELEGATE), files, DELEGATE, judge), None)
