"""The parts of the Trend page that touch Streamlit: its charts, and the actions of an organisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from improve.action import (
    EARLIEST,
    LONGEST_BY,
    LONGEST_WHAT,
    WHOLE,
    Wording,
    actions_for,
    change,
    close,
    latest,
    log_action,
    reopen,
)
from improve.charts import Mode, ScoresWords, Size, Spec, TrendWords, scores_spec, trend_spec
from improve.errors import ActionError
from improve.language import _, number
from improve.store import Store
from improve.views import trend_sentence, trend_shown
from improve.views.response_sentence import full_day
from improve.views.trend import Series, Told, TrendView, looking_into, told_actions
from improve.web import filters
from improve.web.block import Block, draw_block, footer, marked, picked
from improve.web.text import plain

_EDITED, _ERROR, _DONE = "action_edited", "action_error", "action_done"
"""Of a session: the action that is being changed (organisation, id, when it was read), what was
wrong, and what was done."""
_FIELDS = ("action_what", "action_aspect", "action_on", "action_by")


def choose_aspect(view: TrendView) -> TrendView:
    """The view with the question that the reader looks into; kept in the address."""
    every = {one.id: one for one in view.every}
    picked = st.selectbox(
        _("Look into one aspect"),
        list(every),
        index=None,
        format_func=lambda id_: every[id_].short if id_ in every else str(id_),
        key="aspect",
        bind="query-params",
        placeholder=_("Choose an aspect"),
    )
    return looking_into(view, picked)


def changes_were_clicked() -> None:
    """A row that was clicked is the aspect to look into."""
    _clicked("changes")


def panels_were_clicked() -> None:
    """A panel that was clicked is the aspect to look into."""
    _clicked("panels")


def _clicked(key: str) -> None:
    row = picked(key)
    if row is not None:
        st.session_state["aspect"] = row


def draw_changes(view: TrendView) -> None:
    """What has changed since the organisation's last round; the finding alone where nothing can have."""
    rows = trend_shown.change_rows(view)
    if not rows:
        # Without an organisation it is what the first question's own picture says below.
        if view.choice.organisation is not None or view.chosen != next(iter(view.every), None):
            st.markdown("**" + plain(view.finding) + "**")
        return
    far = trend_shown.change_domain(view)
    move = next(one.move for one in view.every if one.move is not None)
    is_told = any(row["word"] for row in rows)
    words = ScoresWords(
        axis=marked(
            _("Change from {before} to {after}, in points of the scale").format(
                before=move.before, after=move.after
            )
        ),
        higher=_("Risen") if is_told else None,
        similar=_("similar") if is_told else None,
        lower=_("fallen") if is_told else None,
        interval=_("its 95 % interval") if is_told else None,
        median=_("Others' mean change") if any(row["median"] is not None for row in rows) else None,
    )
    draw_block(
        Block(
            key="changes",
            heading=_("What has changed since the last round"),
            finding=view.finding,
            spec=lambda mode, size: scores_spec(words, -far, far, len(rows), mode, size, is_change=True),
            datasets={"rows": rows},
            alt=view.alt,
            table=partial(trend_shown.change_table, view),
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        ),
        on_select=changes_were_clicked,
    )


def draw_chosen(view: TrendView) -> None:
    """The question looked into, over all rounds, with what was done about it."""
    one = view.chosen
    if one is None:
        return
    actions = told_actions(view.actions or (), one)
    days = trend_shown.span((one,), actions)
    finding = (
        trend_sentence.of_series(one) if one.move is None else trend_sentence.of_move(one.short, one.move)
    )
    draw_block(
        Block(
            key="chosen",
            heading=one.short,
            finding=finding,
            spec=_spec(view, (one,), len(actions)),
            datasets={
                "panels": trend_shown.panel_rows(view, (one,)),
                "points": trend_shown.point_rows((one,), days),
                "actions": trend_shown.action_rows(actions, days, is_presenting=filters.presenting()),
            },
            alt=trend_sentence.of_series(one),
            table=partial(trend_shown.series_table, (one,)),
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        )
    )


def draw_panels(view: TrendView) -> None:
    """Every question over all rounds, side by side."""
    series = trend_shown.panels(view)
    if not series:
        return
    finding = _("All on the same part of the scale.")
    if any(one.move is not None for one in series):
        finding += " " + _("A mark says what has risen or fallen since the last round.")
    draw_block(
        Block(
            key="panels",
            heading=_("Every aspect over the rounds"),
            finding=finding,
            spec=_spec(view, series, None),
            datasets={
                "panels": trend_shown.panel_rows(view, series),
                "points": trend_shown.point_rows(series, trend_shown.span(series)),
            },
            alt=_("Every aspect over the rounds.") + " " + view.finding,
            table=partial(trend_shown.series_table, series),
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        ),
        on_select=panels_were_clicked,
    )


def _spec(view: TrendView, series: tuple[Series, ...], actions: int | None) -> Callable[[Mode, Size], Spec]:
    low, high = trend_shown.score_domain(series)
    points = [point for one in series for point in one.points]
    has_own = any(point.own.is_released for point in points)
    has_cohort = any(point.cohort_median.is_released for point in points)
    cohort = view.choice.cohort
    scale = series[0].scale
    words = TrendWords(
        axis=marked(
            _("Satisfaction, {low} to {high} shown of the scale {ends}").format(
                low=_brief(low), high=_brief(high), ends=f"{scale.low}–{scale.high}"
            )
        ),
        scale_changed=_("another scale"),
        own=_("Own score") if has_own else None,
        interval=_("its 95 % interval") if has_own else None,
        median=_("National median") if any(point.median.is_released for point in points) else None,
        quartiles=_("Middle half of organisations")
        if any(point.quartiles.is_released for point in points)
        else None,
        cohort=_("Median of {group}").format(group=cohort.label) if has_cohort and cohort else None,
        action=_("Action") if actions else None,
    )
    return lambda mode, size: trend_spec(words, low, high, len(series), actions, mode, size)


