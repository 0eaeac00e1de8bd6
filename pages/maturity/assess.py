"""Digital maturity > Assess: answer the criteria, one function at a time, alone or together."""

import streamlit as st

from improve.language import _
from improve.views.assess import assess_view
from improve.views.choice import Subject
from improve.web import answering, assess, criteria, filters, polling, spreadsheet
from improve.web.text import plain

store, viewer, selection = filters.opening(Subject.MATURITY)
heading = st.container()
view = assess_view(store, viewer, assess.choose_organisation(store, viewer, selection))

with heading:
    filters.draw_heading(_("Assess"), view.choice)
    filters.draw_notices(view.choice.notices)
if (reason := assess.may_not(view.may_assess, view.finding)) is not None:
    st.info(plain(reason))
    st.stop()

assess.follow_others(store, view)
if view.sheet is None:
    assess.draw_beginning(store, view)
    spreadsheet.draw_spreadsheet(store, view)
    st.stop()

notice = st.container()
assess.draw_progress(view)
left, right = st.columns(2)
with left:
    answering.ask_name()
with right:
    function = assess.choose_function(view)
assess.draw_all_functions(view)

assess.draw_function(store, view, function)
poll = polling.polled(store, view, function)
if poll is None:
    polling.draw_start(store, view, function)
else:
    polling.draw_poll(store, view, poll)
    polling.draw_spread(view, poll)

if poll is None or poll.poll.is_open:
    criteria.draw_criteria(store, view, function)
else:
    polling.draw_agreeing(store, view, poll)

assess.draw_onwards(view, function)
assess.draw_submitting(store, view)
spreadsheet.draw_spreadsheet(store, view)

with notice:
    answering.draw_error()
