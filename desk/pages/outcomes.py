"""Did it help? What customers answered after their reports were closed, by week, service and typical solution."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from desk.page import Here, Page
from desk.visit import Senior
from records.words import Service
from storage import verdicts
from storage.verdicts import Tally

router = APIRouter(include_in_schema=False)

SPAN = timedelta(weeks=26)


@router.get("/outcomes")
def show(page: Here, _: Senior) -> Response:
    """Show the numbers of half a year."""
    since = page.wired.now() - SPAN
    with page.wired.database.read() as tx:
        weeks, solutions = verdicts.by_week(tx, since), verdicts.by_solution(tx, since)
        services = verdicts.by_service(tx, since)
    parts = (
        (page._("By week"), page._("Week from"), [(one.name, one) for one in weeks]),
        (page._("By service"), page._("Service"), [(_service(page, one), one) for one in services]),
        (page._("By typical solution"), page._("Typical solution"), [
            (one.name or page._("none was sent"), one) for one in solutions
        ]),
    )  # fmt: skip
    return page.show("outcomes.html", here="outcomes", parts=parts, answers=sum(map(_answers, weeks)))


def _service(page: Page, tally: Tally) -> str:
    return page.speech.word(Service(tally.name)) if tally.name else page._("not known")


def _answers(tally: Tally) -> int:
    return tally.helped + tally.not_helped
