"""Answering a question by one of a few answers: the same control wherever people answer, on a form too.

An answer is chosen by a tap, or by Tab, the arrow keys and Enter: moving along the answers chooses none,
so nothing is kept on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from improve.assessment.sheet import LONGEST_NAME
from improve.errors import AssessmentError, ImproveError
from improve.instruments import Criterion, Option, Statement, say
from improve.language import _
from improve.web.text import label, plain

_NAME, _ERROR = "answer_as", "answer_error"
"""Of a session: who answers, and what could not be done (where on the page, why)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a topic, the statement itself, and what good looks like, where that is said."""

    id: str
    topic: str
    text: str
    good: str = ""


def question_of(asked: Criterion | Statement) -> Question:
    """A criterion of maturity, or a statement of readiness, as a question."""
    topic, good = ("" if text is None else say(text) for text in (asked.topic, asked.good))
    return Question(asked.id, topic, say(asked.text), good)


def draw_question(question: Question) -> None:
    """The question in words."""
    st.markdown("**" + plain(question.topic) + "**  \n" + plain(question.text))


def good_line(question: Question) -> str:
    """What good looks like, as Markdown; empty where it is not said."""
    if not question.good:
        return ""
    return plain(_("What good looks like: {good}").format(good=question.good))


def choose(
    question: Question,
    options: Sequence[Option],
    key: str,
    on_change: Callable[..., None] | None = None,
    args: tuple[Any, ...] = (),
    *,
    is_draft: bool = False,
) -> int | None:
    """The code of the answer chosen; None where there is none yet. An answer once given is not cleared.

    A draft is kept nowhere but in this session, so it must outlast a look at something else.
    """
    labels = {one.code: label(say(one.label)) for one in options}
    picked = st.segmented_control(
        label(question.topic + ": " + question.text),
        list(labels),
        format_func=lambda code: labels.get(code, str(code)),
        key=key,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        on_change=on_change,
        args=args,
        persist_state="session" if is_draft else None,
    )
    return picked if picked in labels else None


# ── Who, and what went wrong ───────────────────────────────────────────────────────────────────


def by() -> str:
    """The name or role under which this session answers; empty until it is given."""
    return str(st.session_state.get(_NAME, "")).strip()


def ask_name(help_: str | None = None) -> None:
    """Who answers: asked once in a session, and kept with every answer."""
    st.text_input(
        _("You answer as (name or role)"),
        key=_NAME,
        max_chars=LONGEST_NAME,
        placeholder=_("for example: Head of ICT"),
        help=help_ or _("Stands beside each of your answers, for your colleagues to see."),
        persist_state="session",
    )


def act(what: Callable[[], object], place: str) -> None:
    """Does it, or keeps the reason why not for that place of the page."""
    try:
        if not by():
            raise AssessmentError(_("Say who you are first, at the top of the page: “You answer as”."))
        what()
    except ImproveError as error:
        st.session_state[_ERROR] = (place, str(error))


def draw_error(place: str | None = None) -> None:
    """What could not be done at this place of the page, once; at any place that was not drawn (None)."""
    if _ERROR in st.session_state and place in (None, st.session_state[_ERROR][0]):
        st.error(plain(st.session_state.pop(_ERROR)[1]))


def zone() -> tzinfo:
    """The time zone of the reader's browser."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
