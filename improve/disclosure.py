"""What this viewer may see of a figure: the only place that decides, the only maker of a Figure.

Two questions (design.md "Who sees whose figures", guides/statistics.md section 10): WHOSE figure is
it, and HOW MANY stand behind it. The second holds for everybody, the operator's screen included.
A view model's figures are of the type Figure, and only this module can make one, so a number that
was not released does not fit into a page, a file or the command line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from improve.language import _, current
from improve.masking import masked
from improve.model import Cohort, CohortKind, Comparison, Role, Round, Viewer

MINIMUM_ANSWERS = 10
"""An organisation's score needs this many answers, and counts in a benchmark from here on."""
SMALL_SAMPLE = 30
"""Below this many answers a score is marked "small sample"."""
MINIMUM_FOR_MEDIAN = 7
"""Organisations for a median: a member then has six others beside it."""
MINIMUM_FOR_QUARTILES = 8
MINIMUM_FOR_GROUP = 8
"""Organisations for the median of a group that somebody built."""
MINIMUM_FOR_SPREAD = 10
SAFE_DIFFERENCE = 3
"""Two cohorts offered in one round differ by no organisation or by this many at least."""
SAFE_TIED_DIFFERENCE = 7
"""The same for cohorts in quantities that many organisations have alike, such as levels. That the median
of nine is level 1 says that five are there at least, and that of twelve 0 that five are at most."""
STEP = 0.1
"""Medians, quartiles and the spread are shown in steps of this size, in scale points."""
_DUST = 1e-9
"""A half is rounded up though its binary form may lie this much below it."""
RATE_STEP = 0.01
"""The same for response rates and other shares."""
MINIMUM_PEERS = 6
"""Other organisations that took part both times, for whether peers moved too."""
SAFE_COUNT = 3
"""Organisations by which "few" and "nearly all" reach away from nobody and everybody: one more than two
who compare notes, so that these two do not know of all the others that nobody has it, or everybody."""
MINIMUM_FOR_TIED_QUARTILES = 13
"""Organisations for quartiles of levels and of shares of criteria, which many have alike: as many lie
beyond each quartile."""
SHARE_STEP = 0.05
"""Medians of shares of criteria are shown in steps of this size: half a criterion of a function."""
MINIMUM_VOTERS = 2
"""Colleagues for the spread of a poll among them."""
POINT = 1.0
"""A partner's readiness scores are told in whole points: for everybody alike, so that all see one range."""
READINESS_STEP = 5.0
"""Medians of readiness, and what partners see of a role, are told in steps of this size: one answer of one
person moves an area of six statements by four points, so nobody's answer shows in it."""
MINIMUM_PARTNERS = 2
"""Partners for a count of how far they are with a statement: of one it would be its own answer."""
SEVERAL = 2
"""Respondents in a role from which partners may see that it disagrees with another."""
_FEW = 0.15
"""Up to this share one says "few"."""
FEWER_THAN_HALF, MORE_THAN_HALF = 0, 10
"""Said instead of "few" (1) and "nearly all" (9) where these would reach beyond `_WIDEST`."""
_WIDEST = 0.25
MUCH_MISSING = 0.25
"""Above this share of missing answers a figure carries a warning."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Reason(StrEnum):
    """Why a figure is withheld."""

    NOT_YOURS = "not_yours"
    NO_ORGANISATION = "no_organisation"
    DID_NOT_TAKE_PART = "did_not_take_part"
    NOT_ASKED = "not_asked"
    FEW_ANSWERS = "few_answers"
    FEW_ORGANISATIONS = "few_organisations"
    LOWEST_AND_HIGHEST = "lowest_and_highest"
    COLLECTING = "collecting"
    COHORT_TOO_CLOSE = "cohort_too_close"
    MEDIAN_ALONE = "median_alone"
    NOT_OPENED = "not_opened"
    CLOSED_AGAIN = "closed_again"
    ANOTHER_SCALE = "another_scale"
    SMALL_GROUP = "small_group"
    FEW_PEERS = "few_peers"
    FEW_COMMENTS = "few_comments"
    ONE_FILTER = "one_filter"
    NOT_COMPARED = "not_compared"
    POLL_OPEN = "poll_open"
    FEW_VOTERS = "few_voters"
    NOT_SUBMITTED = "not_submitted"
    NO_LEVEL = "no_level"
    TOP_LEVEL = "top_level"
    NOT_COMPLETED = "not_completed"
    BLIND_SPOTS = "blind_spots"
    FEW_PARTNERS = "few_partners"
    ONE_RESPONDENT = "one_respondent"
    UNKNOWN = "unknown"


_SEAL = object()


@dataclass(frozen=True, slots=True, init=False)
class Figure(Generic[T_co]):
    """A released value, or the reason why there is none. Made here, and nowhere else."""

    value: T_co | None
    withheld: Reason | None

    def __init__(self, seal: object, value: T_co | None, withheld: Reason | None) -> None:
        if seal is not _SEAL:
            raise TypeError("figures are made in improve/disclosure.py alone")
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "withheld", withheld)

    @property
    def is_released(self) -> bool:
        """Whether there is a value."""
        return self.withheld is None


def _released(value: T) -> Figure[T]:
    return Figure(_SEAL, value, None)


def _withheld(reason: Reason) -> Figure[T]:
    return Figure(_SEAL, None, reason)


def in_steps(value: float, step: float = STEP) -> float:
    """A value rounded to a whole number of steps (a tenth, a hundredth, two points), halves up."""
    if step >= 1:
        return math.floor(value / step + 0.5 + _DUST) * step
    per_point = round(1 / step)
    return math.floor(value * per_point + 0.5 + _DUST) / per_point


# ── Whose ──────────────────────────────────────────────────────────────────────────────────────


def own_reason(viewer: Viewer, organisation: str | None) -> Reason | None:
    """Why this viewer may not see this organisation's own figures; None when they may."""
    if organisation is None:
        return Reason.NO_ORGANISATION
    if viewer.role is Role.OPERATOR:
        return None
    if viewer.role in (Role.DELEGATE, Role.MEMBER) and viewer.organisation == organisation:
        return None
    return Reason.NOT_YOURS


