"""Polling colleagues on the Assess page: inviting, closing, the spread, and one agreed answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from improve.assessment import (
    agree,
    begin_poll,
    close_turn,
    invite_colleague,
    open_second_turn,
    put_away,
    withdraw_colleague,
)
from improve.assessment.sheet import LONGEST_NAME, LONGEST_REASON
from improve.charts import AnswersWords, answers_spec
from improve.language import _
from improve.store import Store
from improve.views import poll as shown
from improve.views.assess import AssessView, Progress
from improve.views.poll import Polled, PollView, poll_view
from improve.web.answering import act, by, choose, draw_error, draw_question, good_line, question_of
from improve.web.block import Block, draw_block, footer, marked
from improve.web.entry import WayIn, current_door
from improve.web.linked import address_of
from improve.web.text import plain

_PLACE, _AGREEING = "polling", "agreeing"
"""Places of the page at which an error is told."""


def polled(store: Store, view: AssessView, function: Progress) -> PollView | None:
    """The poll of a function that is going on."""
    if view.sheet is None or function.poll is None:
        return None
    return poll_view(store, view.choice.viewer, view.sheet, function.poll)


def draw_start(store: Store, view: AssessView, function: Progress) -> None:
    """What a poll is, and the button that starts one."""
    place = st.expander(
        _("Ask colleagues privately"), key=f"poll_of_{function.id}", type="compact", on_change="rerun"
    )
    if place.open:
        with place:
            st.markdown(
                plain(
                    _(
                        "Each colleague answers this function alone, by a private link. Nobody sees anything "
                        "until you close the poll; then all see how many gave each answer, talk about it, "
                        "may answer a second time, and agree on one answer."
                    )
                )
            )
            st.button(
                _("Start a poll of this function"),
                key="poll_start",
                icon=":material/how_to_vote:",
                on_click=_begin,
                args=(store, view, function.id),
            )
            draw_error(_PLACE)


def _begin(store: Store, view: AssessView, function: str) -> None:
    assert view.sheet is not None
    act(partial(begin_poll, store, view.choice.viewer, view.sheet, function, by()), _PLACE)


def draw_poll(store: Store, view: AssessView, poll: PollView) -> None:
    """Where the poll stands, and what can be done now."""
    with st.container(border=True):
        st.subheader(_("Poll of colleagues"))
        st.markdown("**" + plain(shown.state(poll)) + "**")
        draw_error(_PLACE)
        if poll.poll.is_open:
            _draw_invitations(store, view, poll)
        with st.container(horizontal=True):
            if poll.poll.is_open:
                _button(store, view, poll, _("Close the poll"), "poll_close", close_turn)
            elif poll.poll.turn == 1:
                _button(store, view, poll, _("Ask a second time"), "poll_again", open_second_turn)
            with st.popover(_("Give the poll up")):
                st.markdown(plain(_("What colleagues answered is then put away and shown to nobody.")))
                _button(store, view, poll, _("Yes, give it up"), "poll_away", put_away)


def _button(
    store: Store, view: AssessView, poll: PollView, text: str, key: str, what: Callable[..., None]
) -> None:
    st.button(
        text,
        key=key,
        on_click=act,
        args=(partial(what, store, view.choice.viewer, view.sheet, poll.poll), _PLACE),
    )


def _draw_invitations(store: Store, view: AssessView, poll: PollView) -> None:
    assert view.sheet is not None
    if current_door(store).way is WayIn.ONE_PERSON:
        st.caption(
            plain(
                _(
                    "This Improve has no sign-in and is used on this computer alone, so the links open here "
                    "alone: colleagues answer at this computer, one after the other."
                )
            )
        )
    for one in poll.invited:
        with st.container(gap="xsmall"):
            st.markdown(plain(_("The link of {name}:").format(name=one.name)))
            st.code(address_of(one.link), language=None, wrap_lines=True)
            st.button(
                _("Withdraw this invitation"),
                key=f"poll_withdraw_{one.number}",
                type="tertiary",
                on_click=act,
                args=(
                    partial(withdraw_colleague, store, view.choice.viewer, view.sheet, poll.poll, one.number),
                    _PLACE,
                ),
            )
    with st.form("poll_invite_form", border=False):
        st.text_input(
            _("Invite somebody: name or role"),
            key="poll_name",
            max_chars=LONGEST_NAME,
            help=_("Each colleague gets a link of their own. It opens their form, and nothing else."),
        )
        st.form_submit_button(
            _("Invite"),
            key="poll_invite",
            icon=":material/person_add:",
            on_click=_invite,
            args=(store, view, poll),
        )


def _invite(store: Store, view: AssessView, poll: PollView) -> None:
    assert view.sheet is not None
    sheet = view.sheet

    def ask() -> None:
        name = str(st.session_state.get("poll_name", ""))
        invite_colleague(store, view.choice.viewer, sheet, poll.poll, name)
        st.session_state["poll_name"] = ""

    act(ask, _PLACE)


def draw_spread(view: AssessView, poll: PollView) -> None:
    """How many gave each answer, of the turn that was closed last; nothing of one that is open."""
    if not poll.shown_turn:
        return
    bars = shown.spread_bars(poll)
    if not bars:
        st.markdown("**" + plain(poll.finding) + "**")
        return
    words = AnswersWords(
        axis=marked(_("Share of colleagues who gave each answer")), answers=shown.drawn_answers(poll)
    )
    draw_block(
        Block(
            key="poll",
            heading=_("What colleagues answered")
            if poll.shown_turn == 1
            else _("What colleagues answered the second time"),
            finding=poll.finding,
            spec=partial(answers_spec, words, 0.0, 1.0, len(poll.options), len(poll.criteria)),
            datasets={"rows": shown.spread_rows(poll), "bars": bars},
            alt=_("How many colleagues gave each answer, by criterion. {finding}").format(
                finding=poll.finding
            ),
            table=partial(shown.spread_table, poll),
            method=shown.method(),
            footer=footer(view.choice, (), shown.method()),
        )
    )


def draw_agreeing(store: Store, view: AssessView, poll: PollView) -> None:
    """One answer to each criterion: as everybody gave it, else to be chosen; then all are kept."""
    st.header(_("Agree on one answer"))
    for one in poll.criteria:
        with st.container(border=True):
            _draw_agreed(poll, one)
    draw_error(_AGREEING)
    st.button(
        _("Keep the agreed answers"),
        key="poll_agree",
        type="primary",
        icon=":material/handshake:",
        on_click=_agree,
        args=(store, view, poll),
    )


def _draw_agreed(poll: PollView, one: Polled) -> None:
    question = question_of(one.criterion)
    key = _agreed_key(poll, question.id)
    if key not in st.session_state:
        st.session_state[key] = one.agreed
    left, right = st.columns([3, 2])
    with left, st.container(gap="xsmall"):
        draw_question(question)
        said = shown.in_words(poll, one.spread[poll.shown_turn])
        st.markdown(plain(_("Colleagues: {answers}").format(answers=said)))
        code = choose(question, poll.options, key, is_draft=True)
        if any(option.code == code and not option.counts for option in poll.options):
            st.text_input(
                _("Why does it not apply?"),
                key="why_" + key,
                max_chars=LONGEST_REASON,
                persist_state="session",
            )
    right.caption(good_line(question))


def _agreed_key(poll: PollView, item: str) -> str:
    return f"agreed_{poll.poll.id}_{poll.poll.turn}_{item}"


def _agree(store: Store, view: AssessView, poll: PollView) -> None:
    assert view.sheet is not None
    keys = {one.criterion.id: _agreed_key(poll, one.criterion.id) for one in poll.criteria}
    agreed = {
        item: (st.session_state.get(key), str(st.session_state.get("why_" + key, "")))
        for item, key in keys.items()
    }
    act(partial(agree, store, view.choice.viewer, view.sheet, poll.poll, agreed, by()), _AGREEING)
