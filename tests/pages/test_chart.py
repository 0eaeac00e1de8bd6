"""The Chart builder: its choices, what an address comes to, and what is taken away."""

import csv
import io

import pytest

from improve.model import Role, Selection, Viewer
from improve.views.chart import shown
from improve.views.chart.questions import QUESTIONS
from improve.views.chart.view import Wish, chart_view
from tests.pages.conftest import CHART, charts, rows, serving, visit, words

MEMBER, OWN = Viewer(Role.MEMBER, "DW07"), Selection(organisation="DW07", round="2026")


def built(store, *wish):
    return chart_view(store, MEMBER, OWN, Wish(*wish))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.PUBLIC])
def test_every_question_opens_with_its_usual_chart(on_demonstration, role):
    app = visit(CHART, role)
    for question in QUESTIONS:
        app.selectbox(key="question").select(question.key).run()
        assert not app.exception
        assert len(app.title) == 1
        if question.key == "distribution" and role is Role.PUBLIC:
            assert "shown of one's own organisation alone" in app.info[0].value.replace("\\", "")
            continue
        assert [chart.proto.alt for chart in charts(app)] != []
        assert not app.info


def test_it_draws_the_rows_of_the_view_and_says_what_does_not_go_together(
    on_demonstration, demonstration_store
):
    app = visit(CHART, compare="Rounds", about="Speed", picture="Bars")
    view = built(demonstration_store, "score", "rounds", "bars", "Speed")
    assert rows(charts(app)[0]) == shown.bar_rows(view.built)
    assert view.finding in words(app)
    assert view.subtitle in words(app)
    for label, why in {**view.not_compared, **view.not_pictures}.items():
        assert label in words(app)
        assert why.rstrip(".") in words(app)
    app.get_by_key("picture").select("line").run()
    panels = shown.line_rows(built(demonstration_store, "score", "rounds", "line", "Speed"))[0]
    assert rows(charts(app)[0]) == panels


def test_an_address_of_nonsense_falls_to_the_usual_and_says_so(on_demonstration):
    app = visit(CHART, question="Expectation gap", compare="Rounds", picture="Line")
    assert not app.exception
    said = [one.value.replace("\\", "") for one in app.info]
    assert "does not go together with “Rounds”" in said[0]
    assert "does not go together with “Line”" in said[1]
    assert app.get_by_key("compare").value == "aspects"
    assert app.get_by_key("picture").value == "scatter"
    # Who changes a choice sees what no longer goes with it, and is told nothing more.
    app.selectbox(key="question").select("response").run()
    assert not app.info


def test_what_goes_no_longer_together_falls_to_the_usual_while_one_chooses(on_demonstration):
    app = visit(CHART, compare="Own service areas", about="Speed")
    assert app.get_by_key("compare").value == "directorates"
    app.selectbox(key="question").select("trend").run()
    assert app.get_by_key("compare").value == "aspects"
    assert not app.exception
    assert not app.info
    app.selectbox(key="as").select(Role.PUBLIC.value).run()
    assert not app.exception
    assert charts(app)


def test_on_a_projector_the_chart_stands_alone(on_demonstration):
    app = visit(CHART, question="Readiness", present="true", shown_question="readiness")
    assert not app.exception
    assert len(charts(app)) == 1
    assert "Ardudfryn" not in words(app)
    assert not [one for one in app.selectbox if one.key == "question"]
    assert "Not to be" not in words(app)


def test_a_table_is_drawn_as_one_and_taken_away(on_demonstration, demonstration_store, downloads):
    app = visit(CHART, compare="Groups of organisations", picture="Table")
    view = built(demonstration_store, "score", "cohorts", "table")
    assert not charts(app)
    assert len(app.table) == 1
    assert set(downloads) == {"csv_score_cohorts"}
    taken = list(csv.DictReader(io.StringIO(downloads["csv_score_cohorts"]().decode("utf-8-sig"))))
    assert [row["Group"] for row in taken[: len(view.built.rows)]] == [row.label for row in view.built.rows]
    assert "Too few organisations." in {row["Median of the group"] for row in taken}


def test_the_address_to_share_opens_the_same_chart(on_demonstration):
    app = visit(CHART, question="Score", compare="Rounds", about="Speed")
    (code,) = app.code
    assert {"question=Score", "compare=Rounds", "picture=Line", "about=Speed", "round=2026"} <= set(
        code.value.partition("?")[2].split("&")
    )


def test_without_figures_it_says_what_to_do(empty_store):
    with serving(empty_store):
        app = visit(CHART)
        for question in QUESTIONS:
            app.selectbox(key="question").select(question.key).run()
            assert not app.exception
            assert len(app.info) == 1
            assert not charts(app)
