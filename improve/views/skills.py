"""User satisfaction > Skills: what our users can do, want to learn, or do not care about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from improve import disclosure, scoring
from improve.disclosure import Figure, Reason
from improve.errors import SelectionError
from improve.instruments import Option, Question, QuestionKind, Survey, say
from improve.language import _
from improve.model import Cohort, Cohorts, Comparison, Selection, Viewer
from improve.store import (
    ANSWER,
    Breakdown,
    RoundCounts,
    Store,
    SumKind,
    Sums,
    benchmark_sums,
    breakdown,
    read_instruments,
    round_counts,
    round_sums,
)
from improve.views import skills_sentence
from improve.views.choice import (
    NATIONAL,
    SKILL,
    Choice,
    Subject,
    choose,
    cohort_reasons,
    cohorts_for,
    cohorts_of,
    exact_choice,
    rounds_for,
    surveys_for,
)
from improve.views.ground import CohortScore, Ground, ground
from improve.views.season import Benchmark, Season, benchmark

HEADLINE, ATTITUDE, ATTITUDE_GROUP = "headline", "attitude", "attitude_group"
BARRIER, LEARNING = "barrier", "learning"
"""The parts of the page beside the skills themselves; those of one part are tested together."""
RECEIVED, ENOUGH = "training_received", "training_enough"
"""The roles of the questions about training."""
DO_NOT_MIND = "dont_know_dont_care"
"""The group of those answers to the question on attitude that awareness has to reach."""
ROLES = ("service_area", "job")
"""The profile questions that part an organisation's people, by role; one at a time."""
INDEX, GAP = "skill_index", "training_gap"
"""What is worked out from several questions, as items."""
TOP = 100
"""The skill index of somebody who gave every skill its most points."""
INDEX_STEP, DAYS_STEP = 1.0, 0.05
"""Medians of the skill index are shown to one point of a hundred, medians of days to a twentieth of a day."""
GROUP_INDEX_STEP, GROUP_DAYS_STEP = 2.0, 0.1
"""The same for figures of a group of people."""
MUCH_WANTED = 0.3
"""From this training gap in days on, a group needs training."""
MANY_DO_NOT_MIND = 2
"""From this many tenths who do not know and do not mind on, a group needs awareness."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Unit(StrEnum):
    """What a figure is counted in: points of a hundred, days, or a share of the people."""

    POINTS = "points"
    DAYS = "days"
    SHARE = "share"


class Need(StrEnum):
    """What a group of people needs, by the rules that the page states."""

    BOTH = "training_and_awareness"
    TRAINING = "training"
    AWARENESS = "awareness"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measured:
    """A mean or a share of the organisation's people, against the median over organisations.

    `n` are the people behind it; the interval is of 95 %.
    """

    id: str
    label: str
    unit: Unit
    n: Figure[int]
    value: Figure[float]
    interval: Figure[tuple[float, float]]
    median: Figure[float]
    organisations: Figure[int]
    cohort_median: Figure[float]
    cohort_organisations: Figure[int]
    difference: Figure[float]
    comparison: Figure[Comparison]

    @property
    def is_small_sample(self) -> bool:
        """Whether it is released but marked: fewer than 30 answers."""
        return self.n.value is not None and self.n.value < disclosure.SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill: who can do it without help (`able`), and how many gave each answer that counts.

    `answers` has one place per option of `options`, which come with the least able first; `aside` is
    the share, of all who answered, of those whose answer does not count.
    """

    able: Measured
    text: str
    options: tuple[Option, ...]
    answers: Figure[tuple[int, ...]]
    aside: Figure[float]


