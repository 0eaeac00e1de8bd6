"""The charts of the Response page: valid, without data, silent where nothing is, legible on a phone."""

import json
import re
from functools import partial

import altair as alt
import pytest
import vl_convert

from improve.charts import (
    LIGHT,
    ArrivalsWords,
    ResponseWords,
    arrivals_spec,
    bars_spec,
    response_spec,
)

WORDS = ResponseWords("Share of people", value="Own rate", band="Middle half", mark="National median")
DAYS = ArrivalsWords("Share by day")
ROW = {
    "order": 0,
    "label": "Adult services",
    "note": "47 of 134 (35%) ±0.3",
    "sentence": "Sentence 0.",
    "value": 0.35,
    "low": 0.2,
    "high": 0.3,
    "mark": 0.24,
    "withheld": None,
}
ARRIVALS = {
    "points": [
        {"day": 0, "value": 0.0, "sentence": "Opened."},
        {"day": 3, "value": 0.1, "sentence": "By day 2."},
        {"day": 9, "value": 0.3, "sentence": "By day 8."},
    ],
    "events": [
        {"day": 0, "label": "Opened", "level": 0, "sentence": "Opened 4 May."},
        {"day": 5, "label": "Reminder 1", "level": 1, "sentence": "Reminder 1: 9 May."},
        {"day": 10, "label": "Closed", "level": 0, "sentence": "Closed 13 May."},
    ],
    "ticks": [{"day": 0, "label": "day 0", "date": "4 May"}, {"day": 7, "label": "day 7", "date": "11 May"}],
    "median": [{"value": 0.24, "label": "National median 24%"}],
}


def rate(rows=1, mode="light", size="screen", words=WORDS):
    return response_spec(words, 0.4, True, rows, mode, size)


def arrivals(mode="light", size="screen", words=DAYS):
    return arrivals_spec(words, 0, 10, 0.35, True, mode, size)


def svg(spec, datasets, width=1000):
    return vl_convert.vegalite_to_svg({**spec, "width": width, "datasets": datasets}, allowed_base_urls=[])


def parts(node):
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(child)


def specs():
    for mode in ("light", "dark"):
        for size in ("screen", "present"):
            yield pytest.param(partial(rate, 3, mode, size), id=f"response-{mode}-{size}")
            yield pytest.param(
                partial(response_spec, WORDS, 200, False, 3, mode, size), id=f"counts-{mode}-{size}"
            )
            yield pytest.param(
                partial(bars_spec, WORDS, 1, 7, "d", 1, 3, mode, size), id=f"bars-{mode}-{size}"
            )
            yield pytest.param(partial(arrivals, mode, size), id=f"arrivals-{mode}-{size}")


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_valid_and_without_data(spec):
    alt.LayerChart.validate(spec)
    assert not any("values" in part or "datasets" in part or "url" in part for part in parts(spec))
    json.dumps(spec)


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_every_mark_speaks_or_is_silent_and_only_a_sentence_is_a_tooltip(spec):
    assert spec["config"]["mark"]["tooltip"] is None
    for layer in spec["layer"]:
        assert ("description" in layer["encoding"]) != (layer["mark"].get("aria") is False), layer["mark"]
        if "tooltip" in layer["encoding"]:
            assert layer["encoding"]["tooltip"]["field"] == "sentence"
            assert layer["encoding"]["description"]["field"] == "sentence"


@pytest.mark.parametrize("spec", list(specs()), indirect=True)
def test_it_draws_without_rows_at_both_widths(spec):
    names = {part["data"]["name"] for part in parts(spec) if "name" in part.get("data", {})}
    for width in (358, 1000):
        assert f'width="{width}"' in svg(spec, {name: [] for name in names}, width)


def test_what_is_missing_is_not_drawn():
    marks = {
        "value": f'fill="{LIGHT.focus}"/>',
        "low": f'fill="{LIGHT.band}" stroke="{LIGHT.edge}"',
        "mark": f'stroke="{LIGHT.median}" stroke-width="3"',
        "withheld": "ask them",
    }

    def drawn(row):
        found = re.sub(r'<g class="mark-group role-legend".*', "", svg(rate(), {"rows": [row]}))
        return {name for name, mark in marks.items() if mark in found}

    everything = {**ROW, "withheld": "ask them"}
    assert drawn(everything) == set(marks)
    for name in marks:
        assert drawn({**everything, name: None}) == set(marks) - {name}


