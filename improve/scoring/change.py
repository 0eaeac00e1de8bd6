"""Change between two rounds, and whether peers moved too (guides/statistics.md section 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from improve.scoring.comparison import two_sided, welch_freedom
from improve.scoring.score import UPPER_TAIL, Scores, standard_error

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A difference of two means, one place per item: its standard error, interval and p value.

    NaN where one of the means has fewer than two answers.
    """

    value: Floats
    standard_error: Floats
    df: Floats
    low: Floats
    high: Floats
    p: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PeerChange:
    """The mean change of `m` peers, and own change beyond it with its interval and p value."""

    m: NDArray[np.int64]
    mean: Floats
    value: Floats
    low: Floats
    high: Floats
    p: Floats


def change(
    before: Scores,
    after: Scores,
    invited_before: ArrayLike | None = None,
    invited_after: ArrayLike | None = None,
) -> Change:
    """After minus before, with its 95 % Welch interval: the people are not linked (section 4).

    The scores have equal shapes; the people invited broadcast as for `standard_error`.
    """
    first, second = standard_error(before, invited_before), standard_error(after, invited_after)
    value = np.asarray(after.mean - before.mean)
    error = np.asarray(np.sqrt(np.square(first) + np.square(second)))
    df = welch_freedom(first, before.n, second, after.n)
    half = stdtrit(df, UPPER_TAIL) * error
    return Change(value, error, df, value - half, value + half, two_sided(value, error, df))


def difference_in_differences(
    own: Change, peer_changes: ArrayLike, peer_standard_errors: ArrayLike
) -> PeerChange:
    """Own change minus the mean of the peers' changes, with its 95 % interval (section 4).

    `peer_changes` and their standard errors are (peers, items), without the own row, NaN where a
    peer did not take part both times. SE^2 = SE_own^2 + tau^2 + S^2 / m with S the sd of the peers'
    changes and tau^2 = max(0, S^2 - mean(SE_i^2)), m - 1 degrees of freedom; NaN where m is below 2.
    """
    changes = np.asarray(peer_changes, dtype=np.float64)
    errors = np.asarray(peer_standard_errors, dtype=np.float64)
    counts = ~np.isnan(changes) & ~np.isnan(errors)
    m = np.asarray(counts.sum(axis=0), dtype=np.int64)
    some, several = np.where(m > 0, m, np.nan), np.where(m > 1, m, np.nan)
    mean = np.where(counts, changes, 0.0).sum(axis=0) / some
    spread = np.where(counts, np.square(changes - mean), 0.0).sum(axis=0) / (several - 1)
    noise = np.where(counts, np.square(errors), 0.0).sum(axis=0) / some
    between = np.maximum(0.0, spread - noise)
    error = np.asarray(np.sqrt(np.square(own.standard_error) + between + spread / several))
    value = np.asarray(own.value - mean)
    half = stdtrit(several - 1, UPPER_TAIL) * error
    p = two_sided(value, error, np.asarray(several - 1))
    return PeerChange(m, np.asarray(mean), value, value - half, value + half, p)
