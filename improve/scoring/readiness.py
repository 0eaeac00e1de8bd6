"""Readiness for a shared service: areas, partners, a candidate, what if (guides/statistics.md section 8).

The formula "share_of_answered_1"; an instrument names it, so that a result can be worked out again
years later. Points run from 0 to the instrument's `highest`, scores from 0 to 100. None stands for
"don't know" and for no answer, and among scores for "none": a blind spot is never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from statistics import fmean

WIDE_RANGE = 25
"""Points between the lowest and the highest of several scores from which they disagree."""
FAR_APART = 2
"""The same for the states of one statement, in points of the instrument."""
WEAK_BELOW = 2
"""A statement below this many points is a weak spot."""
STRONG_FROM = 3
"""From this many points up a statement is a strength."""
_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class AreaScore:
    """An organisation's score in one area, and the lowest and highest of its respondents'.

    `respondents` have a score there; `blind` have too many blind spots. Without any of the former there
    is no score.
    """

    score: float | None
    low: float | None
    high: float | None
    respondents: int
    blind: int


@dataclass(frozen=True, slots=True)
class Fit:
    """What a candidate would do to a partnership, a place per area.

    `before` and `after` are the partnership's scores without and with it. `lifts` and `lowers` are the
    areas that would rise or fall, `weakest_before` and `weakest_after` the lowest of each.
    `weakest_change` is by how much the lowest score would move, over the areas in which the partners
    have one; None where they have none.
    """

    before: tuple[float | None, ...]
    after: tuple[float | None, ...]
    lifts: tuple[int, ...]
    lowers: tuple[int, ...]
    weakest_before: tuple[int, ...]
    weakest_after: tuple[int, ...]
    weakest_change: float | None


def respondent_score(points: Sequence[int | None], highest: int) -> float | None:
    """One person's score in an area: mean of the answered / highest x 100.

    From two thirds of its statements answered up; below that there are too many blind spots.
    """
    answered = [one for one in points if one is not None]
    if not answered or 3 * len(answered) < 2 * len(points):
        return None
    return fmean(answered) / highest * 100


def area_score(respondents: Sequence[Sequence[int | None]], highest: int) -> AreaScore:
    """An organisation's score in an area: the mean of its respondents', one vote each."""
    found = [respondent_score(points, highest) for points in respondents]
    scores = [one for one in found if one is not None]
    if not scores:
        return AreaScore(None, None, None, 0, len(found))
    return AreaScore(fmean(scores), min(scores), max(scores), len(scores), len(found) - len(scores))


def overall_score(areas: Sequence[float | None]) -> float | None:
    """The mean of the areas, unweighted; none while one is missing."""
    known = [one for one in areas if one is not None]
    return fmean(known) if known and len(known) == len(areas) else None


def weakest_areas(areas: Sequence[float | None]) -> tuple[int, ...]:
    """The places of the lowest score of those that are known: several where they are equal."""
    known = [one for one in areas if one is not None]
    return tuple(
        place for place, one in enumerate(areas) if one is not None and one <= min(known, default=0) + _DUST
    )


def partnership_score(partners: Sequence[float | None]) -> float | None:
    """A partnership's score in an area: the mean of those partners that have one, one vote each."""
    known = [one for one in partners if one is not None]
    return fmean(known) if known else None


def score_range(scores: Sequence[float | None]) -> tuple[float, float] | None:
    """The lowest and the highest of several scores; none of fewer than two."""
    known = [one for one in scores if one is not None]
    return (min(known), max(known)) if len(known) > 1 else None


def is_wide(low: float, high: float) -> bool:
    """Whether a range is so wide that it is flagged."""
    return high - low >= WIDE_RANGE - _DUST


def statement_state(points: Sequence[int], dont_know: int) -> int | None:
    """How far an organisation is with a statement: its respondents' mean in whole points, halves up.

    None is a blind spot: nobody knows, or more do not know than do.
    """
    if not points or dont_know > len(points):
        return None
    return floor(fmean(points) + 0.5 + _DUST)


def is_weak(state: int | None) -> bool:
    """Whether a state is a weak spot: below 2, or a blind spot."""
    return state is None or state < WEAK_BELOW


def is_strong(state: int | None) -> bool:
    """Whether a state is a strength: largely in place at least."""
    return state is not None and state >= STRONG_FROM


def are_far_apart(points: Sequence[int | None]) -> bool:
    """Whether answers to one statement, of persons or of partners, contradict each other."""
    known = [one for one in points if one is not None]
    return bool(known) and max(known) - min(known) >= FAR_APART


def urgent_statements(
    states: Sequence[Sequence[int | None]], is_in_weakest: Sequence[bool], most: int = 3
) -> tuple[int, ...]:
    """The places of the statements to prepare first, of those that are not a strength of everybody.

    `states` are each partner's, statement by statement. First those that are a weak spot of most
    partners, then those of the weakest area, then the lowest, then as the instrument has them.
    """
    wanting = [place for place, some in enumerate(states) if not all(is_strong(state) for state in some)]

    def urgency(place: int) -> tuple[int, bool, float, int]:
        known = [state for state in states[place] if state is not None]
        weak = sum(is_weak(state) for state in states[place])
        return -weak, not is_in_weakest[place], fmean(known) if known else WEAK_BELOW, place

    return tuple(sorted(wanting, key=urgency)[:most])


def if_answered(points: Sequence[int | None], targets: Mapping[int, int]) -> tuple[int | None, ...]:
    """Points as they would be if the statements at some places were answered so."""
    return tuple(targets.get(place, one) for place, one in enumerate(points))


def candidate_fit(partners: Sequence[Sequence[float | None]], candidate: Sequence[float | None]) -> Fit:
    """What a candidate's area scores do to those of the partners, a sequence of areas each."""
    areas = range(len(candidate))
    before = tuple(partnership_score([one[area] for one in partners]) for area in areas)
    after = tuple(partnership_score([*(one[area] for one in partners), candidate[area]]) for area in areas)
    moves = [
        0.0 if then is None or now is None else now - then for then, now in zip(before, after, strict=True)
    ]
    both = [
        (then, now) for then, now in zip(before, after, strict=True) if then is not None and now is not None
    ]
    return Fit(
        before=before,
        after=after,
        lifts=tuple(area for area in areas if moves[area] > _DUST),
        lowers=tuple(area for area in areas if moves[area] < -_DUST),
        weakest_before=weakest_areas(before),
        weakest_after=weakest_areas(after),
        weakest_change=min(now for _then, now in both) - min(then for then, _now in both) if both else None,
    )
