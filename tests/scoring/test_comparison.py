"""Comparisons against scipy's t-tests and Benjamini-Hochberg by hand."""

from math import isnan, nan, pi, sqrt
from statistics import mean as plain_mean
from statistics import stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from improve.model import Comparison
from improve.scoring import (
    difference_test,
    median_by_item,
    position_range,
    scores,
    standard_error,
    welch_test,
    words,
)

VALUES = (1, 2, 3, 4, 5, 6, 7)
HIGHER, SIMILAR, LOWER = Comparison.HIGHER, Comparison.SIMILAR, Comparison.LOWER

quick = settings(deadline=None, max_examples=60)
counts_of_one = st.lists(st.integers(0, 25), min_size=7, max_size=7)
several_counts = st.lists(counts_of_one, min_size=1, max_size=12)
p_value = st.one_of(st.just(nan), st.floats(0, 1), st.floats(0, 0.01))


def raw(counts):
    return [value for value, count in zip(VALUES, counts, strict=True) for _ in range(count)]


def plain_p(mean, error, n, median, peer_errors):
    """Section 4 for one item, in plain words."""
    peers = [peer for peer in peer_errors if not isnan(peer)]
    if not peers or n < 2 or isnan(mean) or isnan(error) or isnan(median):
        return nan
    variance = error**2 + (pi / 2) * plain_mean(peer**2 for peer in peers) / len(peers)
    if variance == 0:
        return 1.0 if mean == median else 0.0
    return 2 * float(stats.t.sf(abs(mean - median) / sqrt(variance), n - 1))


def flags_by_hand(p_values, rate):
    """Benjamini-Hochberg as its authors wrote it: the largest i with p(i) <= i / m * rate."""
    known = sorted((p, place) for place, p in enumerate(p_values) if not isnan(p))
    last = max((i for i, (p, _) in enumerate(known, 1) if p <= i / len(known) * rate), default=0)
    return {place for _, place in known[:last]}


@quick
@given(several_counts.filter(lambda rows: sum(rows[0]) > 1), st.floats(1, 7))
def test_against_a_median_known_exactly_it_is_the_one_sample_t_test(rows, median):
    answers = raw(rows[0])
    found = scores(rows[0], VALUES)
    p = difference_test(found.mean, standard_error(found), found.n, median, [0.0] * 7)
    if len(set(answers)) > 1:
        assert p == pytest.approx(stats.ttest_1samp(answers, median).pvalue, rel=1e-9, abs=1e-300)
    else:
        assert p == (1 if answers[0] == median else 0)


@quick
@given(st.lists(several_counts, min_size=1, max_size=3), st.integers(2, 9))
def test_difference_test_is_the_guides_formula_for_every_item(columns, organisations):
    counts = np.zeros((organisations, len(columns), 7), dtype=int)
    for item, rows in enumerate(columns):
        for organisation, row in enumerate(rows[:organisations]):
            counts[organisation, item] = row
    found = scores(counts, VALUES)
    errors = standard_error(found)
    medians = median_by_item(found.mean)
    p = difference_test(found.mean[0], errors[0], found.n[0], medians, errors)
    assert p.shape == (len(columns),)
    for item in range(len(columns)):
        expected = plain_p(
            found.mean[0, item], errors[0, item], found.n[0, item], medians[item], errors[:, item]
        )
        assert p[item] == pytest.approx(expected, rel=1e-9, nan_ok=True)
        alone = difference_test(
            found.mean[0, item], errors[0, item], found.n[0, item], medians[item], errors[:, item]
        )
        assert float(alone) == pytest.approx(float(p[item]), nan_ok=True)


def test_the_medians_own_uncertainty_counts():
    small_peers = difference_test(5.0, 0.03, 2000, 4.9, [0.25] * 21 + [0.03])
    exact_peers = difference_test(5.0, 0.03, 2000, 4.9, [0.0] * 22)
    assert exact_peers < 0.01
    assert small_peers > 0.1
    assert small_peers == pytest.approx(plain_p(5.0, 0.03, 2000, 4.9, [0.25] * 21 + [0.03]))


def test_difference_without_any_variance_is_all_or_nothing():
    p = difference_test([5.0, 5.0], [0.0, 0.0], [20, 20], [5.0, 4.9], np.zeros((8, 2)))
    assert p.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("mean", "error", "n", "median", "peers"),
    [
        (nan, nan, 0, 4.0, [0.1] * 7),
        (5.0, nan, 1, 4.0, [0.1] * 7),
        (5.0, 0.0, 1, 4.0, [0.0] * 7),
        (5.0, 0.1, 20, nan, [0.1] * 7),
        (nan, 0.0, 20, 4.0, [0.0] * 7),
        (5.0, 0.1, 20, 4.0, [nan] * 7),
        (5.0, 0.1, 20, 4.0, []),
    ],
)
def test_difference_of_what_is_not_there_is_nan(mean, error, n, median, peers):
    assert isnan(difference_test(mean, error, n, median, peers))


