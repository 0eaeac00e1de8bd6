"""What the guide says that simulations show, simulated again: short, from fixed seeds.

The rounds of a simulation stand where a page has its items.
"""

import numpy as np
import pytest

from improve.model import Comparison
from improve.scoring import difference_test, median_by_item, position_range, scores, standard_error, words

SD = 1.4


def observed(rng, truth, n):
    """Means and standard errors that samples of n answers around the true means would show."""
    means = rng.normal(truth, SD / np.sqrt(n))
    errors = SD * np.sqrt(rng.chisquare(n - 1, truth.shape) / (n - 1) / n)
    return means, errors


@pytest.mark.parametrize("spread", [0.05, 0.3])
def test_a_large_council_among_small_ones_is_seldom_flagged_falsely(spread):
    rng = np.random.default_rng(20260101)
    rounds, small = 3000, 21
    others = rng.normal(4.9, spread, (small, rounds))
    truth = np.vstack([np.median(others, axis=0), others])
    n = np.concatenate([[2000], rng.integers(15, 80, small)])[:, np.newaxis]
    means, errors = observed(rng, truth, n)
    medians = median_by_item(means)
    p = difference_test(means[0], errors[0], n[0], medians, errors)
    naive = difference_test(means[0], errors[0], n[0], medians, np.zeros_like(errors))
    assert np.mean(p < 0.05) < 0.09
    assert np.mean(naive < 0.05) > 0.12


def null_p_values(rng, correlation, rounds, aspects=20, n=200):
    """Aspects on which an organisation does not differ from a median that is known exactly."""
    shared = rng.normal(size=(rounds, 1))
    z = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * rng.normal(size=(rounds, aspects))
    errors = SD * np.sqrt(rng.chisquare(n - 1, z.shape) / (n - 1) / n)
    differences = z * SD / np.sqrt(n)
    p = difference_test(differences, errors, np.full(z.shape, n), 0.0, np.zeros((7, *z.shape)))
    return differences, p


def test_twenty_tests_at_95_per_cent_raise_a_false_flag_64_per_cent_of_the_time():
    _, p = null_p_values(np.random.default_rng(64), 0, 3000)
    assert np.mean((p < 0.05).any(axis=1)) == pytest.approx(0.64, abs=0.03)


@pytest.mark.parametrize("correlation", [0, 0.5])
def test_words_raise_one_in_5_per_cent_of_rounds_however_aspects_hang_together(correlation):
    differences, p = null_p_values(np.random.default_rng(5), correlation, 2500)
    flagged = [
        set(words(difference, one)) != {Comparison.SIMILAR}
        for difference, one in zip(differences, p, strict=True)
    ]
    assert 0.01 < np.mean(flagged) < 0.065


def test_the_position_range_holds_the_true_place():
    rng = np.random.default_rng(22)
    rounds, organisations = 1500, 22
    truth = rng.normal(4.9, 0.35, (organisations, rounds))
    n = rng.integers(20, 300, (organisations, rounds))
    means, errors = observed(rng, truth, n)
    best, worst, of = position_range(
        means[0],
        errors[0],
        n[0],
        other_means=means[1:],
        other_standard_errors=errors[1:],
        other_ns=n[1:],
    )
    place = 1 + (truth[1:] > truth[0]).sum(axis=0)
    assert (of == organisations).all()
    assert np.mean((best <= place) & (place <= worst)) >= 0.95
    assert np.mean(worst - best) < 16


def test_the_correction_gives_an_interval_for_the_people_who_exist():
    rng = np.random.default_rng(120)
    people = rng.integers(1, 8, 120)
    answers = np.array([rng.permutation(people)[:100] for _ in range(1500)])
    counts = np.stack([(answers == code).sum(axis=1) for code in range(1, 8)], axis=1)
    found = scores(counts, range(1, 8))
    assert np.std(found.mean) == pytest.approx(np.mean(standard_error(found, 120)), rel=0.06)
