"""The form behind a respondent's private link: one area at a time, saved at each answer, and nothing else."""

from __future__ import annotations

from functools import partial

import streamlit as st

from improve.instruments import Category, Statement, say
from improve.language import _
from improve.readiness import Form, answer, form_of, note
from improve.readiness.link import LONGEST_TEXT
from improve.store import Store, read_organisations
from improve.views.choice import organisation_name
from improve.web import linked
from improve.web.answering import choose, draw_question, good_line, question_of
from improve.web.partnership import draw_agreement
from improve.web.text import label, plain
from improve.web.turning import draw_place, turn

_AREA, _IS_NEW = "form_area", "form_is_new"


def opening() -> tuple[Store, Form | None]:
    """The store, and the form that the address opens; None, and the page says why, where it opens none."""
    return linked.opened(form_of, lambda form: say(form.instrument.title))


def draw_greeting(store: Store, form: Form) -> None:
    """Who asks, in which role, who will see what, and how far this person is."""
    names = {one.code: organisation_name(one) for one in read_organisations(store)}
    roles = {one.id: say(one.name) for one in form.instrument.roles}
    st.markdown(
        plain(
            _("{organisation} asks for your own view as {role}: {partnership}, round {n}.").format(
                organisation=names.get(form.assessment.organisation, ""),
                role=roles.get(form.role, form.role),
                partnership=form.partnership,
                n=form.assessment.number,
            )
        )
    )
    st.markdown(
        plain(
            _(
                "Say what is true today, as far as you know. “Don't know” is welcome: it shows what nobody "
                "has found out yet."
            )
        )
    )
    # Who comes first reads it; later it stays as it stood, so that nothing moves under the reader.
    is_new = st.session_state.setdefault(_IS_NEW, not form.answered)
    place = st.expander(_("Who sees what"), key="promise", expanded=is_new, on_change="rerun")
    if place.open:
        with place:
            draw_agreement(form.promise)
    st.caption(
        _("Each answer is saved at once. This form never shows again what was answered in another window.")
    )
    answered, asked = len(form.answered), len(form.instrument.statements)
    st.progress(
        answered / max(asked, 1),
        text=_("{answered} of {asked} answered").format(answered=answered, asked=asked),
    )


def choose_area(form: Form) -> Category:
    """The area to answer; at first the one that is not complete."""
    areas = {one.id: one for one in form.instrument.areas}
    if st.session_state.get(_AREA) not in areas:
        open_ = [one.area for one in form.instrument.statements if one.id not in form.answered]
        st.session_state[_AREA] = open_[0] if open_ else next(iter(areas))
    picked = st.selectbox(
        _("Area"),
        list(areas),
        format_func=lambda id_: say(areas[id_].name) if id_ in areas else "",
        key=_AREA,
    )
    return areas[picked]


def draw_area(store: Store, form: Form, area: Category) -> None:
    """The statements of one area, each with its answers, evidence and note."""
    draw_place()
    st.header(plain(say(area.name)))
    if area.summary is not None:
        st.caption(plain(say(area.summary)))
    for one in form.instrument.statements:
        if one.area == area.id:
            with st.container(border=True, gap="xsmall", key=f"statement_{one.id}"):
                _draw_statement(store, form, one)


def _draw_statement(store: Store, form: Form, one: Statement) -> None:
    question = question_of(one)
    key = f"reply_{form.assessment.id}_{form.number}_{one.id}"
    draw_question(question)
    if question.good:
        st.caption(good_line(question))
    # The widgets of another area are gone meanwhile; what was chosen in this window stands in them again.
    if key not in st.session_state and "said_" + key in st.session_state:
        st.session_state[key] = st.session_state["said_" + key]
    choose(question, form.instrument.answers, key, _answer, (store, one.id, key))
    linked.draw_saved(one.id in form.answered)
    if one.id not in form.answered:
        return
    place = st.expander(_("Evidence and note"), key=f"more_{key}", type="compact", on_change="rerun")
    if place.open:
        with place:
            for what, name in (
                ("evidence", _("Evidence: a link, or a few words")),
                ("text", _("Note: what else there is to say")),
            ):
                st.text_input(
                    name,
                    key=f"{what}_{key}",
                    max_chars=LONGEST_TEXT,
                    help=_("Saved when you leave the field, in place of what you wrote here before."),
                    persist_state="session",
                    on_change=_note,
                    args=(store, one.id, what, f"{what}_{key}"),
                )
            if st.session_state.get(f"saved_{key}"):
                st.caption(":material/check: " + _("Saved"))


def _answer(store: Store, item: str, key: str) -> None:
    code = st.session_state.get(key)
    if code is not None:
        st.session_state["said_" + key] = code
        linked.keep(partial(answer, store, linked.current_link(), item, code))


def _note(store: Store, item: str, what: str, key: str) -> None:
    said = {what: str(st.session_state.get(key, ""))}
    linked.keep(partial(note, store, linked.current_link(), item, **said))
    st.session_state["saved_" + key.partition("_")[2]] = True


def draw_onwards(form: Form, area: Category) -> None:
    """The way to the area before and after this one, and thanks once all is answered."""
    if len(form.answered) == len(form.instrument.statements):
        st.success(
            _(
                "Thank you: all is answered and saved. You may change an answer until your organisation "
                "completes its assessment, or close this window now."
            )
        )
    areas = list(form.instrument.areas)
    at = [one.id for one in areas].index(area.id)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if at > 0:
            _draw_way(_("Back: {area}"), "form_back", ":material/arrow_back:", areas[at - 1])
        if at + 1 < len(areas):
            _draw_way(_("Next: {area}"), "form_next", ":material/arrow_forward:", areas[at + 1])


def _draw_way(text: str, key: str, icon: str, area: Category) -> None:
    name = label(text.format(area=say(area.name)))
    st.button(name, key=key, icon=icon, on_click=_go_to, args=(area.id,))


def _go_to(area: str) -> None:
    turn()
    st.session_state[_AREA] = area
