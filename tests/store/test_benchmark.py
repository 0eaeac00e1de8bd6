"""Closing a round: its benchmark stands still, and no second closing gives one organisation away."""

import numpy as np
import pytest

from improve.errors import SelectionError, StoreError
from improve.store import (
    SumKind,
    benchmark_counts,
    benchmark_sums,
    close_round,
    read_rounds,
    round_counts,
    round_sums,
    write_organisations,
    write_responses,
)
from tests.factory import make_delivery, make_organisation, make_store, small_survey
from tests.store.skill import skilled_survey

CODES = tuple(f"X{number}" for number in range(6))
SURVEY = small_survey()
TEN = [1, 2, 3, 4, 5] * 2


@pytest.fixture
def store(tmp_path):
    """Five organisations with ten answers each, closed; a sixth that has not arrived."""
    store = make_store(
        tmp_path,
        {"2026": {code: {"A1": TEN} for code in CODES[:5]}},
        organisations=tuple(make_organisation(code) for code in CODES),
        closed=("2026",),
    )
    yield store
    store.close()


def write(store, code, answers, replace=True, **facts):
    write_responses(store, [make_delivery(SURVEY, "2026", code, {"A1": answers}, **facts)], replace=replace)


def snapshot(store):
    counts = benchmark_counts(store, "2026", "small")
    return counts.organisations, counts.responses.tolist(), counts.counts.tolist(), counts.invited.tolist()


def test_a_benchmark_is_the_counts_at_closing(store):
    now, then = round_counts(store, "2026", "small"), benchmark_counts(store, "2026", "small")
    assert then.organisations == CODES[:5]
    assert then.keys == now.keys
    for name in ("counts", "n", "asked", "responses"):
        assert np.array_equal(getattr(then, name), getattr(now, name))
    assert [one.is_closed for one in read_rounds(store)] == [True]


def test_a_round_that_collects_has_no_benchmark(store):
    write_responses(store, [make_delivery(SURVEY, "2027", "X0", {"A1": TEN})])
    assert benchmark_counts(store, "2027", "small").organisations == ()
    assert [one.is_closed for one in read_rounds(store)] == [True, False]


def test_nothing_that_arrives_later_moves_it(store):
    before = snapshot(store)
    assert before[1] == [10] * 5
    write(store, "X5", TEN)
    write(store, "X0", [5] * 20)
    write(store, "X1", TEN, replace=False)
    write(store, "X2", [])
    assert np.isnan(before[3]).all()
    assert snapshot(store)[:3] == before[:3]
    assert round_counts(store, "2026", "small").responses.tolist() == [20, 20, 0, 10, 10, 10]


def test_an_organisation_without_responses_is_no_part_of_it(store):
    write(store, "X5", [])
    for code in ("X0", "X1", "X2"):
        write(store, code, [4] * 12)
    assert close_round(store, "2026") == 5
    assert "X5" not in benchmark_counts(store, "2026", "small").organisations


@pytest.mark.parametrize("changing", [1, 2])
def test_closing_again_after_few_have_changed_is_refused(store, changing):
    before, closed_at = snapshot(store), read_rounds(store)[0].closed_at
    for code in CODES[:changing]:
        write(store, code, [5] * 12)
    with pytest.raises(StoreError) as caught:
        close_round(store, "2026")
    assert str(caught.value) == (
        "Round 2026 is closed, and fewer than 3 organisations have joined or changed since: "
        "its medians before and after would give their figures away."
    )
    assert snapshot(store)[:3] == before[:3]
    assert read_rounds(store)[0].closed_at == closed_at


def test_closing_again_after_three_have_changed(store):
    for code in CODES[:3]:
        write(store, code, [5] * 12)
    assert close_round(store, "2026") == 5
    assert snapshot(store)[1] == [12, 12, 12, 10, 10]


def test_joining_changing_and_leaving_add_up(store):
    write(store, "X0", [5] * 12)
    write(store, "X5", TEN)
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(store, "2026")
    write(store, "X1", [])
    assert close_round(store, "2026") == 5
    assert benchmark_counts(store, "2026", "small").organisations == ("X0", "X2", "X3", "X4", "X5")


def test_those_too_small_to_count_hide_nobody(store):
    """Of three that changed, two are not seen in any median: the third's figures would be given away."""
    write(store, "X0", [1] * 9)
    write(store, "X1", [1] * 9)
    write(store, "X2", [1] * 9)
    assert close_round(store, "2026") == 5
    write(store, "X0", [5] * 9)
    write(store, "X1", [5] * 9)
    write(store, "X3", [5] * 30)
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(store, "2026")
    write(store, "X0", [5] * 10)
    write(store, "X1", [5] * 10)
    assert close_round(store, "2026") == 5


