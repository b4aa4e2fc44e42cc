"""The note beside a fax: what the fax server knows of the call, a line each, as HylaFAX's `faxinfo` prints it."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

LONGEST = 4096  # bytes that are read
_LINE = re.compile(r"\s*([A-Za-z][A-Za-z0-9_ ]{0,30}?)\s*[:=]\s*(\S.{0,199})")
#: Whom the sending machine says it is, then whom the telephone network says it is.
_NUMBERS = ("sender", "calling_number", "caller", "from", "callid1", "cidnumber")
_NUMBER = re.compile(r"[0-9+*#().,/ A-Za-z-]{3,40}")
_EARLIEST = 2001  # a year: a clock that nobody set is not believed


class Note(Struct, frozen=True):
    """What a note tells; None: nothing that can be believed."""

    calling_number: str | None = None
    page_count: int | None = None
    received_at: datetime | None = None  # aware UTC


def read(content: bytes, zone: str) -> Note:
    """Read a note; its times are of this zone where they name none. Whatever is odd in it is left out."""
    lines = content[:LONGEST].decode("utf-8", "replace").splitlines()
    told: dict[str, str] = {}
    for found in filter(None, map(_LINE.match, lines)):
        told.setdefault(found[1].lower().replace(" ", "_"), found[2].strip())
    return Note(_calling_number(told), _page_count(told), _received_at(told, ZoneInfo(zone)))


def _calling_number(told: dict[str, str]) -> str | None:
    """A machine may bear any name, or none (`<UNSPECIFIED>`): what has no digits is no number."""
    numbers = (told[key] for key in _NUMBERS if key in told)
    return next((one for one in numbers if _NUMBER.fullmatch(one) and sum(map(str.isdigit, one)) >= 3), None)


def _page_count(told: dict[str, str]) -> int | None:
    count = told.get("pages") or told.get("page_count") or ""
    return int(count) if re.fullmatch(r"[0-9]{1,4}", count) else None


def _received_at(told: dict[str, str], zone: ZoneInfo) -> datetime | None:
    text = told.get("received") or told.get("received_at") or ""
    text = re.sub(r"^(\d{4})[:/](\d\d)[:/](\d\d)", r"\1-\2-\3", text)
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year >= _EARLIEST and ":" in text else None
