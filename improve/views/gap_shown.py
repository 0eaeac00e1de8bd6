"""The Expectation gap page as rows: for its charts, its tables and its files, and written out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

from improve.disclosure import Figure
from improve.language import _, number, percent, signed, whole
from improve.views import gap_sentence, sentence
from improve.views.gap import Gap, GapView, Position

Row = dict[str, Any]
Span = tuple[float, float]


def point(gap: Gap) -> tuple[float, float] | None:
    """Where an aspect stands (satisfaction, importance): its own place, else the national medians'."""
    for satisfaction, importance in (
        (gap.satisfaction.mean.value, gap.importance.mean.value),
        (gap.satisfaction.median.value, gap.importance.median.value),
    ):
        if satisfaction is not None and importance is not None:
            return satisfaction, importance
    return None


def plotted(view: GapView) -> tuple[Gap, ...]:
    """The aspects that have a place: with any own ones, those alone."""
    return tuple(gap for gap in view.gaps if (gap.has_own if view.has_own else point(gap) is not None))


def spans(view: GapView, is_whole: bool) -> tuple[Span, Span]:
    """The parts of the two axes that hold every mark."""
    xs: list[float] = []
    ys: list[float] = []
    for gap in plotted(view):
        for score, values in ((gap.satisfaction, xs), (gap.importance, ys)):
            chosen = view.chosen is not None and view.chosen.id == gap.id
            figures = [score.mean, score.median, *([score.previous] if chosen else [])]
            values.extend(one.value for one in figures if one.value is not None)
            values.extend((score.interval.value or ()) if chosen else ())
    return _spans(view, xs, ys, is_whole)


def position_spans(view: GapView, is_whole: bool) -> tuple[Span, Span]:
    """The same for the groups of one aspect."""
    rows = position_rows(view.positions)
    return _spans(view, [row["x"] for row in rows], [row["y"] for row in rows], is_whole)


def _spans(view: GapView, xs: list[float], ys: list[float], is_whole: bool) -> tuple[Span, Span]:
    assert view.survey is not None and view.lines is not None
    scale = (float(view.survey.scale.low), float(view.survey.scale.high))
    if is_whole or not xs or not ys:
        return scale, scale
    lines = view.lines.satisfaction.value, view.lines.importance.value
    x, y = (
        _zoomed(scale, values if line is None else [*values, line])
        for values, line in zip((xs, ys), lines, strict=True)
    )
    # However far apart they are, a part of the diagonal is on the plane.
    return (min(x[0], y[1] - 0.5), max(x[1], y[0] + 0.5)), (min(y[0], x[1] - 0.5), max(y[1], x[0] + 0.5))


def _zoomed(scale: Span, values: Sequence[float]) -> Span:
    """The part of the scale, in half points, that holds every value; one and a half at least."""
    low, high = scale
    first, last = max(low, floor(2 * min(values) - 0.04) / 2), min(high, ceil(2 * max(values) + 0.04) / 2)
    while last - first < 1.5 and (first > low or last < high):
        first, last = max(low, first - 0.5), min(high, last + 0.5)
    return first, last


def chart_rows(view: GapView) -> list[Row]:
    """The points of improve.charts.quadrant_spec; where their labels stand is added by the page."""
    numbers, first = numbered(view), gap_sentence.first(view)
    rows = []
    for gap in plotted(view):
        x, y = point(gap) or (0.0, 0.0)
        _quadrant, certainty = gap.quadrant.value or (None, None)
        chosen = view.chosen is not None and view.chosen.id == gap.id
        x_ends = gap.satisfaction.interval.value or (None, None)
        y_ends = gap.importance.interval.value or (None, None)
        rows.append(
            {
                "row": gap.id,
                "label": gap.short,
                "number": numbers[gap.id],
                "x": x,
                "y": y,
                "certainty": None if certainty is None else certainty.value,
                "is_first": gap in first,
                "x_national": gap.satisfaction.median.value if gap.has_own else None,
                "y_national": gap.importance.median.value if gap.has_own else None,
                "x_before": gap.satisfaction.previous.value,
                "y_before": gap.importance.previous.value,
                "x_low": x_ends[0],
                "x_high": x_ends[1],
                "y_low": y_ends[0],
                "y_high": y_ends[1],
                "sentence": gap_sentence.of_gap(gap),
                "chosen": chosen,
            }
        )
    return rows


