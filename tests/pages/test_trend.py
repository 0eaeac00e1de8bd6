"""The Trend page: its controls, its charts, and the actions of an organisation."""

import re
from datetime import date

import pyarrow as pa
import pytest

from improve import action
from improve.action import Wording
from improve.model import Role, Selection, Viewer
from improve.store import read_actions, read_organisations
from improve.views.sentence import role_label
from improve.views.trend import looking_into, trend_view
from improve.views.trend_shown import change_rows, change_table, series_table
from tests.factory import CARDIFF, make_store
from tests.pages.conftest import TREND, charts, rows, serving, visit, words

HOSTILE = "<script>alert(1)</script> **bold** $x$ [link](http://evil.example) :red[hot] `code`"


def view_of(store, organisation="DW07", role=Role.MEMBER, **wishes):
    viewer = Viewer(role, organisation if role.has_organisation else None)
    return trend_view(store, viewer, Selection(organisation=organisation, **wishes))


def datasets(chart):
    return {
        one.name: pa.ipc.open_stream(one.data.data).read_all().to_pylist() for one in chart.proto.datasets
    }


def fill(app, what="New kit", aspect="EQP1", done_on=date(2024, 11, 15), by="ICT"):
    app.text_input(key="action_what").input(what)
    app.selectbox(key="action_aspect").select(aspect)
    app.date_input(key="action_on").set_value(done_on)
    app.text_input(key="action_by").input(by)
    return app


def save(app):
    return app.button(key="action_save").click().run()


def button(app, label, nth=0):
    return [one for one in app.button if one.label == label][nth]


def errors(app):
    return [one.value.replace("\\", "") for one in app.error]


def test_it_opens_with_the_figures_of_the_view(on_demonstration, demonstration_store):
    app = visit(TREND)
    view = view_of(demonstration_store)
    assert not app.exception
    assert view.finding in words(app)
    assert rows(charts(app)[0]) == change_rows(view)
    assert len(charts(app)) == 3
    panels = datasets(charts(app)[2])
    assert [row["label"] for row in panels["panels"]] == [one.short for one in view.every]
    assert len(panels["points"]) == 21 * 4


def test_an_aspect_is_looked_into_and_kept_in_the_address(on_demonstration, demonstration_store):
    app = visit(TREND, state={"table_chosen": True})
    app.selectbox(key="aspect").select("EQP3").run()
    assert [one["row"] for one in rows(charts(app)[0]) if one["chosen"]] == ["EQP3"]
    assert app.header[1].value == "Network and Wi\\-Fi"
    view = looking_into(view_of(demonstration_store), "EQP3")
    shown = [score.replace("\\", "") for score in app.table[0].value["Score"]]
    assert shown == [row["Score"] for row in series_table((view.chosen,))]
    linked = visit(TREND, aspect="Network and Wi-Fi", cohort="Wales")
    assert linked.selectbox(key="aspect").value == "EQP3"
    assert all(row["cohort_median"] for row in datasets(charts(linked)[1])["points"])


def test_organisation_and_round_change_what_is_compared(on_demonstration, demonstration_store):
    app = visit(TREND, org="Abergwenlas", round="2025")
    view = view_of(demonstration_store, "DW05", round="2025")
    assert rows(charts(app)[0]) == change_rows(view)
    assert {row["row"] for row in rows(charts(app)[0])[1:3]} == {"EQP1", "EQP2"}
    assert view.finding in words(app)


def test_the_tables_are_the_views(on_demonstration, demonstration_store, downloads):
    app = visit(TREND, state={"table_changes": True, "table_panels": True, "method_changes": True})
    view = view_of(demonstration_store)
    assert len(app.table) == 2
    assert len(app.table[0].value) == len(change_table(view))
    assert len(app.table[1].value) == 21 * 4
    assert "Welch" in words(app)
    for block in ("changes", "chosen", "panels"):
        assert "Demonstration data" in downloads[f"csv_{block}"]().decode("utf-8-sig")
        assert downloads[f"svg_{block}"]().startswith("<svg")


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.FACILITATOR, Role.OPERATOR])
def test_without_an_organisation_medians_stand_alone(on_demonstration, role):
    app = visit(TREND, **{"as": role_label(role)})
    assert not app.exception
    # The finding of the page is that of the first question: it is said once, and in full on another.
    assert "Overall: 2023 national median" in words(app)
    assert not any("National median of “Overall”" in one.value for one in app.markdown)
    elsewhere = visit(TREND, **{"as": role_label(role), "aspect": "Devices"})
    assert any("National median of “Overall”" in one.value for one in elsewhere.markdown)
    assert len(charts(app)) == 2
    points = datasets(charts(app)[1])["points"]
    assert {point["mean"] for point in points} == {None}
    assert all(point["median"] and point["q1"] for point in points)
    assert "What we did" not in words(app)


@pytest.mark.parametrize("role", list(Role))
def test_actions_are_for_members_and_the_operator_alone(on_demonstration, role):
    address = {"as": role_label(role)}
    if role.has_organisation or role is Role.OPERATOR:
        address["org"] = "Abergwenlas"
    app = visit(TREND, **address)
    assert not app.exception
    may = role in (Role.MEMBER, Role.OPERATOR)
    assert ("Laptops and tablets replaced" in words(app)) == may
    assert bool([one for one in app.text_input if one.key == "action_what"]) == may


def test_one_round_says_that_there_is_none_before(tmp_path):
    answers = {"A1": [4] * 6 + [5] * 6, "A2": [3] * 12, "OVR": [4] * 12}
    make_store(tmp_path, {"2026": {CARDIFF: answers}}, closed=("2026",)).close()
    with serving(tmp_path / "store.duckdb"):
        app = visit(TREND)
        assert not app.exception
        assert "There is no earlier round of the organisation" in words(app)
        assert len(charts(app)) == 2


