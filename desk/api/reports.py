"""Reading: the queue, one report, its original and its pages."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from desk import actions, files
from desk.api.nouns import Counted, Happened, Orders, Pages, Report, Reports, Story
from desk.api.speaking import gives, told
from desk.errors import Wrong
from desk.services import Wired
from desk.visit import Clerk
from records.standing import Level, Standing, State
from records.words import Disposition, Order, Service, Urgency
from storage.rows import micros
from storage.standings import Filter

router = APIRouter(tags=["reports"])

MOST = 200  # reports in one part
_CURSOR = r"^[0-9]{1,17}-[0-9]{1,12}$"


@router.get("/reports", **gives(Reports, "The queue, or what a search finds"))
def reports(
    wired: Wired,
    visit: Clerk,
    state: Annotated[list[State] | None, Query(description="without it: all that is not settled")] = None,
    level: Level | None = None,
    channel: Annotated[str | None, Query(max_length=100)] = None,
    order: Order | None = None,
    service: Service | None = None,
    disposition: Disposition | None = None,
    urgency: Urgency | None = None,
    taken_by: Annotated[str | None, Query(max_length=100)] = None,
    q: Annotated[str | None, Query(max_length=1000, description="number, name, phone, account, address, text")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    cursor: Annotated[str | None, Query(pattern=_CURSOR, description="`next` of the part before")] = None,
) -> Response:
    """List reports, the first due first; with `q`, those that have all its words, the newest first."""
    if q is not None:
        return told(Reports(reports=actions.found(wired, visit, q, limit), next=None))
    wanted = Filter(
        states=tuple(state or ()), level=level, channel=actions.clean(channel), order=order, service=service,
        disposition=disposition, urgency=urgency, taken_by=actions.clean(taken_by),
    )  # fmt: skip
    found = actions.listed(wired, wanted, limit, after(cursor) if cursor else None)
    return told(Reports(reports=found, next=cursor_of(found[-1]) if len(found) == limit else None))


@router.get("/counts", **gives(Counted, "How many reports stand where"))
def counts(wired: Wired, _: Clerk) -> Response:
    """Count the reports."""
    found = actions.counted(wired)
    return told(Counted(states=found.states, overdue=found.overdue, total=found.total))


@router.get("/reports/{number}", **gives(Report, "The report; its version is the ETag"))
def report(wired: Wired, visit: Clerk, number: str) -> Response:
    """Give one report."""
    seen = actions.look(wired, visit, number)
    kept, version = seen.kept, seen.version.version if seen.version else 0
    found = Report(
        id=kept.id, version=version, standing=seen.standing, record=seen.record, parent=seen.parent,
        media_type=kept.media_type, size=kept.size, promises=actions.promised(wired, kept.report),
    )  # fmt: skip
    return told(found, version=version)


@router.get("/reports/{number}/story", **gives(Story, "All that happened to it"))
def story(wired: Wired, visit: Clerk, number: str) -> Response:
    """Tell a report's whole story, original to ticket."""
    line, chapters = actions.told(wired, visit, number)
    happened = [Happened(at=one.at, actor=one.actor, what=one.what, detail=one.detail) for one in chapters]
    return told(Story(id=line.id, story=happened))


@router.get("/reports/{number}/orders", **gives(Orders, "Its status, and the orders on its ticket"))
def orders(wired: Wired, visit: Clerk, number: str) -> Response:
    """Tell how a report stands with those who repair, and what was ordered."""
    status, found = actions.ordered(wired, visit, number)
    return told(Orders(id=number.upper(), status=status, orders=found))


@router.get("/reports/{number}/original", **gives(None, "The byte-exact original, to be saved"))
def original(wired: Wired, visit: Clerk, number: str) -> Response:
    """Give the original."""
    return files.original(*actions.original(wired, visit, number))


@router.get("/reports/{number}/pages", **gives(Pages, "Numbers of its pages in the original"))
def pages(wired: Wired, visit: Clerk, number: str) -> Response:
    """List a report's pages; none for what is no paper."""
    return told(Pages(pages=list(actions.page_numbers(wired, visit, number))))


@router.get("/reports/{number}/pages/{page}", **gives(None, "The page as PNG or JPEG"))
def picture(
    wired: Wired,
    visit: Clerk,
    number: str,
    page: int,
    rotation: Annotated[int, Query(ge=0, lt=360, multiple_of=90, description="degrees clockwise")] = 0,
    width: Annotated[int | None, Query(ge=50, le=actions.WIDEST, description="pixels")] = None,
) -> Response:
    """Give one page as a picture."""
    return files.picture(actions.picture(wired, visit, number, page, rotation=rotation, width=width))


def cursor_of(standing: Standing) -> str:
    """Give the cursor behind one report of the queue."""
    return f"{micros(standing.due_at)}-{standing.report}"


def after(cursor: str) -> tuple[int, int]:
    """Read a cursor. Raises Wrong."""
    due, _, row = cursor.partition("-")
    if not (due.isdecimal() and row.isdecimal() and len(due) < 18 and len(row) < 18):
        raise Wrong({"cursor": "Send `next` of the part before."})
    return int(due), int(row)
