"""Is a difference real, and which places may an organisation have (guides/statistics.md section 4).

Standard errors are those of section 2 (`score.standard_error`); n counts the answers behind a mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from improve.model import Comparison

FALSE_DISCOVERY_RATE = 0.05
"""The share of false flags allowed among the flags over an instrument's aspects."""

LEVEL = 0.05
"""The level of each Welch test behind a position range."""


def difference_test(
    mean: ArrayLike,
    standard_error: ArrayLike,
    n: ArrayLike,
    median: ArrayLike,
    peer_standard_errors: ArrayLike,
) -> NDArray[np.float64]:
    """The two-sided p value of an organisation's mean against the benchmark median.

    `mean`, `standard_error`, `n` and `median` are (items,), or single numbers.
    `peer_standard_errors` is (organisations, items), or (organisations,) for one item: of every
    organisation of the benchmark, this one too where it counts in it, NaN where one does not count.
    The result is (items,); NaN where a number is NaN, n is below 2 or nobody counts.
    Section 4: t with n - 1 degrees of freedom, SE^2 = SE_own^2 + (pi / 2) * mean(SE_i^2) / N.
    """
    own = np.square(np.asarray(standard_error, dtype=np.float64))
    peers = np.square(np.asarray(peer_standard_errors, dtype=np.float64))
    counts = ~np.isnan(peers)
    total = np.where(counts, peers, 0.0).sum(axis=0)
    organisations = np.where(counts.any(axis=0), counts.sum(axis=0), np.nan)
    variance = own + np.pi / 2 * (total / organisations) / organisations
    difference = np.asarray(mean, dtype=np.float64) - np.asarray(median, dtype=np.float64)
    return two_sided(difference, np.sqrt(variance), np.asarray(n, dtype=np.float64) - 1)


def words(
    differences: ArrayLike, p_values: ArrayLike, rate: float = FALSE_DISCOVERY_RATE
) -> tuple[Comparison | None, ...]:
    """What to call each difference from the median; None where it or its p value is NaN.

    Both are (items,): the aspects of one instrument, tested together. Section 4: the false
    discovery rate is held at `rate` (Benjamini-Hochberg).
    """
    differences = np.asarray(differences, dtype=np.float64)
    p_values = np.asarray(p_values, dtype=np.float64)
    known = ~np.isnan(differences) & ~np.isnan(p_values)
    adjusted = np.full(p_values.shape, np.nan)
    if known.any():
        adjusted[known] = adjusted_for_many(p_values[known])
    return tuple(
        _word(difference, p <= rate) if is_known else None
        for difference, p, is_known in zip(differences, adjusted, known, strict=True)
    )


def adjusted_for_many(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """P values (items,) raised so that those up to a rate are false at no more than that rate.

    Benjamini-Hochberg: the i-th smallest of m becomes the least of p_j * m / j over j >= i, at most 1.
    The same as `scipy.stats.false_discovery_control`, whose module takes a second to import.
    """
    order = np.argsort(p_values)
    raised = p_values[order] * (len(p_values) / np.arange(1, len(p_values) + 1))
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum.accumulate(raised[::-1])[::-1].clip(max=1.0)
    return adjusted


def position_range(
    mean: ArrayLike,
    standard_error: ArrayLike,
    n: ArrayLike,
    *,
    other_means: ArrayLike,
    other_standard_errors: ArrayLike,
    other_ns: ArrayLike,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The best and the worst place an organisation may have, and of how many (the highest is 1st).

    Its own three are (items,), or single numbers; the others' are (organisations, items), or
    (organisations,), without its own row, NaN where one does not count. The results are (items,);
    all three are 0 where the organisation itself has no mean or standard error: it has no place.
    Section 4: [1 + #(significantly higher), N - #(significantly lower)], Welch tests at 5 % each.
    """
    mean = np.asarray(mean, dtype=np.float64)
    others = np.asarray(other_means, dtype=np.float64)
    p = welch_test(
        mean,
        standard_error,
        n,
        other_mean=others,
        other_standard_error=other_standard_errors,
        other_n=other_ns,
    )
    has_place = ~np.isnan(mean + np.asarray(standard_error)) & (np.asarray(n) >= 2)
    is_real = p <= LEVEL
    best = 1 + np.count_nonzero(is_real & (others > mean), axis=0)
    of = 1 + np.count_nonzero(~np.isnan(p), axis=0)
    worst = of - np.count_nonzero(is_real & (others < mean), axis=0)
    return np.where(has_place, best, 0), np.where(has_place, worst, 0), np.where(has_place, of, 0)


def welch_test(
    mean: ArrayLike,
    standard_error: ArrayLike,
    n: ArrayLike,
    *,
    other_mean: ArrayLike,
    other_standard_error: ArrayLike,
    other_n: ArrayLike,
) -> NDArray[np.float64]:
    """The two-sided p value of the difference of two means of unequal variance (section 4).

    The six broadcast. NaN where a number is NaN or an n below 2.
    """
    a = np.square(np.asarray(standard_error, dtype=np.float64))
    b = np.square(np.asarray(other_standard_error, dtype=np.float64))
    df = welch_freedom(standard_error, n, other_standard_error, other_n)
    difference = np.asarray(mean, dtype=np.float64) - np.asarray(other_mean, dtype=np.float64)
    return two_sided(difference, np.sqrt(a + b), df)


def welch_freedom(
    standard_error: ArrayLike, n: ArrayLike, other_standard_error: ArrayLike, other_n: ArrayLike
) -> NDArray[np.float64]:
    """The degrees of freedom of two means of unequal variance (Welch-Satterthwaite); the four broadcast.

    df = (a + b)^2 / (a^2 / (n - 1) + b^2 / (m - 1)) with a, b the squared standard errors.
    """
    a = np.square(np.asarray(standard_error, dtype=np.float64))
    variance = a + np.square(np.asarray(other_standard_error, dtype=np.float64))
    # By shares of the variance: the same df, and no 0 / 0 where nobody's answers vary.
    share = a / np.where(variance > 0, variance, 1.0)
    return np.asarray(1 / (np.square(share) / _freedom(n) + np.square(1 - share) / _freedom(other_n)))


def _freedom(n: ArrayLike) -> NDArray[np.float64]:
    n = np.asarray(n, dtype=np.float64)
    return np.where(n >= 2, n - 1, np.nan)


def two_sided(
    difference: NDArray[np.float64], standard_error: NDArray[np.float64], df: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The p value of a t-test. Without any variance equal means are equal and others are not."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(difference) / standard_error
    t = np.where((difference == 0) & (standard_error == 0), 0.0, t)
    return np.asarray(2 * stdtr(df, -t))


def _word(difference: np.float64, is_real: np.bool) -> Comparison:
    if not is_real:
        return Comparison.SIMILAR
    return Comparison.HIGHER if difference > 0 else Comparison.LOWER
