"""Chart builder > Score: how satisfied people are."""

from __future__ import annotations

from collections.abc import Mapping

from improve.disclosure import Reason
from improve.instruments import Scale
from improve.language import _
from improve.views import gap_sentence, scores_shown, sentence, trend_sentence
from improve.views.chart.axis import rating_axis
from improve.views.chart.groups import group_row, groups_finding, own_row
from improve.views.chart.part import (
    ASPECTS,
    COHORTS,
    ROUNDS,
    Asked,
    Built,
    Names,
    Opened,
    Picture,
    Question,
    Row,
    Unit,
    nothing,
)
from improve.views.chart.people import BY, people_ways, satisfaction_row
from improve.views.choice import Subject, reason_sentences
from improve.views.gap import gap_view
from improve.views.ground import Score, cohort_scores, ground
from improve.views.scores import ScoresView, arranged, scores_view
from improve.views.trend import Point, over_rounds, rounds_asked

_ROWS = (Picture.DOT_RANGE, Picture.BARS, Picture.TABLE)


def _open(asked: Asked) -> Opened:
    view = scores_view(asked.store, asked.viewer, asked.selection)
    choice, survey = view.choice, view.survey
    if survey is None or choice.round is None:
        return nothing(choice, view.finding)
    ways: dict[str, tuple[Picture, ...]] = {ASPECTS.key: _ROWS}
    why_not = {}
    if len(rounds_asked(asked.store, asked.viewer, survey.id)) > 1:
        ways[ROUNDS.key] = (Picture.LINE, *_ROWS)
    else:
        why_not[ROUNDS.key] = _("There is one round of this survey.")
    reasons = {score.median.withheld for score in view.scores}
    if Reason.COLLECTING in reasons:
        why_not[COHORTS.key] = reason_sentences()[Reason.COLLECTING]
    else:
        ways[COHORTS.key] = _ROWS
    people, why_no_people = people_ways(asked, choice, _ROWS)

    def about(compare: str) -> Mapping[str, str]:
        if compare == ASPECTS.key:
            return {}
        aspects = {score.id: score.short for score in view.scores}
        if compare in BY or view.overall is None:
            return aspects
        return {view.overall.id: view.overall.short} | aspects

    def build(compare: str, _picture: Picture, of: str | None) -> Built:
        if compare == ASPECTS.key:
            return _of_aspects(view)
        if compare == ROUNDS.key:
            return _of_rounds(asked, view, of)
        if compare == COHORTS.key:
            return _of_cohorts(asked, view, of)
        return _of_people(asked, view, compare, of)

    return Opened(choice, view.finding, ways | people, why_not | why_no_people, about, build)


QUESTION = Question("score", lambda: _("Score"), Subject.RATINGS, ASPECTS, _open)


def _names(view: ScoresView) -> Names:
    cohort = view.choice.cohort
    return Names(
        own=_("Own score"),
        median=_("National median"),
        cohort="" if cohort is None else _("Median of {group}").format(group=cohort.label),
        previous=_("Last round"),
        higher=_("Own score, higher"),
        similar=_("similar"),
        lower=_("lower"),
    )


def score_row(score: Score) -> Row:
    """An aspect, or the overall question, as a row."""
    return Row(
        key=score.id,
        label=score.short,
        sentence=sentence.of_score(score),
        note=scores_shown.note(score),
        own=score.mean,
        interval=score.interval,
        word=score.comparison,
        median=score.median,
        quartiles=score.quartiles,
        cohort=score.cohort_median,
        previous=score.previous,
        n=score.n,
        organisations=score.organisations,
    )


def _of_aspects(view: ScoresView) -> Built:
    assert view.survey is not None
    first = view.overall or next(iter(view.scores), None)
    rows = tuple(score_row(one) for one in arranged(view, "score", None).scores)
    return Built(
        title=_("Satisfaction, aspect by aspect"),
        head=_("Aspect"),
        finding=view.finding,
        axis=rating_axis(rows, view.survey.scale),
        names=_names(view),
        rows=rows,
        organisations=None if first is None else first.organisations,
        responses=None if first is None else first.answers,
        own_responses=view.responses,
        notes=view.notes,
        method=view.method,
    )


