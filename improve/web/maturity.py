"""The parts of the Digital maturity profile that touch Streamlit: its headline, choices and figure blocks."""

from __future__ import annotations

from functools import partial

import streamlit as st

from improve.charts import (
    DiagonalWords,
    MaturityRowsWords,
    RadarWords,
    StripWords,
    diagonal_spec,
    maturity_rows_spec,
    radar_spec,
    strip_spec,
)
from improve.disclosure import Figure
from improve.language import _, percent, signed
from improve.store import Store
from improve.views import maturity_sentence as sentence
from improve.views import maturity_shown as shown
from improve.views.assess import half_answered
from improve.views.maturity import Function, MaturityView, Measured
from improve.views.maturity_shown import Measure
from improve.web import navigation
from improve.web.block import Block, draw_block, footer, marked, picked
from improve.web.text import plain, plain_rows

_TWO_ON_A_PHONE = 140
_SIDE_BY_SIDE = 460


def draw_way_to_assess(store: Store, view: MaturityView) -> None:
    """How far the assessment is that is being answered, and the way there; for who may answer it."""
    text = half_answered(store, view.choice)
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


def choose_function(view: MaturityView) -> str:
    """The function that the reader looks at; its widget stands further down, beside its criteria."""
    known = [one.id for one in view.functions]
    chosen = st.session_state.get("function", st.query_params.get("function"))
    by_name = {one.name: one.id for one in view.functions}
    chosen = by_name.get(str(chosen), chosen)
    return str(chosen) if chosen in known else known[0]


def draw_headline(view: MaturityView) -> None:
    """The figures that a reader looks for first."""
    overall = view.overall
    assert overall is not None
    away = [
        one
        for one in view.functions
        if one.missing.value is not None and one.next_level.value is not None and len(one.missing.value) <= 2
    ]
    found = [one for one in view.functions if one.to_find_out.value]
    st.markdown("**" + plain(view.finding) + "**")
    if overall.own.value is None:
        return
    with st.grid(4, min_column_width=_TWO_ON_A_PHONE):
        _metric(_("Overall level"), sentence.level(overall.own.value), _beside(overall))
        _metric(
            _("Functions at or above the national median"),
            _at_or_above(view),
            _("of {n}").format(n=len(view.functions)),
        )
        _metric(
            _("One or two answers from the next level"),
            str(len(away)),
            ", ".join(one.name for one in away[:3]),
        )
        _metric(
            _("To find out"),
            str(sum(len(one.to_find_out.value or ()) for one in found)),
            _("answers of “don't know”: the cheapest improvement"),
        )


def _metric(label: str, value: str, beside: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, value)
        if beside:
            st.caption(plain(beside))


def _beside(one: Measured) -> str:
    if one.median.value is None:
        return sentence.because(one.median)
    text = _("national median {median}").format(median=sentence.level(one.median.value))
    if one.previous.value is not None:
        text += _("; last time {level}").format(level=sentence.level(one.previous.value))
    return text


def _at_or_above(view: MaturityView) -> str:
    both = [
        one.level.own.value >= one.level.median.value
        for one in view.functions
        if one.level.own.value is not None and one.level.median.value is not None
    ]
    return str(sum(both)) if both else "–"


def draw_profile(view: MaturityView, measure: Measure, function: str) -> None:
    """The functions as rows, the default reading, and as a radar beside them."""
    with st.grid(2, min_column_width=_SIDE_BY_SIDE):
        with st.container():
            draw_block(_rows_block(view, measure, function), on_select=partial(_take, "functions"))
        with st.container():
            draw_block(_radar_block(view, measure, function), on_select=partial(_take, "radar"))


def _take(key: str) -> None:
    """The function whose mark was clicked is the one looked at."""
    row = picked(key)
    if row is not None:
        st.session_state["function"] = row


def _axis(measure: Measure) -> str:
    return marked(
        _("Level reached, 0 to 5") if measure is Measure.LEVEL else _("Share of the criteria met")
    )


def _is_any(*figures: Figure[float] | Figure[tuple[float, float]]) -> bool:
    return any(one.value is not None for one in figures)