def numbered(view: GapView) -> dict[str, str]:
    """Aspect -> its number in the list: what stands beside its point where there is no room for names."""
    return {gap.id: str(place) for place, gap in enumerate(view.gaps, start=1)}


def list_rows(view: GapView) -> list[Row]:
    """The rows of improve.charts.priorities_spec."""
    numbers, first = numbered(view), gap_sentence.first(view)
    rows = []
    for order, gap in enumerate(view.gaps):
        ends = gap.interval.value or (None, None)
        _quadrant, certainty = gap.quadrant.value or (None, None)
        rows.append(
            {
                "order": order,
                "row": gap.id,
                "label": _("{number}. {aspect}").format(number=numbers[gap.id], aspect=gap.short),
                "place": gap_sentence.placed(gap),
                "note": gap_sentence.note(view, gap),
                "sentence": gap_sentence.of_gap(gap),
                "chosen": view.chosen is not None and view.chosen.id == gap.id,
                "gap": gap.gap.value,
                "lower": ends[0],
                "upper": ends[1],
                "national": gap.national.value,
                "certainty": None if certainty is None else certainty.value,
                "is_first": gap in first,
            }
        )
    return rows


def list_domain(view: GapView) -> Span:
    """The gaps that hold every mark of the list, in half points; zero is among them."""
    values = [0.0, 1.0]
    for gap in view.gaps:
        values += [one.value for one in (gap.gap, gap.national) if one.value is not None]
        values += gap.interval.value or ()
    return floor(2 * min(values)) / 2, ceil(2 * max(values)) / 2


def table_rows(view: GapView) -> list[dict[str, str]]:
    """The page as a table in words and numbers."""
    numbers = numbered(view)
    return [
        {
            _("No."): numbers[gap.id],
            _("Aspect"): gap.short,
            _("Importance"): _shown(gap.importance.mean, 2),
            _("Its 95 % interval"): _pair(gap.importance.interval),
            _("Satisfaction"): _shown(gap.satisfaction.mean, 2),
            _("95 % interval of satisfaction"): _pair(gap.satisfaction.interval),
            _("Gap"): _shown(gap.gap, 2),
            _("95 % interval of the gap"): _pair(gap.interval),
            _("People"): "" if gap.n.value is None else whole(gap.n.value),
            _("National gap"): _shown(gap.national, 1),
            _("Against it"): ""
            if gap.difference.value is None or gap.comparison.value is None
            else f"{signed(gap.difference.value)} {gap_sentence.word(gap.comparison.value)}",
            _("Quadrant"): gap_sentence.placed(gap) or sentence.because(gap.quadrant),
            _("National importance"): _shown(gap.importance.median, 1),
            _("National satisfaction"): _shown(gap.satisfaction.median, 1),
        }
        for gap in view.gaps
    ]


def _shown(figure: Figure[float], places: int) -> str:
    return sentence.because(figure) if figure.value is None else number(figure.value, places)


def _pair(figure: Figure[tuple[float, float]] | None, places: int = 2) -> str:
    if figure is None or figure.value is None:
        return ""
    return _("{low} to {high}").format(
        low=number(figure.value[0], places), high=number(figure.value[1], places)
    )


def joint_rows(view: GapView) -> list[Row]:
    """The cells of improve.charts.joint_spec; empty where the joint picture is withheld."""
    if view.joint is None or view.joint.shares.value is None or view.survey is None:
        return []
    shares, low = view.joint.shares.value, view.survey.scale.low
    most = max(max(row) for row in shares)
    return [
        {
            "x": str(low + x),
            "y": str(low + y),
            "step": 0 if share == 0 else max(1, ceil(share / most * 5)),
            "label": "" if share == 0 else percent(share) if share >= 0.005 else _("<1%"),
            "sentence": _("Importance {importance}, satisfaction {satisfaction}: {share}").format(
                importance=low + y, satisfaction=low + x, share=percent(share)
            ),
        }
        for y, row in enumerate(shares)
        for x, share in enumerate(row)
    ]


