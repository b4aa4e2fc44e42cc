"""The clock looks at the promises: each stage is told once, whatever stops, jumps or looks twice.

What was told stands in the promise's own row and in `warnings`; when it is looked at again stands there too. So a
clock that was stopped tells the latest stage when it comes back, and one that was set back tells nothing twice.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from records.clocks import BROKEN, Clock, Clocks, Promise
from records.deliveries import Delivery
from records.numbers import number
from records.standing import Level
from records.tasks import Step
from records.words import Urgency
from storage import promises, tasks
from storage.database import Row, Transaction
from storage.deliveries import add_delivery
from storage.events import happened
from storage.rows import micros, moment

MANY = 500  # promises of one look; the next one goes on
_SAID = {50: "half of its time gone", 75: "three quarters of its time gone", BROKEN: "overdue"}
UNWARNED = "nobody was warned before"  # the note on what broke while no clock ran


class Wanted(Struct, frozen=True, kw_only=True):
    """A promise whose customer is to get a provisional answer."""

    id: int
    report: int
    round: int
    due_at: datetime
    urgency: Urgency


def said(promise: Promise, stage: int) -> str:
    """Say in the story's words what became of a promise."""
    what = _SAID.get(stage, f"{stage} % of its time gone")
    return what if promise is Promise.RECORD else f"{promise.value} {what}"


def ring(tx: Transaction, now: datetime, clocks: Clocks) -> list[str]:
    """Tell every stage that was reached, as an event and a warning; gives the alarms' texts.

    An overdue record is the seniors', who have their own time from then.
    """
    rows = tx.all(
        "SELECT promises.*, reports.received_at FROM promises JOIN reports ON reports.id = promises.report"
        " WHERE ended_at IS NULL AND next_at <= :now ORDER BY next_at, promises.id LIMIT :many",
        now=micros(now), many=MANY,
    )  # fmt: skip
    return [alarm for row in rows for alarm in _ring(tx, row, now, clocks)]


def _ring(tx: Transaction, row: Row, now: datetime, clocks: Clocks) -> list[str]:
    promise = Promise(row["kind"])
    clock = clocks.of(promise, Urgency(row["urgency"]))
    begins = moment(row["begins_at"])
    due = clock.due(begins) if row["due_at"] is None else moment(row["due_at"])
    rings = [
        (stage, at)
        for stage, at in clock.rings(begins, due, provisional=row["provisional"] is None)
        if stage > row["stage"]
    ]
    reached = [stage for stage, at in rings if at <= now]
    later = [at for _, at in rings if at > now]
    if not _turn(tx, row, due, reached, min(later, default=None), clock) or not reached:
        return []
    _warn(tx, row, promise, reached[-1], due, now, clock)
    if reached[-1] == BROKEN and promise is Promise.RECORD:
        tx.run("UPDATE standings SET level = :level WHERE report = :report", level=Level.SENIOR, report=row["report"])
        promises.begin(tx, row["report"], Promise.DISPATCH, micros(now))
    name = number(row["report"], moment(row["received_at"]))
    return [f"{name}: {said(promise, reached[-1])}, and it is not finished"]


def _turn(
    tx: Transaction, row: Row, due: datetime, reached: Sequence[int], later: datetime | None, clock: Clock
) -> bool:
    """Set a promise to its next stage; tells whether it stood as it was seen, so that of two clocks one tells it."""
    wanted = "wanted" if clock.provisional_at in reached else None
    stage = reached[-1] if reached else row["stage"]
    changed = tx.run(
        "UPDATE promises SET due_at = :due, first_due_at = COALESCE(first_due_at, :due), stage = :stage,"
        " next_at = CAST(:later AS BIGINT), provisional = COALESCE(provisional, CAST(:wanted AS TEXT)),"
        " broken_at = CASE WHEN :stage >= :broken THEN COALESCE(broken_at, :due) ELSE broken_at END"
        " WHERE id = :id AND stage = :was AND round = :round AND ended_at IS NULL",
        id=row["id"], was=row["stage"], round=row["round"], due=micros(due), stage=stage, broken=BROKEN,
        later=micros(later) if later else None, wanted=wanted,
    )  # fmt: skip
    return changed > 0


def _warn(tx: Transaction, row: Row, promise: Promise, stage: int, due: datetime, now: datetime, clock: Clock) -> None:
    """Add a warning, in place of those of the stages before it."""
    role = clock.late if stage == BROKEN else clock.warned
    note = UNWARNED if stage == BROKEN and not row["stage"] and row["round"] == 1 else None
    tx.run(
        "UPDATE warnings SET done_at = :now WHERE report = :report AND kind = :kind AND stage < :broken"
        " AND done_at IS NULL",
        now=micros(now), report=row["report"], kind=promise.value, broken=BROKEN,
    )  # fmt: skip
    tx.run(
        "INSERT INTO warnings (report, kind, round, stage, at, due_at, role, note) VALUES (:report, :kind, :round,"
        " :stage, :at, :due, :role, CAST(:note AS TEXT)) ON CONFLICT (report, kind, round, stage) DO NOTHING",
        report=row["report"], kind=promise.value, round=row["round"], stage=stage, at=micros(now), due=micros(due),
        role=role.value, note=note,
    )  # fmt: skip
    happened(tx, row["report"], now, "clock", said(promise, stage))


def wanted(tx: Transaction, limit: int = 100) -> list[Wanted]:
    """List the promises whose customer is to get a provisional answer."""
    rows = tx.all(
        "SELECT id, report, round, due_at, urgency FROM promises WHERE provisional = 'wanted' ORDER BY id LIMIT :limit",
        limit=limit,
    )
    return [
        Wanted(id=row["id"], report=row["report"], round=row["round"], due_at=moment(row["due_at"]),
               urgency=Urgency(row["urgency"]))
        for row in rows
    ]  # fmt: skip


def extended(tx: Transaction, one: Wanted, answer: Delivery, until: datetime, at: datetime) -> None:
    """Send the provisional answer, and begin the time up to the date that it names; nothing where it is not wanted."""
    changed = tx.run(
        "UPDATE promises SET provisional = 'sent', round = round + 1, begins_at = :at, due_at = :until, stage = 0,"
        " next_at = 0 WHERE id = :id AND round = :round AND provisional = 'wanted' AND ended_at IS NULL",
        id=one.id, round=one.round, at=micros(at), until=micros(until),
    )  # fmt: skip
    if not changed:
        return
    tx.run(
        "UPDATE warnings SET done_at = :at WHERE report = :report AND kind = 'answer' AND stage < :broken"
        " AND done_at IS NULL",
        at=micros(at), report=one.report, broken=BROKEN,
    )  # fmt: skip
    row = add_delivery(tx, answer, micros(at))
    if row is not None:
        tasks.add(tx, Step.DELIVER, row, "clock", micros(until), destination=answer.backend)
    happened(tx, one.report, at, "clock", "provisional answer", until.isoformat(timespec="minutes"))


def unanswered(tx: Transaction, one: Wanted, reason: str, at: datetime) -> None:
    """Keep why the customer can't get a provisional answer: his promise goes on to its end."""
    changed = tx.run(
        "UPDATE promises SET provisional = :reason WHERE id = :id AND provisional = 'wanted'", id=one.id, reason=reason
    )
    if changed:
        happened(tx, one.report, at, "clock", "no provisional answer", reason)
