"""Partners' tickets: what each sent, and what it changed since. Rows are added only; the newest change counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from records.numbers import number
from records.status import Status, StatusChange
from storage import statuses
from storage.database import Row, Transaction
from storage.events import happened
from storage.intake import Keep
from storage.rows import micros, moment

_TICKETS = (
    "SELECT t.report, t.external_id, t.sha256, t.resource AS posted, r.received_at, c.id AS change,"
    " c.resource AS resource, c.at AS changed_at FROM partner_tickets t JOIN reports r ON r.id = t.report"
    " LEFT JOIN partner_changes c ON c.id = (SELECT MAX(id) FROM partner_changes WHERE ticket = t.report)"
)
_SHOWN = " AND (c.id IS NULL OR c.resource IS NOT NULL)"
_CHUNK = 200  # tickets that are read at once


class Outcome(StrEnum):
    """What became of a request."""

    KEPT = "kept"
    AGAIN = "again"  # it came before: the first one's result is the answer
    OTHER_BODY = "other body"  # its idempotency key came before with something else
    OTHER_TICKET = "other ticket"  # its external id is that of a ticket that says something else
    GONE = "gone"  # its external id is that of a ticket that the partner has deleted
    STALE = "stale"  # somebody was faster: look again


class Posted(Struct, frozen=True, kw_only=True):
    """A ticket as a partner sends it."""

    partner: str
    external_id: str | None
    key: str | None  # his Idempotency-Key
    sha256: str  # of what he sent, however it was spaced
    resource: str  # JSON


class Change(Struct, frozen=True, kw_only=True):
    """One change of a ticket by its partner."""

    ticket: int  # the report's row
    partner: str
    key: str | None
    sha256: str
    resource: str | None  # JSON after it; None: deleted
    at: datetime
    seen: int  # the change that it was made on; 0: the ticket as it was sent
    stood: Status  # when it was made
    status: Status | None = None  # the status that it asks for
    reason: str | None = None  # of that status
    told: str  # names of what it changes, for the report's story


class Ticket(Struct, frozen=True, kw_only=True):
    """One partner's ticket as it stands."""

    id: str  # FR-2026-0001187
    report: int
    external_id: str | None
    resource: str  # JSON
    created_at: datetime
    updated_at: datetime
    change: int = 0  # the newest
    deleted: bool = False
    statuses: tuple[StatusChange, ...] = ()


class Taken(Struct, frozen=True, kw_only=True):
    """The end of a request; `ticket` is absent where the outcome is no success."""

    outcome: Outcome
    ticket: Ticket | None = None


def post(tx: Transaction, sent: Posted, keep: Keep) -> Taken:
    """Keep a ticket and its report in one commit; the first one's for what came before."""
    before = _before(tx, sent)
    if before is not None:
        return before
    receipt = keep(afresh=sent.key is not None)  # who gives keys tells resends from new tickets himself
    if receipt.duplicate and (found := _one(tx, receipt.report)) is not None:
        if found.deleted:
            receipt = keep(afresh=True)
        else:
            return Taken(outcome=Outcome.AGAIN, ticket=_as_posted(tx, receipt.report))
    tx.run(
        "INSERT INTO partner_tickets (report, partner, external_id, idempotency_key, sha256, resource)"
        " VALUES (:report, :partner, :external_id, :key, :sha256, :resource)",
        report=receipt.report, partner=sent.partner, external_id=sent.external_id, key=sent.key, sha256=sent.sha256,
        resource=sent.resource,
    )  # fmt: skip
    ticket = Ticket(
        id=receipt.id, report=receipt.report, external_id=sent.external_id, resource=sent.resource,
        created_at=receipt.received_at, updated_at=receipt.received_at,
    )  # fmt: skip
    return Taken(outcome=Outcome.KEPT, ticket=ticket)


def _before(tx: Transaction, sent: Posted) -> Taken | None:
    """Look whether a ticket came before: by its idempotency key, then by its external id."""
    for column, value, other in (
        ("idempotency_key", sent.key, Outcome.OTHER_BODY), ("external_id", sent.external_id, Outcome.OTHER_TICKET),
    ):  # fmt: skip
        if value is None:
            continue
        row = tx.one(
            f"SELECT report, sha256 FROM partner_tickets WHERE partner = :partner AND {column} = :value",  # noqa: S608
            partner=sent.partner, value=value,
        )  # fmt: skip
        if row is None:
            continue
        if row["sha256"] != sent.sha256:
            return Taken(outcome=other)
        found = _one(tx, row["report"])
        if found is not None and found.deleted and column == "external_id":
            return Taken(outcome=Outcome.GONE)
        return Taken(outcome=Outcome.AGAIN, ticket=_as_posted(tx, row["report"]))
    return None


