"""The charts of digital maturity: valid, without data, a cue beside every colour, labels whole on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from math import atan2, hypot, pi
from textwrap import wrap
from typing import Any

import altair as alt
import pytest
import vl_convert

from improve.charts import (
    DARK,
    LIGHT,
    MaturityRowsWords,
    Plane,
    QuadrantWords,
    RadarWords,
    StripWords,
    as_png,
    as_svg,
    labelled,
    maturity_rows_spec,
    outlines,
    quadrant_spec,
    radar_spec,
    strip_spec,
)
from improve.charts.maturity import _tones
from improve.charts.theme import contrast, look
from improve.instruments import read_library, say

NAMES = tuple(say(one.name) for one in read_library().get("dma").functions)
LABELS = tuple("\n".join(wrap(name, 13, break_on_hyphens=False)) for name in NAMES)
RINGS = tuple(float(level) for level in range(1, 6))
TICKS = ((0.0, "none"), *((ring, f"L{ring:g}") for ring in RINGS))
RADAR = RadarWords("Level reached", "Own", "Last time", "National median", "Middle half")
ROWS = MaturityRowsWords("Level reached", "Own", "Last time", "National median", "Middle half", "Wales")
STRIP = StripWords("Criteria met", "All", "Some", "None", "Hole", "Reached")
LOOKS = (("light", "screen"), ("dark", "present"))


def radar(mode="light", size="screen", words=RADAR, labels=LABELS):
    return radar_spec(words, 5.0, RINGS, labels, mode, size)


def dot_rows(mode="light", size="screen", rows=2, lines=1, words=ROWS):
    return maturity_rows_spec(words, 5.0, TICKS, rows, lines, mode, size)


def strip(mode="light", size="screen", rows=1, lines=1, words=STRIP):
    return strip_spec(words, rows, 3, lines, mode, size)


def specs() -> Iterator[Any]:
    for mode, size in LOOKS:
        yield pytest.param(partial(radar, mode, size), id=f"radar-{mode}-{size}")
        yield pytest.param(partial(dot_rows, mode, size), id=f"rows-{mode}-{size}")
        yield pytest.param(partial(strip, mode, size), id=f"strip-{mode}-{size}")


def spoke(order, **facts):
    plain = dict.fromkeys(("own", "previous", "median", "q1", "q3", "cohort_median"))
    return {
        "order": order,
        "row": f"F{order}",
        "label": LABELS[order],
        "lines": f"Function {order}",
        "note": "level 2",
        "sentence": f"Sentence {order}.",
        "chosen": False,
        **plain,
        **facts,
    }


def spokes(**facts):
    """All spokes with a value each: a sequence is one for each spoke, else one for all."""
    return [
        spoke(
            order, **{key: value[order] if isinstance(value, list) else value for key, value in facts.items()}
        )
        for order in range(len(LABELS))
    ]


def radar_data(rows):
    rings = [{"value": ring, "label": f"{ring:g}"} for ring in RINGS]
    return {"spokes": rows, "lines": outlines(rows), "rings": rings}


def cell(level, met, applicable, **facts):
    return {
        "order": 0,
        "row": "F0",
        "level": level,
        "share": met / applicable if applicable else None,
        "text": f"{met}/{applicable}" if applicable else "n/a",
        "is_hole": False,
        "sentence": f"Cell {level}.",
        **facts,
    }


def strip_data(*cells, reached=1):
    function = {"order": 0, "row": "F0", "lines": "Function", "reached": reached, "chosen": False}
    levels = [{"level": level, "label": str(level), "name": f"Stage {level}"} for level in (1, 2, 3)]
    return {"functions": [function], "cells": list(cells), "levels": levels}


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from parts(child)


def svg(spec, datasets, width=1000):
    return vl_convert.vegalite_to_svg({**spec, "width": width, "datasets": datasets}, allowed_base_urls=[])


def plot(drawn: str) -> str:
    """A picture without its key."""
    return re.sub(r'<g class="mark-group role-legend".*', "", drawn)


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_valid_without_data_and_every_mark_speaks_or_is_silent(spec):
    alt.LayerChart.validate(spec)
    for part in parts(spec):
        assert "datasets" not in part
        assert "url" not in part
        assert "values" not in part or "orient" in part
    json.dumps(spec)
    for layer in spec["layer"]:
        speaks = "description" in layer["encoding"]
        assert speaks != (layer["mark"].get("aria") is False), layer["mark"]
        assert speaks == ("tooltip" in layer["mark"])
    [selection] = [part for part in spec["params"] if part["name"] == "aspect"]
    assert selection["select"]["fields"] == ["row"]


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_draws_without_rows_at_both_widths(spec):
    names = {part["data"]["name"] for part in parts(spec) if "name" in part.get("data", {})}
    for width in (340, 1000):
        assert f'width="{width}"' in svg(spec, {name: [] for name in names}, width)


# ── Radar ──────────────────────────────────────────────────────────────────────────────────────


def vertices(drawn, stroke, width):
    """The vertices of the lines of a colour and width, in the plot's pixels."""
    found = re.findall(r'<path [^>]*d="(M[^"]+)"[^>]*>', drawn)
    marks = [
        one
        for one in re.findall(r"<path [^>]*>", drawn)
        if f'stroke="{stroke}" stroke-width="{width}"' in one
    ]
    assert found
    return [
        [
            tuple(map(float, at))
            for at in re.findall(r"[ML]([-\d.]+),([-\d.]+)", re.search(r' d="([^"]+)"', one)[1])
        ]
        for one in marks
        if re.search(r' d="M[-\d.]+,[-\d.]+L', one)
    ]


