"""The embedded archive: SQLite in WAL mode, every commit synced (synchronous=FULL).

Several processes write. SQLite itself would let them poll for the lock with growing sleeps; an advisory file lock
taken first wakes the next writer at once, so a door never waits longer than the worker's current transaction.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from records.arrival import TryAgain
from storage.database import Row, Transaction
from storage.words import Ways, expression

BUSY_MS = 10_000


class _SqliteTransaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._now = 0

    def run(self, sql: str, **values: object) -> int:
        return self._connection.execute(sql, values).rowcount

    def one(self, sql: str, **values: object) -> Row | None:
        return self._connection.execute(sql, values).fetchone()

    def all(self, sql: str, **values: object) -> Sequence[Row]:
        return self._connection.execute(sql, values).fetchall()

    def now(self) -> int:
        if not self._now:
            row = self._connection.execute("SELECT julianday('now') - 2440587.5").fetchone()
            self._now = int(row[0] * 86_400_000) * 1000
        return self._now

    def index(self, report: int, words: Sequence[str]) -> None:
        self.run("DELETE FROM search WHERE rowid = :report", report=report)
        sql = "INSERT INTO search (rowid, words) VALUES (:report, :words)"
        self.run(sql, report=report, words=" ".join(words))

    def matching(self, words: Sequence[Ways], limit: int) -> list[int]:
        sql = "SELECT rowid FROM search WHERE search MATCH :query ORDER BY rowid DESC LIMIT :limit"
        return [row["rowid"] for row in self.all(sql, query=expression(words, '"{}"*', "AND", "OR"), limit=limit)]


class Sqlite:
    """One database file; the schema exists already (`storage.migrate`)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._turn = threading.RLock()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Hold the file lock, then SQLite's own, until the commit is synced."""
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            if self._writer is None:
                self._writer = self._connect()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield _SqliteTransaction(self._writer)
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:  # a full disk may have rolled back by itself
                    self._writer.execute("ROLLBACK")
                raise
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read, one thread at a time; each statement sees what was committed before it began.

        SQLite lets go of the interpreter at every step: threads that fight for it cost more than turns do.
        """
        with self._turn:
            if self._reader is None:
                self._reader = self._connect()
            yield _SqliteTransaction(self._reader)

    def trouble(self, error: BaseException) -> TryAgain | None:
        """Every operational error of SQLite passes: full disk, I/O error, lock, missing file."""
        if isinstance(error, sqlite3.OperationalError):
            name = getattr(error, "sqlite_errorname", "OperationalError")  # the driver's own errors have none
            return TryAgain(f"sqlite: {name}", full=name == "SQLITE_FULL")
        disk = isinstance(error, OSError) and error.errno is not None  # a PermissionError of our own rules has none
        return TryAgain("disk", full=True) if disk else None

    def close(self) -> None:
        """Close both connections."""
        for connection in (self._writer, self._reader):
            if connection is not None:
                connection.close()
        os.close(self._lock)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{self._path}?mode=rw", uri=True, timeout=BUSY_MS / 1000, isolation_level=None,
            check_same_thread=False, cached_statements=256,
        )  # fmt: skip
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
