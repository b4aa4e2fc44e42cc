"""The promises that a report carries, and when each of them rings."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from records.calendar import ALWAYS, Calendar, after, elapsed
from records.people import Role
from records.words import Urgency


class Promise(StrEnum):
    """What is promised with a time limit."""

    RECORD = "record"  # from arrival to the standard record
    DISPATCH = "dispatch"  # from when a senior or the road has it ready to when a backend has taken its ticket
    WORK = "work"  # from then to when the backend's people begin
    ANSWER = "answer"  # from arrival to the answer


class Because(StrEnum):
    """Why a provisional answer is given."""

    OUTAGE = "outage"  # one cause, many reports
    PENDING = "pending"  # something is needed of the customer
    HELD = "held"  # parts, a permit, another company
    BACKLOG = "backlog"  # nothing in particular is known


#: The percentage at which a promise is broken, and two marks: of a report that repeats an earlier one past its limit,
#: and of the first report of a suspected outage.
BROKEN, REPEATED, SUSPECTED = 100, 200, 300


class Clock(Struct, frozen=True, kw_only=True):
    """The terms of one promise."""

    limit: timedelta
    calendar: Calendar = ALWAYS
    warn_at: tuple[int, ...] = (75,)  # per cent of the limit, in order
    warned: Role = Role.SENIOR
    late: Role = Role.SUPERVISOR  # who is told that it is broken
    provisional_at: int | None = None  # per cent of the limit at which the customer gets a provisional answer
    extension: timedelta = timedelta()  # how much longer that answer says that it takes

    def due(self, begins_at: datetime) -> datetime:
        """Tell when a promise that begins then is due."""
        return after(self.calendar, begins_at, self.limit)

    def new_date(self, due_at: datetime, now: datetime) -> datetime:
        """Give the date that a provisional answer names: later than the old one, and later than now."""
        return after(self.calendar, max(due_at, now), self.extension)

    def rings(self, begins_at: datetime, due_at: datetime, *, provisional: bool) -> list[tuple[int, datetime]]:
        """Give the stages of a promise, in per cent of its time, and when each is reached; the last is BROKEN.

        `provisional`: a provisional answer may still be given.
        """
        stages = {*self.warn_at, *([self.provisional_at] if provisional and self.provisional_at else [])}
        span = elapsed(self.calendar, begins_at, due_at)
        warned = [(stage, after(self.calendar, begins_at, span * stage / 100)) for stage in sorted(stages)]
        return [*warned, (BROKEN, due_at)]


class Clocks(Struct, frozen=True, kw_only=True):
    """The terms of every promise."""

    record: Clock
    dispatch: Clock
    work: Clock
    answers: Mapping[Urgency, Clock]

    def of(self, promise: Promise, urgency: Urgency) -> Clock:
        """Give the terms of a promise of a report with this mark."""
        if promise is Promise.ANSWER:
            return self.answers[urgency]
        terms: Clock = getattr(self, promise.value)
        return terms


class Warned(Struct, frozen=True, kw_only=True):
    """One thing that somebody is warned of.

    It is a promise near its end, a broken one, a report that repeats another, or the first report of an outage.
    """

    id: str  # of the report, FR-2026-0001187
    promise: Promise
    stage: int  # per cent of its time, BROKEN, REPEATED, or SUSPECTED
    due_at: datetime
    note: str | None = None
    outage: int | None = None  # the row of the outage that is suspected, with SUSPECTED


class Notice(Struct, frozen=True, kw_only=True):
    """What leaves the house for those who are to be warned: all that was new since the notice before."""

    role: Role
    lines: tuple[Warned, ...]
    more: int = 0  # warnings that found no place in it
