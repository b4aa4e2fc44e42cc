"""What was said on our side of a conversation: what it was for, which steps it offered, what its tickets know."""

from records.deliveries import Reply, Ticket
from records.dialogue import Offer
from records.record import FaultRecord
from storage.database import Row, Transaction
from storage.rows import moment, noun

#: What a customer may answer with whether it helped.
_OFFERS = "('solution', 'step', 'solved_question', 'outage_over')"


def said(tx: Transaction, report: int, number: str) -> frozenset[str]:
    """Name the purposes of our messages for a report: their keys without its number."""
    rows = tx.all("SELECT key FROM deliveries WHERE report = :report AND recipient IS NOT NULL", report=report)
    return frozenset(row["key"].removesuffix(f"/{number}") for row in rows)


def offers(tx: Transaction, report: int) -> tuple[Offer, ...]:
    """List the steps that a customer was told to try, and whether he was asked if it is solved, in order."""
    rows = tx.all(
        f"SELECT made_at, body FROM deliveries WHERE report = :report AND kind IN {_OFFERS} ORDER BY id",  # noqa: S608
        report=report,
    )
    return tuple(map(_offer, rows))


def told(tx: Transaction, report: int) -> FaultRecord | None:
    """Give a report's record as its own tickets know it; None before there is one."""
    row = tx.one(
        "SELECT body FROM deliveries WHERE report = :report AND ticket_of = :report AND verb IN ('create', 'amend')"
        " ORDER BY id DESC LIMIT 1",
        report=report,
    )
    return noun(Ticket, row["body"]).record if row else None


def _offer(row: Row) -> Offer:
    reply = noun(Reply, row["body"])
    return Offer(tip=reply.tip, last=reply.tip is not None and reply.tip.step == reply.steps, at=moment(row["made_at"]))
