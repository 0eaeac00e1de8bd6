"""The groups that one may compare with in a round: built-in ones, neighbours, and those that people built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from improve import disclosure
from improve.disclosure import MINIMUM_FOR_GROUP, Reason
from improve.language import _
from improve.model import CohortKind, Cohorts, Organisation, Round, Selection, Viewer
from improve.register import Neighbour, cohort_label, distances, neighbours
from improve.store import (
    MOST_SEEN,
    Group,
    RoundCounts,
    Store,
    read_groups,
    read_openings,
    read_organisations,
)
from improve.views import cohorts_sentence
from improve.views.choice import (
    Choice,
    CohortChoice,
    benchmark_of,
    choose,
    cohorts_for,
    cohorts_of,
    exact_choice,
    organisation_name,
    reason_sentences,
)

_TRIED = 8
"""Organisations on either side that the search for the nearest group tries to add or leave out."""
_MOST_CHANGED = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """A group to compare with. `part` of its `of` members take part in the round.

    `reason` is why it is not offered, in words; None where it is.
    """

    key: str
    kind: CohortKind
    label: str
    part: int
    of: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """A group that people built. `missing` are the members that take no part in the round.

    `is_own`: it was built by the viewer's own organisation, which may delete it. `is_opened`: its
    median is seen in this round. `reason` is why it is not offered, in words.
    """

    id: str
    name: str
    members: tuple[Organisation, ...]
    missing: tuple[Organisation, ...]
    is_own: bool
    is_opened: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class CohortsView:
    """Everything that the page of groups says.

    `neighbours` are those of the chosen organisation in its group, nearest first. `candidates` take
    part and can be members. `seen` groups of the most that may be are opened in this round. `linked`
    is the group whose link was followed.
    """

    choice: Choice
    finding: str
    cohorts: tuple[Listed, ...]
    neighbours: tuple[Neighbour, ...]
    neighbours_finding: str
    candidates: tuple[Organisation, ...]
    saved: tuple[Saved, ...]
    linked: Saved | None
    may_build: bool
    seen: int
    most: int
    notes: tuple[str, ...]
    method: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of checking a group. `nearest` are the members of the nearest one that is allowed."""

    reason: Reason | None
    sentence: str
    nearest: frozenset[str] | None


def cohorts_view(
    store: Store, viewer: Viewer, selection: Selection, linked: str | None = None
) -> CohortsView:
    """The groups of a round as this viewer sees them."""
    return _view(store, choose(store, viewer, selection), linked)


def cohorts_figures(store: Store, viewer: Viewer, selection: Selection) -> CohortsView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    return _view(store, exact_choice(store, viewer, selection), None)


def _view(store: Store, choice: Choice, linked: str | None) -> CohortsView:
    viewer, bench = choice.viewer, _bench(store, choice)
    may_build = bench is not None and disclosure.may_compare_with_groups(viewer)
    offered: tuple[CohortChoice, ...] = ()
    own = None if choice.organisation is None else choice.organisation.code
    if bench is not None and choice.round is not None and choice.survey is not None:
        offered = cohorts_for(store, viewer, choice.round, choice.survey, own)
    taking_part = frozenset(bench.organisations) if bench is not None else frozenset()
    taking = [one for one in read_organisations(store) if one.code in taking_part]
    listed = tuple(_listed(one, taking_part) for one in offered)
    alike = next((one.cohort for one in offered if one.cohort.kind is CohortKind.LIKE), None)
    saved = tuple(_saved_of(store, choice, offered, taking_part)) if may_build else ()
    opened_link = None
    if may_build and linked is not None:
        group = read_groups(store).get(linked)
        if group is not None and group.deleted_at is None:
            opened_link = _saved(store, choice, group, offered, taking_part)
    seen = 0 if choice.round is None else len(_opened(store, viewer, choice.round.label))
    near: tuple[Neighbour, ...] = ()
    if alike is not None and choice.organisation is not None:
        register = read_organisations(store)
        near = neighbours(choice.organisation, (one for one in register if one.code in alike.members))
    return CohortsView(
        choice=choice,
        finding=cohorts_sentence.finding(choice, listed),
        cohorts=listed,
        neighbours=near,
        neighbours_finding=cohorts_sentence.of_neighbours(choice, near, alike is not None),
        candidates=tuple(sorted(taking, key=organisation_name)),
        saved=saved,
        linked=opened_link,
        may_build=may_build,
        seen=seen,
        most=MOST_SEEN,
        notes=cohorts_sentence.notes(choice),
        method=cohorts_sentence.method(choice),
    )


