"""An archive of the first schema is brought up to date in place, and its reports stand on the desk."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.settings import Gateway, Settings, Storage
from records.deliveries import Ticket
from records.record import Classification
from records.standing import State
from records.words import Order, Review
from storage import search, standings
from storage.database import Database, Transaction
from storage.migrate import upgrade
from storage.opening import open_database, prepare
from storage.ringing import ring
from storage.rows import micros
from storage.tasks import due
from storage.versions import latest
from tests.storage.reports import AT, INCIDENT, record

DUE = AT + timedelta(hours=2)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Gateway, Storage]:
    """An archive as the first Faultgate left it, with reports at every stage."""
    gateway = Gateway(data=str(tmp_path))
    clustered = request.param == "postgresql"
    storage = Storage(url=request.getfixturevalue("empty_postgres")) if clustered else Storage(min_free=0)
    upgrade(storage.url or f"sqlite:///{tmp_path}/faultgate.db", None, "0001")
    database = open_database(gateway, storage)
    database.write(_fill)
    database.close()
    return gateway, storage


@pytest.fixture
def upgraded(old: tuple[Gateway, Storage]) -> Iterator[Database]:
    prepare(*old)
    database = open_database(*old)
    yield database
    database.close()


def _insert(tx: Transaction, table: str, **values: Any) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    tx.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", **values)  # noqa: S608 - the test's own words


def _fill(tx: Transaction) -> None:
    """1 unread; 2 read, not decided; 3 dispatched; 4 flagged; 5 asked; 6 parked; 7 an advertisement."""
    _insert(tx, "originals", sha256="0" * 64, size=1, body=b"x")
    for report in range(1, 8):
        _insert(tx, "reports", channel="mail", media_type="message/rfc822", sha256="0" * 64, size=1,
                received_at=micros(AT), due_at=micros(DUE), kept_at=micros(AT), envelope="{}")  # fmt: skip
        if report > 1:
            made = record(
                id=f"FR-2026-000000{report}", order=Order.NOT_A_FAULT if report == 7 else Order.REPORT,
                needs_review=(Review.CONFLICTING_FIELDS,) if report == 4 else (), description=f"Дело номер {report}",
            )  # fmt: skip
            _insert(tx, "records", report=report, version=1, made_at=micros(AT), order_kind=made.order.value,
                    email="galina@mail.example", body=msgspec.json.encode(made).decode())  # fmt: skip
        if report > 2:
            decision = Classification() if report == 7 else INCIDENT
            _insert(tx, "decisions", report=report, version=1, made_at=micros(AT) + report,
                    body=msgspec.json.encode(decision).decode())  # fmt: skip
    _insert(tx, "tasks", step="normalize", subject=1, sender="a", due_at=micros(DUE), not_before=0)
    _insert(tx, "tasks", step="classify", subject=2, sender="a", due_at=micros(DUE), not_before=0)
    for report, state in ((3, "delivered"), (4, "delivered"), (6, "parked")):
        number = f"FR-2026-000000{report}"
        ticket = Ticket(external_id=number, record=record(id=number), text="…")
        name = "FR-desk" if report == 4 else "desk"
        _insert(tx, "deliveries", id=report, report=report, verb="create", backend=name, key=f"create/{name}/{number}",
                made_at=micros(AT), body=msgspec.json.encode(ticket).decode())  # fmt: skip
        _insert(tx, "outcomes", delivery=report, state=state, external_id=f"T{report}", at=micros(AT))
    _insert(tx, "deliveries", id=5, report=5, verb="reply", backend="replies", key="question/FR-2026-0000005",
            kind="question", recipient="galina@mail.example", made_at=micros(AT), body=json.dumps({}))  # fmt: skip


def test_every_report_stands_where_it_stood(upgraded: Database) -> None:
    with upgraded.read() as tx:
        cards = {report: standings.standing(tx, report) for report in range(1, 8)}
    stands = {report: (card.state, card.version, card.tickets) for report, card in cards.items() if card}

    assert stands == {
        1: (State.UNREAD, 0, 0), 2: (State.UNREAD, 1, 0), 3: (State.SETTLED, 1, 1), 4: (State.SETTLED, 1, 1),
        5: (State.ASKED, 1, 0), 6: (State.REVIEW, 1, 0), 7: (State.SETTLED, 1, 0),
    }  # fmt: skip
    assert cards[6] is not None
    assert Review.UNDELIVERED in cards[6].reviews
    assert cards[3] is not None
    assert cards[3].settled_at == AT + timedelta(microseconds=3)


def test_all_is_found_and_goes_on(upgraded: Database) -> None:
    with upgraded.read() as tx:
        assert [one.report for one in search.find(tx, "дело 4", 10)] == [4]
        assert [one.report for one in search.find(tx, "T6", 10)] == [6]
        assert len(due(tx, 10)) == 2
        version = latest(tx, 3)
    assert version is not None
    assert (version.author, version.approved, version.decided) == (None, True, True)


def test_preparing_again_changes_nothing(old: tuple[Gateway, Storage], upgraded: Database) -> None:
    upgraded.write(lambda tx: tx.run("UPDATE standings SET remark = 'mine', state = 'review' WHERE report = 3"))
    prepare(*old)
    with upgraded.read() as tx:
        card = standings.standing(tx, 3)
    assert card is not None
    assert (card.remark, card.state) == ("mine", State.REVIEW)


def test_a_migration_that_fails_leaves_the_old_schema(old: tuple[Gateway, Storage]) -> None:
    gateway, storage = old
    url = storage.url or f"sqlite:///{gateway.data}/faultgate.db"
    database = open_database(gateway, storage)
    database.write(lambda tx: tx.run("CREATE TABLE approvals (x INTEGER)"))  # in the way of the migration's
    with pytest.raises(Exception, match="approvals"):
        upgrade(url, None)
    with database.read() as tx:
        assert [row["version_num"] for row in tx.all("SELECT version_num FROM alembic_version")] == ["0001"]
        assert len(due_first_schema(tx)) == 2
    database.write(lambda tx: tx.run("DROP TABLE approvals"))
    prepare(gateway, storage)
    with database.read() as tx:
        assert standings.standing(tx, 7) is not None
    database.close()


def due_first_schema(tx: Transaction) -> list[Any]:
    return list(tx.all("SELECT id FROM tasks WHERE done_at IS NULL AND step <> 'deliver'"))


@pytest.fixture(params=["sqlite", "postgresql"])
def before_promises(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An archive of the schema before promises: 1 unread, 2 warned of, 3 overdue, 4 settled."""
    gateway = Gateway(data=str(tmp_path))
    clustered = request.param == "postgresql"
    storage = Storage(url=request.getfixturevalue("empty_postgres")) if clustered else Storage(min_free=0)
    upgrade(storage.url or f"sqlite:///{tmp_path}/faultgate.db", None, "0008")
    database = open_database(gateway, storage)
    database.write(_half_way)
    database.close()
    prepare(gateway, storage)
    database = open_database(gateway, storage)
    yield database
    database.close()


