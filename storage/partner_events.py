"""Events for partners on their way: planned with what they tell of, sent, given up, and sent anew by hand."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from records.deliveries import Delivery
from records.partner_events import Event, Subscription
from records.tasks import Step, Task
from storage import subscriptions, tasks
from storage.database import Transaction
from storage.deliveries import add_delivery, delivery, end
from storage.events import happened
from storage.rows import micros

#: Why an event waits for somebody to send it anew.
OFF = "the subscription is switched off"


def add(tx: Transaction, planned: Iterable[Delivery], at: datetime) -> None:
    """Put events on their way, each once; those of a subscription that is switched off only wait to be sent anew."""
    for one in planned:
        row = add_delivery(tx, one, micros(at))
        if row is None or one.event is None:
            continue
        tx.run(
            "INSERT INTO event_deliveries (delivery, subscription, event, made_at)"
            " VALUES (:delivery, :subscription, :event, :at)",
            delivery=row, subscription=one.event.subscription, event=one.event.id, at=micros(at),
        )  # fmt: skip
        to = subscriptions.living_one(tx, one.event.subscription)
        if to is None or to.off is not None:
            end(tx, row, "parked", None, OFF, micros(at))
        else:
            tasks.add(tx, Step.DELIVER, row, one.backend, micros(at), destination=one.backend)


def arrived(tx: Transaction, task: Task, one: Event, at: datetime) -> list[Task]:
    """T4: the partner has it."""
    tasks.finish(tx, task)
    end(tx, task.subject, "delivered", one.type, None, micros(at))
    return []


def given_up(tx: Transaction, task: Task, reason: str, at: datetime, off: Subscription | None = None) -> list[Task]:
    """T4: it will not be tried any more; `off`: the subscription to switch off with it. Its report's story tells it."""
    actor = tasks.finish(tx, task)
    end(tx, task.subject, "parked", None, reason, micros(at))
    if off is not None and subscriptions.switch_off(tx, off.id, at, reason):
        row = tx.one("SELECT report FROM deliveries WHERE id = :id", id=task.subject)
        happened(tx, int(row["report"]) if row else 0, at, actor, "events switched off", reason)
    return []


def replay(tx: Transaction, partner: str, since: datetime | None, at: datetime) -> int:
    """Switch a partner's subscriptions on and send events anew; gives how many.

    Those that have not arrived; with `since` all that were made since then. Each keeps its id, so a receiver that has
    one already knows it.
    """
    count = 0
    for to in subscriptions.living(tx, partner):
        subscriptions.switch_on(tx, to.id)
        again = [one for row in _to_replay(tx, to.id, since) if (one := delivery(tx, row)) is not None]
        add(tx, [replace(one, key=f"{one.key.partition('/again/')[0]}/again/{micros(at)}") for one in again], at)
        count += len(again)
    return count


def waiting(tx: Transaction, subscription: int) -> int:
    """Count the events that have not arrived."""
    return sum(state != "delivered" for state in _newest(tx, subscription, None).values())


def _to_replay(tx: Transaction, subscription: int, since: datetime | None) -> list[int]:
    """List deliveries, one for each event: the newest; those still on their way are left alone."""
    wanted = {"parked", "delivered"} if since else {"parked"}
    return [row for row, state in _newest(tx, subscription, since).items() if state in wanted]


def _newest(tx: Transaction, subscription: int, since: datetime | None) -> dict[int, str | None]:
    """Give each event's newest delivery and how it ended, the first one first; None: it is on its way."""
    rows = tx.all(
        "SELECT newest.delivery, outcomes.state FROM (SELECT MAX(delivery) AS delivery FROM event_deliveries"
        " WHERE subscription = :subscription AND made_at >= :since GROUP BY event) AS newest"
        " LEFT JOIN outcomes ON outcomes.delivery = newest.delivery ORDER BY newest.delivery",
        subscription=subscription, since=micros(since) if since else 0,
    )  # fmt: skip
    return {row["delivery"]: row["state"] for row in rows}


def has_taken(tx: Transaction, subscription: int, since: datetime) -> bool:
    """Tell whether a subscription took anything since."""
    row = tx.one(
        "SELECT 1 FROM event_deliveries JOIN outcomes ON outcomes.delivery = event_deliveries.delivery"
        " WHERE event_deliveries.subscription = :subscription AND outcomes.state = 'delivered'"
        " AND outcomes.at >= :since",
        subscription=subscription, since=micros(since),
    )  # fmt: skip
    return row is not None
