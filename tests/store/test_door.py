"""The door: who may open a store, what its transactions promise, what is locked."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from improve.errors import StoreError, StoreHeldError
from improve.store import (
    StoreKind,
    check_store,
    open_store,
    read_imports,
    read_rounds,
    write_organisations,
    write_responses,
)
from improve.store.door import MIGRATIONS
from tests.factory import CARDIFF, SWANSEA, make_delivery, make_organisation, make_store, small_survey
from tests.store.skill import skilled_survey

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X1"), make_organisation("X2")))
    yield store
    store.close()


def names(store):
    return [row[1] for row in store.rows("organisations")]


def open_elsewhere(path):
    """What another process gets when it opens the store."""
    code = (
        "import sys; from pathlib import Path\n"
        "from improve.errors import ImproveError\n"
        "from improve.store import open_store\n"
        "try:\n"
        "    open_store(Path(sys.argv[1])).close(); print('opened')\n"
        "except ImproveError as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


# ── Transactions and revisions ─────────────────────────────────────────────────────────────────


def test_a_revision_moves_with_each_committed_write_and_its_topic_alone(store):
    before = store.revision("register"), store.revision("survey/2026"), store.revision("survey/2025")
    survey = small_survey()
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1]})])
    write_responses(store, [make_delivery(survey, "2026", "X2", {"A1": [1]})])
    after = store.revision("register"), store.revision("survey/2026"), store.revision("survey/2025")
    assert after == (before[0], before[1] + 2, before[2])


def test_a_rollback_leaves_rows_and_revision(store):
    before = store.revision("register"), store.rows("organisations")
    with pytest.raises(KeyboardInterrupt), store.write() as transaction:
        transaction.run("insert_round", {"label": "2030", "now": read_now()})
        transaction.touch("rounds")
        assert transaction.rows("rounds")
        raise KeyboardInterrupt
    assert read_rounds(store) == ()
    assert store.revision("rounds") == 0
    assert (store.revision("register"), store.rows("organisations")) == before
    write_organisations(store, [make_organisation("X3")])  # the lock was let go of
    assert store.revision("register") == before[0] + 1


def read_now():
    from datetime import datetime

    return datetime(2026, 5, 1)


def test_a_revision_survives_closing(store):
    write_organisations(store, [make_organisation("X3")])
    revision = store.revision("register")
    store.close()
    again = open_store(store.path)
    assert again.revision("register") == revision
    again.close()


def test_a_failing_commit_tells_its_own_error(store):
    """Not "no transaction is active", which the rollback after it would say."""
    with pytest.raises(duckdb.TransactionException, match="duplicate key"), store.write() as transaction:
        transaction.run("insert_round", {"label": "2030", "now": read_now()})
        with store.write() as inner:
            inner.run("insert_round", {"label": "2030", "now": read_now()})
    assert [one.label for one in read_rounds(store)] == ["2030"]


def test_nobody_sees_a_write_before_it_is_committed(store):
    with store.write() as transaction:
        transaction.run("insert_round", {"label": "2030", "now": read_now()})
        assert store.rows("rounds") == []
    assert len(store.rows("rounds")) == 1


def test_threads_never_get_each_others_rows(store):
    """A connection shared by threads hands one the other's rows; a cursor per query must not."""
    codes = [f"Y{number}" for number in range(40)]
    survey = small_survey()
    write_organisations(store, [make_organisation(code) for code in codes])
    for round_, code in enumerate(codes[:8]):
        write_responses(store, [make_delivery(survey, str(2000 + round_), code, {"A1": [1] * (round_ + 1)})])
    wrong, ends = [], threading.Event()

    def read(place):
        wanted = {"round": str(2000 + place), "instrument": "small"}
        while not ends.is_set():
            found = store.rows("participations", wanted)
            _members, table = store.read_together("participations", "item_counts", wanted)
            if found != [(codes[place], "1.0", None, place + 1)] or table["n"].to_pylist() != [place + 1]:
                wrong.append((place, found))

    def write():
        number = 0
        while not ends.is_set():
            number += 1
            write_organisations(store, [make_organisation("Z", name=f"Town {number}")])

    threads = [threading.Thread(target=read, args=(place,)) for place in range(8)]
    threads.append(threading.Thread(target=write))
    for thread in threads:
        thread.start()
    ends.wait(2)
    ends.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_reading_together_sees_one_moment(store):
    """Rows and table of one read belong together, however many writes fall between them."""
    survey = small_survey()
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1]})])
    wrong, ends = [], threading.Event()

    def read():
        while not ends.is_set():
            members, table = store.read_together(
                "participations", "item_counts", {"round": "2026", "instrument": "small"}
            )
            if [member[3] for member in members] != table["asked"].to_pylist():
                wrong.append((members, table.to_pylist()))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for people in range(1, 16):
        write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1] * people})], replace=True)
    ends.set()
    for thread in threads:
        thread.join()
    assert wrong == []


