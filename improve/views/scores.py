"""User satisfaction > Scores: our aspects against the national median, quartiles and our last round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from improve import disclosure, scoring
from improve.disclosure import Figure, Reason
from improve.instruments import Survey
from improve.language import _
from improve.model import Selection, Viewer
from improve.store import Store
from improve.views import sentence
from improve.views.choice import Choice, choose, exact_choice
from improve.views.ground import (
    Ground,
    Score,
    aspect_scores,
    ground,
    headline_score,
    on_another_scale,
)
from improve.views.season import response_rates

SORTS = ("category", "difference", "score")


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


def scores_view(store: Store, viewer: Viewer, selection: Selection) -> ScoresView:
    """The page for this viewer; a wish that cannot be followed leaves a notice."""
    return _view(store, choose(store, viewer, selection))


def scores_figures(store: Store, viewer: Viewer, selection: Selection) -> ScoresView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    return _view(store, exact_choice(store, viewer, selection))


def _view(store: Store, choice: Choice) -> ScoresView:
    found = ground(store, choice)
    if found is None:
        return _empty(choice)
    scores = aspect_scores(store, found)
    responses, rate, rate_median = _response(found)
    view = ScoresView(
        choice=choice,
        survey=found.survey,
        sort=SORTS[0],
        is_provisional=found.is_provisional,
        overall=headline_score(store, found),
        scores=scores,
        chosen=None,
        average=_average(scores, found),
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
        notes=sentence.notes(view, on_another_scale(store, found)),
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


def _average(scores: Sequence[Score], ground: Ground) -> Figure[float]:
    """The mean of the common aspects' means, where every one that was asked is released."""
    optional = {aspect.id for aspect in ground.aspects if aspect.optional}
    common = [
        score for score in scores if score.id not in optional and score.mean.withheld is not Reason.NOT_ASKED
    ]
    means = [score.mean.value for score in common if score.mean.value is not None]
    n = disclosure.MINIMUM_ANSWERS if means and len(means) == len(common) else 0
    return disclosure.own_figure(ground.own_reason, n, len(common), float(np.mean(means)) if means else 0.0)


def _response(ground: Ground) -> tuple[Figure[int], Figure[float], Figure[float]]:
    """Own responses and response rate, and the median rate over the organisations of the benchmark."""
    own, counts = ground.choice.organisation, ground.counts
    place = counts.place.get(own.code) if own else None
    responses = 0 if place is None else int(counts.responses[place])
    rate = np.nan if place is None else float(scoring.response_rate(responses, counts.invited[place]))
    rates = response_rates(ground.bench)
    return (
        disclosure.own_figure(ground.own_reason, responses, responses, responses),
        disclosure.own_rate(ground.own_reason, responses, rate),
        disclosure.median_figure(
            ground.benchmark_reason, rates.size, scoring.median(rates), disclosure.RATE_STEP
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
