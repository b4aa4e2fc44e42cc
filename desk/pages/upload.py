"""Letters that clerks bring in: files dropped, chosen or photographed, sent letter by letter by the page's script.

Each letter has a key of its own, made when it was put together; sent again with that key it is the same report.
Without a script the form works, too: all files in one go.
"""

import secrets

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, Response

from desk.errors import SentAlready, Trouble, Wrong, wants_problem
from desk.page import Here, Page
from desk.uploads import Upload, bring
from desk.visit import Clerk, Form
from records.arrival import Receipt

router = APIRouter(include_in_schema=False)


@router.get("/upload")
def show(page: Here, _: Clerk) -> Response:
    """Show the form."""
    return _show(page)


@router.post("/upload")
async def take(request: Request, page: Here, visit: Clerk, posted: Form) -> Response:
    """Keep one letter, or each file as one; a script gets the number, a browser the report's page."""
    files = [one for one in posted.getlist("files") if isinstance(one, UploadFile) and (one.size or one.filename)]
    letters = [[one] for one in files] if posted.get("letters") == "each" else [files]
    try:
        receipts = [
            await bring(page.wired, visit, _letter(posted, letter, place)) for place, letter in enumerate(letters)
        ]
    except (Wrong, SentAlready) as trouble:
        if wants_problem(request):
            return _refused(page, trouble)
        if isinstance(trouble, SentAlready):
            raise
        return await run_in_threadpool(_show, page, trouble)
    if wants_problem(request):
        return JSONResponse(_told(receipts[0]), 200 if receipts[0].duplicate else 201)
    return page.go(f"/reports/{receipts[0].id}" if len(receipts) == 1 else "/", "kept")


def _letter(posted: FormData, files: list[UploadFile], place: int) -> Upload:
    key = str(posted.get("upload", "")) or None
    return Upload(
        files=tuple(one.file for one in files), key=f"{key}-{place}" if key and place else key,
        received=str(posted.get("received_at", "")) or None, postal_sender=str(posted.get("postal_sender", "")),
    )  # fmt: skip


def _refused(page: Page, trouble: Trouble) -> Response:
    """Tell the page's script in the person's language."""
    errors = trouble.fields if isinstance(trouble, Wrong) else {}
    told = {"detail": page._(trouble.say), "errors": {name: page._(text) for name, text in errors.items()}}
    return JSONResponse(told | ({"report": trouble.report} if isinstance(trouble, SentAlready) else {}), trouble.status)


def _told(receipt: Receipt) -> dict[str, object]:
    return {"id": receipt.id, "duplicate": receipt.duplicate, "address": f"/reports/{receipt.id}"}


def _show(page: Page, wrong: Wrong | None = None) -> Response:
    errors = [page._(text) for text in wrong.fields.values()] if wrong else []
    return page.show(
        "upload.html", 422 if wrong else 200, here="upload", key=secrets.token_urlsafe(12), errors=errors,
        most=page.wired.settings.desk.max_upload,
    )  # fmt: skip
