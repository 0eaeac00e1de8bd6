"""The Expectation gap page: its choices, its charts, and what each of them says."""

import pytest

from improve.model import Role
from tests.pages.conftest import GAP, charts, rows, visit, words


def points(app):
    return {row["label"]: row for row in rows(charts(app)[0])}


def test_the_quadrants_stand_beside_the_list(on_demonstration):
    app = visit(GAP)
    assert not app.exception
    quadrants, priorities = charts(app)
    assert len(rows(quadrants)) == len(rows(priorities)) == 20
    assert "Raise first: " in words(app)
    assert "Lines at the national median of each axis" in quadrants.proto.spec
    assert all(row["certainty"] in ("firmly", "probably", "borderline") for row in rows(quadrants))
    assert all(row["x_national"] is not None for row in rows(quadrants))
    for corner in (
        "Concentrate here",
        "Keep it up",
        "Low priority",
        "Possible overkill",
        "importance = satisfaction",
    ):
        assert corner in quadrants.proto.spec


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("lines", "own", "Lines at the organisation's own means"),
        ("lines", "middle", "Lines at the middle of the scale"),
        ("axes", "full", "whole scale from 1 to 7"),
    ],
)
def test_lines_and_axes_are_named_in_the_chart_and_in_every_file(
    on_demonstration, downloads, key, value, said
):
    app = visit(GAP)
    assert said not in charts(app)[0].proto.spec.replace("\\u2019", "'")
    app.segmented_control(key=key).select(value).run()
    assert said in charts(app)[0].proto.spec
    assert said.split(":")[0] in downloads["svg_gap"]()
    if key == "lines":
        assert said in downloads["csv_gap"]().decode("utf-8-sig")


def test_the_list_may_be_in_another_order(on_demonstration):
    app = visit(GAP)
    first = [row["row"] for row in rows(charts(app)[1])]
    app.segmented_control(key="by_gap").select("national").run()
    assert [row["row"] for row in rows(charts(app)[1])] != first


def test_an_aspect_shows_how_people_rate_both(on_demonstration):
    app = visit(GAP)
    app.selectbox(key="aspect").select("EQP3").run()
    assert len(charts(app)) == 3
    cells = rows(charts(app)[2])
    assert len(cells) == 49
    assert points(app)["Network and Wi-Fi"]["chosen"]
    assert "people rate its importance above their satisfaction" in words(app)


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.MEMBER, Role.OPERATOR])
def test_the_joint_picture_is_not_for_delegates(on_demonstration, role):
    app = visit(GAP, role, aspect="Network and Wi-Fi")
    has_joint = len(charts(app)) == 3
    assert has_joint == (role is not Role.DELEGATE)


@pytest.mark.parametrize(
    ("compared", "some"),
    [("groups", "Wales"), ("areas", "Housing"), ("jobs", "Front-line"), ("places", "Home")],
)
def test_groups_stand_beside_each_other(on_demonstration, compared, some):
    app = visit(GAP, aspect="Devices", state={"table_compared": True})
    app.selectbox(key="with").select(compared).run()
    assert not app.exception
    table = app.table[0].value.to_csv().replace("\\", "")
    assert some in table
    shown = {row["label"] for row in rows(charts(app)[2])}
    assert shown
    assert all(label in table for label in shown)


def test_a_delegate_compares_groups_of_organisations_alone(on_demonstration):
    app = visit(GAP, Role.DELEGATE)
    assert app.selectbox(key="with").options == ["Nothing", "Groups of organisations"]


def test_presenting_names_nobody(on_demonstration):
    app = visit(GAP, present="true", shown_org="DW07")
    assert not app.exception
    assert "Ardudfryn" not in words(app)
    assert len(charts(app)) == 2
