"""An assessment as a spreadsheet: taken away from the Assess page, and taken in again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from improve.assessment import submitted_sheet
from improve.assessment.spreadsheet import empty_csv, empty_workbook, sheet_csv, sheet_workbook
from improve.errors import ImproveError
from improve.instruments import Maturity, read_library
from improve.intake import AssessmentPlan, AssessmentRequest, plan_assessment, take_in_assessment
from improve.language import _, ngettext
from improve.store import Store
from improve.views.assess import AssessView
from improve.views.choice import MATURITY
from improve.web.answering import act, by, draw_error
from improve.web.importing import draw_rejected, draw_verdict
from improve.web.text import plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLACE = "spreadsheet"
"""The place of the page at which an error is told."""
_COUNT, _DONE = "filled_count", "filled_done"
"""Of a session: how many files were taken in (each has an uploader of its own), and what the last one did."""


def draw_spreadsheet(store: Store, view: AssessView) -> None:
    """Files to take away, and one to take in: what it would do is said before anything is kept."""
    if done := st.session_state.pop(_DONE, None):
        st.success(plain(done))
    draw_error(_PLACE)
    place = st.expander(_("As a spreadsheet"), key="spreadsheet", on_change="rerun")
    if not place.open:
        return
    with place:
        _draw_files(store, view)
        upload = st.file_uploader(
            _("Take in a filled-in spreadsheet (CSV or XLSX)"),
            key=f"filled_{st.session_state.get(_COUNT, 0)}",
            help=_("A row per criterion, as it was taken away. Every answer stands in the history."),
        )
        if upload is None:
            return
        if not by():
            st.info(_("Say who you are first, at the top of the page: “You answer as”."))
            return
        plan = _plan(store, view, upload.getvalue(), upload.name)
        if plan is not None:
            _draw_plan(store, view, plan)


def _draw_files(store: Store, view: AssessView) -> None:
    """The answers given so far, or those submitted last; an empty form where nothing is being answered."""
    assert view.choice.organisation is not None
    organisation = view.choice.organisation.code
    sheet = view.sheet or submitted_sheet(store, view.choice.viewer, organisation, MATURITY)
    files: list[tuple[str, str, str, str, Callable[[], bytes]]] = []
    if sheet is not None:
        files += [
            (_("Answers (workbook)"), "sheet", "xlsx", _XLSX, partial(sheet_workbook, sheet)),
            (_("Answers (CSV)"), "sheet", "csv", "text/csv", partial(sheet_csv, sheet)),
        ]
    if view.sheet is None:
        files += [
            (_("To fill in (workbook)"), "empty", "xlsx", _XLSX, partial(_empty, empty_workbook)),
            (_("To fill in (CSV)"), "empty", "csv", "text/csv", partial(_empty, empty_csv)),
        ]
    with st.container(horizontal=True):
        for text, what, kind, mime, made in files:
            st.download_button(
                text,
                data=made,
                file_name=f"assessment.{kind}",
                mime=mime,
                key=f"{what}_{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def _empty(make: Callable[[Maturity], bytes]) -> bytes:
    instrument = read_library().get(MATURITY)
    assert isinstance(instrument, Maturity)
    return make(instrument)


def _plan(store: Store, view: AssessView, content: bytes, name: str) -> AssessmentPlan | None:
    assert view.choice.organisation is not None
    request = AssessmentRequest(content, name, view.choice.organisation.code, by())
    try:
        return plan_assessment(store, read_library(), view.choice.viewer, request)
    except ImproveError as error:
        st.error(plain(str(error)))
        return None


def _draw_plan(store: Store, view: AssessView, plan: AssessmentPlan) -> None:
    found = plan.found
    if not found.cells_rejected:
        changed = len(plan.changes) - plan.added
        st.markdown(
            plain(
                _("New answers: {added}. Changed: {changed}. As they stand: {unchanged}.").format(
                    added=plan.added, changed=changed, unchanged=len(plan.unchanged)
                )
            )
        )
    draw_rejected(found.rejected, found.cells_rejected)
    draw_verdict(plan.refusals, plan.remarks)
    st.button(
        _("Take it in"),
        key="filled_store",
        type="primary",
        icon=":material/save:",
        disabled=bool(plan.refusals) or not plan.writes,
        on_click=_take_in,
        args=(store, view, plan),
    )


def _take_in(store: Store, view: AssessView, plan: AssessmentPlan) -> None:
    def keep() -> None:
        n = len(take_in_assessment(store, view.choice.viewer, plan).changes)
        st.session_state[_DONE] = ngettext(
            "{n} answer was taken in.", "{n} answers were taken in.", n
        ).format(n=n)
        st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1

    act(keep, _PLACE)
