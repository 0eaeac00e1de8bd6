"""The selection shared by all pages: rendered once, here, and kept in the address.

Each widget's key is the public name of its parameter. Streamlit writes the label a person sees into
the address and falls back to the usual value when an address says something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from improve.config import read_settings
from improve.demo import DEFAULT_ORGANISATION
from improve.instruments import say
from improve.language import _
from improve.model import Role, Selection, Viewer
from improve.opening import served
from improve.store import Store, StoreKind
from improve.views.choice import (
    Choice,
    CohortChoice,
    Subject,
    assessment_cohorts_for,
    choose,
    cohorts_for,
    organisation_called,
    organisation_name,
    organisations_for,
    rounds_for,
    surveys_for,
)
from improve.views.sentence import role_label
from improve.web.entry import Door, WayIn, current_door, signed_in_viewer
from improve.web.text import plain

_SHOWN, _DRAWN = "page_shown", "page_drawn"
"""Of a session: the address of the page it is on, and which choices were drawn there before."""
_KEPT = "shown_"
"""Before the name of a choice in the address while presenting."""


def presenting() -> bool:
    """Whether the page is being shown on a projector: no sidebar, no organisation's name."""
    # On the first run of a session the address knows, and the switch does not stand there yet.
    return bool(st.session_state.get("present", st.query_params.get("present") == "true"))


def opening(subject: Subject = Subject.RATINGS) -> tuple[Store, Viewer, Selection]:
    """What every page starts from: the store, who is looking, and what they chose.

    Draws the sidebar. While presenting, nothing is drawn and the choices stand as they were.
    """
    store = served.open(read_settings())
    door = current_door(store)
    if not presenting():
        _forget_address()
    with st.sidebar:
        viewer, organisation = _viewer(store, door)
        selection = _selection(store, viewer, organisation, subject)
    return store, viewer, selection


def choose_one(
    key: str, label: str, options: list[str], shown: Callable[[str], str], usual: str | None = None
) -> str:
    """A choice of one page's own, in the sidebar below those of all; the first is usual if none is said."""
    place = options.index(usual) if usual in options else 0
    with st.sidebar:
        return _choice(key, label, options, place, shown) or options[place]


def choose_here(key: str, label: str, options: Mapping[str, str], *, at_a_glance: bool = False) -> str:
    """A choice of one page's own, in its place on the page; not drawn while presenting.

    `options` are key -> what people read, the usual one first; the address leaves that one out.
    `at_a_glance`: few enough to stand side by side.
    """
    keys = list(options)

    def shown(one: str) -> str:
        return options.get(one, str(one))

    draw = _side_by_side if at_a_glance else _one_of
    return _choice(key, label, keys, 0, shown, draw) or keys[0]


def wished(key: str) -> str | None:
    """What a choice stands at before it is drawn: on the first run of a session only the address knows."""
    found = st.session_state.get(key, st.query_params.get(key, st.query_params.get(_KEPT + key)))
    return None if found is None else str(found)


def is_chosen(key: str) -> bool:
    """Whether a choice was drawn before in this session: what it stands at is then no address's wish."""
    return key in st.session_state


def _forget_address() -> None:
    """Takes what presenting left out of the address: the widgets speak for themselves again."""
    for key in [name for name in st.query_params if name.startswith(_KEPT)]:
        del st.query_params[key]


def _one_of(
    key: str, label: str, options: list[str], usual: int | None, shown: Callable[[str], str]
) -> str | None:
    return st.selectbox(
        label,
        options,
        index=usual,
        format_func=shown,
        key=key,
        bind="query-params",
        placeholder=_("All organisations"),
    )


def _side_by_side(
    key: str, label: str, options: list[str], usual: int | None, shown: Callable[[str], str]
) -> str | None:
    return st.segmented_control(
        label,
        options,
        default=options[usual or 0],
        format_func=shown,
        key=key,
        bind="query-params",
        required=True,
        wrap=True,
    )


def _choice(
    key: str,
    label: str,
    options: list[str],
    usual: int | None,
    shown: Callable[[str], str],
    draw: Callable[[str, str, list[str], int | None, Callable[[str], str]], str | None] = _one_of,
) -> str | None:
    """One choice kept in the address; drawn unless presenting.

    The address of a widget spells the option out, and goes when the widget does. While presenting
    the choice is therefore kept beside it, by its code: the address bar is on the projector too.
    """
    if presenting():
        kept = st.query_params.get(_KEPT + key)
        # On the first run of a session only the address knows. The widget takes it from here later.
        if key not in st.session_state and kept in options:
            st.session_state[key] = kept
        wanted = st.session_state.get(key)
        if wanted not in options:
            return None if usual is None else options[usual]
        if wanted != kept:
            st.query_params[_KEPT + key] = wanted
        return str(wanted)
    keep_on(key)
    picked = draw(key, label, options, usual, shown)
    return picked if picked in options else None if usual is None else options[usual]