def benchmark_reason(viewer: Viewer, round_: Round) -> Reason | None:
    """Why this viewer may not see benchmarks of this round; None when they may."""
    if round_.is_closed or viewer.role is Role.OPERATOR:
        return None
    return Reason.COLLECTING


def spread_reason(viewer: Viewer, round_: Round) -> Reason | None:
    """Why this viewer may not see where all organisations lie; None when they may."""
    if viewer.role is Role.PUBLIC:
        return Reason.NOT_YOURS
    return benchmark_reason(viewer, round_)


def sees_round(viewer: Viewer, round_: Round) -> bool:
    """Whether this viewer may know that a round is there, and who takes part in it."""
    return round_.is_closed or viewer.role is not Role.PUBLIC


def sees_organisations(viewer: Viewer, organisations: Iterable[str]) -> tuple[str, ...]:
    """Those of the organisations whose own figures this viewer may choose to look at."""
    return tuple(code for code in organisations if own_reason(viewer, code) is None)


def takes_in_files(viewer: Viewer) -> bool:
    """Whether this viewer may import, close rounds and see what a file would change."""
    return viewer.role is Role.OPERATOR


def inner_reason(viewer: Viewer, organisation: str | None) -> Reason | None:
    """Why this viewer may not see an organisation's subgroups, joint pictures, comments and actions."""
    if viewer.role is Role.DELEGATE and organisation is not None:
        return Reason.NOT_YOURS
    return own_reason(viewer, organisation)


def may_act(viewer: Viewer, organisation: str | None) -> bool:
    """Whether this viewer may write down what an organisation decided to do."""
    return inner_reason(viewer, organisation) is None


def may_assess(viewer: Viewer, organisation: str | None) -> bool:
    """Whether this viewer answers an organisation's assessment, and so sees its answers and evidence."""
    return inner_reason(viewer, organisation) is None


def comments_reason(viewer: Viewer, organisation: str | None) -> Reason | None:
    """Why this viewer may not read an organisation's comments; None as organisation means those of all.

    A facilitator reads the comments of a round without a name on them, and never those of one
    organisation; an organisation's people read their own.
    """
    if organisation is None:
        return None if viewer.role in (Role.FACILITATOR, Role.OPERATOR) else Reason.NOT_YOURS
    return inner_reason(viewer, organisation)


