"""Mass outages: what is suspected, on the tree of the network, and what a senior makes of it."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk import outages
from desk.errors import Wrong
from desk.outages import OutageSeen
from desk.page import Here, Page
from desk.pages.clock import clock
from desk.translation import LANGUAGES
from desk.visit import Clerk, Form, Senior
from desk.words import MEDIA
from records.outage import ACTIVE, Cause

router = APIRouter(include_in_schema=False)


@router.get("/outages")
def every(page: Here, _: Clerk) -> Response:
    """List outages."""
    lines = outages.listed(page.wired)
    parts = [[one for one in lines if (one.outage.state in ACTIVE) is active] for active in (True, False)]
    return page.show("outages.html", here="outages", active=parts[0], over=parts[1])


@router.get("/outages/{row}")
def show(page: Here, visit: Clerk, row: int) -> Response:
    """Show one outage."""
    return _show(page, outages.look(page.wired, visit, row))


@router.post("/outages/{row}/confirm")
async def confirm(page: Here, visit: Senior, posted: Form, row: int) -> Response:
    """Show what reporters will be told, or confirm it."""
    given = {name: str(posted.get(name, "")) for name in ("cause", "expected_end")}
    try:
        cause, until = outages.read_terms(page.wired, given["cause"], given["expected_end"])
        if posted.get("act") == "confirm":
            await outages.confirm(page.wired, visit, row, cause, until, page.speech)
            return page.go(f"/outages/{row}", "confirmed")
        texts = {language: outages.preview(page.wired, language, cause, until) for language in LANGUAGES}
        return await run_in_threadpool(_again, page, row, given, texts=texts)
    except Wrong as wrong:
        if not wrong.fields:
            raise
        return await run_in_threadpool(_again, page, row, given, errors=wrong.fields)


@router.post("/outages/{row}/dismiss")
def dismiss(page: Here, visit: Senior, _: Form, row: int) -> Response:
    """Say that there is none."""
    outages.dismiss(page.wired, visit, row)
    return page.go(f"/outages/{row}", "dismissed")


@router.post("/outages/{row}/end")
def end(page: Here, visit: Senior, _: Form, row: int) -> Response:
    """Say that it is over."""
    outages.end(page.wired, visit, row)
    return page.go(f"/outages/{row}", "ended")


@router.post("/outages/{row}/reports")
def put_in(page: Here, visit: Senior, posted: Form, row: int) -> Response:
    """Add a report."""
    number = str(posted.get("report", ""))[:40]
    try:
        outages.put_in(page.wired, visit, row, number)
    except Wrong as wrong:
        if not wrong.fields:
            raise
        return _again(page, row, {"report": number}, errors=wrong.fields)
    return page.go(f"/outages/{row}")


@router.post("/outages/{row}/reports/{number}/out")
def take_out(page: Here, visit: Senior, _: Form, row: int, number: str) -> Response:
    """Take a report out."""
    outages.take_out(page.wired, visit, row, number)
    return page.go(f"/outages/{row}")


def _again(page: Page, row: int, given: dict[str, str], **more: Any) -> Response:
    return _show(page, outages.seen(page.wired, row), given=given, code=422 if more.get("errors") else 200, **more)


def _show(
    page: Page, seen: OutageSeen, code: int = 200, *, given: dict[str, str] | None = None,
    errors: dict[str, str] | None = None, texts: dict[str, Any] | None = None,
) -> Response:  # fmt: skip
    one, now = seen.outage, page.wired.now()
    until = one.expected_end.astimezone(page.speech.zone).strftime("%Y-%m-%dT%H:%M") if one.expected_end else ""
    kept = {"cause": one.cause.value if one.cause else "", "expected_end": until, "report": ""}
    return page.show(
        "outage.html", code, here="outages", seen=seen, one=one, active=one.state in ACTIVE, causes=Cause,
        given=kept | (given or {}), errors=errors or {}, texts=texts or {}, media=MEDIA, languages=LANGUAGES,
        lines=[(standing, clock(standing, now)) for standing in seen.reports],
    )  # fmt: skip