# ── Locked down ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{outside}/secret.csv')",
        "select * from read_text('{outside}/secret.csv')",
        "select * from '{outside}/secret.csv'",
        "attach '{outside}/other.duckdb' as other",
        "attach '{outside}/backups-of-another/other.duckdb' as other",
        "attach '{outside}/backups/../other.duckdb' as other",
        "copy organisation to '{outside}/leak.csv'",
        "export database '{outside}/leak'",
        "install spatial",
        "load spatial",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set memory_limit = '64GB'",
        "set lock_configuration = false",
    ],
)
def test_no_cursor_reaches_anything_else(store, tmp_path, statement):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups-of-another").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with store._cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement.format(outside=tmp_path)).fetchall()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_python_variable_is_no_table(store):
    import pyarrow as pa

    hidden = pa.table({"a": [1]})
    assert hidden.num_rows == 1
    with store._cursor() as cursor, pytest.raises(duckdb.CatalogException):
        cursor.execute("select * from hidden")


# ── One process ────────────────────────────────────────────────────────────────────────────────


def test_another_process_is_told_who_holds_the_store_even_after_a_backup(store):
    """The lock is a POSIX one: any other handle on the file, closed in this process, would drop it."""
    sentence = f"StoreHeldError The store {store.path} is in use by another process (number {os.getpid()})."
    assert open_elsewhere(store.path) == sentence
    store.backup()
    write_organisations(store, [make_organisation("X3")])
    assert open_elsewhere(store.path) == sentence
    store.close()
    assert open_elsewhere(store.path) == "opened"


def test_the_lock_outlives_a_migration(tmp_path, newer):
    make_store(tmp_path, organisations=()).close()
    store = open_store(tmp_path / "store.duckdb", migrations=newer)
    assert open_elsewhere(store.path).startswith("StoreHeldError")
    store.close()


def test_the_same_process_does_not_open_a_store_twice(store):
    with pytest.raises(StoreHeldError, match="open in this very process"):
        open_store(store.path)
    assert names(store) == ["Town X1", "Town X2"]
    write_organisations(store, [make_organisation("X3")])


# ── Opening what is not a store, or not ours ───────────────────────────────────────────────────


def test_nothing_there(tmp_path):
    with pytest.raises(StoreError, match=r"^There is no store at .*none\.duckdb\.$"):
        open_store(tmp_path / "none.duckdb")
    with pytest.raises(StoreError, match=r"^The folder .*nowhere does not exist\.$"):
        open_store(tmp_path / "nowhere" / "none.duckdb", make=StoreKind.REAL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"gss_code,short_name\n" * 1000, os.urandom(8192)])
def test_a_file_that_is_no_database(tmp_path, content):
    path = tmp_path / "store.duckdb"
    path.write_bytes(content)
    for make in (None, StoreKind.REAL):
        with pytest.raises(StoreError, match=r"store\.duckdb cannot be opened as a store: "):
            open_store(path, make=make)
    assert path.read_bytes() == content


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened as a store"):
        open_store(tmp_path, make=StoreKind.REAL)


