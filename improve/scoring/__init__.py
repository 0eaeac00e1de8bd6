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
from improve.scoring.maturity import (
    FunctionScore,
    Mark,
    function_score,
    if_found,
    mark_of,
    overall_level,
    share_met,
)
from improve.scoring.readiness import (
    AreaScore,
    Fit,
    are_far_apart,
    area_score,
    candidate_fit,
    if_answered,
    is_weak,
    is_wide,
    overall_score,
    partnership_score,
    respondent_score,
    score_range,
    statement_state,
    urgent_statements,
    weakest_areas,
)
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
    "AreaScore",
    "Change",
    "Fit",
    "FunctionScore",
    "Mark",
    "PeerChange",
    "Scores",
    "are_far_apart",
    "area_score",
    "candidate_fit",
    "change",
    "difference_in_differences",
    "difference_test",
    "fpc",
    "function_score",
    "if_answered",
    "if_found",
    "interval",
    "is_weak",
    "is_wide",
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
    "overall_score",
    "partnership_score",
    "position_range",
    "quadrant_shares",
    "quadrants",
    "quartiles",
    "quartiles_by_item",
    "respondent_score",
    "response_rate",
    "score_range",
    "scores",
    "share_interval",
    "share_met",
    "shares",
    "standard_error",
    "statement_state",
    "sums_scores",
    "urgent_statements",
    "weakest_areas",
    "welch_test",
    "words",
]
