"""The Expectation gap page: its controls, and what it says in every state and to every role."""

import csv
import io

import pytest

from improve.instruments import Question
from improve.instruments.model import QuestionKind
from improve.model import Role, Selection, Viewer
from improve.store import read_organisations
from improve.views import gap_sentence
from improve.views.gap import gap_view
from improve.views.gap_shown import list_rows, table_rows
from improve.views.sentence import role_label
from tests.factory import CARDIFF, make_store, small_survey
from tests.pages.conftest import GAP, charts, rows, serving, visit, words

AREAS = small_survey(
    profile=(
        Question(
            id="AREA",
            role="service_area",
            kind=QuestionKind.SINGLE,
            short="Directorate",
            text="Where do you work?",
            options_from="organisation",
        ),
    )
)


def view_of(store, role=Role.MEMBER, organisation="DW07", **options):
    viewer = Viewer(role, organisation if role.has_organisation else None)
    return gap_view(store, viewer, Selection(organisation=organisation), **options)


def headings(app) -> list[str]:
    return [one.value.replace("\\", "") for one in app.header]


class TestControls:
    def test_it_opens_on_the_points_and_the_list_of_the_view(self, on_demonstration, demonstration_store):
        app = visit(GAP)
        view = view_of(demonstration_store)
        assert not app.exception
        assert headings(app) == ["Importance against satisfaction", "Priorities"]
        assert view.finding in words(app)
        points = {one["row"]: (one["x"], one["y"]) for one in rows(charts(app)[0])}
        assert points == {
            gap.id: (gap.satisfaction.mean.value, gap.importance.mean.value) for gap in view.gaps
        }
        assert rows(charts(app)[1]) == list_rows(view)
        assert "Lines at the national median of each axis" in charts(app)[0].proto.spec

    @pytest.mark.parametrize("lines", ["own", "middle"])
    def test_the_lines_are_the_readers(self, on_demonstration, demonstration_store, lines, downloads):
        app = visit(GAP)
        app.get_by_key("lines").select(lines).run()
        view = view_of(demonstration_store, lines=lines)
        label = gap_sentence.lines_label(view.lines)
        assert label in charts(app)[0].proto.spec
        assert rows(charts(app)[1]) == list_rows(view)
        # The choice is named in every file, too.
        assert label in downloads["csv_gap"]().decode("utf-8")
        assert label in downloads["svg_gap"]()
        assert label in downloads["csv_priorities"]().decode("utf-8")

    def test_the_axes_show_the_whole_scale_and_say_so(self, on_demonstration):
        app = visit(GAP)
        assert "Satisfaction, 4 to 6.5 shown of the scale 1" in words(app)
        app.get_by_key("axes").select("full").run()
        assert "Satisfaction, on the whole scale" in words(app)
        assert "shown of the scale" not in words(app)

    def test_the_list_may_be_in_the_order_of_the_differences(self, on_demonstration, demonstration_store):
        app = visit(GAP)
        app.get_by_key("order").select("national").run()
        view = view_of(demonstration_store, sort="national")
        assert [one["row"] for one in rows(charts(app)[1])] == [gap.id for gap in view.gaps]
        assert [one["row"] for one in rows(charts(app)[1])] != [
            gap.id for gap in view_of(demonstration_store).gaps
        ]

    def test_an_aspect_opens_its_sentence_and_its_joint_picture(self, on_demonstration, demonstration_store):
        app = visit(GAP, state={"table_joint": True})
        app.selectbox(key="aspect").select("SYS1").run()
        view = view_of(demonstration_store, aspect="SYS1")
        assert headings(app)[-1] == view.chosen.short
        for said in (gap_sentence.of_gap(view.chosen), gap_sentence.moved(view), gap_sentence.joint(view)):
            assert said
            assert said in words(app)
        assert len(charts(app)) == 3
        cells = rows(charts(app)[2])
        assert len(cells) == 49
        assert [one["row"] for one in rows(charts(app)[0]) if one["chosen"]] == ["SYS1"]
        assert [one["row"] for one in rows(charts(app)[1]) if one["chosen"]] == ["SYS1"]
        assert list(app.table[0].value["Importance"]) == list("7654321")

    def test_a_click_is_kept_as_the_aspect(self, on_demonstration):
        app = visit(GAP, aspect="Security")
        assert app.selectbox(key="aspect").value == "PAR4"

    @pytest.mark.parametrize("compared", ["areas", "jobs", "groups"])
    def test_groups_stand_beside_each_other_one_way_at_a_time(
        self, on_demonstration, demonstration_store, compared
    ):
        app = visit(GAP, state={"table_compared": True})
        app.selectbox(key="with").select(compared).run()
        view = view_of(demonstration_store, compared=compared)
        # Without a chosen aspect it is about the first of the list.
        assert view.chosen.id == view.gaps[0].id
        assert headings(app)[2] == f"{view.chosen.short}: groups beside each other"
        shown = [one.label for one in view.positions if one.satisfaction.value is not None]
        assert [one["row"] for one in rows(charts(app)[2])] == shown
        assert shown[0] == "Own organisation"
        table = app.table[0].value
        assert len(table) == len(view.positions) > len(shown) - 1
        assert gap_sentence.positions(view) in words(app)
        # On a phone the points carry numbers; what is hidden says why.
        said = [one.value.replace("\\", "") for one in app.caption]
        assert any("1 Own organisation" in one and shown[-1] in one for one in said)
        hidden = [one for one in view.positions if one.satisfaction.value is None]
        assert all(any(one.startswith("Not shown") and each.label in one for one in said) for each in hidden)

    def test_values_of_the_address_are_followed(self, on_demonstration):
        app = visit(
            GAP,
            **{
                "lines": "Own means",
                "axes": "Whole scale",
                "order": "Against the national gap",
                "aspect": "Speed",
                "with": "Own jobs",
            },
        )
        found = {key: app.get_by_key(key).value for key in ("lines", "axes", "order")}
        assert found == {"lines": "own", "axes": "full", "order": "national"}
        assert app.selectbox(key="with").value == "jobs"
        assert app.selectbox(key="aspect").value == "SYS2"

    def test_nonsense_in_the_address_falls_back(self, on_demonstration):
        nonsense = {"lines": "<b>", "axes": "9", "order": "up", "aspect": "'; drop", "with": "places; --"}
        assert words(visit(GAP, **nonsense)) == words(visit(GAP))

    @pytest.mark.parametrize("aspect", ["PAR4", "OVR1"])
    def test_whoever_comes_from_scores_is_in_no_trouble(self, on_demonstration, aspect):
        """Its order is not one of the list's, and the overall question has a score and no gap."""
        app = visit(sort="By score")
        app.selectbox(key="aspect").select(aspect).run()
        app.switch_page(str(GAP)).run()
        assert not app.exception
        assert app.get_by_key("order").value == "gap"
        assert len(rows(charts(app)[0])) == 20


