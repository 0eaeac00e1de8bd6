"""Groups that people build to compare with: saved before their first figure, opened, deleted.

What a group may show is decided in improve/disclosure.py; what stands in its way, and the nearest
one that is allowed, is a view (improve/views/cohorts.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from improve import disclosure
from improve.errors import CohortError
from improve.language import _
from improve.model import Viewer
from improve.store import Store, delete_group, open_group, read_groups, read_organisations, save_group
from improve.views.choice import Choice, group_key, rounds_for
from improve.views.cohorts import check_group, rounds_to_open
from improve.wording import one_line

LONGEST_NAME = 60
_ID_BYTES = 6
"""Of a group's id: its link is not to be guessed, because following it costs one of six."""


def build(store: Store, choice: Choice, name: str, members: Iterable[str]) -> str:
    """Saves a group and opens it for the viewer's organisation; returns its key. Raises CohortError."""
    _refuse_strangers(choice.viewer)
    # What the register does not know would join the group on the day it does.
    wanted = frozenset(members) & {one.code for one in read_organisations(store)}
    named = one_line(name)
    if not 1 <= len(named) <= LONGEST_NAME:
        raise CohortError(
            _("Give the group a name of 1 to {most} characters; this has {n}.").format(
                most=LONGEST_NAME, n=len(named)
            )
        )
    verdict = check_group(store, choice, wanted)
    if verdict.reason is not None:
        raise CohortError(verdict.sentence)
    id_ = secrets.token_urlsafe(_ID_BYTES)
    save_group(store, id_, named, choice.viewer.organisation or "", wanted, _rounds(store, choice))
    return group_key(id_)


def open_(store: Store, choice: Choice, id_: str) -> str:
    """Opens a group, such as one from a link, for the viewer's organisation; returns its key.

    Raises CohortError where there is none, or the organisation has seen as many as it may.
    """
    _refuse_strangers(choice.viewer)
    group = read_groups(store).get(id_)
    if group is None or group.deleted_at is not None:
        raise CohortError(_("There is no such group; it may have been deleted."))
    open_group(store, id_, choice.viewer.organisation or "", _rounds(store, choice))
    return group_key(id_)


def delete(store: Store, viewer: Viewer, id_: str) -> None:
    """Takes a group that the viewer's organisation built off every list. Raises CohortError."""
    _refuse_strangers(viewer)
    if not delete_group(store, id_, viewer.organisation or ""):
        raise CohortError(_("Only the organisation that built a group may delete it."))


def _rounds(store: Store, choice: Choice) -> tuple[str, ...]:
    if choice.round is None or disclosure.benchmark_reason(choice.viewer, choice.round) is not None:
        raise CohortError(_("There are no medians of this round yet."))
    return rounds_to_open(choice.round, rounds_for(store, choice.viewer))


def _refuse_strangers(viewer: Viewer) -> None:
    if not disclosure.may_compare_with_groups(viewer):
        raise CohortError(_("Only people of an organisation, facilitators and the operator build groups."))
