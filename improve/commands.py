"""What each command does: a function from a store, arguments and files to the object that --json prints.

The command line (`__main__.py`) runs them on a store it opened itself; a server that holds the
store runs the very same ones for it (`handover.py`). Figures come from views alone.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from improve.assessment import sheet_for, submitted_sheet
from improve.assessment.spreadsheet import csv_of, sheet_csv, sheet_workbook, workbook_of
from improve.errors import ImproveError, InstrumentError, SelectionError
from improve.handover import Outcome
from improve.instruments import Library, read_library
from improve.intake import (
    AssessmentPlan,
    AssessmentRequest,
    BoundaryPlan,
    BoundaryRequest,
    Plan,
    ReadinessPlan,
    ReadinessRequest,
    Reading,
    Rejected,
    Request,
    StaffPlan,
    StaffRequest,
    column_letter,
    plan_assessment,
    plan_boundaries,
    plan_import,
    plan_readiness,
    plan_staff,
    read_day,
    take_in,
    take_in_assessment,
    take_in_boundaries,
    take_in_readiness,
    take_in_staff,
)
from improve.language import _
from improve.model import CohortKind, Role, Selection, Viewer
from improve.register import cohort_label, find_organisation
from improve.store import (
    Store,
    check_store,
    close_round,
    read_organisations,
    read_rounds,
    read_surveys,
    refuse_changed_instrument,
)
from improve.views.chart.shown import chart_as_json
from improve.views.chart.view import Wish as ChartWish
from improve.views.chart.view import chart_figures
from improve.views.choice import choose, cohorts_of, opened_groups, rounds_for
from improve.views.cohorts import as_json as cohorts_as_json
from improve.views.cohorts import cohorts_figures
from improve.views.gap import gap_figures
from improve.views.gap_shown import gap_as_json
from improve.views.map import map_figures
from improve.views.map_shown import map_as_json
from improve.views.maturity import maturity_figures
from improve.views.maturity_shown import maturity_as_json
from improve.views.preview import preview_as_json, preview_view
from improve.views.readiness import readiness_figures
from improve.views.readiness_choice import Wish
from improve.views.readiness_paper import own_paper
from improve.views.readiness_shown import readiness_as_json
from improve.views.response import response_figures
from improve.views.response_shown import as_json as response_as_json
from improve.views.scores import scores_figures
from improve.views.scores_shown import as_json
from improve.views.skills import skills_figures
from improve.views.skills_shown import as_json as skills_as_json
from improve.views.trend import trend_figures
from improve.views.trend_shown import trend_as_json

Arguments = Mapping[str, Any]
Files = Mapping[str, bytes]
Progress = Callable[[float], None]


def run(
    store: Store, command: str, arguments: Arguments, files: Files, progress: Progress | None = None
) -> Outcome:
    """Runs one command by name. A mistake that can be mended comes back as status 2 and a sentence."""
    try:
        if command in IMPORTS:
            return IMPORTS[command](store, arguments, files, progress or (lambda _share: None))
        if command not in COMMANDS:
            raise SelectionError(_("There is no command called {command}.").format(command=command))
        return Outcome(0, None, COMMANDS[command](store, arguments))
    except ImproveError as error:
        return Outcome(2, str(error), None)


def import_survey(store: Store, arguments: Arguments, files: Files, tell: Progress) -> Outcome:
    """Takes in a survey file, or says what stands against it. With `dry_run` nothing is written."""
    days = ("opened", "closed", "reminders")
    settings = {key: value for key, value in arguments.items() if key not in ("dry_run", *days)}
    opened, closed = (arguments.get(key) for key in ("opened", "closed"))
    mapping = files.get("mapping")
    instrument = files.get("instrument")
    request = Request(
        content=files["file"],
        mapping_text=None if mapping is None else _text(mapping, _("The mapping file is not UTF-8 text.")),
        instrument_text=None
        if instrument is None
        else _text(instrument, _("The instrument file is not UTF-8 text.")),
        opened_on=None if opened is None else read_day(opened),
        closed_on=None if closed is None else read_day(closed),
        reminders=tuple(read_day(day) for day in arguments.get("reminders") or ()),
        **settings,
    )
    plan = plan_import(store, read_library(), request, lambda share: tell(share / 2))
    is_stored = not plan.refusals and not arguments.get("dry_run", False)
    if is_stored:
        take_in(store, plan, lambda share: tell((1 + share) / 2))
    return _outcome(plan.refusals, plan_as_json(plan, is_stored=is_stored))


def import_staff(store: Store, arguments: Arguments, files: Files, _tell: Progress) -> Outcome:
    """Takes in a staff list, or says what stands against it. With `dry_run` nothing is written."""
    settings = {key: value for key, value in arguments.items() if key != "dry_run"}
    plan = plan_staff(store, read_library(), StaffRequest(content=files["file"], **settings))
    is_stored = not plan.refusals and not arguments.get("dry_run", False)
    if is_stored:
        take_in_staff(store, plan)
    return _outcome(plan.refusals, staff_as_json(plan, is_stored=is_stored))


def import_assessment(store: Store, arguments: Arguments, files: Files, _tell: Progress) -> Outcome:
    """Takes in a filled-in assessment, or says what stands against it. With `dry_run` nothing is written."""
    settings = {key: value for key, value in arguments.items() if key != "dry_run"}
    viewer = Viewer(Role.OPERATOR)
    plan = plan_assessment(
        store, read_library(), viewer, AssessmentRequest(content=files["file"], **settings)
    )
    is_stored = plan.writes and not plan.refusals and not arguments.get("dry_run", False)
    if is_stored:
        plan = take_in_assessment(store, viewer, plan)
    return _outcome(plan.refusals, assessment_as_json(plan, is_stored=is_stored))


def import_readiness(store: Store, arguments: Arguments, files: Files, _tell: Progress) -> Outcome:
    """Takes in one respondent's form of readiness, or says what stands against it."""
    settings = {key: value for key, value in arguments.items() if key not in ("dry_run", "viewer")}
    viewer = viewer_of(store, arguments.get("viewer"))
    plan = plan_readiness(store, viewer, ReadinessRequest(content=files["file"], **settings))
    is_stored = not plan.refusals and not arguments.get("dry_run", False)
    if is_stored:
        plan = take_in_readiness(store, viewer, plan)
    return _outcome(plan.refusals, readiness_file_as_json(plan, is_stored=is_stored))


