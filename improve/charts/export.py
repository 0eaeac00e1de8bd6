"""A chart as a picture to paste: SVG and PNG on white, with its title and its source, made offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import vl_convert

from improve.charts.theme import LIGHT, Spec, wrapped

Datasets = Mapping[str, Sequence[Mapping[str, Any]]]

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_MARGIN = 24
_PNG_SCALE = 2


def as_svg(
    spec: Spec,
    datasets: Datasets,
    width: int,
    title: str,
    *,
    subtitle: str = "",
    footer: Sequence[str] = (),
) -> str:
    """The chart `width` pixels wide on white, the title and subtitle above it and the footer below.

    `spec` is one of this package's in its "light" mode. Each line of the footer (source, number of
    organisations and responses, round, "Demonstration data") is wrapped to the width. Whatever the
    texts and the datasets hold arrives as text, never as markup.
    """
    inner = width - 2 * _MARGIN
    drawn = _drawn(spec, datasets, inner)
    height = float(drawn.split('height="', 1)[1].split('"', 1)[0])
    above = [
        *_lines([title], inner, 20, LIGHT.text, "bold"),
        *_lines([subtitle] if subtitle else [], inner, 14, LIGHT.text, "normal"),
    ]
    below = list(_lines(footer, inner, 12, LIGHT.muted, "normal"))
    parts = []
    y = float(_MARGIN)
    for step, line in above:
        y += step
        parts.append(line.format(y=y))
    y += 14
    parts.append(drawn.replace("<svg ", f'<svg x="{_MARGIN}" y="{y:g}" ', 1))
    y += height + 8
    for step, line in below:
        y += step
        parts.append(line.format(y=y))
    total = y + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{total:g}" '
        f'viewBox="0 0 {width} {total:g}" role="img" font-family="{_FONT}"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(parts)}</svg>'
    )


def as_png(
    spec: Spec,
    datasets: Datasets,
    width: int,
    title: str,
    *,
    subtitle: str = "",
    footer: Sequence[str] = (),
) -> bytes:
    """The picture of `as_svg` as a PNG with two dots to each of its pixels."""
    svg = as_svg(spec, datasets, width, title, subtitle=subtitle, footer=footer)
    png: bytes = vl_convert.svg_to_png(svg, scale=_PNG_SCALE)
    return png


def _drawn(spec: Spec, datasets: Datasets, width: int) -> str:
    config = {**spec.get("config", {}), "font": _FONT, "background": "#FFFFFF"}
    whole = {**spec, "width": width, "datasets": dict(datasets), "config": config}
    svg: str = vl_convert.vegalite_to_svg(whole, allowed_base_urls=[])
    return svg


def _lines(
    texts: Sequence[str], width: float, size: float, colour: str, weight: str
) -> Iterator[tuple[float, str]]:
    """Height and markup of each line; the markup's {y} is the place of its baseline."""
    for text in texts:
        for line in wrapped(text, width, size):
            # Braces of the text itself must survive the .format that places the line.
            literal = escape(line).replace("{", "{{").replace("}", "}}")
            yield (
                size * 1.35,
                f'<text x="{_MARGIN}" y="{{y:g}}" font-size="{size}" font-weight="{weight}" '
                f'fill="{colour}">{literal}</text>',
            )
