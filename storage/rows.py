"""How nouns become columns and back: times as microseconds, bodies as JSON."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Give an aware time as microseconds since 1970 UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Give the aware UTC time of a column."""
    return _EPOCH + timedelta(microseconds=value)


def body(noun: msgspec.Struct) -> str:
    """Give a noun as JSON; control characters are escaped, so that PostgreSQL takes it."""
    return msgspec.json.encode(noun).decode()


def noun(kind: type[T], value: Any) -> T:
    """Read a noun back, checked."""
    return msgspec.json.decode(value, type=kind)


def clean(text: str) -> str:
    """Make outside text fit for a text column: PostgreSQL takes neither NUL nor lone surrogates."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def among(numbers: Iterable[int]) -> tuple[str, dict[str, int]]:
    """Give what stands behind IN for one number or more, and its values: "(:n0, :n1)"."""
    values = {f"n{place}": number for place, number in enumerate(numbers)}
    return f"({', '.join(f':{name}' for name in values)})", values
