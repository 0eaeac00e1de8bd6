"""The parts of the Assess page that touch Streamlit: whose answers, one function at a time, submitting."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from improve.assessment import assign, begin, newest_instrument, submit
from improve.assessment.sheet import LONGEST_NAME
from improve.instruments import Maturity, read_library
from improve.language import _, ngettext
from improve.model import Selection, Viewer
from improve.store import Store
from improve.views import assess_sentence as sentence
from improve.views.assess import AssessView, Progress, assessable, revision_of
from improve.views.choice import MATURITY, organisation_name
from improve.web import filters, navigation
from improve.web.answering import act, ask_name, by, draw_error, zone
from improve.web.following import follow
from improve.web.text import label, plain
from improve.web.turning import draw_place, turn

_FUNCTION, _DONE, _CONFIRMING = "function", "assess_done", "assess_confirming"
"""Of a session: the function shown, what was done, whether submitting is to be confirmed."""
_SUBMITTING = "submitting"
"""A place of the page at which an error is told."""


def choose_organisation(store: Store, viewer: Viewer, selection: Selection) -> Selection:
    """Whose assessment it is, for who answers for any and chose none beside the page."""
    offered = {one.code: one for one in assessable(store, viewer)}
    if selection.organisation is not None or not offered or filters.presenting():
        return selection
    picked = st.selectbox(
        _("Whose assessment"),
        list(offered),
        index=None,
        format_func=lambda code: organisation_name(offered[code]) if code in offered else str(code),
        placeholder=_("Choose an organisation"),
        key="assess_organisation",
        persist_state="session",
    )
    return replace(selection, organisation=picked if picked in offered else None)


def may_not(may: bool, finding: str) -> str | None:
    """Why nothing is shown here: it is not this viewer's, or a projector would show what people typed."""
    if not may:
        return finding
    if filters.presenting():
        return _(
            "An assessment holds names and evidence that people typed, so it is not shown on a projector."
        )
    return None


def follow_others(store: Store, view: AssessView) -> None:
    """Draws the page again as soon as somebody else has changed what it shows."""
    follow(partial(revision_of, store, view), view.revision)


# ── Before there is a sheet, and after ─────────────────────────────────────────────────────────


def draw_beginning(store: Store, view: AssessView) -> None:
    """What was submitted, and the button that starts the next assessment."""
    if done := st.session_state.pop(_DONE, None):
        st.success(plain(done))
    draw_error()
    st.markdown(plain(view.finding))
    draw_submitted(view)
    ask_name()
    st.button(
        _("Start the next assessment") if view.submitted else _("Start the assessment"),
        key="assess_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_begin,
        args=(store, view),
    )


def draw_submitted(view: AssessView) -> None:
    """The versions that are frozen, and the way to what came of them."""
    for one in view.submitted:
        st.markdown(":material/lock: " + plain(sentence.submitted(one, zone())))
    if view.submitted:
        st.page_link(
            navigation.PROFILE,
            label=_("See the profile"),
            icon=":material/radar:",
            query_params=st.query_params.to_dict(),
        )


def _begin(store: Store, view: AssessView) -> None:
    assert view.choice.organisation is not None
    maturities = [one for one in read_library() if isinstance(one, Maturity)]
    organisation = view.choice.organisation.code

    def start() -> None:
        instrument = newest_instrument(maturities, MATURITY)
        begin(store, view.choice.viewer, organisation, instrument, by())

    act(start, _SUBMITTING)


# ── One function ───────────────────────────────────────────────────────────────────────────────


def draw_progress(view: AssessView) -> None:
    """How far the whole is, in words and as a bar."""
    answered = sum(one.answered for one in view.functions)
    st.progress(answered / max(len(view.criteria), 1), text=plain(view.finding))


def choose_function(view: AssessView) -> Progress:
    """The function to answer; at first the one that is not complete. Kept in the address."""
    names = {one.id: one.name for one in view.functions}
    usual = next((one.id for one in view.functions if not one.is_whole), view.functions[0].id)
    filters.keep_on(_FUNCTION)
    if st.session_state.get(_FUNCTION) not in names and _FUNCTION not in st.query_params:
        st.session_state[_FUNCTION] = usual
    picked = st.selectbox(
        _("Function"),
        list(names),
        format_func=lambda id_: names.get(id_, str(id_)),
        key=_FUNCTION,
        bind="query-params",
        placeholder=_("Choose a function"),
    )
    return view.function(picked if picked in names else usual)