@dataclass(frozen=True, slots=True)
class AttitudeGroup:
    """Attitudes that belong together: their share, and that of each answer in them."""

    whole: Measured
    options: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One group of people: skill index, training gap in days, tenths who do not know and do not mind.

    `need` is None where not all of it may be shown.
    """

    label: str
    n: Figure[int]
    index: Figure[float]
    interval: Figure[tuple[float, float]]
    gap: Figure[float] | None
    do_not_mind: Figure[int] | None
    need: Need | None


@dataclass(frozen=True, slots=True)
class Groups:
    """An organisation's people by one profile question; `by` is its role.

    The lowest skill index comes first, what is not shown last.
    """

    by: str
    question: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class SkillsView:
    """The Skills page of one viewer and selection.

    `survey` is None (and everything empty) where the round has no survey about skills; `finding` then
    says in which rounds there was one. What the survey does not ask is None or empty. `skills` are in
    the order of who cannot do them without help, most first. `breakdowns` are the profile questions
    that people can be parted by, `chosen` the one looked at; `groups_reason` says why there are none.
    """

    choice: Choice
    survey: Survey | None
    is_provisional: bool
    own_reason: Reason | None
    index: Measured | None
    received: Measured | None
    enough: Measured | None
    gap: Measured | None
    do_not_mind: Measured | None
    skills: tuple[Skill, ...]
    barriers: tuple[Measured, ...]
    learning: tuple[Measured, ...]
    attitudes: tuple[AttitudeGroup, ...]
    groups_reason: Reason | None
    breakdowns: tuple[Groups, ...]
    chosen: Groups | None
    asked_in: tuple[str, ...]
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str


def skills_view(store: Store, viewer: Viewer, selection: Selection, *, by: str | None = None) -> SkillsView:
    """The page for this viewer; a wish that cannot be followed leaves a notice."""
    return arranged(_view(store, choose(store, viewer, selection, Subject.SKILLS)), by)


def skills_figures(
    store: Store, viewer: Viewer, selection: Selection, *, by: str | None = None
) -> SkillsView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    view = _view(store, exact_choice(store, viewer, selection, Subject.SKILLS))
    known = [one.by for one in view.breakdowns]
    if by is not None and by not in known:
        raise SelectionError(
            skills_sentence.groups_withheld(view)
            or _("Skills cannot be parted by {by}. There are: {known}.").format(
                by=by, known=", ".join(known) or _("none yet")
            )
        )
    return arranged(view, by)


def arranged(view: SkillsView, by: str | None) -> SkillsView:
    """The view by one profile question; what does not exist leaves the first."""
    chosen = next((one for one in view.breakdowns if one.by == by), next(iter(view.breakdowns), None))
    return replace(view, chosen=chosen)


def _view(store: Store, choice: Choice) -> SkillsView:
    found = ground(store, choice)
    if found is None:
        return _empty(choice, _asked_in(store, choice))
    items = _items(found.survey)
    material = _material(store, found, items)
    view = replace(
        _empty(choice, _took_part_in(store, found)),
        survey=found.survey,
        is_provisional=found.is_provisional,
        own_reason=found.own_reason,
        **_headline(material, items),
        skills=_skills(material, items, found),
        barriers=_measured(material, [one for one in items if one.part == BARRIER]),
        learning=_measured(material, [one for one in items if one.part == LEARNING]),
        attitudes=_attitudes(material, items),
    )
    view = _with_groups(store, found, view)
    view = replace(view, finding=skills_sentence.finding(view))
    return replace(
        view,
        notes=skills_sentence.notes(view),
        method=skills_sentence.method(view),
        alt=skills_sentence.alt(view),
    )


def _empty(choice: Choice, asked_in: tuple[str, ...]) -> SkillsView:
    """A view without any figure; its finding says that nobody was asked, and when somebody was."""
    finding = skills_sentence.empty(choice, asked_in)
    return SkillsView(
        choice=choice,
        survey=None,
        is_provisional=False,
        own_reason=Reason.NO_ORGANISATION,
        index=None,
        received=None,
        enough=None,
        gap=None,
        do_not_mind=None,
        skills=(),
        barriers=(),
        learning=(),
        attitudes=(),
        groups_reason=Reason.NO_ORGANISATION,
        breakdowns=(),
        chosen=None,
        asked_in=asked_in,
        finding=finding,
        notes=(),
        method=(),
        alt=finding,
    )


def _asked_in(store: Store, choice: Choice) -> tuple[str, ...]:
    """The rounds, newest first, in which anybody was asked about skills."""
    rounds = rounds_for(store, choice.viewer)
    return tuple(one.label for one in rounds if surveys_for(store, one, Subject.SKILLS))


def _took_part_in(store: Store, ground: Ground) -> tuple[str, ...]:
    """The other rounds, newest first, in which the organisation took part; where it did not in this one."""
    own = ground.choice.organisation
    if own is None or ground.own_reason is not Reason.DID_NOT_TAKE_PART:
        return ()
    return tuple(
        label
        for label in _asked_in(store, ground.choice)
        if own.code in round_counts(store, label, ground.survey.id).place
    )


# ── What is measured ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Item:
    """One figure of the page, and how it comes about.

    `part` is the part of the page, tested together. A share is that of the people who answered with
    one of `codes` among those who answered with one of `among` (() is: who answered at all).
    `questions` are those it stands on, with the answers that they must have had to be the same. An
    interval ends at `low` and `high`.
    """

    part: str
    id: str
    label: str
    unit: Unit
    step: float
    questions: tuple[tuple[str, tuple[tuple[int, bool], ...]], ...]
    low: float = 0.0
    high: float = 1.0
    codes: tuple[int, ...] = ()
    among: tuple[int, ...] = ()


def _signature(question: Question) -> tuple[str, tuple[tuple[int, bool], ...]]:
    return question.id, tuple(sorted((option.code, option.counts) for option in question.options))


def skills_of(survey: Survey) -> tuple[Question, ...]:
    """The questions about what somebody can do, whose codes are points."""
    return tuple(
        one
        for one in survey.all_questions()
        if one.role == SKILL and one.kind is QuestionKind.SINGLE and one.options
    )


def _points(question: Question) -> list[int]:
    return [option.code for option in question.options if option.counts]


def most_points(survey: Survey) -> int:
    """The most points that a skill can have."""
    return max((code for one in skills_of(survey) for code in _points(one)), default=0)


def able_codes(question: Question) -> tuple[int, ...]:
    """The answers of those who need no help: the upper half of the points."""
    points = _points(question)
    return tuple(code for code in points if 2 * code > max(points))


def _with_role(survey: Survey, role: str, kind: QuestionKind) -> Question | None:
    """The question of a role, where it is of this kind and its answers are everybody's."""
    return next(
        (
            one
            for one in survey.all_questions()
            if one.role == role and one.kind is kind and not one.options_from
        ),
        None,
    )


