"""Readiness by hand, against an obvious second implementation in fractions, and by its properties."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve.scoring import (
    are_far_apart,
    area_score,
    candidate_fit,
    if_answered,
    is_weak,
    is_wide,
    overall_score,
    partnership_score,
    respondent_score,
    score_range,
    statement_state,
    urgent_statements,
    weakest_areas,
)

POINTS = st.one_of(st.none(), st.integers(0, 4))
AREA = st.lists(POINTS, min_size=6, max_size=6)
PEOPLE = st.lists(AREA, max_size=5)
SCORES = st.lists(st.one_of(st.none(), st.integers(0, 100).map(float)), min_size=5, max_size=5)


# ── A second time, slow and obvious ────────────────────────────────────────────────────────────


def share(points):
    given_ = [one for one in points if one is not None]
    return Fraction(sum(given_) * 100, len(given_) * 4) if len(given_) >= 4 else None


def average(values):
    known = [one for one in values if one is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def near(found, wanted):
    return found == wanted if wanted is None else found == pytest.approx(float(wanted))


@given(PEOPLE)
def test_an_area_is_the_mean_of_its_respondents(people):
    found, scores = area_score(people, 4), [share(points) for points in people]
    known = [one for one in scores if one is not None]
    assert near(found.score, average(scores))
    assert near(found.low, min(known, default=None))
    assert near(found.high, max(known, default=None))
    assert (found.respondents, found.blind) == (len(known), len(people) - len(known))


@given(st.lists(PEOPLE, min_size=5, max_size=5))
def test_the_overall_score_is_the_mean_of_the_areas(areas):
    exact = [average([share(points) for points in people]) for people in areas]
    found = [area_score(people, 4).score for people in areas]
    assert near(overall_score(found), None if None in exact else average(exact))
    known = [one for one in exact if one is not None]
    assert weakest_areas(found) == tuple(
        place for place, one in enumerate(exact) if one is not None and one == min(known)
    )


@given(st.lists(SCORES, max_size=4), SCORES)
def test_a_candidate_is_one_more_partner(partners, candidate):
    fit = candidate_fit(partners, candidate)
    for area in range(5):
        before = average([one[area] for one in partners])
        after = average([*(one[area] for one in partners), candidate[area]])
        assert near(fit.before[area], before)
        assert near(fit.after[area], after)
        moved = 0 if before is None or after is None else after - before
        assert (area in fit.lifts, area in fit.lowers) == (moved > 1e-9, moved < -1e-9)
    both = [pair for pair in zip(fit.before, fit.after, strict=True) if None not in pair]
    assert near(
        fit.weakest_change,
        min(after for _, after in both) - min(before for before, _ in both) if both else None,
    )


@given(AREA, st.dictionaries(st.integers(0, 5), st.integers(0, 4)))
def test_what_if_changes_what_was_wished_and_nothing_else(points, targets):
    kept = list(points)
    found = if_answered(points, targets)
    assert points == kept
    for place in range(6):
        assert found[place] == targets.get(place, points[place])
    assert if_answered(points, {}) == tuple(points)


@given(PEOPLE, st.integers(0, 5))
def test_a_target_at_the_top_never_lowers_an_area(people, place):
    before = area_score(people, 4).score
    raised = [if_answered(points, {place: 4}) for points in people]
    # Who had too many blind spots may now have a score, and a low one: of the others it holds.
    if all(respondent_score(points, 4) is not None for points in people) and before is not None:
        assert area_score(raised, 4).score >= before - 1e-9


@given(st.lists(st.lists(POINTS, min_size=3, max_size=3), min_size=1, max_size=8), st.data())
def test_what_is_urgent_is_wanting_and_the_weakest_come_first(states, data):
    weakest = data.draw(st.lists(st.booleans(), min_size=len(states), max_size=len(states)))
    found = urgent_statements(states, weakest)
    wanting = [place for place, some in enumerate(states) if any(one is None or one < 3 for one in some)]
    assert len(found) == min(3, len(wanting))
    assert set(found) <= set(wanting)
    weak = [sum(one is None or one < 2 for one in states[place]) for place in found]
    assert weak == sorted(weak, reverse=True)
    left = [sum(one is None or one < 2 for one in states[place]) for place in wanting if place not in found]
    assert not left or not weak or max(left) <= min(weak)


@given(st.lists(st.integers(0, 4), max_size=6), st.integers(0, 6))
def test_a_state_is_the_mean_in_whole_points(points, dont_know):
    if not points or dont_know > len(points):
        assert statement_state(points, dont_know) is None
    else:
        assert statement_state(points, dont_know) == int(Fraction(sum(points), len(points)) + Fraction(1, 2))


# ── By hand ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ([4, 4, 4, 4, 4, 4], 100.0),
        ([0, 0, 0, 0, 0, 0], 0.0),
        ([4, 3, 2, 1, 0, 2], 50.0),
        ([4, 4, 3, None, 4, None], 93.75),  # two thirds of six are four
        ([4, 4, 3, None, None, None], None),
        ([None] * 6, None),
        ([], None),
        ([2, None, 3], 62.5),  # two of three
        ([2, None, None], None),
        ([1, 2, None, None], None),  # of four two thirds are three
        ([1, 2, 3, None], 50.0),
    ],
)
def test_one_person(points, score):
    assert respondent_score(points, 4) == score


def test_the_scale_is_the_instruments():
    assert respondent_score([5, 10, 0], 10) == 50.0


def test_one_vote_each_whoever_answered_more():
    """Six answers of 4 weigh as much as four of 1; pooled it would be 70."""
    found = area_score([[4] * 6, [1, 1, 1, 1, None, None]], 4)
    assert (found.score, found.low, found.high, found.respondents, found.blind) == (62.5, 25.0, 100.0, 2, 0)


def test_who_has_too_many_blind_spots_has_no_vote():
    found = area_score([[4] * 6, [0, None, None, None, None, None]], 4)
    assert (found.score, found.respondents, found.blind) == (100.0, 1, 1)


def test_overall_needs_every_area():
    assert overall_score([50.0, 60.0, 70.0, 80.0, 40.0]) == 60.0
    assert overall_score([50.0, None, 70.0, 80.0, 40.0]) is None
    assert overall_score([]) is None
    assert weakest_areas([50.0, None, 40.0, 80.0, 40.0]) == (2, 4)
    assert weakest_areas([None, None]) == ()


def test_a_range_of_25_is_wide():
    assert score_range([70.0, None, 45.0, 50.0]) == (45.0, 70.0)
    assert score_range([70.0, None]) is None
    assert is_wide(45.0, 70.0)
    assert not is_wide(45.1, 70.0)
    assert is_wide(*score_range([0.3 * 100, 5.0]))  # float dust does not decide


def test_a_partner_without_a_score_does_not_vote():
    assert partnership_score([80.0, None, 40.0]) == 60.0
    assert partnership_score([None, None]) is None


def test_a_candidate_that_lowers_the_weakest_area():
    fit = candidate_fit([[80.0, 40.0, 70.0], [60.0, 60.0, 70.0]], [100.0, 20.0, 70.0])
    assert fit.before == (70.0, 50.0, 70.0)
    assert fit.after == (80.0, 40.0, 70.0)
    assert (fit.lifts, fit.lowers) == ((0,), (1,))
    assert (fit.weakest_before, fit.weakest_after, fit.weakest_change) == ((1,), (1,), -10.0)


def test_a_candidate_may_open_another_weakest_area():
    fit = candidate_fit([[50.0, 60.0]], [70.0, 20.0])
    assert (fit.weakest_before, fit.weakest_after, fit.weakest_change) == ((0,), (1,), -10.0)


@pytest.mark.parametrize(
    ("points", "dont_know", "state"),
    [
        ([3], 1, 3),  # as many know as do not
        ([3], 2, None),
        ([], 3, None),
        ([], 0, None),
        ([1, 2], 0, 2),
        ([0, 1, 1], 0, 1),
        ([4, 4, 0], 0, 3),
    ],
)
def test_a_state(points, dont_know, state):
    assert statement_state(points, dont_know) == state


def test_weak_and_far_apart():
    assert [is_weak(one) for one in (0, 1, 2, 4, None)] == [True, True, False, False, True]
    assert are_far_apart([4, 2])
    assert not are_far_apart([4, 3, None])
    assert not are_far_apart([None, None])


def test_the_three_most_urgent():
    states = [
        [3, 4],  # a strength of both
        [1, 3],  # weak once
        [1, 3],  # weak once, in the weakest area
        [None, 0],  # weak twice
        [2, 2],  # not weak, not strong
        [0, 3],  # weak once, lower
    ]
    in_weakest = [False, False, True, False, False, False]
    assert urgent_statements(states, in_weakest) == (3, 2, 5)
    assert urgent_statements(states, in_weakest, most=9) == (3, 2, 5, 1, 4)
    assert urgent_statements([[3], [4]], [True, True]) == ()