def draw_all_functions(view: AssessView) -> None:
    """Every function: how far, who answers it, what it would come to; a button leads there."""
    every = st.expander(_("All functions, and who answers them"), key="all_functions", on_change="rerun")
    if every.open:
        with every:
            for one in view.functions:
                with st.container(gap="xsmall"):
                    st.button(
                        label(one.name),
                        key=f"go_{one.id}",
                        icon=":material/check_circle:"
                        if one.is_whole
                        else ":material/radio_button_unchecked:",
                        on_click=go_to,
                        args=(one.id,),
                    )
                    st.caption(plain(sentence.in_brief(one)))


def go_to(function: str) -> None:
    """Shows another function, from its heading on."""
    turn()
    st.session_state[_FUNCTION] = function
    st.session_state.pop(_CONFIRMING, None)


def draw_function(store: Store, view: AssessView, function: Progress) -> None:
    """What the function is about, how far it is, and who is to answer it."""
    draw_place()
    st.header(plain(function.name))
    if function.summary:
        st.caption(plain(function.summary))
    st.markdown("**" + plain(sentence.in_brief(function)) + "**")
    for text in (sentence.so_far(function), sentence.without_those(function)):
        if text:
            st.markdown(plain(text))
    assert view.sheet is not None
    key = f"assign_{view.sheet.assessment.id}_{function.id}"
    place = st.expander(
        _("Who is to answer this function"), key=f"who_{function.id}", type="compact", on_change="rerun"
    )
    if place.open:
        with place:
            if key not in st.session_state:
                st.session_state[key] = function.assigned_to
            st.text_input(
                _("Name or role; empty for nobody in particular"),
                key=key,
                max_chars=LONGEST_NAME,
                on_change=_assign,
                args=(store, view, function.id, key),
            )
    draw_error(key)


def _assign(store: Store, view: AssessView, function: str, key: str) -> None:
    assert view.sheet is not None
    name = str(st.session_state.get(key, ""))
    act(partial(assign, store, view.choice.viewer, view.sheet, function, name, by()), key)


def draw_onwards(view: AssessView, function: Progress) -> None:
    """The way to the function before and after this one."""
    at = [one.id for one in view.functions].index(function.id)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if at > 0:
            before = view.functions[at - 1]
            st.button(
                label(_("Back: {function}").format(function=before.name)),
                key="back",
                icon=":material/arrow_back:",
                on_click=go_to,
                args=(before.id,),
            )
        if at + 1 < len(view.functions):
            after = view.functions[at + 1]
            st.button(
                label(_("Next: {function}").format(function=after.name)),
                key="next",
                type="primary" if function.is_whole else "secondary",
                icon=":material/arrow_forward:",
                on_click=go_to,
                args=(after.id,),
            )


# ── Submitting ─────────────────────────────────────────────────────────────────────────────────


def draw_submitting(store: Store, view: AssessView) -> None:
    """What is missing, function by function; once nothing is, the button that freezes it, asked twice."""
    st.header(_("Submit"))
    open_ = [one for one in view.functions if not one.is_whole]
    if open_:
        missing = sum(one.asked - one.answered for one in open_)
        st.markdown(
            plain(
                ngettext(
                    "Every criterion needs an answer first; {n} has none. “Don't know” is an answer too.",
                    "Every criterion needs an answer first; {n} have none. “Don't know” is an answer too.",
                    missing,
                ).format(n=missing)
            )
        )
        with st.container(horizontal=True):
            for one in open_:
                st.button(
                    label(
                        _("{function}: {n} to answer").format(function=one.name, n=one.asked - one.answered)
                    ),
                    key=f"missing_{one.id}",
                    on_click=go_to,
                    args=(one.id,),
                )
    elif view.season is None:
        st.info(
            _(
                "There is no round yet that these answers could belong to. They are kept; submit them when "
                "the operator has opened one."
            )
        )
    elif st.session_state.get(_CONFIRMING):
        st.warning(plain(sentence.before_submitting(view)))
        with st.container(horizontal=True):
            st.button(
                _("Yes, submit it"),
                key="assess_submit",
                type="primary",
                icon=":material/lock:",
                on_click=_submit,
                args=(store, view),
            )
            st.button(_("Not yet"), key="assess_not_yet", on_click=_confirm, args=(False,))
    else:
        st.button(
            _("Submit the assessment"),
            key="assess_confirm",
            type="primary",
            icon=":material/send:",
            on_click=_confirm,
            args=(True,),
        )
    draw_error(_SUBMITTING)


def _confirm(is_confirming: bool) -> None:
    st.session_state[_CONFIRMING] = is_confirming


def _submit(store: Store, view: AssessView) -> None:
    assert view.sheet is not None
    sheet = view.sheet
    st.session_state.pop(_CONFIRMING, None)

    def frozen() -> None:
        label = submit(store, view.choice.viewer, sheet, by())
        st.session_state[_DONE] = _("The assessment is submitted for round {round}.").format(round=label)

    act(frozen, _SUBMITTING)