@pytest.mark.parametrize(
    "tables",
    [
        "create table sales (amount integer)",
        "create table meta (key varchar, text varchar)",
        "create table meta (name varchar, value varchar)",
        "create table meta (name varchar, value varchar); insert into meta values ('version', 'two')",
    ],
)
def test_a_database_of_somebody_else_is_refused_and_left_alone(tmp_path, tables):
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(tables)
    for make in (None, StoreKind.REAL):
        with pytest.raises(StoreError, match="is a database, but not a store of Improve"):
            open_store(path, make=make)
    with duckdb.connect(str(path)) as connection:
        assert len(connection.execute("show tables").fetchall()) == 1


def test_an_empty_database_is_a_store_only_when_one_is_made(tmp_path):
    """What a first start leaves that was killed before its tables were committed."""
    path = tmp_path / "store.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(StoreError, match="is an empty database, not a store"):
        open_store(path)
    store = open_store(path, make=StoreKind.DEMONSTRATION)
    assert store.kind is StoreKind.DEMONSTRATION
    store.close()


def test_a_store_keeps_its_kind_for_life(tmp_path):
    make_store(tmp_path, organisations=()).close()
    store = open_store(tmp_path / "store.duckdb", make=StoreKind.DEMONSTRATION)
    assert store.kind is StoreKind.REAL
    store.close()


# ── Migrations ─────────────────────────────────────────────────────────────────────────────────


SHIPPED = len(list(MIGRATIONS.glob("*.sql")))
"""The version of a store that is made now."""


def migrations(folder, *more):
    """The shipped migrations and some more, each SQL."""
    folder.mkdir()
    shipped = sorted(MIGRATIONS.glob("*.sql"))
    for file in shipped:
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    for number, sql in enumerate(more, start=len(shipped) + 1):
        (folder / f"{number:04}_more.sql").write_text(sql, encoding="utf-8")
    return folder


@pytest.fixture
def newer(tmp_path):
    return migrations(
        tmp_path / "newer",
        "alter table round add column note varchar; update round set note = 'of old';",
        "create table extra (id integer); insert into extra values (1);",
    )


def dump(path):
    """Every row of every table of a closed store."""
    with duckdb.connect(str(path)) as connection:
        tables = [name for (name,) in connection.execute("show tables").fetchall()]
        return {
            name: connection.execute(f'select * from "{name}" order by all').fetchall() for name in tables
        }


def test_an_older_store_is_migrated_after_a_copy_was_laid_beside_it(tmp_path, newer):
    make_store(tmp_path, {"2026": {CARDIFF: {"A1": [1, 2, 3]}, SWANSEA: {"A1": [5]}}}).close()
    path = tmp_path / "store.duckdb"
    old = dump(path)

    store = open_store(path, migrations=newer)
    assert check_store(store) == []
    assert [one.organisation for one in read_imports(store)] == [CARDIFF, SWANSEA]
    store.close()
    new = dump(path)
    assert [row[-1] for row in new["round"]] == ["of old"]
    assert new["extra"] == [(1,)]
    assert dict(new["meta"])["version"] == str(SHIPPED + 2)

    (copy,) = tmp_path.glob(f"store.before-version-{SHIPPED + 2}-*.duckdb")
    assert dump(copy) == old
    again = open_store(copy)
    assert check_store(again) == []
    again.close()

    open_store(path, migrations=newer).close()  # nothing left to do, so no second copy
    assert len(list(tmp_path.glob("store.before-version-*"))) == 1


