"""The Digital maturity profile: nine functions, what is one answer away, and what peers have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from improve import disclosure, scoring
from improve.disclosure import SHARE_STEP, Figure, Reason
from improve.errors import SelectionError
from improve.instruments import Category, Criterion, CriterionTag, Maturity
from improve.language import _
from improve.model import Cohort, Round, Selection, Viewer
from improve.scoring import FunctionScore, Mark
from improve.store import Store, Submitted, read_assessed_rounds, read_maturities, read_submitted
from improve.views import maturity_sentence
from improve.views.choice import (
    MATURITY,
    NATIONAL,
    Choice,
    Subject,
    assessment_cohorts_for,
    assessments_of,
    choose,
    cohort_reasons,
    cohorts_of,
    exact_choice,
    rounds_for,
    version_order,
)
from improve.views.ground import CohortScore

Floats = npt.NDArray[np.float64]
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Measured:
    """One quantity of an organisation beside the others: a level, or a share from 0 to 1.

    `own` and `previous` (the round before) are the organisation's; the others are over the
    organisations of the benchmark that have one, `cohort_*` over those of the chosen group. The numbers
    of organisations count the benchmark's assessments, whether they have one or not.
    """

    own: Figure[float]
    previous: Figure[float]
    median: Figure[float]
    quartiles: Figure[tuple[float, float]]
    organisations: Figure[int]
    cohort_median: Figure[float]
    cohort_organisations: Figure[int]
    median_before: Figure[float]


@dataclass(frozen=True, slots=True)
class Cell:
    """The criteria of a function at one level: `met` of those that are `applicable`."""

    level: int
    met: int
    applicable: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function's figures. `missing` and `to_find_out` are ids of criteria.

    `next_level` is the one to reach next, before which the `missing` stand. `if_found` is the level
    there would be if all that is to be found out turned out to be met. `next_step` is the one of the
    missing that most organisations have.
    """

    id: str
    name: str
    summary: str
    level: Measured
    share: Measured
    commitment: Measured
    next_level: Figure[int]
    missing: Figure[tuple[str, ...]]
    to_find_out: Figure[tuple[str, ...]]
    if_found: Figure[int]
    not_applicable: Figure[int]
    applicable: Figure[int]
    cells: Figure[tuple[Cell, ...]]
    change: Figure[float]
    next_step: str | None


@dataclass(frozen=True, slots=True)
class CriterionFigures:
    """A criterion: the organisation's own answer, and how many in ten of the round have it.

    `ahead` is of those whose level in this function is the next one above the organisation's own.
    """

    criterion: Criterion
    answer: Figure[Mark]
    previous: Figure[Mark]
    peers: Figure[int]
    ahead: Figure[int]


@dataclass(frozen=True, slots=True)
class MaturityView:
    """All that the profile page shows. `functions` and `criteria` are in the order of the instrument.

    `overall` is the median of the functions' levels. `provision` and `take_up` are the shares met of
    the criteria with these tags, over all functions.
    """

    choice: Choice
    instrument: Maturity | None
    overall: Measured | None
    functions: tuple[Function, ...]
    criteria: tuple[CriterionFigures, ...]
    provision: Measured | None
    take_up: Measured | None
    submitted_at: Figure[datetime]
    own_reason: Reason | None
    is_provisional: bool
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str

    def criteria_of(self, function: str) -> tuple[CriterionFigures, ...]:
        """The criteria of a function, in the order of the levels."""
        return tuple(one for one in self.criteria if one.criterion.function == function)


def maturity_view(store: Store, viewer: Viewer, selection: Selection) -> MaturityView:
    """The profile that a viewer's selection comes to."""
    return _view(store, choose(store, viewer, selection, Subject.MATURITY))


def maturity_figures(store: Store, viewer: Viewer, selection: Selection) -> MaturityView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    choice = exact_choice(store, viewer, selection, Subject.MATURITY)
    if selection.survey not in (None, MATURITY):
        raise SelectionError(
            _("{instrument} is no instrument of digital maturity; there is: {known}.").format(
                instrument=selection.survey, known=MATURITY
            )
        )
    return _view(store, choice)


