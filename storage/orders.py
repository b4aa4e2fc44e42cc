"""Orders on tickets: what has become of each, and whether one may leave that another has overtaken."""

from datetime import datetime
from enum import StrEnum

from records.deliveries import Delivered, Delivery, Verb
from records.numbers import number, report_of
from records.orders import DispatchOrder, FollowUpOrder, OrderState, TicketOrder, WithdrawalOrder
from records.status import ENDED, Status
from records.words import Order
from storage import statuses, ticket_states
from storage.database import Row, Transaction
from storage.rows import among, moment

#: Who wrote is the customer, whatever door he came by; what a clerk decides is his.
CUSTOMER = "customer"
_KINDS: dict[str, type[DispatchOrder | FollowUpOrder | WithdrawalOrder]] = {
    Verb.CREATE: DispatchOrder, Verb.AMEND: FollowUpOrder, Verb.WITHDRAW: WithdrawalOrder,
}  # fmt: skip


class Fate(StrEnum):
    """What is to become of an order that is about to leave."""

    GO = "go"
    STOP = "stop"  # its ticket was never opened: there is nothing to add or to withdraw
    DOUBTFUL = "doubtful"  # withdrawn: it goes only where an attempt has opened the ticket unheard
    ALONE = "alone"  # a follow-up whose report was withdrawn before it was dispatched: it needs a ticket of its own


def fate(tx: Transaction, delivery: Delivery) -> Fate:
    """Tell whether an order may leave. A dispatch that a withdrawal has overtaken opens nothing."""
    about = ticket_of(delivery)
    if about is None:
        return Fate.GO
    if delivery.verb is Verb.CREATE:
        return Fate.DOUBTFUL if _withdrawn_after(tx, about, delivery) else Fate.GO
    dispatch = tx.one(
        "SELECT outcomes.state FROM deliveries LEFT JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE deliveries.ticket_of = :report AND deliveries.backend = :backend AND deliveries.verb = 'create'"
        " ORDER BY deliveries.id DESC LIMIT 1",
        report=about, backend=delivery.backend,
    )  # fmt: skip
    if dispatch is not None and dispatch["state"] == OrderState.PARKED and delivery.verb is Verb.WITHDRAW:
        return Fate.DOUBTFUL
    if dispatch is None or dispatch["state"] != OrderState.STOPPED:
        return Fate.GO
    again = delivery.ticket is not None and delivery.ticket.reopens and not _withdrawn_after(tx, about, delivery)
    return Fate.ALONE if again else Fate.STOP


def waits_for(tx: Transaction, delivery: Delivery) -> datetime | None:
    """Tell when the order before this one on the same ticket is tried again; None where this one may leave.

    One that a worker has in hand for the first time is no reason to wait: it was begun before this one.
    """
    about = ticket_of(delivery)
    open_ = tx.all(
        "SELECT deliveries.id FROM deliveries LEFT JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE ticket_of = :report AND backend = :backend AND deliveries.id < :id AND outcomes.delivery IS NULL",
        report=about, backend=delivery.backend, id=delivery.id,
    )  # fmt: skip
    if about is None or not open_:
        return None
    these, values = among(row["id"] for row in open_)
    row = tx.one(
        "SELECT MAX(not_before) AS at FROM tasks WHERE done_at IS NULL AND step IN ('deliver', 'fetch')"  # noqa: S608 - names of ours
        f" AND destination = :backend AND subject IN {these} AND (attempts = 0 OR last_error IS NOT NULL)",
        backend=delivery.backend, **values,
    )  # fmt: skip
    return moment(row["at"]) if row and row["at"] is not None else None


def ticket_of(delivery: Delivery) -> int | None:
    """Give the report whose ticket a delivery is about; None for what is no order."""
    ticket = delivery.ticket
    return report_of((ticket.earlier or ticket.external_id).partition("/")[0]) if ticket is not None else None


