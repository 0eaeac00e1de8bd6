"""The criteria of the Assess page: four answers each, why one does not apply, evidence, history."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from improve.assessment import answer, history, note_evidence
from improve.assessment.sheet import LONGEST_EVIDENCE, LONGEST_REASON
from improve.instruments import say
from improve.language import _
from improve.store import Store
from improve.views import assess_sentence as sentence
from improve.views.assess import Asked, AssessView, Progress
from improve.web.answering import (
    act,
    by,
    choose,
    draw_error,
    draw_question,
    good_line,
    question_of,
    zone,
)
from improve.web.text import plain, plain_rows


def draw_criteria(store: Store, view: AssessView, function: Progress) -> None:
    """The criteria of a function, level by level, each with its four answers."""
    assert view.sheet is not None
    levels = {one.level: one for one in view.sheet.instrument.levels}
    level = None
    for one in view.criteria_of(function.id):
        if one.criterion.level != level:
            level = one.criterion.level
            st.subheader(plain(_("Level {level}: {name}").format(level=level, name=say(levels[level].name))))
        with st.container(border=True, gap="xsmall", key=f"criterion_{one.criterion.id}"):
            _draw_criterion(store, view, one)


def _draw_criterion(store: Store, view: AssessView, one: Asked) -> None:
    assert view.sheet is not None
    item = one.criterion.id
    question = question_of(one.criterion)
    key = f"answer_{view.sheet.assessment.id}_{item}"
    standing = None if one.answer is None else one.answer.code
    if st.session_state.get(key) is None:
        # What was chosen went when somebody looked at another function: no reason is asked any more.
        _leave_reason(key)
    is_asking_why = _asking(key) in st.session_state
    # What stands is shown, whoever gave it; unless somebody is about to say why it does not apply.
    if not is_asking_why and st.session_state.get(key) != standing:
        st.session_state[key] = standing
    left, right = st.columns([3, 2])
    with left, st.container(gap="xsmall"):
        draw_question(question)
        choose(question, view.sheet.instrument.answers, key, _chosen, (store, view, item, key))
        draw_error(key)
        if is_asking_why:
            _draw_reason(store, view, item, key)
        st.caption(plain(sentence.standing(one, zone())))
    lines = [good_line(question), *(plain(text) for text in sentence.beside(one, view.sheet.last_round))]
    right.caption("  \n".join(line for line in lines if line))
    more = st.expander(_("Evidence and history"), key=f"more_{item}", type="compact", on_change="rerun")
    if more.open:
        with more:
            _draw_evidence(store, view, one)
            _draw_history(store, view, one)


def _asking(key: str) -> str:
    return "why_" + key


def _chosen(store: Store, view: AssessView, item: str, key: str) -> None:
    """Keeps the answer just chosen; one that leaves the count asks for a reason first."""
    assert view.sheet is not None
    code = st.session_state.get(key)
    option = next((one for one in view.sheet.instrument.answers if one.code == code), None)
    st.session_state.pop(_asking(key), None)
    if option is None:
        return
    if option.counts:
        act(partial(answer, store, view.choice.viewer, view.sheet, item, option.code, by()), key)
    else:
        st.session_state[_asking(key)] = True


def _draw_reason(store: Store, view: AssessView, item: str, key: str) -> None:
    with st.form("reason_" + item, border=False):
        st.text_input(
            _("Why does it not apply?"),
            key="reason_text_" + item,
            max_chars=LONGEST_REASON,
            help=_("It is kept once you say why: a no turned into “does not apply” can raise a level."),
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Keep this answer"),
                key="reason_keep_" + item,
                type="primary",
                on_click=_keep_reason,
                args=(store, view, item, key),
            )
            st.form_submit_button(
                _("Leave it as it was"), key="reason_leave_" + item, on_click=_leave_reason, args=(key,)
            )


def _keep_reason(store: Store, view: AssessView, item: str, key: str) -> None:
    assert view.sheet is not None
    sheet, code = view.sheet, int(st.session_state[key])
    reason = str(st.session_state.get("reason_text_" + item, ""))

    def keep() -> None:
        answer(store, view.choice.viewer, sheet, item, code, by(), reason=reason)
        _leave_reason(key)

    act(keep, key)


def _leave_reason(key: str) -> None:
    st.session_state.pop(_asking(key), None)


def _draw_evidence(store: Store, view: AssessView, one: Asked) -> None:
    item = one.criterion.id
    if one.answer is None:
        st.markdown(plain(_("Answer the criterion first, then say what shows it.")))
        return
    if _is_address(one.answer.evidence):
        st.link_button(_("Open the evidence"), one.answer.evidence, icon=":material/open_in_new:")
    key = "evidence_" + item
    # Filled once, when it is opened: what somebody is typing here stays when others change something.
    if key not in st.session_state:
        st.session_state[key] = one.answer.evidence
    with st.form("evidence_form_" + item, border=False):
        st.text_input(_("Evidence: a link, or a few words"), key=key, max_chars=LONGEST_EVIDENCE)
        st.form_submit_button(
            _("Save the evidence"), key="evidence_save_" + item, on_click=_note, args=(store, view, item)
        )
    draw_error(key)


def _is_address(text: str) -> bool:
    """Whether this is the address of a page and nothing else."""
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.netloc) and " " not in text


def _note(store: Store, view: AssessView, item: str) -> None:
    assert view.sheet is not None
    key = "evidence_" + item
    text = str(st.session_state.get(key, ""))
    act(partial(note_evidence, store, view.choice.viewer, view.sheet, item, text, by()), key)


def _draw_history(store: Store, view: AssessView, one: Asked) -> None:
    assert view.sheet is not None
    words = {option.code: say(option.label) for option in view.sheet.instrument.answers}
    found = history(store, view.choice.viewer, view.sheet, one.criterion.id)
    if found:
        rows = [sentence.given(given, words, zone()) for given in found]
        st.table(plain_rows(rows), alt=_("Every answer that was given to this criterion, newest first"))
