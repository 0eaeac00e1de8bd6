"""Actions: added, changed, closed and opened again, each organisation its own."""

from datetime import date

import pytest

from improve.errors import StoreError
from improve.store import Action, close_action, open_store, read_actions, write_action
from tests.factory import make_organisation, make_store

MAY, JUNE, JULY = date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X1"), make_organisation("X2")))
    yield store
    store.close()


def test_an_action_comes_back_as_it_was_written(store):
    assert read_actions(store, "X1") == ()
    first = write_action(store, None, "X1", "A1", "New laptops", JUNE, "The ICT service")
    (found,) = read_actions(store, "X1")
    assert found == Action(
        first, "X1", "A1", "New laptops", JUNE, "The ICT service", found.added_at, found.added_at, None
    )
    store.close()
    again = open_store(store.path)
    assert read_actions(again, "X1") == (found,)
    again.close()


def test_actions_stand_in_the_order_of_their_days_then_as_they_were_added(store):
    ids = [
        write_action(store, None, "X1", "", f"No. {place}", day, "")
        for place, day in enumerate((JULY, MAY, MAY))
    ]
    write_action(store, None, "X2", "", "Another's", MAY, "")
    assert len(set(ids)) == 3
    assert [one.what for one in read_actions(store, "X1")] == ["No. 1", "No. 2", "No. 0"]
    assert [one.what for one in read_actions(store, "X2")] == ["Another's"]


def test_a_changed_action_keeps_its_id_and_the_day_it_was_added(store):
    one = write_action(store, None, "X1", "A1", "New laptops", JUNE, "ICT")
    other = write_action(store, None, "X1", "A2", "Training", JULY, "HR")
    (before, beside) = read_actions(store, "X1")
    assert write_action(store, one, "X1", "", "New phones", MAY, "The supplier") == one
    (after, untouched) = read_actions(store, "X1")
    assert (after.id, after.aspect, after.what, after.done_on, after.done_by) == (
        one,
        "",
        "New phones",
        MAY,
        "The supplier",
    )
    assert after.added_at == before.added_at < after.changed_at
    assert untouched == beside
    assert untouched.id == other


def test_closing_and_opening_again(store):
    one = write_action(store, None, "X1", "A1", "New laptops", JUNE, "ICT")
    close_action(store, one, "X1", JULY)
    assert [found.closed_on for found in read_actions(store, "X1")] == [JULY]
    write_action(store, one, "X1", "A1", "Newer laptops", JUNE, "ICT")
    assert [found.closed_on for found in read_actions(store, "X1")] == [JULY]
    close_action(store, one, "X1", None)
    assert [found.closed_on for found in read_actions(store, "X1")] == [None]


def test_nobody_touches_an_action_of_another_organisation(store):
    one = write_action(store, None, "X1", "A1", "New laptops", JUNE, "ICT")
    before, revision = read_actions(store, "X1"), store.revision("action/X2")
    for attempt in (
        lambda: write_action(store, one, "X2", "A1", "Mine", JUNE, "Me"),
        lambda: write_action(store, one + 7, "X1", "A1", "None", JUNE, "Me"),
        lambda: close_action(store, one, "X2", JULY),
        lambda: close_action(store, one + 7, "X1", JULY),
    ):
        with pytest.raises(StoreError, match=r"^This organisation has no such action\.$"):
            attempt()
    assert read_actions(store, "X1") == before
    assert read_actions(store, "X2") == ()
    assert store.revision("action/X2") == revision


def test_they_are_kept_until_one_of_that_organisation_is_written(store):
    one = write_action(store, None, "X1", "A1", "New laptops", JUNE, "ICT")
    kept = read_actions(store, "X1")
    write_action(store, None, "X2", "A1", "Another's", JUNE, "ICT")
    assert read_actions(store, "X1") is kept
    revision = store.revision("action/X1")
    close_action(store, one, "X1", JULY)
    assert store.revision("action/X1") == revision + 1
    assert read_actions(store, "X1") is not kept
