"""The archive of a cluster: PostgreSQL, synchronous_commit on."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import psycopg
from psycopg.rows import DictRow, dict_row

from records.arrival import TryAgain
from storage.database import Row, Transaction
from storage.words import Ways, expression

_NAME = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")
_OUT_OF_SPACE = "53"  # SQLSTATE class: insufficient resources
#: What a door has promised must outlive a power cut, whatever the site has set; stronger settings stay.
_SYNCED = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
_PASSING = (
    psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.UniqueViolation,
    psycopg.errors.ReadOnlySqlTransaction,
)  # fmt: skip


@cache
def _translated(sql: str) -> bytes:
    """Give the statement with psycopg's placeholders."""
    return _NAME.sub(r"%(\1)s", sql.replace("%", "%%")).encode()


class _PostgresTransaction:
    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection
        self._now = 0

    def run(self, sql: str, **values: object) -> int:
        return self._connection.execute(_translated(sql), values).rowcount

    def one(self, sql: str, **values: object) -> Row | None:
        return self._connection.execute(_translated(sql), values).fetchone()

    def all(self, sql: str, **values: object) -> Sequence[Row]:
        return self._connection.execute(_translated(sql), values).fetchall()

    def now(self) -> int:
        if not self._now:
            row = self._connection.execute("SELECT extract(epoch FROM clock_timestamp()) AS now").fetchone()
            self._now = int(row["now"] * 1_000_000) if row else 0
        return self._now

    def index(self, report: int, words: Sequence[str]) -> None:
        self.run(
            "INSERT INTO search (report, words) VALUES (:report, array_to_tsvector(CAST(:words AS text[])))"
            " ON CONFLICT (report) DO UPDATE SET words = excluded.words",
            report=report, words=list(words),
        )  # fmt: skip

    def matching(self, words: Sequence[Ways], limit: int) -> list[int]:
        sql = "SELECT report FROM search WHERE words @@ CAST(:query AS tsquery) ORDER BY report DESC LIMIT :limit"
        return [row["report"] for row in self.all(sql, query=expression(words, "'{}':*", "&", "|"), limit=limit)]


class Postgres:
    """One database; each thread has a connection of its own, made anew when it broke."""

    def __init__(self, url: str, password: str | None) -> None:
        self._url = url
        self._password = password
        self._mine = threading.local()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """One transaction, committed when the block ends."""
        connection = self._connection()
        with connection.transaction():
            yield _PostgresTransaction(connection)

    reading = writing

    def trouble(self, error: BaseException) -> TryAgain | None:
        """Every operational error passes: server gone, restarting, out of space, lock timeout; so does a race.

        So does a server that only reads, because a failover made it another's copy.
        """
        if isinstance(error, _PASSING):
            state = error.sqlstate or ""
            return TryAgain(f"postgresql: {state or type(error).__name__}", full=state.startswith(_OUT_OF_SPACE))
        return None

    def close(self) -> None:
        """Close the calling thread's connection; the others close with their threads."""
        connection: psycopg.Connection[DictRow] | None = getattr(self._mine, "connection", None)
        if connection is not None:
            connection.close()

    def _connection(self) -> psycopg.Connection[DictRow]:
        connection: psycopg.Connection[DictRow] | None = getattr(self._mine, "connection", None)
        if connection is None or connection.closed or connection.broken:
            connection = psycopg.connect(
                self._url, password=self._password, row_factory=dict_row, autocommit=True,
                application_name="faultgate", connect_timeout=10,
                # a server that fell silent is given up after a minute, not after the system's two hours
                keepalives_idle=30, keepalives_interval=10, keepalives_count=3, tcp_user_timeout=60_000,
            )  # fmt: skip
            connection.execute(_SYNCED)
            self._mine.connection = connection
        return connection
