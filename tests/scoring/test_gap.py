"""The expectation gap's quadrants, against scipy's own bivariate normal and by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from improve.model import Certainty, Quadrant
from improve.scoring import Scores, mean_correlation, quadrant_shares, quadrants, sums_scores

CONCENTRATE, KEEP, LOW, OVERKILL = range(4)


def oracle(x, se_x, y, se_y, correlation):
    """The four orthants about 0, each by scipy's distribution function."""
    covariance = correlation * se_x * se_y
    shares = []
    for sign_x, sign_y in ((-1, 1), (1, 1), (-1, -1), (1, -1)):
        cov = [[se_x**2, sign_x * sign_y * covariance], [sign_x * sign_y * covariance, se_y**2]]
        mean = [-sign_x * x, -sign_y * y]
        shares.append(multivariate_normal.cdf([0, 0], mean=mean, cov=cov, allow_singular=True))
    return shares


@pytest.mark.parametrize("seed", range(200))
def test_the_shares_are_scipys(seed):
    chance = np.random.default_rng(seed)
    x, y = chance.normal(0, 1.5, 2)
    se_x, se_y = chance.uniform(0.05, 2, 2)
    correlation = float(chance.choice([0.0, 0.99999, -0.99999, chance.uniform(-1, 1)]))
    found = quadrant_shares(x, se_x, y, se_y, correlation, 0.0, 0.0)
    assert found == pytest.approx(oracle(x, se_x, y, se_y, correlation), abs=1e-7)


def test_by_hand():
    third = [1 / 6, 1 / 3, 1 / 3, 1 / 6]
    assert quadrant_shares(5.0, 0.1, 6.0, 0.1, 0.5, 5.0, 6.0) == pytest.approx(third)
    assert quadrant_shares(5.0, 0.1, 6.0, 0.1, 0.0, 5.0, 6.0) == pytest.approx([0.25] * 4)


def test_without_any_error_it_is_where_it_is():
    assert quadrant_shares(4.0, 0.0, 6.0, 0.0, 0.0, 5.0, 5.0).tolist() == [1, 0, 0, 0]
    assert quadrant_shares(5.0, 0.0, 5.0, 0.0, 1.0, 5.0, 5.0).tolist() == [0, 1, 0, 0]
    assert quadrant_shares(4.0, 0.0, 5.0, 1.0, 0.9, 5.0, 5.0) == pytest.approx([0.5, 0, 0.5, 0])


def test_of_nothing_there_is_nothing():
    assert np.isnan(quadrant_shares(np.nan, 0.1, 5.0, 0.1, 0.0, 5.0, 5.0)).all()
    assert np.isnan(quadrant_shares(4.0, np.nan, 5.0, 0.1, 0.0, 5.0, 5.0)).all()
    assert quadrants([[np.nan] * 4]) == (None,)


NEAR = st.floats(-3, 3)
ERROR = st.floats(0.01, 2)


@given(NEAR, ERROR, NEAR, ERROR, st.floats(-1, 1))
def test_they_add_up_and_turn_with_the_axes(x, se_x, y, se_y, correlation):
    shares = quadrant_shares(x, se_x, y, se_y, correlation, 0.0, 0.0)
    turned = quadrant_shares(y, se_y, x, se_x, correlation, 0.0, 0.0)
    mirrored = quadrant_shares(-x, se_x, y, se_y, -correlation, 0.0, 0.0)
    assert shares.sum() == pytest.approx(1.0)
    assert turned == pytest.approx(shares[[OVERKILL, KEEP, LOW, CONCENTRATE]], abs=1e-9)
    assert mirrored == pytest.approx(shares[[KEEP, CONCENTRATE, OVERKILL, LOW]], abs=1e-9)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.95, 0.05, 0, 0], (Quadrant.CONCENTRATE, Certainty.FIRMLY)),
        ([0.0501, 0.9499, 0, 0], (Quadrant.KEEP, Certainty.PROBABLY)),
        ([0.2, 0, 0.8, 0], (Quadrant.LOW, Certainty.PROBABLY)),
        ([0.21, 0, 0, 0.79], (Quadrant.OVERKILL, Certainty.BORDERLINE)),
    ],
)
def test_the_likeliest_is_named_with_its_certainty(shares, expected):
    assert quadrants([shares]) == (expected,)


def answers(chance, n, correlation, means, sd=1.2):
    both = chance.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], size=n)
    return np.clip(np.rint(np.array(means) + sd * both), 1, 7)


def scored(values):
    return sums_scores(len(values), values.sum(), np.square(values).sum())


def test_the_correlation_of_the_means_is_that_of_the_answers():
    chance = np.random.default_rng(5)
    x, y = answers(chance, 400, 0.6, (4, 5)).T
    found = mean_correlation(scored(x), scored(y), scored(y - x))
    assert found == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_those_who_gave_one_rating_alone_weaken_it():
    chance = np.random.default_rng(6)
    x, y = answers(chance, 100, 0.6, (4, 5)).T
    more = answers(chance, 300, 0.6, (4, 5))[:, 0]
    every = np.concatenate([x, more])
    found = mean_correlation(scored(every), scored(y), scored(y - x))
    covariance = (every.var(ddof=1) + y.var(ddof=1) - (y - x).var(ddof=1)) / 2
    expected = covariance * 100 / (400 * 100) / (every.std(ddof=1) / 20 * y.std(ddof=1) / 10)
    assert found == pytest.approx(expected)


def test_without_variance_there_is_no_correlation():
    flat, any_ = Scores(np.array(10), np.array(5.0), np.array(0.0)), scored(np.array([1.0, 2, 3]))
    assert mean_correlation(flat, any_, any_) == 0
    nobody = Scores(np.array(0), np.array(np.nan), np.array(np.nan))
    assert mean_correlation(nobody, any_, nobody) == 0


def test_firmly_is_right_and_borderline_is_a_guess():
    """Section 5: firmly 97-99 %, probably 84-88 %, borderline about 60 %; true points lie near the lines."""
    chance = np.random.default_rng(7)
    rounds, error = 20_000, 0.12
    true = chance.normal(0, 0.25, (rounds, 2))
    noise = chance.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=rounds) * error
    seen = true + noise
    shares = quadrant_shares(seen[:, 0], error, seen[:, 1], error, 0.4, 0.0, 0.0)
    named = quadrants(shares)
    right = {one: [] for one in Certainty}
    for (quadrant, certainty), (x, y) in zip(named, true, strict=True):
        truth = (
            (Quadrant.KEEP if x >= 0 else Quadrant.CONCENTRATE)
            if y >= 0
            else (Quadrant.OVERKILL if x >= 0 else Quadrant.LOW)
        )
        right[certainty].append(quadrant is truth)
    assert np.mean(right[Certainty.FIRMLY]) > 0.95
    assert 0.8 < np.mean(right[Certainty.PROBABLY]) < 0.92
    assert 0.45 < np.mean(right[Certainty.BORDERLINE]) < 0.7
