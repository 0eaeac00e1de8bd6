"""Chart builder > Trend: what changed since the organisation's last round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from improve.disclosure import Figure
from improve.language import _
from improve.views import trend_sentence, trend_shown
from improve.views.chart.axis import change_axis, rating_axis
from improve.views.chart.part import (
    ASPECTS,
    COHORTS,
    DIRECTORATES,
    JOBS,
    PLACES,
    ROUNDS,
    Asked,
    Built,
    Names,
    Opened,
    Picture,
    Question,
    Row,
    nothing,
)
from improve.views.chart.score import point_row
from improve.views.choice import Subject
from improve.views.trend import Move, Series, TrendView, rounds_asked, trend_view


def _open(asked: Asked) -> Opened:
    view = trend_view(asked.store, asked.viewer, asked.selection)
    if view.survey is None:
        return nothing(view.choice, view.finding)
    ways: dict[str, tuple[Picture, ...]] = {}
    why_not = {
        COHORTS.key: _("How a group moved is its line beside your own: choose it under “Compare with”."),
        **dict.fromkeys(
            (DIRECTORATES.key, JOBS.key, PLACES.key),
            _("Groups of own people are shown of one round alone."),
        ),
    }
    if any(one.move is not None for one in view.series):
        ways[ASPECTS.key] = (Picture.DOT_RANGE, Picture.LINE, Picture.BARS, Picture.TABLE)
    elif view.series:
        ways[ASPECTS.key] = (Picture.LINE,)
    if len(rounds_asked(asked.store, asked.viewer, view.survey.id)) > 1:
        ways[ROUNDS.key] = (Picture.LINE, Picture.DOT_RANGE, Picture.BARS, Picture.TABLE)
    else:
        why_not[ROUNDS.key] = _("There is one round of this survey.")
    undrawn = {}
    if all(one.move is None for one in view.series):
        needed = _("a change needs two rounds of one's own organisation.")
        undrawn = dict.fromkeys((Picture.DOT_RANGE, Picture.BARS, Picture.TABLE), needed)

    def about(compare: str) -> Mapping[str, str]:
        return {one.id: one.short for one in view.every} if compare == ROUNDS.key else {}

    def build(compare: str, picture: Picture, of: str | None) -> Built:
        if compare == ROUNDS.key:
            return _of_rounds(view, next((one for one in view.every if one.id == of), view.every[0]))
        return _of_aspects(view, picture)

    return Opened(view.choice, view.finding, ways, why_not, about, build, undrawn)


QUESTION = Question("trend", lambda: _("Trend"), Subject.RATINGS, ASPECTS, _open)


def _own_names(view: TrendView) -> Names:
    cohort = view.choice.cohort
    return Names(
        own=_("Own score"),
        median=_("National median"),
        cohort="" if cohort is None else _("Median of {group}").format(group=cohort.label),
    )


def _of_rounds(view: TrendView, series: Series) -> Built:
    rows = tuple(point_row(series.short, one) for one in series.points)
    newest = next((one for one in series.points if one.round == _label(view)), None)
    return Built(
        title=_("{aspect}, round by round").format(aspect=series.short),
        head=_("Round"),
        finding=trend_sentence.of_series(series),
        axis=rating_axis(rows, series.scale),
        names=_own_names(view),
        rows=rows,
        organisations=None if newest is None else newest.organisations,
        responses=None,
        own_responses=None if newest is None else newest.n,
        notes=view.notes,
        method=view.method,
        series=(series,),
    )


def _newest(view: TrendView, series: Series) -> Figure[int] | None:
    """The answers to a question in the round that is looked at."""
    return next((one.n for one in series.points if one.round == _label(view)), None)


def _label(view: TrendView) -> str:
    return "" if view.choice.round is None else view.choice.round.label


def _of_aspects(view: TrendView, picture: Picture) -> Built:
    if picture is Picture.LINE:
        return _as_panels(view)
    ordered = [row["row"] for row in trend_shown.change_rows(view)]
    every = {one.id: one for one in view.every}
    moved = [(every[id_], move) for id_ in ordered if (move := every[id_].move) is not None]
    rows = tuple(_move_row(one, move) for one, move in moved)
    first = moved[0][1] if moved else None
    text = (
        ""
        if first is None
        else _("Change from {before} to {after}, in points of the scale").format(
            before=first.before, after=first.after
        )
    )
    return Built(
        title=_("What has changed since the last round"),
        head=_("Aspect"),
        finding=view.finding,
        axis=change_axis(rows, text),
        names=Names(
            own=_("Own change"),
            median=_("Others' mean change"),
            higher=_("Risen"),
            similar=_("similar"),
            lower=_("fallen"),
        ),
        rows=rows,
        organisations=None if first is None else first.organisations,
        responses=None,
        own_responses=next((_newest(view, one) for one, _move in moved), None),
        notes=view.notes,
        method=view.method,
    )


def _move_row(one: Series, move: Move) -> Row:
    return Row(
        key=one.id,
        label=one.short,
        sentence=trend_sentence.of_move(one.short, move),
        note=trend_sentence.note(move),
        own=move.change,
        interval=move.interval,
        word=move.word,
        median=move.peers,
        organisations=move.organisations,
    )


def _as_panels(view: TrendView) -> Built:
    """Every question on one scale over all rounds, side by side: a row for each in each round."""
    assert view.survey is not None
    series = trend_shown.panels(view)
    rows = tuple(_in_round(one, point_row(one.short, point)) for one in series for point in one.points)
    newest = [point for one in series for point in one.points if point.round == _label(view)]
    return Built(
        title=_("Every aspect over the rounds"),
        head=_("Aspect"),
        finding=view.finding,
        axis=rating_axis(rows, view.survey.scale),
        names=_own_names(view),
        rows=rows,
        organisations=newest[0].organisations if newest else None,
        responses=None,
        own_responses=newest[0].n if newest else None,
        notes=view.notes,
        method=view.method,
        series=series,
    )


def _in_round(series: Series, row: Row) -> Row:
    return replace(
        row,
        key=f"{series.id}/{row.key}",
        label=_("{aspect}, {round}").format(aspect=series.short, round=row.label),
    )
