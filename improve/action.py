"""What an organisation decided to do, about what and when: measure, act, measure again.

Only its own members and the operator see actions or write any (improve/disclosure.py decides). What
came of one is a view (improve/views/trend.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from improve import disclosure
from improve.errors import ActionError
from improve.language import _
from improve.model import Viewer
from improve.store import Action, Store, close_action, read_actions, read_instruments, write_action
from improve.wording import one_line

WHOLE = ""
"""The aspect of an action that is about the service as a whole."""
LONGEST_WHAT = 300
LONGEST_BY = 100
EARLIEST = date(1990, 1, 1)
YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody typed about an action, as they typed it."""

    what: str
    aspect: str
    done_on: date | None
    done_by: str


def latest() -> date:
    """The last day for which an action may be planned."""
    today = date.today()
    # The 28th of a month exists in every year.
    return date(today.year + YEARS_AHEAD, today.month, min(today.day, 28))


def actions_for(store: Store, viewer: Viewer, organisation: str | None) -> tuple[Action, ...]:
    """An organisation's actions, by the day they were or will be done; none for who may not see them."""
    if organisation is None or not disclosure.may_act(viewer, organisation):
        return ()
    return read_actions(store, organisation)


def log_action(store: Store, viewer: Viewer, organisation: str, wording: Wording) -> int:
    """Writes an action down and returns its id. Raises ActionError."""
    _refuse_strangers(viewer, organisation)
    return write_action(store, None, organisation, *_checked(store, wording))


def change(
    store: Store, viewer: Viewer, organisation: str, action_id: int, wording: Wording, read_at: datetime
) -> None:
    """Changes an action that was read when its `changed_at` was `read_at`.

    Raises ActionError, first of all where somebody else changed it since.
    """
    _refuse_strangers(viewer, organisation)
    standing = _standing(store, organisation, action_id)
    if standing.changed_at != read_at:
        raise ActionError(
            _(
                "Somebody else changed this action meanwhile. It now reads “{what}” ({by}). "
                "Save again to put yours in its place."
            ).format(what=standing.what, by=standing.done_by)
        )
    write_action(store, action_id, organisation, *_checked(store, wording))


def close(store: Store, viewer: Viewer, organisation: str, action_id: int) -> None:
    """From today on there is nothing left to watch. Raises ActionError."""
    _refuse_strangers(viewer, organisation)
    _standing(store, organisation, action_id)
    close_action(store, action_id, organisation, date.today())


def reopen(store: Store, viewer: Viewer, organisation: str, action_id: int) -> None:
    """An action that was closed is open again. Raises ActionError."""
    _refuse_strangers(viewer, organisation)
    _standing(store, organisation, action_id)
    close_action(store, action_id, organisation, None)


def _refuse_strangers(viewer: Viewer, organisation: str) -> None:
    if not disclosure.may_act(viewer, organisation):
        raise ActionError(_("Only the organisation's own members write down what it decided to do."))


def _standing(store: Store, organisation: str, action_id: int) -> Action:
    found = next((one for one in read_actions(store, organisation) if one.id == action_id), None)
    if found is None:
        raise ActionError(_("This organisation has no such action."))
    return found


def _checked(store: Store, wording: Wording) -> tuple[str, str, date, str]:
    """Aspect, what, day and by whom, as they are kept."""
    what, done_by = one_line(wording.what), one_line(wording.done_by)
    if not 1 <= len(what) <= LONGEST_WHAT:
        raise ActionError(
            _("Say what was done, in 1 to {most} characters; these are {n}.").format(
                most=LONGEST_WHAT, n=len(what)
            )
        )
    if not 1 <= len(done_by) <= LONGEST_BY:
        raise ActionError(
            _("Say by whom, in 1 to {most} characters; these are {n}.").format(
                most=LONGEST_BY, n=len(done_by)
            )
        )
    known = {one.id for survey in read_instruments(store).values() for one in survey.aspects}
    if wording.aspect != WHOLE and wording.aspect not in known:
        raise ActionError(_("There is no aspect called {aspect}.").format(aspect=wording.aspect))
    if wording.done_on is None or not EARLIEST <= wording.done_on <= latest():
        raise ActionError(
            _("Give a day between {first} and {last}.").format(
                first=EARLIEST.isoformat(), last=latest().isoformat()
            )
        )
    return wording.aspect, what, wording.done_on, done_by
