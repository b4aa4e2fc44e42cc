"""What can go wrong between a partner and us, told as TMF621 tells it: `code` and `reason` (TMF630 part 1, errors).

A reason is for the partner's engineer: plain, and without what other partners have.
"""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from partners.versions import media_type, version_of
from records.arrival import TryAgain

RETRY_AFTER = "5"  # seconds, where trouble of ours passes
_CODES = {404: "notFound", 405: "methodNotAllowed"}


class Fault(Exception):
    """A request that is answered with an error body. `status`: of HTTP; `code`: one word for programs."""

    def __init__(self, status: int, code: str, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.reason = reason
        self.headers = dict(headers or {})


def invalid(reason: str, code: str = "invalidValue") -> Fault:
    """Give the fault of what was sent and can't be taken."""
    return Fault(400, code, reason)


def missing(name: str) -> Fault:
    """Give the fault of an attribute that is mandatory and absent."""
    return invalid(f"{name} is mandatory: send it", "missingProperty")


def not_found() -> Fault:
    """Give the one answer for what is not there and for what is another partner's."""
    return Fault(404, "notFound", "There is no such resource, or it is not yours.")


def told(request: Request, fault: Fault) -> Response:
    """Give the error body; version 5 wants its type in it."""
    version = version_of(request.url.path)
    body: dict[str, str] = {"@type": "Error"} if version == 5 else {}
    body |= {"code": fault.code, "reason": fault.reason, "status": str(fault.status)}
    return Response(msgspec.json.encode(body), fault.status, fault.headers, media_type(version))


def answer_faults(app: Starlette) -> None:
    """Let every fault be told so, also those of the server's own routing."""

    async def fault(request: Request, error: Exception) -> Response:
        return told(request, error if isinstance(error, Fault) else _as_fault(error, request))

    for kind in (Fault, TryAgain, HTTPException, Exception):
        app.add_exception_handler(kind, fault)


def _as_fault(error: Exception, request: Request) -> Fault:
    if isinstance(error, HTTPException):
        reason = HTTPStatus(error.status_code).description or HTTPStatus(error.status_code).phrase
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (allowed := _allowed(request)):
            headers["Allow"] = allowed
        return Fault(error.status_code, _CODES.get(error.status_code, "error"), reason, headers)
    if isinstance(error, TryAgain):
        reason = "The archive can't take it at the moment; nothing was kept. Send it again."
        return Fault(503, "tryAgain", reason, {"Retry-After": RETRY_AFTER})
    return Fault(500, "internalError", "Something went wrong at our side. Send it again with the same key.")


def _allowed(request: Request) -> str:
    """Name all methods of a path (RFC 9110 section 10.2.1), whose routes are one a method."""
    routes = (one for one in request.app.routes if isinstance(one, Route))
    fitting = (one for one in routes if one.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted({method for one in fitting for method in one.methods or ()}))
