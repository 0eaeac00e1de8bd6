"""What all tests share: hypothesis without a stopwatch, and one demonstration for everybody."""

import fcntl

import hypothesis
import pytest

from improve.opening import fill_demonstration, open_with_register
from improve.store import StoreKind, open_store
from tests.factory import copy_store

# The machine's speed on the day is no property of the code.
hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory, worker_id):
    """The path of a filled demonstration store, closed. Never open it: copy it (`copy_store`).

    All processes of this run share it: it is made by the one that needs it first.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder if worker_id == "master" else folder.parent
    path, coming = folder / "demonstration.duckdb", folder / "coming.duckdb"
    with (folder / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            store = open_with_register(coming, StoreKind.DEMONSTRATION, "512MB")
            fill_demonstration(store)
            store.close()
            coming.rename(path)
    return path


@pytest.fixture(scope="session")
def demonstration_store(demonstration, tmp_path_factory):
    """A filled demonstration store, open, for all tests that only read."""
    store = open_store(copy_store(demonstration, tmp_path_factory.mktemp("read")))
    yield store
    store.close()


@pytest.fixture
def own_demonstration(demonstration, tmp_path):
    """A filled demonstration store, open, for one test that writes."""
    store = open_store(copy_store(demonstration, tmp_path))
    yield store
    store.close()
