"""TroubleTicket of TMF621 in both versions: create, list, read."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Router

from partners import keeping
from partners.asking import asked_of, body_kind, own, there
from partners.bodies import content, worked
from partners.dialects import heard, number_of
from partners.documents import digest, parsed
from partners.entering import entered, written
from partners.errors import invalid
from partners.queries import Query, found, links, selected
from partners.serving import Visit, answer, served
from partners.shapes import complete, shaped
from partners.showing import href, shown
from partners.versions import lifted
from storage.partner_tickets import Posted, count, every, page

router = Router()


@served(router, "/troubleTicket", "POST")
async def create(visit: Visit) -> Response:
    """Keep a new ticket: 201 with it after the commit; the same answer for the same ticket again."""
    asked, key = asked_of(visit), keeping.idempotency_key(visit.request)
    body_kind(visit, ("json",))
    body = await content(visit.request)
    sent = await worked(body, _posted, visit, body, key)
    taken = await keeping.posted(
        visit.wired, sent, await keeping.arrival(visit.wired, visit.partner, body, visit.request)
    )
    ticket = there(taken.ticket)
    made = selected(shown(ticket, visit.look), asked.fields)
    return answer(visit, made, 201, {"Location": href(ticket, visit.look)})


def _posted(visit: Visit, body: bytes, key: str | None) -> Posted:
    ticket = parsed(body)
    if not isinstance(ticket, dict):
        raise invalid("send one trouble ticket as a JSON object", "invalidBody")
    sha256, dialect = digest(ticket), visit.look.dialect
    shaped(ticket, visit.look.version)
    complete(ticket, dialect.required)
    whole = lifted(ticket, visit.partner) if visit.look.version == 4 else ticket
    kept = entered(heard(whole, dialect), visit.wired.now())
    return Posted(
        partner=visit.partner, external_id=number_of(whole, dialect), key=key, sha256=sha256,
        resource=written(kept),
    )  # fmt: skip


@served(router, "/troubleTicket", "GET")
async def list_tickets(visit: Visit) -> Response:
    """Give a page of the partner's own tickets."""
    asked = asked_of(visit)
    total, some = await run_in_threadpool(_some, visit, asked)
    headers = {"X-Total-Count": str(total), "X-Result-Count": str(len(some))}
    link = links(f"{visit.look.root}/troubleTicket", visit.query, asked, total)
    return answer(visit, some, headers={**headers, **({"Link": link} if link else {})})


def _some(visit: Visit, asked: Query) -> tuple[int, list[dict[str, Any]]]:
    with visit.wired.database.read() as tx:
        if asked.plain:
            total = count(tx, visit.partner)
            tickets = [shown(one, visit.look) for one in page(tx, visit.partner, asked.offset, asked.limit)]
        else:
            chosen = found((shown(one, visit.look) for one in every(tx, visit.partner)), asked)
            total, tickets = len(chosen), chosen[asked.offset : asked.offset + asked.limit]
    return total, [selected(one, asked.fields) for one in tickets]


@served(router, "/troubleTicket/{id}", "GET")
async def read(visit: Visit) -> Response:
    """Give one ticket; 404 for another partner's."""
    asked = asked_of(visit)
    return answer(visit, selected(shown(await own(visit), visit.look), asked.fields))
