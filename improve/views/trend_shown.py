"""The Trend page as rows: for its charts, its tables and its files, and written out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Any

from improve.disclosure import Figure
from improve.language import _, number, signed, whole
from improve.views import trend_sentence
from improve.views.response_sentence import full_day
from improve.views.sentence import because
from improve.views.trend import Move, Point, Series, Told, TrendView

Row = dict[str, Any]

_LEAST_SPAN = 2
"""Scale points that a chart of scores shows at least."""
_LEAST_CHANGE = 0.5
"""Scale points to either side of zero that a chart of changes shows at least."""


def change_domain(view: TrendView) -> float:
    """How far a chart of changes reaches to either side of zero, in half scale points."""
    ends = [_LEAST_CHANGE]
    for one in view.every:
        if one.move is not None:
            ends += [abs(end) for end in one.move.interval.value or ()]
            ends.append(abs(one.move.peers.value or 0.0))
    return min(2.0, ceil(max(ends) * 2) / 2)


def change_rows(view: TrendView) -> list[Row]:
    """The rows of improve.charts.changes_spec: the overall question first, then the largest rise."""
    aspects = sorted(
        (one for one in view.series if one.move is not None),
        key=lambda one: (not _has_change(one), 0.0 if one.move is None else -(one.move.change.value or 0.0)),
    )
    ordered = [*((view.overall,) if view.overall and view.overall.move else ()), *aspects]
    return [_change_row(order, one, view) for order, one in enumerate(ordered)]


def _has_change(one: Series) -> bool:
    return one.move is not None and one.move.change.is_released


def _change_row(order: int, one: Series, view: TrendView) -> Row:
    assert one.move is not None
    interval = one.move.interval.value or (None, None)
    word = one.move.word.value
    return {
        "order": order,
        "row": one.id,
        "kind": "aspect",
        "label": one.short,
        "note": trend_sentence.note(one.move),
        "sentence": trend_sentence.of_move(one.short, one.move),
        "chosen": view.chosen is not None and view.chosen.id == one.id,
        "word": None if word is None else word.value,
        "mean": one.move.change.value,
        "lower": interval[0],
        "upper": interval[1],
        "median": one.move.peers.value,
        "q1": None,
        "q3": None,
        "cohort_median": None,
        "last": None,
        "withheld": None if one.move.change.withheld is None else because(one.move.change),
    }


def panels(view: TrendView) -> tuple[Series, ...]:
    """The questions that stand side by side: those on one scale, so that all are drawn alike."""
    return tuple(one for one in view.every if view.survey is not None and _ends(one) == _survey_ends(view))


def _ends(one: Series) -> tuple[int, int]:
    return one.scale.low, one.scale.high


def _survey_ends(view: TrendView) -> tuple[int, int]:
    assert view.survey is not None
    return view.survey.scale.low, view.survey.scale.high


def score_domain(series: Sequence[Series]) -> tuple[float, float]:
    """The part of the scale, in half points, that holds every mark of these questions on one scale."""
    low, high = _ends(series[0])
    values: list[float] = []
    for point in (point for one in series for point in one.points if not point.is_break):
        for one in (point.own, point.median, point.cohort_median):
            values += [] if one.value is None else [one.value]
        for pair in (point.interval, point.quartiles):
            values += pair.value or ()
    if not values:
        return low, high
    bottom, top = max(low, floor(min(values) * 2) / 2), min(high, ceil(max(values) * 2) / 2)
    bottom = max(low, min(bottom, high - _LEAST_SPAN))
    return bottom, min(high, max(top, bottom + _LEAST_SPAN))


def panel_rows(view: TrendView, series: Sequence[Series]) -> list[Row]:
    """Dataset "panels" of improve.charts.trend_spec: one object per question."""
    return [
        {
            "order": order,
            "row": one.id,
            "label": one.short,
            "note": trend_sentence.mark(one.move),
            "sentence": trend_sentence.of_series(one),
            "chosen": len(series) > 1 and view.chosen is not None and view.chosen.id == one.id,
        }
        for order, one in enumerate(series)
    ]


def point_rows(series: Sequence[Series], days: tuple[date, date]) -> list[Row]:
    """Dataset "points": one object per question and round, placed between the first and the last day.

    Rounds that follow each other are parts of one line; where a figure is missing a new part begins.
    """
    rows = []
    for order, one in enumerate(series):
        own_part = cohort_part = 0
        parts = _national_parts(one)
        for point, national_part in zip(one.points, parts, strict=True):
            own_part += point.own.value is None
            cohort_part += _cohort(point) is None
            interval = point.interval.value or (None, None)
            quartiles = (None if point.is_break else point.quartiles.value) or (None, None)
            rows.append(
                {
                    "order": order,
                    "x": _place(point.day, days),
                    "round": point.round,
                    "mean": point.own.value,
                    "lower": interval[0],
                    "upper": interval[1],
                    "median": _median(point),
                    "q1": quartiles[0],
                    "q3": quartiles[1],
                    "cohort_median": _cohort(point),
                    "own_part": own_part,
                    "national_part": national_part,
                    "cohort_part": cohort_part,
                    "is_alone": parts.count(national_part) == 1,
                    "is_break": point.is_break,
                    "sentence": trend_sentence.of_point(one.short, point),
                }
            )
    return rows


def _national_parts(one: Series) -> list[int]:
    """For each round its part of the national line; a round without a median is in none (-1)."""
    parts, part = [], 0
    for point in one.points:
        part += _median(point) is None
        parts.append(-1 if _median(point) is None else part)
    return parts


def _median(point: Point) -> float | None:
    return None if point.is_break else point.median.value


def _cohort(point: Point) -> float | None:
    return None if point.is_break else point.cohort_median.value


def span(series: Sequence[Series], actions: Sequence[Told] = ()) -> tuple[date, date]:
    """The first and the last day of a chart: of the rounds, and of the actions that are drawn on it."""
    days = [point.day for one in series for point in one.points]
    days += [one.action.done_on for one in actions]
    return min(days), max(days)


def _place(day: date, days: tuple[date, date]) -> float:
    """Where a day lies, from 0 to 1; one day alone in the middle."""
    length = (days[1] - days[0]).days
    return (day - days[0]).days / length if length else 0.5


def action_rows(actions: Sequence[Told], days: tuple[date, date], *, is_presenting: bool) -> list[Row]:
    """Dataset "actions": one object per action. What people typed may name the organisation, so a
    projector shows the day alone.
    """
    return [
        {
            "order": order,
            "x": _place(one.action.done_on, days),
            "label": full_day(one.action.done_on)
            if is_presenting
            else _("{day}: {what}").format(day=full_day(one.action.done_on), what=one.action.what),
        }
        for order, one in enumerate(actions)
    ]


def change_table(view: TrendView) -> list[dict[str, str]]:
    """What changed since the last round, in words and numbers."""
    ids = [row["row"] for row in change_rows(view)]
    every = {one.id: one for one in view.every}
    found = []
    for one in (every[id_] for id_ in ids):
        assert one.move is not None
        found.append({_("Aspect"): one.short, **_move_cells(one.move)})
    return found


def _move_cells(move: Move) -> dict[str, str]:
    word, beyond = move.word.value, move.beyond.value
    others = "" if move.organisations.value is None else whole(move.organisations.value - 1)
    return {
        _("From"): move.before,
        _("To"): move.after,
        _("Change"): because(move.change) if move.change.value is None else signed(move.change.value, 2),
        _("95 % interval"): _pair(move.interval.value, 2),
        _("In words"): "" if word is None else trend_sentence.word(word),
        _("Others' mean change"): because(move.peers)
        if move.peers.value is None
        else signed(move.peers.value),
        _("Others who took part both times"): others,
        _("Difference"): "" if beyond is None else signed(beyond[0]),
        _("Its 95 % interval"): "" if beyond is None else _pair(beyond[1:], 1),
    }


def series_table(series: Sequence[Series]) -> list[dict[str, str]]:
    """The questions over the rounds, in numbers."""
    return [
        {
            _("Aspect"): one.short,
            _("Round"): point.round,
            _("Score"): because(point.own) if point.own.value is None else number(point.own.value, 2),
            _("95 % interval"): _pair(point.interval.value, 2),
            _("Answers"): "" if point.n.value is None else whole(point.n.value),
            _("National median"): _("another scale")
            if point.is_break
            else because(point.median)
            if point.median.value is None
            else number(point.median.value),
            _("Middle half of organisations"): "" if point.is_break else _pair(point.quartiles.value, 1),
            _("Organisations"): ""
            if point.is_break or point.organisations.value is None
            else whole(point.organisations.value),
        }
        for one in series
        for point in one.points
    ]


def action_table(told: Told) -> list[dict[str, str]]:
    """Before and after one action, in numbers."""
    return [{_("Aspect"): told.short, **_move_cells(move)} for move in told.moves]


def _pair(value: tuple[float, ...] | None, places: int) -> str:
    if value is None:
        return ""
    return _("{low} to {high}").format(low=number(value[0], places), high=number(value[1], places))


def trend_as_json(view: TrendView) -> dict[str, Any]:
    """The view model written out (docs/figures.md is its schema): numbers as released, unrounded."""
    choice, survey = view.choice, view.survey
    return {
        "figures": "trend",
        "round": choice.round.label if choice.round else None,
        "is_closed": choice.round.is_closed if choice.round else None,
        "is_provisional": view.is_provisional,
        "instrument": None if survey is None else {"id": survey.id, "version": survey.version},
        "scale": None if survey is None else {"low": survey.scale.low, "high": survey.scale.high},
        "organisation": None
        if choice.organisation is None
        else {"code": choice.organisation.code, "name": choice.organisation.name},
        "cohort": choice.cohort.cohort.key if choice.cohort else None,
        "viewer": choice.viewer.role.value,
        "finding": view.finding,
        "notes": list(view.notes),
        "method": list(view.method),
        "overall": None if view.overall is None else _series_as_json(view.overall),
        "aspects": [_series_as_json(one) for one in view.series],
        "actions": None if view.actions is None else [_told_as_json(one) for one in view.actions],
    }


def _written(figure: Figure[Any]) -> dict[str, Any]:
    if figure.withheld is not None:
        return {"withheld": figure.withheld.value}
    return {"value": list(figure.value) if isinstance(figure.value, tuple) else figure.value}


def _figures(of: Point | Move, names: Sequence[str]) -> dict[str, Any]:
    return {name: _written(getattr(of, name)) for name in names}


def _series_as_json(one: Series) -> dict[str, Any]:
    return {
        "id": one.id,
        "short": one.short,
        "text": one.text,
        "category": one.category or None,
        "rounds": [
            {
                "round": point.round,
                "day": point.day.isoformat(),
                "is_break": point.is_break,
                **_figures(
                    point,
                    ("n", "own", "interval", "median", "quartiles", "organisations", "cohort_median"),
                ),
            }
            for point in one.points
        ],
        "move": None if one.move is None else _move_as_json(one.move),
        "sentence": trend_sentence.of_series(one),
    }


def _move_as_json(move: Move) -> dict[str, Any]:
    names = ("change", "interval", "word", "organisations", "peers", "beyond")
    return {"before": move.before, "after": move.after, **_figures(move, names)}


def _told_as_json(told: Told) -> dict[str, Any]:
    action = told.action
    return {
        "id": action.id,
        "aspect": action.aspect or None,
        "short": told.short,
        "what": action.what,
        "done_on": action.done_on.isoformat(),
        "done_by": action.done_by,
        "closed_on": None if action.closed_on is None else action.closed_on.isoformat(),
        "moves": [_move_as_json(move) for move in told.moves],
        "lack": None if told.lack is None else told.lack.value,
        "sentences": list(trend_sentence.of_action(told)),
    }
