"""Places > Map: who takes part, and where?"""

import streamlit as st

from improve.language import _
from improve.views.map import map_view
from improve.web import filters, places
from improve.web.block import draw_block
from improve.web.text import plain

store, viewer, selection = filters.opening()
view = map_view(store, viewer, selection)

filters.draw_heading(_("Map"), view.choice)
filters.draw_notices(view.choice.notices)
if view.choice.round is None:
    st.info(view.finding)
    st.stop()

places.draw_headline(view)
for note in view.notes:
    st.caption(":material/info: " + plain(note))

shown = places.arrange(view)
draw_block(places.map_block(view, shown), picture=places.picture_of(view, shown))
draw_block(places.areas_block(view), on_select=places.area_was_clicked)
