"""What the pages about a survey stand on: the round's counts, and the scores of its items for a viewer.

`ground` reads what a choice comes to; `aspect_scores` and `headline_score` make one Score per item,
each of its figures released or withheld for this viewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from improve import disclosure, scoring
from improve.disclosure import Bin, Figure, Reason
from improve.instruments import Aspect, Question, Survey, say
from improve.model import Cohort, Cohorts, Comparison, Organisation
from improve.store import ANSWER, RoundCounts, Store, read_instruments, round_counts
from improve.views.choice import (
    NATIONAL,
    Choice,
    CohortChoice,
    benchmark_of,
    cohort_reasons,
    cohorts_for,
    cohorts_of,
)
from improve.views.season import Benchmark, Season, benchmark, comparable, season

IMPORTANCE, SATISFACTION = "importance", "satisfaction"
"""The measures that pages are about; an instrument without them has no such pages."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A survey in a round, as a choice has it.

    `survey` is the version that the organisation answered, `aspects` the common ones and those
    optional ones that it asked; `counts` are everybody's now, `bench` those of the benchmark.
    """

    choice: Choice
    survey: Survey
    aspects: tuple[Aspect, ...]
    counts: RoundCounts
    bench: RoundCounts
    own_reason: Reason | None
    benchmark_reason: Reason | None

    @property
    def label(self) -> str:
        """The round's label."""
        return self.counts.round

    @property
    def is_provisional(self) -> bool:
        """Whether benchmarks are shown that nobody but the operator sees."""
        return (
            self.choice.round is not None
            and not self.choice.round.is_closed
            and self.benchmark_reason is None
        )


def ground(store: Store, choice: Choice) -> Ground | None:
    """What a choice comes to; None where there is no round or no survey."""
    if choice.round is None or choice.survey is None:
        return None
    counts = round_counts(store, choice.round.label, choice.survey.id)
    bench = benchmark_of(store, choice.round, choice.survey.id)
    survey = _survey_in_use(store, choice, counts, bench)
    return Ground(
        choice=choice,
        survey=survey,
        aspects=_aspects(survey, counts, choice.organisation),
        counts=counts,
        bench=bench,
        own_reason=taking_part_reason(choice, counts),
        benchmark_reason=disclosure.benchmark_reason(choice.viewer, choice.round),
    )


def aspect_scores(store: Store, ground: Ground, measure: str = SATISFACTION) -> tuple[Score, ...]:
    """The aspects by one measure, tested together."""
    material = _material(store, ground, tuple((aspect.id, measure) for aspect in ground.aspects))
    return _scores(
        material,
        [(one.id, say(one.short), say(one.text), one.category) for one in ground.aspects],
        [one.optional for one in ground.aspects],
    )


def headline_score(store: Store, ground: Ground) -> Score | None:
    """The overall question; None where the survey has none."""
    headline = ground.survey.headline
    if headline is None:
        return None
    material = _material(store, ground, ((headline.id, ANSWER),), headline)
    return _scores(material, [(headline.id, say(headline.short), say(headline.text), "")], [False])[0]


@dataclass(frozen=True, slots=True)
class CohortScore:
    """What one group of organisations comes to in one figure; the first group is all of them.

    `quartiles` is None where no view gives any of a group.
    """

    group: CohortChoice
    median: Figure[float]
    quartiles: Figure[tuple[float, float]] | None
    organisations: Figure[int]


