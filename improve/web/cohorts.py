"""The parts of the Groups page: what can be compared with, neighbours, and groups that people build."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from improve import cohort
from improve.cohort import LONGEST_NAME
from improve.errors import ImproveError
from improve.language import _, ngettext, number
from improve.store import Store
from improve.views import cohorts_sentence as sentence
from improve.views.choice import organisation_name
from improve.views.cohorts import CohortsView, Saved
from improve.web import filters
from improve.web.block import draw_table
from improve.web.text import plain

_LINK = "group"
"""What stands in the address of a group's link."""
_NAME, _MEMBERS, _ERROR, _DONE = "group_name", "group_members", "group_error", "group_done"
_COHORT = "cohort"
"""The choice of all pages: what to compare with."""


def followed() -> str | None:
    """The id of the group whose link was followed."""
    return st.query_params.get(_LINK)


def draw_listed(view: CohortsView) -> None:
    """Every group of the round: chosen by a click in the list, or why it cannot be."""
    st.header(_("What to compare with"))
    st.markdown("**" + plain(view.finding) + "**")
    draw_table(
        [
            {
                _("Group"): one.label,
                _("Councils taking part"): str(one.part),
                _("Compare with it?"): _("Yes")
                if one.reason is None
                else _("No: {why}").format(why=one.reason),
            }
            for one in view.cohorts
        ],
        alt=_("Groups to compare with"),
    )


def draw_neighbours(view: CohortsView) -> None:
    """Who is most like the chosen organisation, how near, and why."""
    st.header(_("Councils like us"))
    st.markdown("**" + plain(view.neighbours_finding) + "**")
    if not view.neighbours:
        return
    draw_table(
        [
            {
                _("Council"): organisation_name(one.organisation),
                _("Distance"): number(one.distance, 2),
                _("Why"): sentence.why_near(one),
            }
            for one in view.neighbours
        ],
        alt=_("Councils like us, nearest first"),
    )
    st.caption(plain(sentence.formula()))
    own = next(one for one in view.cohorts if one.kind.value == "like")
    if own.reason is None:
        _compare_button(own.key, "like")


def _compare_button(key: str, name: str) -> None:
    st.button(
        _("Compare with this group on every page"),
        key=f"compare_{name}",
        icon=":material/compare_arrows:",
        on_click=_compare,
        args=(key,),
    )


def _compare(key: str) -> None:
    st.session_state[_COHORT] = key


# ── Groups that people build ───────────────────────────────────────────────────────────────────


def _act(what: Callable[[], str | None]) -> None:
    """Does it and compares with the group it gives, or keeps the reason why not."""
    try:
        key = what()
    except ImproveError as error:
        st.session_state[_ERROR] = str(error)
        return
    if key is not None:
        st.session_state[_COHORT] = key
        st.session_state[_DONE] = _("Opened. Every page can now compare with it.")


def _draw_outcome() -> None:
    if _ERROR in st.session_state:
        st.error(plain(st.session_state.pop(_ERROR)))
    if _DONE in st.session_state:
        st.success(plain(st.session_state.pop(_DONE)))


def draw_linked(store: Store, view: CohortsView) -> None:
    """The group whose link was followed: who is in it, and what opening it costs."""
    if followed() is None or filters.presenting():
        return
    one = view.linked
    if one is None:
        st.info(
            _("The link you followed leads to no group: it was deleted, or you may not compare with groups.")
        )
        return
    if one.is_opened:
        return
    with st.container(border=True):
        st.header(plain(_("You were sent a group: {name}").format(name=one.name)))
        _draw_members(one)
        st.button(
            _("Open it"),
            key="open_linked",
            type="primary",
            on_click=_act,
            args=(partial(cohort.open_, store, view.choice, one.id),),
        )
        st.caption(plain(_left(view)))
        _draw_outcome()


def _left(view: CohortsView) -> str:
    round_ = "" if view.choice.round is None else view.choice.round.label
    return ngettext(
        "Your organisation has seen {n} of at most {most} such groups in round {round}.",
        "Your organisation has seen {n} of at most {most} such groups in round {round}.",
        view.seen,
    ).format(n=view.seen, most=view.most, round=round_)


