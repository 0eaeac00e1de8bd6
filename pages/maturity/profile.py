"""Digital maturity > Profile: nine functions, and what is one answer away."""

import streamlit as st

from improve.language import _
from improve.views.choice import Subject
from improve.views.maturity import maturity_view
from improve.web import filters, maturity
from improve.web.text import plain

store, viewer, selection = filters.opening(Subject.MATURITY)
view = maturity_view(store, viewer, selection)

filters.draw_heading(_("Digital maturity"), view.choice)
filters.draw_notices(view.choice.notices)
if view.instrument is None:
    st.info(view.finding)
    maturity.draw_way_to_assess(store, view)
    st.stop()

for note in view.notes:
    st.caption(":material/info: " + plain(note))
maturity.draw_way_to_assess(store, view)

maturity.draw_headline(view)
function = maturity.chosen_function(view)
measure = maturity.choose_measure()
maturity.draw_profile(view, measure, function)
maturity.draw_strip(view, function)
maturity.draw_part(view, maturity.choose_part(view), function)
