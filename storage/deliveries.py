"""What leaves for reports: each delivery once, and how it ended."""

from datetime import datetime

from msgspec.structs import replace

from records.clocks import Notice, Promise
from records.deliveries import Delivered, Delivery, Kind, Reply, Ticket, Verb
from records.numbers import report_of
from records.orders import OrderState
from records.partner_events import Event
from records.record import FaultRecord
from records.tasks import Step, Task
from records.words import Mode
from storage import cards, orders, promises, tasks
from storage.database import Transaction
from storage.events import happened
from storage.rows import body, clean, micros, noun
from storage.versions import latest


def add_delivery(tx: Transaction, delivery: Delivery, at: int) -> int | None:
    """Add a delivery once; None where its key is there already."""
    reply = delivery.reply
    what = reply or delivery.ticket or delivery.event or delivery.notice
    if what is None:
        raise ValueError("a delivery is a ticket, a reply, an event or a notice")
    row = tx.one(
        "INSERT INTO deliveries (report, verb, backend, key, recipient, kind, made_at, body, opens, ticket_of,"
        " about)"
        " VALUES (:report, :verb, :backend, :key, :recipient, :kind, :at, :body, :opens, :ticket_of, :about)"
        " ON CONFLICT (key) DO NOTHING RETURNING id",
        report=delivery.report, verb=delivery.verb.value, backend=delivery.backend, key=delivery.key,
        recipient=reply.to.lower() if reply else None, kind=reply.kind.value if reply else None, at=at,
        body=body(what), opens=opens(delivery), ticket_of=orders.ticket_of(delivery),
        about=report_of(reply.record_id) if reply else None,
    )  # fmt: skip
    about = opens(delivery)
    if row and about is not None and delivery.ticket is not None:
        promises.ordered(tx, about, delivery.ticket.record, at)
    return row["id"] if row else None


def opens(delivery: Delivery) -> int | None:
    """Give the report whose ticket a delivery opens; None where it opens none."""
    opening = delivery.ticket if delivery.verb is Verb.CREATE else None
    return report_of(opening.external_id) if opening else None


def ticketed(tx: Transaction, report: int) -> tuple[str, ...]:
    """Name the backends that have a ticket of a report, or will: what was parked or stopped they have not."""
    rows = tx.all(
        "SELECT DISTINCT deliveries.backend FROM deliveries LEFT JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE deliveries.opens = :report AND COALESCE(outcomes.state, '') NOT IN ('parked', 'stopped')"
        " ORDER BY deliveries.backend",
        report=report,
    )
    return tuple(row["backend"] for row in rows)


def waiting(tx: Transaction, report: int) -> FaultRecord | None:
    """Give the record of a report that was asked about and has no ticket yet; None for any other."""
    asked = tx.one("SELECT 1 FROM deliveries WHERE report = :report AND kind = 'question'", report=report)
    version = latest(tx, report) if asked else None
    opened = tx.one("SELECT 1 FROM deliveries WHERE opens = :report", report=report)
    return version.record if version and not opened else None


def delivery(tx: Transaction, row_id: int) -> Delivery | None:
    """Give one delivery."""
    row = tx.one("SELECT * FROM deliveries WHERE id = :id", id=row_id)
    if row is None:
        return None
    verb = Verb(row["verb"])
    one = Delivery(id=row["id"], report=row["report"], verb=verb, backend=row["backend"], key=row["key"])
    match verb:
        case Verb.REPLY:
            return replace(one, reply=noun(Reply, row["body"]))
        case Verb.EVENT:
            return replace(one, event=noun(Event, row["body"]))
        case Verb.WARN:
            return replace(one, notice=noun(Notice, row["body"]))
    return replace(one, ticket=noun(Ticket, row["body"]))


def delivered(tx: Transaction, task: Task, delivery: Delivery, outcome: Delivered, at: datetime) -> list[Task]:
    """T4: it left; its own number there is kept, a reply's Message-ID so that we know our own mail again."""
    tasks.finish(tx, task)
    if delivery.verb is Verb.REPLY and outcome.external_id:
        remember_message(tx, outcome.external_id, delivery.report, ours=True)
    about = opens(delivery)
    if end(tx, task.subject, "delivered", outcome.external_id, None, micros(at)):
        orders.carried_out(tx, replace(delivery, id=task.subject), outcome, at)
        for file in outcome.behind:
            happened(tx, delivery.report, at, delivery.backend, "file not sent", file)
        if "linked" in outcome.detail and delivery.ticket is not None:  # a follow-up that got a ticket of its own
            promises.ordered(tx, delivery.report, delivery.ticket.record, micros(at))
            promises.taken(tx, delivery.report, at)
        if about is not None:
            cards.ticketed(tx, about)
            promises.taken(tx, about, at, handed_over=_handed_over(delivery))
        if delivery.reply is not None and delivery.reply.kind is Kind.SOLUTION:
            promises.keep(tx, report_of(delivery.reply.record_id) or delivery.report, Promise.ANSWER, at)
    return []


def _handed_over(delivery: Delivery) -> bool:
    route = delivery.ticket.record.classification.route if delivery.ticket else None
    return route is not None and route.mode is Mode.ROUTED


def stopped(tx: Transaction, task: Task, delivery: Delivery, at: datetime) -> list[Task]:
    """T4: nothing left, for the report was withdrawn before it was dispatched; the withdrawal is carried out so."""
    tasks.finish(tx, task)
    about, reason = orders.ticket_of(delivery), "withdrawn before it was dispatched"
    ended = end(tx, task.subject, OrderState.STOPPED, None, reason, micros(at))
    if ended and delivery.verb is Verb.WITHDRAW and about is not None:
        orders.cancelled(tx, delivery, about, at)
    return []


def parked(tx: Transaction, task: Task, delivery: Delivery, reason: str, at: datetime) -> list[Task]:
    """T4: it did not leave and will not by itself: a person sees the reason.

    Where that was the machine's question, its report has no ticket yet: it is planned anew, as one that can't be
    asked. Of his own question a person sees that it did not arrive.
    """
    sender = tasks.finish(tx, task)
    end(tx, task.subject, "parked", None, reason, micros(at))
    if delivery.verb is Verb.WARN:
        return []  # it is no fault of the report that the notice happens to begin with
    cards.undelivered(tx, opens(delivery) or delivery.report, at)
    if delivery.reply is not None and delivery.reply.kind is Kind.QUESTION and delivery.reply.words is None:
        tasks.add(tx, Step.CLASSIFY, delivery.report, sender, micros(task.due_at))
    return []


def remember_message(tx: Transaction, message_id: str, report: int, *, ours: bool) -> None:
    """Keep whose Message-ID (RFC 5322 section 3.6.4) this is, for replies that quote it."""
    tx.run(
        "INSERT INTO message_ids (message_id, report, ours) VALUES (:message_id, :report, :ours)"
        " ON CONFLICT (message_id, report) DO NOTHING",
        message_id=clean(message_id)[:500], report=report, ours=int(ours),
    )  # fmt: skip


def end(tx: Transaction, delivery: int, state: str, external_id: str | None, reason: str | None, at: int) -> bool:
    """Keep how it ended; tells whether that was not known yet."""
    rows = tx.run(
        "INSERT INTO outcomes (delivery, state, external_id, reason, at) VALUES (:delivery, :state, :external_id,"
        " :reason, :at) ON CONFLICT (delivery) DO NOTHING",
        delivery=delivery, state=state, external_id=external_id, reason=reason, at=at,
    )  # fmt: skip
    return rows > 0
