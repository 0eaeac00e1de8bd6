"""The parts of the chart builder that touch Streamlit: its choices, and a drawing for every picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from improve.charts import (
    AnswersWords,
    FiguresWords,
    MapShape,
    MapWords,
    MaturityRowsWords,
    Mode,
    Plane,
    QuadrantWords,
    ResponseWords,
    ScoresWords,
    Size,
    Spec,
    TrendWords,
    answers_spec,
    bars_spec,
    figures_spec,
    labelled,
    maturity_rows_spec,
    quadrant_spec,
    readiness_map_spec,
    scores_spec,
    trend_spec,
)
from improve.language import _
from improve.model import Quadrant, Selection, Viewer
from improve.store import Store
from improve.views import trend_shown
from improve.views.chart import shown, words
from improve.views.chart.axis import rating_text
from improve.views.chart.part import Built, Picture, Question, Unit
from improve.views.chart.view import ChartView, Wish, chart_view, question_labels, question_of
from improve.web import filters
from improve.web.block import Block, footer, marked, size
from improve.web.text import plain

_KEYS = ("compare", "picture", "about")
_FORMS = {Unit.SHARE: ".0%", Unit.LEVEL: "d", Unit.POINTS: "d", Unit.NUMBER: ",d"}
_LEAST_STEP = {Unit.SHARE: 0.05, Unit.CHANGE: 0.5}


def ask() -> Question:
    """Which question; the first of the choices, because the sidebar follows from it."""
    labels = question_labels()
    return question_of(filters.choose_here("question", _("Question"), labels))


def opened(store: Store, viewer: Viewer, selection: Selection, question: Question) -> ChartView:
    """The chart as the choices on the page stood the last time that they were drawn."""
    wished = {key: filters.wished(key) for key in _KEYS}
    view = chart_view(
        store,
        viewer,
        selection,
        Wish(question.key, **wished),
        is_presenting=filters.presenting(),
    )
    # Who changes one choice sees below what no longer goes with it; an address has to be told.
    return replace(view, notices=()) if any(filters.is_chosen(key) for key in _KEYS) else view


def ask_about(view: ChartView) -> str | None:
    """Which of the things that a comparison can be of; None where there is nothing to choose."""
    return filters.choose_here("about", _("About"), view.abouts) if view.abouts else None


def arrange(
    store: Store, viewer: Viewer, selection: Selection, view: ChartView, about: str | None
) -> ChartView:
    """Draws what to compare and how, kept in the address, and gives the view as the choices have it."""
    with st.container(horizontal=True):
        compare = filters.choose_here("compare", _("Compare"), view.compared, at_a_glance=True)
        picture = filters.choose_here("picture", _("Picture"), view.pictures, at_a_glance=True)
    if not filters.presenting():
        _draw_not_offered(view)
    if (compare, picture, about) == (view.compare, view.picture.value, view.about):
        return view
    wish = Wish(view.question.key, compare, picture, about)
    return chart_view(store, viewer, selection, wish, is_presenting=filters.presenting())


def _draw_not_offered(view: ChartView) -> None:
    """What cannot be picked beside what is, and why."""
    found = [
        text.format(options=words.without(options))
        for text, options in (
            (_("Not to be compared here: {options}."), view.not_compared),
            (_("Not to be drawn so: {options}."), view.not_pictures),
        )
        if options
    ]
    if found:
        st.caption(plain(" ".join(found)))


def draw_share(view: ChartView) -> None:
    """The address of the chart as it stands. It carries what was chosen, never a right to see it."""
    if filters.presenting():
        return
    with st.popover(_("Share"), icon=":material/link:"):
        st.markdown(
            plain(
                _(
                    "Copy this address. It carries what was chosen and no right to see it: whoever opens it "
                    "sees the figures of their own organisation, as far as they may."
                )
            )
        )
        st.code(_address(view), language=None, wrap_lines=True)


def _address(view: ChartView) -> str:
    chosen = {
        **st.query_params.to_dict(),
        "question": view.question.label(),
        "compare": view.compared[view.compare],
        "picture": view.pictures[view.picture.value],
    }
    if view.about is not None:
        chosen["about"] = view.abouts[view.about]
    if view.choice.round is not None:
        chosen["round"] = view.choice.round.label
    if view.choice.cohort is not None:
        chosen["cohort"] = view.choice.cohort.label
    return f"{st.context.url or ''}?{urlencode(chosen)}"


# ── Pictures ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A spec, made for a mode and a size, and its rows."""

    spec: Callable[[Mode, Size], Spec]
    datasets: Mapping[str, Sequence[Mapping[str, Any]]]


