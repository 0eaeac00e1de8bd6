"""Which neighbours are offered as a cohort, against a slow second way of saying it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.model import CohortKind
from improve.register import built_in_cohorts, distances, read_register
from improve.views.alike import alike_cohorts
from tests.factory import make_organisation

REGISTER = read_register()


def oracle(counting, built_in, least=3):
    """The rule as it is told, with sets."""
    codes = {one.code for one in counting}
    offered = []
    for one in built_in:
        inside = one.members & codes
        if len(inside) >= 7 and all(len(inside ^ other) not in range(1, least) for other in offered):
            offered.append(inside)
    groups = {}
    if len(codes) < 8:
        return groups
    ordered = sorted(counting, key=lambda one: one.code)
    for one in ordered:
        far = dict(zip((other.code for other in ordered), distances([one], ordered)[0], strict=True))
        nearest = sorted(far, key=lambda code: (code != one.code, far[code], code))
        wanted = set(nearest[:15])
        near = [group for group in groups.values() if one.code in group and len(group ^ wanted) < least]
        if near:
            groups[one.code] = min(near, key=lambda group: len(group ^ wanted))
            continue
        for size in range(min(15, len(nearest)), 7, -1):
            group = set(nearest[:size])
            if all(len(group ^ other) not in range(1, least) for other in [*offered, *groups.values()]):
                groups[one.code] = group
                break
    return groups


@pytest.mark.parametrize("is_tied", [False, True])
@pytest.mark.parametrize("step", [3, 5, 40])
def test_they_are_as_the_slow_way_has_them(step, is_tied):
    counting = REGISTER[::step]
    built_in = built_in_cohorts(REGISTER)
    found = alike_cohorts(counting, built_in, is_tied=is_tied)
    assert {one.value: set(one.members) for one in found} == oracle(counting, built_in, 7 if is_tied else 3)
    assert all(one.key == f"like:{one.value}" and one.kind is CohortKind.LIKE for one in found)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), min_size=0, max_size=30))
def test_no_two_differ_by_one_or_two_and_each_holds_its_own(places):
    counting = [
        make_organisation(f"X{at:02d}", lat=50 + north / 10, population=50_000 * people)
        for at, (north, people) in enumerate(places)
    ]
    found = alike_cohorts(counting, built_in_cohorts(counting))
    assert all(8 <= len(one.members) <= 15 and one.value in one.members for one in found)
    built_in = [one.members for one in built_in_cohorts(counting) if len(one.members) >= 7][:1]
    groups = [*built_in, *(one.members for one in found)]
    assert all(len(one ^ other) not in (1, 2) for one in groups for other in groups)


def test_most_councils_of_the_real_register_have_neighbours():
    counting = REGISTER[::3]
    assert len(alike_cohorts(counting, built_in_cohorts(REGISTER))) >= 0.9 * len(counting)