def around(points, centre):
    """Distances from the centre and angles clockwise from the top, in turns."""
    out = [hypot(x - centre[0], y - centre[1]) for x, y in points]
    turns = [(atan2(x - centre[0], centre[1] - y) / (2 * pi)) % 1 for x, y in points]
    return out, turns


@pytest.mark.parametrize("width", [340, 440, 1000])
def test_the_plane_is_square_and_values_lie_on_their_spokes(width):
    drawn = plot(svg(radar(), radar_data(spokes(own=[5, 1, 2, 3, 4, 5, 1, 2, 3])), width))
    rings = vertices(drawn, LIGHT.edge, "0.5")
    assert [len(ring) for ring in rings] == [9] * 5
    top = rings[4][0]
    radius = (rings[4][0][1] - rings[0][0][1]) / -4 * 5
    centre = (top[0], top[1] + radius)
    for level, ring in zip(RINGS, rings, strict=True):
        out, turns = around(ring, centre)
        assert out == pytest.approx([radius * level / 5] * 9, abs=0.6)
        assert turns == pytest.approx([place / 9 for place in range(9)], abs=0.005)
    [own] = vertices(drawn, LIGHT.focus, "3")
    out, turns = around(own, centre)
    assert [one / radius * 5 for one in out] == pytest.approx([5, 1, 2, 3, 4, 5, 1, 2, 3, 5], abs=0.1)


def test_profiles_differ_by_their_dashes_too_and_nothing_but_the_band_is_filled():
    drawn = plot(svg(radar(), radar_data(spokes(own=4, previous=1, median=3, q1=2, q3=4))))
    styles = {
        stroke: re.findall(rf'<path [^>]*stroke="{stroke}" stroke-width="{width}"[^>]*>', drawn)
        for stroke, width in ((LIGHT.focus, 3), (LIGHT.median, 2), (LIGHT.last, 2))
    }
    dashes = {
        stroke: {dash for one in found for dash in re.findall(r'stroke-dasharray="([^"]+)"', one)}
        for stroke, found in styles.items()
    }
    # The dots of last time have no dash; its line has.
    assert dashes == {LIGHT.focus: {"1,0"}, LIGHT.median: {"6,4"}, LIGHT.last: {"1,4"}}
    filled = re.findall(r'<path [^>]*d="M[-\d.]+,[-\d.]+L[^>]*fill="(#\w+)"[^>]*>', drawn)
    assert set(filled) == {LIGHT.band}