def _brief(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


# ── Actions ────────────────────────────────────────────────────────────────────────────────────


def draw_actions(store: Store, view: TrendView) -> None:
    """What the organisation did, with before and after; a form to add and to change. Only for its own
    people and the operator, and never on a projector, because people may type any name.
    """
    if view.actions is None or filters.presenting() or view.choice.organisation is None:
        return
    st.header(_("What we did, and what came after"))
    st.caption(
        plain(
            _(
                "Seen by the organisation's own members alone. A before and an after do not tell what led to "
                "what."
            )
        )
    )
    if done := st.session_state.pop(_DONE, None):
        st.success(done)
    for told in view.actions:
        _draw_action(store, view, told)
    if not view.actions:
        st.markdown(
            plain(_("Nothing is written down yet. Add what you decided to do after the last survey."))
        )
    _draw_form(store, view)


def _draw_action(store: Store, view: TrendView, told: Told) -> None:
    action = told.action
    with st.container(border=True):
        what = plain(action.what)
        st.markdown(f"**{what}**")
        facts = [told.short, full_day(action.done_on), action.done_by]
        if action.closed_on is not None:
            facts.append(_("closed on {day}").format(day=full_day(action.closed_on)))
        st.caption(" · ".join(plain(one) for one in facts))
        for sentence in trend_sentence.of_action(told):
            st.markdown(plain(sentence))
        with st.container(horizontal=True):
            st.button(
                _("Change"),
                key=f"action_change_{action.id}",
                icon=":material/edit:",
                on_click=_begin_change,
                args=(told,),
            )
            is_open = action.closed_on is None
            st.button(
                _("Close") if is_open else _("Open again"),
                key=f"action_close_{action.id}",
                icon=":material/check:" if is_open else ":material/undo:",
                on_click=_close_or_reopen,
                args=(store, view, told),
            )


def _draw_form(store: Store, view: TrendView) -> None:
    assert view.choice.organisation is not None
    edited = _edited(view)
    short = {WHOLE: _("The service as a whole")} | {one.id: one.short for one in view.series}
    aspects = [*short]
    if (kept := st.session_state.get("action_aspect")) is not None and kept not in short:
        aspects.append(kept)
    st.subheader(_("Add an action") if edited is None else _("Change the action"))
    if error := st.session_state.pop(_ERROR, None):
        st.error(error)
    with st.form("action", enter_to_submit=False):
        st.text_input(_("What was done"), key="action_what", max_chars=LONGEST_WHAT, persist_state="session")
        left, middle, right = st.columns(3)
        left.selectbox(
            _("About"),
            aspects,
            format_func=lambda id_: short.get(id_, str(id_)),
            key="action_aspect",
            persist_state="session",
        )
        middle.date_input(
            _("On which day"),
            value=None,
            min_value=EARLIEST,
            max_value=latest(),
            format="DD/MM/YYYY",
            key="action_on",
            persist_state="session",
        )
        right.text_input(_("By whom"), key="action_by", max_chars=LONGEST_BY, persist_state="session")
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Save"), type="primary", key="action_save", on_click=_save, args=(store, view)
            )
            if edited is not None:
                st.form_submit_button(_("Leave it as it was"), key="action_leave", on_click=_clear)


def _edited(view: TrendView) -> Told | None:
    """The action that is being changed; None where one is added."""
    organisation, action_id = st.session_state.get(_EDITED, ("", 0, None))[:2]
    if view.choice.organisation is None or organisation != view.choice.organisation.code:
        return None
    return next((one for one in view.actions or () if one.action.id == action_id), None)


def _begin_change(told: Told) -> None:
    action = told.action
    st.session_state[_EDITED] = (action.organisation, action.id, action.changed_at)
    values = (action.what, action.aspect, action.done_on, action.done_by)
    for key, value in zip(_FIELDS, values, strict=True):
        st.session_state[key] = value


def _clear() -> None:
    st.session_state.pop(_EDITED, None)
    for key, value in zip(_FIELDS, ("", WHOLE, None, ""), strict=True):
        st.session_state[key] = value


def _save(store: Store, view: TrendView) -> None:
    """Keeps what was typed; where that cannot be, it stays in the form and the page says why."""
    assert view.choice.organisation is not None
    viewer, organisation = view.choice.viewer, view.choice.organisation.code
    what, aspect, done_on, done_by = (st.session_state.get(key) for key in _FIELDS)
    wording = Wording(
        str(what or ""),
        str(aspect or WHOLE),
        done_on if isinstance(done_on, date) else None,
        str(done_by or ""),
    )
    edited = _edited(view)
    try:
        if edited is None:
            log_action(store, viewer, organisation, wording)
        else:
            change(store, viewer, organisation, edited.action.id, wording, st.session_state[_EDITED][2])
    except ActionError as error:
        st.session_state[_ERROR] = plain(str(error))
        # Who has been told what stands there now may put theirs in its place.
        for now in actions_for(store, viewer, organisation):
            if edited is not None and now.id == edited.action.id:
                st.session_state[_EDITED] = (organisation, now.id, now.changed_at)
        return
    _clear()
    st.session_state[_DONE] = plain(_("It is written down."))


def _close_or_reopen(store: Store, view: TrendView, told: Told) -> None:
    done = close if told.action.closed_on is None else reopen
    try:
        done(store, view.choice.viewer, told.action.organisation, told.action.id)
    except ActionError as error:
        st.session_state[_ERROR] = plain(str(error))
