"""The part of a scale that a built chart shows, and what is written at it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from improve.instruments import Scale
from improve.language import _, number
from improve.views.chart.part import Axis, Row, Unit

_LEAST = 3.0
"""Points of a scale of ratings that are shown at least."""


def values_of(rows: Sequence[Row]) -> list[float]:
    """Every value of the rows that lies on their axis."""
    found: list[float] = []
    for row in rows:
        for one in (row.own, row.median, row.cohort, row.previous):
            found += () if one is None or one.value is None else (one.value,)
        for pair in (row.interval, row.quartiles):
            found += () if pair is None or pair.value is None else pair.value
    return found


def rating_axis(rows: Sequence[Row], scale: Scale) -> Axis:
    """The whole points of a scale of ratings that hold every mark."""
    values = values_of(rows)
    low, high = float(scale.low), float(scale.high)
    if values:
        first = max(low, float(floor(min(values))))
        first = max(low, min(first, high - _LEAST))
        low, high = first, min(high, max(float(ceil(max(values))), first + _LEAST))
    whole = float(scale.low), float(scale.high)
    return Axis(
        rating_text(low, high, scale),
        *(Unit.RATING, low, high),
        start=whole[0],
        whole_text=rating_text(*whole, scale),
        whole_high=whole[1],
    )


def rating_text(low: float, high: float, scale: Scale) -> str:
    """What is written at an axis of satisfaction."""
    text = (
        _("Satisfaction, on the whole scale from {low} to {high}")
        if (low, high) == (scale.low, scale.high)
        else _("Satisfaction, {low} to {high} shown of the scale {ends}")
    )
    return text.format(low=_brief(low), high=_brief(high), ends=f"{scale.low}–{scale.high}")


def _brief(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


def change_axis(rows: Sequence[Row], text: str) -> Axis:
    """Half points to either side of nought that hold every mark."""
    far = ceil(2 * max([0.5, *(abs(one) for one in values_of(rows))])) / 2
    return Axis(text, Unit.CHANGE, -far, far)


def gap_axis(rows: Sequence[Row], text: str) -> Axis:
    """Half points that hold every gap, nought among them."""
    values = [0.0, 1.0, *values_of(rows)]
    return Axis(text, Unit.CHANGE, floor(2 * min(values)) / 2, ceil(2 * max(values)) / 2)


def share_axis(rows: Sequence[Row], text: str) -> Axis:
    """From nought to the next tenth above every share."""
    most = max(values_of(rows), default=0.1)
    return Axis(text, Unit.SHARE, 0.0, min(1.0, max(0.1, ceil(most * 10 - 1e-9) / 10)))


def index_axis(rows: Sequence[Row], text: str) -> Axis:
    """The whole tens of 0 to 100 that hold every mark; `text` has a {low} and a {high}."""
    values = values_of(rows) or [0.0, 100.0]
    low, high = 10 * floor(min(values) / 10), 10 * ceil(max(values) / 10)
    low = max(0, min(low, high - 20))
    return Axis(text.format(low=low, high=high), Unit.POINTS, float(low), float(high))


def number_axis(rows: Sequence[Row], text: str) -> Axis:
    """From nought to a round number above every count."""
    most = int(max(values_of(rows), default=10))
    step = 10 ** (len(str(most)) - 1)
    return Axis(text, Unit.NUMBER, 0.0, float(ceil(max(most, 1) / step) * step))
