"""Rounds, participations and the responses of surveys: what is written, and what is asked of it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from improve.errors import InstrumentError, StoreError
from improve.instruments import (
    Instrument,
    Maturity,
    QuestionKind,
    Readiness,
    Survey,
    instrument_from_json,
    instrument_sha256,
    instrument_to_json,
)
from improve.language import _
from improve.model import Round
from improve.store.batch import ANSWERS, COMMENTS, RESPONSES, Batch
from improve.store.door import Store, Transaction

PARTICIPATION = "participation"
"""The revision topic of who takes part in what."""

_AT_ONCE = 96
_NOTHING = Batch(RESPONSES.empty_table(), ANSWERS.empty_table(), COMMENTS.empty_table(), frozenset())


def topic_of(round_label: str) -> str:
    """The revision topic of a round's survey answers."""
    return "survey/" + round_label


@dataclass(frozen=True, slots=True)
class Participation:
    """One organisation's part in a round with one instrument. `invited` is None when unknown."""

    organisation: str
    version: str
    invited: int | None
    responses: int


@dataclass(frozen=True, slots=True)
class Import:
    """One file taken in, still standing."""

    id: int
    imported_at: datetime
    round: str
    organisation: str
    instrument: str
    version: str
    file_name: str
    sha256: str
    rows_read: int
    rows_accepted: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A checked batch with all that is known about where it comes from, ready to be written."""

    round: str
    organisation: str
    survey: Survey
    batch: Batch
    invited: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    reminders: tuple[date, ...] = ()
    file_name: str = ""
    sha256: str = ""
    mapping: str = ""
    rows_read: int = 0

    @property
    def part(self) -> tuple[str, str, str]:
        """Round, organisation and instrument: the participation that it belongs to."""
        return self.round, self.organisation, self.survey.id


def now() -> datetime:
    """This moment in UTC, without a zone, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _season(round_: Round) -> tuple[int, datetime, str]:
    """Rounds follow each other by the first year in their label, then by when they were made."""
    year = re.search(r"(?:19|20)\d\d", round_.label)
    return (int(year.group()) if year else 0, round_.opened_at, round_.label)


def read_rounds(store: Store) -> tuple[Round, ...]:
    """All rounds, oldest season first."""
    revision = store.revision("rounds")
    kept = store.kept.get("rounds")
    if kept is None or kept[0] != revision:
        rounds = tuple(sorted((Round(*fields) for fields in store.rows("rounds")), key=_season))
        kept = store.kept["rounds"] = (revision, rounds)
    found: tuple[Round, ...] = kept[1]
    return found


def read_surveys(store: Store, round_label: str) -> tuple[str, ...]:
    """The ids of the instruments used in a round, most used first."""
    return _use(store).get(round_label, ())


def _use(store: Store) -> dict[str, tuple[str, ...]]:
    """Round -> the instruments used in it, most used first; kept until somebody takes part anew."""
    revision = store.revision(PARTICIPATION)
    kept = store.kept.get("surveys")
    if kept is None or kept[0] != revision:
        found: dict[str, tuple[str, ...]] = {}
        for label, instrument in store.rows("surveys_of_rounds"):
            found[label] = (*found.get(label, ()), instrument)
        kept = store.kept["surveys"] = (revision, found)
    used: dict[str, tuple[str, ...]] = kept[1]
    return used


def read_participations(store: Store, round_label: str, instrument: str) -> tuple[Participation, ...]:
    """Who takes part in a round with an instrument, by organisation code."""
    found = store.rows("participations", {"round": round_label, "instrument": instrument})
    return tuple(Participation(*fields) for fields in found)


def read_participants(store: Store) -> tuple[str, ...]:
    """The codes of all organisations that take part in any round; kept likewise."""
    revision = store.revision(PARTICIPATION)
    kept = store.kept.get("participants")
    if kept is None or kept[0] != revision:
        codes = tuple(code for (code,) in store.rows("participants"))
        kept = store.kept["participants"] = (revision, codes)
    found: tuple[str, ...] = kept[1]
    return found


def read_imports(store: Store) -> tuple[Import, ...]:
    """Every import still standing, oldest first."""
    return tuple(Import(*fields) for fields in store.rows("imports"))


def read_instruments(store: Store) -> dict[tuple[str, str], Survey]:
    """The surveys in use, as they were first used, by id and version."""
    return {key: one for key, one in _in_use(store).items() if isinstance(one, Survey)}


def read_maturities(store: Store) -> dict[tuple[str, str], Maturity]:
    """The maturity instruments in use, as they were first used, by id and version."""
    return {key: one for key, one in _in_use(store).items() if isinstance(one, Maturity)}


def read_readinesses(store: Store) -> dict[tuple[str, str], Readiness]:
    """The readiness instruments in use, as they were first used, by id and version."""
    return {key: one for key, one in _in_use(store).items() if isinstance(one, Readiness)}


