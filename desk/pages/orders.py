"""The orders on a report's ticket, and those that come from it, as its page shows them."""

from datetime import datetime

from msgspec import Struct

from desk.translation import Speech
from desk.words import N_
from records.orders import DispatchOrder, FollowUpOrder, OrderState, TicketOrder, WithdrawalOrder

_KINDS: dict[type[TicketOrder], str] = {
    DispatchOrder: N_("dispatch order"), FollowUpOrder: N_("follow-up order"), WithdrawalOrder: N_("withdrawal order"),
}  # fmt: skip
_STATES = {
    OrderState.WAITING: N_("waits to leave"), OrderState.DELIVERED: N_("has left"),
    OrderState.PARKED: N_("did not leave, waits for a person"), OrderState.STOPPED: N_("withdrawn before it left"),
}  # fmt: skip
_CHIPS = {OrderState.DELIVERED: "good", OrderState.PARKED: "bad"}


class Shown(Struct, frozen=True, kw_only=True):
    """One order as the page shows it."""

    kind: str
    backend: str
    ticket: str | None  # the backend's own number
    state: str
    chip: str  # the class of its colour
    reason: str | None  # why it is parked, in the backend's words
    at: datetime
    elsewhere: tuple[str, ...]  # numbers of the other reports that it comes from or is for


def shown(speech: Speech, report: str, orders: list[TicketOrder]) -> list[Shown]:
    """Show the orders of one report, by its number, the first one first."""
    return [
        Shown(
            kind=speech.gettext(_KINDS[type(one)]), backend=one.backend, ticket=one.ticket,
            state=speech.gettext(_STATES[one.state]), chip=_CHIPS.get(one.state, ""),
            reason=one.reason if one.state is OrderState.PARKED else None, at=one.made_at,
            elsewhere=tuple(number for number in dict.fromkeys((one.original, one.report)) if number != report),
        )
        for one in orders
    ]  # fmt: skip
