"""User satisfaction > Response: who answered, and may we rely on it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from improve import disclosure, scoring
from improve.disclosure import Figure, Period, Reason
from improve.errors import SelectionError
from improve.instruments import Question, Survey, say
from improve.language import _
from improve.model import Selection, Viewer
from improve.store import (
    ANSWER,
    Fieldwork,
    StaffList,
    Store,
    breakdown,
    read_actions,
    read_arrivals,
    read_fieldwork,
    read_staff,
    round_counts,
)
from improve.views import response_sentence
from improve.views.choice import Choice, choose, exact_choice, rounds_for
from improve.views.ground import SATISFACTION, Ground, ground
from improve.views.people import Parted, people_by
from improve.views.season import response_rates
from improve.views.trend import rounds_asked

ROLES = ("service_area", "job")
"""The profile questions that part an organisation's people, by role; one at a time."""
TIGHT, FAIR = 0.2, 0.4
"""The largest margin of the overall score, in scale points, that is called tight, and fair."""
IMBALANCE = 0.1
"""From this difference between a group's shares of staff and of responses on, one must read with care."""
EVERYONE = 0.9
"""From this share of the staff list up, everyone was asked."""
PROMPT_DAYS = 2
"""Where people were told beforehand, ten have answered by this many days after opening."""
WORKING_DAYS = 3
"""How long after a reminder responses are counted as having come after it."""

Ints = npt.NDArray[np.int64]
Day = tuple[date, int]


class Quarter(StrEnum):
    """Where a response rate lies among those of the organisations that took part."""

    LOWEST = "lowest"
    MIDDLE = "middle"
    HIGHEST = "highest"


class Verdict(StrEnum):
    """Whether the scores can be relied on."""

    YES = "yes"
    CARE = "with_care"
    NO = "no"


class Done(StrEnum):
    """Whether an organisation did what the best responders do."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Support:
    """One thing that the scores' reliability rests on, and what it comes to; None where not known.

    `key` is "responses", "rate", "margin", "balance", "age" or "missing"; `figure` is people, a share,
    scale points, a difference of shares, months, or a number of aspects.
    """

    key: str
    verdict: Verdict | None
    figure: Figure[float]


@dataclass(frozen=True, slots=True)
class Practice:
    """One thing that the best responders do.

    `key` and what its figures are: "publicise" (days until ten had answered; how many that were),
    "remind" (reminders; responses after them), "everyone" (people invited as a share of the staff),
    "regularly" (rounds taken part in; months since the one before), "changed" (actions).
    """

    key: str
    done: Done
    figure: Figure[float]
    more: Figure[int] | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day on which people were reminded, up to which day responses are counted, and how many came."""

    sent_on: date
    until: date
    responses: Figure[int]


@dataclass(frozen=True, slots=True)
class Group:
    """One group of people: responses, people on the staff list, rate, margin of the overall score."""

    label: str
    responses: Figure[int]
    people: Figure[int]
    rate: Figure[float]
    margin: Figure[float]


@dataclass(frozen=True, slots=True)
class Imbalance:
    """The group whose share of the responses lies furthest from its share of the staff.

    Both are shares of the groups that are shown and stand on the staff list.
    """

    label: str
    staff: Figure[float]
    responses: Figure[float]

    @property
    def size(self) -> float:
        """Share of the responses minus share of the staff."""
        return (self.responses.value or 0.0) - (self.staff.value or 0.0)


@dataclass(frozen=True, slots=True)
class Groups:
    """An organisation's people by one profile question; `by` is its role.

    The order is that of the staff list, then that of the question's options, then the alphabet's.
    """

    by: str
    question: str
    groups: tuple[Group, ...]
    has_staff: bool
    imbalance: Imbalance | None

    @property
    def to_ask(self) -> tuple[str, ...]:
        """The groups that are not shown: below ten, or beside one that is; which, nobody learns."""
        return tuple(group.label for group in self.groups if not group.responses.is_released)