def _in_use(store: Store) -> dict[tuple[str, str], Instrument]:
    """Every instrument in use; kept until one is used for the first time."""
    revision = store.revision("instruments")
    kept = store.kept.get("instruments")
    if kept is None or kept[0] != revision:
        loaded = {
            (id_, version): instrument_from_json(definition)
            for id_, version, _sha, definition in store.rows("instruments")
        }
        kept = store.kept["instruments"] = (revision, loaded)
    found: dict[tuple[str, str], Instrument] = kept[1]
    return found


def refuse_changed_instrument(store: Store, instrument: Instrument) -> None:
    """Raises InstrumentError when an instrument differs from what was first used under its version."""
    _known_as(instrument, _hashes(store))


def _hashes(reader: Store | Transaction) -> dict[tuple[str, str], str]:
    return {(id_, version): sha256 for id_, version, sha256, _definition in reader.rows("instruments")}


def _known_as(instrument: Instrument, known: Mapping[tuple[str, str], str]) -> str | None:
    """The hash under which an instrument is stored, None when it is new; another text is refused."""
    stored = known.get((instrument.id, instrument.version))
    if stored is not None and stored != instrument_sha256(instrument):
        raise InstrumentError(
            _(
                "The instrument {id} has changed, but still calls itself version {version}, under which "
                "answers were already stored. Give the changed file a new version number."
            ).format(id=instrument.id, version=instrument.version)
        )
    return stored


def keep_instruments(transaction: Transaction, instruments: Iterable[Instrument], moment: datetime) -> None:
    """Keeps the text of each instrument at its first use. InstrumentError where it has changed since."""
    known = _hashes(transaction)
    for one in instruments:
        if _known_as(one, known) is None:
            sha256 = known[one.id, one.version] = instrument_sha256(one)
            values = {
                "id": one.id,
                "version": one.version,
                "sha256": sha256,
                "definition": instrument_to_json(one),
                "now": moment,
            }
            transaction.run("insert_instrument", values)
            transaction.touch("instruments")


def _folded(label: str) -> str:
    """An own label as it is compared: case and spaces make no other directorate."""
    return " ".join(label.casefold().split())


def _recoded(
    transaction: Transaction, delivery: Delivery, answers: pa.Table, added: list[dict[str, object]]
) -> pa.Table:
    """The answers with an organisation's own options coded as they were in earlier files."""
    if not delivery.batch.options:
        return answers
    whose = {"organisation": delivery.organisation, "instrument": delivery.survey.id}
    stored: dict[str, dict[str, int]] = {}
    for item, code, label in transaction.rows("own_options", whose):
        stored.setdefault(item, {})[_folded(label)] = code
    for row in added:
        if row["organisation"] == delivery.organisation and row["instrument"] == delivery.survey.id:
            stored.setdefault(str(row["item"]), {})[_folded(str(row["label"]))] = int(str(row["code"]))
    codes = answers["code"].to_numpy(zero_copy_only=False).copy()
    items = answers["item"]
    for item, labels in delivery.batch.options.items():
        known = stored.setdefault(item, {})
        table = np.zeros(len(labels) + 1, dtype=np.float64)
        for place, label in enumerate(labels, start=1):
            if _folded(label) not in known:
                code = max(known.values(), default=0) + 1
                if code > 254:
                    raise StoreError(
                        _(
                            "{item} has more than 254 different answers over all files of {organisation}."
                        ).format(item=item, organisation=delivery.organisation)
                    )
                known[_folded(label)] = code
                added.append({**whose, "item": item, "code": code, "label": label})
            table[place] = known[_folded(label)]
        rows = pc.equal(items, item).to_numpy(zero_copy_only=False)
        codes[rows] = table[codes[rows].astype(np.int64)]
    column = pa.array(codes, type=pa.uint8(), from_pandas=True)
    return answers.set_column(answers.schema.get_field_index("code"), "code", column)


def _constant(table: pa.Table, name: str, value: int) -> pa.Table:
    return table.append_column(name, pa.repeat(pa.scalar(value, pa.int32()), table.num_rows))


def _with_ids(table: pa.Table, import_id: int, first_response: int) -> pa.Table:
    """A batch's rows with their place in the store instead of their place in the batch."""
    ids = pc.add(table["response"], pa.scalar(first_response, pa.int32()))
    moved = table.drop_columns(["response"]).append_column("response_id", ids)
    return _constant(moved, "import_id", import_id)


