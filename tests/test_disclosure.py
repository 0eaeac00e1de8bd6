"""Whose figures, and how many behind them: each rule at its edge (guides/statistics.md section 10)."""

import copy
import dataclasses
import math
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve import disclosure
from improve.disclosure import Bin, Figure, Reason
from improve.model import Cohort, CohortKind, Comparison, Role, Round, Viewer

OPEN = Round("2026", datetime(2026, 5, 1), None)
CLOSED = Round("2025", datetime(2025, 5, 1), datetime(2025, 7, 1))

PUBLIC = Viewer(Role.PUBLIC)
DELEGATE, MEMBER = Viewer(Role.DELEGATE, "A"), Viewer(Role.MEMBER, "A")
FACILITATOR, OPERATOR = Viewer(Role.FACILITATOR), Viewer(Role.OPERATOR)
EVERYBODY = (PUBLIC, DELEGATE, MEMBER, FACILITATOR, OPERATOR)


def released(value):
    return disclosure.own_figure(None, 10, 10, value)


def withheld(reason):
    return disclosure.own_figure(reason, 10, 10, 0.0)


# Nobody else makes a figure


def test_a_figure_is_made_in_disclosure_alone():
    with pytest.raises(TypeError, match="disclosure"):
        Figure(object(), 4.9, None)
    figure = withheld(Reason.NOT_YOURS)
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(figure, value=4.9, withheld=None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        figure.value = 4.9
    assert copy.copy(figure) == figure


def test_a_withheld_figure_holds_no_value():
    for figure in (
        disclosure.own_figure(Reason.NOT_YOURS, 500, 500, 4.9),
        disclosure.own_figure(None, 9, 500, 4.9),
        disclosure.median_figure(None, 6, 4.9),
        disclosure.median_interval_figure(None, 8, (1, 8), (1.0, 7.0)),
        disclosure.total_figure(None, 6, 500),
        disclosure.spread_figure(None, [4.9] * 9),
    ):
        assert figure.value is None
        assert not figure.is_released


# Whose: the table of design.md, row by row; every viewer in the order of EVERYBODY


def seen_by(reason_of):
    return tuple(reason_of(viewer) is None for viewer in EVERYBODY)


@pytest.mark.parametrize(
    ("what", "reason_of", "expected"),
    [
        (
            "own organisation",
            lambda viewer: disclosure.own_reason(viewer, "A"),
            (False, True, True, False, True),
        ),
        (
            "another organisation",
            lambda viewer: disclosure.own_reason(viewer, "B"),
            (False, False, False, False, True),
        ),
        (
            "benchmark, closed",
            lambda viewer: disclosure.benchmark_reason(viewer, CLOSED),
            (True, True, True, True, True),
        ),
        (
            "benchmark, open",
            lambda viewer: disclosure.benchmark_reason(viewer, OPEN),
            (False, False, False, False, True),
        ),
        (
            "spread, closed",
            lambda viewer: disclosure.spread_reason(viewer, CLOSED),
            (False, True, True, True, True),
        ),
        (
            "spread, open",
            lambda viewer: disclosure.spread_reason(viewer, OPEN),
            (False, False, False, False, True),
        ),
        (
            "who takes part, closed",
            lambda viewer: None if disclosure.sees_round(viewer, CLOSED) else "hidden",
            (True, True, True, True, True),
        ),
        (
            "who takes part, open",
            lambda viewer: None if disclosure.sees_round(viewer, OPEN) else "hidden",
            (False, True, True, True, True),
        ),
        (
            "import",
            lambda viewer: None if disclosure.takes_in_files(viewer) else "hidden",
            (False, False, False, False, True),
        ),
    ],
)
def test_who_sees_what(what, reason_of, expected):
    assert seen_by(reason_of) == expected, what


def test_nobody_has_figures_of_no_organisation_and_a_member_without_one_has_none():
    assert {disclosure.own_reason(viewer, None) for viewer in EVERYBODY} == {Reason.NO_ORGANISATION}
    for role in (Role.DELEGATE, Role.MEMBER):
        assert disclosure.own_reason(Viewer(role), "A") is Reason.NOT_YOURS


def test_only_operators_choose_among_organisations():
    offered = [disclosure.sees_organisations(viewer, ["A", "B", "C"]) for viewer in EVERYBODY]
    assert offered == [(), ("A",), ("A",), (), ("A", "B", "C")]


# How many: one organisation's own


def test_own_figures_need_ten_answers():
    assert disclosure.own_figure(None, 10, 12, 4.9).value == 4.9
    assert disclosure.own_figure(None, 9, 12, 4.9).withheld is Reason.FEW_ANSWERS
    assert disclosure.own_figure(None, 0, 12, math.nan).withheld is Reason.FEW_ANSWERS
    assert disclosure.own_figure(None, 0, 0, math.nan).withheld is Reason.NOT_ASKED
    assert [disclosure.counts_in_benchmark(n) for n in (9, 10)] == [False, True]


def test_whose_comes_before_how_many():
    """Else the reason would tell a stranger that there are few answers."""
    for n, asked in ((0, 0), (3, 12), (500, 500)):
        figure = disclosure.own_figure(Reason.NOT_YOURS, n, asked, 4.9)
        assert (figure.value, figure.withheld) == (None, Reason.NOT_YOURS)
    assert disclosure.own_rate(Reason.NOT_YOURS, 3, 0.2).withheld is Reason.NOT_YOURS
    for organisations in (2, 8, 90):
        for figure in (
            disclosure.median_figure(Reason.COLLECTING, organisations, 4.9),
            disclosure.quartiles_figure(Reason.COLLECTING, organisations, (4.0, 5.0)),
            disclosure.median_interval_figure(Reason.COLLECTING, organisations, None, None),
            disclosure.total_figure(Reason.COLLECTING, organisations, 900),
            disclosure.number_of_organisations(Reason.COLLECTING, organisations),
            disclosure.spread_figure(Reason.COLLECTING, [4.9] * organisations),
        ):
            assert figure.withheld is Reason.COLLECTING


def test_a_response_rate_needs_ten_responses_and_the_number_invited():
    assert disclosure.own_rate(None, 10, 0.25).value == 0.25
    assert disclosure.own_rate(None, 9, 0.25).withheld is Reason.FEW_ANSWERS
    assert disclosure.own_rate(None, 9, math.nan).withheld is Reason.FEW_ANSWERS
    assert disclosure.own_rate(None, 500, math.nan).withheld is Reason.UNKNOWN


# How many: benchmarks


@pytest.mark.parametrize(
    ("make", "enough"),
    [
        (lambda n: disclosure.median_figure(None, n, 4.9), 7),
        (lambda n: disclosure.total_figure(None, n, 900), 7),
        (lambda n: disclosure.number_of_organisations(None, n), 7),
        (lambda n: disclosure.quartiles_figure(None, n, (4.0, 5.0)), 8),
        (lambda n: disclosure.spread_figure(None, [4.9] * n), 10),
    ],
)
def test_the_minimum_number_of_organisations(make, enough):
    assert make(enough).is_released
    for n in range(enough):
        assert make(n).withheld is Reason.FEW_ORGANISATIONS


def test_no_median_of_nobody():
    assert disclosure.median_figure(None, 0, math.nan).withheld is Reason.FEW_ORGANISATIONS
    assert disclosure.quartiles_figure(None, 0, (math.nan, math.nan)).withheld is Reason.FEW_ORGANISATIONS


def test_the_interval_of_a_median_never_shows_the_lowest_or_the_highest():
    assert disclosure.median_interval_figure(None, 6, (1, 6), (1.0, 7.0)).withheld is Reason.FEW_ORGANISATIONS
    for n in (7, 8):
        figure = disclosure.median_interval_figure(None, n, (1, n), (1.0, 7.0))
        assert figure.withheld is Reason.LOWEST_AND_HIGHEST
    assert disclosure.median_interval_figure(None, 9, (2, 8), (4.04, 5.06)).value == (4.0, 5.1)
    for ranks in ((1, 8), (2, 9)):
        assert not disclosure.median_interval_figure(None, 9, ranks, (4.0, 5.0)).is_released


def test_the_spread_counts_organisations_per_step():
    figure = disclosure.spread_figure(None, [4.84, 4.85, 4.9, 4.94, 4.95, 5.3, 5.3, 5.3, 5.3, 3.0])
    assert figure.value == (Bin(3.0, 1), Bin(4.8, 1), Bin(4.9, 3), Bin(5.0, 1), Bin(5.3, 4))


# Steps


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (4.85, 4.9),  # a half goes up
        (4.75, 4.8),
        (4.65, 4.7),
        (1.05, 1.1),
        (0.1 + 0.2, 0.3),
        ((4.8 + 4.9) / 2, 4.9),
        (4.85 - 1e-12, 4.9),  # the dust of a sum that is a half
        (4.85 - 1e-6, 4.8),
        (4.849, 4.8),
        (4.9, 4.9),
        (7.0, 7.0),
    ],
)
def test_steps_of_a_tenth(value, shown):
    assert disclosure.in_steps(value) == shown


