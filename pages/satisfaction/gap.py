"""User satisfaction > Expectation gap: which aspects matter most and satisfy least."""

import streamlit as st

from improve.language import _
from improve.views.choice import choose
from improve.web import filters, gap
from improve.web.text import plain

store, viewer, selection = filters.opening()
choice = choose(store, viewer, selection)

filters.draw_heading(_("Expectation gap"), choice)
filters.draw_notices(choice.notices)
view = gap.ask(store, viewer, selection)
if view.survey is None:
    st.info(view.finding)
    st.stop()

for note in view.notes:
    st.caption(":material/info: " + plain(note))
gap.draw_overview(view)
gap.draw_aspect(view)
