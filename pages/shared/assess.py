"""Shared services > Assess readiness: make or join a partnership, ask our own people, complete."""

import streamlit as st

from improve.language import _
from improve.views.choice import Subject
from improve.views.readiness_assess import readiness_assess_view
from improve.web import answering, assess, filters, partnership, readiness_spreadsheet, respondent
from improve.web.text import plain

store, viewer, selection = filters.opening(Subject.READINESS)
heading = st.container()
view = readiness_assess_view(store, viewer, assess.choose_organisation(store, viewer, selection))

with heading:
    filters.draw_heading(_("Assess readiness"), view.choice)
    filters.draw_notices(view.choice.notices)
if (reason := assess.may_not(view.may_assess, view.finding)) is not None:
    st.info(plain(reason))
    st.stop()

notice = st.container()
answering.ask_name(partnership.why_name())
partnership.draw_invitations(store, view)
view = partnership.choose(store, view)
partnership.follow_others(store, view)
partnership.draw_new(store, view)
if view.partnership is None:
    st.markdown(plain(view.finding))
    with notice:
        answering.draw_error()
    st.stop()

partnership.draw_head(view)
partnership.draw_partners(store, view)
respondent.draw_respondents(store, view)
readiness_spreadsheet.draw_spreadsheet(store, view)
respondent.draw_completing(store, view)
partnership.draw_steering(store, view)
with notice:
    answering.draw_error()
