"""How commands are typed and printed: `python -m improve --help`.

Exit status 0 for success, 2 for what the user can mend, with one line on standard error.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from improve import commands, config, language, opening
from improve.errors import ImproveError, StoreError, StoreHeldError
from improve.handover import Outcome, hand_over
from improve.instruments import InstrumentKind, Survey, read_library, say
from improve.instruments.template import template_csv, template_workbook
from improve.language import _, number
from improve.store import StoreKind, open_store

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
@click.option("--store", type=click.Path(path_type=Path), help="The store's file.")
@click.pass_context
def main(context: click.Context, store: Path | None) -> None:
    """Benchmarking for the people who run ICT and digital in UK councils."""
    settings = config.read_settings()
    language.set_default(settings.language)
    context.obj = store or settings.store


def _fail(message: str) -> NoReturn:
    click.echo(" ".join(message.split()), err=True)
    sys.exit(2)


def _path(given: Path | None, command: str) -> Path:
    return given or commands.default_store(config.REAL_STORE, config.DEMONSTRATION_STORE, command)


def _run(
    given: Path | None,
    command: str,
    arguments: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    *,
    make: StoreKind | None = None,
    progress: Callable[[float], None] | None = None,
) -> Outcome:
    """Runs a command on the store, or has the server do it that holds the store."""
    path = _path(given, command)
    try:
        store = opening.open_with_register(path, make, config.read_settings().memory)
    except StoreHeldError as held:
        try:
            return hand_over(path, held, command, arguments, files or {})
        except ImproveError as error:
            _fail(str(error))
    except ImproveError as error:
        _fail(str(error))
    try:
        if opening.needs_filling(store):
            opening.fill_demonstration(store)
        return commands.run(store, command, arguments, files or {}, progress)
    finally:
        store.close()


def _finish(outcome: Outcome, as_json: bool, show: Callable[[dict[str, Any]], None]) -> None:
    if outcome.result is not None:
        if as_json:
            click.echo(json.dumps(outcome.result, ensure_ascii=False, indent=1))
        else:
            show(outcome.result)
    if outcome.status:
        _fail(outcome.message or "")


JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/figures.md).")


# ── import ─────────────────────────────────────────────────────────────────────────────────────


@main.group("import")
def import_() -> None:
    """Take in a file."""


@import_.command("survey")
@click.argument("file", type=FILE)
@click.option("--organisation", required=True, help="GSS code, or name in English or Welsh.")
@click.option("--round", "round_label", required=True, help="The round's label; a new one is made.")
@click.option("--invited", type=click.IntRange(min=1), help="How many people were invited.")
@click.option("--instrument", default="satisfaction", show_default=True, help="Its id, or a file.")
@click.option("--mapping", type=FILE, help="A YAML file: column -> item and measure (docs/import.md).")
@click.option("--encoding", help="The file's encoding, where it is not recognised.")
@click.option("--sheet", help="The sheet of a workbook that has several.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--accept-valid-rows", is_flag=True, help="Leave out the rows with rejected cells.")
@click.option("--replace", is_flag=True, help="Take the place of what is stored for them in this round.")
@click.option("--add", is_flag=True, help="Add to what is stored for them in this round.")
@JSON
@click.pass_obj
def import_survey(
    given: Path | None,
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
    if Path(instrument).is_file():
        files["instrument"] = _content(Path(instrument))
    arguments = {
        **options,
        "file_name": file.name,
        "organisation": organisation,
        "round": round_label,
        "instrument": instrument,
    }
    make = None if options["dry_run"] and not _path(given, "import survey").exists() else StoreKind.REAL
    if not sys.stderr.isatty():
        outcome = _run(given, "import survey", arguments, files, make=make)
    else:
        with click.progressbar(length=1000, label=_("Taking in"), file=sys.stderr) as bar:
            outcome = _run(
                given,
                "import survey",
                arguments,
                files,
                make=make,
                progress=lambda share: bar.update(max(0, round(share * 1000) - bar.pos)),
            )
    _finish(outcome, as_json, _show_import)


def _content(file: Path) -> bytes:
    from improve.intake import refuse_large

    try:
        refuse_large(file.stat().st_size)
        return file.read_bytes()
    except (OSError, ImproveError) as error:
        _fail(str(error))


def _show_import(result: dict[str, Any]) -> None:
    facts = result["file"]
    click.echo(
        _("{file}: {format}, for {organisation} ({code}), round {round}, {instrument} {version}").format(
            file=facts["name"],
            format=", ".join(
                str(facts[key]) for key in ("format", "encoding", "sheet") if facts[key] is not None
            ),
            organisation=result["organisation"]["name"],
            code=result["organisation"]["code"],
            round=result["round"]["label"],
            instrument=result["instrument"]["id"],
            version=result["instrument"]["version"],
        )
    )
    for one in result["columns"]:
        measure = "" if one["measure"] == "answer" else " " + one["measure"]
        click.echo(f"  {one['letter']:>3}  {one['item']}{measure}  <-  {one['column']} ({one['matched_by']})")
    if result["unused_columns"]:
        click.echo(_("Columns that feed no item, and are not stored:"))
        for one in result["unused_columns"]:
            hint = _(" (did you mean {item}?)").format(item=one["did_you_mean"]) if one["did_you_mean"] else ""
            click.echo(f"  {one['letter']:>3}  {one['column']}{hint}")
    for one in result["rejected"]:
        click.echo(
            _("  row {row}, column {letter} ({column}): {value} {reason}").format(
                row=one["row"],
                letter=one["letter"],
                column=one["column"],
                value=json.dumps(one["value"], ensure_ascii=False),
                reason=one["reason"],
            )
        )
    if result["rows"] is not None:
        click.echo(
            _("Rows: {read} read, {accepted} accepted, {rejected} rejected, {empty} empty.").format(
                **result["rows"]
            )
        )
    for sentence in result["remarks"]:
        click.echo(sentence)
    if result["stored"]:
        click.echo(_("Stored."))
    elif not result["refusals"]:
        click.echo(_("Nothing was stored: this was a dry run."))


# ── figures ────────────────────────────────────────────────────────────────────────────────────


@main.group()
def figures() -> None:
    """Print figures, as a role sees them."""


@figures.command("satisfaction")
@click.option("--round", "round_label", required=True)
@click.option("--organisation", help="GSS code, or name in English or Welsh.")
@click.option("--cohort", help='Such as "nation:Wales", "region:London", "type:district".')
@click.option("--instrument", help="The survey, where a round has several.")
@click.option("--as", "role", help="ROLE, or ROLE:ORGANISATION (default: operator).")
@JSON
@click.pass_obj
def figures_satisfaction(given: Path | None, round_label: str, as_json: bool, **options: Any) -> None:
    """An organisation's scores against the national median."""
    outcome = _run(given, "figures satisfaction", {"round": round_label, **options})
    _finish(outcome, as_json, _show_figures)


