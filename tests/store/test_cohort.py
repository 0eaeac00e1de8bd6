"""Groups that people build: saved for life, counted as looks, and part of closing a round again."""

import pytest

from improve.errors import CohortError, StoreError
from improve.store import (
    close_round,
    delete_group,
    open_group,
    open_store,
    read_groups,
    read_openings,
    read_rounds,
    save_group,
    write_responses,
)
from tests.views.town import LABEL, code_of, delivery, everything, town_store, towns

OURS = [code_of(place) for place in range(8)]


@pytest.fixture
def store(tmp_path):
    opened = town_store(tmp_path, [everything(2 + 0.1 * place) for place in range(20)])
    yield opened
    opened.close()


def test_a_group_is_kept_with_its_members_and_opened(store):
    before = store.revision("cohorts")
    save_group(store, "abc", "Ours", "X00", OURS, [LABEL])
    assert store.revision("cohorts") == before + 1
    (group,) = read_groups(store).values()
    assert (group.id, group.name, group.organisation, group.members) == (
        "abc",
        "Ours",
        "X00",
        frozenset(OURS),
    )
    assert group.deleted_at is None
    assert read_openings(store) == {(LABEL, "X00"): ("abc",)}
    path = store.path
    store.close()
    again = open_store(path)
    assert read_groups(again)["abc"] == group
    again.close()


def test_six_in_a_round_however_they_came(store):
    for number in range(5):
        save_group(store, f"g{number}", "Ours", "X00", OURS, [LABEL])
    save_group(store, "theirs", "Theirs", "X01", OURS, [LABEL])
    open_group(store, "theirs", "X00", [LABEL])
    open_group(store, "theirs", "X00", [LABEL])  # the same look again
    assert delete_group(store, "g0", "X00")
    save_group(store, "more", "More", "X01", OURS, [LABEL])
    for tried in (
        lambda: open_group(store, "more", "X00", [LABEL]),
        lambda: save_group(store, "new", "New", "X00", OURS, [LABEL]),
    ):
        with pytest.raises(CohortError, match=f"^In round {LABEL} your organisation has seen 6 groups"):
            tried()
    assert "new" not in read_groups(store)
    assert len(read_openings(store)[LABEL, "X00"]) == 6
    assert read_openings(store)[LABEL, "X01"] == ("theirs", "more")


def test_other_rounds_are_opened_while_there_is_room(store):
    for number in range(6):
        save_group(store, f"g{number}", "Ours", "X00", OURS, ["2025"])
    save_group(store, "new", "New", "X00", OURS, [LABEL, "2025", "2024"])
    openings = read_openings(store)
    assert openings[LABEL, "X00"] == ("new",)
    assert "new" not in openings["2025", "X00"]
    assert openings["2024", "X00"] == ("new",)


def test_only_its_own_organisation_deletes_a_group_and_it_stays_to_be_checked_against(store):
    save_group(store, "abc", "Ours", "X00", OURS, [LABEL])
    assert not delete_group(store, "abc", "X01")
    assert not delete_group(store, "none", "X00")
    assert delete_group(store, "abc", "X00")
    assert not delete_group(store, "abc", "X00")
    assert read_groups(store)["abc"].deleted_at is not None


def _three_change(store):
    """Three that joined in all, of which one is in the group."""
    for place in (0, 18, 19):
        write_responses(store, [delivery(code_of(place), everything(4.5, 12))], replace=True)


@pytest.mark.parametrize("is_saved", [False, True])
def test_closing_again_is_refused_where_a_group_would_change_by_one(store, is_saved):
    if is_saved:
        save_group(store, "abc", "Ours", "X00", OURS, [LABEL])
        delete_group(store, "abc", "X00")
    _three_change(store)
    if is_saved:
        with pytest.raises(StoreError, match="fewer than 3"):
            close_round(store, LABEL)
    else:
        close_round(store, LABEL)
    assert read_rounds(store)[0].closings == (1 if is_saved else 2)


def test_closing_again_is_refused_where_a_size_band_would_change_by_one(tmp_path):
    people = [50_000] * 10 + [150_000] * 10
    store = town_store(
        tmp_path,
        [everything(2 + 0.1 * place) for place in range(20)],
        organisations=towns(20, population=people),
    )
    _three_change(store)
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(store, LABEL)
    store.close()
