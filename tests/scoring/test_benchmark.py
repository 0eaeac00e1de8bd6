"""Quantiles against numpy's and the statistics module's; ranks against the exact binomial."""

from fractions import Fraction
from math import comb, isnan, nan
from statistics import median as plain_median
from statistics import quantiles

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.scoring import (
    median,
    median_by_item,
    median_interval,
    median_interval_by_item,
    median_ranks,
    quartiles,
    quartiles_by_item,
    scores,
)

score = st.floats(1, 7, allow_nan=False)
several = st.lists(score, min_size=1, max_size=40)
quick = settings(deadline=None, max_examples=60)


@st.composite
def matrices(draw):
    """Organisations x items, with scores that do not count, and at times none that does."""
    rows, columns = draw(st.integers(0, 25)), draw(st.integers(1, 4))
    place = st.one_of(score, st.just(nan))
    line = st.lists(place, min_size=columns, max_size=columns)
    cells = draw(st.lists(line, min_size=rows, max_size=rows))
    return np.array(cells, dtype=float).reshape(rows, columns)


def coverage(n, rank):
    """How often the rank-th smallest and largest of n enclose the median: coin by coin."""
    enclosed = sum(comb(n, heads) for heads in range(rank, n - rank + 1))
    return Fraction(enclosed, 2**n)


@quick
@given(several)
def test_median_and_quartiles_of_one_list(values):
    assert median(values) == pytest.approx(plain_median(values), rel=1e-14)
    lower, upper = quartiles(values)
    assert lower == pytest.approx(np.percentile(values, 25, method="linear"), rel=1e-14)
    assert upper == pytest.approx(np.percentile(values, 75, method="linear"), rel=1e-14)
    if len(values) > 1:
        expected = quantiles(values, n=4, method="inclusive")
        assert (lower, median(values), upper) == pytest.approx(tuple(expected), rel=1e-12)


def test_type_seven_by_hand():
    assert quartiles([4, 1, 3, 2]) == (1.75, 3.25)
    assert median([4, 1, 3, 2]) == 2.5


def test_nothing_has_no_median():
    assert isnan(median([]))
    assert all(isnan(end) for end in quartiles([]))
    assert all(isnan(end) for end in median_interval([]))


@quick
@given(matrices())
def test_each_column_is_worked_out_from_the_scores_that_count(matrix):
    middle = median_by_item(matrix)
    quarter = quartiles_by_item(matrix)
    ends = median_interval_by_item(matrix)
    assert middle.shape == (matrix.shape[1],)
    for item in range(matrix.shape[1]):
        counting = sorted(value for value in matrix[:, item] if not isnan(value))
        if counting:
            assert middle[item] == pytest.approx(np.percentile(counting, 50), rel=1e-14)
            assert quarter[0][item] == pytest.approx(np.percentile(counting, 25), rel=1e-14)
            assert quarter[1][item] == pytest.approx(np.percentile(counting, 75), rel=1e-14)
        else:
            assert isnan(middle[item])
            assert isnan(quarter[0][item])
        ranks = median_ranks(len(counting))
        if ranks is None:
            assert isnan(ends[0][item])
            assert isnan(ends[1][item])
        else:
            assert ends[0][item] == counting[ranks[0] - 1]
            assert ends[1][item] == counting[ranks[1] - 1]


@quick
@given(matrices(), st.randoms(use_true_random=False))
def test_the_order_of_organisations_does_not_matter_and_the_matrix_is_left_alone(matrix, random):
    before = matrix.copy()
    order = list(range(len(matrix)))
    random.shuffle(order)
    np.testing.assert_array_equal(median_by_item(matrix[order]), median_by_item(matrix))
    np.testing.assert_array_equal(quartiles_by_item(matrix[order]), quartiles_by_item(matrix))
    np.testing.assert_array_equal(matrix, before)


@pytest.mark.parametrize(
    ("n", "ranks"),
    [
        (0, None),
        (1, None),
        (5, None),
        (6, (1, 6)),
        (10, (2, 9)),
        (12, (3, 10)),
        (15, (4, 12)),
        (22, (6, 17)),
        (30, (10, 21)),
    ],
)
def test_check_values_of_the_rank_interval(n, ranks):
    assert median_ranks(n) == ranks


def test_six_organisations_reach_the_share_that_the_guide_names():
    assert round(float(coverage(6, 1)) * 100, 1) == 96.9
    assert coverage(5, 1) < Fraction(95, 100)


def test_ranks_are_the_narrowest_that_reach_95_per_cent():
    for n in range(6, 401):
        lower, upper = median_ranks(n)
        assert lower + upper == n + 1, n
        assert coverage(n, lower) >= Fraction(95, 100), n
        assert coverage(n, lower + 1) < Fraction(95, 100), n


def test_median_interval_picks_the_ranked_values():
    fifteen = [4.1, 4.9, 5.6, 4.4, 4.0, 5.0, 5.2, 4.7, 4.3, 5.9, 5.4, 4.6, 4.8, 5.1, 4.2]
    assert median_interval(fifteen) == (sorted(fifteen)[3], sorted(fifteen)[11])


def answers_with_mean(n, total):
    """Counts over the codes 1-7 of n answers whose sum is `total`."""
    code, rest = divmod(total, n)
    counts = [0] * 7
    counts[code - 1] = n - rest
    counts[code] = rest
    return counts


def test_the_benchmark_is_the_median_of_organisations_not_the_pooled_mean():
    hundred = [*range(455, 480, 3), 486, 488, *range(495, 536, 5)]
    rows = [answers_with_mean(100, total) for total in hundred]
    rows += [answers_with_mean(106, 529), answers_with_mean(594, 2673)]
    counts = np.array(rows)
    assert len(counts) == 22
    assert counts[-1].sum() / counts.sum() == 0.22
    assert median(scores(counts, range(1, 8)).mean) == pytest.approx(4.87)
    assert scores(counts.sum(axis=0), range(1, 8)).mean == pytest.approx(4.82)
