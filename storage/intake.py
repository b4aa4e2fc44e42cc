"""T1: an arrival becomes a kept report: original, envelope, time of arrival and first task in one commit."""

import asyncio
import hashlib
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from records.arrival import Arrival, Receipt, TryAgain
from records.calendar import ALWAYS, Calendar
from records.chat import Heard
from records.clock import due_at
from records.media import is_paper
from records.numbers import number
from records.tasks import Step
from storage import cards, tasks
from storage.conversations import Pace, hear
from storage.database import Database, Row, Transaction, Work
from storage.originals import Originals
from storage.rows import clean, micros, moment

_FOR_EVER = 2**62  # a time that no sweep reaches
_NO_TIME = -1  # a window in which nothing came before
T = TypeVar("T")
_Waiting = tuple[Work[Any], asyncio.Future[Any]]


class Keep(Protocol):
    """Keeps the report of `Intake.accept_with`."""

    def __call__(self, *, afresh: bool = False) -> Receipt:
        """Keep it, in the transaction that is open; `afresh`: even where the same bytes came before."""
        ...


class Intake:
    """The archive's side of every door (`records.arrival.Reception`)."""

    def __init__(
        self,
        database: Database,
        originals: Originals | None,
        rules: Mapping[str, timedelta],
        duplicates: timedelta,
        ring: Callable[[], None],
        paces: Mapping[str, Pace] | None = None,
        hours: Calendar = ALWAYS,
    ) -> None:
        """`rules`: time from arrival to record by channel; `ring`: wake the worker; no `originals`: all in rows.

        `paces`: of those channels that are messengers. `hours`: in which time counts.
        """
        self._database = database
        self._originals = originals
        self._rules = rules
        self._paces = paces or {}
        self._hours = hours
        self._duplicates = duplicates // timedelta(microseconds=1)
        self._ring = ring
        self._waiting: list[_Waiting] = []
        self._syncing = asyncio.Lock()
        self._next_sync: asyncio.Future[None] | None = None

    async def accept(self, arrival: Arrival) -> Receipt:
        """Keep one report for good; the receipt of the first one for a duplicate. Raises TryAgain."""
        return await self.accept_with(arrival, lambda _, keep: keep())

    async def accept_with(self, arrival: Arrival, unit: Callable[[Transaction, Keep], T]) -> T:
        """Keep one report within a unit of work of its door's own, which may find that it need not be kept."""
        if self._originals is not None:
            self._originals.check_space(arrival.size)
        content = arrival.content
        body = content if isinstance(content, bytes) else await self._take(content, arrival.sha256)
        due = due_at(arrival.received_at, self._rules[arrival.channel], self._hours)
        window = self._duplicates

        def work(tx: Transaction) -> T:
            def keep(*, afresh: bool = False) -> Receipt:
                return _keep(tx, arrival, body, due, _NO_TIME if afresh else window)

            return unit(tx, keep)

        return await self._commit(work)

    async def hear(self, heard: Heard) -> None:
        """Keep one update of a messenger for good, once; it joins or begins a conversation. Raises TryAgain."""
        if self._originals is not None:
            self._originals.check_space(len(heard.content))
        pace = self._paces.get(heard.channel) or Pace(rule=self._rules[heard.channel], hours=self._hours)
        sha256 = hashlib.sha256(heard.content).hexdigest()
        await self._commit(partial(hear, heard=heard, sha256=sha256, pace=pace))

    async def _commit(self, work: Work[T]) -> T:
        """Commit one unit of work, together with what else arrives in this turn of the loop."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        if not self._waiting:  # the first of this turn of the loop: what else arrives in it goes along
            loop.call_soon(self._submit_waiting, loop)
        self._waiting.append((work, answer))
        return await answer

    def _submit_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._waiting = self._waiting, []
        self._submit(batch, loop)

    def _submit(self, batch: list[_Waiting], loop: asyncio.AbstractEventLoop) -> None:
        committed = self._database.submit(lambda tx: [work(tx) for work, _ in batch])
        committed.add_done_callback(lambda done: loop.call_soon_threadsafe(self._answer, batch, done, loop))

    def _answer(self, batch: list[_Waiting], committed: Future[list[Any]], loop: asyncio.AbstractEventLoop) -> None:
        """Answer each after the commit. An arrival that can't be kept takes no other with it."""
        error = committed.exception()
        if error is not None and not isinstance(error, TryAgain) and len(batch) > 1:
            for one in batch:
                self._submit([one], loop)
            return
        for place, (_, answer) in enumerate(batch):
            if answer.cancelled():  # its caller is gone; the report is kept all the same
                continue
            if error is None:
                answer.set_result(committed.result()[place])
            else:
                answer.set_exception(error)
        if error is None:
            self._ring()

    async def _take(self, spooled: Path, sha256: str) -> bytes | None:
        """Keep a spooled file: beside the database, or where there is no such place, in its row."""
        if self._originals is None:
            return await asyncio.to_thread(_read_and_remove, spooled)
        await asyncio.to_thread(self._originals.take, spooled, sha256)
        if self._next_sync is None:
            self._next_sync = asyncio.ensure_future(self._sync(self._originals))
        await asyncio.shield(self._next_sync)
        return None

    async def _sync(self, originals: Originals) -> None:
        """One sync of the folder for all files that were moved in before it begins."""
        async with self._syncing:
            self._next_sync = None  # who comes from now on needs another
            await asyncio.to_thread(originals.sync)

    async def recall(self, channel: str, key: str) -> str | None:
        """Read back what the channel remembered."""
        return await asyncio.to_thread(self._recall, channel, key)

    def _recall(self, channel: str, key: str) -> str | None:
        with self._database.read() as tx:
            row = tx.one("SELECT value FROM memory WHERE channel = :channel AND key = :key", channel=channel, key=key)
        return row["value"] if row else None

    async def remember(self, channel: str, key: str, value: str) -> None:
        """Keep one value for the channel for good."""
        work = partial(_remember, channel=channel, key=key, value=value)
        await asyncio.wrap_future(self._database.submit(work))

    def spool(self) -> Path:
        """Name the folder where a door may write a large original."""
        return self._originals.spool if self._originals is not None else Path(tempfile.gettempdir())


