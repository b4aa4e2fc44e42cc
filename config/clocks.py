"""Settings of the clocks: business calendars, the promises' limits, who is warned and where."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta

from config.backends import checked_url
from config.base import Minutes, Strict
from config.secrets import Secret
from records import calendar, clocks
from records.people import Role
from records.words import Urgency

Percent = Annotated[int, Meta(gt=0, lt=100)]
ALWAYS = "always"  # the name of the calendar that needs none: round the clock

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
_RANGE = re.compile(rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))?")


class Calendar(Strict, frozen=True, kw_only=True):
    """When somebody works at a site."""

    zone: str | None = None  # default: the gateway's
    hours: Mapping[str, tuple[str, ...]]  # {"mon-fri" = ["09:00-13:00", "14:00-18:00"], sat = ["10:00-14:00"]}
    holidays: tuple[date, ...] = ()
    days: Mapping[str, tuple[str, ...]] = {}  # dates with hours of their own: {"2027-02-20" = ["09:00-17:00"]}

    def __post_init__(self) -> None:
        if not any(self.built("UTC").week):
            raise ValueError('a calendar needs hours: hours = {"mon-fri" = ["09:00-18:00"]}')

    def built(self, zone: str) -> calendar.Calendar:
        """Give the calendar; `zone` is the gateway's. Raises ValueError with the remedy."""
        week: list[tuple[calendar.Span, ...]] = [()] * 7
        for name, hours in self.hours.items():
            for day in _week_days(name):
                week[day] = _spans(hours)
        days = {_date(name): _spans(hours) for name, hours in self.days.items()}
        holidays: dict[date, tuple[calendar.Span, ...]] = dict.fromkeys(self.holidays, ())
        return calendar.Calendar(zone=_zone(self.zone or zone), week=tuple(week), days={**holidays, **days})


class Clock(Strict, frozen=True, kw_only=True):
    """The terms of one promise."""

    limit: Minutes
    calendar: str = ALWAYS  # one of [calendars], or "always"
    warn_at: tuple[Percent, ...] = (75,)  # per cent of the limit
    warned: Role = Role.SENIOR  # who is warned before it is broken
    late: Role = Role.SUPERVISOR  # who is told that it is broken


class Record(Strict, frozen=True, kw_only=True):
    """The terms of the standard record; its limit is the channel's `rule`."""

    calendar: str = ALWAYS
    warn_at: tuple[Percent, ...] = (50, 75)
    warned: Role = Role.CLERK
    late: Role = Role.SENIOR


class Answer(Clock, frozen=True, kw_only=True):
    """The terms of an answer. With `provisional_at` the customer is told why it takes longer, once, with a new date."""

    provisional_at: Percent | None = 95  # per cent of the limit, so that it arrives before the promise is broken
    extension: Minutes = 24 * 60  # from the old date to the new one, in the calendar's time


class Clocks(Strict, frozen=True, kw_only=True):
    """The terms of every promise."""

    record: Record = Record()
    dispatch: Clock = Clock(limit=60, warn_at=(50, 75))
    work: Clock = Clock(limit=4 * 60)
    urgent: Answer = Answer(limit=24 * 60)  # the answer to a report marked urgent
    control: Answer = Answer(limit=48 * 60)  # … to one under long watch
    normal: Answer = Answer(limit=72 * 60)  # … to any other


class Route(Strict, frozen=True, kw_only=True):
    """One place where one role is warned: a mailbox, a webhook, or a chat of a wired messenger."""

    role: Role
    mail: str | None = None  # address
    chat: str | None = None  # "telegram:-100123", into which the bot was taken
    channel: str | None = None  # the messenger's channel whose bot says it
    webhook: str | None = None  # url
    secret: Secret | None = None  # of the webhook's signature (Standard Webhooks), "whsec_…"

    def __post_init__(self) -> None:
        if sum(place is not None for place in (self.mail, self.chat, self.webhook)) != 1:
            raise ValueError('a route of warnings has one place: give mail = "…", chat = "…" or webhook = "https://…"')
        if (self.chat is None) is not (self.channel is None):
            raise ValueError("a chat is told by a channel: give both chat and channel")
        if self.webhook is not None:
            checked_url("webhook", self.webhook)
            if self.secret is None:
                raise ValueError("a webhook is told with a signature: give secret")


class Warnings(Strict, frozen=True, kw_only=True):
    """Where people are warned beside the desk."""

    routes: Mapping[str, Route] = {}  # by name
    pause: Minutes = 5  # between two notices to one role: what comes in between is told in one
    language: Literal["ru", "en", "zh", "it"] | None = None  # default: the desk's


def built(settings: Clocks, calendars: Mapping[str, Calendar], zone: str) -> clocks.Clocks:
    """Give the clocks with their calendars. Raises ValueError that names a calendar that there is not."""
    known = {ALWAYS: calendar.ALWAYS, **{name: one.built(zone) for name, one in calendars.items()}}

    def hours(promise: str, name: str) -> calendar.Calendar:
        if name not in known:
            raise ValueError(f"clocks.{promise}.calendar: no calendar is named {name}: wire [calendars.{name}]")
        return known[name]

    def made(promise: str, terms: Clock | Record, rule: int) -> clocks.Clock:
        given = terms if isinstance(terms, Answer) else None
        return clocks.Clock(
            limit=timedelta(minutes=rule), calendar=hours(promise, terms.calendar), warned=terms.warned,
            late=terms.late, warn_at=tuple(sorted(set(terms.warn_at))),
            provisional_at=given.provisional_at if given else None,
            extension=timedelta(minutes=given.extension) if given else timedelta(),
        )  # fmt: skip

    answers = {Urgency.URGENT: settings.urgent, Urgency.CONTROL: settings.control, Urgency.NORMAL: settings.normal}
    dispatch, work = settings.dispatch, settings.work
    return clocks.Clocks(
        record=made("record", settings.record, 1),  # each channel has its own, told at the arrival
        dispatch=made("dispatch", dispatch, dispatch.limit), work=made("work", work, work.limit),
        answers={urgency: made(urgency.value, one, one.limit) for urgency, one in answers.items()},
    )  # fmt: skip


def _week_days(name: str) -> range | list[int]:
    found = _RANGE.fullmatch(name)
    if found is None:
        raise ValueError(f'hours of {name}: name days as "mon", or as "mon-fri"')
    first, last = _DAYS.index(found[1]), _DAYS.index(found[2] or found[1])
    return range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]


def _spans(hours: tuple[str, ...]) -> tuple[calendar.Span, ...]:
    spans = tuple(_span(text) for text in hours)
    if any(ends > begins for (_, ends), (begins, _) in pairwise(spans)):
        raise ValueError(f"hours {', '.join(hours)}: write them in order, each part after the one before")
    return spans


def _span(text: str) -> calendar.Span:
    found = _HOURS.fullmatch(text)
    begins, ends = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
    if not 0 <= begins < ends <= calendar.DAY_LONG[0][1]:
        raise ValueError(f'hours {text}: write them as "09:00-18:00"; what goes past midnight is two parts')
    return begins, ends


def _date(name: str) -> date:
    try:
        return date.fromisoformat(name)
    except ValueError as error:
        raise ValueError(f'day {name}: write it as "2027-02-20"') from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no zone is named {name}: give one of the tz database, as Europe/Moscow") from error
