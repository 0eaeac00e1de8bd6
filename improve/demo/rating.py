"""Whole-number ratings with a mean that was asked for."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from improve.instruments.model import Scale

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]


def mixed(correlation: float, common: Floats, own: Floats) -> Floats:
    """A standard normal variable that has this correlation with `common`."""
    return np.asarray(correlation * common + np.sqrt(1 - correlation**2) * own)


@cache
def _means(sd: float, low: int, high: int) -> tuple[Floats, Floats]:
    """Centres of a normal variable, and the mean of it rounded to whole numbers and cut at the ends."""
    centres = np.linspace(low - 4 * sd, high + 4 * sd, 801)
    steps = np.arange(low + 1, high + 1)[:, None] - 0.5
    return centres, low + ndtr((centres - steps) / sd).sum(axis=0)


def latent(mean: Floats, sd: float, low: int, high: int) -> Floats:
    """Where a normal variable must be centred for its rounded, cut values to have this mean."""
    centres, means = _means(sd, low, high)
    return np.asarray(np.interp(mean, means, centres))


def two_camps(rng: np.random.Generator, people: int, mean: float, scale: Scale) -> Codes:
    """Ratings near the two ends of the scale, and few between, with this mean all the same."""
    away = np.abs(rng.standard_normal((2, people)))
    lower = np.rint(scale.low + 0.5 + away[0]).clip(scale.low, scale.high)
    upper = np.rint(scale.high - 0.2 - away[1]).clip(scale.low, scale.high)
    share = (mean - lower.mean()) / (upper.mean() - lower.mean()) if people else 0.0
    return np.asarray(np.where(rng.random(people) < share, upper, lower), dtype=np.uint8)


def settle(rng: np.random.Generator, codes: Codes, mean: float, scale: Scale) -> Codes:
    """The ratings, a few of them moved by one step, so that their mean is as near `mean` as can be.

    Who gave the lowest rating keeps it.
    """
    settled = codes.astype(np.int64)
    while need := round(mean * len(settled)) - int(settled.sum()):
        free = (settled > scale.low) & (settled < scale.high if need > 0 else settled > scale.low + 1)
        moved = rng.permutation(np.flatnonzero(free))[: abs(need)]
        settled[moved] += 1 if need > 0 else -1
    return settled.astype(np.uint8)