def joint_table(view: GapView) -> list[dict[str, str]]:
    """The joint picture as a table: a row per importance, the highest first."""
    if view.joint is None or view.joint.shares.value is None or view.survey is None:
        return []
    low = view.survey.scale.low
    return [
        {
            _("Importance"): str(low + y),
            **{_("Satisfaction {code}").format(code=low + x): percent(share) for x, share in enumerate(row)},
        }
        for y, row in reversed(list(enumerate(view.joint.shares.value)))
    ]


def position_rows(positions: Sequence[Position]) -> list[Row]:
    """The groups that are shown, as points of improve.charts.quadrant_spec."""
    return [
        {
            "row": one.label,
            "label": one.label,
            "number": str(place),
            "x": one.satisfaction.value,
            "y": one.importance.value,
            "certainty": None,
            "is_first": one.is_own,
            **dict.fromkeys(
                ("x_national", "y_national", "x_before", "y_before", "x_low", "x_high", "y_low", "y_high")
            ),
            "sentence": gap_sentence.of_position(one),
            "chosen": False,
        }
        for place, one in enumerate(positions, start=1)
        if one.satisfaction.value is not None and one.importance.value is not None
    ]


def position_table(positions: Sequence[Position]) -> list[dict[str, str]]:
    """Every group, with the reason where it is not shown."""
    return [
        {
            _("No."): str(place),
            _("Group"): one.label,
            _("Importance"): _shown(one.importance, 1),
            _("Satisfaction"): _shown(one.satisfaction, 1),
            _("95 % interval of importance"): _pair(one.importance_interval, 1),
            _("95 % interval of satisfaction"): _pair(one.satisfaction_interval, 1),
            _("Number"): "" if one.n.value is None else whole(one.n.value),
        }
        for place, one in enumerate(positions, start=1)
    ]


def gap_as_json(view: GapView) -> dict[str, Any]:
    """The view model written out (docs/figures.md): numbers as released."""
    choice, survey = view.choice, view.survey
    return {
        "figures": "gap",
        "round": choice.round.label if choice.round else None,
        "is_closed": choice.round.is_closed if choice.round else None,
        "is_provisional": view.is_provisional,
        "instrument": None if survey is None else {"id": survey.id, "version": survey.version},
        "scale": None if survey is None else {"low": survey.scale.low, "high": survey.scale.high},
        "organisation": None
        if choice.organisation is None
        else {"code": choice.organisation.code, "name": choice.organisation.name},
        "viewer": choice.viewer.role.value,
        "finding": view.finding,
        "notes": list(view.notes),
        "method": list(view.method),
        "lines": None
        if view.lines is None
        else {
            "kind": view.lines.kind,
            "importance": _written(view.lines.importance),
            "satisfaction": _written(view.lines.satisfaction),
        },
        "aspects": [_gap_as_json(gap) for gap in view.gaps],
        "chosen": None if view.chosen is None else view.chosen.id,
        "joint": None
        if view.joint is None
        else {
            **{name: _written(getattr(view.joint, name)) for name in ("n", "shares", "above")},
            "sentence": gap_sentence.joint(view),
        },
        "compared": view.compared,
        "groups": [_position_as_json(one) for one in view.positions],
    }


def _position_as_json(position: Position) -> dict[str, Any]:
    return {
        "label": position.label,
        "is_own": position.is_own,
        **{name: _written(getattr(position, name)) for name in ("n", "importance", "satisfaction")},
        **{
            name: None if (figure := getattr(position, name)) is None else _written(figure)
            for name in ("importance_interval", "satisfaction_interval")
        },
        "sentence": gap_sentence.of_position(position),
    }


def _written(figure: Figure[Any]) -> dict[str, Any]:
    if figure.withheld is not None:
        return {"withheld": figure.withheld.value}
    return {"value": list(figure.value) if isinstance(figure.value, tuple) else figure.value}


def _gap_as_json(gap: Gap) -> dict[str, Any]:
    names = ("n", "gap", "interval", "national", "organisations", "difference", "comparison", "quadrant")
    own = ("mean", "interval", "median", "previous")
    return {
        "id": gap.id,
        "short": gap.short,
        "text": gap.text,
        "importance": {name: _written(getattr(gap.importance, name)) for name in own},
        "satisfaction": {name: _written(getattr(gap.satisfaction, name)) for name in own},
        **{name: _written(getattr(gap, name)) for name in names},
        "sentence": gap_sentence.of_gap(gap),
    }
