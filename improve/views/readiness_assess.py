"""The Assess page of readiness: an organisation's partnerships, who belongs to them, and whom it asks.

Nothing here tells what anybody answered: how many statements each has answered is all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from improve import disclosure
from improve.disclosure import Figure
from improve.instruments import say
from improve.language import _, ngettext
from improve.model import Selection, Viewer
from improve.readiness import Sheet, agreement, link_of, partnerships_for, sheet_for
from improve.readiness.partnership import partners_of
from improve.store import (
    PARTNERSHIPS,
    Partnership,
    Store,
    partnership_topic_of,
    read_organisations,
    read_partner_assessments,
)
from improve.views.assess import registered_choice
from improve.views.choice import Choice, organisation_name
from improve.views.readiness_choice import partnership_labels


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that belongs to the partnership, or is asked to (`is_joined` False)."""

    organisation: str
    name: str
    is_own: bool
    is_candidate: bool
    is_joined: bool
    completed_at: Figure[datetime]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A partnership that the organisation was asked to join, and what joining would be agreed to."""

    id: int
    name: str
    invited_by: str
    as_candidate: bool
    members: tuple[str, ...]
    agreement: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody asked: a role, a label, how many statements they have answered, and their link.

    `link` is what stands in the address of their form; None once there is nothing to answer.
    """

    number: int
    role: str
    label: str
    answered: int
    link: str | None


@dataclass(frozen=True, slots=True)
class ReadinessAssessView:
    """All that the Assess page of readiness shows; who may not assess sees `finding` alone.

    `joined` are id -> label of the partnerships that the organisation belongs to, oldest first, and `sheet`
    is its own in `partnership`, one of them. `invitable` are code -> name. `revision` dates the whole.
    """

    selection: Selection
    choice: Choice
    may_assess: bool
    invitations: tuple[Invitation, ...]
    joined: dict[int, str]
    partnership: Partnership | None
    partners: tuple[Partner, ...]
    agreement: tuple[str, ...]
    may_steer: bool
    invitable: dict[str, str]
    sheet: Sheet | None
    respondents: tuple[Respondent, ...]
    revision: int
    finding: str


def readiness_assess_view(
    store: Store, viewer: Viewer, selection: Selection, wanted: int | None = None
) -> ReadinessAssessView:
    """What an organisation prepares, in the partnership wanted or the newest open one that it has joined."""
    choice = registered_choice(store, viewer, selection)
    code = None if choice.organisation is None else choice.organisation.code
    view = ReadinessAssessView(selection, choice, False, (), {}, None, (), (), False, {}, None, (), 0, "")
    if code is None or not disclosure.may_assess(viewer, code):
        return replace(view, finding=_not_for_you(choice))
    # Taken before what it dates: what is written meanwhile is seen as new.
    revision = _revision(store, wanted)
    names = {one.code: organisation_name(one) for one in read_organisations(store)}
    known = [
        one
        for one in partnerships_for(store, viewer)
        if disclosure.may_prepare(viewer, code, one.is_confidential)
    ]
    joined = {one.id: one for one in known if code in one.joined}
    labels = partnership_labels(store, viewer)
    view = replace(
        view,
        may_assess=True,
        invitations=tuple(_invitation(one, code, names) for one in known if code in one.asked),
        joined={id_: labels[id_] for id_ in joined},
        revision=revision,
    )
    if not joined:
        return replace(view, finding=_("This organisation prepares no partnership yet."))
    # What is on a screen first is no confidential one, unless there is no other.
    usual = max(joined, key=lambda id_: (not joined[id_].is_confidential, id_))
    chosen = joined[wanted if wanted in joined else usual]
    if chosen.id != wanted:
        view = replace(view, revision=_revision(store, chosen.id))
    return _with_partnership(store, viewer, code, chosen, names, view)