def _read_and_remove(spooled: Path) -> bytes:
    try:
        content = spooled.read_bytes()
        spooled.unlink()
    except OSError as error:
        raise TryAgain(f"spool: {error.strerror}") from error
    return content


def _remember(tx: Transaction, channel: str, key: str, value: str) -> None:
    tx.run(
        "INSERT INTO memory (channel, key, value) VALUES (:channel, :key, :value)"
        " ON CONFLICT (channel, key) DO UPDATE SET value = excluded.value",
        channel=channel, key=key, value=value,
    )  # fmt: skip


def _keep(tx: Transaction, arrival: Arrival, body: bytes | None, due: datetime, window: int) -> Receipt:
    received, key = micros(arrival.received_at), _duplicate_key(arrival)
    known = tx.one(
        "SELECT reports.id, reports.received_at, reports.due_at FROM arrivals"
        " JOIN reports ON reports.id = arrivals.report WHERE arrivals.key = :key",
        key=key,
    )
    lies = bool(arrival.envelope.source)  # in a mailbox or a folder, where it may be found again after months
    in_mailbox = "uid" in arrival.envelope.source  # where its time may change; a file found again has its own
    if known is not None and (in_mailbox or abs(received - known["received_at"]) <= window):
        return _receipt_of_duplicate(tx, known, received)
    if known is not None:
        tx.run("DELETE FROM arrivals WHERE key = :key", key=key)
    report = _insert(tx, arrival, body, received, micros(due))
    at = _FOR_EVER if lies else received
    tx.run("INSERT INTO arrivals (key, report, at) VALUES (:key, :report, :at)", key=key, report=report, at=at)
    cards.open_card(tx, report)
    step = Step.RECOGNIZE if is_paper(arrival.media_type) else Step.NORMALIZE
    tasks.add(tx, step, report, _sender(arrival), micros(due))
    return Receipt(id=number(report, arrival.received_at), report=report, received_at=arrival.received_at, due_at=due)


def _insert(tx: Transaction, arrival: Arrival, body: bytes | None, received: int, due: int) -> int:
    tx.run(
        "INSERT INTO originals (sha256, size, body) VALUES (:sha256, :size, :body) ON CONFLICT (sha256) DO NOTHING",
        sha256=arrival.sha256, size=arrival.size, body=body,
    )  # fmt: skip
    row = tx.one(
        "INSERT INTO reports (channel, media_type, sha256, size, received_at, due_at, kept_at, envelope, problem)"
        " VALUES (:channel, :media_type, :sha256, :size, :received, :due, :kept, :envelope, :problem) RETURNING id",
        channel=arrival.channel, media_type=arrival.media_type, sha256=arrival.sha256, size=arrival.size,
        received=received, due=due, kept=tx.now(), envelope=msgspec.json.encode(arrival.envelope).decode(),
        problem=arrival.problem,
    )  # fmt: skip
    return int(row["id"]) if row else 0


def _receipt_of_duplicate(tx: Transaction, known: Row, received: int) -> Receipt:
    """The same bytes from the same sender again (a resend after a lost answer, two polls, two folders)."""
    tx.run(
        "INSERT INTO events (report, at, actor, what) VALUES (:report, :at, 'door', 'arrived again')",
        report=known["id"], at=received,
    )  # fmt: skip
    at = moment(known["received_at"])
    return Receipt(
        id=number(known["id"], at), report=known["id"], received_at=at, due_at=moment(known["due_at"]), duplicate=True
    )


def _sender(arrival: Arrival) -> str:
    """Name whom fairness counts a report for; the archive's only use of it."""
    envelope = arrival.envelope
    return clean(envelope.sender or envelope.calling_number or envelope.peer or arrival.channel)[:200]


def _duplicate_key(arrival: Arrival) -> str:
    """Same bytes and same sender; a door that knows no sender (IMAP) is told by the bytes alone.

    A file that could not be brought whole is told by the file, too: two may be empty, or begin alike.
    """
    envelope = arrival.envelope
    sender = (envelope.sender or envelope.calling_number or "").lower().encode("utf-8", "replace")
    key = arrival.sha256.encode() + b"\0" + sender
    if arrival.problem is not None and "inode" in envelope.source:
        key += f"\0{envelope.source['inode']} {envelope.source['mtime']}".encode()
    return hashlib.sha256(key).hexdigest()
