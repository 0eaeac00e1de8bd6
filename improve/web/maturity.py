"""The parts of the Digital maturity profile that touch Streamlit: its headline, choices and figure blocks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from improve.charts import (
    MaturityRowsWords,
    Plane,
    QuadrantWords,
    RadarWords,
    StripWords,
    labelled,
    maturity_rows_spec,
    outlines,
    quadrant_spec,
    radar_spec,
    strip_spec,
)
from improve.language import _, percent
from improve.store import Store
from improve.views import maturity_sentence as sentence
from improve.views import maturity_shown as shown
from improve.views.assess import half_answered
from improve.views.maturity import Function, MaturityView
from improve.views.maturity_shown import Measure
from improve.web import filters, navigation
from improve.web.block import Block, draw_block, draw_table, footer, marked, picked, size
from improve.web.text import plain


class Part(StrEnum):
    """What the lower half of the page shows: one thing at a time."""

    FUNCTION = "function"
    DIAGONALS = "diagonals"
    CHANGE = "change"


_TWO_ON_A_PHONE = 140
_BOX = 300
_NARROWER_BESIDE = [3, 2]


def draw_way_to_assess(store: Store, view: MaturityView) -> None:
    """How far the assessment is that is being answered, and the way there; for who may answer it.

    Not on a projector: how far a council has come is its own affair.
    """
    text = None if filters.presenting() else half_answered(store, view.choice)
    if text is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(text))
            st.page_link(
                navigation.ASSESS,
                label=_("Answer the criteria"),
                icon=":material/checklist:",
                query_params=st.query_params.to_dict(),
            )


def choose_measure() -> Measure:
    """Whether the functions are shown by level or by the share met; kept in the address."""
    labels = {Measure.LEVEL.value: _("Level"), Measure.SHARE.value: _("Share met")}
    picked_measure = st.segmented_control(
        _("Show"),
        list(labels),
        default=Measure.LEVEL.value,
        format_func=lambda key: labels.get(key, str(key)),
        key="measure",
        bind="query-params",
        required=True,
    )
    return Measure(picked_measure) if picked_measure in labels else Measure.LEVEL


def chosen_function(view: MaturityView) -> str:
    """The function that the reader looks at; its widget stands further down (`choose_part`)."""
    known = [one.id for one in view.functions]
    # On the first run of a session the address knows, by the name that people see.
    by_name = {one.name: one.id for one in view.functions}
    chosen = st.session_state.get("function", by_name.get(st.query_params.get("function", "")))
    return str(chosen) if chosen in known else known[0]


def choose_part(view: MaturityView) -> Part:
    """What to look into, and which function; both kept in the address."""
    labels = {
        Part.FUNCTION.value: _("One function"),
        Part.DIAGONALS.value: _("Commitment and take-up"),
        Part.CHANGE.value: _("Since last time"),
    }
    names = {one.id: one.name for one in view.functions}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.segmented_control(
            _("Look into"),
            list(labels),
            default=Part.FUNCTION.value,
            format_func=lambda key: labels.get(key, str(key)),
            key="part",
            bind="query-params",
            required=True,
            wrap=True,
        )
        st.selectbox(
            _("Function"),
            list(names),
            format_func=lambda id_: names.get(id_, str(id_)),
            key="function",
            bind="query-params",
            placeholder=_("Choose a function"),
        )
    return Part(part) if part in labels else Part.FUNCTION


def draw_part(view: MaturityView, part: Part, function: str) -> None:
    """The part that was chosen; the others cost nothing."""
    match part:
        case Part.FUNCTION:
            _draw_function(view, function)
        case Part.DIAGONALS:
            _draw_diagonals(view, function)
        case Part.CHANGE:
            _draw_change(view)


def draw_headline(view: MaturityView) -> None:
    """Where the organisation stands, and what is closest: what a reader looks for first."""
    overall = view.overall
    assert overall is not None
    st.markdown("**" + plain(view.finding) + "**")
    if overall.own.value is None:
        return
    close = [one for one in view.functions if len(one.missing.value or ()) == 1]
    to_find_out = sum(len(one.to_find_out.value or ()) for one in view.functions)
    with st.grid(4, min_column_width=_TWO_ON_A_PHONE):
        _metric(_("Overall level"), sentence.level(overall.own.value), sentence.beside(overall, view.choice))
        _metric(
            _("Median reached"),
            _at_or_above(view),
            _("of {n} functions reach the national median").format(n=len(view.functions)),
        )
        _metric(
            _("One answer away"),
            str(len(close)),
            _("of {n} functions from their next level").format(n=len(view.functions)),
        )
        _metric(_("To find out"), str(to_find_out), _("answers of “don't know”: the cheapest improvement"))
    with st.grid(2, min_column_width=_BOX):
        _list(
            _("Closest to the next level"),
            sentence.closest(view),
            _("Every function is at its highest level."),
        )
        _list(_("To find out first"), sentence.cheapest(view), _("No answer is “don't know”."))


def _list(heading: str, lines: Sequence[str], none: str) -> None:
    with st.container(border=True, height="stretch"):
        st.header(heading)
        st.markdown("\n".join("- " + plain(line) for line in lines) if lines else plain(none))


def _metric(label: str, value: str, beside: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, value)
        if beside:
            st.caption(plain(beside))


def _at_or_above(view: MaturityView) -> str:
    both = [
        one.level.own.value >= one.level.median.value
        for one in view.functions
        if one.level.own.value is not None and one.level.median.value is not None
    ]
    return str(sum(both)) if both else "–"


def draw_profile(view: MaturityView, measure: Measure, function: str) -> None:
    """The functions as rows, the default reading, and as a radar beside them; below on a projector."""
    places = [st.container(), st.container()]
    if not filters.presenting():
        places = list(st.columns(_NARROWER_BESIDE, gap="medium"))
    for place, block in zip(places, (_rows_block, _radar_block), strict=True):
        with place:
            drawn = block(view, measure, function)
            draw_block(drawn, on_select=partial(_take, drawn.key))


def _take(key: str) -> None:
    """The function whose mark was clicked is the one looked into."""
    row = picked(key)
    if row is not None:
        st.session_state["function"] = row


def _axis(measure: Measure, top: float) -> str:
    if measure is Measure.SHARE:
        return marked(_("Share of the criteria met"))
    return marked(_("Level reached, 0 to {top}").format(top=int(top)))


def _key(view: MaturityView, measure: Measure) -> dict[str, str | None]:
    """The entries of a chart's key, for what is on it."""
    of = [measure.of(one) for one in view.functions]
    return {
        "own": _("This organisation") if any(one.own.value is not None for one in of) else None,
        "previous": _("Last time") if any(one.previous.value is not None for one in of) else None,
        "median": _("National median") if any(one.median.value is not None for one in of) else None,
        "quartiles": _("Middle half of organisations")
        if any(one.quartiles.value is not None for one in of)
        else None,
    }