def attitude_of(survey: Survey) -> Question | None:
    """The question about how people feel about ICT."""
    return _with_role(survey, ATTITUDE, QuestionKind.SINGLE)


def _items(survey: Survey) -> tuple[_Item, ...]:
    """Everything that the page measures, part by part."""
    skills = skills_of(survey)
    found = [
        _Item(
            HEADLINE,
            INDEX,
            skills_sentence.item_label(INDEX),
            Unit.POINTS,
            INDEX_STEP,
            tuple(_signature(one) for one in skills),
            0.0,
            TOP,
        )
    ]
    days = [
        question
        for role in (RECEIVED, ENOUGH)
        if (question := _with_role(survey, role, QuestionKind.NUMBER)) is not None
    ]
    found += [
        _Item(
            *(HEADLINE, str(one.role), say(one.short), Unit.DAYS, DAYS_STEP, (_signature(one),)),
            low=-np.inf if one.low is None else one.low,
            high=np.inf if one.high is None else one.high,
        )
        for one in days
    ]
    if len(days) > 1:
        both = tuple(_signature(one) for one in days)
        found.append(
            _Item(HEADLINE, GAP, skills_sentence.item_label(GAP), Unit.DAYS, DAYS_STEP, both, -np.inf, np.inf)
        )
    attitude = attitude_of(survey)
    if attitude is not None:
        found += _attitude_items(attitude)
    found += [
        _share(SKILL, one.id, say(one.short), one, able_codes(one), tuple(_points(one))) for one in skills
    ]
    for role in (BARRIER, LEARNING):
        question = _with_role(survey, role, QuestionKind.MULTIPLE)
        for option in () if question is None else question.options:
            assert question is not None
            found.append(_share(role, option.id, say(option.label), question, (option.code,), ()))
    return tuple(found)


def _share(
    part: str, id_: str, label: str, question: Question, codes: tuple[int, ...], among: tuple[int, ...]
) -> _Item:
    asked = (_signature(question),)
    return _Item(part, id_, label, Unit.SHARE, disclosure.RATE_STEP, asked, codes=codes, among=among)