def may_approve(viewer: Viewer) -> bool:
    """Whether this viewer decides which comments the big screen shows."""
    return viewer.role in (Role.FACILITATOR, Role.OPERATOR)


# ── How many: one organisation's own figures ───────────────────────────────────────────────────


def own_figure(reason: Reason | None, n: int, asked: int, value: T) -> Figure[T]:
    """A figure of one organisation that stands on n answers of the people who were asked."""
    if reason is not None:
        return _withheld(reason)
    if asked == 0:
        return _withheld(Reason.NOT_ASKED)
    if n < MINIMUM_ANSWERS:
        return _withheld(Reason.FEW_ANSWERS)
    return _released(value)


def own_count(reason: Reason | None, n: int) -> Figure[int]:
    """A number of people of one organisation; below ten it is "fewer than 10", never the number."""
    return own_figure(reason, n, max(n, 1), n)


def own_rate(reason: Reason | None, responses: int, rate: float) -> Figure[float]:
    """A response rate, of at least ten responses; NaN where the people invited are unknown."""
    if reason is not None:
        return _withheld(reason)
    if responses < MINIMUM_ANSWERS:
        return _withheld(Reason.FEW_ANSWERS)
    if math.isnan(rate):
        return _withheld(Reason.UNKNOWN)
    return _released(rate)


def change_figure(before: Figure[float], after: Figure[float], value: T) -> Figure[T]:
    """What is told of the change between two scores (the change, its interval), where both are released."""
    if before.value is None or after.value is None:
        return _withheld(after.withheld or before.withheld or Reason.UNKNOWN)
    return _released(value)


@dataclass(frozen=True, slots=True)
class Period:
    """`n` responses answered on the days from the `first` to the `last`, both within."""

    first: date
    last: date
    n: int


def arrivals_figure(
    reason: Reason | None, arrivals: Sequence[tuple[date, int]]
) -> Figure[tuple[Period, ...]]:
    """When the responses came: days in order, put together until each period has at least ten."""
    if reason is not None:
        return _withheld(reason)
    if not arrivals:
        return _withheld(Reason.UNKNOWN)
    periods: list[Period] = []
    first, n = arrivals[0][0], 0
    for day, came in arrivals:
        first = first if n else day
        n += came
        if n >= MINIMUM_ANSWERS:
            periods.append(Period(first, day, n))
            n = 0
    if not periods:
        return _withheld(Reason.FEW_ANSWERS)
    if n:
        # The last few join the period before them: alone they would be fewer than ten.
        end = periods.pop()
        periods.append(Period(end.first, arrivals[-1][0], end.n + n))
    return _released(tuple(periods))


# ── How many: the groups of one organisation ───────────────────────────────────────────────────


def shown_groups(added: NDArray[np.int64]) -> tuple[bool, ...]:
    """Which groups of one breakdown may be shown, one place per group of those named.

    `added` (imports x groups + 1) counts the answers that each file brought; the last column is
    everybody who named no group. A group and all the others together have ten answers at least, in
    every file that changed them (who looks before and after one must not see one person). The
    whole is known, so what is hidden must be ten answers from two groups at least: else the next
    smallest is hidden too. That "nobody said" counts as hidden.
    """
    n = added.sum(axis=0)
    rest = added.sum(axis=1, keepdims=True) - added
    is_few = (added > 0) & (added < MINIMUM_ANSWERS) | (added > 0) & (rest > 0) & (rest < MINIMUM_ANSWERS)
    shown = (n >= MINIMUM_ANSWERS) & (n.sum() - n >= MINIMUM_ANSWERS) & ~is_few.any(axis=0)
    shown[-1] = False
    while shown.any():
        hidden = n[~shown & (n > 0)]
        if hidden.size == 0 or (hidden.size > 1 and hidden.sum() >= MINIMUM_ANSWERS):
            break
        smallest = min(np.flatnonzero(shown).tolist(), key=lambda at: (n[at], at))
        shown[smallest] = False
    return tuple(shown[:-1].tolist())


def group_count(reason: Reason | None, is_shown: bool, n: int) -> Figure[int]:
    """The number of answers of a group that is shown."""
    if reason is not None:
        return _withheld(reason)
    return _released(n) if is_shown and n >= MINIMUM_ANSWERS else _withheld(Reason.SMALL_GROUP)


