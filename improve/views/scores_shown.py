"""The Scores page as rows: for its charts, its table and its files, and written out as JSON."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

from improve.disclosure import Bin, Figure, Reason
from improve.instruments import Survey, say
from improve.language import _, ngettext, number, percent, signed, whole
from improve.views import sentence
from improve.views.ground import Score
from improve.views.scores import ScoresView

Row = dict[str, Any]


def _survey(view: ScoresView) -> Survey:
    if view.survey is None:
        raise ValueError("an empty view has no chart")
    return view.survey


def domain(view: ScoresView) -> tuple[int, int]:
    """The part of the scale, in whole points, that holds every mark; at least three points of it."""
    scale = _survey(view).scale
    values: list[float] = []
    for score in view.scores:
        for one in (score.mean, score.median, score.cohort_median, score.previous):
            values += [] if one.value is None else [one.value]
        for pair in (score.interval, score.quartiles):
            values += pair.value or ()
    if not values:
        return scale.low, scale.high
    low, high = max(scale.low, floor(min(values))), min(scale.high, ceil(max(values)))
    low = max(scale.low, min(low, high - 3))
    return low, min(scale.high, max(high, low + 3))


def chart_rows(view: ScoresView) -> list[Row]:
    """The rows of improve.charts.scores_spec: an aspect each, under category headings where sorted so."""
    names = {category.id: say(category.name) for category in _survey(view).categories}
    rows: list[Row] = []
    category = None
    for score in view.scores:
        if view.sort == "category" and score.category != category:
            category = score.category
            rows.append(_blank(len(rows), "category:" + category, "category", names.get(category, category)))
        rows.append(_chart_row(len(rows), score, view))
    return rows


def _blank(order: int, key: str, kind: str, label: str) -> Row:
    empty = ("word", "mean", "lower", "upper", "median", "q1", "q3", "cohort_median", "last", "withheld")
    return {
        "order": order,
        "row": key,
        "kind": kind,
        "label": label,
        "note": "",
        "sentence": label,
        "chosen": False,
        **dict.fromkeys(empty),
    }


def _chart_row(order: int, score: Score, view: ScoresView) -> Row:
    interval = score.interval.value or (None, None)
    quartiles = score.quartiles.value or (None, None)
    silent = (None, Reason.NO_ORGANISATION)
    return {
        **_blank(order, score.id, "aspect", score.short),
        "note": note(score),
        "sentence": sentence.of_score(score),
        "chosen": view.chosen is not None and view.chosen.id == score.id,
        "word": None if score.comparison.value is None else score.comparison.value.value,
        "mean": score.mean.value,
        "lower": interval[0],
        "upper": interval[1],
        "median": score.median.value,
        "q1": quartiles[0],
        "q3": quartiles[1],
        "cohort_median": score.cohort_median.value,
        "last": score.previous.value,
        "withheld": None if score.mean.withheld in silent else sentence.because(score.mean),
    }


def note(score: Score) -> str:
    """The few words at the end of a row: how far from the median, and what that is called."""
    if score.difference.value is None or score.comparison.value is None:
        return ""
    if sentence.is_slight(score):
        return sentence.in_words(score)
    return _("{difference} {word}").format(
        difference=signed(score.difference.value), word=sentence.in_words(score)
    )


def distribution_rows(view: ScoresView, score: Score) -> list[tuple[int, float, int]]:
    """Code, share and number of the answers at each point of the scale; empty where withheld."""
    counts = score.distribution.value
    if counts is None:
        return []
    total = sum(counts)
    low = _survey(view).scale.low
    if view.overall is not None and score.id == view.overall.id and view.survey and view.survey.headline:
        low = view.survey.scale_of(view.survey.headline).low
    return [(low + place, count / total, count) for place, count in enumerate(counts)]


def spread_rows(score: Score) -> list[Row]:
    """The rows of improve.charts.spread_spec: how many organisations lie in each step of 0.1."""
    return [
        {
            "bin": one.score,
            "n": one.n,
            "sentence": ngettext("{n} organisation at {score}", "{n} organisations at {score}", one.n).format(
                n=one.n, score=number(one.score)
            ),
        }
        for one in score.spread.value or ()
    ]


def table_rows(view: ScoresView) -> list[dict[str, str]]:
    """The page as a table in words and numbers: the overall question first, then every aspect."""
    names = {category.id: say(category.name) for category in _survey(view).categories}
    found = []
    for score in ((view.overall,) if view.overall else ()) + view.scores:
        row = {
            _("Aspect"): score.short,
            _("Category"): names.get(score.category, _("Overall")),
            _("Score"): _shown(score.mean, 2),
            _("95 % interval"): _pair(score.interval, 2),
            _("Answers"): sentence.because(score.n) if score.n.value is None else whole(score.n.value),
            _("National median"): _shown(score.median, 1),
            _("Its 95 % interval"): _pair(score.median_interval, 1),
            _("Middle half of organisations"): _pair(score.quartiles, 1),
            _("Organisations"): "" if score.organisations.value is None else whole(score.organisations.value),
            _("Difference"): "" if score.difference.value is None else signed(score.difference.value),
            _("In words"): sentence.in_words(score),
            _("Place"): _place(score),
        }
        if view.choice.cohort is not None and view.choice.cohort.cohort.key != "all":
            label = _("Median of {group}").format(group=view.choice.cohort.label)
            row[label] = _shown(score.cohort_median, 1)
        if view.choice.previous is not None and view.choice.organisation is not None:
            label = _("Score in {round}").format(round=view.choice.previous.label)
            row[label] = _shown(score.previous, 2)
        if score.missing.value is not None:
            row[_("No answer")] = percent(score.missing.value)
        else:
            row[_("No answer")] = ""
        found.append(row)
    return found


def _shown(figure: Figure[float], places: int) -> str:
    return sentence.because(figure) if figure.value is None else number(figure.value, places)


def _pair(figure: Figure[tuple[float, float]], places: int) -> str:
    if figure.value is None:
        return ""
    return _("{low} to {high}").format(
        low=number(figure.value[0], places), high=number(figure.value[1], places)
    )


def _place(score: Score) -> str:
    if score.position.value is None:
        return ""
    best, worst, of = score.position.value
    place = _("{best} of {of}") if best == worst else _("{best} to {worst} of {of}")
    return place.format(best=best, worst=worst, of=of)


def as_json(view: ScoresView) -> dict[str, Any]:
    """The view model written out (docs/figures.md is its schema): numbers as released, unrounded."""
    choice, survey = view.choice, view.survey
    return {
        "figures": "satisfaction",
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
        "responses": _written(view.responses),
        "response_rate": _written(view.response_rate),
        "response_rate_median": _written(view.response_median),
        "average_of_aspects": _written(view.average),
        "overall": None if view.overall is None else _score_as_json(view.overall),
        "aspects": [_score_as_json(score) for score in view.scores],
    }


def _written(figure: Figure[Any] | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    if figure.withheld is not None:
        return {"withheld": figure.withheld.value}
    value = figure.value
    if isinstance(value, tuple):
        value = [{"score": one.score, "n": one.n} if isinstance(one, Bin) else one for one in value]
    return {"value": value}


_FIGURES = (
    "n",
    "mean",
    "interval",
    "distribution",
    "missing",
    "median",
    "median_interval",
    "quartiles",
    "organisations",
    "answers",
    "cohort_median",
    "cohort_quartiles",
    "cohort_organisations",
    "difference",
    "comparison",
    "position",
    "previous",
    "spread",
)


def _score_as_json(score: Score) -> dict[str, Any]:
    return {
        "id": score.id,
        "short": score.short,
        "text": score.text,
        "category": score.category or None,
        "is_small_sample": score.is_small_sample,
        "is_much_missing": score.is_much_missing,
        **{name: _written(getattr(score, name)) for name in _FIGURES},
        "sentence": sentence.of_score(score),
    }
