"""Search by number, name, telephone, account, address or text.

What is searched for is somebody's data and stands in no address: it is posted, kept as the person's own draft under a
random key, and the page of results is one that can be come back to.
"""

import secrets
from functools import partial

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from desk import actions
from desk.page import Here
from desk.pages.clock import clock
from desk.visit import Clerk, Form
from storage import sessions

router = APIRouter(include_in_schema=False)

SHOWN = 100


@router.post("/search")
def ask(page: Here, visit: Clerk, posted: Form) -> Response:
    """Take what is searched for, and go to its results."""
    key = secrets.token_urlsafe(9)
    body = msgspec.json.encode(str(posted.get("text", ""))[:200]).decode()
    page.wired.database.write(
        partial(sessions.keep_draft, person=visit.person.id, key=f"search/{key}", body=body, at=page.wired.now())
    )
    return page.go(f"/search/{key}")


@router.get("/search/{key}")
def show(page: Here, visit: Clerk, key: str) -> Response:
    """Show the results; a key that is forgotten begins anew."""
    wired, now = page.wired, page.wired.now()
    with wired.database.read() as tx:
        body = sessions.draft(tx, visit.person.id, f"search/{key[:40]}")
    if body is None:
        return page.go("/")
    text = msgspec.json.decode(body, type=str)
    found = actions.found(wired, visit, text, SHOWN) if text.strip() else []
    return page.show("search.html", here=None, text=text, most=SHOWN, lines=[(one, clock(one, now)) for one in found])
