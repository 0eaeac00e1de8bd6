"""What intake hands to the store: checked answers, ready to be written in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

ANSWERS = pa.schema(
    [
        ("response", pa.int32()),
        ("item", pa.string()),
        ("measure", pa.string()),
        ("code", pa.uint8()),
        ("number", pa.float64()),
    ]
)
"""One row per response, item and measure (one per chosen option where several may be chosen).

`response` counts from 0 within the batch. `measure` is a measure's id for an aspect and "answer"
for a question. Ratings and options have a `code`, number questions a `number`; the other is null.
A missing answer has no row.
"""

COMMENTS = pa.schema([("response", pa.int32()), ("item", pa.string()), ("text", pa.string())])
"""One row per response and text question that was answered."""

RESPONSES = pa.schema([("source_row", pa.int32()), ("answered_at", pa.timestamp("us"))])
"""One row per response: its row in the file (the header is row 1), its time (UTC) where known."""

ANSWER = "answer"
"""The measure of a question that is answered once."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The responses of one organisation to one instrument version in one round.

    `asked` names the (item, measure) pairs that the file had a column for, so that an item nobody
    was asked is told from one that nobody answered. `options` holds the organisation's own answer
    lists (directorates): item id -> labels, the code of a label being its place counted from 1.
    """

    responses: pa.Table
    answers: pa.Table
    comments: pa.Table
    asked: frozenset[tuple[str, str]]
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """The number of responses."""
        return int(self.responses.num_rows)
