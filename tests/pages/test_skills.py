"""The Skills page: its controls, what it says to whom, and what it says when nobody was asked."""

import csv
import io

import pytest

from improve.instruments import read_library
from improve.model import Role, Selection, Viewer
from improve.views import skills_sentence as sentence
from improve.views.skills import skills_view
from improve.views.skills_shown import answer_rows, bar_rows, figure_rows, group_rows
from tests.pages.conftest import SKILLS, charts, rows, serving, visit, words
from tests.views.test_skills import answers, skilled, skills_store

WALES = "nation:Wales"


def view_of(store, role=Role.MEMBER, organisation="DW07", by=None, **wishes):
    viewer = Viewer(role, organisation if role.has_organisation else None)
    selection = Selection(organisation=organisation, **{"round": "2026", **wishes})
    return skills_view(store, viewer, selection, by=by)


def metrics(app):
    return [(one.label, one.value) for one in app.metric]


def headers(app):
    return [one.value.replace("\\", "") for one in app.header]


def test_it_opens_on_a_member_with_the_figures_of_the_view(on_demonstration, demonstration_store):
    app = visit(SKILLS)
    view = view_of(demonstration_store)
    assert metrics(app) == [
        ("Skill index", f"{view.index.value.value:.1f}"),
        ("Training received", f"{view.received.value.value:.2f}"),
        ("Training judged enough", f"{view.enough.value.value:.2f}"),
        ("Don't know, don't mind", f"{view.do_not_mind.value.value:.0%}"),
    ]
    assert view.finding in words(app)
    assert rows(charts(app)[0]) == answer_rows(view)
    assert rows(charts(app)[1]) == group_rows(view, view.chosen)
    assert rows(charts(app)[2]) == figure_rows([view.received, view.enough, view.gap])
    assert rows(charts(app)[3]) == figure_rows(view.barriers)
    assert rows(charts(app)[4]) == figure_rows(view.learning)
    assert headers(app) == [
        "What people can do",
        "Who needs training, who needs awareness: by service area",
        "Training, had and wanted",
        "What gets in the way",
        "How people like to learn",
        "How people feel about ICT",
    ]
    assert "lower, national median 64" in words(app)


def test_groups_by_job(on_demonstration, demonstration_store):
    app = visit(SKILLS, state={"table_groups": True, "method_groups": True})
    app.get_by_key("by").select("job").run()
    view = view_of(demonstration_store, by="job")
    assert rows(charts(app)[1]) == group_rows(view, view.chosen)
    assert "by role" in headers(app)[1]
    table = app.table[0].value
    assert [one.replace("\\", "") for one in table["Role"]] == [one.label for one in view.chosen.groups]
    assert sentence.groups_finding(view.chosen) in words(app)
    for rule in sentence.groups_method():
        assert rule in words(app)


def test_the_address_opens_on_the_groups_it_names(on_demonstration):
    app = visit(SKILLS, by="Role", cohort="Wales")
    assert app.get_by_key("by").value == "job"
    assert "by role" in headers(app)[1]


def test_organisation_round_and_group_change_the_figures(on_demonstration, demonstration_store):
    app = visit(SKILLS, state={"table_skills": True})
    app.selectbox(key="org").select("DW11").run()
    app.selectbox(key="round").select("2024").run()
    app.selectbox(key="cohort").select(WALES).run()
    view = view_of(demonstration_store, organisation="DW11", round="2024", cohort=WALES)
    assert metrics(app)[0][1] == f"{view.index.value.value:.1f}"
    assert f"; Wales {view.index.cohort_median.value:.0f}" in words(app)
    assert "Median of Wales" in app.table[0].value.columns
    assert "Median of Wales" in charts(app)[2].proto.spec
    assert rows(charts(app)[2])[0]["cohort"] == view.received.cohort_median.value


@pytest.mark.parametrize("round_", ["2023", "2025"])
def test_a_round_without_skills_says_when_it_was_asked(on_demonstration, round_):
    app = visit(SKILLS)
    app.selectbox(key="round").select(round_).run()
    assert [one.value for one in app.info] == [
        f"Nobody was asked about skills in round {round_}. It was asked in: 2026, 2024."
    ]
    assert not charts(app)
    assert not app.metric


