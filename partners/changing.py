"""PATCH and DELETE of a ticket: its partner changes it, or takes it back. What the desk must know becomes a report."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Router

from partners import keeping
from partners.amending import Amended, amended
from partners.asking import asked_of, body_kind, own, report, there
from partners.bodies import content, worked
from partners.documents import digest, parsed
from partners.entering import written
from partners.errors import missing
from partners.lifecycle import may
from partners.patches import merged, patched
from partners.queries import selected
from partners.serving import Visit, answer, served
from partners.showing import shown, stands
from records.status import Status
from storage.partner_tickets import Change, Outcome, Taken, Ticket, changed_before

router = Router()

ATTEMPTS: Final = 5  # to change a ticket that others change, too


@served(router, "/troubleTicket/{id}", "PATCH")
async def update(visit: Visit) -> Response:
    """Change a ticket: 200 with it after the commit."""
    asked, kind = asked_of(visit), body_kind(visit, visit.look.dialect.patch)
    body = await content(visit.request)
    patch = await worked(body, parsed, body)
    if kind != "json-patch+json" and visit.look.version == 5 and isinstance(patch, dict) and "@type" not in patch:
        raise missing("@type")
    blank = _blank(visit, digest(visit.request.path_params["id"], kind, patch))

    async def attempt(ticket: Ticket) -> Taken:
        return await _patched(
            visit, ticket, replace(blank, seen=ticket.change, stood=stands(ticket)), kind, body, patch
        )

    changed = there((await _settled(visit, blank, attempt)).ticket)
    return answer(visit, selected(shown(changed, visit.look), asked.fields))


@served(router, "/troubleTicket/{id}", "DELETE")
async def delete(visit: Visit) -> Response:
    """Take a ticket back: 204, and nobody sees it any more; where it has not ended, this is a withdrawal."""
    blank = _blank(visit, digest(visit.request.path_params["id"], "delete"))

    async def attempt(ticket: Ticket) -> Taken:
        change, news = replace(blank, seen=ticket.change, stood=stands(ticket)), {}
        if may(stands(ticket), Status.CANCELLED):
            change, news = replace(change, status=Status.CANCELLED), {"status": Status.CANCELLED.value}
        return await _keep(visit, ticket, change, b"", news)

    await _settled(visit, blank, attempt)
    return Response(status_code=204)


def _blank(visit: Visit, sha256: str) -> Change:
    """Give a change that only says whose it is; without a resource, it deletes."""
    return Change(
        ticket=report(visit), partner=visit.partner, key=keeping.idempotency_key(visit.request), sha256=sha256,
        resource=None, at=visit.wired.now(), seen=0, stood=Status.ACKNOWLEDGED, told="",
    )  # fmt: skip


async def _settled(visit: Visit, blank: Change, attempt: Callable[[Ticket], Awaitable[Taken]]) -> Taken:
    """Try until nobody was faster, unless the same change came before."""
    taken = await run_in_threadpool(_before, visit, blank)
    for _ in range(ATTEMPTS):
        if taken is not None and taken.outcome is not Outcome.STALE:
            break
        taken = await attempt(await own(visit))
    return keeping.settled(taken or Taken(outcome=Outcome.STALE))


def _before(visit: Visit, blank: Change) -> Taken | None:
    with visit.wired.database.read() as tx:
        return changed_before(tx, blank)


async def _patched(visit: Visit, ticket: Ticket, change: Change, kind: str, body: bytes, patch: object) -> Taken:
    made = await worked(body, _amended, visit, ticket, change.at, kind, patch)
    if not made.changed and change.key is None:
        return Taken(outcome=Outcome.KEPT, ticket=ticket)
    change = replace(
        change, resource=written(made.resource), status=made.status, reason=made.reason,
        told=", ".join(made.changed),
    )  # fmt: skip
    return await _keep(visit, ticket, change, body, made.news)


def _amended(visit: Visit, ticket: Ticket, at: datetime, kind: str, patch: object) -> Amended:
    exact = kind == "json-patch+json"
    after = (patched if exact else merged)(shown(ticket, visit.look), patch)
    return amended(ticket, after, visit.look, visit.partner, at, exact=exact)


async def _keep(visit: Visit, ticket: Ticket, change: Change, body: bytes, news: dict[str, Any]) -> Taken:
    if not news:
        return await keeping.changed(visit.wired, change, None)
    number = {"externalIdentifier": [{"id": ticket.external_id}]} if ticket.external_id else {}
    kind = visit.request.headers.get("content-type", "")
    original = keeping.news(body, kind, {**number, **news})
    about = await keeping.arrival(visit.wired, visit.partner, original, visit.request, about=ticket.id)
    return await keeping.changed(visit.wired, change, about)