def group_figure(reason: Reason | None, is_shown: bool, value: float, step: float = STEP) -> Figure[float]:
    """A mean of a group, in steps: one rare answer seen in two breakdowns would be a person."""
    if reason is not None:
        return _withheld(reason)
    if not is_shown or math.isnan(value):
        return _withheld(Reason.SMALL_GROUP)
    return _released(in_steps(value, step))


def group_interval(
    reason: Reason | None, is_shown: bool, value: tuple[float, float], step: float = STEP
) -> Figure[tuple[float, float]]:
    """The interval of a group's mean, in steps."""
    low = group_figure(reason, is_shown, value[0], step)
    high = group_figure(reason, is_shown, value[1], step)
    if low.value is None or high.value is None:
        return _withheld(low.withheld or high.withheld or Reason.UNKNOWN)
    return _released((low.value, high.value))


def _tenths(share: float, edge: float = _FEW) -> int:
    """A share as tenths from 1 ("few", up to the edge) to 9 ("nearly all", as far from the whole)."""
    if share <= edge + _DUST:
        return 1 if edge <= _WIDEST else FEWER_THAN_HALF
    if share >= 1 - edge - _DUST:
        return 9 if edge <= _WIDEST else MORE_THAN_HALF
    return min(8, max(2, round(in_steps(share) * 10)))


def tenths_figure(reason: Reason | None, is_shown: bool, share: float) -> Figure[int]:
    """A share as tenths from 1 ("few", up to 0.15) to 9 ("nearly all", from 0.85), as section 7 has it.

    Of a group, no nearer: whether anybody at all gave an answer must not be told.
    """
    if reason is not None:
        return _withheld(reason)
    if not is_shown or math.isnan(share):
        return _withheld(Reason.SMALL_GROUP)
    return _released(_tenths(share))


# ── How many: comments ─────────────────────────────────────────────────────────────────────────


def readable(text: str, organisation_names: tuple[str, ...] = ()) -> str:
    """A comment as it may be read: masked, and without the name of the organisation it is about."""
    return _readable(text, organisation_names, current())


@lru_cache(maxsize=200_000)
def _readable(text: str, organisation_names: tuple[str, ...], _language: str) -> str:
    for name in organisation_names:
        text = re.sub(rf"\b{re.escape(name)}\b", _("[council]"), text, flags=re.IGNORECASE)
    return masked(text)


def comments_figure(
    reason: Reason | None, filters: int, responses: int, texts: Callable[[], Sequence[str]]
) -> Figure[tuple[str, ...]]:
    """Comments, masked here and now, of at least ten responses and under one filter at most."""
    if reason is not None:
        return _withheld(reason)
    if filters > 1:
        return _withheld(Reason.ONE_FILTER)
    if responses < MINIMUM_ANSWERS:
        return _withheld(Reason.FEW_COMMENTS)
    return _released(tuple(masked(text) for text in texts()))


# ── How many: benchmarks (of whole organisations) ──────────────────────────────────────────────


def counts_in_benchmark(n: int) -> bool:
    """Whether a score stands on enough answers to count in a benchmark (item by item)."""
    return n >= MINIMUM_ANSWERS


def median_figure(
    reason: Reason | None, organisations: int, value: float, step: float = STEP
) -> Figure[float]:
    """A median over organisations, in steps."""
    if reason is not None:
        return _withheld(reason)
    if organisations < MINIMUM_FOR_MEDIAN:
        return _withheld(Reason.FEW_ORGANISATIONS)
    return _released(in_steps(value, step))


def quartiles_figure(
    reason: Reason | None,
    organisations: int,
    value: tuple[float, float],
    step: float = STEP,
    *,
    is_tied: bool = False,
) -> Figure[tuple[float, float]]:
    """Lower and upper quartile over organisations, in steps.

    `is_tied` where many organisations have the same value: of eight whose quartiles are both level 2,
    six have it, and two who know themselves to be the others know the level of everybody.
    """
    if reason is not None:
        return _withheld(reason)
    if organisations < (MINIMUM_FOR_TIED_QUARTILES if is_tied else MINIMUM_FOR_QUARTILES):
        return _withheld(Reason.FEW_ORGANISATIONS)
    return _released((in_steps(value[0], step), in_steps(value[1], step)))


