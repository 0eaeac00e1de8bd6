"""User satisfaction > Expectation gap: which aspects matter most and satisfy least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from improve import disclosure, scoring
from improve.disclosure import Figure, Reason
from improve.errors import SelectionError
from improve.instruments import Question, Survey, say
from improve.language import _
from improve.model import Certainty, Comparison, Quadrant, Selection, Viewer
from improve.store import (
    Store,
    SumKind,
    Sums,
    benchmark_sums,
    breakdown,
    joint_counts,
    read_instruments,
    read_staff,
    round_sums,
)
from improve.views import gap_sentence
from improve.views.choice import (
    NATIONAL,
    Choice,
    choose,
    cohort_reasons,
    cohorts_for,
    cohorts_of,
    exact_choice,
)
from improve.views.ground import (
    IMPORTANCE,
    SATISFACTION,
    Ground,
    Score,
    aspect_scores,
    ground,
    on_another_scale,
)
from improve.views.people import people_by
from improve.views.season import Floats, Season, benchmark, comparable, season

LINES = ("national", "own", "middle")
COMPARED = {"areas": "service_area", "jobs": "job", "places": "place"}
"""What an organisation's people are compared by, and the role of its profile question."""
GROUPS = "groups"
SORTS = ("gap", "national")

Placed = tuple[Quadrant, Certainty]


@dataclass(frozen=True, slots=True)
class Gap:
    """One aspect by importance and satisfaction.

    `n` are the people who gave both; `gap` is importance minus satisfaction of those; `national` the
    median of the organisations' gaps.
    """

    id: str
    short: str
    text: str
    importance: Score
    satisfaction: Score
    n: Figure[int]
    gap: Figure[float]
    interval: Figure[tuple[float, float]]
    national: Figure[float]
    organisations: Figure[int]
    difference: Figure[float]
    comparison: Figure[Comparison]
    quadrant: Figure[Placed]

    @property
    def has_own(self) -> bool:
        """Whether the organisation's own position may be drawn."""
        return self.importance.mean.is_released and self.satisfaction.mean.is_released


@dataclass(frozen=True, slots=True)
class Lines:
    """Where importance and satisfaction are parted into high and low, and what that is."""

    kind: str
    satisfaction: Figure[float]
    importance: Figure[float]


@dataclass(frozen=True, slots=True)
class Position:
    """One group in the plane of one aspect: a cohort's medians, or the means of own people.

    `is_own` marks the organisation as a whole, beside which the groups stand.
    """

    label: str
    is_own: bool
    n: Figure[int]
    satisfaction: Figure[float]
    importance: Figure[float]
    satisfaction_interval: Figure[tuple[float, float]] | None
    importance_interval: Figure[tuple[float, float]] | None


@dataclass(frozen=True, slots=True)
class Joint:
    """How importance and satisfaction of one aspect go together.

    `shares` has a row per code of importance, a column per code of satisfaction, both from the low
    end of the scale; `above` is the share who rate importance above satisfaction.
    """

    n: Figure[int]
    shares: Figure[tuple[tuple[float, ...], ...]]
    above: Figure[float]


@dataclass(frozen=True, slots=True)
class GapView:
    """The Expectation gap page of one viewer and selection; `gaps` in the order of `sort`."""

    choice: Choice
    survey: Survey | None
    is_provisional: bool
    lines: Lines | None
    sort: str
    gaps: tuple[Gap, ...]
    chosen: Gap | None
    joint: Joint | None
    offered: tuple[str, ...]
    compared: str | None
    positions: tuple[Position, ...]
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str

    @property
    def has_own(self) -> bool:
        """Whether any aspect has an own position."""
        return any(gap.has_own for gap in self.gaps)


def gap_view(
    store: Store,
    viewer: Viewer,
    selection: Selection,
    *,
    lines: str | None = None,
    aspect: str | None = None,
    compared: str | None = None,
    sort: str | None = None,
) -> GapView:
    """The page for this viewer; a wish that cannot be followed leaves a notice or the usual choice."""
    return _view(store, choose(store, viewer, selection), lines, aspect, compared, sort)


