"""Digital maturity: the level and the share met of a function (guides/statistics.md section 7).

The formula "staged_levels_1"; an instrument names it, so that a result can be worked out again
years later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median


class Mark(StrEnum):
    """How the answer to a criterion counts. A criterion without an answer has none (None)."""

    MET = "met"
    NOT_MET = "not_met"
    TO_FIND_OUT = "to_find_out"
    """Counts as not met, and is listed."""
    NOT_APPLICABLE = "not_applicable"
    """Leaves the denominator."""


@dataclass(frozen=True, slots=True)
class FunctionScore:
    """What the answers to one function's criteria come to.

    `level` from 0 up and `share` from 0 to 1 are None while a criterion is without an answer, and
    where none is applicable. `next_level` is the one to reach next, None where there is none above;
    `missing` are the places (in the order given) of the criteria that stand before it. `shares` is
    the share met at each level from 1 up, None where none of its criteria is applicable, or not all
    are answered.
    """

    level: int | None
    share: float | None
    next_level: int | None
    missing: tuple[int, ...]
    met: int
    to_find_out: int
    not_applicable: int
    answered: int
    asked: int
    shares: tuple[float | None, ...]

    @property
    def is_answered(self) -> bool:
        """Whether every criterion has an answer."""
        return self.answered == self.asked


def function_score(levels: Sequence[int], marks: Sequence[Mark | None], highest: int) -> FunctionScore:
    """A function's score from the level (1 to `highest`) and the mark of each of its criteria.

    Level = the highest one that has an applicable criterion and for which every applicable criterion
    of the levels 1 up to it is met; 0 if there is none. Share = met / applicable.
    """
    met = marks.count(Mark.MET)
    unanswered = marks.count(None)
    not_applicable = marks.count(Mark.NOT_APPLICABLE)
    applicable = len(marks) - not_applicable
    is_whole = unanswered == 0 and applicable > 0
    at = [
        [mark for level, mark in zip(levels, marks, strict=True) if level == one]
        for one in range(1, highest + 1)
    ]
    reached, beyond = _reached(at) if is_whole else (None, None)
    return FunctionScore(
        level=reached,
        share=met / applicable if is_whole else None,
        next_level=beyond,
        missing=tuple(
            place
            for place, mark in enumerate(marks)
            if levels[place] == beyond and mark in (Mark.NOT_MET, Mark.TO_FIND_OUT)
        ),
        met=met,
        to_find_out=marks.count(Mark.TO_FIND_OUT),
        not_applicable=not_applicable,
        answered=len(marks) - unanswered,
        asked=len(marks),
        shares=tuple(share_met(some) for some in at),
    )


def _reached(at: Sequence[Sequence[Mark | None]]) -> tuple[int, int | None]:
    """The level reached by the marks of each level, and the next that has an applicable criterion."""
    reached = 0
    for level, some in enumerate(at, start=1):
        share = share_met(some)
        if share is not None and share < 1:
            return reached, level
        if share is not None:
            reached = level
    return reached, None


def share_met(marks: Sequence[Mark | None]) -> float | None:
    """The share met of the applicable ones; None without any, or while one has no answer."""
    applicable = [mark for mark in marks if mark is not Mark.NOT_APPLICABLE]
    if not applicable or None in applicable:
        return None
    return applicable.count(Mark.MET) / len(applicable)


def overall_level(functions: Sequence[FunctionScore]) -> float | None:
    """The median of the functions' levels: never their mean, because levels are an order.

    Functions with nothing applicable are left out. None while one is not answered whole, and where
    none has a level.
    """
    levels = [one.level for one in functions if one.level is not None]
    if not levels or not all(one.is_answered for one in functions):
        return None
    return float(median(levels))


def mark_of(group: str | None, counts: bool) -> Mark:
    """The mark of an answer of the instrument, by its group and whether it counts."""
    return Mark(group) if counts and group is not None else Mark.NOT_APPLICABLE


def if_found(marks: Sequence[Mark | None]) -> tuple[Mark | None, ...]:
    """The marks as they would be if all that is to be found out turned out to be met."""
    return tuple(Mark.MET if mark is Mark.TO_FIND_OUT else mark for mark in marks)
