"""An organisation's scores and how well its answers fix them (guides/statistics.md sections 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

UPPER_TAIL = 0.975
"""Where the t distribution is cut for a two-sided 95 % interval."""

LARGE_SHARE = 0.05
"""Above this share of the people invited, the finite population correction applies."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Three arrays of equal shape, one place per mean.

    `n` (int64) counts the answers; `mean` and `sd` (float64, the scale's unit) are NaN where there
    is no answer, `sd` also where there is only one.
    """

    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]


def scores(counts: ArrayLike, values: ArrayLike) -> Scores:
    """Mean and sample standard deviation of answers given as counts per code.

    `counts` (..., k) says how many people gave each of the k codes, missing ones left out;
    `values` (k,) is the number that each code stands for. The result has the shape (...).
    Section 2: m = sum(x) / n; s divides by n - 1. Raises ValueError where the shapes do not fit.
    """
    counts = np.asarray(counts)
    weights = counts.astype(np.float64)
    numbers = np.asarray(values, dtype=np.float64)
    n = np.asarray(counts.sum(axis=-1), dtype=np.int64)
    mean = np.asarray(weights @ numbers / np.where(n > 0, n, np.nan))
    # Squares of deviations, not of values: no cancellation however far the scale lies from zero.
    squares = (weights * np.square(numbers - mean[..., np.newaxis])).sum(axis=-1)
    sd = np.asarray(np.sqrt(squares / np.where(n > 1, n - 1, np.nan)))
    return Scores(n=n, mean=mean, sd=sd)


def sums_scores(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> Scores:
    """Mean and sample standard deviation from n, the sum and the sum of squares, of equal shapes."""
    count = np.asarray(n, dtype=np.int64)
    mean = np.asarray(total, dtype=np.float64) / np.where(count > 0, count, np.nan)
    # What rounding leaves below zero is zero.
    spread = np.maximum(0.0, np.asarray(squares, dtype=np.float64) - count * np.square(mean))
    sd = np.sqrt(spread / np.where(count > 1, count - 1, np.nan))
    return Scores(n=count, mean=np.asarray(mean), sd=np.asarray(sd))


def fpc(n: ArrayLike, invited: ArrayLike) -> NDArray[np.float64]:
    """The finite population correction of n answers from `invited` people; the two broadcast.

    Section 2: sqrt((N - n) / (N - 1)) where N is known and n / N is above 5 %, else 1. N is unknown
    where it is NaN, or below n: then it is no count of the people asked.
    """
    n = np.asarray(n, dtype=np.float64)
    invited = np.asarray(invited, dtype=np.float64)
    population = np.where(invited >= np.maximum(n, 1), invited, np.nan)
    correction = np.sqrt((population - n) / np.maximum(population - 1, 1))
    return np.where(n / population > LARGE_SHARE, correction, 1.0)


def standard_error(scores: Scores, invited: ArrayLike | None = None) -> NDArray[np.float64]:
    """The standard error of each mean, in the scale's unit; NaN below two answers.

    Section 2: s / sqrt(n) * fpc. `invited` broadcasts against the scores: for organisations x items
    give it as (organisations, 1). None: not known for any.
    """
    correction = fpc(scores.n, np.nan if invited is None else invited)
    return np.asarray(scores.sd / np.sqrt(np.maximum(scores.n, 1)) * correction)


def interval(
    scores: Scores, low: float, high: float, invited: ArrayLike | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ends of each mean's 95 % interval, clipped to the scale `low` to `high`.

    Section 2: m -+ t(0.975, n - 1) * standard error. `invited` as for `standard_error`. NaN below
    two answers.
    """
    half = stdtrit(scores.n - 1, UPPER_TAIL) * standard_error(scores, invited)
    return np.clip(scores.mean - half, low, high), np.clip(scores.mean + half, low, high)


def missing_share(n: ArrayLike, asked: ArrayLike) -> NDArray[np.float64]:
    """The share (0 to 1) of the people asked who gave no answer that counts (section 1).

    n answers from `asked` responses; the two broadcast. NaN where nobody was asked, or fewer than
    answered.
    """
    n = np.asarray(n, dtype=np.float64)
    asked = np.asarray(asked, dtype=np.float64)
    people = np.where(asked >= np.maximum(n, 1), asked, np.nan)
    return np.asarray((people - n) / people)