def notice_page(address: str) -> None:
    """Notices that another page is shown than in the run before."""
    if st.session_state.get(_SHOWN) != address:
        st.session_state[_SHOWN] = address
        st.session_state[_DRAWN] = set()


def keep_on(key: str) -> None:
    """Keeps what the address chose for a widget when somebody goes on to another page.

    There the address has lost it, and Streamlit would fall back to the usual choice, unless the value
    is set anew the first time (only then: what somebody chooses meanwhile must stand).
    """
    drawn = st.session_state.setdefault(_DRAWN, set())
    if key not in drawn and key in st.session_state and key not in st.query_params:
        st.session_state[key] = st.session_state[key]
    drawn.add(key)


def _viewer(store: Store, door: Door) -> tuple[Viewer, str | None]:
    """Who is looking, and the organisation chosen; "View as" only where the way in allows it."""
    if not door.may_view_as:
        viewer = signed_in_viewer()
        return viewer, organisation_called(store, st.query_params.get("org")) or viewer.organisation
    is_demonstration = door.way is WayIn.DEMONSTRATION
    roles = [role.value for role in Role]
    usual_role = Role.MEMBER if is_demonstration else Role.OPERATOR
    picked = _choice("as", _("View as"), roles, roles.index(usual_role), lambda role: role_label(Role(role)))
    role = Role(picked or usual_role)
    offered = {one.code: one for one in organisations_for(store, Viewer(Role.OPERATOR))}
    if not offered or not (role.has_organisation or role is Role.OPERATOR):
        return Viewer(role), None
    codes = list(offered)
    usual: int | None = 0 if role.has_organisation or len(codes) == 1 else None
    if role.has_organisation and DEFAULT_ORGANISATION in offered:
        usual = codes.index(DEFAULT_ORGANISATION)
    code = _choice("org", _("Organisation"), codes, usual, lambda code: organisation_name(offered[code]))
    return (Viewer(role, code) if role.has_organisation else Viewer(role)), code


def _selection(store: Store, viewer: Viewer, organisation: str | None, subject: Subject) -> Selection:
    """Round, survey and group to compare with."""
    rounds = {one.label: one for one in rounds_for(store, viewer)}
    if not rounds:
        return Selection(organisation=organisation)
    labels = list(rounds)
    usual = next((label for label in labels if rounds[label].is_closed), labels[0])
    if subject is Subject.READINESS:
        # A season in which anybody prepared: partnerships do not keep to the seasons of surveys.
        picked = choose(store, viewer, Selection(), subject).round
        usual = usual if picked is None else picked.label
    label = _choice("round", _("Round"), labels, labels.index(usual), str) or usual
    surveys = {one.id: one for one in surveys_for(store, rounds[label], subject)}
    survey = next(iter(surveys), None)
    if len(surveys) > 1:
        survey = _choice("survey", _("Survey"), list(surveys), 0, lambda id_: say(surveys[id_].title))
    choices: tuple[CohortChoice, ...] = ()
    if subject is Subject.MATURITY:
        choices = assessment_cohorts_for(store, viewer, rounds[label], organisation)
    elif survey is not None:
        choices = cohorts_for(store, viewer, rounds[label], surveys[survey], organisation)
    offered = {one.cohort.key: one for one in choices}
    cohort = None
    if offered:
        cohort = _choice(
            "cohort",
            _("Compare with"),
            list(offered),
            0,
            lambda key: offered[key].label,
        )
    return Selection(
        organisation=organisation,
        round=label,
        cohort=cohort,
        survey=survey,
    )


def compare_with(cohort: str) -> None:
    """Takes a group to compare with, on every page; for a callback."""
    st.session_state["cohort"] = cohort


def look_at(organisation: str) -> None:
    """Takes an organisation to look at, on every page; for a callback. Who may not is shown their own."""
    if "org" in st.session_state:
        st.session_state["org"] = organisation
    else:
        st.query_params["org"] = organisation


def is_demonstration() -> bool:
    """Whether the store served holds invented councils."""
    return served.open(read_settings()).kind is StoreKind.DEMONSTRATION


def describe(choice: Choice) -> str:
    """What is being looked at, in a line; without the organisation's name while presenting."""
    parts = []
    if choice.organisation is not None and not presenting():
        parts.append(organisation_name(choice.organisation))
    if choice.round is not None:
        parts.append(_("round {round}").format(round=choice.round.label))
    if choice.cohort is not None:
        parts.append(_("compared with {group}").format(group=choice.cohort.label))
    return " · ".join(parts)


def draw_heading(title: str, choice: Choice) -> None:
    """The page's one title, what is being looked at, and the way into and out of presenting."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(title)
        st.toggle(
            _("Present"),
            key="present",
            bind="query-params",
            help=_("For a projector: larger, and without the sidebar and any organisation's name."),
        )
    if text := describe(choice):
        st.markdown(plain(text))


def draw_notices(notices: tuple[str, ...]) -> None:
    """Wishes that were not followed; not on a projector, because they may name an organisation."""
    for notice in () if presenting() else notices:
        st.info(plain(notice))