def _bench(store: Store, choice: Choice) -> RoundCounts | None:
    if choice.round is None or choice.survey is None:
        return None
    if disclosure.benchmark_reason(choice.viewer, choice.round) is not None:
        return None
    return benchmark_of(store, choice.round, choice.survey.id)


def _listed(one: CohortChoice, taking_part: frozenset[str]) -> Listed:
    return Listed(
        key=one.cohort.key,
        kind=one.cohort.kind,
        label=one.label,
        part=len(one.cohort.members & taking_part),
        of=len(one.cohort.members),
        reason=cohorts_sentence.not_offered(one.cohort.kind, one.reason),
    )


def _opened(store: Store, viewer: Viewer, round_label: str) -> tuple[str, ...]:
    return read_openings(store).get((round_label, viewer.organisation or ""), ())


def _saved_of(
    store: Store, choice: Choice, offered: Sequence[CohortChoice], taking_part: frozenset[str]
) -> list[Saved]:
    """The groups that the viewer's organisation built, or opened in any round; the newest first."""
    own = choice.viewer.organisation or ""
    opened = {id_ for (_round, code), ids in read_openings(store).items() if code == own for id_ in ids}
    return [
        _saved(store, choice, group, offered, taking_part)
        for group in reversed(list(read_groups(store).values()))
        if group.deleted_at is None and (group.organisation == own or group.id in opened)
    ]


def _saved(
    store: Store,
    choice: Choice,
    group: Group,
    offered: Sequence[CohortChoice],
    taking_part: frozenset[str],
) -> Saved:
    assert choice.round is not None and choice.survey is not None
    known = {one.code: one for one in read_organisations(store)}
    members = sorted((known[code] for code in group.members if code in known), key=organisation_name)
    listed = next((one for one in offered if one.cohort.key == f"{CohortKind.GROUP}:{group.id}"), None)
    is_opened = group.id in _opened(store, choice.viewer, choice.round.label)
    reason = cohorts_sentence.not_offered(CohortKind.GROUP, listed.reason) if listed is not None else None
    return Saved(
        id=group.id,
        name=group.name,
        members=tuple(members),
        missing=tuple(one for one in members if one.code not in taking_part),
        is_own=group.organisation == (choice.viewer.organisation or ""),
        is_opened=is_opened,
        reason=reason,
    )


# ── Checking a group before it is saved ────────────────────────────────────────────────────────


def check_group(store: Store, choice: Choice, members: frozenset[str]) -> Verdict:
    """Whether a group may be saved in the round chosen; if not, why, and the nearest one that may.

    It is checked over all who take part, not over those who count in the benchmark: whether somebody
    counts must not show in a refusal, which costs nothing. What is shown then is checked over both.
    """
    bench = _bench(store, choice)
    if bench is None:
        return Verdict(Reason.COLLECTING, _("There are no medians of this round yet."), None)
    cohorts, taking_part = cohorts_of(store, bench), frozenset(bench.organisations)
    assert choice.round is not None
    if (closed := disclosure.closed_again_reason(choice.round)) is not None:
        return Verdict(closed, reason_sentences()[closed], None)
    reason = disclosure.group_reason(members, cohorts, taking_part)
    if reason is None:
        return Verdict(None, "", None)
    known = {one.code: one for one in read_organisations(store)}
    near = _built_in_near(members, cohorts, taking_part)
    nearest = _nearest(members, cohorts, taking_part, known)
    sentence = cohorts_sentence.refusal(
        reason,
        near=None if near is None else near,
        leave_out=_names(known, members - (nearest or members)),
        add=_names(known, (nearest or members) - members),
    )
    return Verdict(reason, sentence, nearest)


