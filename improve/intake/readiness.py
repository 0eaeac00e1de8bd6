"""What taking in one respondent's form of readiness would do, worked out without writing; and doing it.

A file is one more respondent of an organisation in the open round of a partnership: nothing that others
have answered is touched by it.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from improve import readiness
from improve.errors import IntakeError
from improve.instruments import Readiness
from improve.intake.filled import Filled, Form, few_of, read_filled
from improve.intake.plan import ONE_AT_A_TIME, base_name, cells_in_sentences
from improve.intake.record import Reading
from improve.intake.table import read_table
from improve.language import _, ngettext
from improve.model import Organisation, Viewer
from improve.readiness.link import LONGEST_TEXT
from improve.readiness.spreadsheet import headings
from improve.register import find_organisation
from improve.store import Partnership, Saying, Store, read_organisations, read_partner_assessments


@dataclass(frozen=True, slots=True)
class ReadinessRequest:
    """What somebody wants taken in: a filled-in form, of whom in which partnership, in which role.

    `partnership` is its name or number; without one it is the only one that the organisation has
    joined. `complete` completes the organisation's assessment then.
    """

    content: bytes = field(repr=False)
    file_name: str
    organisation: str
    role: str
    by: str
    partnership: str | None = None
    label: str = ""
    complete: bool = False
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ReadinessPlan:
    """What taking in a form would do. `refusals` are the sentences that stand against it.

    `answered` of the instrument's statements have an answer in it. `season` is set once it was completed.
    """

    request: ReadinessRequest
    organisation: Organisation
    sheet: readiness.Sheet
    facts: Reading
    found: Filled
    sha256: str
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]
    season: str | None = None

    @property
    def instrument(self) -> Readiness:
        """What is answered in this round."""
        return self.sheet.instrument


def plan_readiness(store: Store, viewer: Viewer, request: ReadinessRequest) -> ReadinessPlan:
    """Works out what taking in a form would do. Writes nothing.

    Raises ImproveError where there is nothing to show: the viewer does not act for this organisation, it
    belongs to no such partnership, or the file cannot be read as a table.
    """
    organisation = find_organisation(read_organisations(store), request.organisation)
    chosen = _partnership(store, viewer, organisation, request.partnership)
    sheet = readiness.sheet_for(store, viewer, chosen.id, organisation.code)
    file_name = base_name(request.file_name)
    table = read_table(request.content, file_name, encoding=request.encoding, sheet=request.sheet)
    plan = ReadinessPlan(
        request=dataclasses.replace(request, content=b"", file_name=file_name),
        organisation=organisation,
        sheet=sheet,
        facts=table.facts,
        found=read_filled(table, form_of(sheet.instrument)),
        sha256=hashlib.sha256(request.content).hexdigest(),
        refusals=(),
        remarks=(),
    )
    return dataclasses.replace(plan, refusals=tuple(_refusals(store, plan)), remarks=tuple(_remarks(plan)))


def take_in_readiness(store: Store, viewer: Viewer, plan: ReadinessPlan) -> ReadinessPlan:
    """Writes a plan and returns it as it was carried out.

    Raises ImproveError when something stands against it, also what came about since; nothing is written
    then.
    """
    with ONE_AT_A_TIME:
        sheet = readiness.sheet_for(store, viewer, plan.sheet.partnership.id, plan.organisation.code)
        plan = dataclasses.replace(plan, sheet=sheet)
        refusals = tuple(_refusals(store, plan))
        if refusals:
            raise IntakeError(" ".join(refusals))
        sayings = [Saying(one.item, one.code, one.evidence or "", one.note) for one in plan.found.given]
        readiness.fill(store, viewer, sheet, plan.request.role, plan.request.label, sayings)
        if not plan.request.complete:
            return plan
        sheet = readiness.sheet_for(store, viewer, plan.sheet.partnership.id, plan.organisation.code)
        return dataclasses.replace(plan, season=readiness.complete(store, viewer, sheet, plan.request.by))


def form_of(instrument: Readiness) -> Form:
    """What a file may answer of an instrument; no answer needs a reason."""
    return Form(
        items={one.id: one.text for one in instrument.statements},
        options=instrument.answers,
        reasoned=frozenset(),
        longest_reason=LONGEST_TEXT,
        longest_evidence=LONGEST_TEXT,
        headings=headings(),
    )


def _partnership(store: Store, viewer: Viewer, organisation: Organisation, wanted: str | None) -> Partnership:
    known = [one for one in readiness.partnerships_for(store, viewer) if organisation.code in one.joined]
    name = " ".join((wanted or "").split()).casefold()
    found = [one for one in known if wanted is None or name in (one.name.casefold(), str(one.id))]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{one.name} ({one.id})" for one in known)
    if not known:
        raise IntakeError(
            _("{organisation} has joined no partnership that you may answer for. Make one first.").format(
                organisation=organisation.name
            )
        )
    if not found:
        raise IntakeError(
            _("{organisation} has joined no partnership called {wanted}. There are: {known}.").format(
                organisation=organisation.name, wanted=wanted, known=listed
            )
        )
    raise IntakeError(
        _("{organisation} has joined several: say which, by name or number: {known}.").format(
            organisation=organisation.name, known=listed
        )
    )


def _refusals(store: Store, plan: ReadinessPlan) -> Iterator[str]:
    found, sheet = plan.found, plan.sheet
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
    if plan.request.role not in {one.id for one in sheet.instrument.roles}:
        yield _("There is no role called {id}. There are: {known}.").format(
            id=plan.request.role, known=", ".join(one.id for one in sheet.instrument.roles)
        )
    if sheet.completed_at is not None:
        yield _("This round's assessment was completed on {date} already.").format(
            date=f"{sheet.completed_at:%Y-%m-%d}"
        )
    elif _is_there(store, plan):
        yield _("A respondent in this role has given these very answers already: they would count twice.")
    missing = _missing(plan)
    whole = len(sheet.instrument.statements)
    if plan.request.complete and missing and not any(one.answered == whole for one in sheet.asked):
        yield _("Nobody has answered every statement yet. “Don't know” is an answer, too.")


def _is_there(store: Store, plan: ReadinessPlan) -> bool:
    sheet = plan.sheet
    assessments = read_partner_assessments(store, sheet.partnership.id, sheet.round.number)
    standing = assessments.get(plan.organisation.code)
    given = {one.item: (one.code, one.evidence or "", one.note) for one in plan.found.given}
    return standing is not None and any(
        one.role == plan.request.role
        and {item: (said.code, said.evidence, said.note) for item, said in one.replies.items()} == given
        for one in standing.counting
    )


def _missing(plan: ReadinessPlan) -> list[str]:
    answered = {one.item for one in plan.found.given}
    return [one.id for one in plan.instrument.statements if one.id not in answered]


def _remarks(plan: ReadinessPlan) -> Iterator[str]:
    yield from plan.found.remarks
    missing = _missing(plan)
    if plan.found.given and missing:
        yield ngettext(
            "{n} statement has no answer: {ids}.", "{n} statements have no answer: {ids}.", len(missing)
        ).format(n=len(missing), ids=few_of(missing))
    if plan.sheet.partnership.is_confidential:
        yield _("This is a confidential check: nobody but the organisation's own members sees it.")
