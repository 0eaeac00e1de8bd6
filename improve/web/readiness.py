"""The parts of the Readiness map that touch Streamlit: its choices, headline, figure blocks and sections."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from improve.charts import FiguresWords, MapShape, MapWords, figures_spec, readiness_map_spec
from improve.instruments import say
from improve.language import _, number, signed
from improve.model import Selection, Viewer
from improve.store import Store
from improve.views import readiness_grid as grid
from improve.views import readiness_sentence as sentence
from improve.views import readiness_shown as shown
from improve.views.readiness import ReadinessView, readiness_view
from improve.views.readiness_choice import Wish
from improve.views.readiness_part import Kind, Move
from improve.web import filters, navigation
from improve.web.block import Block, draw_block, footer, marked, picked
from improve.web.text import plain, plain_rows

_TWO_ON_A_PHONE = 140
_SIDE_BY_SIDE = 420
_DIFFERENCES = 8
"""Roles that differ: so many are listed, the widest apart first."""


def choose(store: Store, viewer: Viewer, selection: Selection) -> Wish:
    """Which partnership, and which of its rounds; in the sidebar, kept in the address."""
    usual = readiness_view(store, viewer, selection)
    by_id = {str(one.id): one for one in usual.partnerships}
    if not by_id:
        return Wish()
    id_ = filters.choose_one("partnership", _("Partnership"), list(by_id), lambda key: by_id[key].label)
    label = by_id[id_].label
    if usual.partnership is None or usual.partnership.label != label:
        usual = readiness_view(store, viewer, selection, Wish(label))
    numbers = [str(one) for one in by_id[id_].numbers]
    newest = numbers[0] if usual.number is None else str(usual.number.number)
    picked_number = filters.choose_one("number", _("Round of the partnership"), numbers, str, newest)
    return Wish(label, picked_number)


def shown_view(view: ReadinessView) -> ReadinessView:
    """The view as it may stand on a screen: on a projector without any organisation's name."""
    return grid.without_names(view) if filters.presenting() else view


def place(view: ReadinessView) -> str:
    """Which partnership and which of its rounds; its name, which people typed, on no projector."""
    if view.partnership is None or view.number is None:
        return ""
    if filters.presenting():
        return _("Round {number} of the partnership").format(number=view.number.number)
    return _("{partnership}, round {number}").format(
        partnership=view.partnership.label, number=view.number.number
    )


def draw_headline(view: ReadinessView) -> None:
    """Overall with the weakest area beside it, and what else a reader looks for first."""
    st.markdown("**" + plain(view.finding) + "**")
    overall = view.overall
    if overall is None or not view.rows:
        return
    with st.grid(4, min_column_width=_TWO_ON_A_PHONE):
        weakest = view.weakest.value or ()
        lowest = next((one for one in view.areas if one.id in weakest), None)
        _metric(
            _("Overall readiness"),
            sentence.score(overall.score) or "–",
            sentence.because(overall.score)
            if lowest is None
            else _("weakest: {areas} ({score})").format(
                areas=sentence.area_names(view, weakest), score=sentence.score(lowest.score)
            ),
        )
        if view.is_alone:
            _metric(
                _("Roles far apart"),
                str(len(view.differences)),
                _("pairs of roles, 25 points or more in an area"),
            )
        else:
            wide = [one for one in view.areas if one.is_wide]
            _metric(
                _("Areas far apart"),
                str(len(wide)),
                ", ".join(one.name for one in wide) or _("partners within 25 points in every area"),
            )
        _metric(
            _("Since the round before"),
            "–" if overall.change.value is None else signed(overall.change.value, 0),
            _("This is the first round.") if view.before is None else sentence.because(overall.change),
        )
        _metric(
            _("National median"),
            sentence.score(overall.median) or "–",
            sentence.because(overall.median)
            or _("over {n} organisations").format(n=overall.organisations.value),
        )


def _metric(label: str, value: str, beside: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, value)
        if beside:
            st.caption(plain(beside))