def _names(known: dict[str, Organisation], codes: frozenset[str]) -> list[str]:
    return sorted(organisation_name(known[code]) for code in codes if code in known)


def _built_in_near(
    members: frozenset[str], cohorts: Cohorts, taking_part: frozenset[str]
) -> tuple[str, int] | None:
    """The built-in group that it nearly is, and how many it differs by among all who take part."""
    if len(members & taking_part) < MINIMUM_FOR_GROUP:
        return None
    public = [one for one in cohorts if one.kind not in (CohortKind.LIKE, CohortKind.GROUP)]
    found = [(len((one.members ^ members) & taking_part), cohort_label(one)) for one in public]
    by, label = min(found, key=lambda one: one[0])
    return (label, by) if 0 < by < disclosure.SAFE_DIFFERENCE else None


def _nearest(
    members: frozenset[str],
    cohorts: Cohorts,
    taking_part: frozenset[str],
    known: dict[str, Organisation],
) -> frozenset[str] | None:
    """The allowed group with the fewest changes, those most like its members added first."""
    inside = [known[code] for code in sorted(members & taking_part) if code in known]
    outside = [known[code] for code in sorted(taking_part - members) if code in known]
    if not inside:
        return None
    apart = distances(outside, inside).mean(axis=1) if outside else np.zeros(0)
    ranked = [outside[at].code for at in np.argsort(apart, kind="stable").tolist()]
    missing = max(0, MINIMUM_FOR_GROUP - len(inside))
    filled = members.union(ranked[:missing])
    if disclosure.group_reason(filled, cohorts, taking_part) is None:
        return filled
    own = distances(inside, inside).mean(axis=1)
    far = [inside[at].code for at in np.argsort(-own, kind="stable").tolist()]
    pool = [code for code in ranked if code not in filled][:_TRIED] + far[:_TRIED]
    for changes in range(1, _MOST_CHANGED + 1):
        for some in combinations(pool, changes):
            wanted = filled ^ frozenset(some)
            if disclosure.group_reason(wanted, cohorts, taking_part) is None:
                return wanted
    return None


def rounds_to_open(first: Round, rounds: Sequence[Round]) -> tuple[str, ...]:
    """The rounds in which a group is opened: the one looked at, then the other closed ones, newest first."""
    others = [one.label for one in rounds if one.is_closed and one.label != first.label]
    return (first.label, *others)


def as_json(view: CohortsView) -> dict[str, Any]:
    """The view model written out (docs/figures.md is its schema)."""
    choice = view.choice
    return {
        "figures": "cohort",
        "round": choice.round.label if choice.round else None,
        "is_closed": choice.round.is_closed if choice.round else None,
        "organisation": None
        if choice.organisation is None
        else {"code": choice.organisation.code, "name": choice.organisation.name},
        "viewer": choice.viewer.role.value,
        "finding": view.finding,
        "notes": list(view.notes),
        "method": list(view.method),
        "cohorts": [
            {
                "key": one.key,
                "kind": one.kind.value,
                "label": one.label,
                "taking_part": one.part,
                "members": one.of,
                "why_not": one.reason,
            }
            for one in view.cohorts
        ],
        "neighbours": [
            {
                "code": one.organisation.code,
                "name": one.organisation.name,
                "distance": one.distance,
                "times": one.times,
                "kilometres": one.kilometres,
                "sentence": cohorts_sentence.why_near(one),
            }
            for one in view.neighbours
        ],
        "groups_seen": view.seen,
        "groups_at_most": view.most,
    }
