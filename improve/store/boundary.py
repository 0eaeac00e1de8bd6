"""The outlines of councils' areas that an operator loaded from a file; public reference data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from improve.store.door import Store
from improve.store.shelf import kept
from improve.store.survey import now

BOUNDARIES = "boundaries"
"""The revision topic of the outlines."""


@dataclass(frozen=True, eq=False)
class Boundaries:
    """One file's outlines: organisation code -> the coordinates of a GeoJSON MultiPolygon, as text."""

    file_name: str
    sha256: str
    imported_at: datetime
    outlines: Mapping[str, str] = field(repr=False)


def read_boundaries(store: Store) -> Boundaries | None:
    """The outlines, kept; None where no file was loaded."""

    def read() -> Boundaries | None:
        files, outlines = store.read_together("boundary_file", "boundaries", {})
        found = {row["organisation"]: row["outline"] for row in outlines.to_pylist()}
        return next((Boundaries(name, sha256, at, found) for name, sha256, at in files), None)

    return kept(store, "boundaries", "", (BOUNDARIES,), read, most=1)


def write_boundaries(store: Store, outlines: Mapping[str, str], file_name: str, sha256: str) -> None:
    """Puts a file's outlines in the place of those before; without any, they are taken out."""
    rows = [{"organisation": code, "outline": outline} for code, outline in sorted(outlines.items())]
    with store.write() as transaction:
        transaction.run("delete_boundary_file")
        transaction.run("delete_boundaries")
        if rows:
            transaction.run("insert_boundary_file", {"file_name": file_name, "sha256": sha256, "now": now()})
            incoming = pa.Table.from_pylist(rows, schema=_OUTLINES)
            transaction.run("insert_boundaries", tables={"incoming": incoming})
        transaction.touch(BOUNDARIES)


_OUTLINES = pa.schema([("organisation", pa.string()), ("outline", pa.string())])
