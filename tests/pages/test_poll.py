"""The form behind a private link: whose it is, what it keeps, what it never shows, and when it is closed."""

import re

import pytest

from improve import assessment
from improve.config import read_settings
from improve.model import Role, Viewer
from improve.opening import served
from tests.factory import CARDIFF, NO, NOT_APPLICABLE, YES, assessed, copy_store, make_store, write_open
from tests.pages.conftest import POLL, serving, visit, words
from tests.pages.test_entry import SIGN_IN

MEMBER = Viewer(Role.MEMBER, CARDIFF)
ITEMS = ("WEB1a", "WEB1b", "WEB2a", "WEB2b", "WEB3a", "WEB3b")


@pytest.fixture(scope="module")
def polling(tmp_path_factory):
    """Cardiff has an open assessment and a poll of its function WEB, to which Cath and Dai are invited."""
    made = make_store(tmp_path_factory.mktemp("polling"))
    write_open(made, CARDIFF, assessed())
    sheet = assessment.sheet_for(made, MEMBER, CARDIFF, "dma")
    assessment.begin_poll(made, MEMBER, sheet, "WEB", "Ann")
    for name in ("Cath", "Dai"):
        assessment.invite_colleague(
            made, MEMBER, sheet, assessment.polls_of(made, MEMBER, sheet)["WEB"], name
        )
    made.close()
    return made.path


@pytest.fixture
def store(polling, tmp_path):
    with serving(copy_store(polling, tmp_path)):
        yield served.open(read_settings())


def sheet_of(store):
    return assessment.sheet_for(store, MEMBER, CARDIFF, "dma")


def poll_of(store):
    return assessment.polls_of(store, MEMBER, sheet_of(store))["WEB"]


def link(store, voter=1):
    return assessment.link_of(store, poll_of(store), voter)


def control(app, item, voter=1, turn=1):
    return app.segmented_control(key=f"vote_1_{voter}_{turn}_{item}")


def test_it_asks_one_function_and_leads_nowhere_else(store):
    app = visit(POLL, link=link(store))
    assert not app.exception
    assert [one.value for one in app.title] == ["Website"]
    assert len(app.segmented_control) == 6
    assert "Cardiff asks for your own view." in words(app)
    assert "What good looks like: Everybody knows WEB1a" in words(app)
    assert not app.sidebar.selectbox
    assert not app.selectbox
    assert not app.get("page_link")
    assert not app.get("text_input")


def test_the_link_is_a_right_of_its_own_where_people_sign_in(store):
    app = visit(POLL, secrets=SIGN_IN, link=link(store))
    assert not app.exception
    control(app, "WEB1a").set_value(NO).run()
    assert assessment.form_of(store, link(store)).answered == {"WEB1a"}


def test_each_answer_is_kept_at_once_and_never_shown_to_who_opens_it_again(store):
    app = visit(POLL, link=link(store))
    for item in ITEMS:
        control(app, item).set_value(YES).run()
        assert not app.exception
    control(app, "WEB3b").set_value(NOT_APPLICABLE).run()
    assert "Thank you: all is answered and saved." in words(app)
    assert words(app).count("Answered and saved") == 6
    assert control(app, "WEB1a").value == YES
    assessment.close_turn(store, MEMBER, sheet_of(store), poll_of(store))
    again = assessment.tally_of(store, MEMBER, sheet_of(store), poll_of(store))
    assert (again.finished, again.invited) == (1, 2)


def test_opened_again_it_says_that_and_not_what_was_answered(store):
    for item in ITEMS[:3]:
        assessment.vote(store, link(store), item, NO)
    app = visit(POLL, link=link(store))
    assert [control(app, item).value for item in ITEMS] == [None] * 6
    assert words(app).count("Answered and saved") == 3
    assert app.get("progress")[0].text == "3 of 6 answered"
    other = visit(POLL, link=link(store, 2))
    assert words(other).count("Answered and saved") == 0


def test_the_second_turn_asks_all_again(store):
    assessment.vote(store, link(store), "WEB1a", NO)
    app = visit(POLL, link=link(store))
    control(app, "WEB1b").set_value(YES).run()
    assessment.close_turn(store, MEMBER, sheet_of(store), poll_of(store))
    assessment.open_second_turn(store, MEMBER, sheet_of(store), poll_of(store))
    app.run()
    assert "This is the second time" in words(app)
    assert words(app).count("Answered and saved") == 0
    assert [control(app, item, turn=2).value for item in ITEMS] == [None] * 6


def closed(store):
    assessment.close_turn(store, MEMBER, sheet_of(store), poll_of(store))


def withdrawn(store):
    assessment.withdraw_colleague(store, MEMBER, sheet_of(store), poll_of(store), 1)


def submitted(store):
    from improve.store import open_round

    open_round(store, "2026")
    assessment.submit(store, MEMBER, sheet_of(store), "Ann")


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (closed, "This poll is closed. Thank you for taking part."),
        (withdrawn, "This invitation was withdrawn."),
        (submitted, "This poll is closed. Thank you for taking part."),
    ],
)
def test_a_link_that_has_ended_says_so_and_keeps_nothing(store, end, sentence):
    mine = link(store)
    app = visit(POLL, link=mine)
    end(store)
    control(app, "WEB1a").set_value(YES).run()
    assert not app.exception
    assert [one.value.replace("\\", "") for one in app.error] == [sentence]
    assert [one.value.replace("\\", "") for one in app.info] == [sentence]
    assert not app.segmented_control
    fresh = visit(POLL, link=mine)
    assert [one.value.replace("\\", "") for one in fresh.info] == [sentence]
    assert not fresh.error


def test_a_forged_link_opens_nothing(store):
    mine = link(store)
    app = visit(POLL, link=mine)
    signature = mine[mine.index(".") :]
    for forged in ("", "x", "W10", "<script>", "WzEsMV0.AAAA", "a.b.c.d", "A" * 4000, "WzEsMl0" + signature):
        app.query_params["link"] = forged
        app.run()
        assert not app.exception
        assert "This link opens no poll." in words(app)
        assert not app.segmented_control


def test_without_a_link_it_says_so(store):
    app = visit(POLL)
    assert [one.value for one in app.title] == ["Private form"]
    assert re.search("This link opens no poll", words(app))