def _attitude_items(question: Question) -> list[_Item]:
    """The share of every answer that counts, then of every group of them; that of awareness once more."""
    counting = [option for option in question.options if option.counts]
    among = tuple(option.code for option in counting)
    groups: dict[str, list[int]] = {}
    for option in counting:
        groups.setdefault(option.group or option.id, []).append(option.code)
    found = [_share(ATTITUDE, one.id, say(one.label), question, (one.code,), among) for one in counting]
    for group, codes in groups.items():
        label = skills_sentence.item_label(group) or next(
            say(one.label) for one in counting if one.code == codes[0]
        )
        found.append(_share(ATTITUDE_GROUP, group, label, question, tuple(codes), among))
        if group == DO_NOT_MIND:
            found.append(_share(HEADLINE, group, label, question, tuple(codes), among))
    return found


# ── Everybody's means and shares ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Material:
    """What the figures of the page are made of: arrays of everybody, and why what may not be shown."""

    items: tuple[_Item, ...]
    own_reason: Reason | None
    benchmark_reason: Reason | None
    organisation: str | None
    now: Season
    peers: Season
    national: Benchmark
    cohort: Cohort | None
    cohort_reason: Reason | None
    group: Benchmark | None
    cohorts: Cohorts


def _material(store: Store, ground: Ground, items: tuple[_Item, ...]) -> _Material:
    choice, survey = ground.choice, ground.survey
    assert choice.round is not None
    read = benchmark_sums if choice.round.is_closed else round_sums
    top = most_points(survey)

    def measured(counts: RoundCounts, numbers: Sums, indexes: Sums) -> Season:
        return _season(counts, numbers, indexes, items, _same(store, counts, items), top)

    now = measured(
        ground.counts,
        round_sums(store, ground.label, survey.id, SumKind.NUMBER),
        round_sums(store, ground.label, survey.id, SumKind.INDEX),
    )
    peers = measured(
        ground.bench,
        read(store, ground.label, survey.id, SumKind.NUMBER),
        read(store, ground.label, survey.id, SumKind.INDEX),
    )
    chosen = choice.cohort
    group = chosen.cohort if chosen is not None and chosen.cohort.key != NATIONAL else None
    return _Material(
        items=items,
        own_reason=ground.own_reason,
        benchmark_reason=ground.benchmark_reason,
        organisation=choice.organisation.code if choice.organisation else None,
        now=now,
        peers=peers,
        national=benchmark(peers, frozenset(peers.organisations)),
        cohort=group,
        cohort_reason=None if chosen is None else chosen.reason,
        group=None if group is None else benchmark(peers, group.members),
        cohorts=cohorts_of(store, ground.bench),
    )


def _same(store: Store, counts: RoundCounts, items: Sequence[_Item]) -> tuple[tuple[bool, ...], ...]:
    """Whether each organisation's version asked for an item with the same answers (organisations x items)."""
    surveys = read_instruments(store)
    of_version: dict[str, tuple[bool, ...]] = {}
    for version in set(counts.versions):
        used = surveys.get((counts.instrument, version))
        asked = set() if used is None else {_signature(one) for one in used.questions}
        skills = () if used is None else tuple(_signature(one) for one in skills_of(used))
        of_version[version] = tuple(
            set(skills) == set(item.questions) if item.id == INDEX else asked.issuperset(item.questions)
            for item in items
        )
    return tuple(of_version[version] for version in counts.versions)


@lru_cache(maxsize=32)
def _season(
    counts: RoundCounts,
    numbers: Sums,
    indexes: Sums,
    items: tuple[_Item, ...],
    same: tuple[tuple[bool, ...], ...],
    top: int,
) -> Season:
    """Every item of every organisation of a round; no answers by code."""
    shape = (len(counts.organisations), len(items))
    asked, n = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    mean, error, low, high = (np.full(shape, np.nan) for _array in range(4))
    is_same = np.array(same, bool).reshape(shape)
    invited = counts.invited
    for place, item in enumerate(items):
        ids = [question for question, _answers in item.questions]
        asked[:, place] = np.where(is_same[:, place], _asked(counts, ids), 0)
        if item.id == GAP:
            received, enough = (_scores(counts, numbers, one, is_same[:, place]) for one in ids)
            change = scoring.change(received, enough, invited, invited)
            n[:, place] = np.minimum(received.n, enough.n)
            mean[:, place], error[:, place] = change.value, change.standard_error
            low[:, place], high[:, place] = change.low, change.high
            continue
        if item.id == INDEX:
            scored = _scores(counts, indexes, SKILL, is_same[:, place], TOP / max(top, 1))
        elif item.unit is Unit.DAYS:
            scored = _scores(counts, numbers, ids[0], is_same[:, place])
        else:
            scored = _shares(counts, ids[0], item, is_same[:, place])
        n[:, place], mean[:, place] = scored.n, scored.mean
        error[:, place] = scoring.standard_error(scored, invited)
        low[:, place], high[:, place] = scoring.interval(scored, item.low, item.high, invited)
    return Season(
        organisations=counts.organisations,
        items=tuple((item.part, item.id) for item in items),
        asked=asked,
        n=n,
        counts=np.zeros((*shape, 0), np.int64),
        mean=mean,
        standard_error=error,
        low=low,
        high=high,
        is_counted=n >= disclosure.MINIMUM_ANSWERS,
        place=counts.place,
    )


