"""Collect > Import: a file goes in, or the page says what is wrong; one button stores it."""

import streamlit as st

from improve.language import _
from improve.views.preview import may_import
from improve.web import filters, importing, staff

store, viewer, selection = filters.opening()
st.title(_("Import"))

if not may_import(viewer):
    st.info(_("Files are taken in by the operator. You are looking as somebody else."))
    st.stop()

part, whose = importing.ask_whose(store)

if part is importing.Part.STAFF:
    wanted = staff.ask(whose)
    if wanted is None:
        staff.draw_template(store, whose)
        st.stop()

    staff_plan = staff.plan(store, wanted)
    if staff_plan is None:
        st.stop()

    staff.draw_understanding(staff_plan)
    importing.draw_rejected(staff_plan.found.rejected, staff_plan.found.cells_rejected)
    importing.draw_verdict(staff_plan.refusals, staff_plan.remarks)
    staff.draw_groups(staff_plan)
    staff.draw_button(store, staff_plan)
    st.stop()

request = importing.ask(whose)
if request is None:
    importing.draw_templates()
    st.stop()

plan = importing.plan(store, request)
if plan is None:
    st.stop()

importing.draw_understanding(plan)
importing.draw_problems(plan)
importing.draw_preview(plan)
importing.draw_button(store, plan)
