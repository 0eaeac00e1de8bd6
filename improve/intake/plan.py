"""What taking in a survey file would do, worked out without writing anything; and doing it.

The command line and the Import page go this one way: `plan_import` reads, understands and checks,
and says what stands against it; `take_in` writes a plan against which nothing stands.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PureWindowsPath
from typing import Any

import pyarrow.compute as pc

from improve.disclosure import MINIMUM_ANSWERS
from improve.errors import InstrumentError, IntakeError
from improve.instruments import Library, Survey, instrument_sha256, parse_instrument
from improve.intake.answer import Checked, Rejected, check
from improve.intake.column import Understanding, understand
from improve.intake.mapping import Mapping, mapping_as_yaml, read_mapping
from improve.intake.record import column_letter, shortened
from improve.intake.table import Table, read_table
from improve.language import _, ngettext
from improve.model import Organisation, Round
from improve.register import find_organisation
from improve.store import (
    Delivery,
    Fieldwork,
    Import,
    Store,
    read_fieldwork,
    read_imports,
    read_instruments,
    read_organisations,
    read_participations,
    read_rounds,
    refuse_changed_instrument,
    responses_changed,
    write_responses,
)

Progress = Callable[[float], None]
LONGEST_LABEL = 60
LONGEST_NAME = 200
MOST_REMINDERS = 20
ONE_AT_A_TIME = threading.Lock()
"""Nobody else takes in anything between the last look at what stands there and the write."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants taken in: a file, for whom, in which round, when asked, and how to read it."""

    content: bytes
    file_name: str
    organisation: str
    round: str
    invited: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    reminders: tuple[date, ...] = ()
    instrument: str = "satisfaction"
    instrument_text: str | None = None
    mapping_text: str | None = None
    mapping: Mapping | None = None
    encoding: str | None = None
    sheet: str | None = None
    replace: bool = False
    even_if_few_change: bool = False
    add: bool = False
    accept_valid_rows: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `refusals` are the sentences that stand against it; empty: go ahead.

    `changes_few`: it takes the place of a file from which it differs by fewer than ten responses.
    `remarks` are what the operator should know all the same. `fieldwork` is what will be known, of the
    request and from before; `answered_on` the first and the last day of the answers, where the file
    has their times.
    """

    request: Request
    organisation: Organisation
    survey: Survey
    table: Table
    understanding: Understanding
    checked: Checked | None
    sha256: str
    label: str
    fieldwork: Fieldwork
    answered_on: tuple[date, date] | None
    has_standing: bool
    changes_few: bool
    makes_round: bool
    is_closed_round: bool
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]


def find_survey(store: Store, library: Library, instrument: str, text: str | None = None) -> Survey:
    """A survey: from the text of a file that is called `instrument`, from the library, or as stored.

    Raises InstrumentError where a text differs from what is known under its version already.
    """
    known = {(one.id, one.version): one for one in library.all()}
    if text is not None:
        found = parse_instrument(text, instrument)
        ours = known.get((found.id, found.version))
        if ours is not None and instrument_sha256(ours) != instrument_sha256(found):
            raise InstrumentError(
                _(
                    "{file} differs from the instrument {id} {version} of this installation. "
                    "Give it an id or a version number of its own."
                ).format(file=instrument, id=found.id, version=found.version)
            )
    else:
        kept = [one for (id_, _version), one in read_instruments(store).items() if id_ == instrument]
        if kept and instrument not in {id_ for id_, _version in known}:
            found = max(kept, key=lambda one: one.version_number)
        else:
            found = library.get(instrument)
    if not isinstance(found, Survey):
        raise IntakeError(
            _("{id} is not a survey, so no survey file can be taken in for it.").format(id=found.id)
        )
    refuse_changed_instrument(store, found)
    return found


def round_label(text: str) -> str:
    """A round's label as it is kept: each run of spaces one. IntakeError where it is none."""
    label = " ".join(text.split())
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise IntakeError(
            _("A round needs a label of 1 to {most} printable characters, such as 2026.").format(
                most=LONGEST_LABEL
            )
        )
    return label


