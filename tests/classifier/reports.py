"""Fault records for the sorting table, with nothing in them but what it looks at."""

from datetime import UTC, datetime
from typing import Any

from records.record import FaultRecord, OriginalRef
from records.words import Order

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
ORIGINAL = OriginalRef(media_type="text/plain", size=1, sha256="0" * 64)


def report(description: str | None, **fields: Any) -> FaultRecord:
    """A report received at NOW, in Russian and with the given fields."""
    known = {"order": Order.REPORT, "language": "ru"} | fields
    return FaultRecord(
        id=None, channel="mail", received_at=NOW, due_at=NOW, original=ORIGINAL, description=description, **known
    )