@quick
@given(st.lists(p_value, max_size=25), st.floats(0.01, 0.3))
def test_words_flag_what_benjamini_and_hochberg_flag(p_values, rate):
    differences = [0.5 if place % 2 else -0.5 for place in range(len(p_values))]
    found = words(differences, p_values, rate)
    flagged = flags_by_hand(p_values, rate)
    assert len(found) == len(p_values)
    for place, word in enumerate(found):
        if isnan(p_values[place]):
            assert word is None
        elif place in flagged:
            assert word is (HIGHER if differences[place] > 0 else LOWER)
        else:
            assert word is SIMILAR


def test_words_of_one_instrument():
    assert words([0.4, -0.4, 0.1, nan, 0.0], [0.001, 0.002, 0.4, nan, 1.0]) == (
        HIGHER,
        LOWER,
        SIMILAR,
        None,
        SIMILAR,
    )
    assert words([nan, 0.3], [0.001, 0.04]) == (None, HIGHER)
    assert words([], []) == ()


def test_one_p_just_below_five_per_cent_among_twenty_is_no_flag():
    assert set(words([0.3] * 20, [0.04] + [0.5] * 19)) == {SIMILAR}


def plain_welch(own, other):
    """scipy's Welch test of two lists of raw answers."""
    if len(set(own)) == len(set(other)) == 1:
        return float(own[0] == other[0])
    summaries = [part for each in (own, other) for part in (plain_mean(each), stdev(each), len(each))]
    return float(stats.ttest_ind_from_stats(*summaries, equal_var=False).pvalue)


@quick
@given(several_counts.filter(lambda rows: len(rows) > 1))
def test_welch_is_scipys(rows):
    found = scores(rows, VALUES)
    error = standard_error(found)
    p = welch_test(
        found.mean[0],
        error[0],
        found.n[0],
        other_mean=found.mean[1:],
        other_standard_error=error[1:],
        other_n=found.n[1:],
    )
    own = raw(rows[0])
    for place, row in enumerate(rows[1:]):
        other = raw(row)
        if len(own) < 2 or len(other) < 2:
            assert isnan(p[place])
        else:
            assert p[place] == pytest.approx(plain_welch(own, other), rel=1e-6, abs=1e-12)


def plain_place(own, others):
    """The range of places, organisation by organisation, from the raw answers."""
    if len(own) < 2:
        return (0, 0, 0)
    higher = lower = 0
    counting = [other for other in others if len(other) > 1]
    for other in counting:
        is_real = plain_welch(own, other) <= 0.05
        higher += is_real and plain_mean(other) > plain_mean(own)
        lower += is_real and plain_mean(other) < plain_mean(own)
    of = 1 + len(counting)
    return (1 + higher, of - lower, of)


@quick
@given(st.lists(st.lists(counts_of_one, min_size=2, max_size=2), min_size=1, max_size=10))
def test_position_range_is_a_row_of_welch_tests(rows):
    found = scores(rows, VALUES)
    error = standard_error(found)
    best, worst, of = position_range(
        found.mean[0],
        error[0],
        found.n[0],
        other_means=found.mean[1:],
        other_standard_errors=error[1:],
        other_ns=found.n[1:],
    )
    for item in range(2):
        own, *others = [raw(row[item]) for row in rows]
        assert (best[item], worst[item], of[item]) == plain_place(own, others)
        if of[item]:
            assert 1 <= best[item] <= worst[item] <= of[item]


def test_position_among_organisations_far_apart_is_one_place():
    others = {
        "other_means": np.array([6.0, 5.0, 3.0, nan]),
        "other_standard_errors": np.array([0.05, 0.05, 0.05, nan]),
        "other_ns": np.array([400, 400, 400, 0]),
    }
    assert tuple(map(int, position_range(4.0, 0.05, 400, **others))) == (3, 3, 4)
    assert tuple(map(int, position_range(5.0, 0.05, 400, **others))) == (2, 3, 4)
    assert tuple(map(int, position_range(nan, nan, 0, **others))) == (0, 0, 0)


@pytest.mark.parametrize("error", [nan, 0.0, 0.1])
def test_one_answer_is_no_score_to_compare_with(error):
    others = {
        "other_means": np.array([2.0, 6.0]),
        "other_standard_errors": np.array([error, 0.1]),
        "other_ns": np.array([1, 50]),
    }
    assert tuple(map(int, position_range(4.0, 0.1, 50, **others))) == (2, 2, 2)
    assert tuple(map(int, position_range(4.0, error, 1, **others))) == (0, 0, 0)
    p = welch_test(4.0, 0.1, 50, other_mean=2.0, other_standard_error=error, other_n=1)
    assert isnan(p)


def test_position_alone_is_first_of_one():
    nobody = np.empty((0, 2))
    best, worst, of = position_range(
        [4.0, nan],
        [0.1, nan],
        [30, 0],
        other_means=nobody,
        other_standard_errors=nobody,
        other_ns=nobody,
    )
    assert best.tolist() == worst.tolist() == of.tolist() == [1, 0]
