"""Levels and shares met, against section 7 of the guide read aloud, and the properties of issue 4."""

from statistics import median

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from improve.scoring import (
    FunctionScore,
    Mark,
    function_score,
    if_found,
    mark_of,
    overall_level,
    share_met,
)

YES, NO, FIND, NA = Mark.MET, Mark.NOT_MET, Mark.TO_FIND_OUT, Mark.NOT_APPLICABLE
LETTERS = {"y": YES, "n": NO, "?": FIND, "-": NA, " ": None}
TWO_EACH = (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)


def scored(word, levels=TWO_EACH, highest=5):
    """The score of a word such as "yyy?n-    ", two criteria per level."""
    return function_score(levels, [LETTERS[one] for one in word], highest)


def oracle(levels, marks, highest):
    """Section 7 as it is written, one sentence after the other."""
    if None in marks:
        return None, None, None, ()
    applicable = [(level, mark) for level, mark in zip(levels, marks, strict=True) if mark is not NA]
    if not applicable:
        return None, None, None, ()
    level = 0
    for top in range(1, highest + 1):
        has_one = any(at == top for at, _mark in applicable)
        if has_one and all(mark is YES for at, mark in applicable if at <= top):
            level = top
    share = sum(mark is YES for _at, mark in applicable) / len(applicable)
    beyond = min((at for at, mark in applicable if mark is not YES), default=None)
    missing = tuple(
        place
        for place, (at, mark) in enumerate(zip(levels, marks, strict=True))
        if at == beyond and mark in (NO, FIND)
    )
    return level, share, beyond, missing


ANY = st.sampled_from([YES, NO, FIND, NA])


@st.composite
def functions(draw, marks=ANY, most=12):
    """(levels, marks, highest) of a function: any number of criteria at any level, in any order."""
    highest = draw(st.integers(1, 6))
    n = draw(st.integers(1, most))
    levels = draw(st.lists(st.integers(1, highest), min_size=n, max_size=n))
    return levels, draw(st.lists(marks, min_size=n, max_size=n)), highest


@given(functions(marks=st.sampled_from([YES, YES, YES, NO, FIND, NA, None])))
def test_a_score_is_the_guides(function):
    levels, marks, highest = function
    found = function_score(levels, marks, highest)
    assert (found.level, found.share, found.next_level, found.missing) == oracle(levels, marks, highest)
    assert (found.met, found.to_find_out, found.not_applicable) == (
        marks.count(YES),
        marks.count(FIND),
        marks.count(NA),
    )
    assert (found.answered, found.asked) == (len(marks) - marks.count(None), len(marks))
    assert found.is_answered == (None not in marks)
    at = [[mark for level, mark in zip(levels, marks, strict=True) if level == one] for one in range(1, 7)]
    for share, some in zip(found.shares, at, strict=False):
        told = [mark for mark in some if mark is not NA]
        assert share == (None if not told or None in told else told.count(YES) / len(told))
    assert len(found.shares) == highest


@pytest.mark.parametrize(
    ("word", "level", "share", "beyond", "missing"),
    [
        ("yyyyyyyyyy", 5, 1.0, None, ()),
        ("nnnnnnnnnn", 0, 0.0, 1, (0, 1)),
        ("yyyynnnnnn", 2, 0.4, 3, (4, 5)),
        ("yyyyynyynn", 2, 0.7, 3, (5,)),
        ("nyyyyyyyyy", 0, 0.9, 1, (0,)),
        ("yyy?yyyyyy", 1, 0.9, 2, (3,)),
        ("yyy-nyyyyy", 2, 8 / 9, 3, (4,)),
        ("yy--yynnnn", 3, 4 / 8, 4, (6, 7)),
        ("--yynnnnnn", 2, 2 / 8, 3, (4, 5)),
        ("--nnyyyyyy", 0, 6 / 8, 2, (2, 3)),
        ("yyyyyyyy--", 4, 1.0, None, ()),
        ("y---------", 1, 1.0, None, ()),
        ("n---------", 0, 0.0, 1, (0,)),
        ("----------", None, None, None, ()),
        ("yyyyyyyyy ", None, None, None, ()),
    ],
)
def test_by_hand(word, level, share, beyond, missing):
    found = scored(word)
    assert (found.level, found.next_level, found.missing) == (level, beyond, missing)
    assert found.share == (None if share is None else pytest.approx(share))


def test_the_shares_of_each_level_by_hand():
    assert scored("yyyn--?-ny").shares == (1.0, 0.5, None, 0.0, 0.5)
    assert scored("yyyn--? ny").shares == (1.0, 0.5, None, None, 0.5)


# ── Properties that issue 4 names ──────────────────────────────────────────────────────────────


def level_of(function):
    """The level, -1 for none: a level there is stands above one there is not."""
    level = function_score(*function).level
    return -1 if level is None else level