def import_boundaries(store: Store, arguments: Arguments, files: Files, _tell: Progress) -> Outcome:
    """Takes in a boundary file for the map, or says what stands against it."""
    plan = plan_boundaries(store, BoundaryRequest(files["file"], arguments["file_name"]))
    is_stored = not plan.refusals and not arguments.get("dry_run", False)
    if is_stored:
        take_in_boundaries(store, plan)
    return _outcome(plan.refusals, boundaries_as_json(plan, is_stored=is_stored))


def _outcome(refusals: tuple[str, ...], result: dict[str, Any]) -> Outcome:
    """What an import came to."""
    if not refusals:
        return Outcome(0, None, result)
    return Outcome(2, " ".join(refusals) + " " + _("Nothing was stored."), result)


def _text(content: bytes, otherwise: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SelectionError(otherwise) from error


def plan_as_json(plan: Plan, *, is_stored: bool) -> dict[str, Any]:
    """What was understood of a file, what is wrong with it, and the scores that come of it."""
    checked, asked = plan.checked, plan.fieldwork
    first, last = plan.answered_on or (None, None)
    time = plan.understanding.time
    return {
        "command": "import survey",
        "stored": is_stored,
        "organisation": {"code": plan.organisation.code, "name": plan.organisation.name},
        "round": {
            "label": plan.label,
            "made": plan.makes_round,
            "closed": plan.is_closed_round,
        },
        "instrument": {"id": plan.survey.id, "version": plan.survey.version},
        "fieldwork": {
            "invited": asked.invited,
            "opened_on": _day(asked.opened_on),
            "closed_on": _day(asked.closed_on),
            "reminders": [_day(day) for day in asked.reminders],
            "time_column": None if time is None else column_letter(time),
            "first_answer_on": _day(first),
            "last_answer_on": _day(last),
        },
        "file": _file_as_json(plan.request.file_name, plan.sha256, plan.table.facts),
        "columns": [
            {
                "column": one.column,
                "letter": one.letter,
                "item": one.item,
                "measure": one.measure,
                "option": one.option,
                "matched_by": one.how.value,
            }
            for one in plan.understanding.matched
        ],
        "unused_columns": [
            {"column": one.column, "letter": one.letter, "did_you_mean": one.suggestion}
            for one in plan.understanding.unused
        ],
        "rows": None
        if checked is None
        else {
            "read": checked.rows_read,
            "accepted": checked.rows_accepted,
            "rejected": checked.rows_rejected,
            "empty": checked.rows_empty,
        },
        "cells_rejected": 0 if checked is None else checked.cells_rejected,
        "rejected": [] if checked is None else _rejected_as_json(checked.rejected),
        "refusals": list(plan.refusals),
        "remarks": list(plan.remarks),
        "scores": [] if checked is None else preview_as_json(preview_view(plan.survey, checked.batch)),
    }


def staff_as_json(plan: StaffPlan, *, is_stored: bool) -> dict[str, Any]:
    """What was understood of a staff list, what is wrong with it, and the groups that come of it."""
    found = plan.found
    return {
        "command": "import staff",
        "stored": is_stored,
        "organisation": {"code": plan.organisation.code, "name": plan.organisation.name},
        "round": {"label": plan.label},
        "instrument": {"id": plan.survey.id, "version": plan.survey.version},
        "file": _file_as_json(plan.request.file_name, plan.sha256, plan.facts),
        "columns": [
            {"column": one.column, "letter": one.letter, "holds": one.holds} for one in found.columns
        ],
        "unused_columns": [{"column": one.column, "letter": one.letter} for one in found.unused],
        "rows": {"read": found.rows_read, "rejected": found.rows_rejected},
        "groups": [
            {"item": one.item, "label": one.label, "people": one.people, "known": one.is_known}
            for one in found.groups
        ],
        "cells_rejected": found.cells_rejected,
        "rejected": _rejected_as_json(found.rejected),
        "refusals": list(plan.refusals),
        "remarks": list(plan.remarks),
    }


def assessment_as_json(plan: AssessmentPlan, *, is_stored: bool) -> dict[str, Any]:
    """What a filled-in assessment changes, and what is wrong with it."""
    found = plan.found
    options = {one.code: one.id for one in plan.instrument.answers}
    return {
        "command": "import dma",
        "stored": is_stored,
        "organisation": {"code": plan.organisation.code, "name": plan.organisation.name},
        "instrument": {"id": plan.instrument.id, "version": plan.instrument.version},
        "round": None
        if plan.label is None
        else {"label": plan.label, "made": plan.makes_round, "closed": plan.is_closed_round},
        "file": _file_as_json(plan.request.file_name, plan.sha256, plan.facts),
        "columns": [
            {"column": one.column, "letter": one.letter, "holds": one.holds} for one in found.columns
        ],
        "unused_columns": [{"column": one.column, "letter": one.letter} for one in found.unused],
        "rows": {"read": found.rows_read, "rejected": found.rows_rejected, "blank": found.rows_blank},
        "assessment": {
            "begun": plan.begins,
            "answered": plan.answered,
            "criteria": len(plan.instrument.criteria),
        },
        "answers": {
            "new": plan.added,
            "changed": len(plan.changes) - plan.added,
            "unchanged": len(plan.unchanged),
            "overtaken": len(plan.overtaken),
        },
        "changes": [
            {
                "item": one.wording.item,
                "answer": None if one.wording.code is None else options[one.wording.code],
                "reason": one.wording.reason,
                "evidence": one.wording.evidence,
                "was": None if one.was is None else options[one.was.code],
            }
            for one in plan.changes
        ],
        "cells_rejected": found.cells_rejected,
        "rejected": _rejected_as_json(found.rejected),
        "refusals": list(plan.refusals),
        "remarks": list(plan.remarks),
    }


def readiness_file_as_json(plan: ReadinessPlan, *, is_stored: bool) -> dict[str, Any]:
    """What a respondent's form answers, and what is wrong with it."""
    found = plan.found
    return {
        "command": "import rasp",
        "stored": is_stored,
        "organisation": {"code": plan.organisation.code, "name": plan.organisation.name},
        "instrument": {"id": plan.instrument.id, "version": plan.instrument.version},
        "partnership": plan.sheet.partnership.name,
        "number": plan.sheet.round.number,
        "role": plan.request.role,
        "round": None if plan.season is None else {"label": plan.season},
        "completed": is_stored and plan.request.complete,
        "file": _file_as_json(plan.request.file_name, plan.sha256, plan.facts),
        "columns": [
            {"column": one.column, "letter": one.letter, "holds": one.holds} for one in found.columns
        ],
        "unused_columns": [{"column": one.column, "letter": one.letter} for one in found.unused],
        "rows": {"read": found.rows_read, "rejected": found.rows_rejected, "blank": found.rows_blank},
        "answered": len(found.given),
        "statements": len(plan.instrument.statements),
        "cells_rejected": found.cells_rejected,
        "rejected": _rejected_as_json(found.rejected),
        "refusals": list(plan.refusals),
        "remarks": list(plan.remarks),
    }


def boundaries_as_json(plan: BoundaryPlan, *, is_stored: bool) -> dict[str, Any]:
    """What was understood of a boundary file, and what is wrong with it."""
    return {
        "command": "import boundaries",
        "stored": is_stored,
        "file": {"name": plan.file_name, "sha256": plan.sha256},
        "property": plan.property,
        "features": plan.features,
        "councils": len(plan.outlines),
        "points": plan.points,
        "refusals": list(plan.refusals),
        "remarks": list(plan.remarks),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _file_as_json(name: str, sha256: str, facts: Reading) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": sha256,
        "format": facts.format,
        "encoding": facts.encoding,
        "delimiter": facts.delimiter,
        "sheet": facts.sheet,
        "hidden_sheets": list(facts.hidden_sheets),
    }


def _rejected_as_json(rejected: tuple[Rejected, ...]) -> list[dict[str, Any]]:
    return [
        {
            "row": one.row,
            "column": one.column,
            "letter": one.letter,
            "value": one.value,
            "reason": one.reason,
        }
        for one in rejected
    ]


def viewer_of(store: Store, role: str | None) -> Viewer:
    """The viewer that --as names: ROLE, or ROLE:ORGANISATION for a delegate or member."""
    name, _colon, organisation = (role or Role.OPERATOR.value).partition(":")
    name = name.strip().lower()
    if name not in set(Role):
        raise SelectionError(
            _("There is no role called {role}. There are: {known}.").format(role=name, known=", ".join(Role))
        )
    wanted = Role(name)
    if wanted.has_organisation != bool(organisation):
        raise SelectionError(
            _("Write --as {role}:ORGANISATION.").format(role=wanted.value)
            if wanted.has_organisation
            else _("The role {role} belongs to no organisation.").format(role=wanted.value)
        )
    if not organisation:
        return Viewer(wanted)
    return Viewer(wanted, find_organisation(read_organisations(store), organisation).code)


def _label(typed: str) -> str:
    """A round's label as intake keeps it: each run of spaces one."""
    return " ".join(typed.split())


def find_cohort(
    store: Store, wanted: str, organisation: str | None = None, opened: Collection[str] = ()
) -> str:
    """The key of the cohort with this key, value or name, in any case: "Wales", "London boroughs".

    "like us" are the neighbours of the organisation, given by code or name. Of the groups that people
    built only those opened have a name here. Raises SelectionError, with the names of all, where there
    is none.
    """
    if " ".join(wanted.casefold().split()) in ("like us", "like"):
        if organisation is None:
            raise SelectionError(_("Say whose neighbours: --organisation."))
        return f"{CohortKind.LIKE}:{find_organisation(read_organisations(store), organisation).code}"
    if wanted.startswith(CohortKind.LIKE + ":"):
        return wanted
    cohorts = [one for one in cohorts_of(store) if one.kind is not CohortKind.GROUP or one.key in opened]
    keys: dict[str, str] = {}
    for one in cohorts:
        for name in (one.key, one.value, cohort_label(one)):
            keys.setdefault(name.casefold(), one.key)
    key = keys.get(" ".join(wanted.casefold().split()))
    if key is None:
        raise SelectionError(
            _("There is no group called {wanted}. There are: {known}.").format(
                wanted=wanted, known=", ".join(cohort_label(one) for one in cohorts)
            )
        )
    return key


def _wished(store: Store, arguments: Arguments) -> tuple[Viewer, Selection]:
    """The viewer and selection that `figures` commands share."""
    label, cohort, survey = _label(arguments["round"]), arguments.get("cohort"), arguments.get("instrument")
    viewer = viewer_of(store, arguments.get("role"))
    known = [one.label for one in rounds_for(store, viewer)]
    if label not in known:
        raise SelectionError(
            _("There is no round called {label}. There are: {known}.").format(
                label=label, known=", ".join(known) or _("none yet")
            )
        )
    if survey is not None and survey not in read_surveys(store, label):
        raise SelectionError(
            _("Nobody answered {instrument} in round {round}. Answered were: {known}.").format(
                instrument=survey, round=label, known=", ".join(read_surveys(store, label))
            )
        )
    return viewer, Selection(
        organisation=arguments.get("organisation"),
        round=label,
        cohort=None
        if cohort is None
        else find_cohort(
            store,
            cohort,
            arguments.get("organisation") or viewer.organisation,
            opened_groups(store, viewer, label),
        ),
        survey=survey,
    )


def figures_satisfaction(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Scores page's view model, written out."""
    figures = as_json(scores_figures(store, *_wished(store, arguments)))
    return {"command": "figures satisfaction", "store": store.kind.value, **figures}


def figures_gap(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Expectation gap page's view model, written out."""
    wishes = {key: arguments.get(key) for key in ("lines", "aspect", "compared")}
    viewer, selection = _wished(store, arguments)
    figures = gap_as_json(gap_figures(store, viewer, selection, **wishes))
    return {"command": "figures gap", "store": store.kind.value, **figures}


def figures_trend(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Trend page's view model, written out."""
    figures = trend_as_json(trend_figures(store, *_wished(store, arguments)))
    return {"command": "figures trend", "store": store.kind.value, **figures}


def figures_response(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Response page's view model, written out."""
    figures = response_as_json(response_figures(store, *_wished(store, arguments), by=arguments.get("by")))
    return {"command": "figures response", "store": store.kind.value, **figures}


def figures_chart(store: Store, arguments: Arguments) -> dict[str, Any]:
    """A built chart, written out; without a round, of the newest that is closed."""
    if arguments.get("round") is None:
        usual = choose(store, viewer_of(store, arguments.get("role")), Selection()).round
        arguments = {**arguments, "round": "" if usual is None else usual.label}
    viewer, selection = _wished(store, arguments)
    wish = ChartWish(*(arguments.get(key) for key in ("question", "compare", "picture", "about")))
    figures = chart_as_json(chart_figures(store, viewer, selection, wish))
    return {"command": "figures chart", "store": store.kind.value, **figures}


def figures_skills(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Skills page's view model, written out."""
    figures = skills_as_json(skills_figures(store, *_wished(store, arguments), by=arguments.get("by")))
    return {"command": "figures skills", "store": store.kind.value, **figures}


def figures_maturity(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Digital maturity profile's view model, written out."""
    figures = maturity_as_json(maturity_figures(store, *_wished(store, arguments)))
    return {"command": "figures maturity", "store": store.kind.value, **figures}


def figures_map(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Map's view model, written out."""
    figures = map_as_json(map_figures(store, *_wished(store, arguments)))
    return {"command": "figures map", "store": store.kind.value, **figures}


def export_assessment(store: Store, arguments: Arguments) -> dict[str, Any]:
    """An organisation's open assessment as a file, else the one it submitted last; its bytes in base 64."""
    viewer = Viewer(Role.OPERATOR)
    organisation = find_organisation(read_organisations(store), arguments["organisation"])
    wanted = (store, viewer, organisation.code, arguments["instrument"])
    sheet = sheet_for(*wanted) or submitted_sheet(*wanted)
    if sheet is None:
        raise SelectionError(
            _(
                "{organisation} has answered nothing of {instrument} yet. "
                "An empty file to fill in: instruments template {instrument}."
            ).format(organisation=organisation.name, instrument=arguments["instrument"])
        )
    content = sheet_csv(sheet) if arguments["format"] == "csv" else sheet_workbook(sheet)
    return {
        "command": "export dma",
        "organisation": {"code": organisation.code, "name": organisation.name},
        "instrument": {"id": sheet.instrument.id, "version": sheet.instrument.version},
        "round": sheet.assessment.round,
        "assessment": {
            "open": sheet.assessment.is_open,
            "answered": sheet.answered(),
            "criteria": len(sheet.instrument.criteria),
        },
        "content": base64.b64encode(content).decode("ascii"),
    }


def export_readiness(store: Store, arguments: Arguments) -> dict[str, Any]:
    """What an organisation's people answered in a round of a partnership, by role, as a file in base 64."""
    viewer = viewer_of(store, arguments.get("viewer"))
    wish = Wish(arguments.get("partnership"), arguments.get("number"))
    view = readiness_figures(store, viewer, Selection(organisation=arguments.get("organisation")), wish)
    paper = own_paper(view)
    assert view.own is not None and view.instrument is not None
    assert view.partnership is not None and view.number is not None
    content = csv_of(paper) if arguments["format"] == "csv" else workbook_of(paper)
    return {
        "command": "export rasp",
        "organisation": {"code": view.own.organisation, "name": view.own.name},
        "instrument": {"id": view.instrument.id, "version": view.instrument.version},
        "partnership": view.partnership.label,
        "number": view.number.number,
        "content": base64.b64encode(content).decode("ascii"),
    }


def figures_cohort(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The Groups page's view model, written out."""
    figures = cohorts_as_json(cohorts_figures(store, *_wished(store, arguments)))
    return {"command": "figures cohort", "store": store.kind.value, **figures}


def figures_readiness(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The readiness map's view model, written out."""
    viewer, selection = _wished(store, arguments)
    wish = Wish(
        arguments.get("partnership"), arguments.get("number"), _targets(arguments.get("what_if") or ())
    )
    view = readiness_figures(store, viewer, selection, wish)
    kept = {} if view.what_if is None else view.what_if.targets
    for item in wish.targets:
        if item not in kept:
            raise SelectionError(
                _("{item} cannot be set to that here: it is no statement, no step, or not yours.").format(
                    item=item
                )
            )
    return {"command": "figures readiness", "store": store.kind.value, **readiness_as_json(view)}


def _targets(typed: Sequence[str]) -> dict[str, int]:
    """Statement -> code from "VIS1=4", each."""
    found = {}
    for one in typed:
        item, _equals, code = one.partition("=")
        if not code.strip().isdecimal():
            raise SelectionError(
                _("Write --what-if STATEMENT=STEP, such as VIS1=4; this was {typed}.").format(typed=one)
            )
        found[item.strip()] = int(code)
    return found


def check(store: Store, _arguments: Arguments) -> dict[str, Any]:
    """What is wrong with the store and with the instruments of this installation."""
    try:
        library = read_library()
    except ImproveError as error:
        return {"command": "check", "instruments": 0, "problems": [str(error), *check_store(store)]}
    problems = [*_changed_instruments(store, library), *check_store(store)]
    return {"command": "check", "instruments": len(library), "problems": problems}


def _changed_instruments(store: Store, library: Library) -> Iterator[str]:
    for instrument in library.all():
        try:
            refuse_changed_instrument(store, instrument)
        except InstrumentError as error:
            yield str(error)


def round_list(store: Store, _arguments: Arguments) -> dict[str, Any]:
    """Every round, oldest season first."""
    return {
        "command": "round list",
        "rounds": [
            {
                "label": one.label,
                "opened_at": one.opened_at.isoformat() + "Z",
                "closed_at": None if one.closed_at is None else one.closed_at.isoformat() + "Z",
            }
            for one in read_rounds(store)
        ],
    }


def round_close(store: Store, arguments: Arguments) -> dict[str, Any]:
    """Closes a round: makes its benchmark."""
    label = _label(arguments["label"])
    organisations = close_round(store, label, even_if_few_change=bool(arguments.get("even_if_few_change")))
    return {"command": "round close", "round": label, "organisations": organisations}


def backup(store: Store, _arguments: Arguments) -> dict[str, Any]:
    """Writes a copy of the store into its backups folder, while others work."""
    return {"command": "backup", "file": str(store.backup())}


COMMANDS: Mapping[str, Callable[[Store, Arguments], dict[str, Any]]] = {
    "figures satisfaction": figures_satisfaction,
    "figures gap": figures_gap,
    "figures chart": figures_chart,
    "figures map": figures_map,
    "figures maturity": figures_maturity,
    "figures cohort": figures_cohort,
    "figures readiness": figures_readiness,
    "figures trend": figures_trend,
    "figures response": figures_response,
    "figures skills": figures_skills,
    "export dma": export_assessment,
    "export rasp": export_readiness,
    "check": check,
    "round list": round_list,
    "round close": round_close,
    "backup": backup,
}

IMPORTS: Mapping[str, Callable[[Store, Arguments, Files, Progress], Outcome]] = {
    "import survey": import_survey,
    "import staff": import_staff,
    "import dma": import_assessment,
    "import rasp": import_readiness,
    "import boundaries": import_boundaries,
}
"""The commands that take in a file."""

MAKING = frozenset({"import survey", "import dma"})
"""The commands that make a real store where there is none yet."""

READING = frozenset(
    {*("check", "round list", "export dma", "export rasp")}
    | {name for name in COMMANDS if name.startswith("figures ")}
)
"""The commands that leave a store as it is."""


def default_store(real: Path, demonstration: Path, command: str) -> Path:
    """The store that a command means when it names none.

    It is the real one once there is one. Until then, commands that only read mean the demonstration,
    as the app does.
    """
    return demonstration if command in READING and not real.exists() else real
