"""User satisfaction > Expectation gap: which aspects matter most and satisfy least."""

import streamlit as st

from improve.language import _
from improve.web import filters, gap
from improve.web.text import plain

store, viewer, selection = filters.opening()
view = gap.opened(store, viewer, selection)

filters.draw_heading(_("Expectation gap"), view.choice)
filters.draw_notices(view.choice.notices)
if view.survey is None:
    st.info(view.finding)
    st.stop()

view = gap.arrange(store, viewer, selection, view)
for note in view.notes:
    st.caption(":material/info: " + plain(note))
gap.draw_overview(view)
gap.draw_aspect(view)
