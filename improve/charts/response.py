"""Bars, of responses and of any figure: one per row, against a band and a mark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

import altair as alt

from improve.charts.theme import Look, Mode, Size, Spec, finished, heading, literal, look, text_width

_STEP = 54
"""Height of a row in pixels: a line of words above, its bar below."""
_WORDS, _BAR = 14, 35
"""Where the middle of the words, and of the bar, lies from the top of a row."""
_KEY = 13

_BOX = "M-1,-1M1,1M-1,-0.6L1,-0.6L1,0.6L-1,0.6Z"
_TICK = "M-1,-1M1,1M0,-1L0,1"
_LINE = "M-1,-1M1,1M-1,0L1,0"


@dataclass(frozen=True, slots=True)
class ResponseWords:
    """The words of the chart: what is measured, and the entries of its key (None: not on the chart)."""

    axis: str
    value: str | None = None
    band: str | None = None
    mark: str | None = None
    median: str | None = None
    interval: str | None = None


def response_spec(
    words: ResponseWords, end: float, is_share: bool, rows: int, mode: Mode, size: Size
) -> Spec:
    """One horizontal bar per row, from 0 to `end`: shares (0 to 1) or numbers of people.

    Dataset "rows" as in `bars_spec`.
    """
    form, step = (".0%", 0.05) if is_share else (",d", 1)
    return bars_spec(words, 0, end, form, step, rows, mode, size)


@cache
def bars_spec(
    words: ResponseWords, low: float, end: float, form: str, least: float, rows: int, mode: Mode, size: Size
) -> Spec:
    """One horizontal bar per row, from `low` (or from 0, where that lies on the axis) to `end`.

    `form` is how numbers of the axis are written (d3), `least` the least step between two of them.
    Dataset "rows", one object per row, `rows` of them: `order` whole number from 0, top to bottom;
    `label`; `note` at the right; `sentence` for the tooltip and screen readers; `value` the bar's end,
    `low` and `high` the ends of the band, `mark` an upright line, and, where rows have them, `lower` and
    `upper` the ends of the bar's interval: each a number or None, and what is None is not drawn;
    `is_median` True where the bar is a median, not an own figure; `withheld` text in the note's place,
    or None.
    """
    view = look(mode, size)
    palette, factor = view.palette, view.factor
    step, count = _STEP * factor, max(rows, 1)
    data = alt.Chart(alt.NamedData("rows"))
    y = alt.Y(
        "order:Q",
        scale=alt.Scale(domain=[0, count], range=[0, count * step], zero=False, nice=False),
        axis=None,
    )

    def x(field: str, axis: alt.Axis | None = None) -> alt.X:
        scale = alt.Scale(
            domain=[low, end], range=[1, alt.expr("width - 14")], nice=False, zero=False, clamp=True
        )
        return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)

    def upright(half: float) -> dict[str, Any]:
        return {"yOffset": (_BAR - half) * factor, "y2Offset": (_BAR + half) * factor}

    numbers = alt.Axis(
        orient="bottom",
        grid=True,
        gridColor=palette.line,
        domain=False,
        ticks=False,
        tickCount=5,
        tickMinStep=least,
        format=form,
        labelFontSize=view.px(13),
        labelColor=palette.muted,
        labelPadding=6,
        labelFlush=False,
        aria=False,
    )
    line: dict[str, Any] = {
        "baseline": "middle",
        "fontSize": view.px(14.5),
        "dy": _WORDS * factor,
        "aria": False,
    }
    note: dict[str, Any] = {**line, "align": "right", "limit": alt.expr("0.56 * width")}
    interval = data.transform_filter("isValid(datum.lower) && isValid(datum.upper)")
    layers = [
        data.transform_filter("false").mark_point(aria=False).encode(x=x("value", numbers)),
        data.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rect(aria=False, fill=palette.band, stroke=palette.edge, strokeWidth=1, **upright(14))
        .encode(x=x("low"), x2=alt.X2("high:Q"), y=y, y2=alt.Y2("order:Q")),
        data.transform_filter("isValid(datum.value)")
        .transform_calculate(zero=f"{max(low, 0):g}")
        .mark_rect(aria=False, **upright(7))
        .encode(
            x=x("zero"),
            x2=alt.X2("value:Q"),
            y=y,
            y2=alt.Y2("order:Q"),
            fill=alt.when("datum.is_median === true")
            .then(alt.value(palette.similar))
            .otherwise(alt.value(palette.focus)),
        ),
        data.transform_filter("isValid(datum.mark)")
        .mark_rule(aria=False, color=palette.background, strokeWidth=view.px(6), **upright(14))
        .encode(x=x("mark"), y=y, y2=alt.Y2("order:Q")),
        data.transform_filter("isValid(datum.mark)")
        .mark_rule(aria=False, color=palette.median, strokeWidth=view.px(3), **upright(14))
        .encode(x=x("mark"), y=y, y2=alt.Y2("order:Q")),
        *(
            interval.mark_rule(
                aria=False, color=colour, strokeWidth=view.px(width), yOffset=_BAR * factor
            ).encode(x=x("lower"), x2=alt.X2("upper:Q"), y=y)
            for colour, width in ((palette.background, 5), (palette.last, 2))
        ),
        data.mark_text(
            **line,
            align="left",
            color=palette.text,
            limit=alt.expr("width * (datum.note === '' ? 0.7 : 0.54)"),
        ).encode(x=alt.XValue(0), y=y, text=alt.Text("label:N")),
        data.mark_text(**note, color=palette.text).encode(
            x=alt.XValue("width"), y=y, text=alt.Text("note:N")
        ),
        data.transform_filter("isValid(datum.withheld)")
        .mark_text(**note, color=palette.muted, fontStyle="italic")
        .encode(x=alt.XValue("width"), y=y, text=alt.Text("withheld:N")),
        _key(words, view),
        data.transform_calculate(next="datum.order + 1")
        .mark_rect(fill="transparent")
        .encode(
            x=alt.XValue(0),
            x2=alt.X2Value("width"),
            y=y,
            y2=alt.Y2("next:Q"),
            description=alt.Description("sentence:N"),
            tooltip=alt.Tooltip("sentence:N"),
        ),
    ]
    return finished(
        alt.LayerChart(layer=layers, height=count * step, title=heading(words.axis, view)).resolve_axis(
            x="independent"
        )
    )


def _key(words: ResponseWords, view: Look) -> alt.Chart:
    """The entries of the key that are on the chart, side by side where they fit."""
    palette = view.palette
    entries = [
        (text, shape, fill, stroke)
        for text, shape, fill, stroke in (
            (words.value, _BOX, palette.focus, palette.focus),
            (words.median, _BOX, palette.similar, palette.similar),
            (words.interval, _LINE, "transparent", palette.last),
            (words.band, _BOX, palette.band, palette.edge),
            (words.mark, _TICK, "transparent", palette.median),
        )
        if text is not None
    ]
    chart: alt.Chart = alt.Chart(alt.NamedData("rows")).transform_filter("false").mark_point(aria=False)
    if not entries:
        return chart
    texts = [entry[0] for entry in entries]
    wide = sum(text_width(text, _KEY) + 34 for text in texts)
    legend = alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        columns=alt.expr(f"width > {view.length(ceil(wide))} ? {len(texts)} : 1"),
        labelExpr=f"{literal(texts)}[datum.value]",
        labelFontSize=view.px(_KEY),
        labelColor=palette.text,
        labelLimit=alt.expr("width - 30"),
        symbolSize=view.area(130),
        symbolOpacity=1,
        symbolStrokeWidth=view.px(2),
        columnPadding=view.px(14),
        rowPadding=4,
        padding=0,
        offset=6,
        aria=False,
    )

    def scale(place: int) -> alt.Scale:
        return alt.Scale(domain=list(range(len(entries))), range=[entry[place] for entry in entries])

    key: alt.Chart = chart.encode(
        shape=alt.Shape("entry:N", scale=scale(1), legend=legend),
        fill=alt.Fill("entry:N", scale=scale(2), legend=legend),
        stroke=alt.Stroke("entry:N", scale=scale(3), legend=legend),
    )
    return key
