"""The two-hour rule: one pure function, so that nobody counts differently."""

from datetime import datetime, timedelta

TWO_HOURS = timedelta(hours=2)


def due_at(received_at: datetime, rule: timedelta = TWO_HOURS) -> datetime:
    """Tell when the standard record must exist: `rule` after the report reached the company."""
    return received_at + rule
