"""Which store is served, how it is made, and how the demonstration is filled."""

import threading

import pytest

from improve import config, opening
from improve.config import Settings
from improve.demo import ROUNDS
from improve.errors import StoreError
from improve.opening import (
    Served,
    fill_demonstration,
    needs_filling,
    new_store,
    open_with_register,
    served_path,
)
from improve.store import (
    StoreKind,
    close_round,
    open_store,
    read_actions,
    read_answers,
    read_assessments,
    read_organisations,
    read_rounds,
    read_staff,
    read_submitted,
    write_responses,
    write_staff,
)
from tests.factory import CARDIFF, copy_store, make_delivery, small_survey

ANSWERS = {"A1": [3, 4, 5, 3, 2, 4, 4, 5, 1, 3]}


def _deliver(store, label, organisation):
    write_responses(store, [make_delivery(small_survey(), label, organisation, ANSWERS)])


@pytest.fixture
def places(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "REAL_STORE", tmp_path / "improve.duckdb")
    monkeypatch.setattr(config, "DEMONSTRATION_STORE", tmp_path / "demonstration.duckdb")
    return tmp_path


def test_served_is_the_store_of_the_settings_else_the_real_else_the_demonstration(places):
    assert served_path(Settings()) == (places / "demonstration.duckdb", StoreKind.DEMONSTRATION)
    (places / "improve.duckdb").touch()
    assert served_path(Settings()) == (places / "improve.duckdb", StoreKind.REAL)
    assert served_path(Settings(store=places / "x")) == (places / "x", StoreKind.REAL)


def test_register_is_written_once_and_renewed_when_it_changed(tmp_path, monkeypatch):
    path = tmp_path / "improve.duckdb"
    open_with_register(path, StoreKind.REAL, "512MB").close()
    store = open_with_register(path, None, "512MB")
    revision = store.revision("register")
    assert len(read_organisations(store)) == 382
    store.close()
    assert open_revision(path) == revision
    first, *others = opening.read_register()
    renamed = [type(first)(**{**_fields(first), "name": "Renamed"}), *others]
    monkeypatch.setattr(opening, "read_register", lambda: renamed)
    store = open_with_register(path, None, "512MB")
    assert {one.code: one.name for one in read_organisations(store)}[first.code] == "Renamed"
    store.close()


def open_revision(path):
    store = open_with_register(path, None, "512MB")
    try:
        return store.revision("register")
    finally:
        store.close()


def _fields(organisation):
    return {name: getattr(organisation, name) for name in organisation.__dataclass_fields__}


def test_new_store_comes_to_be_with_its_first_round(tmp_path):
    path = tmp_path / "improve.duckdb"
    with new_store(path, "512MB") as store:
        _deliver(store, "2026", CARDIFF)
        assert not path.exists()
    assert list(tmp_path.iterdir()) == [path]
    store = open_store(path)
    assert [one.label for one in read_rounds(store)] == ["2026"]
    assert store.kind is StoreKind.REAL
    store.close()


def test_new_store_without_a_round_leaves_nothing(tmp_path):
    with new_store(tmp_path / "improve.duckdb", "512MB"):
        pass
    with pytest.raises(KeyError), new_store(tmp_path / "improve.duckdb", "512MB") as store:
        _deliver(store, "2026", CARDIFF)
        raise KeyError
    assert not list(tmp_path.iterdir())


def test_new_store_never_takes_the_place_of_another(tmp_path):
    path = tmp_path / "improve.duckdb"
    with pytest.raises(StoreError, match="Somebody else made"), new_store(path, "512MB") as store:
        _deliver(store, "2026", CARDIFF)
        path.write_bytes(b"of somebody else")
    assert path.read_bytes() == b"of somebody else"
    with (
        pytest.raises(StoreError, match=r"folder .* does not exist"),
        new_store(tmp_path / "no" / "x", "512MB"),
    ):
        pass


def test_visitors_own_round_is_neither_closed_nor_a_sign_of_unfinished_data(own_demonstration):
    """The label "Pilot" sorts before all of the demonstration's rounds."""
    store = own_demonstration
    assert not needs_filling(store)
    _deliver(store, "Pilot", "TRIAL")
    assert read_rounds(store)[0].label == "Pilot"
    assert not needs_filling(store)
    fill_demonstration(store)
    assert [one.label for one in read_rounds(store) if not one.is_closed] == ["Pilot"]


def test_filling_that_was_cut_short_is_finished(tmp_path, monkeypatch, demonstration):
    """The rounds were closed one by one when the process ended."""
    path = copy_store(demonstration, tmp_path)
    with open_connection(path) as connection:
        connection.execute("update round set closed_at = null where label in ('2023', '2024')")
    store = open_store(path)
    closed = []
    monkeypatch.setattr(
        opening,
        "close_round",
        lambda store, label, **insists: closed.append(label) or close_round(store, label, **insists),
    )
    assert needs_filling(store)
    told = []
    fill_demonstration(store, told.append)
    assert closed == ["2024", "2023"]
    assert told == [1.0]
    assert not needs_filling(store)
    assert [one.label for one in read_rounds(store)] == list(ROUNDS)
    store.close()


