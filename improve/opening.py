"""Which store is served, and how it comes to be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from improve import config
from improve.demo import (
    MATURITY_ROUNDS,
    READINESS_ROUNDS,
    ROUNDS,
    demonstration_assessments,
    demonstration_batches,
    demonstration_contributions,
    demonstration_partnerships,
    demonstration_staff,
    read_demonstration_register,
    read_planned_actions,
)
from improve.errors import StoreError
from improve.instruments import Maturity, Readiness, Survey, read_library
from improve.language import _
from improve.register import read_register
from improve.store import (
    Delivery,
    Store,
    StoreKind,
    close_action,
    close_round,
    open_store,
    read_actions,
    read_answers,
    read_assessed_benchmarks,
    read_assessed_rounds,
    read_assessments,
    read_maturities,
    read_partnerships,
    read_rounds,
    read_staff,
    write_action,
    write_answers,
    write_assessments,
    write_organisations,
    write_partnerships,
    write_responses,
    write_staff,
)

DEMONSTRATION_SURVEYS = {"satisfaction": 0.85, "user_skills": 0.05}
"""The instruments that the demonstration's people answer, the main one first, and their share of the work."""
DEMONSTRATION_MATURITY = "dma"
"""The instrument of its assessments."""
DEMONSTRATION_READINESS = "rasp"
"""The instrument of its partnerships."""
DEMONSTRATION_FILE = "demonstration"
"""What its answers and staff lists give as the file they came from."""
Progress = Callable[[float], None]


def served_path(settings: config.Settings) -> tuple[Path, StoreKind]:
    """The store of the settings; else the real one when there is one; else the demonstration."""
    if settings.store is not None:
        return settings.store, StoreKind.REAL
    if config.REAL_STORE.exists():
        return config.REAL_STORE, StoreKind.REAL
    return config.DEMONSTRATION_STORE, StoreKind.DEMONSTRATION


def open_with_register(path: Path, make: StoreKind | None, memory: str) -> Store:
    """Opens a store (with `make`, a missing one is made) and brings its register up to date."""
    store = open_store(path, make=make, memory=memory)
    try:
        is_real = store.kind is StoreKind.REAL
        write_organisations(store, read_register() if is_real else read_demonstration_register())
    except BaseException:
        store.close()
        raise
    return store


@contextmanager
def new_store(path: Path, memory: str) -> Iterator[Store]:
    """A new real store, which comes to be at `path` only if anything was taken in meanwhile.

    So a first import that is refused, or only tried, leaves nothing behind. Raises StoreError when
    the folder is missing, or when somebody else made a store there before this one was finished.
    """
    path = path.resolve()
    if not path.parent.is_dir():
        raise StoreError(_("The folder {path} does not exist.").format(path=path.parent))
    # In the same folder, because a file is not moved from one disk to another at once.
    with TemporaryDirectory(prefix=".new-store-", dir=path.parent) as folder:
        coming = Path(folder) / path.name
        store = open_with_register(coming, StoreKind.REAL, memory)
        try:
            yield store
            is_kept = bool(read_rounds(store) or read_maturities(store))
        finally:
            store.close()
        if is_kept:
            if path.exists():
                raise StoreError(
                    _("Somebody else made {path} meanwhile. Nothing was stored; try again.").format(path=path)
                )
            coming.rename(path)


def needs_filling(store: Store) -> bool:
    """Whether this is a demonstration whose data were not (or not wholly) made yet.

    Not wholly is also one that an earlier version made, without assessments.
    """
    # The oldest of its rounds is closed last. A visitor's own rounds do not matter.
    return store.kind is StoreKind.DEMONSTRATION and bool(_unfinished(store))


def _unfinished(store: Store) -> list[str]:
    """The demonstration's rounds that have to be closed, the newest first: again, where the benchmark lacks
    assessments, of maturity or of readiness."""
    closed = {one.label for one in read_rounds(store) if one.is_closed}
    wanted = {(label, DEMONSTRATION_MATURITY) for label in MATURITY_ROUNDS}
    wanted |= {(label, DEMONSTRATION_READINESS) for label in READINESS_ROUNDS}
    lacking = {label for label, _instrument in wanted - read_assessed_benchmarks(store)}
    return [label for label in reversed(ROUNDS) if label not in closed or label in lacking]


