"""What became of reports: T2 a record, T3 its decision and deliveries, T4 how a delivery ended. Rows are added only."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from records.arrival import Envelope
from records.deliveries import Delivered, Delivery, Kind, Reply, Ticket, Verb
from records.numbers import number, report_of
from records.reading import Reading
from records.record import Classification, FaultRecord
from records.tasks import Step, Task
from storage import tasks
from storage.database import Transaction
from storage.rows import body, clean, micros, moment, noun


class Kept(Struct, frozen=True, kw_only=True):
    """One kept report, as its door left it."""

    id: str
    report: int
    channel: str
    media_type: str
    sha256: str
    size: int
    received_at: datetime
    due_at: datetime
    envelope: Envelope
    problem: str | None


class Version(Struct, frozen=True, kw_only=True):
    """One version of a report's record, with the reading it was made from."""

    version: int
    record: FaultRecord
    reading: Reading | None


def kept(tx: Transaction, report: int) -> Kept | None:
    """Give one report's row."""
    row = tx.one("SELECT * FROM reports WHERE id = :report", report=report)
    if row is None:
        return None
    received_at = moment(row["received_at"])
    return Kept(
        id=number(report, received_at), report=report, channel=row["channel"], media_type=row["media_type"],
        sha256=row["sha256"], size=row["size"], received_at=received_at, due_at=moment(row["due_at"]),
        envelope=noun(Envelope, row["envelope"]), problem=row["problem"],
    )  # fmt: skip


def latest(tx: Transaction, report: int) -> Version | None:
    """Give the newest version of a report's record."""
    row = tx.one("SELECT * FROM records WHERE report = :report ORDER BY version DESC LIMIT 1", report=report)
    if row is None:
        return None
    reading = noun(Reading, row["reading"]) if row["reading"] else None
    return Version(version=row["version"], record=noun(FaultRecord, row["body"]), reading=reading)


def waiting(tx: Transaction, report: int) -> FaultRecord | None:
    """Give the record of a report that was asked about and has no ticket yet; None for any other.

    The ticket may be planned by the answer's row, so it is told by its key, which names this report's number.
    """
    asked = tx.one("SELECT 1 FROM deliveries WHERE report = :report AND kind = 'question'", report=report)
    version = latest(tx, report) if asked else None
    if version is None:
        return None
    key = f"create/%/{version.record.id}"
    ticket = tx.one("SELECT 1 FROM deliveries WHERE verb = 'create' AND key LIKE :key", key=key)
    return None if ticket else version.record


def normalized(
    tx: Transaction, task: Task, record: FaultRecord, reading: Reading | None, made_at: datetime
) -> list[Task]:
    """T2: a new version of the record; the task is done, `classify` is begun by the same worker."""
    sender = tasks.finish(tx, task)
    _add_version(tx, task.subject, record, reading, micros(made_at))
    if reading and reading.message_id:
        remember_message(tx, reading.message_id, task.subject, ours=False)
    return [tasks.add_begun(tx, Step.CLASSIFY, task.subject, sender, micros(record.due_at))]


def _add_version(tx: Transaction, report: int, record: FaultRecord, reading: Reading | None, at: int) -> None:
    email = record.reporter.email
    tx.run(
        "INSERT INTO records (report, version, made_at, order_kind, email, body, reading) SELECT :report,"
        " COALESCE(MAX(version), 0) + 1, :at, :order, :email, :body, :reading FROM records WHERE report = :report",
        report=report, at=at, order=record.order.value, email=email.lower() if email else None,
        body=body(record), reading=body(reading) if reading else None,
    )  # fmt: skip


def remember_message(tx: Transaction, message_id: str, report: int, *, ours: bool) -> None:
    """Keep whose Message-ID (RFC 5322 section 3.6.4) this is, for replies that quote it."""
    tx.run(
        "INSERT INTO message_ids (message_id, report, ours) VALUES (:message_id, :report, :ours)"
        " ON CONFLICT (message_id, report) DO NOTHING",
        message_id=clean(message_id)[:500], report=report, ours=int(ours),
    )  # fmt: skip


