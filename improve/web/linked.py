"""The form behind a private link: one person's answers to one poll, saved one by one, and nothing else.

A link is its own right: no sign-in, no "View as", no way to any figure. What was answered before is
never shown again, so that who handed a link out cannot look in with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

from improve.assessment import Form, form_of, vote
from improve.config import read_settings
from improve.errors import AssessmentError
from improve.instruments import say
from improve.language import _
from improve.opening import served
from improve.store import Store, read_organisations
from improve.views.choice import organisation_name
from improve.web import navigation
from improve.web.answering import choose, draw_question, good_line, question_of
from improve.web.text import plain

F = TypeVar("F")
_LINK, _ERROR = "link", "linked_error"


def address_of(link: str, here: str = navigation.ASSESS_ADDRESS, form: str = navigation.POLL_ADDRESS) -> str:
    """The whole address of somebody's form, as this browser reaches the app from the page `here`."""
    root = (st.context.url or "").rstrip("/").removesuffix("/" + here)
    return f"{root}/{form}?{_LINK}={link}"


def opening() -> tuple[Store, Form | None]:
    """The store, and the form that the address opens; None, and the page says why, where it opens none."""
    return opened(form_of, lambda form: say(form.function.name))


def opened(form_of: Callable[[Store, str], F], title: Callable[[F], str]) -> tuple[Store, F | None]:
    """The same for a form of any kind, with the page's title."""
    store = served.open(read_settings())
    refused = st.session_state.pop(_ERROR, None)
    form, closed = None, None
    try:
        form = form_of(store, current_link())
    except AssessmentError as error:
        closed = str(error)
    st.title(_("Private form") if form is None else plain(title(form)))
    if refused is not None:
        st.error(plain(refused))
    if closed is not None:
        st.info(plain(closed))
    return store, form


def current_link() -> str:
    """The link in the address."""
    return st.query_params.get(_LINK, "")


def draw_saved(is_answered: bool) -> None:
    """Whether something is answered, below it; not what."""
    st.caption(":material/check: " + _("Answered and saved") if is_answered else _("Not answered yet"))


def keep(what: Callable[[], None]) -> None:
    """Does it, or keeps the reason why not for the head of the form."""
    try:
        what()
    except AssessmentError as error:
        st.session_state[_ERROR] = str(error)


def draw_greeting(store: Store, form: Form) -> None:
    """Who asks, what becomes of the answers, and how far this person is."""
    names = {one.code: organisation_name(one) for one in read_organisations(store)}
    st.markdown(
        plain(
            _("{organisation} asks for your own view. What is true today, as far as you know?").format(
                organisation=names.get(form.place.organisation, "")
            )
        )
    )
    if form.place.poll.turn == 2:
        st.markdown(
            plain(_("This is the second time, after you talked about the first: please answer all again."))
        )
    st.caption(
        plain(
            _(
                "Private: each answer is saved at once, and nobody sees who gave it. When the poll is "
                "closed, colleagues see how many gave each answer, if at least two did."
            )
        )
    )
    answered, asked = len(form.answered), len(form.criteria)
    st.progress(
        answered / max(asked, 1),
        text=_("{answered} of {asked} answered").format(answered=answered, asked=asked),
    )


def draw_questions(store: Store, form: Form) -> None:
    """Each criterion with its four answers. What is chosen shows in this window, until it is closed."""
    for one in form.criteria:
        question = question_of(one)
        poll = form.place.poll
        key = f"vote_{poll.id}_{form.voter}_{poll.turn}_{one.id}"
        with st.container(border=True, gap="xsmall"):
            draw_question(question)
            st.caption(good_line(question))
            choose(question, form.instrument.answers, key, _vote, (store, one.id, key))
            draw_saved(one.id in form.answered)


def draw_end(form: Form) -> None:
    """Thanks, once all is answered."""
    if len(form.answered) == len(form.criteria):
        st.success(
            _(
                "Thank you: all is answered and saved. You may change an answer until the poll is closed, or "
                "close this window now."
            )
        )


def _vote(store: Store, item: str, key: str) -> None:
    code = st.session_state.get(key)
    if code is not None:
        keep(partial(vote, store, current_link(), item, code))