def cohort_scores(store: Store, ground: Ground, aspect: str | None) -> tuple[CohortScore, ...]:
    """Every group that is listed in this round, by one aspect, or by the overall question (None)."""
    choice = ground.choice
    question = None if aspect is not None else ground.survey.headline
    found = next((one for one in ground.aspects if one.id == aspect), None)
    if choice.round is None or choice.survey is None or (question is None and found is None):
        return ()
    key = (question.id, ANSWER) if question is not None else (str(aspect), SATISFACTION)
    material = _material(store, ground, (key,), question)
    reason = Reason.NOT_COMPARED if found is not None and found.optional else ground.benchmark_reason
    national, everybody = material.national, int(material.national.organisations[0])
    own = choice.organisation.code if choice.organisation else None
    told = []
    for one in cohorts_for(store, choice.viewer, choice.round, choice.survey, own):
        if one.cohort.key == NATIONAL:
            figures = (
                disclosure.median_figure(reason, everybody, float(national.median[0])),
                disclosure.quartiles_figure(
                    reason, everybody, (float(national.lower_quartile[0]), float(national.upper_quartile[0]))
                ),
                disclosure.number_of_organisations(reason, everybody),
            )
        else:
            group = benchmark(material.peers, one.cohort.members)
            of_group = replace(material, cohort=one.cohort, cohort_reason=one.reason, group=group)
            figures = _cohort_figures(of_group, 0, reason)
        told.append(CohortScore(one, *figures))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Score:
    """Everything the page says about one aspect, or about the overall question.

    `distribution` counts the answers at each code of the scale, from its low end; `missing` is the
    share of the people asked who gave no answer; `position` is best place, worst place, of how many.
    """

    id: str
    short: str
    text: str
    category: str
    n: Figure[int]
    mean: Figure[float]
    interval: Figure[tuple[float, float]]
    distribution: Figure[tuple[int, ...]]
    missing: Figure[float]
    median: Figure[float]
    median_interval: Figure[tuple[float, float]]
    quartiles: Figure[tuple[float, float]]
    organisations: Figure[int]
    answers: Figure[int]
    cohort_median: Figure[float]
    cohort_quartiles: Figure[tuple[float, float]]
    cohort_organisations: Figure[int]
    difference: Figure[float]
    comparison: Figure[Comparison]
    position: Figure[tuple[int, int, int]]
    previous: Figure[float]
    spread: Figure[tuple[Bin, ...]]

    @property
    def is_small_sample(self) -> bool:
        """Whether the score is released but marked: fewer than 30 answers."""
        return self.n.value is not None and self.n.value < disclosure.SMALL_SAMPLE

    @property
    def is_much_missing(self) -> bool:
        """Whether more than a quarter of those asked gave no answer."""
        return self.missing.value is not None and self.missing.value > disclosure.MUCH_MISSING


@dataclass(frozen=True, slots=True)
class _Material:
    """What the figures of one page are made of: arrays of everybody, and why what may not be shown."""

    own_reason: Reason | None
    benchmark_reason: Reason | None
    spread_reason: Reason | None
    organisation: str | None
    now: Season
    previous: Season | None
    previous_reason: Reason | None
    peers: Season
    national: Benchmark
    cohort: Cohort | None
    cohort_reason: Reason | None
    group: Benchmark | None
    cohorts: Cohorts


def _survey_in_use(store: Store, choice: Choice, counts: RoundCounts, bench: RoundCounts) -> Survey:
    """The version the organisation answered, else the one most of the benchmark answered."""
    surveys = read_instruments(store)
    own = choice.organisation
    if own is not None and own.code in counts.place:
        version = counts.versions[counts.place[own.code]]
    else:
        used = bench.versions or counts.versions
        version = max(sorted(set(used)), key=used.count) if used else ""
    assert choice.survey is not None
    return surveys.get((choice.survey.id, version), choice.survey)


def _aspects(survey: Survey, counts: RoundCounts, own: Organisation | None) -> tuple[Aspect, ...]:
    """The common aspects, and those optional ones that the organisation asked."""
    asked: set[str] = set()
    if own is not None and own.code in counts.place:
        row = counts.asked[counts.place[own.code]]
        asked = {key[0] for key, people in zip(counts.keys, row, strict=True) if people}
    return tuple(one for one in survey.aspects if not one.optional or one.id in asked)


