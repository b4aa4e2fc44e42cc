"""A follow-up that gets a ticket of its own: the earlier one is closed for good, or was never opened."""

from msgspec.structs import replace

from records.deliveries import Delivered, Ticket


def of_its_own(ticket: Ticket, number: str = "") -> Ticket:
    """Give the ticket to open for a follow-up, which tells what it follows; `number`: of the earlier ticket there."""
    follows = f"{ticket.earlier}, {number}" if number else ticket.earlier
    own = ticket.external_id.partition("/")[0]
    return replace(ticket, external_id=own, text=f"{follows}\n\n{ticket.text}", earlier=None, reopens=False)


def linked(made: Delivered) -> Delivered:
    """Tell of a delivered follow-up that it has a ticket of its own."""
    return Delivered(external_id=made.external_id, detail={**made.detail, "linked": "yes"})
