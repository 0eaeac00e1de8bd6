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
from improve.scoring.change import Change, PeerChange, change, difference_in_differences
from improve.scoring.comparison import difference_test, position_range, welch_test, words
from improve.scoring.gap import mean_correlation, quadrant_shares, quadrants
from improve.scoring.maturity import FunctionScore, Mark, function_score, if_found, mark_of, overall_level
from improve.scoring.response import margin, response_rate, share_interval, shares
from improve.scoring.score import (
    Scores,
    fpc,
    interval,
    missing_share,
    scores,
    standard_error,
    sums_scores,
)

__all__ = [
    "Change",
    "FunctionScore",
    "Mark",
    "PeerChange",
    "Scores",
    "change",
    "difference_in_differences",
    "difference_test",
    "fpc",
    "function_score",
    "if_found",
    "interval",
    "margin",
    "mark_of",
    "mean_correlation",
    "median",
    "median_by_item",
    "median_interval",
    "median_interval_by_item",
    "median_ranks",
    "missing_share",
    "overall_level",
    "position_range",
    "quadrant_shares",
    "quadrants",
    "quartiles",
    "quartiles_by_item",
    "response_rate",
    "scores",
    "share_interval",
    "shares",
    "standard_error",
    "sums_scores",
    "welch_test",
    "words",
]
