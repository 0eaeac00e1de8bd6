"""The sheet that an organisation answers: one criterion at a time, by several people, until it is submitted.

Only the organisation's own members and the operator open it (improve/disclosure.py decides).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from improve import disclosure
from improve.errors import AssessmentError
from improve.instruments import Criterion, Maturity, Option
from improve.language import _
from improve.model import Round, Viewer
from improve.store import (
    Answer,
    Assessment,
    Store,
    Wording,
    assign_section,
    fill_assessment,
    read_answers,
    read_assessments,
    read_history,
    read_maturities,
    read_rounds,
    read_sections,
    start_assessment,
    submit_assessment,
    write_answers,
)
from improve.wording import one_line

LONGEST_NAME = 100
LONGEST_REASON = 300
LONGEST_EVIDENCE = 1000


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open assessment as it stands.

    `last` are the answers that the organisation submitted last time, item -> code, and `last_round`
    the season of these.
    """

    assessment: Assessment
    instrument: Maturity
    answers: Mapping[str, Answer]
    sections: Mapping[str, str]
    last: Mapping[str, int]
    last_round: str | None

    def criteria_of(self, function: str) -> tuple[Criterion, ...]:
        """The criteria of a function, in the order of the levels."""
        return tuple(one for one in self.instrument.criteria if one.function == function)

    def answered(self, function: str | None = None) -> int:
        """How many criteria have an answer, of a function or of all."""
        return sum(
            one.id in self.answers
            for one in self.instrument.criteria
            if function is None or one.function == function
        )

    @property
    def is_whole(self) -> bool:
        """Whether every criterion has an answer."""
        return self.answered() == len(self.instrument.criteria)


def sheet_for(store: Store, viewer: Viewer, organisation: str, instrument: str) -> Sheet | None:
    """The assessment that an organisation has open; None where none is. Raises AssessmentError."""
    refuse_strangers(viewer, organisation)
    found = read_assessments(store, organisation, instrument)
    return next((_sheet(store, one, found) for one in found if one.is_open), None)


def submitted_sheet(store: Store, viewer: Viewer, organisation: str, instrument: str) -> Sheet | None:
    """The assessment that an organisation submitted last; None where none was. Raises AssessmentError."""
    refuse_strangers(viewer, organisation)
    found = read_assessments(store, organisation, instrument)
    return next((_sheet(store, one, found) for one in reversed(found) if not one.is_open), None)


def _sheet(store: Store, one: Assessment, found: Sequence[Assessment]) -> Sheet:
    """An assessment with its answers, and those of the one submitted before it."""
    earlier = [other for other in found if not other.is_open and other.id < one.id]
    before = max(earlier, key=lambda other: other.id, default=None)
    return Sheet(
        one,
        read_maturities(store)[one.instrument, one.version],
        read_answers(store, one),
        read_sections(store, one),
        {} if before is None else {item: given.code for item, given in read_answers(store, before).items()},
        None if before is None else before.round,
    )


def newest_instrument(instruments: Sequence[Maturity], instrument: str) -> Maturity:
    """The newest version of an instrument. AssessmentError where this installation has none."""
    versions = [one for one in instruments if one.id == instrument]
    if not versions:
        raise AssessmentError(
            _("This installation has no maturity instrument called {id}.").format(id=instrument)
        )
    return max(versions, key=lambda one: one.version_number)


def begin(store: Store, viewer: Viewer, organisation: str, instrument: Maturity, by: str) -> None:
    """Starts an assessment with nothing answered; who is to answer what stays as it was last time.

    Raises AssessmentError.
    """
    refuse_strangers(viewer, organisation)
    sections = [one.id for one in instrument.functions]
    start_assessment(store, organisation, instrument, checked_name(by), sections)


def answer(
    store: Store,
    viewer: Viewer,
    sheet: Sheet,
    item: str,
    code: int,
    by: str,
    *,
    reason: str = "",
    poll_id: int | None = None,
) -> None:
    """Answers one criterion; its evidence stays. Raises AssessmentError.

    "Not applicable" needs a reason: a no turned into it can raise a level.
    """
    answer_many(store, viewer, sheet, [Wording(item, code, None, reason, poll_id)], by)


def note_evidence(store: Store, viewer: Viewer, sheet: Sheet, item: str, evidence: str, by: str) -> None:
    """Notes where an answer can be seen to be true: a link, or a few words. Raises AssessmentError."""
    answer_many(store, viewer, sheet, [Wording(item, None, evidence)], by)


def answer_many(store: Store, viewer: Viewer, sheet: Sheet, answers: Sequence[Wording], by: str) -> None:
    """Answers several criteria at once, or none of them. Raises AssessmentError."""
    refuse_strangers(viewer, sheet.assessment.organisation)
    write_answers(store, sheet.assessment, checked_answers(sheet.instrument, answers), checked_name(by))


