"""What is looked after every few seconds: nearing due times are raised, the window of resends is kept short."""

from datetime import datetime, timedelta

from records.numbers import number
from storage.database import Transaction
from storage.rows import micros, moment

#: Parts of the time from arrival to due after which a report without a record is raised, and the event's name.
STAGES = ((1.0, "overdue"), (0.75, "three quarters of its time gone"), (0.5, "half of its time gone"))
_MANY = 200  # alarms of one sweep; the next one raises the rest


def sweep(tx: Transaction, now: datetime, resends: timedelta) -> list[str]:
    """Raise each stage of each report once, as an event of its story; gives the alarms' texts."""
    tx.run(
        "DELETE FROM arrivals WHERE at < :before"  # old mail may have come in just now, and come again after a crash
        " AND EXISTS (SELECT 1 FROM reports WHERE id = arrivals.report AND kept_at < :before)",
        before=micros(now - resends),
    )
    return [alarm for part, what in STAGES for alarm in _raise(tx, micros(now), part, what)]


def _raise(tx: Transaction, now: int, part: float, what: str) -> list[str]:
    rows = tx.all(
        "SELECT reports.id, reports.received_at FROM tasks JOIN reports ON reports.id = tasks.subject"
        " WHERE tasks.done_at IS NULL AND tasks.step = 'normalize'"
        " AND reports.received_at + (reports.due_at - reports.received_at) * :percent / 100 <= :now"
        " AND NOT EXISTS (SELECT 1 FROM events WHERE events.report = reports.id AND events.what IN"
        " ('overdue', :what)) ORDER BY tasks.due_at LIMIT :many",
        percent=int(part * 100), now=now, what=what, many=_MANY,
    )  # fmt: skip
    for row in rows:
        tx.run(
            "INSERT INTO events (report, at, actor, what) VALUES (:report, :at, 'clock', :what)",
            report=row["id"], at=now, what=what,
        )  # fmt: skip
    return [f"{number(row['id'], moment(row['received_at']))}: {what} and no record yet" for row in rows]
