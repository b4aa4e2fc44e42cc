"""What the archive knows of a report's clues, and of automatic replies already sent."""

from collections.abc import Iterable

from records.linking import Clues, Earlier, Known
from records.numbers import number, report_of
from records.tokens import claimed_report, genuine
from records.words import Order
from storage import partner_numbers
from storage.database import Transaction
from storage.rows import clean, moment

_MANY = 20  # clues of one kind that are looked up; more of them are no better


def known(tx: Transaction, clues: Clues, message_id: str | None, key: bytes) -> Known:
    """Look the clues up; only a token whose HMAC is right proves anything, the door, or a partner's own number."""
    named = report_of(clues.about or "") or partner_numbers.earlier(tx, clues)
    proven, recipient = (named, None) if named else _proven(tx, clues.tokens[:_MANY], key)
    quoted = [*_by_message(tx, clues.message_ids[:_MANY]), *filter(None, map(report_of, clues.numbers[:_MANY]))]
    rows = [earlier(tx, report) for report in dict.fromkeys(quoted)]
    return Known(
        proven=earlier(tx, proven) if proven else None,
        by_door=named is not None,
        proven_recipient=recipient,
        quoted=tuple(row for row in rows if row),
        ours=message_id is not None and _ours(tx, message_id),
    )


def automatic_replies(tx: Transaction, recipient: str | None, since: int) -> int:
    """Count the automatic replies made since, to one address or (None) to all."""
    where = "" if recipient is None else " AND recipient = :recipient"
    row = tx.one(
        f"SELECT COUNT(*) AS n FROM deliveries WHERE recipient IS NOT NULL AND made_at > :since{where}",  # noqa: S608
        since=since, recipient=(recipient or "").lower(),
    )  # fmt: skip
    return row["n"] if row else 0


def replies_about(tx: Transaction, report: int, since: int) -> int:
    """Count the automatic replies made since that speak of a report, whichever message they answer."""
    sql = "SELECT COUNT(*) AS n FROM deliveries WHERE about = :report AND made_at > :since"
    row = tx.one(sql, report=report, since=since)
    return row["n"] if row else 0


def asked_before(tx: Transaction, reports: Iterable[int]) -> bool:
    """Tell whether a question for what is missing went out for any of these reports."""
    sql = "SELECT 1 FROM deliveries WHERE report = :report AND kind = 'question'"
    return any(tx.one(sql, report=report) for report in reports)


def asked_by_person(tx: Transaction, report: int) -> bool:
    """Tell whether somebody at the desk asked the sender of this report."""
    return tx.one("SELECT 1 FROM records WHERE report = :report AND question IS NOT NULL", report=report) is not None


def _proven(tx: Transaction, tokens: Iterable[str], key: bytes) -> tuple[int | None, str | None]:
    for token in tokens:
        report = claimed_report(token)
        sql = "SELECT DISTINCT recipient FROM deliveries WHERE report = :report AND recipient IS NOT NULL"
        for row in tx.all(sql, report=report):
            if genuine(key, token, row["recipient"]):
                return report, row["recipient"]
    return None, None


def _by_message(tx: Transaction, message_ids: Iterable[str]) -> list[int]:
    sql = "SELECT report FROM message_ids WHERE message_id = :message_id"
    return [row["report"] for one in message_ids for row in tx.all(sql, message_id=clean(one)[:500])]


def _ours(tx: Transaction, message_id: str) -> bool:
    sql = "SELECT 1 FROM message_ids WHERE message_id = :message_id AND ours = 1"
    return tx.one(sql, message_id=clean(message_id)[:500]) is not None


def earlier(tx: Transaction, report: int) -> Earlier | None:
    """Give what is known of an earlier report; None where there is none."""
    row = tx.one(
        "SELECT reports.received_at, records.order_kind, records.email FROM reports"
        " LEFT JOIN records ON records.report = reports.id WHERE reports.id = :report"
        " ORDER BY records.version DESC LIMIT 1",
        report=report,
    )
    if row is None:
        return None
    order = Order(row["order_kind"]) if row["order_kind"] else Order.REPORT
    return Earlier(
        id=number(report, moment(row["received_at"])), report=report, order=order, reporter_email=row["email"]
    )