@dataclass(frozen=True, slots=True)
class RoundRate:
    """The own response rate in one round, and what the benchmark of that round came to."""

    round: str
    responses: Figure[int]
    rate: Figure[float]
    median: Figure[float]
    quartiles: Figure[tuple[float, float]]
    organisations: Figure[int]


@dataclass(frozen=True, slots=True)
class ResponseView:
    """The Response page of one viewer and selection.

    `median`, `quartiles` and `organisations` are of the response rates of the benchmark. `arrivals`
    has a figure for each stretch between reminders, `untimed` the responses without a time (None
    where there are none). `breakdowns` are the profile questions that people can be parted by, and
    `chosen` the one looked at; `groups_reason` says why there are none. `missing` are the facts that
    nobody brought in. `verdict` is None where there is no own survey to judge.
    """

    choice: Choice
    survey: Survey | None
    is_provisional: bool
    own_reason: Reason | None
    responses: Figure[int]
    invited: Figure[int]
    rate: Figure[float]
    median: Figure[float]
    quartiles: Figure[tuple[float, float]]
    organisations: Figure[int]
    margin: Figure[float]
    opened: Figure[date]
    closed: Figure[date]
    reminders: tuple[Reminder, ...]
    arrivals: tuple[Figure[tuple[Period, ...]], ...]
    untimed: Figure[int] | None
    groups_reason: Reason | None
    breakdowns: tuple[Groups, ...]
    chosen: Groups | None
    verdict: Verdict | None
    supports: tuple[Support, ...]
    practices: tuple[Practice, ...]
    missing: tuple[str, ...]
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str

    @property
    def periods(self) -> tuple[Period, ...]:
        """When the responses came, oldest first, of all stretches."""
        return tuple(one for figure in self.arrivals for one in figure.value or ())

    @property
    def imbalance(self) -> Imbalance | None:
        """The largest imbalance of all profile questions."""
        found = [one.imbalance for one in self.breakdowns if one.imbalance is not None]
        return max(found, key=lambda one: abs(one.size), default=None)

    @property
    def quarter(self) -> Quarter | None:
        """Where the rate lies, told by nothing but what is released."""
        if self.rate.value is None or self.quartiles.value is None:
            return None
        lower, upper = self.quartiles.value
        if self.rate.value < lower:
            return Quarter.LOWEST
        return Quarter.HIGHEST if self.rate.value > upper else Quarter.MIDDLE


def response_view(
    store: Store, viewer: Viewer, selection: Selection, *, by: str | None = None
) -> ResponseView:
    """The page for this viewer; a wish that cannot be followed leaves a notice."""
    return arranged(_view(store, choose(store, viewer, selection)), by)


def response_figures(
    store: Store, viewer: Viewer, selection: Selection, *, by: str | None = None
) -> ResponseView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    view = _view(store, exact_choice(store, viewer, selection))
    known = [one.by for one in view.breakdowns]
    if by is not None and by not in known:
        raise SelectionError(
            response_sentence.because(view.groups_reason)
            or _("Responses cannot be parted by {by}. There are: {known}.").format(
                by=by, known=", ".join(known) or _("none yet")
            )
        )
    return arranged(view, by)


def rates_over_rounds(store: Store, choice: Choice) -> tuple[RoundRate, ...]:
    """The response rates of every round in which the survey was used, the oldest first."""
    assert choice.survey is not None
    found = []
    for round_ in reversed(rounds_asked(store, choice.viewer, choice.survey.id)):
        base = ground(store, replace(choice, round=round_))
        if base is None:
            continue
        own, counts = choice.organisation, base.counts
        place = None if own is None else counts.place.get(own.code)
        responses = 0 if place is None else int(counts.responses[place])
        rate = np.nan if place is None else float(scoring.response_rate(responses, counts.invited[place]))
        median, quartiles, organisations = _national(base)
        found.append(
            RoundRate(
                round=round_.label,
                responses=disclosure.own_figure(base.own_reason, responses, responses, responses),
                rate=disclosure.own_rate(base.own_reason, responses, rate),
                median=median,
                quartiles=quartiles,
                organisations=organisations,
            )
        )
    return tuple(found)


