"""The parts of the Expectation gap page that touch Streamlit."""

from __future__ import annotations

from functools import partial
from math import hypot
from typing import Any

import streamlit as st

from improve.charts import (
    NAMED,
    JointWords,
    Plane,
    QuadrantWords,
    ScoresWords,
    joint_spec,
    placed,
    quadrant_spec,
    scores_spec,
)
from improve.language import _
from improve.model import Quadrant, Selection, Viewer
from improve.store import Store
from improve.views import gap_sentence, gap_shown
from improve.views.gap import COMPARED, GROUPS, LINES, SORTS, GapView, gap_view
from improve.web import filters
from improve.web.block import Block, draw_block, footer, marked, size
from improve.web.text import plain

_FAR = 26
"""A label whose middle is further than this from its point, less its own size, is led back to it."""
_NARROW = 330


def ask(store: Store, viewer: Viewer, selection: Selection) -> GapView:
    """The view as the choices on the page have it; all of them stand in the address."""
    plain_view = gap_view(store, viewer, selection)
    if plain_view.survey is None:
        return plain_view
    lines_names = {
        "national": _("National medians"),
        "own": _("Own means"),
        "middle": _("Middle of the scale"),
    }
    compare_names = {
        "alone": _("Nothing"),
        GROUPS: _("Groups of organisations"),
        **dict(zip(COMPARED, (_("Own service areas"), _("Own jobs"), _("Own places of work")), strict=True)),
    }
    names = {gap.id: gap.short for gap in plain_view.gaps}
    sorts = {"gap": _("Widest gap"), "national": _("Against the national gap")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lines = st.segmented_control(
            _("Lines at"),
            LINES,
            default=LINES[0],
            format_func=lines_names.__getitem__,
            key="lines",
            bind="query-params",
            required=True,
        )
        st.segmented_control(
            _("Axes"),
            ["zoomed", "full"],
            default="zoomed",
            format_func={"zoomed": _("Zoomed"), "full": _("Whole scale")}.__getitem__,
            key="axes",
            bind="query-params",
            required=True,
        )
        sort = st.segmented_control(
            _("List by"),
            SORTS,
            default=SORTS[0],
            format_func=sorts.__getitem__,
            key="by_gap",
            bind="query-params",
            required=True,
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        aspect = st.selectbox(
            _("Look into one aspect"),
            list(names),
            index=None,
            format_func=lambda id_: names.get(id_, str(id_)),
            key="aspect",
            bind="query-params",
            placeholder=_("Choose an aspect"),
        )
        compared = None
        if plain_view.offered:
            compared = st.selectbox(
                _("Compare"),
                ["alone", *plain_view.offered],
                format_func=lambda key: compare_names.get(key, str(key)),
                key="with",
                bind="query-params",
            )
    return gap_view(store, viewer, selection, lines=lines, aspect=aspect, compared=compared, sort=sort)


def was_clicked(key: str) -> None:
    """A point or row that was clicked is the aspect to look into."""
    state = st.session_state.get(key)
    rows = state.selection.get("aspect", []) if state else []
    if rows and rows[0].get("row"):
        st.session_state["aspect"] = rows[0]["row"]


def draw_overview(view: GapView) -> None:
    """The quadrants, and the priority list beside them; below them on a projector and a phone."""
    if filters.presenting():
        draw_block(_quadrants(view), on_select=partial(was_clicked, "chart_gap"))
        draw_block(_priorities(view), on_select=partial(was_clicked, "chart_priorities"))
        return
    left, right = st.columns([5, 3], gap="medium")
    with left:
        draw_block(_quadrants(view), on_select=partial(was_clicked, "chart_gap"))
    with right:
        draw_block(_priorities(view), on_select=partial(was_clicked, "chart_priorities"))


def _plane(view: GapView, xs: tuple[float, float], ys: tuple[float, float]) -> Plane:
    lines = view.lines
    x = None if lines is None else lines.satisfaction.value
    y = None if lines is None else lines.importance.value
    return Plane(xs, ys, x, y) if x is not None and y is not None else Plane(xs, ys, None, None)


def _shown_part(view: GapView, plane: Plane) -> str:
    assert view.survey is not None
    scale = view.survey.scale
    if plane.x == plane.y == (scale.low, scale.high):
        return _("whole scale from {low} to {high}").format(low=scale.low, high=scale.high)
    return _(
        "zoomed: satisfaction {x_low} to {x_high}, importance {y_low} to {y_high} of {low} to {high}"
    ).format(
        x_low=f"{plane.x[0]:g}",
        x_high=f"{plane.x[1]:g}",
        y_low=f"{plane.y[0]:g}",
        y_high=f"{plane.y[1]:g}",
        low=scale.low,
        high=scale.high,
    )


def _with_places(rows: list[dict[str, Any]], plane: Plane) -> list[dict[str, Any]]:
    """The points with where their names and numbers stand, so that none overlaps."""
    points = [(row["x"], row["y"]) for row in rows]
    names = placed(points, [row["label"] for row in rows], plane, NAMED, size())
    numbers = placed(points, [row["number"] for row in rows], plane, _NARROW, size())
    found = []
    for row, (dx, dy), (nx, ny) in zip(rows, names, numbers, strict=True):
        reach = hypot(dx, dy)
        is_far = abs(dy) > _FAR or reach > _FAR + 4 * len(row["label"])
        found.append(
            {**row, "dx": dx, "dy": dy, "nx": nx, "ny": ny, "far": is_far, "lx": 0.72 * dx, "ly": 0.72 * dy}
        )
    return found


def _words(view: GapView, plane: Plane, is_compared: bool) -> QuadrantWords:
    assert view.lines is not None
    has_lines = plane.x_line is not None
    has_certainty = any(gap.quadrant.value is not None for gap in view.gaps) and not is_compared
    names = {one: gap_sentence.quadrant_label(one) if has_lines else None for one in Quadrant}
    has_own = view.has_own and not is_compared
    return QuadrantWords(
        lines=gap_sentence.lines_label(view.lines),
        shown=marked(_shown_part(view, plane)),
        x=_("Satisfaction →"),
        y=_("Importance →"),
        diagonal=_("importance = satisfaction"),
        concentrate=names[Quadrant.CONCENTRATE],
        keep=names[Quadrant.KEEP],
        low=names[Quadrant.LOW],
        overkill=names[Quadrant.OVERKILL],
        own=None
        if has_certainty
        else (_("Group") if is_compared else _("National median") if not has_own else _("Own means")),
        firmly=_("firmly in its quadrant") if has_certainty else None,
        probably=_("probably") if has_certainty else None,
        borderline=_("borderline") if has_certainty else None,
        national=_("National position") if has_own else None,
        before=_("Last round") if has_own and view.chosen is not None else None,
    )


def _quadrants(view: GapView) -> Block:
    xs, ys = gap_shown.spans(view, st.session_state.get("axes") == "full")
    plane = _plane(view, xs, ys)
    words = _words(view, plane, is_compared=False)
    return Block(
        key="gap",
        heading=_("Importance against satisfaction"),
        finding=view.finding,
        spec=partial(quadrant_spec, words, plane),
        datasets={"points": _with_places(gap_shown.chart_rows(view), plane)},
        alt=view.alt,
        table=partial(gap_shown.table_rows, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-1:]),
    )


def _priorities(view: GapView) -> Block:
    low, high = gap_shown.list_domain(view)
    rows = gap_shown.list_rows(view)
    compared = any(gap.comparison.value is not None for gap in view.gaps)
    words = ScoresWords(
        axis=marked(_("Importance minus satisfaction, in points of the scale")),
        own=_("Own gap") if view.has_own and not compared else None,
        higher=_("Own gap, wider") if compared else None,
        similar=_("similar") if compared else None,
        lower=_("narrower") if compared else None,
        interval=_("its 95 % interval") if view.has_own else None,
        median=_("National gap") if any(gap.national.value is not None for gap in view.gaps) else None,
    )
    return Block(
        key="priorities",
        heading=_("Priorities"),
        finding="",
        spec=partial(scores_spec, words, low, high, len(rows)),
        datasets={"rows": rows},
        alt=_("The gap of each aspect, the widest first.") + " " + view.finding,
        table=partial(gap_shown.table_rows, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-1:]),
    )


