"""Polling colleagues: each answers a function privately, nothing is shown until the poll is closed.

Then the spread is shown, colleagues talk about it, may answer a second time, and agree on one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from improve import disclosure
from improve.assessment.sheet import Sheet, checked_answers, checked_name, refuse_strangers
from improve.disclosure import Figure
from improve.errors import AssessmentError
from improve.language import _
from improve.model import Viewer
from improve.store import (
    Ballot,
    Poll,
    PollPlace,
    Store,
    Voter,
    Wording,
    close_poll,
    invite,
    read_ballots,
    read_poll,
    read_polls,
    read_voters,
    reopen_poll,
    settle_poll,
    settle_with_answers,
    start_poll,
    withdraw,
)

MOST_VOTERS = 30


@dataclass(frozen=True, slots=True)
class Tally:
    """What a poll came to.

    `invited` people can answer in its present turn, `finished` have answered every criterion.
    `spread` is turn -> criterion -> how many gave each answer, in the order of the instrument's
    answers. `agreed` is criterion -> code where everybody gave the same in the last closed turn.
    """

    poll: Poll
    invited: int
    finished: int
    spread: Mapping[int, Mapping[str, Figure[tuple[int, ...]]]]
    agreed: Mapping[str, int]


def polls_of(store: Store, viewer: Viewer, sheet: Sheet) -> Mapping[str, Poll]:
    """Function -> its poll that is going on: open, or closed and not yet agreed. Raises AssessmentError."""
    refuse_strangers(viewer, sheet.assessment.organisation)
    return {one.section: one for one in read_polls(store, sheet.assessment) if one.settled_at is None}


def begin_poll(store: Store, viewer: Viewer, sheet: Sheet, function: str, by: str) -> None:
    """Starts a poll of a function, to which colleagues are then invited. Raises AssessmentError."""
    refuse_strangers(viewer, sheet.assessment.organisation)
    if function not in {one.id for one in sheet.instrument.functions}:
        raise AssessmentError(_("There is no function called {id}.").format(id=function))
    start_poll(store, sheet.assessment, function, checked_name(by))


def voters_of(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll) -> tuple[Voter, ...]:
    """Those whose invitation stands, in the order they were invited. Raises AssessmentError."""
    _place(store, viewer, sheet, poll)
    return tuple(one for one in read_voters(store, poll) if one.withdrawn_in is None)


def invite_colleague(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll, name: str) -> int:
    """Invites somebody by name or role and returns their number in the poll. Raises AssessmentError."""
    place = _place(store, viewer, sheet, poll)
    standing = voters_of(store, viewer, sheet, poll)
    name = checked_name(name)
    if len(standing) >= MOST_VOTERS:
        raise AssessmentError(_("A poll asks {most} people at most.").format(most=MOST_VOTERS))
    if name.casefold() in {one.name.casefold() for one in standing}:
        raise AssessmentError(_("{name} is invited already.").format(name=name))
    return invite(store, place, name)


def withdraw_colleague(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll, voter: int) -> None:
    """Takes an invitation back: its link no longer opens. Raises AssessmentError."""
    withdraw(store, _place(store, viewer, sheet, poll), voter)


def close_turn(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll) -> None:
    """Ends the private answering; the spread is shown from now on. Raises AssessmentError."""
    close_poll(store, _place(store, viewer, sheet, poll))


def open_second_turn(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll) -> None:
    """Colleagues answer a second time, by the same links. Raises AssessmentError."""
    reopen_poll(store, _place(store, viewer, sheet, poll))


def put_away(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll) -> None:
    """Ends a poll: what it asked is agreed, or it is given up. Raises AssessmentError."""
    settle_poll(store, _place(store, viewer, sheet, poll))


def agree(
    store: Store,
    viewer: Viewer,
    sheet: Sheet,
    poll: Poll,
    agreed: Mapping[str, tuple[int | None, str]],
    by: str,
) -> None:
    """Keeps what colleagues agreed on after a closed poll, and puts the poll away.

    `agreed` is criterion -> (code, reason why it does not apply). Raises AssessmentError, where a
    criterion of the function has none too.
    """
    place = _place(store, viewer, sheet, poll)
    if place.poll.closed_at is None or place.poll.settled_at is not None:
        raise AssessmentError(_("The poll is no longer at that point: somebody moved it on meanwhile."))
    items = [one.id for one in sheet.criteria_of(poll.section)]
    given = [(item, *agreed.get(item, (None, ""))) for item in items]
    if any(code is None for _item, code, _reason in given):
        raise AssessmentError(_("Agree on one answer to each criterion first."))
    kept = [Wording(item, code, None, reason, poll.id) for item, code, reason in given]
    checked = checked_answers(sheet.instrument, kept)
    settle_with_answers(store, place, sheet.assessment, checked, checked_name(by))


def tally_of(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll) -> Tally:
    """What a poll came to so far: of an open turn no answer at all. Raises AssessmentError."""
    # As it stands now: an older page may still hold a turn as closed that was opened again.
    poll = _place(store, viewer, sheet, poll).poll
    items = [one.id for one in sheet.criteria_of(poll.section)]
    ballots = read_ballots(store, poll)
    standing = {one.number for one in read_voters(store, poll) if one.withdrawn_in is None}
    given: dict[int, set[str]] = {}
    for one in ballots:
        if one.turn == poll.turn:
            given.setdefault(one.voter, set()).add(one.item)
    closed = poll.turn if poll.closed_at is not None else poll.turn - 1
    spread = {
        turn: {item: _spread(sheet, ballots, turn, item, is_open=turn > closed) for item in items}
        for turn in range(1, poll.turn + 1)
    }
    codes = [one.code for one in sheet.instrument.answers]
    agreed: dict[str, int] = {}
    for item, figure in spread.get(closed, {}).items():
        if figure.value is not None and max(figure.value) == sum(figure.value):
            agreed[item] = codes[figure.value.index(max(figure.value))]
    return Tally(
        poll, len(standing), sum(given.get(one, set()) >= set(items) for one in standing), spread, agreed
    )


def _spread(
    sheet: Sheet, ballots: tuple[Ballot, ...], turn: int, item: str, *, is_open: bool
) -> Figure[tuple[int, ...]]:
    counts = tuple(
        sum(one.turn == turn and one.item == item and one.code == option.code for one in ballots)
        for option in sheet.instrument.answers
    )
    return disclosure.poll_figure(is_open, counts)


def _place(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll) -> PollPlace:
    """Where a poll stands now; one of another sheet is none. Raises AssessmentError."""
    refuse_strangers(viewer, sheet.assessment.organisation)
    place = read_poll(store, poll.id)
    if place is None or place.poll.assessment_id != sheet.assessment.id:
        raise AssessmentError(_("This assessment has no such poll."))
    return place
