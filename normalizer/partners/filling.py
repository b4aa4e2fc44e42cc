"""A template laid over the lines of a mail: what its fields say."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from normalizer.partners.labels import labels_of, plain, values
from normalizer.partners.lines import CELL, Line, Lines
from normalizer.partners.moments import Style, days, moments
from normalizer.partners.template import Field, Source, Template, compiled, words
from records.partner import PartnerStatus, PartnerTicket, Window

_MOST: Final = 200  # values of one field
_CIRCUIT: Final = 120  # characters
_LISTED: Final = re.compile(r"\s{0,3}[,;]\s{0,3}")
_DURATION: Final = re.compile(r"(\d{1,4}) ?-?(days?|hours?|hrs?|h|minutes?|mins?|m|дн|сут|час|ч|мин)", re.IGNORECASE)
_UNITS: Final = {"d": 1440, "д": 1440, "с": 1440, "h": 60, "ч": 60, "m": 1, "м": 1}
_HEAD: Final = 6  # lines of the text in which the state is looked for
_NOTHING: Final = Source()


class Filled:
    """What a template reads in one mail."""

    def __init__(self, template: Template, subject: str, lines: Lines, near: date) -> None:
        self.template = template
        self.heads = (subject, *(" ".join(row) for row in lines.text[:_HEAD]))
        self.found: dict[Field, list[str]] = {}
        labels, rows = labels_of(template), [(subject,), *lines.text, *lines.sure]
        for told in (values(lines.sure, labels), values(rows[: len(lines.text) + 1], labels), self._by_patterns(rows)):
            self._take(told)
        self.style = self._style(near)

    @property
    def complete(self) -> bool:
        """Whether all that the template requires was found."""
        return all(self.found.get(field) for field in self.template.required)

    def first(self, field: Field) -> str | None:
        """Give the first value of a field."""
        return next((value for value in self.found.get(field, ()) if value), None)

    def number(self) -> str | None:
        """Give the partner's own number."""
        value = self.first("number")
        return value[:200] if value else None

    def ticket(self) -> PartnerTicket:
        """Give state, circuits and windows."""
        return PartnerTicket(
            name=self.template.name, status=self.status(), circuits=self.circuits(), windows=self.windows(),
            answers=self.template.answers,
        )  # fmt: skip

    def circuits(self) -> tuple[str, ...]:
        """Give the circuits, each once."""
        told = (one for value in self.found.get("circuits", ()) for one in _LISTED.split(value))
        tidy = (one.strip(" *\"'").lstrip("—–") for one in told)
        return tuple(islice(dict.fromkeys(one for one in tidy if one and len(one) <= _CIRCUIT), _MOST))

    def windows(self) -> tuple[Window, ...]:
        """Give the windows, each once, the earliest first."""
        pairs = [pair for value in self.found.get("window", ())[:_MOST] for pair in self._pairs(value)]
        starts, ends = self._times("start"), self._times("end")
        if not ends and (length := self._duration()):
            ends = [start + length for start in starts]
        if not pairs:
            longest = max(len(starts), len(ends))
            pairs = list(zip(_padded(starts, longest), _padded(ends, longest), strict=True))
        told = dict.fromkeys((start, end) for start, end in pairs if not (start and end) or start <= end)
        windows = [Window(start=start, end=end) for start, end in told if start or end]
        return tuple(sorted(windows, key=lambda one: [time for time in (one.start, one.end) if time]))

    def status(self) -> PartnerStatus | None:
        """Give the state: the field's value first, then the subject, then the first lines."""
        places = (self.first("status") or "", *self.heads)
        return next((state for place in places if (state := self._state(place))), None)

    def since(self) -> date | None:
        """Give the day on which it began to fail."""
        return next(days(self.first("since") or "", self.style), None)

    def _state(self, text: str) -> PartnerStatus | None:
        folded = f" {plain(text[:CELL])} "
        for table in (self.template.status_words, words().status_words):
            for state, phrases in table.items():
                if any(f" {plain(phrase)} " in folded for phrase in phrases):
                    return state
        return None

    def _pairs(self, value: str) -> Iterator[tuple[datetime | None, datetime | None]]:
        told = moments(value, self.style)
        if len(told) == 1:
            length = self._duration()
            yield told[0], told[0] + length if length else None
        yield from zip(told[::2], told[1::2], strict=False)

    def _times(self, field: Field) -> list[datetime]:
        last = self._source(field).last
        read = (moments(value, self.style) for value in self.found.get(field, ())[:_MOST])
        return [told[-1 if last else 0] for told in read if told]

    def _duration(self) -> timedelta | None:
        told = _DURATION.findall((self.first("duration") or "")[:CELL])
        minutes = sum(int(count) * _UNITS[unit[0].lower()] for count, unit in told)
        return timedelta(minutes=minutes) if minutes else None

    def _source(self, field: Field) -> Source:
        return self.template.fields.get(field, _NOTHING)

    def _take(self, told: Iterator[tuple[Field, str]]) -> None:
        """Keep the values of fields that are not known from a surer place."""
        before = set(self.found)
        for field, value in told:
            if field not in before:
                self.found.setdefault(field, []).append(value)

    def _style(self, near: date) -> Style:
        times = self.template.times
        zones = {**words().zones, **{word.lower(): zone for word, zone in times.zones.items()}}
        style = Style(times.places.get(self.first("zone") or "", times.zone), zones, times.first == "day", near)
        day = next(days(self.first("day") or "", style), near)
        return style._replace(near=day)

    def _by_patterns(self, rows: Sequence[Line]) -> Iterator[tuple[Field, str]]:
        """Give what patterns meet on one line; where a field has no value so, in lines that belong together."""
        single = [" ".join(row)[:CELL] for row in rows]
        joined = [" ".join(single[place : place + 3])[:CELL] for place in range(1, len(single))]
        wanted = ((field, source) for field, source in self.template.fields.items() if field not in self.found)
        for field, source in wanted:
            for pattern in map(compiled, source.patterns):
                met = list(islice(_met(pattern, single, source.join), _MOST))
                for value in met or islice(_met(pattern, joined, source.join), 1):
                    yield field, value


def _met(pattern: re.Pattern[str], lines: Sequence[str], join: str) -> Iterator[str]:
    for line in lines:
        for found in pattern.finditer(line):
            groups = [group for group in found.groups() if group]
            yield join.join(groups) if groups else found[0]


def _padded(times: list[datetime], length: int) -> list[datetime | None]:
    return [*times, *([None] * (length - len(times)))]
