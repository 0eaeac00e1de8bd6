"""The Skills charts: the share of each answer to every skill, and figures against a median or a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from improve.charts.key import BOX, DIAMOND, DOT, DOWN, LINE, TICK, UP, Entry, key
from improve.charts.theme import (
    NARROW,
    Look,
    Mode,
    Size,
    Spec,
    blend,
    finished,
    heading,
    legible,
    look,
)

_STEP, _PHONE_STEP = 36, 58
"""Height of a row of answers in pixels: beside its label, and below it on a phone."""
_LINE, _PLOT, _GAP = 18, 26, 12
"""Of a row of figures: a line of words, the marks, and the room below."""
_NOTE, _PHONE_NOTE = 148, 124
"""Width of the words at the right of a row."""


@dataclass(frozen=True, slots=True)
class AnswersWords:
    """The words of the answers chart: what is measured, each answer from the least able up, the median."""

    axis: str
    answers: tuple[str, ...] = ()
    median: str | None = None


@dataclass(frozen=True, slots=True)
class FiguresWords:
    """The words of the figures chart; an entry of the key that is None is not on the chart."""

    axis: str
    own: str | None = None
    higher: str | None = None
    similar: str | None = None
    lower: str | None = None
    interval: str | None = None
    median: str | None = None
    cohort: str | None = None
    whole: str | None = None


@cache
def answers_spec(
    words: AnswersWords, low: float, high: float, codes: int, rows: int, mode: Mode, size: Size
) -> Spec:
    """One bar per skill of the share of each of `codes` answers, parted where people need no help.

    It runs from `low` (below 0: those who need help) to `high` (those who do not).

    Dataset "rows", one object per skill, `rows` of them: `order` from 0, top to bottom; `label`; `note`
    at the right; `sentence` for the tooltip and screen readers; `median` the national median of the
    share to the right of the line, or None; `withheld` text in the bar's place, or None. Dataset
    "bars", one per skill and answer: `order`; `place` of the answer, the least able 0; `x0` and `x1`;
    `label` shown where it fits. On a phone the label stands above.
    """
    view = look(mode, size)
    palette = view.palette
    count = max(rows, 1)
    step = f"(width >= {NARROW} ? {view.length(_STEP)} : {_PHONE_STEP})"
    beside = f"(width >= {NARROW} ? {view.length(180)} : 0)"
    note = f"(width >= {NARROW} ? {view.length(_NOTE)} : 0)"
    top = f"(width >= {NARROW} ? 0.14 * {step} : 0.44 * {step})"
    foot = f"(width >= {NARROW} ? 0.86 * {step} : 0.92 * {step})"
    line = alt.expr(f"width >= {NARROW} ? 0.5 * {step} : 0.22 * {step}")
    data, bars = alt.Chart(alt.NamedData("rows")), alt.Chart(alt.NamedData("bars"))

    def y(field: str = "order") -> alt.Y:
        scale = alt.Scale(domain=[0, count], range=[0, alt.expr(f"{count} * {step}")], nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def x(field: str) -> alt.X:
        ends = [alt.expr(f"{beside} + 1"), alt.expr(f"width - {note} - 1")]
        scale = alt.Scale(domain=[low, high], range=ends, nice=False, zero=False)
        return alt.X(f"{field}:Q", scale=scale, axis=None, title=None)

    colours = [
        blend(palette.low, palette.middle, palette.high, place / max(codes - 1, 1)) for place in range(codes)
    ]

    def by_place(values: list[str]) -> Any:
        # Without a scale: the key has one of its own.
        chosen: Any = alt.when("datum.place === 0").then(alt.value(values[0]))
        for place, value in enumerate(values[1:], start=1):
            chosen = chosen.when(f"datum.place === {place}").then(alt.value(value))
        return chosen

    text: dict[str, Any] = {"baseline": "middle", "aria": False, "fontSize": view.px(14)}
    upright: dict[str, Any] = {"yOffset": alt.expr(top), "y2Offset": alt.expr(foot)}
    fits = f"(datum.x1 - datum.x0) / {high - low:g} * (width - {beside} - {note}) > {view.length(32)}"
    entries = [
        Entry(answer, BOX, fill, palette.edge) for answer, fill in zip(words.answers, colours, strict=False)
    ]
    entries.append(Entry(words.median, TICK, "transparent", palette.median))
    median = data.transform_filter("isValid(datum.median)")
    layers = [
        bars.mark_rect(aria=False, stroke=palette.edge, strokeWidth=1, **upright).encode(
            x=x("x0"),
            x2=alt.X2("x1:Q"),
            y=y(),
            y2=alt.Y2("order:Q"),
            fill=by_place(colours),
        ),
        bars.transform_filter(fits)
        .transform_calculate(centre="(datum.x0 + datum.x1) / 2")
        .mark_text(**{**text, "fontSize": view.px(13)}, dy=alt.expr(f"({top} + {foot}) / 2"))
        .encode(
            x=x("centre"),
            y=y(),
            text=alt.Text("label:N"),
            color=by_place([legible(one) for one in colours]),
        ),
        alt.Chart(alt.sequence(0, 1, 1, as_="line"))
        .mark_rule(aria=False, color=palette.text, strokeWidth=view.px(1.5))
        .encode(x=x("line"), y=alt.YValue(0), y2=alt.Y2Value(alt.expr(f"{count} * {step}"))),
        median.mark_rule(aria=False, color=palette.background, strokeWidth=view.px(6), **upright).encode(
            x=x("median"), y=y(), y2=alt.Y2("order:Q")
        ),
        median.mark_rule(aria=False, color=palette.median, strokeWidth=view.px(3), **upright).encode(
            x=x("median"), y=y(), y2=alt.Y2("order:Q")
        ),
        data.mark_text(
            **text,
            align="left",
            dy=line,
            color=palette.text,
            limit=alt.expr(f"width >= {NARROW} ? {beside} - 10 : 0.62 * width"),
        ).encode(x=alt.XValue(0), y=y(), text=alt.Text("label:N")),
        data.mark_text(
            **text,
            align="right",
            dy=line,
            color=palette.text,
            limit=alt.expr(f"width >= {NARROW} ? {note} - 8 : 0.36 * width"),
        ).encode(x=alt.XValue("width"), y=y(), text=alt.Text("note:N")),
        data.transform_filter("isValid(datum.withheld)")
        .mark_text(
            **text,
            align="left",
            dy=alt.expr(f"({top} + {foot}) / 2"),
            dx=4,
            color=palette.muted,
            fontStyle="italic",
        )
        .encode(x=alt.XValue(alt.expr(beside)), y=y(), text=alt.Text("withheld:N")),
        key(data.transform_filter("false"), entries, view),
        _hover(data, y),
    ]
    return finished(alt.LayerChart(layer=layers, height=count * _STEP, title=heading(words.axis, view)))


def _hover(data: alt.Chart, y: Any) -> alt.Chart:
    """A row as a whole: its sentence for the pointer and for screen readers."""
    row: alt.Chart = (
        data.transform_calculate(next="datum.order + 1")
        .mark_rect(fill="transparent")
        .encode(
            x=alt.XValue(0),
            x2=alt.X2Value("width"),
            y=y(),
            y2=alt.Y2("next:Q"),
            description=alt.Description("sentence:N"),
            tooltip=alt.Tooltip("sentence:N"),
        )
    )
    return row


@cache
def figures_spec(
    words: FiguresWords,
    low: float,
    high: float,
    form: str,
    rows: int,
    lines: int,
    has_detail: bool,
    mode: Mode,
    size: Size,
) -> Spec:
    """One dot with its interval per row, from `low` to `high`, against a median and against the whole.

    `form` is how numbers of the axis are written (d3). Dataset "rows", one object per row, `rows` of
    them: `order` from 0, top to bottom; `label`, and the same broken for a phone as `lines` (of which
    there are `lines` at most); `detail` in a line below the marks (`has_detail`); `note` at the right;
    `sentence` for the tooltip and screen readers; `word` "higher", "similar", "lower" or None where
    nothing is compared; `value`, `lower`, `upper`, `median`, `cohort` (its median), `whole`: each a
    number or None, and what is None is not drawn; `withheld` text in the marks' place, or None. A row
    that is a `head` stands out.
    """
    view = look(mode, size)
    palette = view.palette
    count, more = max(rows, 1), _LINE if has_detail else 0
    # What is above the marks has as many lines as the longest label on a phone, and one on a screen.
    words_above = f"(width >= {NARROW} ? {view.length(_LINE)} : {lines * _LINE})"
    step = f"({words_above} + {view.length(_PLOT + more + _GAP)})"
    centre = f"({words_above} + {view.length(_PLOT / 2 + 2)})"
    note = f"(width >= {NARROW} ? {view.length(_NOTE)} : {_PHONE_NOTE})"
    data = alt.Chart(alt.NamedData("rows"))

    def y(field: str = "order") -> alt.Y:
        scale = alt.Scale(domain=[0, count], range=[0, alt.expr(f"{count} * {step}")], nice=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def x(field: str, axis: alt.Axis | None = None) -> alt.X:
        ends = [alt.expr("14"), alt.expr(f"width - {note}")]
        scale = alt.Scale(domain=[low, high], range=ends, nice=False, zero=False, clamp=True)
        return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)

    def where(test: str) -> alt.Chart:
        chart: alt.Chart = data.transform_filter(test)
        return chart

    def upright(half: float) -> dict[str, Any]:
        return {
            "yOffset": alt.expr(f"{centre} - {view.length(half)}"),
            "y2Offset": alt.expr(f"{centre} + {view.length(half)}"),
        }

    numbers = alt.Axis(
        orient="top",
        grid=False,
        domain=False,
        ticks=False,
        tickCount=5,
        format=form,
        labelFontSize=view.px(13),
        labelColor=palette.muted,
        labelPadding=5,
        labelFlush=False,
        aria=False,
    )
    text: dict[str, Any] = {"aria": False, "fontSize": view.px(14.5)}
    small: dict[str, Any] = {"aria": False, "fontSize": view.px(13), "baseline": "middle"}
    across = alt.expr(f"width - {note}")
    interval = where("isValid(datum.lower) && isValid(datum.upper)")
    layers = [
        where("false").mark_point(aria=False).encode(x=x("value", numbers)),
        data.mark_rule(aria=False, color=palette.line, yOffset=alt.expr(centre)).encode(
            x=alt.XValue(0), x2=alt.X2Value(across), y=y()
        ),
        where("isValid(datum.whole)")
        .mark_rule(aria=False, color=palette.cohort, strokeWidth=view.px(2), strokeDash=[5, 3], **upright(13))
        .encode(x=x("whole"), y=y(), y2=alt.Y2("order:Q")),
        where("isValid(datum.median)")
        .mark_rule(aria=False, color=palette.median, strokeWidth=view.px(3), **upright(10))
        .encode(x=x("median"), y=y(), y2=alt.Y2("order:Q")),
        where("isValid(datum.cohort)")
        .mark_point(
            aria=False,
            shape="diamond",
            size=view.area(120),
            stroke=palette.cohort,
            strokeWidth=view.px(2),
            opacity=1,
            yOffset=alt.expr(centre),
        )
        .encode(x=x("cohort"), y=y()),
        interval.mark_rule(
            aria=False, color=palette.background, strokeWidth=view.px(6), yOffset=alt.expr(centre)
        ).encode(x=x("lower"), x2=alt.X2("upper:Q"), y=y()),
        interval.mark_rule(aria=False, strokeWidth=view.px(3), yOffset=alt.expr(centre)).encode(
            x=x("lower"), x2=alt.X2("upper:Q"), y=y(), color=_by_word(view)
        ),
        where("isValid(datum.value)")
        .mark_point(
            filled=True,
            opacity=1,
            aria=False,
            stroke=palette.background,
            strokeWidth=view.px(1.5),
            yOffset=alt.expr(centre),
        )
        .encode(
            x=x("value"),
            y=y(),
            fill=_by_word(view),
            shape=_choose("triangle-up", "circle", "triangle-down", "circle"),
            size=_choose(view.area(290), view.area(150), view.area(290), view.area(150)),
        ),
        data.transform_calculate(shown=f"width >= {NARROW} ? [datum.label] : split(datum.lines, '\\n')")
        .mark_text(
            **text,
            align="left",
            baseline="bottom",
            lineHeight=_LINE,
            # A label of several lines grows upwards from the marks.
            dy=alt.expr(f"{words_above} + 2 - (width >= {NARROW} ? 0 : {_LINE} * (length(datum.shown) - 1))"),
            color=palette.text,
            limit=alt.expr("width"),
            fontWeight=alt.expr("datum.head ? 600 : 400"),
        )
        .encode(x=alt.XValue(0), y=y(), text=alt.Text("shown:N")),
        data.mark_text(
            **{**text, "fontSize": view.px(13)},
            align="right",
            baseline="middle",
            dy=alt.expr(centre),
            color=palette.text,
            limit=alt.expr(note),
        ).encode(x=alt.XValue("width"), y=y(), text=alt.Text("note:N")),
        where("isValid(datum.withheld)")
        .mark_text(
            **small,
            align="left",
            dy=alt.expr(centre),
            color=palette.muted,
            fontStyle="italic",
            limit=alt.expr("width"),
        )
        .encode(x=alt.XValue(0), y=y(), text=alt.Text("withheld:N")),
        where("isValid(datum.detail)")
        .mark_text(
            **small,
            align="left",
            dy=alt.expr(f"{centre} + {view.length(_PLOT / 2 + _LINE / 2)}"),
            color=palette.muted,
            limit=alt.expr("width"),
        )
        .encode(x=alt.XValue(0), y=y(), text=alt.Text("detail:N")),
        _figures_key(words, view),
        _hover(data, y),
    ]
    height = count * (_LINE + _PLOT + more + _GAP)
    chart = alt.LayerChart(layer=layers, height=height, title=heading(words.axis, view))
    return finished(chart.resolve_axis(x="independent"))


def _by_word(view: Look) -> Any:
    palette = view.palette
    return _choose(palette.higher, palette.similar, palette.lower, palette.focus)


def _choose(higher: Any, similar: Any, lower: Any, none: Any) -> Any:
    return (
        alt.when("datum.word === 'higher'")
        .then(alt.value(higher))
        .when("datum.word === 'similar'")
        .then(alt.value(similar))
        .when("datum.word === 'lower'")
        .then(alt.value(lower))
        .otherwise(alt.value(none))
    )


def _figures_key(words: FiguresWords, view: Look) -> alt.Chart:
    palette = view.palette
    none = "transparent"
    entries = (
        Entry(words.own, DOT, palette.focus, palette.focus),
        Entry(words.higher, UP, palette.higher, palette.higher),
        Entry(words.similar, DOT, palette.similar, palette.similar),
        Entry(words.lower, DOWN, palette.lower, palette.lower),
        Entry(words.interval, LINE, none, palette.similar),
        Entry(words.median, TICK, none, palette.median),
        Entry(words.cohort, DIAMOND, none, palette.cohort),
        Entry(words.whole, TICK, none, palette.cohort),
    )
    return key(alt.Chart(alt.NamedData("rows")).transform_filter("false"), entries, view)
