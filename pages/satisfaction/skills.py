"""User satisfaction > Skills: what our users can do, want to learn, or do not care about."""

import streamlit as st

from improve.language import _
from improve.web import filters

store, viewer, selection = filters.opening()
st.title(_("Skills"))
