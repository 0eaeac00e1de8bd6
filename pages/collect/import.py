"""Collect > Import: a survey file goes in, or the page says what is wrong; one button stores it."""

import streamlit as st

from improve.language import _
from improve.views.preview import may_import
from improve.web import filters, importing

store, viewer, selection = filters.opening()
st.title(_("Import"))

if not may_import(viewer):
    st.info(_("Files are taken in by the operator. You are looking as somebody else."))
    st.stop()

request = importing.ask(store)
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
