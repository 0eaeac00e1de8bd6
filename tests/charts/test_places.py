"""The deck's JSON, and the specs of hexagons and of the map as a picture."""

from __future__ import annotations

import json
import re
from typing import Any

import altair as alt
import pytest
import vl_convert

from improve.charts import (
    DARK,
    LIGHT,
    Dot,
    Dots,
    Mode,
    PlacesWords,
    deck,
    hexagons_spec,
    outlines_spec,
    places_key_spec,
    view_of,
)
from improve.charts.places import MAP_HEIGHT, colours, land_colour, uncrowded
from improve.charts.theme import contrast
from tests.charts.test_spec import parts

WORDS = PlacesWords("Numbers: medians", (("survey", "Survey"), ("both", "Both"), ("none", "Neither")))
DOTS = Dots(
    (
        Dot("X1", -3.1, 51.5, 300_000, "survey", "Wales", "One"),
        Dot("X2", -1.5, 52.5, 90_000, "none", "England", "Two"),
    )
)
UK = (-8.0, 50.1, 1.7, 60.4)
MODES: tuple[Mode, ...] = ("light", "dark")


def layers(drawn: Any) -> dict[str, Any]:
    return {one["id"]: one for one in json.loads(drawn.to_json())["layers"]}


def drawn_deck(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "dots": DOTS,
        "by": "part",
        "land": "/geo/land.json?v=1",
        "view": view_of(UK),
        "areas": [
            {
                "row": "nation:Wales",
                "lon": -7.4,
                "lat": 52.8,
                "to_lon": -3.5,
                "to_lat": 52.3,
                "label": "Wales 5.3",
                "sentence": "Wales.",
                "is_above": False,
            }
        ],
        "own": [{"lon": -3.1, "lat": 51.5, "population": 300_000, "label": "One 5.12"}],
        "chosen": [],
        "names": [],
        "mode": "light",
        "size": "screen",
    }
    return deck(**{**given, **changes})


def test_the_deck_asks_nobody_else_for_anything() -> None:
    text = drawn_deck().to_json()
    assert "http" not in text
    # Any other style would have Streamlit fetch tiles.
    assert json.loads(text)["mapStyle"] == "__MAP_STYLE__"
    assert layers(drawn_deck())["land"]["data"] == "/geo/land.json?v=1"


def test_dots_and_labels_can_be_chosen_and_speak() -> None:
    found = layers(drawn_deck())
    assert {key for key, one in found.items() if one["pickable"]} == {"dots", "areas"}
    assert [one["sentence"] for one in found["dots"]["data"]] == ["One", "Two"]
    assert found["areas"]["data"][0]["row"] == "nation:Wales"


def test_who_takes_part_is_filled_and_the_rest_is_a_faint_ring() -> None:
    filled, faint = (one["properties"] for one in layers(drawn_deck())["marks"]["data"])
    # A stroke as wide as the radius, around half of it, is a disc.
    assert filled["w"] == pytest.approx(2 * filled["r"])
    assert faint["w"] < faint["r"] / 2
    # Whoever points at the hole of a mark points at its disc.
    discs = layers(drawn_deck())["dots"]["data"]
    assert [one["c"][3] for one in discs] == [255, 0]
    assert all(disc["r"] > mark["r"] for disc, mark in zip(discs, (filled, faint), strict=True))


def test_names_that_would_cover_another_are_left_out() -> None:
    def named(label: str, lon: float, population: int) -> dict[str, Any]:
        return {"label": label, "lon": lon, "lat": 51.5, "population": population}

    labels = [named("Small", -0.101, 10), named("Large", -0.1, 1000), named("Far", 0.4, 10)]
    found = uncrowded(labels, view_of((-0.5, 51.3, 0.5, 51.7)))
    assert [one["label"] for one in found] == ["Large", "Far"]


@pytest.mark.parametrize("mode", MODES)
def test_nothing_fades_when_something_is_chosen(mode: Mode) -> None:
    """Streamlit lowers the fill of all that is not chosen to an opacity of 102."""
    found = layers(drawn_deck(mode=mode))
    assert found["land"]["getFillColor"][3] <= 102
    assert found["lines"]["getColor"][3] <= 102
    for one in ("marks", "own_ring", "chosen_ring"):
        # Of GeoJSON it lowers the fill alone.
        assert found[one]["@@type"] == "GeoJsonLayer"
        assert found[one]["filled"] is False
    assert "getColor" not in found["areas"]
    background = LIGHT.background if mode == "light" else DARK.background
    seen = [
        round(part * 0.4 + below * 0.6)
        for part, below in zip(found["land"]["getFillColor"][:3], bytes.fromhex(background[1:]), strict=True)
    ]
    assert seen == pytest.approx(list(bytes.fromhex(land_colour(mode)[1:])), abs=2)


@pytest.mark.parametrize("mode", MODES)
def test_marks_stand_out_on_land_and_sea(mode: Mode) -> None:
    palette = LIGHT if mode == "light" else DARK
    for by in ("part", "nation"):
        for kind, colour in colours(by, mode).items():
            assert contrast(colour, palette.background) >= 3, kind
            # Who takes no part is faint on purpose; the table says it too.
            assert kind == "none" or contrast(colour, land_colour(mode)) >= 3, kind


def test_a_box_is_shown_whole_on_a_phone() -> None:
    view = view_of(UK)
    pixels = 512 * 2 ** view["zoom"]
    assert (UK[2] - UK[0]) / 360 * pixels < 350
    assert 0.33 / 6.283 * pixels < MAP_HEIGHT
    assert view_of((-0.4, 51.3, 0.2, 51.7))["zoom"] > view["zoom"] + 2


def specs() -> list[Any]:
    return [
        pytest.param(spec, id=f"{name}-{mode}-{size}")
        for mode in MODES
        for size in ("screen", "present")
        for name, spec in (
            ("hexagons", hexagons_spec(WORDS, "part", 5, 6, mode, size)),
            ("outlines", outlines_spec(WORDS, "part", mode, size)),
            ("key", places_key_spec(WORDS, "part", mode, size)),
        )
    ]


@pytest.mark.parametrize("spec", specs())
def test_valid_and_without_data(spec: dict[str, Any]) -> None:
    alt.LayerChart.from_dict(spec, validate=True)
    assert not any("values" in part or "datasets" in part or "url" in part for part in parts(spec))
    for layer in spec["layer"]:
        speaks = "description" in layer["encoding"] if "encoding" in layer else False
        assert speaks != (layer["mark"].get("aria") is False), layer["mark"]


def test_a_hexagon_per_council_and_each_says_who_it_is() -> None:
    rows = [
        {
            "row": f"X{at}",
            "x": at,
            "y": 0,
            "part": part,
            "nation": "Wales",
            "chosen": at == 1,
            "sentence": f"Council {at}.",
        }
        for at, part in enumerate(("survey", "both", "none"))
    ]
    areas = [{"x": 1.0, "y": 0.0, "label": "North\nWest", "wide": 5, "tall": 2, "value": "5.1"}]
    datasets = {"rows": rows, "areas": areas, "borders": [], "own": [{"x": 0, "y": 0, "label": "Own 5.12"}]}
    spec = {**hexagons_spec(WORDS, "part", 3, 1, "light", "screen"), "width": 700, "datasets": datasets}
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    assert re.findall(r'aria-label="(Council \d\.)"', svg) == ["Council 0.", "Council 1.", "Council 2."]
    for text in ("North", "West", "5.1", "Own 5.12", "Survey", "Both", "Neither"):
        assert f">{text}<" in svg, text