def write_responses(
    store: Store,
    deliveries: Iterable[Delivery],
    *,
    replace: bool = False,
    progress: Callable[[float], None] | None = None,
) -> tuple[str, ...]:
    """Writes deliveries with all that is derived from them in one transaction.

    Deliveries are taken a few at a time, so a generator keeps memory low. With `replace`, they
    take the place of all that was stored before of their organisations' responses to their
    instruments in their rounds. Progress is called with 0 to 1 while one delivery is written; a
    generator of many knows better itself how far it is. Returns the labels of the rounds this made.

    Raises StoreError where an organisation's responses to two versions of an instrument would meet
    in one round, InstrumentError where a survey is not what was stored under its version.
    """
    tell = progress or (lambda _share: None)
    moment = now()
    made: list[str] = []
    touched: list[Delivery] = []
    with store.write() as transaction:
        for few in _by_the_few(deliveries):
            made += make_rounds(transaction, (one.round for one in few), moment)
            keep_instruments(transaction, {id(one.survey): one.survey for one in few}.values(), moment)
            if replace:
                _remove(transaction, few, moment, {one.part for one in touched})
            tell(0.05)
            _add(transaction, few, moment, tell)
            touched += (dataclasses.replace(one, batch=_NOTHING) for one in few)
        _refuse_mixed_versions(transaction, {one.part for one in touched})
        _derive(transaction, touched)
        _remind(transaction, touched)
        for label in {one.round for one in touched}:
            transaction.touch(topic_of(label))
        transaction.touch(PARTICIPATION)
    # Arrow keeps what it freed; a server that took in a large file would hold it for ever.
    pa.default_memory_pool().release_unused()
    tell(1.0)
    return tuple(made)


def _by_the_few(deliveries: Iterable[Delivery]) -> Iterable[list[Delivery]]:
    waiting = iter(deliveries)
    while few := list(islice(waiting, _AT_ONCE)):
        yield few


def make_rounds(transaction: Transaction, labels: Iterable[str], moment: datetime) -> tuple[str, ...]:
    """Makes those rounds that are not there, and returns their labels."""
    known = {label for label, *_rest in transaction.rows("rounds")}
    made = tuple(dict.fromkeys(label for label in labels if label not in known))
    for label in made:
        transaction.run("insert_round", {"label": label, "now": moment})
        transaction.touch("rounds")
    return made


def _remove(
    transaction: Transaction,
    deliveries: Sequence[Delivery],
    moment: datetime,
    spared: set[tuple[str, str, str]],
) -> None:
    """Removes what was stored before this write; `spared` are those of which this write is a part."""
    for part in {one.part for one in deliveries} - spared:
        key = dict(zip(("round", "organisation", "instrument"), part, strict=True))
        transaction.run("replace_imports", {**key, "now": moment})
        for name in (
            "delete_answers",
            "delete_approved_comments",
            "delete_comments",
            "delete_responses",
            "delete_askeds",
        ):
            transaction.run(name, key)


def _add(
    transaction: Transaction,
    deliveries: Sequence[Delivery],
    moment: datetime,
    tell: Callable[[float], None],
) -> None:
    next_import, next_response = transaction.rows("next_ids")[0]
    imports: list[dict[str, object]] = []
    asked: list[dict[str, object]] = []
    options: list[dict[str, object]] = []
    responses: list[pa.Table] = []
    answers: list[pa.Table] = []
    comments: list[pa.Table] = []
    for one in deliveries:
        batch = one.batch
        imports.append(
            {
                "id": next_import,
                "imported_at": moment,
                "round": one.round,
                "organisation": one.organisation,
                "instrument": one.survey.id,
                "version": one.survey.version,
                "file_name": one.file_name,
                "sha256": one.sha256,
                "mapping": one.mapping,
                "rows_read": one.rows_read,
                "rows_accepted": batch.n,
                "replaced_at": None,
            }
        )
        asked += [
            {"import_id": next_import, "item": item, "measure": measure}
            for item, measure in sorted(batch.asked)
        ]
        ids = pa.array(np.arange(next_response, next_response + batch.n, dtype=np.int32))
        responses.append(_constant(batch.responses.append_column("id", ids), "import_id", next_import))
        recoded = _recoded(transaction, one, batch.answers, options)
        answers.append(_with_ids(recoded, next_import, next_response))
        comments.append(_with_ids(batch.comments, next_import, next_response))
        next_import += 1
        next_response += batch.n
    import_rows = pa.Table.from_pylist(imports).cast(_IMPORTS)
    transaction.run("insert_imports", tables={"incoming": import_rows})
    for name, rows, schema in (
        ("insert_askeds", asked, _ASKED),
        ("insert_own_options", options, _OPTIONS),
    ):
        if rows:
            transaction.run(name, tables={"incoming": pa.Table.from_pylist(rows, schema=schema)})
    tell(0.2)
    for name, tables, share in (
        ("insert_responses", responses, 0.3),
        ("insert_comments", comments, 0.4),
        ("insert_answers", answers, 0.8),
    ):
        transaction.run(name, tables={"incoming": pa.concat_tables(tables)})
        tell(share)


