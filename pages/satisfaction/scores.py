"""User satisfaction > Scores: our aspects against the national median, quartiles and our last round."""

import streamlit as st

from improve.language import _
from improve.views import sentence
from improve.views.scores import scores_view
from improve.web import filters, scores
from improve.web.block import draw_block
from improve.web.text import plain

store, viewer, selection = filters.opening()
view = scores_view(store, viewer, selection)

filters.draw_heading(_("Scores"), view.choice)
filters.draw_notices(view.choice.notices)
if view.survey is None:
    st.info(view.finding)
    st.stop()

scores.draw_headline(view)
for note in view.notes:
    st.caption(":material/info: " + plain(note))

view = scores.arrange(view)
if view.chosen is not None:
    st.info(plain(sentence.of_score(view.chosen)), icon=":material/search:")
draw_block(scores.scores_block(view), on_select=scores.chart_was_clicked)

if view.chosen is not None:
    scores.draw_aspect(view, view.chosen)
