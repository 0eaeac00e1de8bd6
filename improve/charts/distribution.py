"""The distribution chart: how the answers to one item spread over its scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import altair as alt

from improve.charts.theme import Mode, Size, Spec, blend, finished, heading, legible, look

_BAR = 46
_ABOVE = 22
_BELOW = 46


@dataclass(frozen=True, slots=True)
class DistributionWords:
    """The words of the chart: what is counted, the two ends of the scale, its mid-point."""

    axis: str
    low_end: str
    high_end: str
    middle: str


def diverging_positions(shares: Sequence[float]) -> list[tuple[float, float]]:
    """Where each code's segment starts and ends when the scale's mid-point stands at 0.

    `shares` has one share (0 to 1) per code, lowest code first. With an odd number of codes half of
    the middle one lies on either side of 0; with an even number 0 lies between the middle two.
    """
    half, is_odd = divmod(len(shares), 2)
    start = -sum(shares[:half]) - (shares[half] / 2 if is_odd else 0)
    ends = list(accumulate(shares, initial=start))
    return list(pairwise(ends))


@cache
def distribution_spec(words: DistributionWords, codes: tuple[int, ...], mode: Mode, size: Size) -> Spec:
    """One stacked bar of the share of answers at each of `codes` (lowest first), parted at the mid-point.

    Dataset "bars", one object per code: `code`; `label` shown in the segment where it fits, such as
    "23%"; `share` (0 to 1); `x0` and `x1` from `diverging_positions`; `sentence` for the tooltip and
    screen readers. The bar is as wide as its container, so the mid-point's place tells the balance.
    """
    view = look(mode, size)
    palette, factor = view.palette, view.factor
    bar, above, below = _BAR * factor, _ABOVE * factor, _BELOW * factor
    colours = [
        blend(palette.low, palette.middle, palette.high, place / max(len(codes) - 1, 1))
        for place in range(len(codes))
    ]
    x = alt.X("x0:Q", scale=alt.Scale(range=[1, alt.expr("width - 1")], zero=False, nice=False), axis=None)
    middle = alt.X("middle:Q", axis=None)
    bars = alt.Chart(alt.NamedData("bars"))
    centred = bars.transform_calculate(centre="(datum.x0 + datum.x1) / 2")
    once = bars.transform_aggregate(n="count()").transform_calculate(middle="0")
    fits = f"(datum.x1 - datum.x0) * width > {view.length(10)} * (length(datum.label) + 0.5)"
    text: dict[str, Any] = {"baseline": "middle", "aria": False}
    end: dict[str, Any] = {
        **text,
        "fontSize": view.px(13),
        "color": palette.muted,
        "limit": alt.expr("width / 2 - 6"),
    }
    below_bar = alt.value(above + bar + 34 * factor)
    side = "scale('x', 0) < 0.25 * width ? 'left' : scale('x', 0) > 0.75 * width ? 'right' : 'center'"

    def colour(values: list[str]) -> alt.Scale:
        return alt.Scale(domain=list(codes), range=values)

    layers = [
        bars.mark_rect(stroke=palette.edge, strokeWidth=1).encode(
            x=x,
            x2=alt.X2("x1:Q"),
            y=alt.YValue(above),
            y2=alt.Y2Value(above + bar),
            fill=alt.Fill("code:N", scale=colour(colours), legend=None),
            description=alt.Description("sentence:N"),
            tooltip=alt.Tooltip("sentence:N"),
        ),
        centred.mark_text(**text, fontSize=view.px(15), fontWeight=600)
        .transform_filter(fits)
        .encode(
            x=alt.X("centre:Q", axis=None),
            y=alt.YValue(above + bar / 2),
            text=alt.Text("label:N"),
            color=alt.Color("code:N", scale=colour([legible(one) for one in colours]), legend=None),
        ),
        centred.mark_text(**text, fontSize=view.px(13), color=palette.text)
        .transform_filter(f"(datum.x1 - datum.x0) * width > {view.length(9)} * length('' + datum.code)")
        .encode(
            x=alt.X("centre:Q", axis=None), y=alt.YValue(above + bar + 13 * factor), text=alt.Text("code:N")
        ),
        once.mark_rule(aria=False, color=palette.text, strokeWidth=view.px(2)).encode(
            x=middle, y=alt.YValue(above - 6 * factor), y2=alt.Y2Value(above + 5 * factor)
        ),
        once.mark_text(**text, fontSize=view.px(12.5), color=palette.muted, align=alt.expr(side)).encode(
            x=middle, y=alt.YValue(above - 14 * factor), text=alt.TextValue(words.middle)
        ),
        once.mark_text(**end, align="left").encode(
            x=alt.XValue(0), y=below_bar, text=alt.TextValue(words.low_end)
        ),
        once.mark_text(**end, align="right").encode(
            x=alt.XValue("width"), y=below_bar, text=alt.TextValue(words.high_end)
        ),
    ]
    chart = alt.layer(*layers, height=above + bar + below, title=heading(words.axis, view))
    return finished(chart.resolve_scale(fill="independent", color="independent"))
