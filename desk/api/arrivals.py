"""Bringing reports in: files as one letter, or what a visitor said."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import fields
from desk.api.nouns import Received
from desk.api.speaking import JSON, decoded, gives, takes, told
from desk.errors import Wrong
from desk.services import Wired
from desk.uploads import Upload, bring, key_in
from desk.visit import Clerk, form
from records.arrival import Receipt
from records.walk_in import WalkIn

router = APIRouter(tags=["arrivals"])
_MULTIPART = "multipart/form-data"
_LETTER = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}, "description": "in page order"},
        "upload": {"type": "string", "description": "made by you: the same upload sent again is one report"},
        "received_at": {"type": "string", "description": "the received stamp, ISO 8601; default: now"},
        "postal_sender": {"type": "string"},
    },
}


@router.post("/reports", **gives(Received, "Kept", 201), openapi_extra=takes((_MULTIPART, _LETTER), (JSON, WalkIn)))
async def arrive(request: Request, wired: Wired, visit: Clerk) -> Response:
    """Keep a letter (multipart) or what a visitor said (JSON). 200 with the first receipt where it is kept already."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == _MULTIPART:
        receipt = await bring(wired, visit, upload_of(await form(request)))
    elif media == JSON:
        given = decoded(await request.body(), dict[str, Any])
        key, language = given.pop("form", None), given.pop("language", None)
        if not isinstance(key, str) or not isinstance(language, str | None):
            raise Wrong({"form": "Make a key of 8 to 64 letters and digits for each visit."})
        receipt = await key_in(wired, visit, key, fields.flat(given), language)
    else:
        raise HTTPException(415)
    return receipt_of(receipt)


def upload_of(posted: FormData) -> Upload:
    """Give the letter of a posted form: `files`, `upload`, `received_at`, `postal_sender`."""

    def text(name: str) -> str | None:
        value = posted.get(name)
        return value if isinstance(value, str) and value else None

    files = tuple(one.file for one in posted.getlist("files") if isinstance(one, UploadFile) and one.filename)
    return Upload(files=files, key=text("upload"), received=text("received_at"), postal_sender=text("postal_sender"))


def receipt_of(receipt: Receipt) -> Response:
    """Tell the promise: 201, or 200 where the report is kept already."""
    received = Received(
        id=receipt.id, received_at=receipt.received_at, due_at=receipt.due_at, duplicate=receipt.duplicate
    )
    where = f"/api/v1/reports/{receipt.id}"
    return told(received, 200 if receipt.duplicate else 201, location=where)
