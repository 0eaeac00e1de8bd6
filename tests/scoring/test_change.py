"""Change between rounds and whether peers moved too, against scipy and by simulation."""

import numpy as np
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind

from improve.scoring import Change, Scores, change, difference_in_differences, sums_scores


def scored(values):
    values = np.asarray(values, dtype=float)
    return sums_scores(len(values), values.sum(), np.square(values).sum())


def own(value, error):
    return Change(*(np.array(one) for one in (value, error, 50.0, 0.0, 0.0, 1.0)))


@pytest.mark.parametrize("seed", range(20))
def test_a_change_is_welchs(seed):
    chance = np.random.default_rng(seed)
    before = chance.integers(1, 8, chance.integers(2, 60))
    after = chance.integers(1, 8, chance.integers(2, 60))
    found, test = change(scored(before), scored(after)), ttest_ind(after, before, equal_var=False)
    low, high = test.confidence_interval(0.95)
    assert found.value == pytest.approx(after.mean() - before.mean())
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert found.p == pytest.approx(test.pvalue)
    assert found.df == pytest.approx(test.df)


def test_who_asked_nearly_everybody_is_surer():
    before, after = scored([4, 5, 6, 5] * 10), scored([5, 6, 6, 5] * 10)
    sure = change(before, after, 45, 45)
    half = np.sqrt(5 / 44)
    assert sure.standard_error == pytest.approx(change(before, after).standard_error * half)


def test_one_answer_has_no_change():
    found = change(scored([4]), scored([4, 5, 6]))
    assert np.isnan([found.standard_error, found.low, found.high, found.p]).all()


def test_by_hand():
    """Six peers that changed by 0.0, 0.1, ..., 0.5: mean 0.25, S^2 = 0.035; their SE 0.1 each."""
    peers = np.arange(6) / 10
    found = difference_in_differences(own(0.8, 0.1), peers, np.full(6, 0.1))
    error = np.sqrt(0.1**2 + (0.035 - 0.01) + 0.035 / 6)
    assert found.m == 6
    assert found.mean == pytest.approx(0.25)
    assert found.value == pytest.approx(0.55)
    half = student.ppf(0.975, 5) * error
    assert (found.low, found.high) == (pytest.approx(0.55 - half), pytest.approx(0.55 + half))
    assert found.p == pytest.approx(2 * student.sf(0.55 / error, 5))


def test_peers_that_differ_by_chance_alone_add_no_spread_of_their_own():
    found = difference_in_differences(own(0.8, 0.1), [0.1, 0.1, 0.1], np.full(3, 0.5))
    assert found.high - found.value == pytest.approx(student.ppf(0.975, 2) * 0.1)


def test_who_did_not_take_part_both_times_is_left_out():
    with_gap = difference_in_differences(own(0.8, 0.1), [0.1, np.nan, 0.3, 0.2], np.full(4, 0.1))
    without = difference_in_differences(own(0.8, 0.1), [0.1, 0.3, 0.2], np.full(3, 0.1))
    assert with_gap.m == 3
    assert with_gap.low == pytest.approx(without.low)
    assert np.isnan(difference_in_differences(own(0.8, 0.1), [0.1], [0.1]).low)
    assert difference_in_differences(own(0.8, 0.1), np.empty((0,)), np.empty((0,))).m == 0


def test_items_are_worked_out_one_by_one():
    peers = np.array([[0.1, 0.5], [0.2, np.nan], [0.4, 0.1]])
    errors = np.full((3, 2), 0.1)
    found = difference_in_differences(own([0.8, 0.2], [0.1, 0.2]), peers, errors)
    for item in range(2):
        alone = difference_in_differences(
            own([0.8, 0.2][item], [0.1, 0.2][item]), peers[:, item], errors[:, item]
        )
        assert found.low[item] == pytest.approx(alone.low)
        assert found.m[item] == alone.m


def test_false_alarms_are_five_in_a_hundred():
    """Section 4: peers that truly move apart (tau 0.15) raise no more alarms than the level says."""
    chance = np.random.default_rng(11)
    rounds, m, tau, error = 4_000, 15, 0.15, 0.12
    changes = chance.normal(0.1, tau, (m, rounds)) + chance.normal(0, error, (m, rounds))
    mine = chance.normal(0.1, tau, rounds) + chance.normal(0, error, rounds)
    found = difference_in_differences(own(mine, np.full(rounds, error)), changes, np.full((m, rounds), error))
    assert 0.03 < np.mean(found.p < 0.05) < 0.08


def test_sums_are_scores():
    values = np.array([1.0, 4, 4, 7])
    found = sums_scores([4, 1, 0], [values.sum(), 3, 0], [np.square(values).sum(), 9, 0])
    assert found.mean[:2] == pytest.approx([4, 3])
    assert found.sd[0] == pytest.approx(values.std(ddof=1))
    assert np.isnan(found.sd[1:]).all()
    assert np.isnan(found.mean[2])
    flat = sums_scores(3, 0.3, 0.03)
    assert isinstance(flat, Scores)
    assert flat.sd == pytest.approx(0.0, abs=1e-8)