def test_a_bar_starts_at_zero_and_is_as_long_as_its_value():
    def bar(value):
        drawn = svg(rate(), {"rows": [{**ROW, "value": value}]})
        [(start, length)] = re.findall(rf'd="M([\d.]+),[\d.]+h([\d.]+)v[^"]+" fill="{LIGHT.focus}"/>', drawn)
        return float(start), float(length)

    assert bar(0.4)[0] == bar(0.1)[0] == 1
    assert 950 < bar(0.4)[1] < 1000
    assert bar(0.1)[1] == pytest.approx(bar(0.4)[1] / 4)


def test_a_bar_of_any_figure_starts_where_its_scale_does_and_a_median_looks_another_way():
    spec = bars_spec(WORDS, 1.0, 7.0, "d", 1, 2, "light", "screen")
    changes = bars_spec(WORDS, -1.0, 1.0, "+.1f", 0.5, 1, "light", "screen")

    def bars(of, colour, *rows):
        found = re.findall(rf'd="M([\d.]+),[\d.]+h([\d.]+)v[^"]+" fill="{colour}"/>', svg(of, {"rows": rows}))
        return [(float(start), float(length)) for start, length in found]

    own = {**ROW, "value": 4.0, "low": None, "mark": None, "lower": 3.5, "upper": 4.5}
    median = {**own, "order": 1, "is_median": True, "lower": None}
    ((start, length),) = bars(spec, LIGHT.focus, own, median)
    assert start == 1
    assert length == pytest.approx(985 / 2, abs=4)
    assert bars(spec, LIGHT.similar, own, median) == [(start, length)]
    assert svg(spec, {"rows": [own, median]}).count(f'stroke="{LIGHT.last}" stroke-width="2"') == 1
    ((start, length),) = bars(changes, LIGHT.focus, {**own, "value": -0.5, "lower": None})
    assert start == pytest.approx(1 + 985 / 4, abs=4)
    assert length == pytest.approx(985 / 4, abs=4)


def test_the_sentence_is_said_once_per_row_and_the_key_names_what_is_there():
    rows = [ROW, {**ROW, "order": 1, "sentence": "Sentence 1."}]
    drawn = svg(rate(2), {"rows": rows})
    assert drawn.count('aria-label="Sentence 0."') == drawn.count('aria-label="Sentence 1."') == 1
    assert drawn.count("role-legend-entry") == 1
    assert drawn.count("role-legend-label") == 3
    alone = svg(rate(words=ResponseWords("x", mark="National median")), {"rows": [ROW]})
    assert alone.count("role-legend-label") == 1
    assert "role-legend-label" not in svg(rate(words=ResponseWords("x")), {"rows": [ROW]})


def test_it_grows_with_its_rows():
    def height(rows):
        drawn = svg(rate(rows), {"rows": [{**ROW, "order": order} for order in range(rows)]})
        return float(re.findall(r'height="([\d.]+)"', drawn)[0])

    assert height(9) - height(4) == pytest.approx(5 * 54, abs=1)


def places(drawn, text):
    """Where a text stands: x and y."""
    [(x, y)] = re.findall(rf'translate\((-?[\d.]+),(-?[\d.]+)\)"[^>]*>{text}<', drawn)
    return float(x), float(y)


@pytest.mark.parametrize("width", [358, 1000])
def test_events_are_labelled_on_two_lines_inside_the_picture(width):
    drawn = svg(arrivals(), ARRIVALS, width)
    opened, reminder, closed = (places(drawn, text) for text in ("Opened", "Reminder 1", "Closed"))
    assert opened[0] < reminder[0] < closed[0] <= width
    assert reminder[1] - opened[1] == pytest.approx(20, abs=1)
    assert closed[1] == opened[1]
    for sentence in ("Opened 4 May.", "Reminder 1: 9 May.", "Closed 13 May.", "By day 8."):
        assert drawn.count(f'aria-label="{sentence}"') == 1
    assert drawn.count(">11 May<") == drawn.count(">day 7<") == 1


def test_without_events_and_median_the_line_stands_alone():
    alone = svg(arrivals(), {**ARRIVALS, "events": [], "median": []})
    assert "Reminder" not in alone
    assert "National median" not in alone
    assert 'aria-label="By day 8."' in alone
    assert "National median 24%" in svg(arrivals(), ARRIVALS)


@pytest.mark.parametrize("width", [358, 1000])
def test_words_with_quotes_and_html_stay_words(width):
    nasty = '"]); alert(1)//<b>\\'
    drawn = svg(rate(words=ResponseWords(nasty, mark=nasty)), {"rows": [{**ROW, "label": nasty}]}, width)
    drawn += svg(arrivals(words=ArrivalsWords(nasty)), ARRIVALS, width)
    assert drawn.count("alert(1)//&lt;b&gt;\\") >= 3
    assert "<b>" not in drawn


def test_specs_are_kept():
    assert rate() is rate()
    assert arrivals() is arrivals()