def block(view: ChartView) -> Block:
    """The chart as a figure block."""
    built = view.built
    assert built is not None
    drawing = None if view.picture is Picture.TABLE else _DRAWN[view.picture](view, built)
    return Block(
        key=f"{view.question.key}_{view.compare}",
        heading=built.title,
        finding=view.finding,
        spec=None if drawing is None else drawing.spec,
        datasets={} if drawing is None else drawing.datasets,
        alt=view.alt,
        table=partial(shown.table_rows, view),
        method=built.method,
        footer=footer(view.choice, (view.subtitle, *view.notes), built.method[-1:]),
        beneath=view.subtitle,
    )


def _key(built: Built) -> dict[str, str | None]:
    """The entries of a chart's key, for what is on it."""
    names = built.names
    is_compared = shown.has(built, "word")
    has_own = shown.has(built, "own")
    return {
        "own": names.own if has_own and not is_compared else None,
        "higher": names.higher if is_compared else None,
        "similar": names.similar if is_compared else None,
        "lower": names.lower if is_compared else None,
        "interval": _("its 95 % interval") if shown.has(built, "interval") else None,
        "median": (names.median or _("National median")) if shown.has(built, "median") else None,
        "cohort": names.cohort if shown.has(built, "cohort") else None,
    }


def _quartiles(built: Built) -> str | None:
    return _("Middle half of organisations") if shown.has(built, "quartiles") else None


def _previous(built: Built) -> str | None:
    return built.names.previous if shown.has(built, "previous") else None


def _ranges(_view: ChartView, built: Built) -> _Drawing:
    """Dots with their ranges: ratings as on Scores, levels as on the profile, the rest as on Skills."""
    axis = built.axis
    if axis.unit in (Unit.RATING, Unit.CHANGE):
        rows = shown.range_rows(built)
        text = ScoresWords(
            axis=marked(axis.text), last=_previous(built), quartiles=_quartiles(built), **_key(built)
        )
        spec = partial(_scores, text, axis.low, axis.high, len(rows), axis.unit is Unit.CHANGE)
        return _Drawing(spec, {"rows": rows})
    if shown.has(built, "interval") or not shown.has(built, "quartiles"):
        rows = shown.figure_rows(built)
        lines = max((str(row["lines"]).count("\n") + 1 for row in rows), default=1)
        return _Drawing(
            partial(
                figures_spec,
                FiguresWords(axis=marked(axis.text), **_key(built)),
                *(axis.low, axis.high, _FORMS[axis.unit], len(rows), lines, False),
            ),
            {"rows": rows},
        )
    rows = shown.level_rows(built)
    entries = _key(built)
    of_levels = MaturityRowsWords(
        axis=marked(axis.text),
        own=entries["own"],
        previous=_previous(built),
        median=entries["median"],
        quartiles=_quartiles(built),
        cohort=entries["cohort"],
    )
    lines = max((str(row["lines"]).count("\n") + 1 for row in rows), default=1)
    return _Drawing(
        partial(maturity_rows_spec, of_levels, axis.high, _ticks(built), len(rows), lines), {"rows": rows}
    )


def _scores(
    text: ScoresWords, low: float, high: float, rows: int, is_change: bool, mode: Mode, size: Size
) -> Spec:
    return scores_spec(text, low, high, rows, mode, size, is_change=is_change)


def _ticks(built: Built) -> tuple[tuple[float, str], ...]:
    axis = built.axis
    is_part = axis.unit is Unit.SHARE and axis.high < 1
    steps = int(axis.high) if axis.unit is Unit.LEVEL else round(axis.high * 10) if is_part else 4
    values = [axis.high * place / steps for place in range(steps + 1)]
    return tuple((value, axis.unit.written(value)) for value in values)


