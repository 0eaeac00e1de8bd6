"""The key of a chart: each entry a symbol and a word, in as many columns as fit its width."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import altair as alt

from improve.charts.theme import Look, literal, text_width

_TYPE = 13
"""Size of the key's type in pixels."""

# Symbols, from -1 to 1 on both axes. The moves at the start draw nothing: they give every symbol the
# same extent, and so the words beside them one line to stand on.
_SQUARE = "M-1,-1M1,1"
UP = f"{_SQUARE}M-1,0.87L1,0.87L0,-0.87Z"
DOWN = f"{_SQUARE}M-1,-0.87L1,-0.87L0,0.87Z"
DOT = f"{_SQUARE}M-0.85,0A0.85,0.85,0,1,1,0.85,0A0.85,0.85,0,1,1,-0.85,0Z"
RING = f"{_SQUARE}M-0.6,0A0.6,0.6,0,1,1,0.6,0A0.6,0.6,0,1,1,-0.6,0Z"
TICK = f"{_SQUARE}M0,-1L0,1"
LINE = f"{_SQUARE}M-1,0L1,0"
DASHES = f"{_SQUARE}M-1,0L-0.2,0M0.2,0L1,0"
BOX = f"{_SQUARE}M-1,-0.6L1,-0.6L1,0.6L-1,0.6Z"
DIAMOND = f"{_SQUARE}M-0.8,0L0,-1L0.8,0L0,1Z"


class Entry(NamedTuple):
    """One entry: its word (None leaves it out), its symbol, and the colours of that."""

    text: str | None
    shape: str
    fill: str
    stroke: str


def key(nothing: alt.Chart, entries: Sequence[Entry], view: Look) -> alt.Chart:
    """A layer that draws the key above the chart. `nothing` is a chart of points without any row."""
    shown = [entry for entry in entries if entry.text is not None]
    layer: alt.Chart = nothing.mark_point(aria=False)
    if not shown:
        return layer
    texts = [str(entry.text) for entry in shown]
    legend = alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        columns=alt.expr(_columns(texts, view)),
        labelExpr=f"{literal(texts)}[datum.value]",
        labelFontSize=view.px(_TYPE),
        labelColor=view.palette.text,
        labelLimit=alt.expr("width - 30"),
        labelOffset=view.px(7),
        symbolSize=view.area(130),
        symbolOpacity=1,
        symbolStrokeWidth=view.px(2),
        columnPadding=view.px(14),
        rowPadding=4,
        padding=0,
        offset=6,
        aria=False,
    )

    def scale(values: list[str]) -> alt.Scale:
        return alt.Scale(domain=list(range(len(shown))), range=values)

    drawn: alt.Chart = layer.encode(
        shape=alt.Shape("entry:N", scale=scale([entry.shape for entry in shown]), legend=legend),
        fill=alt.Fill("entry:N", scale=scale([entry.fill for entry in shown]), legend=legend),
        stroke=alt.Stroke("entry:N", scale=scale([entry.stroke for entry in shown]), legend=legend),
    )
    return drawn


def _columns(texts: list[str], view: Look) -> str:
    """The most columns of the key that fit: each is as wide as its widest entry."""
    widths = [text_width(text, _TYPE) + 34 for text in texts]
    choices = ""
    # Only as many columns as leave no line of the key nearly empty.
    for columns in sorted({ceil(len(texts) / lines) for lines in range(1, len(texts))}, reverse=True):
        needed = sum(max(widths[column::columns]) for column in range(columns))
        choices += f"width > {view.length(round(needed))} ? {columns} : "
    return choices + "1"
