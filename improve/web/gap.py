"""The parts of the Expectation gap page that touch Streamlit."""

from __future__ import annotations

from functools import partial

import streamlit as st

from improve.charts import (
    JointWords,
    Plane,
    PrioritiesWords,
    QuadrantWords,
    joint_spec,
    labelled,
    priorities_spec,
    quadrant_spec,
)
from improve.language import _
from improve.model import Quadrant, Selection, Viewer
from improve.store import Store
from improve.views import gap_sentence, gap_shown
from improve.views.gap import COMPARED, GROUPS, LINES, SORTS, GapView, gap_view
from improve.web import filters
from improve.web.block import Block, draw_block, footer, marked, picked, size
from improve.web.text import plain, plain_rows

_ALONE = "none"
_LIST_BESIDE = [5, 3]
_ALL_OF_A_PHONE = 260


def opened(store: Store, viewer: Viewer, selection: Selection) -> GapView:
    """The view as the choices on the page stood the last time that they were drawn."""
    lines, sort, aspect, compared = _asked()
    return gap_view(store, viewer, selection, lines=lines, sort=sort, aspect=aspect, compared=compared)


def _asked() -> tuple[str, str, str | None, str]:
    state = st.session_state
    return (
        state.get("lines") or LINES[0],
        state.get("order") or SORTS[0],
        state.get("aspect"),
        state.get("with") or _ALONE,
    )


def arrange(store: Store, viewer: Viewer, selection: Selection, view: GapView) -> GapView:
    """Draws the choices, all of them kept in the address, and gives the view as they have it."""
    assert view.survey is not None
    asked = _asked()
    lines, sort = _choose_lines_and_sort()
    names = {gap.id: gap.short for gap in view.gaps}
    with st.grid(2, min_column_width=_ALL_OF_A_PHONE):
        aspect = st.selectbox(
            _("Look into one aspect"),
            [aspect.id for aspect in view.survey.aspects if aspect.id in names],
            index=None,
            format_func=lambda id_: names.get(id_, str(id_)),
            key="aspect",
            bind="query-params",
            placeholder=_("Choose an aspect"),
        )
        compared = _choose_comparison(view)
    # On the first run of a session only the address knew.
    if (lines, sort, aspect, compared) == asked:
        return view
    return gap_view(store, viewer, selection, lines=lines, sort=sort, aspect=aspect, compared=compared)


