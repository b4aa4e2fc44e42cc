"""Reports on the desk, for tests of the archive: kept, read and decided by the road's own units of work."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from config.settings import Gateway, Storage
from records.people import Person, Role
from records.reading import Reading
from records.record import Classification, FaultRecord, OriginalRef, Reporter
from records.standing import Standing
from records.tasks import Lane, Task
from records.words import Disposition, Order
from storage import records as archive
from storage import tasks
from storage.database import Database
from storage.standings import standing
from storage.versions import Version, latest
from tests.storage.arrivals import arrival, intake

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOON = AT + timedelta(minutes=5)
CLERK, OTHER, SENIOR, ADMIN = (
    Person(id=number, login=login, name=login.title(), role=role, created_at=AT)
    for number, login, role in (
        (1, "vera", Role.CLERK), (2, "wang", Role.CLERK), (3, "sara", Role.SENIOR), (4, "anna", Role.ADMIN)
    )
)  # fmt: skip
INCIDENT = Classification(disposition=Disposition.INCIDENT)
Profile = tuple[Gateway, Storage]


def record(**changes: Any) -> FaultRecord:
    """A finished record; `id` and times are the archive's own."""
    fields: dict[str, Any] = {
        "id": None, "order": Order.REPORT, "channel": "mail", "received_at": AT, "due_at": AT + timedelta(hours=2),
        "language": "ru", "reporter": Reporter(name="Соколова Галина", email="galina@mail.example"),
        "description": "Нет интернета", "original": OriginalRef(media_type="message/rfc822", size=1, sha256="0" * 64),
    }  # fmt: skip
    return FaultRecord(**{**fields, **changes})


def kept(database: Database, profile: Profile, content: bytes = b"Subject: x\r\n\r\nhello", **changes: Any) -> int:
    """Keep a report; gives its row."""
    one = replace(arrival(content), **changes)
    return asyncio.run(intake(database, profile).accept(one)).report


def begun(database: Database, lane: Lane = Lane.ROAD) -> Task:
    """Begin the most urgent task of a lane."""
    with database.read() as tx:
        number = next(iter(tasks.due(tx, 1, lane)))
    [task] = database.write(partial(tasks.begin, numbers=[number]))
    return task


def read(
    database: Database, report: int, made: FaultRecord, reading: Reading | None = None, lane: Lane = Lane.ROAD
) -> Task:
    """Let the machine read a report: T2; gives the task to classify it."""
    with database.read() as tx:
        row = archive.kept(tx, report)
    assert row is not None
    made = replace(made, id=row.id, received_at=row.received_at, due_at=row.due_at)
    task = begun(database, lane)
    assert task.subject == report
    [following] = database.write(
        partial(archive.normalized, task=task, record=made, reading=reading, made_at=row.received_at)
    )
    return following


def decide(database: Database, task: Task, decision: Classification = INCIDENT, **changes: Any) -> list[Task]:
    """Let the road decide on the newest version: T3."""
    version = newest(database, task.subject)
    made = archive.Decided(
        version=version.version, record=replace(version.record, classification=decision),
        by_person=version.author is not None,
    )  # fmt: skip
    return database.write(partial(archive.decided, task=task, made=replace(made, **changes), made_at=SOON))


def settled(database: Database, profile: Profile, content: bytes = b"Subject: x\r\n\r\nhello", **changes: Any) -> int:
    """A mail that was read and decided."""
    report = kept(database, profile, content)
    decide(database, read(database, report, record(**changes)))
    return report


def newest(database: Database, report: int) -> Version:
    with database.read() as tx:
        version = latest(tx, report)
    assert version is not None
    return version


def card(database: Database, report: int) -> Standing:
    with database.read() as tx:
        found = standing(tx, report)
    assert found is not None
    return found


def waiting(database: Database) -> list[tuple[str, int]]:
    """The open tasks that nobody has, as (step, subject)."""
    with database.read() as tx:
        rows = tx.all("SELECT step, subject FROM tasks WHERE done_at IS NULL AND lease_until = 0 ORDER BY id")
    return [(row["step"], row["subject"]) for row in rows]


def events(database: Database, report: int) -> list[tuple[str, str, str | None]]:
    with database.read() as tx:
        rows = tx.all("SELECT actor, what, detail FROM events WHERE report = :report ORDER BY id", report=report)
    return [(row["actor"], row["what"], row["detail"]) for row in rows]