def fill_demonstration(store: Store, progress: Progress | None = None) -> None:
    """Makes the demonstration's rounds: all answers in one transaction, then each round is closed.

    Staff lists, actions, assessments and partnerships come between: what is there already stays as it is.
    """
    tell = progress or (lambda _share: None)
    library = read_library()
    surveys = [one for one in map(library.get, DEMONSTRATION_SURVEYS) if isinstance(one, Survey)]
    maturity, readiness = library.get(DEMONSTRATION_MATURITY), library.get(DEMONSTRATION_READINESS)
    is_demonstration = store.kind is StoreKind.DEMONSTRATION and len(surveys) == len(DEMONSTRATION_SURVEYS)
    if not (is_demonstration and isinstance(maturity, Maturity) and isinstance(readiness, Readiness)):
        raise StoreError(_("Only a demonstration store is filled with demonstration data."))
    if ROUNDS[0] not in {one.label for one in read_rounds(store)}:
        write_responses(store, _deliveries(surveys, tell))
    for organisation, groups in demonstration_staff(surveys[0]):
        if read_staff(store, ROUNDS[-1], organisation) is None:
            write_staff(store, ROUNDS[-1], organisation, groups, DEMONSTRATION_FILE, "")
    _write_actions(store)
    _write_assessments(store, maturity)
    _write_partnerships(store, readiness)
    for label in _unfinished(store):
        # An earlier version closed them without assessments: nobody has compared medians of those.
        close_round(store, label, even_if_few_change=True)
    tell(1.0)


def _deliveries(surveys: Sequence[Survey], tell: Progress) -> Iterator[Delivery]:
    """All answers of the demonstration, survey by survey; tells how far they are."""
    done = 0.0
    for survey in surveys:
        begun, part = done, DEMONSTRATION_SURVEYS[survey.id]

        def told(share: float, begun: float = begun, part: float = part) -> None:
            tell(begun + share * part)

        for entry in demonstration_batches(survey, told):
            yield Delivery(
                round=entry.round,
                organisation=entry.organisation,
                survey=survey,
                batch=entry.batch,
                invited=entry.invited,
                opened_on=entry.opened,
                closed_on=entry.closed,
                reminders=entry.reminders,
                file_name=DEMONSTRATION_FILE,
                rows_read=entry.batch.n,
            )
        done += part


def _write_actions(store: Store) -> None:
    """Writes down the actions that are not there yet."""
    for one in read_planned_actions():
        known = {(action.aspect, action.what) for action in read_actions(store, one.organisation)}
        if (one.aspect, one.what) not in known:
            action_id = write_action(
                store, None, one.organisation, one.aspect, one.what, one.done_on, one.done_by
            )
            if one.closed_on is not None:
                close_action(store, action_id, one.organisation, one.closed_on)


def _write_assessments(store: Store, instrument: Maturity) -> None:
    """Stores the assessments all at once, then the answers of those that are still open, one by one."""
    if not read_assessed_rounds(store, instrument.id) & set(MATURITY_ROUNDS):
        write_assessments(store, instrument, demonstration_assessments(instrument))
    for one in demonstration_contributions(instrument):
        assessment = read_assessments(store, one.organisation, instrument.id)[-1]
        if one.by not in {answer.answered_by for answer in read_answers(store, assessment).values()}:
            write_answers(store, assessment, one.answers, one.by, one.answered_at)


def _write_partnerships(store: Store, instrument: Readiness) -> None:
    """Stores the partnerships all at once; a visitor's own do not matter."""
    pasts = demonstration_partnerships(instrument)
    if not {one.name for one in read_partnerships(store).values()} & {one.name for one in pasts}:
        write_partnerships(store, instrument, pasts)


class Served:
    """The one store that this process serves, and how far its demonstration data are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.store: Store | None = None
        self.share = 1.0
        self.failure: Exception | None = None
        self._filling: threading.Thread | None = None

    def open(self, settings: config.Settings) -> Store:
        """Opens the served store once; demonstration data are made in the background."""
        with self._lock:
            if self.store is None:
                path, kind = served_path(settings)
                self.store = open_with_register(path, kind, settings.memory)
                if needs_filling(self.store):
                    self.share = 0.0
                    self._filling = threading.Thread(target=self._fill, name="demonstration", daemon=True)
                    self._filling.start()
            return self.store

    def _fill(self) -> None:
        assert self.store is not None
        try:
            fill_demonstration(self.store, self._told)
        except Exception as error:
            self.failure = error

    def _told(self, share: float) -> None:
        self.share = share

    @property
    def is_ready(self) -> bool:
        """Whether there is something to show."""
        return self._filling is None or not self._filling.is_alive()

    def wait(self) -> None:
        """Returns when the demonstration data are made."""
        if self._filling is not None:
            self._filling.join()

    def close(self) -> None:
        """Lets go of the store (for tests, and at the end of the process)."""
        with self._lock:
            if self.store is not None:
                self.wait()
                self.store.close()
                self.store = None


served = Served()
