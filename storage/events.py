"""What happened to a report besides its rows: who did what, when, and why."""

from datetime import datetime

from storage.database import Transaction
from storage.rows import clean, micros


def happened(tx: Transaction, report: int, at: datetime, actor: str, what: str, detail: str | None = None) -> None:
    """Add an event to a report's story; `actor` is a login, or the part of the house that did it."""
    tx.run(
        "INSERT INTO events (report, at, actor, what, detail) VALUES (:report, :at, :actor, :what, :detail)",
        report=report, at=micros(at), actor=actor, what=what, detail=clean(detail) if detail else None,
    )  # fmt: skip
