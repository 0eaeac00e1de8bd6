"""The counts of a round as arrays, kept at the revision they were read at and shared by everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from improve.store.door import Store
from improve.store.register import TOPIC as REGISTER
from improve.store.shelf import kept
from improve.store.survey import topic_of


class Facts(NamedTuple):
    """What an organisation was when a benchmark was made; names as in improve.model.Organisation."""

    nation: str
    region: str
    type: str
    population: int
    lon: float
    lat: float


@dataclass(frozen=True, eq=False)
class RoundCounts:
    """How often each code was answered, by organisation, item and measure, in one round.

    `keys` are (item, measure) pairs; `counts` is organisations x keys x codes, where the last axis
    is the code itself (0 upwards). `asked` and `n` are organisations x keys. `invited` is NaN where
    unknown. `facts` are what cohorts go by, as at closing in a benchmark.
    Compared by identity: a new revision is a new object.
    """

    round: str
    instrument: str
    organisations: tuple[str, ...]
    versions: tuple[str, ...]
    facts: tuple[Facts, ...]
    invited: npt.NDArray[np.float64] = field(repr=False)
    responses: npt.NDArray[np.int64] = field(repr=False)
    keys: tuple[tuple[str, str], ...] = field(repr=False)
    asked: npt.NDArray[np.int64] = field(repr=False)
    n: npt.NDArray[np.int64] = field(repr=False)
    counts: npt.NDArray[np.int64] = field(repr=False)

    @property
    def place(self) -> dict[str, int]:
        """Organisation code -> its row in the arrays."""
        return {code: row for row, code in enumerate(self.organisations)}


def encoded(column: pa.ChunkedArray) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The different texts of a column, and each row's place among them."""
    coded = column.combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def encoded_pairs(table: pa.Table) -> tuple[list[tuple[str, str]], npt.NDArray[np.int64]]:
    """The different (item, measure) pairs of a table, and each row's place among them."""
    # Neither an item nor a measure has a space in its id.
    names, pair = encoded(pc.binary_join_element_wise(table["item"], table["measure"], " "))
    return [(name.partition(" ")[0], name.partition(" ")[2]) for name in names], pair


def _arrays(
    members: list[tuple[Any, ...]],
    table: pa.Table,
    round_label: str,
    instrument: str,
) -> RoundCounts:
    organisations = tuple(member[0] for member in members)
    row_of = {code: row for row, code in enumerate(organisations)}
    codes_of, row = encoded(table["organisation"])
    pairs, pair = encoded_pairs(table)
    keys = tuple(sorted(pairs))
    column_of = {key: column for column, key in enumerate(keys)}
    rows = np.array([row_of[code] for code in codes_of], np.int64)[row]
    columns = np.array([column_of[key] for key in pairs], np.int64)[pair]
    lists = table["codes"].combine_chunks()
    lengths = np.diff(lists.offsets.to_numpy())
    codes = lists.flatten().to_numpy()
    counted = table["counts"].combine_chunks().flatten().to_numpy()
    # Answers of number questions (hours, days) are not codes; their means have a way of their own.
    is_code = (codes == np.floor(codes)) & (codes >= 0) & (codes <= 254)
    depth = int(codes[is_code].max()) + 1 if is_code.any() else 1
    shape = (len(organisations), len(keys))
    counts = np.zeros((*shape, depth), dtype=np.int64)
    at_row, at_column = np.repeat(rows, lengths), np.repeat(columns, lengths)
    counts[at_row[is_code], at_column[is_code], codes[is_code].astype(np.int64)] = counted[is_code]
    asked, n = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    asked[rows, columns] = table["asked"].to_numpy()
    n[rows, columns] = table["n"].to_numpy()
    for array in (counts, asked, n):
        array.flags.writeable = False
    return RoundCounts(
        round=round_label,
        instrument=instrument,
        organisations=organisations,
        versions=tuple(member[1] for member in members),
        facts=tuple(Facts(*member[4:]) for member in members),
        invited=np.array([np.nan if member[2] is None else member[2] for member in members], np.float64),
        responses=np.array([member[3] for member in members], np.int64),
        keys=keys,
        asked=asked,
        n=n,
        counts=counts,
    )


def _read(store: Store, key: tuple[str, str, str], members_query: str, counts_query: str) -> RoundCounts:
    _which, round_label, instrument = key

    def read() -> RoundCounts:
        wanted = {"round": round_label, "instrument": instrument}
        members, table = store.read_together(members_query, counts_query, wanted)
        return _arrays(members, table, round_label, instrument)

    return kept(store, "counts", key, (topic_of(round_label), REGISTER), read)


def round_counts(store: Store, round_label: str, instrument: str) -> RoundCounts:
    """The counts of a round as they are now, of all who take part."""
    return _read(store, ("now", round_label, instrument), "members", "item_counts")


def benchmark_counts(store: Store, round_label: str, instrument: str) -> RoundCounts:
    """The counts of a round's benchmark as they stood when it was closed."""
    return _read(store, ("closing", round_label, instrument), "benchmark_members", "benchmark_counts")
