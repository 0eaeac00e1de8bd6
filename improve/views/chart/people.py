"""Own people as what a chart compares: by which profile question, and why not by another."""

from __future__ import annotations

from collections.abc import Sequence

from improve import disclosure
from improve.disclosure import Reason
from improve.views.chart.part import DIRECTORATES, JOBS, PLACES, Asked, Picture, Row
from improve.views.choice import Choice, reason_sentences
from improve.views.gap import COMPARED, Position, compared_by
from improve.views.gap_sentence import of_position
from improve.views.ground import ground

BY = dict(zip((DIRECTORATES.key, JOBS.key, PLACES.key), COMPARED, strict=True))
"""The comparisons with own people, and what the views of gaps call them."""
ROLES = {DIRECTORATES.key: "service_area", JOBS.key: "job"}
"""The same, and the roles of their profile questions in the views of responses and skills."""

Ways = dict[str, tuple[Picture, ...]]


def people_ways(asked: Asked, choice: Choice, pictures: tuple[Picture, ...]) -> tuple[Ways, dict[str, str]]:
    """By what the ratings of own people can be compared, and why not by the rest."""
    base = ground(asked.store, choice)
    offered = () if base is None else compared_by(base)
    own = choice.organisation.code if choice.organisation else None
    reason = disclosure.inner_reason(choice.viewer, own) if own else Reason.NO_ORGANISATION
    if base is not None:
        reason = reason or base.own_reason
    if reason is None and base is not None and own is not None:
        responses = int(base.counts.responses[base.counts.place[own]])
        reason = disclosure.own_count(None, responses).withheld
    return _parted({key: by for key, by in BY.items() if by in offered}, pictures, reason)


def roles_ways(
    roles: Sequence[str], pictures: tuple[Picture, ...], reason: Reason | None
) -> tuple[Ways, dict[str, str]]:
    """The same for a view that has people by these roles, or a reason why it has none."""
    return _parted({key: role for key, role in ROLES.items() if role in roles}, pictures, reason)


def _parted(
    offered: dict[str, str], pictures: tuple[Picture, ...], reason: Reason | None
) -> tuple[Ways, dict[str, str]]:
    why = reason_sentences()[reason or Reason.NOT_ASKED]
    return dict.fromkeys(offered, pictures), {key: why for key in BY if key not in offered}


def satisfaction_row(one: Position) -> Row:
    """A group in the plane of one aspect, by its satisfaction alone."""
    return Row(
        key=one.label,
        label=one.label,
        sentence=of_position(one),
        is_head=one.is_own,
        own=one.satisfaction,
        interval=one.satisfaction_interval,
        n=one.n,
    )
