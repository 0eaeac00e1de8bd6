"""How many of the people invited answered (guides/statistics.md section 6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def response_rate(usable: ArrayLike, invited: ArrayLike) -> NDArray[np.float64]:
    """Usable responses / people invited (0 to 1); the two broadcast (section 6).

    NaN where nobody was invited or the number is not known, and where more answered than were
    invited: then it is no count of the people asked.
    """
    usable = np.asarray(usable, dtype=np.float64)
    invited = np.asarray(invited, dtype=np.float64)
    return np.asarray(usable / np.where(invited >= np.maximum(usable, 1), invited, np.nan))
