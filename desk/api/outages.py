"""Mass outages for programs: what is suspected and known, and what a senior makes of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from desk import outages
from desk.api.nouns import Belonging, Outages, Terms
from desk.api.speaking import JSON, body, gives, takes, told
from desk.outages import OutageSeen
from desk.pages.rendering import Rendering
from desk.services import Wired
from desk.visit import Clerk, Senior

router = APIRouter(tags=["outages"])


@router.get("/outages", **gives(Outages, "Outages: those that are not over, then the others"))
def every(wired: Wired, _: Clerk) -> Response:
    """List outages."""
    return told(Outages(outages=outages.listed(wired)))


@router.get("/outages/{outage}", **gives(OutageSeen, "The outage, the tree around it, and its reports"))
def one(wired: Wired, visit: Clerk, outage: int) -> Response:
    """Give one outage."""
    return told(outages.look(wired, visit, outage))


@router.post("/outages/{outage}/confirm", **gives(OutageSeen, "Confirmed"), openapi_extra=takes((JSON, Terms)))
async def confirm(
    request: Request, wired: Wired, visit: Senior, outage: int, given: Annotated[Terms, Depends(body(Terms))]
) -> Response:  # fmt: skip
    """Confirm an outage: it gets a master report, and its reporters are told. Again: another cause or end."""
    rendering: Rendering = request.app.state.rendering
    speech = rendering.speeches.get(visit.person.language or "") or rendering.speeches[wired.settings.desk.language]
    cause, until = outages.read_terms(wired, given.cause, given.expected_end)
    return told(await outages.confirm(wired, visit, outage, cause, until, speech))


@router.post("/outages/{outage}/dismiss", **gives(OutageSeen, "Dismissed"))
def dismiss(wired: Wired, visit: Senior, outage: int) -> Response:
    """Say that there is no outage: its reports are ordinary ones."""
    outages.dismiss(wired, visit, outage)
    return told(outages.seen(wired, outage))


@router.post("/outages/{outage}/end", **gives(OutageSeen, "Over"))
def end(wired: Wired, visit: Senior, outage: int) -> Response:
    """Say that it is over: its reporters are told, its reports are resolved."""
    outages.end(wired, visit, outage)
    return told(outages.seen(wired, outage))


@router.post("/outages/{outage}/reports", **gives(OutageSeen, "Added"), openapi_extra=takes((JSON, Belonging)))
def put_in(
    wired: Wired, visit: Senior, outage: int, given: Annotated[Belonging, Depends(body(Belonging))]
) -> Response:  # fmt: skip
    """Let a report belong to an outage."""
    outages.put_in(wired, visit, outage, given.report)
    return told(outages.seen(wired, outage))


@router.delete("/outages/{outage}/reports/{number}", **gives(OutageSeen, "Taken out"))
def take_out(wired: Wired, visit: Senior, outage: int, number: str) -> Response:
    """Let a report belong to it no more."""
    outages.take_out(wired, visit, outage, number)
    return told(outages.seen(wired, outage))