def _national(base: Ground) -> tuple[Figure[float], Figure[tuple[float, float]], Figure[int]]:
    """Median, quartiles and number of the response rates of the benchmark."""
    rates, reason = response_rates(base.bench), base.benchmark_reason
    return (
        disclosure.median_figure(reason, rates.size, scoring.median(rates), disclosure.RATE_STEP),
        disclosure.quartiles_figure(reason, rates.size, scoring.quartiles(rates), disclosure.RATE_STEP),
        disclosure.number_of_organisations(reason, rates.size),
    )


def arranged(view: ResponseView, by: str | None) -> ResponseView:
    """The view by one profile question; what does not exist leaves the first."""
    chosen = next((one for one in view.breakdowns if one.by == by), next(iter(view.breakdowns), None))
    return replace(view, chosen=chosen)


def today() -> date:
    """This day: a survey grows old."""
    return date.today()


def _view(store: Store, choice: Choice) -> ResponseView:
    found = ground(store, choice)
    if found is None:
        return _empty(choice)
    median, quartiles, organisations = _national(found)
    view = replace(
        _empty(choice),
        survey=found.survey,
        is_provisional=found.is_provisional,
        own_reason=found.own_reason,
        median=median,
        quartiles=quartiles,
        organisations=organisations,
    )
    view = _with_own(store, found, view)
    view = replace(view, finding=response_sentence.finding(view))
    return replace(
        view,
        notes=response_sentence.notes(view),
        method=response_sentence.method(view),
        alt=response_sentence.alt(view),
    )


def _empty(choice: Choice) -> ResponseView:
    """A view without any figure; its finding says that there is no survey."""
    reason = Reason.NO_ORGANISATION
    nothing: Any = disclosure.own_count(reason, 0)
    finding = response_sentence.empty(choice)
    return ResponseView(
        choice=choice,
        survey=None,
        is_provisional=False,
        own_reason=reason,
        responses=nothing,
        invited=nothing,
        rate=nothing,
        median=nothing,
        quartiles=nothing,
        organisations=nothing,
        margin=nothing,
        opened=nothing,
        closed=nothing,
        reminders=(),
        arrivals=(nothing,),
        untimed=None,
        groups_reason=reason,
        breakdowns=(),
        chosen=None,
        verdict=None,
        supports=(),
        practices=(),
        missing=(),
        finding=finding,
        notes=(),
        method=(),
        alt=finding,
    )


def _with_own(store: Store, ground: Ground, view: ResponseView) -> ResponseView:
    """The view with what is the organisation's own, or the reason why there is none."""
    own, reason, counts = ground.choice.organisation, ground.own_reason, ground.counts
    survey = ground.survey
    work = (
        None
        if own is None or reason is not None
        else read_fieldwork(store, ground.label, own.code, survey.id)
    )
    if own is None or work is None:
        nothing: Any = disclosure.own_count(reason or Reason.DID_NOT_TAKE_PART, 0)
        return replace(
            view,
            responses=nothing,
            invited=nothing,
            rate=nothing,
            margin=nothing,
            opened=nothing,
            closed=nothing,
            arrivals=(nothing,),
            groups_reason=nothing.withheld,
        )
    place = counts.place[own.code]
    responses, invited = int(counts.responses[place]), float(counts.invited[place])
    arrivals = read_arrivals(store, ground.label, own.code, survey.id)
    inner = disclosure.inner_reason(ground.choice.viewer, own.code)
    staff = read_staff(store, ground.label, own.code) if inner is None else None
    breakdowns = _breakdowns(store, ground, own.code, staff) if inner is None else ()
    counted = disclosure.own_count(reason, responses)
    view = replace(
        view,
        responses=counted,
        invited=_fact(reason, work.invited),
        rate=disclosure.own_rate(reason, responses, float(scoring.response_rate(responses, invited))),
        margin=_margin(ground, place, invited),
        opened=_fact(reason, work.opened_on),
        closed=_fact(reason, work.closed_on),
        **_arrivals(reason, arrivals, responses, work.reminders),
        groups_reason=inner or (None if breakdowns else counted.withheld or Reason.NOT_ASKED),
        breakdowns=breakdowns,
    )
    supports = _supports(ground, place, view)
    return replace(
        view,
        supports=supports,
        verdict=_verdict(supports),
        practices=_practices(store, ground, own.code, work, staff, view),
        missing=response_sentence.missing(work, bool(arrivals), None if inner else staff is not None),
    )


