"""Working hours, and the arithmetic of time that counts only while somebody works.

A moment is worked where the clock on the wall of its zone then shows working hours. So the hour that a change to winter
time repeats is worked twice, and the hour that a change to summer time leaves out is not worked at all.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct

#: A part of a day, in minutes from its midnight; the end, at most 1440, is not in it.
Span = tuple[int, int]

DAY_LONG: tuple[Span, ...] = ((0, 24 * 60),)
_DAY = timedelta(days=1)


class Calendar(Struct, frozen=True, kw_only=True):
    """When somebody works; parts of a day are in order and do not overlap."""

    zone: tzinfo = ZoneInfo("UTC")
    week: tuple[tuple[Span, ...], ...] = (DAY_LONG,) * 7  # from Monday
    days: Mapping[date, tuple[Span, ...]] = {}  # of dates with hours of their own; none: a holiday

    @property
    def always(self) -> bool:
        """Whether time counts round the clock."""
        return not self.days and all(spans == DAY_LONG for spans in self.week)

    def on(self, day: date) -> tuple[Span, ...]:
        """Give the working hours of a date."""
        return self.days.get(day, self.week[day.weekday()])


ALWAYS = Calendar()


def after(calendar: Calendar, start: datetime, span: timedelta) -> datetime:
    """Give the first moment, in UTC, at which `span` of working time has gone by since `start`.

    Raises ValueError for a calendar whose week has no hours: its time never goes by.
    """
    start = start.astimezone(UTC)
    if calendar.always or not span:
        return start + span
    if not any(calendar.week):
        raise ValueError("a week without working hours has no end of a limit")
    for begins, ends in _worked(calendar, start):
        if span <= ends - begins:
            return begins + span
        span -= ends - begins
    raise AssertionError("a calendar has no end")


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Give the working time from `start` to `end`; none where `end` is not the later one."""
    if calendar.always or end <= start or not any(calendar.week):
        return max(end - start, timedelta()) if calendar.always else timedelta()
    gone = timedelta()
    for begins, ends in _worked(calendar, start.astimezone(UTC)):
        if begins >= end:
            break
        gone += min(ends, end) - begins
    return gone


def _worked(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the worked intervals from `start` on, in UTC and in order, without end."""
    for low, high, offset in _pieces(calendar.zone, start):
        first, last = (low + offset).replace(tzinfo=None), (high + offset).replace(tzinfo=None)
        day = first.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < last:
            for begins, ends in calendar.on(day.date()):
                from_, to = max(day + timedelta(minutes=begins), first), min(day + timedelta(minutes=ends), last)
                if from_ < to:
                    yield (from_ - offset).replace(tzinfo=UTC), (to - offset).replace(tzinfo=UTC)
            day += _DAY


def _pieces(zone: tzinfo, low: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Divide time from `low` on into pieces of at most a day in which the zone is one offset ahead of UTC."""
    while True:
        high = low + _DAY
        before, later = _offset(zone, low), _offset(zone, high)
        if before == later:
            yield low, high, before
        else:
            change = _change(zone, low, high)
            yield low, change, before
            yield change, high, later
        low = high


def _change(zone: tzinfo, low: datetime, high: datetime) -> datetime:
    """Find the moment, a whole second, between two at which the zone changes its offset."""
    before, low = _offset(zone, low), low.replace(microsecond=0)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high.replace(microsecond=0)


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
