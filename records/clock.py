"""The two-hour rule: one pure function, so that nobody counts differently."""

from datetime import datetime, timedelta

from records.calendar import ALWAYS, Calendar, after

TWO_HOURS = timedelta(hours=2)


def due_at(received_at: datetime, rule: timedelta = TWO_HOURS, hours: Calendar = ALWAYS) -> datetime:
    """Tell when the standard record must exist: `rule` of the clerks' hours after the report reached the company."""
    return after(hours, received_at, rule)
