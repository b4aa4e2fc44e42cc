"""How a report stands with those who repair, in the words of TMF621 (their order: MEF 124 section 6.1.4)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """The states of a trouble ticket, spelt as TMF621 spells them."""

    ACKNOWLEDGED = "acknowledged"  # kept and readable; every report begins so
    REJECTED = "rejected"
    PENDING = "pending"  # waits for something of its sender
    HELD = "held"  # waits for something on our side
    IN_PROGRESS = "inProgress"
    RESOLVED = "resolved"  # those who repair think so; the sender has not said
    CLOSED = "closed"
    CANCELLED = "cancelled"


#: In these nothing more is done, unless the report is opened again.
ENDED = frozenset({Status.REJECTED, Status.CLOSED, Status.CANCELLED})


class StatusChange(Struct, frozen=True, kw_only=True):
    """One change of a report's status."""

    id: int
    report: int
    status: Status
    before: Status
    at: datetime
    actor: str  # a backend's name, a login, "customer", "partner", "road"
    reason: str | None = None
