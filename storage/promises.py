"""The promises of reports: begun, kept and given up in the same commits as what they depend on.

A row holds facts only; how long its time is the settings say, and the clock (`storage.ringing`) looks at it within a
few seconds. A report has one promise of each kind; a new date begins another round of it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from records.clocks import REPEATED, Promise
from records.numbers import number
from records.people import Role
from records.record import FaultRecord
from records.standing import State
from records.status import Status
from records.words import Order, Urgency
from storage.database import Row, Transaction
from storage.events import happened
from storage.rows import among, clean, micros, moment

#: What answers the customer, and what ends a report without an answer.
_ANSWERED = {Status.RESOLVED, Status.CLOSED, Status.REJECTED}


class Running(Struct, frozen=True, kw_only=True):
    """One promise of a report as it stands."""

    promise: Promise
    begins_at: datetime  # of this round
    due_at: datetime | None  # None: the clock has not looked at it yet
    first_due_at: datetime | None  # what was promised first
    stage: int  # per cent that was told last
    round: int
    provisional: str | None  # the provisional answer: wanted, sent, or why it could not be
    broken_at: datetime | None
    kept_at: datetime | None
    ended_at: datetime | None
    note: str | None


def arrived(tx: Transaction, report: int) -> None:
    """Begin the promise of the record: its due time was told at the arrival."""
    tx.run(
        "INSERT INTO promises (report, kind, round, begins_at, due_at, first_due_at, urgency, stage, next_at)"
        " SELECT id, 'record', 1, received_at, due_at, due_at, 'normal', 0, 0 FROM reports WHERE id = :report"
        " ON CONFLICT (report, kind) DO NOTHING",
        report=report,
    )


def begin(
    tx: Transaction, report: int, promise: Promise, at: int, urgency: Urgency = Urgency.NORMAL, *, again: bool = False
) -> None:
    """Begin a promise at a time in microseconds; one that runs, or was kept, stays as it is.

    `again`: what was kept is promised anew.
    """
    tx.run(
        "INSERT INTO promises (report, kind, round, begins_at, urgency, stage, next_at)"
        " VALUES (:report, :kind, 1, :at, :urgency, 0, 0) ON CONFLICT (report, kind) DO UPDATE SET"
        " round = promises.round + 1, begins_at = excluded.begins_at, due_at = NULL, first_due_at = NULL, stage = 0,"
        " next_at = 0, urgency = excluded.urgency, broken_at = NULL, kept_at = NULL, ended_at = NULL, note = NULL"
        " WHERE promises.ended_at IS NOT NULL AND (promises.kept_at IS NULL OR CAST(:again AS INTEGER) = 1)",
        report=report, kind=promise.value, at=at, urgency=urgency.value, again=int(again),
    )  # fmt: skip


def keep(tx: Transaction, report: int, promise: Promise, at: datetime) -> None:
    """Keep a promise; what is kept too late is broken all the same."""
    tx.run(
        "UPDATE promises SET kept_at = :at, ended_at = :at, next_at = NULL,"
        " provisional = CASE provisional WHEN 'wanted' THEN NULL ELSE provisional END,"
        " broken_at = COALESCE(broken_at, CASE WHEN due_at < :at THEN due_at END)"
        " WHERE report = :report AND kind = :kind AND ended_at IS NULL",
        report=report, kind=promise.value, at=micros(at),
    )  # fmt: skip
    _forget(tx, report, [promise])


def give_up(tx: Transaction, report: int, promises: Iterable[Promise], at: datetime, note: str) -> None:
    """Hold a report for these promises no more."""
    kinds = list(promises)
    for promise in kinds:
        tx.run(
            "UPDATE promises SET ended_at = :at, next_at = NULL, note = CAST(:note AS TEXT),"
            " provisional = CASE provisional WHEN 'wanted' THEN NULL ELSE provisional END"
            " WHERE report = :report AND kind = :kind AND ended_at IS NULL",
            report=report, kind=promise.value, at=micros(at), note=clean(note),
        )  # fmt: skip
    _forget(tx, report, kinds)


def _forget(tx: Transaction, report: int, promises: Iterable[Promise]) -> None:
    """Take what was warned of off the lists; a customer who has come back is not dealt with by that."""
    for promise in promises:
        tx.run(
            "UPDATE warnings SET done_at = :at WHERE report = :report AND kind = :kind AND done_at IS NULL"
            " AND stage < :repeated",  # what is no stage of a promise does not go with it
            at=tx.now(), report=report, kind=promise.value, repeated=REPEATED,
        )  # fmt: skip


def ordered(tx: Transaction, report: int, record: FaultRecord, at: int) -> None:
    """A ticket is on its way: it is promised to get there, and that the customer has his answer in time."""
    begin(tx, report, Promise.DISPATCH, at)
    begin(tx, report, Promise.ANSWER, micros(record.received_at), record.urgency)


def taken(tx: Transaction, report: int, at: datetime, *, handed_over: bool = False) -> None:
    """A backend has the ticket: now its people are to begin.

    `handed_over`: the case is theirs, not ours (`records.words.Mode.ROUTED`), and our clocks end with this receipt.
    """
    keep(tx, report, Promise.DISPATCH, at)
    if handed_over:
        give_up(tx, report, (Promise.WORK, Promise.ANSWER), at, "handed over")
    else:
        begin(tx, report, Promise.WORK, micros(at))


def decided(tx: Transaction, report: int, record: FaultRecord, at: datetime) -> None:
    """Look at the promises of a report whose newest version was decided, and that stands now where that puts it.

    A changed mark of urgency begins the answer's time anew.
    """
    if record.order is not Order.REPORT:
        give_up(tx, report, (Promise.DISPATCH, Promise.WORK, Promise.ANSWER), at, f"it is {record.order.value}")
        return
    tx.run(
        "UPDATE promises SET urgency = :urgency, round = round + 1, begins_at = :at, due_at = NULL, stage = 0,"
        " next_at = 0 WHERE report = :report AND kind = 'answer' AND ended_at IS NULL AND urgency <> :urgency",
        report=report, urgency=record.urgency.value, at=micros(at),
    )  # fmt: skip
    row = tx.one("SELECT state FROM standings WHERE report = :report", report=report)
    if row and row["state"] == State.ASKED:
        give_up(tx, report, (Promise.DISPATCH,), at, "the sender was asked")
    elif row and row["state"] == State.SETTLED and not _leaving(tx, report):
        keep(tx, report, Promise.DISPATCH, at)


def stood(tx: Transaction, report: int, to: Status, before: Status, at: datetime) -> None:
    """A ticket's status has changed, which may keep promises, end them, or renew them."""
    if to is Status.CANCELLED:
        give_up(tx, report, (Promise.DISPATCH, Promise.WORK, Promise.ANSWER), at, "cancelled")
        return
    if to is Status.ACKNOWLEDGED:
        return
    keep(tx, report, Promise.DISPATCH, at)
    keep(tx, report, Promise.WORK, at)
    if to in _ANSWERED:
        keep(tx, report, Promise.ANSWER, at)
    elif before in _ANSWERED:
        urgency = tx.one("SELECT urgency FROM standings WHERE report = :report", report=report)
        begin(tx, report, Promise.ANSWER, micros(at), Urgency(urgency["urgency"]) if urgency else Urgency.NORMAL,
              again=True)  # fmt: skip