def as_of_version_1(path, target):
    """A closed store's file as Improve had written it before there was a second migration."""
    with duckdb.connect(str(target)) as connection:
        connection.execute((MIGRATIONS / "0001_tables.sql").read_text(encoding="utf-8"))
        tables = [name for (name,) in connection.execute("show tables").fetchall()]
        connection.execute(f"attach '{path}' as newer (read_only)")
        for name in tables:
            columns = [column for column, *_rest in connection.execute(f'describe "{name}"').fetchall()]
            connection.execute(f'insert into "{name}" select {", ".join(columns)} from newer."{name}"')
        connection.execute("update meta set value = '1' where name = 'version'")
    return target


ANSWERED = {
    ("A1", "importance"): [5, 4, 5, None],
    ("A1", "satisfaction"): [1, 2, 3, 4],
    ("A2", "importance"): [2, 3, 2, 5],
    ("A2", "satisfaction"): [2, 2, 5, 1],
    "S1": [4, 2, 0, 3],
    "S2": [3, None, 2, 3],
    "HOURS": [7.5, 8.0, None, 1.0],
}
ANEW = {
    "gap of A1": {("A1", "importance"): [5, 4, 5, 1]},
    "gap of A2": {("A2", "satisfaction"): [1, 1, 1, 1]},
    "skills": {"S2": [0, 0, 0, 0]},
}


LEFT_OUT = {("2025", "X1", "A1"), ("2025", "X2", "A2")}


def test_a_store_of_version_1_gets_what_it_would_have_had(tmp_path):
    """Indexes, and the gaps and indexes of closed rounds, as if they had been derived all along."""
    codes = ("X1", "X2", "X3", "X4")
    survey = skilled_survey()
    store = make_store(
        tmp_path,
        {label: dict.fromkeys(codes, ANSWERED) for label in ("2024", "2025", "2026")},
        survey=survey,
        organisations=tuple(make_organisation(code) for code in (*codes, "X5")),
        closed=("2024", "2025"),
    )
    for code, anew in zip(codes, ANEW.values(), strict=False):
        write_responses(store, [make_delivery(survey, "2025", code, ANSWERED | anew)], replace=True)
    write_responses(store, [make_delivery(survey, "2025", "X5", ANSWERED)])
    store.close()
    wanted = dump(store.path)
    assert {len(wanted[name]) for name in ("benchmark_gap", "benchmark_index")} == {16}

    path = as_of_version_1(store.path, tmp_path / "old.duckdb")
    migrated = open_store(path)
    assert check_store(migrated) == []
    copy = migrated.backup()
    migrated.close()
    found = dump(path)
    # What came in after the closing must not enter: those three things are left out.
    gone = {
        "benchmark_gap": [row for row in wanted["benchmark_gap"] if (row[0], row[1], row[4]) in LEFT_OUT],
        "benchmark_index": [row for row in wanted["benchmark_index"] if row[:2] == ("2025", "X3")],
    }
    assert [len(rows) for rows in gone.values()] == [2, 2]
    for name, rows in wanted.items():
        assert found[name] == [row for row in rows if row not in gone.get(name, ())], name
    again = open_store(copy)
    assert check_store(again) == []
    again.close()
    assert dump(copy) == found


