"""User satisfaction > Scores: our aspects against the national median, quartiles and our last round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from improve import disclosure, scoring
from improve.disclosure import Bin, Figure, Reason
from improve.instruments import Aspect, Question, Survey, say
from improve.language import _
from improve.model import Cohort, Comparison, Organisation, Selection, Viewer
from improve.store import (
    ANSWER,
    RoundCounts,
    Store,
    read_instruments,
    round_counts,
)
from improve.views import sentence
from improve.views.choice import (
    NATIONAL,
    Choice,
    benchmark_of,
    choose,
    cohort_reasons,
    cohorts_of,
    exact_choice,
)
from improve.views.season import Benchmark, Season, benchmark, comparable, season

SATISFACTION = "satisfaction"
"""The measure that this page is about; an instrument without it has no Scores page."""

SORTS = ("category", "difference", "score")


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
class ScoresView:
    """The Scores page of one viewer and selection.

    `scores` are in the order of `sort`. `survey` is None (and everything empty) where the store or
    the round holds no rated aspects; `finding` then says so.
    """

    choice: Choice
    survey: Survey | None
    sort: str
    is_provisional: bool
    overall: Score | None
    scores: tuple[Score, ...]
    chosen: Score | None
    average: Figure[float] | None
    response_rate: Figure[float] | None
    response_median: Figure[float] | None
    responses: Figure[int] | None
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str


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
    cohorts: tuple[Cohort, ...]


def scores_view(store: Store, viewer: Viewer, selection: Selection) -> ScoresView:
    """The page for this viewer; a wish that cannot be followed leaves a notice."""
    return _view(store, choose(store, viewer, selection))


def scores_figures(store: Store, viewer: Viewer, selection: Selection) -> ScoresView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    return _view(store, exact_choice(store, viewer, selection))


def _view(store: Store, choice: Choice) -> ScoresView:
    if choice.round is None or choice.survey is None:
        return _empty(choice)
    counts = round_counts(store, choice.round.label, choice.survey.id)
    bench = benchmark_of(store, choice.round, choice.survey.id)
    survey = _survey_in_use(store, choice, counts, bench)
    aspects = _aspects(survey, counts, choice.organisation)
    keys = tuple((aspect.id, SATISFACTION) for aspect in aspects)
    material = _material(store, choice, survey, counts, bench, keys)
    scores = _scores(
        material,
        [(aspect.id, say(aspect.short), say(aspect.text), aspect.category) for aspect in aspects],
        [aspect.optional for aspect in aspects],
    )
    overall = _overall(store, choice, survey, counts, bench)
    reason = _own_reason(choice, counts)
    responses, rate, rate_median = _response(choice, counts, bench, reason)
    view = ScoresView(
        choice=choice,
        survey=survey,
        sort=SORTS[0],
        is_provisional=not choice.round.is_closed and material.benchmark_reason is None,
        overall=overall,
        scores=scores,
        chosen=None,
        average=_average(scores, aspects, reason),
        response_rate=rate,
        response_median=rate_median,
        responses=responses,
        finding="",
        notes=(),
        method=(),
        alt="",
    )
    view = replace(view, finding=sentence.finding(view))
    return replace(
        view,
        notes=sentence.notes(view, _on_another_scale(store, material, bench, survey)),
        method=sentence.method(view),
        alt=sentence.alt(view),
    )


def _empty(choice: Choice) -> ScoresView:
    if choice.round is None and disclosure.takes_in_files(choice.viewer):
        finding = _("There are no figures yet. Import a survey file to begin.")
    elif choice.round is None:
        finding = _("There are no figures yet.")
    else:
        finding = _("No survey with rated aspects was taken in for this round yet.")
    return ScoresView(
        choice, None, SORTS[0], False, None, (), None, None, None, None, None, finding, (), (), finding
    )


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


def _own_reason(choice: Choice, counts: RoundCounts) -> Reason | None:
    own = choice.organisation
    reason = disclosure.own_reason(choice.viewer, own.code if own else None)
    if reason is None and own is not None and own.code not in counts.place:
        return Reason.DID_NOT_TAKE_PART
    return reason


def _material(
    store: Store,
    choice: Choice,
    survey: Survey,
    counts: RoundCounts,
    bench: RoundCounts,
    keys: tuple[tuple[str, str], ...],
    question: Question | None = None,
) -> _Material:
    assert choice.round is not None
    surveys = read_instruments(store)
    scale = survey.scale if question is None else survey.scale_of(question)

    def scored(of: RoundCounts) -> Season:
        return season(of, keys, scale.low, scale.high, comparable(of, surveys, scale, question))

    peers = scored(bench)
    chosen = choice.cohort
    group = chosen.cohort if chosen is not None and chosen.cohort.key != NATIONAL else None
    previous: Season | None = None
    previous_reason: Reason | None = Reason.DID_NOT_TAKE_PART
    if choice.previous is not None:
        before = round_counts(store, choice.previous.label, survey.id)
        previous, previous_reason = scored(before), _own_reason(choice, before)
        if previous_reason is None and choice.organisation is not None:
            is_same = comparable(before, surveys, scale, question)[before.place[choice.organisation.code]]
            previous_reason = None if is_same else Reason.ANOTHER_SCALE
    return _Material(
        own_reason=_own_reason(choice, counts),
        benchmark_reason=disclosure.benchmark_reason(choice.viewer, choice.round),
        spread_reason=disclosure.spread_reason(choice.viewer, choice.round),
        organisation=choice.organisation.code if choice.organisation else None,
        now=scored(counts),
        previous=previous,
        previous_reason=previous_reason,
        peers=peers,
        national=benchmark(peers, frozenset(peers.organisations)),
        cohort=group,
        cohort_reason=None if chosen is None else chosen.reason,
        group=None if group is None else benchmark(peers, group.members),
        cohorts=cohorts_of(store, bench),
    )


def _overall(
    store: Store, choice: Choice, survey: Survey, counts: RoundCounts, bench: RoundCounts
) -> Score | None:
    headline = survey.headline
    if headline is None:
        return None
    material = _material(store, choice, survey, counts, bench, ((headline.id, ANSWER),), headline)
    return _scores(material, [(headline.id, say(headline.short), say(headline.text), "")], [False])[0]


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
            reason, organisations, (float(group.lower_quartile[item]), float(group.upper_quartile[item]))
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


def _average(scores: Sequence[Score], aspects: Sequence[Aspect], reason: Reason | None) -> Figure[float]:
    """The mean of the common aspects' means, where every one that was asked is released."""
    optional = {aspect.id for aspect in aspects if aspect.optional}
    common = [
        score for score in scores if score.id not in optional and score.mean.withheld is not Reason.NOT_ASKED
    ]
    means = [score.mean.value for score in common if score.mean.value is not None]
    n = disclosure.MINIMUM_ANSWERS if means and len(means) == len(common) else 0
    return disclosure.own_figure(reason, n, len(common), float(np.mean(means)) if means else 0.0)


