"""The form behind a private link: one respondent's answers about readiness."""

import streamlit as st

from improve.web import readiness_form

store, form = readiness_form.opening()
if form is None:
    st.stop()

readiness_form.draw_greeting(store, form)
area = readiness_form.choose_area(form)
readiness_form.draw_area(store, form, area)
readiness_form.draw_onwards(form, area)
