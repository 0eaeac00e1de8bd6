"""The entry script of every session: way in, navigation, and what stands on every page."""

from pathlib import Path

import streamlit as st

from improve import config, language
from improve.language import _
from improve.opening import served
from improve.store import StoreKind
from improve.web import filters, navigation
from improve.web.entry import current_door

# A file of ours: the browser would ask another host for a named icon.
ICON = Path(__file__).with_name("icon.svg")

settings = config.read_settings()
language.set_default(settings.language)
store = served.open(settings)

is_presenting = filters.presenting()
st.set_page_config(
    page_icon=ICON, layout="wide", initial_sidebar_state="collapsed" if is_presenting else "auto"
)
# Registered before anybody is turned away: until then Streamlit could be asked for a page file itself.
sections = navigation.sections()
page = st.navigation(sections, position="hidden" if is_presenting else "sidebar", expanded=True)
if navigation.is_sheet(page):
    # A sheet to be printed: the sidebar is there for who opens it.
    st.set_page_config(initial_sidebar_state="collapsed")
if navigation.is_by_link(page):
    # Who follows a private link finds its form, and no way to anything else.
    st.navigation(sections, position="hidden")
st.set_page_config(page_title=page.title + " · Improve")
filters.notice_page(page.url_path)
door = current_door(store)

if door.refusal is not None:
    st.title("Improve")
    st.error(door.refusal)
    st.stop()

if not served.is_ready:
    navigation.wait_for_demonstration()
    st.stop()

if served.failure is not None:
    raise served.failure

if store.kind is StoreKind.DEMONSTRATION:
    st.caption(
        ":material/science: " + _("Demonstration data: the councils are invented, and so are their answers.")
    )
page.run()
