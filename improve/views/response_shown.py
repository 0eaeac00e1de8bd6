"""The Response page as rows: for its charts, its tables and its files, and written out as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any

from improve.disclosure import Figure, Period
from improve.language import _, number, percent, whole
from improve.views import response_sentence as sentence
from improve.views.response import Group, Groups, ResponseView

Row = dict[str, Any]

_TICKS = 5
"""The most dates below the picture of arrivals: a phone has room for no more."""


# ── The rate, and the groups: rows of improve.charts.response_spec ─────────────────────────────


def _row(order: int, label: str, **figures: Any) -> Row:
    empty = dict.fromkeys(("value", "low", "high", "mark", "withheld"))
    return {"order": order, "label": label, "note": "", "sentence": label, **empty, **figures}


def rate_rows(view: ResponseView) -> list[Row]:
    """One row: the own rate against the national median and quartiles."""
    low, high = view.quartiles.value or (None, None)
    return [
        _row(
            0,
            _("Response rate") if view.rate.value is not None else _("Organisations' response rates"),
            note=_rate_note(view),
            sentence=view.finding,
            value=view.rate.value,
            low=low,
            high=high,
            mark=view.median.value,
        )
    ]


def _rate_note(view: ResponseView) -> str:
    if view.rate.value is None:
        return "" if view.median.value is None else _("median {rate}").format(rate=percent(view.median.value))
    quarter = sentence.quarter_in_words(view)
    if not quarter:
        return percent(view.rate.value)
    return _("{rate}, {quarter}").format(rate=percent(view.rate.value), quarter=quarter)


def rate_domain(rows: Sequence[Row]) -> float:
    """The end of an axis of shares: the next tenth above every mark."""
    values = [row[name] for row in rows for name in ("value", "high", "mark") if row[name] is not None]
    return min(1.0, ceil(max(values, default=0.1) * 10 + 1e-9) / 10)


def count_domain(rows: Sequence[Row]) -> float:
    """The end of an axis of responses: a round number above the most."""
    most = max((row["value"] for row in rows if row["value"] is not None), default=10)
    step = 10 ** (len(str(most)) - 1)
    return float(ceil(most / step) * step)


def group_rows(view: ResponseView, groups: Groups) -> list[Row]:
    """A row per group: its rate, or without a staff list its number of responses."""
    return [
        _row(
            order,
            group.label,
            note=_group_note(group),
            sentence=_group_sentence(group),
            value=group.rate.value if groups.has_staff else group.responses.value,
            mark=view.rate.value if groups.has_staff and group.responses.is_released else None,
            withheld=None if group.responses.is_released else _("ask them"),
        )
        for order, group in enumerate(groups.groups)
    ]


def _group_note(group: Group) -> str:
    if group.responses.value is None:
        return ""
    n = whole(group.responses.value)
    if group.people.value is None or group.rate.value is None:
        text = _("n {n}").format(n=n)
    else:
        text = _("{n} of {people} ({rate})").format(
            n=n, people=whole(group.people.value), rate=percent(group.rate.value)
        )
    return text if group.margin.value is None else text + " ±" + number(group.margin.value)


def _group_sentence(group: Group) -> str:
    if group.responses.value is None:
        return _("{group}: {reason}").format(
            group=group.label, reason=sentence.because(group.responses.withheld)
        )
    n = whole(group.responses.value)
    if group.people.value is None or group.rate.value is None:
        text = _("{group}: {n} responses.").format(group=group.label, n=n)
    else:
        text = _("{group}: {n} responses of {people} people on the staff list, {rate}.").format(
            group=group.label, n=n, people=whole(group.people.value), rate=percent(group.rate.value)
        )
    if group.margin.value is None:
        return text
    margin = _("The margin of their overall score is {margin}.").format(margin=number(group.margin.value))
    return text + " " + margin


def rate_table(view: ResponseView) -> list[dict[str, str]]:
    """The headline as a table."""
    low, high = view.quartiles.value or (None, None)
    rows = [
        (_("Responses"), _text(view.responses)),
        (_("People invited"), _text(view.invited)),
        (_("Response rate"), _share(view.rate)),
        (_("National median"), _share(view.median)),
        (
            _("Middle half of organisations"),
            sentence.because(view.quartiles.withheld)
            if low is None or high is None
            else _("{low} to {high}").format(low=percent(low), high=percent(high)),
        ),
        (_("Organisations"), _text(view.organisations)),
        (
            _("Margin of the overall score"),
            sentence.because(view.margin.withheld)
            if view.margin.value is None
            else number(view.margin.value, 2),
        ),
    ]
    if view.choice.organisation is None:
        rows = rows[3:6]
    return [{_("Figure"): name, _("Value"): value} for name, value in rows]


def group_table(groups: Groups) -> list[dict[str, str]]:
    """The groups as a table."""
    found = []
    for group in groups.groups:
        row = {groups.question: group.label, _("Responses"): _text(group.responses)}
        if groups.has_staff:
            row[_("People on the staff list")] = _text(group.people)
            row[_("Response rate")] = _share(group.rate)
        row[_("Margin of the overall score")] = (
            sentence.because(group.margin.withheld)
            if group.margin.value is None
            else number(group.margin.value)
        )
        found.append(row)
    return found


def _text(figure: Figure[int]) -> str:
    return sentence.because(figure.withheld) if figure.value is None else whole(figure.value)


def _share(figure: Figure[float]) -> str:
    return sentence.because(figure.withheld) if figure.value is None else percent(figure.value)


# ── When they came: datasets of improve.charts.arrivals_spec ───────────────────────────────────


def day_zero(view: ResponseView) -> date:
    """The day from which days are counted: that of opening, else of the first response that is told."""
    first = view.periods[0].first
    return first if view.opened.value is None else min(view.opened.value, first)


def is_share(view: ResponseView) -> bool:
    """Whether arrivals are shares of the people invited, not numbers of responses."""
    return view.rate.value is not None


def _invited(view: ResponseView) -> int:
    return (view.invited.value or 1) if is_share(view) else 1


def point_rows(view: ResponseView) -> list[Row]:
    """How many had answered by the end of each period; the first point is nobody, when it opened."""
    zero, rows, came = day_zero(view), [], 0
    rows.append({"day": 0, "value": 0.0, "sentence": _("Opened {day}.").format(day=sentence.day(zero))})
    for period in view.periods:
        came += period.n
        text = (
            _("By the end of {day}: {n} responses, {share} of the people invited.")
            if is_share(view)
            else _("By the end of {day}: {n} responses.")
        )
        rows.append(
            {
                "day": (period.last - zero).days + 1,
                "value": came / _invited(view),
                "sentence": text.format(
                    day=sentence.day(period.last), n=whole(came), share=percent(came / _invited(view))
                ),
            }
        )
    if view.opened.value is None:
        rows[0]["sentence"] = _("The first responses came on {day} or later.").format(day=sentence.day(zero))
    return rows


def event_rows(view: ResponseView) -> list[Row]:
    """Opening, reminders and closing; labels of neighbours stand at two heights."""
    zero = day_zero(view)
    events: list[tuple[date, int, str]] = []
    if view.opened.value is not None:
        events.append((view.opened.value, 0, _("Opened")))
    for place, reminder in enumerate(view.reminders, start=1):
        events.append((reminder.sent_on, 0, _("Reminder {n}").format(n=place)))
    if view.closed.value is not None:
        events.append((view.closed.value, 1, _("Closed")))
    return [
        {
            "day": (when - zero).days + end,
            "label": label,
            "level": place % 2,
            "sentence": _("{event}: {day}.").format(event=label, day=sentence.full_day(when)),
        }
        for place, (when, end, label) in enumerate(events)
    ]


def last_day(view: ResponseView) -> int:
    """The end of the axis of days."""
    return int(max(row["day"] for row in (*point_rows(view), *event_rows(view))))


def first_day(view: ResponseView) -> int:
    """Its start: zero, unless a reminder was sent before anything else is known."""
    return int(min(row["day"] for row in (*point_rows(view), *event_rows(view))))


def tick_rows(view: ResponseView) -> list[Row]:
    """The days that are written below the picture, each with its date."""
    zero, last = day_zero(view), last_day(view)
    step = next(step for step in (1, 2, 7, 14, 28, 56, 112, last + 1) if last // step < _TICKS)
    return [
        {
            "day": day,
            "label": _("day {n}").format(n=day),
            "date": sentence.day(zero + timedelta(days=day)),
        }
        for day in range(0, last + 1, step)
    ]


def arrivals_domain(view: ResponseView) -> float:
    """The end of the axis of arrivals."""
    values = [row["value"] for row in point_rows(view)]
    if not is_share(view):
        return count_domain([{"value": int(max(values))}])
    most: float = max(*values, view.median.value or 0.0)
    return min(1.0, ceil(most * 20 + 1e-9) / 20)


def arrivals_table(view: ResponseView) -> list[dict[str, str]]:
    """The arrivals as a table, a row for each period."""
    found, came = [], 0
    for period in view.periods:
        came += period.n
        row = {
            _("From"): sentence.full_day(period.first),
            _("To"): sentence.full_day(period.last),
            _("Responses"): whole(period.n),
            _("Together"): whole(came),
        }
        if is_share(view):
            row[_("Share of the people invited")] = percent(came / _invited(view))
        found.append(row)
    return found


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────


def as_json(view: ResponseView) -> dict[str, Any]:
    """The view model written out (docs/figures.md is its schema): numbers as released, unrounded."""
    choice, survey, chosen = view.choice, view.survey, view.chosen
    return {
        "figures": "response",
        "round": choice.round.label if choice.round else None,
        "is_closed": choice.round.is_closed if choice.round else None,
        "is_provisional": view.is_provisional,
        "instrument": None if survey is None else {"id": survey.id, "version": survey.version},
        "organisation": None
        if choice.organisation is None
        else {"code": choice.organisation.code, "name": choice.organisation.name},
        "viewer": choice.viewer.role.value,
        "finding": view.finding,
        "notes": list(view.notes),
        "method": list(view.method),
        **{
            name: written(getattr(view, name))
            for name in (
                *("responses", "invited", "rate", "median", "quartiles", "organisations", "margin"),
                *("opened", "closed"),
            )
        },
        "quarter": None if view.quarter is None else view.quarter.value,
        "reminders": [
            {
                "sent_on": one.sent_on.isoformat(),
                "until": one.until.isoformat(),
                "responses": written(one.responses),
            }
            for one in view.reminders
        ],
        "arrivals": [written(one) for one in view.arrivals],
        "untimed": written(view.untimed),
        "by": None if chosen is None else chosen.by,
        "groups": {"withheld": view.groups_reason.value}
        if view.groups_reason is not None
        else [_group_as_json(one) for one in (chosen.groups if chosen else ())],
        "to_ask": list(chosen.to_ask) if chosen else [],
        "imbalance": None
        if chosen is None or chosen.imbalance is None
        else {
            "group": chosen.imbalance.label,
            "staff": written(chosen.imbalance.staff),
            "responses": written(chosen.imbalance.responses),
        },
        "verdict": None if view.verdict is None else view.verdict.value,
        "supports": [
            {
                "key": one.key,
                "verdict": None if one.verdict is None else one.verdict.value,
                "figure": written(one.figure),
                "sentence": sentence.support(view, one),
            }
            for one in view.supports
        ],
        "practices": [
            {
                "key": one.key,
                "done": one.done.value,
                "figure": written(one.figure),
                "more": written(one.more),
                "sentence": sentence.practice(one),
            }
            for one in view.practices
        ],
        "missing": list(view.missing),
    }


def _group_as_json(group: Group) -> dict[str, Any]:
    names = ("responses", "people", "rate", "margin")
    return {"label": group.label, **{name: written(getattr(group, name)) for name in names}}


def written(figure: Figure[Any] | None) -> dict[str, Any] | None:
    """A figure as a program reads it: its value, or why it is withheld; None for none."""
    if figure is None:
        return None
    if figure.withheld is not None:
        return {"withheld": figure.withheld.value}
    return {"value": _plain(figure.value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Period):
        return {"first": value.first.isoformat(), "last": value.last.isoformat(), "n": value.n}
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
