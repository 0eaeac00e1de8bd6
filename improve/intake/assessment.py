"""What taking in a filled-in assessment would do, worked out without writing anything; and doing it.

A file answers the open assessment of one organisation, which is begun where none is open. Answers that
stand already are left alone; the others are added to the history, where the newest counts.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from improve.assessment import (
    Sheet,
    fill,
    history,
    may_name_round,
    season_for,
    sheet_for,
    submitted_sheet,
)
from improve.assessment.sheet import LONGEST_EVIDENCE, LONGEST_REASON, checked_name
from improve.assessment.spreadsheet import ANSWERED_AT, headings, time_stamp
from improve.errors import IntakeError
from improve.instruments import Library, Maturity
from improve.intake.filled import Filled, Form, Given, few_of, read_filled
from improve.intake.plan import ONE_AT_A_TIME, base_name, cells_in_sentences, round_label
from improve.intake.record import Reading
from improve.intake.table import read_table
from improve.language import _, ngettext
from improve.model import Organisation, Round, Viewer
from improve.register import find_organisation
from improve.store import (
    Answer,
    Store,
    Wording,
    read_maturities,
    read_organisations,
    read_rounds,
    refuse_changed_instrument,
)

USUAL = "dma"
"""The instrument that a file answers unless another is named."""


@dataclass(frozen=True, slots=True)
class AssessmentRequest:
    """What somebody wants taken in: a filled-in file, of whom, by whom, and whether to submit it then.

    `round` says into which round; without one it is the present season.
    """

    content: bytes = field(repr=False)
    file_name: str
    organisation: str
    by: str
    instrument: str = USUAL
    submit: bool = False
    round: str | None = None
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that differs from what stands; `was` is None where there was none yet."""

    wording: Wording
    was: Answer | None


@dataclass(frozen=True, slots=True)
class AssessmentFile:
    """What was read: of the request there is left what is said about the file, not its content."""

    request: AssessmentRequest
    organisation: Organisation
    instrument: Maturity
    facts: Reading
    found: Filled
    sha256: str


@dataclass(frozen=True, slots=True)
class AssessmentPlan(AssessmentFile):
    """What taking in a filled-in file would do. `refusals` are the sentences that stand against it.

    `unchanged` are the items whose answers stand already, `overtaken` those that were answered anew
    since the file was exported and not changed in it: they stay as they are. `answered` is how many
    items have an answer afterwards. `label` is the round into which it is submitted, None where it is
    not, or cannot be.
    """

    begins: bool
    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]
    overtaken: tuple[str, ...]
    answered: int
    label: str | None
    makes_round: bool
    is_closed_round: bool
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def added(self) -> int:
        """How many items are answered for the first time."""
        return sum(one.was is None for one in self.changes)

    @property
    def writes(self) -> bool:
        """Whether there is anything to be written."""
        return bool(self.changes) or self.label is not None


def find_maturity(store: Store, library: Library, instrument: str) -> Maturity:
    """The newest version of a maturity instrument, of the library or as stored.

    Raises ImproveError where it is none, or differs from what is stored under its version.
    """
    known = {(one.id, one.version): one for one in library.all() if one.id == instrument}
    known |= {key: one for key, one in read_maturities(store).items() if key[0] == instrument and not known}
    found = max(known.values(), key=lambda one: one.version_number, default=None)
    found = found or library.get(instrument)
    if not isinstance(found, Maturity):
        raise IntakeError(
            _("{id} is not answered by yes and no, criterion by criterion.").format(id=found.id)
        )
    refuse_changed_instrument(store, found)
    return found


def plan_assessment(
    store: Store, library: Library, viewer: Viewer, request: AssessmentRequest
) -> AssessmentPlan:
    """Works out what taking in a filled-in file would do. Writes nothing.

    Raises ImproveError where there is nothing to show: the viewer does not answer for this
    organisation, the file cannot be read, the organisation is unknown or doubtful.
    """
    organisation = find_organisation(read_organisations(store), request.organisation)
    sheet = sheet_for(store, viewer, organisation.code, request.instrument)
    instrument = find_maturity(store, library, request.instrument) if sheet is None else sheet.instrument
    file_name = base_name(request.file_name)
    table = read_table(request.content, file_name, encoding=request.encoding, sheet=request.sheet)
    read = AssessmentFile(
        request=dataclasses.replace(request, content=b"", file_name=file_name, by=checked_name(request.by)),
        organisation=organisation,
        instrument=instrument,
        facts=table.facts,
        found=read_filled(table, form_of(instrument)),
        sha256=hashlib.sha256(request.content).hexdigest(),
    )
    return _judged(store, viewer, read)


