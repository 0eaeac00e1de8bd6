"""The readiness map as a chart: valid, without data, its scores written out, nothing by colour alone."""

from __future__ import annotations

import altair as alt
import pytest
import vl_convert

from improve.charts import LIGHT, MapShape, MapWords, readiness_map_spec
from improve.charts.theme import blend

SHAPE = MapShape(rows=2, columns=2, head=2, label=1, has_foot=True)
ROWS = [
    {"order": 0, "label": "Ours", "lines": "Ours", "note": "our own", "is_own": True},
    {"order": 1, "label": "Theirs", "lines": "Theirs", "note": "not completed", "is_own": False},
]
COLUMNS = [
    {"column": 0, "lines": "Shared\nvision", "foot": "10 – 80", "flag": "▲ far apart", "chosen": False},
    {"column": 1, "lines": "Risk", "foot": "", "flag": "", "chosen": True},
]


def cell(order, column, **facts):
    plain = {"order": order, "column": column, "row": "VIS", "step": None, "text": "–", "note": ""}
    return {**plain, "sentence": f"Sentence {order}{column}.", **facts}


CELLS = [
    cell(0, 0, step=4, text="87", note="60 – 90"),
    cell(0, 1, step=0, text="12"),
    cell(1, 0),
    cell(1, 1),
]


def spec_of(mode="light", size="screen", shape=SHAPE, **words):
    return readiness_map_spec(MapWords("Score", foot="Range of partners", **words), shape, mode, size)


def svg(spec, width=1000, rows=ROWS, columns=COLUMNS, cells=CELLS):
    datasets = {"rows": rows, "columns": columns, "cells": cells}
    return vl_convert.vegalite_to_svg({**spec, "width": width, "datasets": datasets}, allowed_base_urls=[])


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("size", ["screen", "present"])
def test_valid_without_data_and_every_mark_speaks_or_is_silent(mode, size):
    spec = spec_of(mode, size)
    alt.LayerChart.validate(spec)
    assert "datasets" not in spec
    for layer in spec["layer"]:
        assert ("description" in layer.get("encoding", {})) != (layer["mark"].get("aria") is False), layer[
            "mark"
        ]
    for width in (358, 1000):
        assert f'width="{width}"' in svg(spec, width, [], [], [])


@pytest.mark.parametrize("width", [358, 1000])
def test_the_score_its_spread_and_the_range_are_written(width):
    drawn = svg(spec_of(), width)
    for text in ("87", "60 – 90", "12", "10 – 80", "▲ far apart", "our own", "not completed"):
        assert f">{text}<" in drawn
    for order in (0, 1):
        for column in (0, 1):
            assert drawn.count(f'aria-label="Sentence {order}{column}."') == 1


def test_who_has_not_answered_keeps_cells_without_a_colour():
    drawn = svg(spec_of())
    assert drawn.count('stroke-dasharray="3,3"') == 2
    assert drawn.count(">–<") == 2
    colours = [blend(LIGHT.background, LIGHT.band, LIGHT.high, place / 4) for place in range(5)]
    assert f'fill="{colours[4]}"' in drawn
    assert f'fill="{colours[2]}"' not in drawn


def test_long_notes_are_left_out_on_a_phone():
    shape = MapShape(rows=2, columns=2, head=2, label=1, note=1, has_small_notes=False)
    assert ">60 – 90<" in svg(spec_of(shape=shape))
    assert ">60 – 90<" not in svg(spec_of(shape=shape), 358)


def test_the_key_names_each_step_in_words():
    drawn = svg(spec_of(steps=tuple(f"step {place}" for place in range(5)), unknown="? unknown"))
    assert all(drawn.count(f">step {place}<") == 1 for place in range(5))
    key = drawn[drawn.index("role-legend") :]
    colours = [blend(LIGHT.background, LIGHT.band, LIGHT.high, place / 4) for place in range(5)]
    assert all(f'fill="{colour}"' in key for colour in colours)
    assert ">? unknown<" in drawn
    assert "role-legend-label" not in svg(spec_of())
