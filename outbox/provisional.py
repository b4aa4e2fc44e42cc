"""A provisional answer: before an answer is late the customer is told why, and a new date; once."""

from datetime import datetime

from msgspec.structs import replace

from outbox.plan import Planned, Situation, answering
from records.clocks import Because
from records.deliveries import Kind
from records.status import Status

_BECAUSE = {Status.PENDING: Because.PENDING, Status.HELD: Because.HELD}


def planned(situation: Situation, until: datetime, status: Status, *, outage: bool) -> tuple[Planned, ...]:
    """Tell what leaves: one reply under the rules of `outbox.policy`, or nothing.

    The reason is what is known: a mass outage, what the ticket waits for, otherwise that there is much to do.
    """
    because = Because.OUTAGE if outage else _BECAUSE.get(status, Because.BACKLOG)
    return tuple(
        replace(one, reply=replace(one.reply, because=because, until=until))
        for one in answering(replace(situation, question=None), Kind.PROVISIONAL)
        if one.reply is not None
    )