def test_an_organisation_that_did_not_ask(on_demonstration, demonstration_store):
    app = visit(SKILLS)
    app.selectbox(key="org").select("DE17").run()
    assert {value for _label, value in metrics(app)} == {"–"}
    assert "The organisation did not take part in this round." in words(app)
    assert "Who needs training" not in " ".join(headers(app))
    assert "The national median of the skill index is 64 of 100, of 60 organisations." in words(app)


def test_a_delegate_sees_own_figures_and_no_groups(on_demonstration, demonstration_store):
    app = visit(SKILLS, Role.DELEGATE)
    view = view_of(demonstration_store, Role.DELEGATE)
    assert metrics(app)[0][1] == f"{view.index.value.value:.1f}"
    assert "Groups of people are shown to members of the organisation alone." in words(app)
    assert not [one for one in app.get("button_group") if one.key == "by"]
    assert len(charts(app)) == 5
    assert "Front-line" not in words(app)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PUBLIC])
def test_others_see_national_medians_alone(on_demonstration, demonstration_store, role):
    app = visit(SKILLS, role)
    assert [value for _label, value in metrics(app)] == ["64", "0.60", "0.80", "10%"]
    assert "national median of 60 organisations" in words(app)
    assert len(charts(app)) == 5
    shown = rows(charts(app)[0])
    assert all(row["median"] is not None and row["withheld"] is None for row in shown)
    assert all(row["value"] is None for chart in charts(app)[1:] for row in rows(chart))
    assert "Service area" not in words(app)


def test_the_operator_chooses_anybody(on_demonstration, demonstration_store):
    app = visit(SKILLS, **{"as": "Operator"})
    assert metrics(app)[0][1] == "64"
    app.selectbox(key="org").select("DW10").run()
    view = view_of(demonstration_store, Role.OPERATOR, "DW10")
    assert metrics(app)[3][1] == f"{view.do_not_mind.value.value:.0%}"
    assert len(charts(app)) == 6


def test_present_names_no_organisation(on_demonstration):
    app = visit(SKILLS, state={f"table_{key}": True for key in ("skills", "groups", "training")})
    before = metrics(app)
    app.toggle(key="present").set_value(True).run()
    assert not app.exception
    assert not app.sidebar.children
    assert metrics(app) == before
    assert "Ardudfryn" not in words(app)
    assert len(charts(app)) == 6


def test_what_can_be_taken_away(on_demonstration, demonstration_store, downloads):
    visit(SKILLS, state={"method_skills": True})
    keys = ("skills", "groups", "training", "barriers", "learning", "attitudes")
    assert {f"{kind}_{key}" for kind in ("csv", "png", "svg") for key in keys} <= downloads.keys()
    view = view_of(demonstration_store)
    table = list(csv.reader(io.StringIO(downloads["csv_skills"]().decode("utf-8-sig"))))
    assert [row[0] for row in table[1:13]] == [skill.able.label for skill in view.skills]
    assert any("Demonstration data" in cell for row in table for cell in row)
    assert downloads["png_groups"]().startswith(b"\x89PNG")
    drawn = downloads["svg_skills"]()
    assert "What people can do" in drawn
    assert drawn.count("<path") > len(bar_rows(view))


def test_a_store_of_ones_own_says_no_demonstration_and_shows_few(tmp_path):
    """Eight organisations; what people typed as the name of an area is no markup."""
    areas = ["Care <b>"] * 12 + ["Roads"] * 12 + ["Parks"] * 6
    own = answers(30, AREA=areas)
    survey = skilled(
        profile=(
            *skilled().profile,
            next(one for one in read_library().get("satisfaction").profile if one.options_from).model_copy(
                update={"id": "AREA"}
            ),
        )
    )
    store = skills_store(tmp_path, [own, *(answers() for _ in range(7))], survey=survey)
    store.close()
    with serving(store.path):
        app = visit(SKILLS, Role.OPERATOR)
        app.selectbox(key="org").select("X00").run()
        assert not app.exception
        assert "Demonstration" not in words(app)
        assert metrics(app)[0] == ("Skill index", "75.0")
        shown = {row["label"]: row for row in rows(charts(app)[1])}
        assert shown.keys() == {"Care <b>", "Roads", "Parks"}
        assert shown["Parks"]["withheld"] == sentence.too_few()
        assert shown["Parks"]["value"] is None
        # Six alone could be worked out from the whole.
        assert sum(row["value"] is not None for row in shown.values()) == 1
