"""The trend chart: its panels follow the width, a break is seen, and what is missing is not drawn."""

from __future__ import annotations

import json
import re
from typing import Any

import altair as alt
import pytest
import vl_convert

from improve.charts import LIGHT, ScoresWords, TrendWords, scores_spec, trend_spec

WORDS = TrendWords("Satisfaction", "scale changed", own="Own", median="Median", action="Action")


def point(order: int, x: float, label: str, **figures: Any) -> dict[str, Any]:
    names = ("mean", "lower", "upper", "median", "q1", "q3", "cohort_median")
    return {
        **dict.fromkeys(names),
        "order": order,
        "x": x,
        "round": label,
        "own_part": 0,
        "national_part": 0,
        "cohort_part": 0,
        "is_alone": False,
        "is_break": False,
        "sentence": f"Panel {order}, {label}.",
        **figures,
    }


def full(order: int, x: float, label: str, **figures: Any) -> dict[str, Any]:
    given = {"mean": 5.0, "lower": 4.8, "upper": 5.2, "median": 4.5, "q1": 4.0, "q3": 5.0}
    return point(order, x, label, **{**given, **figures})


def panel(order: int) -> dict[str, Any]:
    return {
        "order": order,
        "row": f"A{order}",
        "label": f"Aspect {order}",
        "note": "",
        "sentence": f"Sentence {order}.",
        "chosen": False,
    }


def svg(spec: dict[str, Any], width: int, **datasets: list[dict[str, Any]]) -> str:
    drawn: str = vl_convert.vegalite_to_svg(
        {**spec, "width": width, "datasets": {"panels": [], "points": [], "actions": [], **datasets}},
        allowed_base_urls=[],
    )
    return drawn


def small(panels: int, width: int, *, size: Any = "screen", **changes: Any) -> str:
    spec = trend_spec(WORDS, 3, 7, panels, None, "light", size)
    points = [
        full(at, x, label, **changes) for at in range(panels) for x, label in ((0, "2025"), (1, "2026"))
    ]
    return svg(spec, width, panels=[panel(at) for at in range(panels)], points=points)


def large(
    points: list[dict[str, Any]], actions: list[dict[str, Any]] | None = None, width: int = 1000
) -> str:
    spec = trend_spec(WORDS, 3, 7, 1, len(actions or []), "light", "screen")
    return svg(spec, width, panels=[panel(0)], points=points, actions=actions or [])


def paths(drawn: str, stroke: str, role: str = "mark-line") -> list[str]:
    """The shapes of the lines (or areas) of one colour."""
    found = re.findall(rf'<g class="{role}[^"]*"[^>]*>(.*?)</g>', drawn)
    return [path for group in found for path in re.findall(rf'd="([^"]+)"[^>]*{stroke}', group)]


def places(drawn: str, text: str) -> list[tuple[float, float]]:
    """Where a text stands."""
    found = re.findall(rf'translate\(([\d.-]+),([\d.-]+)\)"[^>]*>{re.escape(text)}<', drawn)
    return [(float(x), float(y)) for x, y in found]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("size", ["screen", "present"])
@pytest.mark.parametrize("actions", [None, 0, 3])
def test_valid_without_data_and_silent_where_it_only_decorates(
    mode: Any, size: Any, actions: int | None
) -> None:
    spec = trend_spec(WORDS, 3, 7, 21, actions, mode, size)
    alt.LayerChart.validate(spec)
    assert not re.search(r'"(values|datasets|url)":', json.dumps(spec))
    assert spec is trend_spec(WORDS, 3, 7, 21, actions, mode, size)
    for layer in spec["layer"]:
        assert ("description" in layer["encoding"]) != (layer["mark"].get("aria") is False)
    for width in (358, 1100):
        assert f'width="{width}"' in svg(spec, width)