def median_interval_figure(
    reason: Reason | None,
    organisations: int,
    ranks: tuple[int, int] | None,
    value: tuple[float, float] | None,
    step: float = STEP,
) -> Figure[tuple[float, float]]:
    """The interval of a median, in steps.

    Of seven or eight organisations it would run from the lowest to the highest, and those two
    belong to the spread alone.
    """
    if reason is not None:
        return _withheld(reason)
    if organisations < MINIMUM_FOR_MEDIAN or ranks is None or value is None:
        return _withheld(Reason.FEW_ORGANISATIONS)
    if ranks[0] <= 1 or ranks[1] >= organisations:
        return _withheld(Reason.LOWEST_AND_HIGHEST)
    return _released((in_steps(value[0], step), in_steps(value[1], step)))


def total_figure(reason: Reason | None, organisations: int, total: int) -> Figure[int]:
    """The number of answers behind a benchmark that has a median."""
    if reason is not None:
        return _withheld(reason)
    if organisations < MINIMUM_FOR_MEDIAN:
        return _withheld(Reason.FEW_ORGANISATIONS)
    return _released(total)


def number_of_organisations(reason: Reason | None, organisations: int) -> Figure[int]:
    """How many organisations count in a benchmark that has a median.

    Who takes part is known: of a few, the number would say which of them have too few answers.
    """
    if reason is not None:
        return _withheld(reason)
    if organisations < MINIMUM_FOR_MEDIAN:
        return _withheld(Reason.FEW_ORGANISATIONS)
    return _released(organisations)


@dataclass(frozen=True, slots=True)
class Bin:
    """`n` organisations whose score, in steps of 0.1, is `score`."""

    score: float
    n: int


def spread_figure(reason: Reason | None, scores: Sequence[float]) -> Figure[tuple[Bin, ...]]:
    """Where all organisations of a whole round lie, unnamed, in bins of 0.1, from ten up."""
    if reason is not None:
        return _withheld(reason)
    if len(scores) < MINIMUM_FOR_SPREAD:
        return _withheld(Reason.FEW_ORGANISATIONS)
    return _released(_binned(tuple(scores), STEP))


@lru_cache(maxsize=512)
def _binned(scores: tuple[float, ...], step: float) -> tuple[Bin, ...]:
    """Scores counted by step (`in_steps`), kept because everybody who looks at a round asks for the same."""
    per_point = round(1 / step)
    steps, counted = np.unique(
        np.floor(np.asarray(scores) * per_point + 0.5 + _DUST).astype(np.int64), return_counts=True
    )
    return tuple(Bin(at / per_point, n) for at, n in zip(steps.tolist(), counted.tolist(), strict=True))


# ── One organisation against a benchmark ───────────────────────────────────────────────────────


def difference_figure(own: Figure[float], median: Figure[float]) -> Figure[float]:
    """Own score minus the median as released: the exact median cannot be got back from it."""
    if own.value is None or median.value is None:
        return _withheld(own.withheld or median.withheld or Reason.UNKNOWN)
    return _released(own.value - median.value)


def comparison_figure(difference: Figure[float], word: Comparison | None) -> Figure[Comparison]:
    """Higher, similar or lower, where the difference is released.

    The test knows the exact median. Where its word and the difference as released point to
    different sides, the word would say on which side of its step the median lies: similar.
    """
    if difference.value is None or word is None:
        return _withheld(difference.withheld or Reason.UNKNOWN)
    if (word is Comparison.HIGHER and difference.value <= 0) or (
        word is Comparison.LOWER and difference.value >= 0
    ):
        return _released(Comparison.SIMILAR)
    return _released(word)


def position_figure(
    own: Figure[float], median: Figure[float], position: tuple[int, int, int]
) -> Figure[tuple[int, int, int]]:
    """A place as a range (best, worst, of how many), where own score and median are released."""
    if own.value is None or median.value is None:
        return _withheld(own.withheld or median.withheld or Reason.UNKNOWN)
    return _released(position)


def peers_change_figure(reason: Reason | None, peers: int, value: float) -> Figure[float]:
    """The mean change of those other organisations that took part both times, in steps."""
    if reason is not None:
        return _withheld(reason)
    if peers < MINIMUM_PEERS:
        return _withheld(Reason.FEW_PEERS)
    return _released(in_steps(value))


