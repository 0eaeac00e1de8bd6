"""Explore > Chart builder: my own chart, shareable by its address."""

import streamlit as st

from improve.language import _
from improve.web import chart, filters
from improve.web.block import draw_block
from improve.web.text import plain

heading, choices = st.container(), st.container()
with choices:
    row = st.container(horizontal=True)
with row:
    question = chart.ask()
store, viewer, selection = filters.opening(question.subject)
view = chart.opened(store, viewer, selection, question)

with heading:
    filters.draw_heading(_("Chart builder"), view.choice)
    filters.draw_notices((*view.choice.notices, *view.notices))
if view.built is None:
    st.info(plain(view.finding))
    st.stop()

with row:
    about = chart.ask_about(view)
with choices:
    view = chart.arrange(store, viewer, selection, view, about)
for note in view.notes:
    st.caption(":material/info: " + plain(note))
draw_block(chart.block(view))
chart.draw_share(view)
