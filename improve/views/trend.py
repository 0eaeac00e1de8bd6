"""User satisfaction > Trend: what changed since our last round, and before and after what we did."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from improve import disclosure, scoring
from improve.action import WHOLE, actions_for
from improve.disclosure import Figure, Reason
from improve.instruments import Question, Scale, Survey, say
from improve.language import _
from improve.model import Cohort, CohortKind, Comparison, Round, Selection, Viewer
from improve.store import (
    ANSWER,
    Action,
    RoundCounts,
    Store,
    read_fieldwork,
    read_instruments,
    read_surveys,
    round_counts,
)
from improve.views import trend_sentence
from improve.views.choice import (
    NATIONAL,
    Choice,
    benchmark_of,
    choose,
    cohort_reasons,
    cohorts_for,
    cohorts_of,
    exact_choice,
    rounds_for,
)
from improve.views.ground import SATISFACTION, Ground, ground, taking_part_reason
from improve.views.season import Benchmark, Key, Season, benchmark, comparable, season

_QUARTER = timedelta(days=91)
"""How far apart two rounds are put whose days are not known and would be the same."""


@dataclass(frozen=True, slots=True)
class Point:
    """One question in one round. `day` is the organisation's survey day, as far as it is known.

    `is_break`: it was asked on another scale then, so nothing of that round may stand beside the rest.
    """

    round: str
    day: date
    n: Figure[int]
    own: Figure[float]
    interval: Figure[tuple[float, float]]
    median: Figure[float]
    quartiles: Figure[tuple[float, float]]
    organisations: Figure[int]
    cohort_median: Figure[float]
    is_break: bool


@dataclass(frozen=True, slots=True)
class Move:
    """How one question moved between two rounds, and whether peers moved too.

    `organisations` took part both times, this one among them; `peers` is the mean change of the
    others, `beyond` the own change minus that, and the ends of its interval.
    """

    before: str
    after: str
    change: Figure[float]
    interval: Figure[tuple[float, float]]
    word: Figure[Comparison]
    organisations: Figure[int]
    peers: Figure[float]
    beyond: Figure[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Series:
    """One question over all rounds, oldest first; `move` is from the own round before to this one."""

    id: str
    short: str
    text: str
    category: str
    scale: Scale
    points: tuple[Point, ...]
    move: Move | None


class Lack(StrEnum):
    """Why there is no before and after."""

    NOT_ASKED = "not_asked"
    NO_ROUND_BEFORE = "no_round_before"
    NOT_MEASURED_YET = "not_measured_yet"
    TOOK_NO_PART_SINCE = "took_no_part_since"


@dataclass(frozen=True, slots=True)
class Told:
    """An action, and what its question did: from the round before it to the first one after it, and
    to the newest one where that is another. `series` is the id of the question, `lack` why there are
    no moves.
    """

    action: Action
    series: str
    short: str
    moves: tuple[Move, ...]
    lack: Lack | None


@dataclass(frozen=True, slots=True)
class TrendView:
    """The Trend page of one viewer and selection.

    `series` are the aspects in the instrument's order, `chosen` the one that is looked into: the
    overall question unless another was asked for. `actions` are None for who may not see them.
    `survey` is None (and everything empty) where there are no rated aspects; `finding` then says so.
    """

    choice: Choice
    survey: Survey | None
    is_provisional: bool
    overall: Series | None
    series: tuple[Series, ...]
    chosen: Series | None
    actions: tuple[Told, ...] | None
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str

    @property
    def every(self) -> tuple[Series, ...]:
        """The overall question, where there is one, and the aspects."""
        return (*((self.overall,) if self.overall else ()), *self.series)


def trend_view(store: Store, viewer: Viewer, selection: Selection, *, aspect: str | None = None) -> TrendView:
    """The page for this viewer; a wish that cannot be followed leaves a notice."""
    return looking_into(_view(store, choose(store, viewer, selection)), aspect)


def trend_figures(
    store: Store, viewer: Viewer, selection: Selection, *, aspect: str | None = None
) -> TrendView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    return looking_into(_view(store, exact_choice(store, viewer, selection)), aspect)


def rounds_asked(store: Store, viewer: Viewer, survey_id: str) -> tuple[Round, ...]:
    """The rounds this viewer may know of in which a survey was used, newest season first."""
    return tuple(one for one in rounds_for(store, viewer) if survey_id in read_surveys(store, one.label))


def over_rounds(store: Store, choice: Choice, aspect: str | None) -> Series | None:
    """One aspect over the rounds, or the overall question (None), without how it moved.

    None where it was not asked.
    """
    found = ground(store, choice)
    if found is None:
        return None
    headline = found.survey.headline
    if aspect is None and headline is None:
        return None
    of = _aspects_of(found) if aspect is not None or headline is None else _whole_of(found, headline)
    at = next((place for place, key in enumerate(of.keys) if aspect in (None, key[0])), None)
    if at is None:
        return None
    one = replace(of, keys=(of.keys[at],), names=(of.names[at],), is_optional=(of.is_optional[at],))
    trend = _Trend(store, found)
    points = tuple(trend.points(place, one)[0] for place in range(len(trend.years)))
    return Series(*one.names[0], scale=one.scale, points=points, move=None)


def looking_into(view: TrendView, aspect: str | None) -> TrendView:
    """The view with another question looked into; one that does not exist is left alone."""
    chosen = next((one for one in view.every if one.id == aspect), view.chosen)
    return replace(view, chosen=chosen)


def _view(store: Store, choice: Choice) -> TrendView:
    found = ground(store, choice)
    if found is None:
        return _empty(choice)
    trend = _Trend(store, found)
    aspects = _aspects_of(found)
    overall = None
    headline = found.survey.headline
    groups = {WHOLE: aspects}
    if headline is not None:
        groups[WHOLE] = _whole_of(found, headline)
        (overall,) = trend.series(groups[WHOLE])
    series = trend.series(aspects)
    groups |= {key[0]: aspects for key in aspects.keys}
    view = TrendView(
        choice=choice,
        survey=found.survey,
        is_provisional=found.is_provisional,
        overall=overall,
        series=series,
        chosen=overall or next(iter(series), None),
        actions=trend.told(groups, headline),
        finding="",
        notes=(),
        method=(),
        alt="",
    )
    view = replace(view, finding=trend_sentence.finding(view))
    return replace(
        view,
        notes=trend_sentence.notes(view),
        method=trend_sentence.method(view),
        alt=trend_sentence.alt(view),
    )


def _empty(choice: Choice) -> TrendView:
    if choice.round is None and disclosure.takes_in_files(choice.viewer):
        finding = _("There are no figures yet. Import a survey file to begin.")
    elif choice.round is None:
        finding = _("There are no figures yet.")
    else:
        finding = _("No survey with rated aspects was taken in for this round yet.")
    return TrendView(choice, None, False, None, (), None, None, finding, (), (), finding)


@dataclass(frozen=True, slots=True)
class _Questions:
    """Questions that are scored on one scale and tested together."""

    survey: Survey
    keys: tuple[Key, ...]
    names: tuple[tuple[str, str, str, str], ...]
    is_optional: tuple[bool, ...]
    scale: Scale
    question: Question | None


def _aspects_of(found: Ground) -> _Questions:
    return _Questions(
        survey=found.survey,
        keys=tuple((one.id, SATISFACTION) for one in found.aspects),
        names=tuple((one.id, say(one.short), say(one.text), one.category) for one in found.aspects),
        is_optional=tuple(one.optional for one in found.aspects),
        scale=found.survey.scale,
        question=None,
    )


def _whole_of(found: Ground, headline: Question) -> _Questions:
    return _Questions(
        survey=found.survey,
        keys=((headline.id, ANSWER),),
        names=((headline.id, say(headline.short), say(headline.text), ""),),
        is_optional=(False,),
        scale=found.survey.scale_of(headline),
        question=headline,
    )


@dataclass(frozen=True, slots=True)
class _Year:
    """One round of the trend: its counts now and as at closing, and why what may not be shown."""

    round: Round
    day: date
    now: RoundCounts
    bench: RoundCounts
    own_reason: Reason | None
    benchmark_reason: Reason | None
    cohort: Cohort | None
    cohort_reason: Reason | None


@dataclass(frozen=True, eq=False)
class _Both:
    """How the scores of those who count in both of two benchmarks moved.

    The arrays are organisations x items, NaN where one does not count both times.
    """

    organisations: tuple[str, ...]
    value: npt.NDArray[np.float64]
    standard_error: npt.NDArray[np.float64]


@lru_cache(maxsize=128)
def _both(before: Season, after: Season) -> _Both:
    """The changes between two benchmarks. It knows no viewer."""
    organisations = tuple(code for code in after.organisations if code in before.place)
    was = _scores(before, [before.place[code] for code in organisations])
    now = _scores(after, [after.place[code] for code in organisations])
    moved = scoring.change(was, now)
    return _Both(organisations, moved.value, moved.standard_error)


def _scores(of: Season, rows: int | list[int]) -> scoring.Scores:
    """Rows of a season as scores, those that count in a benchmark alone.

    The standard errors of a season hold the correction for the people invited already.
    """
    counted = of.is_counted[rows]
    return scoring.Scores(
        n=of.n[rows],
        mean=np.where(counted, of.mean[rows], np.nan),
        sd=np.where(counted, of.standard_error[rows] * np.sqrt(of.n[rows]), np.nan),
    )


class _Trend:
    """A survey over the rounds that this viewer may know of; moves are worked out once."""

    def __init__(self, store: Store, found: Ground) -> None:
        self.store, self.found, self.choice = store, found, found.choice
        self.surveys = read_instruments(store)
        self.own = found.choice.organisation.code if found.choice.organisation else None
        self.years = self._years()
        self.at = next(place for place, year in enumerate(self.years) if year.round == self.choice.round)
        self.mine = [place for place, year in enumerate(self.years) if year.own_reason is None]
        self._pointed: dict[tuple[int, tuple[Key, ...]], list[Point]] = {}
        self._moved: dict[tuple[int, int, tuple[Key, ...]], tuple[Move, ...]] = {}

    def _years(self) -> list[_Year]:
        rounds = reversed(rounds_asked(self.store, self.choice.viewer, self.found.survey.id))
        years: list[_Year] = []
        for round_ in rounds:
            now = round_counts(self.store, round_.label, self.found.survey.id)
            bench = benchmark_of(self.store, round_, self.found.survey.id)
            own_reason = taking_part_reason(self.choice, now)
            cohort, cohort_reason = self._cohort(round_, bench)
            years.append(
                _Year(
                    round=round_,
                    day=self._day(round_, own_reason, years[-1].day if years else date.min),
                    now=now,
                    bench=bench,
                    own_reason=own_reason,
                    benchmark_reason=disclosure.benchmark_reason(self.choice.viewer, round_),
                    cohort=cohort,
                    cohort_reason=cohort_reason,
                )
            )
        return years

    def _day(self, round_: Round, own_reason: Reason | None, previous: date) -> date:
        """The middle of the organisation's fieldwork; else July of the label's year, in round order."""
        if own_reason is None and self.own is not None:
            known = read_fieldwork(self.store, round_.label, self.own, self.found.survey.id)
            if known is not None and known.opened_on is not None and known.closed_on is not None:
                return known.opened_on + (known.closed_on - known.opened_on) / 2
        year = re.search(r"(?:19|20)\d\d", round_.label)
        guess = date(int(year[0]), 7, 1) if year else round_.opened_at.date()
        return guess if guess > previous else previous + _QUARTER

    def _cohort(self, round_: Round, bench: RoundCounts) -> tuple[Cohort | None, Reason | None]:
        """The chosen cohort as it was in a round, and why it is not offered there."""
        chosen = self.choice.cohort
        if chosen is None or chosen.cohort.key == NATIONAL:
            return None, None
        # Listed again for each round: a group is opened round by round.
        offered = cohorts_for(self.store, self.choice.viewer, round_, self.found.survey, self.own)
        listed = next((one for one in offered if one.cohort.key == chosen.cohort.key), None)
        if listed is not None:
            return listed.cohort, listed.reason
        known = next((one for one in cohorts_of(self.store, bench) if one.key == chosen.cohort.key), None)
        unlisted = {CohortKind.GROUP: Reason.NOT_OPENED, CohortKind.LIKE: Reason.NOT_YOURS}
        return known, unlisted.get(chosen.cohort.kind)

    def _is_comparable(self, counts: RoundCounts, of: _Questions) -> tuple[bool, ...]:
        return comparable(counts, self.surveys, of.scale, of.question)

    def _season(self, counts: RoundCounts, of: _Questions) -> Season:
        return season(counts, of.keys, of.scale.low, of.scale.high, self._is_comparable(counts, of))

    def series(self, of: _Questions) -> tuple[Series, ...]:
        """The questions over all rounds, and how they moved since the organisation's last one."""
        rounds = [self.points(place, of) for place in range(len(self.years))]
        earlier = [place for place in self.mine if place < self.at]
        moves: Sequence[Move | None] = [None] * len(of.keys)
        if self.at in self.mine and earlier:
            moves = self.moves(earlier[-1], self.at, of)
        return tuple(
            Series(*names, scale=of.scale, points=tuple(points[item] for points in rounds), move=moves[item])
            for item, names in enumerate(of.names)
        )

    def points(self, at: int, of: _Questions) -> list[Point]:
        """The questions in one round."""
        if (at, of.keys) not in self._pointed:
            self._pointed[at, of.keys] = self._points(self.years[at], of)
        return self._pointed[at, of.keys]

    def _points(self, year: _Year, of: _Questions) -> list[Point]:
        now, peers = self._season(year.now, of), self._season(year.bench, of)
        national = benchmark(peers, frozenset(peers.organisations))
        group = None if year.cohort is None else benchmark(peers, year.cohort.members)
        breaks = self._breaks(year, of)
        place = now.place.get(self.own or "")
        points = []
        for item in range(len(of.keys)):
            n = asked = 0
            value, ends = np.nan, (np.nan, np.nan)
            if place is not None:
                n, asked = int(now.n[place, item]), int(now.asked[place, item])
                value = float(now.mean[place, item])
                ends = (float(now.low[place, item]), float(now.high[place, item]))
            own_reason = year.own_reason or (Reason.ANOTHER_SCALE if breaks[item] else None)
            own = partial(disclosure.own_figure, own_reason, n, asked)
            reason = Reason.NOT_COMPARED if of.is_optional[item] else year.benchmark_reason
            organisations = int(national.organisations[item])
            points.append(
                Point(
                    round=year.round.label,
                    day=year.day,
                    n=own(n),
                    own=own(value),
                    interval=own(ends),
                    median=disclosure.median_figure(reason, organisations, float(national.median[item])),
                    quartiles=disclosure.quartiles_figure(
                        reason,
                        organisations,
                        (float(national.lower_quartile[item]), float(national.upper_quartile[item])),
                    ),
                    organisations=disclosure.number_of_organisations(reason, organisations),
                    cohort_median=self._cohort_median(year, group, national.members[item], item, reason),
                    is_break=breaks[item],
                )
            )
        return points

    def _cohort_median(
        self,
        year: _Year,
        group: Benchmark | None,
        counting: frozenset[str],
        item: int,
        reason: Reason | None,
    ) -> Figure[float]:
        """The chosen cohort's median, where it is offered in that round and for this very question."""
        if group is None or year.cohort is None:
            return disclosure.median_figure(Reason.UNKNOWN, 0, 0.0)
        cohorts = cohorts_of(self.store, year.bench)
        reason = reason or year.cohort_reason or cohort_reasons(cohorts, counting)[year.cohort.key]
        return disclosure.median_figure(reason, int(group.organisations[item]), float(group.median[item]))

    def _breaks(self, year: _Year, of: _Questions) -> list[bool]:
        """Whether each question was asked on another scale: of the organisation, else of everybody."""
        counts = year.now if year.own_reason is None else year.bench
        same = np.array(self._is_comparable(counts, of), dtype=bool)
        if year.own_reason is None:
            rows = np.array([code == self.own for code in counts.organisations], dtype=bool)
        else:
            rows = np.ones(same.size, dtype=bool)
        columns = {key: place for place, key in enumerate(counts.keys)}
        if not rows.any() or same[rows].any():
            return [False] * len(of.keys)
        asked = counts.asked[rows].any(axis=0)
        return [key in columns and bool(asked[columns[key]]) for key in of.keys]

    def moves(self, before: int, after: int, of: _Questions) -> tuple[Move, ...]:
        """How the organisation's scores moved between two of its rounds, the questions tested together."""
        if (before, after, of.keys) not in self._moved:
            self._moved[before, after, of.keys] = self._moves(before, after, of)
        return self._moved[before, after, of.keys]

    def _moves(self, at_first: int, at_last: int, of: _Questions) -> tuple[Move, ...]:
        assert self.own is not None
        before, after = self.years[at_first], self.years[at_last]
        was, now = self._season(before.now, of), self._season(after.now, of)
        change = scoring.change(
            _scores(was, was.place[self.own]),
            _scores(now, now.place[self.own]),
        )
        both = _both(self._season(before.bench, of), self._season(after.bench, of))
        others = np.array([code != self.own for code in both.organisations], dtype=bool)
        against = scoring.difference_in_differences(change, both.value[others], both.standard_error[others])
        points = list(zip(self.points(at_first, of), self.points(at_last, of), strict=True))
        is_shown = [a.own.is_released and b.own.is_released for a, b in points]
        words = scoring.words(np.where(is_shown, change.value, np.nan), np.where(is_shown, change.p, np.nan))
        moves = []
        for item, (a, b) in enumerate(points):
            told = partial(disclosure.change_figure, a.own, b.own)
            moved = told(float(change.value[item]))
            reason = Reason.NOT_COMPARED if of.is_optional[item] else None
            reason = reason or after.benchmark_reason or before.benchmark_reason
            m = int(against.m[item])
            peers = disclosure.peers_change_figure(reason, m, float(against.mean[item]))
            half = (float(against.high[item]) - float(against.low[item])) / 2
            moves.append(
                Move(
                    before=before.round.label,
                    after=after.round.label,
                    change=moved,
                    interval=told((float(change.low[item]), float(change.high[item]))),
                    word=told(words[item] or Comparison.SIMILAR),
                    organisations=disclosure.number_of_organisations(reason, m + 1),
                    peers=peers,
                    beyond=disclosure.beyond_peers_figure(moved, peers, half),
                )
            )
        return tuple(moves)

    def told(self, groups: Mapping[str, _Questions], headline: Question | None) -> tuple[Told, ...] | None:
        """The organisation's actions with their before and after; None for who may not see them."""
        if not disclosure.may_act(self.choice.viewer, self.own):
            return None
        return tuple(
            self._told(one, groups, headline) for one in actions_for(self.store, self.choice.viewer, self.own)
        )

    def _told(self, action: Action, groups: Mapping[str, _Questions], headline: Question | None) -> Told:
        question = headline.id if action.aspect == WHOLE and headline is not None else action.aspect
        tell = partial(Told, action, question, self._short(action.aspect))
        of = groups.get(action.aspect)
        item = None if of is None else next((i for i, key in enumerate(of.keys) if key[0] == question), None)
        if of is None or item is None:
            return tell((), Lack.NOT_ASKED)
        before = [place for place in self.mine if self.years[place].day < action.done_on]
        after = [place for place in self.mine if self.years[place].day > action.done_on]
        if not after:
            is_since = any(year.day > action.done_on for year in self.years)
            return tell((), Lack.TOOK_NO_PART_SINCE if is_since else Lack.NOT_MEASURED_YET)
        if not before:
            return tell((), Lack.NO_ROUND_BEFORE)
        ends = dict.fromkeys((after[0], after[-1]))
        return tell(tuple(self.moves(before[-1], end, of)[item] for end in ends), None)

    def _short(self, aspect: str) -> str:
        """What an action is about, also where this version of the survey does not ask it."""
        if aspect == WHOLE:
            return _("The service as a whole")
        every = (one for survey in (self.found.survey, *self.surveys.values()) for one in survey.aspects)
        return next((say(one.short) for one in every if one.id == aspect), aspect)


def told_actions(actions: Sequence[Told], series: Series) -> tuple[Told, ...]:
    """The actions that are about one question."""
    return tuple(one for one in actions if one.series == series.id)
