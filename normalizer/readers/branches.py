"""JSON of strangers: any shape is walked without a check at every step, and what is not as it should be is absent."""

import json
from collections.abc import Iterator
from typing import Any, Final

from normalizer.readers.clean import clean

_ITEMS: Final = 500  # of one list
_TEXT: Final = 200_000  # characters of one text
_DIGITS: Final = 40


class Branch:
    """One object of a document; everything is absent in what is none."""

    def __init__(self, value: object) -> None:
        self.fields: dict[str, Any] = value if isinstance(value, dict) else {}

    def __bool__(self) -> bool:
        return bool(self.fields)

    def text(self, *names: str) -> str:
        """Give the first of these fields that says something, as clean text; whole numbers count as text."""
        return next((text for name in names if (text := _written(self.fields.get(name)))), "")

    def number(self, name: str) -> int | None:
        """Give a whole number."""
        value = self.fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def branch(self, *names: str) -> "Branch":
        """Go down these fields, one after another."""
        value: object = self.fields
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return Branch(value)

    def branches(self, name: str) -> Iterator["Branch"]:
        """Go through a list of objects; a lone object counts as a list of one."""
        value = self.fields.get(name)
        for one in (value if isinstance(value, list) else [value])[:_ITEMS]:
            if isinstance(one, dict):
                yield Branch(one)


def document(content: bytes) -> Branch | None:
    """Read a JSON object; None for what is none, is too deep, or holds a number too long."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return Branch(value) if isinstance(value, dict) else None


def _written(value: object) -> str:
    if isinstance(value, str):
        return clean(value[:_TEXT]).strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_DIGITS:
        return str(value)
    return ""
