"""How each trouble is answered: problem details for programs, a page for people."""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from desk import errors
from desk.errors import Trouble, problem, wants_problem
from desk.page import Page
from desk.services import services
from desk.shield import HEADERS
from desk.visit import CSRF_FIELD, SAFE, form, visitor
from desk.words import N_
from records.arrival import TryAgain

log = logging.getLogger("faultgate.desk")

RETRY = 5  # seconds
_MORE: dict[str, Any] = {"errors": {}, "version": None, "report": None}
_SAY = {
    400: N_("The request could not be understood."),
    404: errors.NotThere.say,
    405: N_("This can't be done here."),
    408: N_("It took too long to arrive. Check the connection and send it again."),
    413: N_("It is too large."),
    422: errors.Wrong.say,
}


def answer_troubles(app: FastAPI) -> None:
    """Hang the answers into the app."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Trouble, _trouble)
    app.add_exception_handler(TryAgain, _busy)
    app.add_exception_handler(Exception, _fault)


async def _http(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    return await _tell(request, status, _SAY.get(status, Trouble.say), getattr(error, "headers", None))


async def _invalid(request: Request, _: Exception) -> Response:
    """A path or query that does not fit: what was sent is not repeated, it may be anybody's data."""
    return await _tell(request, 422, _SAY[422])


async def _busy(request: Request, _: Exception) -> Response:
    return await _tell(request, 503, errors.Busy.say, {"Retry-After": str(RETRY)})


async def _fault(request: Request, _: Exception) -> Response:
    """Answer a fault of ours; it is raised again behind this answer and logged there, outside the shield."""
    return await _tell(request, 500, Trouble.say, HEADERS)


async def _trouble(request: Request, error: Exception) -> Response:
    if not isinstance(error, Trouble):
        raise error
    headers = {}
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.seconds)
    if isinstance(error, errors.Busy):
        headers["Retry-After"] = str(RETRY)
    if isinstance(error, errors.SignInNeeded):
        if wants_problem(request):
            headers["WWW-Authenticate"] = 'Bearer realm="faultgate"'
        else:
            return await _sign_in(request)
    return await _tell(request, error.status, error.say, headers, **error.more)


async def _tell(
    request: Request, status: int, say: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    if wants_problem(request):
        return problem(status, say, headers, **more)
    page = await _page(request)
    values = {"status": status, "say": say, "more": {**_MORE, **more}}
    return await run_in_threadpool(page.show, "error.html", status, headers, **values)


async def _sign_in(request: Request) -> Response:
    """Lead to the sign-in page; a form that was posted too late comes back filled in, to be sent again."""
    query = f"?{request.url.query}" if request.url.query else ""
    if request.method in SAFE:
        return RedirectResponse(f"/sign-in?next={quote(request.url.path + query)}", 303)
    page = await _page(request)
    return await run_in_threadpool(
        page.show, "sign_in.html", 401, next="/", again=request.url.path, kept=await kept(request), trouble=None,
        login="",
    )  # fmt: skip


async def kept(request: Request) -> list[tuple[str, str]]:
    """Give the text fields of a posted form; files can't be carried along."""
    if not request.headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/")):
        return []
    posted: FormData = await form(request)
    return [(name, value) for name, value in posted.multi_items() if isinstance(value, str) and name != CSRF_FIELD]


async def _page(request: Request) -> Page:
    """Give the page for an error; who asks is looked up again, and left out where that is the trouble."""
    try:
        visit = await visitor(request)
    except Exception as error:
        log.info("an error page for nobody: %s", type(error).__name__)
        visit = None
    return Page(request, services(request), visit)