def carried_out(tx: Transaction, delivery: Delivery, outcome: Delivered, at: datetime) -> None:
    """Bring what an order has done into the status of its report."""
    about, ticket = ticket_of(delivery), delivery.ticket
    if about is None or ticket is None:
        return
    if delivery.verb is Verb.CREATE:
        ticket_states.opened(tx, delivery.id, about, delivery.backend, outcome.external_id, at)
    elif "linked" in outcome.detail:
        tx.run("UPDATE deliveries SET opens = report, ticket_of = report WHERE id = :id", id=delivery.id)
        ticket_states.opened(tx, delivery.id, delivery.report, delivery.backend, outcome.external_id, at)
    elif delivery.verb is Verb.WITHDRAW:
        ticket_states.stands(tx, about, delivery.backend, Status.CANCELLED)
        cancelled(tx, delivery, about, at)
    elif ticket.reopens:
        ticket_states.stands(tx, about, delivery.backend, Status.IN_PROGRESS)
        if statuses.status(tx, about) in {*ENDED, Status.RESOLVED}:
            statuses.change(tx, about, Status.IN_PROGRESS, at, _author(tx, delivery), "opened again")


def cancelled(tx: Transaction, delivery: Delivery, about: int, at: datetime) -> None:
    """Cancel a report whose withdrawal was carried out; one that was merged into another goes on there."""
    if delivery.ticket is not None and delivery.ticket.record.order in (Order.WITHDRAWAL, Order.NOT_A_FAULT):
        statuses.change(tx, about, Status.CANCELLED, at, _author(tx, delivery))


def orders(tx: Transaction, report: int) -> list[TicketOrder]:
    """List every order on a report's ticket, and those that come from it, in the order in which they were made."""
    rows = tx.all(
        "SELECT deliveries.*, outcomes.state, outcomes.external_id, outcomes.reason, reports.received_at,"
        " original.received_at AS original_at FROM deliveries JOIN reports ON reports.id = deliveries.report"
        " JOIN reports AS original ON original.id = deliveries.ticket_of"
        " LEFT JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE deliveries.ticket_of = :report OR (deliveries.report = :report AND deliveries.ticket_of IS NOT NULL)"
        " ORDER BY deliveries.id",
        report=report,
    )
    return [_order(row) for row in rows]


def _order(row: Row) -> TicketOrder:
    return _KINDS[row["verb"]](
        original=number(row["ticket_of"], moment(row["original_at"])),
        report=number(row["report"], moment(row["received_at"])), backend=row["backend"],
        made_at=moment(row["made_at"]), state=OrderState(row["state"] or OrderState.WAITING),
        ticket=row["external_id"], reason=row["reason"],
    )  # fmt: skip


def sources(tx: Transaction, report: int) -> list[str]:
    """Name the originals, by hash, of all that was ordered for a report's ticket."""
    rows = tx.all(
        "SELECT DISTINCT reports.sha256 FROM deliveries JOIN reports ON reports.id = deliveries.report"
        " WHERE deliveries.ticket_of = :report",
        report=report,
    )
    return [row["sha256"] for row in rows]


def withdrawn(tx: Transaction, report: int) -> bool:
    """Tell whether a person has withdrawn a report's own ticket, and nothing was ordered for it since."""
    row = tx.one(
        "SELECT verb FROM deliveries WHERE report = :report AND ticket_of IS NOT NULL ORDER BY id DESC LIMIT 1",
        report=report,
    )
    return row is not None and row["verb"] == Verb.WITHDRAW


def _withdrawn_after(tx: Transaction, about: int, delivery: Delivery) -> bool:
    row = tx.one(
        "SELECT 1 FROM deliveries WHERE ticket_of = :report AND backend = :backend AND verb = 'withdraw' AND id > :id",
        report=about, backend=delivery.backend, id=delivery.id,
    )  # fmt: skip
    return row is not None


def _author(tx: Transaction, delivery: Delivery) -> str:
    """Name who wants it: who saved the newest version of the report that the order comes from, or its sender."""
    row = tx.one(
        "SELECT author FROM records WHERE report = :report ORDER BY version DESC LIMIT 1", report=delivery.report
    )
    return row["author"] if row and row["author"] else CUSTOMER
