"""What else is done with a report from its review page: ask, refuse, pass on, mark, split, merge, take; and a senior's
yes or no. Each is one form and one line here; `desk.actions` does it.
"""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from desk import actions
from desk.errors import Wrong
from desk.fields import CHOICE
from desk.page import Here, Page
from desk.pages.review import around, forget, number_of
from desk.visit import Clerk, Form, Senior, Visit
from records.words import Urgency

router = APIRouter(include_in_schema=False)


@router.post("/reports/{number}/take")
def take(page: Here, visit: Clerk, number: str) -> Response:
    """Show the others that he has it open."""
    actions.take(page.wired, visit, number)
    return page.go(f"/reports/{number}/review")


@router.post("/reports/{number}/release")
def release(page: Here, visit: Clerk, number: str) -> Response:
    """Show the others that he has closed it."""
    actions.release(page.wired, visit, number)
    return page.go("/")


@router.post("/reports/{number}/ask")
def ask(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Ask the sender."""
    return _done(
        page, visit, number, "asked",
        lambda: actions.ask(page.wired, visit, number, number_of(posted.get("base")), _text(posted, "text")),
    )  # fmt: skip


@router.post("/reports/{number}/refuse")
def refuse(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Say that it is no report of a fault."""
    return _done(
        page, visit, number, "refused",
        lambda: actions.refuse(page.wired, visit, number, number_of(posted.get("base")), _text(posted, "remark")),
    )  # fmt: skip


@router.post("/reports/{number}/pass")
def pass_on(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Pass it to a senior."""
    return _done(
        page, visit, number, "passed",
        lambda: actions.pass_on(page.wired, visit, number, _text(posted, "reason")),
    )  # fmt: skip


@router.post("/reports/{number}/urge")
def urge(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Mark how urgent it is; the review goes on."""
    wanted = next((one for one in Urgency if one.value == posted.get("urgency")), None)
    if wanted is None:
        raise Wrong({"urgency": CHOICE})
    actions.urge(page.wired, visit, number, number_of(posted.get("base")), wanted)
    return page.go(f"/reports/{number}/review", "urged")


@router.post("/reports/{number}/split")
def split(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Make a report of its own of some pages."""
    chosen = tuple(sorted({number_of(one) for one in posted.getlist("pages")}))
    if 0 in chosen:
        raise Wrong({"pages": actions.PAGES})
    actions.split(page.wired, visit, number, number_of(posted.get("base")), chosen)
    forget(page, visit, number)
    return page.go("/", "split")


@router.get("/reports/{number}/merge")
def compare(page: Here, visit: Clerk, number: str) -> Response:
    """Show two reports side by side before one becomes the other's follow-up."""
    one = actions.look(page.wired, visit, number)
    into = page.request.query_params.get("into", "").strip()
    other = actions.look(page.wired, visit, into)
    if other.kept.report == one.kept.report:
        raise Wrong(say=actions.INTO)
    return page.show("merge.html", here="queue", one=around(page, one), other=around(page, other))


@router.post("/reports/{number}/merge")
def merge(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Make it the follow-up of another report."""
    into = _text(posted, "into")
    return _done(
        page, visit, number, "merged",
        lambda: actions.merge(page.wired, visit, number, number_of(posted.get("base")), into),
    )  # fmt: skip


@router.post("/reports/{number}/approve")
def approve(page: Here, visit: Senior, posted: Form, number: str) -> Response:
    """Let a clerk's order leave."""
    actions.approve(page.wired, visit, number, number_of(posted.get("version")), _text(posted, "remark"))
    return page.go("/senior", "approved")


@router.post("/reports/{number}/decline")
def decline(page: Here, visit: Senior, posted: Form, number: str) -> Response:
    """Send a clerk's order back to him."""
    actions.decline(page.wired, visit, number, number_of(posted.get("version")), _text(posted, "remark"))
    return page.go("/senior", "declined")


def _done(page: Page, visit: Visit, number: str, notice: str, act: Callable[[], object]) -> Response:
    """Do it, and give the report back to the queue."""
    act()
    forget(page, visit, number)
    actions.release(page.wired, visit, number)
    return page.go("/", notice)


def _text(posted: FormData, name: str) -> str:
    return str(posted.get(name, ""))
