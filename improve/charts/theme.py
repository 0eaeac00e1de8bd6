"""How every chart looks: colours for light and dark, type and mark sizes for screen and projector.

Light colours are the UK Government Analysis Function's palette. Each has a dark counterpart of the
same hue. A mark has at least 3:1 contrast with its background and text at least 4.5:1
(WCAG 2.2, 1.4.11 and 1.4.3); the suite computes both.

Channels are given as Altair's classes (`alt.Y2("order:Q")`, `alt.XValue(0)`): to find the class of a text or
of `alt.value` it goes through the schemas of all its classes, which takes longer than all the rest.
"""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt

Mode = Literal["light", "dark"]
Size = Literal["screen", "present"]
Spec = dict[str, Any]
"""A Vega-Lite spec without data. It is cached and shared: copy before changing it."""

NARROW = 560
"""Below this width, in pixels, a chart is drawn for a phone."""

_GLYPH = 0.5
"""Mean width of a character as a share of the size of the type."""
_PROJECTED = 1.5
_PHONE_LINE = 370


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, as "#RRGGBB".

    `background` is the page's and `panel` its sidebar's; `text` and `muted` are for words. `line` is
    for the faint lines that only guide the eye; `chosen` tints a row. `band` is a pale fill and `edge`
    the outline that carries its contrast. `higher`, `similar` and `lower` colour an organisation's own
    mark, `focus` its mark where nothing is compared. `cohort` and `last` are outlines, `median` a heavy
    tick. `low`, `middle` and `high` are the ends and the centre of a diverging scheme.
    """

    background: str
    panel: str
    text: str
    muted: str
    line: str
    chosen: str
    band: str
    edge: str
    median: str
    higher: str
    similar: str
    lower: str
    focus: str
    cohort: str
    last: str
    low: str
    middle: str
    high: str


LIGHT = Palette(
    background="#FFFFFF",
    panel="#F1F4F8",
    text="#1A1F26",
    muted="#525B66",
    line="#E3E7EC",
    chosen="#12436D",
    band="#D9E4EE",
    edge="#7D93A8",
    median="#1A1F26",
    higher="#12436D",
    similar="#5C6670",
    lower="#F46A25",
    focus="#12436D",
    cohort="#801650",
    last="#3D3D3D",
    low="#B8430A",
    middle="#D5D8DC",
    high="#12436D",
)
DARK = Palette(
    background="#0E1117",
    panel="#1A1F29",
    text="#F5F7FA",
    muted="#B4BDC8",
    line="#272D38",
    chosen="#6BACE6",
    band="#263649",
    edge="#6E8CAB",
    median="#FFFFFF",
    higher="#6BACE6",
    similar="#A9B3BF",
    lower="#FF8A4C",
    focus="#6BACE6",
    cohort="#D59BF0",
    last="#E4E7EB",
    low="#FF8A4C",
    middle="#5A626E",
    high="#6BACE6",
)


@dataclass(frozen=True, slots=True)
class Look:
    """The colours and measures of one chart."""

    palette: Palette
    factor: float

    def px(self, screen: float) -> float | alt.ExprRef:
        """A length: `screen` pixels, one and a half times that on a projector, never on a phone."""
        return screen if self.factor == 1 else alt.expr(self.length(screen))

    def area(self, screen: float) -> float | alt.ExprRef:
        """The area of a mark that is `screen` square pixels on a screen."""
        return (
            screen if self.factor == 1 else alt.expr(f"({_WIDE} ? {screen * self.factor**2:g} : {screen:g})")
        )

    def length(self, screen: float) -> str:
        """`px` as the text of an expression, for use within another one."""
        return f"({_WIDE} ? {screen * self.factor:g} : {screen:g})"


_WIDE = f"width >= {NARROW}"


@cache
def look(mode: Mode, size: Size) -> Look:
    """The look for a page in this mode, at this size."""
    return Look(DARK if mode == "dark" else LIGHT, _PROJECTED if size == "present" else 1)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _luminance(colour: str) -> float:
    linear = [
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def blend(low: str, middle: str, high: str, place: float) -> str:
    """The colour at `place`, 0 to 1, of the scheme that runs from `low` over `middle` to `high`."""
    start, end, part = (low, middle, 2 * place) if place <= 0.5 else (middle, high, 2 * place - 1)
    mixed = (round(a + (b - a) * part) for a, b in zip(_channels(start), _channels(end), strict=True))
    return "#" + bytes(mixed).hex().upper()


def legible(colour: str) -> str:
    """White or black, whichever is the better text on this colour."""
    return max("#FFFFFF", "#000000", key=lambda text: contrast(text, colour))


def text_width(text: str, size: float) -> float:
    """About how many pixels a line of text takes in type of `size`."""
    return len(text) * size * _GLYPH


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text broken into lines of at most about `width` pixels in type of `size`."""
    return textwrap.wrap(text, max(int(width / (size * _GLYPH)), 12)) or [""]


def heading(text: str, view: Look, *more: str) -> alt.TitleParams:
    """What a chart measures, above it at the left: a line for each text, several on a phone."""
    size = 13
    lines = [line for one in (text, *more) for line in wrapped(one, _PHONE_LINE, size)]
    wide = [text, *more] if more else text
    return alt.TitleParams(
        text=alt.expr(f"{_WIDE} ? {literal(wide)} : {literal(lines)}"),
        anchor="start",
        frame="bounds",
        align="left",
        fontSize=view.px(size),
        fontWeight="normal",
        lineHeight=view.px(size * 1.35),
        color=view.palette.muted,
        offset=view.px(8),
        limit=10_000,
        aria=False,
    )


def literal(value: Any) -> str:
    """A string or list of strings as a literal of Vega's expression language."""
    return json.dumps(value, ensure_ascii=True)


def finished(chart: alt.LayerChart) -> Spec:
    """The spec: it takes its container's width, and only what says so has a tooltip.

    The suite validates every spec; here that would be most of a chart's cost. And what holds for the whole
    chart is put into the spec, because each of Altair's methods copies everything below it.
    """
    spec: Spec = chart.to_dict(validate=False)
    config: Spec = spec["config"]
    return {
        **spec,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "right": 0, "top": 2, "bottom": 4},
        "config": {**config, "view": {**config["view"], "stroke": "transparent"}, "mark": {"tooltip": None}},
    }