def _rows_block(view: MaturityView, measure: Measure, function: str) -> Block:
    rows = shown.function_rows(view, measure, function)
    top = shown.top_of(view, measure)
    cohort = view.choice.cohort
    has_group = any(row["cohort_median"] is not None for row in rows)
    words = MaturityRowsWords(
        axis=_axis(measure, top),
        cohort=_("Median of {group}").format(group=cohort.label) if cohort and has_group else None,
        **_key(view, measure),
    )
    ticks = tuple((ring["value"], ring["label"]) for ring in shown.ring_rows(view, measure))
    lines = shown.most_lines(rows)
    return Block(
        key="functions",
        heading=_("Function by function"),
        finding=sentence.apart(view, of_share=measure is Measure.SHARE),
        spec=partial(maturity_rows_spec, words, top, ((0.0, measure.written(0.0)), *ticks), len(rows), lines),
        datasets={"rows": rows},
        alt=view.alt,
        table=partial(shown.functions_table, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-2:]),
    )


def _radar_block(view: MaturityView, measure: Measure, function: str) -> Block:
    rows = shown.spoke_rows(view, measure, function)
    rings = shown.ring_rows(view, measure)
    top = shown.top_of(view, measure)
    labels = tuple(row["label"] for row in rows)
    words = RadarWords(axis=_axis(measure, top), **_key(view, measure))
    return Block(
        key="radar",
        heading=_("As a radar"),
        finding=_("Read along the spokes: the area within a line means nothing."),
        spec=partial(radar_spec, words, top, tuple(ring["value"] for ring in rings), labels),
        datasets={"spokes": rows, "rings": rings, "lines": outlines(rows)},
        alt=view.alt,
        table=partial(shown.functions_table, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-2:]),
    )


def draw_strip(view: MaturityView, function: str) -> None:
    """The heat strip: which levels are met, and the holes under them."""
    cells = shown.strip_rows(view)
    if not cells:
        return
    holes = shown.holes(view, cells)
    finding = (
        _("A whole level is met above one that is not: {functions}.").format(functions=", ".join(holes))
        if holes
        else _("No function meets a whole level above one that it does not.")
    )
    functions, levels = shown.strip_functions(view, function), shown.strip_levels(view)
    words = StripWords(
        axis=marked(_("Criteria met, of those that apply, at each level")),
        whole=_("All met"),
        part=_("Some met"),
        none=_("None met"),
        hole=_("Hole under a level that is met") if holes else None,
        reached=_("Level reached"),
    )
    block = Block(
        key="strip",
        heading=_("Levels met, and the holes under them"),
        finding=finding,
        spec=partial(strip_spec, words, len(functions), len(levels), shown.most_lines(functions)),
        datasets={"functions": functions, "cells": cells, "levels": levels},
        alt=_("Criteria met by function and level. {finding}").format(finding=finding),
        table=partial(shown.strip_table, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-2:]),
    )
    draw_block(block, on_select=partial(_take, block.key))