class TestActions:
    def test_add_change_close_and_open_again(self, on_own_demonstration):
        store = on_own_demonstration
        app = visit(TREND)
        app.selectbox(key="org").select("DW06").run()
        assert "Nothing is written down yet" in words(app)
        save(fill(app))
        assert not app.exception
        (found,) = read_actions(store, "DW06")
        assert (found.what, found.aspect, found.done_on, found.done_by) == (
            *("New kit", "EQP1", date(2024, 11, 15), "ICT"),
        )
        assert "It is written down." in words(app)
        assert "15 November 2024" in words(app)
        assert "in 2024 and 2025" in words(app)
        assert app.text_input(key="action_what").value == ""
        assert app.date_input(key="action_on").value is None

        app.selectbox(key="aspect").select("EQP1").run()
        assert [row["label"] for row in datasets(charts(app)[1])["actions"]] == ["15 November 2024: New kit"]

        button(app, "Change").click().run()
        assert app.text_input(key="action_what").value == "New kit"
        assert app.date_input(key="action_on").value == date(2024, 11, 15)
        assert app.selectbox(key="action_aspect").value == "EQP1"
        app.text_input(key="action_what").input("Newer kit")
        save(app)
        (found,) = read_actions(store, "DW06")
        assert found.what == "Newer kit"
        assert app.text_input(key="action_what").value == ""

        button(app, "Close").click().run()
        assert read_actions(store, "DW06")[0].closed_on == date.today()
        assert "closed on" in words(app)
        button(app, "Open again").click().run()
        assert read_actions(store, "DW06")[0].closed_on is None
        assert not app.exception

    def test_an_action_can_be_left_as_it_was(self, on_own_demonstration):
        app = visit(TREND, org="Abergwenlas")
        button(app, "Change").click().run()
        app.text_input(key="action_what").input("Never mind")
        button(app, "Leave it as it was").click().run()
        assert app.text_input(key="action_what").value == ""
        assert [one.value for one in app.subheader] == ["Add an action"]
        assert "Never mind" not in {one.what for one in read_actions(on_own_demonstration, "DW05")}

    def test_everything_typed_survives_an_error(self, on_own_demonstration):
        app = visit(TREND)
        before = read_actions(on_own_demonstration, "DW07")
        save(fill(app, by="  "))
        assert errors(app) == ["Say by whom, in 1 to 100 characters; these are 0."]
        assert app.text_input(key="action_what").value == "New kit"
        assert app.selectbox(key="action_aspect").value == "EQP1"
        assert app.date_input(key="action_on").value == date(2024, 11, 15)
        assert read_actions(on_own_demonstration, "DW07") == before
        app.text_input(key="action_by").input("ICT")
        save(app)
        assert not errors(app)
        assert len(read_actions(on_own_demonstration, "DW07")) == len(before) + 1

    def test_without_a_day_it_is_refused(self, on_own_demonstration):
        app = save(fill(visit(TREND), done_on=None))
        assert errors(app)[0].startswith("Give a day between 1990-01-01 and")

    def test_hostile_text_is_shown_as_text(self, on_own_demonstration):
        app = save(fill(visit(TREND), what=HOSTILE, by="<img src=x onerror=alert(2)>"))
        assert not app.exception
        shown = [one.value for one in (*app.markdown, *app.caption)]
        assert any("\\<script\\>alert\\(1\\)" in one for one in shown)
        assert not [one for one in shown if re.search(r"(?<!\\)[<\[`$]", one)]
        assert HOSTILE in words(app).replace("\N{WORD JOINER}", "")
        assert not [one for one in (*app.markdown, *app.caption) if one.allow_html]

    def test_the_second_of_two_is_told_and_keeps_what_they_typed(self, on_own_demonstration):
        store, member = on_own_demonstration, Viewer(Role.MEMBER, "DW05")
        app = visit(TREND, org="Abergwenlas")
        button(app, "Change").click().run()
        first = read_actions(store, "DW05")[0]
        theirs = Wording("Theirs", first.aspect, first.done_on, "Ann")
        action.change(store, member, "DW05", first.id, theirs, first.changed_at)
        app.text_input(key="action_what").input("Mine")
        save(app)
        assert errors(app)[0].startswith(
            "Somebody else changed this action meanwhile. It now reads “Theirs” (Ann)"
        )
        assert app.text_input(key="action_what").value == "Mine"
        assert read_actions(store, "DW05")[0].what == "Theirs"
        save(app)
        assert not errors(app)
        assert read_actions(store, "DW05")[0].what == "Mine"

    def test_another_organisation_is_not_changed_by_what_was_begun(self, on_own_demonstration):
        store = on_own_demonstration
        app = visit(TREND, org="Abergwenlas")
        before = read_actions(store, "DW05")
        button(app, "Change").click().run()
        app.selectbox(key="org").select("DW06").run()
        assert [one.value for one in app.subheader] == ["Add an action"]
        save(app)
        assert read_actions(store, "DW05") == before

    def test_a_projector_shows_no_words_that_people_typed(self, on_own_demonstration):
        store = on_own_demonstration
        named = next(one for one in read_organisations(store) if one.code == "DW05").name
        member = Viewer(Role.MEMBER, "DW05")
        typed = Wording(f"{named} buys laptops", "EQP1", date(2024, 9, 1), named)
        action.log_action(store, member, "DW05", typed)
        app = visit(TREND, present="true", shown_org="DW05", aspect="Devices")
        assert not app.exception
        assert named not in words(app)
        labels = [row["label"] for row in datasets(charts(app)[1])["actions"]]
        assert labels == ["1 September 2024", "18 November 2024"]
        assert "What we did" not in words(app)
