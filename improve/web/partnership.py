"""The parts of readiness's Assess page about a partnership: made, joined, steered and left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from improve.assessment.sheet import LONGEST_NAME
from improve.errors import AssessmentError
from improve.instruments import Readiness, read_library
from improve.language import _
from improve.readiness import (
    admit,
    agreement,
    create,
    decline,
    invite,
    join,
    leave,
    newest_readiness,
    start_round,
    take_back,
)
from improve.store import Store
from improve.views import readiness_assess as shown
from improve.views.readiness_assess import Invitation, Partner, ReadinessAssessView, readiness_assess_view
from improve.web.answering import act, by, draw_error
from improve.web.following import follow
from improve.web.text import label, plain

_CHOSEN = "partnership"
_PLACE, _MAKING, _INVITATIONS = "partnership_place", "partnership_making", "partnership_invitations"
"""Places of the page at which an error is told."""
_CONFIDENTIAL, _OPEN = "confidential", "open"


def follow_others(store: Store, view: ReadinessAssessView) -> None:
    """Draws the page again as soon as somebody else has changed what it shows."""
    follow(partial(shown.revision_of, store, view), view.revision)


def own_code(view: ReadinessAssessView) -> str:
    """The organisation for which the page is."""
    assert view.choice.organisation is not None
    return view.choice.organisation.code


def why_name() -> str:
    """What becomes of the name under which somebody prepares a partnership."""
    return _("Stands beside what you start, join and complete here, for partners to see.")


def draw_agreement(sentences: tuple[str, ...]) -> None:
    """What is shown to whom, as a list."""
    st.markdown("\n".join("- " + plain(one) for one in sentences))


def confirmed(text: str, warning: str, yes: str, key: str, what: Callable[[], object], place: str) -> None:
    """A button that says first what will happen, and does it when that is confirmed."""
    with st.popover(text, key="ask_" + key):
        st.markdown(plain(warning))
        st.button(yes, key=key, on_click=act, args=(what, place))


# ── Invitations, the choice, a new one ─────────────────────────────────────────────────────────


def draw_invitations(store: Store, view: ReadinessAssessView) -> None:
    """Each invitation with what joining would mean, to be accepted or declined."""
    for one in view.invitations:
        with st.container(border=True):
            st.subheader(plain(_("You are invited: {partnership}").format(partnership=one.name)))
            st.markdown(plain(_said_of(one)))
            st.markdown("**" + plain(_("Joining is the agreement to this:")) + "**")
            draw_agreement(one.agreement)
            with st.container(horizontal=True):
                st.button(
                    _("Join and agree"),
                    key=f"join_{one.id}",
                    type="primary",
                    icon=":material/handshake:",
                    on_click=act,
                    args=(partial(_join, store, view, one.id), _INVITATIONS),
                )
                st.button(
                    _("Decline"),
                    key=f"decline_{one.id}",
                    on_click=act,
                    args=(partial(decline, store, view.choice.viewer, one.id, own_code(view)), _INVITATIONS),
                )
    draw_error(_INVITATIONS)


def _said_of(one: Invitation) -> str:
    kind = (
        _("{name} invites you as a candidate. In it so far: {members}.")
        if one.as_candidate
        else _("{name} invites you as a partner. In it so far: {members}.")
    )
    return kind.format(name=one.invited_by, members=", ".join(one.members))


def _join(store: Store, view: ReadinessAssessView, id_: int) -> None:
    join(store, view.choice.viewer, id_, own_code(view), by())
    st.session_state[_CHOSEN] = str(id_)


def choose(store: Store, view: ReadinessAssessView) -> ReadinessAssessView:
    """The view of the partnership to prepare, at first the newest; drawn where there is a choice."""
    if view.partnership is None or len(view.joined) < 2:
        return view
    names = {str(id_): name for id_, name in view.joined.items()}
    if st.session_state.get(_CHOSEN) not in names and _CHOSEN not in st.query_params:
        st.session_state[_CHOSEN] = str(view.partnership.id)
    picked = st.selectbox(
        _("Partnership"),
        list(names),
        format_func=lambda key: names.get(key, str(key)),
        key=_CHOSEN,
        bind="query-params",
    )
    if picked not in names or picked == str(view.partnership.id):
        return view
    return readiness_assess_view(store, view.choice.viewer, view.selection, int(picked))


def draw_new(store: Store, view: ReadinessAssessView) -> None:
    """A new partnership; what its kind means is said before it is made."""
    place = st.expander(
        _("Make a partnership, or check on your own"),
        key="new_partnership",
        expanded=not view.joined,
        on_change="rerun",
    )
    if place.open:
        with place:
            _draw_making(store, view)
    draw_error(_MAKING)


def _draw_making(store: Store, view: ReadinessAssessView) -> None:
    kinds = {
        _OPEN: _("Open: several organisations answer and compare"),
        _CONFIDENTIAL: _("Confidential: a check by your own organisation alone"),
    }
    st.text_input(_("Name of the partnership"), key="partnership_name", max_chars=LONGEST_NAME)
    kind = st.radio(_("Who sees it"), list(kinds), format_func=lambda one: kinds[one], key="partnership_kind")
    draw_agreement(agreement(is_confidential=kind == _CONFIDENTIAL))
    st.button(
        _("Make it and agree"),
        key="partnership_make",
        type="primary",
        icon=":material/add:",
        on_click=act,
        args=(partial(_make, store, view), _MAKING),
    )


def _newest() -> Readiness:
    return newest_readiness([one for one in read_library() if isinstance(one, Readiness)])


def _make(store: Store, view: ReadinessAssessView) -> None:
    made = create(
        store,
        view.choice.viewer,
        own_code(view),
        str(st.session_state.get("partnership_name", "")),
        _newest(),
        by(),
        is_confidential=st.session_state.get("partnership_kind") == _CONFIDENTIAL,
    )
    st.session_state["partnership_name"] = ""
    st.session_state["new_partnership"] = False
    st.session_state[_CHOSEN] = str(made)


# ── One partnership ────────────────────────────────────────────────────────────────────────────


def draw_head(view: ReadinessAssessView) -> None:
    """Its name, round and kind, how far it is, and what was agreed to."""
    assert view.partnership is not None
    one = view.partnership
    st.header(plain(_("{partnership}, round {n}").format(partnership=one.name, n=one.newest.number)))
    st.markdown("**" + plain(view.finding) + "**")
    place = st.expander(
        _("Confidential: what that means") if one.is_confidential else _("Open: who sees what"),
        key="agreement",
        expanded=view.sheet is not None and view.sheet.assessment is None,
        on_change="rerun",
    )
    if place.open:
        with place:
            draw_agreement(view.agreement)


def draw_partners(store: Store, view: ReadinessAssessView) -> None:
    """Who belongs to it and who is asked to; a partner's own people invite and admit others."""
    assert view.partnership is not None
    if view.partnership.is_confidential:
        return
    st.subheader(_("Who belongs to it"))
    for one in view.partners:
        _draw_partner(store, view, one)
    if view.may_steer:
        _draw_inviting(store, view)
    else:
        st.caption(
            _("Only partners invite others. A candidate becomes a partner when one of them admits it.")
        )
    draw_error(_PLACE)