def take_in_assessment(store: Store, viewer: Viewer, plan: AssessmentPlan) -> AssessmentPlan:
    """Writes a plan, all of it or nothing, and returns it as it was carried out.

    What was answered since the plan was made counts too. Raises ImproveError when something stands
    against it; nothing is written then.
    """
    with ONE_AT_A_TIME:
        file = AssessmentFile(*(getattr(plan, one.name) for one in dataclasses.fields(AssessmentFile)))
        plan = _judged(store, viewer, file)
        if plan.refusals:
            raise IntakeError(" ".join(plan.refusals))
        if plan.writes:
            answers = [one.wording for one in plan.changes]
            fill(
                *(store, viewer, plan.organisation.code, plan.instrument, answers, plan.request.by),
                round_label=plan.label,
            )
    return plan


def form_of(instrument: Maturity) -> Form:
    """What a file may answer of an instrument."""
    return Form(
        items={one.id: one.text for one in instrument.criteria},
        options=instrument.answers,
        reasoned=frozenset(one.code for one in instrument.answers if not one.counts),
        longest_reason=LONGEST_REASON,
        longest_evidence=LONGEST_EVIDENCE,
        headings=headings(),
    )


# ── What it comes to ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Difference:
    """How a file differs from what stands, as an AssessmentPlan says it.

    `replaced` are the items that were answered since the file was exported, and are answered otherwise
    in it; `unanswered` those without an answer afterwards.
    """

    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]
    overtaken: tuple[str, ...]
    replaced: tuple[str, ...]
    unanswered: tuple[str, ...]


def _judged(store: Store, viewer: Viewer, file: AssessmentFile) -> AssessmentPlan:
    """What a file comes to as things stand now."""
    request, organisation = file.request, file.organisation.code
    sheet = sheet_for(store, viewer, organisation, file.instrument.id)
    difference = _difference(store, viewer, sheet, file)
    named = None if request.round is None else round_label(request.round)
    season = season_for(store)
    label = None
    if request.submit:
        label = named or (None if season is None else season.label)
    rounds = {one.label: one for one in read_rounds(store)}
    before = submitted_sheet(store, viewer, organisation, file.instrument.id)
    return AssessmentPlan(
        **{one.name: getattr(file, one.name) for one in dataclasses.fields(AssessmentFile)},
        begins=sheet is None,
        changes=difference.changes,
        unchanged=difference.unchanged,
        overtaken=difference.overtaken,
        answered=len(file.instrument.criteria) - len(difference.unanswered),
        label=label,
        makes_round=label is not None and label not in rounds,
        is_closed_round=label in rounds and rounds[label].is_closed,
        refusals=tuple(_refusals(store, viewer, file, difference, label, sheet is None, before)),
        remarks=tuple(_remarks(file, difference, label, rounds, sheet is None, before)),
    )


def _difference(store: Store, viewer: Viewer, sheet: Sheet | None, file: AssessmentFile) -> _Difference:
    standing: Mapping[str, Answer] = {} if sheet is None else sheet.answers
    has_times = file.found.holds(ANSWERED_AT)
    changes: list[Change] = []
    unchanged: list[str] = []
    overtaken: list[str] = []
    replaced: list[str] = []
    for one in file.found.given:
        was = standing.get(one.item)
        kept = "" if was is None else was.evidence
        said = (one.code, kept if one.evidence is None else one.evidence, one.reason)
        if sheet is None or was is None:
            changes.append(Change(Wording(one.item, *said), None))
            continue
        is_since = has_times and one.answered_at != time_stamp(was.answered_at)
        if said == _said(was):
            unchanged.append(one.item)
        elif is_since and _stood(history(store, viewer, sheet, one.item), one, said):
            overtaken.append(one.item)
        else:
            if is_since:
                replaced.append(one.item)
            # What colleagues agreed on after a poll stays agreed while only its evidence changes.
            is_agreed = (was.code, was.reason) == (one.code, one.reason)
            changes.append(Change(Wording(one.item, *said, was.poll_id if is_agreed else None), was))
    answered = standing.keys() | {one.wording.item for one in changes}
    unanswered = [one.id for one in file.instrument.criteria if one.id not in answered]
    return _Difference(
        *(tuple(changes), tuple(unchanged), tuple(overtaken)), tuple(replaced), tuple(unanswered)
    )


def _said(answer: Answer) -> tuple[int, str, str]:
    return answer.code, answer.evidence, answer.reason


