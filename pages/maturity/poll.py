"""The form behind a private link: one person's answers to one poll."""

import streamlit as st

from improve.web import linked

store, form = linked.opening()
if form is None:
    st.stop()

linked.draw_greeting(store, form)
linked.draw_questions(store, form)
linked.draw_end(form)