def taking_part_reason(choice: Choice, counts: RoundCounts) -> Reason | None:
    """Why the viewer may not see the organisation's own figures of these counts; None when they may."""
    own = choice.organisation
    reason = disclosure.own_reason(choice.viewer, own.code if own else None)
    if reason is None and own is not None and own.code not in counts.place:
        return Reason.DID_NOT_TAKE_PART
    return reason


def _material(
    store: Store, ground: Ground, keys: tuple[tuple[str, str], ...], question: Question | None = None
) -> _Material:
    choice, survey = ground.choice, ground.survey
    assert choice.round is not None
    surveys = read_instruments(store)
    scale = survey.scale if question is None else survey.scale_of(question)

    def scored(of: RoundCounts) -> Season:
        return season(of, keys, scale.low, scale.high, comparable(of, surveys, scale, question))

    peers = scored(ground.bench)
    chosen = choice.cohort
    group = chosen.cohort if chosen is not None and chosen.cohort.key != NATIONAL else None
    previous: Season | None = None
    previous_reason: Reason | None = Reason.DID_NOT_TAKE_PART
    if choice.previous is not None:
        before = round_counts(store, choice.previous.label, survey.id)
        previous, previous_reason = scored(before), taking_part_reason(choice, before)
        if previous_reason is None and choice.organisation is not None:
            is_same = comparable(before, surveys, scale, question)[before.place[choice.organisation.code]]
            previous_reason = None if is_same else Reason.ANOTHER_SCALE
    return _Material(
        own_reason=ground.own_reason,
        benchmark_reason=ground.benchmark_reason,
        spread_reason=disclosure.spread_reason(choice.viewer, choice.round),
        organisation=choice.organisation.code if choice.organisation else None,
        now=scored(ground.counts),
        previous=previous,
        previous_reason=previous_reason,
        peers=peers,
        national=benchmark(peers, frozenset(peers.organisations)),
        cohort=group,
        cohort_reason=None if chosen is None else chosen.reason,
        group=None if group is None else benchmark(peers, group.members),
        cohorts=cohorts_of(store, ground.bench),
    )


def _scores(
    material: _Material, names: Sequence[tuple[str, str, str, str]], is_optional: Sequence[bool]
) -> tuple[Score, ...]:
    """One Score per item of the material, tested together."""
    now, peers, national = material.now, material.peers, material.national
    place = now.place.get(material.organisation or "")
    words, positions = _against(material, place, is_optional)
    found = []
    for item, (id_, short, text, category) in enumerate(names):
        if place is None:
            n, asked, value, ends, codes = 0, 0, np.nan, (np.nan, np.nan), ()
        else:
            n, asked = int(now.n[place, item]), int(now.asked[place, item])
            value = float(now.mean[place, item])
            ends = (float(now.low[place, item]), float(now.high[place, item]))
            codes = tuple(now.counts[place, item].tolist())
        own = partial(disclosure.own_figure, material.own_reason, n, asked)
        reason = Reason.NOT_COMPARED if is_optional[item] else material.benchmark_reason
        mean = own(value)
        organisations = int(national.organisations[item])
        median = disclosure.median_figure(reason, organisations, float(national.median[item]))
        difference = disclosure.difference_figure(mean, median)
        cohort = _cohort_figures(material, item, reason)
        counted = peers.mean[peers.is_counted[:, item], item]
        found.append(
            Score(
                id=id_,
                short=short,
                text=text,
                category=category,
                n=own(n),
                mean=mean,
                interval=own(ends),
                distribution=own(codes),
                missing=own(float(scoring.missing_share(n, asked))),
                median=median,
                median_interval=disclosure.median_interval_figure(
                    reason,
                    organisations,
                    scoring.median_ranks(organisations),
                    (float(national.median_low[item]), float(national.median_high[item])),
                ),
                quartiles=disclosure.quartiles_figure(
                    reason,
                    organisations,
                    (float(national.lower_quartile[item]), float(national.upper_quartile[item])),
                ),
                organisations=disclosure.number_of_organisations(reason, organisations),
                answers=disclosure.total_figure(reason, organisations, int(national.answers[item])),
                cohort_median=cohort[0],
                cohort_quartiles=cohort[1],
                cohort_organisations=cohort[2],
                difference=difference,
                comparison=disclosure.comparison_figure(difference, words[item]),
                position=disclosure.position_figure(mean, median, positions[item]),
                previous=_previous(material, item),
                spread=disclosure.spread_figure(
                    Reason.NOT_COMPARED if is_optional[item] else material.spread_reason, counted.tolist()
                ),
            )
        )
    return tuple(found)


