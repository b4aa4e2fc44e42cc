"""Times as partners write them: dates and times in either order, months by name, zones by word or offset."""

import re
from calendar import isleap
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

_LONGEST: Final = 400  # characters of one value
_MOST: Final = 40  # dates, times and zones in it
_STEMS: Final = (
    ("jan", "янв", "gen"), ("feb", "фев"), ("mar", "мар"), ("apr", "апр"), ("may", "мая", "май", "mag"),
    ("jun", "июн", "giu"), ("jul", "июл", "lug"), ("aug", "авг", "ago"), ("sep", "сен", "set"),
    ("oct", "окт", "ott"), ("nov", "ноя"), ("dec", "дек", "dic"),
)  # fmt: skip
_MONTHS: Final = {stem: month for month, stems in enumerate(_STEMS, 1) for stem in stems}
_NAMED: Final = rf"(?P<{{}}>{'|'.join(_MONTHS)})[a-zа-я]{{{{0,8}}}}\.?"
_TOKEN: Final = re.compile(
    r"(?P<compact>(?<!\d)20\d{6}(?!\d)(?:T(?P<clock>\d{4,6})(?P<zulu>Z)?)?)"
    r"|(?P<iso>(?<!\d)20\d\d[-/.][ ]?\d{1,2}[-/.][ ]?\d{1,2}(?!\d))"
    r"|(?P<numeric>(?<![\d.:])\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d\d(?![\d:]))"
    r"|(?P<han>(?P<hany>20\d\d)年(?P<hanm>\d{1,2})月(?P<hand>\d{1,2})日)"
    rf"|(?P<dmy>(?<![\d:])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{{0,2}}(?:of )?{_NAMED.format('month')}"
    r"(?:[ ,-]{1,2}(?P<year>20\d\d)(?!\d))?)"
    rf"|(?P<mdy>(?<![a-zа-я]){_NAMED.format('month2')} (?P<day2>\d{{1,2}})(?!\d|:)(?:st|nd|rd|th)?"
    r"(?:,? (?P<year2>20\d\d)(?!\d))?)"
    r"|(?P<time>(?<![\d:.])(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\.\d{1,6})?"
    r" ?(?P<half>[ap]\.?m\b)?)"
    r"|(?P<hourly>(?<![\d:.])(?P<hour2>1?\d) ?(?P<half2>[ap]m\b))"
    r"|(?P<offset>(?:(?:utc|gmt)[+-]|\+|(?<!\d)-|(?<=:\d\d:\d\d)-)[01]\d:?[0-5]\d(?![\d:-])"
    r"|(?:utc|gmt|мск|msk)[+-]\d{1,2}(?![\d:]))"
    r"|(?P<iana>[A-Z][a-z]{2,12}/[A-Z][A-Za-z_]{2,20})"
    r"|(?P<zulu2>(?<=\d)Z\b)"
    r"|(?P<word>[a-zа-яё]{2,12})",
    re.IGNORECASE,
)


class Style(NamedTuple):
    """How a partner writes: the zone of times that name none, words for zones, what goes first in 12/10/2020."""

    zone: str
    zones: Mapping[str, str]  # by lower-case word
    day_first: bool
    near: date  # a date without a year is the one nearest to this


class _Moment:
    """One time being put together."""

    def __init__(self, day: date | None, clock: tuple[int, int, int]) -> None:
        self.day = day
        self.clock = clock
        self.zone: tzinfo | None = None


def moments(value: str, style: Style) -> list[datetime]:
    """Give the times that stand in a value, in their order, aware UTC; a time without any date is none."""
    found: list[_Moment] = []
    loose: date | None = None  # a date whose time has not come yet
    for token in islice(_TOKEN.finditer(value[:_LONGEST]), 10 * _MOST):
        if (day := _date(token, style)) is not None:
            waits = bool(found) and found[-1].day is None
            if waits:
                found[-1].day = day
            loose = None if waits else day
        if (clock := _clock(token)) is not None:
            before = next((one.day for one in reversed(found) if one.day), None)
            bare = loose is None and _follows(value, token.end())
            found.append(_Moment(None if bare else loose or before, clock))
            loose = None
        elif found and found[-1].zone is None and (zone := _zone(token, style)):
            found[-1].zone = zone
    return [told for one in _zoned(found[:_MOST], style) if (told := _utc(*one))]