def chosen_area(view: ReadinessView) -> str:
    """The area that the reader looks at; its widget stands further down, beside its statements."""
    names = {one.name: one.id for one in view.areas}
    chosen = st.session_state.get("area", st.query_params.get("area"))
    chosen = names.get(str(chosen), chosen)
    weakest = view.weakest.value or ()
    usual = next((one.id for one in view.areas if one.id in weakest), view.areas[0].id)
    return str(chosen) if chosen in names.values() else usual


def _take_area() -> None:
    """The area whose cell was clicked is the one looked at."""
    row = picked("readiness")
    if row:
        st.session_state["area"] = row


def draw_map(view: ReadinessView, area: str) -> None:
    """The map: partners and areas, or the areas and statements of one organisation alone."""
    if not view.rows:
        return
    draw_block(
        _statements_block(view, area) if grid.is_of_statements(view) else _partners_block(view, area),
        on_select=_take_area,
    )


def _partners_block(view: ReadinessView, area: str) -> Block:
    found = grid.partner_grid(view, area)
    has_foot = any(one["foot"] for one in found.columns)
    shape = MapShape(
        rows=len(found.rows),
        columns=len(found.columns),
        head=found.lines("columns", "lines"),
        label=found.lines("rows", "lines"),
        has_foot=has_foot,
    )
    words = MapWords(
        axis=marked(_("Score, 0 to 100; darker is readier; below it how far one's own people range")),
        foot=_("Range of partners"),
    )
    wide = [one.name for one in view.areas if one.is_wide]
    return Block(
        key="readiness",
        heading=_("Readiness map: partners and areas"),
        finding=_("Partners are far apart in: {areas}.").format(areas=", ".join(wide))
        if wide
        else _("No area has partners far apart.")
        if has_foot
        else "",
        spec=partial(readiness_map_spec, words, shape),
        datasets={"rows": found.rows, "columns": found.columns, "cells": found.cells},
        alt=view.alt,
        table=partial(shown.map_table, view),
        method=view.method,
        footer=_footer(view),
    )


def _statements_block(view: ReadinessView, area: str) -> Block:
    found = grid.statement_grid(view, area)
    shape = MapShape(
        rows=len(found.rows),
        columns=len(found.columns),
        head=1,
        label=found.lines("rows", "lines"),
        note=found.lines("cells", "note"),
        has_small_notes=False,
    )
    assert view.instrument is not None
    steps, unknown = grid.state_words(view.instrument)
    words = MapWords(axis=marked(_("How far we are with each statement")), steps=steps, unknown=unknown)
    return Block(
        key="readiness",
        heading=_("Readiness map: areas and statements"),
        finding="",
        spec=partial(readiness_map_spec, words, shape),
        datasets={"rows": found.rows, "columns": found.columns, "cells": found.cells},
        alt=_("How far one organisation is with each statement, by area.") + " " + view.finding,
        table=partial(shown.statement_table, view, view.statements),
        method=view.method,
        footer=_footer(view),
    )


def _footer(view: ReadinessView) -> tuple[str, ...]:
    return footer(view.choice, view.notes, view.method[-2:])


def draw_area(view: ReadinessView, area: str) -> None:
    """One area: its strengths, weaknesses, blind spots and disagreements, and what to prepare."""
    if not grid.is_told(view):
        return
    names = {one.id: one.name for one in view.areas}
    st.header(_("One area, statement by statement"))
    st.selectbox(
        _("Area"),
        list(names),
        index=list(names).index(area),
        format_func=lambda id_: names.get(id_, str(id_)),
        key="area",
        bind="query-params",
    )
    one = view.area(area)
    if one.summary:
        st.caption(plain(one.summary))
    st.markdown("**" + plain(sentence.of_area(one)) + "**")
    with st.grid(2, min_column_width=_SIDE_BY_SIDE):
        for kind in (Kind.WEAKNESS, Kind.DISAGREEMENT, Kind.BLIND_SPOT, Kind.STRENGTH):
            with st.container(border=True, height="stretch"):
                _draw_kind(view, area, kind)
    table = st.expander(_("All statements of this area"), key="table_statements", on_change="rerun")
    if table.open:
        with table:
            st.table(plain_rows(shown.statement_table(view, view.statements_of(area))), alt=one.name)
    _draw_written(view, area)


