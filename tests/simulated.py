"""The whole house but its readers on a clock of the test's: the real archive, road, clocks and rules of answering.

An original here is the JSON of the record that a reader would make of it, so that a week goes by in minutes.
"""

import asyncio
import hashlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import msgspec
from msgspec import Struct

import worker
from classifier import Knowledge
from config.settings import Gateway, Replies, Settings, Storage
from gateway.watch import Watch
from normalizer.guard import Guard
from normalizer.job import Job, Normalized
from normalizer.linking import clues
from outbox.backends import Backend
from outbox.backends.builtin import BuiltinBackend, MemoryShelf
from outbox.replies import Mailer
from outbox.warning import Herald
from records.arrival import Arrival, Down, Envelope, Receipt, TryAgain
from records.deliveries import Delivered, Delivery, Refused, Ticket, Verb
from records.reading import Mailbox, Reading
from records.record import Affected, Classification, FaultRecord, PostalAddress, Reporter
from records.status import Status
from records.tasks import Lane
from records.words import DecidedBy, Disposition, Order, Review, Service, Symptom, Urgency
from storage import statuses, tasks
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_database, prepare, reply_key
from storage.rows import micros
from storage.sqlite import Sqlite, _SqliteTransaction
from tests.outbox.rigs import tools
from worker import Road

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


