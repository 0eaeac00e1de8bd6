"""What is known about how a survey was carried out: its days, its reminders, and who there was to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import pyarrow as pa

from improve.errors import StoreError
from improve.language import _
from improve.store.door import Store
from improve.store.shelf import kept
from improve.store.survey import now, read_rounds, topic_of

_PLACES = 256
"""Of so many organisations and rounds the facts are kept: a few hundred bytes each."""


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """How an organisation asked its people in a round; None for what nobody told. Reminders ascend."""

    invited: int | None
    responses: int
    opened_on: date | None
    closed_on: date | None
    reminders: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class StaffList:
    """How many people an organisation has in each group of a profile question.

    `groups` has (label, people) pairs by question, in the order of the file.
    """

    imported_at: datetime
    file_name: str
    groups: Mapping[str, tuple[tuple[str, int], ...]]


def read_fieldwork(store: Store, round_label: str, organisation: str, instrument: str) -> Fieldwork | None:
    """How an organisation's survey was carried out; None where it takes no part. Kept until it is written."""
    part = {"round": round_label, "organisation": organisation, "instrument": instrument}

    def read() -> Fieldwork | None:
        for invited, responses, opened_on, closed_on, reminders in store.rows("fieldwork", part):
            return Fieldwork(invited, responses, opened_on, closed_on, tuple(reminders))
        return None

    return kept(store, "fieldwork", tuple(part.values()), (topic_of(round_label),), read, _PLACES)


def read_arrivals(
    store: Store, round_label: str, organisation: str, instrument: str
) -> tuple[tuple[date, int], ...]:
    """How many responses were answered on each day, oldest first; those without a time are left out."""
    part = {"round": round_label, "organisation": organisation, "instrument": instrument}

    def read() -> tuple[tuple[date, int], ...]:
        return tuple((day, responses) for day, responses in store.rows("arrivals", part))

    return kept(store, "arrivals", tuple(part.values()), (topic_of(round_label),), read, _PLACES)


def read_staff(store: Store, round_label: str, organisation: str) -> StaffList | None:
    """An organisation's staff list of a round, None where there is none."""
    whose = {"round": round_label, "organisation": organisation}
    return kept(
        store,
        "staff",
        (round_label, organisation),
        (topic_of(round_label),),
        lambda: _staff(store, whose),
        _PLACES,
    )


def _staff(store: Store, whose: Mapping[str, str]) -> StaffList | None:
    rows, table = store.read_together("staff_list", "staff_groups", whose)
    if not rows:
        return None
    groups: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in table.to_pylist():
        groups[row["item"]] = (*groups.get(row["item"], ()), (row["label"], row["people"]))
    imported_at, file_name = rows[0]
    return StaffList(imported_at, file_name, MappingProxyType(groups))


def write_staff(
    store: Store,
    round_label: str,
    organisation: str,
    groups: Sequence[tuple[str, str, int]],
    file_name: str,
    sha256: str,
) -> None:
    """Puts an organisation's staff list of a round, as (item, label, people), in the place of the one before.

    Raises StoreError for a round that does not exist.
    """
    whose = {"round": round_label, "organisation": organisation}
    rows = [
        {**whose, "item": item, "place": place, "label": label, "people": people}
        for place, (item, label, people) in enumerate(groups)
    ]
    with store.write() as transaction:
        if round_label not in {one.label for one in read_rounds(store)}:
            raise StoreError(_("There is no round called {label}.").format(label=round_label))
        transaction.run("delete_staff_lists", whose)
        transaction.run("delete_staff_groups", whose)
        transaction.run(
            "insert_staff_list", {**whose, "file_name": file_name, "sha256": sha256, "now": now()}
        )
        incoming = pa.Table.from_pylist(rows, schema=_GROUPS)
        transaction.run("insert_staff_groups", tables={"incoming": incoming})
        transaction.touch(topic_of(round_label))


_GROUPS = pa.schema(
    [
        ("round", pa.string()),
        ("organisation", pa.string()),
        ("item", pa.string()),
        ("place", pa.int32()),
        ("label", pa.string()),
        ("people", pa.int64()),
    ]
)
