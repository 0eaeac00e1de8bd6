"""The Comments page: one filter at a time, and what a facilitator puts on the big screen."""

import pytest

from improve.model import Role
from improve.store import read_approved
from tests.pages.conftest import COMMENTS, charts, rows, visit, words


def test_a_member_reads_masked_comments(on_demonstration):
    app = visit(COMMENTS)
    assert not app.exception
    assert "comments of" in words(app)
    assert "One filter at a time" in words(app)
    assert charts(app)
    assert all(row["people"] >= 10 for row in rows(charts(app)[0]))


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.DELEGATE])
def test_others_do_not(on_demonstration, role):
    app = visit(COMMENTS, role)
    assert not app.exception
    assert not charts(app)
    assert "comments of" not in words(app)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [("aspect", "about", "SYS2"), ("category", "category", "EQP"), ("band", "score", "high")],
)
def test_a_filter_narrows_them(on_demonstration, kind, key, value):
    app = visit(COMMENTS)
    everything = app.header[-1].value, words(app)
    app.segmented_control(key="filter").select(kind).run()
    app.selectbox(key=key).select(value).run()
    assert not app.exception
    assert words(app) != everything[1]


def test_words_are_searched(on_demonstration):
    app = visit(COMMENTS)
    app.segmented_control(key="filter").select("words").run()
    app.text_input(key="words").input("<script>alert(1)</script>").run()
    assert not app.exception
    assert "Too few people to show" in words(app)


def test_the_order_changes(on_demonstration):
    app = visit(COMMENTS)
    first = words(app)
    app.segmented_control(key="listing").select("grumpiest").run()
    assert words(app) != first


def test_a_bar_is_a_filter_in_the_address_too(on_demonstration):
    app = visit(COMMENTS, filter="Aspect", about="Speed")
    assert app.selectbox(key="about").value == "SYS2"
    assert [row["label"] for row in rows(charts(app)[0]) if row["chosen"]] == ["Speed"]


def test_a_facilitator_approves_and_the_big_screen_shows_it(on_own_demonstration):
    app = visit(COMMENTS, Role.FACILITATOR)
    assert "without their names" in words(app)
    toggles = [one for one in app.toggle if one.key.startswith("approve_")]
    # The browser sees the keys: they say nothing of the file that a comment came in.
    assert [one.key for one in toggles] == [f"approve_{place}" for place in range(20)]
    toggle = toggles[0]
    toggle.set_value(True).run()
    assert len(read_approved(on_own_demonstration, "2026")) == 1
    app = visit(COMMENTS, present="true", shown_as="facilitator")
    assert "1 comment chosen for discussion." in words(app)
    assert not charts(app)


def test_a_member_approves_nothing(on_demonstration):
    app = visit(COMMENTS)
    assert not [one for one in app.toggle if one.key.startswith("approve_")]
