"""Shared services > Readiness: five areas per partner, what to prepare, a new partner's fit."""

import streamlit as st

from improve.language import _
from improve.views.choice import Subject
from improve.views.readiness import readiness_view
from improve.web import filters, readiness
from improve.web.text import plain

store, viewer, selection = filters.opening(Subject.READINESS)
wish = readiness.choose(store, viewer, selection)
view = readiness.shown_view(readiness_view(store, viewer, selection, wish))

filters.draw_heading(_("Readiness for a shared service"), view.choice)
filters.draw_notices(view.notices)
if view.instrument is None:
    st.info(view.finding)
    readiness.draw_ways(view)
    st.stop()

if place := readiness.place(view):
    st.markdown(plain(place))
for note in view.notes:
    st.caption(":material/info: " + plain(note))
area = readiness.chosen_area(view)
readiness.draw_headline(view)
readiness.draw_ways(view)
readiness.draw_map(view, area)
readiness.draw_area(view, area)
readiness.draw_roles(view)
readiness.draw_progress(view)
readiness.draw_national(view)
readiness.draw_fits(view)

tried = readiness.ask_what_if(view, wish)
if tried.targets:
    readiness.draw_what_if(readiness_view(store, viewer, selection, tried))