def score_of(view: ScoresView, of: str | None) -> Score:
    """The aspect, or the overall question, that is asked about."""
    every: tuple[Score, ...] = (*((view.overall,) if view.overall else ()), *view.scores)
    return next((one for one in every if one.id == of), every[0])


def _scale_of(view: ScoresView, score: Score) -> Scale:
    assert view.survey is not None
    headline = view.survey.headline
    return view.survey.scale_of(headline) if headline and headline.id == score.id else view.survey.scale


def _aspect_of(view: ScoresView, score: Score) -> str | None:
    """Its id, or None for the overall question."""
    return None if view.overall is not None and view.overall.id == score.id else score.id


# ── Rounds ─────────────────────────────────────────────────────────────────────────────────────


def _of_rounds(asked: Asked, view: ScoresView, of: str | None) -> Built:
    score = score_of(view, of)
    series = over_rounds(asked.store, view.choice, _aspect_of(view, score))
    points = () if series is None else series.points
    rows = tuple(point_row(score.short, one) for one in points)
    return Built(
        title=_("{aspect}, round by round").format(aspect=score.short),
        head=_("Round"),
        finding="" if series is None else trend_sentence.of_series(series),
        axis=rating_axis(rows, _scale_of(view, score)),
        names=_names(view),
        rows=rows,
        organisations=score.organisations,
        responses=score.answers,
        own_responses=score.n,
        notes=view.notes,
        method=view.method,
        series=() if series is None else (series,),
    )


def point_row(short: str, point: Point) -> Row:
    """A question in one round as a row. What was asked on another scale stands beside nothing."""
    is_break = point.is_break
    return Row(
        key=point.round,
        label=point.round,
        sentence=trend_sentence.of_point(short, point),
        note=_("another scale") if is_break else "",
        own=point.own,
        interval=point.interval,
        median=None if is_break else point.median,
        quartiles=None if is_break else point.quartiles,
        cohort=None if is_break else point.cohort_median,
        n=point.n,
        organisations=None if is_break else point.organisations,
    )


# ── Groups of organisations ────────────────────────────────────────────────────────────────────


def _of_cohorts(asked: Asked, view: ScoresView, of: str | None) -> Built:
    score = score_of(view, of)
    base = ground(asked.store, view.choice)
    groups = () if base is None else cohort_scores(asked.store, base, _aspect_of(view, score))
    own = own_row(sentence.of_score(score), scores_shown.note(score), score.mean, score.interval, score.n)
    rows = (
        *((own,) if view.choice.organisation else ()),
        *(group_row(one, Unit.RATING) for one in groups),
    )
    names = Names(own=_("Own score"), median=_("Median of the group"))
    return Built(
        title=_("{aspect}: groups of organisations beside each other").format(aspect=score.short),
        head=_("Group"),
        finding=groups_finding(
            sentence.of_score(score) if score.mean.is_released else "", groups, Unit.RATING
        ),
        axis=rating_axis(rows, _scale_of(view, score)),
        names=names,
        rows=rows,
        organisations=score.organisations,
        responses=score.answers,
        own_responses=score.n,
        notes=view.notes,
        method=view.method,
    )


# ── Own people ─────────────────────────────────────────────────────────────────────────────────


def _of_people(asked: Asked, view: ScoresView, compare: str, of: str | None) -> Built:
    """The gap page's groups of people, by their satisfaction."""
    aspects = [one.id for one in view.scores]
    score = score_of(view, of if of in aspects else aspects[0])
    gaps = gap_view(asked.store, asked.viewer, asked.selection, compared=BY[compare], aspect=score.id)
    rows = tuple(satisfaction_row(one) for one in gaps.positions)
    return Built(
        title=_("{aspect}: own people beside each other").format(aspect=score.short),
        head=_("Group"),
        finding=gap_sentence.positions(gaps),
        axis=rating_axis(rows, _scale_of(view, score)),
        names=Names(own=_("Own score")),
        rows=rows,
        organisations=None,
        responses=None,
        own_responses=score.n,
        notes=(),
        method=(*view.method[:1], *_people_method(), *view.method[5:6]),
    )


def _people_method() -> tuple[str, ...]:
    return (
        _(
            "A group of own people is shown where it and the rest have 10 answers each, to 0.1; one way at a "
            "time, so that nothing of a smaller group can be worked out."
        ),
    )
