"""One report from original to ticket: the record beside its original, every version, every status with who and when."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from desk import actions
from desk.fields import values
from desk.page import Here, Page
from desk.pages.chapters import tell
from desk.pages.form import GROUPS, changes, in_words
from desk.pages.orders import shown
from desk.pages.promises import bars
from desk.pages.reasons import why
from desk.pages.review import around
from desk.visit import Clerk
from desk.words import N_
from records.record import FaultRecord
from storage import orders, outages, records
from storage.story import story
from storage.versions import VersionRow, versions

router = APIRouter(include_in_schema=False)

_MACHINE = N_("the machine")


@router.get("/reports/{number}")
def show(page: Here, visit: Clerk, number: str) -> Response:
    """Show a report with its whole story."""
    seen = actions.look(page.wired, visit, number)
    with page.wired.database.read() as tx:
        rows, chapters = versions(tx, seen.kept.report), story(tx, seen.kept.report)
        ordered = orders.orders(tx, seen.kept.report)
        outage = outages.outage_of(tx, seen.kept.report)
        master = records.kept(tx, outage.master) if outage and outage.master else None
    return page.show(
        "report.html", here="queue", **around(page, seen), groups=_groups(page, seen.record) if seen.record else [],
        record=seen.record, chapters=[tell(page.speech, one) for one in chapters], versions=_versions(page, rows),
        ordered=shown(page.speech, seen.kept.id, ordered),
        parent=seen.parent, promised=bars(actions.promised(page.wired, seen.kept.report), page.wired.now()),
        why=why(page, seen.record, rows) if seen.record else None,
        route_comment=_route_comment(page, seen.record),
        outage=outage, master=master.id if master else None,
    )  # fmt: skip


@router.get("/reports/{number}/state")
def state(page: Here, _: Clerk, number: str) -> Response:
    """Tell a waiting page whether a report was read meanwhile."""
    standing = actions.seen(page.wired, actions.known(page.wired, number)).standing
    return JSONResponse({"state": standing.state.value, "version": standing.version, "tickets": standing.tickets})


def _groups(page: Page, record: FaultRecord) -> list[dict[str, Any]]:
    """Give what is known, in the order of the form."""
    own, speech = values(record), page.speech
    made = []
    for label, names in GROUPS.values():
        facts = [(speech.field(name), in_words(speech, name, own[name]), name) for name in names if own[name]]
        lacking = [speech.field(name) for name in names if name in record.missing and name not in record.evidence]
        doubtful = [
            (speech.field(name), record.evidence[name].text) for name in names
            if not own[name] and name in record.evidence
        ]  # fmt: skip
        if facts or lacking or doubtful:
            made.append({"label": page._(label), "facts": facts, "lacking": lacking, "doubtful": doubtful})
    return made


def _route_comment(page: Page, record: FaultRecord | None) -> str:
    """Give what the wiring says of the row that routed a report; "" where the row is there no more."""
    route = record.classification.route if record else None
    return next((row.comment for row in page.wired.settings.routes if route and row.name == route.rule), "")


def _versions(page: Page, rows: list[VersionRow]) -> list[dict[str, Any]]:
    """Give each version, the newest first, with what it changed."""
    return [
        {
            "version": row.version, "at": row.made_at, "by": row.by, "remark": row.remark,
            "changes": changes(page.speech, values(old.record), values(row.record)) if old else [],
            "first": old is None,
        }
        for row, old in zip(rows, [*rows[1:], None], strict=False)
    ]  # fmt: skip
