"""The parts of readiness's Assess page about an organisation's own people: asking them, completing."""

from __future__ import annotations

from functools import partial

import streamlit as st

from improve.instruments import say
from improve.language import _
from improve.readiness import Sheet, ask, complete, withdraw
from improve.readiness.respondent import LONGEST_LABEL
from improve.store import Store
from improve.views import readiness_assess as shown
from improve.views.assess_sentence import moment
from improve.views.readiness_assess import ReadinessAssessView, Respondent
from improve.web import navigation
from improve.web.answering import act, by, draw_error, zone
from improve.web.linked import address_of
from improve.web.partnership import confirmed
from improve.web.text import label, plain

_ASKING, _COMPLETING = "respondent_asking", "respondent_completing"
"""Places of the page at which an error is told."""


def draw_respondents(store: Store, view: ReadinessAssessView) -> None:
    """Whom we ask, each with a link of their own and how far they are; never what they said."""
    assert view.sheet is not None
    st.subheader(_("Our own people"))
    st.caption(
        _(
            "Each person answers alone, by a private link. Ask several roles: where they differ is worth "
            "talking about. Here stands how many statements each has answered, never what."
        )
    )
    for one in view.respondents:
        with st.container(border=True, gap="xsmall"):
            _draw_respondent(store, view, view.sheet, one)
    if view.sheet.completed_at is None:
        _draw_asking(store, view, view.sheet)
    draw_error(_ASKING)


def _draw_respondent(store: Store, view: ReadinessAssessView, sheet: Sheet, one: Respondent) -> None:
    name = f"{one.role} ({one.label})" if one.label else one.role
    st.markdown("**" + plain(name) + "** · " + plain(shown.told(one, sheet)))
    if one.link is None:
        return
    address = address_of(one.link, navigation.READINESS_ASSESS_ADDRESS, navigation.READINESS_FORM_ADDRESS)
    st.code(address, language=None, wrap_lines=True)
    st.button(
        label(_("Withdraw the link of {name}").format(name=name)),
        key=f"withdraw_{one.number}",
        type="tertiary",
        help=_("It then opens nothing, and what was answered by it does not count."),
        on_click=act,
        args=(partial(withdraw, store, view.choice.viewer, sheet, one.number), _ASKING),
    )


def _draw_asking(store: Store, view: ReadinessAssessView, sheet: Sheet) -> None:
    roles = {one.id: say(one.name) for one in sheet.instrument.roles}
    with st.form("ask_form", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                _("Role"), list(roles), format_func=lambda one: roles.get(one, str(one)), key="ask_role"
            )
            st.text_input(
                _("Whose link this is (optional)"),
                key="ask_label",
                max_chars=LONGEST_LABEL,
                help=_("Helps you hand out the right link. No partner sees it."),
            )
        st.form_submit_button(
            _("Make a private link"),
            key="ask",
            icon=":material/link:",
            on_click=act,
            args=(partial(_ask, store, view, sheet), _ASKING),
        )


def _ask(store: Store, view: ReadinessAssessView, sheet: Sheet) -> None:
    role, name = str(st.session_state["ask_role"]), str(st.session_state.get("ask_label", ""))
    ask(store, view.choice.viewer, sheet, role, name)
    st.session_state["ask_label"] = ""


def draw_completing(store: Store, view: ReadinessAssessView) -> None:
    """What is missing; once somebody has answered all, the way to complete it, confirmed."""
    assert view.sheet is not None
    sheet = view.sheet
    st.subheader(_("Complete our assessment"))
    if sheet.completed_at is not None:
        text = _("Completed {moment}. Its answers stay as they are.")
        st.markdown(":material/lock: " + plain(text.format(moment=moment(sheet.completed_at, zone()))))
    elif sheet.can_be_completed:
        confirmed(
            _("Complete the assessment"),
            _("The private links end, and nothing can be changed any more in this round.")
            if sheet.partnership.is_confidential
            else _(
                "The private links end, nothing can be changed any more in this round, and all who have "
                "joined see your area scores by name."
            ),
            _("Yes, complete it"),
            "complete",
            lambda: complete(store, view.choice.viewer, sheet, by()),
            _COMPLETING,
        )
    else:
        st.markdown(
            plain(
                _(
                    "One person at least must have answered every statement first. “Don't know” is an "
                    "answer too."
                )
            )
        )
    draw_error(_COMPLETING)
