"""What the page of groups says in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from improve.disclosure import MINIMUM_FOR_GROUP, MINIMUM_FOR_MEDIAN, SAFE_DIFFERENCE, Reason
from improve.language import _, ngettext, number, whole
from improve.model import CohortKind
from improve.register import Neighbour
from improve.views.choice import Choice, organisation_name, reason_sentences

if TYPE_CHECKING:
    from improve.views.cohorts import Listed


def finding(choice: Choice, listed: Sequence[Listed]) -> str:
    """How many groups can be compared with in the round."""
    if choice.round is None or choice.survey is None:
        return _("There are no figures yet. Import a survey file to begin.")
    if not listed:
        return reason_sentences()[Reason.COLLECTING]
    offered = sum(one.reason is None for one in listed)
    return ngettext(
        "In round {round} you can compare with {n} group; each that you cannot says why.",
        "In round {round} you can compare with {n} groups; each that you cannot says why.",
        offered,
    ).format(round=choice.round.label, n=offered)


def not_offered(kind: CohortKind, reason: Reason | None) -> str | None:
    """Why a group is not offered, in words; None where it is."""
    if reason is None:
        return None
    if reason is Reason.FEW_ORGANISATIONS:
        least = MINIMUM_FOR_GROUP if kind is CohortKind.GROUP else MINIMUM_FOR_MEDIAN
        return _("Fewer than {n} of its councils count in this round.").format(n=least)
    if reason is Reason.COHORT_TOO_CLOSE:
        return _(
            "It differs from another group by one or two councils, whose figures could then be worked out."
        )
    return reason_sentences()[reason]


def of_neighbours(choice: Choice, near: Sequence[Neighbour], is_there: bool) -> str:
    """Who is most like the chosen organisation."""
    if choice.organisation is None:
        return _("Choose an organisation to see which councils are most like it.")
    name = organisation_name(choice.organisation)
    if not is_there:
        return _(
            "{name} has no group of neighbours in this round: it does not count in the benchmark, the round "
            "was closed again, or its neighbours cannot be kept apart from another group."
        ).format(name=name)
    nearest = ", ".join(organisation_name(one.organisation) for one in near[:3])
    return _("Most like {name}, of those that count in this round: {nearest}.").format(
        name=name, nearest=nearest
    )


def why_near(one: Neighbour) -> str:
    """Why a council is as near as it is."""
    kind = (
        _("same type")
        if one.is_same_type
        else _("another type, the same services")
        if one.has_same_services
        else _("other services")
    )
    nation = _("same nation") if one.is_same_nation else _("another nation")
    return _("{kind} · {nation} · {times} times the people · {km} km away").format(
        kind=kind, nation=nation, times=number(one.times), km=whole(round(one.kilometres))
    )


def formula() -> str:
    """The formula of the distance, as it is published."""
    return _(
        "Distance = how often one population must be doubled to reach the other, plus 1 for every 200 km "
        "between them, plus 2 where they do different services (0.5 where only the type differs), plus 0.5 "
        "where the nation differs. Only facts of the public register are used."
    )


def notes(choice: Choice) -> tuple[str, ...]:
    """What the reader must know before comparing."""
    if choice.round is None or choice.round.is_closed:
        return ()
    return (_("The round is still collecting: its medians are provisional."),)


def method(_choice: Choice) -> tuple[str, ...]:
    """Which groups are offered, and why."""
    return (
        _("A group needs a median of at least {least} councils, one that somebody built of {group}.").format(
            least=MINIMUM_FOR_MEDIAN, group=MINIMUM_FOR_GROUP
        ),
        _(
            "Two groups differ by no council or by at least {few}: from two medians that differ by one or "
            "two, the figures of these could be worked out. The earlier in this order stays: all, nation, "
            "region, type, size, like us, built."
        ).format(few=SAFE_DIFFERENCE),
        _(
            "A group that somebody built shows its median alone, is checked against every group that was "
            "ever saved, and again in every round and for every question. A round that was closed again has "
            "neither such groups nor neighbours."
        ),
        _("One organisation's people see at most six such groups in a round; deleting one gives none back."),
        _(
            "Councils like us: the 15 nearest that count, yourself included. Where this nearly is the group "
            "of a neighbour, you share it; where it nearly is another, it has as many fewer as it takes."
        ),
        formula(),
    )


def refusal(
    reason: Reason, near: tuple[str, int] | None, leave_out: Sequence[str], add: Sequence[str]
) -> str:
    """Why a group cannot be saved, and the nearest one that can."""
    said = [not_offered(CohortKind.GROUP, reason) or ""]
    if near is not None:
        said.append(
            ngettext(
                "It is {group} but for {n} council: compare with {group} itself.",
                "It is {group} but for {n} councils: compare with {group} itself.",
                near[1],
            ).format(group=near[0], n=near[1])
        )
    if leave_out and add:
        said.append(
            _("The nearest that is allowed: leave out {out} and add {add}.").format(
                out=", ".join(leave_out), add=", ".join(add)
            )
        )
    elif leave_out:
        said.append(_("The nearest that is allowed: leave out {out}.").format(out=", ".join(leave_out)))
    elif add:
        said.append(_("The nearest that is allowed: add {add}.").format(add=", ".join(add)))
    elif near is None:
        said.append(_("No group near it is allowed; choose other councils."))
    return " ".join(said)


def members_taking_part(part: int, of: int) -> str:
    """How many members of a group remain in a round."""
    if part == of:
        return ngettext("{n} council", "{n} councils", of).format(n=of)
    return _("{part} of its {of} councils take part in this round").format(part=part, of=of)