# ── The scores of a round: no viewer in them ───────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Board:
    """Every assessment of a round, scored: an organisation at each place, as in `submitted`.

    `quantities` are rows of numbers by name ("level/LEAD", "share/LEAD", "commitment/LEAD", "overall",
    "provision", "take_up"), NaN where an organisation has none; `asked` are the names of those that an
    organisation's version of the instrument has at all. `marks` are criterion -> mark.
    """

    submitted: Submitted
    scores: tuple[Mapping[str, FunctionScore], ...]
    marks: tuple[Mapping[str, Mark], ...]
    quantities: Mapping[str, Floats]
    asked: tuple[frozenset[str], ...]


@lru_cache(maxsize=32)
def board_of(store: Store, submitted: Submitted) -> Board:
    """The scores of a round."""
    known = read_maturities(store)
    instruments = [known[submitted.instrument, version] for version in submitted.versions]
    marks: list[Mapping[str, Mark]] = []
    scores: list[Mapping[str, FunctionScore]] = []
    rows: list[dict[str, float]] = []
    for answers, instrument in zip(submitted.answers, instruments, strict=True):
        mark_by_code = {one.code: scoring.mark_of(one.group, one.counts) for one in instrument.answers}
        marked = {item: mark_by_code[code] for item, code in answers.items()}
        marks.append(marked)
        scored = {one.id: _score(instrument, one.id, marked) for one in instrument.functions}
        scores.append(scored)
        rows.append(_quantities(instrument, marked, scored))
    names = dict.fromkeys(name for row in rows for name in row)
    quantities = {name: np.array([row.get(name, np.nan) for row in rows]) for name in names}
    return Board(submitted, tuple(scores), tuple(marks), quantities, tuple(frozenset(row) for row in rows))


def _score(instrument: Maturity, function: str, marked: Mapping[str, Mark]) -> FunctionScore:
    criteria = [one for one in instrument.criteria if one.function == function]
    return scoring.function_score(
        [one.level for one in criteria], [marked.get(one.id) for one in criteria], len(instrument.levels)
    )


