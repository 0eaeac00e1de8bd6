"""Partnerships: who belongs to them and when, their rounds, and two people at once."""

from datetime import timedelta

import pytest

from improve.errors import AssessmentError, InstrumentError
from improve.store import (
    add_respondent,
    admit_candidate,
    create_partnership,
    invite_member,
    join_partnership,
    leave_partnership,
    open_store,
    read_partnerships,
    start_partnership_round,
)
from tests.factory import make_store
from tests.partners import DAY, READINESS, make_partnership, reply, small_readiness
from tests.views.town import code_of, towns

A, B, C = (code_of(place) for place in range(3))
LATER = DAY + timedelta(days=90)


@pytest.fixture
def store(tmp_path):
    opened = make_store(tmp_path, organisations=towns(3))
    yield opened
    opened.close()


def only(store):
    (found,) = read_partnerships(store).values()
    return found


def test_a_partnership_comes_back_as_it_was_made(store):
    assert read_partnerships(store) == {}
    id_ = make_partnership(store, A, B, candidates=(C,))
    found = only(store)
    assert (found.id, found.name, found.is_confidential, found.organisation, found.created_by) == (
        *(id_, "Shared ICT", False, A, "Ann"),
    )
    assert found.joined == {A, B, C}
    assert found.asked == frozenset()
    assert [(one.number, one.instrument, one.version, one.closed_at) for one in found.rounds] == [
        (1, "rasp", "1.0", None)
    ]
    assert [one.was_candidate(found.newest) for one in found.members] == [False, False, True]
    store.close()
    again = open_store(store.path)
    assert only(again) == found
    again.close()


def test_two_partnerships_are_kept_apart(store):
    first, second = make_partnership(store, A, B), make_partnership(store, B, name="Other")
    kept = read_partnerships(store)
    assert list(kept) == [first, second]
    assert kept[first].joined == {A, B}
    assert kept[second].joined == {B}
    assert read_partnerships(store) is kept
    topics = [f"partnership/{one}" for one in (first, second)]
    before = [store.revision(topic) for topic in topics]
    leave_partnership(store, first, B)
    assert [store.revision(topic) for topic in topics] == [before[0] + 1, before[1]]
    assert read_partnerships(store)[first].joined == {A}
    assert read_partnerships(store)[second].joined == {B}


def test_an_invitation_is_answered_once(store):
    id_ = make_partnership(store, A)
    invite_member(store, id_, B, "Ann", as_candidate=False)
    assert (only(store).asked, only(store).joined) == ({B}, {A})
    with pytest.raises(AssessmentError, match="already"):
        invite_member(store, id_, B, "Ann", as_candidate=True)
    with pytest.raises(AssessmentError, match="already"):
        invite_member(store, id_, A, "Ann", as_candidate=True)
    with pytest.raises(AssessmentError, match="no invitation"):
        join_partnership(store, id_, C, "Cy")
    join_partnership(store, id_, B, "Ben")
    with pytest.raises(AssessmentError, match="no invitation"):
        join_partnership(store, id_, B, "Ben")
    assert only(store).joined == {A, B}


def test_who_declines_or_leaves_may_be_asked_again(store):
    id_ = make_partnership(store, A)
    invite_member(store, id_, B, "Ann", as_candidate=False)
    leave_partnership(store, id_, B)
    assert only(store).asked == frozenset()
    with pytest.raises(AssessmentError, match="no invitation"):
        join_partnership(store, id_, B, "Ben")
    invite_member(store, id_, B, "Ann", as_candidate=True)
    join_partnership(store, id_, B, "Ben")
    leave_partnership(store, id_, B)
    with pytest.raises(AssessmentError, match="has left"):
        leave_partnership(store, id_, B)
    assert [(one.organisation, one.is_joined) for one in only(store).members] == [
        *((A, True), (B, False), (B, False)),
    ]


def test_a_candidate_is_admitted_and_stays_one_in_earlier_rounds(store):
    id_ = make_partnership(store, A, candidates=(B,))
    with pytest.raises(AssessmentError, match="no candidate"):
        admit_candidate(store, id_, A)
    start_partnership_round(store, id_, 1, READINESS, "Ann", moment=LATER)
    admit_candidate(store, id_, B, moment=LATER + timedelta(days=1))
    member, (first, second) = only(store).membership(B), only(store).rounds
    assert member.was_candidate(first)
    assert not member.was_candidate(second)
    with pytest.raises(AssessmentError, match="no candidate"):
        admit_candidate(store, id_, B)


def test_a_confidential_one_has_nobody_else_and_nobody_leaves_it(store):
    id_ = make_partnership(store, A, confidential=True)
    with pytest.raises(AssessmentError):
        invite_member(store, id_, B, "Ann", as_candidate=False)
    with pytest.raises(AssessmentError):
        leave_partnership(store, id_, A)
    assert only(store).joined == {A}
    assert only(store).asked == frozenset()


def test_a_new_round_keeps_the_old_one_and_two_cannot_start_it(store):
    id_ = make_partnership(store, A)
    assert start_partnership_round(store, id_, 1, small_readiness("1.1"), "Ann", moment=LATER) == 2
    with pytest.raises(AssessmentError, match="meanwhile"):
        start_partnership_round(store, id_, 1, READINESS, "Ben")
    assert [(one.number, one.version, one.closed_at) for one in only(store).rounds] == [
        (1, "1.0", LATER),
        (2, "1.1", None),
    ]


def test_a_changed_text_under_an_old_version_is_refused(store):
    make_partnership(store, A)
    with pytest.raises(InstrumentError, match="still calls itself version"):
        create_partnership(
            store, "Other", B, small_readiness(title={"en": "Changed"}), "Ben", is_confidential=False
        )
    assert len(read_partnerships(store)) == 1


def test_who_has_not_joined_or_has_left_cannot_answer(store):
    id_ = make_partnership(store, A, B)
    invite_member(store, id_, C, "Ann", as_candidate=False)
    with pytest.raises(AssessmentError, match="its answers stay"):
        add_respondent(store, id_, 1, C, "ict", "")
    reply(store, id_, B, ("ict", "444 444 444"))
    leave_partnership(store, id_, B)
    with pytest.raises(AssessmentError, match="its answers stay"):
        reply(store, id_, B, ("hr", "444 444 444"))