class TestRoles:
    @pytest.mark.parametrize("role", [Role.PUBLIC, Role.FACILITATOR, Role.OPERATOR])
    def test_without_an_organisation_the_national_medians_are_the_points(self, on_demonstration, role):
        app = visit(GAP, **{"as": role_label(role)})
        assert not app.exception
        points = rows(charts(app)[0])
        assert len(points) == 20
        assert {one["x_national"] for one in points} == {one["certainty"] for one in points} == {None}
        assert {one["gap"] for one in rows(charts(app)[1])} == {None}
        assert all(one["national"] is not None for one in rows(charts(app)[1]))
        assert "Nationally the gap is widest for Speed" in words(app)
        assert app.selectbox(key="with").options == ["Nothing", "Groups of organisations"]
        app.selectbox(key="aspect").select("SYS1").run()
        assert len(charts(app)) == 2
        assert "How people rate both together is not shown: No organisation is chosen." in words(app)

    def test_a_delegate_sees_own_gaps_and_nothing_from_within(self, on_demonstration):
        app = visit(GAP, **{"as": role_label(Role.DELEGATE)}, aspect="Reliability")
        assert all(one["gap"] is not None for one in rows(charts(app)[1]))
        assert len(charts(app)) == 2
        assert "is not shown: Only the organisation itself may see this." in words(app)
        assert app.selectbox(key="with").options == ["Nothing", "Groups of organisations"]

    def test_the_operator_sees_an_organisations_own_and_inner_figures(self, on_demonstration):
        app = visit(
            GAP,
            **{"as": role_label(Role.OPERATOR)},
            org="Vale of Hollin",
            aspect="Reliability",
            **{"with": "Own jobs"},
        )
        assert not app.exception
        assert len(charts(app)) == 4


class TestPresent:
    def test_it_names_no_organisation_and_keeps_the_figures(self, on_demonstration, demonstration_store):
        opened = {
            f"{what}_{key}": True for what in ("table", "method") for key in ("gap", "joint", "compared")
        }
        app = visit(GAP, state=opened, aspect="Reliability", **{"with": "Own service areas"})
        before = rows(charts(app)[1])
        app.toggle(key="present").set_value(True).run()
        assert not app.exception
        assert not app.sidebar.children
        assert rows(charts(app)[1]) == before
        assert len(charts(app)) == 4
        shown = words(app)
        assert not [one.name for one in read_organisations(demonstration_store) if one.name in shown]

    def test_files_made_meanwhile_name_no_organisation_either(self, on_demonstration, downloads):
        visit(GAP, present="true", shown_org="DW03", aspect="Reliability")
        for block in ("gap", "priorities", "joint"):
            assert b"Vale of Hollin" not in downloads[f"csv_{block}"]()
            assert "Vale of Hollin" not in downloads[f"svg_{block}"]()


