"""Places > Groups: which councils to compare with: built-in groups, councils like us, and our own."""

import streamlit as st

from improve.language import _
from improve.views.cohorts import cohorts_view
from improve.web import cohorts, filters
from improve.web.text import plain

store, viewer, selection = filters.opening()
view = cohorts_view(store, viewer, selection, cohorts.followed())

filters.draw_heading(_("Groups"), view.choice)
filters.draw_notices(view.choice.notices)
if view.choice.survey is None:
    st.info(view.finding)
    st.stop()

for note in view.notes:
    st.caption(":material/info: " + plain(note))
cohorts.draw_linked(store, view)
cohorts.draw_listed(view)
if not filters.presenting():
    cohorts.draw_neighbours(view)
    cohorts.draw_saved(store, view)
    cohorts.draw_building(store, view)
cohorts.draw_method(view)
