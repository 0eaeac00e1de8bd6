"""Which partnership a viewer looks into, which of its rounds, and what else was wished for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from improve import disclosure
from improve.language import _
from improve.model import Role, Viewer
from improve.store import (
    Partnership,
    PartnershipRound,
    Store,
    read_partner_assessments,
    read_partnerships,
)
from improve.views.choice import Choice


@dataclass(frozen=True, slots=True)
class Wish:
    """What else a viewer asked to see: a wish like a Selection, never a right.

    `partnership` is a label, `number` one of its rounds. `targets` are statement -> code: what would be
    if the organisation's people answered so; nothing of it is ever kept.
    """

    partnership: str | None = None
    number: str | None = None
    targets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class PartnershipChoice:
    """A partnership that this viewer may look into. `label` tells it from others of the same name.

    `numbers` are its rounds, the newest first. `is_candidate`: the organisation is one still.
    """

    id: int
    label: str
    is_confidential: bool
    is_candidate: bool
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoundChoice:
    """A round of a partnership; `closed_at` is None for the one that is open."""

    number: int
    started_at: datetime
    closed_at: datetime | None


def round_choice(round_: PartnershipRound | None) -> RoundChoice | None:
    """A round as a page has it; None for none."""
    return None if round_ is None else RoundChoice(round_.number, round_.started_at, round_.closed_at)


def rounds_seen(viewer: Viewer, partnership: Partnership) -> tuple[PartnershipRound, ...]:
    """The rounds of a partnership that a viewer may look into, the newest first.

    Who has left sees those that were started before, and there its own figures alone.
    """
    if not disclosure.knows_partnership(viewer, partnership.is_confidential, _ever_joined(partnership)):
        return ()
    rounds = tuple(reversed(partnership.rounds))
    if viewer.role is Role.OPERATOR or viewer.organisation in partnership.joined:
        return rounds
    left = [
        one.left_at
        for one in partnership.members
        if one.organisation == viewer.organisation and one.joined_at is not None and one.left_at is not None
    ]
    return tuple(one for one in rounds if any(one.started_at < moment for moment in left))


def _ever_joined(partnership: Partnership) -> frozenset[str]:
    return frozenset(one.organisation for one in partnership.members if one.joined_at is not None)


def partnership_labels(store: Store, viewer: Viewer) -> Mapping[int, str]:
    """Id -> what a partnership is called on every page; of several of one name the later have a number."""
    found: dict[int, str] = {}
    for one in read_partnerships(store).values():
        if disclosure.knows_partnership(viewer, one.is_confidential, _ever_joined(one) | one.asked):
            taken, label, place = set(found.values()), one.name, 1
            while label in taken:
                place += 1
                label = f"{one.name} · {place}"
            found[one.id] = label
    return found


def partnership_choices(
    store: Store, viewer: Viewer, organisation: str | None
) -> tuple[PartnershipChoice, ...]:
    """The partnerships a viewer may look into, the newest first, confidential ones last.

    Where an organisation is chosen, those to which it has belonged: what is on a shared screen first
    is never a confidential one, unless there is no other.
    """
    found, labels = [], partnership_labels(store, viewer)
    known = sorted(
        read_partnerships(store).values(),
        key=lambda one: (one.is_confidential, -one.newest.started_at.timestamp()),
    )
    for one in known:
        numbers = tuple(round_.number for round_ in rounds_seen(viewer, one))
        if not numbers or (organisation is not None and organisation not in _ever_joined(one)):
            continue
        member = one.membership(organisation or "")
        found.append(
            PartnershipChoice(
                one.id,
                labels[one.id],
                one.is_confidential,
                member is not None and member.is_joined and member.was_candidate(one.newest),
                numbers,
            )
        )
    return tuple(found)


def pick(
    store: Store, choice: Choice, wish: Wish
) -> tuple[tuple[PartnershipChoice, ...], PartnershipChoice | None, int | None, tuple[str, ...]]:
    """Partnerships to choose from, the one wished for, the round wished for, and what was not followed."""
    offered = partnership_choices(
        store, choice.viewer, choice.organisation.code if choice.organisation else None
    )
    by_label = {one.label: one for one in offered}
    picked = by_label.get(wish.partnership or "") or next(iter(offered), None)
    notices = []
    if wish.partnership and wish.partnership not in by_label:
        # Whether it is there for others is not told.
        notices.append(_("There is no such partnership for you to look into."))
    if picked is None:
        return offered, None, None, tuple(notices)
    number = None
    if wish.number and wish.number in {str(one) for one in picked.numbers}:
        number = int(wish.number)
    elif wish.number:
        notices.append(_("This partnership has no round {number}.").format(number=wish.number))
    return offered, picked, number, tuple(notices)


def usual_round(
    store: Store, partnership: Partnership, seen: Mapping[int, PartnershipRound]
) -> PartnershipRound:
    """The newest round in which anybody has completed, else the newest."""
    for number in sorted(seen, reverse=True):
        assessments = read_partner_assessments(store, partnership.id, number)
        if any(one.submitted_at is not None for one in assessments.values()):
            return seen[number]
    return seen[max(seen)]
