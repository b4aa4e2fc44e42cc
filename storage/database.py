"""One writer for each process: work that waits together is committed together (group commit).

A unit of work is a function of a transaction. The committer thread takes every unit that waits, runs them in one
transaction, commits once, and only then answers each caller. Where one unit fails, the batch is rolled back and its
units run again one by one, so that none suffers for another; a unit must therefore touch nothing but its transaction.
"""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeVar

from records.arrival import TryAgain
from storage.words import Ways

T = TypeVar("T")
Row = Any  # a row by column name: row["id"]


class Transaction(Protocol):
    """An open transaction. Parameters are named `:like_this` in the SQL."""

    def run(self, sql: str, **values: object) -> int:
        """Run one statement; gives the number of rows it changed."""
        ...

    def one(self, sql: str, **values: object) -> Row | None:
        """Give the first row, None where there is none."""
        ...

    def all(self, sql: str, **values: object) -> Sequence[Row]:
        """Give all rows."""
        ...

    def now(self) -> int:
        """Tell the database's own time of this transaction, microseconds since 1970 UTC.

        Leases must not trust a worker's clock.
        """
        ...

    def index(self, report: int, words: Sequence[str]) -> None:
        """Let a report be found by these words, and by those before no more."""
        ...

    def matching(self, words: Sequence[Ways], limit: int) -> list[int]:
        """Give the reports, the newest first, in which each word is found one way or another, or begins a longer."""
        ...


Work = Callable[[Transaction], T]


class Dialect(Protocol):
    """What differs between SQLite and PostgreSQL."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open the process's one writing transaction: commits when the block ends, rolls back when it raises."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open the calling thread's connection for reading."""
        ...

    def trouble(self, error: BaseException) -> TryAgain | None:
        """Tell whether the error is passing trouble of the database (full, locked, gone) and not a fault of ours."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class Database:
    """Reads in the caller's thread; writes through the committer."""

    def __init__(self, dialect: Dialect, *, batch: int = 200) -> None:
        self._dialect = dialect
        self._batch = batch
        self._waiting: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._committer = threading.Thread(target=self._commit_forever, name="committer", daemon=True)
        self._committer.start()

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue a unit of work; the future is answered after its commit. Trouble that passes becomes TryAgain."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # from here on it can't be cancelled: a commit is never halved
        if not self._committer.is_alive():
            future.set_exception(TryAgain("the committer is gone"))
        else:
            self._waiting.put((work, future))
        return future

    def write(self, work: Work[T]) -> T:
        """Run a unit of work and wait for its commit."""
        return self.submit(work).result()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Read; each statement sees a consistent picture. Trouble that passes becomes TryAgain."""
        try:
            with self._dialect.reading() as transaction:
                yield transaction
        except Exception as error:
            trouble = self._dialect.trouble(error)
            if trouble is None:
                raise  # an error must never become its own cause
            raise trouble from error

    def close(self) -> None:
        """Commit what waits, then close."""
        self._waiting.put(None)
        self._committer.join()
        self._dialect.close()

    def _commit_forever(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._take()
            if batch:
                self._commit(batch)

    def _take(self) -> tuple[list[tuple[Work[Any], Future[Any]]], bool]:
        """Wait for one unit, then take what else waits; tells also whether to go on."""
        batch = []
        item = self._waiting.get()
        while item is not None:
            batch.append(item)
            if len(batch) == self._batch or self._waiting.empty():
                return batch, True
            item = self._waiting.get()
        return batch, False

    def _commit(self, batch: list[tuple[Work[Any], Future[Any]]]) -> None:
        try:
            with self._dialect.writing() as transaction:
                results = [work(transaction) for work, _ in batch]
        except BaseException as error:  # whatever it is: without the committer all would wait for ever
            if len(batch) == 1:
                batch[0][1].set_exception(self._dialect.trouble(error) or error)
            else:
                for unit in batch:
                    self._commit([unit])
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)