def _choose_lines_and_sort() -> tuple[str | None, str | None]:
    lines_names = {
        "national": _("National medians"),
        "own": _("Own means"),
        "middle": _("Middle of the scale"),
    }
    sort_names = {"gap": _("Widest gap"), "national": _("Against the national gap")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lines = st.segmented_control(
            _("Lines at"),
            LINES,
            default=LINES[0],
            format_func=lines_names.__getitem__,
            key="lines",
            bind="query-params",
            required=True,
            wrap=True,
        )
        st.segmented_control(
            _("Axes"),
            ["zoomed", "full"],
            default="zoomed",
            format_func={"zoomed": _("Zoomed"), "full": _("Whole scale")}.__getitem__,
            key="axes",
            bind="query-params",
            required=True,
            wrap=True,
        )
        sort = st.segmented_control(
            _("List by"),
            SORTS,
            default=SORTS[0],
            format_func=sort_names.__getitem__,
            key="order",
            bind="query-params",
            required=True,
            wrap=True,
        )
    return lines, sort


def _choose_comparison(view: GapView) -> str | None:
    """By what the chosen aspect is compared: one way at a time; nothing to choose where there is none."""
    if not view.offered:
        return _ALONE
    own = (_("Own service areas"), _("Own jobs"), _("Own places of work"))
    names = {
        _ALONE: _("Nothing"),
        GROUPS: _("Groups of organisations"),
        **dict(zip(COMPARED, own, strict=True)),
    }
    return st.selectbox(
        _("Compare"),
        [_ALONE, *view.offered],
        format_func=lambda key: names.get(key, str(key)),
        key="with",
        bind="query-params",
    )


def _is_whole() -> bool:
    return bool(st.session_state.get("axes") == "full")


def was_clicked(key: str) -> None:
    """A point or row that was clicked is the aspect to look into."""
    row = picked(key)
    if row is not None:
        st.session_state["aspect"] = row


def draw_overview(view: GapView) -> None:
    """The quadrants, and the priority list beside them; below them on a projector and a phone."""
    places = [st.container(), st.container()]
    if not filters.presenting():
        places = list(st.columns(_LIST_BESIDE, gap="medium"))
    for place, block in zip(places, (_quadrants(view), _priorities(view)), strict=True):
        with place:
            draw_block(block, on_select=partial(was_clicked, block.key))


def _plane(view: GapView, spans: tuple[tuple[float, float], tuple[float, float]]) -> Plane:
    lines = view.lines
    x, y = (None, None) if lines is None else (lines.satisfaction.value, lines.importance.value)
    return Plane(*spans, x, y) if x is not None and y is not None else Plane(*spans, None, None)


def _axes(view: GapView, plane: Plane) -> tuple[str, str]:
    """The names of the two axes, with the part of the scale that each shows."""
    assert view.survey is not None
    scale = view.survey.scale
    whole = (float(scale.low), float(scale.high))
    if plane.x == plane.y == whole:
        texts = _("Satisfaction, on the whole scale →"), _("Importance, on the whole scale →")
    else:
        texts = (
            _("Satisfaction, {low} to {high} shown of the scale {ends} →"),
            _("Importance, {low} to {high} shown of the scale {ends} →"),
        )
    ends = f"{scale.low}–{scale.high}"
    x, y = (
        text.format(low=f"{span[0]:g}", high=f"{span[1]:g}", ends=ends)
        for text, span in zip(texts, (plane.x, plane.y), strict=True)
    )
    return x, y


def _words(view: GapView, plane: Plane, **key: str | None) -> QuadrantWords:
    assert view.lines is not None
    x, y = _axes(view, plane)
    names = {one: None if plane.x_line is None else gap_sentence.quadrant_label(one) for one in Quadrant}
    return QuadrantWords(
        lines=marked(gap_sentence.lines_label(view.lines)),
        x=x,
        y=y,
        diagonal=_("importance = satisfaction"),
        concentrate=names[Quadrant.CONCENTRATE],
        keep=names[Quadrant.KEEP],
        low=names[Quadrant.LOW],
        overkill=names[Quadrant.OVERKILL],
        **key,
    )


def _footer(view: GapView) -> tuple[str, ...]:
    assert view.lines is not None
    return footer(view.choice, (gap_sentence.lines_label(view.lines), *view.notes), view.method[-1:])


def _quadrants(view: GapView) -> Block:
    plane = _plane(view, gap_shown.spans(view, _is_whole()))
    rows = gap_shown.chart_rows(view)
    has_certainty = any(gap.quadrant.value is not None for gap in view.gaps)
    own = _("Own position") if view.has_own else _("National median")
    words = _words(
        view,
        plane,
        first=_("Raise first") if gap_sentence.first(view) else None,
        own=None if has_certainty else own,
        firmly=_("firmly in its quadrant") if has_certainty else None,
        probably=_("probably") if has_certainty else None,
        borderline=_("borderline") if has_certainty else None,
        national=_("National position") if view.has_own else None,
        before=_("Last round") if any(row["chosen"] and row["x_before"] for row in rows) else None,
    )
    return Block(
        key="gap",
        heading=_("Importance against satisfaction"),
        finding=view.finding,
        spec=partial(quadrant_spec, words, plane),
        datasets={"points": labelled(rows, plane, size())},
        alt=view.alt,
        table=partial(gap_shown.table_rows, view),
        method=view.method,
        footer=_footer(view),
    )


def _priorities(view: GapView) -> Block:
    low, high = gap_shown.list_domain(view)
    rows = gap_shown.list_rows(view)
    words = PrioritiesWords(
        axis=marked(_("Importance minus satisfaction, in points of the scale")),
        first=_("Own gap, raise first") if gap_sentence.first(view) else None,
        own=_("Own gap") if view.has_own else None,
        interval=_("its 95 % interval") if view.has_own else None,
        national=_("National gap") if any(gap.national.value is not None for gap in view.gaps) else None,
    )
    return Block(
        key="priorities",
        heading=_("Priorities"),
        finding="",
        spec=partial(priorities_spec, words, low, high, len(rows)),
        datasets={"rows": rows},
        alt=_("The gap of each aspect.") + " " + view.finding,
        table=partial(gap_shown.table_rows, view),
        method=view.method,
        footer=_footer(view),
    )


def draw_aspect(view: GapView) -> None:
    """The chosen aspect: groups beside each other, and importance and satisfaction together."""
    if view.chosen is None or view.survey is None:
        return
    st.divider()
    if view.compared is not None:
        _draw_positions(view)
    cells = gap_shown.joint_rows(view)
    said = " ".join(part for part in (gap_sentence.of_gap(view.chosen), gap_sentence.moved(view)) if part)
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
            footer=_footer(view),
        )
    )


def _draw_positions(view: GapView) -> None:
    assert view.chosen is not None
    rows = gap_shown.position_rows(view.positions)
    heading = _("{aspect}: groups beside each other").format(aspect=view.chosen.short)
    finding = gap_sentence.positions(view)
    if not rows:
        st.header(plain(heading))
        st.markdown(plain(finding))
        st.table(plain_rows(gap_shown.position_table(view.positions)), alt=heading)
        return
    plane = _plane(view, gap_shown.position_spans(view, _is_whole()))
    whole = _("Own organisation as a whole") if any(one.is_own for one in view.positions) else None
    words = _words(view, plane, first=whole, own=_("Group"))
    draw_block(
        Block(
            key="compared",
            heading=heading,
            finding=finding,
            spec=partial(quadrant_spec, words, plane),
            datasets={"points": labelled(rows, plane, size())},
            alt=heading + ". " + finding,
            table=partial(gap_shown.position_table, view.positions),
            method=view.method,
            footer=_footer(view),
        )
    )
    # Where there is no room for names the points carry numbers.
    st.caption(plain(" · ".join(f"{row['number']} {row['label']}" for row in rows)))
    for hidden in gap_sentence.not_shown(view):
        st.caption(plain(hidden))
