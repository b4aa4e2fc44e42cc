"""The events of a partner's ticket in the words of TMF621, each written once for every subscription that wants it.

Events may overtake each other on their way. `eventTime` is the time of what happened, so a receiver can order them;
each shows the ticket as it stood then.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from config.partners import Partner
from config.settings import Gateway, Settings
from partners.errors import Fault
from partners.showing import Look, shown, told
from partners.versions import ROOT
from partners.wishes import wish
from records.deliveries import Delivery, Verb
from records.partner_events import Event, EventType, Subscription, way_to
from records.status import Status, StatusChange
from storage import partner_events, partner_tickets, subscriptions
from storage.database import Transaction
from storage.partner_tickets import Change, Outcome, Taken, Ticket

STATUS: Final = ("status", "statusChangeReason")
#: What a new status says beside that it is new.
_MEANS: Final = {Status.RESOLVED: EventType.RESOLVED, Status.PENDING: EventType.INFORMATION_REQUIRED}


class Happening(Struct, frozen=True, kw_only=True):
    """What happened to a ticket."""

    types: tuple[EventType, ...]
    at: datetime
    key: str  # "created", "change/7", "status/7": an event has it for ever
    about: str = ""  # a line for people


class House(Struct, frozen=True, kw_only=True):
    """What events say of us."""

    gateway: Gateway
    address: str  # that partners reach us by, without a path

    def look(self, partner: Partner, version: int) -> Look:
        """Tell how a ticket is shown to a partner."""
        root = self.address + ROOT.format(version=version)
        return Look(version=version, dialect=partner.dialect, house=self.gateway.name, root=root)


def house(settings: Settings) -> House:
    """Tell what events say of us."""
    api = settings.partner_api
    return House(gateway=settings.gateway, address=(api.public_url or f"http://{api.host}:{api.port}").rstrip("/"))


def of_status(change: StatusChange) -> Happening:
    """Tell what a change of status is."""
    also = _MEANS.get(change.status)
    types = (EventType.STATUS_CHANGE, *([also] if also else ()))
    return Happening(types=types, at=change.at, key=f"status/{change.id}", about=f"{change.before} → {change.status}")


def planned(
    happening: Happening, ticket: Ticket, partner: Partner, wishes: Iterable[Subscription], house: House
) -> tuple[Delivery, ...]:
    """Tell what leaves for it: each event once for each subscription that wants it."""
    leaving = []
    for one in wishes:
        look = house.look(partner, one.version)
        document = shown(ticket, look)
        wanted = _wanted(one, partner)
        leaving += [_delivery(happening, kind, one, ticket, _message(happening, kind, ticket, document, one, house))
                    for kind in happening.types if wanted(kind, document)]  # fmt: skip
    return tuple(leaving)


def created(tx: Transaction, taken: Taken, name: str, settings: Settings) -> Taken:
    """Put the event of a new ticket on its way, in the commit that keeps it."""
    if taken.outcome is Outcome.KEPT and taken.ticket is not None:
        at = taken.ticket.created_at
        _announce(tx, Happening(types=(EventType.CREATE,), at=at, key="created"), taken.ticket, name, settings)
    return taken


def changed(tx: Transaction, taken: Taken, asked: Change, settings: Settings) -> Taken:
    """Put the event of a partner's own change on its way, in the commit that keeps it; of its status the road tells."""
    ticket, names = taken.ticket, asked.told.split(", ") if asked.told else []
    about = ", ".join(name for name in names if name not in STATUS)
    if taken.outcome is Outcome.KEPT and ticket is not None and (about or ticket.deleted):
        kind = EventType.DELETE if ticket.deleted else EventType.ATTRIBUTE_VALUE_CHANGE
        happening = Happening(types=(kind,), at=asked.at, key=f"change/{ticket.change}", about=about)
        _announce(tx, happening, ticket, asked.partner, settings)
    return taken


def _announce(tx: Transaction, happening: Happening, ticket: Ticket, name: str, settings: Settings) -> None:
    partner = settings.partners[name]
    wishes = subscriptions.living(tx, name) if partner.events is not None else []
    if wishes:
        partner_events.add(tx, planned(happening, ticket, partner, wishes, house(settings)), happening.at)


def as_it_stood(ticket: Ticket, change: StatusChange) -> Ticket:
    """Give a ticket as it stood right after a change of status."""
    return replace(ticket, statuses=tuple(one for one in ticket.statuses if one.id <= change.id))


def _wanted(one: Subscription, partner: Partner) -> Callable[[EventType, dict[str, Any]], bool]:
    try:
        return wish(one.query, partner.dialect.required)
    except Fault:  # the wiring has changed since: rather one event too many
        return lambda *_: True


def _delivery(happening: Happening, kind: EventType, to: Subscription, ticket: Ticket, message: str) -> Delivery:
    event = Event(
        subscription=to.id, id=_id(happening, kind, ticket), type=kind, at=happening.at, message=message
    )  # fmt: skip
    return Delivery(
        id=0, report=ticket.report, verb=Verb.EVENT, backend=way_to(to.partner), key=f"event/{to.id}/{event.id}",
        event=event,
    )  # fmt: skip


def _id(happening: Happening, kind: EventType, ticket: Ticket) -> str:
    return str(uuid5(NAMESPACE_URL, f"faultgate:{ticket.id}/{happening.key}/{kind}"))


def _message(
    happening: Happening, kind: EventType, ticket: Ticket, document: dict[str, Any], to: Subscription, house: House
) -> str:
    """Write the envelope; that of version 4 spells timeOcurred as its file does."""
    at = told(happening.at)
    event: dict[str, Any] = {
        "eventId": _id(happening, kind, ticket), "eventTime": at, "eventType": kind.value, "correlationId": ticket.id,
        "title": kind.value, **({"description": happening.about} if happening.about else {}),
        "event": {"troubleTicket": document},
    }  # fmt: skip
    if to.version == 4:
        return msgspec.json.encode({**event, "timeOcurred": at}).decode()
    if kind is EventType.INFORMATION_REQUIRED:  # we ask in words, and are answered by a note
        event["event"]["informationRequired"] = {"op": "add", "path": "/note"}
    system = {"id": house.gateway.domain, "name": house.gateway.name, "@type": "ReportingResource",
              "@referredType": "LogicalResource"}  # fmt: skip
    told_more = {"@type": kind.value, "@baseType": "Event", "timeOccurred": at, "source": system,
                 "reportingSystem": system}  # fmt: skip
    return msgspec.json.encode({**event, **told_more}).decode()


def owned(tx: Transaction, report: int) -> tuple[str, Ticket] | None:
    """Give a report's ticket and the partner that it is of; None for a report that is no partner's."""
    name = partner_tickets.partner_of(tx, report)
    ticket = partner_tickets.find(tx, name, report) if name else None
    return (name, ticket) if name and ticket else None