def test_an_outline_is_broken_where_nothing_is_known():
    rows = spokes(own=[1, 2, None, 4, 5, None, 1, 2, 3], median=2, q1=1, q3=[3, 3, None, 3, 3, 3, 3, 3, 3])
    found = outlines(rows)
    own = [(one["part"], one["order"]) for one in found if one["line"] == "own"]
    assert own == [(1, 3), (1, 4), (2, 6), (2, 7), (2, 8), (2, 0), (2, 1)]
    assert [one["order"] for one in found if one["line"] == "median"] == [*range(9), 0]
    assert {one["part"] for one in found if one["line"] == "band"} == {0, *range(3, 9)}
    assert not [one for one in found if one["line"] == "previous"]
    drawn = plot(svg(radar(), radar_data(rows)))
    assert sorted(len(one) for one in vertices(drawn, LIGHT.focus, "3")) == [2, 5]
    assert outlines([]) == []


def texts(drawn):
    """Each text with its place, its anchor and its size."""
    start = r'<text text-anchor="(\w+)" transform="translate\(([-\d.]+),([-\d.]+)\)[^"]*"'
    found = re.findall(start + r'[^>]*font-size="([\d.]+)px"[^>]*>(.*?)</text>', drawn)
    for anchor, x, y, size, inner in found:
        lines = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", inner) or [inner]
        yield anchor, float(x), float(y), float(size), lines


@pytest.mark.parametrize(
    ("width", "size"), [(330, "screen"), (340, "screen"), (440, "screen"), (1000, "present")]
)
def test_every_spoke_is_labelled_whole_and_inside_the_picture(width, size):
    drawn = svg(radar(size=size), radar_data(spokes(own=3)), width)
    assert "…" not in drawn
    shown = [one for one in texts(drawn) if "\n".join(one[4]) in LABELS]
    assert [" ".join(one[4]) for one in shown] == list(NAMES)
    offset = float(re.search(r'<g transform="translate\(([-\d.]+),', drawn)[1])
    for anchor, x, _y, points, lines in shown:
        # Letters are half as wide as high, on average.
        extent = max(len(line) for line in lines) * points * 0.5
        left = x + offset - {"start": 0, "middle": extent / 2, "end": extent}[anchor]
        assert left >= -1
        assert left + extent <= width + 1


def test_longer_labels_leave_a_smaller_radar():
    def radius(labels):
        drawn = plot(svg(radar(labels=labels), radar_data(spokes(own=3)), 440))
        rings = vertices(drawn, LIGHT.edge, "0.5")
        return (rings[0][0][1] - rings[4][0][1]) / 4 * 5

    assert radius(LABELS) > radius(tuple(label + "longer" for label in LABELS)) > 60


# ── Rows ───────────────────────────────────────────────────────────────────────────────────────


FULL = {"own": 3, "previous": 1, "median": 2, "q1": 1, "q3": 4, "cohort_median": 2.5}


def test_what_is_missing_is_not_drawn():
    marks = {
        "own": f'fill="{LIGHT.focus}" stroke="{LIGHT.background}"',
        "previous": f'stroke="{LIGHT.last}" stroke-width="1.8"',
        "median": f'stroke="{LIGHT.median}" stroke-width="3"',
        "q1": f'fill="{LIGHT.band}" stroke="{LIGHT.edge}"',
        "cohort_median": f'stroke="{LIGHT.cohort}" stroke-width="2.2"',
    }

    def drawn(**facts):
        picture = plot(svg(dot_rows(rows=1), {"rows": [spoke(0, **{**FULL, **facts})]}))
        return {name for name, mark in marks.items() if mark in picture}

    assert drawn() == set(marks)
    assert drawn(**dict.fromkeys(FULL)) == set()
    for name in marks:
        assert drawn(**{name: None}) == set(marks) - {name}


