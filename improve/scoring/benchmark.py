"""The benchmark: quantiles over organisations, one vote each (guides/statistics.md section 3).

A matrix holds one row per organisation and one column per item; NaN marks a score that does not
count, and each column is worked out from those that do. Results have one place per item, NaN where
no organisation counts.
"""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray


def median(values: ArrayLike) -> float:
    """The median of finite values (1-D); NaN of none."""
    return float(median_by_item(values))


def quartiles(values: ArrayLike) -> tuple[float, float]:
    """The lower and the upper quartile (type 7) of finite values (1-D); NaN of none."""
    lower, upper = quartiles_by_item(values)
    return float(lower), float(upper)


def median_interval(values: ArrayLike) -> tuple[float, float]:
    """The 95 % interval of the median of finite values (1-D); NaN of fewer than six."""
    lower, upper = median_interval_by_item(values)
    return float(lower), float(upper)


def median_by_item(matrix: ArrayLike) -> NDArray[np.float64]:
    """The median of each column (section 3)."""
    return _quantile(*_ordered(matrix), 0.5)


def quartiles_by_item(matrix: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lower and the upper quartile of each column (section 3: type 7)."""
    ordered, n = _ordered(matrix)
    return _quantile(ordered, n, 0.25), _quantile(ordered, n, 0.75)


def median_interval_by_item(matrix: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 95 % interval of each column's median by order statistics (section 3).

    How well so few organisations fix it. NaN where fewer than six count.
    """
    ordered, n = _ordered(matrix)
    # Without ranks the last row is taken: it is NaN.
    ranks = [median_ranks(int(count)) or (0, 0) for count in n.flat]
    lower, upper = np.array(ranks, dtype=np.intp).reshape(*n.shape, 2).T - 1
    return _take(ordered, lower), _take(ordered, upper)


@cache
def median_ranks(n: int) -> tuple[int, int] | None:
    """The places (from 1, in ascending order) of the two values that enclose the median of n.

    The narrowest symmetric pair that holds it with at least 95 %, exactly by the binomial: the
    median lies below the r-th of n values as often as fewer than r of n coins show heads
    (section 3). None where not even the smallest and the largest reach 95 % (n below 6).
    """
    best = None
    fewer = 0
    for rank in range(1, n // 2 + 1):
        fewer += comb(n, rank - 1)
        if 2 * fewer * 20 > 2**n:
            break
        best = (rank, n + 1 - rank)
    return best


def _ordered(matrix: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The columns in ascending order, NaN last and at least one in each; and how many count."""
    values = np.asarray(matrix, dtype=np.float64)
    ordered = np.sort(np.concatenate([values, np.full((1, *values.shape[1:]), np.nan)]), axis=0)
    return ordered, np.asarray(np.count_nonzero(~np.isnan(ordered), axis=0), dtype=np.intp)


def _take(ordered: NDArray[np.float64], row: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.asarray(np.take_along_axis(ordered, row[np.newaxis], axis=0)[0])


def _quantile(ordered: NDArray[np.float64], n: NDArray[np.intp], share: float) -> NDArray[np.float64]:
    """Type 7: linear between the two values around place (n - 1) * share, counted from 0."""
    last = np.maximum(n - 1, 0)
    place = last * share
    below = place.astype(np.intp)
    lower = _take(ordered, below)
    upper = _take(ordered, np.minimum(below + 1, last))
    return np.asarray(lower + (upper - lower) * (place - below))