def past(tx: Transaction, report: int, now: datetime) -> bool:
    """Tell whether a report has no answer yet, and the time that was promised first is over."""
    row = tx.one(
        "SELECT 1 FROM promises WHERE report = :report AND kind = 'answer' AND ended_at IS NULL"
        " AND first_due_at <= :now",
        report=report, now=micros(now),
    )  # fmt: skip
    return row is not None


def repeated(tx: Transaction, report: int, earlier: int, at: datetime) -> None:
    """Put a report that repeats an earlier one past its limit on the supervisors' list."""
    row = tx.one(
        "SELECT reports.received_at, COALESCE(promises.first_due_at, reports.due_at) AS due_at FROM reports"
        " LEFT JOIN promises ON promises.report = reports.id AND promises.kind = 'answer' WHERE reports.id = :earlier",
        earlier=earlier,
    )
    if row is None:
        return
    name = number(earlier, moment(row["received_at"]))
    tx.run(
        "INSERT INTO warnings (report, kind, round, stage, at, due_at, role, note)"
        " VALUES (:report, 'answer', 0, :stage, :at, :due, :role, :note)"
        " ON CONFLICT (report, kind, round, stage) DO NOTHING",
        report=report, stage=REPEATED, at=micros(at), due=row["due_at"], role=Role.SUPERVISOR.value, note=name,
    )  # fmt: skip
    happened(tx, report, at, "clock", f"repeats {name} past its limit")


def of(tx: Transaction, reports: Iterable[int]) -> Mapping[int, list[Running]]:
    """Give the promises of some reports, in the order in which they begin; those that have none are left out."""
    numbers = list(reports)
    found: dict[int, list[Running]] = {}
    if numbers:
        these, values = among(numbers)
        for row in tx.all(f"SELECT * FROM promises WHERE report IN {these} ORDER BY id", **values):  # noqa: S608
            found.setdefault(row["report"], []).append(_running(row))
    return found


def _running(row: Row) -> Running:
    def at(name: str) -> datetime | None:
        return None if row[name] is None else moment(row[name])

    return Running(
        promise=Promise(row["kind"]), begins_at=moment(row["begins_at"]), due_at=at("due_at"),
        first_due_at=at("first_due_at"), stage=row["stage"], round=row["round"], provisional=row["provisional"],
        broken_at=at("broken_at"), kept_at=at("kept_at"), ended_at=at("ended_at"), note=row["note"],
    )  # fmt: skip


def _leaving(tx: Transaction, report: int) -> bool:
    """Tell whether a ticket of a report has not been taken yet."""
    row = tx.one(
        "SELECT 1 FROM deliveries LEFT JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE deliveries.opens = :report AND COALESCE(outcomes.state, 'parked') = 'parked'",
        report=report,
    )
    return row is not None