def change(tx: Transaction, asked: Change, keep: Keep | None) -> Taken:
    """Change a ticket, and keep the report that tells of it, in one commit; `keep`: where the desk must know."""
    tx.run("UPDATE partner_tickets SET partner = partner WHERE report = :report", report=asked.ticket)  # nobody else
    before = changed_before(tx, asked)
    if before is not None:
        return before
    found = _one(tx, asked.ticket)
    if found is None or found.deleted or found.change != asked.seen or _stands(found) is not asked.stood:
        return Taken(outcome=Outcome.STALE)
    if asked.status is not None:
        statuses.change(tx, asked.ticket, asked.status, asked.at, "partner", asked.reason)
    report = keep(afresh=True).report if keep else None
    row = tx.one(
        "INSERT INTO partner_changes (ticket, partner, idempotency_key, sha256, resource, at, report)"
        " VALUES (:ticket, :partner, :key, :sha256, :resource, :at, :report) RETURNING id",
        ticket=asked.ticket, partner=asked.partner, key=asked.key, sha256=asked.sha256, resource=asked.resource,
        at=micros(asked.at), report=report,
    )  # fmt: skip
    happened(tx, asked.ticket, asked.at, asked.partner, "deleted by partner" if asked.resource is None else
             "changed by partner", asked.told)  # fmt: skip
    return Taken(outcome=Outcome.KEPT, ticket=_one(tx, asked.ticket)) if row else Taken(outcome=Outcome.STALE)


def changed_before(tx: Transaction, asked: Change) -> Taken | None:
    """Look whether a change with this idempotency key came before; None where it did not."""
    if asked.key is None:
        return None
    row = tx.one(
        "SELECT ticket, sha256 FROM partner_changes WHERE partner = :partner AND idempotency_key = :key",
        partner=asked.partner, key=asked.key,
    )  # fmt: skip
    if row is None:
        return None
    same = row["sha256"] == asked.sha256 and row["ticket"] == asked.ticket
    return Taken(outcome=Outcome.AGAIN, ticket=_one(tx, asked.ticket)) if same else Taken(outcome=Outcome.OTHER_BODY)


def find(tx: Transaction, partner: str, report: int) -> Ticket | None:
    """Give a partner's ticket; None for one that is not his, or that he has deleted."""
    sql = f"{_TICKETS} WHERE t.report = :report AND t.partner = :partner{_SHOWN}"
    row = tx.one(sql, report=report, partner=partner)
    return _ticket(row, tuple(statuses.changes(tx, report))) if row else None


def partner_of(tx: Transaction, report: int) -> str | None:
    """Name the partner that a report's ticket is of; None for a report that is no partner's."""
    row = tx.one("SELECT partner FROM partner_tickets WHERE report = :report", report=report)
    return row["partner"] if row else None


def count(tx: Transaction, partner: str) -> int:
    """Tell how many tickets a partner has."""
    row = tx.one(
        "SELECT COUNT(*) AS n FROM partner_tickets t WHERE partner = :partner AND NOT EXISTS"
        " (SELECT 1 FROM partner_changes WHERE ticket = t.report AND resource IS NULL)",
        partner=partner,
    )
    return int(row["n"]) if row else 0


def page(tx: Transaction, partner: str, offset: int, limit: int) -> list[Ticket]:
    """Give some of a partner's tickets, the oldest first."""
    sql = f"{_TICKETS} WHERE t.partner = :partner{_SHOWN} ORDER BY t.report LIMIT :limit OFFSET :offset"
    return _tickets(tx, tx.all(sql, partner=partner, limit=limit, offset=offset))


def every(tx: Transaction, partner: str) -> Iterator[Ticket]:
    """Go through a partner's tickets, the oldest first."""
    sql = f"{_TICKETS} WHERE t.partner = :partner AND t.report > :after{_SHOWN} ORDER BY t.report LIMIT :limit"
    after, rows = 0, tx.all(sql, partner=partner, after=0, limit=_CHUNK)
    while rows:
        yield from _tickets(tx, rows)
        after = rows[-1]["report"]
        rows = tx.all(sql, partner=partner, after=after, limit=_CHUNK)


def _tickets(tx: Transaction, rows: Sequence[Row]) -> list[Ticket]:
    changes: dict[int, list[StatusChange]] = {row["report"]: [] for row in rows}
    for one in statuses.changes_of(tx, changes) if changes else ():
        changes[one.report].append(one)
    return [_ticket(row, tuple(changes[row["report"]])) for row in rows]


def _one(tx: Transaction, report: int) -> Ticket | None:
    row = tx.one(f"{_TICKETS} WHERE t.report = :report", report=report)
    return _ticket(row, tuple(statuses.changes(tx, report))) if row else None


def _as_posted(tx: Transaction, report: int) -> Ticket | None:
    """Give a ticket as its partner was answered when it was new."""
    row = tx.one(f"{_TICKETS} WHERE t.report = :report", report=report)
    if row is None:
        return None
    at = moment(row["received_at"])
    return Ticket(
        id=number(report, at), report=report, external_id=row["external_id"], resource=row["posted"],
        created_at=at, updated_at=at,
    )  # fmt: skip


def _ticket(row: Row, changes: tuple[StatusChange, ...]) -> Ticket:
    at = moment(row["received_at"])
    times = [at, *([moment(row["changed_at"])] if row["change"] else []), *(one.at for one in changes)]
    return Ticket(
        id=number(row["report"], at), report=row["report"], external_id=row["external_id"],
        resource=row["resource"] or row["posted"], created_at=at, updated_at=max(times), change=row["change"] or 0,
        deleted=bool(row["change"]) and row["resource"] is None, statuses=changes,
    )  # fmt: skip


def _stands(ticket: Ticket) -> Status:
    return ticket.statuses[-1].status if ticket.statuses else Status.ACKNOWLEDGED
