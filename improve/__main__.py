"""How commands are typed and printed: `python -m improve --help`.

Exit status 0 for success, 2 for what the user can mend, with one line on standard error. With
--json, standard output is one object in either case; where the status is 2 it has `error`.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from improve import commands, config, language, opening
from improve.assessment.spreadsheet import empty_csv, empty_workbook
from improve.errors import ImproveError, StoreError, StoreHeldError
from improve.handover import Outcome, hand_over
from improve.instruments import Maturity, Readiness, Survey, read_library, say
from improve.instruments.template import template_csv, template_workbook
from improve.intake.record import FILE_BYTES
from improve.language import _, ngettext, number
from improve.readiness.spreadsheet import form_csv, form_workbook
from improve.store import Store, StoreKind, open_store
from improve.views.choice import reason_sentences
from improve.views.gap import LINES

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
MOST_INVITED = 10_000_000
_SECONDS_WITHOUT_BAR = 1.0
Result = dict[str, Any]


class _Command(click.Command):
    """A command whose mendable mistakes end it with one sentence and status 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BrokenPipeError:
            raise
        except (ImproveError, OSError) as error:
            _fail(_sentence(error))


class _Group(click.Group):
    command_class = _Command
    group_class = type


def _sentence(error: ImproveError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return str(error)


def _fail(message: str, result: Result | None = None) -> NoReturn:
    """Ends the running command with status 2: one line on standard error, and the object of --json."""
    message = _one_line(message)
    context = click.get_current_context()
    if context.params.get("as_json"):
        name = context.command_path.removeprefix(context.find_root().command_path).strip()
        _print_json({**(result or {"command": name}), "error": message})
    click.echo(message, err=True)
    sys.exit(2)


def _one_line(text: str) -> str:
    """What a file holds may command a terminal, or break a line; what is printed does neither."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _say(text: str) -> None:
    click.echo("".join(letter if letter.isprintable() else " " for letter in text))


def _print_json(result: Result) -> None:
    # In ASCII, so that no terminal's encoding stands between this and who reads it.
    click.echo(json.dumps(result, indent=1, allow_nan=False))


def _finish(outcome: Outcome, as_json: bool, show: Callable[[Result], None]) -> None:
    """Prints what came of a command, and ends it with status 2 where something stands against it."""
    if not as_json and outcome.result is not None:
        show(outcome.result)
    if outcome.status:
        _fail(outcome.message or "", outcome.result)
    if as_json:
        _print_json(outcome.result or {})


@contextmanager
def _progress(label: str) -> Iterator[Callable[[float], None]]:
    """Takes shares from 0 to 1; shows them as a bar, on a terminal, when it goes on for long."""
    begun = time.monotonic()
    with ExitStack() as stack:
        bar: Any = None

        def tell(share: float) -> None:
            nonlocal bar
            if bar is None and sys.stderr.isatty() and time.monotonic() - begun > _SECONDS_WITHOUT_BAR:
                bar = stack.enter_context(click.progressbar(length=1000, label=label, file=sys.stderr))
            if bar is not None:
                bar.update(max(0, round(share * 1000) - bar.pos))

        yield tell


def _path(given: Path | None, command: str) -> Path:
    return given or commands.default_store(config.REAL_STORE, config.DEMONSTRATION_STORE, command)


def _run(
    given: Path | None,
    command: str,
    arguments: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
) -> Outcome:
    """Runs a command on the store, or has the server do it that holds the store."""
    path, files, memory = _path(given, command), files or {}, config.read_settings().memory
    with ExitStack() as stack:
        if command in commands.MAKING and not path.exists():
            store = stack.enter_context(opening.new_store(path, memory))
        else:
            # Only the demonstration that everybody has is made on the spot.
            make = StoreKind.DEMONSTRATION if path == config.DEMONSTRATION_STORE else None
            try:
                store = stack.enter_context(closing(opening.open_with_register(path, make, memory)))
            except StoreHeldError as held:
                return hand_over(path, held, command, arguments, files)
            _fill(store)
        tell = stack.enter_context(_progress(_("Taking in")))
        return commands.run(store, command, arguments, files, tell)


def _fill(store: Store) -> None:
    if opening.needs_filling(store):
        with _progress(_("Making demonstration data")) as tell:
            opening.fill_demonstration(store, tell)


@click.group(cls=_Group)
@click.option("--store", type=click.Path(dir_okay=False, path_type=Path), help="The store's file.")
@click.pass_context
def main(context: click.Context, store: Path | None) -> None:
    """Benchmarking for the people who run ICT and digital in UK councils."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    settings = config.read_settings()
    language.set_default(settings.language)
    context.obj = store or settings.store


JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/figures.md).")