def _asked(counts: RoundCounts, questions: Iterable[str]) -> Ints:
    """How many people of each organisation were asked any of these."""
    columns = [counts.keys.index((one, ANSWER)) for one in questions if (one, ANSWER) in counts.keys]
    return np.asarray(counts.asked[:, columns].max(axis=1, initial=0))


def _scores(
    counts: RoundCounts, sums: Sums, item: str, is_same: npt.NDArray[np.bool_], factor: float = 1.0
) -> scoring.Scores:
    """The mean of an item of sums for each organisation of the counts, times a factor."""
    found = np.zeros((3, len(counts.organisations)))
    if item in sums.items:
        column, place = sums.items.index(item), sums.place
        for row, code in enumerate(counts.organisations):
            at = place.get(code)
            if at is not None and is_same[row]:
                found[:, row] = sums.n[at, column], sums.total[at, column], sums.squares[at, column]
    return scoring.sums_scores(found[0], factor * found[1], factor**2 * found[2])


def _shares(
    counts: RoundCounts, question: str, item: _Item, is_same: npt.NDArray[np.bool_]
) -> scoring.Scores:
    """A share as the mean of one for each person who gave such an answer, and nought for each who did not."""
    if (question, ANSWER) not in counts.keys:
        nobody = np.zeros(len(counts.organisations))
        return scoring.sums_scores(nobody, nobody, nobody)
    column = counts.keys.index((question, ANSWER))
    given = counts.counts[:, column]
    among = _at(given, item.among) if item.among else counts.n[:, column]
    people, all_told = (np.where(is_same, one, 0) for one in (_at(given, item.codes), among))
    return scoring.sums_scores(all_told, people, people)


def _at(given: Ints, codes: Iterable[int]) -> Ints:
    """How many gave one of these codes."""
    return np.asarray(given[..., [code for code in codes if code < given.shape[-1]]].sum(axis=-1))


# ── Figures ────────────────────────────────────────────────────────────────────────────────────


def _measured(material: _Material, part: Sequence[_Item]) -> tuple[Measured, ...]:
    """The items of one part of the page, tested together."""
    places = [material.items.index(item) for item in part]
    words = _words(material, places)
    return tuple(_one(material, place, word) for place, word in zip(places, words, strict=True))


def _words(material: _Material, places: list[int]) -> tuple[Comparison | None, ...]:
    """The word of the organisation for every item; None where there is none (section 4)."""
    now, peers, national = material.now, material.peers, material.national
    own = now.place.get(material.organisation or "")
    if own is None or not places or material.own_reason is not None or material.benchmark_reason is not None:
        return (None,) * len(places)
    is_compared = now.is_counted[own] & (national.organisations >= disclosure.MINIMUM_FOR_MEDIAN)
    mean = np.where(is_compared, now.mean[own], np.nan)[places]
    p_values = scoring.difference_test(
        mean,
        now.standard_error[own][places],
        now.n[own][places],
        national.median[places],
        np.where(peers.is_counted, peers.standard_error, np.nan)[:, places],
    )
    return scoring.words(mean - national.median[places], p_values)