def test_rates_are_in_steps_of_a_hundredth():
    figure = disclosure.median_figure(None, 7, 0.2449999, disclosure.RATE_STEP)
    assert figure.value == 0.24
    assert disclosure.median_figure(None, 7, 0.245, disclosure.RATE_STEP).value == 0.25


@given(
    a=st.fractions(min_value=1, max_value=10, max_denominator=400),
    b=st.fractions(min_value=1, max_value=10, max_denominator=400),
)
def test_a_median_of_two_means_is_rounded_as_on_paper(a, b):
    exact = (a + b) / 2
    halves_up = math.floor(exact * 10 + Fraction(1, 2)) / 10
    assert disclosure.in_steps((float(a) + float(b)) / 2) == halves_up


@given(st.floats(min_value=1, max_value=10))
def test_a_step_is_a_step(value):
    shown = disclosure.in_steps(value)
    assert Decimal(repr(shown)) == Decimal(repr(shown)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert abs(shown - value) <= 0.05 + 1e-9
    assert disclosure.in_steps(shown) == shown


def test_steps_keep_the_order():
    values = [1 + place / 997 for place in range(6000)]
    shown = [disclosure.in_steps(value) for value in values]
    assert all(a <= b for a, b in pairwise(shown))


# One organisation against a benchmark


def test_the_difference_is_from_the_median_as_shown():
    median = disclosure.median_figure(None, 7, 4.8765)
    assert disclosure.difference_figure(released(5.25), median).value == 5.25 - 4.9


def test_what_is_compared_needs_both_sides():
    median, none = disclosure.median_figure(None, 7, 4.9), disclosure.median_figure(None, 6, 4.9)
    few = disclosure.own_figure(None, 9, 9, 5.2)
    for own, against, reason in (
        (few, median, Reason.FEW_ANSWERS),
        (released(5.2), none, Reason.FEW_ORGANISATIONS),
        (few, none, Reason.FEW_ANSWERS),
        (withheld(Reason.NOT_YOURS), median, Reason.NOT_YOURS),
    ):
        difference = disclosure.difference_figure(own, against)
        assert difference.withheld is reason
        assert disclosure.comparison_figure(difference, Comparison.HIGHER).withheld is reason
        assert disclosure.position_figure(own, against, (1, 2, 22)).withheld is reason
    assert disclosure.position_figure(released(5.2), median, (1, 2, 7)).value == (1, 2, 7)


@pytest.mark.parametrize(
    ("own", "exact", "word", "shown"),
    [
        (5.3, 4.9, Comparison.HIGHER, Comparison.HIGHER),
        (4.5, 4.9, Comparison.LOWER, Comparison.LOWER),
        (4.9, 4.9, Comparison.SIMILAR, Comparison.SIMILAR),
        (4.97, 4.951, Comparison.HIGHER, Comparison.SIMILAR),  # shown against 5.0
        (5.0, 4.951, Comparison.HIGHER, Comparison.SIMILAR),
        (4.93, 4.949, Comparison.LOWER, Comparison.SIMILAR),  # shown against 4.9
        (4.9, 4.949, Comparison.LOWER, Comparison.SIMILAR),
    ],
)
def test_a_word_never_contradicts_the_difference_beside_it(own, exact, word, shown):
    """It would say on which side of its step the exact median lies."""
    difference = disclosure.difference_figure(released(own), disclosure.median_figure(None, 7, exact))
    assert disclosure.comparison_figure(difference, word).value is shown


# Cohorts


def cohort(key, members, kind=CohortKind.NATION):
    return Cohort(key, kind, key, frozenset(members))


def codes(first, last):
    return {f"X{number:02d}" for number in range(first, last)}


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        (0, None),
        (1, Reason.COHORT_TOO_CLOSE),
        (2, Reason.COHORT_TOO_CLOSE),
        (3, None),
        (4, None),
        (13, None),
        (14, Reason.FEW_ORGANISATIONS),
    ],
)
def test_a_cohort_differs_by_none_or_by_three(missing, reason):
    everybody = codes(0, 20)
    reasons = disclosure.cohort_reasons(
        (cohort("all", everybody), cohort("some", codes(missing, 20))), frozenset(everybody)
    )
    assert reasons == {"all": None, "some": reason}


