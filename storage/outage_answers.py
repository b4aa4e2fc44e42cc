"""Who is to be told of an outage and of its end, and which tickets are to name its master; each once."""

from datetime import datetime, timedelta

from msgspec import Struct

from records.deliveries import Delivery
from records.outage import Outage, OutageState
from records.status import ENDED, Status, StatusChange
from records.tasks import Step
from storage import statuses, tasks
from storage.database import Transaction
from storage.deliveries import add_delivery
from storage.events import happened
from storage.outages import outage
from storage.rows import micros

AGAIN = timedelta(minutes=5)  # after which a reporter who had enough replies is looked at again
_PATIENCE = timedelta(hours=4)  # for which an answer is tried
_ANSWERED, _CLOSED = 1, 2  # sightings.told


class Wanted(Struct, frozen=True, kw_only=True):
    """A report whose reporter is to be told how an outage stands."""

    report: int
    outage: Outage

    @property
    def stage(self) -> int:
        """Give what he has been told of afterwards."""
        return _CLOSED if self.outage.state is OutageState.OVER else _ANSWERED


class Note(Struct, frozen=True, kw_only=True):
    """A ticket that is to name the master of an outage."""

    report: int
    backend: str
    outage: Outage


def wanted(tx: Transaction, now: datetime, limit: int = 50) -> list[Wanted]:
    """List whom a confirmed outage, or the end of one, is to be told to now."""
    rows = tx.all(
        "SELECT sightings.report, sightings.outage FROM sightings JOIN outages ON outages.id = sightings.outage"
        " WHERE sightings.outage IS NOT NULL AND told < 2 AND look_at <= :now AND cause IS NOT NULL"
        " AND (state = 'over' OR (state = 'confirmed' AND told < 1)) ORDER BY look_at, sightings.id LIMIT :limit",
        now=micros(now), limit=limit,
    )  # fmt: skip
    known = {row["outage"]: outage(tx, row["outage"]) for row in rows}
    return [Wanted(report=row["report"], outage=its) for row in rows if (its := known[row["outage"]])]


def answered(tx: Transaction, one: Wanted, answer: Delivery | None, at: datetime, silence: str | None = None) -> None:
    """Tell a reporter, or keep why he can't be; at the outage's end his report is resolved. Nothing where it is done.

    His report's status is changed in the commit of the answer, whose time it has: see `told_over`.
    """
    changed = tx.run(
        "UPDATE sightings SET told = :stage WHERE report = :report AND outage = :outage AND told < :stage",
        stage=one.stage, report=one.report, outage=one.outage.id,
    )  # fmt: skip
    if not changed:
        return
    row = add_delivery(tx, answer, micros(at)) if answer else None
    if answer is not None and row is not None:
        tasks.add(tx, Step.DELIVER, row, "clock", micros(at + _PATIENCE), destination=answer.backend)
    if silence is not None:
        happened(tx, one.report, at, "watch", "not told of the outage", silence)
    if one.stage == _CLOSED and statuses.status(tx, one.report) not in ENDED:
        statuses.change(tx, one.report, Status.RESOLVED, at, one.outage.decided_by or "watch", one.outage.name)


def put_off(tx: Transaction, one: Wanted, at: datetime) -> None:
    """Look at a reporter again later: he, or the house, had enough replies for now."""
    sql = "UPDATE sightings SET look_at = :at WHERE report = :report AND outage = :outage"
    tx.run(sql, at=micros(at + AGAIN), report=one.report, outage=one.outage.id)


def told_over(tx: Transaction, change: StatusChange) -> bool:
    """Tell whether the answer that an outage is over tells of this change already."""
    if change.status is not Status.RESOLVED:
        return False
    sql = "SELECT 1 FROM deliveries WHERE about = :report AND kind = 'outage_over' AND made_at = :at"
    return tx.one(sql, report=change.report, at=micros(change.at)) is not None


def notes(tx: Transaction, limit: int = 100) -> list[Note]:
    """List the tickets under confirmed outages that do not name their master yet; parked and stopped ones are none."""
    rows = tx.all(
        "SELECT sightings.report, deliveries.backend, sightings.outage FROM outages"
        " CROSS JOIN sightings CROSS JOIN deliveries"  # SQLite takes them in this order: few outages come first
        " LEFT JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE sightings.outage = outages.id AND deliveries.opens = sightings.report"
        " AND outages.state = 'confirmed' AND outages.master IS NOT NULL"
        " AND COALESCE(outcomes.state, '') NOT IN ('parked', 'stopped')"
        " AND NOT EXISTS (SELECT 1 FROM deliveries AS noted WHERE noted.key = 'amend/' || deliveries.backend"
        " || '/outage/' || CAST(outages.id AS TEXT) || '/' || CAST(sightings.report AS TEXT))"
        " ORDER BY sightings.id LIMIT :limit",
        limit=limit,
    )
    known = {row["outage"]: outage(tx, row["outage"]) for row in rows}
    return [
        Note(report=row["report"], backend=row["backend"], outage=its) for row in rows if (its := known[row["outage"]])
    ]


def note(tx: Transaction, amendment: Delivery, at: datetime) -> None:
    """Let a note go to its ticket, once."""
    row = add_delivery(tx, amendment, micros(at))
    if row is not None:
        tasks.add(tx, Step.DELIVER, row, "clock", micros(at + _PATIENCE), destination=amendment.backend)