class TestDownloads:
    def test_the_csv_is_the_table(self, on_demonstration, demonstration_store, downloads):
        visit(GAP)
        text = downloads["csv_gap"]().decode("utf-8-sig")
        table = table_rows(view_of(demonstration_store))
        found = list(csv.reader(io.StringIO(text)))
        assert found[0] == list(table[0])
        for column in ("Aspect", "Gap", "Quadrant"):
            at = found[0].index(column)
            assert [row[at] for row in found[1 : len(table) + 1]] == [row[column] for row in table]
        assert "Demonstration data" in text

    def test_the_picture_of_the_joint_distribution_is_one(self, on_demonstration, downloads):
        visit(GAP, aspect="Reliability")
        assert downloads["png_joint"]().startswith(b"\x89PNG\r\n")
        assert "Demonstration data" in downloads["svg_joint"]()


class TestStates:
    def test_fewer_than_ten_answers_keep_every_own_figure_back(self, on_demonstration):
        app = visit(GAP, state={"table_gap": True})
        app.selectbox(key="org").select("DE17").run()
        assert "Own positions are not shown: Fewer than 10 answers." in words(app)
        assert {one["gap"] for one in rows(charts(app)[1])} == {None}
        assert set(app.table[0].value["Gap"]) == {"Fewer than 10 answers\\."}
        app.selectbox(key="aspect").select("SYS1").run()
        assert len(charts(app)) == 2

    def test_one_organisation_in_the_store_sees_itself_and_no_median(self, tmp_path):
        answers = {
            (item, measure): [code] * 12
            for item in ("A1", "A2")
            for measure, code in (("importance", 5), ("satisfaction", 3))
        }
        make_store(tmp_path, {"2026": {CARDIFF: answers}}, closed=("2026",)).close()
        with serving(tmp_path / "store.duckdb"):
            app = visit(GAP)
            assert not app.exception
            assert [one["gap"] for one in rows(charts(app)[1])] == [2.0, 2.0]
            assert "There is no national median: it needs at least 7 organisations." in words(app)
            assert "Lines at the national median of each axis: not shown. Too few organisations." in words(
                app
            )
            assert "Concentrate here" not in words(app)
            app.get_by_key("lines").select("middle").run()
            assert "Concentrate here" not in charts(app)[1].proto.alt
            assert "Keep it up" in words(app)

    def test_while_a_round_collects_medians_wait(self, tmp_path):
        answers = {
            (item, measure): [code] * 12
            for item in ("A1", "A2")
            for measure, code in (("importance", 5), ("satisfaction", 3))
        }
        make_store(tmp_path, {"2026": {CARDIFF: answers}}).close()
        with serving(tmp_path / "store.duckdb"):
            app = visit(GAP, Role.MEMBER)
            assert "The round is still collecting; medians are made when it is closed." in words(app)
            assert [one["gap"] for one in rows(charts(app)[1])] == [2.0, 2.0]
            assert {one["national"] for one in rows(charts(app)[1])} == {None}

    def test_a_survey_that_asks_one_measure_has_no_such_page(self, tmp_path):
        make_store(tmp_path).close()
        with serving(tmp_path / "store.duckdb"):
            app = visit(GAP)
            assert [one.value for one in app.info] == [
                "There are no figures yet. Import a survey file to begin."
            ]
            assert not charts(app)

    def test_what_people_typed_is_no_markup(self, tmp_path):
        """A directorate called like a link and a formula is shown letter by letter."""
        nasty = "[Click](http://evil) <b>=1+1</b>"
        people = {
            (item, measure): [code] * 40
            for item in ("A1", "A2")
            for measure, code in (("importance", 5), ("satisfaction", 3))
        }
        store = make_store(
            tmp_path,
            {"2026": {CARDIFF: {**people, "AREA": [nasty] * 14 + ["Housing"] * 14 + [None] * 12}}},
            survey=AREAS,
            closed=("2026",),
        )
        store.close()
        with serving(tmp_path / "store.duckdb"):
            app = visit(GAP, Role.OPERATOR, state={"table_compared": True}, **{"with": "Own service areas"})
            assert not app.exception
            table = app.table[0].value
            assert "[Click]" not in " ".join(table["Group"])
            assert "\\[Click\\]" in " ".join(table["Group"])
