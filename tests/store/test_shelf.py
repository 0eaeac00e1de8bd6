"""What is kept: at its revision, the most used of it, and never an old thing under a new revision."""

import pytest

from improve.store.shelf import kept
from tests.factory import make_organisation, make_store


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X1"),))
    yield store
    store.close()


def touch(store, topic):
    with store.write() as transaction:
        transaction.touch(topic)


def test_nothing_is_read_twice_until_one_of_its_topics_moves(store):
    read = iter(range(9))

    def ask(key="a", shelf="things"):
        return kept(store, shelf, key, ("one", "two"), lambda: next(read))

    assert [ask(), ask(), ask("b"), ask(), ask(shelf="others")] == [0, 0, 1, 0, 2]
    touch(store, "three")
    assert ask() == 0
    touch(store, "one")
    assert [ask(), ask(), ask("b")] == [3, 3, 4]
    touch(store, "two")
    assert [ask(), ask()] == [5, 5]


def test_none_is_kept_too(store):
    read = iter([None, 1])
    assert [kept(store, "things", "a", (), lambda: next(read)) for _ in range(2)] == [None, None]


def test_those_used_last_stay(store):
    read = iter(range(99))

    def ask(key):
        return kept(store, "things", key, ("one",), lambda: next(read), most=2)

    assert [ask(key) for key in "abacab"] == [0, 1, 0, 2, 0, 3]
    touch(store, "one")
    assert [ask(key) for key in "ac"] == [4, 5]  # renewed in its place, it is the newest
    assert [ask(key) for key in "ca"] == [5, 4]


def test_what_is_written_while_it_is_read_makes_it_old(store):
    def read():
        touch(store, "one")
        return "old"

    assert kept(store, "things", "a", ("one",), read) == "old"
    assert kept(store, "things", "a", ("one",), lambda: "new") == "new"