def _against(
    material: _Material, place: int | None, is_optional: Sequence[bool]
) -> tuple[tuple[Comparison | None, ...], list[tuple[int, int, int]]]:
    """The word and the place of the organisation for every item; None and 0 where there is none."""
    now, peers, national = material.now, material.peers, material.national
    nothing: tuple[tuple[Comparison | None, ...], list[tuple[int, int, int]]] = (
        (None,) * len(is_optional),
        [(0, 0, 0)] * len(is_optional),
    )
    if place is None or material.own_reason is not None or material.benchmark_reason is not None:
        return nothing
    has_score = now.is_counted[place] & ~np.array(is_optional, dtype=bool)
    mean = np.where(has_score, now.mean[place], np.nan)
    error = np.where(has_score, now.standard_error[place], np.nan)
    n = now.n[place]
    has_median = national.organisations >= disclosure.MINIMUM_FOR_MEDIAN
    p_values = scoring.difference_test(
        mean, error, n, national.median, np.where(peers.is_counted, peers.standard_error, np.nan)
    )
    words = scoring.words(
        np.where(has_median, mean - national.median, np.nan), np.where(has_median, p_values, np.nan)
    )
    others = peers.is_counted.copy()
    itself = peers.place.get(material.organisation or "")
    if itself is not None:
        others[itself] = False
    best, worst, of = scoring.position_range(
        mean,
        error,
        n,
        other_means=np.where(others, peers.mean, np.nan),
        other_standard_errors=np.where(others, peers.standard_error, np.nan),
        other_ns=np.where(others, peers.n, np.nan),
    )
    return words, list(zip(best.tolist(), worst.tolist(), of.tolist(), strict=True))


def _cohort_figures(
    material: _Material, item: int, reason: Reason | None
) -> tuple[Figure[float], Figure[tuple[float, float]], Figure[int]]:
    """Median, quartiles and number of the chosen cohort; it must be offered for this very item too."""
    group = material.group
    if material.cohort is None or group is None:
        none: Any = disclosure.median_figure(Reason.UNKNOWN, 0, 0.0)
        return none, none, none
    if reason is None:
        counting = material.national.members[item]
        reason = material.cohort_reason or cohort_reasons(material.cohorts, counting)[material.cohort.key]
    organisations = int(group.organisations[item])
    return (
        disclosure.median_figure(reason, organisations, float(group.median[item])),
        disclosure.quartiles_figure(
            disclosure.group_quartiles_reason(material.cohort, reason),
            organisations,
            (float(group.lower_quartile[item]), float(group.upper_quartile[item])),
        ),
        disclosure.number_of_organisations(reason, organisations),
    )


def _previous(material: _Material, item: int) -> Figure[float]:
    """The organisation's own score of the round before."""
    before = material.previous
    place = None if before is None else before.place.get(material.organisation or "")
    if before is None or place is None:
        return disclosure.own_figure(material.own_reason or Reason.DID_NOT_TAKE_PART, 0, 0, 0.0)
    return disclosure.own_figure(
        material.previous_reason,
        int(before.n[place, item]),
        int(before.asked[place, item]),
        float(before.mean[place, item]),
    )


def on_another_scale(store: Store, ground: Ground) -> int:
    """How many organisations of the benchmark do not stand in it, for those who may see it."""
    if ground.benchmark_reason is not None:
        return 0
    return sum(not same for same in comparable(ground.bench, read_instruments(store), ground.survey.scale))