def _key(view: MaturityView, measure: Measure) -> dict[str, str | None]:
    """The entries of a chart's key, for what is on it."""
    of = [measure.of(one) for one in view.functions]
    return {
        "own": _("This organisation") if _is_any(*(one.own for one in of)) else None,
        "previous": _("Last time") if _is_any(*(one.previous for one in of)) else None,
        "median": _("National median") if _is_any(*(one.median for one in of)) else None,
        "quartiles": _("Middle half of organisations") if _is_any(*(one.quartiles for one in of)) else None,
    }


def _rows_block(view: MaturityView, measure: Measure, function: str) -> Block:
    rows = shown.function_rows(view, measure, function)
    top = shown.top_of(view, measure)
    cohort = view.choice.cohort
    has_group = any(row["cohort_median"] is not None for row in rows)
    words = MaturityRowsWords(
        axis=_axis(measure),
        cohort=_("Median of {group}").format(group=cohort.label) if cohort and has_group else None,
        **_key(view, measure),
    )
    ticks = tuple(top * place / 5 for place in range(6))
    return Block(
        key="functions",
        heading=_("Function by function"),
        finding=_apart(view),
        spec=partial(maturity_rows_spec, words, top, ticks, len(rows)),
        datasets={"rows": rows},
        alt=view.alt,
        table=partial(shown.functions_table, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-2:]),
    )


def _apart(view: MaturityView) -> str:
    """Which functions stand furthest from the national median."""
    gaps = {
        one.name: one.level.own.value - one.level.median.value
        for one in view.functions
        if one.level.own.value is not None and one.level.median.value is not None
    }
    if not gaps:
        return ""
    best, worst = max(gaps, key=lambda name: gaps[name]), min(gaps, key=lambda name: gaps[name])
    parts = []
    if gaps[best] > 0:
        parts.append(
            _("Furthest above the national median: {function} ({levels} levels).").format(
                function=best, levels=signed(gaps[best])
            )
        )
    if gaps[worst] < 0:
        parts.append(
            _("Furthest below: {function} ({levels} levels).").format(
                function=worst, levels=signed(gaps[worst])
            )
        )
    return " ".join(parts) or _("Every function stands at the national median.")


def _radar_block(view: MaturityView, measure: Measure, function: str) -> Block:
    rows = shown.spoke_rows(view, measure, function)
    rings = shown.ring_rows(view, measure)
    top = shown.top_of(view, measure)
    words = RadarWords(axis=_axis(measure), **_key(view, measure))
    return Block(
        key="radar",
        heading=_("The nine functions as a radar") if len(rows) == 9 else _("The functions as a radar"),
        finding=_("The order of the functions is fixed; the area within the line means nothing."),
        spec=partial(radar_spec, words, top, tuple(ring["value"] for ring in rings)),
        datasets={"spokes": rows, "rings": rings},
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
    holes = shown.holes(view)
    levels = max(cell["level"] for cell in cells)
    words = StripWords(
        axis=marked(_("Level, and the share of its criteria met")), reached=_("Level reached")
    )
    draw_block(
        Block(
            key="strip",
            heading=_("Levels met, and the holes under them"),
            finding=_("A whole level is met above one that is not: {functions}.").format(
                functions=", ".join(holes)
            )
            if holes
            else _("No function meets a whole level above one that it does not."),
            spec=partial(strip_spec, words, len(view.functions), levels),
            datasets={"cells": cells, "functions": shown.strip_functions(view)},
            alt=_("Share of criteria met by function and level. {finding}").format(finding=view.finding),
            table=partial(shown.strip_table, view),
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-2:]),
        )
    )


def draw_function(view: MaturityView, function: str) -> None:
    """One function: where it stands, what is missing, and how many in ten others have each."""
    names = {one.id: one.name for one in view.functions}
    st.header(_("One function, criterion by criterion"))
    st.selectbox(
        _("Function"),
        list(names),
        index=list(names).index(function),
        format_func=lambda id_: names.get(id_, str(id_)),
        key="function",
        bind="query-params",
    )
    one = next(found for found in view.functions if found.id == function)
    criteria = view.criteria_of(function)
    if one.summary:
        st.caption(plain(one.summary))
    for text in (sentence.of_function(one), sentence.step(one, criteria), sentence.find_out(one)):
        if text:
            st.markdown(plain(text))
    _draw_missing(view, one)
    st.table(plain_rows(shown.criteria_table(criteria)), alt=one.name)


