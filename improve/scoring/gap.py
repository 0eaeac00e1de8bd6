"""The expectation gap's quadrants and how certain they are (guides/statistics.md section 5).

The point of an aspect is (satisfaction, importance); each mean is uncertain, and the two belong to
the same people.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, owens_t

from improve.model import Certainty, Quadrant
from improve.scoring.score import Scores

Floats = NDArray[np.float64]

FIRMLY, PROBABLY = 0.95, 0.80
"""From these probabilities up an aspect lies firmly, or probably, in its quadrant."""

_ON_THE_LINE = 1e-12

ORDER = (Quadrant.CONCENTRATE, Quadrant.KEEP, Quadrant.LOW, Quadrant.OVERKILL)
"""The quadrants in the order of `quadrant_shares`."""


def mean_correlation(first: Scores, second: Scores, gap: Scores) -> Floats:
    """The correlation of two means over the same people, from the sd of their differences.

    var(gap) = var(first) + var(second) - 2 cov over those who gave both; the means share
    cov * n_both / (n_first * n_second). 0 where nothing is known of it or nothing varies.
    """
    covariance = (np.square(first.sd) + np.square(second.sd) - np.square(gap.sd)) / 2
    shared = covariance * gap.n / np.maximum(first.n, 1) / np.maximum(second.n, 1)
    errors = first.sd / np.sqrt(np.maximum(first.n, 1)) * second.sd / np.sqrt(np.maximum(second.n, 1))
    correlation = shared / np.where(errors > 0, errors, np.nan)
    return np.asarray(np.clip(np.nan_to_num(correlation), -1.0, 1.0))


def quadrant_shares(
    mean_x: ArrayLike,
    se_x: ArrayLike,
    mean_y: ArrayLike,
    se_y: ArrayLike,
    correlation: ArrayLike,
    line_x: ArrayLike,
    line_y: ArrayLike,
) -> Floats:
    """The probability that the true point lies in each quadrant, from the bivariate normal.

    x is satisfaction, y importance; all broadcast. The result has one more axis, of four, in the
    order ORDER: concentrate here, keep it up, low priority, possible overkill. NaN where a number is.
    """
    x, y, rho = np.broadcast_arrays(
        _standardised(mean_x, se_x, line_x), _standardised(mean_y, se_y, line_y), np.asarray(correlation)
    )
    right, above = ndtr(x), ndtr(y)
    both = _both_below(x, y, rho)
    shares = np.stack([above - both, both, 1 - right - above + both, right - both], axis=-1)
    return np.asarray(np.clip(shares, 0.0, 1.0))


def quadrants(shares: ArrayLike) -> tuple[tuple[Quadrant, Certainty] | None, ...]:
    """The likeliest quadrant of each item, and how certain it is; None where the shares are NaN."""
    return tuple(_quadrant(row) for row in np.asarray(shares, dtype=np.float64).tolist())


def _quadrant(shares: Sequence[float]) -> tuple[Quadrant, Certainty] | None:
    best = max(shares)
    if not best >= 0:
        return None
    certainty = (
        Certainty.FIRMLY
        if best >= FIRMLY
        else Certainty.PROBABLY
        if best >= PROBABLY
        else Certainty.BORDERLINE
    )
    return ORDER[shares.index(best)], certainty


def _standardised(mean: ArrayLike, error: ArrayLike, line: ArrayLike) -> Floats:
    """How many standard errors a mean lies above a line; without any error it is certain."""
    distance = np.asarray(mean, dtype=np.float64) - np.asarray(line, dtype=np.float64)
    error = np.asarray(error, dtype=np.float64)
    certain = np.where(distance >= 0, np.inf, -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(error > 0, distance / error, np.where(np.isnan(distance + error), np.nan, certain))
    # Nearer than anything that can be measured is on the line: products of less would be lost.
    return np.asarray(np.where(np.abs(z) < _ON_THE_LINE, 0.0, z))


def _both_below(x: Floats, y: Floats, rho: Floats) -> Floats:
    """P(X <= x, Y <= y) of two standard normal variables (Owen 1956, with his function T)."""
    known = np.isfinite(x) & np.isfinite(y) & (np.abs(rho) < 1)
    a, b, r = np.where(known, x, 1.0), np.where(known, y, 1.0), np.where(known, rho, 0.0)
    root = np.sqrt((1 - r) * (1 + r))
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(a == 0, np.copysign(0.25, b), owens_t(a, (b - r * a) / (a * root)))
        second = np.where(b == 0, np.copysign(0.25, a), owens_t(b, (a - r * b) / (b * root)))
    apart = (a * b < 0) | ((a * b == 0) & (a + b < 0))
    found = (ndtr(a) + ndtr(b)) / 2 - first - second - np.where(apart, 0.5, 0.0)
    found = np.where((a == 0) & (b == 0), 0.25 + np.arcsin(r) / (2 * np.pi), found)
    edge = np.where(
        rho >= 1,
        ndtr(np.minimum(x, y)),
        np.where(rho <= -1, np.maximum(0.0, ndtr(x) + ndtr(y) - 1), ndtr(x) * ndtr(y)),
    )
    # Where one of the two is certain the other alone decides; a correlation changes nothing then.
    is_certain = ~np.isfinite(x) | ~np.isfinite(y)
    edge = np.where(is_certain, ndtr(x) * ndtr(y), edge)
    return np.asarray(np.where(known, found, edge))