@given(functions(), st.data())
def test_more_yes_never_lowers_a_level_or_a_share(function, data):
    levels, marks, highest = function
    place = data.draw(st.integers(0, len(marks) - 1))
    more = [*marks[:place], YES, *marks[place + 1 :]]
    before, after = function_score(levels, marks, highest), function_score(levels, more, highest)
    assert level_of((levels, more, highest)) >= level_of(function)
    assert before.share is None or after.share >= before.share


@given(functions(), st.data())
def test_a_yes_turned_into_not_applicable_never_raises_a_level_or_a_share(function, data):
    levels, marks, highest = function
    assume(YES in marks)
    place = data.draw(st.sampled_from([at for at, mark in enumerate(marks) if mark is YES]))
    fewer = [*marks[:place], NA, *marks[place + 1 :]]
    before, after = function_score(levels, marks, highest), function_score(levels, fewer, highest)
    assert level_of((levels, fewer, highest)) <= level_of(function)
    assert after.share is None or after.share <= before.share


def test_a_no_turned_into_not_applicable_can_raise_a_level():
    assert scored("yyynnnnnnn").level == 1
    assert scored("yyy-nnnnnn").level == 2
    assert scored("yyy-nnnnnn").not_applicable == 1


@given(functions(), st.data())
def test_a_dont_know_counts_as_a_no(function, data):
    levels, marks, highest = function
    noes = [NO if mark is FIND else mark for mark in marks]
    found, other = function_score(levels, marks, highest), function_score(levels, noes, highest)
    assert (found.level, found.share, found.missing) == (other.level, other.share, other.missing)
    assert found.to_find_out == marks.count(FIND)


@given(functions(marks=st.just(NA)))
def test_nothing_applicable_gives_no_level_rather_than_the_highest(function):
    found = function_score(*function)
    assert (found.level, found.share, found.next_level, found.missing) == (None, None, None, ())
    assert set(found.shares) == {None}
    assert found.is_answered


@given(functions())
def test_the_level_never_exceeds_the_highest_complete_one(function):
    found = function_score(*function)
    complete = [at for at, share in enumerate(found.shares, start=1) if share == 1.0]
    assert found.level is None or found.level == 0 or found.level in complete
    assert found.next_level is None or found.level < found.next_level


@given(functions(), st.data())
def test_one_criterion_without_an_answer_leaves_no_level(function, data):
    levels, marks, highest = function
    place = data.draw(st.integers(0, len(marks) - 1))
    found = function_score(levels, [*marks[:place], None, *marks[place + 1 :]], highest)
    assert (found.level, found.share, found.next_level, found.missing) == (None, None, None, ())
    assert not found.is_answered


@given(functions())
def test_all_that_is_missing_met_reaches_the_next_level(function):
    levels, marks, highest = function
    found = function_score(levels, marks, highest)
    assume(found.next_level is not None)
    met = [YES if place in found.missing else mark for place, mark in enumerate(marks)]
    assert function_score(levels, met, highest).level >= found.next_level
    for place in found.missing:
        but_one = [marks[at] if at == place else mark for at, mark in enumerate(met)]
        assert function_score(levels, but_one, highest).level == found.level


# ── The rest of the formula ────────────────────────────────────────────────────────────────────


def of_level(level, answered=10, asked=10):
    return FunctionScore(level, None, None, (), 0, 0, 0, answered, asked, ())


@pytest.mark.parametrize(
    ("levels", "overall"),
    [
        ([0, 0, 1, 1, 2, 3, 3, 4, 5], 2.0),
        ([5, 0, 5, 0, 5, 0, 5, 0, 0], 0.0),
        ([1, 1, 1, 4, 4, 5], 2.5),
        ([3, None, None], 3.0),
        ([2, None, 3], 2.5),
        ([None, None], None),
        ([], None),
    ],
)
def test_overall_is_the_median_of_those_with_a_level(levels, overall):
    assert overall_level([of_level(level) for level in levels]) == overall


def test_overall_waits_for_every_answer():
    assert overall_level([of_level(3), of_level(3), of_level(None, answered=9)]) is None


@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_overall_is_no_mean(levels):
    assert overall_level([of_level(level) for level in levels]) == median(levels)


def test_how_an_answer_counts():
    assert mark_of("met", counts=True) is YES
    assert mark_of("not_met", counts=True) is NO
    assert mark_of("to_find_out", counts=True) is FIND
    assert mark_of(None, counts=False) is NA
    # An answer that does not count has no part in the score, whatever group it was given.
    assert mark_of("met", counts=False) is NA


def test_the_share_of_some_criteria():
    assert share_met([YES, NO, FIND, NA]) == pytest.approx(1 / 3)
    assert share_met([NA, NA]) is None
    assert share_met([]) is None
    assert share_met([YES, None]) is None


def test_what_is_to_be_found_out_may_turn_out_well():
    assert if_found([YES, FIND, NO, NA, None]) == (YES, YES, NO, NA, None)
    word = [LETTERS[one] for one in "yyy??yynnn"]
    assert function_score(TWO_EACH, word, 5).level == 1
    assert function_score(TWO_EACH, if_found(word), 5).level == 3
