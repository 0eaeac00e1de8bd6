"""Partnerships: made, joined and left by those who may, and asked again in a new round.

To whom a partnership is none of their business, it is not there: the same sentence answers them as if
there had never been one (improve/disclosure.py decides).
"""

from __future__ import annotations

from collections.abc import Sequence

from improve import disclosure
from improve.assessment import checked_name
from improve.errors import AssessmentError
from improve.instruments import Readiness
from improve.language import _
from improve.model import Viewer
from improve.store import (
    Partnership,
    Store,
    admit_candidate,
    create_partnership,
    invite_member,
    join_partnership,
    leave_partnership,
    read_organisations,
    read_partnerships,
    start_partnership_round,
    take_back_invitation,
)

INSTRUMENT = "rasp"
"""The id of the instrument of readiness."""
MOST_MEMBERS = 30


def agreement(*, is_confidential: bool, as_candidate: bool = False) -> tuple[str, ...]:
    """What is shown to whom, in sentences: to be read before anybody joins or answers."""
    if is_confidential:
        return (
            _(
                "Confidential: only members of your own organisation see anything of this assessment. No "
                "partner, no other page, no national median and no operator's screen has it."
            ),
            _("It stays confidential; to compare yourselves with partners, make an open partnership."),
            _("As with everything here, whoever runs the server could open the file that holds it."),
        )
    shown = [
        _(
            "All who have joined this partnership, candidates too, see your area scores with your "
            "organisation's name once your assessment is completed; you see theirs."
        ),
        _(
            "Of each statement they see how many partners are how far with it, without names. Among few "
            "partners it can be told whose answer it is."
        ),
        _(
            "Who answered what stays with your own organisation. Partners see that two of your roles differ "
            "only where several people answered in both."
        ),
        _(
            "Your completed assessment counts, unnamed, in the national median of at least seven "
            "organisations. The operator of this service sees what partners see."
        ),
        _(
            "You may leave at any time: the others then no longer see your scores, nor you theirs. Counts "
            "without names keep what you have completed."
        ),
    ]
    if as_candidate:
        shown.insert(
            2,
            _(
                "As a candidate you also show the partners how far you are with each statement, so that all "
                "see what must be agreed first."
            ),
        )
    return tuple(shown)


def newest_readiness(instruments: Sequence[Readiness]) -> Readiness:
    """The newest version of the instrument. AssessmentError where this installation has none."""
    versions = [one for one in instruments if one.id == INSTRUMENT]
    if not versions:
        raise AssessmentError(
            _("This installation has no readiness instrument called {id}.").format(id=INSTRUMENT)
        )
    return max(versions, key=lambda one: one.version_number)


def partnerships_for(store: Store, viewer: Viewer) -> tuple[Partnership, ...]:
    """The partnerships that this viewer may know of, oldest first: belonging to them, or asked to."""
    return tuple(
        one
        for one in read_partnerships(store).values()
        if disclosure.knows_partnership(viewer, one.is_confidential, one.joined | one.asked)
    )


def partnership_for(store: Store, viewer: Viewer, partnership_id: int) -> Partnership:
    """A partnership that this viewer may know of. AssessmentError where there is none."""
    found = next((one for one in partnerships_for(store, viewer) if one.id == partnership_id), None)
    if found is None:
        raise AssessmentError(_("There is no such partnership."))
    return found


def create(
    store: Store,
    viewer: Viewer,
    organisation: str,
    name: str,
    instrument: Readiness,
    by: str,
    *,
    is_confidential: bool,
) -> int:
    """Makes a partnership whose founder has thereby joined, starts its first round, returns its id.

    A confidential one is a check by the founder alone. Raises AssessmentError.
    """
    refuse_strangers(viewer, organisation, is_confidential)
    _known(store, organisation)
    return create_partnership(
        store,
        checked_name(name),
        organisation,
        instrument,
        checked_name(by),
        is_confidential=is_confidential,
    )