def _draw_members(one: Saved) -> None:
    part = len(one.members) - len(one.missing)
    st.markdown(plain(sentence.members_taking_part(part, len(one.members)) + ": ") + _names(one))


def _names(one: Saved) -> str:
    return plain(", ".join(organisation_name(member) for member in one.members))


def draw_saved(store: Store, view: CohortsView) -> None:
    """The groups that were built here or opened by a link."""
    if not view.may_build or not view.saved:
        return
    st.header(_("Our groups"))
    st.caption(plain(_left(view)))
    if view.linked is None or view.linked.is_opened:
        _draw_outcome()
    for one in view.saved:
        with st.container(border=True):
            st.subheader(plain(one.name))
            _draw_members(one)
            if one.missing:
                st.caption(
                    plain(
                        _("Not in this round: {names}.").format(
                            names=", ".join(organisation_name(member) for member in one.missing)
                        )
                    )
                )
            if one.reason is not None:
                st.info(plain(one.reason))
            with st.container(horizontal=True):
                _draw_ways(store, view, one)
            st.caption(_("Its link, for colleagues who may look in too:"))
            st.code(f"/groups?{_LINK}={one.id}", language=None)


def _draw_ways(store: Store, view: CohortsView, one: Saved) -> None:
    if not one.is_opened:
        st.button(
            _("Open it in this round"),
            key=f"open_{one.id}",
            on_click=_act,
            args=(partial(cohort.open_, store, view.choice, one.id),),
        )
    elif one.reason is None:
        _compare_button("group:" + one.id, one.id)
    if one.is_own:
        with st.popover(_("Delete"), key=f"ask_delete_{one.id}"):
            st.markdown(
                plain(
                    _(
                        "It leaves every list, here and where its link was followed. Groups still keep apart "
                        "from it, and it still counts as one that was seen."
                    )
                )
            )
            st.button(
                _("Delete this group"),
                key=f"delete_{one.id}",
                on_click=_act,
                args=(partial(cohort.delete, store, view.choice.viewer, one.id),),
            )


def draw_building(store: Store, view: CohortsView) -> None:
    """A group of one's own: a name and its councils, checked as it is saved."""
    if not view.may_build:
        return
    st.header(_("Build a group"))
    if not view.saved and view.linked is None:
        _draw_outcome()
    names = {one.code: organisation_name(one) for one in view.candidates}
    st.text_input(_("Name"), key=_NAME, max_chars=LONGEST_NAME, persist_state="session")
    st.multiselect(
        _("Councils"),
        list(names),
        format_func=lambda code: names.get(code, str(code)),
        key=_MEMBERS,
        placeholder=_("At least eight that take part in this round"),
        persist_state="session",
    )
    with st.container(horizontal=True):
        st.button(
            _("Start from councils like us"),
            key="start_like",
            disabled=not view.neighbours,
            on_click=_start,
            args=(view,),
        )
        st.button(
            _("Check and save"),
            key="build",
            type="primary",
            icon=":material/check:",
            on_click=_build,
            args=(store, view),
        )
    st.caption(
        plain(
            _(
                "The group shows medians alone, of eight councils or more. It keeps apart from every group "
                "that there is, so the check may ask you to add or leave out a few."
            )
        )
    )


def _start(view: CohortsView) -> None:
    own = [] if view.choice.organisation is None else [view.choice.organisation.code]
    st.session_state[_MEMBERS] = own + [one.organisation.code for one in view.neighbours]


def _build(store: Store, view: CohortsView) -> None:
    name, members = st.session_state.get(_NAME, ""), st.session_state.get(_MEMBERS, [])
    _act(partial(cohort.build, store, view.choice, name, members))
    if _ERROR not in st.session_state:
        st.session_state[_NAME], st.session_state[_MEMBERS] = "", []


def draw_method(view: CohortsView) -> None:
    """How groups are made, and why some are not offered."""
    with st.expander(_("How was this worked out?"), key="method_groups"):
        st.markdown("\n".join("- " + plain(line) for line in view.method))
