"""User satisfaction > Response: who answered, and may we rely on it?"""

import streamlit as st

from improve.language import _
from improve.views.response import response_view
from improve.web import filters, response
from improve.web.block import draw_block
from improve.web.text import plain

store, viewer, selection = filters.opening()
view = response_view(store, viewer, selection)

filters.draw_heading(_("Response"), view.choice)
filters.draw_notices(view.choice.notices)
if view.survey is None:
    st.info(view.finding)
    st.stop()

response.draw_headline(view)
for note in view.notes:
    st.caption(":material/info: " + plain(note))
draw_block(response.rate_block(view))

response.draw_verdict(view)
response.draw_arrivals(view)

view = response.arrange(view)
response.draw_groups(view)

response.draw_practices(view)
response.draw_missing(view)