def gap_figures(
    store: Store,
    viewer: Viewer,
    selection: Selection,
    *,
    lines: str | None = None,
    aspect: str | None = None,
    compared: str | None = None,
) -> GapView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    view = _view(store, exact_choice(store, viewer, selection), lines, aspect, compared, None)
    if lines is not None and lines not in LINES:
        raise SelectionError(
            _("There are no lines called {wanted}. There are: {known}.").format(
                wanted=lines, known=", ".join(LINES)
            )
        )
    if aspect is not None and aspect not in {gap.id for gap in view.gaps}:
        raise SelectionError(
            _("There is no aspect called {wanted}. There are: {known}.").format(
                wanted=aspect, known=", ".join(gap.id for gap in view.gaps)
            )
        )
    if compared is not None and view.compared is None:
        raise SelectionError(
            _("Nothing can be compared by {wanted} here. What can: {known}.").format(
                wanted=compared, known=", ".join(view.offered) or _("none")
            )
        )
    return view


def _view(
    store: Store,
    choice: Choice,
    lines: str | None,
    aspect: str | None,
    compared: str | None,
    sort: str | None,
) -> GapView:
    base = ground(store, choice)
    measures = set() if base is None else {measure.id for measure in base.survey.measures}
    if base is None or not {IMPORTANCE, SATISFACTION} <= measures:
        finding = gap_sentence.empty(choice)
        return GapView(
            *(choice, None, False, None, SORTS[0], (), None, None, (), None, ()),
            *(finding, (), (), finding),
        )
    importance = aspect_scores(store, base, IMPORTANCE)
    satisfaction = aspect_scores(store, base, SATISFACTION)
    drawn = _lines(store, base, lines if lines in LINES else LINES[0], importance, satisfaction)
    gaps = _sorted(_gaps(store, base, importance, satisfaction, drawn), sort)
    offered = compared_by(base)
    compared = compared if compared in offered else None
    chosen = next((gap for gap in gaps if gap.id == aspect), None)
    looked_at = chosen or (gaps[0] if compared and gaps else None)
    view = GapView(
        choice=choice,
        survey=base.survey,
        is_provisional=base.is_provisional,
        lines=drawn,
        sort=sort if sort in SORTS else SORTS[0],
        gaps=gaps,
        chosen=looked_at,
        joint=None if looked_at is None else _joint(store, base, looked_at),
        offered=offered,
        compared=compared,
        positions=_positions(store, base, looked_at, compared) if looked_at and compared else (),
        finding="",
        notes=(),
        method=(),
        alt="",
    )
    view = replace(view, finding=gap_sentence.finding(view))
    return replace(
        view,
        notes=gap_sentence.notes(view, on_another_scale(store, base)),
        method=gap_sentence.method(view),
        alt=gap_sentence.alt(view),
    )


def _season(store: Store, base: Ground, measure: str, *, is_benchmark: bool) -> Season:
    counts = base.bench if is_benchmark else base.counts
    keys = tuple((aspect.id, measure) for aspect in base.aspects)
    scale = base.survey.scale
    is_comparable = comparable(counts, read_instruments(store), scale)
    return season(counts, keys, scale.low, scale.high, is_comparable)


@dataclass(frozen=True, eq=False)
class _Gaps:
    """The gaps of a round's organisations: arrays of organisations x aspects, NaN where there is none."""

    place: Mapping[str, int]
    scores: scoring.Scores
    standard_error: Floats
    low: Floats
    high: Floats
    counted_mean: Floats
    counted_error: Floats


@lru_cache(maxsize=64)
def _organisations_gaps(
    sums: Sums, items: tuple[str, ...], is_comparable: tuple[bool, ...], width: int
) -> _Gaps:
    shape = (len(sums.organisations), len(items))
    n, total, squares = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    for place, item in enumerate(items):
        if item in sums.items:
            column = sums.items.index(item)
            n[:, place], total[:, place] = sums.n[:, column], sums.total[:, column]
            squares[:, place] = sums.squares[:, column]
    same = np.array(is_comparable, dtype=bool).reshape(-1)
    n[~same] = 0
    scored = scoring.sums_scores(n, np.where(n > 0, total, 0.0), np.where(n > 0, squares, 0.0))
    invited = sums.invited[:, None]
    error = scoring.standard_error(scored, invited)
    low, high = scoring.interval(scored, -width, width, invited)
    counted = scored.n >= disclosure.MINIMUM_ANSWERS
    return _Gaps(
        sums.place,
        *(scored, error, low, high),
        np.where(counted, scored.mean, np.nan),
        np.where(counted, error, np.nan),
    )


