"""Was it solved? The one page for customers: a link out of our mail, and a button that says it.

The link alone says nothing, for mail scanners follow links. Its token is good for one answer about one report, until it
runs out; the answer goes the road of every message that is proven to belong to a report.
"""

import hashlib

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk.errors import NotThere
from desk.page import Page
from desk.services import Wired
from desk.translation import LANGUAGES
from records.arrival import Arrival, Envelope
from records.tokens import Verdict, verdict_of
from storage import records, versions
from storage.records import Kept

router = APIRouter(include_in_schema=False)

CHANNEL = "answers"


@router.get("/solved/{token}")
def ask(request: Request, wired: Wired, token: str) -> Response:
    """Show what the link says, and the button; nothing is changed."""
    verdict, kept = _claimed(wired, token)
    return _page(request, wired, kept).show(
        "solved.html", kept=kept, solved=verdict.solved, late=verdict.until < wired.now(), said=False
    )  # fmt: skip


@router.post("/solved/{token}")
async def say(request: Request, wired: Wired, token: str) -> Response:
    """Take the answer; the same one again is the same message."""
    verdict, kept = await run_in_threadpool(_claimed, wired, token)
    late = verdict.until < wired.now()
    if not late:
        await wired.reception.accept(_arrival(wired, verdict, kept))
    page = await run_in_threadpool(_page, request, wired, kept)
    return page.show(
        "solved.html", 410 if late else 200, kept=kept, solved=verdict.solved, late=late, said=not late
    )  # fmt: skip


def _claimed(wired: Wired, token: str) -> tuple[Verdict, Kept]:
    verdict = verdict_of(wired.key, token)
    if verdict is None:
        raise NotThere
    with wired.database.read() as tx:
        kept = records.kept(tx, verdict.report)
    if kept is None:
        raise NotThere
    return verdict, kept


def _arrival(wired: Wired, verdict: Verdict, kept: Kept) -> Arrival:
    """Write the answer as a message of its own; the number keeps it apart from the same word about another report."""
    content = f"{'yes' if verdict.solved else 'no'}\n{kept.id}\n".encode()
    return Arrival(
        channel=CHANNEL, media_type="text/plain", content=content, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), received_at=wired.now(), envelope=Envelope(about=kept.id),
    )  # fmt: skip


def _page(request: Request, wired: Wired, kept: Kept) -> Page:
    """Give a page in the language of the report, where we speak it."""
    page = Page(request, wired, None)
    with wired.database.read() as tx:
        newest = versions.newest(tx, kept.report)
    language = (newest.record.language if newest else None) or page.language
    return page.in_language(language if language in LANGUAGES else "en")
