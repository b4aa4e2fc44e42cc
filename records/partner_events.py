"""What a partner is told of his tickets by itself: events, each sent to every subscription that wants it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class EventType(StrEnum):
    """The events of TMF621 that are sent."""

    CREATE = "TroubleTicketCreateEvent"
    ATTRIBUTE_VALUE_CHANGE = "TroubleTicketAttributeValueChangeEvent"
    STATUS_CHANGE = "TroubleTicketStatusChangeEvent"
    RESOLVED = "TroubleTicketResolvedEvent"
    INFORMATION_REQUIRED = "TroubleTicketInformationRequiredEvent"
    DELETE = "TroubleTicketDeleteEvent"


def way_to(partner: str) -> str:
    """Name the destination of a partner's events; it has threads of its own."""
    return f"events.{partner}"


class Subscription(Struct, frozen=True, kw_only=True):
    """A partner's wish to be told (TMF621: hub, EventSubscription)."""

    id: int
    partner: str
    version: int  # of TMF621: 4 or 5
    callback: str
    query: str = ""  # which events; "": all
    off: str | None = None  # why nothing is sent any more; None: it is


class Event(Struct, frozen=True, kw_only=True):
    """One event for one subscription, as it goes out; the same at every attempt."""

    subscription: int
    id: str  # `eventId` and `webhook-id`: the same for all subscriptions
    type: EventType
    at: datetime  # of what happened
    message: str  # JSON