def _all_gaps(store: Store, base: Ground, *, is_benchmark: bool) -> _Gaps:
    assert base.choice.round is not None
    read = benchmark_sums if is_benchmark and base.choice.round.is_closed else round_sums
    counts = base.bench if is_benchmark else base.counts
    scale = base.survey.scale
    return _organisations_gaps(
        read(store, base.label, base.survey.id, SumKind.GAP),
        tuple(aspect.id for aspect in base.aspects),
        comparable(counts, read_instruments(store), scale),
        scale.high - scale.low,
    )


def _lines(
    store: Store, base: Ground, kind: str, importance: Sequence[Score], satisfaction: Sequence[Score]
) -> Lines:
    """The crosshair: of all organisations, of the own means, or of the scale."""
    if kind == "national":
        return Lines(
            kind,
            *(_national_level(store, base, measure) for measure in (SATISFACTION, IMPORTANCE)),
        )
    if kind == "own":
        optional = {aspect.id for aspect in base.aspects if aspect.optional}

        def mean(scores: Sequence[Score]) -> Figure[float]:
            common = [one for one in scores if one.id not in optional]
            values = [one.mean.value for one in common if one.mean.value is not None]
            n = min((one.n.value for one in common if one.n.value is not None), default=0)
            return disclosure.own_figure(base.own_reason, n, 1, float(np.mean(values)) if values else 0.0)

        return Lines(kind, mean(satisfaction), mean(importance))
    middle = (base.survey.scale.low + base.survey.scale.high) / 2
    # Nobody's figure: a point of the scale.
    point = disclosure.own_figure(None, disclosure.MINIMUM_ANSWERS, 1, middle)
    return Lines(kind, point, point)


def _national_level(store: Store, base: Ground, measure: str) -> Figure[float]:
    """The median over organisations of their average over the common aspects."""
    peers = _season(store, base, measure, is_benchmark=True)
    common = np.array([not aspect.optional for aspect in base.aspects], dtype=bool)
    has_all = peers.is_counted[:, common].all(axis=1)
    averages = peers.mean[np.ix_(has_all, common)].mean(axis=1) if has_all.any() else np.empty(0)
    return disclosure.median_figure(base.benchmark_reason, averages.size, scoring.median(averages))


def _gaps(
    store: Store,
    base: Ground,
    importance: Sequence[Score],
    satisfaction: Sequence[Score],
    lines: Lines,
) -> tuple[Gap, ...]:
    own, peers = _all_gaps(store, base, is_benchmark=False), _all_gaps(store, base, is_benchmark=True)
    code = base.choice.organisation.code if base.choice.organisation else None
    place = own.place.get(code or "")
    medians = scoring.median_by_item(peers.counted_mean)
    number = np.count_nonzero(~np.isnan(peers.counted_mean), axis=0)
    words = _words(base, own, place, peers, medians, number)
    quadrants = _quadrants(store, base, own, place, lines)
    found = []
    for item, aspect in enumerate(base.aspects):
        n = 0 if place is None else int(own.scores.n[place, item])
        asked = importance[item].mean.withheld is not Reason.NOT_ASKED
        is_asked = 1 if asked and satisfaction[item].mean.withheld is not Reason.NOT_ASKED else 0
        value, ends = 0.0, (0.0, 0.0)
        if place is not None:
            value = float(own.scores.mean[place, item])
            ends = (float(own.low[place, item]), float(own.high[place, item]))
        reason = Reason.NOT_COMPARED if aspect.optional else base.benchmark_reason
        gap = disclosure.own_figure(base.own_reason, n, is_asked, value)
        national = disclosure.median_figure(reason, int(number[item]), float(medians[item]))
        difference = disclosure.difference_figure(gap, national)
        found.append(
            Gap(
                id=aspect.id,
                short=say(aspect.short),
                text=say(aspect.text),
                importance=importance[item],
                satisfaction=satisfaction[item],
                n=disclosure.own_figure(base.own_reason, n, is_asked, n),
                gap=gap,
                interval=disclosure.own_figure(base.own_reason, n, is_asked, ends),
                national=national,
                organisations=disclosure.number_of_organisations(reason, int(number[item])),
                difference=difference,
                comparison=disclosure.comparison_figure(difference, words[item]),
                quadrant=_quadrant((importance[item], satisfaction[item]), lines, quadrants[item]),
            )
        )
    return tuple(found)


