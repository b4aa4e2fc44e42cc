"""The orders that leave for a ticket: dispatch order (派单), follow-up order (追单), withdrawal order (退单)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class OrderState(StrEnum):
    """How an order ended."""

    WAITING = "waiting"  # to leave, or for another attempt
    DELIVERED = "delivered"  # its backend has it
    PARKED = "parked"  # it did not leave, and a person has to look
    STOPPED = "stopped"  # the report was withdrawn before it was dispatched: nothing left


class _Order(Struct, frozen=True, kw_only=True, tag_field="order"):
    """What all orders have."""

    original: str  # number of the report whose ticket it is for
    report: str  # number of the report that it comes from: the original, or what was written later
    backend: str
    made_at: datetime
    state: OrderState = OrderState.WAITING
    ticket: str | None = None  # the backend's own number of the ticket, once it is known
    reason: str | None = None  # why it is parked


class DispatchOrder(_Order, frozen=True, kw_only=True, tag="dispatch"):
    """Opens a ticket for a report."""


class FollowUpOrder(_Order, frozen=True, kw_only=True, tag="follow_up"):
    """Adds to a report's ticket; opens it again where that is the site's rule."""


class WithdrawalOrder(_Order, frozen=True, kw_only=True, tag="withdrawal"):
    """Tells a ticket that its report is withdrawn."""


TicketOrder = DispatchOrder | FollowUpOrder | WithdrawalOrder