def _quantities(
    instrument: Maturity, marked: Mapping[str, Mark], scored: Mapping[str, FunctionScore]
) -> dict[str, float]:
    """The quantities that this version of the instrument has, NaN where the answers give none."""

    def number(value: float | None) -> float:
        return np.nan if value is None else value

    row = {"overall": number(scoring.overall_level(list(scored.values())))}
    for function, score in scored.items():
        row["level/" + function] = number(score.level)
        row["share/" + function] = number(score.share)
    tagged: dict[str, list[Mark | None]] = {}
    for one in instrument.criteria:
        for tag in one.tags:
            name = f"commitment/{one.function}" if tag is CriterionTag.COMMITMENT else tag.value
            tagged.setdefault(name, []).append(marked.get(one.id))
    return row | {name: number(scoring.share_met(marks)) for name, marks in tagged.items()}


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a group of organisations adds up to in one quantity; `members` are those that have it."""

    members: frozenset[str]
    median: float
    quartiles: tuple[float, float]


_NONE = Benchmark(frozenset(), np.nan, (np.nan, np.nan))


@lru_cache(maxsize=4096)
def _benchmark(board: Board, name: str, inside: frozenset[str] | None) -> Benchmark:
    """The benchmark of a quantity over all organisations (None), or over those inside a group."""
    row = board.quantities.get(name, np.array([]))
    codes = board.submitted.organisations
    members = {
        code: value
        for code, value in zip(codes, row.tolist(), strict=bool(row.size))
        if not np.isnan(value) and (inside is None or code in inside)
    }
    if not members:
        return _NONE
    values = list(members.values())
    return Benchmark(frozenset(members), scoring.median(values), scoring.quartiles(values))


@lru_cache(maxsize=4096)
def _having(board: Board, item: str) -> Mapping[str, bool]:
    """Organisation -> whether it meets a criterion, of those to which it applies."""
    codes = board.submitted.organisations
    return {
        code: marked[item] is Mark.MET
        for code, marked in zip(codes, board.marks, strict=True)
        if marked.get(item) not in (None, Mark.NOT_APPLICABLE)
    }


@lru_cache(maxsize=16384)
def _tally(board: Board, item: str, inside: frozenset[str] | None) -> tuple[int, int]:
    """To how many of all (None) or of a group a criterion applies, and how many of these meet it."""
    counted = [met for code, met in _having(board, item).items() if inside is None or code in inside]
    return len(counted), sum(counted)


@lru_cache(maxsize=1024)
def _at_level(board: Board, function: str, level: int) -> frozenset[str]:
    """The organisations whose level in a function is this one."""
    codes = board.submitted.organisations
    return frozenset(
        code
        for code, scores in zip(codes, board.scores, strict=True)
        if function in scores and scores[function].level == level
    )


# ── The view ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Material:
    """What the figures are made of: everybody's scores, and why what may not be shown.

    `now` holds the assessments as they stand (the organisation's own comes from there), `bench` those
    of the benchmark; `before` and `bench_before` are of the round before, whose benchmark may be seen
    though this round still collects.
    """

    store: Store
    organisation: str | None
    own_reason: Reason | None
    previous_reason: Reason | None
    benchmark_reason: Reason | None
    now: Board
    before: Board | None
    bench: Board
    bench_before: Board | None
    before_reason: Reason | None
    cohort: Cohort | None
    group_reason: Callable[[frozenset[str]], Reason | None]


def _view(store: Store, choice: Choice) -> MaturityView:
    if choice.round is None:
        return _empty(choice, maturity_sentence.nothing_yet())
    material = _material(store, choice, choice.round)
    instrument = _instrument(store, material)
    if instrument is None:
        return _empty(choice, _not_in(store, choice, choice.round))
    overall = _measured(material, OVERALL, disclosure.STEP)
    criteria = _criteria(material, instrument)
    functions = tuple(_function(material, instrument, one, criteria) for one in instrument.functions)
    at = material.now.submitted.place.get(material.organisation or "")
    view = MaturityView(
        choice=choice,
        instrument=instrument,
        overall=overall,
        functions=functions,
        criteria=criteria,
        provision=_measured(material, "provision", SHARE_STEP),
        take_up=_measured(material, "take_up", SHARE_STEP),
        submitted_at=disclosure.assessed_figure(
            material.own_reason, None if at is None else material.now.submitted.submitted_at[at]
        ),
        own_reason=material.own_reason,
        is_provisional=not choice.round.is_closed and material.benchmark_reason is None,
        finding="",
        notes=(),
        method=(),
        alt="",
    )
    return replace(
        view,
        finding=maturity_sentence.finding(view),
        notes=maturity_sentence.notes(view),
        method=maturity_sentence.method(view),
        alt=maturity_sentence.alt(view),
    )


def _not_in(store: Store, choice: Choice, round_: Round) -> str:
    """That nobody submitted an assessment in a round, and in which rounds anybody did."""
    assessed = read_assessed_rounds(store, MATURITY)
    others = [one.label for one in rounds_for(store, choice.viewer) if one.label in assessed]
    return maturity_sentence.not_in(round_.label, others)


def _empty(choice: Choice, finding: str) -> MaturityView:
    nothing: Figure[datetime] = disclosure.assessed_figure(Reason.NOT_SUBMITTED, None)
    return MaturityView(
        choice=choice,
        instrument=None,
        overall=None,
        functions=(),
        criteria=(),
        provision=None,
        take_up=None,
        submitted_at=nothing,
        own_reason=Reason.NOT_SUBMITTED,
        is_provisional=False,
        finding=finding,
        notes=(),
        method=(),
        alt=finding,
    )


def _material(store: Store, choice: Choice, round_: Round) -> _Material:
    own = choice.organisation.code if choice.organisation else None
    reason = disclosure.own_reason(choice.viewer, own)
    now = board_of(store, read_submitted(store, round_.label, MATURITY))
    bench = board_of(store, assessments_of(store, round_))
    before, bench_before = None, None
    before_reason: Reason | None = Reason.UNKNOWN
    if choice.previous is not None:
        before = board_of(store, read_submitted(store, choice.previous.label, MATURITY))
        bench_before = board_of(store, assessments_of(store, choice.previous))
        before_reason = disclosure.benchmark_reason(choice.viewer, choice.previous)

    def submitted(board: Board | None) -> Reason | None:
        is_there = board is not None and own in board.submitted.place
        return reason or (None if is_there else Reason.NOT_SUBMITTED)

    chosen, cohorts = choice.cohort, cohorts_of(store, bench.submitted)
    benchmark_reason = disclosure.benchmark_reason(choice.viewer, round_)

    @cache
    def group_reason(members: frozenset[str]) -> Reason | None:
        if chosen is None or chosen.cohort.key == NATIONAL:
            return Reason.UNKNOWN
        reasons = cohort_reasons(cohorts, members, is_tied=True)
        return benchmark_reason or chosen.reason or reasons[chosen.cohort.key]

    return _Material(
        store=store,
        organisation=own,
        own_reason=submitted(now),
        previous_reason=submitted(before),
        benchmark_reason=benchmark_reason,
        now=now,
        before=before,
        bench=bench,
        bench_before=bench_before,
        before_reason=before_reason,
        cohort=chosen.cohort if chosen is not None and chosen.cohort.key != NATIONAL else None,
        group_reason=group_reason,
    )


def _instrument(store: Store, material: _Material) -> Maturity | None:
    """The version the organisation answered, else the newest one that anybody answered."""
    instruments = read_maturities(store)
    now = material.now.submitted
    if material.own_reason is None and material.organisation is not None:
        return instruments[MATURITY, now.versions[now.place[material.organisation]]]
    versions = (*now.versions, *material.bench.submitted.versions)
    return instruments[MATURITY, max(versions, key=version_order)] if versions else None


def _own(material: _Material, of: Callable[[Board, int], Any], *, before: bool = False) -> Figure[Any]:
    """A figure of the organisation's own assessment, of this round or of the one before.

    `of` may give a reason instead of a value.
    """
    board = material.before if before else material.now
    reason = material.previous_reason if before else material.own_reason
    value = None
    if reason is None and board is not None and material.organisation is not None:
        value = of(board, board.submitted.place[material.organisation])
    if isinstance(value, Reason):
        reason = value
    return disclosure.assessed_figure(reason, value)


def _quantity(name: str) -> Callable[[Board, int], float | Reason | None]:
    def of(board: Board, at: int) -> float | Reason | None:
        if name not in board.asked[at]:
            return Reason.NOT_ASKED
        value = board.quantities[name][at]
        return None if np.isnan(value) else float(value)

    return of


def _measured(material: _Material, name: str, step: float) -> Measured:
    reason = material.benchmark_reason
    everybody = material.bench.submitted.place.keys()
    national = _benchmark(material.bench, name, None)
    inside = material.cohort.members if material.cohort else _NOBODY
    group, group_reason = _benchmark(material.bench, name, inside), material.group_reason(national.members)
    then = _NONE if material.bench_before is None else _benchmark(material.bench_before, name, None)
    median = partial(disclosure.median_figure, step=step)
    return Measured(
        own=_own(material, _quantity(name)),
        previous=_own(material, _quantity(name), before=True),
        median=median(reason, len(national.members), national.median),
        quartiles=disclosure.quartiles_figure(
            reason, len(national.members), national.quartiles, step, is_tied=True
        ),
        organisations=disclosure.number_of_assessments(reason, len(national.members), len(everybody)),
        cohort_median=median(group_reason, len(group.members), group.median),
        cohort_organisations=disclosure.number_of_assessments(
            group_reason, len(group.members), len(everybody & inside)
        ),
        median_before=median(material.before_reason, len(then.members), then.median),
    )


OVERALL = "overall"
"""The median of the functions' levels, beside the ids of functions."""


def cohort_levels(store: Store, choice: Choice, function: str) -> tuple[CohortScore, ...]:
    """Every group that is listed in this round, by a function's level, or by the overall one (OVERALL)."""
    if choice.round is None:
        return ()
    own = choice.organisation.code if choice.organisation else None
    name = function if function == OVERALL else "level/" + function
    told = []
    for one in assessment_cohorts_for(store, choice.viewer, choice.round, own):
        material = _material(store, replace(choice, cohort=one), choice.round)
        of_all = _measured(material, name, disclosure.STEP)
        told.append(
            CohortScore(one, of_all.median, None, of_all.organisations)
            if one.cohort.key == NATIONAL
            else CohortScore(one, of_all.cohort_median, None, of_all.cohort_organisations)
        )
    return tuple(told)


def _function(
    material: _Material, instrument: Maturity, function: Category, criteria: Sequence[CriterionFigures]
) -> Function:
    ids = [one.id for one in instrument.criteria if one.function == function.id]
    level = _measured(material, "level/" + function.id, disclosure.STEP)

    def score(of: Callable[[FunctionScore], Any]) -> Figure[Any]:
        return _own(material, lambda board, at: of(board.scores[at][function.id]))

    def to_find_out(board: Board, at: int) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if board.marks[at].get(id_) is Mark.TO_FIND_OUT)

    def if_found(board: Board, at: int) -> int | None:
        own, score = board.marks[at], board.scores[at][function.id]
        if not score.to_find_out:
            return score.level
        found = scoring.if_found([own.get(id_) for id_ in ids])
        marked = {id_: mark for id_, mark in zip(ids, found, strict=True) if mark is not None}
        return _score(instrument, function.id, marked).level

    missing: Figure[tuple[str, ...]] = score(lambda one: tuple(ids[place] for place in one.missing))
    return Function(
        id=function.id,
        name=maturity_sentence.name_of(function),
        summary=maturity_sentence.summary_of(function),
        level=level,
        share=_measured(material, "share/" + function.id, SHARE_STEP),
        commitment=_measured(material, "commitment/" + function.id, SHARE_STEP),
        next_level=_next_level(material, function.id),
        missing=missing,
        to_find_out=_own(material, to_find_out),
        if_found=_own(material, if_found),
        not_applicable=score(lambda one: one.not_applicable),
        applicable=score(lambda one: one.asked - one.not_applicable),
        cells=_own(material, lambda board, at: _cells(instrument, function.id, board.marks[at])),
        change=disclosure.change_figure(
            level.previous, level.own, (level.own.value or 0.0) - (level.previous.value or 0.0)
        ),
        next_step=_next_step(missing.value or (), criteria),
    )


