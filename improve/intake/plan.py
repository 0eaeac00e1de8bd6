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
from pathlib import PureWindowsPath

from improve.disclosure import MINIMUM_ANSWERS
from improve.errors import InstrumentError, IntakeError
from improve.instruments import Library, Survey, instrument_sha256, parse_instrument
from improve.intake.answer import Checked, check
from improve.intake.column import Understanding, understand
from improve.intake.mapping import Mapping, mapping_as_yaml, read_mapping
from improve.intake.record import shortened
from improve.intake.table import Table, read_table
from improve.language import _, ngettext
from improve.model import Organisation, Round
from improve.register import find_organisation
from improve.store import (
    Delivery,
    Import,
    Store,
    read_imports,
    read_instruments,
    read_organisations,
    read_participations,
    read_rounds,
    refuse_changed_instrument,
    write_responses,
)

Progress = Callable[[float], None]
LONGEST_LABEL = 60
LONGEST_NAME = 200
_ONE_AT_A_TIME = threading.Lock()
"""Nobody else takes in anything between the last look at what stands there and the write."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants taken in: a file, for whom, in which round, and how to read it."""

    content: bytes
    file_name: str
    organisation: str
    round: str
    invited: int | None = None
    instrument: str = "satisfaction"
    instrument_text: str | None = None
    mapping_text: str | None = None
    mapping: Mapping | None = None
    encoding: str | None = None
    sheet: str | None = None
    replace: bool = False
    add: bool = False
    accept_valid_rows: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `refusals` are the sentences that stand against it; empty: go ahead.

    `remarks` are what the operator should know all the same.
    """

    request: Request
    organisation: Organisation
    survey: Survey
    table: Table
    understanding: Understanding
    checked: Checked | None
    sha256: str
    label: str
    has_standing: bool
    makes_round: bool
    is_closed_round: bool
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]


def find_survey(store: Store, library: Library, request: Request) -> Survey:
    """The survey of a request: from the text of a file, from the library, or as stored.

    Raises InstrumentError where a text differs from what is known under its version already.
    """
    known = {(one.id, one.version): one for one in library.all()}
    if request.instrument_text is not None:
        found = parse_instrument(request.instrument_text, request.instrument)
        ours = known.get((found.id, found.version))
        if ours is not None and instrument_sha256(ours) != instrument_sha256(found):
            raise InstrumentError(
                _(
                    "{file} differs from the instrument {id} {version} of this installation. "
                    "Give it an id or a version number of its own."
                ).format(file=request.instrument, id=found.id, version=found.version)
            )
    else:
        kept = [one for (id_, _version), one in read_instruments(store).items() if id_ == request.instrument]
        if kept and request.instrument not in {id_ for id_, _version in known}:
            found = max(kept, key=lambda one: one.version_number)
        else:
            found = library.get(request.instrument)
    if not isinstance(found, Survey):
        raise IntakeError(
            _("{id} is not a survey, so no survey file can be taken in for it.").format(id=found.id)
        )
    refuse_changed_instrument(store, found)
    return found


def _label(text: str) -> str:
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
    request = dataclasses.replace(request, file_name=_base_name(request.file_name))
    organisation = find_organisation(read_organisations(store), request.organisation)
    label = _label(request.round)
    survey = find_survey(store, library, request)
    mapping = request.mapping
    if request.mapping_text is not None:
        mapping = read_mapping(request.mapping_text, survey)
    table = read_table(request.content, request.file_name, encoding=request.encoding, sheet=request.sheet)
    understanding = understand(table, survey, mapping)
    checked = None if understanding.problems else check(table, understanding, survey, progress)
    sha256 = hashlib.sha256(request.content).hexdigest()
    rounds = {one.label: one for one in read_rounds(store)}
    stored = _stored(store, label, organisation, survey)
    return Plan(
        request=request,
        organisation=organisation,
        survey=survey,
        table=table,
        understanding=understanding,
        checked=checked,
        sha256=sha256,
        label=label,
        has_standing=bool(stored.imports),
        makes_round=label not in rounds,
        is_closed_round=label in rounds and rounds[label].is_closed,
        refusals=tuple(_refusals(request, survey, understanding, checked, sha256, stored)),
        remarks=tuple(_remarks(store, label, organisation, survey, sha256, rounds)),
    )


def _base_name(file_name: str) -> str:
    """The last part of a path, whichever system wrote it, as text that can be kept and shown."""
    name = PureWindowsPath(file_name).name.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in name)[:LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What an organisation has in this round already: the imports still standing, people invited."""

    imports: tuple[Import, ...]
    invited: int | None

    @property
    def responses(self) -> int:
        return sum(one.rows_accepted for one in self.imports)


def _stored(store: Store, label: str, organisation: Organisation, survey: Survey) -> _Stored:
    wanted = (label, organisation.code, survey.id)
    imports = tuple(
        one for one in read_imports(store) if (one.round, one.organisation, one.instrument) == wanted
    )
    parts = read_participations(store, label, survey.id)
    return _Stored(
        imports, next((one.invited for one in parts if one.organisation == organisation.code), None)
    )


def _refusals(
    request: Request,
    survey: Survey,
    understanding: Understanding,
    checked: Checked | None,
    sha256: str,
    stored: _Stored,
) -> Iterable[str]:
    yield from understanding.problems
    if request.replace and request.add:
        yield _("Ask for replace or for add, not for both.")
    if not request.replace:
        yield from _refused_beside(request, survey, sha256, stored)
    if checked is None:
        return
    if checked.cells_rejected and not request.accept_valid_rows:
        yield ngettext(
            "{cells} cell cannot be read, in {rows} of {all} rows.",
            "{cells} cells cannot be read, in {rows} of {all} rows.",
            checked.cells_rejected,
        ).format(cells=checked.cells_rejected, rows=checked.rows_rejected, all=checked.rows_read)
        yield _("The first is in row {row}, column {letter} ({column}): “{value}”. {reason}.").format(
            row=checked.rejected[0].row,
            letter=checked.rejected[0].letter,
            column=shortened(checked.rejected[0].column),
            value=checked.rejected[0].value,
            reason=checked.rejected[0].reason.rstrip("."),
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
    responses = checked.rows_accepted + (stored.responses if is_added else 0)
    if request.invited is not None and request.invited < responses:
        yield _("{invited} people invited cannot have given {responses} responses.").format(
            invited=request.invited, responses=responses
        )
    elif request.invited is None and stored.invited is not None and stored.invited < responses:
        yield _(
            "That makes {responses} responses, but only {invited} people were invited as far as is known. "
            "Say how many were."
        ).format(invited=stored.invited, responses=responses)


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
    with _ONE_AT_A_TIME:
        stored = _stored(store, plan.label, plan.organisation, plan.survey)
        refusals = tuple(_refusals(request, plan.survey, plan.understanding, checked, plan.sha256, stored))
        if refusals or checked is None:
            raise IntakeError(" ".join(refusals))
        delivery = Delivery(
            round=plan.label,
            organisation=plan.organisation.code,
            survey=plan.survey,
            batch=checked.batch,
            invited=request.invited,
            file_name=request.file_name,
            sha256=plan.sha256,
            mapping=mapping_as_yaml(plan.understanding.as_mapping()),
            rows_read=checked.rows_read,
        )
        return write_responses(store, [delivery], replace=request.replace, progress=progress)
