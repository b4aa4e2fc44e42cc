"""The road's own promises: what is begun ends, nothing leaves twice, and whatever fails reaches a person."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from classifier import Knowledge
from config.settings import Gateway, Readers, Settings, Storage
from gateway.labour import backends
from normalizer.guard import Guard
from outbox.replies import Mailer
from records.deliveries import Delivered, Delivery, Verb
from records.tasks import MAX_ATTEMPTS, Step, Task
from storage import records as archive
from storage import tasks
from storage.database import Database
from storage.opening import open_originals
from tests.outbox.situations import CUSTOMER, KEY, fault_record, reply, ticket
from tests.storage.arrivals import arrival, intake
from worker import Road

NOW = datetime.now(UTC)


@dataclass
class Post(Mailer):
    """A smarthost that takes everything, or stumbles over a fault of ours."""

    sent: list[str] = field(default_factory=list)
    fault: Exception | None = None
    dies_at: str = ""

    def send(self, delivery: Delivery, _now: datetime) -> Delivered:
        if self.fault is not None:
            raise self.fault
        if delivery.key == self.dies_at:
            raise SystemExit
        self.sent.append(delivery.key)
        return Delivered(external_id=f"<{delivery.key}@desk.example>")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def road(database: Database, profile: tuple[Gateway, Storage], knowledge: Knowledge, post: Post) -> Iterator[Road]:
    settings = Settings(gateway=profile[0], storage=profile[1])
    guard = Guard(Readers())
    desks = backends(settings, database)
    yield Road(settings, database, open_originals(*profile), KEY, guard, knowledge, desks, post)
    guard.close()


@pytest.fixture
def report(database: Database, profile: tuple[Gateway, Storage]) -> int:
    """One kept report with its record, as `normalize` leaves it; its task is done."""
    receipt = asyncio.run(intake(database, profile).accept(arrival()))
    [task] = database.write(partial(tasks.begin, numbers=[1]))
    made = partial(archive.normalized, task=task, record=fault_record(receipt.report), reading=None, made_at=NOW)
    database.write(made)
    return receipt.report


def _planned(database: Database, report: int, due_at: datetime, *, answer: bool = True) -> Task:
    """A delivery of the report, begun by a worker."""
    [begun, *_] = database.write(partial(tasks.begin, numbers=[_forget_lease(database)]))
    one = Delivery(
        id=0, report=report, verb=Verb.REPLY if answer else Verb.CREATE, backend="replies" if answer else "desk",
        key="receipt/1", reply=reply() if answer else None, ticket=None if answer else ticket(report),
    )  # fmt: skip
    task = Task(id=begun.id, step=begun.step, subject=report, due_at=due_at, attempts=1, lease_token=begun.lease_token)
    made = archive.Decided(version=1, record=fault_record(report), leaving=(one,))
    [delivery] = database.write(partial(archive.decided, task=task, made=made, made_at=NOW))
    return delivery


def _forget_lease(database: Database) -> int:
    """Void every lease, as time does; gives the newest open task."""
    database.write(lambda tx: tx.run("UPDATE tasks SET lease_until = 0, not_before = 0 WHERE done_at IS NULL"))
    with database.read() as tx:
        row = tx.one("SELECT MAX(id) AS id FROM tasks WHERE done_at IS NULL")
    return int(row["id"]) if row else 0


def _begin(database: Database) -> Task:
    [task] = database.write(partial(tasks.begin, numbers=[_forget_lease(database)]))
    return task


def _outcomes(database: Database) -> list[tuple[str, str | None]]:
    database.write(lambda tx: tx.now())  # what was submitted before is committed now
    with database.read() as tx:
        return [(row["state"], row["reason"]) for row in tx.all("SELECT state, reason FROM outcomes")]


def test_a_reply_that_another_worker_took_over_is_not_sent_again(
    database: Database, road: Road, post: Post, report: int
) -> None:
    """A worker that was stopped for longer than its lease wakes up with the batch still in its hands."""
    late = _planned(database, report, NOW + timedelta(hours=1))
    current = _begin(database)

    assert road.walk([current]) == []
    assert road.walk([late]) == []

    assert post.sent == ["receipt/1"]
    assert _outcomes(database) == [("delivered", None)]


def test_a_lease_that_ran_out_is_left_to_the_next_worker(
    database: Database, road: Road, post: Post, report: int
) -> None:
    """It may be begun by another at any moment: then both would send."""
    late = _planned(database, report, NOW + timedelta(hours=1))
    _forget_lease(database)

    road.walk([late])

    assert post.sent == []
    road.walk([_begin(database)])
    assert post.sent == ["receipt/1"]


def test_a_delivery_that_meets_a_fault_of_ours_is_parked_in_the_end(
    database: Database, road: Road, post: Post, report: int
) -> None:
    """Whatever it is, it is not tried for ever, and its text stays out of the archive."""
    post.fault = ValueError(f"can't write to {CUSTOMER}")
    task = _planned(database, report, NOW - timedelta(hours=1))

    for _ in range(20):
        road.walk([task])
        if _outcomes(database):
            break
        task = _begin(database)

    assert _outcomes(database) == [("parked", "ValueError")]


@pytest.mark.usefixtures("report")
def test_a_record_that_cannot_be_classified_reaches_a_person(
    database: Database, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a fault of the sorting table")

    monkeypatch.setattr("gateway.sorting.classify", fail)
    task = _begin(database)
    while task.attempts <= MAX_ATTEMPTS:
        assert road.walk([task]) == []
        task = _begin(database)

    [delivery] = [one for one in road.walk([task]) if one.step is Step.DELIVER]
    road.walk([delivery])

    with database.read() as tx:
        [row] = tx.all("SELECT body FROM tickets")
    assert "undecided" in row["body"]


def test_what_has_left_is_told_before_the_next_leaves(database: Database, road: Road, post: Post, report: int) -> None:
    """A worker that dies in a batch of replies sends none of those before once more."""
    first = _planned(database, report, NOW + timedelta(hours=1))
    second = replace(first, id=first.id + 1, subject=first.subject + 1)
    database.write(lambda tx: tx.run(
        "INSERT INTO deliveries (report, verb, backend, key, recipient, kind, made_at, body)"
        " SELECT report, verb, backend, 'receipt/2', recipient, kind, made_at, body FROM deliveries"
    ))  # fmt: skip
    database.write(lambda tx: tx.run(
        "INSERT INTO tasks (step, subject, sender, due_at, not_before, lease_until, lease_token)"
        " SELECT step, subject + 1, sender, due_at, 0, lease_until, lease_token FROM tasks WHERE id = :first",
        first=first.id,
    ))  # fmt: skip
    post.dies_at = "receipt/2"

    with pytest.raises(SystemExit):
        road.walk([first, second])

    assert post.sent == ["receipt/1"]
    assert _outcomes(database) == [("delivered", None)]


def test_a_late_worker_is_told_so(
    database: Database, road: Road, report: int, caplog: pytest.LogCaptureFixture
) -> None:
    late = _planned(database, report, NOW + timedelta(hours=1))
    _forget_lease(database)

    road.walk([late])

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "woke up too late" in caplog.text
