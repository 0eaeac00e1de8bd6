"""What the demonstration's councils answer to the statements of readiness, and with whom: a fixed seed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field

from improve.demo.plan import SEED, Parameters
from improve.demo.register import DATA, read_demonstration_register
from improve.instruments import Readiness, say
from improve.store.readiness import PastAnswers, PastMember, PastPartnership, Reply

READINESS_ROUNDS = ("2025", "2026")
"""The seasons in which partnerships answered, in one of their own rounds each."""
STARTED, ANSWERED, COMPLETED = (9, 6), 12, 17
"""Day and month on which a round was started; days after it on which it was answered and completed."""
FOUNDER = "Programme manager"
"""Who made a partnership and signs for it, by name."""

Levels = Mapping[str, float]


class Council(Parameters):
    """A council of a partnership. `joins` is the round it came with; of those `absent` it answers nothing.

    Rounds that are `open` it has not completed, and of its people the last `waiting` have not answered
    there. Of `blind` statements nobody knows.
    """

    people: tuple[str, ...]
    levels: Levels = Field(default_factory=dict)
    roles: Mapping[str, Levels] = Field(default_factory=dict)
    joins: int = 1
    candidate: bool = False
    absent: tuple[int, ...] = ()
    open: tuple[int, ...] = ()
    waiting: int = 0
    blind: tuple[str, ...] = ()


class Club(Parameters):
    """A partnership of the demonstration."""

    name: str
    story: str
    levels: Levels
    members: Mapping[str, Council]
    roles: Mapping[str, Levels] = Field(default_factory=dict)
    growth: float | None = None
    confidential: bool = False


class Spread(Parameters):
    """How much statements, councils in a statement, and people differ, in steps."""

    statement: float
    council: float
    person: float


class Alone(Parameters):
    """Councils that check themselves openly, each on its own."""

    name: str
    councils: int
    people: tuple[str, ...]
    levels: Levels
    spread: float


class Said(Parameters):
    """What is written beside an answer, and how often."""

    share: float
    texts: tuple[str, ...]


class Clubs(Parameters):
    """data/demonstration/readiness.yaml."""

    roles: Mapping[str, Levels]
    unknown: Mapping[str, float]
    spread: Spread
    growth: float
    partnerships: tuple[Club, ...]
    alone: Alone
    evidence: Said
    notes: Said


@cache
def read_clubs() -> Clubs:
    """The partnerships of the demonstration, and what their councils' answers look like."""
    return Clubs.model_validate(yaml.safe_load((DATA / "readiness.yaml").read_text(encoding="utf-8")))


def demonstration_partnerships(instrument: Readiness) -> tuple[PastPartnership, ...]:
    """Every partnership of the demonstration; the same instrument gives the same."""
    return tuple(_Preparing(instrument).partnerships())


@dataclass(frozen=True, slots=True)
class _Person:
    """Whose eyes a statement is seen with: a round of a council of a partnership, and a role."""

    club: Club
    code: str
    number: int
    role: str


class _Preparing:
    """All answers of the demonstration to one instrument."""

    def __init__(self, instrument: Readiness) -> None:
        self.instrument, self.clubs = instrument, read_clubs()
        self.rng = np.random.default_rng([SEED, 7])
        self.ease = self.clubs.spread.statement * self.rng.standard_normal(len(instrument.statements))
        counting = [one.code for one in instrument.answers if one.counts]
        self.highest = max(counting)
        self.unknown = next((one.code for one in instrument.answers if not one.counts), 0)

    def partnerships(self) -> Iterator[PastPartnership]:
        """Those with a story, then the councils on their own."""
        for club in (*self.clubs.partnerships, *self._alone()):
            starts = tuple(datetime(int(label), STARTED[1], STARTED[0], 10) for label in READINESS_ROUNDS)
            yield PastPartnership(
                name=club.name,
                members=tuple(
                    PastMember(code, starts[one.joins - 1], one.candidate)
                    for code, one in club.members.items()
                ),
                started=starts,
                answers=tuple(
                    self._answers(club, code, number)
                    for number in range(1, len(starts) + 1)
                    for code, one in club.members.items()
                    if number >= one.joins and number not in one.absent
                ),
                by=FOUNDER,
                is_confidential=club.confidential,
            )

    def _alone(self) -> Iterator[Club]:
        alone = self.clubs.alone
        taken = {code for club in self.clubs.partnerships for code in club.members}
        free = [
            one.code for one in read_demonstration_register() if one.code not in taken and not one.is_trial
        ]
        for code in sorted(self.rng.choice(free, alone.councils, replace=False).tolist()):
            shift = alone.spread * self.rng.standard_normal()
            levels = {area: level + shift for area, level in alone.levels.items()}
            people = Council(people=alone.people[: 1 + int(self.rng.integers(len(alone.people)))])
            yield Club(name=alone.name, story="", levels=levels, members={code: people})

    def _answers(self, club: Club, code: str, number: int) -> PastAnswers:
        council = club.members[code]
        year = READINESS_ROUNDS[number - 1]
        started = datetime(int(year), STARTED[1], STARTED[0], 10)
        own = self.clubs.spread.council * self.rng.standard_normal(len(self.instrument.statements))
        respondents = []
        for place, role in enumerate(council.people):
            is_waiting = number in council.open and place >= len(council.people) - council.waiting
            person = _Person(club, code, number, role)
            respondents.append((role, "", {} if is_waiting else self._replies(person, own, year)))
        is_open = number in council.open
        return PastAnswers(
            number=number,
            organisation=code,
            respondents=tuple(respondents),
            answered_at=started + timedelta(days=ANSWERED),
            submitted_at=None if is_open else started + timedelta(days=COMPLETED),
            round=None if is_open else year,
        )

    def _replies(self, person: _Person, own: NDArray[np.float64], year: str) -> Mapping[str, Reply]:
        drawn = self.clubs.spread.person * self.rng.standard_normal(len(self.instrument.statements))
        found = {}
        for place, statement in enumerate(self.instrument.statements):
            level = self._level(person, statement.area) + self.ease[place] + own[place] + drawn[place]
            code = int(np.clip(np.rint(level), 0, self.highest))
            is_blind = statement.id in person.club.members[person.code].blind
            if self.rng.random() < self.clubs.unknown.get(person.role, 0.0) or is_blind:
                code = self.unknown
            page = re.sub(r"[^a-z]+", "-", say(statement.topic or statement.text).lower()).strip("-")
            evidence, note = (
                str(self.rng.choice(said.texts)).format(year=year, page=page)
                if self.rng.random() < said.share
                else ""
                for said in (self.clubs.evidence, self.clubs.notes)
            )
            # Nothing shows what is not there.
            has_something = code not in (0, self.unknown)
            found[statement.id] = Reply(code, evidence if has_something else "", note)
        return found

    def _level(self, person: _Person, area: str) -> float:
        """How far a council is in an area, in the eyes of a role, before chance."""
        club, council = person.club, person.club.members[person.code]
        level = council.levels.get(area, club.levels.get(area, 2.0))
        growth = self.clubs.growth if club.growth is None else club.growth
        level -= growth * (len(READINESS_ROUNDS) - person.number)
        for roles in (self.clubs.roles, club.roles, council.roles):
            seen = roles.get(person.role, {})
            level += seen.get(area, 0.0) + seen.get("all", 0.0)
        return level
