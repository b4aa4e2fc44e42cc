"""What a PATCH does to a ticket: what of it a partner may change, and what the desk must hear of (MEF 124, R62-R66)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from partners.dialects import heard, number_of
from partners.entering import GROWING, items
from partners.errors import Fault, invalid, missing
from partners.lifecycle import may, ways
from partners.shapes import ABSENT, MANDATORY, shaped
from partners.showing import OURS, Look, our_number, shown, stands
from partners.versions import lifted
from records.status import Status
from storage.partner_tickets import Ticket

_STATUS: Final = ("status", "statusChangeReason")
#: A change of these is a follow-up order; of the rest only the ticket's story tells.
_HEARD: Final = ("description", "severity", "priority", "ticketType")

Items = list[dict[str, Any]]


class Amended(Struct, frozen=True, kw_only=True):
    """A ticket with what its partner changed."""

    resource: dict[str, Any]
    status: Status | None  # that he asks for
    reason: str | None
    news: dict[str, Any]  # what the desk must hear of, as a ticket with only that; empty: nothing
    changed: tuple[str, ...]  # names of attributes; empty: nothing


def amended(
    ticket: Ticket, after: Mapping[str, Any], look: Look, partner: str, at: datetime, *, exact: bool
) -> Amended:  # fmt: skip
    """Judge what a partner makes of his ticket: `after` is all of it as he sees it, `at` when he said so.

    `exact`: what is not in a list any more was taken out of it; otherwise a list may hold only what is new. Raises
    Fault 400 for what can't be changed, 409 for a status that is not his to give.
    """
    before = shown(ticket, look)
    asked = {name: value for name, value in after.items() if name not in before or value != before[name]}
    gone = {name for name in before if name not in after}
    _may_change({*asked, *gone}, gone)
    if "externalId" in gone and look.version == 4:
        raise _number_stays()
    _stays_whole(after, {*asked, *gone}.intersection((*MANDATORY, *look.dialect.required)))
    shaped({**asked, "@type": asked.get("@type", "TroubleTicket")}, look.version)
    status, reason = _status(ticket, asked, look)
    grown: dict[str, Items] = {
        name: _new(name, before.get(name, []), asked[name], exact=exact) for name in GROWING if name in asked
    }
    if look.version == 4:
        grown = {name: lifted({name: added}, partner)[name] for name, added in grown.items()}
    plain = {name: value for name, value in asked.items() if name not in (*GROWING, *_STATUS)}
    made = heard(_as_version5(plain, look, partner), look.dialect)
    kept: dict[str, Any] = msgspec.json.decode(ticket.resource)
    resource = {name: value for name, value in {**kept, **made}.items() if name not in gone}
    _keeps_number(ticket, resource, look)
    for name, added in grown.items():
        old = kept.get(name, [])
        resource[name] = [*old, *items(name, added, (one["id"] for one in old), at)]
    return Amended(
        resource=resource, status=status, reason=reason, news=_news(made, grown, status, reason),
        changed=tuple(sorted({*asked, *gone} - {name for name, added in grown.items() if not added})),
    )  # fmt: skip


def _may_change(names: Iterable[str], gone: Iterable[str]) -> None:
    for name in sorted(names):
        if name in OURS and name not in _STATUS:
            raise invalid(f"{name} is ours to say: leave it out, or as it is", "notPatchable")
    for name in sorted(gone):
        if name in (*GROWING, *_STATUS, "@type"):
            raise invalid(f"{name} can't be taken away", "notPatchable")


def _stays_whole(after: Mapping[str, Any], needed: Iterable[str]) -> None:
    for name in sorted(needed):
        if after.get(name) in ABSENT:
            raise missing(name)


def _status(ticket: Ticket, asked: Mapping[str, Any], look: Look) -> tuple[Status | None, str | None]:
    if "status" not in asked:
        if "statusChangeReason" in asked:
            raise invalid("statusChangeReason goes with a change of status")
        return None, None
    word = heard({"status": asked["status"]}, look.dialect)["status"]
    try:
        status = Status(word)
    except ValueError:
        raise invalid(f"status is one of {', '.join(Status)}") from None
    if not may(stands(ticket), status):
        reason = f"A ticket that is {stands(ticket)} can't become {status}: you may make it {ways(stands(ticket))}."
        raise Fault(409, "illegalTransition", reason)
    return status, asked.get("statusChangeReason")


def _new(name: str, old: Items, sent: Items, *, exact: bool) -> Items:
    """Give what is new in a list that only grows."""
    known = {one["id"]: one for one in old}
    if exact:
        new = [one for one in sent if not _taken_from(known, one)]
        if known:
            raise invalid(f"{name} only grows: add to it", "notPatchable")
        return new
    for one in sent:
        there = known.get(one.get("id", ""))
        if there is not None and any(there.get(key) != value for key, value in one.items() if key != "content"):
            raise invalid(f"{name} only grows: the one with id {there['id'][:60]!r} can't be changed", "notPatchable")
    return [one for one in sent if one.get("id", "") not in known]


def _taken_from(known: dict[str, dict[str, Any]], one: dict[str, Any]) -> bool:
    """Take away what was there; each has an id of its own, so that it is found at once among many."""
    if known.get(one.get("id", "")) != one:
        return False
    del known[one["id"]]
    return True


def _as_version5(plain: dict[str, Any], look: Look, partner: str) -> dict[str, Any]:
    if look.version == 4:
        typed = lifted(plain, partner)
        return typed if "@type" in plain else {name: value for name, value in typed.items() if name != "@type"}
    return plain


def _keeps_number(ticket: Ticket, resource: dict[str, Any], look: Look) -> None:
    """Take our own number out of his list again; his must be the one by which the ticket is known."""
    if "externalIdentifier" in resource:
        ours = our_number(ticket, look)
        resource["externalIdentifier"] = [one for one in resource["externalIdentifier"] if one != ours]
    if number_of(resource, look.dialect) != ticket.external_id:
        raise _number_stays()


def _number_stays() -> Fault:
    return invalid("your number of the ticket can't change: it is how the ticket is known", "notPatchable")


def _news(
    made: Mapping[str, Any], grown: Mapping[str, Items], status: Status | None, reason: str | None
) -> dict[str, Any]:
    news = {name: made[name] for name in _HEARD if name in made}
    news |= {name: added for name, added in grown.items() if added}
    if status is not None:
        news |= {"status": status.value, **({"statusChangeReason": reason} if reason else {})}
    return news
