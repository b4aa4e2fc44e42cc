"""What the reporter is told when his report stands otherwise: one answer for one change, or none."""

from msgspec.structs import replace

from outbox.plan import Planned, Situation, answering
from records.deliveries import Kind
from records.status import Status, StatusChange
from records.words import Order

#: What each status is told with; the others are the house's own business.
_KINDS = {
    Status.IN_PROGRESS: Kind.STATUS, Status.PENDING: Kind.STATUS, Status.HELD: Kind.STATUS,
    Status.RESOLVED: Kind.STATUS, Status.CLOSED: Kind.CLOSING, Status.REJECTED: Kind.CLOSING,
    Status.CANCELLED: Kind.CLOSING,
}  # fmt: skip
#: Told with the reason, where a person gave one: what is needed, why it was declined.
_REASONED = {Status.PENDING, Status.REJECTED}
#: The work is over, so far as those say who did it.
_DONE = {Status.RESOLVED, Status.CLOSED}
_CUSTOMER = "customer"
#: What the customer himself has changed he is always answered.
_HIS_OWN = {Status.CANCELLED: Kind.WITHDRAWN, Status.CLOSED: Kind.HELPED}


def planned(situation: Situation, change: StatusChange, *, by_backend: bool) -> tuple[Planned, ...]:
    """Tell what leaves for the reporter because of a change: at most one reply, under the rules of `outbox.policy`.

    `by_backend`: the change is a ticket system's, whose reasons are for its own people. What the site does not want
    told (`replies.tell`) is not; that it is worked on is told once.
    """
    kind = _KINDS.get(change.status)
    his = _HIS_OWN.get(change.status) if change.actor == _CUSTOMER else None
    wanted = his is not None or change.status in situation.settings.tell
    told_of = his is not None or situation.record.order is Order.REPORT
    if kind is None or not wanted or not told_of:
        return ()
    kind = his or kind
    if change.status in _DONE and change.actor != _CUSTOMER and _asks(situation):
        kind = Kind.SOLVED_QUESTION
    reason = change.reason if change.status in _REASONED and not by_backend else None
    told = replace(situation, status=change.status, question=None)
    return tuple(
        replace(one, key=_key(change, kind), reply=replace(one.reply, status=change.status, words=reason))
        for one in answering(told, kind)
        if one.reply is not None
    )


def _asks(situation: Situation) -> bool:
    """Tell whether the sender is asked, in place of being told that it is done: once."""
    return situation.settings.ask_solved and not situation.asked_solved


def _key(change: StatusChange, kind: Kind) -> str:
    if kind is Kind.SOLVED_QUESTION:
        return f"{kind}/{change.report}"
    once = change.status is Status.IN_PROGRESS
    return f"{Kind.STATUS}/{change.report}/{change.status}" if once else f"{Kind.STATUS}/{change.id}"