@pytest.mark.parametrize(("width", "columns"), [(358, 2), (600, 3), (800, 4), (1000, 5), (1800, 5)])
def test_as_many_panels_in_a_row_as_fit(width: int, columns: int) -> None:
    drawn = small(11, width)
    tops = [places(drawn, f"Aspect {at}")[0] for at in range(11)]
    assert len({y for _x, y in tops}) == -(-11 // columns)
    assert len({x for x, _y in tops}) == columns
    assert max(x for x, _y in tops) < width
    height = float(re.findall(r'height="([\d.]+)"', drawn)[0])
    assert height > max(y for _x, y in tops) + 96


def test_every_panel_has_the_same_scale() -> None:
    drawn = small(4, 1000)
    fives = [y for _x, y in places(drawn, "5")]
    assert len(fives) == 4
    assert len(set(fives)) == 1


def test_type_and_panels_grow_for_a_projector() -> None:
    assert (
        len({y for _x, y in (places(small(8, 1000, size="present"), f"Aspect {at}")[0] for at in range(8))})
        == 3
    )


def test_a_sentence_is_said_once_per_panel_and_once_per_round_of_the_large_one() -> None:
    drawn = small(2, 1000)
    assert drawn.count('aria-label="Sentence 0."') == drawn.count('aria-label="Sentence 1."') == 1
    drawn = large([full(0, 0, "2025"), full(0, 1, "2026")])
    assert drawn.count('aria-label="Panel 0, 2025."') == 1
    assert "Sentence 0." not in drawn


def test_points_of_one_part_are_joined_and_no_others() -> None:
    joined = [full(0, 0, "2024"), full(0, 0.5, "2025"), full(0, 1, "2026")]
    focus = f'stroke="{LIGHT.focus}"'
    assert len(paths(large(joined), focus)) == 1
    apart = [
        full(0, 0, "2024"),
        point(0, 0.5, "2025", own_part=1, national_part=-1),
        full(0, 1, "2026", own_part=1),
    ]
    lines = paths(large(apart), focus)
    assert len(lines) == 2
    # One point alone is a place without a line to anywhere.
    assert all(line.count("L") <= 1 and "C" not in line for line in lines)


def test_a_break_is_a_line_and_words_without_any_value() -> None:
    drawn = large([point(0, 0, "2024", is_break=True), full(0, 1, "2026")])
    assert len(places(drawn, "scale changed")) == 1
    assert "scale changed" not in large([full(0, 0, "2024"), full(0, 1, "2026")])
    # One mean and one median: nothing of the other round.
    marks = re.findall(rf'fill="{LIGHT.focus}" stroke="{LIGHT.background}"', drawn)
    assert len(marks) == 1


def test_what_is_missing_is_not_drawn() -> None:
    drawn = re.sub(
        r'<g class="mark-group role-legend".*', "", large([point(0, 0, "2025"), point(0, 1, "2026")])
    )
    assert LIGHT.focus not in drawn
    assert LIGHT.band not in drawn
    assert LIGHT.cohort not in drawn


def test_one_round_alone_still_has_a_band_and_a_median() -> None:
    drawn = large([full(0, 0.5, "2026", is_alone=True)])
    wide = rf'd="M[\d.]+,[\d.]+h18v70h-18Z" fill="{LIGHT.band}"'
    assert len(re.findall(wide, drawn)) == 1
    assert re.findall(rf'x2="18" y2="0" stroke="{LIGHT.median}"', drawn)
    assert not re.findall(wide, large([full(0, 0, "2025"), full(0, 1, "2026")]))


def test_actions_stand_between_the_rounds_each_on_a_line_of_its_own() -> None:
    actions = [
        {"order": at, "x": x, "label": label}
        for at, (x, label) in enumerate(((0.25, "1 May: New laptops"), (0.9, "2 May: <b>Bold</b> & more")))
    ]
    drawn = large([full(0, 0, "2025"), full(0, 1, "2026")], actions)
    [first] = set(places(drawn, "1 May: New laptops"))
    [second] = set(places(drawn, "2 May: &lt;b&gt;Bold&lt;/b&gt; &amp; more"))
    [left], [right] = places(drawn, "2025"), places(drawn, "2026")
    assert left[0] < first[0] < second[0] < right[0]
    assert first[1] < second[1] < left[1]
    assert drawn.count('aria-label="1 May: New laptops"') == 1
    assert "<b>" not in drawn


def test_the_key_names_only_what_is_there() -> None:
    drawn = large([full(0, 0, "2025")])
    assert {"Own", "Median", "Action"} <= set(re.findall(r">([^<>]+)</text>", drawn))
    assert "Middle half" not in drawn


def test_changes_have_a_heavy_zero_and_signs() -> None:
    spec = scores_spec(ScoresWords("Change"), -1, 1, 1, "light", "screen", is_change=True)
    drawn: str = vl_convert.vegalite_to_svg(
        {**spec, "width": 1000, "datasets": {"rows": []}}, allowed_base_urls=[]
    )
    assert "+0.5" in drawn
    assert ">0.0<" in drawn
    assert "+0.0" not in drawn
    assert drawn.count(f'stroke="{LIGHT.text}"') == 1
    usual = scores_spec(ScoresWords("Score"), -1, 1, 1, "light", "screen")
    plain: str = vl_convert.vegalite_to_svg(
        {**usual, "width": 1000, "datasets": {"rows": []}}, allowed_base_urls=[]
    )
    assert "+0.5" not in plain
    assert plain.count(f'stroke="{LIGHT.text}"') == 0
