"""Groups of organisations as what a chart compares: a row each, by its median."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from improve.disclosure import Figure
from improve.language import _, ngettext
from improve.views import sentence
from improve.views.chart.part import Row, Unit
from improve.views.ground import CohortScore


def own_row(
    told: str,
    note: str,
    own: Figure[Any],
    interval: Figure[tuple[float, float]] | None = None,
    n: Figure[int] | None = None,
) -> Row:
    """The organisation itself, above the groups."""
    return Row(
        key="own",
        label=_("Own organisation"),
        sentence=told,
        note=note,
        is_head=True,
        own=own,
        interval=interval,
        n=n,
    )


def group_row(one: CohortScore, unit: Unit) -> Row:
    """A group; one that is not shown keeps its place."""
    median, n = one.median.value, one.organisations.value or 0
    told = (
        sentence.because(one.median)
        if median is None
        else ngettext(
            "median {median}, of {n} organisation", "median {median}, of {n} organisations", n
        ).format(median=unit.written(median, 1), n=n)
    )
    return Row(
        key=one.group.cohort.key,
        label=one.group.label,
        sentence=_("{group}: {told}").format(group=one.group.label, told=told),
        note="" if median is None else unit.written(median, 1),
        median=one.median,
        quartiles=one.quartiles,
        organisations=one.organisations,
    )


def groups_finding(own: str, groups: Sequence[CohortScore], unit: Unit) -> str:
    """Where the organisation stands, and between which groups the medians run."""
    parts = [own] if own else []
    told = [(one.median.value, one.group.label) for one in groups[1:] if one.median.value is not None]
    if told:
        lowest, highest = min(told, key=lambda one: one[0]), max(told, key=lambda one: one[0])
        low, high = unit.written(lowest[0], 1), unit.written(highest[0], 1)
        parts.append(
            _("The medians of all groups are {median}.").format(median=low)
            if low == high
            else _("The medians of groups run from {low} ({low_group}) to {high} ({high_group}).").format(
                low=low, low_group=lowest[1], high=high, high_group=highest[1]
            )
        )
    hidden = sum(one.median.value is None for one in groups)
    if hidden:
        parts.append(
            ngettext("{n} group is not shown.", "{n} groups are not shown.", hidden).format(n=hidden)
        )
    return " ".join(parts)