def _one(material: _Material, place: int, word: Comparison | None) -> Measured:
    now, national, item = material.now, material.national, material.items[place]
    row = now.place.get(material.organisation or "")
    if row is None:
        n, asked, value, ends = 0, 0, np.nan, (np.nan, np.nan)
    else:
        n, asked, value = int(now.n[row, place]), int(now.asked[row, place]), float(now.mean[row, place])
        ends = (float(now.low[row, place]), float(now.high[row, place]))
    own = partial(disclosure.own_figure, material.own_reason, n, asked)
    reason, organisations = material.benchmark_reason, int(national.organisations[place])
    mean = own(value)
    median = disclosure.median_figure(reason, organisations, float(national.median[place]), item.step)
    difference = disclosure.difference_figure(mean, median)
    cohort = _cohort_figures(material, place, item.step)
    return Measured(
        id=item.id,
        label=item.label,
        unit=item.unit,
        n=own(n),
        value=mean,
        interval=own(ends),
        median=median,
        organisations=disclosure.number_of_organisations(reason, organisations),
        cohort_median=cohort[0],
        cohort_organisations=cohort[1],
        difference=difference,
        comparison=disclosure.comparison_figure(difference, word),
    )


def _cohort_figures(material: _Material, place: int, step: float) -> tuple[Figure[float], Figure[int]]:
    """Median and number of the chosen cohort; it must be offered for this very item too."""
    reason, group = material.benchmark_reason, material.group
    if material.cohort is None or group is None:
        none: Any = disclosure.median_figure(Reason.UNKNOWN, 0, 0.0)
        return none, none
    if reason is None:
        counting = material.national.members[place]
        reason = material.cohort_reason or cohort_reasons(material.cohorts, counting)[material.cohort.key]
    organisations = int(group.organisations[place])
    return (
        disclosure.median_figure(reason, organisations, float(group.median[place]), step),
        disclosure.number_of_organisations(reason, organisations),
    )


def cohort_skills(store: Store, choice: Choice, item: str) -> tuple[CohortScore, ...]:
    """Every group that is listed in this round, by the skill index or by one skill."""
    found = ground(store, choice)
    if found is None or choice.round is None or choice.survey is None:
        return ()
    items = _items(found.survey)
    place = next(
        (at for at, one in enumerate(items) if one.id == item and one.part in (HEADLINE, SKILL)), None
    )
    if place is None:
        return ()
    material, step = _material(store, found, items), items[place].step
    everybody = int(material.national.organisations[place])
    reason = material.benchmark_reason
    told = []
    for one in cohorts_for(store, choice.viewer, choice.round, choice.survey, material.organisation):
        if one.cohort.key == NATIONAL:
            median = disclosure.median_figure(reason, everybody, float(material.national.median[place]), step)
            organisations = disclosure.number_of_organisations(reason, everybody)
        else:
            group = benchmark(material.peers, one.cohort.members)
            of_group = replace(material, cohort=one.cohort, cohort_reason=one.reason, group=group)
            median, organisations = _cohort_figures(of_group, place, step)
        told.append(CohortScore(one, median, None, organisations))
    return tuple(told)


def _headline(material: _Material, items: Iterable[_Item]) -> dict[str, Any]:
    """The fields of the view for what stands at its head."""
    found = {one.id: one for one in _measured(material, [one for one in items if one.part == HEADLINE])}
    names = {
        "index": INDEX,
        "received": RECEIVED,
        "enough": ENOUGH,
        "gap": GAP,
        "do_not_mind": DO_NOT_MIND,
    }
    return {name: found.get(id_) for name, id_ in names.items()}


def _skills(material: _Material, items: Iterable[_Item], ground: Ground) -> tuple[Skill, ...]:
    questions = {one.id: one for one in skills_of(ground.survey)}
    found = [
        _skill(able, questions[able.id], ground)
        for able in _measured(material, [one for one in items if one.part == SKILL])
    ]
    has_own = any(one.able.value.is_released for one in found)

    def key(skill: Skill) -> tuple[bool, float]:
        figure = skill.able.value if has_own else skill.able.median
        return figure.value is None, figure.value or 0.0

    return tuple(sorted(found, key=key))