def _draw_kind(view: ReadinessView, area: str, kind: Kind) -> None:
    listed = shown.listed(view, area, kind)
    st.subheader(plain(_("{kind}: {n}").format(kind=shown.kind_label(kind), n=len(listed))))
    if not listed:
        st.caption(_("None in this area."))
        return
    lines = []
    for one in listed:
        lines.append("- " + plain(one["sentence"]))
        if kind is not Kind.STRENGTH and one["prepare"]:
            lines.append("    - " + plain(_("Prepare: {what}").format(what=one["prepare"])))
    st.markdown("\n".join(lines))


def _draw_written(view: ReadinessView, area: str) -> None:
    """What one's own people wrote. It may name anybody: it is on no projector."""
    found = [
        {
            _("Statement"): one.topic,
            _("Role"): reply["role"],
            _("Evidence"): "; ".join(reply["evidence"]),
            _("Note"): "; ".join(reply["notes"]),
        }
        for one in view.statements_of(area)
        for reply in shown.reply_rows(one)
        if reply["evidence"] or reply["notes"]
    ]
    if not found or filters.presenting():
        return
    written = st.expander(_("Evidence and notes of our own people"), key="table_written", on_change="rerun")
    if written.open:
        with written:
            st.table(plain_rows(found), alt=_("Evidence and notes of our own people"))


def draw_roles(view: ReadinessView) -> None:
    """Who sees it differently: by role, never by person."""
    if not view.roles and not view.differences:
        return
    st.header(_("Who sees it differently"))
    lines = [
        "- " + plain(one["label"] + " · " + one["sentence"])
        for one in shown.report_differences(view)[:_DIFFERENCES]
    ]
    if lines:
        st.markdown("\n".join(lines))
    else:
        st.caption(_("No two roles that may be shown are 25 points or more apart in an area."))
    if view.roles:
        st.table(plain_rows(shown.role_table(view)), alt=_("Scores of our own people by role"))


def draw_progress(view: ReadinessView) -> None:
    """This round of the partnership against the one before."""
    if view.before is None:
        return
    rows = grid.progress_rows(view)
    if not any(row["whole"] is not None and row["value"] is not None for row in rows):
        st.header(_("Progress between rounds"))
        st.caption(_("Progress shows when both rounds have completed assessments."))
        return
    words = FiguresWords(
        axis=marked(_("Score, 0 to 100; at the right the change")),
        own=_("This round"),
        whole=_("Round {number}").format(number=view.before.number),
    )
    finding = sentence.progress(view)
    draw_block(
        Block(
            key="progress",
            heading=_("Progress between rounds"),
            finding=finding,
            spec=partial(figures_spec, words, 0.0, 100.0, "d", len(rows), 1, False),
            datasets={"rows": rows},
            alt=_("Scores by area in this round and the one before.") + " " + finding,
            table=partial(shown.progress_table, view),
            method=view.method,
            footer=_footer(view),
        )
    )


def draw_national(view: ReadinessView) -> None:
    """Against the national median of all open, completed assessments."""
    rows = grid.national_rows(view)
    if not any(row["median"] is not None for row in rows):
        st.header(_("Against the national median"))
        if view.overall is not None:
            st.caption(plain(sentence.because(view.overall.median)))
        return
    has_own, has_mean = (any(row[name] is not None for row in rows) for name in ("value", "cohort"))
    words = FiguresWords(
        axis=marked(
            _("Score, 0 to 100; at the right our difference")
            if has_own
            else _("Score, 0 to 100; at the right the median")
        ),
        own=_("Our own score") if has_own else None,
        cohort=_("Mean of partners") if has_mean else None,
        median=_("National median"),
    )
    finding = grid.national_finding(view)
    draw_block(
        Block(
            key="national",
            heading=_("Against the national median"),
            finding=finding,
            spec=partial(figures_spec, words, 0.0, 100.0, "d", len(rows), 1, False),
            datasets={"rows": rows},
            alt=_("Scores by area against the national median.") + " " + finding,
            table=partial(grid.national_table, view),
            method=view.method,
            footer=_footer(view),
        )
    )


