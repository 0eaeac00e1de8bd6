"""Comments with what their writers scored, and which of them are approved."""

import pytest

from improve.store import (
    approve_comments,
    check_store,
    read_approved,
    read_comments,
    write_responses,
)
from tests.factory import make_delivery, make_organisation, make_store, small_survey

SURVEY = small_survey()


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X1"), make_organisation("X2")))
    deliver(store, "X2", {"OVR": [1, None, 5], "A1": [3, 3, 3], "COM": ["slow", "fine", None]})
    deliver(store, "X1", {"COM": ["a word", None], "A1": [2, 4]})
    deliver(store, "X1", {"COM": ["of old"]}, label="2025")
    deliver(store, "X1", {"COM": ["elsewhere"]}, survey=small_survey(id="other"))
    yield store
    store.close()


def deliver(store, code, answers, *, label="2026", replace=False, survey=SURVEY):
    write_responses(store, [make_delivery(survey, label, code, answers)], replace=replace)


def texts(store, label="2026", headline="OVR"):
    return [
        (one.organisation, one.item, one.text, one.overall)
        for one in read_comments(store, label, "small", headline)
    ]


def keys(store, *wanted, label="2026"):
    return [one.key for one in read_comments(store, label, "small", "OVR") if one.text in wanted]


def test_comments_of_a_round_with_the_score_of_the_same_person(store):
    assert texts(store) == [
        ("X2", "COM", "slow", 1),
        ("X2", "COM", "fine", None),
        ("X1", "COM", "a word", None),
    ]
    assert texts(store, headline=None) == [
        ("X2", "COM", "slow", None),
        ("X2", "COM", "fine", None),
        ("X1", "COM", "a word", None),
    ]
    found = read_comments(store, "2026", "small", "OVR")
    assert [one.key for one in found] == sorted(one.key for one in found)
    assert texts(store, "2025") == [("X1", "COM", "of old", None)]
    assert texts(store, "2031") == []


def test_comments_are_kept_until_their_round_is_written(store):
    kept, old = (read_comments(store, label, "small", "OVR") for label in ("2026", "2025"))
    assert read_comments(store, "2026", "small", "OVR") is kept
    deliver(store, "X1", {"COM": ["another"], "OVR": [4]}, replace=True)
    assert texts(store)[-1] == ("X1", "COM", "another", 4)
    assert len(texts(store)) == 3
    assert read_comments(store, "2025", "small", "OVR") is old


def test_approving_and_taking_it_back(store):
    assert read_approved(store, "2026") == frozenset()
    one, other = keys(store, "slow", "a word")
    approve_comments(store, "2026", [one, other, one], True)
    approve_comments(store, "2026", [one], True)
    assert read_approved(store, "2026") == {one, other}
    assert read_approved(store, "2025") == frozenset()
    with store._cursor() as cursor:
        assert cursor.execute("select count(*) from approved_comment").fetchall() == [(2,)]
    approve_comments(store, "2026", [one], False)
    approve_comments(store, "2026", keys(store, "fine"), False)
    assert read_approved(store, "2026") == {other}
    approve_comments(store, "2026", [], True)
    assert read_approved(store, "2026") == {other}


def test_only_comments_of_the_round_are_approved_or_taken_back(store):
    (now,), (old,) = keys(store, "slow"), keys(store, "of old", label="2025")
    approve_comments(store, "2026", [old, (now[0], now[1], "A1"), (now[0], 999, "COM"), (99, 1, "COM")], True)
    assert read_approved(store, "2026") == read_approved(store, "2025") == frozenset()
    approve_comments(store, "2025", [old], True)
    approve_comments(store, "2026", [old], False)
    assert read_approved(store, "2025") == {old}


def test_what_is_approved_of_a_replaced_file_goes_with_its_comments(store):
    approve_comments(store, "2026", keys(store, "slow", "a word"), True)
    (stays,) = keys(store, "slow")
    deliver(store, "X1", {"COM": ["a word"]}, replace=True)
    assert read_approved(store, "2026") == {stays}
    with store._cursor() as cursor:
        assert cursor.execute("select count(*) from approved_comment").fetchall() == [(1,)]
    assert check_store(store) == []


def test_approving_moves_its_own_topic_alone(store):
    kept = read_comments(store, "2026", "small", "OVR")
    approved = read_approved(store, "2026")
    before = store.revision("approved/2026"), store.revision("approved/2025"), store.revision("survey/2026")
    approve_comments(store, "2026", keys(store, "slow"), True)
    after = store.revision("approved/2026"), store.revision("approved/2025"), store.revision("survey/2026")
    assert after == (before[0] + 1, before[1], before[2])
    assert read_comments(store, "2026", "small", "OVR") is kept
    assert read_approved(store, "2026") is not approved
    assert read_approved(store, "2026") is read_approved(store, "2026")
