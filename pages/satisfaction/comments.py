"""User satisfaction > Comments: what they say."""

import streamlit as st

from improve.language import _
from improve.views.choice import choose
from improve.views.comments import comments_view
from improve.web import comments, filters
from improve.web.text import plain

store, viewer, selection = filters.opening()
choice = choose(store, viewer, selection)

filters.draw_heading(_("Comments"), choice)
filters.draw_notices(choice.notices)
themes = st.container()
wish, order = comments.ask(choice)
view = comments_view(
    store,
    viewer,
    selection,
    wish,
    sort=order,
    page=comments.page(),
    only_approved=filters.presenting(),
)

if not filters.presenting():
    with themes:
        comments.draw_themes(view, wish.aspect)
comments.draw_comments(store, viewer, view)
for note in () if filters.presenting() else view.notes:
    st.caption(":material/info: " + plain(note))