def invite(
    store: Store, viewer: Viewer, partnership_id: int, organisation: str, by: str, *, as_candidate: bool
) -> None:
    """Asks an organisation to join, as a partner or as a candidate. Raises AssessmentError."""
    found = _steered(store, viewer, partnership_id)
    if found.is_confidential:
        raise AssessmentError(_("A confidential check has nobody but your own organisation."))
    if len(found.joined | found.asked) >= MOST_MEMBERS:
        raise AssessmentError(_("A partnership has {most} organisations at most.").format(most=MOST_MEMBERS))
    _known(store, organisation)
    invite_member(store, partnership_id, organisation, checked_name(by), as_candidate=as_candidate)


def join(store: Store, viewer: Viewer, partnership_id: int, organisation: str, by: str) -> None:
    """Accepts an invitation: the agreement to what `agreement` says. Raises AssessmentError."""
    refuse_strangers(viewer, organisation, partnership_for(store, viewer, partnership_id).is_confidential)
    join_partnership(store, partnership_id, organisation, checked_name(by))


def decline(store: Store, viewer: Viewer, partnership_id: int, organisation: str) -> None:
    """Turns an invitation down. Raises AssessmentError."""
    found = partnership_for(store, viewer, partnership_id)
    refuse_strangers(viewer, organisation, found.is_confidential)
    if organisation not in found.asked:
        raise AssessmentError(_("There is no invitation any longer that could be declined."))
    leave_partnership(store, partnership_id, organisation)


def take_back(store: Store, viewer: Viewer, partnership_id: int, organisation: str) -> None:
    """Asks an organisation no longer that has not answered yet. Raises AssessmentError."""
    _steered(store, viewer, partnership_id)
    take_back_invitation(store, partnership_id, organisation)


def leave(store: Store, viewer: Viewer, partnership_id: int, organisation: str) -> None:
    """Leaves a partnership, with the scores; links to its forms end. Raises AssessmentError."""
    found = partnership_for(store, viewer, partnership_id)
    refuse_strangers(viewer, organisation, found.is_confidential)
    if found.is_confidential:
        raise AssessmentError(_("A confidential check has nobody but your own organisation."))
    leave_partnership(store, partnership_id, organisation)


def admit(store: Store, viewer: Viewer, partnership_id: int, organisation: str) -> None:
    """Makes a candidate a partner. Raises AssessmentError."""
    _steered(store, viewer, partnership_id)
    admit_candidate(store, partnership_id, organisation)


def start_round(
    store: Store, viewer: Viewer, partnership_id: int, after: int, instrument: Readiness, by: str
) -> int:
    """Ends the round numbered `after`, with its links, and starts the next; the old one is kept.

    Returns its number. Raises AssessmentError.
    """
    _steered(store, viewer, partnership_id)
    return start_partnership_round(store, partnership_id, after, instrument, checked_name(by))


def partners_of(partnership: Partnership) -> frozenset[str]:
    """The organisations that belong to a partnership now and are no candidates."""
    return frozenset(
        one.organisation
        for one in partnership.members
        if one.is_joined and not one.was_candidate(partnership.newest)
    )


def refuse_strangers(viewer: Viewer, organisation: str, is_confidential: bool) -> None:
    """Raises AssessmentError for who may not act in the name of this organisation."""
    if not disclosure.may_prepare(viewer, organisation, is_confidential):
        raise AssessmentError(_("Only the organisation's own members act for it here."))


def _steered(store: Store, viewer: Viewer, partnership_id: int) -> Partnership:
    found = partnership_for(store, viewer, partnership_id)
    if not disclosure.may_steer(viewer, found.is_confidential, partners_of(found)):
        raise AssessmentError(_("Only a partner's own members decide this."))
    return found


def _known(store: Store, organisation: str) -> None:
    if organisation not in {one.code for one in read_organisations(store)}:
        raise AssessmentError(_("The register has no organisation {code}.").format(code=organisation))
