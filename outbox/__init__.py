"""The dispatch shelf: what must leave the house, one file per backend."""

from msgspec.structs import replace

from outbox.backends import Backend, TakesFiles
from outbox.linking import linked, of_its_own
from records.arrival import TryAgain
from records.deliveries import Delivered, Delivery, Refused, Ticket, Verb


def deliver(delivery: Delivery, backend: Backend, *, alone: bool = False) -> Delivered:
    """Bring one delivery to its backend, with one effect however often it is tried.

    Our number is searched for before anything is created, since the last attempt may have succeeded unheard. `alone`:
    a follow-up whose earlier report has no ticket, and gets none; it is opened one of its own. Raises TryAgain and
    Refused as the backend does, and TryAgain while the earlier ticket is not there yet.
    """
    ticket = delivery.ticket
    if ticket is None:
        raise Refused("the delivery holds no ticket")
    done = _brought(delivery.verb, ticket, backend, alone=alone)
    if delivery.verb is not Verb.WITHDRAW and isinstance(backend, TakesFiles):
        behind = backend.attach(of_its_own(ticket) if "linked" in done.detail else ticket)
        return replace(done, behind=(*done.behind, *behind))
    return done


def _brought(verb: Verb, ticket: Ticket, backend: Backend, *, alone: bool) -> Delivered:
    if verb is Verb.CREATE:
        return _create(ticket, backend)
    if alone:
        return linked(_create(of_its_own(ticket), backend))
    if ticket.earlier is None or backend.find(ticket.earlier) is None:
        raise TryAgain(f"the ticket of {ticket.earlier} is not there yet")
    return backend.withdraw(ticket) if verb is Verb.WITHDRAW else backend.amend(ticket)


def _create(ticket: Ticket, backend: Backend) -> Delivered:
    known = backend.find(ticket.external_id)
    return backend.create(ticket) if known is None else Delivered(external_id=known, detail={"found": "yes"})
