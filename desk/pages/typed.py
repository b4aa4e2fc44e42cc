"""What somebody has typed into a form and not sent yet, as the page's script keeps it (`desk.drafts`)."""

from functools import partial

import msgspec
from msgspec import Struct

from desk.page import Page
from desk.visit import Visit
from storage import sessions


class Typed(Struct, frozen=True):
    """A draft: the version that the person saw, and the form's fields."""

    values: dict[str, str]
    base: int = 0


def typed(page: Page, visit: Visit, key: str) -> Typed | None:
    """Give the draft of a form; None where there is none, or one of an older page."""
    with page.wired.database.read() as tx:
        body = sessions.draft(tx, visit.person.id, key)
    try:
        return msgspec.json.decode(body, type=Typed) if body else None
    except msgspec.DecodeError:
        return None


def forget(page: Page, visit: Visit, key: str) -> None:
    """Drop the draft of a form that was sent."""
    page.wired.database.write(partial(sessions.drop_draft, person=visit.person.id, key=key))
