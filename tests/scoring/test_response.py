"""Response rates against exact fractions."""

from fractions import Fraction
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.scoring import response_rate


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
