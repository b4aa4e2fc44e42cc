"""What a visitor says, keyed in by a clerk. The form's id stands in its address: loaded again it is the same."""

import secrets
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk.errors import Wrong
from desk.page import Here, Page
from desk.pages import typed
from desk.pages.form import EMPTY, WALK_IN, given, groups
from desk.translation import LANGUAGES
from desk.uploads import key_in
from desk.visit import Clerk, Form

router = APIRouter(include_in_schema=False)

FormId = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{8,64}$")]


@router.get("/walk-in")
def begin(page: Here, _: Clerk) -> Response:
    """Begin a form."""
    return page.go(f"/walk-in/{secrets.token_urlsafe(12)}")


@router.get("/walk-in/{form}")
def show(page: Here, visit: Clerk, form: FormId) -> Response:
    """Show the form, with what was typed into it before."""
    draft = typed.typed(page, visit, _key(form))
    written = {name: text for name, text in draft.values.items() if name in WALK_IN} if draft else {}
    return _show(page, form, EMPTY | written, restored=bool(written))


@router.post("/walk-in/{form}")
async def keep(page: Here, visit: Clerk, posted: Form, form: FormId) -> Response:
    """Keep it; go to its report."""
    written, language = given(posted.get, WALK_IN), str(posted.get("language", ""))
    try:
        receipt = await key_in(page.wired, visit, form, written, language if language in LANGUAGES else None)
    except Wrong as wrong:
        return await run_in_threadpool(_show, page, form, written, wrong.fields)
    await run_in_threadpool(typed.forget, page, visit, _key(form))
    return page.go(f"/reports/{receipt.id}", "kept")


def _show(
    page: Page, form: str, written: Mapping[str, str], errors: Mapping[str, str] = {}, *, restored: bool = False
) -> Response:
    return page.show(
        "walk_in.html", 422 if errors else 200, here="walk_in", form=form, draft_key=_key(form), errors=errors,
        restored=restored, groups=groups(page.speech, written, None, errors=errors, only=WALK_IN),
        spoken=page.wired.settings.desk.walk_in.language,
    )  # fmt: skip


def _key(form: str) -> str:
    return f"walk-in/{form}"
