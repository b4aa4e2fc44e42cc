"""What all endpoints ask of a request: which ticket, in which kind of JSON, and what of it."""

from typing import Final

from starlette.concurrency import run_in_threadpool

from partners.errors import Fault, not_found
from partners.queries import Query, query
from partners.serving import Visit
from records.numbers import report_of
from storage.partner_tickets import Ticket, find

_KINDS: Final = {
    "application/json": "json", "application/merge-patch+json": "merge-patch+json",
    "application/json-patch+json": "json-patch+json", "application/json-patch-query+json": "json-patch+json",
}  # fmt: skip


def asked_of(visit: Visit) -> Query:
    """Read the query string. Raises Fault 400."""
    return query(visit.query, visit.look.dialect.required)


def body_kind(visit: Visit, taken: tuple[str, ...]) -> str:
    """Tell what kind of JSON comes. Raises Fault 415, which names what is taken."""
    written = visit.request.headers.get("content-type", "application/json")
    kind, _, parameters = written.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    named = _KINDS.get(kind.strip())
    if named in taken and charset in ("", "charset=utf-8"):
        return named
    names = ", ".join(one for one, short in _KINDS.items() if short in taken)
    headers = {"Accept-Patch": names} if visit.request.method == "PATCH" else {"Accept": names}
    raise Fault(415, "unsupportedMediaType", f"Send {names} in UTF-8.", headers)


def report(visit: Visit) -> int:
    """Give the row that a path names. Raises Fault 404."""
    named = report_of(visit.request.path_params["id"])
    if named is None:
        raise not_found()
    return named


async def own(visit: Visit) -> Ticket:
    """Give the ticket that a path names. Raises Fault 404, for another partner's as for none."""
    return there(await run_in_threadpool(_find, visit, report(visit)))


def there(ticket: Ticket | None) -> Ticket:
    """Give a ticket. Raises Fault 404 where there is none."""
    if ticket is None:
        raise not_found()
    return ticket


def _find(visit: Visit, named: int) -> Ticket | None:
    with visit.wired.database.read() as tx:
        ticket = find(tx, visit.partner, named)
    return ticket if ticket is not None and ticket.id == visit.request.path_params["id"] else None
