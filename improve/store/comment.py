"""What people wrote, and which of it a facilitator approved for the big screen.

A comment is known by the import and the response it came with, and its question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from improve.store.door import Store
from improve.store.shelf import kept
from improve.store.survey import now, topic_of

CommentKey = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Comment:
    """One person's answer to a text question, unmasked.

    `overall` is the code that the same person gave to the headline question, None where none.
    `is_late`: it was taken in after the round was closed.
    """

    import_id: int
    response_id: int
    item: str
    organisation: str
    text: str
    overall: int | None
    is_late: bool

    @property
    def key(self) -> CommentKey:
        """What it is approved by: import, response, item."""
        return self.import_id, self.response_id, self.item


def approved_topic_of(round_label: str) -> str:
    """The revision topic of what is approved of a round's comments."""
    return "approved/" + round_label


def read_comments(
    store: Store, round_label: str, instrument: str, headline: str | None
) -> tuple[Comment, ...]:
    """All comments of a round, of all organisations, by import, response and item.

    `headline` is the item of the question that says how content a person is, where there is one.
    """

    def read() -> tuple[Comment, ...]:
        wanted = {"round": round_label, "instrument": instrument, "headline": headline}
        return tuple(Comment(*fields) for fields in store.rows("comments", wanted))

    topics = (topic_of(round_label), "rounds")
    return kept(store, "comments", (round_label, instrument, headline), topics, read, most=4)


def read_approved(store: Store, round_label: str) -> frozenset[CommentKey]:
    """The keys of a round's approved comments; those of a replaced file are gone."""

    def read() -> frozenset[CommentKey]:
        return frozenset(store.rows("approved_comments", {"round": round_label}))

    topics = (approved_topic_of(round_label), topic_of(round_label))
    return kept(store, "approved", round_label, topics, read)


def approve_comments(store: Store, round_label: str, keys: Iterable[CommentKey], approved: bool) -> None:
    """Approves comments of a round, or takes it back; keys of no comment in it are passed over."""
    rows = [dict(zip(_KEYS.names, key, strict=True)) for key in set(keys)]
    tables = {"incoming": pa.Table.from_pylist(rows, schema=_KEYS)}
    with store.write() as transaction:
        if approved:
            transaction.run("approve_comments", {"round": round_label, "now": now()}, tables=tables)
        else:
            transaction.run("disapprove_comments", {"round": round_label}, tables=tables)
        transaction.touch(approved_topic_of(round_label))


_KEYS = pa.schema([("import_id", pa.int32()), ("response_id", pa.int32()), ("item", pa.string())])
