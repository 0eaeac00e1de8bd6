"""The chart builder: what goes together, what does not and why, and that its figures are the pages'."""

import json

import pytest

from improve.errors import SelectionError
from improve.model import Role, Selection, Viewer
from improve.views.chart.part import ALIKE, Picture
from improve.views.chart.questions import QUESTIONS, comparisons
from improve.views.chart.shown import chart_as_json, table_rows
from improve.views.chart.view import Wish, chart_figures, chart_view
from improve.views.gap import gap_view
from improve.views.maturity import maturity_view
from improve.views.response import response_view
from improve.views.scores import scores_view
from improve.views.skills import skills_view
from improve.views.trend import trend_view
from tests.factory import make_store

MEMBER = Viewer(Role.MEMBER, "DW07")
OWN = Selection(organisation="DW07", round="2026")
VIEWERS = [Viewer(role, "DW07" if role.has_organisation else None) for role in Role]


def built(store, question, compare=None, picture=None, about=None, viewer=MEMBER, selection=OWN):
    view = chart_view(store, viewer, selection, Wish(question, compare, picture, about))
    assert view.notices == ()
    return view


def by_key(view):
    return {row.key: row for row in view.built.rows}


def test_no_two_questions_or_comparisons_share_a_name():
    for names in (
        [one.key for one in QUESTIONS],
        [one.label().casefold() for one in QUESTIONS],
        [one.key for one in comparisons()],
        [one.label().casefold() for one in comparisons()],
    ):
        assert len(set(names)) == len(names)
    assert {one.key for one in ALIKE} <= {one.key for one in comparisons()}


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.role.value)
def test_what_is_offered_is_built_and_what_is_not_says_why(demonstration_store, viewer):
    every = {one.label() for one in comparisons()}
    for question in QUESTIONS:
        selection = Selection(organisation=viewer.organisation)
        usual = chart_view(demonstration_store, viewer, selection, Wish(question.key))
        assert usual.finding
        if usual.built is None:
            assert question.key == "distribution" and viewer.organisation is None
            continue
        assert set(usual.compared.values()) | set(usual.not_compared) == every
        for compare in usual.compared:
            first = built(demonstration_store, question.key, compare, viewer=viewer, selection=selection)
            assert len(first.pictures) + len(first.not_pictures) == len(Picture)
            assert all(
                why.endswith(".") for why in (*first.not_compared.values(), *first.not_pictures.values())
            )
            assert first.built.rows and first.built.title and first.subtitle and first.alt
            for row in first.built.rows:
                assert row.label and row.sentence
            table = table_rows(first)
            assert [next(iter(row.values())) for row in table] == [row.label for row in first.built.rows]
            assert json.loads(json.dumps(chart_as_json(first)))["figures"] == "chart"


def test_the_rows_are_the_figures_of_the_pages(demonstration_store):
    store = demonstration_store
    scores = scores_view(store, MEMBER, OWN)
    rows = by_key(built(store, "score"))
    assert {key: row.own for key, row in rows.items()} == {one.id: one.mean for one in scores.scores}
    assert {key: row.quartiles for key, row in rows.items()} == {
        one.id: one.quartiles for one in scores.scores
    }
    parts = by_key(built(store, "distribution"))
    assert {key: row.parts for key, row in parts.items()} == {
        one.id: one.distribution for one in scores.scores
    }
    gaps = {one.id: one for one in gap_view(store, MEMBER, OWN).gaps}
    for key, row in by_key(built(store, "gap")).items():
        assert (row.own, row.place.x, row.place.y_national) == (
            gaps[key].gap,
            gaps[key].satisfaction.mean,
            gaps[key].importance.median,
        )
    trend = trend_view(store, MEMBER, OWN, aspect="SYS3")
    view = built(store, "score", "rounds", about="SYS3")
    assert view.built.series[0].points == trend.chosen.points
    assert [row.own for row in view.built.rows] == [one.own for one in trend.chosen.points]
    assert built(store, "trend", "rounds", about="SYS3").built.series == (trend.chosen,)
    moves = {one.id: one.move for one in trend.every}
    for key, row in by_key(built(store, "trend", "aspects")).items():
        assert (row.own, row.median) == (moves[key].change, moves[key].peers)
    response = response_view(store, MEMBER, OWN)
    newest = built(store, "response", "rounds").built.rows[-1]
    assert (newest.own, newest.median, newest.quartiles) == (
        response.rate,
        response.median,
        response.quartiles,
    )
    earlier = response_view(store, MEMBER, Selection(organisation="DW07", round="2024"))
    assert by_key(built(store, "response", "rounds"))["2024"].own == earlier.rate
    levels = {one.id: one.level for one in maturity_view(store, MEMBER, OWN).functions}
    for key, row in by_key(built(store, "maturity")).items():
        assert (row.own, row.median, row.previous) == (
            levels[key].own,
            levels[key].median,
            levels[key].previous,
        )


