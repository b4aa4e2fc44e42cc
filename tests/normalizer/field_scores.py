"""How found fields are held against what a careful clerk would take."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from normalizer.context import Context
from normalizer.fields import Found
from normalizer.trimming import trim
from records.reading import Reading
from records.record import OriginalRef

#: Friday 2026-11-20, 14:00 in each language's own zone.
_ZONES = {
    "ru": ("Europe/Moscow", 11),
    "zh": ("Asia/Shanghai", 6),
    "it": ("Europe/Rome", 13),
    "en": ("Europe/London", 14),
}
_OURS = ("telecom.example",)
_STREET_TYPES = re.compile(
    r"^(?:проспект|бульвар|переулок|via|viale|corso|piazza)\s|\s(?:проспект|шоссе)$", re.IGNORECASE
)


def context(language: str, **changes: object) -> Context:
    """Give the circumstances under which the reports were written."""
    zone, hour = _ZONES[language]
    at = datetime(2026, 11, 20, hour, tzinfo=UTC)
    plain: dict[str, object] = {
        "id": None,
        "channel": "email",
        "received_at": at,
        "due_at": at + timedelta(hours=2),
        "original": OriginalRef(media_type="text/plain", size=0, sha256=""),
        "zone": zone,
        "own_domains": _OURS,
    }
    return Context(**{**plain, **changes})  # type: ignore[arg-type]


def reading(text: str) -> Reading:
    """Read a text the way the desk does: trimmed of quoted mail and signature."""
    trimmed = trim(text, own_domains=_OURS)
    return Reading(
        media_type="text/plain",
        text=text,
        new_text=trimmed.new_text,
        quoted_text=trimmed.quoted_text,
        signature=trimmed.signature,
        forwarded_from=trimmed.forwarded_from,
    )


def value_of(found: Found, field: str) -> str | bool | None:
    """Give one field by its dotted name."""
    value: object = found
    for part in field.split("."):
        value = getattr(value, part)
    return value if value is None or isinstance(value, bool) else str(value)


class Scores:
    """Counts of given, wrong, told and right values by field."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.wrong: list[str] = []

    def hold(self, name: str, found: Found, truth: Mapping[str, object], fields: Iterable[str]) -> None:
        """Hold the fields of one report against the truth; a value that the truth lacks is wrong."""
        for field in fields:
            value, expected = value_of(found, field), truth.get(field)
            self.told[field] += bool(expected)
            if not value:
                continue
            self.given[field] += 1
            if _same(field, value, expected):
                self.right[field] += 1
            else:
                self.wrong.append(f"{name} {field}: {value!r} is not {expected!r}")

    def share_wrong(self) -> float:
        """Give the share of wrong values among those given."""
        return len(self.wrong) / sum(self.given.values())

    def recall(self, field: str) -> float:
        """Give the share of told values that were found."""
        return self.right[field] / self.told[field] if self.told[field] else 1.0

    def table(self) -> str:
        """Write the counts for a reader."""
        rows = [
            f"{field:26} {self.right[field]:3} of {self.told[field]:3}  {self.recall(field):.2f}" for field in self.told
        ]
        return "\n".join([*rows, f"wrong {len(self.wrong)} of {sum(self.given.values())}", *self.wrong])


def _same(field: str, value: object, expected: object) -> bool:
    if expected is None or isinstance(value, bool):
        return value == expected
    if isinstance(expected, list | set):
        return value in expected
    value = str(value)
    if field == "affected.line":
        return _digits(value).endswith(_digits(str(expected)).lstrip("0"))
    return _plain(field, value) == _plain(field, str(expected))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _plain(field: str, text: str) -> object:
    folded = text.casefold().replace("ё", "е")
    if field == "reporter.name":
        return sorted(re.findall(r"\w+", folded))
    return _STREET_TYPES.sub("", folded) if field == "affected.address.street" else folded
