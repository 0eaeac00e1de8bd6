"""The quadrant chart, the priority list beside it, and the joint picture: specs and places of labels."""

import json
import re
from functools import partial

import altair as alt
import numpy as np
import pytest
import vl_convert
from hypothesis import example, given
from hypothesis import strategies as st

from improve.charts import (
    JointWords,
    Plane,
    PrioritiesWords,
    QuadrantWords,
    joint_spec,
    labelled,
    priorities_spec,
    quadrant_spec,
)
from improve.charts.quadrant import FONT, HEIGHT, MARGIN, NAMED, NARROWEST, WIDEST, placed
from improve.charts.theme import DARK, LIGHT, contrast, text_width

PLANE = Plane((4, 6.5), (5, 7), 5.0, 6.0)
WORDS = QuadrantWords(
    lines="Lines at the national median",
    x="Satisfaction →",
    y="Importance →",
    diagonal="importance = satisfaction",
    concentrate="Concentrate here",
    keep="Keep it up",
    low="Low priority",
    overkill="Possible overkill",
    first="Raise first",
    firmly="firmly in its quadrant",
    probably="probably",
    borderline="borderline",
    national="National position",
    before="Last round",
)
LIST = PrioritiesWords("Importance minus satisfaction", "Raise first", "Own gap", "interval", "National gap")
JOINT = JointWords("Share of people", "Satisfaction →", "Importance →")
LOOKS = [(mode, size) for mode in ("light", "dark") for size in ("screen", "present")]


def point(place, **changes):
    return {
        "row": f"A{place}",
        "label": f"Aspect {place}",
        "number": str(place),
        "x": 4.5 + 0.3 * place,
        "y": 6.5 - 0.3 * place,
        "certainty": ("firmly", "probably", "borderline")[place % 3],
        "is_first": False,
        "x_national": 5.1,
        "y_national": 6.1,
        "x_before": 4.4,
        "y_before": 6.2,
        "x_low": 4.4,
        "x_high": 4.7,
        "y_low": 6.3,
        "y_high": 6.6,
        "sentence": f"Sentence {place}.",
        "chosen": False,
        **changes,
    }


def row(order, **changes):
    return {
        "order": order,
        "row": f"A{order}",
        "label": f"{order}. Aspect",
        "place": "Keep it up (firmly)",
        "note": "1.2 (+0.3 wider)",
        "sentence": f"Sentence {order}.",
        "chosen": False,
        "gap": 1.2,
        "lower": 1.1,
        "upper": 1.3,
        "national": 0.9,
        "certainty": "firmly",
        "is_first": False,
        **changes,
    }


def specs():
    for mode, size in LOOKS:
        yield pytest.param(partial(quadrant_spec, WORDS, PLANE, mode, size), id=f"quadrant-{mode}-{size}")
        yield pytest.param(
            partial(priorities_spec, LIST, -0.5, 2, 20, mode, size), id=f"priorities-{mode}-{size}"
        )
        yield pytest.param(
            partial(joint_spec, JOINT, tuple(range(1, 8)), mode, size), id=f"joint-{mode}-{size}"
        )


def parts(node):
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from parts(child)


def svg(spec, datasets, width=800):
    return vl_convert.vegalite_to_svg({**spec, "width": width, "datasets": datasets}, allowed_base_urls=[])


def drawn(points, words=WORDS, plane=PLANE, width=800, mode="light"):
    """The chart without its key."""
    spec = quadrant_spec(words, plane, mode, "screen")
    made = svg(spec, {"points": labelled(points, plane, "screen")}, width)
    return re.sub(r'<g class="mark-group role-legend".*', "", made)


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_valid_and_without_data(spec):
    alt.LayerChart.validate(spec)
    assert not any(
        "values" in part
        for part in parts(spec)
        if "field" not in part and "orient" not in part and "grid" not in part
    )
    assert not any("datasets" in part or "url" in part for part in parts(spec))
    json.dumps(spec)


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_every_mark_speaks_or_is_silent(spec):
    for layer in spec["layer"]:
        assert ("description" in layer["encoding"]) != (layer["mark"].get("aria") is False), layer["mark"]


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
@pytest.mark.parametrize("width", [300, 1000])
def test_draws_without_rows(spec, width):
    names = {part["data"]["name"] for part in parts(spec) if "name" in part.get("data", {})}
    assert f'width="{width}"' in svg(spec, {name: [] for name in names}, width)


def test_names_stand_on_a_wide_chart_and_numbers_on_a_narrow_one():
    points = [point(place) for place in range(3)]
    wide, narrow = drawn(points, width=800), drawn(points, width=300)
    assert all(f">Aspect {place}<" in wide for place in range(3))
    assert ">Aspect" not in narrow
    assert re.findall(r">([012])</text>", narrow)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_certainty_has_a_shape_and_a_fill_of_its_own(mode):
    palette = {"light": LIGHT, "dark": DARK}[mode]

    def mark(certainty, *, is_first=False):
        made = drawn([point(0, certainty=certainty, is_first=is_first)], mode=mode)
        colour = palette.lower if is_first else palette.focus
        [found] = re.findall(rf'd="([^"]+)" fill="([^"]+)" stroke="{colour}" stroke-width="2.2"', made)
        return found

    firmly, probably, borderline = (mark(one) for one in ("firmly", "probably", "borderline"))
    assert len({firmly[0], probably[0], borderline[0]}) == 3
    assert (firmly[1], probably[1], borderline[1]) == (palette.focus, palette.background, palette.background)
    assert mark("firmly", is_first=True)[1] == palette.lower
    assert mark(None) == firmly