def decided(
    tx: Transaction, task: Task, version: int, decision: Classification, leaving: Sequence[Delivery], made_at: datetime
) -> list[Task]:
    """T3: the decision and every delivery it calls for, each with its task, begun by the same worker."""
    sender = tasks.finish(tx, task)
    _decide(tx, task.subject, version, decision, micros(made_at))
    due, at = micros(task.due_at), micros(made_at)
    rows = [(one, _add_delivery(tx, one, at)) for one in leaving]
    for one, row in rows:
        if (
            row is not None
            and one.verb is Verb.CREATE
            and one.ticket
            and report_of(one.ticket.external_id) != task.subject
        ):
            _complete(tx, one.ticket, at)
    return [tasks.add_begun(tx, Step.DELIVER, row, sender, due) for _, row in rows if row is not None]


def _decide(tx: Transaction, report: int, version: int, decision: Classification, at: int) -> None:
    tx.run(
        "INSERT INTO decisions (report, version, made_at, body) VALUES (:report, :version, :at, :body)"
        " ON CONFLICT (report, version) DO NOTHING",
        report=report, version=version, at=at, body=body(decision),
    )  # fmt: skip


def _complete(tx: Transaction, ticket: Ticket, at: int) -> None:
    """An answer completed an earlier report: a new version of that one's record, with its decision."""
    report = report_of(ticket.external_id)
    if report is None:
        raise ValueError("a ticket of ours carries a number of ours")
    earlier = latest(tx, report)
    _add_version(tx, report, ticket.record, earlier.reading if earlier else None, at)
    _decide(tx, report, (earlier.version if earlier else 0) + 1, ticket.record.classification, at)


def _add_delivery(tx: Transaction, delivery: Delivery, at: int) -> int | None:
    """Add a delivery once; None where its key is there already."""
    reply = delivery.reply
    what = reply or delivery.ticket
    if what is None:
        raise ValueError("a delivery is a ticket or a reply")
    row = tx.one(
        "INSERT INTO deliveries (report, verb, backend, key, recipient, kind, made_at, body)"
        " VALUES (:report, :verb, :backend, :key, :recipient, :kind, :at, :body)"
        " ON CONFLICT (key) DO NOTHING RETURNING id",
        report=delivery.report, verb=delivery.verb.value, backend=delivery.backend, key=delivery.key,
        recipient=reply.to.lower() if reply else None, kind=reply.kind.value if reply else None, at=at,
        body=body(what),
    )  # fmt: skip
    return row["id"] if row else None


def delivery(tx: Transaction, row_id: int) -> Delivery | None:
    """Give one delivery."""
    row = tx.one("SELECT * FROM deliveries WHERE id = :id", id=row_id)
    if row is None:
        return None
    verb = Verb(row["verb"])
    replies = verb is Verb.REPLY
    return Delivery(
        id=row["id"], report=row["report"], verb=verb, backend=row["backend"], key=row["key"],
        ticket=None if replies else noun(Ticket, row["body"]), reply=noun(Reply, row["body"]) if replies else None,
    )  # fmt: skip


def delivered(tx: Transaction, task: Task, delivery: Delivery, outcome: Delivered, at: datetime) -> list[Task]:
    """T4: it left; its own number there is kept, a reply's Message-ID so that we know our own mail again."""
    tasks.finish(tx, task)
    if delivery.verb is Verb.REPLY and outcome.external_id:
        remember_message(tx, outcome.external_id, delivery.report, ours=True)
    _end(tx, task.subject, "delivered", outcome.external_id, None, micros(at))
    return []


def parked(tx: Transaction, task: Task, delivery: Delivery, reason: str, at: datetime) -> list[Task]:
    """T4: it did not leave and will not by itself: a person sees the reason.

    Where that was a question, its report has no ticket yet: it is planned anew, as one that can't be asked.
    """
    sender = tasks.finish(tx, task)
    _end(tx, task.subject, "parked", None, reason, micros(at))
    if delivery.reply is not None and delivery.reply.kind is Kind.QUESTION:
        tasks.add(tx, Step.CLASSIFY, delivery.report, sender, micros(task.due_at))
    return []


def _end(tx: Transaction, delivery: int, state: str, external_id: str | None, reason: str | None, at: int) -> None:
    tx.run(
        "INSERT INTO outcomes (delivery, state, external_id, reason, at) VALUES (:delivery, :state, :external_id,"
        " :reason, :at) ON CONFLICT (delivery) DO NOTHING",
        delivery=delivery, state=state, external_id=external_id, reason=reason, at=at,
    )  # fmt: skip
