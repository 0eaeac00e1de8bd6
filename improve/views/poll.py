"""A poll of colleagues, as those who lead it see it: who is invited, how many have finished, the spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from improve.assessment import Sheet, link_of, tally_of, voters_of
from improve.disclosure import Figure
from improve.instruments import Criterion, Option, say
from improve.language import _, ngettext
from improve.model import Viewer
from improve.store import Poll, Store
from improve.views.choice import reason_sentences

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody invited: their number in the poll, name, and what stands in the address of their form."""

    number: int
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Polled:
    """A criterion with how many gave each answer, by turn: nothing of a turn that is open.

    `agreed` is the answer that everybody gave in the last closed turn, None where they differ.
    """

    criterion: Criterion
    spread: Mapping[int, Figure[tuple[int, ...]]]
    agreed: int | None


@dataclass(frozen=True, slots=True)
class PollView:
    """All that is shown of a poll. `options` are in the order of the counts.

    `invited` are empty once a second turn cannot be opened any more. `shown_turn` is the last closed one.
    """

    poll: Poll
    function: str
    invited: tuple[Invited, ...]
    finished: int
    options: tuple[Option, ...]
    criteria: tuple[Polled, ...]
    shown_turn: int
    finding: str


def poll_view(store: Store, viewer: Viewer, sheet: Sheet, poll: Poll) -> PollView:
    """A poll that is going on. AssessmentError for who does not answer this assessment."""
    tally = tally_of(store, viewer, sheet, poll)
    poll = tally.poll
    shown = poll.turn if poll.closed_at is not None else poll.turn - 1
    invited = tuple(
        Invited(one.number, one.name, link_of(store, poll, one.number))
        for one in voters_of(store, viewer, sheet, poll)
    )
    function = next(one for one in sheet.instrument.functions if one.id == poll.section)
    criteria = tuple(
        Polled(
            one,
            {turn: spread[one.id] for turn, spread in tally.spread.items() if turn <= shown},
            tally.agreed.get(one.id),
        )
        for one in sheet.criteria_of(poll.section)
    )
    return PollView(
        poll=poll,
        function=say(function.name),
        invited=invited,
        finished=tally.finished,
        options=sheet.instrument.answers,
        criteria=criteria,
        shown_turn=shown,
        finding=_finding(criteria, shown),
    )


def _finding(criteria: tuple[Polled, ...], shown: int) -> str:
    """Where everybody agrees, and where not."""
    if not shown:
        return ""
    told = [one for one in criteria if one.spread[shown].value is not None]
    if not told:
        return _("Fewer than two colleagues answered, so there is no spread to show.")
    apart = [say(one.criterion.topic) for one in told if one.agreed is None]
    if not apart:
        return _("Everybody gave the same answers.")
    return ngettext(
        "Everybody agrees on {agreed} of {n} criteria. Talk about this one: {topics}.",
        "Everybody agrees on {agreed} of {n} criteria. Talk about these: {topics}.",
        len(apart),
    ).format(agreed=len(told) - len(apart), n=len(criteria), topics=", ".join(apart))


def state(view: PollView) -> str:
    """Where the poll stands."""
    if view.poll.closed_at is None:
        if not view.invited:
            return _("The poll is open. Nobody is invited yet.")
        text = ngettext(
            "{finished} of {n} colleague has finished. Nothing is shown until the poll is closed.",
            "{finished} of {n} colleagues have finished. Nothing is shown until the poll is closed.",
            len(view.invited),
        ).format(finished=view.finished, n=len(view.invited))
        return _("Second time: {state}").format(state=text) if view.poll.turn == 2 else text
    return _("The poll is closed. Talk about it, then agree on one answer to each criterion.")


def in_words(view: PollView, figure: Figure[tuple[int, ...]]) -> str:
    """How many gave each answer, or why that is not told."""
    if figure.value is None:
        return "" if figure.withheld is None else reason_sentences()[figure.withheld]
    return ", ".join(
        _("{answer} {n}").format(answer=say(option.label), n=n)
        for option, n in zip(view.options, figure.value, strict=True)
        if n
    )


def spread_table(view: PollView) -> list[dict[str, str]]:
    """How many gave each answer to each criterion, in every turn that is closed."""
    found = []
    for one in view.criteria:
        row = {
            _("Level"): str(one.criterion.level),
            _("Criterion"): say(one.criterion.topic) + ": " + say(one.criterion.text),
        }
        for turn in range(1, view.shown_turn + 1):
            name = _("First answers") if turn == 1 else _("Second answers")
            row[name] = in_words(view, one.spread[turn])
        found.append(row)
    return found


def _places(view: PollView) -> list[int]:
    """The places of the answers from not met to met: where each is drawn."""
    rank = {"not_met": 0, "to_find_out": 1, None: 2, "met": 3}
    return sorted(range(len(view.options)), key=lambda at: rank.get(view.options[at].group, 2))


def drawn_answers(view: PollView) -> tuple[str, ...]:
    """The answers in the order in which the chart draws them."""
    return tuple(say(view.options[at].label) for at in _places(view))


def spread_rows(view: PollView) -> list[Row]:
    """A row per criterion, of the last closed turn."""
    found = []
    for order, one in enumerate(view.criteria):
        figure = one.spread[view.shown_turn]
        said = in_words(view, figure)
        found.append(
            {
                "order": order,
                "label": say(one.criterion.topic),
                "note": _("all agree") if one.agreed is not None else "",
                "sentence": _("{topic}: {answers}").format(topic=say(one.criterion.topic), answers=said),
                "median": None,
                "withheld": None if figure.value is not None else said,
            }
        )
    return found


def spread_bars(view: PollView) -> list[Row]:
    """A bar per criterion and answer, as shares from 0 to 1, with the number on it."""
    found = []
    for order, one in enumerate(view.criteria):
        counts = one.spread[view.shown_turn].value
        if counts is None:
            continue
        before = 0
        for place, at in enumerate(_places(view)):
            n = counts[at]
            if n:
                x0, x1 = before / sum(counts), (before + n) / sum(counts)
                found.append({"order": order, "place": place, "x0": x0, "x1": x1, "label": str(n)})
            before += n
    return found


def method() -> tuple[str, ...]:
    """How the spread was made."""
    return (
        _(
            "Each colleague answered alone, by a private link. Nothing is shown until the poll is closed; "
            "then how many gave each answer, from two colleagues up, never who. It enters no benchmark."
        ),
    )
