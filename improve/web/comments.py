"""The parts of the Comments page that touch Streamlit: filters, themes, the comments themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from improve.charts import ThemesWords, themes_spec
from improve.instruments import say
from improve.language import _, whole
from improve.model import Viewer
from improve.store import Store
from improve.views import comments_sentence, sentence
from improve.views.choice import Choice
from improve.views.comments import (
    SORTS,
    Band,
    CommentsView,
    ShownComment,
    Theme,
    Wish,
    approve,
    is_readable,
)
from improve.web import filters
from improve.web.block import Block, draw_block, footer, marked, picked
from improve.web.text import plain


def ask(choice: Choice) -> tuple[Wish, str | None]:
    """One filter at a time, and the order; kept in the address. While presenting there is neither."""
    survey = choice.survey
    if filters.presenting() or survey is None or not is_readable(choice):
        return Wish(), None
    labels = {
        "all": _("All"),
        "words": _("Words"),
        "aspect": _("Aspect"),
        "category": _("Category"),
        "band": _("Score"),
    }
    orders = {
        "mixed": _("Mixed"),
        "grumpiest": _("Grumpiest first"),
        "happiest": _("Happiest first"),
    }
    names: dict[str, dict[str, str]] = {
        "aspect": {one.id: say(one.short) for one in survey.aspects},
        "category": {one.id: say(one.name) for one in survey.categories},
        "band": {band.value: comments_sentence.band_label(band) for band in Band},
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            _("Filter by (one at a time)"),
            list(labels),
            default="all",
            format_func=labels.__getitem__,
            key="filter",
            bind="query-params",
            required=True,
        )
        wanted = None
        if kind == "words":
            wanted = st.text_input(_("Search for"), key="words", max_chars=60, bind="query-params")
        elif kind in names:
            wanted = st.selectbox(
                labels[kind],
                list(names[kind]),
                index=None,
                format_func=lambda id_: names[kind].get(id_, str(id_)),
                placeholder=_("Choose one"),
                key=_WIDGETS[kind],
                bind="query-params",
            )
        order = st.segmented_control(
            _("Order"),
            SORTS,
            default=SORTS[0],
            format_func=orders.__getitem__,
            key="listing",
            bind="query-params",
            required=True,
        )
    return Wish(**{kind: wanted}) if kind in names or kind == "words" else Wish(), order


_WIDGETS = {"aspect": "about", "category": "category", "band": "score"}
"""The public names of the filters; what other pages call "aspect" is another choice."""


def page() -> int:
    """Which page of comments is open."""
    return int(st.session_state.get("page", 1))


def theme_was_clicked() -> None:
    """A bar that was clicked is the aspect to read about."""
    row = picked("themes")
    if row is not None:
        st.session_state["filter"] = "aspect"
        st.session_state["about"] = row
        st.session_state["page"] = 1


def draw_themes(view: CommentsView, chosen: str | None) -> None:
    """What they speak of, as bars that are a filter too."""
    counted = [theme for theme in view.themes if theme.people.value is not None]
    few = [theme.short for theme in view.themes if theme.people.value is None]
    if counted:
        _draw_counted(view, counted, chosen)
    if few:
        st.caption(plain(_("Fewer than 10 people speak of: {aspects}.").format(aspects=", ".join(few))))


def _draw_counted(view: CommentsView, themes: Sequence[Theme], chosen: str | None) -> None:
    most = max(theme.people.value or 0 for theme in themes)
    words = ThemesWords(axis=marked(_("People who speak of it in a comment")))
    draw_block(
        Block(
            key="themes",
            heading=_("What they speak of"),
            finding="",
            spec=partial(themes_spec, words, len(themes), most),
            datasets={"rows": [_row(order, theme, chosen) for order, theme in enumerate(themes)]},
            alt=view.alt,
            table=lambda: [
                {
                    _("Aspect"): theme.short,
                    _("People"): _people(theme),
                    _("Words they use"): ", ".join(theme.terms),
                }
                for theme in view.themes
            ],
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        ),
        on_select=theme_was_clicked,
    )


def _people(theme: Theme) -> str:
    return sentence.because(theme.people) if theme.people.value is None else whole(theme.people.value)


def _row(order: int, theme: Theme, chosen: str | None) -> dict[str, object]:
    people = _("fewer than 10") if theme.people.value is None else whole(theme.people.value)
    return {
        "order": order,
        "row": theme.id,
        "label": theme.short,
        "people": theme.people.value,
        "note": people,
        "sentence": _("{aspect}: {people} people. Their words: {terms}.").format(
            aspect=theme.short, people=people, terms=", ".join(theme.terms)
        ),
        "chosen": theme.id == chosen,
    }


def draw_comments(store: Store, viewer: Viewer, view: CommentsView) -> None:
    """The comments of this page, each with what it is about; a facilitator approves here."""
    st.header(_("Comments"))
    st.markdown("**" + plain(view.finding) + "**")
    for place, one in enumerate(view.comments):
        with st.container(border=True):
            st.markdown(("## " if filters.presenting() else "") + "“" + plain(one.text) + "”")
            if not filters.presenting():
                with st.container(horizontal=True, horizontal_alignment="distribute"):
                    st.caption(plain(" · ".join((one.question, *one.themes))))
                    if view.may_approve:
                        _draw_approval(store, viewer, view, one, place)
    if view.pages > 1:
        st.pagination(view.pages, key="page")


def _draw_approval(store: Store, viewer: Viewer, view: CommentsView, one: ShownComment, place: int) -> None:
    assert view.choice.round is not None
    # The browser sees it: the comment's own key would say which of them came in one file.
    key = f"approve_{place}"

    def changed(label: str = view.choice.round.label) -> None:
        approve(store, viewer, label, [one.key], bool(st.session_state[key]))

    st.session_state[key] = one.is_approved
    st.toggle(_("On the big screen"), key=key, on_change=changed)
