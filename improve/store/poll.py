"""Polls: colleagues answer one section of an assessment privately; the answers are rows like all else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from improve.errors import AssessmentError
from improve.language import _
from improve.store.assessment import Assessment, Wording, add_answers, assessment_topic_of
from improve.store.door import Store
from improve.store.shelf import kept
from improve.store.survey import now


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll of one section. `turn` is 1, or 2 after colleagues talked about the first.

    While `closed_at` is None its turn is open. `settled_at` is set when its answers are agreed, or it
    was given up.
    """

    id: int
    assessment_id: int
    section: str
    turn: int
    started_at: datetime
    started_by: str
    closed_at: datetime | None
    settled_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether those invited can answer."""
        return self.closed_at is None and self.settled_at is None


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody invited to a poll, by a number of it and a name for those who invited them."""

    number: int
    name: str
    invited_at: datetime
    withdrawn_in: int | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """A private answer to an item, given in a turn."""

    turn: int
    voter: int
    item: str
    code: int


@dataclass(frozen=True, slots=True)
class PollPlace:
    """A poll and where it belongs: what a private link needs to know."""

    poll: Poll
    organisation: str
    instrument: str
    version: str
    is_submitted: bool


def read_polls(store: Store, assessment: Assessment) -> tuple[Poll, ...]:
    """The polls of an assessment, oldest first."""

    def read() -> tuple[Poll, ...]:
        rows = store.rows("polls", {"assessment_id": assessment.id})
        return tuple(Poll(*fields) for fields in rows)

    topics = (assessment_topic_of(assessment.organisation),)
    return kept(store, "polls", assessment.id, topics, read, most=100)


def read_poll(store: Store, poll_id: int) -> PollPlace | None:
    """A poll with its assessment; None where there is none."""
    for row in store.rows("poll", {"poll_id": poll_id}):
        return PollPlace(Poll(*row[:8]), row[8], row[9], row[10], row[11] is not None)
    return None


def read_voters(store: Store, poll: Poll) -> tuple[Voter, ...]:
    """Everybody invited to a poll, in that order, those whose invitation was withdrawn too."""
    return tuple(Voter(*fields) for fields in store.rows("poll_voters", {"poll_id": poll.id}))


def read_ballots(store: Store, poll: Poll) -> tuple[Ballot, ...]:
    """The private answers to a poll, of both turns; whose invitation was withdrawn has none."""
    return tuple(Ballot(*fields) for fields in store.rows("poll_answers", {"poll_id": poll.id}))


def start_poll(store: Store, assessment: Assessment, section: str, by: str) -> int:
    """Starts a poll of a section and returns its id. AssessmentError where it has one already."""
    fields = {"assessment_id": assessment.id, "section": section, "by": by, "now": now()}
    with store.write() as transaction:
        key = {"assessment_id": assessment.id, "organisation": assessment.organisation}
        if transaction.rows("open_assessment", key):
            for (poll_id,) in transaction.rows("insert_poll", fields):
                transaction.touch(assessment_topic_of(assessment.organisation))
                return int(poll_id)
        raise AssessmentError(_("A poll of this function is going on already."))


def invite(store: Store, place: PollPlace, name: str) -> int:
    """Invites somebody to an open poll and returns their number. AssessmentError where it is closed."""
    return _moved(store, place, "insert_poll_voter", {"name": name, "now": now()})


def withdraw(store: Store, place: PollPlace, voter: int) -> None:
    """Takes an invitation back, with the answers of this turn. AssessmentError where the poll is closed."""
    _moved(store, place, "withdraw_poll_voter", {"voter": voter})


def close_poll(store: Store, place: PollPlace) -> None:
    """Closes the turn that is open. AssessmentError where none is."""
    _moved(store, place, "close_poll", {"now": now()})


def reopen_poll(store: Store, place: PollPlace) -> None:
    """Opens the second turn. AssessmentError where the first is not closed, or there was a second."""
    _moved(store, place, "reopen_poll", {})


def settle_poll(store: Store, place: PollPlace) -> None:
    """Ends a poll: its answers are agreed, or it is given up. AssessmentError where it has ended."""
    _moved(store, place, "settle_poll", {"now": now()})


def settle_with_answers(
    store: Store, place: PollPlace, assessment: Assessment, answers: Iterable[Wording], by: str
) -> None:
    """Ends a poll with what was agreed on; both, or neither. AssessmentError where it has ended."""
    with store.write() as transaction:
        if not transaction.rows("settle_poll", {"poll_id": place.poll.id, "now": now()}):
            raise AssessmentError(_("The poll is no longer at that point: somebody moved it on meanwhile."))
        add_answers(transaction, assessment, answers, by, now())


def _moved(store: Store, place: PollPlace, statement: str, fields: Mapping[str, object]) -> int:
    with store.write() as transaction:
        for (number,) in transaction.rows(statement, {"poll_id": place.poll.id, **fields}):
            transaction.touch(assessment_topic_of(place.organisation))
            return int(number)
        raise AssessmentError(_("The poll is no longer at that point: somebody moved it on meanwhile."))


def answer_poll(store: Store, place: PollPlace, voter: int, item: str, code: int) -> None:
    """Keeps a private answer; another to the same item in the same turn takes its place.

    Raises AssessmentError where the poll is closed or the invitation was withdrawn.
    """
    fields = {"poll_id": place.poll.id, "voter": voter, "item": item}
    with store.write() as transaction:
        transaction.run("delete_poll_answer", fields)
        if not transaction.rows("insert_poll_answer", {**fields, "code": code, "now": now()}):
            raise AssessmentError(_("This poll is closed, so the answer was not kept."))
        transaction.touch(assessment_topic_of(place.organisation))