def _fact(reason: Reason | None, value: Any) -> Figure[Any]:
    """What is no answer, such as how many were invited: for those who see own figures, if it is known."""
    return disclosure.own_figure(
        reason or (Reason.UNKNOWN if value is None else None), disclosure.MINIMUM_ANSWERS, 1, value
    )


def _margin(ground: Ground, place: int, invited: float) -> Figure[float]:
    """Half the width of the overall score's 95 % interval, at the answers there are now."""
    headline = ground.survey.headline
    key = None if headline is None else (headline.id, ANSWER)
    if headline is None or key not in ground.counts.keys:
        return disclosure.own_figure(ground.own_reason, 0, 0, 0.0)
    column = ground.counts.keys.index(key)
    scored = _scored(ground.counts.counts[place, column], ground.survey, headline)
    return disclosure.own_figure(
        ground.own_reason,
        int(scored.n),
        int(ground.counts.asked[place, column]),
        float(scoring.margin(scored.sd, scored.n, invited)),
    )


def _scored(counts: Ints, survey: Survey, question: Question) -> scoring.Scores:
    """The scores of answers counted by code, the last axis."""
    low = survey.scale_of(question).low
    return scoring.scores(counts[..., low:], np.arange(low, counts.shape[-1]))


# ── When they came ─────────────────────────────────────────────────────────────────────────────


def _arrivals(
    reason: Reason | None, arrivals: Sequence[Day], responses: int, reminders: Sequence[date]
) -> dict[str, Any]:
    """The fields of the view that say when responses came: parted at reminders as far as ten allow."""
    timed = sum(n for _day, n in arrivals)
    untimed = responses - timed
    stretches = _stretches(reason, arrivals, reminders)
    if untimed and timed and not disclosure.own_count(reason, untimed).is_released:
        # All but these few have a time: the last period is put to them, or their number would be known.
        last = (stretches[-1].value or ())[-1:]
        earlier = [(day, n) for day, n in arrivals if last and day < last[0].first]
        stretches = _stretches(reason if earlier else reason or Reason.FEW_ANSWERS, earlier, reminders)
    found = [period for figure in stretches for period in figure.value or ()]
    rest = disclosure.own_count(reason, timed).withheld if timed else reason
    return {
        "arrivals": stretches,
        "untimed": disclosure.own_count(rest, untimed) if untimed else None,
        "reminders": tuple(
            _reminder(reason, found, sent, following) for sent, following in pairwise((*reminders, date.max))
        ),
    }


