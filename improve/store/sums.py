"""Sums of what people gave in a round, as arrays: of gaps, of numbers and of indexes.

Where a figure is a mean of something other than codes of a scale, it stands on these, as scores
stand on counts (counts.py): kept at the revision they were read at and shared by everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from improve.store.counts import encoded
from improve.store.door import Store
from improve.store.shelf import kept
from improve.store.survey import topic_of


class SumKind(StrEnum):
    """What is summed.

    gap: an aspect's first measure minus its second, of the people who gave both. number: the answers
    to number questions. index: people's means over the items of a role that they answered (skills,
    in points), one item per role.
    """

    GAP = "gap"
    NUMBER = "number"
    INDEX = "index"


_NOW = {SumKind.GAP: "gap_sums", SumKind.NUMBER: "number_sums", SumKind.INDEX: "index_sums"}
_AT_CLOSING = {
    SumKind.GAP: "benchmark_gap_sums",
    SumKind.NUMBER: "benchmark_number_sums",
    SumKind.INDEX: "benchmark_index_sums",
}


@dataclass(frozen=True, eq=False)
class Sums:
    """n, sum and sum of squares of what each organisation's people gave, item by item, in one round.

    `organisations` are those of the round's counts, in their order. `n`, `total` and `squares` are
    organisations x items, zero where nobody gave any. `invited` is NaN where unknown. Compared by
    identity: a new revision is a new object.
    """

    round: str
    instrument: str
    organisations: tuple[str, ...]
    versions: tuple[str, ...]
    invited: npt.NDArray[np.float64] = field(repr=False)
    items: tuple[str, ...]
    n: npt.NDArray[np.int64] = field(repr=False)
    total: npt.NDArray[np.float64] = field(repr=False)
    squares: npt.NDArray[np.float64] = field(repr=False)

    @property
    def place(self) -> dict[str, int]:
        """Organisation code -> its row in the arrays."""
        return {code: row for row, code in enumerate(self.organisations)}


def _read(store: Store, round_label: str, instrument: str, members_query: str, sums_query: str) -> Sums:
    def read() -> Sums:
        wanted = {"round": round_label, "instrument": instrument}
        members, table = store.read_together(members_query, sums_query, wanted)
        organisations = tuple(member[0] for member in members)
        row_of = {code: row for row, code in enumerate(organisations)}
        codes, row = encoded(table["organisation"])
        names, column = encoded(table["item"])
        items = tuple(sorted(names))
        rows = np.array([row_of[code] for code in codes], np.int64)[row]
        columns = np.array([items.index(name) for name in names], np.int64)[column]
        shape = (len(organisations), len(items))
        n = np.zeros(shape, np.int64)
        total, squares = np.zeros(shape), np.zeros(shape)
        for array, name in ((n, "n"), (total, "total"), (squares, "squares")):
            array[rows, columns] = table[name].to_numpy()
            array.flags.writeable = False
        return Sums(
            round=round_label,
            instrument=instrument,
            organisations=organisations,
            versions=tuple(member[1] for member in members),
            invited=np.array([np.nan if one[2] is None else one[2] for one in members], np.float64),
            items=items,
            n=n,
            total=total,
            squares=squares,
        )

    return kept(store, "sums", (round_label, instrument, sums_query), (topic_of(round_label),), read, most=24)


def round_sums(store: Store, round_label: str, instrument: str, kind: SumKind) -> Sums:
    """The sums of a round as they are now, of all who take part."""
    return _read(store, round_label, instrument, "members", _NOW[kind])


def benchmark_sums(store: Store, round_label: str, instrument: str, kind: SumKind) -> Sums:
    """The sums of a round's benchmark as they stood when it was closed."""
    return _read(store, round_label, instrument, "benchmark_members", _AT_CLOSING[kind])
