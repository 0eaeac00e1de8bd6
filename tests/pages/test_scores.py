"""The Scores page: its controls, and what it says in every state."""

import csv
import io

import pytest

from improve.instruments import read_library
from improve.model import Role, Selection, Viewer
from improve.store import close_round, read_organisations, write_responses
from improve.views.scores import arranged, scores_view
from improve.views.scores_shown import chart_rows, table_rows
from improve.views.sentence import role_label
from tests.factory import CARDIFF, make_delivery, make_store
from tests.pages.conftest import charts, rows, serving, visit, words

WALES = "nation:Wales"


def figures(app) -> list[str]:
    return [one.value for one in app.metric]


def view_of(store, role=Role.MEMBER, organisation="DW07", **wishes):
    viewer = Viewer(role, organisation if role.has_organisation else None)
    return scores_view(store, viewer, Selection(organisation=organisation, **wishes))


def test_it_opens_on_a_welsh_member_with_the_figures_of_the_view(on_demonstration, demonstration_store):
    app = visit()
    view = view_of(demonstration_store)
    assert app.selectbox(key="as").value == "member"
    assert app.selectbox(key="org").value == "DW07"
    assert figures(app)[0] == f"{view.overall.mean.value:.2f}"
    assert figures(app)[1] == f"{view.overall.median.value:.1f}"
    assert figures(app)[3] == str(view.responses.value)
    assert view.finding in words(app)
    assert rows(charts(app)[0]) == chart_rows(view)


def test_organisation_and_round_change_every_figure(on_demonstration, demonstration_store):
    app = visit()
    app.selectbox(key="org").select("DW03").run()
    assert figures(app)[0] == "6.06"
    app.selectbox(key="round").select("2024").run()
    view = view_of(demonstration_store, organisation="DW03", round="2024")
    assert figures(app)[0] == f"{view.overall.mean.value:.2f}"
    assert "round 2024" in words(app)


def test_a_group_adds_its_median_to_the_chart_and_the_table(on_demonstration, demonstration_store):
    app = visit(state={"table_scores": True})
    app.selectbox(key="cohort").select(WALES).run()
    view = view_of(demonstration_store, cohort=WALES)
    medians = [row["cohort_median"] for row in rows(charts(app)[0]) if row["kind"] == "aspect"]
    assert medians == [score.cohort_median.value for score in view.scores]
    assert None not in medians
    assert "Median of Wales" in app.table[0].value.columns
    assert "Median of Wales" in charts(app)[0].proto.spec


@pytest.mark.parametrize(("sort", "field"), [("difference", "difference"), ("score", "mean")])
def test_the_order_is_the_readers(on_demonstration, demonstration_store, sort, field):
    app = visit()
    app.get_by_key("sort").select(sort).run()
    view = arranged(view_of(demonstration_store), sort, None)
    shown = [row["row"] for row in rows(charts(app)[0])]
    assert shown == [score.id for score in view.scores]
    values = [getattr(score, field).value for score in view.scores]
    assert values == sorted(values, reverse=True)


def test_an_aspect_opens_its_sentence_its_answers_and_where_all_lie(on_demonstration, demonstration_store):
    app = visit(state={"table_distribution": True, "table_spread": True})
    app.selectbox(key="aspect").select("EQP3").run()
    view = view_of(demonstration_store)
    score = next(one for one in view.scores if one.id == "EQP3")
    assert [one["row"] for one in rows(charts(app)[0]) if one["chosen"]] == ["EQP3"]
    assert app.info[0].value.replace("\\", "").startswith("Network and Wi-Fi: 5.02")
    answers, lies = (table.value for table in app.table)
    assert [int(n.replace(",", "")) for n in answers["Number of answers"]] == list(score.distribution.value)
    assert sum(int(n) for n in lies["Organisations"]) == score.organisations.value


def test_the_overall_question_can_be_looked_into_too(on_demonstration):
    app = visit(state={"table_distribution": True})
    app.selectbox(key="aspect").select("OVR1").run()
    assert not app.exception
    assert len(charts(app)) == 3


