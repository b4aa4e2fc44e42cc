"""Partners' own numbers of what they report by mail: later mail with a number is about the first report with it.

Written together with a record (T2), and only of verified mail; a number belongs to one report for good.
"""

from datetime import datetime

from records.arrival import TryAgain
from records.linking import Clues
from records.numbers import report_of
from records.record import FaultRecord
from records.words import Order
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
    partner = record.partner
    is_new = record.order is not Order.NOT_A_FAULT and report_of(record.reference or "") is None
    if partner is None or partner.name is None or partner.verified_by is None or not record.external_id or not is_new:
        return
    wanted = {"partner": _short(partner.name), "number": _short(record.external_id)}
    tx.run(
        "INSERT INTO partner_numbers (partner, external_id, report, at) VALUES (:partner, :number, :report, :at)"
        " ON CONFLICT (partner, external_id) DO NOTHING",
        **wanted, report=report, at=micros(at),
    )  # fmt: skip
    row = tx.one(_REPORT, **wanted)
    if row is not None and row["report"] != report:
        raise TryAgain("another mail about the same ticket of a partner came first")


def _short(text: str) -> str:
    return clean(text)[:_LONGEST]