def _next_level(material: _Material, function: str) -> Figure[int]:
    at = material.now.submitted.place.get(material.organisation or "")
    reason = material.own_reason
    if reason is not None or at is None:
        return disclosure.assessed_figure(reason or Reason.NOT_SUBMITTED, None)
    own = material.now.scores[at][function]
    if own.level is not None and own.next_level is None:
        return disclosure.assessed_figure(Reason.TOP_LEVEL, None)
    return disclosure.assessed_figure(None, own.next_level)


def _cells(instrument: Maturity, function: str, marked: Mapping[str, Mark]) -> tuple[Cell, ...]:
    found = []
    for level in instrument.levels:
        marks = [
            marked.get(one.id)
            for one in instrument.criteria
            if one.function == function and one.level == level.level
        ]
        applicable = [mark for mark in marks if mark is not Mark.NOT_APPLICABLE]
        found.append(Cell(level.level, applicable.count(Mark.MET), len(applicable)))
    return tuple(found)


def _next_step(missing: Sequence[str], criteria: Sequence[CriterionFigures]) -> str | None:
    """Of what is missing, what most of the round have; None where that is not told.

    Those at the next level do not help to choose: by the rule of the levels they have all of it.
    """
    candidates = [one for one in criteria if one.criterion.id in missing and one.peers.value is not None]
    if not candidates:
        return None
    # "Fewer than half" of eleven is no more and no less than "few" of twelve.
    return max(candidates, key=lambda one: min(9, max(1, one.peers.value or 0))).criterion.id


