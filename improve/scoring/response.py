"""How many of the people invited answered (guides/statistics.md section 6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from improve.scoring.score import UPPER_TAIL, fpc


def response_rate(usable: ArrayLike, invited: ArrayLike) -> NDArray[np.float64]:
    """Usable responses / people invited (0 to 1); the two broadcast (section 6).

    NaN where nobody was invited or the number is not known, and where more answered than were
    invited: then it is no count of the people asked.
    """
    usable = np.asarray(usable, dtype=np.float64)
    invited = np.asarray(invited, dtype=np.float64)
    return np.asarray(usable / np.where(invited >= np.maximum(usable, 1), invited, np.nan))


def margin(sd: ArrayLike, n: ArrayLike, invited: ArrayLike | None = None) -> NDArray[np.float64]:
    """Half the width of a mean's 95 % interval, in scale points; the three broadcast (section 2).

    t(0.975, n - 1) * s / sqrt(n) * fpc. NaN below two answers.
    """
    n = np.asarray(n, dtype=np.float64)
    people = np.where(n > 1, n, np.nan)
    correction = fpc(n, np.nan if invited is None else invited)
    return np.asarray(stdtrit(people - 1, UPPER_TAIL) * np.asarray(sd) / np.sqrt(people) * correction)


def shares(counts: ArrayLike) -> NDArray[np.float64]:
    """The share of each code among the answers (last axis); NaN where there is no answer."""
    counts = np.asarray(counts, dtype=np.float64)
    total = counts.sum(axis=-1, keepdims=True)
    return np.asarray(counts / np.where(total > 0, total, np.nan))


def share_interval(k: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ends of the 95 % interval of a share k / n (Wilson 1927), which broadcast; NaN without answers."""
    people = np.where(np.asarray(n) > 0, np.asarray(n, dtype=np.float64), np.nan)
    share, z = np.asarray(k, dtype=np.float64) / people, float(ndtri(UPPER_TAIL))
    centre = (share + z**2 / (2 * people)) / (1 + z**2 / people)
    half = z / (1 + z**2 / people) * np.sqrt(share * (1 - share) / people + (z / people / 2) ** 2)
    return np.asarray(np.maximum(0.0, centre - half)), np.asarray(np.minimum(1.0, centre + half))