def test_what_is_missing_is_not_drawn():
    nothing = dict.fromkeys(("x_national", "y_national", "x_before", "y_before", "x_low", "y_low"))
    lone = drawn([point(0, **nothing, chosen=True)])
    cross = f'stroke="{LIGHT.last}" stroke-width="2.5"'
    ghost = f'stroke="{LIGHT.edge}" stroke-width="1.8"'
    assert cross not in lone
    assert ghost not in lone
    full = drawn([point(0, chosen=True)])
    assert full.count(cross) == 3
    assert ghost in full
    # Last round and intervals belong to the chosen one alone.
    assert cross not in drawn([point(0)])


def lines(made, stroke, dashes):
    found = re.findall(r'translate\(([-\d.]+),([-\d.]+)\)" x2="([-\d.]+)" y2="([-\d.]+)"([^>]*)>', made)
    return [
        tuple(map(float, one[:4])) for one in found if f'stroke="{stroke}"' in one[4] and dashes in one[4]
    ]


@pytest.mark.parametrize(
    "plane", [PLANE, Plane((1, 7), (1, 7), None, None), Plane((1, 2.5), (2, 7), 2.0, 5.0)]
)
def test_the_diagonal_is_where_the_two_are_equal(plane):
    made = drawn([point(0)], plane=plane)
    [(x, y, across, down)] = lines(made, LIGHT.edge, 'stroke-dasharray="3,4"')
    [width] = set(re.findall(rf"h([\d.]+)v{HEIGHT}", made))
    left, right = MARGIN, float(width) - MARGIN

    def at(value, horizontal):
        low, high = plane.x if horizontal else plane.y
        share = (value - low) / (high - low)
        return (
            left + share * (right - left) if horizontal else HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
        )

    first, last = max(plane.x[0], plane.y[0]), min(plane.x[1], plane.y[1])
    assert (x, y) == pytest.approx((at(first, True), at(first, False)), abs=1.1)
    assert (x + across, y + down) == pytest.approx((at(last, True), at(last, False)), abs=1.1)


def test_without_lines_there_are_no_quadrants():
    words = QuadrantWords("Lines: not shown.", "x", "y", "equal")
    spec = quadrant_spec(words, Plane((1, 7), (1, 7), None, None), "light", "screen")
    made = svg(spec, {"points": labelled([point(0)], PLANE, "screen")})
    assert "Lines: not shown." in made
    assert "Concentrate" not in made
    assert len(lines(made, LIGHT.edge, 'stroke-width="1.5"')) == 1


def test_words_with_quotes_and_html_stay_words():
    nasty = '"]); alert(1)//<b>\\'
    words = QuadrantWords(nasty, nasty, nasty, nasty, concentrate=nasty)
    made = svg(
        quadrant_spec(words, PLANE, "dark", "screen"),
        {"points": labelled([point(0, label=nasty)], PLANE, "screen")},
    )
    assert made.count("alert(1)//&lt;b&gt;\\") >= 5
    assert "<b>" not in made


@pytest.mark.parametrize("width", [340, 1000])
def test_a_row_of_the_list_has_its_bar_interval_and_national_gap(width):
    spec = priorities_spec(LIST, -0.5, 2, 2, "light", "screen")
    made = svg(spec, {"rows": [row(0), row(1, is_first=True, certainty="borderline", national=None)]}, width)
    assert made.count('aria-label="Sentence 0."') == 1
    assert made.count(">Keep it up (firmly)<") == 2
    assert len(lines(made, LIGHT.median, 'stroke-width="3"')) == 1
    # From 0 to 1.2 of the part from -0.5 to 2, the list's right half.
    left, right = (0.45 * width, width - 150) if width >= 560 else (0.56 * width, width - 8)
    bars = re.findall(rf'd="M([-\d.]+),[-\d.]+h([-\d.]+)[^"]*" fill="({LIGHT.band}|{LIGHT.lower})"', made)
    assert [bar[2] for bar in bars[-2:]] == [LIGHT.band, LIGHT.lower]
    for bar in bars[-2:]:
        assert float(bar[0]) == pytest.approx(left + 0.2 * (right - left), abs=2)
        assert float(bar[1]) == pytest.approx(1.2 / 2.5 * (right - left), abs=2)