def draw_fits(view: ReadinessView) -> None:
    """A candidate beside the partners: what it lifts and lowers, and what must be agreed first."""
    candidates = [one for one in view.rows if one.is_candidate]
    if not candidates:
        return
    st.header(_("A new partner's fit"))
    done = {one.organisation for one in view.fits}
    for row in candidates:
        if row.organisation not in done:
            st.caption(
                plain(_("{name}: no fit before it and a partner have completed.").format(name=row.name))
            )
    for fit in view.fits:
        st.subheader(plain(fit.name))
        st.markdown("**" + plain(sentence.of_fit(view, fit)) + "**")
        st.table(
            plain_rows(shown.move_table(fit.moves)),
            alt=_("Scores of the partnership without and with {name}").format(name=fit.name),
        )
        if fit.first:
            st.markdown(_("To agree first:"))
            codes = shown.codes_of(view)
            st.markdown("\n".join("- " + plain(sentence.to_agree(view, one, codes)) for one in fit.first))


def ask_what_if(view: ReadinessView, wish: Wish) -> Wish:
    """Which statements are set to which target; kept nowhere, not even in the address."""
    if view.what_if is None or view.instrument is None:
        return wish
    st.header(_("What if"))
    st.caption(_("See what moves when statements reach a target. Nothing of this is saved as an answer."))
    areas = {one.id: one.name for one in view.areas}
    topics = {one.statement.id: f"{areas[one.statement.area]} · {one.topic}" for one in view.statements}
    targets = {one.code: say(one.label) for one in view.instrument.answers if one.counts}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            _("Statements"),
            list(topics),
            format_func=lambda id_: topics.get(id_, str(id_)),
            key="if_statements",
            placeholder=_("Choose one or several"),
        )
        target = st.selectbox(
            _("Set them to"),
            list(targets),
            index=len(targets) - 1,
            format_func=lambda code: targets.get(code, str(code)),
            key="if_target",
        )
    return replace(wish, targets={one: target for one in chosen if one in topics and target in targets})


def draw_what_if(view: ReadinessView) -> None:
    """What the scores would be."""
    found = view.what_if
    if found is None or not found.targets:
        return
    with st.grid(3, min_column_width=_TWO_ON_A_PHONE):
        _draw_move(_("Our overall score"), found.overall)
        if not view.is_alone:
            _draw_move(_("The partnership's"), found.partnership)
        moved = [one for one in found.moves if one.change.value]
        _metric(
            _("Areas that move"),
            str(len(moved)),
            ", ".join(
                f"{one.name} {signed(one.change.value, 0)}" for one in moved if one.change.value is not None
            ),
        )
    st.table(plain_rows(shown.move_table([found.overall, *found.moves])), alt=_("Our scores now and then"))


def _draw_move(label: str, move: Move) -> None:
    value = "–" if move.after.value is None else number(move.after.value, 0)
    beside = sentence.because(move.after)
    if move.before.value is not None and move.change.value is not None:
        beside = _("now {before}: {change}").format(
            before=number(move.before.value, 0), change=signed(move.change.value, 0)
        )
    _metric(label, value, beside)


def draw_ways(view: ReadinessView) -> None:
    """The ways to the sheet for a chief executive, and to where partnerships are made and answered."""
    with st.container(horizontal=True):
        if view.instrument is not None:
            st.page_link(
                navigation.READINESS_REPORT,
                label=_("Report on one A4 sheet"),
                icon=":material/print:",
                query_params=st.query_params.to_dict(),
            )
        if view.choice.organisation is not None and not filters.presenting():
            st.page_link(
                navigation.READINESS_ASSESS,
                label=_("Make a partnership, or answer"),
                icon=":material/group_add:",
                query_params=st.query_params.to_dict(),
            )