def test_last_time_stands_around_the_dot_where_nothing_has_changed():
    def ring(previous):
        picture = plot(svg(dot_rows(rows=1), {"rows": [spoke(0, own=3, previous=previous)]}))
        [path] = re.findall(rf'd="M([\d.]+),[^"]*"[^>]*stroke="{LIGHT.last}" stroke-width="1.8"', picture)
        [dot] = re.findall(rf'd="M([\d.]+),[^"]*" fill="{LIGHT.focus}"', picture)
        return float(path) - float(dot)

    assert ring(3) > 2
    assert ring(1) < 0


@pytest.mark.parametrize("width", [340, 1000])
def test_a_row_says_its_words_and_the_axis_its_ticks(width):
    drawn = svg(dot_rows(rows=2, lines=2), {"rows": [spoke(0, **FULL, lines="Two\nlines"), spoke(1)]}, width)
    assert drawn.count('aria-label="Sentence 0."') == drawn.count('aria-label="Sentence 1."') == 1
    for text in ("Two", "lines", "Function 1", "level 2", "none", "L1", "L5"):
        assert f">{text}<" in drawn
    assert all(f">{text}<" in drawn for text in ("Own", "Last time", "Middle half", "Wales"))


def test_as_high_as_its_rows():
    def grown(width, lines=1):
        heights = [
            re.findall(r'height="([\d.]+)"', svg(dot_rows(rows=rows, lines=lines), {"rows": []}, width))[0]
            for rows in (1, 2)
        ]
        return float(heights[1]) - float(heights[0])

    assert grown(1000) == pytest.approx(44, abs=1)
    assert grown(1000, lines=2) == pytest.approx(61, abs=1)
    assert grown(340) == pytest.approx(70, abs=1)


# ── Heat strip ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_each_cell_has_its_share_in_words_that_can_be_read_on_its_colour(mode):
    tones = _tones(look(mode, "screen"))
    assert len({fill for fill, _text in tones}) == 3
    for fill, text in tones:
        assert contrast(fill, text) >= 4.5
    drawn = plot(svg(strip(mode), strip_data(cell(1, 2, 2), cell(2, 1, 2), cell(3, 0, 2))))
    cells = re.findall(r'h[\d.]+v[\d.]+h[-\d.]+Z" fill="(#\w+)" stroke="(#\w+)" stroke-width="1"', drawn)
    assert [fill for fill, _stroke in cells] == [fill for fill, _text in reversed(tones)]
    for label, (_fill, text) in zip(("2/2", "1/2", "0/2"), reversed(tones), strict=True):
        assert re.search(rf'fill="{text}"[^>]*>{label}<', drawn)


def test_nothing_applicable_has_no_colour_of_a_share():
    palette = LIGHT
    drawn = plot(svg(strip(), strip_data(cell(1, 0, 0), cell(2, 2, 2))))
    assert re.search(rf'fill="{palette.muted}"[^>]*>n/a<', drawn)


def test_a_hole_has_a_dashed_frame_and_the_level_reached_a_bar():
    cells = (cell(1, 2, 2), cell(2, 1, 2, is_hole=True), cell(3, 2, 2))
    drawn = plot(svg(strip(), strip_data(*cells)))
    [hole] = re.findall(rf'd="M([\d.]+),[\d.]+h([\d.]+)[^>]*stroke="{LIGHT.lower}"[^>]*>', drawn)
    assert f'stroke="{LIGHT.lower}" stroke-width="3" stroke-dasharray="6,3"' in drawn
    columns = re.findall(
        r'd="M([\d.]+),[\d.]+h([\d.]+)[^"]*" fill="#\w+" stroke="#\w+" stroke-width="1"', drawn
    )
    starts = [float(start) for start, _width in columns]
    assert starts[1] < float(hole[0]) < starts[1] + 6
    bars = re.findall(
        rf'translate\(([\d.]+),[-\d.]+\)" x2="0" y2="[\d.]+" stroke="{LIGHT.text}" stroke-width="4"', drawn
    )
    # Between the first column and the second: level 1 is reached.
    assert [float(bar) for bar in bars] == pytest.approx([starts[1] - 2], abs=1)
    [low] = re.findall(
        rf'translate\(([\d.]+),[-\d.]+\)" x2="0" y2="[\d.]+" stroke="{LIGHT.text}" stroke-width="4"',
        plot(svg(strip(), strip_data(*cells, reached=0))),
    )
    assert float(low) < starts[0]
    none = plot(svg(strip(), strip_data(cell(1, 2, 2), reached=None)))
    assert LIGHT.lower not in none
    assert 'stroke-width="4"' not in none


