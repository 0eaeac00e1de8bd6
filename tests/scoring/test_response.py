"""Response rates against exact fractions."""

from fractions import Fraction
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from improve.scoring import margin, response_rate, share_interval, shares


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 500), st.integers(-5, 2000))
def test_response_rate_is_a_share_of_those_invited(usable, invited):
    rate = float(response_rate(usable, invited))
    if invited <= 0 or usable > invited:
        assert isnan(rate)
    else:
        assert rate == pytest.approx(float(Fraction(usable, invited)), rel=1e-15)
        assert 0 <= rate <= 1


def test_response_rates_of_many_organisations_at_once():
    rates = response_rate([240, 0, 30, 10, 0], [1000, 50, nan, 9, 0])
    assert rates[:2].tolist() == [0.24, 0]
    assert np.isnan(rates[2:]).all()


@pytest.mark.parametrize(
    ("n", "invited", "half"),
    [
        (10, None, 1.00),
        (30, None, 0.52),
        (100, None, 0.28),
        (500, None, 0.12),
        (500, 1500, 0.10),
        (100, 120, 0.11),
    ],
)
def test_margins_are_those_of_the_guide(n, invited, half):
    """Section 11, at s = 1.4."""
    assert round(float(margin(1.4, n, invited)), 2) == half


def test_one_answer_has_no_margin():
    assert np.isnan(margin([1.4, 1.4, nan], [1, 0, 30])).all()


def test_shares_are_of_the_answers():
    assert shares([[1, 3], [0, 0]])[0].tolist() == [0.25, 0.75]
    assert np.isnan(shares([[1, 3], [0, 0]])[1]).all()


@pytest.mark.parametrize(("k", "n"), [(0, 10), (1, 10), (5, 10), (10, 10), (37, 204)])
def test_a_shares_interval_is_scipys(k, n):
    from_scipy = binomtest(k, n).proportion_ci(0.95, method="wilson")
    low, high = share_interval(k, n)
    assert (low, high) == (pytest.approx(from_scipy.low, abs=1e-12), pytest.approx(from_scipy.high))
    assert np.isnan(share_interval(0, 0)).all()
