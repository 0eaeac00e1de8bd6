"""Curious people go over everything, compare notes, and try to find out what is hidden: they must not.

What they do is the same with all rules and without one of them: with all of them they find nothing, and
without any one they win. Whether they have won is for the judge, who has the raw answers.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from improve import commands, disclosure
from improve.errors import ImproveError
from improve.store import read_comments, round_counts, round_sums
from improve.views import comments as comments_page
from improve.views import gap as gap_page
from improve.views import people as people_page
from improve.views import skills as skills_page
from improve.views import trend as trend_page
from tests.attack.county import WORDS, county
from tests.attack.judge import Judge
from tests.attack.notebook import DELEGATE, FACILITATOR, MEMBER, NOW, PUBLIC, again, look, roam, walked
from tests.attack.switch import set_to
from tests.attack.test_people import RULES as OF_PEOPLE
from tests.views.test_rules_matter import RULES as OF_SCORES
from tests.views.test_rules_matter import forget

WHO = (DELEGATE, MEMBER, FACILITATOR, PUBLIC)


@dataclass(frozen=True)
class Rule:
    """A rule that stands for one page alone, and how it is switched off."""

    name: str
    switch_off: Callable[[pytest.MonkeyPatch], object]


def offered(cohorts, _counting):
    return dict.fromkeys(one.key for one in cohorts)


def never_late(*wanted):
    return tuple(replace(one, is_late=False) for one in read_comments(*wanted))


OF_PAGES = (
    Rule("cohorts differ in every item, gap", set_to(gap_page, "cohort_reasons", offered)),
    Rule("cohorts differ in every item, trend", set_to(trend_page, "cohort_reasons", offered)),
    Rule("cohorts differ in every item, skills", set_to(skills_page, "cohort_reasons", offered)),
    Rule(
        "trends stand as closed",
        set_to(trend_page, "benchmark_of", lambda store, one, survey: round_counts(store, one.label, survey)),
    ),
    Rule("skills stand as closed", set_to(skills_page, "benchmark_sums", round_sums)),
    Rule("comments stand as closed", set_to(comments_page, "read_comments", never_late)),
    Rule("comments in no order", set_to(comments_page, "_mixed", lambda comment: comment.key)),
    Rule("a group of nobody is one of few", set_to(people_page, "_shown", disclosure.shown_groups)),
)
OTHERWISE = {
    "closing again takes three",
    "ten are added at least",
    "ten are replaced at least",
    "facilitators approve",
    "no word against the difference",
    "gaps stand as closed",
}
"""Of what is written, of a median that lies just so, and one without which a page falls over: these have
attacks of their own (test_rules_matter.py, test_people.py)."""
RULES = [one for one in (*OF_SCORES, *OF_PEOPLE, *OF_PAGES) if one.name not in OTHERWISE]


def found(town, judge, *, is_forgiving=False) -> Iterator[str]:
    """What they find out, as they find it out."""
    looks = []
    for one in roam(town.first, is_forgiving=is_forgiving):
        looks.append(one)
        yield from judge.of_look(one)
    yield from judge.of_looks(looks)
    for before, after in again(town.first, town.second, is_forgiving=is_forgiving):
        yield from judge.of_look(after)
        yield from judge.of_two_looks(before, after)


@pytest.fixture
def forgetful(town):
    """What is kept was made under other rules."""

    def clear():
        forget()
        disclosure._readable.cache_clear()
        for kept in (gap_page._organisations_gaps, trend_page._both, skills_page._season):
            kept.cache_clear()
        for store in (town.first, town.second):
            store.kept.pop("comments_read", None)

    clear()
    yield
    clear()


def test_they_find_nothing(town, judge):
    assert list(found(town, judge)) == []


def test_they_find_nothing_in_another_county(tmp_path):
    other = county(tmp_path, seed=2)
    assert list(found(other, Judge(other))) == []
    other.close()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_they_win_without(rule, town, judge, forgetful):
    with pytest.MonkeyPatch.context() as patch:
        rule.switch_off(patch)
        assert next(found(town, judge, is_forgiving=True), None)


# ── The command line, files and pages tell nothing but what the views hold ─────────────────────


def numbers(value) -> Iterator[float]:
    """Every fraction of what was told, however deep."""
    if isinstance(value, float):
        yield round(value, 9)
    elif isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from numbers(one)


COMMANDS = {
    "satisfaction": ("scores", {}),
    "gap": ("gap", {"aspect": "A1", "compared": "areas"}),
    "trend": ("trend", {}),
    "response": ("response", {"by": "service_area"}),
    "skills": ("skills", {"by": "job"}),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("viewer", WHO, ids=lambda viewer: viewer.role.value)
def test_the_command_line_tells_what_the_views_tell(town, viewer, name):
    page, extra = COMMANDS[name]
    extra = extra if viewer is MEMBER else {}
    role = viewer.role.value + (f":{viewer.organisation}" if viewer.organisation else "")
    wishes = {**NOW, "cohort": "London boroughs", "organisation": viewer.organisation, "role": role}
    outcome = commands.run(town.first, f"figures {name}", {**wishes, **extra}, {})
    assert outcome.status == 0, outcome.message
    view = look(town.first, viewer, page, **NOW, cohort="type:London borough", **extra).view
    known = {round(value, 9) for _path, value in walked(view) if isinstance(value, int | float)}
    assert set(numbers(outcome.result)) <= known
    text = json.dumps(outcome.result)
    assert not [code for code in WORDS if code != viewer.organisation and f"Town {code}" in text]


@pytest.mark.parametrize("viewer", WHO, ids=lambda viewer: viewer.role.value)
def test_an_address_gives_no_right(town, viewer):
    role = viewer.role.value + (f":{viewer.organisation}" if viewer.organisation else "")
    for name in COMMANDS:
        outcome = commands.run(
            town.first, f"figures {name}", {**NOW, "organisation": "X05", "role": role}, {}
        )
        assert (outcome.status, outcome.result) == (2, None)
    with pytest.raises(ImproveError):
        commands.viewer_of(town.first, "god")
