"""What all tests share: hypothesis without a stopwatch, and one demonstration for everybody."""

import hypothesis
import pytest

from improve.opening import fill_demonstration, open_with_register
from improve.store import StoreKind, open_store
from tests.factory import copy_store

# The machine's speed on the day is no property of the code.
hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The path of a filled demonstration store, closed. Never open it: copy it (`copy_store`)."""
    path = tmp_path_factory.mktemp("demonstration") / "demonstration.duckdb"
    store = open_with_register(path, StoreKind.DEMONSTRATION, "512MB")
    fill_demonstration(store)
    store.close()
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