def test_levels_have_their_names_where_there_is_room():
    data = strip_data(cell(1, 2, 2))
    assert ">Stage 2<" in svg(strip(), data, 1000)
    phone = svg(strip(), data, 340)
    assert ">Stage 2<" not in phone
    assert ">2<" in phone
    assert phone.count('aria-label="Cell 1."') == 1


# ── The diagonal picture, taking to the files, words ───────────────────────────────────────────


def test_the_diagonal_joins_two_scales_with_words_at_their_ticks():
    plane = Plane(
        (0.0, 1.0), (0.0, 1.0), None, None, ((0.0, "none"), (1.0, "top")), ((0.5, "half"), (1.0, "whole"))
    )
    words = QuadrantWords("Decided against reached", "Reached →", "Decided →", "as much")
    nothing = dict.fromkeys(
        (
            "certainty",
            "x_national",
            "y_national",
            "x_before",
            "y_before",
            "x_low",
            "x_high",
            "y_low",
            "y_high",
        )
    )
    point = {
        "row": "F",
        "label": "Function",
        "number": "1",
        "x": 0.4,
        "y": 0.6,
        "sentence": "S.",
        "chosen": False,
    }
    points = labelled([{**nothing, **point, "is_first": False}], plane, "screen")
    drawn = svg(quadrant_spec(words, plane, "light", "screen"), {"points": points}, 600)
    assert all(f">{text}<" in drawn for text in ("none", "top", "half", "whole", "Function"))
    assert ">0.5<" not in drawn
    [across] = re.findall(r'x2="([\d.]+)" y2="(-[\d.]+)"[^>]*stroke-dasharray="3,4"', plot(drawn))
    grid = {float(one) for one in re.findall(r'x2="([\d.]+)" y2="0" stroke="' + LIGHT.line, drawn)}
    assert float(across[0]) == pytest.approx(max(grid), abs=70)


@pytest.mark.parametrize(
    ("spec", "datasets"),
    [
        (radar(), radar_data(spokes(own=3, median=2, q1=1, q3=4))),
        (dot_rows(rows=1), {"rows": [spoke(0, **FULL)]}),
        (strip(), strip_data(cell(1, 1, 2))),
    ],
    ids=["radar", "rows", "strip"],
)
def test_a_picture_to_take_away_is_made_without_a_network(spec, datasets):
    drawn = as_svg(spec, datasets, 1000, "Heading", footer=["Source"])
    assert "Source" in drawn
    assert "NaN" not in drawn
    assert as_png(spec, datasets, 600, "Heading").startswith(b"\x89PNG")


def test_the_key_names_only_what_is_there_and_words_stay_words():
    nasty = '"]); alert(1)//<b>\\'
    for spec, data in (
        (radar(words=RadarWords(nasty, median=nasty)), radar_data(spokes(median=2))),
        (dot_rows(words=MaturityRowsWords(nasty, median=nasty)), {"rows": []}),
        (strip(words=StripWords(nasty, whole=nasty)), strip_data()),
    ):
        drawn = svg(spec, data)
        assert drawn.count("alert(1)//&lt;b&gt;\\") >= 2
        assert "<b>" not in drawn
        assert drawn.count("role-legend-label") == 1
    bare = svg(radar(words=RadarWords("x")), radar_data(spokes()))
    assert "role-legend-label" not in bare


def test_specs_are_kept():
    assert radar() is radar()
    assert dot_rows() is dot_rows()
    assert strip() is strip()
    assert DARK.background in json.dumps(radar("dark"))
