"""How tickets stand with their backends: when each is looked at again, and what its new status means for its report.

A report may have a ticket at several backends. The one that counts for the report is the first wired one that has a
ticket of it; of the others it is only kept how they stand.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from records.numbers import number
from records.status import ENDED, Status
from storage import statuses
from storage.database import Row, Transaction
from storage.rows import among, micros, moment

#: A ticket just opened is looked at after this.
FIRST_LOOK = timedelta(minutes=1)


class Watched(Struct, frozen=True, kw_only=True):
    """One ticket that is to be looked at."""

    delivery: int
    report: int
    id: str  # our number


class Seen(Struct, frozen=True, kw_only=True):
    """How a ticket stood."""

    delivery: int
    status: Status
    asked_at: datetime  # a change of ours after that is newer than this


def opened(tx: Transaction, delivery: int, report: int, backend: str, external_id: str | None, at: datetime) -> None:
    """Begin to watch a ticket."""
    tx.run(
        "INSERT INTO ticket_states (delivery, report, backend, external_id, status, next_at)"
        " VALUES (:delivery, :report, :backend, :external_id, 'acknowledged', :next) ON CONFLICT (delivery) DO NOTHING",
        delivery=delivery, report=report, backend=backend, external_id=external_id, next=micros(at + FIRST_LOOK),
    )  # fmt: skip


def stands(tx: Transaction, report: int, backend: str, status: Status) -> None:
    """Keep what we have made of a ticket ourselves: it is no news when it is seen."""
    tx.run(
        "UPDATE ticket_states SET status = :status, ended = :ended WHERE report = :report AND backend = :backend",
        status=status.value, ended=int(status in ENDED), report=report, backend=backend,
    )  # fmt: skip


def claim(tx: Transaction, backend: str, now: datetime, again: datetime, limit: int) -> list[Watched]:
    """Take the tickets that wait longest for a look; each is due `again` later, so that all have their turn."""
    rows = tx.all(
        "UPDATE ticket_states SET next_at = :again WHERE ended = 0 AND next_at <= :now AND delivery IN"
        " (SELECT delivery FROM ticket_states WHERE backend = :backend AND ended = 0 AND next_at <= :now"
        " ORDER BY next_at LIMIT :limit) RETURNING delivery",
        again=micros(again), now=micros(now), backend=backend, limit=limit,
    )  # fmt: skip
    if not rows:
        return []
    these, values = among(row["delivery"] for row in rows)
    found = tx.all(
        "SELECT ticket_states.delivery, ticket_states.report, reports.received_at FROM ticket_states"  # noqa: S608 - names of ours
        f" JOIN reports ON reports.id = ticket_states.report WHERE delivery IN {these} ORDER BY delivery",
        **values,
    )
    return [_watched(row) for row in found]


def give_back(tx: Transaction, tickets: Sequence[Watched]) -> None:
    """Have tickets looked at as soon as their backend can be asked again."""
    if tickets:
        these, values = among(one.delivery for one in tickets)
        tx.run(f"UPDATE ticket_states SET next_at = 0 WHERE delivery IN {these}", **values)  # noqa: S608 - names of ours


def mark(tx: Transaction, reports: Sequence[int], backend: str | None = None) -> int:
    """Have the tickets of some reports looked at next, also ended ones; gives how many there are.

    `backend`: at that one only. The status itself is always asked of the backend, so whoever has marked a ticket
    falsely has it read once more, and no more.
    """
    if not reports:
        return 0
    these, values = among(reports)
    here = " AND backend = :backend" if backend is not None else ""
    names = {"backend": backend} if backend is not None else {}
    sql = f"UPDATE ticket_states SET next_at = 0, ended = 0 WHERE report IN {these}{here}"  # noqa: S608 - names of ours
    return tx.run(sql, **values, **names)


def differing(tx: Transaction, backend: str, report: int, status: Status) -> bool:
    """Tell whether a ticket is known to stand otherwise."""
    row = tx.one(
        "SELECT 1 FROM ticket_states WHERE report = :report AND backend = :backend AND status <> :status",
        report=report, backend=backend, status=status.value,
    )  # fmt: skip
    return row is not None


def seen(tx: Transaction, found: Sequence[Seen], wired: Sequence[str], at: datetime) -> None:
    """Keep how tickets stood; where one that counts has changed, its report changes with it, and is told.

    Only a change of the ticket is news: what people have made of the report at the desk meanwhile stays. A look that
    was begun before the report's last change proves nothing, and is made again. `wired`: the backends in their order.
    """
    for one in found:
        row = tx.one("SELECT report, backend, status FROM ticket_states WHERE delivery = :id", id=one.delivery)
        if row is None:
            continue
        if row["status"] == one.status:
            tx.run(
                "UPDATE ticket_states SET ended = :ended WHERE delivery = :id AND next_at > 0",
                ended=int(one.status in ENDED), id=one.delivery,
            )  # fmt: skip
        elif _overtaken(tx, row["report"], one.asked_at):
            tx.run("UPDATE ticket_states SET next_at = 0 WHERE delivery = :id", id=one.delivery)
        else:
            _changed(tx, row, one, wired, at)


def _changed(tx: Transaction, row: Row, one: Seen, wired: Sequence[str], at: datetime) -> None:
    tx.run(
        "UPDATE ticket_states SET status = :status, ended = :ended WHERE delivery = :id",
        status=one.status.value, ended=int(one.status in ENDED), id=one.delivery,
    )  # fmt: skip
    if _counting(tx, row["report"], wired) == row["backend"]:
        statuses.change(tx, row["report"], one.status, at, row["backend"])


def _overtaken(tx: Transaction, report: int, asked_at: datetime) -> bool:
    row = tx.one("SELECT MAX(at) AS at FROM status_changes WHERE report = :report", report=report)
    return bool(row and row["at"] is not None and row["at"] >= micros(asked_at))


def _counting(tx: Transaction, report: int, wired: Sequence[str]) -> str | None:
    """Name the backend whose ticket counts for a report."""
    rows = tx.all("SELECT backend FROM ticket_states WHERE report = :report", report=report)
    there = {row["backend"] for row in rows}
    return next((name for name in wired if name in there), None)


def _watched(row: Row) -> Watched:
    received_at = moment(row["received_at"])
    return Watched(delivery=row["delivery"], report=row["report"], id=number(row["report"], received_at))
