"""Subscriptions to events: TMF621's hub. A partner has and sees only its own."""

import asyncio
from functools import partial
from typing import Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Router

from partners.asking import body_kind
from partners.bodies import content
from partners.documents import checked, parsed
from partners.errors import Fault, invalid, missing, not_found
from partners.services import Services
from partners.serving import Visit, answer, served
from partners.wishes import wish
from records.partner_events import Subscription
from storage import subscriptions
from web.egress import NotAllowed, NotFound, addresses, destination

router = Router()

_LONGEST: Final = 2000  # characters of a query


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """EventSubscriptionInput of version 4, Hub_FVO of version 5."""

    callback: str
    query: str | None = None
    type: str = msgspec.field(name="@type", default="")


@served(router, "/hub", "POST")
async def subscribe(visit: Visit) -> Response:
    """Subscribe to events; the same wish again is the same subscription."""
    wired, partner = visit.wired, visit.caller.wired
    body_kind(visit, ("json",))
    asked = _asked(visit, await content(visit.request))
    wish(asked.query or "", partner.dialect.required)
    if partner.events is None:
        raise Fault(403, "forbidden", "No key for events is agreed with you yet: ask us for it first.")
    await run_in_threadpool(_reachable, asked.callback, wired)
    add = partial(
        subscriptions.add, partner=visit.partner, version=visit.look.version, callback=asked.callback,
        query=asked.query or "", at=wired.now(),
    )  # fmt: skip
    try:
        made = await asyncio.wrap_future(wired.database.submit(add))
    except subscriptions.TooMany:
        raise Fault(409, "tooMany", f"You have {subscriptions.MOST} subscriptions: end one first.") from None
    return answer(visit, _written(made, visit.look.version), 201, {"Location": f"{visit.look.root}/hub/{made.id}"})


@served(router, "/hub/{id}", "GET")
async def show(visit: Visit) -> Response:
    """Give one subscription; version 4 has no such operation."""
    if visit.look.version == 4:
        raise Fault(405, "methodNotAllowed", "Version 4 has no GET of a subscription.", {"Allow": "DELETE"})
    one = await run_in_threadpool(_found, visit, _row(visit))
    if one is None or one.partner != visit.partner:
        raise not_found()
    return answer(visit, _written(one, 5))


@served(router, "/hub/{id}", "DELETE")
async def end(visit: Visit) -> Response:
    """End a subscription: nothing is sent to it any more."""
    ended = partial(subscriptions.end, partner=visit.partner, row_id=_row(visit), at=visit.wired.now())
    if not await asyncio.wrap_future(visit.wired.database.submit(ended)):
        raise not_found()
    return Response(status_code=204)


def _found(visit: Visit, row: int) -> Subscription | None:
    with visit.wired.database.read() as tx:
        return subscriptions.living_one(tx, row)


def _asked(visit: Visit, body: bytes) -> Wanted:
    document: Any = parsed(body)
    checked(document, Wanted)
    asked = msgspec.convert(document, Wanted)
    if visit.look.version == 5 and not asked.type:
        raise missing("@type")
    if len(asked.query or "") > _LONGEST:
        raise invalid(f"query: at most {_LONGEST} characters")
    return asked


def _reachable(callback: str, wired: Services) -> None:
    """Look whether events may go there; each delivery looks again. Raises Fault 400."""
    allowed = wired.settings.partner_api.allow_callbacks
    try:
        addresses(destination(callback, allowed), allowed)
    except (NotAllowed, NotFound) as error:
        raise invalid(f"callback: {error}") from None


def _row(visit: Visit) -> int:
    number = visit.request.path_params["id"]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise not_found()
    return int(number)


def _written(one: Subscription, version: int) -> dict[str, str]:
    told: dict[str, str] = {"@type": "Hub"} if version == 5 else {}
    return told | {"id": str(one.id), "callback": one.callback, **({"query": one.query} if one.query else {})}