def _stood(answers: Sequence[Answer], given: Given, said: tuple[int, str, str]) -> bool:
    """Whether a row says no more than what stood when the file was exported."""
    return any(time_stamp(one.answered_at) == given.answered_at and _said(one) == said for one in answers)


def _refusals(
    store: Store,
    viewer: Viewer,
    file: AssessmentFile,
    difference: _Difference,
    label: str | None,
    begins: bool,
    before: Sheet | None,
) -> Iterator[str]:
    found = file.found
    if found.problems:
        yield from found.problems
        return
    if found.cells_rejected:
        yield from cells_in_sentences(
            found.rejected[0], found.cells_rejected, found.rows_rejected, found.rows_read
        )
        yield _("Mend the file.")
        return
    if not found.given:
        yield _("No row of the file has an answer.")
        return
    if not file.request.submit:
        if file.request.round is not None:
            yield _("A round is named for answers that are submitted: ask for that too, or leave it out.")
        return
    if label is None:
        yield _("There is no round yet that these answers could belong to: name one.")
    elif not may_name_round(store, viewer, label):
        yield _("Answers are submitted for the present season; the operator names another.")
    if difference.unanswered:
        n = len(difference.unanswered)
        yield ngettext(
            "{n} criterion has no answer yet: {ids}. What is submitted is answered as a whole.",
            "{n} criteria have no answer yet: {ids}. What is submitted is answered as a whole.",
            n,
        ).format(n=n, ids=few_of(difference.unanswered))
    elif begins and before is not None and before.assessment.round == label and _is_same(before, difference):
        yield _(
            "These very answers were submitted on {date} already, in round {round}. "
            "A second time they would change nothing."
        ).format(date=_day(before), round=label)


def _is_same(before: Sheet, difference: _Difference) -> bool:
    """Whether an assessment that begins with these changes says what was submitted before."""
    given = {one.wording.item: one.wording for one in difference.changes}
    return {item: _said(one) for item, one in before.answers.items()} == {
        item: (one.code, one.evidence, one.reason) for item, one in given.items()
    }


def _day(sheet: Sheet) -> str:
    moment = sheet.assessment.submitted_at
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def _remarks(
    file: AssessmentFile,
    difference: _Difference,
    label: str | None,
    rounds: Mapping[str, Round],
    begins: bool,
    before: Sheet | None,
) -> Iterator[str]:
    yield from file.found.remarks
    if not file.found.given:
        return
    if begins:
        yield _("This begins an assessment of {organisation}.").format(organisation=file.organisation.name)
    elif not difference.changes:
        yield _("All that the file answers stands already.")
    if difference.overtaken:
        n = len(difference.overtaken)
        yield ngettext(
            "{n} criterion was answered anew since the file was exported and not changed in it: {ids}. "
            "The newer answer stays.",
            "{n} criteria were answered anew since the file was exported and not changed in it: {ids}. "
            "The newer answers stay.",
            n,
        ).format(n=n, ids=few_of(difference.overtaken))
    if difference.replaced:
        n = len(difference.replaced)
        yield ngettext(
            "{n} criterion was answered since the file was exported, otherwise than in it: {ids}. "
            "The file's answer takes the place of that; both stay in the history.",
            "{n} criteria were answered since the file was exported, otherwise than in it: {ids}. "
            "The file's answers take the place of those; both stay in the history.",
            n,
        ).format(n=n, ids=few_of(difference.replaced))
    bare = [
        one.wording.item
        for one in difference.changes
        if one.was is not None and one.was.evidence and not one.wording.evidence
    ]
    if bare:
        yield ngettext(
            "{n} criterion loses its evidence, because the file has none: {ids}.",
            "{n} criteria lose their evidence, because the file has none: {ids}.",
            len(bare),
        ).format(n=len(bare), ids=few_of(bare))
    if label is None:
        if difference.unanswered:
            n = len(difference.unanswered)
            yield ngettext(
                "{n} criterion has no answer yet: {ids}.", "{n} criteria have no answer yet: {ids}.", n
            ).format(n=n, ids=few_of(difference.unanswered))
        return
    if label not in rounds:
        yield _("This makes the round {round}.").format(round=label)
    elif rounds[label].is_closed:
        yield _(
            "Round {round} is closed: these answers are compared with its benchmark as it stands, and do "
            "not change it."
        ).format(round=label)
    if before is not None and before.assessment.round == label:
        yield _("They count in the place of what was submitted on {date}, which is kept.").format(
            date=_day(before)
        )
