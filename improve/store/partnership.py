"""Partnerships: organisations that mean to share a service, who belongs to them, and their rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from improve.errors import AssessmentError
from improve.instruments import Readiness
from improve.language import _
from improve.store.door import Store, Transaction
from improve.store.shelf import kept
from improve.store.survey import keep_instruments, now

PARTNERSHIPS = "partnerships"
"""The revision topic of which partnerships there are, who belongs to them, and their rounds."""


@dataclass(frozen=True, slots=True)
class Membership:
    """An organisation that was asked to join a partnership; `joined_at` is its agreement.

    Who was asked `as_candidate` is one until it is admitted. `left_at` without `joined_at`: declined.
    """

    organisation: str
    as_candidate: bool
    invited_at: datetime
    invited_by: str
    joined_at: datetime | None
    joined_by: str | None
    admitted_at: datetime | None
    left_at: datetime | None

    @property
    def is_joined(self) -> bool:
        """Whether it belongs to the partnership now, as a partner or as a candidate."""
        return self.joined_at is not None and self.left_at is None

    @property
    def is_asked(self) -> bool:
        """Whether it was asked and has not answered yet."""
        return self.joined_at is None and self.left_at is None

    def was_candidate(self, round_: PartnershipRound) -> bool:
        """Whether it was a candidate still when a round ended, or is one now where that is open."""
        return self.admitted_at is None or (
            round_.closed_at is not None and self.admitted_at > round_.closed_at
        )


@dataclass(frozen=True, slots=True)
class PartnershipRound:
    """A round of a partnership, from 1 up; everybody answers the same version in it."""

    number: int
    instrument: str
    version: str
    started_at: datetime
    started_by: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Partnership:
    """A partnership with everybody who was ever asked, in that order, and its rounds."""

    id: int
    name: str
    is_confidential: bool
    organisation: str
    created_at: datetime
    created_by: str
    members: tuple[Membership, ...]
    rounds: tuple[PartnershipRound, ...]

    @property
    def joined(self) -> frozenset[str]:
        """The organisations that belong to it now, candidates included."""
        return frozenset(one.organisation for one in self.members if one.is_joined)

    @property
    def asked(self) -> frozenset[str]:
        """The organisations that were asked and have not answered yet."""
        return frozenset(one.organisation for one in self.members if one.is_asked)

    @property
    def newest(self) -> PartnershipRound:
        """Its last round."""
        return self.rounds[-1]

    def membership(self, organisation: str) -> Membership | None:
        """An organisation's membership or invitation that stands; else None."""
        return next(
            (one for one in self.members if one.organisation == organisation and one.left_at is None), None
        )


def partnership_topic_of(partnership_id: int) -> str:
    """The revision topic of a partnership, its answers included."""
    return "partnership/" + str(partnership_id)


def read_partnerships(store: Store) -> Mapping[int, Partnership]:
    """Every partnership by its id, oldest first; kept until one is written. It knows no viewer."""

    def read() -> Mapping[int, Partnership]:
        members: dict[int, list[Membership]] = {}
        for id_, *fields in store.rows("partnership_members"):
            members.setdefault(id_, []).append(Membership(*fields))
        rounds: dict[int, list[PartnershipRound]] = {}
        for id_, *fields in store.rows("partnership_rounds"):
            rounds.setdefault(id_, []).append(PartnershipRound(*fields))
        # The partnerships last: one that is made meanwhile would else be without members and rounds.
        return {
            row[0]: Partnership(*(*row, tuple(members[row[0]]), tuple(rounds[row[0]])))
            for row in store.rows("partnerships")
            if row[0] in members and row[0] in rounds
        }

    return kept(store, "partnerships", None, (PARTNERSHIPS,), read)


