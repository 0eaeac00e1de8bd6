"""What taking in a survey file would do, worked out without writing anything; and doing it.

The command line and the Import page go this one way: `plan_import` reads, understands and checks,
and says what stands against it; `take_in` writes a plan against which nothing stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from improve.disclosure import MINIMUM_ANSWERS
from improve.errors import IntakeError
from improve.instruments import Library, Survey, parse_instrument
from improve.intake.answer import Checked, check
from improve.intake.column import Understanding, understand
from improve.intake.mapping import Mapping, mapping_as_yaml, read_mapping
from improve.intake.table import Table, read_table
from improve.language import _, ngettext
from improve.model import Organisation
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
    """The survey of a request: from the text of a file, from the library, or as stored."""
    if request.instrument_text is not None:
        found = parse_instrument(request.instrument_text, request.instrument)
    else:
        kept = {id_: survey for (id_, _version), survey in sorted(read_instruments(store).items())}
        known = {one.id for one in library.all()}
        stored = kept.get(request.instrument)
        found = (
            stored
            if stored is not None and request.instrument not in known
            else library.get(request.instrument)
        )
    if not isinstance(found, Survey):
        raise IntakeError(
            _("{id} is not a survey, so no survey file can be taken in for it.").format(id=found.id)
        )
    refuse_changed_instrument(store, found)
    return found


def plan_import(store: Store, library: Library, request: Request, progress: Progress | None = None) -> Plan:
    """Works out what taking in a file would do. Writes nothing.

    Raises ImproveError where there is nothing to show: the file cannot be read, the organisation is
    unknown or doubtful, the instrument or mapping is wrong.
    """
    organisation = find_organisation(read_organisations(store), request.organisation)
    label = " ".join(request.round.split())
    if not label or len(label) > LONGEST_LABEL:
        raise IntakeError(
            _("A round needs a label of 1 to {most} characters, such as 2026.").format(most=LONGEST_LABEL)
        )
    survey = find_survey(store, library, request)
    mapping = request.mapping
    if request.mapping_text is not None:
        mapping = read_mapping(request.mapping_text, survey)
    table = read_table(request.content, request.file_name, encoding=request.encoding, sheet=request.sheet)
    understanding = understand(table, survey, mapping)
    checked = None if understanding.problems else check(table, understanding, survey, progress)
    sha256 = hashlib.sha256(request.content).hexdigest()
    rounds = {one.label: one for one in read_rounds(store)}
    standing = _standing(store, label, organisation, survey)
    return Plan(
        request=request,
        organisation=organisation,
        survey=survey,
        table=table,
        understanding=understanding,
        checked=checked,
        sha256=sha256,
        label=label,
        has_standing=bool(standing),
        makes_round=label not in rounds,
        is_closed_round=label in rounds and rounds[label].is_closed,
        refusals=tuple(_refusals(request, survey, understanding, checked, sha256, standing)),
        remarks=tuple(_remarks(store, label, organisation, survey, sha256, rounds)),
    )


def _standing(store: Store, label: str, organisation: Organisation, survey: Survey) -> list[Import]:
    """The imports that already hold responses of this organisation in this round."""
    wanted = (label, organisation.code, survey.id)
    return [
        one for one in read_imports(store) if (one.round, one.organisation, one.instrument) == wanted
    ]


def _refusals(
    request: Request,
    survey: Survey,
    understanding: Understanding,
    checked: Checked | None,
    sha256: str,
    standing: list[Import],
) -> Iterable[str]:
    yield from understanding.problems
    if not request.replace:
        same = next((one for one in standing if one.sha256 == sha256), None)
        if same is not None:
            yield _(
                "This very file was taken in on {date} ({responses} responses). To take it in again in "
                "place of all that is stored for this organisation and round, ask for replace."
            ).format(date=same.imported_at.strftime("%Y-%m-%d %H:%M UTC"), responses=same.rows_accepted)
        elif standing and not request.add:
            yield _(
                "There are already {responses} responses of this organisation in this round, taken in on "
                "{date}. Ask for replace to take their place, or for add to add to them."
            ).format(
                responses=sum(one.rows_accepted for one in standing),
                date=standing[-1].imported_at.strftime("%Y-%m-%d %H:%M UTC"),
            )
        elif standing and standing[-1].version != survey.version:
            yield _(
                "The responses stored answer version {old} of the questions, this file version {new}: they "
                "cannot be added to each other."
            ).format(old=standing[-1].version, new=survey.version)
    if checked is None:
        return
    if checked.cells_rejected and not request.accept_valid_rows:
        yield ngettext(
            "{cells} cell cannot be read, in {rows} of {all} rows. Mend the file, or accept the valid rows alone.",
            "{cells} cells cannot be read, in {rows} of {all} rows. Mend the file, or accept the valid rows alone.",
            checked.cells_rejected,
        ).format(cells=checked.cells_rejected, rows=checked.rows_rejected, all=checked.rows_read)
    if checked.rows_accepted == 0:
        yield _("No row holds an answer that can be stored.")
    elif request.add and standing and not request.replace and checked.rows_accepted < MINIMUM_ANSWERS:
        yield _(
            "A file that is added needs at least {minimum} responses: of fewer, the scores before and after "
            "would give single answers away."
        ).format(minimum=MINIMUM_ANSWERS)
    if request.invited is not None:
        total = checked.rows_accepted
        if request.add and not request.replace:
            total += sum(one.rows_accepted for one in standing)
        if request.invited < total:
            yield _("{invited} people invited cannot have given {responses} responses.").format(
                invited=request.invited, responses=total
            )


def _remarks(
    store: Store,
    label: str,
    organisation: Organisation,
    survey: Survey,
    sha256: str,
    rounds: dict[str, Any],
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
    refusals = plan.refusals
    if not refusals and plan.checked is not None:
        again = _standing(store, plan.label, plan.organisation, plan.survey)
        refusals = tuple(
            _refusals(plan.request, plan.survey, plan.understanding, plan.checked, plan.sha256, again)
        )
    if refusals or plan.checked is None:
        raise IntakeError(" ".join(refusals))
    request = plan.request
    delivery = Delivery(
        round=plan.label,
        organisation=plan.organisation.code,
        survey=plan.survey,
        batch=plan.checked.batch,
        invited=request.invited,
        file_name=request.file_name[:200],
        sha256=plan.sha256,
        mapping=mapping_as_yaml(plan.understanding.as_mapping()),
        rows_read=plan.checked.rows_read,
    )
    return write_responses(store, [delivery], replace=request.replace, progress=progress)
