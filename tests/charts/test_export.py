"""A picture to paste: on white, titled and sourced, with whatever the data holds as plain text."""

from __future__ import annotations

import struct
from typing import Any
from xml.etree import ElementTree

from improve.charts import ScoresWords, SpreadWords, as_png, as_svg, scores_spec, spread_spec

EVIL = '<script>alert("x")</script> {curly} & more'
WORDS = ScoresWords(axis=EVIL, median=EVIL)


def rows() -> list[dict[str, Any]]:
    row = {
        "order": 0,
        "row": "A",
        "kind": "aspect",
        "label": EVIL,
        "note": EVIL,
        "sentence": EVIL,
        "median": 4.5,
    }
    return [row, {**row, "order": 1, "row": "B", "kind": "category"}]


def picture(**texts: Any) -> str:
    return as_svg(scores_spec(WORDS, 1, 7, 2, "light", "screen"), {"rows": rows()}, 900, EVIL, **texts)


def test_html_arrives_as_text() -> None:
    svg = picture(subtitle=EVIL, footer=[EVIL])
    assert "<script" not in svg
    root = ElementTree.fromstring(svg)
    names = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    assert names <= {
        "svg",
        "g",
        "path",
        "text",
        "tspan",
        "rect",
        "line",
        "title",
        "defs",
        "clipPath",
        "style",
    }
    texts = [text for element in root.iter() if (text := element.text) and "alert" in text]
    assert sum("{curly}" in text for text in texts) >= 5


def test_title_and_footer_are_wrapped_and_inside() -> None:
    line = "Source: the satisfaction survey of 96 organisations, 30,000 responses, round 2026. " * 3
    svg = picture(footer=[line, "Demonstration data"])
    root = ElementTree.fromstring(svg)
    written = [element for element in root if element.tag.endswith("text")]
    footer = " ".join(element.text or "" for element in written if element.get("font-size") == "12")
    assert footer == line.strip() + " Demonstration data"
    assert sum(element.get("font-size") == "12" for element in written) >= 3
    ends = [float(element.get("y", "0")) for element in written]
    assert ends == sorted(ends)
    assert ends[-1] < float(root.get("height", "0"))


def test_the_chart_fits_between_its_margins() -> None:
    root = ElementTree.fromstring(picture())
    [inner] = [element for element in root if element.tag.endswith("svg")]
    assert float(inner.get("x", "0")) + float(inner.get("width", "0")) == 900 - float(inner.get("x", "0"))


def test_png_has_two_dots_to_the_pixel() -> None:
    bins = [{"bin": 4.5, "n": 3, "sentence": "s"}]
    datasets = {"bins": bins, "own": [], "median": [{"median": 4.5, "label": "m"}]}
    spec = spread_spec(SpreadWords("x"), 3, 7, "light", "screen")
    png = as_png(spec, datasets, 600, "Title", footer=["Source"])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    svg = ElementTree.fromstring(as_svg(spec, datasets, 600, "Title", footer=["Source"]))
    assert width == 1200
    assert abs(height - 2 * float(svg.get("height", "0"))) <= 2


def test_the_spec_is_left_as_it_was() -> None:
    spec = scores_spec(WORDS, 1, 7, 2, "light", "screen")
    before = repr(spec)
    as_svg(spec, {"rows": rows()}, 500, "Title")
    assert repr(spec) == before
