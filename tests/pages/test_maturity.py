"""The Profile page: its controls, what it says to whom, and where nothing was submitted."""

import csv
import io
import re

import pyarrow as pa
import pytest

from improve.model import Role, Selection, Viewer
from improve.store import StoreKind, open_store, write_organisations
from improve.views import maturity_sentence as sentence
from improve.views.maturity import maturity_view
from improve.views.maturity_shown import (
    Measure,
    commitment_rows,
    function_rows,
    provision_rows,
    strip_functions,
    strip_rows,
)
from tests.factory import assessed, make_organisation, make_store, write_assessed
from tests.pages.conftest import PROFILE, charts, rows, serving, visit, words

OWN, ELSEWHERE, LATECOMER = "X00", "X01", "X15"
NAMES = {f"X{place:02d}": f"Town X{place:02d}" for place in range(16)}
BEFORE = assessed("ynnnnn", "yyyyyn", "yynnnn")
NOW = assessed("yyynnn", "yyyy?n", "-nyynn")
"""LEAD: one answer from level 2. WEB: two from 3, one to be found out, one lost. SAFE: level 0, a hole."""


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Sixteen organisations, eight of them Welsh: all but one submitted in 2026, all in 2025."""
    store = open_store(tmp_path_factory.mktemp("towns") / "store.duckdb", make=StoreKind.REAL)
    organisations = [
        make_organisation(
            code,
            name=name,
            nation="Wales" if place < 8 else "England",
            region="" if place < 8 else "South West",
        )
        for place, (code, name) in enumerate(NAMES.items())
    ]
    write_organisations(store, organisations)
    others = [code for code in NAMES if code != OWN]
    words_of = ("yyyyyn", "yyyyyy", "yyynnn", "yyyyny")
    then = {code: assessed("yyynnn", "yynnnn", "yynnnn") for code in others}
    now = {
        code: assessed(words_of[place % 4], words_of[(place + 1) % 4], words_of[(place + 2) % 4])
        for place, code in enumerate(others)
    }
    del now[LATECOMER]
    write_assessed(
        store,
        {"2025": {OWN: BEFORE, **then}, "2026": {OWN: NOW, **now}, "2024": {}},
        closed=("2025", "2026", "2024"),
    )
    yield store
    store.close()


@pytest.fixture
def on_towns(towns):
    with serving(towns.path, store=towns):
        yield


def view_of(store, role=Role.MEMBER, organisation=OWN, **wishes):
    viewer = Viewer(role, organisation if role.has_organisation else None)
    selection = Selection(organisation=organisation, **{"round": "2026", **wishes})
    return maturity_view(store, viewer, selection)


def as_member(organisation=OWN, **more):
    return visit(PROFILE, **{"as": "Member of an organisation", "org": NAMES[organisation], **more})


def metrics(app):
    return [(one.label, one.value) for one in app.metric]


def headers(app):
    return [one.value.replace("\\", "") for one in app.header]


def dataset(chart, name):
    [found] = [one for one in chart.proto.datasets if one.name == name]
    return pa.ipc.open_stream(found.data.data).read_all().to_pylist()


def cells(table):
    return [
        [re.sub(r"\\(.)", r"\1", one) for one in row] for row in table.value.astype(str).to_numpy().tolist()
    ]


class TestOwn:
    def test_the_first_screen_says_where_we_stand_and_what_is_one_answer_away(self, on_towns, towns):
        app = as_member()
        assert not app.exception
        assert metrics(app) == [
            ("Overall level", "1"),
            ("Median reached", "1"),
            ("One answer away", "2"),
            ("To find out", "1"),
        ]
        view = view_of(towns)
        said = words(app)
        for text in (view.finding, *sentence.closest(view), *sentence.cheapest(view)):
            assert text in said
        assert re.search(r"Leading: one answer from level 2. “Topic LEAD2b” \(about \d in 10 have it\)", said)
        assert "Website: 2 answers from level 3. “Topic WEB3a” (to be found out;" in said
        assert headers(app) == [
            "Closest to the next level",
            "To find out first",
            "Function by function",
            "As a radar",
            "Levels met, and the holes under them",
            "Leading",
        ]

    def test_the_charts_have_the_figures_of_the_view(self, on_towns, towns):
        app = as_member()
        view = view_of(towns)
        functions, radar, strip = charts(app)
        assert rows(functions) == function_rows(view, Measure.LEVEL, "LEAD")
        assert [row["own"] for row in dataset(radar, "spokes")] == [1, 2, 0]
        own = [(row["order"], row["value"]) for row in dataset(radar, "lines") if row["line"] == "own"]
        assert own == [(0, 1), (1, 2), (2, 0), (0, 1)]
        assert dataset(strip, "cells") == strip_rows(view)
        assert dataset(strip, "functions") == strip_functions(view, "LEAD")
        holes = [(row["row"], row["level"]) for row in strip_rows(view) if row["is_hole"]]
        assert holes == [("SAFE", 1)]
        assert "A whole level is met above one that is not: Safety." in words(app)
        assert all(text in strip.proto.spec for text in ("Level reached", "Hole under a level that is met"))

    def test_what_does_not_apply_stands_beside_the_level(self, on_towns):
        app = as_member()
        notes = {row["row"]: row["note"] for row in rows(charts(app)[0])}
        assert notes["SAFE"] == "level 0 · 40% · 1 to level 1 · 1 n/a"
        assert "n/a" not in notes["LEAD"]
        assert "a no turned into it could raise a level" in " ".join(one.value for one in app.caption)

    def test_shares_in_place_of_levels(self, on_towns, towns):
        app = as_member()
        app.get_by_key("measure").select("share").run()
        assert rows(charts(app)[0]) == function_rows(view_of(towns), Measure.SHARE, "LEAD")
        assert [round(row["own"], 2) for row in dataset(charts(app)[1], "spokes")] == [0.5, 0.67, 0.4]
        assert "points" in words(app)
        assert "100%" in charts(app)[0].proto.spec
        assert visit(PROFILE, measure="Share met").get_by_key("measure").value == "share"

    def test_one_function_is_looked_into(self, on_towns):
        app = as_member(function="Safety")
        assert app.selectbox(key="function").value == "SAFE"
        assert headers(app)[-1] == "Safety"
        assert [row["chosen"] for row in rows(charts(app)[0])] == [False, False, True]
        app.selectbox(key="function").select("WEB").run()
        assert headers(app)[-1] == "Website"
        [table] = app.table
        assert list(table.value.columns) == [
            "Level",
            "Criterion",
            "Our answer",
            "Of all, it is met by",
            "Of those at the next level",
        ]
        shown = cells(table)
        assert shown[4][:3] == ["3", "Topic WEB3a: There is WEB3a", "don't know (last time yes)"]
        assert [row[2] for row in shown] == ["yes"] * 4 + ["don't know (last time yes)", "no"]
        said = words(app)
        assert "Most common next step: “Topic WEB3a”." in said
        assert "1 answer is to be found out: that costs least." in said

    def test_commitment_and_take_up(self, on_towns, towns):
        app = as_member(part="Commitment and take-up")
        view = view_of(towns)
        commitment, provision = charts(app)[3:]
        places = [(one["row"], one["x"], one["y"], one["x_national"]) for one in rows(commitment)]
        assert places == [
            (one["row"], one["x"], one["y"], one["x_national"]) for one in commitment_rows(view, "LEAD")
        ]
        assert rows(commitment)[0]["x"] == pytest.approx(1 / 3)
        assert [(one["x"], one["y"]) for one in rows(provision)] == [(1.0, 1.0)]
        assert [one["x"] for one in provision_rows(view)] == [1.0]
        assert "Topic" not in " ".join(headers(app))

    def test_since_last_time(self, on_towns):
        app = as_member(part="Since last time")
        said = words(app)
        assert "Since round 2025 the overall level has stayed at 1." in said
        assert "Level risen in Leading. Level fallen in Safety." in said
        assert "Criteria newly met: 4. No longer met: 3." in said
        functions, table = app.table
        assert [row[:3] for row in cells(functions)] == [
            ["Leading", "0 to 1", "17% to 50%"],
            ["Website", "2", "83% to 67%"],
            ["Safety", "1 to 0", "33% to 40%"],
        ]
        assert all(" to " in row[3] for row in cells(functions))
        assert [row[1:4] for row in cells(table)] == [
            *([f"Topic {id_}", "no", "yes"] for id_ in ("LEAD1b", "LEAD2a", "SAFE2a", "SAFE2b")),
            ["Topic WEB3a", "yes", "don't know"],
            ["Topic SAFE1a", "yes", "does not apply"],
            ["Topic SAFE1b", "yes", "no"],
        ]
        app.selectbox(key="round").select("2025").run()
        assert "No assessment was submitted in an earlier round." in words(app)

    def test_a_group_to_compare_with(self, on_towns, towns):
        app = as_member(cohort="Wales")
        view = view_of(towns, cohort="nation:Wales")
        medians = [one.level.cohort_median.value for one in view.functions]
        assert [row["cohort_median"] for row in rows(charts(app)[0])] == medians
        assert None not in medians
        assert "Median of Wales" in charts(app)[0].proto.spec
        # Shares of answers are never told of a group.
        assert not [name for name in app.table[0].value.columns if "Wales" in name]
        assert f"; Wales {sentence.level(view.overall.cohort_median.value)};" in words(app)

    def test_what_can_be_taken_away(self, on_towns, downloads):
        as_member(part="Commitment and take-up")
        keys = ("functions", "radar", "strip", "commitment", "provision")
        assert {f"{kind}_{key}" for kind in ("csv", "png", "svg") for key in keys} <= downloads.keys()
        table = list(csv.reader(io.StringIO(downloads["csv_functions"]().decode("utf-8-sig"))))
        assert [row[0] for row in table[1:4]] == ["Leading", "Website", "Safety"]
        assert table[3][table[0].index("Do not apply")] == "1"
        assert "Website" in downloads["svg_radar"]()
        assert downloads["png_strip"]().startswith(b"\x89PNG")

    def test_present_names_nobody(self, on_towns):
        app = as_member(state={"table_functions": True, "method_strip": True})
        before = metrics(app)
        app.toggle(key="present").set_value(True).run()
        assert not app.exception
        assert metrics(app) == before
        assert not [name for name in NAMES.values() if name in words(app)]
        assert len(charts(app)) == 3


class TestOthers:
    def test_a_delegate_sees_own_figures(self, on_towns):
        app = visit(PROFILE, **{"as": "Delegate at a workshop", "org": NAMES[OWN]})
        assert metrics(app)[0] == ("Overall level", "1")
        assert len(charts(app)) == 3

    @pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PUBLIC])
    def test_others_see_medians_alone(self, on_towns, towns, role):
        app = visit(PROFILE, role, org=NAMES[OWN])
        assert not app.exception
        assert not metrics(app)
        functions, radar = charts(app)
        assert all(row["own"] is None and row["previous"] is None for row in rows(functions))
        assert all(row["median"] is not None for row in rows(functions))
        assert {row["line"] for row in dataset(radar, "lines")} == {"median", "q1", "q3", "band"}
        assert "This organisation" not in functions.proto.spec + radar.proto.spec
        said = words(app)
        assert "The national median of overall levels is" in said
        assert "Our answer" not in said
        assert "No organisation is chosen" not in said
        assert not [name for name in NAMES.values() if name in said]
        app.get_by_key("part").select("diagonals").run()
        points = rows(charts(app)[2])
        medians = [one.level.median.value / 3 for one in view_of(towns).functions]
        assert [one["x"] for one in points] == [
            median
            for median, one in zip(medians, view_of(towns).functions, strict=True)
            if one.commitment.median.value is not None
        ]
        app.get_by_key("part").select("change").run()
        assert "No organisation is chosen." in words(app)

    def test_the_operator_chooses_anybody(self, on_towns):
        app = visit(PROFILE, org=NAMES[ELSEWHERE])
        assert metrics(app)[0][0] == "Overall level"
        app.selectbox(key="org").select(OWN).run()
        assert metrics(app)[0] == ("Overall level", "1")

    def test_who_submitted_nothing_sees_why_and_the_medians(self, on_towns):
        app = as_member(LATECOMER)
        assert not metrics(app)
        assert "No assessment was submitted in this round. The national median" in words(app)
        functions, _radar = charts(app)
        assert all(row["own"] is None for row in rows(functions))
        assert [row["previous"] for row in rows(functions)] == [1, 1, 1]


def test_a_round_without_assessments_names_those_that_have_some(on_towns):
    app = as_member(round="2024")
    [said] = [one.value for one in app.info]
    assert said.replace("\\", "") == (
        "No assessment of digital maturity was submitted in round 2024. There are some in: 2026, 2025."
    )
    assert not charts(app)


def test_nonsense_in_the_address_falls_back_to_what_is_usual(on_towns):
    usual = as_member()
    app = as_member(measure="weight", function="<b>", part="../..", aspect="LEAD1a")
    assert not app.exception
    assert words(app) == words(usual)


def test_names_with_markup_stay_words(tmp_path):
    nasty = "**Town** [x](http://e.com) <b>"
    store = make_store(tmp_path, organisations=(make_organisation("X00", name=nasty),))
    write_assessed(store, {"2026": {"X00": NOW}}, closed=("2026",))
    store.close()
    with serving(store.path):
        app = visit(PROFILE, org=nasty)
        assert metrics(app)[0] == ("Overall level", "1")
        assert nasty in re.sub(r"\\(.)", r"\1", " ".join(one.value for one in app.markdown)).replace(
            "\u2060", ""
        )
        assert all(row["median"] is None and row["q1"] is None for row in rows(charts(app)[0]))
        assert "Too few organisations." in words(app)
