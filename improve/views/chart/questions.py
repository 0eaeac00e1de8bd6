"""The questions that a chart can be about, in the order in which they are offered.

A new one is a file beside these, and a line here.
"""

from improve.views.chart import distribution, gap, maturity, readiness, response, score, skill, trend
from improve.views.chart.part import ALIKE, Compared, Question

QUESTIONS: tuple[Question, ...] = (
    score.QUESTION,
    gap.QUESTION,
    distribution.QUESTION,
    trend.QUESTION,
    response.QUESTION,
    skill.QUESTION,
    maturity.QUESTION,
    readiness.QUESTION,
)


def comparisons() -> tuple[Compared, ...]:
    """All that any question can be compared by: what questions consist of, then what they share."""
    items = {one.items.key: one.items for one in QUESTIONS if one.items is not None}
    return (*items.values(), *ALIKE)