def _words(
    base: Ground, own: _Gaps, place: int | None, peers: _Gaps, medians: Floats, number: Floats
) -> tuple[Comparison | None, ...]:
    """Wider, similar or narrower than the national gap: the test of section 4 on gaps."""
    optional = np.array([aspect.optional for aspect in base.aspects], dtype=bool)
    if place is None or base.own_reason is not None or base.benchmark_reason is not None:
        return (None,) * optional.size
    has_word = (own.scores.n[place] >= disclosure.MINIMUM_ANSWERS) & ~optional
    has_word &= number >= disclosure.MINIMUM_FOR_MEDIAN
    mean = np.where(has_word, own.scores.mean[place], np.nan)
    p_values = scoring.difference_test(
        mean, own.standard_error[place], own.scores.n[place], medians, peers.counted_error
    )
    return scoring.words(mean - medians, p_values)


def _quadrants(
    store: Store, base: Ground, own: _Gaps, place: int | None, lines: Lines
) -> tuple[Placed | None, ...]:
    """Each aspect's quadrant and how certain it is, with the lines as they are shown."""
    x_line, y_line = lines.satisfaction.value, lines.importance.value
    if place is None or x_line is None or y_line is None:
        return (None,) * len(base.aspects)
    x = _season(store, base, SATISFACTION, is_benchmark=False)
    y = _season(store, base, IMPORTANCE, is_benchmark=False)

    codes = np.arange(base.survey.scale.low, base.survey.scale.high + 1)
    first, second = (scoring.scores(one.counts[place], codes) for one in (x, y))
    n, mean, sd = (array[place] for array in (own.scores.n, own.scores.mean, own.scores.sd))
    correlation = scoring.mean_correlation(first, second, scoring.Scores(n, mean, sd))
    shares = scoring.quadrant_shares(
        *(x.mean[place], x.standard_error[place], y.mean[place], y.standard_error[place]),
        *(correlation, x_line, y_line),
    )
    return scoring.quadrants(shares)


def _quadrant(scores: tuple[Score, Score], lines: Lines, found: Placed | None) -> Figure[Placed]:
    """Released where both means and both lines are."""
    figures = [one.mean for one in scores] + [lines.satisfaction, lines.importance]
    reason = next((one.withheld for one in figures if one.withheld is not None), None)
    if found is None:
        reason = reason or Reason.UNKNOWN
    n = min(one.n.value or 0 for one in scores)
    return disclosure.own_figure(reason, n, 1, found or (Quadrant.LOW, Certainty.BORDERLINE))


def _sorted(gaps: Sequence[Gap], sort: str | None) -> tuple[Gap, ...]:
    """The widest first, or the widest against the national gap; what is withheld last."""
    has_own = any(gap.gap.is_released for gap in gaps)

    def key(gap: Gap) -> tuple[bool, float]:
        own = gap.difference if sort == "national" else gap.gap
        figure = own if has_own else gap.national
        return figure.value is None, -(figure.value or 0.0)

    return tuple(sorted(gaps, key=key))


def _joint(store: Store, base: Ground, gap: Gap) -> Joint:
    """The joint picture of one aspect, of those who gave both."""
    own, scale = base.choice.organisation, base.survey.scale
    reason = disclosure.inner_reason(base.choice.viewer, own.code if own else None) or base.own_reason
    width = scale.high - scale.low + 1
    pairs = np.zeros((width, width), dtype=np.int64)
    if reason is None and own is not None:
        counted = joint_counts(store, base.label, own.code, base.survey.id, gap.id)
        found = counted[scale.low : scale.high + 1, scale.low : scale.high + 1]
        pairs[: found.shape[0], : found.shape[1]] = found
    n = int(pairs.sum())
    asked = 0 if gap.n.withheld is Reason.NOT_ASKED else 1
    shares = pairs / max(n, 1)
    return Joint(
        n=disclosure.own_figure(reason, n, asked, n),
        shares=disclosure.own_figure(reason, n, asked, tuple(tuple(row) for row in shares.tolist())),
        above=disclosure.own_figure(reason, n, asked, float(np.tril(shares, -1).sum())),
    )


def _profile(survey: Survey, compared: str) -> Question | None:
    role = COMPARED.get(compared)
    return next((one for one in survey.profile if one.role == role), None)


def compared_by(base: Ground) -> tuple[str, ...]:
    """What may be compared: groups of organisations, and own people one way at a time."""
    own, counts = base.choice.organisation, base.counts
    found = [] if base.benchmark_reason is not None else [GROUPS]
    if own is None or base.own_reason is not None:
        return tuple(found)
    responses = disclosure.own_count(
        disclosure.inner_reason(base.choice.viewer, own.code), int(counts.responses[counts.place[own.code]])
    )
    # The groups that fewer than ten people named would say something of how many they are.
    if responses.is_released:
        asked = {item for item, _measure in counts.keys}
        questions = {compared: _profile(base.survey, compared) for compared in COMPARED}
        found += [key for key, one in questions.items() if one is not None and one.id in asked]
    return tuple(found)