def days(value: str, style: Style) -> Iterator[date]:
    """Give the dates that stand in a value."""
    for token in islice(_TOKEN.finditer(value[:_LONGEST]), _MOST):
        if (day := _date(token, style)) is not None:
            yield day


_NEXT_IS_DATE: Final = re.compile(
    r"[ ,(]{0,3}(?:(?!to\b|до\b|by\b)[a-zа-я]{1,5}[ ,)(]{1,3}|\(?local time\)? ?){0,2}"
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]|20\d\d-|\d{1,2}[ -][a-zа-я]{3})",
    re.IGNORECASE,
)


def _follows(value: str, end: int) -> bool:
    """Tell whether a date follows a time at once: 22:00 12/10/2020."""
    return _NEXT_IS_DATE.match(value, end) is not None


def _zoned(found: list[_Moment], style: Style) -> Iterator[tuple[date, tuple[int, int, int], tzinfo]]:
    """Give each time its zone: its own, else the one named last in the value, else the partner's."""
    named = next((one.zone for one in reversed(found) if one.zone), None)
    for one in found:
        if one.day is not None:
            yield one.day, one.clock, one.zone or named or ZoneInfo(style.zone)


def _utc(day: date, clock: tuple[int, int, int], zone: tzinfo) -> datetime | None:
    hour, minute, second = clock
    extra, hour = divmod(hour, 24)  # 24:00 is the next day's beginning
    try:
        return (datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)).astimezone(UTC) + timedelta(
            days=extra
        )
    except (ValueError, OverflowError):
        return None


def _date(token: re.Match[str], style: Style) -> date | None:
    part = token.groupdict()
    try:
        if part["compact"]:
            return date(int(token[0][:4]), int(token[0][4:6]), int(token[0][6:8]))
        if part["iso"]:
            year, month, day = (int(number) for number in re.split(r"[-/.] ?", part["iso"]))
            return date(year, month, day)
        if part["numeric"]:
            return _numeric(part["numeric"], style)
        if part["han"]:
            return date(int(part["hany"]), int(part["hanm"]), int(part["hand"]))
        if named := part["month"] or part["month2"]:
            day, month, told = int(part["day"] or part["day2"]), _MONTHS[named.lower()], part["year"] or part["year2"]
            return date(int(told), month, day) if told else _nearest(month, day, style.near)
    except ValueError:
        return None
    return None


def _numeric(written: str, style: Style) -> date:
    """Read 12/10/2020: with dots the day goes first everywhere."""
    first, second, year = (int(number) for number in re.split(r"[/.-]", written))
    day_first = style.day_first or "." in written
    day, month = (first, second) if (day_first and second <= 12) or first > 12 else (second, first)
    return date(year + 2000 if year < 100 else year, month, day)


def _nearest(month: int, day: int, near: date) -> date:
    leap = (month, day) == (2, 29)
    years = (year for year in range(near.year - 4 * leap - 1, near.year + 4 * leap + 2) if not leap or isleap(year))
    return min((date(year, month, day) for year in years), key=lambda one: abs(one - near))


def _clock(token: re.Match[str]) -> tuple[int, int, int] | None:
    part = token.groupdict()
    if part["clock"]:
        digits = part["clock"].ljust(6, "0")
        return int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if part["time"]:
        hour, minute, second = int(part["hour"]), int(part["minute"]), int(part["second"] or 0)
    elif part["hourly"]:
        hour, minute, second = int(part["hour2"]), 0, 0
    else:
        return None
    half = (part["half"] or part["half2"] or "").lower()
    if half:
        hour = hour % 12 + 12 * half.startswith("p")
    return (hour, minute, second) if hour <= 24 else None


def _zone(token: re.Match[str], style: Style) -> tzinfo | None:
    part = token.groupdict()
    if part["zulu"] or part["zulu2"]:
        return UTC
    if part["offset"]:
        return _offset(part["offset"].lower())
    name = part["iana"] or (style.zones.get(part["word"].lower()) if part["word"] else None)
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _offset(written: str) -> timezone:
    """Read +0300, UTC+3, МСК+2."""
    east = 3 if written.startswith(("мск", "msk")) else 0
    sign, digits = (-1 if "-" in written else 1), re.sub(r"\D", "", written)
    hours, minutes = (int(digits[:2]), int(digits[2:])) if len(digits) == 4 else (int(digits), 0)
    return timezone(timedelta(hours=max(-23, min(23, east + sign * hours)), minutes=sign * minutes))
