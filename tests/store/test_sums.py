"""Sums of gaps, numbers and indexes: against loops over the raw rows, at closing, and when kept."""

import shutil

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improve.store import (
    ANSWER,
    SumKind,
    benchmark_counts,
    benchmark_sums,
    check_store,
    close_round,
    open_store,
    round_counts,
    round_sums,
    write_responses,
)
from tests.factory import make_delivery, make_organisation, make_store
from tests.store.skill import files, gap_of, index_of, people, skilled_survey, summed

CODES = ("X1", "X2", "X3")
SURVEY = skilled_survey()


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank")
    make_store(folder, organisations=tuple(make_organisation(code) for code in CODES)).close()
    return folder / "store.duckdb"


@pytest.fixture
def store(blank, tmp_path):
    store = open_store(shutil.copy2(blank, tmp_path / "store.duckdb"))
    yield store
    store.close()


def write(store, code, answers, *, label="2026", replace=False, survey=SURVEY):
    write_responses(store, [make_delivery(survey, label, code, answers)], replace=replace)


def recounted(store, label, code):
    """Kind -> item -> n, sum and sum of squares, of those that anybody gave."""
    found = {kind: {} for kind in SumKind}
    standing = [answers for _import, answers in people(store, label, code)]
    for aspect in ("A1", "A2"):
        found[SumKind.GAP][aspect] = summed([gap for one in standing for gap in gap_of(one, aspect)])
    for item in ("HOURS", "DAYS"):
        found[SumKind.NUMBER][item] = summed([given for one in standing for given in one[item, ANSWER]])
    found[SumKind.INDEX]["skill"] = summed([mean for one in standing for mean in index_of(one)])
    return {kind: {item: sums for item, sums in rows.items() if sums[0]} for kind, rows in found.items()}


def as_dict(sums, code):
    row = sums.place[code]
    return {
        item: (sums.n[row, column], sums.total[row, column], sums.squares[row, column])
        for column, item in enumerate(sums.items)
        if (sums.n[row, column], sums.total[row, column], sums.squares[row, column]) != (0, 0, 0)
    }


def same(found, wanted):
    assert found.keys() == wanted.keys()
    for item, row in found.items():
        assert row == pytest.approx(wanted[item], rel=1e-12, abs=1e-12)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=st.fixed_dictionaries({code: files() for code in CODES[:2]}), late=files(most=1))
def test_sums_are_what_loops_over_the_raw_rows_give(blank, tmp_path, world, late):
    store = open_store(shutil.copy2(blank, tmp_path / "copy.duckdb"))
    try:
        for code, batches in world.items():
            for answers in batches:
                write(store, code, answers)
        for read, counts_of in ((round_sums, round_counts), (benchmark_sums, benchmark_counts)):
            counts = counts_of(store, "2026", "small")
            for kind in SumKind:
                sums = read(store, "2026", "small", kind)
                assert (sums.organisations, sums.versions) == (counts.organisations, counts.versions)
                assert list(sums.items) == sorted(sums.items)
                for code in sums.organisations:
                    same(as_dict(sums, code), recounted(store, "2026", code)[kind])
            close_round(store, "2026")
        at_closing = {kind: benchmark_sums(store, "2026", "small", kind) for kind in SumKind}
        write(store, "X1", late[0], replace=True)
        write(store, "X3", late[0])
        assert check_store(store) == []
        for kind, before in at_closing.items():
            after = benchmark_sums(store, "2026", "small", kind)
            assert after is not before
            assert (after.organisations, after.items) == (before.organisations, before.items)
            for name in ("n", "total", "squares"):
                assert np.array_equal(getattr(after, name), getattr(before, name))
            same(
                as_dict(round_sums(store, "2026", "small", kind), "X1"), recounted(store, "2026", "X1")[kind]
            )
    finally:
        store.close()


def test_sums_worked_out_by_hand(store):
    write(
        store,
        "X1",
        {
            ("A1", "importance"): [5, 5, 1, None],
            ("A1", "satisfaction"): [2, 5, 4, 3],  # gaps 3, 0, -3
            "HOURS": [7.5, None, 0.0, 2.0],
            "S1": [4, 0, 5, None],
            "S2": [3, None, 5, 2],
            "S3": [3, None, None, 2],  # 10 / 3; 0; nothing that counts; 2
        },
    )
    write(store, "X2", {"A2": [1]})
    gaps = round_sums(store, "2026", "small", SumKind.GAP)
    assert (gaps.items, gaps.organisations) == (("A1",), ("X1", "X2"))
    assert (gaps.n.tolist(), gaps.total.tolist(), gaps.squares.tolist()) == (
        [[3], [0]],
        [[0.0], [0.0]],
        [[18.0], [0.0]],
    )
    numbers = round_sums(store, "2026", "small", SumKind.NUMBER)
    assert (numbers.items, numbers.n[0].tolist(), numbers.total[0].tolist(), numbers.squares[0].tolist()) == (
        ("HOURS",),
        [3],
        [9.5],
        [60.25],
    )
    index = round_sums(store, "2026", "small", SumKind.INDEX)
    assert (index.items, index.n[:, 0].tolist()) == (("skill",), [3, 0])
    assert index.total[0, 0] == pytest.approx(10 / 3 + 0 + 2)
    assert index.squares[0, 0] == pytest.approx(100 / 9 + 0 + 4)


def test_each_version_has_its_own_skills(store):
    """What an option is worth is for the version to say under which people answered."""
    plain = skilled_survey("2.0", questions=())
    for code, survey in (("X1", SURVEY), ("X2", plain)):
        write(store, code, {("S1", ANSWER): [4, 3], ("HOURS", ANSWER): [1.0, 2.0]}, survey=survey)
    index = round_sums(store, "2026", "small", SumKind.INDEX)
    assert (index.versions, index.n.tolist()) == (("1.0", "2.0"), [[2], [0]])
    assert check_store(store) == []


def test_nobody_gave_any(store):
    for kind in SumKind:
        sums = round_sums(store, "2026", "small", kind)
        assert (sums.organisations, sums.items, sums.n.shape) == ((), (), (0, 0))
    write(store, "X1", {"A1": [3]})
    for kind in SumKind:
        sums = round_sums(store, "2026", "small", kind)
        assert (sums.organisations, sums.items, sums.n.shape) == (("X1",), (), (1, 0))
        assert np.isnan(sums.invited).tolist() == [True]
        assert benchmark_sums(store, "2026", "small", kind).organisations == ()


def test_sums_are_kept_until_their_round_is_written_again(store):
    for label in ("2025", "2026"):
        write(store, "X1", {"HOURS": [7.5]}, label=label)
    old, new = (round_sums(store, label, "small", SumKind.NUMBER) for label in ("2025", "2026"))
    write(store, "X1", {"HOURS": [7.5]})
    assert round_sums(store, "2025", "small", SumKind.NUMBER) is old
    assert round_sums(store, "2026", "small", SumKind.NUMBER) is not new
    assert round_sums(store, "2026", "small", SumKind.NUMBER).total.tolist() == [[15.0]]
    with pytest.raises(ValueError, match="read-only"):
        old.total[0, 0] = 99


def test_few_rounds_are_kept_at_a_time(store):
    for year in range(1990, 2020):
        round_sums(store, str(year), "small", SumKind.GAP)
    assert 2 <= len(store.kept["sums"]) < 30
