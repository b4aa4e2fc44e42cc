"""The audit log for supervisors: who looked at or changed what, and when."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from starlette.responses import Response

from desk import actions
from desk.errors import NotThere
from desk.page import Here
from desk.services import Services, Wired
from desk.visit import Supervisor
from records.numbers import number
from storage import audit, records

router = APIRouter(include_in_schema=False)
MOST = 100  # entries on one page


@router.get("/audit")
def show(
    page: Here, wired: Wired, _: Supervisor, actor: str = "", what: str = "", report: str = "", since: str = "",
    until: str = "", before: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:  # fmt: skip
    """Show a part of the log, the newest first."""
    kept = _report(wired, report)
    wanted = audit.Wanted(
        actor=actions.clean(actor.strip().lower()), what=actions.clean(what.strip()), report=kept,
        since=_moment(wired, since), until=_moment(wired, until),
    )  # fmt: skip
    with wired.database.read() as tx:
        found = audit.entries(tx, wanted, MOST, before)
        numbers = {one.report: _number(records.kept(tx, one.report)) for one in found if one.report}
    wanted_texts = {"actor": actor, "what": what, "report": report, "since": since, "until": until}
    return page.show(
        "audit.html", here="audit", entries=found, numbers=numbers, wanted=wanted_texts, whats=WHATS,
        more=found[-1].number if len(found) == MOST else None,
    )  # fmt: skip


#: What stands in the log, for the filter.
WHATS = (
    "sign-in", "sign-in refused", "sign-out", "search", "look", "picture", "original", "upload", "walk_in", "correct",
    "refuse", "ask", "pass on", "urge", "split", "merge", "approve", "decline", "deal", "account made", "role changed",
    "password changed", "account closed", "account opened", "token made", "template made", "template closed",
    "template opened", "text written", "outage", "confirm", "dismiss", "end", "put in", "take out",
)  # fmt: skip


def _report(wired: Services, text: str) -> int | None:
    """Give the row of a number; one that is not there finds nothing."""
    if not text.strip():
        return None
    try:
        return actions.known(wired, text.strip()).report
    except NotThere:
        return -1


def _number(kept: records.Kept | None) -> str:
    return number(kept.report, kept.received_at) if kept else ""


def _moment(wired: Services, text: str) -> datetime | None:
    """Read a time of the filter; what is none filters nothing."""
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(wired.settings.gateway.zone))
    except ValueError:
        return None
    return at if 1970 < at.year < 2200 else None