def _show_figures(result: dict[str, Any]) -> None:
    click.echo(result["finding"])
    header = (_("aspect"), "n", _("mean"), _("interval"), _("median"), _("quartiles"), _("compared"), _("place"))
    rows = [header]
    for score in [result["overall"], *result["aspects"]]:
        if score is not None:
            rows.append(
                (
                    score["short"],
                    _cell(score["n"], str),
                    _cell(score["mean"], lambda value: number(value, 2)),
                    _cell(score["interval"], lambda pair: " - ".join(number(one, 2) for one in pair)),
                    _cell(score["median"], number),
                    _cell(score["quartiles"], lambda pair: " - ".join(number(one) for one in pair)),
                    _cell(score["comparison"], str),
                    _cell(score["position"], lambda place: "{}-{} / {}".format(*place)),
                )
            )
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for sentence in result["notes"]:
        click.echo(sentence)


def _cell(figure: dict[str, Any], shown: Callable[[Any], str]) -> str:
    return shown(figure["value"]) if "value" in figure else "(" + figure["withheld"].replace("_", " ") + ")"


# ── rounds, check, backup ──────────────────────────────────────────────────────────────────────


@main.group("round")
def round_() -> None:
    """Rounds: list them, close one."""


@round_.command("list")
@JSON
@click.pass_obj
def round_list(given: Path | None, as_json: bool) -> None:
    """List the rounds, oldest season first."""

    def show(result: dict[str, Any]) -> None:
        for one in result["rounds"]:
            state = _("collecting") if one["closed_at"] is None else _("closed {at}").format(at=one["closed_at"])
            click.echo(f"{one['label']}\t{state}")

    _finish(_run(given, "round list", {}), as_json, show)


@round_.command("close")
@click.argument("label")
@click.option("--even-if-few-change", is_flag=True, help="Close again though one or two councils changed.")
@JSON
@click.pass_obj
def round_close(given: Path | None, label: str, even_if_few_change: bool, as_json: bool) -> None:
    """Close a round: make its benchmark of those that take part now."""

    def show(result: dict[str, Any]) -> None:
        click.echo(_("Round {round} is closed, with {organisations} organisations.").format(**result))

    arguments = {"label": label, "even_if_few_change": even_if_few_change}
    _finish(_run(given, "round close", arguments), as_json, show)


