"""The ninety criteria as shipped: two people read each alike, and the pictures of tags mean something."""

from __future__ import annotations

import re

import pytest

from improve.instruments import Criterion, CriterionTag, Maturity, read_library, say

LONGEST_TOPIC, LONGEST_TEXT, LONGEST_GOOD = 40, 140, 280
NOT_CHECKABLE = re.compile(
    r"\b(and/or|adequate\w*|appropriate\w*|effective\w*|regular\w*|several|some|suitable|timely"
    r"|where possible|good enough)\b",
    re.IGNORECASE,
)


def shipped() -> Maturity:
    maturity = read_library().get("dma")
    assert isinstance(maturity, Maturity)
    return maturity


MATURITY = shipped()


def tagged(tag: CriterionTag, function: str | None = None) -> list[Criterion]:
    """The criteria with a tag, of a function or of all."""
    return [one for one in MATURITY.criteria if tag in one.tags and function in (None, one.function)]


def up_to(level: int, criteria: list[Criterion]) -> float:
    """The share met where exactly the levels up to this one are met."""
    return sum(one.level <= level for one in criteria) / len(criteria)


def test_nine_functions_of_five_levels_of_two() -> None:
    assert [one.id for one in MATURITY.criteria] == [
        f"{function.id}{level.level}{place}"
        for function in MATURITY.functions
        for level in MATURITY.levels
        for place in "ab"
    ]
    assert (len(MATURITY.functions), len(MATURITY.levels)) == (9, 5)
    assert [one.id[:4] for one in MATURITY.criteria] == [one.function for one in MATURITY.criteria]
    assert [int(one.id[4]) for one in MATURITY.criteria] == [one.level for one in MATURITY.criteria]


def test_nothing_is_said_twice() -> None:
    for said in (
        [say(one.topic) for one in MATURITY.criteria],
        [say(one.text) for one in MATURITY.criteria],
        [say(one.good) for one in MATURITY.criteria if one.good],
        [say(one.summary) for one in MATURITY.functions if one.summary],
    ):
        assert len(said) in (9, 90)
        assert len({one.casefold() for one in said}) == len(said)


@pytest.mark.parametrize("criterion", MATURITY.criteria, ids=lambda one: one.id)
def test_a_criterion_can_be_answered_alike_by_two_people(criterion: Criterion) -> None:
    assert criterion.good is not None
    topic, text, good = say(criterion.topic), say(criterion.text), say(criterion.good)
    assert len(topic) <= LONGEST_TOPIC
    assert len(topic.split()) <= 5
    assert len(text) <= LONGEST_TEXT
    assert len(good) <= LONGEST_GOOD
    # A sentence without its full stop, which the pages set; one statement, which yes or no answers.
    assert topic[0].isupper()
    assert text[0].isupper()
    assert text[-1].isalnum()
    assert not set(text) & set(".?!:;()/")
    assert NOT_CHECKABLE.search(text) is None
    # What counts, then what shows it.
    counts, separator, evidence = good.partition(" Evidence: ")
    assert separator
    assert counts[0].isupper()
    assert counts.endswith(".")
    assert evidence.endswith(".")
    assert "and/or" not in good


class TestTags:
    @pytest.mark.parametrize("function", [one.id for one in MATURITY.functions])
    def test_who_has_decided_as_far_as_reached_lies_near_the_diagonal(self, function: str) -> None:
        decisions = tagged(CriterionTag.COMMITMENT, function)
        assert len(decisions) >= 2
        for level in range(6):
            # 0.3 apart the page says that more was decided than reached, or the other way round.
            assert abs(up_to(level, decisions) - level / 5) < 0.3, level

    def test_provision_comes_before_take_up_and_neither_is_the_other(self) -> None:
        provision, take_up = tagged(CriterionTag.PROVISION), tagged(CriterionTag.TAKE_UP)
        assert len(provision) >= 4
        assert len(take_up) >= 4
        assert all(len(one.tags) == 1 for one in (*provision, *take_up))
        for level in range(6):
            assert 0 <= up_to(level, provision) - up_to(level, take_up) <= 0.5, level
