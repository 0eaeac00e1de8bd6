"""The store's own copy of the register that it is matched against."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pyarrow as pa

from improve.model import Organisation
from improve.store.door import Store

TOPIC = "register"

_COLUMNS = pa.schema(
    [
        ("code", pa.string()),
        ("name", pa.string()),
        ("official_name", pa.string()),
        ("welsh_name", pa.string()),
        ("type", pa.string()),
        ("nation", pa.string()),
        ("region", pa.string()),
        ("parent_county", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("population", pa.int64()),
        ("former_codes", pa.list_(pa.string())),
        ("is_trial", pa.bool_()),
    ]
)


def read_organisations(store: Store) -> tuple[Organisation, ...]:
    """Every organisation of the register, by code. Kept until the register is written again."""
    revision = store.revision(TOPIC)
    kept = store.kept.get(TOPIC)
    if kept is None or kept[0] != revision:
        organisations = tuple(
            Organisation(
                **{**dict(zip(_COLUMNS.names, fields, strict=True)), "former_codes": tuple(fields[11])}
            )
            for fields in store.rows("organisations")
        )
        kept = store.kept[TOPIC] = (revision, organisations)
    return kept[1]


def write_organisations(store: Store, organisations: Iterable[Organisation]) -> None:
    """Adds the organisations, or renews those that are there already; nothing when none differs."""
    known = {organisation.code: organisation for organisation in read_organisations(store)}
    changed = [one for one in organisations if known.get(one.code) != one]
    if not changed:
        return
    rows = [{**dataclasses.asdict(one), "former_codes": list(one.former_codes)} for one in changed]
    with store.write() as transaction:
        incoming = pa.Table.from_pylist(rows, schema=_COLUMNS)
        transaction.run("insert_organisations", tables={"incoming": incoming})
        transaction.touch(TOPIC)
