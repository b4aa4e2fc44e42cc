"""Subscriptions to events: TMF621's hub. A partner has and sees only its own."""

import asyncio
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from partners.bodies import content
from partners.documents import checked, parsed
from partners.errors import Fault, invalid, missing, not_found
from partners.services import Services, services
from partners.versions import ROOT, media_type, version_of
from partners.visit import Caller, caller
from partners.wishes import wish
from records.partner_events import Subscription
from storage import subscriptions
from storage.database import Transaction
from web.egress import NotAllowed, NotFound, addresses, destination

router = APIRouter()

_KINDS: Final = ("application/json",)
_LONGEST: Final = 2000  # characters of a query
Partner = Annotated[Caller, Depends(caller)]
Wired = Annotated[Services, Depends(services)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """EventSubscriptionInput of version 4, Hub_FVO of version 5."""

    callback: str
    query: str | None = None
    type: str = msgspec.field(name="@type", default="")


async def subscribe(request: Request, caller: Partner, wired: Wired) -> Response:
    """Subscribe to events; the same wish again is the same subscription."""
    version = version_of(request.url.path)
    asked = _asked(request, await content(request), version)
    wish(asked.query or "", caller.wired.dialect.required)
    if caller.wired.events is None:
        raise Fault(403, "forbidden", "No key for events is agreed with you yet: ask us for it first.")
    await run_in_threadpool(_reachable, asked.callback, wired)
    add = partial(
        subscriptions.add, partner=caller.partner, version=version, callback=asked.callback, query=asked.query or "",
        at=wired.now(),
    )  # fmt: skip
    try:
        made = await asyncio.wrap_future(wired.database.submit(add))
    except subscriptions.TooMany:
        raise Fault(409, "tooMany", f"You have {subscriptions.MOST} subscriptions: end one first.") from None
    where = f"{ROOT.format(version=version)}/hub/{made.id}"
    return Response(_written(made), 201, {"Location": where}, media_type(version))


async def show(number: str, caller: Partner, wired: Wired) -> Response:
    """Give one subscription."""
    row = _row(number)

    def found() -> Subscription | None:
        with wired.database.read() as tx:
            return subscriptions.living_one(tx, row)

    one = await run_in_threadpool(found)
    if one is None or one.partner != caller.partner or one.version != 5:
        raise not_found()
    return Response(_written(one), media_type=media_type(5))


async def end(number: str, caller: Partner, wired: Wired) -> Response:
    """End a subscription: nothing is sent to it any more."""
    row = _row(number)

    def ended(tx: Transaction) -> bool:
        return subscriptions.end(tx, caller.partner, row, wired.now())

    if not await asyncio.wrap_future(wired.database.submit(ended)):
        raise not_found()
    return Response(status_code=204)


for _version in (4, 5):
    _root = ROOT.format(version=_version)
    router.add_api_route(f"{_root}/hub", subscribe, methods=["POST"])
    router.add_api_route(f"{_root}/hub/{{number}}", end, methods=["DELETE"])
router.add_api_route(f"{ROOT.format(version=5)}/hub/{{number}}", show, methods=["GET"])


def _asked(request: Request, body: bytes, version: int) -> Wanted:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _KINDS:
        raise Fault(415, "unsupportedMediaType", "Send application/json.")
    document: Any = parsed(body)
    checked(document, Wanted)
    asked = msgspec.convert(document, Wanted)
    if version == 5 and not asked.type:
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


def _row(number: str) -> int:
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise not_found()
    return int(number)


def _written(one: Subscription) -> bytes:
    told: dict[str, str] = {"@type": "Hub"} if one.version == 5 else {}
    told |= {"id": str(one.id), "callback": one.callback, **({"query": one.query} if one.query else {})}
    return msgspec.json.encode(told)
