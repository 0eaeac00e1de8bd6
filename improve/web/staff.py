"""The part of the Import page that takes in a staff list: how many people there are in each group."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from improve.errors import ImproveError
from improve.instruments import read_library, say
from improve.intake import StaffPlan, StaffRequest, plan_staff, staff_template, take_in_staff
from improve.language import _, whole
from improve.store import Store
from improve.views.choice import organisation_name
from improve.web import importing
from improve.web.importing import Part, Whose
from improve.web.navigation import RESPONSE
from improve.web.text import plain, plain_rows


def ask(whose: Whose) -> StaffRequest | None:
    """The file; None until it is there."""
    upload = importing.uploaded(
        Part.STAFF,
        _("Staff list (CSV or XLSX)"),
        _("How many people there are in each directorate and role, or one row per person."),
        whose,
    )
    st.caption(
        _(
            "Only how many people there are in each directorate, and in each role, is stored: "
            "never the two together, and nothing about a person."
        )
    )
    if upload is None or whose.organisation is None or whose.round is None:
        return None
    return StaffRequest(
        content=upload.getvalue(),
        file_name=upload.name,
        organisation=whose.organisation,
        round=whose.round,
    )


def draw_template(store: Store, whose: Whose) -> None:
    """A list to fill in, before there is one."""
    st.header(_("No file yet? Start from a template"))
    st.download_button(
        _("Staff list (CSV)"),
        data=partial(staff_template, store, read_library(), whose.organisation, whose.round),
        file_name="staff.csv",
        mime="text/csv",
        key="template_csv_staff",
        icon=":material/download:",
        on_click="ignore",
    )


def plan(store: Store, request: StaffRequest) -> StaffPlan | None:
    """What the list comes to; None (and the reason on the page) where it cannot be read at all."""

    def work_out(wanted: StaffRequest, _progress: Callable[[float], None]) -> StaffPlan:
        return plan_staff(store, read_library(), wanted)

    return importing.planned(store, request, work_out)


def draw_understanding(plan: StaffPlan) -> None:
    """Which columns were read, and which were not."""
    st.header(_("What was understood"))
    nothing = _("none")
    st.markdown(
        plain(
            _("Columns that were read: {read}. Columns that were not, and are not stored: {unused}.").format(
                read=", ".join(one.column for one in plan.found.columns) or nothing,
                unused=", ".join(one.column for one in plan.found.unused) or nothing,
            )
        )
    )


def draw_groups(plan: StaffPlan) -> None:
    """How many people there are in each group, one question at a time."""
    for question in plan.questions:
        name = say(question.short)
        st.subheader(plain(name))
        rows = [
            {_("Group"): group.label, _("People"): whole(group.people)}
            for group in plan.found.groups
            if group.item == question.id
        ]
        total = {_("Group"): _("All groups"), _("People"): whole(plan.found.people(question.id))}
        st.table(plain_rows([*rows, total]), alt=_("People by {question}").format(question=name))


def draw_button(store: Store, plan: StaffPlan) -> None:
    """The one button that stores it."""
    if importing.is_told_to_store(plan.refusals):
        try:
            take_in_staff(store, plan)
        except ImproveError as error:
            st.error(plain(str(error)))
            return
        sentence = _("The staff list of {organisation} is stored in round {round}.").format(
            organisation=organisation_name(plan.organisation), round=plan.label
        )
        importing.finish(sentence, RESPONSE, _("See the response"))