def _response(
    choice: Choice, counts: RoundCounts, bench: RoundCounts, reason: Reason | None
) -> tuple[Figure[int], Figure[float], Figure[float]]:
    """Own responses and response rate, and the median rate over the organisations of the benchmark."""
    assert choice.round is not None
    place = counts.place.get(choice.organisation.code) if choice.organisation else None
    responses = 0 if place is None else int(counts.responses[place])
    rate = np.nan if place is None else float(scoring.response_rate(responses, counts.invited[place]))
    counted = np.array([disclosure.counts_in_benchmark(int(n)) for n in bench.responses], dtype=bool)
    rates = scoring.response_rate(bench.responses, bench.invited)[counted]
    rates = rates[~np.isnan(rates)]
    return (
        disclosure.own_figure(reason, responses, responses, responses),
        disclosure.own_rate(reason, responses, rate),
        disclosure.median_figure(
            disclosure.benchmark_reason(choice.viewer, choice.round),
            rates.size,
            scoring.median(rates),
            disclosure.RATE_STEP,
        ),
    )


def arranged(view: ScoresView, sort: str | None, aspect: str | None) -> ScoresView:
    """The view in another order, looking into one aspect; what does not exist is left alone."""
    sort = sort if sort in SORTS else SORTS[0]
    everything = (*view.scores, *((view.overall,) if view.overall else ()))
    chosen = next((score for score in everything if score.id == aspect), None)
    return replace(view, sort=sort, scores=_sorted(view.scores, sort), chosen=chosen)


def _sorted(scores: tuple[Score, ...], sort: str) -> tuple[Score, ...]:
    """By category as the instrument has them; else highest first, what is withheld last.

    Without any own score the scores are the medians. Nothing but released values moves a row.
    """
    if sort == "category":
        return scores
    has_own = any(score.mean.is_released for score in scores)

    def key(score: Score) -> tuple[bool, float]:
        figure = score.difference if sort == "difference" else score.mean if has_own else score.median
        return (figure.value is None, -(figure.value or 0.0))

    return tuple(sorted(scores, key=key))


def _on_another_scale(store: Store, material: _Material, bench: RoundCounts, survey: Survey) -> int:
    """How many organisations of the benchmark do not stand in it, for those who may see it."""
    if material.benchmark_reason is not None:
        return 0
    return sum(not same for same in comparable(bench, read_instruments(store), survey.scale))