def test_values_of_the_address_are_followed(on_demonstration):
    app = visit(
        **{
            "as": "Operator",
            "org": "Vale of Hollin",
            "round": "2025",
            "cohort": "Wales",
            "sort": "By score",
            "aspect": "Security",
        }
    )
    assert app.selectbox(key="as").value == "operator"
    assert app.selectbox(key="org").value == "DW03"
    assert app.selectbox(key="cohort").value == WALES
    assert app.selectbox(key="aspect").value == "PAR4"
    assert "Vale of Hollin · round 2025 · compared with Wales" in words(app)
    assert all(row["kind"] == "aspect" for row in rows(charts(app)[0]))


class TestPresent:
    def test_it_names_no_organisation_and_draws_no_sidebar(self, on_demonstration, demonstration_store):
        app = visit(state={"table_scores": True, "method_scores": True})
        app.selectbox(key="org").select("DW01").run()
        before = figures(app)
        app.toggle(key="present").set_value(True).run()
        assert not app.exception
        assert not app.sidebar.children
        assert figures(app) == before
        shown = words(app)
        assert not [one.name for one in read_organisations(demonstration_store) if one.name in shown]

    def test_the_address_keeps_the_choices_by_code_and_gives_them_back(self, on_demonstration):
        app = visit(present="true", shown_org="DW03", shown_cohort=WALES, shown_round="2025")
        presented = figures(app)
        app.toggle(key="present").set_value(False).run()
        assert app.selectbox(key="org").value == "DW03"
        assert app.selectbox(key="cohort").value == WALES
        assert app.selectbox(key="round").value == "2025"
        assert figures(app) == presented
        assert not [name for name in app.query_params if name.startswith("shown_")]

    def test_files_made_meanwhile_name_no_organisation_either(self, on_demonstration, downloads):
        visit(present="true", shown_org="DW03")
        assert b"Vale of Hollin" not in downloads["csv_scores"]()
        assert "Vale of Hollin" not in downloads["svg_scores"]()

    def test_a_notice_that_would_name_one_waits(self, on_demonstration):
        app = visit(present="true", shown_org="nonsense")
        assert not app.info


class TestDownloads:
    def test_the_csv_is_the_table(self, on_demonstration, demonstration_store, downloads):
        visit()
        text = downloads["csv_scores"]().decode("utf-8-sig")
        table = table_rows(view_of(demonstration_store))
        found = list(csv.reader(io.StringIO(text)))
        assert found[0] == list(table[0])
        assert [row[0] for row in found[1 : len(table) + 1]] == [row["Aspect"] for row in table]
        assert [row[2] for row in found[1 : len(table) + 1]] == [row["Score"] for row in table]
        assert "Demonstration data" in text
        assert "Ardudfryn" in text

    @pytest.mark.parametrize("block", ["scores", "distribution", "spread"])
    def test_pictures_carry_title_source_and_no_markup_of_their_texts(
        self, on_demonstration, downloads, block
    ):
        app = visit()
        app.selectbox(key="aspect").select("SYS1").run()
        drawing = downloads[f"svg_{block}"]()
        assert drawing.startswith("<svg")
        assert "Demonstration data" in drawing
        assert downloads[f"csv_{block}"]()
        if block == "distribution":
            assert downloads[f"png_{block}"]().startswith(b"\x89PNG\r\n")