def plan_import(store: Store, library: Library, request: Request, progress: Progress | None = None) -> Plan:
    """Works out what taking in a file would do. Writes nothing.

    Raises ImproveError where there is nothing to show: the file cannot be read, the organisation is
    unknown or doubtful, the instrument or mapping is wrong.
    """
    request = dataclasses.replace(request, file_name=base_name(request.file_name))
    organisation = find_organisation(read_organisations(store), request.organisation)
    label = round_label(request.round)
    survey = find_survey(store, library, request.instrument, request.instrument_text)
    mapping = request.mapping
    if request.mapping_text is not None:
        mapping = read_mapping(request.mapping_text, survey)
    table = read_table(request.content, request.file_name, encoding=request.encoding, sheet=request.sheet)
    understanding = understand(table, survey, mapping)
    checked = None if understanding.problems else check(table, understanding, survey, progress)
    sha256 = hashlib.sha256(request.content).hexdigest()
    rounds = {one.label: one for one in read_rounds(store)}
    stored = _stored(store, label, organisation, survey)
    fieldwork = _fieldwork(request, stored)
    answered_on = None if checked is None else _answered_on(checked)
    changes_few = _changes_few(store, request, label, organisation, survey, checked, stored)
    return Plan(
        request=request,
        organisation=organisation,
        survey=survey,
        table=table,
        understanding=understanding,
        checked=checked,
        sha256=sha256,
        label=label,
        fieldwork=fieldwork,
        answered_on=answered_on,
        has_standing=bool(stored.imports),
        changes_few=changes_few,
        makes_round=label not in rounds,
        is_closed_round=label in rounds and rounds[label].is_closed,
        refusals=tuple(
            _refusals(request, survey, understanding, checked, sha256, stored, changes_few=changes_few)
        ),
        remarks=(
            *_remarks(store, label, organisation, survey, sha256, rounds),
            *_strange_days(fieldwork, answered_on, understanding),
        ),
    )