def _working_day(day: date) -> date:
    """The third working day (Monday to Friday) after a day."""
    left = WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def _stretches(
    reason: Reason | None, arrivals: Sequence[Day], cuts: Sequence[date]
) -> tuple[Figure[tuple[Period, ...]], ...]:
    """Days in order, parted at the cuts where what is on either side may be told."""
    parts: list[list[Day]] = [[]]

    def is_told(part: list[Day]) -> bool:
        return disclosure.arrivals_figure(None, part).is_released

    for day, n in arrivals:
        if is_told(parts[-1]) and any(parts[-1][-1][0] < cut <= day for cut in cuts):
            parts.append([])
        parts[-1].append((day, n))
    if len(parts) > 1 and not is_told(parts[-1]):
        few = parts.pop()
        parts[-1] += few
    return tuple(disclosure.arrivals_figure(reason, part) for part in parts)


def _reminder(reason: Reason | None, periods: Iterable[Period], sent: date, following: date) -> Reminder:
    """What came from a reminder on, told in whole periods, up to the end of the last of them.

    A period that runs over this reminder or over the following one cannot be told.
    """
    until = min(_working_day(sent), following - timedelta(days=1))
    touching = [one for one in periods if one.last >= sent and one.first <= until]
    is_whole = all(one.first >= sent and one.last < following for one in touching)
    came = sum(one.n for one in touching) if is_whole else 0
    return Reminder(sent, touching[-1].last if came else until, disclosure.own_count(reason, came))


# ── Groups ─────────────────────────────────────────────────────────────────────────────────────


def _breakdowns(store: Store, ground: Ground, own: str, staff: StaffList | None) -> tuple[Groups, ...]:
    questions = {one.role: one for one in ground.survey.profile}
    found = []
    for role in ROLES:
        question = questions.get(role)
        if question is None:
            continue
        answers = breakdown(store, ground.label, own, ground.survey.id, question.id)
        if answers is not None:
            found.append(_groups(ground, question, people_by(question, answers, staff)))
    return tuple(one for one in found if one.groups)


def _groups(ground: Ground, question: Question, parted: Parted) -> Groups:
    margins = _group_margins(ground, parted)
    responses = parted.summed(parted.breakdown.responses)
    groups = tuple(
        _group(part.label, part.people, is_shown, int(n), margin)
        for part, is_shown, n, margin in zip(parted.parts, parted.is_shown, responses, margins, strict=True)
    )
    return Groups(
        by=question.role or "",
        question=say(question.short),
        groups=groups,
        has_staff=any(part.people is not None for part in parted.parts),
        imbalance=_imbalance(groups),
    )


def _group_margins(ground: Ground, parted: Parted) -> list[Figure[float]]:
    """The margin of the overall score in each group: of that question's answers, in steps of 0.1."""
    headline, found = ground.survey.headline, parted.breakdown
    key = None if headline is None else (headline.id, ANSWER)
    if headline is None or key not in found.keys:
        return [disclosure.group_figure(Reason.NOT_ASKED, False, np.nan)] * len(parted.parts)
    column = found.keys.index(key)
    scored = _scored(parted.summed(found.counts[:, column]), ground.survey, headline)
    people = np.array([np.nan if part.people is None else part.people for part in parted.parts])
    return [
        disclosure.group_figure(None, is_shown, float(margin))
        for is_shown, margin in zip(
            parted.shown(found.added[:, :, column]),
            scoring.margin(scored.sd, scored.n, people),
            strict=True,
        )
    ]


def _group(label: str, people: int | None, is_shown: bool, responses: int, margin: Figure[float]) -> Group:
    rate = np.nan if people is None else float(scoring.response_rate(responses, people))
    return Group(
        label=label,
        responses=disclosure.group_count(None, is_shown, responses),
        people=_fact(None, people),
        rate=disclosure.group_figure(
            Reason.UNKNOWN if is_shown and np.isnan(rate) else None, is_shown, rate, disclosure.RATE_STEP
        ),
        margin=margin,
    )


