"""The joint chart: how people rate importance and satisfaction of one aspect together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from improve.charts.theme import Mode, Size, Spec, blend, finished, heading, legible, look

_STEPS = 6
_CELL = 46


@dataclass(frozen=True, slots=True)
class JointWords:
    """The words of the chart: what its shares are of, and its two axes."""

    axis: str
    x: str
    y: str


@cache
def joint_spec(words: JointWords, codes: tuple[int, ...], mode: Mode, size: Size) -> Spec:
    """A cell per pair of codes: satisfaction to the right, importance upwards.

    Dataset "cells": `x` and `y` the codes; `step` from 0 (nobody) to 5 (most) for its colour; `label` the
    share in words, "" where nobody; `sentence`. Cells where both are equal are outlined.
    """
    view = look(mode, size)
    palette = view.palette
    colours = [
        blend(palette.background, palette.band, palette.high, place / (_STEPS - 1)) for place in range(_STEPS)
    ]
    letters = [legible(colour) for colour in colours]
    order = [str(code) for code in codes]
    axis: dict[str, Any] = {
        "labelFontSize": view.px(13),
        "titleFontSize": view.px(13),
        "titleFontWeight": "normal",
        "labelColor": palette.muted,
        "titleColor": palette.text,
        "domain": False,
        "ticks": False,
        "labelAngle": 0,
        "aria": False,
    }
    place: dict[str, Any] = {
        "x": alt.X("x:N", sort=order, axis=alt.Axis(title=words.x, **axis), scale=alt.Scale(domain=order)),
        "y": alt.Y(
            "y:N", sort=order[::-1], axis=alt.Axis(title=words.y, **axis), scale=alt.Scale(domain=order[::-1])
        ),
    }
    steps = list(range(_STEPS))
    cells = alt.Chart(alt.NamedData("cells"))
    colour = alt.Fill("step:O", scale=alt.Scale(domain=steps, range=colours), legend=None)
    layers = [
        cells.mark_rect(stroke=palette.line, tooltip=alt.expr("datum.sentence")).encode(
            fill=colour, description=alt.Description("sentence:N"), **place
        ),
        cells.transform_filter("datum.x === datum.y")
        .mark_rect(aria=False, fill=None, stroke=palette.text, strokeWidth=view.px(1.5), strokeDash=[3, 3])
        .encode(**place),
        cells.mark_text(aria=False, fontSize=view.px(12.5)).encode(
            text=alt.Text("label:N"),
            color=alt.Color("step:O", scale=alt.Scale(domain=steps, range=letters), legend=None),
            **place,
        ),
    ]
    chart: alt.LayerChart = alt.LayerChart(
        layer=layers, height=_CELL * len(codes) * view.factor, title=heading(words.axis, view)
    ).resolve_scale(color="independent")
    return finished(chart)
