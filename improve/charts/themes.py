"""The themes chart: how many people speak of each aspect in their comments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from improve.charts.theme import NARROW, Mode, Size, Spec, finished, heading, look

_STEP, _PHONE_STEP = 30, 46


@dataclass(frozen=True, slots=True)
class ThemesWords:
    """The words of the chart: what the bars count."""

    axis: str


@cache
def themes_spec(words: ThemesWords, rows: int, most: int, mode: Mode, size: Size) -> Spec:
    """One bar per aspect, `rows` of them, from 0 to `most` people.

    Dataset "rows": `order` from 0, top to bottom; `row` its key; `label`; `people`, a number or None;
    `note`, the number or why there is none; `sentence` for the tooltip and screen readers; `chosen`.
    A click is the selection "aspect" with its `row`. On a phone the label stands above its bar.
    """
    view = look(mode, size)
    palette = view.palette
    count = max(rows, 1)
    step = f"(width >= {NARROW} ? {view.length(_STEP)} : {_PHONE_STEP})"
    label = f"(width >= {NARROW} ? {view.length(210)} : 0)"
    data = alt.NamedData("rows")

    def y(field: str = "order") -> alt.Y:
        scale = alt.Scale(domain=[0, count], range=[0, alt.expr(f"{count} * {step}")], nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def x(field: str) -> alt.X:
        ends = [alt.expr(label), alt.expr(f"width - {view.length(130)}")]
        scale = alt.Scale(domain=[0, max(most, 1)], range=ends, nice=False, zero=True)
        return alt.X(f"{field}:Q", scale=scale, axis=None, title=None)

    def down(share: float, phone: float) -> alt.ExprRef:
        return alt.expr(f"width >= {NARROW} ? {share} * {step} : {phone} * {step}")

    text: dict[str, Any] = {"baseline": "middle", "aria": False, "fontSize": view.px(14)}
    base = alt.Chart(data)
    counted = base.transform_filter("isValid(datum.people)").transform_calculate(zero="0")
    bars = counted.mark_rect(
        aria=False, color=palette.focus, yOffset=down(0.2, 0.5), y2Offset=down(0.8, 0.9)
    ).encode(x=x("zero"), x2=alt.X2("people:Q"), y=y(), y2=alt.Y2("order:Q"))
    names = base.mark_text(**text, align="left", dy=down(0.5, 0.26), color=palette.text).encode(
        x=alt.XValue(0), y=y(), text=alt.Text("label:N")
    )
    at_end = counted.mark_text(
        **text, align="left", dx=view.px(6), dy=down(0.5, 0.7), color=palette.text
    ).encode(x=x("people"), y=y(), text=alt.Text("note:N"))
    few = (
        base.transform_filter("!isValid(datum.people)")
        .mark_text(**text, align="left", dy=down(0.5, 0.7), color=palette.muted, fontStyle="italic")
        .encode(x=alt.XValue(alt.expr(label)), y=y(), text=alt.Text("note:N"))
    )
    rows_ = (
        base.transform_calculate(next="datum.order + 1")
        .mark_rect(fill=palette.chosen, cursor="pointer")
        .encode(
            x=alt.XValue(0),
            x2=alt.X2Value("width"),
            y=y(),
            y2=alt.Y2("next:Q"),
            opacity=alt.when("datum.chosen === true").then(alt.value(0.12)).otherwise(alt.value(0)),
            description=alt.Description("sentence:N"),
            tooltip=alt.Tooltip("sentence:N"),
        )
        .add_params(alt.selection_point(name="aspect", fields=["row"]))
    )
    chart = alt.LayerChart(
        layer=[bars, names, at_end, few, rows_], height=count * _STEP, title=heading(words.axis, view)
    )
    return finished(chart)
