"""What a trouble ticket must look like when it comes in, as the TM Forum's files have it.

`TroubleTicket_FVO` of version 5.0.1 and `TroubleTicket_Create` of version 4.0.0. Attributes that the standard does not
know may come beside these.
"""

import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType, field

from partners.documents import checked
from partners.errors import invalid, missing

#: RFC 3339 with its offset.
Moment = Annotated[datetime, Meta(tz=True)]
Text = str | UnsetType


class Object(Struct, frozen=True, kw_only=True):
    """An object of version 4. In version 5 each says its type: there `type` is mandatory."""

    type: Text = field(name="@type", default=UNSET)
    base_type: Text = field(name="@baseType", default=UNSET)
    schema_location: Text = field(name="@schemaLocation", default=UNSET)


class Quantity(Struct, frozen=True, kw_only=True):
    """A size."""

    amount: float | UnsetType = UNSET
    units: Text = UNSET


class Period(Struct, frozen=True, kw_only=True):
    """From when, until when."""

    start: Moment | UnsetType = field(name="startDateTime", default=UNSET)
    end: Moment | UnsetType = field(name="endDateTime", default=UNSET)


class Addressable(Object, frozen=True, kw_only=True):
    """What may have an address of its own."""

    id: Text = UNSET
    href: Text = UNSET
    name: Text = UNSET
    referred_type: Text = field(name="@referredType", default=UNSET)


class Channel4(Addressable, frozen=True, kw_only=True):
    """ChannelRef."""

    id: str


class Reference(Channel4, frozen=True, kw_only=True):
    """EntityRef, PartyRef, PartyRoleRef, …: something that is kept elsewhere."""

    type: str = field(name="@type")
    version: Text = UNSET
    party_id: Text = field(name="partyId", default=UNSET)
    party_name: Text = field(name="partyName", default=UNSET)


class Relationship4(Addressable, frozen=True, kw_only=True):
    """Another ticket that this one belongs to."""

    relationship: Text = field(name="relationshipType", default=UNSET)


class Relationship(Relationship4, frozen=True, kw_only=True):
    """The same in version 5."""

    type: str = field(name="@type")
    id: str
    relationship: str = field(name="relationshipType")


class Attachment4(Addressable, frozen=True, kw_only=True):
    """A file, or where it lies."""

    description: Text = UNSET
    url: Text = UNSET
    content: Text = UNSET
    size: Quantity | UnsetType = UNSET
    valid_for: Period | UnsetType = field(name="validFor", default=UNSET)
    attachment_type: Text = field(name="attachmentType", default=UNSET)
    mime_type: Text = field(name="mimeType", default=UNSET)


class Attachment(Attachment4, frozen=True, kw_only=True):
    """The same in version 5."""

    type: str = field(name="@type")


class Note4(Object, frozen=True, kw_only=True):
    """What somebody said."""

    id: Text = UNSET
    author: Text = UNSET
    date: Moment | UnsetType = UNSET
    text: Text = UNSET


class Note(Note4, frozen=True, kw_only=True):
    """The same in version 5."""

    type: str = field(name="@type")


class RelatedParty4(Addressable, frozen=True, kw_only=True):
    """Who has to do with the ticket."""

    id: str
    referred_type: str = field(name="@referredType")
    role: Text = UNSET


class RelatedEntity4(RelatedParty4, frozen=True, kw_only=True):
    """What the ticket is about."""

    role: str


class RelatedEntity(Object, frozen=True, kw_only=True):
    """The same in version 5."""

    type: str = field(name="@type")
    role: str
    entity: Reference


class RelatedParty(Object, frozen=True, kw_only=True):
    """Who has to do with the ticket, in version 5."""

    type: str = field(name="@type")
    role: str
    party: Reference | UnsetType = field(name="partyOrPartyRole", default=UNSET)


class ExternalIdentifier4(Object, frozen=True, kw_only=True):
    """The ticket's number elsewhere; version 4 does not know it, but some send it there."""

    id: str
    owner: Text = UNSET
    kind: Text = field(name="externalIdentifierType", default=UNSET)


class ExternalIdentifier(ExternalIdentifier4, frozen=True, kw_only=True):
    """The same in version 5."""

    type: str = field(name="@type")


class CharacteristicRelationship(Object, frozen=True, kw_only=True):
    """How one characteristic hangs on another."""

    type: str = field(name="@type")
    id: str
    relationship: str = field(name="relationshipType")


class Characteristic4(Object, frozen=True, kw_only=True):
    """Anything with a name and a value; version 4 does not know it, but some send it there."""

    name: str
    value: Any
    id: Text = UNSET
    value_type: Text = field(name="valueType", default=UNSET)
    relationships: list[CharacteristicRelationship] | UnsetType = field(
        name="characteristicRelationship", default=UNSET
    )


class Characteristic(Characteristic4, frozen=True, kw_only=True):
    """The same in version 5: the type of the value is that of `@type`."""

    type: str = field(name="@type")


