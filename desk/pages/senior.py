"""What waits for a senior: orders of clerks to approve, what was passed on, what is past its due time."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from desk.fields import values
from desk.page import Here, Page
from desk.pages.clock import clock
from desk.pages.form import changes
from desk.visit import Senior, Visit
from records.standing import Level, Standing, State
from storage import standings
from storage.database import Transaction
from storage.standings import Filter
from storage.versions import VersionRow, versions

router = APIRouter(include_in_schema=False)

SHOWN = 50  # of each kind


@router.get("/senior")
def show(page: Here, visit: Senior) -> Response:
    """Show what waits for a senior."""
    now = page.wired.now()
    with page.wired.database.read() as tx:
        approvals = [
            _approval(page, visit, tx, one) for one in standings.queue(tx, Filter(states=(State.APPROVAL,)), SHOWN)
        ]
        passed = standings.queue(
            tx, Filter(states=(State.UNREAD, State.REVIEW, State.ASKED), level=Level.SENIOR), SHOWN
        )  # fmt: skip
    return page.show(
        "senior.html", here="senior", approvals=approvals,
        lines=[(one, clock(one, now)) for one in passed],
    )  # fmt: skip


def _approval(page: Page, visit: Visit, tx: Transaction, standing: Standing) -> dict[str, Any]:
    """Tell what a clerk's order says and what he changed; never his own to approve."""
    rows = versions(tx, standing.report)
    newest = rows[0]
    before = _before(rows, newest)
    return {
        "standing": standing, "clock": clock(standing, page.wired.now()), "record": newest.record, "by": newest.by,
        "at": newest.made_at, "version": newest.version, "own": newest.by == visit.person.login,
        "remark": newest.remark,
        "changes": changes(page.speech, values(before.record), values(newest.record)) if before else [],
    }  # fmt: skip


def _before(rows: list[VersionRow], newest: VersionRow) -> VersionRow | None:
    """Give the version that the clerk began with."""
    return next((row for row in rows if row.by != newest.by), None)