def fill(
    store: Store,
    viewer: Viewer,
    organisation: str,
    instrument: Maturity,
    answers: Sequence[Wording],
    by: str,
    *,
    round_label: str | None = None,
) -> None:
    """Answers several criteria of the open assessment, and begins one where none is open.

    Where a round is named the assessment is submitted into it, and the round is made where it is not
    there: the operator may name any, others the present season alone. All of it is done, or nothing.
    Raises AssessmentError, where a criterion of what is submitted has no answer too.
    """
    refuse_strangers(viewer, organisation)
    if round_label is not None and not may_name_round(store, viewer, round_label):
        raise AssessmentError(_("Answers are submitted for the present season; the operator names another."))
    fill_assessment(
        store,
        organisation,
        instrument,
        checked_answers(instrument, answers),
        checked_name(by),
        items=[one.id for one in instrument.criteria],
        sections=[one.id for one in instrument.functions],
        round_label=round_label,
    )


def may_name_round(store: Store, viewer: Viewer, round_label: str) -> bool:
    """Whether this viewer may submit an assessment into this round."""
    season = season_for(store)
    is_present = season is not None and season.label == round_label
    return is_present or disclosure.takes_in_files(viewer)


def assign(store: Store, viewer: Viewer, sheet: Sheet, function: str, assigned_to: str, by: str) -> None:
    """Says who is to answer a function; nobody in particular with "". Raises AssessmentError."""
    refuse_strangers(viewer, sheet.assessment.organisation)
    if function not in {one.id for one in sheet.instrument.functions}:
        raise AssessmentError(_("There is no function called {id}.").format(id=function))
    assigned_to = one_line(assigned_to)
    if len(assigned_to) > LONGEST_NAME:
        raise AssessmentError(
            _("A name or role has {most} characters at most; these are {n}.").format(
                most=LONGEST_NAME, n=len(assigned_to)
            )
        )
    assign_section(store, sheet.assessment, function, assigned_to, checked_name(by))


def history(store: Store, viewer: Viewer, sheet: Sheet, item: str) -> tuple[Answer, ...]:
    """Every answer that was given to a criterion, newest first. Raises AssessmentError."""
    refuse_strangers(viewer, sheet.assessment.organisation)
    return read_history(store, sheet.assessment, item)


def season_for(store: Store) -> Round | None:
    """The round that an assessment submitted now belongs to: the newest that collects, else the newest."""
    rounds = read_rounds(store)
    collecting = [one for one in rounds if not one.is_closed]
    return next(reversed(collecting or rounds), None)


def submit(store: Store, viewer: Viewer, sheet: Sheet, by: str) -> str:
    """Freezes the assessment as a version of the present season, and returns that round's label.

    Raises AssessmentError, where a criterion has no answer too.
    """
    refuse_strangers(viewer, sheet.assessment.organisation)
    season = season_for(store)
    if season is None:
        raise AssessmentError(
            _(
                "There is no round yet that these answers could belong to. They are kept; submit them when "
                "the operator has opened one."
            )
        )
    items = [one.id for one in sheet.instrument.criteria]
    submit_assessment(store, sheet.assessment, season.label, items, checked_name(by))
    return season.label


def refuse_strangers(viewer: Viewer, organisation: str) -> None:
    """Raises AssessmentError for who may not answer in the name of this organisation."""
    if not disclosure.may_assess(viewer, organisation):
        raise AssessmentError(_("Only the organisation's own members answer its assessment."))


def checked_name(name: str) -> str:
    """Who answers or is asked, as it is kept. Raises AssessmentError."""
    name = one_line(name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise AssessmentError(
            _("Give a name or role, in 1 to {most} characters; these are {n}.").format(
                most=LONGEST_NAME, n=len(name)
            )
        )
    return name


def checked_answers(instrument: Maturity, answers: Sequence[Wording]) -> list[Wording]:
    """Answers as they are kept. Raises AssessmentError."""
    options = {one.code: one for one in instrument.answers}
    items = {one.id for one in instrument.criteria}
    return [_checked(one, options, items) for one in answers]


def _checked(given: Wording, options: Mapping[int, Option], items: set[str]) -> Wording:
    evidence = None if given.evidence is None else one_line(given.evidence)
    reason = one_line(given.reason)
    if given.item not in items:
        raise AssessmentError(_("There is no criterion called {item}.").format(item=given.item))
    if given.code is not None and given.code not in options:
        raise AssessmentError(
            _("{item}: {code} is none of the answers.").format(item=given.item, code=given.code)
        )
    if evidence is not None and len(evidence) > LONGEST_EVIDENCE:
        raise AssessmentError(
            _("{item}: the evidence has {most} characters at most; these are {n}.").format(
                item=given.item, most=LONGEST_EVIDENCE, n=len(evidence)
            )
        )
    if given.code is None or options[given.code].counts:
        reason = ""
    elif not 1 <= len(reason) <= LONGEST_REASON:
        raise AssessmentError(
            _("{item}: say why it does not apply, in 1 to {most} characters; these are {n}.").format(
                item=given.item, most=LONGEST_REASON, n=len(reason)
            )
        )
    return Wording(given.item, given.code, evidence, reason, given.poll_id)