class AnyTicket(Addressable, frozen=True, kw_only=True):
    """What both versions write alike."""

    description: Text = UNSET
    severity: Text = UNSET
    ticket_type: Text = field(name="ticketType", default=UNSET)
    priority: Text = UNSET
    status: Text = UNSET  # of a new ticket: advice, and no matter which word
    status_reason: Text = field(name="statusChangeReason", default=UNSET)
    requested: Moment | UnsetType = field(name="requestedResolutionDate", default=UNSET)
    expected: Moment | UnsetType = field(name="expectedResolutionDate", default=UNSET)
    resolution: Moment | UnsetType = field(name="resolutionDate", default=UNSET)
    status_date: Moment | UnsetType = field(name="statusChangeDate", default=UNSET)


class Ticket4(AnyTicket, frozen=True, kw_only=True):
    """TroubleTicket of version 4."""

    external_id: Text = field(name="externalId", default=UNSET)
    created: Moment | UnsetType = field(name="creationDate", default=UNSET)
    updated: Moment | UnsetType = field(name="lastUpdate", default=UNSET)
    attachments: list[Attachment4] | UnsetType = field(name="attachment", default=UNSET)
    channel: Channel4 | UnsetType = UNSET
    identifiers: list[ExternalIdentifier4] | UnsetType = field(name="externalIdentifier", default=UNSET)
    notes: list[Note4] | UnsetType = field(name="note", default=UNSET)
    entities: list[RelatedEntity4] | UnsetType = field(name="relatedEntity", default=UNSET)
    parties: list[RelatedParty4] | UnsetType = field(name="relatedParty", default=UNSET)
    relationships: list[Relationship4] | UnsetType = field(name="troubleTicketRelationship", default=UNSET)
    specification: Channel4 | UnsetType = field(name="troubleTicketSpecification", default=UNSET)
    characteristics: list[Characteristic4] | UnsetType = field(name="troubleTicketCharacteristic", default=UNSET)


class Ticket(AnyTicket, frozen=True, kw_only=True):
    """TroubleTicket of version 5."""

    type: str = field(name="@type")
    attachments: list[Attachment] | UnsetType = field(name="attachment", default=UNSET)
    channel: Reference | UnsetType = UNSET
    identifiers: list[ExternalIdentifier] | UnsetType = field(name="externalIdentifier", default=UNSET)
    notes: list[Note] | UnsetType = field(name="note", default=UNSET)
    entities: list[RelatedEntity] | UnsetType = field(name="relatedEntity", default=UNSET)
    parties: list[RelatedParty] | UnsetType = field(name="relatedParty", default=UNSET)
    relationships: list[Relationship] | UnsetType = field(name="troubleTicketRelationship", default=UNSET)
    specification: Reference | UnsetType = field(name="troubleTicketSpecification", default=UNSET)
    characteristics: list[Characteristic] | UnsetType = field(name="troubleTicketCharacteristic", default=UNSET)


MANDATORY: Final = ("description", "severity", "ticketType")
#: What says nothing.
ABSENT: Final[tuple[object, ...]] = (None, "", [], {})
SHAPES: Final[Mapping[int, type[Struct]]] = {4: Ticket4, 5: Ticket}
_VALUES: Final[Mapping[str, Any]] = {
    "String": str, "StringArray": list[str], "Integer": int, "IntegerArray": list[int], "Number": float,
    "NumberArray": list[float], "Float": float, "Boolean": bool, "BooleanArray": list[bool],
    "Object": dict[str, Any], "ObjectArray": list[dict[str, Any]],
}  # fmt: skip


def shaped(ticket: dict[str, Any], version: int) -> None:
    """Hold what a partner sends of a ticket to its version's shape. Raises Fault 400 with the attribute's name."""
    checked(ticket, SHAPES[version])
    _each(ticket, "attachment", _attachment if version == 5 else _content)
    if version == 5:
        _each(ticket, "troubleTicketCharacteristic", _characteristic)
        if "TroubleTicket" not in (ticket["@type"], ticket.get("@baseType")):
            raise invalid("@type is TroubleTicket, or @baseType is")


def complete(ticket: dict[str, Any], required: tuple[str, ...]) -> None:
    """Look for what a ticket must have; `required`: beside what the standard asks for. Raises Fault 400."""
    for name in (*MANDATORY, *required):
        if ticket.get(name) in ABSENT:
            raise missing(name)


def _each(ticket: dict[str, Any], name: str, check: Callable[[dict[str, Any]], None]) -> None:
    for one in ticket.get(name, ()):
        check(one)


def _attachment(file: dict[str, Any]) -> None:
    """Attachment and AttachmentRef exclude each other by their type alone: the file's `oneOf` does not."""
    wanted = ("id",) if file["@type"] == "AttachmentRef" else ("attachmentType", "mimeType")
    for name in wanted:
        if name not in file:
            raise missing(f"attachment.{name}")
    _content(file)


def _content(file: dict[str, Any]) -> None:
    try:
        binascii.a2b_base64(file.get("content", ""), strict_mode=True)
    except ValueError:  # beside what is no base64, this is what is no ASCII
        raise invalid("attachment.content is no base64 (RFC 4648 section 4)") from None


def _characteristic(one: dict[str, Any]) -> None:
    checked(one["value"], _VALUES.get(one["@type"].removesuffix("Characteristic"), Any))