def _skill(able: Measured, question: Question, ground: Ground) -> Skill:
    options = tuple(sorted((one for one in question.options if one.counts), key=lambda option: option.code))
    own, counts = ground.choice.organisation, ground.counts
    row = None if own is None else counts.place.get(own.code)
    given, n, asked = np.zeros(0, np.int64), 0, 0
    if row is not None and (question.id, ANSWER) in counts.keys:
        column = counts.keys.index((question.id, ANSWER))
        given = counts.counts[row, column]
        n, asked = int(counts.n[row, column]), int(counts.asked[row, column])
    answers = tuple(int(_at(given, (option.code,))) for option in options)
    counting = sum(answers)
    own_figure = disclosure.own_figure
    return Skill(
        able=able,
        text=say(question.text),
        options=options,
        answers=own_figure(ground.own_reason, counting, asked, answers),
        aside=own_figure(ground.own_reason, counting, asked, (n - counting) / max(n, 1)),
    )


def _attitudes(material: _Material, items: Sequence[_Item]) -> tuple[AttitudeGroup, ...]:
    options = [one for one in items if one.part == ATTITUDE]
    groups = [one for one in items if one.part == ATTITUDE_GROUP]
    # One family: the groups are the options over again.
    measured = dict(zip(options + groups, _measured(material, options + groups), strict=True))
    return tuple(
        AttitudeGroup(
            measured[group], tuple(measured[one] for one in options if set(one.codes) <= set(group.codes))
        )
        for group in groups
    )


# ── Groups ─────────────────────────────────────────────────────────────────────────────────────


def _with_groups(store: Store, ground: Ground, view: SkillsView) -> SkillsView:
    """The view with the organisation's people by each profile question, or the reason why not."""
    own = ground.choice.organisation
    reason = disclosure.inner_reason(ground.choice.viewer, own.code if own else None) or ground.own_reason
    if own is None or reason is not None:
        return replace(view, groups_reason=reason)
    responses = disclosure.own_count(None, int(ground.counts.responses[ground.counts.place[own.code]]))
    if not responses.is_released:
        # The groups that fewer than ten people named would say something of how many they are.
        return replace(view, groups_reason=responses.withheld)
    questions = {one.role: one for one in ground.survey.profile}
    found = []
    for role in ROLES:
        question = questions.get(role)
        parted = (
            None
            if question is None
            else breakdown(store, ground.label, own.code, ground.survey.id, question.id)
        )
        if question is not None and parted is not None:
            found.append(_groups(ground.survey, question, parted, view))
    return replace(
        view,
        groups_reason=None if found else Reason.NOT_ASKED,
        breakdowns=tuple(found),
        chosen=next(iter(found), None),
    )


def _groups(survey: Survey, question: Question, parted: Breakdown, view: SkillsView) -> Groups:
    """The groups of a profile question: all its options, or those of an own list that anybody named."""
    labels = {option.code: say(option.label) for option in question.options}
    labels |= {
        code: label or labels.get(code, str(code))
        for code, label in zip(parted.codes, parted.labels, strict=True)
    }
    rows = [parted.codes.index(code) if code in parted.codes else None for code in labels]
    index, interval, is_shown = _group_indexes(survey, parted, rows)
    gaps = _group_gaps(survey, parted, rows, is_shown)
    tenths = _group_tenths(survey, parted, rows, is_shown)
    found = []
    for at, label in enumerate(labels.values()):
        row = rows[at]
        n = 0 if row is None else int(parted.index_n[row])
        group = Group(
            label=label,
            n=disclosure.group_count(None, is_shown[at], n),
            index=index[at],
            interval=interval[at],
            gap=None if gaps is None else gaps[at],
            do_not_mind=None if tenths is None else tenths[at],
            need=None,
        )
        found.append(replace(group, need=_need(group, view.index)))

    def key(group: Group) -> tuple[bool, float]:
        return group.index.value is None, group.index.value or 0.0

    return Groups(question.role or "", say(question.short), tuple(sorted(found, key=key)))


def _need(group: Group, whole: Measured | None) -> Need | None:
    """What the stated rules come to, of nothing but what is shown."""
    whole_index = None if whole is None else whole.value.value
    figures = [one for one in (group.index, group.interval, group.gap, group.do_not_mind) if one is not None]
    if group.interval.value is None or whole_index is None or not all(one.is_released for one in figures):
        return None
    wants_more = group.gap is not None and (group.gap.value or 0.0) >= MUCH_WANTED
    training = wants_more or group.interval.value[1] < whole_index
    awareness = group.do_not_mind is not None and (group.do_not_mind.value or 0) >= MANY_DO_NOT_MIND
    if training and awareness:
        return Need.BOTH
    return Need.TRAINING if training else Need.AWARENESS if awareness else Need.NEITHER