def test_each_group_has_the_median_that_the_page_has_for_it(demonstration_store):
    scores = scores_view(demonstration_store, MEMBER, OWN)
    views = {None: scores}
    for about in (scores.overall.id, "SYS1"):
        rows = by_key(built(demonstration_store, "score", "cohorts", about=about))
        for key, row in rows.items():
            if key == "own":
                continue
            if key not in views:
                views[key] = scores_view(demonstration_store, MEMBER, Selection("DW07", "2026", key))
            score = next(one for one in (views[key].overall, *views[key].scores) if one.id == about)
            told = (score.cohort_median, score.cohort_quartiles, score.cohort_organisations)
            if key == "all":
                told = (score.median, score.quartiles, score.organisations)
            assert (row.median, row.quartiles, row.organisations) == told
        assert rows["nation:Northern Ireland"].why == "Too few organisations."
        assert rows["nation:Wales"].median.is_released


def test_skills_and_levels_of_each_group_are_those_of_the_pages_too(demonstration_store):
    index = by_key(built(demonstration_store, "skill", "cohorts"))
    level = by_key(built(demonstration_store, "maturity", "cohorts", about="LEAD"))
    for key in ("nation:Wales", "nation:England", "type:district"):
        selection = Selection("DW07", "2026", key)
        skills = skills_view(demonstration_store, MEMBER, selection).index
        (function,) = (
            one for one in maturity_view(demonstration_store, MEMBER, selection).functions if one.id == "LEAD"
        )
        assert (index[key].median, index[key].organisations) == (
            skills.cohort_median,
            skills.cohort_organisations,
        )
        assert (level[key].median, level[key].organisations) == (
            function.level.cohort_median,
            function.level.cohort_organisations,
        )
        assert index[key].quartiles is None
        assert level[key].quartiles is None
    assert index["all"].median == skills.median
    assert level["all"].median == function.level.median
    assert (index["own"].own, level["own"].own) == (skills.value, function.level.own)
    assert index["nation:Wales"].median.is_released


def test_people_of_ones_own_are_compared_as_on_the_gap_page(demonstration_store):
    view = built(demonstration_store, "score", "directorates", about="SYS1")
    positions = gap_view(demonstration_store, MEMBER, OWN, compared="areas", aspect="SYS1").positions
    assert [(row.label, row.own) for row in view.built.rows] == [
        (one.label, one.satisfaction) for one in positions
    ]
    assert any(not row.own.is_released and row.why for row in view.built.rows)
    delegate = chart_view(
        demonstration_store, Viewer(Role.DELEGATE, "DW07"), OWN, Wish("score", "directorates")
    )
    assert delegate.compare == "aspects"
    assert "Only the organisation itself may see this" in delegate.notices[0]


def test_a_wish_that_does_not_go_together_falls_to_the_usual_and_says_so(demonstration_store):
    view = chart_view(demonstration_store, MEMBER, OWN, Wish("gap", "rounds", "heat-map", "SYS1"))
    assert (view.compare, view.picture) == ("aspects", Picture.SCATTER)
    assert len(view.notices) == 2
    assert "Expectation gap does not go together with “Rounds”" in view.notices[0]
    assert "Shown instead: Scatter" in view.notices[1]
    nonsense = chart_view(demonstration_store, MEMBER, OWN, Wish("love", "hate", "war", "peace"))
    assert (nonsense.question.key, nonsense.compare) == ("score", "aspects")
    assert len(nonsense.notices) == 3
    assert "There is no question called love." in nonsense.notices[0]


def test_the_command_line_refuses_what_does_not_go_together(demonstration_store):
    with pytest.raises(SelectionError, match="does not go together with “Line”"):
        chart_figures(demonstration_store, MEMBER, OWN, Wish("gap", picture="line"))
    with pytest.raises(SelectionError, match="may not see"):
        chart_figures(demonstration_store, MEMBER, Selection("DW11", "2026"), Wish())
    with pytest.raises(SelectionError, match="with no group"):
        chart_figures(demonstration_store, MEMBER, Selection(cohort="nation:Wales"), Wish("readiness"))
    same = chart_figures(demonstration_store, MEMBER, OWN, Wish("Score", "Rounds", "Bars", "Speed"))
    assert (same.compare, same.picture, same.about) == ("rounds", Picture.BARS, "SYS2")


def test_names_are_not_on_a_projector(demonstration_store):
    wish = Wish("readiness")
    view = chart_view(demonstration_store, MEMBER, OWN, wish)
    shown = chart_view(demonstration_store, MEMBER, OWN, wish, is_presenting=True)
    assert len(shown.built.rows) == len(view.built.rows) > 1
    for row in view.built.rows:
        assert row.label not in str(shown.built)


def test_without_anything_it_says_so(tmp_path):
    store = make_store(tmp_path)
    for question in QUESTIONS:
        view = chart_view(store, Viewer(Role.OPERATOR), Selection(), Wish(question.key))
        assert view.built is None
        assert view.finding
        assert table_rows(view) == []
        assert chart_as_json(view)["rows"] == []
    store.close()