def _draw_missing(view: MaturityView, function: Function) -> None:
    missing = function.missing.value or ()
    found = [one for one in view.criteria_of(function.id) if one.criterion.id in missing]
    if found:
        st.markdown(
            "\n".join(
                "- " + plain(line) for line in (sentence.missing(one) for one in found)
            )
        )


def draw_diagonals(view: MaturityView) -> None:
    """Commitment against maturity, and provision against take-up of flexible working."""
    with st.grid(2, min_column_width=_SIDE_BY_SIDE):
        with st.container():
            draw_block(_commitment_block(view))
        with st.container():
            draw_block(_provision_block(view))


def _commitment_block(view: MaturityView) -> Block:
    rows = shown.commitment_rows(view)
    top = shown.top_of(view, Measure.LEVEL)
    words = DiagonalWords(
        x=marked(_("Level reached")),
        y=_("Share of policy decisions taken"),
        diagonal=_("decided as far as reached"),
        x_ticks=tuple((place, str(place)) for place in range(int(top) + 1)),
        y_ticks=tuple((place / 4, percent(place / 4)) for place in range(5)),
        own=_("This organisation") if any(row["x"] is not None for row in rows) else None,
        median=_("National median") if any(row["median_x"] is not None for row in rows) else None,
        previous=_("Last time") if any(row["previous_x"] is not None for row in rows) else None,
    )
    return Block(
        key="commitment",
        heading=_("Commitment and maturity"),
        finding=sentence.commitment_finding(view),
        spec=partial(diagonal_spec, words, top, 1.0, len(rows)),
        datasets={"points": rows},
        alt=_("Policy decisions taken against the level reached. {finding}").format(
            finding=sentence.commitment_finding(view)
        ),
        table=partial(shown.commitment_table, view),
        method=(
            _("Policy decisions are the criteria that the instrument marks as commitment; share = met / applicable."),
            *view.method,
        ),
        footer=footer(view.choice, view.notes, view.method[-2:]),
    )


def _provision_block(view: MaturityView) -> Block:
    rows = shown.provision_rows(view)
    words = DiagonalWords(
        x=marked(_("Take-up: share of criteria met")),
        y=_("Provision: share of criteria met"),
        diagonal=_("used as far as provided"),
        x_ticks=tuple((place / 4, percent(place / 4)) for place in range(5)),
        y_ticks=tuple((place / 4, percent(place / 4)) for place in range(5)),
        own=_("This organisation") if any(row["x"] is not None for row in rows) else None,
        median=_("National median") if any(row["median_x"] is not None for row in rows) else None,
        previous=_("Last time") if any(row["previous_x"] is not None for row in rows) else None,
    )
    return Block(
        key="provision",
        heading=_("Flexible working: provision and take-up"),
        finding=sentence.provision_finding(view),
        spec=partial(diagonal_spec, words, 1.0, 1.0, len(rows)),
        datasets={"points": rows},
        alt=sentence.provision_finding(view),
        table=partial(shown.provision_table, view),
        method=(
            _(
                "Provision and take-up are the criteria that the instrument marks so. The two indicators of "
                "flexible working stand beside them once they are returned; none has been."
            ),
            *view.method,
        ),
        footer=footer(view.choice, view.notes, view.method[-2:]),
    )


def draw_change(view: MaturityView) -> None:
    """What moved since last time, by function and criterion."""
    if view.choice.previous is None or view.choice.organisation is None:
        return
    st.header(_("Since last time"))
    text = sentence.change_finding(view)
    if not text:
        st.markdown(plain(sentence.because(view.functions[0].change)))
        return
    st.markdown("**" + plain(text) + "**")
    rows = shown.changes_table(view)
    if rows:
        st.table(plain_rows(rows), alt=_("Criteria newly met or no longer met since last time"))