def beyond_peers_figure(
    change: Figure[float], peers: Figure[float], half_width: float
) -> Figure[tuple[float, float, float]]:
    """Own change minus the peers' as released, and the ends of its interval, its half width in steps."""
    if change.value is None or peers.value is None or math.isnan(half_width):
        return _withheld(change.withheld or peers.withheld or Reason.UNKNOWN)
    value, half = change.value - peers.value, math.ceil(half_width / STEP - _DUST) * STEP
    return _released((value, value - half, value + half))


# ── Assessments ────────────────────────────────────────────────────────────────────────────────


def poll_figure(is_open: bool, counts: tuple[int, ...]) -> Figure[tuple[int, ...]]:
    """How many colleagues gave each answer in a turn of a poll: once it is closed, from two of them up.

    Of one alone the spread would be their private answer.
    """
    if is_open:
        return _withheld(Reason.POLL_OPEN)
    if sum(counts) < MINIMUM_VOTERS:
        return _withheld(Reason.FEW_VOTERS)
    return _released(counts)


def assessed_figure(reason: Reason | None, value: T | None) -> Figure[T]:
    """A figure of one organisation's own submitted assessment; None where it has no level or share."""
    if reason is not None:
        return _withheld(reason)
    return _withheld(Reason.NO_LEVEL) if value is None else _released(value)


def number_of_assessments(reason: Reason | None, having: int, submitted: int) -> Figure[int]:
    """How many organisations' assessments stand in a benchmark, where `having` suffice for a median.

    It is the same for every function: a smaller number for one of them would say that somebody there
    answered "does not apply" throughout, and the numbers of two groups that it is the one in both.
    """
    if reason is not None:
        return _withheld(reason)
    if having < MINIMUM_FOR_MEDIAN:
        return _withheld(Reason.FEW_ORGANISATIONS)
    return _released(submitted)


def peers_tenths_figure(reason: Reason | None, organisations: int, met: int) -> Figure[int]:
    """How many of at least seven organisations meet a criterion, as tenths, never as a count.

    Of a whole round, or of those at one level (whom nobody can name); never of a cohort: shares add up,
    so those of two groups would give the share of the few that they differ by. The words at either end
    reach over at least `SAFE_COUNT` organisations; of fewer than twelve they are "fewer than half" and
    "more than half" (FEWER_THAN_HALF, MORE_THAN_HALF).
    """
    if reason is not None:
        return _withheld(reason)
    if organisations < MINIMUM_FOR_MEDIAN:
        return _withheld(Reason.FEW_ORGANISATIONS)
    return _released(_tenths(met / organisations, max(_FEW, SAFE_COUNT / organisations)))


def at_level_reason(at_level: int, with_level: int) -> Reason | None:
    """Why nothing is told of the organisations at one level, among those that have a level at all.

    Were nearly everybody there, that anything is told would give everybody's level: so there are as
    many elsewhere as two groups differ by.
    """
    if at_level < MINIMUM_FOR_MEDIAN or with_level - at_level < SAFE_DIFFERENCE:
        return Reason.FEW_ORGANISATIONS
    return None


# ── Partnerships ───────────────────────────────────────────────────────────────────────────────


def knows_partnership(viewer: Viewer, is_confidential: bool, members: Collection[str]) -> bool:
    """Whether this viewer may know that a partnership is there.

    `members` are the organisations that belong to it or are asked to. A confidential one is known to
    its own people alone, not to the operator either.
    """
    if viewer.role is Role.MEMBER:
        return viewer.organisation in members
    return viewer.role is Role.OPERATOR and not is_confidential


def may_prepare(viewer: Viewer, organisation: str | None, is_confidential: bool) -> bool:
    """Whether this viewer asks an organisation's respondents, completes its assessment, and signs for it."""
    if viewer.role is Role.MEMBER:
        return organisation is not None and viewer.organisation == organisation
    return viewer.role is Role.OPERATOR and organisation is not None and not is_confidential


def may_steer(viewer: Viewer, is_confidential: bool, partners: Collection[str]) -> bool:
    """Whether this viewer asks others to join, admits a candidate and starts a round; no candidate may."""
    return knows_partnership(viewer, is_confidential, partners)


