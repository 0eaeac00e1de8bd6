"""Chart builder > Response: how many answered, and who."""

from __future__ import annotations

from collections.abc import Mapping

from improve.language import _, percent
from improve.views import response_sentence, response_shown
from improve.views.chart.axis import number_axis, share_axis
from improve.views.chart.part import (
    COHORTS,
    PLACES,
    ROUNDS,
    Asked,
    Built,
    Names,
    Opened,
    Picture,
    Question,
    Row,
    nothing,
)
from improve.views.chart.people import ROLES, roles_ways
from improve.views.choice import Subject
from improve.views.response import ResponseView, RoundRate, arranged, rates_over_rounds, response_view

_ROWS = (Picture.BARS, Picture.DOT_RANGE, Picture.TABLE)


def _open(asked: Asked) -> Opened:
    view = response_view(asked.store, asked.viewer, asked.selection)
    if view.survey is None:
        return nothing(view.choice, view.finding)
    people, why_not = roles_ways([one.by for one in view.breakdowns], _ROWS, view.groups_reason)
    why_not[PLACES.key] = _("Responses are not parted by place of work.")
    why_not[COHORTS.key] = _("Response rates have a median of all organisations alone.")
    ways: dict[str, tuple[Picture, ...]] = {ROUNDS.key: _ROWS, **people}

    def about(_compare: str) -> Mapping[str, str]:
        return {}

    def build(compare: str, _picture: Picture, _of: str | None) -> Built:
        if compare == ROUNDS.key:
            return _of_rounds(asked, view)
        return _of_people(arranged(view, ROLES[compare]))

    undrawn = {Picture.LINE: _("lines are drawn of ratings alone: take bars.")}
    return Opened(view.choice, view.finding, ways, why_not, about, build, undrawn)


QUESTION = Question("response", lambda: _("Response"), Subject.RATINGS, None, _open)


def _of_rounds(asked: Asked, view: ResponseView) -> Built:
    rows = tuple(_round_row(one) for one in rates_over_rounds(asked.store, view.choice))
    return Built(
        title=_("Response rate, round by round"),
        head=_("Round"),
        finding=view.finding,
        axis=share_axis(rows, _("Share of the people invited who answered")),
        names=Names(own=_("Own response rate"), median=_("National median")),
        rows=rows,
        organisations=view.organisations,
        responses=None,
        own_responses=view.responses,
        notes=view.notes,
        method=view.method,
    )


def _round_row(one: RoundRate) -> Row:
    rate, median = one.rate.value, one.median.value
    if rate is not None and median is not None:
        told = _("{rate}, national median {median}").format(rate=percent(rate), median=percent(median))
    elif rate is not None:
        told = percent(rate)
    elif median is not None:
        told = _("national median {rate}").format(rate=percent(median))
    else:
        told = response_sentence.because(one.rate.withheld)
    return Row(
        key=one.round,
        label=one.round,
        sentence=_("{group}: {told}").format(group=one.round, told=told),
        note="" if rate is None and median is None else told,
        own=one.rate,
        median=one.median,
        quartiles=one.quartiles,
        n=one.responses,
        organisations=one.organisations,
    )


def _of_people(view: ResponseView) -> Built:
    """The groups of the Response page: their rate, or without a staff list their number of responses."""
    chosen = view.chosen
    assert chosen is not None
    drawn = response_shown.group_rows(view, chosen)
    rows = tuple(
        Row(
            key=group.label,
            label=group.label,
            sentence=shown["sentence"],
            note=shown["note"],
            own=group.rate if chosen.has_staff else group.responses,
            n=group.responses,
        )
        for group, shown in zip(chosen.groups, drawn, strict=True)
    )
    return Built(
        title=_("Who answered, by {question}").format(question=chosen.question.lower()),
        head=chosen.question,
        finding=response_sentence.grouped(view),
        axis=share_axis(
            rows, _("Responses as a share of the people on the staff list; ±: margin of their overall score")
        )
        if chosen.has_staff
        else number_axis(rows, _("Number of responses; ±: margin of their overall score")),
        names=Names(own=_("The group's response rate") if chosen.has_staff else _("The group's responses")),
        rows=rows,
        organisations=None,
        responses=None,
        own_responses=view.responses,
        notes=tuple(one for one in (response_sentence.to_ask(view),) if one),
        method=(*response_sentence.groups_method(), *view.method[-2:]),
    )