@main.command()
@JSON
@click.pass_obj
def check(given: Path | None, as_json: bool) -> None:
    """Check instruments and store: is what is derived what the raw answers say?"""
    outcome = _run(given, "check", {})
    problems = [] if outcome.result is None else outcome.result["problems"]

    def show(result: dict[str, Any]) -> None:
        for problem in result["problems"]:
            click.echo(problem)
        if not result["problems"]:
            click.echo(_("All is well."))

    if problems:
        found = _("{n} problems were found.").format(n=len(problems))
        outcome = Outcome(2, found, outcome.result)
    _finish(outcome, as_json, show)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@JSON
@click.pass_obj
def backup(given: Path | None, file: Path, as_json: bool) -> None:
    """Write a copy of the store to FILE, while others work with it."""
    if file.exists():
        _fail(_("{file} exists already.").format(file=file))
    if not file.resolve().parent.is_dir():
        _fail(_("The folder {path} does not exist.").format(path=file.resolve().parent))
    outcome = _run(given, "backup", {})
    if outcome.result is not None:
        shutil.move(outcome.result["file"], file)
        outcome.result["file"] = str(file)
    _finish(outcome, as_json, lambda result: click.echo(_("Written to {file}.").format(**result)))


@main.command()
@click.argument("file", type=FILE)
@click.pass_obj
def restore(given: Path | None, file: Path) -> None:
    """Put the store in FILE in the place of this one, which is kept beside it."""
    path = _path(given, "restore").resolve()
    try:
        coming = path.with_name(path.name + ".restoring")
        shutil.copy2(file, coming)
        try:
            open_store(coming).close()
            if path.exists():
                open_store(path).close()
                kept = path.with_name(path.stem + ".before-restore" + path.suffix)
                if kept.exists():
                    raise StoreError(_("{file} exists already; move it away first.").format(file=kept))
                path.rename(kept)
                click.echo(_("The store as it was is kept as {file}.").format(file=kept))
            coming.rename(path)
        finally:
            coming.unlink(missing_ok=True)
    except (ImproveError, OSError) as error:
        _fail(str(error))
    click.echo(_("Restored {file} to {path}.").format(file=file, path=path))


@main.command()
@click.pass_obj
def demo(given: Path | None) -> None:
    """Make the demonstration store (fictional councils), if it is not there."""
    path = given or config.DEMONSTRATION_STORE
    try:
        store = opening.open_with_register(path, StoreKind.DEMONSTRATION, config.read_settings().memory)
        try:
            if store.kind is not StoreKind.DEMONSTRATION:
                raise StoreError(_("{path} is a real store; the two never mix.").format(path=path))
            if opening.needs_filling(store):
                with click.progressbar(length=100, label=_("Making demonstration data"), file=sys.stderr) as bar:
                    opening.fill_demonstration(
                        store, lambda share: bar.update(max(0, round(share * 100) - bar.pos))
                    )
        finally:
            store.close()
    except ImproveError as error:
        _fail(str(error))
    click.echo(_("The demonstration is at {path}.").format(path=path))


# ── instruments ────────────────────────────────────────────────────────────────────────────────


@main.group()
def instruments() -> None:
    """The question sets of this installation."""


@instruments.command("list")
def instruments_list() -> None:
    """List the instruments."""
    try:
        for one in read_library().all():
            click.echo(f"{one.id}\t{one.version}\t{one.kind.value}\t{say(one.title)}")
    except ImproveError as error:
        _fail(str(error))


@instruments.command("show")
@click.argument("id_")
@click.option("--version")
def instruments_show(id_: str, version: str | None) -> None:
    """Print an instrument's file."""
    try:
        click.echo(read_library().source_text(id_, version))
    except ImproveError as error:
        _fail(str(error))


@instruments.command("template")
@click.argument("id_")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write a workbook instead.")
def instruments_template(id_: str, xlsx: Path | None) -> None:
    """Write a file for a council to fill in, ready to be taken in."""
    try:
        survey = read_library().get(id_)
        if not isinstance(survey, Survey):
            raise StoreError(
                _("{id} is not a survey; there are templates for: {known}.").format(
                    id=id_,
                    known=", ".join(
                        sorted({one.id for one in read_library().all() if one.kind is InstrumentKind.SURVEY})
                    ),
                )
            )
        if xlsx is None:
            click.echo(template_csv(survey), nl=False)
        else:
            xlsx.write_bytes(template_workbook(survey))
    except (ImproveError, OSError) as error:
        _fail(str(error))


if __name__ == "__main__":
    main(prog_name="python -m improve")
