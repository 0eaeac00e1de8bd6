"""What the figures of readiness are made of: a round of a partnership, a viewer, a season beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from improve import disclosure
from improve.disclosure import Figure, Reason
from improve.instruments import Readiness
from improve.model import Viewer
from improve.store import (
    Membership,
    PartnerAssessment,
    Partnership,
    PartnershipRound,
    Store,
    read_organisations,
    read_partner_assessments,
    read_partnerships,
    read_readinesses,
    read_season_readiness,
)
from improve.views.choice import READINESS, Choice, organisation_name
from improve.views.readiness_part import Row
from improve.views.readiness_scored import Scored, SeasonBoard, board_of, points_by_code, scored


@dataclass(frozen=True, slots=True)
class Look:
    """One round of a partnership: who had a part in it, what they answered, what it comes to.

    `joined` belong to the partnership now. `members` had joined when the round ended; those that have left
    since are among them.
    """

    instrument: Readiness
    is_confidential: bool
    joined: frozenset[str]
    candidates: frozenset[str]
    members: frozenset[str]
    assessments: Mapping[str, PartnerAssessment]
    scores: Mapping[str, Scored]

    def is_completed(self, organisation: str) -> bool:
        """Whether an organisation has completed its assessment."""
        one = self.assessments.get(organisation)
        return one is not None and one.submitted_at is not None


def look_of(store: Store, partnership: Partnership, round_: PartnershipRound) -> Look:
    """A round of a partnership, with everybody who had joined when it ended."""
    instrument = read_readinesses(store)[round_.instrument, round_.version]
    last: dict[str, Membership] = {}
    for one in partnership.members:
        if one.joined_at is not None and (round_.closed_at is None or one.joined_at < round_.closed_at):
            last[one.organisation] = one
    assessments = read_partner_assessments(store, partnership.id, round_.number)
    return Look(
        instrument=instrument,
        is_confidential=partnership.is_confidential,
        joined=partnership.joined,
        candidates=frozenset(code for code, one in last.items() if one.was_candidate(round_)),
        members=frozenset(last),
        assessments=assessments,
        scores={code: scored(one, instrument) for code, one in assessments.items()},
    )


def look_alone(store: Store, assessment: PartnerAssessment) -> Look:
    """An organisation's own assessment without the partnership that it was answered for."""
    instrument = read_readinesses(store)[assessment.instrument, assessment.version]
    who = frozenset({assessment.organisation})
    return Look(
        instrument,
        False,
        who,
        frozenset(),
        who,
        {assessment.organisation: assessment},
        {assessment.organisation: scored(assessment, instrument)},
    )


def look_at_nothing(instrument: Readiness) -> Look:
    """The same where there is no partnership to look into."""
    nobody: frozenset[str] = frozenset()
    return Look(instrument, False, nobody, nobody, nobody, {}, {})


@dataclass(frozen=True, slots=True)
class Material:
    """A viewer, one round of a partnership and the one before it, and the seasons to compare with."""

    viewer: Viewer
    own: str | None
    names: Mapping[str, str]
    now: Look
    before: Look | None
    benchmark_reason: Reason | None
    board: SeasonBoard | None
    board_before: SeasonBoard | None
    circles: tuple[frozenset[str], ...]

    def reason(self, organisation: str) -> Reason | None:
        """Why an organisation's scores may not be seen."""
        return disclosure.partner_reason(self.viewer, organisation, self.now.is_confidential, self.now.joined)

    @property
    def shared_reason(self) -> Reason | None:
        """Why what partners share unnamed may not be seen."""
        return disclosure.shared_reason(self.viewer, self.now.is_confidential, self.now.joined)


def material_of(store: Store, choice: Choice, own: str | None, now: Look, before: Look | None) -> Material:
    """Two rounds of a partnership as a viewer comes to them, and the seasons of their choice."""
    round_, previous = choice.round, choice.previous

    def board(label: str, *, is_closed: bool) -> SeasonBoard:
        return board_of(store, read_season_readiness(store, label, READINESS, as_at_closing=is_closed))

    is_told_before = previous is not None and disclosure.benchmark_reason(choice.viewer, previous) is None
    return Material(
        viewer=choice.viewer,
        own=own,
        names={one.code: organisation_name(one) for one in read_organisations(store)},
        now=now,
        before=before,
        benchmark_reason=Reason.UNKNOWN
        if round_ is None
        else disclosure.benchmark_reason(choice.viewer, round_),
        board=None if round_ is None else board(round_.label, is_closed=round_.is_closed),
        board_before=board(previous.label, is_closed=previous.is_closed)
        if previous is not None and is_told_before
        else None,
        circles=_circles(read_partnerships(store).values()),
    )


def _circles(partnerships: Iterable[Partnership]) -> tuple[frozenset[str], ...]:
    """Of each organisation, all with which it has ever shared a partnership, itself included."""
    circles: dict[str, frozenset[str]] = {}
    for one in partnerships:
        members = frozenset(member.organisation for member in one.members if member.joined_at is not None)
        for code in members:
            circles[code] = circles.get(code, frozenset()) | members
    return tuple(set(circles.values()))


def score_of(material: Material, look: Look | None, organisation: str, area: str) -> Figure[float]:
    """A partner's score in an area ("": overall) of this round, or of the one before."""
    if look is None:
        return disclosure.partner_figure(Reason.UNKNOWN, False, False, None)
    found = look.scores.get(organisation)
    value = None
    if found is not None:
        ids = [one.id for one in look.instrument.areas]
        value = found.overall if not area else found.areas[ids.index(area)].score if area in ids else None
    # Whether it may be seen is judged by who belongs to the partnership now.
    is_mine = disclosure.respondents_reason(material.viewer, organisation) is None
    return disclosure.partner_figure(
        material.reason(organisation), is_mine, look.is_completed(organisation), value
    )


def change_of(before: Figure[float], after: Figure[float]) -> Figure[float]:
    """By how much a score moved, where both are released."""
    return disclosure.change_figure(before, after, (after.value or 0.0) - (before.value or 0.0))


def partners_of(rows: Sequence[Row]) -> list[Row]:
    """The rows that the partnership's own figures stand on: partners that completed their assessment."""
    return [one for one in rows if not one.is_candidate and one.completed_at.is_released]


def options_of(instrument: Readiness) -> tuple[int, ...]:
    """The codes by which `states` are counted: those with points from the lowest up, then "don't know"."""
    counting = sorted(one.code for one in instrument.answers if one.counts)
    return (*counting, *(one.code for one in instrument.answers if not one.counts))


def code_of(instrument: Readiness, state: int | None) -> int:
    """A state as a code: that of "don't know" for a blind spot."""
    return options_of(instrument)[-1] if state is None else state


def state_of(instrument: Readiness, code: int) -> int | None:
    """A code as a state: None for an answer that does not count."""
    return points_by_code(instrument)[code]


def told_states(
    instrument: Readiness, states: Figure[tuple[int, ...]], own: Figure[int]
) -> tuple[int | None, ...]:
    """How far those are of whom it is told: the partners, else the organisation alone."""
    if states.value is not None:
        return tuple(
            state_of(instrument, code)
            for code, n in zip(options_of(instrument), states.value, strict=True)
            for _one in range(n)
        )
    return () if own.value is None else (state_of(instrument, own.value),)
