"""Readiness as a spreadsheet: a form for a person without a link, and what our people answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from improve.assessment.spreadsheet import csv_of, workbook_of
from improve.errors import ImproveError
from improve.instruments import say
from improve.intake import ReadinessPlan, ReadinessRequest, plan_readiness, take_in_readiness
from improve.language import _
from improve.model import Selection
from improve.readiness import Sheet
from improve.readiness.respondent import LONGEST_LABEL
from improve.readiness.spreadsheet import form_csv, form_workbook
from improve.store import Store
from improve.views.readiness import readiness_view
from improve.views.readiness_assess import ReadinessAssessView
from improve.views.readiness_choice import Wish
from improve.views.readiness_paper import own_paper
from improve.web.answering import act, by, draw_error
from improve.web.importing import draw_rejected, draw_verdict
from improve.web.partnership import own_code
from improve.web.text import plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLACE = "readiness_spreadsheet"
"""The place of the page at which an error is told."""
_COUNT, _DONE = "form_count", "form_done"
"""Of a session: how many files were taken in (each has an uploader of its own), and what the last one did."""


def draw_spreadsheet(store: Store, view: ReadinessAssessView) -> None:
    """Files to take away; until the assessment is completed, one to take in as one more respondent."""
    assert view.sheet is not None
    if done := st.session_state.pop(_DONE, None):
        st.success(plain(done))
    draw_error(_PLACE)
    place = st.expander(_("As a spreadsheet"), key="readiness_spreadsheet", on_change="rerun")
    if not place.open:
        return
    with place:
        _draw_files(store, view, view.sheet)
        if view.sheet.completed_at is None:
            _draw_upload(store, view, view.sheet)


def _draw_files(store: Store, view: ReadinessAssessView, sheet: Sheet) -> None:
    files: list[tuple[str, str, str, str, Callable[[], bytes]]] = [
        (_("To fill in (workbook)"), "form", "xlsx", _XLSX, partial(form_workbook, sheet.instrument)),
        (_("To fill in (CSV)"), "form", "csv", "text/csv", partial(form_csv, sheet.instrument)),
    ]
    if sheet.completed_at is not None:
        files = []
    # The operator prepares for others, and does not read what their people answered.
    if sheet.completed_at is not None and view.choice.viewer.organisation == own_code(view):
        answers = partial(_answers, store, view, sheet)
        files = [
            (_("Our answers (workbook)"), "answers", "xlsx", _XLSX, partial(answers, workbook_of)),
            (_("Our answers (CSV)"), "answers", "csv", "text/csv", partial(answers, csv_of)),
        ]
    with st.container(horizontal=True):
        for text, what, kind, mime, made in files:
            st.download_button(
                text,
                data=made,
                file_name=f"readiness.{kind}",
                mime=mime,
                key=f"readiness_{what}_{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def _answers(store: Store, view: ReadinessAssessView, sheet: Sheet, write: Callable[..., bytes]) -> bytes:
    """What our people answered, by role, as the readiness map knows it."""
    wish = Wish(view.joined[sheet.partnership.id], str(sheet.round.number))
    selection = Selection(organisation=own_code(view))
    return write(own_paper(readiness_view(store, view.choice.viewer, selection, wish)))


def _draw_upload(store: Store, view: ReadinessAssessView, sheet: Sheet) -> None:
    roles = {one.id: say(one.name) for one in sheet.instrument.roles}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        role = st.selectbox(
            _("Role of who filled it in"),
            list(roles),
            format_func=lambda one: roles.get(one, str(one)),
            key="form_role",
        )
        name = st.text_input(_("Whose form it is (optional)"), key="form_label", max_chars=LONGEST_LABEL)
    upload = st.file_uploader(
        _("Take in a filled-in form (CSV or XLSX)"),
        key=f"form_{st.session_state.get(_COUNT, 0)}",
        help=_("It counts as one more person asked. Nothing that others have answered changes."),
    )
    if upload is None:
        return
    if not by():
        st.info(_("Say who you are first, at the top of the page: “You answer as”."))
        return
    request = ReadinessRequest(
        upload.getvalue(), upload.name, own_code(view), role, by(), str(sheet.partnership.id), name
    )
    try:
        plan = plan_readiness(store, view.choice.viewer, request)
    except ImproveError as error:
        st.error(plain(str(error)))
        return
    draw_rejected(plan.found.rejected, plan.found.cells_rejected)
    draw_verdict(plan.refusals, plan.remarks)
    st.button(
        _("Take it in"),
        key="form_store",
        type="primary",
        icon=":material/save:",
        disabled=bool(plan.refusals),
        on_click=act,
        args=(partial(_take_in, store, view, plan), _PLACE),
    )


def _take_in(store: Store, view: ReadinessAssessView, plan: ReadinessPlan) -> None:
    take_in_readiness(store, view.choice.viewer, plan)
    st.session_state[_DONE] = _("The form was taken in: one more person has answered.")
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