def _positions(store: Store, base: Ground, gap: Gap, compared: str) -> tuple[Position, ...]:
    """The organisation as a whole, and the groups that it is, or may be, compared by."""
    found = _cohorts(store, base, gap) if compared == GROUPS else _own_groups(store, base, gap, compared)
    if not gap.has_own:
        return found
    own = Position(
        label=_("Own organisation"),
        is_own=True,
        n=gap.n,
        satisfaction=gap.satisfaction.mean,
        importance=gap.importance.mean,
        satisfaction_interval=gap.satisfaction.interval,
        importance_interval=gap.importance.interval,
    )
    return (own, *found)


def _cohorts(store: Store, base: Ground, gap: Gap) -> tuple[Position, ...]:
    """Every cohort that is offered for this very aspect, in both measures, by its medians."""
    assert base.choice.round is not None and base.choice.survey is not None
    item = next(place for place, aspect in enumerate(base.aspects) if aspect.id == gap.id)
    cohorts = cohorts_of(store, base.bench)
    seasons = [_season(store, base, one, is_benchmark=True) for one in (SATISFACTION, IMPORTANCE)]
    counting = [benchmark(peers, frozenset(peers.organisations)).members[item] for peers in seasons]
    found = []
    own = base.choice.organisation.code if base.choice.organisation else None
    for one in cohorts_for(store, base.choice.viewer, base.choice.round, base.choice.survey, own):
        key = one.cohort.key
        reason = Reason.NOT_COMPARED if base.aspects[item].optional else base.benchmark_reason or one.reason
        if key != NATIONAL:
            offered = (cohort_reasons(cohorts, members)[key] for members in counting)
            reason = reason or next((why for why in offered if why is not None), None)
        groups = [benchmark(peers, one.cohort.members) for peers in seasons]
        number = min(int(group.organisations[item]) for group in groups)
        satisfaction, importance = (
            disclosure.median_figure(reason, number, float(group.median[item])) for group in groups
        )
        organisations = disclosure.number_of_organisations(reason, number)
        found.append(Position(one.label, False, organisations, satisfaction, importance, None, None))
    return tuple(found)


def _own_groups(store: Store, base: Ground, gap: Gap, compared: str) -> tuple[Position, ...]:
    """The groups of one profile question, each shown where it may be in both measures."""
    own, question = base.choice.organisation, _profile(base.survey, compared)
    if own is None or question is None:
        return ()
    reason = disclosure.inner_reason(base.choice.viewer, own.code) or base.own_reason
    groups = breakdown(store, base.label, own.code, base.survey.id, question.id)
    keys = [(gap.id, measure) for measure in (SATISFACTION, IMPORTANCE)]
    if reason is not None or groups is None or not set(keys) <= set(groups.keys):
        return ()
    parted = people_by(question, groups, read_staff(store, base.label, own.code))
    columns = [groups.keys.index(key) for key in keys]
    shown = [
        all(both) for both in zip(*(parted.shown(groups.added[:, :, at]) for at in columns), strict=True)
    ]
    scale = base.survey.scale
    codes = np.arange(scale.low, scale.high + 1)
    # A code that nobody gave may be beyond the last that is counted.
    counts = np.zeros((len(parted.parts), len(columns), codes.size), np.int64)
    given = parted.summed(groups.counts[:, columns, scale.low : scale.high + 1])
    counts[:, :, : given.shape[2]] = given
    scored = scoring.scores(counts, codes)
    low, high = scoring.interval(scored, scale.low, scale.high)
    found = []
    for row, (part, is_shown) in enumerate(zip(parted.parts, shown, strict=True)):
        satisfaction, importance = (
            disclosure.group_figure(None, is_shown, float(mean)) for mean in scored.mean[row]
        )
        satisfaction_interval, importance_interval = (
            disclosure.group_interval(None, is_shown, (float(low[row, at]), float(high[row, at])))
            for at in range(len(columns))
        )
        found.append(
            Position(
                label=part.label,
                is_own=False,
                n=disclosure.group_count(None, is_shown, int(scored.n[row].min())),
                satisfaction=satisfaction,
                importance=importance,
                satisfaction_interval=satisfaction_interval,
                importance_interval=importance_interval,
            )
        )
    return tuple(found)