def test_demonstration_of_an_earlier_version_gets_its_assessments(tmp_path, monkeypatch, demonstration):
    """Its rounds were closed without any; what a visitor brought in meanwhile does not hinder it."""
    path = copy_store(demonstration, tmp_path)
    with open_connection(path) as connection:
        for table in ("assessment", "assessment_answer", "assessment_section", "benchmark_assessment"):
            connection.execute(f"delete from {table}")
    store = open_store(path)
    _deliver(store, "2026", "TRIAL")
    closed = []
    monkeypatch.setattr(
        opening,
        "close_round",
        lambda store, label, **insists: closed.append(label) or close_round(store, label, **insists),
    )
    assert needs_filling(store)
    fill_demonstration(store)
    assert closed == ["2026", "2025"]
    assert not needs_filling(store)
    assert len(read_submitted(store, "2026", "dma", as_at_closing=True).organisations) == 60
    store.close()


def test_assessments_still_open_are_answered_to_the_end(tmp_path, demonstration):
    """The process ended after the first of those who answer them."""
    path = copy_store(demonstration, tmp_path)
    store = open_store(path)
    known = {code: read_answers(store, read_assessments(store, code, "dma")[-1]) for code in ("DW07", "DW11")}
    store.close()
    with open_connection(path) as connection:
        connection.execute("update round set closed_at = null")
        connection.execute("""
            delete from assessment_answer
            where assessment_id in (select id from assessment where submitted_at is null)
                and answered_by <> (select answered_by from assessment_answer order by id desc limit 1)
        """)
    store = open_store(path)
    fill_demonstration(store)
    for code, answers in known.items():
        found = read_answers(store, read_assessments(store, code, "dma")[-1])
        assert {item: (one.code, one.answered_by) for item, one in found.items()} == {
            item: (one.code, one.answered_by) for item, one in answers.items()
        }
    store.close()


def test_staff_lists_and_actions_are_not_written_twice(tmp_path, monkeypatch, demonstration):
    """The process ended amid them: what a visitor could change stays, what is missing comes."""
    path = copy_store(demonstration, tmp_path)
    with open_connection(path) as connection:
        connection.execute("update round set closed_at = null")
        connection.execute("delete from staff_list where organisation > 'DW03'")
        connection.execute("delete from staff_group where organisation > 'DW03'")
        connection.execute("delete from action where organisation in ('DW05', 'DW07') and aspect <> 'EQP1'")
    store = open_store(path)
    known = {code: read_actions(store, code) for code in ("DE29", "DW03", "DW05")}
    written = []
    monkeypatch.setattr(
        opening,
        "write_staff",
        lambda store, label, code, *rest: written.append(code) or write_staff(store, label, code, *rest),
    )
    fill_demonstration(store)
    assert written == ["DW04", "DW05", "DW06", "DW07", "DW08", "DW09", "DW10", "DW11", "DW13", "DW14"]
    assert read_staff(store, "2026", "DW14") is not None
    assert read_staff(store, "2026", "DW12") is None
    for code in ("DE29", "DW03"):
        assert read_actions(store, code) == known[code]
    assert read_actions(store, "DW05")[0].id == known["DW05"][0].id
    assert [one.aspect for one in read_actions(store, "DW05")] == ["EQP1", "EQP2"]
    assert {one.aspect: one.closed_on is None for one in read_actions(store, "DW07")} == {
        "EQP3": False,
        "SUP1": True,
        "PAR2": True,
    }
    store.close()


def open_connection(path):
    import duckdb

    return duckdb.connect(str(path))


def test_real_store_is_never_filled(tmp_path):
    store = open_with_register(tmp_path / "improve.duckdb", StoreKind.REAL, "512MB")
    assert not needs_filling(store)
    with pytest.raises(StoreError, match="Only a demonstration store"):
        fill_demonstration(store)
    assert read_rounds(store) == ()
    store.close()


def test_served_opens_once_and_fills_behind(places, monkeypatch):
    may_end = threading.Event()

    def fill(store, tell):
        tell(0.5)
        may_end.wait(30)

    monkeypatch.setattr(opening, "fill_demonstration", fill)
    served = Served()
    store = served.open(Settings())
    assert served.open(Settings()) is store
    assert store.path == places / "demonstration.duckdb"
    assert not served.is_ready
    may_end.set()
    served.wait()
    assert served.is_ready
    assert served.share == 0.5
    assert served.failure is None
    served.close()
    assert served.store is None
    # The file is free again.
    open_store(store.path).close()


def test_served_remembers_why_filling_failed(places, monkeypatch):
    def fill(_store, _tell):
        raise StoreError("no room")

    monkeypatch.setattr(opening, "fill_demonstration", fill)
    served = Served()
    served.open(Settings())
    served.wait()
    assert str(served.failure) == "no room"
    served.close()
