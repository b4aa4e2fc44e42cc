"""What a visitor says, keyed in by a clerk. The form's id stands in its address, so a page loaded again is the same form."""

import secrets
from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk.errors import Wrong
from desk.fields import FIELDS
from desk.page import Here, Page
from desk.pages.form import WALK_IN, given, groups
from desk.pages.review import forget_draft
from desk.translation import LANGUAGES
from desk.uploads import key_in
from desk.visit import Clerk, Form, Visit
from records.words import Urgency
from storage import sessions

router = APIRouter(include_in_schema=False)

FormId = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{8,64}$")]


@router.get("/walk-in")
def begin(page: Here, visit: Clerk) -> Response:
    """Begin a form."""
    return page.go(f"/walk-in/{secrets.token_urlsafe(12)}")


@router.get("/walk-in/{form}")
def show(page: Here, visit: Clerk, form: FormId) -> Response:
    """Show the form, with what was typed into it before."""
    typed = _draft(page, visit, form)
    return _show(page, form, typed or _EMPTY, restored=bool(typed))


@router.post("/walk-in/{form}")
async def keep(page: Here, visit: Clerk, posted: Form, form: FormId) -> Response:
    """Keep it; go to its report."""
    typed, language = given(posted.get, WALK_IN), str(posted.get("language", ""))
    try:
        receipt = await key_in(page.wired, visit, form, typed, language if language in LANGUAGES else None)
    except Wrong as wrong:
        return await run_in_threadpool(_show, page, form, typed, wrong.fields)
    await run_in_threadpool(forget_draft, page, visit, _key(form))
    return page.go(f"/reports/{receipt.id}", "kept")


_EMPTY = {name: "" for name in FIELDS} | {"urgency": Urgency.NORMAL.value}


def _show(
    page: Page, form: str, typed: Mapping[str, str], errors: Mapping[str, str] = {}, *, restored: bool = False
) -> Response:
    return page.show(
        "walk_in.html", 422 if errors else 200, here="walk_in", form=form, draft_key=_key(form), errors=errors,
        restored=restored, groups=groups(page.speech, typed, None, errors=errors, only=WALK_IN),
        spoken=page.wired.settings.desk.walk_in.language,
    )  # fmt: skip


def _key(form: str) -> str:
    return f"walk-in/{form}"


def _draft(page: Page, visit: Visit, form: str) -> dict[str, str]:
    with page.wired.database.read() as tx:
        body = sessions.draft(tx, visit.person.id, _key(form))
    values = msgspec.json.decode(body).get("values", {}) if body else {}
    return _EMPTY | {name: str(text) for name, text in values.items() if name in WALK_IN} if values else {}