def draw_aspect(view: GapView) -> None:
    """The chosen aspect: its sentence, its joint picture, and groups beside each other."""
    if view.chosen is None or view.survey is None:
        return
    st.divider()
    cells = gap_shown.joint_rows(view)
    said = gap_sentence.of_gap(view.chosen)
    if view.positions:
        _draw_positions(view)
    if not cells:
        st.header(plain(view.chosen.short))
        st.markdown(plain(said))
        st.caption(plain(gap_sentence.joint(view)))
        return
    words = JointWords(
        axis=marked(_("Share of the people who rated both; outlined where the two are equal")),
        x=_("Satisfaction →"),
        y=_("Importance →"),
    )
    scale = view.survey.scale
    draw_block(
        Block(
            key="joint",
            heading=view.chosen.short,
            finding=" ".join((f"“{view.chosen.text}”", said, gap_sentence.joint(view))),
            spec=partial(joint_spec, words, tuple(range(scale.low, scale.high + 1))),
            datasets={"cells": cells},
            alt=_("Importance and satisfaction together.") + " " + gap_sentence.joint(view),
            table=partial(gap_shown.joint_table, view),
            method=view.method,
            footer=footer(view.choice, (), view.method[-1:]),
        )
    )


def _draw_positions(view: GapView) -> None:
    assert view.chosen is not None
    rows = gap_shown.position_rows(view.positions)
    heading = _("{aspect}: groups beside each other").format(aspect=view.chosen.short)
    if not rows:
        st.header(plain(heading))
        st.table(gap_shown.position_table(view.positions), alt=heading)
        return
    is_whole = st.session_state.get("axes") == "full"
    lines = view.lines
    xs = [row["x"] for row in rows] + (
        [lines.satisfaction.value] if lines and lines.satisfaction.value else []
    )
    ys = [row["y"] for row in rows] + ([lines.importance.value] if lines and lines.importance.value else [])
    plane = _plane(view, gap_shown.domain(view, xs, is_whole), gap_shown.domain(view, ys, is_whole))
    words = _words(view, plane, is_compared=True)
    finding = " ".join(
        gap_sentence.of_position(one)
        for one in sorted(
            (one for one in view.positions if one.satisfaction.value is not None),
            key=lambda one: one.satisfaction.value or 0.0,
        )[:1]
    )
    draw_block(
        Block(
            key="compared",
            heading=heading,
            finding=_("Lowest satisfaction: {group}").format(group=finding) if finding else "",
            spec=partial(quadrant_spec, words, plane),
            datasets={"points": _with_places(rows, plane)},
            alt=heading + " " + finding,
            table=partial(gap_shown.position_table, view.positions),
            method=view.method,
            footer=footer(view.choice, (), view.method[-1:]),
        )
    )