def test_a_changed_number_of_people_invited_is_a_change(store):
    """The median response rate would tell."""
    write(store, "X0", TEN, invited=40)
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(store, "2026")


def test_the_same_answers_in_another_instrument_are_a_change(store):
    for code in ("X0", "X1"):
        one = make_delivery(small_survey(id="other"), "2026", code, {"A1": TEN})
        write_responses(store, [one])
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(store, "2026")


def test_closing_again_when_nothing_changed(store):
    before = snapshot(store)
    write(store, "X0", TEN[::-1])  # the same answers, taken in once more
    assert close_round(store, "2026") == 5
    assert snapshot(store)[:3] == before[:3]


def test_the_operator_may_insist(store):
    write(store, "X0", [5] * 12)
    assert close_round(store, "2026", even_if_few_change=True) == 5
    assert snapshot(store)[1] == [12, 10, 10, 10, 10]


def test_a_first_closing_needs_no_number(tmp_path):
    store = make_store(
        tmp_path, {"2026": {"X0": {"A1": TEN}}}, organisations=(make_organisation("X0"),), closed=("2026",)
    )
    assert benchmark_counts(store, "2026", "small").organisations == ("X0",)
    store.close()


def test_a_round_nobody_knows(store):
    with pytest.raises(SelectionError, match=r"^There is no round called 2031\. There are: 2026\.$"):
        close_round(store, "2031")


def test_closing_moves_the_revisions_that_readers_follow(store):
    before = store.revision("rounds"), store.revision("survey/2026")
    kept = benchmark_counts(store, "2026", "small")
    for code in CODES[:3]:
        write(store, code, [5] * 12)
    close_round(store, "2026")
    assert store.revision("rounds") == before[0] + 1
    assert store.revision("survey/2026") == before[1] + 4
    assert benchmark_counts(store, "2026", "small") is not kept


@pytest.fixture
def change(tmp_path):
    """Thirty organisations (nine Welsh) in a closed round, of which some then answer anew."""
    opened = []

    def make(changed):
        organisations = tuple(
            make_organisation(f"X{i:02}", nation=nation, region=nation)
            for i in range(30)
            for nation in ["Wales" if i < 9 else "England"]
        )
        answers = {one.code: {"A1": [2, 3, 4] * 5, "A2": [1, 2, 3] * 5} for one in organisations}
        store = make_store(tmp_path, {"2026": answers}, organisations=organisations, closed=("2026",))
        opened.append(store)
        for code, new in changed.items():
            again = make_delivery(SURVEY, "2026", code, answers[code] | new)
            write_responses(store, [again], replace=True)
        return store

    yield make
    for store in opened:
        store.close()


ANEW = [1] * 15


@pytest.mark.parametrize(
    "changed",
    [
        {"X00": {"A1": ANEW}, "X01": {"A1": ANEW}, "X02": {"A2": ANEW}},
        {"X00": {"A1": ANEW}, "X20": {"A1": ANEW}, "X21": {"A1": ANEW}},
    ],
    ids=["one of three in an item", "one of three in a group"],
)
def test_closing_again_is_refused_where_any_one_benchmark_moves_by_one(change, changed):
    with pytest.raises(StoreError):
        close_round(change(changed), "2026")


def test_closing_again_is_allowed_where_every_benchmark_moves_by_three(change):
    moved = ("X00", "X01", "X02", "X20", "X21", "X22")
    assert close_round(change({code: {"A1": ANEW} for code in moved}), "2026") == 30


def test_a_closed_round_keeps_its_groups_when_the_register_changes(change):
    store = change({})
    write_organisations(store, [make_organisation("X00", nation="England", region="England")])
    kept, now = benchmark_counts(store, "2026", "small"), round_counts(store, "2026", "small")
    assert kept.facts[kept.place["X00"]].nation == "Wales"
    assert now.facts[now.place["X00"]].nation == "England"
    with pytest.raises(StoreError):
        close_round(store, "2026")


