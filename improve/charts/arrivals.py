"""The arrivals chart: how many had answered by which day, and what happened on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from improve.charts.theme import Mode, Size, Spec, finished, heading, look

_LABELS, _PLOT, _DATES = 46, 240, 44
"""Heights in pixels: the two lines of labels above the curve, the curve, the dates below it."""


@dataclass(frozen=True, slots=True)
class ArrivalsWords:
    """The words of the chart: what is measured, over what."""

    axis: str


@cache
def arrivals_spec(
    words: ArrivalsWords, first: int, last: int, end: float, is_share: bool, mode: Mode, size: Size
) -> Spec:
    """A rising line from day `first` to day `last`, and from 0 to `end`: shares (0 to 1) or numbers.

    Datasets: "points", in order: `day` (0 when the survey opened), `value`, `sentence` for the tooltip
    and screen readers; "events": `day`, `label`, `level` 0 or 1 (which of the two lines of labels it
    stands on), `sentence`; "ticks": `day`, `label` and `date`, written below; "median" with at most
    one object: `value`, `label`.
    """
    view = look(mode, size)
    palette, factor = view.palette, view.factor
    top, bottom = _LABELS * factor, (_LABELS + _PLOT) * factor
    points, events = alt.Chart(alt.NamedData("points")), alt.Chart(alt.NamedData("events"))
    ticks, median = alt.Chart(alt.NamedData("ticks")), alt.Chart(alt.NamedData("median"))
    days = alt.Scale(
        domain=[first, max(last, first + 1)],
        range=[alt.expr(view.length(44)), alt.expr("width - 12")],
        zero=False,
        nice=False,
    )
    x = alt.X("day:Q", scale=days, axis=None)

    def y(axis: alt.Axis | None = None) -> alt.Y:
        scale = alt.Scale(domain=[0, end], range=[bottom, top], nice=False)
        return alt.Y("value:Q", scale=scale, axis=axis, title=None)

    numbers = alt.Axis(
        orient="left",
        offset=alt.expr(f"-{view.length(44)}"),
        grid=True,
        gridColor=palette.line,
        domain=False,
        ticks=False,
        tickCount=5,
        tickMinStep=0.01 if is_share else 1,
        format=".0%" if is_share else ",d",
        labelFontSize=view.px(13),
        labelColor=palette.muted,
        labelPadding=6,
        aria=False,
    )
    text: dict[str, Any] = {"aria": False, "baseline": "middle"}
    is_right = f"scale('x', datum.day) > width - {view.length(70)}"
    height = alt.expr(f"({6 * factor:g}) + datum.level * {20 * factor:g}")
    layers = [
        points.transform_filter("false").mark_point(aria=False).encode(y=y(numbers)),
        ticks.mark_rule(aria=False, color=palette.line).encode(
            x=x, y=alt.YValue(top), y2=alt.Y2Value(bottom)
        ),
        *(
            ticks.mark_text(**text, fontSize=view.px(13), color=colour, dy=down * factor).encode(
                x=x, y=alt.YValue(bottom), text=alt.Text(f"{field}:N")
            )
            for field, colour, down in (("date", palette.text, 14), ("label", palette.muted, 32))
        ),
        points.mark_area(aria=False, color=palette.band, opacity=0.6).encode(x=x, y=y(), y2=alt.datum(0)),
        median.mark_rule(aria=False, color=palette.median, strokeWidth=view.px(2), strokeDash=[6, 4]).encode(
            x=alt.XValue(alt.expr(view.length(44))), x2=alt.X2Value("width"), y=y()
        ),
        events.mark_rule(aria=False, color=palette.muted, strokeWidth=view.px(1.5)).encode(
            x=x, y=alt.YValue(top - 8 * factor), y2=alt.Y2Value(bottom)
        ),
        points.mark_line(aria=False, color=palette.focus, strokeWidth=view.px(3)).encode(x=x, y=y()),
        *(
            median.mark_text(
                **text, align="left", fontSize=view.px(13.5), dx=6 * factor, dy=-10 * factor, **inked
            ).encode(x=alt.XValue(alt.expr(view.length(44))), y=y(), text=alt.Text("label:N"))
            for inked in (
                {"color": palette.background, "stroke": palette.background, "strokeWidth": view.px(4)},
                {"color": palette.text},
            )
        ),
        points.mark_point(
            filled=True,
            opacity=1,
            size=view.area(70),
            fill=palette.focus,
            stroke=palette.background,
            strokeWidth=view.px(1.5),
        ).encode(x=x, y=y(), description=alt.Description("sentence:N"), tooltip=alt.Tooltip("sentence:N")),
        events.mark_text(
            baseline="middle",
            fontSize=view.px(13.5),
            color=palette.text,
            align=alt.expr(f"{is_right} ? 'right' : 'left'"),
            dx=alt.expr(f"{is_right} ? 3 : -3"),
            dy=height,
        ).encode(
            x=x,
            y=alt.YValue(0),
            text=alt.Text("label:N"),
            description=alt.Description("sentence:N"),
            tooltip=alt.Tooltip("sentence:N"),
        ),
    ]
    chart = alt.LayerChart(layer=layers, height=bottom + _DATES * factor, title=heading(words.axis, view))
    return finished(chart.resolve_axis(x="independent", y="independent"))