def _half_way(tx: Transaction) -> None:
    _insert(tx, "originals", sha256="0" * 64, size=1, body=b"x")
    for report in range(1, 5):
        _insert(tx, "reports", channel="mail", media_type="message/rfc822", sha256="0" * 64, size=1,
                received_at=micros(AT), due_at=micros(DUE), kept_at=micros(AT), envelope="{}")  # fmt: skip
        settled = micros(AT) if report == 4 else None
        _insert(tx, "standings", report=report, channel="mail", received_at=micros(AT), due_at=micros(DUE),
                state="settled" if settled else "review", level="clerk", settled_at=settled, version=0,
                urgency="normal", about="", reviews="[]", tickets=0)  # fmt: skip
    for report, what in ((2, "half of its time gone"), (3, "half of its time gone"), (3, "overdue")):
        _insert(tx, "events", report=report, at=micros(AT), actor="clock", what=what)


def test_what_was_told_before_promises_is_not_told_again(before_promises: Database) -> None:
    told = before_promises.write(lambda tx: ring(tx, AT + timedelta(minutes=70), Settings().promises()))
    assert told == ["FR-2026-0000001: half of its time gone, and it is not finished"]
    with before_promises.read() as tx:
        rows = tx.all("SELECT report, stage, broken_at FROM promises ORDER BY report")
    assert [tuple(row[name] for name in ("report", "stage", "broken_at")) for row in rows] == [
        (1, 50, None), (2, 50, None), (3, 100, micros(DUE)),
    ]  # fmt: skip