def test_the_lists_bar_is_not_drawn_without_an_own_gap():
    spec = priorities_spec(PrioritiesWords("axis"), 0, 2, 1, "light", "screen")
    made = svg(spec, {"rows": [row(0, gap=None, lower=None, upper=None, certainty=None)]})
    assert f'fill="{LIGHT.band}"' not in made
    assert len(lines(made, LIGHT.median, 'stroke-width="3"')) == 1


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_joint_pictures_words_can_be_read_on_their_cells(mode):
    spec = joint_spec(JOINT, (1, 2), mode, "screen")
    fills, letters = (
        next(
            part["scale"]["range"]
            for part in parts(spec)
            if part.get("field") == "step" and channel(part, spec)
        )
        for channel in (
            lambda part, spec: part in fills_of(spec),
            lambda part, spec: part in colours_of(spec),
        )
    )
    assert len(set(fills)) == 6
    assert all(contrast(letter, fill) >= 4.5 for letter, fill in zip(letters, fills, strict=True))


def fills_of(spec):
    return [layer["encoding"]["fill"] for layer in spec["layer"] if "fill" in layer["encoding"]]


def colours_of(spec):
    return [layer["encoding"]["color"] for layer in spec["layer"] if "color" in layer["encoding"]]


def test_the_joint_picture_outlines_the_diagonal():
    cells = [
        {"x": str(x), "y": str(y), "step": 0, "label": f"{x}{y}", "sentence": "s"}
        for x in (1, 2)
        for y in (1, 2)
    ]
    made = svg(joint_spec(JOINT, (1, 2), "light", "screen"), {"cells": cells})
    assert made.count('stroke-dasharray="3,3"') == 2


# ── Where labels stand ─────────────────────────────────────────────────────────────────────────

NAMES = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=1, max_size=22)
POINTS = st.lists(st.tuples(st.floats(1, 7), st.floats(1, 7), NAMES), min_size=1, max_size=25)
WIDE, SMALL = (NAMED, WIDEST), (NARROWEST, NAMED)


def check_apart(points, labels, widths, size):
    """On charts of several widths: no two labels overlap, and none leaves the plane."""
    factor = 1.5 if size == "present" else 1.0
    plane = Plane((1, 7), (1, 7), None, None)
    places = placed(points, labels, plane, widths, size)
    height = HEIGHT * factor
    for width in np.linspace(*widths, 9):
        boxes = []
        for (x, y), label, (dx, dy) in zip(points, labels, places, strict=True):
            left = MARGIN * factor + (x - 1) / 6 * (width - 2 * MARGIN * factor) + dx
            top = MARGIN * factor + (7 - y) / 6 * (height - 2 * MARGIN * factor) + dy
            boxes.append((left, top, text_width(label, FONT * factor) / 2, 8 * factor))
        for place, (x, y, half_x, half_y) in enumerate(boxes):
            assert x - half_x >= 0
            assert x + half_x <= width
            assert 0 <= y - half_y <= y + half_y <= height
            for other_x, other_y, other_half_x, other_half_y in boxes[place + 1 :]:
                assert abs(x - other_x) >= half_x + other_half_x or abs(y - other_y) >= half_y + other_half_y


@given(POINTS, st.sampled_from(["screen", "present"]))
@example([(7.0, 7.0, "a" * 22)] * 25, "screen")
@example([(1.0, 1.0, "a" * 22)] * 25, "present")
@example([(1.0 + place / 4, 4.0, "a" * 22) for place in range(25)], "screen")
def test_no_two_names_overlap_and_none_leaves_the_plane(points, size):
    check_apart([one[:2] for one in points], [one[2] for one in points], WIDE, size)


@given(POINTS, st.sampled_from(["screen", "present"]))
@example([(7.0, 1.0, "a")] * 25, "present")
def test_no_two_numbers_overlap_and_none_leaves_the_plane(points, size):
    check_apart([one[:2] for one in points], [str(place) for place in range(1, len(points) + 1)], SMALL, size)


def test_a_lone_name_begins_beside_its_point_and_needs_no_line():
    [alone] = labelled([point(0, x=5.0, y=6.0)], PLANE, "screen")
    assert (alone["align"], alone["dy"], alone["lx"]) == ("left", 0.0, None)
    assert 8 < alone["dx"] < 16


def test_a_name_gives_way_to_a_ghost_where_there_is_room():
    """The national position of another aspect stands where the name would."""
    none = dict.fromkeys(("x_national", "y_national", "x_before", "y_before"))
    alone, other = point(0, x=5.0, y=6.0, **none), point(1, x=4.1, y=5.1, **none)
    [usual, _other] = labelled([alone, other], PLANE, "screen")
    ghost = {**other, "x_national": 5.15, "y_national": 6.0}
    [moved, _other] = labelled([alone, ghost], PLANE, "screen")
    assert (usual["align"], usual["dy"]) == ("left", 0.0)
    assert (moved["align"], moved["dy"]) != ("left", 0.0)
    assert moved["lx"] is None


def test_a_name_far_from_its_point_is_led_back_to_it():
    crowd = [point(place, x=5.0, y=6.0, label=f"A crowded aspect {place}") for place in range(12)]
    found = labelled(crowd, PLANE, "screen")
    far = [one for one in found if one["lx"] is not None]
    assert far
    assert all(abs(one["dx"]) >= abs(one["lx"]) and abs(one["dy"]) >= abs(one["ly"]) for one in far)
    assert all(one["lx"] is None for one in found if abs(one["dx"]) < 14 and abs(one["dy"]) < 14)
