"""Pure statistics, each formula of guides/statistics.md once, over numpy arrays of any size.

NaN means "there is none": it goes in for what is unknown or does not count, and comes out where a
figure is not defined. Whether a figure may be shown is not decided here.
"""

from improve.scoring.benchmark import (
    median,
    median_by_item,
    median_interval,
    median_interval_by_item,
    median_ranks,
    quartiles,
    quartiles_by_item,
)
from improve.scoring.comparison import difference_test, position_range, welch_test, words
from improve.scoring.response import response_rate
from improve.scoring.score import Scores, fpc, interval, missing_share, scores, standard_error

__all__ = [
    "Scores",
    "difference_test",
    "fpc",
    "interval",
    "median",
    "median_by_item",
    "median_interval",
    "median_interval_by_item",
    "median_ranks",
    "missing_share",
    "position_range",
    "quartiles",
    "quartiles_by_item",
    "response_rate",
    "scores",
    "standard_error",
    "welch_test",
    "words",
]