def test_the_copy_has_what_a_killed_process_left_in_the_log(tmp_path, newer):
    """A store that was not closed has its last writes in a file beside it."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tests.factory import make_store, CARDIFF\n"
        "store = make_store(Path(sys.argv[1]), {'2026': {CARDIFF: {'A1': [1, 2, 3]}}})\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)
    path = tmp_path / "store.duckdb"
    assert path.with_name("store.duckdb.wal").stat().st_size > 0
    open_store(path, migrations=newer).close()
    (copy,) = tmp_path.glob(f"store.before-version-{SHIPPED + 2}-*.duckdb")
    assert len(dump(copy)["answer"]) == len(dump(path)["answer"]) == 3


def test_a_store_of_a_newer_version_is_refused(tmp_path, newer):
    make_store(tmp_path, organisations=()).close()
    path = tmp_path / "store.duckdb"
    open_store(path, migrations=newer).close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert str(caught.value) == (
        f"{path} was made by a newer Improve (store version {SHIPPED + 2}; this one knows up to "
        f"{SHIPPED}). "
        "Update Improve, or restore an older backup."
    )
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path):
    broken = migrations(
        tmp_path / "broken",
        "alter table round add column note varchar;",
        "insert into round select * from round;",
    )
    make_store(tmp_path, {"2026": {CARDIFF: {"A1": [1, 2, 3]}}}).close()
    path = tmp_path / "store.duckdb"
    old = dump(path)
    with pytest.raises(
        StoreError, match=r"could not be made or renewed, and are as they were: .*uplicate key"
    ):
        open_store(path, migrations=broken)
    assert dump(path) == old
    store = open_store(path)
    write_organisations(store, [make_organisation("X1")])
    store.close()


def test_no_migration_without_a_copy(tmp_path, newer, monkeypatch):
    def full(_source, _target):
        raise OSError(28, "No space left on device")

    make_store(tmp_path, organisations=()).close()
    path = tmp_path / "store.duckdb"
    monkeypatch.setattr("improve.store.door.shutil.copy2", full)
    with pytest.raises(StoreError, match="no copy can be laid beside it first: No space left on device"):
        open_store(path, migrations=newer)
    open_store(path).close()


def test_a_first_start_that_fails_can_be_tried_again(tmp_path):
    broken = migrations(tmp_path / "broken", "select * from nothing_there;")
    with pytest.raises(StoreError, match="nothing_there"):
        open_store(tmp_path / "store.duckdb", make=StoreKind.REAL, migrations=broken)
    store = open_store(tmp_path / "store.duckdb", make=StoreKind.REAL)
    assert store.kind is StoreKind.REAL
    store.close()


# ── Backup ─────────────────────────────────────────────────────────────────────────────────────


def test_a_backup_taken_while_others_write_is_one_whole_moment(tmp_path):
    survey = small_survey()
    store = make_store(tmp_path, {"2026": {CARDIFF: {"A1": [1] * 50, ("A1", "importance"): [5] * 50}}})
    ends, written = threading.Event(), []

    def write():
        while not ends.is_set():
            one = make_delivery(survey, "2026", SWANSEA, {"A1": [2, 3], ("A1", "importance"): [4, None]})
            write_responses(store, [one], replace=len(written) % 3 == 0)
            written.append(store.revision("survey/2026"))

    thread = threading.Thread(target=write)
    thread.start()
    copies = []
    while len(copies) < 5:
        copies.append((len(written), store.backup()))
    ends.set()
    thread.join()
    assert check_store(store) == []
    store.close()
    assert written, "nothing was written meanwhile"
    revisions = []
    for before, copy in copies:
        assert not copy.with_name(copy.name + ".wal").exists()
        again = open_store(copy)
        assert again.kind is StoreKind.REAL
        assert check_store(again) == []
        revisions.append(again.revision("survey/2026"))
        assert revisions[-1] >= (written[before - 1] if before else 0)
        again.close()
    assert revisions == sorted(revisions)


def test_a_write_need_not_wait_for_a_backup(store):
    with store._copying:
        write_organisations(store, [make_organisation("X3")])
    assert "Town X3" in names(store)


def test_a_backup_that_fails_leaves_no_half_file(store, monkeypatch):
    store.backups.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match="The backup could not be written: "):
        store.backup()
    store.backups.unlink()
    with monkeypatch.context() as patch:
        # The new file is there already when the database to copy turns out to be none.
        patch.setattr("improve.store.door._quoted", lambda text, mark: f"'{text}'" if mark == "'" else "none")
        with pytest.raises(StoreError, match=r"The backup could not be written: .*none"):
            store.backup()
    assert list(store.backups.iterdir()) == []
    copy = store.backup()
    assert list(store.backups.iterdir()) == [copy]
