"""The demonstration's assessments of digital maturity: who submitted one, and what they look like."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import spearmanr

from improve.demo import (
    DEFAULT_ORGANISATION,
    MATURITY_ROUNDS,
    ROUNDS,
    demonstration_assessments,
    demonstration_contributions,
    read_demonstration_register,
)
from improve.demo.plan import SEED, make_plan
from improve.instruments import read_library
from improve.scoring import Mark, function_score, mark_of
from tests.factory import small_maturity

WELSH = {one.code for one in read_demonstration_register() if one.nation == "Wales" and not one.is_trial}
EARLIER, NEWEST = MATURITY_ROUNDS


@pytest.fixture(scope="module")
def instrument():
    return read_library().get("dma")


@pytest.fixture(scope="module")
def all_(instrument):
    return demonstration_assessments(instrument)


@pytest.fixture(scope="module")
def rounds(all_):
    return {
        label: {one.organisation: one for one in all_ if one.is_submitted and one.round == label}
        for label in MATURITY_ROUNDS
    }


@pytest.fixture(scope="module")
def contributions(instrument):
    return demonstration_contributions(instrument)


@pytest.fixture(scope="module")
def plan():
    return make_plan(np.random.default_rng([SEED, 0]))


@pytest.fixture(scope="module")
def marks(rounds, instrument):
    """Round -> organisation -> criterion -> mark."""
    mark = {one.code: mark_of(one.group, one.counts) for one in instrument.answers}
    return {
        label: {code: {one.item: mark[one.code] for one in past.answers} for code, past in some.items()}
        for label, some in rounds.items()
    }


@pytest.fixture(scope="module")
def scores(marks, instrument):
    """Round -> organisation -> function -> score."""

    def score(given, function):
        criteria = [one for one in instrument.criteria if one.function == function.id]
        return function_score(
            [one.level for one in criteria], [given[one.id] for one in criteria], len(instrument.levels)
        )

    return {
        label: {
            code: {one.id: score(given, one) for one in instrument.functions} for code, given in some.items()
        }
        for label, some in marks.items()
    }


def shares(scores, label, codes):
    """Organisations x functions: the share met."""
    return np.array([[one.share for one in scores[label][code].values()] for code in codes])


def test_sixty_organisations_and_all_of_wales_and_fewer_the_year_before(rounds, plan):
    assert set(MATURITY_ROUNDS) <= set(ROUNDS)
    assert {label: len(some) for label, some in rounds.items()} == {EARLIER: 48, NEWEST: 60}
    assert set(rounds[NEWEST]) >= WELSH
    assert WELSH - set(rounds[EARLIER]) == {"DW13"}  # which skipped that year altogether
    assert len(set(rounds[EARLIER]) & set(rounds[NEWEST])) == 46
    for label, some in rounds.items():
        surveyed = plan.responses[ROUNDS.index(label)] > 0
        assert set(some) <= {code for code, took_part in zip(plan.codes, surveyed, strict=True) if took_part}


def test_every_criterion_has_one_answer_and_what_does_not_apply_a_reason(rounds, instrument):
    counts = {one.code: one.counts for one in instrument.answers}
    for some in rounds.values():
        for past in some.values():
            assert [one.item for one in past.answers] == [one.id for one in instrument.criteria]
            assert all(counts[one.code] is not bool(one.reason) for one in past.answers)
            assert past.by


def test_answers_are_mixed_as_they_are_in_life(marks, instrument):
    for some in marks.values():
        given = Counter(mark for answers in some.values() for mark in answers.values())
        share = {mark: n / given.total() for mark, n in given.items()}
        assert 0.45 < share[Mark.MET] < 0.65
        assert 0.03 < share[Mark.TO_FIND_OUT] < 0.08
        assert 0.005 < share[Mark.NOT_APPLICABLE] < 0.03
        by_level = [
            np.mean([answers[one.id] is Mark.MET for answers in some.values() for one in criteria])
            for criteria in (
                [one for one in instrument.criteria if one.level == level.level]
                for level in instrument.levels
            )
        ]
        assert all(upper < lower - 0.05 for lower, upper in pairwise(by_level))


def test_functions_go_together_and_so_do_rounds_and_content_people(scores, rounds, plan):
    codes = sorted(rounds[NEWEST])
    between = np.corrcoef(shares(scores, NEWEST, codes).T)[np.triu_indices(9, 1)]
    assert 0.4 < between.mean() < 0.75
    assert between.min() > 0.1
    assert between.max() < 0.9
    both = sorted(set(rounds[EARLIER]) & set(codes))
    before, now = (shares(scores, label, both).mean(axis=1) for label in MATURITY_ROUNDS)
    assert 0.85 < np.corrcoef(before, now)[0, 1] < 0.995
    content = [plan.overall[-1, plan.codes.index(code)] for code in codes]
    assert 0.1 < spearmanr(content, shares(scores, NEWEST, codes).mean(axis=1)).statistic < 0.7


def test_most_councils_came_further_and_some_fell_back(scores, rounds):
    both = sorted(set(rounds[EARLIER]) & set(rounds[NEWEST]))
    before, now = (shares(scores, label, both).mean(axis=1) for label in MATURITY_ROUNDS)
    assert 0.01 < (now - before).mean() < 0.08
    assert 0.02 < (now < before).mean() < 0.4


def test_some_levels_are_whole_above_a_hole(scores):
    for some in scores.values():
        functions = [one for by_function in some.values() for one in by_function.values()]
        has_hole = [1 in one.shares[one.level :] for one in functions]
        assert 0.04 < np.mean(has_hole) < 0.15


def test_the_highest_level_is_rare_and_there_are_councils_at_every_level(scores):
    levels = Counter(one.level for by_function in scores[NEWEST].values() for one in by_function.values())
    assert set(levels) == {0, 1, 2, 3, 4, 5}
    assert levels[5] / levels.total() < 0.04


def test_assessments_were_submitted_on_a_working_day_of_the_survey(rounds, plan):
    for label, some in rounds.items():
        row = ROUNDS.index(label)
        for code, past in some.items():
            day, place = past.answered_at.date(), plan.codes.index(code)
            assert day.weekday() < 5
            assert 9 <= past.answered_at.hour < 17
            assert plan.opened[row, place] < np.datetime64(day) <= plan.closed[row, place]


def test_all_are_told_in_the_order_of_time(all_):
    moments = [one.answered_at for one in all_]
    assert moments == sorted(moments)


def test_functions_are_given_to_named_roles(all_, instrument):
    functions = [one.id for one in instrument.functions]
    for past in all_:
        assert [function for function, _role in past.sections] == functions
        assert len({role for _function, role in past.sections}) >= 5


def test_two_have_answered_half_of_the_next_one(all_, contributions, instrument):
    begun = {one.organisation: one for one in all_ if not one.is_submitted}
    assert set(begun) == {DEFAULT_ORGANISATION, "DW11"}
    assert all(not one.answers for one in begun.values())
    latest = max(one.answered_at for one in all_ if one.is_submitted)
    for code, past in begun.items():
        parts = [one for one in contributions if one.organisation == code]
        items = [answer.item for one in parts for answer in one.answers]
        assert len(items) == len(set(items)) == len(instrument.criteria) // 2
        assert len({one.by for one in parts}) == len(parts) >= 5
        assert all(latest < past.answered_at < one.answered_at for one in parts)
        functions = {one.id: one.function for one in instrument.criteria}
        given = dict(past.sections)
        assert all(given[functions[answer.item]] == one.by for one in parts for answer in one.answers)


def test_the_same_instrument_gives_the_same_answers(instrument, all_, contributions):
    assert demonstration_assessments(instrument) == all_
    assert demonstration_contributions(instrument) == contributions


def test_another_instrument_is_answered_too():
    """Nothing knows the criteria, or how many functions and levels there are."""
    instrument = small_maturity()
    found = demonstration_assessments(instrument)
    assert all(
        [answer.item for answer in one.answers] == [criterion.id for criterion in instrument.criteria]
        for one in found
        if one.is_submitted
    )
    codes = {answer.code for one in found for answer in one.answers}
    assert codes == {one.code for one in instrument.answers}