def _imbalance(groups: Iterable[Group]) -> Imbalance | None:
    """The largest one, of two groups at least that are shown and on the staff list."""
    known = [
        (one.label, one.people.value, one.responses.value)
        for one in groups
        if one.people.value and one.responses.value is not None
    ]
    if len(known) < 2:
        return None
    staff, responses = sum(one[1] for one in known), sum(one[2] for one in known)
    shares = [
        Imbalance(
            label,
            disclosure.group_figure(None, True, people / staff, disclosure.RATE_STEP),
            disclosure.group_figure(None, True, n / responses, disclosure.RATE_STEP),
        )
        for label, people, n in known
    ]
    return max(shares, key=lambda one: abs(one.size))


# ── Whether the scores can be relied on ────────────────────────────────────────────────────────


def _supports(ground: Ground, place: int, view: ResponseView) -> tuple[Support, ...]:
    sampling = ground.survey.sampling
    found = []
    n, rate, margin = view.responses, view.rate, view.margin
    if sampling is not None:
        found.append(Support("responses", _enough(n, sampling.recommended_responses), n))
    found.append(Support("rate", _usual_rate(view), rate))
    found.append(Support("margin", _narrow(margin), margin))
    found.append(_balance(view))
    if sampling is not None and sampling.maximum_age_months is not None:
        age = _fact(
            view.closed.withheld,
            None if view.closed.value is None else _months(view.closed.value, today()),
        )
        verdict = None if age.value is None else _if(age.value <= sampling.maximum_age_months)
        found.append(Support("age", verdict, age))
    missing = _fact(n.withheld, _aspects_with_much_missing(ground, place))
    found.append(Support("missing", None if missing.value is None else _if(not missing.value), missing))
    return tuple(found)


def _if(is_good: bool) -> Verdict:
    return Verdict.YES if is_good else Verdict.CARE


def _enough(n: Figure[int], recommended: int) -> Verdict:
    if n.value is None or n.value < disclosure.SMALL_SAMPLE:
        return Verdict.NO
    return _if(n.value >= recommended)


def _usual_rate(view: ResponseView) -> Verdict | None:
    """With care in the lowest quarter; without quartiles, below the median."""
    if view.quarter is not None:
        return _if(view.quarter is not Quarter.LOWEST)
    if view.rate.value is None or view.median.value is None:
        return None
    return _if(view.rate.value >= view.median.value)


def _narrow(margin: Figure[float]) -> Verdict | None:
    if margin.value is None:
        return Verdict.NO if margin.withheld is Reason.FEW_ANSWERS else None
    return Verdict.YES if margin.value <= TIGHT else Verdict.CARE if margin.value <= FAIR else Verdict.NO


def _balance(view: ResponseView) -> Support:
    imbalance = view.imbalance
    if imbalance is None:
        reason = view.groups_reason or Reason.UNKNOWN
        return Support("balance", None, disclosure.group_figure(reason, False, np.nan))
    size = disclosure.group_figure(None, True, imbalance.size, disclosure.RATE_STEP)
    return Support("balance", _if(abs(size.value or 0.0) < IMBALANCE), size)


def _aspects_with_much_missing(ground: Ground, place: int) -> int:
    """Of how many aspects more than a quarter of those asked said nothing, where that may be told."""
    counts = ground.counts
    found = 0
    for aspect in ground.aspects:
        key = (aspect.id, SATISFACTION)
        if key not in counts.keys:
            continue
        column = counts.keys.index(key)
        n, asked = int(counts.n[place, column]), int(counts.asked[place, column])
        share = disclosure.own_figure(ground.own_reason, n, asked, float(scoring.missing_share(n, asked)))
        found += (share.value or 0.0) > disclosure.MUCH_MISSING
    return found


def _verdict(supports: Iterable[Support]) -> Verdict:
    """The worst of all that is known."""
    found = {one.verdict for one in supports}
    return next((one for one in (Verdict.NO, Verdict.CARE) if one in found), Verdict.YES)


