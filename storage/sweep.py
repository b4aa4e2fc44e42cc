"""What is looked after every few seconds: the promises ring, the window of resends is kept short."""

from datetime import datetime, timedelta

from records.clocks import Clocks
from storage.database import Transaction
from storage.ringing import ring
from storage.rows import micros

_OPEN = timedelta(hours=1)  # for which somebody has a report open without a sign of life


def sweep(tx: Transaction, now: datetime, resends: timedelta, clocks: Clocks) -> list[str]:
    """Let the promises ring, each stage once; gives the alarms' texts."""
    tx.run(
        "DELETE FROM arrivals WHERE at < :before"  # old mail may have come in just now, and come again after a crash
        " AND EXISTS (SELECT 1 FROM reports WHERE id = arrivals.report AND kept_at < :before)",
        before=micros(now - resends),
    )
    tx.run(
        "UPDATE standings SET taken_by = NULL, taken_at = NULL WHERE taken_by IS NOT NULL AND taken_at < :before",
        before=micros(now - _OPEN),
    )
    return ring(tx, now, clocks)
