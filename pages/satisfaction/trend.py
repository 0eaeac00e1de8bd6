"""User satisfaction > Trend: did what we changed show?"""

import streamlit as st

from improve.language import _
from improve.views.trend import trend_view
from improve.web import filters, trend
from improve.web.text import plain

store, viewer, selection = filters.opening()
view = trend_view(store, viewer, selection)

filters.draw_heading(_("Trend"), view.choice)
filters.draw_notices(view.choice.notices)
if view.survey is None:
    st.info(view.finding)
    st.stop()

for note in view.notes:
    st.caption(":material/info: " + plain(note))

view = trend.choose_aspect(view)
trend.draw_changes(view)
trend.draw_chosen(view)
trend.draw_actions(store, view)
trend.draw_panels(view)