def test_of_two_that_are_too_close_the_later_goes():
    everybody = codes(0, 40)
    boroughs, region = codes(0, 19), codes(0, 20)
    order = (cohort("all", everybody), cohort("region", region), cohort("type", boroughs))
    reasons = disclosure.cohort_reasons(order, frozenset(everybody))
    assert reasons == {"all": None, "region": None, "type": Reason.COHORT_TOO_CLOSE}
    reasons = disclosure.cohort_reasons((order[0], order[2], order[1]), frozenset(everybody))
    assert reasons == {"all": None, "type": None, "region": Reason.COHORT_TOO_CLOSE}


def test_a_cohort_that_is_not_offered_stands_in_nobodys_way():
    everybody = codes(0, 40)
    chain = (
        cohort("all", everybody),
        cohort("a", codes(0, 20)),
        cohort("b", codes(0, 18)),  # too close to a
        cohort("c", codes(0, 17)),  # close to b alone
    )
    reasons = disclosure.cohort_reasons(chain, frozenset(everybody))
    assert reasons["b"] is Reason.COHORT_TOO_CLOSE
    assert reasons["c"] is None


def test_a_cohort_is_what_counts_of_it():
    everybody = codes(0, 40)
    pair = (cohort("all", everybody), cohort("some", codes(0, 20)))
    for counting, reason in (
        (codes(0, 20), None),  # the same
        (codes(0, 21), Reason.COHORT_TOO_CLOSE),
        (codes(0, 23), None),
        (codes(14, 40), Reason.FEW_ORGANISATIONS),
        (codes(13, 40), None),
    ):
        assert disclosure.cohort_reasons(pair, frozenset(counting))["some"] is reason


@given(
    members=st.lists(st.sets(st.sampled_from(sorted(codes(0, 24)))), max_size=6),
    counting=st.sets(st.sampled_from(sorted(codes(0, 24)))),
)
def test_no_two_offered_cohorts_differ_by_one_or_two(members, counting):
    cohorts = (
        cohort("all", codes(0, 24)),
        *(cohort(f"c{place}", frozenset(one)) for place, one in enumerate(members)),
    )
    reasons = disclosure.cohort_reasons(cohorts, frozenset(counting))
    offered = [one.members & counting for one in cohorts if reasons[one.key] is None]
    assert all(len(one) >= 7 for one in offered)
    assert all(len(one ^ other) not in (1, 2) for one in offered for other in offered)
    if len(counting) >= 7:
        assert reasons["all"] is None