def create_partnership(
    store: Store,
    name: str,
    organisation: str,
    instrument: Readiness,
    by: str,
    *,
    is_confidential: bool,
    moment: datetime | None = None,
) -> int:
    """Makes a partnership with its founder and its first round, and returns its id."""
    moment = moment or now()
    fields = {"organisation": organisation, "by": by, "now": moment}
    with store.write() as transaction:
        keep_instruments(transaction, [instrument], moment)
        made = {**fields, "name": name, "is_confidential": is_confidential}
        partnership_id = int(transaction.rows("insert_partnership", made)[0][0])
        transaction.run("insert_founder", {**fields, "partnership_id": partnership_id})
        _start(transaction, partnership_id, 1, instrument, by, moment)
        return partnership_id


def _start(
    transaction: Transaction,
    partnership_id: int,
    number: int,
    instrument: Readiness,
    by: str,
    moment: datetime,
) -> None:
    transaction.run(
        "insert_partnership_round",
        {
            "partnership_id": partnership_id,
            "number": number,
            "instrument": instrument.id,
            "version": instrument.version,
            "now": moment,
            "by": by,
        },
    )
    _touch(transaction, partnership_id)


def invite_member(
    store: Store,
    partnership_id: int,
    organisation: str,
    by: str,
    *,
    as_candidate: bool,
    moment: datetime | None = None,
) -> None:
    """Asks an organisation to join. AssessmentError where it belongs to it or is asked already."""
    fields = {"as_candidate": as_candidate, "by": by}
    if not _moved(store, partnership_id, organisation, "insert_partnership_member", fields, moment):
        raise AssessmentError(_("This organisation belongs to the partnership, or is invited, already."))


def join_partnership(
    store: Store, partnership_id: int, organisation: str, by: str, moment: datetime | None = None
) -> None:
    """An organisation that was asked agrees. AssessmentError where it was not, or has answered."""
    if not _moved(store, partnership_id, organisation, "join_partnership", {"by": by}, moment):
        raise AssessmentError(_("There is no invitation any longer that could be accepted."))


def leave_partnership(
    store: Store, partnership_id: int, organisation: str, moment: datetime | None = None
) -> None:
    """An organisation declines or leaves. AssessmentError where it does not belong to it."""
    if not _moved(store, partnership_id, organisation, "leave_partnership", {}, moment):
        raise AssessmentError(_("This organisation has left the partnership already."))


def take_back_invitation(
    store: Store, partnership_id: int, organisation: str, moment: datetime | None = None
) -> None:
    """An organisation is no longer asked. AssessmentError where it has answered, or was not asked."""
    if not _moved(store, partnership_id, organisation, "take_back_invitation", {}, moment):
        raise AssessmentError(_("There is no invitation any longer that could be taken back."))


def admit_candidate(
    store: Store, partnership_id: int, organisation: str, moment: datetime | None = None
) -> None:
    """A candidate becomes a partner. AssessmentError where it is no candidate."""
    if not _moved(store, partnership_id, organisation, "admit_candidate", {}, moment):
        raise AssessmentError(_("This organisation is no candidate of the partnership any longer."))


def _moved(
    store: Store,
    partnership_id: int,
    organisation: str,
    statement: str,
    fields: Mapping[str, object],
    moment: datetime | None,
) -> bool:
    key = {"partnership_id": partnership_id, "organisation": organisation, "now": moment or now()}
    with store.write() as transaction:
        is_moved = bool(transaction.rows(statement, {**key, **fields}))
        if is_moved:
            _touch(transaction, partnership_id)
        return is_moved


def start_partnership_round(
    store: Store,
    partnership_id: int,
    after: int,
    instrument: Readiness,
    by: str,
    moment: datetime | None = None,
) -> int:
    """Ends the round numbered `after`, starts the next one, and returns its number.

    AssessmentError where somebody has done so meanwhile.
    """
    moment = moment or now()
    with store.write() as transaction:
        keep_instruments(transaction, [instrument], moment)
        key = {"partnership_id": partnership_id, "number": after, "now": moment}
        if not transaction.rows("close_partnership_round", key):
            raise AssessmentError(_("Somebody has started a new round meanwhile."))
        _start(transaction, partnership_id, after + 1, instrument, by, moment)
        return after + 1


def _touch(transaction: Transaction, partnership_id: int) -> None:
    transaction.touch(PARTNERSHIPS)
    transaction.touch(partnership_topic_of(partnership_id))
