"""Partners' own numbers of what they report by mail: later mail with a number is about the first report with it.

Written together with the record of verified mail (T2), and for other mail when a person has finished its record. A
number belongs to one report for good.
"""

from datetime import datetime

from records.arrival import TryAgain
from records.linking import Clues
from records.numbers import report_of
from records.record import FaultRecord
from records.words import Order, Review
from storage.database import Transaction
from storage.rows import clean, micros

_LONGEST = 200  # characters of a name or number

_REPORT = "SELECT report FROM partner_numbers WHERE partner = :partner AND external_id = :number"


def earlier(tx: Transaction, clues: Clues) -> int | None:
    """Give the report that a verified partner's number belongs to; None where it is the one that shows it."""
    if clues.partner is None or clues.number is None:
        return None
    row = tx.one(_REPORT, partner=_short(clues.partner), number=_short(clues.number))
    found = int(row["report"]) if row else None
    return None if found == report_of(clues.record_id or "") else found


def claim(tx: Transaction, report: int, record: FaultRecord, at: datetime) -> None:
    """Let a verified partner's number belong to this report, unless it is one about an earlier report.

    Raises TryAgain where another report has got the number meanwhile: read again, this one belongs to that.
    """
    if record.partner is None or record.partner.verified_by is None:
        return
    owner = _give(tx, report, record, at)
    if owner is not None and owner != report:
        raise TryAgain("another mail about the same ticket of a partner came first")


def confirm(tx: Transaction, report: int, record: FaultRecord, at: datetime) -> None:
    """Let a partner's number belong to this report because a person finished it, whoever may have sent it.

    A number that is another report's already stays that one's.
    """
    if record.partner is not None and Review.UNVERIFIED_SENDER not in record.needs_review:
        _give(tx, report, record, at)


def _give(tx: Transaction, report: int, record: FaultRecord, at: datetime) -> int | None:
    """Give the number to a report where nobody has it; tells who has it now, None where there is nothing to have."""
    partner = record.partner.name if record.partner else None
    is_new = record.order is not Order.NOT_A_FAULT and report_of(record.reference or "") is None
    if partner is None or not record.external_id or not is_new:
        return None
    wanted = {"partner": _short(partner), "number": _short(record.external_id)}
    tx.run(
        "INSERT INTO partner_numbers (partner, external_id, report, at) VALUES (:partner, :number, :report, :at)"
        " ON CONFLICT (partner, external_id) DO NOTHING",
        **wanted, report=report, at=micros(at),
    )  # fmt: skip
    row = tx.one(_REPORT, **wanted)
    return int(row["report"]) if row else None


def _short(text: str) -> str:
    return clean(text)[:_LONGEST]