def _with_partnership(
    store: Store,
    viewer: Viewer,
    code: str,
    chosen: Partnership,
    names: dict[str, str],
    view: ReadinessAssessView,
) -> ReadinessAssessView:
    sheet = sheet_for(store, viewer, chosen.id, code)
    taken = chosen.joined | chosen.asked
    member = chosen.membership(code)
    by_name = sorted(names.items(), key=lambda one: one[1])
    view = replace(
        view,
        partnership=chosen,
        partners=_partners(store, viewer, code, chosen, names),
        agreement=agreement(
            is_confidential=chosen.is_confidential,
            as_candidate=member is not None and member.was_candidate(chosen.newest),
        ),
        may_steer=disclosure.may_steer(viewer, chosen.is_confidential, partners_of(chosen)),
        invitable={one: name for one, name in by_name if one not in taken},
        sheet=sheet,
        respondents=_respondents(store, viewer, sheet),
    )
    return replace(view, finding=_finding(sheet, view.partners))


def revision_of(store: Store, view: ReadinessAssessView) -> int:
    """The revision now of what a view shows: another one than the view's where somebody changed it."""
    return _revision(store, None if view.partnership is None else view.partnership.id)


def _revision(store: Store, partnership: int | None) -> int:
    own = 0 if partnership is None else store.revision(partnership_topic_of(partnership))
    return store.revision(PARTNERSHIPS) + own


def _not_for_you(choice: Choice) -> str:
    if disclosure.takes_in_files(choice.viewer):
        return _("Choose an organisation to see and prepare its partnerships.")
    return _("Readiness is prepared by the organisation's own members. You are looking as somebody else.")


def _invitation(one: Partnership, code: str, names: dict[str, str]) -> Invitation:
    member = one.membership(code)
    assert member is not None
    return Invitation(
        one.id,
        one.name,
        member.invited_by,
        member.as_candidate,
        tuple(sorted(names[joined] for joined in one.joined)),
        agreement(is_confidential=one.is_confidential, as_candidate=member.as_candidate),
    )


def _partners(
    store: Store, viewer: Viewer, code: str, chosen: Partnership, names: dict[str, str]
) -> tuple[Partner, ...]:
    assessments = read_partner_assessments(store, chosen.id, chosen.newest.number)
    found = []
    for one in chosen.members:
        if one.left_at is not None:
            continue
        assessment = assessments.get(one.organisation)
        reason = disclosure.partner_reason(viewer, one.organisation, chosen.is_confidential, chosen.joined)
        completed = None if assessment is None else assessment.submitted_at
        found.append(
            Partner(
                one.organisation,
                names[one.organisation],
                one.organisation == code,
                one.as_candidate if one.is_asked else one.was_candidate(chosen.newest),
                one.is_joined,
                disclosure.answered_figure(reason, completed),
            )
        )
    return tuple(found)


def _respondents(store: Store, viewer: Viewer, sheet: Sheet) -> tuple[Respondent, ...]:
    roles = {one.id: say(one.name) for one in sheet.instrument.roles}
    return tuple(
        Respondent(
            one.number,
            roles.get(one.role, one.role),
            one.label,
            one.answered,
            None if sheet.completed_at is not None else link_of(store, viewer, sheet, one.number),
        )
        for one in sheet.asked
    )


def _finding(sheet: Sheet, partners: Sequence[Partner]) -> str:
    if sheet.completed_at is not None:
        own = _("Our assessment of this round is completed.")
    else:
        whole = len(sheet.instrument.statements)
        done = sum(one.answered == whole for one in sheet.asked)
        own = ngettext(
            "{done} of {n} person asked has answered every statement.",
            "{done} of {n} people asked have answered every statement.",
            len(sheet.asked),
        ).format(done=done, n=len(sheet.asked))
    if sheet.partnership.is_confidential:
        return own
    there = [one for one in partners if one.is_joined]
    completed = sum(one.completed_at.is_released for one in there)
    return " ".join(
        (
            own,
            ngettext(
                "{done} of {n} organisation has completed.",
                "{done} of {n} organisations have completed.",
                len(there),
            ).format(done=completed, n=len(there)),
        )
    )


def state_of(one: Partner) -> str:
    """Where an organisation stands in the partnership and its round."""
    if not one.is_joined:
        return _("asked to join as a candidate") if one.is_candidate else _("asked to join")
    kind = _("candidate") if one.is_candidate else _("partner")
    done = _("completed") if one.completed_at.is_released else _("not completed yet")
    return _("{kind}, {done}").format(kind=kind, done=done)


def told(one: Respondent, sheet: Sheet) -> str:
    """How far somebody is, never what they said."""
    return _("{answered} of {asked} statements answered").format(
        answered=one.answered, asked=len(sheet.instrument.statements)
    )
