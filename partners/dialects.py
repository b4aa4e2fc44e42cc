"""One partner's dialect, there and back: his words become TMF621's when they come in, and his again when they leave."""

import re
from collections.abc import Mapping
from typing import Any, Final

from config.partners import Dialect
from partners.errors import invalid

_LONGEST: Final = 200  # characters of a number
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def heard(ticket: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Put TMF621's words in place of the partner's."""
    words = {**dialect.values, "status": dialect.statuses}
    return {name: words[name].get(value, value) if name in words else value for name, value in ticket.items()}


def spoken(ticket: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Put the partner's words in place of TMF621's."""
    if not dialect.values and not dialect.statuses:
        return dict(ticket)
    words = {name: _back(table) for name, table in {**dialect.values, "status": dialect.statuses}.items()}
    return {name: words[name].get(value, value) if name in words else value for name, value in ticket.items()}


def number_of(ticket: Mapping[str, Any], dialect: Dialect) -> str | None:
    """Find the partner's own number in a ticket of version 5. Raises Fault 400 for what is no number."""
    if dialect.id_field:
        number = ticket.get(dialect.id_field, _characteristic(ticket, dialect.id_field))
    else:
        number = next((one["id"] for one in ticket.get("externalIdentifier", ())), None)
    if number is None:
        return None
    if not isinstance(number, str | int) or _UNFIT.search(text := str(number)) or not 0 < len(text) <= _LONGEST:
        raise invalid(f"{dialect.id_field or 'externalIdentifier'}: write 1 to {_LONGEST} characters in one line")
    return text


def _characteristic(ticket: Mapping[str, Any], name: str) -> object:
    named = ("troubleTicketCharacteristic", "characteristic")
    lists = (ticket[one] for one in named if isinstance(ticket.get(one), list))
    found = (one for each in lists for one in each if isinstance(one, dict) and one.get("name") == name)
    return next((one.get("value") for one in found), None)


def _back(words: Mapping[str, str]) -> dict[str, str]:
    """Turn a table round; of several words for one the first counts."""
    return {ours: his for his, ours in reversed(list(words.items()))}
