"""What readers keep of a store: kept at the revision it was read at, shared by everybody.

Nothing that depends on a viewer is ever kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

from improve.store.door import Store

_LOCK = Lock()
Kept = TypeVar("Kept")


def kept(
    store: Store,
    shelf: str,
    key: Hashable,
    topics: tuple[str, ...],
    read: Callable[[], Kept],
    most: int = 12,
) -> Kept:
    """What `read` gives, read again when one of the topics was written since.

    Of a shelf, the `most` that were used last stay. A shelf holds one kind of thing.
    """
    # Taken before the rows it dates: what is written meanwhile makes them old, never falsely new.
    revision = tuple(store.revision(topic) for topic in topics)
    with _LOCK:
        things: OrderedDict[Hashable, tuple[tuple[int, ...], Kept]] = store.kept.setdefault(
            shelf, OrderedDict()
        )
        found = things.get(key)
        if found is not None and found[0] == revision:
            things.move_to_end(key)
            return found[1]
    thing = read()
    with _LOCK:
        things[key] = (revision, thing)
        things.move_to_end(key)
        while len(things) > most:
            things.popitem(last=False)
    return thing
