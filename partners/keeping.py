"""A partner's words as reports: kept by the house's reception in the same commit as his ticket."""

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from partners import events
from partners.bodies import LARGE
from partners.documents import encoded
from partners.errors import Fault, invalid
from partners.services import Services
from records.arrival import Arrival, Envelope, TryAgain
from records.media import TICKET
from storage.database import Transaction
from storage.intake import Keep
from storage.partner_tickets import Change, Outcome, Posted, Taken, change, post

_KEY: Final = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255})')
_CONFLICTS: Final = {
    Outcome.OTHER_BODY: Fault(422, "keyReused", "This Idempotency-Key came before with another body."),
    Outcome.OTHER_TICKET: Fault(409, "externalIdInUse", "Your number is that of a ticket that says something else."),
    Outcome.GONE: Fault(409, "externalIdInUse", "Your number is that of a ticket that you have deleted."),
    Outcome.STALE: Fault(409, "changedMeanwhile", "The ticket is changing at this moment: look at it again."),
}


def idempotency_key(request: Request) -> str | None:
    """Read `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), quoted or bare. Raises Fault 400."""
    written = request.headers.get("idempotency-key")
    if written is None:
        return None
    found = _KEY.fullmatch(written.strip())
    if found is None:
        raise invalid("Idempotency-Key is 1 to 255 letters, digits and signs in quotation marks")
    return found[1] or found[2]


async def arrival(
    wired: Services, partner: str, content: bytes, request: Request, *, about: str | None = None
) -> Arrival:  # fmt: skip
    """Make the report of what a partner sent; `about`: the number of the ticket that it belongs to."""
    peer = request.client.host if request.client else None
    envelope = Envelope(
        sender=partner, peer=peer, authenticated=partner, tls=request.scope["scheme"] == "https", about=about
    )  # fmt: skip
    large = len(content) > LARGE
    return Arrival(
        channel=partner, media_type=TICKET, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        content=await run_in_threadpool(_spooled, content, wired.reception.spool()) if large else content,
        received_at=wired.now(), envelope=envelope,
    )  # fmt: skip


def news(patch: bytes, kind: str, told: dict[str, Any]) -> bytes:
    """Give the original of a change: what it tells the desk, and around it the request's body as it came."""
    body = b', "body": ' + patch if patch else b""
    head = encoded({"@type": "TroubleTicketChange", "contentType": kind, "change": told})
    return head[:-1] + body + b"}"


async def posted(wired: Services, sent: Posted, report: Arrival) -> Taken:
    """Keep a new ticket, or give the one that it was before. Raises Fault 409, 422, TryAgain."""

    def unit(tx: Transaction, keep: Keep) -> Taken:
        return events.created(tx, post(tx, sent, keep), sent.partner, wired.settings)

    return settled(await _twice(wired, report, unit))


async def changed(wired: Services, asked: Change, report: Arrival | None) -> Taken:
    """Keep a change; its outcome may be STALE. Raises Fault 422, TryAgain."""

    def unit(tx: Transaction, keep: Keep | None = None) -> Taken:
        return events.changed(tx, change(tx, asked, keep), asked, wired.settings)

    if report is None:
        taken = await asyncio.wrap_future(wired.database.submit(unit))
        wired.ring()
        return taken
    return await wired.reception.accept_with(report, unit)


async def _twice(wired: Services, report: Arrival, unit: Callable[[Transaction, Keep], Taken]) -> Taken:
    """Two gateways that keep the same ticket at once: the slower one finds the other's at its second attempt."""
    try:
        return await wired.reception.accept_with(report, unit)
    except TryAgain as trouble:
        if trouble.full or isinstance(report.content, Path):
            raise
    return await wired.reception.accept_with(report, unit)


def settled(taken: Taken) -> Taken:
    """Raise Fault for an outcome that is no success."""
    if taken.outcome in _CONFLICTS:
        raise _CONFLICTS[taken.outcome]
    return taken


def _spooled(content: bytes, spool: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix="partner-", dir=spool)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise TryAgain(f"spool: {error.strerror}", full=True) from error
    return Path(name)
