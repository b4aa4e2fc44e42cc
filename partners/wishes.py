"""Which events a subscription wants: its `query`, in the words of TMF630, as `eventType=…&status=resolved,closed`."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import unquote_plus

from partners.errors import invalid
from partners.queries import RESERVED, query
from records.partner_events import EventType

_TYPE: Final = "eventType"
_INNER: Final = re.compile(r"(?:event\.)?troubleTicket\.")

Wish = Callable[[EventType, dict[str, Any]], bool]  # type of an event, and the ticket as it is shown


def wish(raw: str, extra: Sequence[str] = ()) -> Wish:
    """Read a subscription's query; `extra`: attributes beside the standard's. Raises Fault 400."""
    pieces = [_INNER.sub("", piece) for piece in raw.removeprefix("?").split("&") if piece]
    named = [piece.partition("=") for piece in pieces]
    for name, _, _ in named:
        if name in RESERVED:
            raise invalid(f"query: {name} is not served: name event types and attributes of the ticket")
    types = [_types(unquote_plus(value)) for name, _, value in named if name == _TYPE]
    rest = "&".join(piece for piece, (name, _, _) in zip(pieces, named, strict=True) if name != _TYPE)
    conditions = query(rest, extra).conditions

    def wanted(kind: EventType, ticket: dict[str, Any]) -> bool:
        return all(kind in some for some in types) and all(holds(ticket) for holds in conditions)

    return wanted


def _types(written: str) -> frozenset[EventType]:
    try:
        return frozenset(map(EventType, written.split(",")))
    except ValueError:
        raise invalid(f"query: the event types are {', '.join(EventType)}") from None
