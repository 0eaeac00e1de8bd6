"""Several people on one sheet: nobody's answer or evidence is lost; a poll ends in one agreed answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from improve.assessment import (
    agree,
    answer,
    begin_poll,
    close_turn,
    form_of,
    history,
    invite_colleague,
    link_of,
    note_evidence,
    open_second_turn,
    polls_of,
    sheet_for,
    tally_of,
    vote,
)
from improve.disclosure import Reason
from improve.errors import AssessmentError
from improve.model import Role, Viewer
from tests.factory import CARDIFF, DONT_KNOW, NO, NOT_APPLICABLE, YES, make_store, write_open

MEMBER = Viewer(Role.MEMBER, CARDIFF)
LEAD = ("LEAD1a", "LEAD1b", "LEAD2a", "LEAD2b", "LEAD3a", "LEAD3b")


@pytest.fixture
def store(tmp_path):
    opened = make_store(tmp_path)
    write_open(opened, CARDIFF, {"LEAD1a": YES})
    yield opened
    opened.close()


def sheet_of(store):
    return sheet_for(store, MEMBER, CARDIFF, "dma")


def poll_of(store):
    return polls_of(store, MEMBER, sheet_of(store))["LEAD"]


def test_an_old_page_takes_neither_evidence_nor_answer_back(store):
    old = sheet_of(store)
    note_evidence(store, MEMBER, old, "LEAD1a", "the strategy", "Ann")
    answer(store, MEMBER, old, "LEAD1a", NO, "Ben")
    note_evidence(store, MEMBER, old, "LEAD1a", "the new strategy", "Ann")
    stands = sheet_of(store).answers["LEAD1a"]
    assert (stands.code, stands.evidence, stands.answered_by) == (NO, "the new strategy", "Ann")
    told = [(one.code, one.evidence) for one in history(store, MEMBER, old, "LEAD1a")]
    assert told == [(NO, "the new strategy"), (NO, "the strategy"), (YES, "the strategy"), (YES, "")]


def test_a_note_leaves_the_reason_and_waits_for_an_answer(store):
    sheet = sheet_of(store)
    answer(store, MEMBER, sheet, "LEAD1b", NOT_APPLICABLE, "Ann", reason="Not our task")
    note_evidence(store, MEMBER, sheet, "LEAD1b", "minutes of May", "Ben")
    stands = sheet_of(store).answers["LEAD1b"]
    assert (stands.code, stands.reason, stands.evidence) == (NOT_APPLICABLE, "Not our task", "minutes of May")
    with pytest.raises(AssessmentError, match="Answer the criterion first"):
        note_evidence(store, MEMBER, sheet, "LEAD2a", "x", "Ben")


def test_two_at_once_lose_nothing(store):
    sheet = sheet_of(store)
    with ThreadPoolExecutor(2) as pool:
        answers = pool.submit(lambda: [answer(store, MEMBER, sheet, "LEAD1a", NO, "Ben") for _ in range(15)])
        for n in range(15):
            note_evidence(store, MEMBER, sheet, "LEAD1a", f"note {n}", "Ann")
        answers.result()
    stands = sheet_of(store).answers["LEAD1a"]
    assert (stands.code, stands.evidence) == (NO, "note 14")
    assert len(history(store, MEMBER, sheet, "LEAD1a")) == 31


def polled(store, *voters):
    """A poll of LEAD in which each of the voters has given these answers, closed."""
    sheet = sheet_of(store)
    begin_poll(store, MEMBER, sheet, "LEAD", "Ann")
    for place, codes in enumerate(voters):
        number = invite_colleague(store, MEMBER, sheet, poll_of(store), f"Colleague {place}")
        for item, code in zip(LEAD, codes, strict=True):
            vote(store, link_of(store, poll_of(store), number), item, code)
    close_turn(store, MEMBER, sheet, poll_of(store))
    return sheet


AGREED = dict.fromkeys(LEAD, (YES, "")) | {"LEAD3b": (NOT_APPLICABLE, "Not our task")}


def test_agreed_answers_are_kept_with_their_poll_and_end_it(store):
    sheet = polled(store, [YES] * 6, [YES] * 5 + [NO])
    note_evidence(store, MEMBER, sheet, "LEAD1a", "the strategy", "Ann")
    poll = poll_of(store)
    assert tally_of(store, MEMBER, sheet, poll).agreed == dict.fromkeys(LEAD[:5], YES)
    agree(store, MEMBER, sheet, poll, AGREED, "All of us")
    now = sheet_of(store)
    assert {item: (one.code, one.reason) for item, one in now.answers.items()} == AGREED
    assert {one.poll_id for one in now.answers.values()} == {poll.id}
    assert now.answers["LEAD1a"].evidence == "the strategy"
    assert polls_of(store, MEMBER, now) == {}
    with pytest.raises(AssessmentError, match="no longer at that point"):
        agree(store, MEMBER, sheet, poll, dict.fromkeys(LEAD, (NO, "")), "Too late")
    assert sheet_of(store).answers["LEAD1b"].code == YES


@pytest.mark.parametrize(
    ("agreed", "sentence"),
    [
        ({**AGREED, "LEAD2a": (None, "")}, "Agree on one answer"),
        ({item: AGREED[item] for item in LEAD[1:]}, "Agree on one answer"),
        ({**AGREED, "LEAD3b": (NOT_APPLICABLE, " ")}, "say why it does not apply"),
    ],
)
def test_what_is_not_agreed_keeps_nothing(store, agreed, sentence):
    sheet = polled(store, [YES] * 6, [NO] * 6)
    with pytest.raises(AssessmentError, match=sentence):
        agree(store, MEMBER, sheet, poll_of(store), agreed, "All of us")
    assert set(sheet_of(store).answers) == {"LEAD1a"}
    assert poll_of(store).closed_at is not None


def test_while_a_turn_is_open_nobody_agrees_and_nothing_is_told(store):
    sheet = polled(store, [YES] * 6, [DONT_KNOW] * 6)
    open_second_turn(store, MEMBER, sheet, poll_of(store))
    with pytest.raises(AssessmentError, match="no longer at that point"):
        agree(store, MEMBER, sheet, poll_of(store), AGREED, "All of us")
    tally = tally_of(store, MEMBER, sheet, poll_of(store))
    assert tally.spread[2]["LEAD1a"].withheld is Reason.POLL_OPEN
    assert tally.spread[1]["LEAD1a"].value == (1, 0, 1, 0)
    assert form_of(store, link_of(store, poll_of(store), 1)).answered == frozenset()