def _facts(transaction: Transaction, one: Delivery) -> dict[str, object]:
    """What is known already about a participation besides its answers."""
    part = dict(zip(("round", "organisation", "instrument"), one.part, strict=True))
    rows = transaction.rows("participation_facts", part)
    return dict(zip(("invited", "opened_on", "closed_on"), rows[0], strict=True)) if rows else {}


def _refuse_mixed_versions(transaction: Transaction, parts: set[tuple[str, str, str]]) -> None:
    """Counts of two versions of an instrument cannot stand side by side for one organisation."""
    for *part, versions in transaction.rows("mixed_versions"):
        if tuple(part) in parts:
            label, organisation, instrument = part
            raise StoreError(
                _(
                    "{organisation} would have answers to several versions of {instrument} in round {round} "
                    "({versions}). Replace the answers stored there, or use their version."
                ).format(
                    organisation=organisation,
                    instrument=instrument,
                    round=label,
                    versions=", ".join(versions),
                )
            )


def _derive(transaction: Transaction, deliveries: Sequence[Delivery]) -> None:
    """Works out participations, counts, gaps and indexes anew for everything these deliveries touch."""
    touched: dict[tuple[str, str, str], dict[str, object]] = {}
    are_new = True
    for one in deliveries:
        known = touched.get(one.part)
        if known is None:
            known = _facts(transaction, one)
            are_new = are_new and not known
        measures = [measure.id for measure in one.survey.measures]
        touched[one.part] = {
            "round": one.round,
            "organisation": one.organisation,
            "instrument": one.survey.id,
            "version": one.survey.version,
            "invited": one.invited if one.invited is not None else known.get("invited"),
            "opened_on": one.opened_on or known.get("opened_on"),
            "closed_on": one.closed_on or known.get("closed_on"),
            "first_measure": measures[0] if len(measures) > 1 else None,
            "second_measure": measures[1] if len(measures) > 1 else None,
            "multiple": [
                question.id
                for question in one.survey.all_questions()
                if question.kind is QuestionKind.MULTIPLE
            ],
        }
    tables: Mapping[str, pa.Table] = {
        "touched": pa.Table.from_pylist(list(touched.values()), schema=_TOUCHED)
    }
    for delete, insert in (
        ("delete_participations", "insert_participations"),
        ("delete_item_counts", "insert_item_counts"),
        ("delete_item_gaps", "insert_item_gaps"),
        ("delete_index_counts", "insert_index_counts"),
    ):
        if not are_new:
            transaction.run(delete, tables=tables)
        transaction.run(insert, tables=tables)


def _remind(transaction: Transaction, deliveries: Sequence[Delivery]) -> None:
    """Keeps the days on which people were reminded, in the place of those known before."""
    given = {one.part: one.reminders for one in deliveries if one.reminders}
    rows = [
        dict(zip(_REMINDERS.names, (*part, day), strict=True))
        for part, days in given.items()
        for day in sorted(set(days))
    ]
    if rows:
        tables = {"incoming": pa.Table.from_pylist(rows, schema=_REMINDERS)}
        transaction.run("delete_reminders", tables=tables)
        transaction.run("insert_reminders", tables=tables)


_IMPORTS = pa.schema(
    [
        ("id", pa.int32()),
        ("imported_at", pa.timestamp("us")),
        ("round", pa.string()),
        ("organisation", pa.string()),
        ("instrument", pa.string()),
        ("version", pa.string()),
        ("file_name", pa.string()),
        ("sha256", pa.string()),
        ("mapping", pa.string()),
        ("rows_read", pa.int64()),
        ("rows_accepted", pa.int64()),
        ("replaced_at", pa.timestamp("us")),
    ]
)
_ASKED = pa.schema([("import_id", pa.int32()), ("item", pa.string()), ("measure", pa.string())])
_OPTIONS = pa.schema(
    [
        ("organisation", pa.string()),
        ("instrument", pa.string()),
        ("item", pa.string()),
        ("code", pa.uint8()),
        ("label", pa.string()),
    ]
)
_REMINDERS = pa.schema(
    [
        ("round", pa.string()),
        ("organisation", pa.string()),
        ("instrument", pa.string()),
        ("sent_on", pa.date32()),
    ]
)
_TOUCHED = pa.schema(
    [
        ("round", pa.string()),
        ("organisation", pa.string()),
        ("instrument", pa.string()),
        ("version", pa.string()),
        ("invited", pa.int64()),
        ("opened_on", pa.date32()),
        ("closed_on", pa.date32()),
        ("first_measure", pa.string()),
        ("second_measure", pa.string()),
        ("multiple", pa.list_(pa.string())),
    ]
)