def _shown(rows: Sequence[int | None], *added: Ints, among: Sequence[bool] | None = None) -> list[bool]:
    """Which groups may be shown of every one of these (each imports x groups, the last those who named none).

    With `among`, of those alone: another group hidden here than there would tell which of them is small.

    An option that nobody named is taken as one with somebody too: else, where all others are shown,
    what they leave of the whole would say that it has none.
    """
    ways: list[Sequence[bool]] = [] if among is None else [among]
    for one in added:
        nobody = np.zeros(len(one), np.int64)
        laid = np.stack([*(nobody if row is None else one[:, row] for row in rows), one[:, -1]], axis=1)
        somebody = (laid.sum(axis=0) == 0).astype(np.int64)
        somebody[-1] = 0
        ways += [disclosure.shown_groups(laid), disclosure.shown_groups(np.vstack([laid, somebody]))]
    return [all(way) for way in zip(*ways, strict=True)]


def _group_indexes(
    survey: Survey, parted: Breakdown, rows: Sequence[int | None]
) -> tuple[list[Figure[float]], list[Figure[tuple[float, float]]], list[bool]]:
    """The skill index of each group, its interval, and which of them are shown."""
    factor = TOP / max(most_points(survey), 1)
    scored = scoring.sums_scores(
        parted.index_n, factor * parted.index_total, factor**2 * parted.index_squares
    )
    low, high = scoring.interval(scored, 0, TOP)
    is_shown = _shown(rows, parted.index_added)
    return (
        [
            disclosure.group_figure(None, shown, _of(scored.mean, row), GROUP_INDEX_STEP)
            for row, shown in zip(rows, is_shown, strict=True)
        ],
        [
            disclosure.group_interval(None, shown, (_of(low, row), _of(high, row)), GROUP_INDEX_STEP)
            for row, shown in zip(rows, is_shown, strict=True)
        ],
        is_shown,
    )


def _of(values: Floats, row: int | None) -> float:
    return float("nan") if row is None else float(values[row])


def _group_gaps(
    survey: Survey, parted: Breakdown, rows: Sequence[int | None], has_index: Sequence[bool]
) -> list[Figure[float]] | None:
    """Mean judged enough minus mean received, of each group; None where one of them was not asked."""
    pair = [_with_role(survey, role, QuestionKind.NUMBER) for role in (RECEIVED, ENOUGH)]
    columns = [parted.number_items.index(one.id) for one in pair if one and one.id in parted.number_items]
    if len(columns) < len(pair):
        return None
    received, enough = (
        parted.number_total[:, at] / np.where(parted.number_n[:, at] > 0, parted.number_n[:, at], np.nan)
        for at in columns
    )
    keys = [parted.keys.index((parted.number_items[at], ANSWER)) for at in columns]
    is_shown = _shown(rows, *(parted.added[:, :, key] for key in keys), among=has_index)
    return [
        disclosure.group_figure(None, shown, _of(enough - received, row), GROUP_DAYS_STEP)
        for row, shown in zip(rows, is_shown, strict=True)
    ]


def _group_tenths(
    survey: Survey, parted: Breakdown, rows: Sequence[int | None], has_index: Sequence[bool]
) -> list[Figure[int]] | None:
    """The share of each group that does not know and does not mind; None where nobody was asked."""
    question = attitude_of(survey)
    if question is None or (question.id, ANSWER) not in parted.keys:
        return None
    counting = [option for option in question.options if option.counts]
    key = parted.keys.index((question.id, ANSWER))
    given = parted.counts[:, key]
    n = _at(given, (option.code for option in counting))
    people = _at(given, (option.code for option in counting if option.group == DO_NOT_MIND))
    share = people / np.where(n > 0, n, np.nan)
    # Who prefers not to say is in `added`; those who do say must be ten too.
    is_shown = _shown(rows, parted.added[:, :, key], n[np.newaxis], among=has_index)
    return [
        disclosure.tenths_figure(None, shown, _of(share, row))
        for row, shown in zip(rows, is_shown, strict=True)
    ]
