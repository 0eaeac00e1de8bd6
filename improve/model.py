"""The nouns that every room shares: plain frozen values, no behaviour beyond their own fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Who is looking; what each may see is decided in improve/disclosure.py alone."""

    PUBLIC = "public"
    DELEGATE = "delegate"
    MEMBER = "member"
    FACILITATOR = "facilitator"
    OPERATOR = "operator"

    @property
    def has_organisation(self) -> bool:
        """Whether this role belongs to one organisation."""
        return self in (Role.DELEGATE, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking. `organisation` is a code of the register; only delegates and members have one."""

    role: Role
    organisation: str | None = None

    def __post_init__(self) -> None:
        if self.organisation is not None and not self.role.has_organisation:
            raise ValueError(f"a viewer in the role {self.role} belongs to no organisation")


class CohortKind(StrEnum):
    """What the organisations of a cohort have in common, in the order they are offered."""

    ALL = "all"
    NATION = "nation"
    REGION = "region"
    TYPE = "type"
    SIZE = "size"
    LIKE = "like"
    """The nearest neighbours of one organisation, by public facts."""
    GROUP = "group"
    """Built by somebody, and saved."""


SIZE_BANDS = (100_000, 200_000, 400_000)
"""Populations at which the next size band begins."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation of the register.

    `code` is its GSS code where it has one. `type` is one of the register's words for kinds of
    council ("county", "unitary", "metropolitan borough", "London borough", "City corporation",
    "district", "Welsh unitary", "Scottish council area", "NI district"). `lon` and `lat` are
    degrees (WGS 84). `is_trial` marks the demonstration's empty place for a newcomer's file.
    """

    code: str
    name: str
    official_name: str
    welsh_name: str
    type: str
    nation: str
    region: str
    parent_county: str
    lon: float
    lat: float
    population: int
    former_codes: tuple[str, ...] = ()
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group of organisations; `key` is its public name in addresses.

    Keys are "all", or kind and value joined by a colon: "nation:Wales", "region:London",
    "type:district", "size:under 100,000", "like:W06000015" (the organisation whose neighbours they
    are); of a group that somebody built, "group:" and its id, with its name as value. `members` are
    organisation codes, of the whole register, taking part or not, but for neighbours.
    """

    key: str
    kind: CohortKind
    value: str
    members: frozenset[str] = field(repr=False)


class Cohorts(tuple[Cohort, ...]):
    """All cohorts of one round in their order, compared by identity: there may be hundreds."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True, slots=True)
class Round:
    """One benchmarking season. `closed_at` is None while it collects.

    `closings` counts how often its benchmark was made.
    """

    label: str
    opened_at: datetime
    closed_at: datetime | None
    closings: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether its benchmark has been made."""
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a viewer asked to see. It carries a wish, never a right: views check it against the viewer.

    Any field may hold nonsense from an address; None means "the usual one".
    """

    organisation: str | None = None
    round: str | None = None
    cohort: str | None = None
    survey: str | None = None


class Comparison(StrEnum):
    """The words of guides/statistics.md section 4."""

    HIGHER = "higher"
    SIMILAR = "similar"
    LOWER = "lower"


class Quadrant(StrEnum):
    """Where an aspect lies by importance and satisfaction (guides/statistics.md section 5)."""

    CONCENTRATE = "concentrate"
    KEEP = "keep"
    LOW = "low"
    OVERKILL = "overkill"


class Certainty(StrEnum):
    """How certain an aspect's quadrant is (section 5): at least 95 %, at least 80 %, or less."""

    FIRMLY = "firmly"
    PROBABLY = "probably"
    BORDERLINE = "borderline"
