"""The spread chart: where all organisations lie, unnamed, and one's own among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from improve.charts.theme import Mode, Size, Spec, finished, heading, look

_COLUMNS = 150
_LABELS = 50


@dataclass(frozen=True, slots=True)
class SpreadWords:
    """The words of the chart: what is counted along which scale."""

    axis: str


@cache
def spread_spec(words: SpreadWords, low: float, high: float, mode: Mode, size: Size) -> Spec:
    """How many organisations have which score; `low` to `high` must hold all of them.

    Datasets: "bins", one object per step of 0.1 that is not empty: `bin` the score, `n`
    organisations, `sentence` for the tooltip and screen readers; "own" with at most one object:
    `mean`, `label`; "median" with at most one object: `median`, `label`.
    """
    view = look(mode, size)
    palette, factor = view.palette, view.factor
    labels, height = _LABELS * factor, (_LABELS + _COLUMNS) * factor
    is_whole = high - low >= 3.5

    def x(field: str, axis: alt.Axis | None = None) -> alt.X:
        scale = alt.Scale(
            domain=[low, high], range=[10, alt.expr("width - 10")], zero=False, nice=False, clamp=True
        )
        return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)

    lettering: dict[str, Any] = {
        "labelFontSize": view.px(13),
        "labelColor": palette.muted,
        "domain": False,
        "ticks": False,
        "aria": False,
    }
    numbers = alt.Axis(
        **lettering,
        grid=False,
        tickCount=round(high - low) if is_whole else 5,
        tickMinStep=1 if is_whole else 0.1,
        format="d" if is_whole else ".1f",
        labelPadding=6,
        labelFlush=False,
    )
    counts = alt.Axis(
        **lettering,
        grid=True,
        gridColor=palette.line,
        tickCount=4,
        tickMinStep=1,
        format="d",
        labelPadding=6,
        title=None,
    )
    layers = [
        alt.Chart(alt.NamedData("bins"))
        .transform_calculate(start="datum.bin - 0.05", end="datum.bin + 0.05")
        .mark_rect(fill=palette.band, stroke=palette.edge, strokeWidth=1)
        .encode(
            x=x("start", numbers),
            x2=alt.X2("end:Q"),
            y=alt.Y("n:Q", axis=counts, scale=alt.Scale(domainMin=0, range=[height, labels])),
            y2=alt.datum(0),
            description=alt.Description("sentence:N"),
            tooltip=alt.Tooltip("sentence:N"),
        )
    ]
    own, median = "scale('x', datum.mean)", "scale('x', datum.median)"
    need = f"length(datum.label) * {8 * factor:g}"
    is_own_above = "(data('own').length > 0 && data('own')[0].mean >= datum.median)"
    is_left = {
        "own": f"{own} > width / 2",
        # Away from the own rule, which passes the median's label, wherever the label has room there.
        "median": f"{median} > {need} && ({is_own_above} || width - {median} < {need})",
    }
    for dataset, field, colour, line, dash in (
        ("median", "median", palette.median, 1, [5, 3]),
        ("own", "mean", palette.focus, 0, [1, 0]),
    ):
        top = (6 + line * 22) * factor
        mark = alt.Chart(alt.NamedData(dataset))
        layers += [
            mark.mark_rule(aria=False, color=colour, strokeWidth=view.px(2.5), strokeDash=dash).encode(
                x=x(field), y=alt.YValue(top), y2=alt.Y2Value(height)
            ),
            mark.mark_text(
                baseline="middle",
                fontSize=view.px(14),
                fontWeight=600 if dataset == "own" else 400,
                color=palette.text,
                align=alt.expr(f"{is_left[dataset]} ? 'right' : 'left'"),
                dx=alt.expr(f"{is_left[dataset]} ? -7 : 7"),
                limit=alt.expr("width - 20"),
            ).encode(
                x=x(field),
                y=alt.YValue(top + 5 * factor),
                text=alt.Text("label:N"),
                description=alt.Description("label:N"),
            ),
        ]
    chart = alt.layer(*layers, height=height, title=heading(words.axis, view))
    return finished(chart.resolve_axis(x="independent", y="independent"))
