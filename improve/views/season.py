"""The scores of all organisations of a round, as arrays, and what a group of them adds up to.

Nothing here knows a viewer. It is kept with the counts it was worked out from (store/counts.py
keeps those per revision) and shared by everybody; disclosure decides afterwards, on every rerun.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from improve import scoring
from improve.disclosure import MINIMUM_ANSWERS, counts_in_benchmark
from improve.instruments import Question, Scale, Survey
from improve.store import RoundCounts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Season:
    """Scores of one round: every array is organisations x items, NaN where there is no answer.

    `n`, `asked` and `counts` (organisations x items x codes of the scale) are zero where an
    organisation answered the item on another scale. `is_counted` says which scores count in a
    benchmark (section 2: from ten answers up, item by item).
    """

    organisations: tuple[str, ...]
    items: tuple[Key, ...]
    asked: Ints = field(repr=False)
    n: Ints = field(repr=False)
    counts: Ints = field(repr=False)
    mean: Floats = field(repr=False)
    standard_error: Floats = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    is_counted: npt.NDArray[np.bool_] = field(repr=False)
    place: Mapping[str, int] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Benchmark:
    """What the counted scores of a group come to; each array has one place per item.

    `members` are the organisations behind each item, `organisations` and `answers` their numbers.
    """

    members: tuple[frozenset[str], ...] = field(repr=False)
    organisations: Ints
    answers: Ints
    median: Floats
    median_low: Floats
    median_high: Floats
    lower_quartile: Floats
    upper_quartile: Floats


@lru_cache(maxsize=64)
def season(
    counts: RoundCounts, items: tuple[Key, ...], low: int, high: int, is_comparable: tuple[bool, ...]
) -> Season:
    """The scores on one scale (`low` to `high`) of those organisations that used it.

    `is_comparable` has one place per organisation of `counts`: two scales are never mixed.
    """
    shape = (len(counts.organisations), len(items))
    column_of = {key: column for column, key in enumerate(counts.keys)}
    at = np.zeros((*shape, high - low + 1), dtype=np.int64)
    asked = np.zeros(shape, dtype=np.int64)
    comparable = np.array(is_comparable, dtype=bool).reshape(-1)
    for place, key in enumerate(items):
        column = column_of.get(key)
        if column is None:
            continue
        found = counts.counts[:, column, low : high + 1]
        at[:, place, : found.shape[1]] = found
        asked[:, place] = counts.asked[:, column]
    at[~comparable] = 0
    asked[~comparable] = 0
    scored = scoring.scores(at, np.arange(low, high + 1))
    invited = counts.invited[:, None]
    lower, upper = scoring.interval(scored, low, high, invited)
    return Season(
        organisations=counts.organisations,
        items=items,
        asked=asked,
        n=scored.n,
        counts=at,
        mean=scored.mean,
        standard_error=scoring.standard_error(scored, invited),
        low=lower,
        high=upper,
        is_counted=scored.n >= MINIMUM_ANSWERS,
        place=counts.place,
    )


@lru_cache(maxsize=512)
def benchmark(scores: Season, group: frozenset[str]) -> Benchmark:
    """The median, its interval and the quartiles of a group's counted scores, item by item."""
    inside = np.array([code in group for code in scores.organisations], dtype=bool).reshape(-1, 1)
    counted = scores.is_counted & inside
    matrix = np.where(counted, scores.mean, np.nan)
    median_low, median_high = scoring.median_interval_by_item(matrix)
    lower, upper = scoring.quartiles_by_item(matrix)
    names = np.array(scores.organisations, dtype=object)
    # Nearly all items are answered by the same organisations: one set then serves them all.
    columns = [counted[:, item] for item in range(len(scores.items))]
    sets = {column.tobytes(): frozenset(names[column]) for column in columns}
    return Benchmark(
        members=tuple(sets[column.tobytes()] for column in columns),
        organisations=counted.sum(axis=0),
        answers=np.where(counted, scores.n, 0).sum(axis=0),
        median=scoring.median_by_item(matrix),
        median_low=median_low,
        median_high=median_high,
        lower_quartile=lower,
        upper_quartile=upper,
    )


@lru_cache(maxsize=64)
def response_rates(counts: RoundCounts) -> Floats:
    """The response rates of the organisations that count and whose number of people invited is known."""
    counted = np.array([counts_in_benchmark(int(n)) for n in counts.responses], dtype=bool)
    rates = scoring.response_rate(counts.responses, counts.invited)[counted]
    return np.asarray(rates[~np.isnan(rates)])


def comparable(
    counts: RoundCounts, surveys: Mapping[Key, Survey], scale: Scale, question: Question | None = None
) -> tuple[bool, ...]:
    """Which organisations of a round answered on this scale, each with its own version.

    With a question, its own scale in that version counts; else the survey's.
    """
    same = {
        version: (used := surveys.get((counts.instrument, version))) is not None
        and (own := _scale(used, question)) is not None
        and (own.low, own.high) == (scale.low, scale.high)
        for version in set(counts.versions)
    }
    return tuple(same[version] for version in counts.versions)


def _scale(survey: Survey, question: Question | None) -> Scale | None:
    if question is None:
        return survey.scale
    same = next((one for one in survey.all_questions() if one.id == question.id), None)
    return None if same is None else survey.scale_of(same)
