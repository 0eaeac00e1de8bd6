"""Every spec is valid, holds no data, draws nothing for what is not there, and speaks for its marks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import altair as alt
import pytest
import vl_convert

from improve.charts import (
    DARK,
    LIGHT,
    DistributionWords,
    ScoresWords,
    SpreadWords,
    distribution_spec,
    scores_spec,
    spread_spec,
)

WORDS = ScoresWords(
    axis="Average satisfaction, 1 to 7",
    higher="You: higher",
    similar="You: similar",
    lower="You: lower",
    interval="95 % interval",
    last="Last round",
    median="National median",
    quartiles="Middle half",
    cohort="Median of Wales",
)
FIGURES = ("mean", "lower", "upper", "median", "q1", "q3", "cohort_median", "last", "word", "withheld")


def aspect(order: int, **figures: Any) -> dict[str, Any]:
    row = {
        "order": order,
        "row": f"A{order}",
        "kind": "aspect",
        "label": f"Aspect {order}",
        "note": "",
        "sentence": f"Sentence {order}.",
        "chosen": False,
        **dict.fromkeys(FIGURES),
    }
    return {**row, **figures}


def full(order: int) -> dict[str, Any]:
    return aspect(
        order,
        mean=5.2,
        lower=5.0,
        upper=5.4,
        median=4.6,
        q1=4.3,
        q3=4.9,
        cohort_median=4.7,
        last=4.0,
        word="higher",
        note="+0.6 higher",
    )


def svg(spec: dict[str, Any], datasets: dict[str, list[dict[str, Any]]], width: int = 1000) -> str:
    drawn: str = vl_convert.vegalite_to_svg(
        {**spec, "width": width, "datasets": datasets}, allowed_base_urls=[]
    )
    return drawn


def specs() -> Iterator[Any]:
    for mode in ("light", "dark"):
        for size in ("screen", "present"):
            yield pytest.param(partial(scores_spec, WORDS, 1, 7, 25, mode, size), id=f"scores-{mode}-{size}")
            words = DistributionWords("How people answered", "1 bad", "7 good", "mid-point")
            yield pytest.param(
                partial(distribution_spec, words, tuple(range(1, 8)), mode, size),
                id=f"distribution-{mode}-{size}",
            )
            yield pytest.param(
                partial(spread_spec, SpreadWords("Organisations by score"), 3, 7, mode, size),
                id=f"spread-{mode}-{size}",
            )


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from parts(child)


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_valid_and_without_data(spec: dict[str, Any]) -> None:
    alt.LayerChart.validate(spec)
    assert not any("values" in part or "datasets" in part or "url" in part for part in parts(spec))
    json.dumps(spec)


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_every_mark_speaks_or_is_silent(spec: dict[str, Any]) -> None:
    for layer in spec["layer"]:
        speaks = "description" in layer["encoding"]
        assert speaks != (layer["mark"].get("aria") is False), layer["mark"]


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_only_what_has_a_sentence_has_a_tooltip(spec: dict[str, Any]) -> None:
    assert spec["config"]["mark"]["tooltip"] is None
    for layer in spec["layer"]:
        if "tooltip" in layer["encoding"] or "tooltip" in layer["mark"]:
            assert layer["encoding"]["description"]["field"] == "sentence"


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_draws_without_rows_at_both_widths(spec: dict[str, Any]) -> None:
    names = {part["data"]["name"] for part in parts(spec) if "name" in part.get("data", {})}
    for width in (358, 1000):
        assert f'width="{width}"' in svg(spec, {name: [] for name in names}, width)


@pytest.mark.parametrize("count", [1, 30])
def test_as_high_as_its_rows(count: int) -> None:
    spec = scores_spec(WORDS, 1, 7, count, "light", "screen")

    def height(width: int) -> float:
        drawn = svg(spec, {"rows": [full(order) for order in range(count)]}, width)
        return float(re.findall(r'height="([\d.]+)"', drawn)[0])

    ground = height(1000) - 34 * count
    assert 60 < ground < 110
    assert height(358) > 46 * count + ground - 1


def test_the_sentence_is_said_once_per_row() -> None:
    drawn = svg(scores_spec(WORDS, 1, 7, 2, "light", "screen"), {"rows": [full(0), aspect(1)]})
    assert drawn.count('aria-label="Sentence 0."') == drawn.count('aria-label="Sentence 1."') == 1


def test_what_is_missing_is_not_drawn() -> None:
    spec = scores_spec(WORDS, 1, 7, 1, "light", "screen")
    colours = {
        "mean": f'fill="{LIGHT.higher}" stroke="{LIGHT.background}"',
        "last": f'fill="{LIGHT.background}" stroke="{LIGHT.last}"',
        "cohort_median": f'stroke="{LIGHT.cohort}" stroke-width="2" opacity="1"',
        "q1": f'fill="{LIGHT.band}" stroke="{LIGHT.edge}" stroke-width="1"',
    }

    def marks(row: dict[str, Any]) -> set[str]:
        drawn = re.sub(r'<g class="mark-group role-legend".*', "", svg(spec, {"rows": [row]}))
        return {name for name in colours if colours[name] in drawn}

    assert marks(full(0)) == set(colours)
    assert marks(aspect(0)) == set()
    for name in colours:
        assert marks({**full(0), name: None}) == set(colours) - {name}


def own_mark(word: str | None) -> tuple[str, str]:
    """The path and the colour of the own mark."""
    spec = scores_spec(ScoresWords("x"), 1, 7, 1, "light", "screen")
    drawn = svg(spec, {"rows": [{**full(0), "word": word}]})
    [mark] = re.findall(rf'd="([^"]+)" fill="(#\w+)" stroke="{LIGHT.background}" stroke-width="1.5"', drawn)
    return mark


def test_the_comparison_has_a_shape_and_a_colour() -> None:
    higher, similar, lower, alone = (own_mark(word) for word in ("higher", "similar", "lower", None))
    assert (higher[1], similar[1], lower[1]) == (LIGHT.higher, LIGHT.similar, LIGHT.lower)
    assert len({LIGHT.higher, LIGHT.similar, LIGHT.lower}) == 3
    assert "A" in similar[0]
    assert "A" not in higher[0] + lower[0]
    assert alone == (similar[0], LIGHT.focus)
    # The path of a triangle starts at the corner that points: up is a smaller y.
    assert float(higher[0].split(",")[1].split("L")[0]) < 0 < float(lower[0].split(",")[1].split("L")[0])


def test_the_key_names_only_what_is_there() -> None:
    everything = svg(scores_spec(WORDS, 1, 7, 1, "light", "screen"), {"rows": [full(0)]})
    assert all(text in everything for text in ("You: higher", "Middle half", "Median of Wales", "Last round"))
    words = ScoresWords(axis="x", median="National median")
    alone = svg(scores_spec(words, 1, 7, 1, "light", "screen"), {"rows": [full(0)]})
    assert alone.count("role-legend-entry") == 1
    assert alone.count("role-legend-label") == 1


def test_labels_stand_beside_rows_or_above_them() -> None:
    spec = scores_spec(WORDS, 1, 7, 1, "light", "screen")

    def places(width: int) -> tuple[float, float]:
        """Where the label's line and the row's tick lie from the top of the plot."""
        drawn = svg(spec, {"rows": [full(0)]}, width)
        [label] = re.findall(r'translate\(0,([\d.]+)\)"[^>]*>Aspect 0<', drawn)
        [tick] = re.findall(rf'translate\([\d.]+,([\d.]+)\)" x2="0" y2="21" stroke="{LIGHT.median}"', drawn)
        return float(label), float(tick) + 10.5

    label, tick = places(1000)
    assert abs(label - tick) < 6
    label, tick = places(358)
    assert tick - label > 12


def test_words_with_quotes_and_html_stay_words() -> None:
    nasty = '"]); alert(1)//<b>\\'
    words = ScoresWords(axis=nasty, median=nasty)
    drawn = svg(scores_spec(words, 1, 7, 1, "dark", "screen"), {"rows": [full(0)]})
    assert drawn.count("alert(1)//&lt;b&gt;\\") >= 2
    assert "<b>" not in drawn


def test_specs_are_kept() -> None:
    assert scores_spec(WORDS, 1, 7, 25, "light", "screen") is scores_spec(WORDS, 1, 7, 25, "light", "screen")
    assert DARK.background in json.dumps(scores_spec(WORDS, 1, 7, 25, "dark", "screen"))