def _months(first: date, last: date) -> int:
    """Whole months from one day to another; none where it lies before."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return max(months, 0)


# ── What the best responders do ────────────────────────────────────────────────────────────────


def _practices(
    store: Store, ground: Ground, own: str, work: Fieldwork, staff: StaffList | None, view: ResponseView
) -> tuple[Practice, ...]:
    rounds = _rounds_before(store, ground, own)
    last = next((label for label, has_part in rounds if has_part), None)
    before = None if last is None else read_fieldwork(store, last, own, ground.survey.id)
    inner = disclosure.inner_reason(ground.choice.viewer, own)
    return (
        _publicise(view),
        _remind(view, work),
        _everyone(view, staff, inner),
        _regularly(ground, work, before, [has_part for _label, has_part in rounds]),
        _changed(store, own, before, inner),
    )


def _publicise(view: ResponseView) -> Practice:
    first = next(iter(view.periods), None)
    if first is None or view.opened.value is None:
        reason = view.opened.withheld or view.arrivals[0].withheld
        return Practice("publicise", Done.UNKNOWN, _fact(reason, None))
    days = max((first.last - view.opened.value).days, 0)
    done = Done.DONE if days <= PROMPT_DAYS else Done.NOT_DONE
    return Practice("publicise", done, _fact(None, days), disclosure.own_count(None, first.n))


def _remind(view: ResponseView, work: Fieldwork) -> Practice:
    if not work.reminders and work.opened_on is None:
        return Practice("remind", Done.UNKNOWN, _fact(None, None))
    told = [one.responses.value for one in view.reminders]
    came = 0 if None in told else sum(one or 0 for one in told)
    return Practice(
        "remind",
        Done.DONE if work.reminders else Done.NOT_DONE,
        _fact(None, len(work.reminders)),
        disclosure.own_count(None, came),
    )


def _everyone(view: ResponseView, staff: StaffList | None, inner: Reason | None) -> Practice:
    totals = [] if staff is None else [sum(n for _label, n in one) for one in staff.groups.values()]
    people = max(totals, default=0)
    if not people or view.invited.value is None:
        return Practice("everyone", Done.UNKNOWN, _fact(inner, None))
    share = view.invited.value / people
    return Practice("everyone", Done.DONE if share >= EVERYONE else Done.NOT_DONE, _fact(None, share))


def _rounds_before(store: Store, ground: Ground, own: str) -> list[tuple[str, bool]]:
    """The earlier rounds, newest first, and whether the organisation took part in each."""
    rounds = rounds_for(store, ground.choice.viewer)
    assert ground.choice.round is not None
    return [
        (one.label, own in round_counts(store, one.label, ground.survey.id).organisations)
        for one in rounds[rounds.index(ground.choice.round) + 1 :]
    ]


def _regularly(
    ground: Ground, work: Fieldwork, before: Fieldwork | None, has_part: Sequence[bool]
) -> Practice:
    rounds = _fact(None, sum(has_part) + 1)
    if not has_part:
        return Practice("regularly", Done.UNKNOWN, rounds)
    if before is None:
        return Practice("regularly", Done.NOT_DONE, rounds)
    most = None if ground.survey.sampling is None else ground.survey.sampling.maximum_age_months
    if before.closed_on is None or work.closed_on is None or most is None:
        return Practice("regularly", Done.DONE if has_part[0] else Done.NOT_DONE, rounds)
    months = _months(before.closed_on, work.closed_on)
    return Practice("regularly", Done.DONE if months <= most else Done.NOT_DONE, rounds, _fact(None, months))


def _changed(store: Store, own: str, before: Fieldwork | None, inner: Reason | None) -> Practice:
    """What was done since the survey before this one closed; without one, or its day, all that is known."""
    if inner is not None:
        return Practice("changed", Done.UNKNOWN, _fact(inner, None))
    closed = None if before is None else before.closed_on
    since = [one for one in read_actions(store, own) if closed is None or one.done_on > closed]
    return Practice("changed", Done.DONE if since else Done.NOT_DONE, _fact(None, len(since)))
