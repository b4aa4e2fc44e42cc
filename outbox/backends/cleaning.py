"""What another system says, as it may be shown and logged: short, without secrets, without the customer."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from records.arrival import TryAgain
from records.deliveries import Refused, Ticket

_LONGEST = 300  # characters of another system's words
_READ = 4000  # of an answer without JSON
_TELLING = ("message", "error", "errors", "reason", "detail", "title", "description", "code")  # in lower case
_DEEP, _MANY = 8, 20  # levels of JSON, and things on one, that are looked at
_CUT = "…"
_SHORTEST_SECRET = 4
_RUN = 3  # words in a row that the customer wrote, too
#: Addresses, and digits that may be a telephone or account number; our own (FR-2026-0000007) and hosts' stay.
_PERSONAL = re.compile(
    r"\S{0,200}@\S{0,200}|(?<![\w.-])(?!\d{1,3}(?:\.\d{1,3}){3}(?![\w.]))\+?\d[\d\s().-]{5,30}\d(?![\w-])"
)


def words(body: bytes, secrets: Iterable[str]) -> str:
    """Give what an answer says, in one line without secrets: the telling texts of JSON, or a page without its tags."""
    try:
        found = list(_telling(msgspec.json.decode(body)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = []
    text = ": ".join(dict.fromkeys(found)) or re.sub(r"<[^<>]{0,500}>", " ", body[:_READ].decode("utf-8", "replace"))
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, _CUT)
    line = " ".join("".join(char if char.isprintable() else " " for char in text[:_READ]).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + _CUT


def without_customer(text: str, ticket: Ticket) -> str:
    """Cut out what the customer wrote or is called, and whatever looks like an address or a telephone."""
    record = ticket.record
    named = [*_leaves(record.reporter), *_leaves(record.affected)]
    parts = {part for name in named for part in (name, *re.findall(r"\w+", name)) if len(part) > 1}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", _CUT, text, flags=re.IGNORECASE)
    return _PERSONAL.sub(_CUT, _without_runs(text, ticket.text))


@contextmanager
def about(ticket: Ticket) -> Iterator[None]:
    """Keep the customer out of what a backend says of his ticket: some repeat what they were sent."""
    try:
        yield
    except TryAgain as trouble:
        raise type(trouble)(without_customer(str(trouble), ticket), after=trouble.after) from None
    except Refused as refusal:
        raise Refused(without_customer(str(refusal), ticket)) from None


def _without_runs(text: str, written: str) -> str:
    """Cut words that stand in a row of three or more in what the customer wrote."""
    theirs = re.findall(r"\w+", written.casefold())
    runs = {tuple(theirs[at : at + _RUN]) for at in range(len(theirs) - _RUN + 1)}
    found = list(re.finditer(r"\w+", text))
    hit: set[int] = set()
    for at in range(len(found) - _RUN + 1):
        if tuple(one[0].casefold() for one in found[at : at + _RUN]) in runs:
            hit |= {*range(at, at + _RUN)}
    for at in sorted(hit, reverse=True):
        text = text[: found[at].start()] + _CUT + text[found[at].end() :]
    return text


def _leaves(noun: msgspec.Struct) -> Iterator[str]:
    for name in noun.__struct_fields__:
        value = getattr(noun, name)
        if isinstance(value, msgspec.Struct):
            yield from _leaves(value)
        elif isinstance(value, str):
            yield value


def _telling(value: Any, *, told: bool = False, depth: int = 0) -> Iterator[str]:
    """Give the texts that stand under a telling name, at any level, and those of a bare list."""
    if isinstance(value, str) and (told or depth == 1):
        yield value[:_READ]
    elif isinstance(value, list) and depth < _DEEP:
        for one in value[:_MANY]:
            yield from _telling(one, told=told, depth=depth + 1)
    elif isinstance(value, dict) and depth < _DEEP:
        for name, one in list(value.items())[:_MANY]:
            telling = told or any(word in str(name).lower() for word in _TELLING)
            yield from _telling(one, told=telling, depth=depth + 2)