def partner_reason(
    viewer: Viewer, organisation: str, is_confidential: bool, joined: Collection[str]
) -> Reason | None:
    """Why this viewer may not see an organisation's area scores in a partnership; None when they may.

    Others see them by name only while both belong to an open one: joining was the agreement.
    """
    if viewer.role is Role.MEMBER and viewer.organisation == organisation:
        return None
    if is_confidential:
        return Reason.NOT_YOURS
    if viewer.role is Role.DELEGATE and viewer.organisation == organisation:
        return None
    if organisation not in joined:
        return Reason.NOT_YOURS
    if viewer.role is Role.OPERATOR or (viewer.role is Role.MEMBER and viewer.organisation in joined):
        return None
    return Reason.NOT_YOURS


def shared_reason(viewer: Viewer, is_confidential: bool, joined: Collection[str]) -> Reason | None:
    """Why this viewer may not see what partners share without names; None when they may."""
    if viewer.role is Role.MEMBER:
        return None if viewer.organisation in joined else Reason.NOT_YOURS
    return None if viewer.role is Role.OPERATOR and not is_confidential else Reason.NOT_YOURS


def respondents_reason(viewer: Viewer, organisation: str | None) -> Reason | None:
    """Why this viewer may not see an organisation's respondents: spread, roles, answers, evidence, notes.

    Nobody but its own members: a role is often one person, and the operator's screen is shared.
    """
    if organisation is None:
        return Reason.NO_ORGANISATION
    is_own = viewer.role is Role.MEMBER and viewer.organisation == organisation
    return None if is_own else Reason.NOT_YOURS


def partner_figure(
    reason: Reason | None, is_own: bool, is_completed: bool, value: float | None
) -> Figure[float]:
    """A score of a partner, in whole points: once it is completed; its own people see it grow before."""
    if reason is not None:
        return _withheld(reason)
    if not is_completed and (not is_own or value is None):
        return _withheld(Reason.NOT_COMPLETED)
    return _withheld(Reason.BLIND_SPOTS) if value is None else _released(in_steps(value, POINT))


def states_figure(reason: Reason | None, partners: int, counts: tuple[int, ...]) -> Figure[tuple[int, ...]]:
    """How many of the partners that completed are how far with a statement, unnamed, from two up."""
    if reason is not None:
        return _withheld(reason)
    if partners < MINIMUM_PARTNERS:
        return _withheld(Reason.FEW_PARTNERS)
    return _released(counts)


def answered_figure(reason: Reason | None, value: T | None) -> Figure[T]:
    """What is told of answers; None where nobody has given them so far."""
    if reason is not None:
        return _withheld(reason)
    return _withheld(Reason.NOT_COMPLETED) if value is None else _released(value)


def circle_reason(
    reason: Reason | None, members: Collection[str], circles: Iterable[Collection[str]]
) -> Reason | None:
    """Why a benchmark of readiness may not be seen, besides what holds for every one.

    Partners know each other's scores by name. To nobody's circle, all that one organisation has shared a
    partnership with, may a median speak of one or two organisations alone: three stand outside at least.
    """
    inside = frozenset(members)
    if reason is None and any(len(inside - frozenset(one)) < SAFE_DIFFERENCE for one in circles):
        return Reason.FEW_ORGANISATIONS
    return reason


def shown_roles(respondents: Mapping[str, int]) -> frozenset[str]:
    """The roles of an organisation whose scores partners may see, by how many answered in each.

    Those with several respondents. Were but one person left in the others, the organisation's score
    would give them away: then the smallest of those shown is hidden, too.
    """
    shown = {role for role, n in respondents.items() if n >= SEVERAL}
    if shown and sum(n for role, n in respondents.items() if role not in shown) == 1:
        shown.remove(min(shown, key=lambda role: (respondents[role], role)))
    return frozenset(shown)


def role_figure(reason: Reason | None, is_own: bool, is_shown: bool, value: float | None) -> Figure[float]:
    """A role's score in an area: as it is for its own organisation, in steps for partners."""
    if reason is not None:
        return _withheld(reason)
    if not is_own and not is_shown:
        return _withheld(Reason.ONE_RESPONDENT)
    if value is None:
        return _withheld(Reason.BLIND_SPOTS)
    return _released(value if is_own else in_steps(value, READINESS_STEP))


