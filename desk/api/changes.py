"""Changing a report. Whoever changes a record sends the version that he saw in `If-Match`."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from desk import actions, fields
from desk.api.nouns import Division, Done, Joining, Question, Reason, Report, Said, Urging
from desk.api.reports import report
from desk.api.speaking import JSON, PATCH, body, gives, seen_version, takes, told
from desk.services import Wired
from desk.visit import Clerk, Senior

router = APIRouter(tags=["changes"])
Seen = Annotated[int, Depends(seen_version)]


@router.patch(
    "/reports/{number}",
    **gives(Report, "The report with its new version"),
    openapi_extra=takes((PATCH, {"type": "object"}), (JSON, {"type": "object"})),
)
def patch(
    wired: Wired,
    visit: Clerk,
    number: str,
    base: Seen,
    given: Annotated[dict[str, Any], Depends(body(dict[str, Any], PATCH))],
) -> Response:
    """Write fields of the record (a merge patch, RFC 7396, of its public form); null empties a field."""
    changes: Mapping[str, Any] = fields.flat(given)
    actions.save(wired, visit, number, base, dict(changes))
    return report(wired, visit, number)


@router.post("/reports/{number}/refuse", **gives(Done, "Done"), openapi_extra=takes((JSON, Said)))
def refuse(
    wired: Wired,
    visit: Clerk,
    number: str,
    base: Seen,
    said: Annotated[Said, Depends(body(Said))],
) -> Response:
    """Say that it is no report of a fault."""
    version = actions.refuse(wired, visit, number, base, said.remark)
    return told(Done(version=version), version=version)


@router.post("/reports/{number}/ask", **gives(Done, "Done"), openapi_extra=takes((JSON, Question)))
def ask(
    wired: Wired,
    visit: Clerk,
    number: str,
    base: Seen,
    said: Annotated[Question, Depends(body(Question))],
) -> Response:
    """Ask the sender, by the channel that it came by."""
    version = actions.ask(wired, visit, number, base, said.text)
    return told(Done(version=version), version=version)


@router.post("/reports/{number}/pass-on", **gives(Done, "Done"), openapi_extra=takes((JSON, Reason)))
def pass_on(wired: Wired, visit: Clerk, number: str, said: Annotated[Reason, Depends(body(Reason))]) -> Response:
    """Pass it to a senior."""
    actions.pass_on(wired, visit, number, said.reason)
    return told(Done())


@router.post("/reports/{number}/urge", **gives(Done, "Done"), openapi_extra=takes((JSON, Urging)))
def urge(
    wired: Wired,
    visit: Clerk,
    number: str,
    base: Seen,
    said: Annotated[Urging, Depends(body(Urging))],
) -> Response:
    """Mark how urgent it is."""
    version = actions.urge(wired, visit, number, base, said.urgency)
    return told(Done(version=version), version=version)


@router.post("/reports/{number}/split", **gives(Done, "The new report", 201), openapi_extra=takes((JSON, Division)))
def split(
    wired: Wired,
    visit: Clerk,
    number: str,
    base: Seen,
    said: Annotated[Division, Depends(body(Division))],
) -> Response:
    """Make a report of its own of some pages."""
    made = actions.split(wired, visit, number, base, said.pages)
    return told(Done(id=made), 201, location=f"/api/v1/reports/{made}")


@router.post("/reports/{number}/merge", **gives(Done, "Done"), openapi_extra=takes((JSON, Joining)))
def merge(
    wired: Wired,
    visit: Clerk,
    number: str,
    base: Seen,
    said: Annotated[Joining, Depends(body(Joining))],
) -> Response:
    """Say that it is the same as another report."""
    version = actions.merge(wired, visit, number, base, said.into)
    return told(Done(version=version), version=version)


@router.post("/reports/{number}/approve", **gives(Done, "Done"), openapi_extra=takes((JSON, Said)))
def approve(
    wired: Wired,
    visit: Senior,
    number: str,
    base: Seen,
    said: Annotated[Said, Depends(body(Said))],
) -> Response:
    """Let a clerk's order leave."""
    actions.approve(wired, visit, number, base, said.remark)
    return told(Done(version=base), version=base)


@router.post("/reports/{number}/decline", **gives(Done, "Done"), openapi_extra=takes((JSON, Said)))
def decline(
    wired: Wired,
    visit: Senior,
    number: str,
    base: Seen,
    said: Annotated[Said, Depends(body(Said))],
) -> Response:
    """Send a clerk's order back to him."""
    actions.decline(wired, visit, number, base, said.remark)
    return told(Done(version=base), version=base)
