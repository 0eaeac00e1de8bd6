"""The Map page: choosing on it, what it carries to other pages, and whom it names."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from improve.model import Role
from improve.store import open_round, write_boundaries
from tests.factory import CARDIFF, make_store
from tests.pages.conftest import MAP, SCORES, charts, serving, visit, words

CHOSEN = {"place": "DW01"}
LONG = "Llanfairgerwyn-y-Mynydd"


def deck(app: AppTest) -> dict:
    """The layers of the deck by their ids."""
    (found,) = app.get("deck_gl_json_chart")
    return {one["id"]: one for one in json.loads(found.proto.json)["layers"]}


def everything(app: AppTest) -> str:
    """All that the browser is sent."""
    decks = [one.proto.json for one in app.get("deck_gl_json_chart")]
    return " ".join([words(app), *decks, *(str(one.options) for one in app.radio)])


def buttons(app: AppTest) -> dict:
    return {one.key: one for one in app.button}


def test_a_member_finds_the_own_organisation_with_its_figure(on_demonstration):
    app = visit(MAP)
    (own,) = deck(app)["names"]["data"]
    assert own["label"].startswith("Ardudfryn 5.")
    assert len(deck(app)["dots"]["data"]) == 96
    assert "Wales 5.3" in [one["label"] for one in deck(app)["areas"]["data"]]
    assert app.get("deck_gl_json_chart")[0].proto.alt
    assert [one.value for one in app.header] == ["Who takes part, and where", "Nations and regions"]


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.FACILITATOR])
def test_without_an_organisation_no_council_has_a_figure(on_demonstration, role):
    app = visit(MAP, role)
    assert "names" not in deck(app)
    assert "Overall score" not in [one.label for one in app.metric]
    app.session_state["place"] = "DW07"
    assert "show_place" not in buttons(app.run())


def test_what_is_chosen_goes_along_to_every_page(on_demonstration):
    app = visit(MAP, state=CHOSEN)
    assert f"**{LONG}**" in words(app)
    assert [one["label"] for one in deck(app)["names"]["data"]][1] == LONG
    # A member may not look at another organisation, but compare with its nation.
    assert set(buttons(app)) & {"compare_nation", "compare_region", "show_place"} == {"compare_nation"}
    buttons(app)["compare_nation"].click().run()
    assert app.selectbox(key="cohort").value == "nation:Wales"
    assert "Compared with Wales" in words(app)
    app.switch_page(str(SCORES)).run()
    assert "compared with Wales" in words(app)


def test_an_operator_shows_the_organisation_chosen(on_demonstration):
    app = visit(MAP, Role.OPERATOR)
    app.session_state["place"] = "DW01"
    app.run()
    buttons(app)["show_place"].click().run()
    assert app.selectbox(key="org").value == "DW01"
    assert "show_place" not in buttons(app)
    assert deck(app)["names"]["data"][0]["label"].startswith(LONG + " ")


def test_a_group_that_is_not_offered_says_why(on_demonstration):
    app = visit(MAP)
    northern = next(one for one in deck(app)["dots"]["data"] if "Northern Ireland" in one["sentence"])
    app.session_state["place"] = northern["row"]
    app.run()
    assert "Northern Ireland cannot be compared with. Too few organisations." in words(app)
    assert "compare_nation" not in buttons(app)


def test_the_search_narrows_the_list(on_demonstration):
    app = visit(MAP)
    assert len(app.radio(key="places").options) == 96
    app.text_input(key="find_place").input("mynydd").run()
    assert app.radio(key="places").options == [LONG.replace("-", "\\-")]
    app.radio(key="places").set_value("DW01").run()
    assert f"**{LONG}**" in words(app)
    app.text_input(key="find_place").input("scotland").run()
    assert app.radio(key="places").value is None
    assert len(app.radio(key="places").options) == 7
    # What is chosen stays chosen, though the list does not show it.
    assert f"**{LONG}**" in words(app)
    app.text_input(key="find_place").input("<b>nobody").run()
    assert not app.radio
    assert not app.exception
    buttons(app)["forget_place"].click().run()
    assert LONG not in words(app)


def test_zooming_and_colours(on_demonstration):
    app = visit(MAP)
    whole = json.loads(app.get("deck_gl_json_chart")[0].proto.json)["initialViewState"]
    app.segmented_control(key="zoom").set_value("region:London").run()
    near = json.loads(app.get("deck_gl_json_chart")[0].proto.json)["initialViewState"]
    assert near["zoom"] > whole["zoom"] + 2
    assert [one["row"] for one in deck(app)["areas"]["data"]] == ["region:London"]
    assert 4 <= len(deck(app)["small_names"]["data"]) <= 8
    app.segmented_control(key="colour").set_value("nation").run()
    assert len({tuple(one["properties"]["c"]) for one in deck(app)["marks"]["data"]}) == 4


def test_the_hexagons_say_the_same(on_demonstration, downloads):
    app = visit(MAP, picture="Hexagons", state=CHOSEN)
    assert not app.get("deck_gl_json_chart")
    assert charts(app)[0].proto.alt == app.get("vega_lite_chart")[0].proto.alt
    rows = downloads["csv_map"]().decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Council,Code,Kind,")
    assert sum(row.startswith(LONG + ",") for row in rows) == 1
    svg = downloads["svg_map"]()
    assert svg.count("takes part: ") == 96
    assert "Demonstration data" in svg


@pytest.mark.parametrize("picture", ["Map", "Hexagons"])
def test_presenting_names_nobody(on_demonstration, downloads, picture):
    app = visit(MAP, present="true", shown_org="DW07", picture=picture, state=CHOSEN)
    assert not app.exception
    told = everything(app) + downloads["csv_map"]().decode("utf-8-sig") + downloads["svg_map"]()
    for name in ("Ardudfryn", LONG, "Abergwenlas"):
        assert name not in told
    assert not app.radio
    assert not app.text_input
    if picture == "Map":
        # Where one's own mark lies would name it, too.
        assert "names" not in deck(app)
        assert deck(app)["own_ring"]["data"] == []
        assert len(deck(app)["dots"]["data"]) == 96


def test_an_open_round_of_real_councils_shows_them_all(tmp_path):
    store = make_store(tmp_path)
    open_round(store, "2026")
    store.close()
    with serving(tmp_path / "store.duckdb"):
        app = visit(MAP)
        assert not app.exception
        assert len(deck(app)["dots"]["data"]) == 382
        assert "0 of 382 councils take part in round 2026 so far." in words(app)
        assert "Open Government Licence" in words(app)
        app.segmented_control(key="picture").set_value("hexagons").run()
        assert app.segmented_control(key="layout").value == "lower"
        assert not app.exception


def test_areas_are_drawn_where_an_operator_loaded_them(tmp_path):
    store = make_store(tmp_path)
    open_round(store, "2026")
    square = "[[[[-3.2,51.4],[-3.1,51.4],[-3.1,51.5],[-3.2,51.4]]]]"
    write_boundaries(store, {CARDIFF: square}, "areas <b>.json", "0" * 64)
    store.close()
    with serving(tmp_path / "store.duckdb"):
        layer = deck(visit(MAP))["boundaries"]
    assert layer["data"] == "/geo/boundaries.json?v=" + "0" * 12
    assert layer["getFillColor"].endswith("[('3')[properties.i]]")