def _draw_function(view: MaturityView, function: str) -> None:
    """One function: where it stands, what is missing, and how many in ten others have each."""
    one = next(found for found in view.functions if found.id == function)
    criteria = view.criteria_of(function)
    st.header(plain(one.name))
    if one.summary:
        st.caption(plain(one.summary))
    for text in (sentence.of_function(one), sentence.step(one, criteria), sentence.find_out(one)):
        if text:
            st.markdown(plain(text))
    _draw_missing(view, one)
    draw_table(shown.criteria_table(view, criteria), alt=one.name)


def _draw_missing(view: MaturityView, function: Function) -> None:
    missing = function.missing.value or ()
    found = [one for one in view.criteria_of(function.id) if one.criterion.id in missing]
    if found:
        st.markdown("\n".join("- " + plain(line) for line in (sentence.missing(one) for one in found)))


def _draw_diagonals(view: MaturityView, function: str) -> None:
    """Commitment against maturity, and provision against take-up of flexible working."""
    places = [st.container(), st.container()]
    if not filters.presenting():
        places = list(st.columns(_NARROWER_BESIDE, gap="medium"))
    with places[0]:
        commitment = _commitment_block(view, function)
        draw_block(commitment, on_select=partial(_take, commitment.key))
        numbered = [
            _("{number}. {name}").format(number=number, name=one.name)
            for number, one in enumerate(view.functions, start=1)
        ]
        st.caption(
            plain(
                _("On a narrow screen the points carry numbers: {names}").format(names=" · ".join(numbered))
            )
        )
    with places[1]:
        draw_block(_provision_block(view))


def _diagonal(
    view: MaturityView,
    key: str,
    rows: Sequence[shown.Row],
    words: QuadrantWords,
    x_ticks: Sequence[tuple[float, str]],
    **parts: Any,
) -> Block:
    """The diagonal picture of the gap page, of two quantities that both run from 0 to 1."""
    plane = Plane((0.0, 1.0), (0.0, 1.0), None, None, tuple(x_ticks), tuple(_quarters()))
    return Block(
        key=key,
        spec=partial(quadrant_spec, words, plane),
        datasets={"points": labelled(rows, plane, size())},
        footer=footer(view.choice, view.notes, view.method[-2:]),
        **parts,
    )


def _quarters() -> list[tuple[float, str]]:
    return [(place / 4, percent(place / 4)) for place in range(5)]


def _points_key(view: MaturityView, rows: Sequence[shown.Row]) -> dict[str, str | None]:
    is_own = any(row["x_national"] is not None or row["x_before"] is not None for row in rows)
    return {
        "own": _("This organisation") if view.own_reason is None else _("National median"),
        "national": _("National median") if is_own else None,
        "before": _("Last time")
        if any(row["chosen"] and row["x_before"] is not None for row in rows)
        else None,
    }


def _commitment_block(view: MaturityView, function: str) -> Block:
    rows = shown.commitment_rows(view, function)
    top = int(shown.top_of(view, Measure.LEVEL))
    finding = sentence.commitment_finding(view)
    words = QuadrantWords(
        lines=marked(_("Share of the policy decisions taken, against the level reached")),
        x=_("Level reached →"),
        y=_("Policy decisions taken →"),
        diagonal=_("as much decided as reached"),
        concentrate=_("More decided than reached"),
        overkill=_("More reached than decided"),
        **_points_key(view, rows),
    )
    return _diagonal(
        view,
        "commitment",
        rows,
        words,
        [(place / top, str(place)) for place in range(top + 1)],
        heading=_("Commitment and maturity"),
        finding=finding,
        alt=_("Policy decisions taken against the level reached. {finding}").format(finding=finding),
        table=partial(shown.commitment_table, view),
        method=(
            _(
                "Policy decisions are the criteria that the instrument marks as commitment; share = met / "
                "applicable."
            ),
            *view.method,
        ),
    )


def _provision_block(view: MaturityView) -> Block:
    rows = shown.provision_rows(view)
    finding = sentence.provision_finding(view)
    words = QuadrantWords(
        lines=marked(_("Share of the criteria met, on provision and on take-up")),
        x=_("Take-up →"),
        y=_("Provision →"),
        diagonal=_("used as far as provided"),
        concentrate=_("More provided than used"),
        overkill=_("More used than provided"),
        **_points_key(view, rows),
    )
    return _diagonal(
        view,
        "provision",
        rows,
        words,
        _quarters(),
        heading=_("Flexible working: provision and take-up"),
        finding=finding,
        alt=finding,
        table=partial(shown.provision_table, view),
        method=(
            _(
                "Provision and take-up are the criteria that the instrument marks so. The two indicators of "
                "flexible working stand beside them once they are returned; none has been."
            ),
            *view.method,
        ),
    )


def _draw_change(view: MaturityView) -> None:
    """What moved since last time, by function and criterion."""
    st.header(_("Since last time"))
    text = sentence.change_finding(view)
    if not text:
        st.markdown(plain(sentence.no_change(view)))
        return
    st.markdown("**" + plain(text) + "**")
    draw_table(
        shown.function_changes_table(view), alt=_("Levels and shares of each function, last time and now")
    )
    rows = shown.changes_table(view)
    if rows:
        draw_table(rows, alt=_("Criteria newly met or no longer met since last time"))
