"""Groups of organisations that people built, and in which rounds whose people have seen them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from improve.errors import CohortError
from improve.language import _
from improve.store.door import Store, Transaction
from improve.store.shelf import kept
from improve.store.survey import now

COHORTS = "cohorts"
"""The revision topic of groups and who has seen them."""
MOST_SEEN = 6
"""Groups that one organisation's people may see in a round (guides/statistics.md section 10)."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it was saved. `organisation` is whose people built it, "" a role without one."""

    id: str
    name: str
    organisation: str
    created_at: datetime
    deleted_at: datetime | None
    members: frozenset[str]


def read_groups(store: Store) -> Mapping[str, Group]:
    """Every group by id, oldest first, deleted ones too: their figures may have been seen."""

    def read() -> Mapping[str, Group]:
        return {
            id_: Group(id_, name, organisation, created, deleted, frozenset(members))
            for id_, name, organisation, created, deleted, members in store.rows("cohorts")
        }

    return kept(store, "cohorts saved", "", (COHORTS,), read)


def read_openings(store: Store) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(round, organisation) -> the ids of the groups that its people have seen there, first seen first."""

    def read() -> Mapping[tuple[str, str], tuple[str, ...]]:
        return _openings(store.rows("cohort_openings"))

    return kept(store, "cohorts opened", "", (COHORTS,), read)


def save_group(
    store: Store, id_: str, name: str, organisation: str, members: Iterable[str], rounds: Iterable[str]
) -> None:
    """Saves a group and opens it for the organisation that built it, in the first of the rounds at least.

    Raises CohortError where its people have seen as many groups there as they may.
    """
    with store.write() as transaction:
        fields = {"id": id_, "name": name, "organisation": organisation, "now": now()}
        transaction.run("insert_cohort", fields)
        transaction.run("insert_cohort_members", {"id": id_, "members": sorted(members)})
        _open(transaction, id_, organisation, rounds)
        transaction.touch(COHORTS)


def open_group(store: Store, id_: str, organisation: str, rounds: Iterable[str]) -> None:
    """Notes that an organisation's people see a group, in the first of the rounds at least.

    In the others where they have not seen as many as they may. Raises CohortError where they have in
    the first.
    """
    with store.write() as transaction:
        _open(transaction, id_, organisation, rounds)
        transaction.touch(COHORTS)


def delete_group(store: Store, id_: str, organisation: str) -> bool:
    """Takes a group of an organisation off its list; False where it has no such group."""
    with store.write() as transaction:
        key = {"id": id_, "organisation": organisation, "now": now()}
        is_there = bool(transaction.rows("delete_cohort", key))
        transaction.touch(COHORTS)
    return is_there


def _openings(rows: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for round_, organisation, id_ in rows:
        found[round_, organisation] = (*found.get((round_, organisation), ()), id_)
    return found


def _open(transaction: Transaction, id_: str, organisation: str, rounds: Iterable[str]) -> None:
    seen = _openings(transaction.rows("cohort_openings"))
    for place, round_ in enumerate(rounds):
        there = seen.get((round_, organisation), ())
        if id_ in there:
            continue
        if len(there) >= MOST_SEEN:
            if place:
                continue
            raise CohortError(
                _(
                    "In round {round} your organisation has seen {n} groups that somebody built, and may see "
                    "no more: more would lead to single councils. Deleting one gives none back."
                ).format(round=round_, n=len(there))
            )
        key = {"round": round_, "organisation": organisation, "cohort_id": id_, "now": now()}
        transaction.run("insert_cohort_opening", key)