def test_who_moves_to_another_group_takes_its_answers_along(change):
    """X00 leaves Wales with its answers; of four others only the number of people invited is corrected."""
    store = change({})
    write_organisations(store, [make_organisation("X00", nation="England", region="England")])
    for code in ("X01", "X02", "X20", "X21"):
        same = make_delivery(SURVEY, "2026", code, {"A1": [2, 3, 4] * 5, "A2": [1, 2, 3] * 5}, invited=500)
        write_responses(store, [same], replace=True)
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(store, "2026")


# ── Gaps and indexes ───────────────────────────────────────────────────────────────────────────

SKILLED = skilled_survey()
RATED = {
    ("A1", "importance"): [5, 5, 5, 3, 3, 3, 1, 1, 1, 2, 2, 2],
    ("A1", "satisfaction"): [5, 5, 5, 3, 3, 3, 1, 1, 1, 2, 2, 2],
    "S1": [4, 4, 4, 3, 3, 3, 0, 0, 0, 2, 2, 2],
    "S2": [4, 4, 4, 3, 3, 3, 0, 0, 0, 2, 2, None],
}
PAIRED_OTHERWISE = RATED | {("A1", "satisfaction"): RATED["A1", "satisfaction"][::-1]}
SKILLED_OTHERWISE = RATED | {"S2": RATED["S2"][::-1]}


@pytest.fixture
def rated(tmp_path):
    store = make_store(
        tmp_path,
        {"2026": dict.fromkeys(CODES, RATED)},
        survey=SKILLED,
        organisations=tuple(make_organisation(code) for code in CODES),
        closed=("2026",),
    )
    yield store
    store.close()


def sums(store, kind, read=benchmark_sums):
    found = read(store, "2026", "small", kind)
    return found.organisations, found.n.tolist(), found.total.tolist(), found.squares.tolist()


@pytest.mark.parametrize(
    ("kind", "anew"), [(SumKind.GAP, PAIRED_OTHERWISE), (SumKind.INDEX, SKILLED_OTHERWISE)]
)
def test_a_change_in_gaps_or_indexes_alone_is_a_change(rated, kind, anew):
    """The same answers by other people: every count is as it was."""
    before = sums(rated, kind)
    counts = round_counts(rated, "2026", "small")
    for changed, code in enumerate(CODES[:3], start=1):
        write_responses(rated, [make_delivery(SKILLED, "2026", code, anew)], replace=True)
        assert sums(rated, kind) == before
        if changed < 3:
            with pytest.raises(StoreError, match="fewer than 3"):
                close_round(rated, "2026")
            assert sums(rated, kind) == before
    assert np.array_equal(round_counts(rated, "2026", "small").counts, counts.counts)
    assert close_round(rated, "2026") == 6
    assert sums(rated, kind) == sums(rated, kind, round_sums) != before


def test_two_of_whom_one_has_other_gaps_and_one_other_skills_do_not_hide_a_third(rated):
    """Each benchmark is judged by itself: three moved, but none of the figures by three."""
    for code, anew in (("X0", PAIRED_OTHERWISE), ("X1", PAIRED_OTHERWISE), ("X2", SKILLED_OTHERWISE)):
        write_responses(rated, [make_delivery(SKILLED, "2026", code, anew)], replace=True)
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(rated, "2026")


def test_too_few_pairs_to_count_are_no_change(rated):
    """Nine people's gaps are in no median."""
    nine = {key: given[:9] for key, given in RATED.items()}
    otherwise = nine | {("A1", "satisfaction"): nine["A1", "satisfaction"][::-1]}
    for code in CODES:
        write_responses(rated, [make_delivery(SKILLED, "2026", code, nine)], replace=True)
    close_round(rated, "2026")
    write_responses(rated, [make_delivery(SKILLED, "2026", "X0", otherwise)], replace=True)
    assert close_round(rated, "2026") == 6
    for code in ("X0", "X1"):
        write_responses(rated, [make_delivery(SKILLED, "2026", code, RATED)], replace=True)
    with pytest.raises(StoreError, match="fewer than 3"):
        close_round(rated, "2026")


def test_who_leaves_a_benchmark_takes_its_gaps_and_indexes_along(rated):
    for code in CODES[:3]:
        write_responses(rated, [make_delivery(SKILLED, "2026", code, {})], replace=True)
    assert close_round(rated, "2026") == 3
    for kind in SumKind:
        assert sums(rated, kind)[0] == CODES[3:]
    with rated._cursor() as cursor:
        for table in ("benchmark_gap", "benchmark_index"):
            found = cursor.execute(f"select distinct organisation from {table} order by all").fetchall()
            assert found == [(code,) for code in CODES[3:]]
