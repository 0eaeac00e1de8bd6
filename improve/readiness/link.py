"""Private links: what is signed into one opens the form of one respondent, and nothing else.

A form never shows what was answered before, so that who handed a link out cannot look in with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from itsdangerous import BadSignature, URLSafeSerializer

from improve.errors import AssessmentError
from improve.instruments import Readiness
from improve.language import _
from improve.model import Viewer
from improve.readiness.partnership import agreement, refuse_strangers
from improve.readiness.respondent import Sheet
from improve.store import (
    PartnerAssessment,
    Partnership,
    Respondent,
    Saying,
    Store,
    answer_statements,
    keep_secret,
    read_partner_assessment,
    read_partnerships,
    read_readinesses,
)
from improve.wording import one_line

LONGEST_TEXT = 1000
"""Of evidence, and of a note."""


@dataclass(frozen=True, slots=True)
class Form:
    """One respondent's private form, of an assessment without its respondents.

    `answered` are the statements with an answer, not the answers. `promise` says who will see what.
    """

    assessment: PartnerAssessment
    partnership: str
    number: int
    role: str
    instrument: Readiness
    answered: frozenset[str]
    promise: tuple[str, ...]


def link_of(store: Store, viewer: Viewer, sheet: Sheet, number: int) -> str:
    """What stands in the address of somebody's form. Raises AssessmentError."""
    refuse_strangers(viewer, sheet.organisation, sheet.partnership.is_confidential)
    for one in sheet.asked:
        if one.number == number and sheet.assessment is not None:
            return _signer(store).dumps([sheet.assessment.id, number, one.asked_at.isoformat()])
    raise AssessmentError(_("This invitation was withdrawn."))


def form_of(store: Store, link: str) -> Form:
    """The form that a link opens. Raises AssessmentError where it opens none, any longer or ever."""
    try:
        assessment_id, number, moment = _signer(store).loads(link)
    except (BadSignature, ValueError, TypeError) as error:
        raise AssessmentError(
            _("This link opens no form. It may have been cut off; copy it again, whole.")
        ) from error
    assessment = read_partner_assessment(store, assessment_id)
    asked = None if assessment is None else _asked(assessment, number)
    # Of a store that was restored from a backup, the same number may be somebody else's.
    if assessment is None or asked is None or asked.invited_at.isoformat() != moment:
        raise AssessmentError(_("This invitation was withdrawn."))
    partnership = read_partnerships(store)[assessment.partnership]
    if not _is_open(assessment, partnership):
        raise AssessmentError(_("This assessment is closed. Thank you for taking part."))
    member = partnership.membership(assessment.organisation)
    return Form(
        replace(assessment, respondents=()),
        partnership.name,
        number,
        asked.role,
        read_readinesses(store)[assessment.instrument, assessment.version],
        frozenset(asked.replies),
        agreement(
            is_confidential=partnership.is_confidential,
            as_candidate=member is not None and member.was_candidate(partnership.newest),
        ),
    )


def answer(store: Store, link: str, item: str, code: int) -> None:
    """Keeps an answer of the respondent whose link it is; evidence and note stay. Raises AssessmentError."""
    form = form_of(store, link)
    _refuse_unknown(form, item)
    if code not in {one.code for one in form.instrument.answers}:
        raise AssessmentError(_("{item}: {code} is none of the answers.").format(item=item, code=code))
    answer_statements(store, form.assessment, form.number, [Saying(item, code)])


def note(store: Store, link: str, item: str, *, evidence: str | None = None, text: str | None = None) -> None:
    """Keeps what shows an answer to be true, or a note on it; None leaves what was there.

    Raises AssessmentError.
    """
    form = form_of(store, link)
    _refuse_unknown(form, item)
    said = [None if one is None else one_line(one) for one in (evidence, text)]
    longest = max(len(one or "") for one in said)
    if longest > LONGEST_TEXT:
        raise AssessmentError(
            _("{item}: evidence and notes have {most} characters at most; these are {n}.").format(
                item=item, most=LONGEST_TEXT, n=longest
            )
        )
    answer_statements(store, form.assessment, form.number, [Saying(item, None, *said)])


def _asked(assessment: PartnerAssessment, number: int) -> Respondent | None:
    return next((one for one in assessment.counting if one.number == number), None)


def _is_open(assessment: PartnerAssessment, partnership: Partnership) -> bool:
    return (
        assessment.submitted_at is None
        and assessment.number == partnership.newest.number
        and assessment.organisation in partnership.joined
    )


def _refuse_unknown(form: Form, item: str) -> None:
    if item not in {one.id for one in form.instrument.statements}:
        raise AssessmentError(_("There is no statement called {item}.").format(item=item))


def _signer(store: Store) -> URLSafeSerializer:
    return URLSafeSerializer(
        keep_secret(store, "readiness_secret", secrets.token_urlsafe(32)), salt="readiness"
    )
