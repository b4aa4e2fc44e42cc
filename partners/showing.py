"""A partner's ticket as it is shown: what he sent, and what we know of it since."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from config.partners import Dialect
from partners.dialects import spoken
from partners.versions import lowered
from records.status import Status, StatusChange
from storage.partner_tickets import Ticket

#: What the house makes: a partner's words for these are not kept.
OURS: Final = frozenset({
    "id", "href", "creationDate", "lastUpdate", "status", "statusChangeDate", "statusChangeReason", "statusChange",
    "statusChangeHistory",
})  # fmt: skip
_SOLVED: Final = (Status.RESOLVED, Status.CLOSED)
#: Every attribute of both versions that may be asked for by name.
ATTRIBUTES: Final = OURS | {
    "name", "description", "severity", "ticketType", "priority", "attachment", "channel", "note", "relatedEntity",
    "relatedParty", "requestedResolutionDate", "expectedResolutionDate", "resolutionDate", "externalId",
    "externalIdentifier", "troubleTicketRelationship", "troubleTicketSpecification", "troubleTicketCharacteristic",
    "@type", "@baseType", "@schemaLocation",
}  # fmt: skip


class Look(Struct, frozen=True, kw_only=True):
    """How a ticket is shown to one caller."""

    version: int  # of TMF621
    dialect: Dialect
    house: str  # how we sign
    root: str  # address that its href begins with, up to the version


def stands(ticket: Ticket) -> Status:
    """Tell how a ticket stands; every one begins acknowledged."""
    return ticket.statuses[-1].status if ticket.statuses else Status.ACKNOWLEDGED


def href(ticket: Ticket, look: Look) -> str:
    """Give the absolute address of a ticket."""
    return f"{look.root}/troubleTicket/{ticket.id}"


def shown(ticket: Ticket, look: Look) -> dict[str, Any]:
    """Write a ticket in the caller's version and words."""
    kept: dict[str, Any] = msgspec.json.decode(ticket.resource)
    made = {"id": ticket.id, "href": href(ticket, look), **kept, **_times(ticket)}
    made["externalIdentifier"] = [*kept.get("externalIdentifier", ()), our_number(ticket, look)]
    if notes := [*kept.get("note", ()), *_notes(ticket, look)]:
        made["note"] = notes
    return spoken(made if look.version == 5 else _version4(made, kept), look.dialect)


def _version4(made: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """Version 4 has room for one number beside `id`: the partner's own."""
    made["externalIdentifier"] = kept.get("externalIdentifier", [])
    return lowered(made)


def our_number(ticket: Ticket, look: Look) -> dict[str, Any]:
    """Give our number as an external identifier of version 5."""
    return {"@type": "ExternalIdentifier", "owner": look.house, "externalIdentifierType": "record", "id": ticket.id}


@lru_cache(1024)
def told(at: datetime) -> str:
    """Write a time as RFC 3339 has it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _times(ticket: Ticket) -> dict[str, Any]:
    last = ticket.statuses[-1] if ticket.statuses else None
    made: dict[str, Any] = {
        "creationDate": told(ticket.created_at),
        "lastUpdate": told(ticket.updated_at),
        "status": stands(ticket).value,
        "statusChangeDate": told(last.at if last else ticket.created_at),
        "statusChangeHistory": list(_history(ticket)),
    }
    if last and last.reason:
        made["statusChangeReason"] = last.reason
    solved = next((one for one in reversed(ticket.statuses) if one.status is Status.RESOLVED), last)
    if solved and stands(ticket) in _SOLVED:
        made["resolutionDate"] = told(solved.at)
    return made


def _history(ticket: Ticket) -> Iterator[dict[str, Any]]:
    yield _change(Status.ACKNOWLEDGED, ticket.created_at, None)
    for one in ticket.statuses:
        yield _change(one.status, one.at, one.reason)


def _change(status: Status, at: datetime, reason: str | None) -> dict[str, Any]:
    why = {"statusChangeReason": reason} if reason else {}
    return {"@type": "StatusChange", "status": status.value, "statusChangeDate": told(at), **why}


def _notes(ticket: Ticket, look: Look) -> Iterator[dict[str, Any]]:
    """Give our reasons as notes: who waits for the partner must tell him what for (MEF 124, R22)."""
    for one in ticket.statuses:
        if one.reason and one.actor != "partner":
            yield _note(one, look.house)


def _note(one: StatusChange, house: str) -> dict[str, Any]:
    return {
        "@type": "Note", "id": f"status-{one.id}", "author": house, "date": told(one.at), "text": one.reason,
        "source": "seller",
    }  # fmt: skip
