"""The demonstration's staff lists, and what its councils decided to do."""

from collections import Counter
from datetime import date

import pytest

from improve.demo import (
    DEFAULT_ORGANISATION,
    ROUNDS,
    STORIES,
    demonstration_batches,
    demonstration_staff,
    read_demonstration_register,
    read_planned_actions,
)
from improve.instruments import read_library

NEWEST = ROUNDS[-1]


@pytest.fixture(scope="module")
def survey():
    return read_library().get("satisfaction")


@pytest.fixture(scope="module")
def lists(survey):
    return dict(demonstration_staff(survey))


@pytest.fixture(scope="module")
def entries(survey):
    return list(demonstration_batches(survey))


@pytest.fixture(scope="module")
def newest(entries):
    return {entry.organisation: entry for entry in entries if entry.round == NEWEST}


def people_of(rows, item):
    return {label: people for asked, label, people in rows if asked == item}


def answered(entry, item, labels):
    frame = entry.batch.answers.to_pandas()
    counted = Counter(frame[frame["item"] == item]["code"])
    return {label: counted[code] for code, label in labels.items()}


@pytest.fixture(scope="module")
def jobs(survey):
    question = next(one for one in survey.profile if one.role == "job")
    return {option.code: option.label["en"] for option in question.options}


def test_about_seventy_and_every_welsh_one_but_one(lists):
    assert len(lists) == 70
    welsh = {one.code for one in read_demonstration_register() if one.nation == "Wales" and not one.is_trial}
    assert welsh - lists.keys() == {STORIES["no_staff_list"].organisation}


def test_both_ways_add_up_to_a_headcount_that_holds_all_who_were_invited(lists, newest):
    for code, rows in lists.items():
        totals = {item: sum(people_of(rows, item).values()) for item in ("PRF1", "PRF2")}
        assert totals["PRF1"] == totals["PRF2"]
        assert newest[code].invited <= totals["PRF1"] <= 1.16 * newest[code].invited
    assert [item for item, _label, _people in lists[DEFAULT_ORGANISATION]] == sorted(
        item for item, _label, _people in lists[DEFAULT_ORGANISATION]
    )


def test_groups_are_those_of_the_survey_and_hold_all_who_answered(lists, newest, jobs):
    for code, rows in lists.items():
        own = dict(enumerate(newest[code].batch.options["PRF1"], start=1))
        for item, labels in (("PRF1", own), ("PRF2", jobs)):
            people = people_of(rows, item)
            assert list(people) == list(labels.values())
            for label, n in answered(newest[code], item, labels).items():
                assert n <= people[label], (code, label)


def test_the_front_line_answers_less_than_the_office(lists, newest, jobs):
    rates = {"Front-line": [], "Office-based": []}
    for code, rows in lists.items():
        people, n = people_of(rows, "PRF2"), answered(newest[code], "PRF2", jobs)
        for label, found in rates.items():
            found.append(n[label] / people[label])
    for front, office in zip(*rates.values(), strict=True):
        assert front < office + 0.15
    assert sum(rates["Front-line"]) < 0.6 * sum(rates["Office-based"])


def test_what_was_decided_stands_where_the_answers_moved(entries):
    actions = read_planned_actions()
    closed = {(entry.organisation, entry.round): entry.closed for entry in entries}
    opened = {(entry.organisation, entry.round): entry.opened for entry in entries}

    def of(code):
        return [one for one in actions if one.organisation == code]

    for code, before, after, aspects in (
        ("DW05", "2024", "2025", {"EQP1", "EQP2"}),
        ("DE29", "2025", "2026", {"SYS3"}),
    ):
        named = [one for one in of(code) if one.aspect]
        assert {one.aspect for one in named} == aspects
        assert all(closed[code, before] < one.done_on < opened[code, after] for one in named)
    assert of("DW05")[0].what == "Laptops and tablets replaced"
    own = of(DEFAULT_ORGANISATION)
    assert len(own) == 3
    assert sum(one.closed_on is not None for one in own) == 1
    assert sum(one.done_on > date(2026, 12, 31) for one in own) == 1
    assert {one.aspect[:3] for one in own} >= {"EQP", "SUP"}


def test_actions_are_about_aspects_that_exist(survey):
    known = {aspect.id for aspect in survey.aspects} | {""}
    codes = {one.code for one in read_demonstration_register()}
    for one in read_planned_actions():
        assert one.aspect in known
        assert one.organisation in codes
        assert one.closed_on is None or one.closed_on > one.done_on
        assert one.what
        assert one.done_by
