"""The only door to DuckDB: one connection, a cursor per query, writes in one short transaction.

The process that opens a store keeps it; DuckDB refuses every other process (readers too) until it
is closed. Nothing here or elsewhere may open the file in any other way meanwhile: the lock is a
POSIX one, and closing a second handle would drop it.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from improve.errors import StoreError, StoreHeldError
from improve.language import _

MIGRATIONS = Path(__file__).parent / "migrations"
QUERIES = Path(__file__).parent / "queries"

_LOG = logging.getLogger(__name__)
Parameters = Mapping[str, Any]


class StoreKind(StrEnum):
    """What a store holds, for life; the two never mix."""

    DEMONSTRATION = "demonstration"
    REAL = "real"


@cache
def _query(name: str) -> str:
    return (QUERIES / (name + ".sql")).read_text(encoding="utf-8")


@cache
def _migrations(folder: Path) -> tuple[tuple[int, str], ...]:
    """The migrations of a folder as (version it makes, SQL), in order."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return tuple((int(file.name[:4]), file.read_text(encoding="utf-8")) for file in files)


def _quoted(text: str, mark: str) -> str:
    """An identifier or literal for the statements that take no parameter (attach, copy from)."""
    return mark + text.replace(mark, mark + mark) + mark


class Transaction:
    """One write: everything in it becomes visible at once, or nothing does."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self.topics: set[str] = set()

    def rows(self, name: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query file, seen from inside this write."""
        return self._cursor.execute(_query(name), dict(parameters or {})).fetchall()

    def run(
        self, name: str, parameters: Parameters | None = None, tables: Mapping[str, pa.Table] | None = None
    ) -> None:
        """Runs a statement file; `tables` are visible to it under their names."""
        for key, table in (tables or {}).items():
            self._cursor.register(key, table)
        try:
            self._cursor.execute(_query(name), dict(parameters or {}))
        finally:
            for key in tables or {}:
                self._cursor.unregister(key)

    def touch(self, topic: str) -> None:
        """Moves the revision of a topic with this write."""
        self.topics.add(topic)