class TestStates:
    @pytest.mark.parametrize("role", [Role.PUBLIC, Role.FACILITATOR, Role.OPERATOR])
    def test_without_an_organisation_medians_and_bands_stand_alone(self, on_demonstration, role):
        app = visit(**{"as": role_label(role)})
        found = [row for row in rows(charts(app)[0]) if row["kind"] == "aspect"]
        assert len(found) == 20
        assert all(row["median"] and row["q1"] and row["q3"] for row in found)
        assert {row["mean"] for row in found} == {row["withheld"] for row in found} == {None}
        assert figures(app) == ["5.1", "24%"]

    @pytest.mark.parametrize("organisation", ["DE17", "DE45"])
    def test_fewer_than_ten_answers_keep_every_own_figure_back(
        self, on_demonstration, organisation, downloads
    ):
        app = visit(state={"table_scores": True})
        app.selectbox(key="org").select(organisation).run()
        assert figures(app) == ["–", "5.1", "–", "–"]
        own = ("mean", "lower", "upper", "word")
        assert {row[field] for row in rows(charts(app)[0]) for field in own} == {None}
        assert set(app.table[0].value["Answers"]) == {"Fewer than 10 answers\\."}
        assert words(app).count("Fewer than 10 answers.") >= 2
        app.selectbox(key="aspect").select("SYS1").run()
        assert [chart.proto.alt.split(".")[0] for chart in charts(app)] == [
            "Satisfaction with 20 aspects against the national median",
            "94 organisations lie between 3",
        ]

    def test_an_organisation_that_skipped_last_round_says_so(self, on_demonstration):
        app = visit()
        app.selectbox(key="org").select("DW13").run()
        assert "did not take part in round 2025, so no last scores are shown" in words(app)
        assert {row["last"] for row in rows(charts(app)[0])} == {None}

    @pytest.mark.parametrize(
        ("cohort", "says"),
        [
            ("nation:Northern Ireland", "Northern Ireland: no median, because fewer than 7"),
            ("type:London borough", "differs from another by a few organisations"),
        ],
    )
    def test_a_group_that_is_not_offered_says_why(self, on_demonstration, cohort, says):
        app = visit()
        app.selectbox(key="cohort").select(cohort).run()
        assert says in words(app)
        assert {row["cohort_median"] for row in rows(charts(app)[0])} == {None}
        assert figures(app)[0] == "5.15"

    def test_one_organisation_in_the_store_sees_itself_and_no_median(self, tmp_path):
        answers = {"A1": [4] * 6 + [5] * 6, "A2": [3] * 12, "OVR": [4] * 12}
        make_store(tmp_path, {"2026": {CARDIFF: answers}}, closed=("2026",)).close()
        with serving(tmp_path / "store.duckdb"):
            app = visit()
            assert not app.exception
            assert figures(app)[:2] == ["4.00", "–"]
            assert "it needs at least 7 organisations" in words(app)
            assert [row["mean"] for row in rows(charts(app)[0]) if row["kind"] == "aspect"] == [4.5, 3.0]
            app.selectbox(key="aspect").select("A1").run()
            assert not app.exception
            assert "Where all organisations lie is not shown: Too few organisations." in words(app)

    def test_an_open_round_has_medians_for_the_operator_alone(self, on_own_demonstration):
        survey = read_library().get("satisfaction")
        answers = {aspect.id: [5] * 12 for aspect in survey.aspects if not aspect.optional} | {
            "OVR1": [5] * 12
        }
        taking_part = [f"DW{place:02}" for place in range(1, 13)]
        store = on_own_demonstration
        write_responses(store, [make_delivery(survey, "2027", code, answers) for code in taking_part])
        app = visit()
        app.selectbox(key="round").select("2027").run()
        assert figures(app) == ["5.00", "–", "–", "12"]
        assert "The round is still collecting" in words(app)
        assert {row["median"] for row in rows(charts(app)[0])} == {None}
        app.selectbox(key="as").select("operator").run()
        assert figures(app)[:2] == ["5.00", "5.0"]
        assert "Provisional" in words(app)
        close_round(store, "2027")
        app = visit(role=Role.DELEGATE)
        assert figures(app)[1] == "5.0"

    def test_a_store_that_is_written_shows_at_the_next_click(self, on_own_demonstration):
        app = visit()
        app.selectbox(key="org").select("TRIAL").run()
        assert figures(app) == ["–", "5.1", "–", "–"]
        assert "did not take part in this round" in words(app)
        survey = read_library().get("satisfaction")
        answers = {"SYS1": [6] * 10 + [7] * 10, "OVR1": [6] * 20}
        write_responses(on_own_demonstration, [make_delivery(survey, "2026", "TRIAL", answers, invited=40)])
        app.run()
        assert figures(app) == ["6.00", "5.1", "50%", "20"]
        own = {row["row"]: row["mean"] for row in rows(charts(app)[0]) if row["mean"] is not None}
        assert own == {"SYS1": 6.5}


def test_the_demonstration_is_announced_while_it_is_made(on_demonstration, monkeypatch):
    from improve.opening import served

    visit()
    monkeypatch.setattr(type(served), "is_ready", property(lambda _self: False))
    monkeypatch.setattr(served, "share", 0.4)
    app = visit()
    assert [one.value for one in app.title] == ["One moment"]
    assert app.progress[0].value == 40
    assert not charts(app)
