"""Dates in numbers and words. A date without a year is the last such day that isn't after today."""

import re
from datetime import date, timedelta

_MONTHS = {
    "ru": "янв фев мар апр мая|май июн июл авг сен окт ноя дек",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "translit": "yan fev mar apr may iun iul avg sen okt noy dek",
    "zh": "",
}
_MONTH = {
    stem: month for stems in _MONTHS.values() for month, both in enumerate(stems.split(), 1) for stem in both.split("|")
}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))

#: A date in any of our languages; groups by name.
DATE = (
    r"(?:(?P<iso>20\d\d[-./]\d{1,2}[-./]\d{1,2})(?!\d)"
    r"|(?P<numeric>\d{1,2}[./]\d{1,2}(?:[./](?:20)?\d\d)?|\d{1,2}-\d{1,2}-(?:20)?\d\d)(?![\d/]|[.,-]\d)"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th"
    rf"|-?го)?(?: of)? (?P<month>{_NAMES})[a-zа-я]{{0,8}}\.?(?:,? (?P<year>20\d\d)(?!\d))?"
    rf"|(?P<month2>{_NAMES})[a-z]{{0,6}} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<year2>20\d\d)(?!\d))?"
    r"|(?:(?P<year3>20\d\d)年)?(?P<month3>\d{1,2})月(?P<day3>\d{1,2})[日号])"
)
#: A day without a year that would lie so far back is rather a day to come, or no day.
_LONG_AGO = timedelta(days=200)
#: The same where 10/2 is a house and no day.
DOTTED = DATE.replace(
    r"\d{1,2}[./]\d{1,2}(?:[./](?:20)?\d\d)?", r"\d{1,2}\.\d{1,2}(?:\.(?:20)?\d\d)?|\d{1,2}/\d{1,2}/(?:20)?\d\d"
)
_WEEKDAYS = {
    "понедельник": 0, "вторник": 1, "сред": 2, "четверг": 3, "пятниц": 4, "суббот": 5, "воскресень": 6,
    "ponedelnik": 0, "vtornik": 1, "sred": 2, "chetverg": 3, "pyatnic": 4, "subbot": 5, "voskresen": 6,
    "luned": 0, "marted": 1, "mercoled": 2, "gioved": 3, "venerd": 4, "sabato": 5, "domenica": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
}  # fmt: skip


def read(match: re.Match[str], today: date) -> date | None:
    """Give the day that a match of DATE tells, None for one that is none or lies after today."""
    groups = match.groupdict()
    try:
        if groups["iso"]:
            year, month, day = map(int, re.split(r"[-./]", groups["iso"]))
        elif groups["numeric"]:
            day, month, year = _numeric(groups["numeric"])
        else:
            day = int(groups["day"] or groups["day2"] or groups["day3"])
            year = int(groups["year"] or groups["year2"] or groups["year3"] or 0)
            month = int(groups["month3"] or 0) or _MONTH[(groups["month"] or groups["month2"])[:3].lower()]
        told = date(year or today.year, month, day)
        if not year and told > today:
            told = date(today.year - 1, month, day)
        if not year and today - told > _LONG_AGO:
            return None
    except ValueError:
        return None
    return told if today - timedelta(days=3660) < told <= today else None


def _numeric(written: str) -> tuple[int, int, int]:
    numbers = [int(number) for number in re.split(r"[./-]", written)]
    year = numbers[2] if len(numbers) > 2 else 0
    return numbers[0], numbers[1], year + 2000 if 0 < year < 100 else year


def weekday(name: str, today: date, *, earlier: bool = False) -> date | None:
    """Give the last such weekday before today; today's own name tells nothing unless `earlier` says that it is past."""
    day = next((day for stem, day in _WEEKDAYS.items() if name.lower().startswith(stem)), None)
    if day is None:
        return None
    back = (today.weekday() - day) % 7 or (7 if earlier else 0)
    return today - timedelta(days=back) if back else None


def month_before(today: date) -> date:
    """Give the same day of the month before, or its last day."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(today.day, last.day))