def _bars(_view: ChartView, built: Built) -> _Drawing:
    axis, rows, entries = built.axis, shown.bar_rows(built), _key(built)
    is_whole = bool(axis.whole_text)
    low, high = (axis.start, axis.whole_high) if is_whole else (min(axis.low, 0.0), axis.high)
    if axis.unit is Unit.POINTS:
        high = 100.0
    has_median = any(row["is_median"] and row["value"] is not None for row in rows)
    text = ResponseWords(
        axis=marked(axis.whole_text or axis.text),
        value=built.names.own if shown.has(built, "own") else None,
        median=built.names.median if has_median else None,
        interval=entries["interval"],
        band=_quartiles(built),
        mark=entries["median"] if any(row["mark"] is not None for row in rows) else None,
    )
    form = _FORMS.get(axis.unit, "+.1f" if axis.unit is Unit.CHANGE else "d")
    least = _LEAST_STEP.get(axis.unit, 1)
    return _Drawing(partial(bars_spec, text, low, high, form, least, len(rows)), {"rows": rows})


def _lines(view: ChartView, built: Built) -> _Drawing:
    low, high = trend_shown.score_domain(built.series)
    entries = _key(built)
    text = TrendWords(
        axis=marked(rating_text(low, high, built.series[0].scale)),
        scale_changed=_("another scale"),
        own=entries["own"],
        interval=entries["interval"],
        median=entries["median"],
        quartiles=_quartiles(built),
        cohort=entries["cohort"],
    )
    panels, points = shown.line_rows(view)
    is_one = len(built.series) == 1
    datasets = {"panels": panels, "points": points} | ({"actions": ()} if is_one else {})
    return _Drawing(partial(trend_spec, text, low, high, len(built.series), 0 if is_one else None), datasets)


def _diverging(_view: ChartView, built: Built) -> _Drawing:
    rows, bars = shown.diverging_rows(built)
    text = AnswersWords(
        axis=marked(built.axis.text),
        answers=built.columns,
        median=built.names.median if any(row["median"] is not None for row in rows) else None,
    )
    low, high = shown.diverging_ends(built)
    return _Drawing(
        partial(answers_spec, text, low, high, max(len(built.columns), 1), len(rows)),
        {"rows": rows, "bars": bars},
    )


def _scatter(_view: ChartView, built: Built) -> _Drawing:
    cross, rows = built.cross, shown.point_rows(built)
    assert cross is not None
    plane = Plane(cross.x, cross.y, cross.x_line, cross.y_line, cross.x_ticks, cross.y_ticks)
    has_certainty = any(row["certainty"] is not None for row in rows)
    has_own = any(row["x_national"] is not None for row in rows)
    has_first = any(row["is_first"] for row in rows)
    name = cross.quadrants.get
    text = QuadrantWords(
        lines=marked(cross.lines),
        x=cross.x_text,
        y=cross.y_text,
        diagonal=cross.diagonal,
        concentrate=name(Quadrant.CONCENTRATE),
        keep=name(Quadrant.KEEP),
        low=name(Quadrant.LOW),
        overkill=name(Quadrant.OVERKILL),
        first=cross.first if has_first else None,
        own=None if has_certainty else cross.own if has_own or not cross.national else cross.national,
        firmly=_("firmly in its quadrant") if has_certainty else None,
        probably=_("probably") if has_certainty else None,
        borderline=_("borderline") if has_certainty else None,
        national=cross.national if has_own else None,
    )
    return _Drawing(partial(quadrant_spec, text, plane), {"points": labelled(rows, plane, size())})


def _heat(_view: ChartView, built: Built) -> _Drawing:
    rows, columns, cells = shown.cell_rows(built)
    shape = MapShape(
        rows=len(rows),
        columns=len(columns),
        head=max((str(one["lines"]).count("\n") + 1 for one in columns), default=1),
        label=max((str(one["lines"]).count("\n") + 1 for one in rows), default=1),
    )
    text = MapWords(axis=marked(built.axis.text))
    return _Drawing(
        partial(readiness_map_spec, text, shape), {"rows": rows, "columns": columns, "cells": cells}
    )


_DRAWN: Mapping[Picture, Callable[[ChartView, Built], _Drawing]] = {
    Picture.DOT_RANGE: _ranges,
    Picture.BARS: _bars,
    Picture.LINE: _lines,
    Picture.DIVERGING_BARS: _diverging,
    Picture.SCATTER: _scatter,
    Picture.HEAT_MAP: _heat,
}
