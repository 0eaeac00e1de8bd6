"""User satisfaction > Skills: what our users can do, want to learn, or do not care about."""

import streamlit as st

from improve.language import _
from improve.views.choice import Subject
from improve.views.skills import skills_view
from improve.web import filters, skills
from improve.web.block import draw_block
from improve.web.text import plain

store, viewer, selection = filters.opening(Subject.SKILLS)
view = skills_view(store, viewer, selection)

filters.draw_heading(_("Skills"), view.choice)
filters.draw_notices(view.choice.notices)
if view.survey is None:
    st.info(view.finding)
    st.stop()

skills.draw_headline(view)
st.markdown("**" + plain(view.finding) + "**")
for note in view.notes:
    st.caption(":material/info: " + plain(note))

draw_block(skills.skills_block(view))
skills.draw_groups(view)
skills.draw_training(view)
skills.draw_barriers(view)
skills.draw_learning(view)
skills.draw_attitudes(view)
