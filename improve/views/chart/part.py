"""What a built chart is made of, and what a question must say to be among those that can be built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from improve.disclosure import Figure, Reason
from improve.language import _, number, percent, signed
from improve.model import Certainty, Comparison, Quadrant, Selection, Viewer
from improve.store import Store
from improve.views.choice import Choice, Subject, reason_sentences
from improve.views.trend import Series


class Picture(StrEnum):
    """How a chart may be drawn."""

    DOT_RANGE = "dot-range"
    BARS = "bars"
    LINE = "line"
    DIVERGING_BARS = "diverging-bars"
    SCATTER = "scatter"
    HEAT_MAP = "heat-map"
    TABLE = "table"


class Unit(StrEnum):
    """What figures are counted in. Ratings, changes and gaps are points of a scale."""

    RATING = "rating"
    CHANGE = "change"
    SHARE = "share"
    POINTS = "points"
    LEVEL = "level"
    NUMBER = "number"

    def written(self, value: float, places: int = 2) -> str:
        """A value in words; ratings and changes to so many places."""
        if self is Unit.SHARE:
            return percent(value)
        if self is Unit.CHANGE:
            return signed(value, places)
        if self is Unit.RATING:
            return number(value, places)
        if self is Unit.LEVEL:
            return number(value, 0 if float(value).is_integer() else 1)
        return number(value, 0)


@dataclass(frozen=True, slots=True)
class Compared:
    """What the rows of a chart are. `key` is its name in commands, the label what people read."""

    key: str
    label: Callable[[], str]


ROUNDS = Compared("rounds", lambda: _("Rounds"))
COHORTS = Compared("cohorts", lambda: _("Groups of organisations"))
DIRECTORATES = Compared("directorates", lambda: _("Own service areas"))
JOBS = Compared("jobs", lambda: _("Own jobs"))
PLACES = Compared("places", lambda: _("Own places of work"))
ASPECTS = Compared("aspects", lambda: _("Aspects"))
ALIKE = (ROUNDS, COHORTS, DIRECTORATES, JOBS, PLACES)
"""What every question says of itself whether it can be compared by it; the rest is of questions' own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands between two axes, and where the national medians do."""

    x: Figure[float]
    y: Figure[float]
    x_national: Figure[float] | None = None
    y_national: Figure[float] | None = None
    quadrant: Figure[tuple[Quadrant, Certainty]] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a heat map, of what was released: its text, its shade from 0 to 4, its sentence."""

    text: str
    step: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a chart; a figure that the question has not is None.

    `own` is the organisation's figure (or that of some of its people), `median` the national one; of a
    group of organisations, its own. `parts` counts the answers of each kind. A figure that was not
    released keeps its place, and `why` says the reason.
    """

    key: str
    label: str
    sentence: str
    note: str = ""
    is_head: bool = False
    own: Figure[Any] | None = None
    interval: Figure[tuple[float, float]] | None = None
    word: Figure[Comparison] | None = None
    median: Figure[float] | None = None
    quartiles: Figure[tuple[float, float]] | None = None
    cohort: Figure[float] | None = None
    previous: Figure[float] | None = None
    n: Figure[int] | None = None
    organisations: Figure[int] | None = None
    parts: Figure[tuple[int, ...]] | None = None
    place: Place | None = None
    cells: tuple[Cell, ...] = ()

    @property
    def withheld(self) -> Reason | None:
        """Why the row's own figure is not shown, or its median where it has no other; None if it is."""
        first = self.parts if self.own is None else self.own
        if first is not None and first.withheld is not Reason.NO_ORGANISATION:
            return first.withheld
        return None if self.median is None else self.median.withheld

    @property
    def why(self) -> str:
        """The same in words; empty where it is shown."""
        return "" if self.withheld is None else reason_sentences()[self.withheld]

    @property
    def brief(self) -> str:
        """The same in the few words that a picture has room for."""
        short = {
            Reason.SMALL_GROUP: _("too few to be shown"),
            Reason.COHORT_TOO_CLOSE: _("too close to another group"),
        }
        return self.why if self.withheld is None else short.get(self.withheld, self.why)


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured, in words; in which unit; and the part of the scale that holds every mark.

    Bars stand on `start`; where that lies below the part shown, they take the whole scale.
    """

    text: str
    unit: Unit
    low: float
    high: float
    start: float = 0.0
    whole_text: str = ""
    whole_high: float = 0.0


@dataclass(frozen=True, slots=True)
class Cross:
    """The two axes of a scatter: their parts, the words at them, the lines that part high from low.

    Values across are divided by `x_unit`, so that what is equal stands on the diagonal.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    x_name: str
    y_name: str
    x_text: str
    y_text: str
    diagonal: str
    lines: str
    own: str
    national: str = ""
    first: str = ""
    x_line: float | None = None
    y_line: float | None = None
    quadrants: Mapping[Quadrant, str] = field(default_factory=dict)
    x_ticks: tuple[tuple[float, str], ...] = ()
    y_ticks: tuple[tuple[float, str], ...] = ()
    x_unit: float = 1.0
    x_kind: Unit = Unit.RATING
    y_kind: Unit = Unit.RATING


@dataclass(frozen=True, slots=True)
class Names:
    """What the marks of a chart are called in its key, its table and its files."""

    own: str
    median: str = ""
    cohort: str = ""
    previous: str = ""
    higher: str = ""
    similar: str = ""
    lower: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """A chart as its question built it.

    `head` says what a row is. `columns` are the answers that `parts` count, or the columns of `cells`;
    `parted` is how many of the former stand to the left of the line of diverging bars. `series` are
    the lines. `organisations` and their `responses` stand behind the medians, `own_responses` behind what
    is the organisation's own.
    """

    title: str
    head: str
    finding: str
    axis: Axis
    names: Names
    rows: tuple[Row, ...]
    organisations: Figure[int] | None
    responses: Figure[int] | None
    own_responses: Figure[int] | None
    notes: tuple[str, ...]
    method: tuple[str, ...]
    columns: tuple[str, ...] = ()
    parted: float = 0.0
    series: tuple[Series, ...] = ()
    cross: Cross | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a chart, and of what. `is_presenting`: no organisation's name may be in it."""

    store: Store
    viewer: Viewer
    selection: Selection
    is_presenting: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A question as it can be answered for one viewer and selection.

    `ways` are its comparisons, the usual one first, each with its pictures, the usual one first; where
    there is nothing at all there are none, and `finding` says so. `why_not` has a sentence for every
    comparison that it could have had, and `undrawn` for pictures that have another reason than the one
    that all questions share. `about` gives what a comparison can be of (id -> label), the usual first.
    """

    choice: Choice
    finding: str
    ways: Mapping[str, tuple[Picture, ...]]
    why_not: Mapping[str, str]
    about: Callable[[str], Mapping[str, str]]
    build: Callable[[str, Picture, str | None], Built]
    undrawn: Mapping[Picture, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What a chart can be about. `items` is what the question consists of: aspects, functions ..."""

    key: str
    label: Callable[[], str]
    subject: Subject
    items: Compared | None
    open: Callable[[Asked], Opened]


def nothing(choice: Choice, finding: str) -> Opened:
    """A question to which there is no answer."""

    def build(_compare: str, _picture: Picture, _about: str | None) -> Built:
        raise ValueError("there is nothing to build")

    return Opened(choice, finding, {}, {}, lambda _compare: {}, build)
