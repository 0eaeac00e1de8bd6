"""Scores against raw answers, the statistics module and scipy's own t interval."""

from fractions import Fraction
from math import isnan, nan, sqrt
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from improve.scoring import Scores, fpc, interval, missing_share, scores, standard_error

VALUES = (1, 2, 3, 4, 5, 6, 7)

counts_of_one = st.lists(st.integers(0, 60), min_size=7, max_size=7)
several_counts = st.lists(counts_of_one, min_size=1, max_size=5)
quick = settings(deadline=None, max_examples=60)


def raw(counts, values=VALUES):
    """The answers themselves, one by one."""
    return [value for value, count in zip(values, counts, strict=True) for _ in range(count)]


def one(n, mean, sd):
    return Scores(n=np.array(n), mean=np.array(mean, dtype=float), sd=np.array(sd, dtype=float))


@quick
@given(several_counts)
def test_scores_are_those_of_the_raw_answers(rows):
    found = scores(rows, VALUES)
    assert found.n.dtype == np.int64
    for place, counts in enumerate(rows):
        answers = [Fraction(answer) for answer in raw(counts)]
        assert found.n[place] == len(answers)
        if answers:
            assert found.mean[place] == pytest.approx(float(mean(answers)), rel=1e-14)
        else:
            assert isnan(found.mean[place])
        if len(answers) > 1:
            assert found.sd[place] == pytest.approx(float(stdev(answers)), rel=1e-12)
        else:
            assert isnan(found.sd[place])


def test_scores_keep_the_shape_of_all_axes_but_the_codes():
    counts = np.random.default_rng(1).integers(0, 9, (3, 4, 2, 7)).astype(np.uint8)
    found = scores(counts, VALUES)
    assert found.n.shape == found.mean.shape == found.sd.shape == (3, 4, 2)
    assert found.mean[2, 1, 0] == pytest.approx(mean(raw(counts[2, 1, 0])))
    single = scores(counts[2, 1, 0], VALUES)
    assert single.mean.shape == ()
    assert single.sd == found.sd[2, 1, 0]


def test_small_integer_counts_do_not_overflow():
    counts = np.full((1, 7), 255, dtype=np.uint8)
    assert scores(counts, VALUES).n[0] == 7 * 255
    assert scores(counts, VALUES).mean[0] == 4


def test_values_are_what_the_codes_stand_for_not_their_places():
    assert scores([[2, 0, 2]], (0, 25, 100)).mean[0] == 50
    with pytest.raises(ValueError):
        scores([[2, 0, 2]], (0, 25))


def test_sd_survives_a_scale_far_from_zero():
    near = scores([[3, 5, 9]], (0, 1, 2))
    far = scores([[3, 5, 9]], (1e9, 1e9 + 1, 1e9 + 2))
    assert far.sd[0] == pytest.approx(near.sd[0], rel=1e-6)


def test_equal_answers_have_no_spread_at_all():
    assert scores([[0, 0, 0, 0, 0, 13, 0]], VALUES).sd[0] == 0


@quick
@given(st.integers(0, 300), st.integers(-5, 6000))
def test_fpc_is_the_rule_of_the_guide(n, invited):
    found = float(fpc(n, invited))
    if n < 1 or invited < n or Fraction(n, invited) <= Fraction(5, 100):
        assert found == 1
    elif invited == 1:
        assert found == 0
    else:
        assert found == pytest.approx(sqrt(Fraction(invited - n, invited - 1)), rel=1e-14)


@pytest.mark.parametrize(
    ("n", "invited", "expected"),
    [
        (5, 100, 1),  # exactly 5 % is not above 5 %
        (6, 100, sqrt(94 / 99)),
        (40, 40, 0),  # everybody answered: nothing is left to chance
        (1, 1, 0),
        (50, 40, 1),  # no count of the people asked
        (50, nan, 1),
        (0, 0, 1),
    ],
)
def test_fpc_at_its_edges(n, invited, expected):
    assert float(fpc(n, invited)) == pytest.approx(expected, abs=1e-15)


def test_standard_error_takes_invited_per_organisation():
    found = scores(np.full((2, 3, 7), 10), VALUES)
    error = standard_error(found, np.array([[140.0], [nan]]))
    plain = stdev(raw([10] * 7)) / sqrt(70)
    assert error.shape == (2, 3)
    assert error[0] == pytest.approx([plain * sqrt(70 / 139)] * 3)
    assert error[1] == pytest.approx([plain] * 3)
    assert standard_error(found)[0] == pytest.approx([plain] * 3)


@quick
@given(several_counts)
def test_interval_is_scipys_t_interval_clipped_to_the_scale(rows):
    lower, upper = interval(scores(rows, VALUES), 1, 7)
    for place, counts in enumerate(rows):
        answers = raw(counts)
        if len(answers) < 2:
            assert isnan(lower[place])
            assert isnan(upper[place])
        elif len(set(answers)) == 1:
            assert lower[place] == upper[place] == answers[0]
        else:
            expected = stats.ttest_1samp(answers, 4).confidence_interval(0.95)
            assert lower[place] == pytest.approx(max(1, expected.low), rel=1e-12)
            assert upper[place] == pytest.approx(min(7, expected.high), rel=1e-12)


@quick
@given(several_counts, st.one_of(st.just(nan), st.integers(1, 1000)))
def test_interval_holds_its_mean_and_shrinks_with_the_correction(rows, invited):
    found = scores(rows, VALUES)
    lower, upper = interval(found, 1, 7, invited)
    widest_lower, widest_upper = interval(found, 1, 7)
    known = found.n >= 2
    assert np.isnan(lower[~known]).all()
    assert (lower[known] <= found.mean[known]).all()
    assert (found.mean[known] <= upper[known]).all()
    assert (widest_lower[known] <= lower[known]).all()
    assert (upper[known] <= widest_upper[known]).all()


@pytest.mark.parametrize(
    ("n", "invited", "half"),
    [
        (10, nan, 1.00),
        (30, nan, 0.52),
        (100, nan, 0.28),
        (500, nan, 0.12),
        (500, 1500, 0.10),
        (100, 120, 0.11),
    ],
)
def test_check_values_of_the_half_width(n, invited, half):
    lower, upper = interval(one(n, 4, 1.4), 1, 7, invited)
    assert round(float(upper - 4), 2) == half
    assert round(float(4 - lower), 2) == half


@quick
@given(st.integers(0, 50), st.integers(-1, 60))
def test_missing_share_counts_those_without_an_answer(n, asked):
    found = float(missing_share(n, asked))
    if asked < max(n, 1):
        assert isnan(found)
    else:
        blanks = [False] * n + [True] * (asked - n)
        assert found == pytest.approx(mean(blanks))
