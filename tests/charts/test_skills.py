"""The Skills charts: valid, without data, nothing drawn for what is not there, legible on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import altair as alt
import pytest
import vl_convert

from improve.charts import DARK, LIGHT, AnswersWords, FiguresWords, answers_spec, figures_spec
from improve.charts.theme import blend, contrast, legible

ANSWERS = AnswersWords(
    axis="Share of people", answers=("Cannot", "With help", "Alone"), median="National median"
)
FIGURES = FiguresWords(
    axis="Days",
    own="Own alone",
    higher="Own, higher",
    similar="Own, similar",
    lower="Own, lower",
    interval="Interval",
    median="National median",
    cohort="Median of Wales",
    whole="Everybody",
)


def answers(mode="light", size="screen", rows=1):
    return answers_spec(ANSWERS, -1.0, 1.0, 3, rows, mode, size)


def figures(mode="light", size="screen", rows=1, lines=1, has_detail=False):
    return figures_spec(FIGURES, 0.0, 1.0, ".1f", rows, lines, has_detail, mode, size)


def skill(order=0, **facts):
    row = {
        "order": order,
        "label": f"Skill {order}",
        "note": "60%, higher",
        "sentence": f"Sentence {order}.",
        "median": 0.5,
        "withheld": None,
    }
    return {**row, **facts}


BARS = [
    {"order": 0, "place": 0, "x0": -0.4, "x1": -0.3, "label": "10%"},
    {"order": 0, "place": 1, "x0": -0.3, "x1": 0.0, "label": "30%"},
    {"order": 0, "place": 2, "x0": 0.0, "x1": 0.6, "label": "60%"},
]


def figure(order=0, **facts):
    row = {
        "order": order,
        "label": f"Figure {order}",
        "lines": f"Figure {order}",
        "head": False,
        "note": "0.40 days, lower",
        "sentence": f"Sentence {order}.",
        "detail": None,
        "word": "lower",
        "value": 0.4,
        "lower": 0.3,
        "upper": 0.5,
        "median": 0.6,
        "cohort": 0.7,
        "whole": 0.8,
        "withheld": None,
    }
    return {**row, **facts}


def svg(spec: dict[str, Any], datasets: dict[str, list[dict[str, Any]]], width: int = 1000) -> str:
    drawn: str = vl_convert.vegalite_to_svg(
        {**spec, "width": width, "datasets": datasets}, allowed_base_urls=[]
    )
    return drawn


def plot(drawn: str) -> str:
    """A picture without its key."""
    return re.sub(r'<g class="mark-group role-legend".*', "", drawn)


def specs() -> Iterator[Any]:
    for mode in ("light", "dark"):
        for size in ("screen", "present"):
            yield pytest.param(partial(answers, mode, size), id=f"answers-{mode}-{size}")
            yield pytest.param(partial(figures, mode, size, has_detail=True), id=f"figures-{mode}-{size}")


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from parts(child)


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_valid_without_data_and_every_mark_speaks_or_is_silent(spec):
    alt.LayerChart.validate(spec)
    assert not any("values" in part or "datasets" in part or "url" in part for part in parts(spec))
    assert spec["config"]["mark"]["tooltip"] is None
    for layer in spec["layer"]:
        speaks = "description" in layer["encoding"]
        assert speaks != (layer["mark"].get("aria") is False), layer["mark"]
        assert speaks == ("tooltip" in layer["encoding"])


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_draws_without_rows_at_both_widths(spec):
    names = {part["data"]["name"] for part in parts(spec) if "name" in part.get("data", {})}
    for width in (358, 1000):
        assert f'width="{width}"' in svg(spec, {name: [] for name in names}, width)


def test_a_row_says_its_sentence_once():
    drawn = svg(answers(rows=2), {"rows": [skill(0), skill(1)], "bars": BARS})
    assert drawn.count('aria-label="Sentence 0."') == drawn.count('aria-label="Sentence 1."') == 1
    drawn = svg(figures(rows=2), {"rows": [figure(0), figure(1)]})
    assert drawn.count('aria-label="Sentence 0."') == drawn.count('aria-label="Sentence 1."') == 1


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_each_answer_has_its_colour_in_the_bar_and_in_the_key(mode):
    palette = DARK if mode == "dark" else LIGHT
    drawn = svg(answers(mode), {"rows": [skill()], "bars": BARS})
    colours = [blend(palette.low, palette.middle, palette.high, place / 2) for place in range(3)]
    for colour in colours:
        assert f'fill="{colour}"' in plot(drawn)
        # In the bar, and in the key beside its words.
        assert drawn.count(f'fill="{colour}"') == 2
        assert contrast(legible(colour), colour) >= 4.5
    assert all(text in drawn for text in ANSWERS.answers)
    assert "60%" in drawn


def test_a_share_is_written_where_it_fits():
    narrow = [{**BARS[0], "x0": -0.32, "x1": -0.3, "label": "2%"}, *BARS[1:]]
    drawn = svg(answers(), {"rows": [skill()], "bars": narrow})
    assert ">30%<" in drawn
    assert ">2%<" not in drawn


def test_bars_lie_where_their_shares_are():
    drawn = plot(svg(answers(), {"rows": [skill(median=0.6)], "bars": BARS}))
    colours = [blend(LIGHT.low, LIGHT.middle, LIGHT.high, place / 2) for place in range(3)]
    found = [
        re.search(rf'd="M([\d.]+),[\d.]+h([\d.]+)v[\d.]+h[-\d.]+Z" fill="{one}"', drawn) for one in colours
    ]
    starts, widths = zip(*[(float(one[1]), float(one[2])) for one in found], strict=True)
    assert widths == pytest.approx([widths[2] / 6, widths[2] / 2, widths[2]], rel=0.01)
    assert starts[2] == pytest.approx(starts[1] + widths[1], abs=0.1)
    [median] = re.findall(
        rf'translate\(([\d.]+),[\d.]+\)" x2="0" y2="[\d.]+" stroke="{LIGHT.median}" stroke-width="3"', drawn
    )
    assert float(median) == pytest.approx(starts[2] + widths[2], abs=0.1)


def test_what_is_missing_is_not_drawn():
    marks = {
        "value": f'fill="{LIGHT.lower}" stroke="{LIGHT.background}"',
        "lower": f'stroke="{LIGHT.lower}" stroke-width="3"',
        "median": f'stroke="{LIGHT.median}" stroke-width="3"',
        "cohort": f'stroke="{LIGHT.cohort}" stroke-width="2" opacity="1"',
        "whole": f'stroke="{LIGHT.cohort}" stroke-width="2" stroke-dasharray',
    }

    def drawn(**facts):
        picture = plot(svg(figures(), {"rows": [figure(**facts)]}))
        return {name for name, mark in marks.items() if mark in picture}

    assert drawn() == set(marks)
    assert drawn(**dict.fromkeys(marks)) == set()
    for name in marks:
        assert drawn(**{name: None}) == set(marks) - {name}
    bare = plot(svg(answers(), {"rows": [skill(median=None)], "bars": []}))
    assert f'stroke="{LIGHT.median}" stroke-width="3"' not in bare


def test_the_comparison_has_a_shape_and_a_colour():
    def mark(word):
        drawn = plot(svg(figures(), {"rows": [figure(word=word)]}))
        [found] = re.findall(
            rf'd="([^"]+)" fill="(#\w+)" stroke="{LIGHT.background}" stroke-width="1.5"', drawn
        )
        return found

    shapes = [mark(word) for word in ("higher", "similar", "lower", None)]
    assert [colour for _path, colour in shapes] == [LIGHT.higher, LIGHT.similar, LIGHT.lower, LIGHT.focus]
    assert len({path for path, _colour in shapes[:3]}) == 3


def test_words_in_place_of_marks():
    drawn = svg(figures(has_detail=True), {"rows": [figure(withheld="Too few.", detail="gap 0.4 days")]})
    assert "Too few." in drawn
    assert "gap 0.4 days" in drawn
    assert "Fewer than 10" in svg(answers(), {"rows": [skill(withheld="Fewer than 10.")], "bars": []})


def test_a_long_label_is_broken_on_a_phone_alone():
    row = figure(label="One long label", lines="One long\nlabel", head=True)
    spec = figures(lines=2)
    wide, phone = svg(spec, {"rows": [row]}), svg(spec, {"rows": [row]}, 358)
    assert ">One long label<" in wide
    assert ">One long label<" not in phone
    assert ">One long<" in phone
    assert ">label<" in phone
    assert 'font-weight="600"' in wide


def test_as_high_as_its_rows():
    def height(spec, datasets, width=1000):
        return float(re.findall(r'height="([\d.]+)"', svg(spec, datasets, width))[0])

    def grown(make, row, *, width=1000):
        few, many = ({"rows": [row(at) for at in range(n)], "bars": []} for n in (1, 11))
        return (height(make(rows=11), many, width) - height(make(rows=1), few, width)) / 10

    assert grown(answers, skill) == pytest.approx(36, abs=1)
    assert grown(answers, skill, width=358) == pytest.approx(58, abs=1)
    assert grown(figures, figure) == pytest.approx(56, abs=1)
    assert grown(lambda rows: figures(rows=rows, has_detail=True), figure) == pytest.approx(74, abs=1)
    assert grown(lambda rows: figures(rows=rows, lines=2), figure, width=358) == pytest.approx(74, abs=1)
    assert grown(lambda rows: figures(size="present", rows=rows), figure) == pytest.approx(84, abs=1)


def test_the_key_names_only_what_is_there():
    everything = svg(figures(), {"rows": [figure()]})
    assert everything.count("role-legend-entry") == 1
    for text in ("Own, higher", "Interval", "Median of Wales", "Everybody"):
        assert f">{text}<" in everything
    words = FiguresWords(axis="x", median="National median")
    alone = svg(figures_spec(words, 0, 1, "d", 1, 1, False, "light", "screen"), {"rows": [figure()]})
    assert alone.count("role-legend-label") == 1
    bare = svg(answers_spec(AnswersWords(axis="x"), 0, 1, 1, 1, "light", "screen"), {"rows": [], "bars": []})
    assert "role-legend-label" not in bare


def test_words_with_quotes_and_html_stay_words():
    nasty = '"]); alert(1)//<b>\\'
    words = FiguresWords(axis=nasty, median=nasty)
    spec = figures_spec(words, 0, 1, "d", 1, 1, False, "dark", "screen")
    drawn = svg(spec, {"rows": [figure(label=nasty, lines=nasty)]})
    assert drawn.count("alert(1)//&lt;b&gt;\\") >= 3
    assert "<b>" not in drawn


def test_specs_are_kept():
    assert answers() is answers()
    assert figures() is figures()
    assert DARK.background in json.dumps(figures("dark"))