def _draw_partner(store: Store, view: ReadinessAssessView, one: Partner) -> None:
    assert view.partnership is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        name = _("{name} (ourselves)").format(name=one.name) if one.is_own else one.name
        st.markdown("**" + plain(name) + "** · " + plain(shown.state_of(one)), width="content")
        if view.may_steer and one.is_joined and one.is_candidate:
            st.button(
                label(_("Admit {name} as a partner").format(name=one.name)),
                key=f"admit_{one.organisation}",
                on_click=act,
                args=(
                    partial(admit, store, view.choice.viewer, view.partnership.id, one.organisation),
                    _PLACE,
                ),
            )
        if view.may_steer and not one.is_joined:
            st.button(
                label(_("Take back the invitation of {name}").format(name=one.name)),
                key=f"take_back_{one.organisation}",
                type="tertiary",
                on_click=act,
                args=(
                    partial(take_back, store, view.choice.viewer, view.partnership.id, one.organisation),
                    _PLACE,
                ),
            )


def _draw_inviting(store: Store, view: ReadinessAssessView) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Invite an organisation"),
            list(view.invitable),
            index=None,
            format_func=lambda code: view.invitable.get(code, str(code)),
            placeholder=_("Type a name"),
            key="invite_organisation",
        )
        st.checkbox(
            _("as a candidate"),
            key="invite_candidate",
            help=_("A candidate answers too, so that all see how it would fit before it becomes a partner."),
        )
        st.button(
            _("Invite"),
            key="invite",
            icon=":material/person_add:",
            on_click=act,
            args=(partial(_invite, store, view), _PLACE),
        )


def _invite(store: Store, view: ReadinessAssessView) -> None:
    assert view.partnership is not None
    code = st.session_state.get("invite_organisation")
    if code is None:
        raise AssessmentError(_("Choose an organisation first."))
    as_candidate = bool(st.session_state.get("invite_candidate"))
    invite(store, view.choice.viewer, view.partnership.id, code, by(), as_candidate=as_candidate)
    st.session_state["invite_organisation"] = None


def draw_steering(store: Store, view: ReadinessAssessView) -> None:
    """A new round, and the way out."""
    assert view.partnership is not None
    one, viewer = view.partnership, view.choice.viewer
    with st.container(horizontal=True):
        if view.may_steer:
            confirmed(
                _("Start a new round"),
                _(
                    "Round {n} ends with all its private links; what was completed in it is kept. "
                    "Everybody answers anew in the next round."
                ).format(n=one.newest.number),
                _("Yes, start it"),
                "new_round",
                lambda: start_round(store, viewer, one.id, one.newest.number, _newest(), by()),
                _PLACE,
            )
        if not one.is_confidential:
            confirmed(
                _("Leave the partnership"),
                _(
                    "Your links end, the others no longer see your scores by name, and you no longer see "
                    "theirs. To come back you must be invited again."
                ),
                _("Yes, leave it"),
                "leave",
                partial(leave, store, viewer, one.id, own_code(view)),
                _PLACE,
            )