@contextmanager
def _whole(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All statements inside are committed together, or none of them."""
    connection.execute("begin transaction")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # A commit that failed has ended the transaction; its own error is the one to be told.
        with suppress(duckdb.TransactionException):
            connection.execute("rollback")
        raise


class Store:
    """An open store. Made by `open_store`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._writing = threading.RLock()
        self._copying = threading.Lock()
        self.path = path
        self.backups = backups_of(path)
        self.kind = StoreKind(self.rows("meta", {"name": "kind"})[0][0])
        self._revisions: dict[str, int] = dict(self.rows("revisions"))
        self.kept: dict[str, Any] = {}
        """What readers keep at a revision (see counts.py); the store itself never looks inside."""

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def rows(self, name: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query file, as tuples."""
        with self._cursor() as cursor:
            return cursor.execute(_query(name), dict(parameters or {})).fetchall()

    def table(self, name: str, parameters: Parameters | None = None) -> pa.Table:
        """All rows of a query file, as one Arrow table (lists leave DuckDB fast this way)."""
        with self._cursor() as cursor:
            return cursor.execute(_query(name), dict(parameters or {})).to_arrow_table()

    def read_together(
        self, rows_query: str, table_query: str, parameters: Parameters
    ) -> tuple[list[tuple[Any, ...]], pa.Table]:
        """The rows of one query file and the table of another, both as of the same moment."""
        with self._cursor() as cursor:
            cursor.execute("begin transaction read only")
            rows = cursor.execute(_query(rows_query), dict(parameters)).fetchall()
            table = cursor.execute(_query(table_query), dict(parameters)).to_arrow_table()
            cursor.execute("commit")
            return rows, table

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One write transaction under the store's one lock; revisions move when it is committed."""
        with self._writing, self._cursor() as cursor:
            with _whole(cursor):
                transaction = Transaction(cursor)
                yield transaction
                moved = dict(transaction.rows("move_revisions", {"topics": sorted(transaction.topics)}))
            self._revisions.update(moved)

    def revision(self, topic: str) -> int:
        """How often this topic was written. Free of cost; take it before the rows it dates."""
        return self._revisions.get(topic, 0)

    def backup(self) -> Path:
        """Writes a consistent copy into the backups folder while others read and write.

        Returns the new file. It is a whole store: `restore` takes it back.
        """
        with self._copying, self._cursor() as cursor:
            target = self.backups / (self.path.stem + "-" + _stamp() + ".duckdb")
            own = cursor.execute("select current_database()").fetchall()[0][0]
            try:
                self.backups.mkdir(exist_ok=True)
                cursor.execute("attach " + _quoted(str(target), "'") + " as backup_copy")
                cursor.execute("copy from database " + _quoted(own, '"') + " to backup_copy")
                cursor.execute("detach backup_copy")
            except (duckdb.Error, OSError) as error:
                with suppress(duckdb.TransactionException):
                    cursor.execute("rollback")
                cursor.execute("detach database if exists backup_copy")
                with suppress(OSError):
                    target.unlink()
                raise StoreError(
                    _("The backup could not be written: {reason}").format(reason=_first_line(error))
                ) from error
        return target

    def close(self) -> None:
        """Lets go of the file. Every cursor still open dies with it."""
        self._connection.close()


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def backups_of(path: Path) -> Path:
    """The one folder into which a store may write copies of itself."""
    return path.parent / "backups"


def _connect(path: Path, memory: str) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(
            str(path),
            config={
                "memory_limit": memory,
                "threads": min(4, os.cpu_count() or 1),
                "temp_directory": str(path.with_name(path.name + ".tmp")),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                # Statistics know nothing of rows not yet committed: DuckDB would keep a whole import
                # in memory to join it with one row. So the right side of a join is what is kept.
                "disabled_optimizers": "build_side_probe_side",
            },
        )
    except duckdb.Error as error:
        holder = re.search(r"lock.*PID (\d+)", str(error), re.DOTALL)
        if holder:
            raise StoreHeldError(
                _("The store {path} is in use by another process (number {process}).").format(
                    path=path, process=holder.group(1)
                )
            ) from error
        raise StoreError(
            _("{path} cannot be opened as a store: {reason}").format(path=path, reason=_first_line(error))
        ) from error
    if connection.execute("select current_setting('lock_configuration')").fetchall()[0][0]:
        # DuckDB shares a file that this process has open already; two locks for writes must not.
        connection.close()
        raise StoreHeldError(_("The store {path} is open in this very process already.").format(path=path))
    return connection


def _version(connection: duckdb.DuckDBPyConnection, path: Path) -> int | None:
    """The version of an open file; None for an empty one, which is a store about to be made."""
    tables = {name for (name,) in connection.execute(_query("tables")).fetchall()}
    if not tables:
        return None
    try:
        version = int(connection.execute(_query("meta"), {"name": "version"}).fetchall()[0][0])
    except (duckdb.CatalogException, duckdb.BinderException, IndexError, ValueError) as error:
        raise StoreError(_("{path} is a database, but not a store of Improve.").format(path=path)) from error
    return version


def _migrate(
    connection: duckdb.DuckDBPyConnection, steps: Sequence[tuple[int, str]], path: Path, kind: str | None
) -> None:
    """Takes all the steps or none; `kind` is what a new store is to be for life."""
    try:
        with _whole(connection):
            for version, sql in steps:
                connection.execute(sql)
                connection.execute(_query("set_meta"), {"name": "version", "value": str(version)})
            if kind is not None:
                connection.execute(_query("set_meta"), {"name": "kind", "value": kind})
    except duckdb.Error as error:
        raise StoreError(
            _("The tables of {path} could not be made or renewed, and are as they were: {reason}").format(
                path=path, reason=_first_line(error)
            )
        ) from error


def _lay_copy(path: Path, newest: int) -> None:
    """Copies a closed store beside itself, before it is migrated."""
    copy = path.with_name(path.stem + ".before-version-" + str(newest) + "-" + _stamp() + path.suffix)
    try:
        shutil.copy2(path, copy)
    except OSError as error:
        raise StoreError(
            _("{path} must be brought up to date, but no copy can be laid beside it first: {reason}").format(
                path=path, reason=error.strerror
            )
        ) from error
    _LOG.info("copied %s to %s before migrating it", path, copy)


def _lock_down(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.execute("set allowed_directories = [$folder]", {"folder": str(backups_of(path))})
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def open_store(
    path: Path, *, make: StoreKind | None = None, memory: str = "512MB", migrations: Path = MIGRATIONS
) -> Store:
    """Opens the store at `path`; with `make`, a missing one is made, of that kind.

    A store made by an older version is migrated, after a copy was laid beside it. Raises
    StoreHeldError when another process holds it, StoreError when there is none, when it is not a
    store, or when a newer version made it.
    """
    path = path.resolve()
    if not path.exists() and make is None:
        raise StoreError(_("There is no store at {path}.").format(path=path))
    if not path.parent.is_dir():
        raise StoreError(_("The folder {path} does not exist.").format(path=path.parent))
    steps = _migrations(migrations)
    newest = steps[-1][0]
    connection = _connect(path, memory)
    try:
        version = _version(connection, path)
        if version is None:
            if make is None:
                raise StoreError(_("{path} is an empty database, not a store.").format(path=path))
            _migrate(connection, steps, path, make.value)
        elif version > newest:
            raise StoreError(
                _(
                    "{path} was made by a newer Improve (store version {found}; this one knows up to "
                    "{known}). Update Improve, or restore an older backup."
                ).format(path=path, found=version, known=newest)
            )
        elif version < newest:
            connection.close()
            _lay_copy(path, newest)
            connection = _connect(path, memory)
            _migrate(connection, [step for step in steps if step[0] > version], path, None)
        _lock_down(connection, path)
        return Store(connection, path)
    except BaseException:
        connection.close()
        raise


def keep_secret(store: Store, name: str, fresh: str) -> str:
    """The secret kept in the store under a name; `fresh` becomes it where there is none yet."""
    known = store.rows("meta", {"name": name})
    if not known:
        with store.write() as transaction:
            known = transaction.rows("meta", {"name": name})
            if not known:
                transaction.run("set_meta", {"name": name, "value": fresh})
                known = [(fresh,)]
    return str(known[0][0])
