"""The thirty statements as shipped: what each needs to be drilled down to, and who answers."""

from __future__ import annotations

import re

import pytest

from improve.errors import InstrumentError
from improve.instruments import Readiness, Statement, instrument_to_json, parse_instrument, read_library, say

LONGEST_TEXT, LONGEST_SENTENCE = 100, 160
SMALL = """\
id: small
version: "1.0"
kind: readiness
title: A small one
wording: Ours
rule: share_of_answered_1
answers: [{code: 0, id: not_started, label: "Not started"}, {code: 4, id: fully, label: Fully}]
areas: [{id: VIS, name: Vision}]
statements: [{id: VIS1, area: VIS, text: "We know why"}]
"""


def shipped() -> Readiness:
    readiness = read_library().get("rasp")
    assert isinstance(readiness, Readiness)
    return readiness


READINESS = shipped()


def test_five_areas_of_six() -> None:
    assert [one.id for one in READINESS.statements] == [
        f"{area.id}{place}" for area in READINESS.areas for place in range(1, 7)
    ]
    assert len(READINESS.areas) == 5
    assert all(one.id[:3] == one.area for one in READINESS.statements)
    assert len({say(area.summary) for area in READINESS.areas if area.summary}) == 5


def test_nothing_is_said_twice() -> None:
    for said in (
        {say(one.text).casefold() for one in READINESS.statements},
        {say(one.topic).casefold() for one in READINESS.statements if one.topic},
        {say(one.good).casefold() for one in READINESS.statements if one.good},
        {say(one.prepare).casefold() for one in READINESS.statements if one.prepare},
    ):
        assert len(said) == 30


@pytest.mark.parametrize("statement", READINESS.statements, ids=lambda one: one.id)
def test_a_statement_has_all_that_a_list_of_preparations_says_of_it(statement: Statement) -> None:
    assert statement.topic is not None
    assert statement.good is not None
    assert statement.prepare is not None
    topic, text = say(statement.topic), say(statement.text)
    assert 2 <= len(topic.split()) <= 5
    assert len(text) <= LONGEST_TEXT
    assert text[0].isupper()
    assert text[-1].isalnum()
    for sentence in (say(statement.good), say(statement.prepare)):
        assert len(sentence) <= LONGEST_SENTENCE
        assert sentence[0].isupper()
        assert re.fullmatch(r"[^.?!]+\.", sentence)
    # What to do, to those who have it before them: no subject, and nothing that they ought or should.
    assert not re.match(r"(The|A|An|Every|Each|All|Partners|There|It|They)\b", say(statement.prepare))
    assert not re.search(r"\b(and/or|should|must)\b", say(statement.prepare))


def test_the_roles_in_which_people_answer() -> None:
    assert [one.id for one in READINESS.roles] == ["leader", "finance", "hr", "ict", "legal", "member"]


def test_an_instrument_without_roles_topics_and_preparations_means_what_it_meant() -> None:
    text = instrument_to_json(parse_instrument(SMALL, "small.yaml"))
    assert not re.search("roles|topic|good|prepare", text)


def test_a_role_is_there_once() -> None:
    twice = SMALL + 'roles: [{id: hr, name: "HR"}, {id: HR, name: "Human resources"}]\n'
    with pytest.raises(InstrumentError, match="the id HR is used twice"):
        parse_instrument(twice, "small.yaml")
