"""The languages of the pages: texts from gettext catalogues, dates and durations as each language writes them.

English is the language of the sources; the others are `locale/<language>.po` (GNU gettext), read once at start.
"""

import gettext
import io
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_percent

from desk.words import field_name, word

#: Each language of the pages by its own name, and the locale whose dates and plurals it has.
LANGUAGES = {"ru": "Русский", "en": "English", "it": "Italiano", "zh": "中文"}
_LOCALES = {"ru": "ru", "en": "en_GB", "it": "it", "zh": "zh_Hans_CN"}
LOCALE = Path(__file__).parent / "locale"


class Speech:
    """How one language speaks: texts, moments in the desk's zone, spans of time."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self.locale = Locale.parse(_LOCALES[language])
        self.zone = ZoneInfo(zone)
        self._texts = _texts(language)

    def gettext(self, message: str, **values: object) -> str:
        """Give a text in this language, its `%(name)s` filled in; the English one where there is none."""
        text = self._texts.gettext(message)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, number: int, **values: object) -> str:
        """Give the text that goes with a number, `%(number)d` filled in."""
        return self._texts.ngettext(singular, plural, number) % {"number": number, **values}

    def word(self, value: StrEnum | None) -> str:
        """Name a value of a record's vocabularies; a dash for None."""
        return self.gettext(word(value))

    def field(self, dotted: str) -> str:
        """Name a field of a record by its dotted name."""
        return self.gettext(field_name(dotted))

    def moment(self, at: datetime | None) -> str:
        """Write a moment in full: 27 ноября 2026, 14:05; nothing for None."""
        return format_datetime(at, "long", tzinfo=self.zone, locale=self.locale) if at else ""

    def short(self, at: datetime | None, now: datetime) -> str:
        """Write a moment as short as it is clear beside `now`: 14:05 today, otherwise with its day."""
        if at is None:
            return ""
        clock = format_time(at, "HH:mm", tzinfo=self.zone, locale=self.locale)
        day, today = at.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        if day == today:
            return clock
        pattern = {"zh": "M月d日"}.get(self.language, "d MMM") if day.year == today.year else "short"
        return f"{format_date(day, pattern, locale=self.locale)} {clock}"

    def span(self, span: timedelta) -> str:
        """Write a length of time, the sign left out: 1 h 05 min, 12 min, 3 d 4 h."""
        minutes = int(abs(span).total_seconds() // 60)
        days, hours = divmod(minutes // 60, 24)
        if days:
            return self.gettext("%(days)d d %(hours)d h", days=days, hours=hours)
        if hours:
            return self.gettext("%(hours)d h %(minutes)02d min", hours=hours, minutes=minutes % 60)
        return self.gettext("%(minutes)d min", minutes=minutes)

    def percent(self, share: float) -> str:
        """Write a share from 0 to 1 as a percentage."""
        return format_percent(share, locale=self.locale)

    def size(self, size: int) -> str:
        """Write a number of bytes for people."""
        if size < 1_000_000:
            return self.gettext("%(size)d kB", size=max(1, round(size / 1000)))
        return self.gettext("%(size)d MB", size=round(size / 1_000_000))


def _texts(language: str) -> gettext.NullTranslations:
    """Read a language's catalogue; English needs none. Raises OSError where the file is missing."""
    if language == "en":
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with (LOCALE / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=_LOCALES[language]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
