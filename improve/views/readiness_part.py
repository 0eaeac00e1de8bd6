"""The parts of the readiness map's view model: what a page, a report and the command line show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from improve.disclosure import Figure
from improve.instruments import Statement


@dataclass(frozen=True, slots=True)
class Cell:
    """An organisation's score in an area, 0 to 100, and its round before.

    `spread` is from the lowest to the highest of its respondents, `blind` how many of them have too
    many blind spots to count: for its own members alone.
    """

    area: str
    score: Figure[float]
    previous: Figure[float]
    change: Figure[float]
    spread: Figure[tuple[float, float]]
    blind: Figure[int]


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation of the partnership; one that has not answered keeps its row.

    `weakest` are ids of areas. `respondents` is the number of its people that count, for its own
    members alone.
    """

    organisation: str
    name: str
    is_own: bool
    is_candidate: bool
    cells: tuple[Cell, ...]
    overall: Figure[float]
    weakest: Figure[tuple[str, ...]]
    completed_at: Figure[datetime]
    respondents: Figure[int]


@dataclass(frozen=True, slots=True)
class Area:
    """An area over the partners that have a score (no candidates), beside the national median.

    `score` is their mean, `previous` that of the round before, `change` that of those that completed both;
    `span` from the lowest to the highest; `is_wide` flags 25 points or more.
    `own` is the organisation's own score, `difference` that minus the median as released; the medians
    are over the organisations of the season, `median_before` over those of the season before. Of the
    overall score `id` is "".
    """

    id: str
    name: str
    summary: str
    score: Figure[float]
    previous: Figure[float]
    change: Figure[float]
    span: Figure[tuple[float, float]]
    is_wide: bool
    own: Figure[float]
    median: Figure[float]
    quartiles: Figure[tuple[float, float]]
    organisations: Figure[int]
    difference: Figure[float]
    median_before: Figure[float]


class Kind(StrEnum):
    """What a statement is to those who look: it may be several things at once."""

    STRENGTH = "strength"
    """Everybody has it largely in place at least."""
    WEAKNESS = "weakness"
    """Somebody has it partly in place at most."""
    BLIND_SPOT = "blind_spot"
    """Somebody does not know."""
    DISAGREEMENT = "disagreement"
    """Partners are two steps or more apart; of one organisation alone, its people are."""


@dataclass(frozen=True, slots=True)
class RoleReply:
    """What the people of one role answered, without who said which: codes, evidence, notes, each sorted."""

    role: str
    name: str
    codes: tuple[int, ...]
    evidence: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """A statement. `states` counts the partners that are so far with it, in the order of `options_of`.

    `own` is how far the organisation itself is and `previous` how far it was (codes, "don't know" for a
    blind spot); `replies` and `is_split` (they contradict each other) are of its people. `kinds` go by
    the partners where there are several, else by the organisation.
    """

    statement: Statement
    topic: str
    states: Figure[tuple[int, ...]]
    own: Figure[int]
    previous: Figure[int]
    replies: Figure[tuple[RoleReply, ...]]
    is_split: Figure[bool]
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class RoleScore:
    """The scores of the organisation's own people in one role, a figure per area."""

    role: str
    name: str
    respondents: Figure[int]
    scores: tuple[Figure[float], ...]


@dataclass(frozen=True, slots=True)
class RoleDifference:
    """Two roles of one organisation that lie 25 points or more apart in an area."""

    organisation: str
    name: str
    is_own: bool
    area: str
    higher: str
    lower: str
    high: Figure[float]
    low: Figure[float]


@dataclass(frozen=True, slots=True)
class Move:
    """A score before and after something, and by how much it moves. `area` is "" for the overall score."""

    area: str
    name: str
    before: Figure[float]
    after: Figure[float]
    change: Figure[float]


@dataclass(frozen=True, slots=True)
class ToAgree:
    """A statement that a candidate and the partners must agree on first. `candidate` is a code."""

    statement: Statement
    topic: str
    candidate: Figure[int]
    states: Figure[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Fit:
    """A candidate beside the partners: what the partnership's scores would be with it.

    `lifts` and `lowers` are ids of areas; `weakest_change` is by how much the lowest area would move.
    """

    organisation: str
    name: str
    scores: tuple[Figure[float], ...]
    moves: tuple[Move, ...]
    lifts: tuple[str, ...]
    lowers: tuple[str, ...]
    weakest_before: tuple[str, ...]
    weakest_after: tuple[str, ...]
    weakest_change: Figure[float]
    first: tuple[ToAgree, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the organisation's scores would be; `targets` are those of the wish that make sense."""

    targets: Mapping[str, int]
    moves: tuple[Move, ...]
    overall: Move
    partnership: Move
