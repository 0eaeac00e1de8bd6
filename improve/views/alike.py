"""Which neighbours are offered as a cohort: the nearest that keep apart from every other group.

Distances are those of improve/register/neighbour.py; what keeps apart is decided in
improve/disclosure.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from improve import disclosure
from improve.model import Cohort, CohortKind, Organisation
from improve.register import distances

MOST_ALIKE = 15
"""Organisations of a group of neighbours, the one whose neighbours they are included."""
FEWEST_ALIKE = 8


def alike_cohorts(
    counting: Sequence[Organisation], built_in: tuple[Cohort, ...], *, is_tied: bool = False
) -> tuple[Cohort, ...]:
    """The neighbours of every organisation that counts, each a cohort, in the order of their codes.

    The 15 nearest, itself included; where these nearly are the neighbours of an earlier one that has
    it among them, the very same group, and where they nearly are any other, as many fewer as it takes
    to keep apart. Who finds none, down to eight, has none.
    """
    counting = sorted(counting, key=lambda one: one.code)
    if len(counting) < FEWEST_ALIKE:
        return ()
    least = disclosure.SAFE_TIED_DIFFERENCE if is_tied else disclosure.SAFE_DIFFERENCE
    codes = [one.code for one in counting]
    reasons = disclosure.cohort_reasons(built_in, frozenset(codes), is_tied=is_tied)
    bit = {code: 1 << at for at, code in enumerate(codes)}
    offered = [sum(bit.get(code, 0) for code in one.members) for one in built_in if reasons[one.key] is None]
    far = distances(counting, counting)
    groups: list[int] = []
    found = []
    for at, code in enumerate(codes):
        # Itself first, though another may be as near: the sort keeps the order of codes.
        nearest = sorted(range(len(codes)), key=lambda other: (other != at, far[at, other]))
        members = _neighbours(nearest, at, offered, groups, least)
        if members:
            groups.append(members)
            inside = frozenset(one for one in codes if members & bit[one])
            found.append(Cohort(f"{CohortKind.LIKE}:{code}", CohortKind.LIKE, code, inside))
    return tuple(found)


def _neighbours(
    nearest: Sequence[int], at: int, offered: Sequence[int], groups: Sequence[int], least: int
) -> int:
    """The group of one organisation as a set of bits; 0 where there is none."""
    wanted = sum(1 << other for other in nearest[:MOST_ALIKE])
    shared = [one for one in groups if one >> at & 1 and (one ^ wanted).bit_count() < least]
    if shared:
        return min(shared, key=lambda one: (one ^ wanted).bit_count())
    for size in range(min(MOST_ALIKE, len(nearest)), FEWEST_ALIKE - 1, -1):
        members = sum(1 << other for other in nearest[:size])
        if disclosure.is_apart(members, (*offered, *groups), least):
            return members
    return 0
