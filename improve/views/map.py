"""The Map: who takes part in a round, where, and the medians of nations and regions.

Who takes part is known to those who may know of the round (design.md). Nothing of a council stands on
the map but that, and what the register says of it; a number beside its name would unmask it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from operator import is_not
from typing import Any

from improve import disclosure
from improve.disclosure import Figure, Reason
from improve.instruments import Survey
from improve.model import Cohort, CohortKind, Organisation, Selection, Viewer
from improve.register import cohort_label
from improve.store import (
    Boundaries,
    Store,
    read_boundaries,
    read_organisations,
    read_submitted,
    read_surveys,
    round_counts,
)
from improve.views import map_sentence as sentence
from improve.views.choice import (
    MATURITY,
    Choice,
    choose,
    cohorts_of,
    exact_choice,
)
from improve.views.ground import Ground, cohort_scores, ground, headline_score

KINDS = (CohortKind.NATION, CohortKind.REGION)
"""What the areas of the map are."""


class Module(StrEnum):
    """What an organisation takes part in. Who prepares a partnership is nobody else's business."""

    SURVEY = "survey"
    MATURITY = "maturity"


@dataclass(frozen=True, slots=True)
class Place:
    """A council, and what it takes part in: public facts."""

    organisation: Organisation
    modules: tuple[Module, ...]

    @property
    def takes_part(self) -> bool:
        """Whether it takes part in anything."""
        return bool(self.modules)


class Places(tuple[Place, ...]):
    """The councils of a map, compared by identity: there may be hundreds, and rows are made of them once."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True, slots=True)
class Area:
    """A nation or region: how many councils it has, how many take part, and their median.

    `reason` is why it cannot be compared with; None when it can.
    """

    cohort: Cohort
    label: str
    places: int
    taking_part: int
    reason: Reason | None
    median: Figure[float]
    organisations: Figure[int]


@dataclass(frozen=True, slots=True)
class MapView:
    """The Map of one viewer and selection.

    `own` is the overall score of the organisation chosen, `national` the median of all. Without a round
    there is nothing but `finding`. `boundaries` are the councils' areas where an operator loaded them.
    """

    choice: Choice
    survey: Survey | None
    is_provisional: bool
    places: Places
    areas: tuple[Area, ...]
    national: Figure[float]
    national_organisations: Figure[int]
    own: Figure[float]
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str
    boundaries: Boundaries | None = None

    @property
    def taking_part(self) -> int:
        """How many councils take part."""
        return sum(one.takes_part for one in self.places)

    def is_own(self, place: Place) -> bool:
        """Whether a place is the organisation chosen."""
        own = self.choice.organisation
        return own is not None and own.code == place.organisation.code

    def may_show(self, place: Place) -> bool:
        """Whether the viewer may see the figures of this council."""
        return disclosure.own_reason(self.choice.viewer, place.organisation.code) is None


def map_view(store: Store, viewer: Viewer, selection: Selection) -> MapView:
    """The page for this viewer; a wish that cannot be followed leaves a notice."""
    return _view(store, choose(store, viewer, selection))


def map_figures(store: Store, viewer: Viewer, selection: Selection) -> MapView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    return _view(store, exact_choice(store, viewer, selection))


def place_called(view: MapView, code: str | None) -> Place | None:
    """The place of an organisation that is on the map."""
    return next((one for one in view.places if one.organisation.code == code), None)


def areas_of(view: MapView, place: Place) -> tuple[Area, ...]:
    """The region and the nation that a place lies in, the smaller first."""
    inside = [one for one in view.areas if place.organisation.code in one.cohort.members]
    return tuple(sorted(inside, key=lambda one: len(one.cohort.members)))


def _view(store: Store, choice: Choice) -> MapView:
    base = ground(store, choice)
    overall = None if base is None else headline_score(store, base)
    places = _places(store, choice)
    view = MapView(
        choice=choice,
        survey=None if base is None else base.survey,
        is_provisional=base is not None and base.is_provisional,
        places=places,
        areas=_areas(store, choice, base, places),
        national=_nothing() if overall is None else overall.median,
        national_organisations=_nothing() if overall is None else overall.organisations,
        own=_nothing() if overall is None else overall.mean,
        finding="",
        notes=(),
        method=(),
        alt="",
        boundaries=read_boundaries(store),
    )
    view = replace(view, finding=sentence.finding(view))
    return replace(view, notes=sentence.notes(view), method=sentence.method(view), alt=sentence.alt(view))


def _nothing() -> Figure[Any]:
    """The figure of a question that nobody was asked."""
    return disclosure.drawn_figure(None, Reason.NOT_ASKED)


def _places(store: Store, choice: Choice) -> Places:
    """Every council of the register, by code; the trial place only for who uses it.

    Kept until somebody takes part anew. Who may not know of the round is shown nothing of it.
    """
    if choice.round is None or not disclosure.sees_round(choice.viewer, choice.round):
        return Places()
    label, own = choice.round.label, choice.organisation
    uses_trial = own is not None and own.is_trial
    surveys = [round_counts(store, label, survey) for survey in read_surveys(store, label)]
    register, assessments = read_organisations(store), read_submitted(store, label, MATURITY)
    made_of: tuple[object, ...] = (register, assessments, *surveys)
    kept: dict[tuple[str, bool], tuple[tuple[object, ...], Places]] = store.kept.setdefault("places", {})
    found = kept.get((label, uses_trial))
    if found is None or len(found[0]) != len(made_of) or any(map(is_not, found[0], made_of)):
        asked = frozenset(code for counts in surveys for code in counts.organisations)
        assessed = frozenset(assessments.organisations)
        places = Places(
            Place(
                one,
                (
                    *((Module.SURVEY,) if one.code in asked else ()),
                    *((Module.MATURITY,) if one.code in assessed else ()),
                ),
            )
            for one in register
            if not one.is_trial or uses_trial or one.code in asked | assessed
        )
        found = kept[label, uses_trial] = (made_of, places)
    return found[1]


def _areas(store: Store, choice: Choice, base: Ground | None, places: tuple[Place, ...]) -> tuple[Area, ...]:
    """The nations, then the regions; those that cannot be compared with say why."""
    if choice.round is None:
        return ()
    told = {} if base is None else {one.group.cohort.key: one for one in cohort_scores(store, base, None)}
    lack = Reason.NOT_ASKED
    if base is not None and base.survey.headline is not None:
        lack = base.benchmark_reason or Reason.FEW_ORGANISATIONS
    known = frozenset(one.organisation.code for one in places)
    part = frozenset(one.organisation.code for one in places if one.takes_part)
    areas = []
    for cohort in cohorts_of(store, None if base is None else base.bench):
        if cohort.kind not in KINDS:
            continue
        # A group without anybody in the round is not listed.
        found = told.get(cohort.key)
        areas.append(
            Area(
                cohort=cohort,
                label=cohort_label(cohort),
                places=len(cohort.members & known),
                taking_part=len(cohort.members & part),
                reason=lack if found is None else found.group.reason,
                median=disclosure.drawn_figure(None, lack) if found is None else found.median,
                organisations=disclosure.drawn_figure(None, lack) if found is None else found.organisations,
            )
        )
    return tuple(areas)
