"""The index card of a report (`records.standing.Standing`): written by every step, read by the desk."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from records.clocks import Promise
from records.record import FaultRecord
from records.standing import Level, State, stands
from records.words import Order, Review
from storage import promises
from storage.database import Transaction
from storage.rows import clean, micros

_ABOUT = 160  # characters of the description


def open_card(tx: Transaction, report: int) -> None:
    """Begin a report's card, from its row; one that is there already stays."""
    begun = tx.run(
        "INSERT INTO standings (report, channel, received_at, due_at, state, level, urgency, about, reviews)"
        " SELECT id, channel, received_at, due_at, 'unread', 'clerk', 'normal', '', '[]' FROM reports"
        " WHERE id = :report ON CONFLICT (report) DO NOTHING",
        report=report,
    )
    if begun:
        promises.arrived(tx, report)


def describe(tx: Transaction, report: int, version: int, record: FaultRecord) -> None:
    """Bring what a record says onto the card; how it stands is another question."""
    reporter, decision = record.reporter, record.classification
    lacking = record.order is Order.REPORT and record.missing
    reviews = (*record.needs_review, *((Review.INCOMPLETE,) if lacking else ()))
    open_card(tx, report)
    tx.run(
        "UPDATE standings SET version = :version, order_kind = :order, service = :service, disposition = :disposition,"
        " urgency = :urgency, reporter = :reporter, about = :about, reviews = :reviews WHERE report = :report",
        report=report, version=version, order=record.order.value, service=record.service,
        disposition=decision.disposition, urgency=record.urgency.value,
        reporter=_line(reporter.name or reporter.phone or reporter.email or reporter.messenger),
        about=_line(record.description) or "", reviews=_json(reviews),
    )  # fmt: skip


def stand(
    tx: Transaction, report: int, state: State, at: datetime, *, level: Level | None = None, remark: str | None = None
) -> None:
    """Move a report to a state; `level` and `remark` stay where None is given. The clock stops once, for good."""
    tx.run(
        "UPDATE standings SET state = :state, level = COALESCE(CAST(:level AS TEXT), level),"
        " remark = COALESCE(CAST(:remark AS TEXT), remark), settled_at = CASE WHEN :state = 'settled'"
        " THEN COALESCE(settled_at, :at) ELSE settled_at END WHERE report = :report",
        report=report, state=state.value, level=level, remark=clean(remark) if remark else None, at=micros(at),
    )  # fmt: skip
    if state is State.SETTLED:
        promises.keep(tx, report, Promise.RECORD, at)
    if level is Level.SENIOR:
        promises.begin(tx, report, Promise.DISPATCH, micros(at))
    elif level is Level.CLERK:
        promises.give_up(tx, report, (Promise.DISPATCH,), at, "back with the clerks")


def judge(tx: Transaction, report: int, record: FaultRecord, at: datetime, *, by_person: bool) -> State:
    """Move a report to where its record, with its decision, puts it."""
    state = stands(record, by_person=by_person)
    stand(tx, report, state, at)
    return state


def ticketed(tx: Transaction, report: int) -> None:
    """Count the backends that have a ticket of it."""
    tx.run(
        "UPDATE standings SET tickets = (SELECT COUNT(DISTINCT deliveries.backend) FROM deliveries"
        " JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE deliveries.opens = :report AND outcomes.state = 'delivered') WHERE report = :report",
        report=report,
    )


def undelivered(tx: Transaction, report: int, at: datetime) -> None:
    """Hand a report to a person because something of it did not leave."""
    row = tx.one("SELECT reviews FROM standings WHERE report = :report", report=report)
    known = msgspec.json.decode(row["reviews"], type=tuple[Review, ...]) if row else ()
    sql = "UPDATE standings SET reviews = :reviews WHERE report = :report"
    tx.run(sql, report=report, reviews=_json((*known, Review.UNDELIVERED)))
    stand(tx, report, State.REVIEW, at)


def _json(reviews: Iterable[Review]) -> str:
    return msgspec.json.encode(list(dict.fromkeys(reviews))).decode()


def _line(text: str | None) -> str | None:
    """Give the beginning of a text, on one line."""
    return clean(" ".join(text[: 4 * _ABOUT].split())[:_ABOUT]) if text else None