def drawn_figure(value: T | None, otherwise: Reason) -> Figure[T]:
    """What is worked out from released figures alone; where they do not suffice, `otherwise` says why."""
    return _withheld(otherwise) if value is None else _released(value)


# ── Cohorts ────────────────────────────────────────────────────────────────────────────────────


def may_compare_with_groups(viewer: Viewer) -> bool:
    """Whether this viewer may build groups and see their medians: somebody whose looks can be counted."""
    return viewer.role is not Role.PUBLIC


def closed_again_reason(round_: Round) -> Reason | None:
    """Why neither neighbours nor groups that people built are told of a round that was closed twice.

    They keep apart from what the round shows now. What it showed before is not known any more, and a
    group that differs from that by one would tell of the one.
    """
    return Reason.CLOSED_AGAIN if round_.closings > 1 else None


def group_quartiles_reason(cohort: Cohort, reason: Reason | None) -> Reason | None:
    """Why the quartiles of a cohort are withheld: a group that somebody built has its median alone."""
    if reason is None and cohort.kind is CohortKind.GROUP:
        return Reason.MEDIAN_ALONE
    return reason


def is_apart(members: int, others: Iterable[int], least: int) -> bool:
    """Whether groups, as sets of bits, differ from each other one by nobody or by this many at least."""
    return not any(0 < (members ^ other).bit_count() < least for other in others)


def cohort_reasons(
    cohorts: tuple[Cohort, ...], counting: frozenset[str], *, is_tied: bool = False
) -> Mapping[str, Reason | None]:
    """Why each cohort is not offered, by key; None for those that are.

    `cohorts` come in the order in which they have precedence; `counting` are the organisations that
    count in the benchmark. Of two cohorts that differ by one or two organisations the later is not
    offered: the difference of their medians would speak of those one or two. `is_tied` where many
    organisations have the same value, so that a median counts: it takes seven then. A group that
    somebody built needs eight, and keeps apart from every earlier one, offered or not.
    """
    least = SAFE_TIED_DIFFERENCE if is_tied else SAFE_DIFFERENCE
    _places, inside = _inside(cohorts, counting)
    reasons: dict[str, Reason | None] = {}
    offered: list[int] = []
    earlier: list[int] = []
    for cohort, members in zip(cohorts, inside, strict=True):
        is_group = cohort.kind is CohortKind.GROUP
        if members.bit_count() < (MINIMUM_FOR_GROUP if is_group else MINIMUM_FOR_MEDIAN):
            reasons[cohort.key] = Reason.FEW_ORGANISATIONS
        elif not is_apart(members, earlier if is_group else offered, least):
            reasons[cohort.key] = Reason.COHORT_TOO_CLOSE
        else:
            reasons[cohort.key] = None
            offered.append(members)
        earlier.append(members)
    return reasons


def group_reason(
    members: frozenset[str], cohorts: tuple[Cohort, ...], counting: frozenset[str]
) -> Reason | None:
    """Why a group with these members would not be offered after these cohorts; None when it would."""
    places, inside = _inside(cohorts, counting)
    wanted = sum(1 << places[code] for code in members & counting if code in places)
    if wanted.bit_count() < MINIMUM_FOR_GROUP:
        return Reason.FEW_ORGANISATIONS
    return None if is_apart(wanted, inside, SAFE_DIFFERENCE) else Reason.COHORT_TOO_CLOSE


@lru_cache(maxsize=64)
def _inside(
    cohorts: tuple[Cohort, ...], counting: frozenset[str]
) -> tuple[Mapping[str, int], tuple[int, ...]]:
    """Each organisation's bit, and each cohort's members of those that count, as a set of bits."""
    places, masks = as_bits(cohorts)
    there = sum(1 << places[code] for code in counting if code in places)
    return places, tuple(mask & there for mask in masks)


@lru_cache(maxsize=64)
def as_bits(cohorts: tuple[Cohort, ...]) -> tuple[Mapping[str, int], tuple[int, ...]]:
    """Each organisation's bit, and each cohort's members as a set of bits."""
    places = {
        code: at for at, code in enumerate(sorted(frozenset().union(*(one.members for one in cohorts))))
    }
    return places, tuple(sum(1 << places[code] for code in one.members) for one in cohorts)