class Letter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody writes: the fields that a reader would find in it."""

    who: str
    order: Order = Order.REPORT
    urgency: Urgency = Urgency.NORMAL
    repeated: bool = False
    doubtful: bool = False  # a clerk must finish it
    disposition: Disposition | None = None  # a person's, who has decided already; None: the rules decide
    salt: int = 0


class Clock:
    """The house's one clock."""

    def __init__(self) -> None:
        self.now = MONDAY

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@contextmanager
def ticking(clock: Clock) -> Iterator[None]:
    """Let worker and database read this clock."""

    class Fake(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.now.astimezone(tz)

    with (
        patch.object(worker, "datetime", Fake),
        patch.object(_SqliteTransaction, "now", lambda _: micros(clock.now)),
    ):
        yield


class Reader:
    """Stands for the guarded children."""

    def normalize(self, job: Job, *, niced: bool) -> Normalized:
        assert not niced
        letter, about = msgspec.json.decode(job.content, type=Letter), job.context
        decided = DecidedBy.CLERK if letter.disposition else None
        record = FaultRecord(
            id=about.id, order=letter.order, channel=about.channel, received_at=about.received_at,
            due_at=about.due_at, language="ru", urgency=letter.urgency, repeated=letter.repeated,
            reporter=Reporter(name="Соколова Галина", phone="+79170000002", email=letter.who),
            affected=Affected(address=PostalAddress(city="Пенза", street="Московская", house="1")),
            service=Service.BROADBAND, symptom=Symptom.NO_SERVICE, description="Нет интернета, горит LOS",
            needs_review=(Review.CONFLICTING_FIELDS,) if letter.doubtful else (), original=about.original,
            classification=Classification(disposition=letter.disposition, decided_by=decided),
        )  # fmt: skip
        text = record.description or ""
        reading = Reading(
            media_type=job.media_type, text=text, new_text=text, from_=Mailbox(None, letter.who),
            message_id=f"<{about.id}@mail.example>",
        )  # fmt: skip
        return Normalized(reading=reading, record=record, clues=clues(reading, about.envelope))


class Remote(BuiltinBackend):
    """A ticket system that may be away, refuse, or take what it is told and lose the answer."""

    def __init__(self, clock: Clock) -> None:
        self.shelf = MemoryShelf()
        super().__init__("desk", cast("Any", None), tools(shelf=self.shelf))
        self._clock = clock
        self.away = False
        self.loses = False  # the answer to the next order
        self.refuses = False  # the next order
        self.effects: list[tuple[Verb, str, str]] = []  # what was done: the order, its number, the ticket's
        self.taken: list[tuple[datetime, str]] = []  # new tickets, for its people

    def _do(self, verb: Verb, ticket: Ticket, work: Callable[[Ticket], Delivered]) -> Delivered:
        if self.away:
            raise Down("desk: no answer")
        if self.refuses:
            self.refuses = False
            raise Refused("desk: this queue is closed")
        on = ticket.earlier or ticket.external_id
        before = len(self.shelf.entries.get(on, {}))
        done = work(ticket)
        if verb is Verb.CREATE or len(self.shelf.entries.get(on, {})) != before:  # of tickets it opens another
            self.effects.append((verb, ticket.external_id, on))
        if self.loses:
            self.loses = False
            raise TryAgain("desk: the answer did not come")
        return done

    def create(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        done = self._do(Verb.CREATE, ticket, super().create)
        self.taken.append((self._clock.now, ticket.external_id))
        return done

    def amend(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._do(Verb.AMEND, ticket, super().amend)

    def withdraw(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._do(Verb.WITHDRAW, ticket, super().withdraw)

    def find(self, external_id: str) -> str | None:
        """See `Backend`."""
        if self.away:
            raise Down("desk: no answer")
        return super().find(external_id)


class Post(Mailer):
    """A smarthost that takes everything."""

    def __init__(self) -> None:
        self.sent: list[Delivery] = []

    def send(self, delivery: Delivery, _now: datetime) -> Delivered:
        """See `Mailer`."""
        self.sent.append(delivery)
        return Delivered(external_id=f"<{len(self.sent)}@desk.example>")


class Voice(Herald):
    """Routes of warnings that take everything."""

    def __init__(self) -> None:
        self.told: list[Delivery] = []

    def send(self, delivery: Delivery, _now: datetime) -> Delivered:
        """See `Herald`."""
        self.told.append(delivery)
        return Delivered(external_id=str(len(self.told)))


class House:
    """Works only when told to; `restart` is what a kill and a new start leave of it."""

    def __init__(self, folder: Path, knowledge: Knowledge, **settings: Any) -> None:
        gateway, storage = Gateway(data=str(folder)), Storage(min_free=0)
        prepare(gateway, storage)
        replies = Replies(host="127.0.0.1", per_gateway=1_000_000)
        self.settings = Settings(gateway=gateway, storage=storage, replies=replies, **settings)
        self.clock, self.post, self.voice, self._knowledge = Clock(), Post(), Voice(), knowledge
        self.remote = Remote(self.clock)
        self._loop = asyncio.new_event_loop()
        self._salt = itertools.count()
        self._open()

    def _open(self) -> None:
        self.database: Database = open_database(self.settings.gateway, self.settings.storage)
        backends: dict[str, Backend] = {"desk": self.remote}
        self.road = Road(
            settings=self.settings, database=self.database, originals=None, key=reply_key(self.settings.gateway),
            guard=cast("Guard", Reader()), knowledge=self._knowledge, backends=backends, mailer=self.post,
        )  # fmt: skip
        self.road.shelf.herald = self.voice
        self.watch = Watch(self.settings, self.database, self.road.about)
        rules = {name: timedelta(minutes=one.rule) for name, one in self.settings.doors.items()}
        self._intake = Intake(self.database, None, rules, timedelta(days=7), lambda: None)

    def restart(self) -> None:
        """Lose everything that is not in the archive."""
        self.database.close()
        self._open()
        self.database.write(tasks.release_all)

    def close(self) -> None:
        """Close the archive."""
        self.database.close()
        self._loop.close()

    def arrive(self, letters: list[tuple[Letter, str | None]]) -> list[Receipt]:
        """Take letters in one turn of a door's loop, each with the number of the report that it is about."""

        async def accept() -> list[Receipt]:
            return await asyncio.gather(*(self._intake.accept(self._arrival(*one)) for one in letters))

        return self._loop.run_until_complete(accept())

    def _arrival(self, letter: Letter, about: str | None) -> Arrival:
        content = msgspec.json.encode(msgspec.structs.replace(letter, salt=next(self._salt)))
        return Arrival(
            channel="mail", media_type="message/rfc822", content=content, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), received_at=self.clock.now,
            envelope=Envelope(sender=letter.who, recipients=("support@faultgate.localhost",), about=about),
        )  # fmt: skip

    def work(self, *lanes: Lane) -> None:
        """Walk until nothing is due now."""
        while batch := self.road.begin(self._due(lanes or (Lane.ROAD, Lane.DELIVER))):
            while batch:
                batch = self.road.walk(batch)

    def _due(self, lanes: tuple[Lane, ...]) -> list[int]:
        with self.database.read() as tx:
            return [task for lane in lanes for task in tasks.due(tx, 200, lane)]

    def look(self) -> None:
        """Let the clocks ring."""
        self.watch.look(self.clock.now)

    def stands(self, report: int, to: Status) -> None:
        """Let the backend's people change how a report stands."""
        self.database.write(partial(statuses.change, report=report, to=to, at=self.clock.now, actor="desk"))

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Ask the archive."""
        with self.database.read() as tx:
            return [dict(row) for row in tx.all(sql, **values)]


def hasty() -> Any:
    """Let SQLite forget to sync: what is measured is the rules, not the disk."""
    original = Sqlite._connect

    def connect(self: Sqlite) -> Any:
        connection = original(self)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    return patch.object(Sqlite, "_connect", connect)
