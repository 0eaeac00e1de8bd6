"""The curious at the chart builder: everything that goes together, built by everybody, for others too.

A built chart holds no figure that the pages would not show to the same person, and the judge, who has
the raw answers, finds nothing in it. Without any one of the rules they win.
"""

from collections.abc import Iterator
from itertools import combinations

import pytest

from improve import disclosure
from improve.model import Selection
from improve.views import choice as choices
from improve.views import ground
from improve.views.chart.part import ASPECTS
from improve.views.chart.people import BY
from improve.views.chart.questions import QUESTIONS
from improve.views.chart.view import ChartView, Wish, chart_view
from improve.views.gap import GROUPS
from improve.views.maturity import maturity_view
from improve.views.readiness import readiness_view
from tests.attack.county import AREAS
from tests.attack.judge import FEW, MEMBERS
from tests.attack.notebook import DELEGATE, FACILITATOR, MEMBER, NOW, OTHER, PAGES, PUBLIC, Look, walked
from tests.attack.switch import Rule, all_of, set_to

WHO = (DELEGATE, MEMBER, FACILITATOR, PUBLIC)
ROUNDS = ("2024", "2025", "2026")


def charts(store, viewer, organisation="X05") -> Iterator[ChartView]:
    """All that can be built of the newest closed round, at an address that names another council."""
    selection = Selection(organisation=organisation, round="2026")
    for question in QUESTIONS:
        for compare in chart_view(store, viewer, selection, Wish(question.key)).compared:
            usual = chart_view(store, viewer, selection, Wish(question.key, compare))
            for wish in (
                *(Wish(question.key, compare, picture) for picture in usual.pictures),
                *(Wish(question.key, compare, about=about) for about in usual.abouts),
            ):
                yield chart_view(store, viewer, selection, wish)


def figures(view) -> set[object]:
    """Every value that was released."""
    return {value for _path, value in walked(view) if not isinstance(value, str)}


def on_pages(store, viewer, organisation="X05") -> set[object]:
    """Every value that the pages release to the same person at the same address."""
    found = set()
    at_first = choices.choose(store, viewer, Selection(organisation=organisation, round="2026"))
    own = None if at_first.organisation is None else at_first.organisation.code
    listed = choices.cohorts_for(store, viewer, at_first.round, at_first.survey, own)
    cohorts = [one.cohort.key for one in listed]

    def look(page, *, round_="2026", cohort=None, **wishes):
        selection = Selection(organisation=organisation, round=round_, cohort=cohort)
        found.update(figures(PAGES[page](store, viewer, selection, **wishes)))

    for cohort in cohorts:
        look("scores", cohort=cohort)
        look("skills", cohort=cohort)
    for label in ROUNDS:
        look("response", round_=label)
    for aspect in ("A1", "A2"):
        for compared in (None, GROUPS, *BY.values()):
            look("gap", aspect=aspect, compared=compared)
        look("trend", aspect=aspect)
    look("trend")
    selection = Selection(organisation=organisation, round="2026")
    for view in (maturity_view, readiness_view):
        found.update(figures(view(store, viewer, selection)))
    return found


def learned(judge, store, viewer, *, is_forgiving=False) -> Iterator[str]:
    """What the charts tell that they must not. Without its rules one may not be built at all."""
    try:
        for view in charts(store, viewer):
            look = Look(viewer, "chart", NOW, view)
            yield from judge.of_look(look)
            yield from too_close(judge, view)
            yield from too_few(view)
    except Exception:
        if not is_forgiving:
            raise


def too_close(judge, view) -> Iterator[str]:
    """Two groups of organisations whose medians are both told, and that differ by one or two."""
    if view.built is None or view.compare != "cohorts" or view.question.key != "score":
        return
    key = "OVR" if view.about == "OVR" else (view.about, "satisfaction")
    told = [row.key for row in view.built.rows if row.key in MEMBERS and row.median.is_released]
    for one, other in combinations(told, 2):
        apart = judge.counting("2026", key, one) ^ judge.counting("2026", key, other)
        if 0 < len(apart) < 3:
            yield f"{view.about}: {one} and {other} differ by {sorted(apart)}"


def too_few(view) -> Iterator[str]:
    """An area in which fewer than ten people work, of which anything is told."""
    if view.compare == "directorates" and view.built is not None:
        few = {label for label, n in AREAS[view.choice.organisation.code].items() if n < FEW}
        for row in view.built.rows:
            told = [row.own, row.interval, row.n, *((row.place.x, row.place.y) if row.place else ())]
            if row.label in few and any(one is not None and one.is_released for one in told):
                yield f"{view.question.key}: {row.label} is told"


@pytest.mark.parametrize("viewer", WHO, ids=lambda viewer: viewer.role.value)
def test_charts_tell_no_more_than_the_pages(town, judge, viewer):
    shown = on_pages(town.first, viewer)
    compared = set()
    for view in charts(town.first, viewer):
        compared.add((view.question.key, view.compare))
        assert figures(view) <= shown, (view.question.key, view.compare, view.picture, view.about)
    assert ("score", ASPECTS.key) in compared
    assert (viewer is MEMBER) == (("score", "directorates") in compared)
    assert list(learned(judge, town.first, viewer)) == []


def offered(cohorts, _counting, **_how):
    return dict.fromkeys(one.key for one in cohorts)


RULES = (
    Rule(
        "whose figure it is",
        None,
        set_to(disclosure, "own_reason", lambda *_anything: None),
        lambda judge, store: next(learned(judge, store, DELEGATE, is_forgiving=True), None),
    ),
    Rule(
        "cohorts differ",
        None,
        all_of(set_to(ground, "cohort_reasons", offered), set_to(choices, "cohort_reasons", offered)),
        lambda judge, store: next(learned(judge, store, PUBLIC, is_forgiving=True), None),
    ),
    Rule(
        "groups of people",
        None,
        set_to(disclosure, "shown_groups", lambda added: (True,) * (added.shape[1] - 1)),
        lambda judge, store: next(learned(judge, store, MEMBER, is_forgiving=True), None),
    ),
    Rule(
        "a group of a page is no other's",
        None,
        set_to(disclosure, "inner_reason", lambda *_anything: None),
        lambda judge, store: any(view.compare in BY for view in charts(store, DELEGATE, OTHER)),
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_without_a_rule_a_chart_gives_it_away(town, judge, monkeypatch, rule):
    rule.switch_off(monkeypatch)
    assert rule.attack(judge, town.first)
