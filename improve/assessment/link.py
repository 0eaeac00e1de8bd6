"""Private links: what is signed into one opens the form of one person in one poll, and nothing else.

A form never shows what was answered before, so that who handed a link out cannot look in with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from improve.errors import AssessmentError
from improve.instruments import Category, Criterion, Maturity
from improve.language import _
from improve.store import (
    Poll,
    PollPlace,
    Store,
    answer_poll,
    keep_secret,
    read_ballots,
    read_maturities,
    read_poll,
    read_voters,
)


@dataclass(frozen=True, slots=True)
class Form:
    """One person's private form. `answered` are the criteria with an answer in this turn, not the answers."""

    place: PollPlace
    voter: int
    instrument: Maturity
    function: Category
    criteria: tuple[Criterion, ...]
    answered: frozenset[str]


def link_of(store: Store, poll: Poll, voter: int) -> str:
    """What stands in the address of somebody's form."""
    return _signer(store).dumps([poll.id, voter])


def form_of(store: Store, link: str) -> Form:
    """The form that a link opens. Raises AssessmentError where it opens none, any longer or ever."""
    try:
        poll_id, voter = _signer(store).loads(link)
    except (BadSignature, ValueError, TypeError) as error:
        raise AssessmentError(
            _("This link opens no poll. It may have been cut off; copy it again, whole.")
        ) from error
    place = read_poll(store, int(poll_id))
    standing = () if place is None else read_voters(store, place.poll)
    if place is None or not any(one.number == voter and one.withdrawn_in is None for one in standing):
        raise AssessmentError(_("This invitation was withdrawn."))
    if not place.poll.is_open or place.is_submitted:
        raise AssessmentError(_("This poll is closed. Thank you for taking part."))
    instrument = read_maturities(store)[place.instrument, place.version]
    section = place.poll.section
    return Form(
        place,
        int(voter),
        instrument,
        next(one for one in instrument.functions if one.id == section),
        tuple(one for one in instrument.criteria if one.function == section),
        frozenset(
            one.item
            for one in read_ballots(store, place.poll)
            if one.voter == voter and one.turn == place.poll.turn
        ),
    )


def vote(store: Store, link: str, item: str, code: int) -> None:
    """Keeps a private answer of the person whose link it is. Raises AssessmentError."""
    form = form_of(store, link)
    if item not in {one.id for one in form.criteria}:
        raise AssessmentError(_("There is no criterion called {item}.").format(item=item))
    if code not in {one.code for one in form.instrument.answers}:
        raise AssessmentError(_("{item}: {code} is none of the answers.").format(item=item, code=code))
    answer_poll(store, form.place, form.voter, item, code)


def _signer(store: Store) -> URLSafeSerializer:
    return URLSafeSerializer(keep_secret(store, "poll_secret", secrets.token_urlsafe(32)), salt="poll")
