"""Working time: held against a reference that walks minute by minute and reads the clock on the wall."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from records.calendar import ALWAYS, Calendar, Span, after, elapsed

MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Moscow", "Europe/Rome", "Asia/Shanghai", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns")
ROME = ZoneInfo("Europe/Rome")
OFFICE = Calendar(zone=ROME, week=(((9 * 60, 13 * 60), (14 * 60, 18 * 60)),) * 5 + ((), ()))
#: Around the changes of 2026: Rome, St John's and Lord Howe change on different days.
BEGIN = datetime(2026, 3, 6, tzinfo=UTC)


def worked(calendar: Calendar, at: datetime) -> bool:
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    return any(begins <= minute < ends for begins, ends in calendar.on(wall.date()))


def slow_elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    minutes = range(max((end - start) // MINUTE, 0))
    return sum(worked(calendar, start + minute * MINUTE) for minute in minutes) * MINUTE


def slow_after(calendar: Calendar, start: datetime, span: timedelta) -> datetime:
    at = start
    while span:
        span -= MINUTE if worked(calendar, at) else timedelta()
        at += MINUTE
    return at


@st.composite
def spans(draw: Callable[[st.SearchStrategy[list[int]]], list[int]]) -> tuple[Span, ...]:
    ends = sorted(draw(st.lists(st.integers(0, 24 * 60), max_size=6, unique=True)))
    return tuple(zip(ends[::2], ends[1::2], strict=False))


days = st.dictionaries(st.dates(date(2026, 3, 6), date(2026, 4, 12)), spans(), max_size=5)
calendars = st.builds(
    Calendar, zone=st.sampled_from(ZONES).map(ZoneInfo), days=days,
    week=st.tuples(*[spans()] * 7).filter(lambda week: sum(end - begin for day in week for begin, end in day) > 300),
)  # fmt: skip
moments = st.integers(0, 36 * 24 * 60).map(lambda minutes: BEGIN + minutes * MINUTE)
limits = st.integers(0, 400).map(lambda minutes: minutes * MINUTE)


@settings(max_examples=150, deadline=None)
@given(calendars, moments, moments)
@example(OFFICE, datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 30, 8, 0, tzinfo=UTC))
def test_elapsed_is_what_the_wall_says(calendar: Calendar, start: datetime, end: datetime) -> None:
    assert elapsed(calendar, start, end) == slow_elapsed(calendar, start, end)


@settings(max_examples=150, deadline=None)
@given(calendars, moments, limits)
def test_after_is_what_the_wall_says(calendar: Calendar, start: datetime, span: timedelta) -> None:
    assert after(calendar, start, span) == slow_after(calendar, start, span)


@settings(max_examples=300, deadline=None)
@given(calendars, moments, st.timedeltas(timedelta(), timedelta(hours=90)), st.timedeltas(timedelta(), 99 * MINUTE))
def test_they_are_inverse_to_the_microsecond(
    calendar: Calendar, start: datetime, span: timedelta, more: timedelta
) -> None:
    start += more
    end = after(calendar, start, span)
    assert elapsed(calendar, start, end) == span
    assert after(calendar, start, elapsed(calendar, start, end + more)) <= end + more
    assert after(calendar, end, more) == after(calendar, start, span + more) or not span  # limits add up


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20 17:00", 2, "2026-11-23 10:00"),  # over a weekend
        ("2026-11-20 12:30", 1, "2026-11-20 14:30"),  # over the midday break
        ("2026-11-21 11:00", 8, "2026-11-23 18:00"),  # from a Saturday, to the very end of a Monday
        ("2026-10-23 17:00", 2, "2026-10-26 10:00"),  # over the end of summer time
    ],
)
def test_an_office(start: str, hours: int, end: str) -> None:
    begins, ends = (datetime.fromisoformat(text).replace(tzinfo=ROME) for text in (start, end))
    assert after(OFFICE, begins, timedelta(hours=hours)) == ends


def test_round_the_clock_a_change_of_time_changes_nothing() -> None:
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    whole = Calendar(zone=ROME)
    assert after(whole, night, timedelta(hours=24)) == night + timedelta(hours=24)
    assert elapsed(ALWAYS, night, night - MINUTE) == timedelta()


def test_a_night_shift_is_an_hour_longer_when_winter_time_begins() -> None:
    """Two to four o'clock of the 25th of October 2026: the hour from two to three comes twice."""
    nights = Calendar(zone=ROME, week=(((2 * 60, 4 * 60),),) * 7)
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert elapsed(nights, evening, evening + timedelta(hours=12)) == timedelta(hours=3)


def test_a_holiday_and_a_saturday_that_is_worked() -> None:
    """As in Russia and China a holiday is moved, and a Saturday worked for it."""
    moved = Calendar(zone=ROME, week=OFFICE.week, days={date(2026, 11, 20): (), date(2026, 11, 21): ((600, 720),)})
    assert after(moved, datetime(2026, 11, 20, 9, 0, tzinfo=ROME), timedelta(hours=3)) == datetime(
        2026, 11, 23, 10, 0, tzinfo=ROME
    )


def test_a_week_without_hours_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="without working hours"):
        after(Calendar(week=((),) * 7), BEGIN, MINUTE)
