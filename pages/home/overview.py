"""Home > Overview: what stands out for us, and what to look at next."""

import streamlit as st

from improve.language import _
from improve.views.home import home_view
from improve.web import filters, home
from improve.web.text import plain

store, viewer, selection = filters.opening()
view = home_view(store, viewer, selection)

filters.draw_heading(_("Home"), view.choice)
filters.draw_notices(view.choice.notices)
if view.scores.survey is None:
    st.info(view.scores.finding)
    st.stop()

st.markdown("**" + plain(view.scores.finding) + "**")
home.draw_headline(view)
home.draw_standing_out(view)
home.draw_peers(view)
home.draw_links()