def _criteria(material: _Material, instrument: Maturity) -> tuple[CriterionFigures, ...]:
    ahead = {one.id: _ahead(material, one.id) for one in instrument.functions}
    found = []
    for one in instrument.criteria:
        reason, group = ahead[one.function]
        found.append(
            CriterionFigures(
                criterion=one,
                answer=_answer(material, one.id),
                previous=_answer(material, one.id, before=True),
                peers=_tenths(material, material.benchmark_reason, one.id, None),
                ahead=_tenths(material, reason, one.id, group),
            )
        )
    return tuple(found)


def _ahead(material: _Material, function: str) -> tuple[Reason | None, frozenset[str]]:
    """The organisations at the next level above the own one, and why nothing is told of them."""
    above = _next_level(material, function)
    if above.value is None:
        return above.withheld, _NOBODY
    group = _at_level(material.bench, function, above.value)
    with_level = _benchmark(material.bench, "level/" + function, None).members
    reason = disclosure.at_level_reason(len(group), len(with_level))
    return material.benchmark_reason or reason, group


def _answer(material: _Material, item: str, *, before: bool = False) -> Figure[Mark]:
    # An older version of the instrument may not have had this criterion.
    return _own(material, lambda board, at: board.marks[at].get(item, Reason.NOT_ASKED), before=before)


def _tenths(
    material: _Material, reason: Reason | None, item: str, inside: frozenset[str] | None
) -> Figure[int]:
    return disclosure.peers_tenths_figure(reason, *_tally(material.bench, item, inside))