# ── import ─────────────────────────────────────────────────────────────────────────────────────


@main.group("import")
def import_() -> None:
    """Take in a file."""


@import_.command("survey")
@click.argument("file", type=FILE)
@click.option("--organisation", required=True, help="GSS code, or name in English or Welsh.")
@click.option("--round", "round_label", required=True, help="The round's label; a new one is made.")
@click.option("--invited", type=click.IntRange(1, MOST_INVITED), help="How many people were invited.")
@click.option("--opened", metavar="DATE", help="The day on which it opened: 2026-05-04 or 04/05/2026.")
@click.option("--closed", metavar="DATE", help="The day on which it closed, the last to answer on.")
@click.option(
    "--reminder", "reminders", metavar="DATE", multiple=True, help="A reminder's day; may be repeated."
)
@click.option("--instrument", default="satisfaction", show_default=True, help="Its id, or a file.")
@click.option("--mapping", type=FILE, help="A YAML file: column -> item and measure (docs/import.md).")
@click.option("--encoding", help="The file's encoding, where it is not recognised.")
@click.option("--sheet", help="The sheet of a workbook that has several.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--accept-valid-rows", is_flag=True, help="Leave out the rows with rejected cells.")
@click.option("--replace", is_flag=True, help="Take the place of what is stored for them in this round.")
@click.option(
    "--even-if-few-change",
    is_flag=True,
    help="Replace though fewer than 10 responses differ: nobody has looked, or a mistake is mended.",
)
@click.option("--add", is_flag=True, help="Add to what is stored for them in this round.")
@JSON
@click.pass_obj
def import_survey(
    given: Path | None,
    /,
    file: Path,
    organisation: str,
    round_label: str,
    instrument: str,
    mapping: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Take in one organisation's survey answers (CSV or XLSX)."""
    files = {"file": _content(file)}
    if mapping is not None:
        files["mapping"] = _content(mapping)
    if _is_file(instrument):
        files["instrument"] = _content(Path(instrument))
        instrument = Path(instrument).name
    arguments = {
        **options,
        "file_name": file.name,
        "organisation": organisation,
        "round": round_label,
        "instrument": instrument,
    }
    path = _path(given, "import survey")
    is_new = not path.exists()
    outcome = _run(given, "import survey", arguments, files)

    def show(result: Result) -> None:
        _show_import(result)
        if is_new and result["stored"]:
            _say(_("This made the store {path}.").format(path=path))

    _finish(outcome, as_json, show)


@import_.command("staff")
@click.argument("file", type=FILE)
@click.option("--organisation", required=True, help="GSS code, or name in English or Welsh.")
@click.option("--round", "round_label", required=True, help="The round's label; it must be there.")
@click.option("--instrument", default="satisfaction", show_default=True, help="Whose groups are counted.")
@click.option("--encoding", help="The file's encoding, where it is not recognised.")
@click.option("--sheet", help="The sheet of a workbook that has several.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@JSON
@click.pass_obj
def import_staff(given: Path | None, /, file: Path, round_label: str, as_json: bool, **options: Any) -> None:
    """Take in how many people one organisation has by directorate and role (CSV or XLSX)."""
    arguments = {**options, "file_name": file.name, "round": round_label}
    outcome = _run(given, "import staff", arguments, {"file": _content(file)})
    _finish(outcome, as_json, _show_staff)


@import_.command("dma")
@click.argument("file", type=FILE)
@click.option("--organisation", required=True, help="GSS code, or name in English or Welsh.")
@click.option("--by", default="operator", show_default=True, help="Who answered, as the history names them.")
@click.option("--submit", is_flag=True, help="Submit the assessment then; every criterion needs an answer.")
@click.option("--round", "round_label", help="The round it is submitted into; a new one is made.")
@click.option("--instrument", default="dma", show_default=True, help="What it answers.")
@click.option("--encoding", help="The file's encoding, where it is not recognised.")
@click.option("--sheet", help="The sheet of a workbook that has several.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@JSON
@click.pass_obj
def import_dma(
    given: Path | None, /, file: Path, round_label: str | None, as_json: bool, **options: Any
) -> None:
    """Take in one organisation's answers about its digital maturity (CSV or XLSX)."""
    arguments = {**options, "file_name": file.name, "round": round_label}
    path = _path(given, "import dma")
    is_new = not path.exists()
    outcome = _run(given, "import dma", arguments, {"file": _content(file)})

    def show(result: Result) -> None:
        _show_assessment(result, is_tried=options["dry_run"])
        if is_new and result["stored"]:
            _say(_("This made the store {path}.").format(path=path))

    _finish(outcome, as_json, show)


@import_.command("rasp")
@click.argument("file", type=FILE)
@click.option("--organisation", required=True, help="GSS code, or name in English or Welsh.")
@click.option("--role", required=True, help="Whose view it is: leader, finance, hr, ict, legal, member.")
@click.option("--partnership", help="Its name or number; needed where the organisation has joined several.")
@click.option("--label", default="", help="Who it is, for those who handed the form out; shown nowhere else.")
@click.option(
    "--by", default="operator", show_default=True, help="Who completes the assessment, if asked to."
)
@click.option("--complete", is_flag=True, help="Complete the organisation's assessment then.")
@click.option("--encoding", help="The file's encoding, where it is not recognised.")
@click.option("--sheet", help="The sheet of a workbook that has several.")
@click.option("--as", "viewer", help="operator (default), or member:ORGANISATION for a confidential check.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@JSON
@click.pass_obj
def import_rasp(given: Path | None, /, file: Path, as_json: bool, **options: Any) -> None:
    """Take in one respondent's form about readiness for a shared service (CSV or XLSX)."""
    outcome = _run(given, "import rasp", {**options, "file_name": file.name}, {"file": _content(file)})

    def show(result: Result) -> None:
        _show_file(result)
        _show_columns(result)
        _show_rejected(result)
        if not result["refusals"]:
            _say(
                _(
                    "{partnership}, round {number}: {answered} of {statements} statements are answered."
                ).format(**result)
            )
        for sentence in result["remarks"]:
            _say(sentence)
        if result["stored"]:
            _say(_("Stored and completed.") if result["completed"] else _("Stored."))
        elif not result["refusals"]:
            _say(_("Nothing was stored: this was a dry run."))

    _finish(outcome, as_json, show)


@import_.command("boundaries")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@JSON
@click.pass_obj
def import_boundaries(given: Path | None, /, file: Path, as_json: bool, **options: Any) -> None:
    """Take in the areas of councils for the map: GeoJSON, in degrees, by GSS code."""
    arguments = {**options, "file_name": file.name}
    _finish(_run(given, "import boundaries", arguments, {"file": _content(file)}), as_json, _show_boundaries)


def _show_boundaries(result: Result) -> None:
    if result["property"] is not None:
        _say(
            _(
                "{councils} councils of {features} areas, by their codes in {property}; {points} points."
            ).format(**result)
        )
    for sentence in result["remarks"]:
        _say(sentence)
    if result["stored"]:
        _say(_("Stored."))
    elif not result["refusals"]:
        _say(_("Nothing was stored: this was a dry run."))


def _is_file(text: str) -> bool:
    # Some names are too long even to ask for.
    with suppress(OSError):
        return Path(text).is_file()
    return False


def _content(file: Path) -> bytes:
    """The bytes of a file; one too many of a file that is too large, so that intake refuses it."""
    with file.open("rb") as opened:
        return opened.read(FILE_BYTES + 1)


def _show_import(result: Result) -> None:
    _show_file(result)
    for one in result["columns"]:
        feeds = " ".join(
            part for part in (one["item"], one["measure"], one["option"]) if part not in ("answer", None)
        )
        _say(f"  {one['letter']:>3}  {feeds}  <-  {one['column']} ({one['matched_by']})")
    asked = result["fieldwork"]
    if asked["opened_on"] or asked["closed_on"] or asked["reminders"]:
        _say(
            _("Opened: {opened}. Closed: {closed}. Reminders: {reminders}.").format(
                opened=asked["opened_on"] or _("not known"),
                closed=asked["closed_on"] or _("not known"),
                reminders=", ".join(asked["reminders"]) or _("none known"),
            )
        )
    if asked["first_answer_on"] is not None:
        _say(
            _(
                "Column {time_column} has the time of each answer: {first_answer_on} to {last_answer_on}."
            ).format(**asked)
        )
    if result["unused_columns"]:
        _say(_("Columns that feed no item, and are not stored:"))
        for one in result["unused_columns"]:
            hint = _("(did you mean {item}?)").format(item=one["did_you_mean"]) if one["did_you_mean"] else ""
            _say(f"  {one['letter']:>3}  {one['column']} {hint}".rstrip())
    _show_rejected(result)
    if result["rows"] is not None:
        _say(
            _("Rows: {read} read, {accepted} accepted, {rejected} rejected, {empty} empty.").format(
                **result["rows"]
            )
        )
    _show_end(result)


def _show_staff(result: Result) -> None:
    _show_file(result)
    _show_columns(result)
    _show_rejected(result)
    for one in result["groups"]:
        _say(f"{one['people']:>11,}  {one['item']}  {one['label']}")
    _show_end(result)


def _show_assessment(result: Result, *, is_tried: bool) -> None:
    _show_file(result)
    _show_columns(result)
    _show_rejected(result)
    for one in result["changes"]:
        if one["was"] is not None:
            _say(f"  {one['item']:>10}  {one['was']} -> {one['answer']}")
    if not result["refusals"]:
        _say(
            _("Answers: {new} new, {changed} changed, {unchanged} unchanged, {overtaken} overtaken.").format(
                **result["answers"]
            )
        )
        _say(_("{answered} of {criteria} criteria have an answer.").format(**result["assessment"]))
    for sentence in result["remarks"]:
        _say(sentence)
    if result["stored"]:
        _say(_("Stored."))
    elif not result["refusals"]:
        _say(_("Nothing was stored: this was a dry run.") if is_tried else _("Nothing was stored."))


def _show_columns(result: Result) -> None:
    """The columns of a file that is no survey's, by what they hold."""
    for one in result["columns"]:
        _say(f"  {one['letter']:>3}  {one['holds']}  <-  {one['column']}")
    if result["unused_columns"]:
        _say(_("Columns that are not read, and not stored:"))
        for one in result["unused_columns"]:
            _say(f"  {one['letter']:>3}  {one['column']}")


def _show_file(result: Result) -> None:
    """Which file it is, and what it is taken in for."""
    facts = result["file"]
    fields = {
        "file": facts["name"],
        "format": ", ".join(
            str(facts[key]) for key in ("format", "encoding", "sheet") if facts[key] is not None
        ),
        "organisation": result["organisation"]["name"],
        "code": result["organisation"]["code"],
        "instrument": result["instrument"]["id"],
        "version": result["instrument"]["version"],
    }
    if result["round"] is None:
        _say(_("{file}: {format}, for {organisation} ({code}), {instrument} {version}").format(**fields))
        return
    _say(
        _("{file}: {format}, for {organisation} ({code}), round {round}, {instrument} {version}").format(
            **fields, round=result["round"]["label"]
        )
    )


def _show_rejected(result: Result) -> None:
    for one in result["rejected"]:
        _say(
            "  "
            + _("row {row}, column {letter} ({column}): {value} {reason}").format(
                row=one["row"],
                letter=one["letter"],
                column=one["column"],
                value=json.dumps(one["value"], ensure_ascii=False),
                reason=one["reason"],
            )
        )
    more = result["cells_rejected"] - len(result["rejected"])
    if more:
        _say("  " + ngettext("and {n} more cell", "and {n} more cells", more).format(n=more))


def _show_end(result: Result) -> None:
    """What to know of an import, and whether it was stored."""
    for sentence in result["remarks"]:
        _say(sentence)
    if result["stored"]:
        _say(_("Stored."))
    elif not result["refusals"]:
        _say(_("Nothing was stored: this was a dry run."))


# ── export ─────────────────────────────────────────────────────────────────────────────────────


@main.group("export")
def export_() -> None:
    """Write what one organisation has answered to a file."""


@export_.command("dma")
@click.argument("file", type=NEW_FILE)
@click.option("--organisation", required=True, help="GSS code, or name in English or Welsh.")
@click.option("--instrument", default="dma", show_default=True, help="What was answered.")
@JSON
@click.pass_obj
def export_dma(given: Path | None, /, file: Path, as_json: bool, **options: Any) -> None:
    """Write an organisation's open assessment, else the last, to FILE (.xlsx or .csv).

    What is filled in there is taken in again by "import dma".
    """
    outcome = _exported(given, "export dma", options, file)

    def show(result: Result) -> None:
        state = _("open") if result["assessment"]["open"] else _("submitted")
        _say(
            _("{organisation}: {answered} of {criteria} criteria are answered ({state}).").format(
                organisation=result["organisation"]["name"], state=state, **result["assessment"]
            )
        )
        _say(_("Written to {file}.").format(**result))

    _finish(outcome, as_json, show)


@export_.command("rasp")
@click.argument("file", type=NEW_FILE)
@click.option("--organisation", required=True, help="GSS code, or name in English or Welsh.")
@click.option("--partnership", help="Its name; without one, the newest.")
@click.option("--number", help="One of its rounds; without one, the newest that anybody has completed.")
@click.option("--as", "viewer", help="member:ORGANISATION: its own members alone see its people's answers.")
@JSON
@click.pass_obj
def export_rasp(given: Path | None, /, file: Path, as_json: bool, **options: Any) -> None:
    """Write what an organisation's people answered about readiness, by role, to FILE (.xlsx or .csv)."""
    outcome = _exported(given, "export rasp", options, file)
    _finish(outcome, as_json, lambda result: _say(_("Written to {file}.").format(**result)))


def _exported(given: Path | None, command: str, options: dict[str, Any], file: Path) -> Outcome:
    """Runs a command that makes a file, and writes that to where it was asked for."""
    format_ = file.suffix.lower().removeprefix(".")
    if format_ not in ("xlsx", "csv"):
        raise StoreError(_("{file} ends neither in .xlsx nor in .csv.").format(file=file))
    _refuse_existing(file)
    outcome = _run(given, command, {**options, "format": format_})
    if outcome.result is not None:
        file.write_bytes(base64.b64decode(outcome.result.pop("content")))
        outcome.result["file"] = str(file)
    return outcome


# ── figures ────────────────────────────────────────────────────────────────────────────────────


@main.group()
def figures() -> None:
    """Print figures, as a role sees them."""


def _of_figures(command: Any, *, has_usual_round: bool = False) -> Any:
    """The options that all commands of figures share."""
    for option in (
        click.option(
            "--round",
            "round_label",
            required=not has_usual_round,
            help="The round's label" + (" (default: the newest that is closed)." if has_usual_round else "."),
        ),
        click.option("--organisation", help="GSS code, or name in English or Welsh."),
        click.option("--cohort", help='Such as "Wales", "London boroughs", or its key, "nation:Wales".'),
        click.option("--instrument", help="The survey, where a round has several."),
        click.option("--as", "role", help="ROLE, or ROLE:ORGANISATION (default: operator)."),
        JSON,
        click.pass_obj,
    ):
        command = option(command)
    return command


@figures.command("satisfaction")
@_of_figures
def figures_satisfaction(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """An organisation's scores against the national median."""
    outcome = _run(given, "figures satisfaction", {"round": round_label, **options})
    _finish(outcome, as_json, _show_figures)


@figures.command("gap")
@click.option("--lines", type=click.Choice(LINES), help="Where high is parted from low.")
@click.option("--aspect", help="The id of one to look into: how people rate both together.")
@click.option("--compare", "compared", help="Groups beside each other: groups, areas, jobs or places.")
@_of_figures
def figures_gap(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """Importance against satisfaction: gaps, quadrants, what to raise first."""
    _finish(_run(given, "figures gap", {"round": round_label, **options}), as_json, _show_sentences)


@figures.command("trend")
@_of_figures
def figures_trend(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """What changed since the last round, before and after actions, and whether peers moved too."""
    _finish(_run(given, "figures trend", {"round": round_label, **options}), as_json, _show_sentences)


@figures.command("response")
@click.option("--by", help="A profile question to part people by, such as service_area or job.")
@_of_figures
def figures_response(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """Who answered, and whether the scores can be relied on."""
    _finish(_run(given, "figures response", {"round": round_label, **options}), as_json, _show_sentences)


@figures.command("skills")
@click.option("--by", help="A profile question to part people by, such as service_area or job.")
@_of_figures
def figures_skills(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """What users can do, want to learn, or do not care about."""
    _finish(_run(given, "figures skills", {"round": round_label, **options}), as_json, _show_sentences)


@figures.command("maturity")
@_of_figures
def figures_maturity(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """Digital maturity: levels, what is one answer away, and what others have."""
    _finish(_run(given, "figures maturity", {"round": round_label, **options}), as_json, _show_sentences)


@figures.command("cohort")
@_of_figures
def figures_cohort(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """Which groups one may compare with in a round, which not and why, and the councils most alike."""
    _finish(_run(given, "figures cohort", {"round": round_label, **options}), as_json, _show_cohorts)


@figures.command("map")
@_of_figures
def figures_map(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """Who takes part, and where; the medians of nations and regions."""
    _finish(_run(given, "figures map", {"round": round_label, **options}), as_json, _show_sentences)


@figures.command("readiness")
@click.option("--partnership", help="Its name; without one, the newest.")
@click.option("--number", help="One of its rounds; without one, the newest that anybody has completed.")
@click.option("--what-if", multiple=True, help="STATEMENT=STEP: what would be; nothing is kept.")
@_of_figures
def figures_readiness(given: Path | None, /, round_label: str, as_json: bool, **options: Any) -> None:
    """Readiness for a shared service: partners and areas, what to prepare, a candidate's fit."""
    _finish(_run(given, "figures readiness", {"round": round_label, **options}), as_json, _show_sentences)


@figures.command("chart")
@click.option("--question", help="Such as score, gap, trend (default: score).")
@click.option("--compare", help="Such as aspects, rounds, cohorts, directorates, functions.")
@click.option(
    "--picture", help="dot-range, bars, line, diverging-bars, scatter, heat-map or table: what is offered."
)
@click.option("--about", help="What is compared: the id of an aspect, say, where rounds or groups are.")
@partial(_of_figures, has_usual_round=True)
def figures_chart(given: Path | None, /, round_label: str | None, as_json: bool, **options: Any) -> None:
    """A chart of one's own, as the chart builder builds it."""
    _finish(_run(given, "figures chart", {"round": round_label, **options}), as_json, _show_sentences)


def _show_sentences(result: Result) -> None:
    """The finding, every sentence of the figures in their order, and the notes."""
    if result["store"] == StoreKind.DEMONSTRATION:
        _say(_("Demonstration data: the councils are invented, and so are their answers."))
    _say(result["finding"])
    for sentence in _sentences(result):
        _say("  " + sentence)
    for sentence in result["notes"]:
        _say(sentence)


def _show_cohorts(result: Result) -> None:
    """The groups, each that is not offered with the reason, then the neighbours."""
    _show_sentences({**result, "neighbours": [], "notes": []})
    for one in result["cohorts"]:
        said = "{label} ({n})" if one["why_not"] is None else "{label} ({n}): {why}"
        _say("  " + said.format(label=one["label"], n=one["taking_part"], why=one["why_not"]))
    for one in result["neighbours"]:
        _say(f"  {one['name']}: {one['sentence']}")
    for sentence in result["notes"]:
        _say(sentence)


def _sentences(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("sentence"), str):
            yield value["sentence"]
        for key, one in value.items():
            if key != "sentence":
                yield from _sentences(one)
    elif isinstance(value, list):
        for one in value:
            yield from _sentences(one)


def _show_figures(result: Result) -> None:
    if result["store"] == StoreKind.DEMONSTRATION:
        _say(_("Demonstration data: the councils are invented, and so are their answers."))
    _say(result["finding"])
    columns: dict[str, Callable[[Result], str]] = {_("aspect"): lambda score: str(score["short"])}
    sentences = {reason.value: sentence for reason, sentence in reason_sentences().items()}
    withheld: list[str] = []

    def column(name: str, key: str, shown: Callable[[Any], str]) -> None:
        def cell(score: Result) -> str:
            if "value" in score[key]:
                return shown(score[key]["value"])
            if score[key]["withheld"] not in withheld:
                withheld.append(score[key]["withheld"])
            return f"[{withheld.index(score[key]['withheld']) + 1}]"

        columns[name] = cell

    column(_("answers"), "n", str)
    column(_("mean"), "mean", lambda value: number(value, 2))
    column(_("95 % interval"), "interval", lambda pair: _pair(pair, 2))
    column(_("compared"), "comparison", str)
    column(_("national median"), "median", number)
    column(_("its interval"), "median_interval", _pair)
    column(_("quartiles"), "quartiles", _pair)
    column(_("organisations"), "organisations", str)
    if result["cohort"] not in (None, "all"):
        group = result["cohort"].partition(":")[2]
        column(_("median of {group}").format(group=group), "cohort_median", number)
    column(_("place"), "position", lambda place: "{} - {} / {}".format(*place))
    column(_("distribution"), "distribution", lambda counts: " ".join(map(str, counts)))
    scores = [score for score in (result["overall"], *result["aspects"]) if score is not None]
    rows = [list(columns), *([cell(score) for cell in columns.values()] for score in scores)]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows if scores else ():
        _say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for place, reason in enumerate(withheld, start=1):
        _say(f"[{place}] {sentences[reason]}")
    for sentence in result["notes"]:
        _say(sentence)


def _pair(pair: tuple[float, float], places: int = 1) -> str:
    return " - ".join(number(one, places) for one in pair)


# ── rounds, check, backup ──────────────────────────────────────────────────────────────────────


@main.group("round")
def round_() -> None:
    """Rounds: list them, close one."""


@round_.command("list")
@JSON
@click.pass_obj
def round_list(given: Path | None, /, as_json: bool) -> None:
    """List the rounds, oldest season first."""

    def show(result: Result) -> None:
        for one in result["rounds"]:
            state = (
                _("collecting") if one["closed_at"] is None else _("closed {at}").format(at=one["closed_at"])
            )
            _say(f"{one['label']}  {state}")
        if not result["rounds"]:
            _say(_("There are no rounds yet; the first import that names one makes it."))

    _finish(_run(given, "round list", {}), as_json, show)


@round_.command("close")
@click.argument("label")
@click.option("--even-if-few-change", is_flag=True, help="Close again though one or two councils changed.")
@JSON
@click.pass_obj
def round_close(given: Path | None, /, label: str, even_if_few_change: bool, as_json: bool) -> None:
    """Close a round: make its benchmark of those that take part now."""

    def show(result: Result) -> None:
        _say(
            ngettext(
                "Round {round} is closed, with {organisations} organisation.",
                "Round {round} is closed, with {organisations} organisations.",
                result["organisations"],
            ).format(**result)
        )

    arguments = {"label": label, "even_if_few_change": even_if_few_change}
    _finish(_run(given, "round close", arguments), as_json, show)


@main.command()
@JSON
@click.pass_obj
def check(given: Path | None, /, as_json: bool) -> None:
    """Check instruments and store: is what is derived what the raw answers say?"""

    def show(result: Result) -> None:
        for problem in result["problems"]:
            _say(problem)
        if not result["problems"]:
            _say(_("All is well."))

    outcome = _run(given, "check", {})
    if outcome.result is not None and outcome.result["problems"]:
        n = len(outcome.result["problems"])
        found = ngettext("{n} problem was found.", "{n} problems were found.", n).format(n=n)
        outcome = Outcome(2, found, outcome.result)
    _finish(outcome, as_json, show)


@main.command()
@click.argument("file", type=NEW_FILE)
@JSON
@click.pass_obj
def backup(given: Path | None, /, file: Path, as_json: bool) -> None:
    """Write a copy of the store to FILE, while others work with it."""
    _refuse_existing(file)
    if not file.resolve().parent.is_dir():
        raise StoreError(_("The folder {path} does not exist.").format(path=file.resolve().parent))
    outcome = _run(given, "backup", {})
    if outcome.result is not None:
        written = outcome.result["file"]
        try:
            shutil.move(written, file)
        except OSError as error:
            file.unlink(missing_ok=True)
            raise StoreError(
                _("The backup could not be moved to {file} ({reason}). It is kept as {written}.").format(
                    file=file, reason=error.strerror, written=written
                )
            ) from error
        outcome.result["file"] = str(file)
    _finish(outcome, as_json, lambda result: _say(_("Written to {file}.").format(**result)))


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise StoreError(_("{file} exists already; move it away first.").format(file=file))


@main.command()
@click.argument("file", type=FILE)
@click.pass_obj
def restore(given: Path | None, /, file: Path) -> None:
    """Put the store in FILE in the place of this one, which is kept beside it."""
    path = _path(given, "restore").resolve()
    if _log(file).exists():
        raise StoreError(
            _(
                "{file} is in use, or was not closed properly ({log} is part of it). Make a backup first."
            ).format(file=file, log=_log(file))
        )
    coming = path.with_name(path.name + ".restoring")
    try:
        shutil.copyfile(file, coming)
        try:
            with closing(open_store(coming)) as restored:
                kind = restored.kind
        except StoreError as error:
            raise StoreError(
                _("{file} is not a store that can be restored: {reason}").format(file=file, reason=error)
            ) from error
        kept = _set_aside(path, kind)
        coming.rename(path)
    finally:
        coming.unlink(missing_ok=True)
    if kept is not None:
        _say(_("The store as it was is kept as {file}.").format(file=kept))
    _say(_("Restored {file} to {path}.").format(file=file, path=path))


def _log(store: Path) -> Path:
    """Where DuckDB keeps what is committed but not yet in the file itself."""
    return store.with_name(store.name + ".wal")


def _set_aside(path: Path, kind: StoreKind) -> Path | None:
    """Renames the store at `path`, if there is one, and returns its new name.

    A store too damaged to be opened is set aside as it is. Raises StoreHeldError when it is in use,
    StoreError when it is of another kind.
    """
    if not path.exists():
        return None
    try:
        with closing(open_store(path)) as standing:
            is_other = standing.kind is not kind
    except StoreHeldError:
        raise
    except StoreError:
        is_other = False
    if is_other:
        raise StoreError(
            _("One of the two is a demonstration, the other a real store; the two kinds never mix.")
        )
    kept = path.with_name(path.stem + ".before-restore-" + f"{datetime.now(UTC):%Y%m%dT%H%M%S}" + path.suffix)
    _refuse_existing(kept)
    if _log(path).exists():
        _log(path).rename(_log(kept))
    path.rename(kept)
    return kept


@main.command()
@click.pass_obj
def demo(given: Path | None, /) -> None:
    """Make the demonstration store (fictional councils), if it is not there."""
    path = given or config.DEMONSTRATION_STORE
    memory = config.read_settings().memory
    with closing(opening.open_with_register(path, StoreKind.DEMONSTRATION, memory)) as store:
        if store.kind is not StoreKind.DEMONSTRATION:
            raise StoreError(_("{path} is a real store; the two kinds never mix.").format(path=path))
        _fill(store)
    _say(_("The demonstration is at {path}.").format(path=path))


# ── instruments ────────────────────────────────────────────────────────────────────────────────


@main.group()
def instruments() -> None:
    """The question sets of this installation."""


@instruments.command("list")
def instruments_list() -> None:
    """List the instruments."""
    for one in read_library().all():
        _say(f"{one.id:<16}{one.version:<8}{one.kind.value:<12}{say(one.title)}")


@instruments.command("show")
@click.argument("id_", metavar="ID")
@click.option("--version")
def instruments_show(id_: str, version: str | None) -> None:
    """Print an instrument's file."""
    click.echo(read_library().source_text(id_, version), nl=False)


@instruments.command("template")
@click.argument("id_", metavar="ID")
@click.option("--xlsx", type=NEW_FILE, help="Write a workbook instead.")
def instruments_template(id_: str, xlsx: Path | None) -> None:
    """Write a file for a council to fill in, ready to be taken in."""
    library = read_library()
    found = library.get(id_)
    if isinstance(found, Survey):
        empty, workbook = template_csv(found).encode(), template_workbook(found)
    elif isinstance(found, Maturity):
        empty, workbook = empty_csv(found), empty_workbook(found)
    elif isinstance(found, Readiness):
        empty, workbook = form_csv(found), form_workbook(found)
    else:
        known = {one.id for one in library.all() if isinstance(one, Survey | Maturity | Readiness)}
        raise StoreError(
            _("There is no template for {id}; there are templates for: {known}.").format(
                id=id_, known=", ".join(sorted(known))
            )
        )
    if xlsx is None:
        # As bytes: the line ends of a file are not the terminal's.
        click.echo(empty, nl=False)
    else:
        _refuse_existing(xlsx)
        xlsx.write_bytes(workbook)
        _say(_("Written to {file}.").format(file=xlsx))


if __name__ == "__main__":
    main(prog_name="python -m improve")
