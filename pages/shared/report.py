"""Shared services > Readiness report: one A4 sheet, from the browser's own print."""

import streamlit as st

from improve.language import _
from improve.views.choice import Subject
from improve.views.readiness import readiness_view
from improve.web import filters, readiness, readiness_report

store, viewer, selection = filters.opening(Subject.READINESS)
wish = readiness.choose(store, viewer, selection)
view = readiness.shown_view(readiness_view(store, viewer, selection, wish))

st.title(_("Readiness report"))
filters.draw_notices(view.notices)
if view.instrument is None or not view.rows:
    st.info(view.finding)
    st.stop()

with st.container(gap="xxsmall"):
    readiness_report.draw_partners(view, readiness.place(view))
    readiness_report.draw_scores(view)
    readiness_report.draw_preparations(view)
    readiness_report.draw_differences(view)
    readiness_report.draw_small_print(view)
