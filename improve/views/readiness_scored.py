"""Assessments of readiness, scored: what the answers of one organisation, and of a season, come to.

No viewer in them; nothing here may be shown before improve/disclosure.py has released it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from improve import scoring
from improve.instruments import Readiness
from improve.scoring import AreaScore
from improve.store import Completed, PartnerAssessment, Respondent, Store, read_readinesses

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """What an organisation's answers come to: a place per area, or per statement, of the instrument.

    `states` are in whole points, None for a blind spot; a statement that nobody answered has no place
    in `answered`. `split` are those on which its respondents contradict each other. `roles` are role ->
    the same scores of its people alone, per area, and `respondents` role -> how many answered.
    """

    areas: tuple[AreaScore, ...]
    overall: float | None
    states: tuple[int | None, ...]
    answered: frozenset[int]
    split: frozenset[int]
    roles: Mapping[str, tuple[AreaScore, ...]]
    respondents: Mapping[str, int]


def points_by_code(instrument: Readiness) -> Mapping[int, int | None]:
    """Code -> points; None for an answer that does not count."""
    return {one.code: one.code if one.counts else None for one in instrument.answers}


def highest_of(instrument: Readiness) -> int:
    """The most points that an answer can have."""
    return max(one.code for one in instrument.answers if one.counts)


def scored(assessment: PartnerAssessment, instrument: Readiness) -> Scored:
    """An assessment's scores; of those respondents whose link stands."""
    points, found = points_by_code(instrument), assessment.counting
    places = {
        area.id: [place for place, one in enumerate(instrument.statements) if one.area == area.id]
        for area in instrument.areas
    }
    rows = [_row(instrument, one, points) for one in found]
    areas = tuple(_area(rows, places[area.id], instrument) for area in instrument.areas)
    roles: dict[str, list[tuple[int | None, ...]]] = {}
    for one, row in zip(found, rows, strict=True):
        if one.replies:
            roles.setdefault(one.role, []).append(row)
    given = [
        [(one.id in who.replies, row[place]) for who, row in zip(found, rows, strict=True)]
        for place, one in enumerate(instrument.statements)
    ]
    return Scored(
        areas=areas,
        overall=scoring.overall_score([one.score for one in areas]),
        states=tuple(_state(some) for some in given),
        answered=frozenset(place for place, some in enumerate(given) if any(was for was, _ in some)),
        split=frozenset(
            place for place, some in enumerate(given) if scoring.are_far_apart([points for _, points in some])
        ),
        roles={
            role: tuple(_area(some, places[area.id], instrument) for area in instrument.areas)
            for role, some in roles.items()
        },
        respondents={role: len(some) for role, some in roles.items()},
    )


def areas_if(
    assessment: PartnerAssessment, instrument: Readiness, targets: Mapping[str, int]
) -> tuple[AreaScore, ...]:
    """The areas as they would be if every respondent had answered some statements so; nothing is kept."""
    points = points_by_code(instrument)
    wished = {place: targets[one.id] for place, one in enumerate(instrument.statements) if one.id in targets}
    rows = [scoring.if_answered(_row(instrument, one, points), wished) for one in assessment.counting]
    return tuple(
        _area(
            rows,
            [place for place, one in enumerate(instrument.statements) if one.area == area.id],
            instrument,
        )
        for area in instrument.areas
    )


def _row(
    instrument: Readiness, respondent: Respondent, points: Mapping[int, int | None]
) -> tuple[int | None, ...]:
    replies = respondent.replies
    return tuple(
        points.get(replies[one.id].code) if one.id in replies else None for one in instrument.statements
    )


def _area(rows: Iterable[Sequence[int | None]], places: Sequence[int], instrument: Readiness) -> AreaScore:
    return scoring.area_score([[row[place] for place in places] for row in rows], highest_of(instrument))


def _state(given: Sequence[tuple[bool, int | None]]) -> int | None:
    known = [points for _was, points in given if points is not None]
    return scoring.statement_state(known, sum(was and points is None for was, points in given))


# ── A season ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class SeasonBoard:
    """The scores that a season's benchmark stands on, NaN where an organisation has none.

    `quantities` are area, or "" for the overall score -> one per organisation.
    """

    organisations: tuple[str, ...]
    quantities: Mapping[str, Floats]

    def values(self, name: str) -> Mapping[str, float]:
        """Organisation -> its score, of those that have one."""
        row = self.quantities.get(name, np.array([])).tolist()
        scores = zip(self.organisations, row, strict=bool(row))
        return {code: value for code, value in scores if not np.isnan(value)}


_BOARDS: WeakKeyDictionary[Completed, SeasonBoard] = WeakKeyDictionary()


def board_of(store: Store, completed: Completed) -> SeasonBoard:
    """The scores of a season; kept as long as what they were worked out from."""
    found = _BOARDS.get(completed)
    if found is None:
        instruments = read_readinesses(store)
        rows = []
        for one in completed.assessments:
            instrument = instruments[one.instrument, one.version]
            score = scored(one, instrument)
            areas = zip(instrument.areas, score.areas, strict=True)
            rows.append({"": score.overall, **{area.id: found.score for area, found in areas}})
        names = dict.fromkeys(name for row in rows for name in row)
        found = _BOARDS[completed] = SeasonBoard(
            tuple(one.organisation for one in completed.assessments),
            {
                name: np.array([np.nan if row.get(name) is None else row[name] for row in rows], dtype=float)
                for name in names
            },
        )
    return found
