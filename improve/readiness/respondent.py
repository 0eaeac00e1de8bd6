"""An organisation's sheet in the open round of a partnership: whom it asks, how far they are, completing it.

It holds no answer: what somebody said is told by the view alone, by role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from improve.assessment import checked_name, season_for
from improve.errors import AssessmentError
from improve.instruments import Readiness
from improve.language import _
from improve.model import Viewer
from improve.readiness.partnership import partnership_for, refuse_strangers
from improve.store import (
    PartnerAssessment,
    Partnership,
    PartnershipRound,
    Saying,
    Store,
    add_respondent,
    read_partner_assessments,
    read_readinesses,
    submit_partner_assessment,
    withdraw_respondent,
)
from improve.wording import one_line

MOST_RESPONDENTS = 30
LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked to answer; `label` helps to hand out the right link."""

    number: int
    role: str
    label: str
    asked_at: datetime
    answered: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an organisation's people see of their own preparation in the newest round of a partnership.

    `asked` are those whose link stands; `answered` of theirs count statements, of all that there are in
    the instrument. `assessment` is None before the first was asked, and without its respondents.
    """

    partnership: Partnership
    round: PartnershipRound
    organisation: str
    instrument: Readiness
    assessment: PartnerAssessment | None
    asked: tuple[Asked, ...]

    @property
    def completed_at(self) -> datetime | None:
        """When it was completed; None while it is open."""
        return None if self.assessment is None else self.assessment.submitted_at

    @property
    def can_be_completed(self) -> bool:
        """Whether it is open, and somebody has answered every statement."""
        whole = len(self.instrument.statements)
        return self.completed_at is None and any(one.answered == whole for one in self.asked)


def sheet_for(store: Store, viewer: Viewer, partnership_id: int, organisation: str) -> Sheet:
    """An organisation's sheet in a partnership that it has joined. Raises AssessmentError."""
    found = partnership_for(store, viewer, partnership_id)
    refuse_strangers(viewer, organisation, found.is_confidential)
    if organisation not in found.joined:
        raise AssessmentError(_("The organisation has not joined this partnership."))
    newest = found.newest
    instrument = read_readinesses(store)[newest.instrument, newest.version]
    assessment = read_partner_assessments(store, partnership_id, newest.number).get(organisation)
    items = {one.id for one in instrument.statements}
    asked = () if assessment is None else assessment.counting
    return Sheet(
        found,
        newest,
        organisation,
        instrument,
        None if assessment is None else replace(assessment, respondents=()),
        tuple(
            Asked(one.number, one.role, one.label, one.invited_at, len(items & set(one.replies)))
            for one in asked
        ),
    )


def ask(store: Store, viewer: Viewer, sheet: Sheet, role: str, label: str = "") -> int:
    """Asks somebody by role to answer, and returns their number; their link is then `link_of`.

    Raises AssessmentError.
    """
    return fill(store, viewer, sheet, role, label, ())


def fill(store: Store, viewer: Viewer, sheet: Sheet, role: str, label: str, sayings: Sequence[Saying]) -> int:
    """The same of somebody who has answered already, elsewhere; all of it or nothing.

    Raises AssessmentError.
    """
    refuse_strangers(viewer, sheet.organisation, sheet.partnership.is_confidential)
    label = one_line(label)
    if role not in {one.id for one in sheet.instrument.roles}:
        raise AssessmentError(_("There is no role called {id}.").format(id=role))
    if len(label) > LONGEST_LABEL:
        raise AssessmentError(
            _("A name has {most} characters at most; these are {n}.").format(most=LONGEST_LABEL, n=len(label))
        )
    if len(sheet.asked) >= MOST_RESPONDENTS:
        raise AssessmentError(_("An organisation asks {most} people at most.").format(most=MOST_RESPONDENTS))
    items = {one.id for one in sheet.instrument.statements}
    codes = {one.code for one in sheet.instrument.answers}
    for one in sayings:
        if one.item not in items:
            raise AssessmentError(_("There is no statement called {item}.").format(item=one.item))
        if one.code not in codes:
            raise AssessmentError(
                _("{item}: {code} is none of the answers.").format(item=one.item, code=one.code)
            )
    return add_respondent(
        store, sheet.partnership.id, sheet.round.number, sheet.organisation, role, label, sayings
    )


def withdraw(store: Store, viewer: Viewer, sheet: Sheet, number: int) -> None:
    """Takes somebody's link back: it opens nothing any more, and their answers do not count.

    Raises AssessmentError.
    """
    withdraw_respondent(store, _assessment(viewer, sheet), number)


def complete(store: Store, viewer: Viewer, sheet: Sheet, by: str) -> str | None:
    """Completes the assessment: links end, and partners see its area scores.

    Returns the season it belongs to; None for a confidential one, and where no round was opened yet.
    Raises AssessmentError.
    """
    assessment = _assessment(viewer, sheet)
    season = season_for(store)
    items = [one.id for one in sheet.instrument.statements]
    label = None if season is None else season.label
    return submit_partner_assessment(store, assessment, label, items, checked_name(by))


def _assessment(viewer: Viewer, sheet: Sheet) -> PartnerAssessment:
    refuse_strangers(viewer, sheet.organisation, sheet.partnership.is_confidential)
    if sheet.assessment is None:
        raise AssessmentError(_("Nobody was asked to answer yet."))
    return sheet.assessment
