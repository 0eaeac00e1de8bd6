"""What an organisation decided to do after a survey: measure, act, measure again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from improve.errors import StoreError
from improve.language import _
from improve.store.door import Store
from improve.store.shelf import kept
from improve.store.survey import now


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that an organisation did or will do, on a day and by somebody.

    `aspect` is the item that it is to move, "" the service as a whole. `closed_on` is the day from
    which there was nothing left to watch, None while it is open.
    """

    id: int
    organisation: str
    aspect: str
    what: str
    done_on: date
    done_by: str
    added_at: datetime
    changed_at: datetime
    closed_on: date | None


def _topic(organisation: str) -> str:
    return "action/" + organisation


def read_actions(store: Store, organisation: str) -> tuple[Action, ...]:
    """An organisation's actions, by the day they were or will be done; kept until one is written."""

    def read() -> tuple[Action, ...]:
        return tuple(Action(*fields) for fields in store.rows("actions", {"organisation": organisation}))

    return kept(store, "actions", organisation, (_topic(organisation),), read, most=100)


def write_action(
    store: Store,
    action_id: int | None,
    organisation: str,
    aspect: str,
    what: str,
    done_on: date,
    done_by: str,
) -> int:
    """Adds an action (without an id), or changes one; returns its id.

    Raises StoreError where the organisation has no action of that id.
    """
    fields = {
        "organisation": organisation,
        "aspect": aspect,
        "what": what,
        "done_on": done_on,
        "done_by": done_by,
    }
    if action_id is None:
        return _written(store, "insert_action", fields)
    return _written(store, "update_action", {"id": action_id, **fields})


def close_action(store: Store, action_id: int, organisation: str, closed_on: date | None) -> None:
    """Closes an action on a day, or opens it again (None).

    Raises StoreError where the organisation has no action of that id.
    """
    fields = {"id": action_id, "organisation": organisation, "closed_on": closed_on}
    _written(store, "close_action", fields)


def _written(store: Store, statement: str, fields: dict[str, object]) -> int:
    with store.write() as transaction:
        for (action_id,) in transaction.rows(statement, {**fields, "now": now()}):
            transaction.touch(_topic(str(fields["organisation"])))
            return int(action_id)
        raise StoreError(_("This organisation has no such action."))
