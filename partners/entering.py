"""What the house adds to what a partner sends: ids, times, whose it is; and what it does not keep twice."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any, Final

from partners.documents import encoded
from partners.errors import Fault
from partners.showing import OURS, told

#: Lists that only grow (MEF 124, R64).
GROWING: Final = ("note", "attachment")
LARGEST: Final = 1_000_000  # bytes of a ticket as it is kept, whose attachments' content lies elsewhere


def entered(ticket: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Give what is kept of a new ticket of version 5: his words for what the house makes are left out."""
    made = {name: value for name, value in ticket.items() if name not in OURS}
    for name in GROWING:
        if name in made:
            made[name] = items(name, made[name], (), at)
    return made


def items(name: str, added: Iterable[dict[str, Any]], ids: Iterable[str], at: datetime) -> list[dict[str, Any]]:
    """Give what is kept of new notes or attachments; `ids`: those that are taken."""
    taken, free = set(ids), map(str, count(1))
    made = []
    for one in added:
        own = one.get("id")
        number = own if own and own not in taken else next(free_id for free_id in free if free_id not in taken)
        taken.add(number)
        made.append((_note if name == "note" else _attachment)({**one, "id": number, "source": "buyer"}, at))
    return made


def written(ticket: dict[str, Any]) -> str:
    """Give a ticket as it is kept, in JSON. Raises Fault 413 for one that has grown too large."""
    made = encoded(ticket)
    if len(made) > LARGEST:
        raise Fault(413, "tooLarge", f"A ticket is at most {LARGEST} bytes, beside the content of attachments.")
    return made.decode()


def _note(note: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {**note, "date": note.get("date", told(at))}


def _attachment(file: dict[str, Any], _: datetime) -> dict[str, Any]:
    """Leave the content out: it is in the original, which is kept; its size stays."""
    content = file.pop("content", None)
    if content is None:
        return file
    size = len(content) // 4 * 3 - content[-2:].count("=")
    return {**file, "size": {"amount": size, "units": "bytes"}}