def base_name(file_name: str) -> str:
    """The last part of a path, whichever system wrote it, as text that can be kept and shown."""
    name = PureWindowsPath(file_name).name.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in name)[:LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What an organisation has in this round already: the imports still standing, how it asked."""

    imports: tuple[Import, ...]
    fieldwork: Fieldwork

    @property
    def responses(self) -> int:
        return sum(one.rows_accepted for one in self.imports)


def _stored(store: Store, label: str, organisation: Organisation, survey: Survey) -> _Stored:
    wanted = (label, organisation.code, survey.id)
    imports = tuple(
        one for one in read_imports(store) if (one.round, one.organisation, one.instrument) == wanted
    )
    return _Stored(imports, read_fieldwork(store, *wanted) or Fieldwork(None, 0, None, None, ()))


def _fieldwork(request: Request, stored: _Stored) -> Fieldwork:
    """How people were asked, as it will be known: what is told now goes before what was told earlier."""
    told: dict[str, Any] = {
        "invited": request.invited,
        "opened_on": request.opened_on,
        "closed_on": request.closed_on,
        "reminders": tuple(sorted({*request.reminders})),
    }
    return dataclasses.replace(stored.fieldwork, **{key: fact for key, fact in told.items() if fact})


def _answered_on(checked: Checked) -> tuple[date, date] | None:
    """The first and the last day on which the accepted rows were answered; None without their times."""
    found = pc.min_max(checked.batch.responses["answered_at"]).as_py()
    return None if found["min"] is None else (found["min"].date(), found["max"].date())


def _changes_few(
    store: Store,
    request: Request,
    label: str,
    organisation: Organisation,
    survey: Survey,
    checked: Checked | None,
    stored: _Stored,
) -> bool:
    """Whether who looks before and after would see what fewer than ten people said.

    Of a file that is the same nothing is seen, and of fewer than ten responses nothing is shown.
    """
    if not request.replace or checked is None or not stored.imports:
        return False
    if min(stored.responses, checked.rows_accepted) < MINIMUM_ANSWERS:
        return False
    changed = responses_changed(store, label, organisation.code, survey.id, checked.batch)
    return 0 < changed < MINIMUM_ANSWERS


def _refusals(
    request: Request,
    survey: Survey,
    understanding: Understanding,
    checked: Checked | None,
    sha256: str,
    stored: _Stored,
    *,
    changes_few: bool,
) -> Iterable[str]:
    yield from understanding.problems
    if request.replace and request.add:
        yield _("Ask for replace or for add, not for both.")
    if not request.replace:
        yield from _refused_beside(request, survey, sha256, stored)
    yield from _refused_days(_fieldwork(request, stored))
    if checked is None:
        return
    if checked.cells_rejected and not request.accept_valid_rows:
        yield from cells_in_sentences(
            checked.rejected[0], checked.cells_rejected, checked.rows_rejected, checked.rows_read
        )
        yield _("Mend the file, or accept the valid rows alone.")
    is_added = request.add and not request.replace and bool(stored.imports)
    if checked.rows_accepted == 0:
        yield _("No row holds an answer that can be stored.")
    elif is_added and checked.rows_accepted < MINIMUM_ANSWERS:
        yield _(
            "A file that is added needs at least {minimum} responses: of fewer, the scores before and after "
            "would give single answers away."
        ).format(minimum=MINIMUM_ANSWERS)
    elif changes_few and not request.even_if_few_change:
        yield _(
            "This file differs from what is stored by fewer than {minimum} responses: the scores before and "
            "after would give single answers away. Wait for more; or, where nobody has looked yet or a "
            "mistake has to be mended, ask for it even if few change."
        ).format(minimum=MINIMUM_ANSWERS)
    invited_before = stored.fieldwork.invited
    responses = checked.rows_accepted + (stored.responses if is_added else 0)
    if request.invited is not None and request.invited < responses:
        yield _("{invited} people invited cannot have given {responses} responses.").format(
            invited=request.invited, responses=responses
        )
    elif request.invited is None and invited_before is not None and invited_before < responses:
        yield _(
            "That makes {responses} responses, but only {invited} people were invited as far as is known. "
            "Say how many were."
        ).format(invited=invited_before, responses=responses)


def cells_in_sentences(first: Rejected, cells: int, rows: int, all_rows: int) -> Iterable[str]:
    """How many cells cannot be read, in how many rows of how many; and the first of them."""
    yield ngettext(
        "{cells} cell cannot be read, in {rows} of {all} rows.",
        "{cells} cells cannot be read, in {rows} of {all} rows.",
        cells,
    ).format(cells=cells, rows=rows, all=all_rows)
    yield _("The first is in row {row}, column {letter} ({column}): “{value}”. {reason}.").format(
        row=first.row,
        letter=first.letter,
        column=shortened(first.column),
        value=first.value,
        reason=first.reason.rstrip("."),
    )


def _refused_days(asked: Fieldwork) -> Iterable[str]:
    """What speaks against the days on which a survey opened, reminded and closed."""
    opened, closed = asked.opened_on, asked.closed_on
    if len(asked.reminders) > MOST_REMINDERS:
        yield _("There are {n} reminders; at most {most} can be kept.").format(
            n=len(asked.reminders), most=MOST_REMINDERS
        )
    if opened is not None and closed is not None and closed < opened:
        yield _("The survey cannot have closed on {closed}, before it opened on {opened}.").format(
            closed=closed, opened=opened
        )
        return
    for day in asked.reminders[:MOST_REMINDERS]:
        if opened is not None and day < opened:
            yield _("No reminder can have gone out on {day}, before the survey opened on {opened}.").format(
                day=day, opened=opened
            )
        if closed is not None and day > closed:
            yield _("No reminder can have gone out on {day}, after the survey closed on {closed}.").format(
                day=day, closed=closed
            )


def _strange_days(
    asked: Fieldwork, answered_on: tuple[date, date] | None, understanding: Understanding
) -> Iterable[str]:
    """Answers before the survey opened or after it closed: some day is wrong, or read the wrong way round."""
    if answered_on is None or understanding.time is None:
        return
    first, last = answered_on
    is_early = asked.opened_on is not None and first < asked.opened_on
    is_late = asked.closed_on is not None and last > asked.closed_on
    if is_early or is_late:
        yield _(
            "Some answers lie outside the days on which the survey was open: by the times in column "
            "{letter}, they came from {first} to {last}. See whether those days are right."
        ).format(letter=column_letter(understanding.time), first=first, last=last)


def _refused_beside(request: Request, survey: Survey, sha256: str, stored: _Stored) -> Iterable[str]:
    """What speaks against taking in a file beside what the organisation has in this round."""
    same = next((one for one in stored.imports if one.sha256 == sha256), None)
    if same is not None:
        yield _(
            "This very file was taken in on {date} ({responses} responses). To take it in again in "
            "place of all that is stored for this organisation and round, ask for replace."
        ).format(date=same.imported_at.strftime("%Y-%m-%d %H:%M UTC"), responses=same.rows_accepted)
    elif stored.imports and not request.add:
        yield _(
            "There are already {responses} responses of this organisation in this round, taken in on "
            "{date}. Ask for replace to take their place, or for add to add to them."
        ).format(
            responses=stored.responses,
            date=stored.imports[-1].imported_at.strftime("%Y-%m-%d %H:%M UTC"),
        )
    elif stored.imports and stored.imports[-1].version != survey.version:
        yield _(
            "The responses stored answer version {old} of the questions, this file version {new}: they "
            "cannot be added to each other."
        ).format(old=stored.imports[-1].version, new=survey.version)


def _remarks(
    store: Store,
    label: str,
    organisation: Organisation,
    survey: Survey,
    sha256: str,
    rounds: dict[str, Round],
) -> Iterable[str]:
    if label not in rounds:
        yield _("This makes the round {round}.").format(round=label)
    elif rounds[label].is_closed:
        yield _(
            "Round {round} is closed: these responses are compared with its benchmark as it stands, and do "
            "not change it."
        ).format(round=label)
    for one in read_imports(store):
        if one.sha256 == sha256 and (one.organisation, one.round) != (organisation.code, label):
            yield _("The same file was also taken in for {organisation} in round {round}.").format(
                organisation=one.organisation, round=one.round
            )
    known = [one for one in read_participations(store, label, survey.id) if one.version != survey.version]
    if known:
        yield _("Other organisations answered another version of these questions in this round.")


def take_in(store: Store, plan: Plan, progress: Progress | None = None) -> tuple[str, ...]:
    """Writes a plan in one transaction; returns the rounds that this made.

    Raises IntakeError when something stands against it; nothing is written then. What was written
    since the plan was made counts too.
    """
    request, checked = plan.request, plan.checked
    with ONE_AT_A_TIME:
        stored = _stored(store, plan.label, plan.organisation, plan.survey)
        changes_few = _changes_few(
            store, request, plan.label, plan.organisation, plan.survey, checked, stored
        )
        refusals = tuple(
            _refusals(
                request,
                plan.survey,
                plan.understanding,
                checked,
                plan.sha256,
                stored,
                changes_few=changes_few,
            )
        )
        if refusals or checked is None:
            raise IntakeError(" ".join(refusals))
        delivery = Delivery(
            round=plan.label,
            organisation=plan.organisation.code,
            survey=plan.survey,
            batch=checked.batch,
            invited=request.invited,
            opened_on=request.opened_on,
            closed_on=request.closed_on,
            reminders=request.reminders,
            file_name=request.file_name,
            sha256=plan.sha256,
            mapping=mapping_as_yaml(plan.understanding.as_mapping()),
            rows_read=checked.rows_read,
        )
        return write_responses(store, [delivery], replace=request.replace, progress=progress)
