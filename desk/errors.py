"""What can go wrong at the desk, and how programs are told: RFC 9457 problem details."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from fastapi import Request
from starlette.responses import Response

from desk.words import N_

PROBLEM = "application/problem+json"


class Trouble(Exception):
    """Something that the person at the desk is told. `say` is an English message of the catalogues."""

    status = 500
    say = N_("Something went wrong at our side. Try again; if it stays, tell your administrator.")

    def __init__(self, say: str | None = None, **more: object) -> None:
        super().__init__(type(self).__name__)
        self.say = say or type(self).say
        self.more = more  # what a program is told beside it


class SignInNeeded(Trouble):
    """Nobody is signed in, or the session has run out."""

    status = 401
    say = N_("Sign in first.")


class Forbidden(Trouble):
    """Somebody who may not, or a request that does not come from a page of ours."""

    status = 403
    say = N_("You may not do this. If you think you should, reload the page, or ask your administrator.")


class NotThere(Trouble):
    """No such thing, or none that he may know of."""

    status = 404
    say = N_("There is no such page or report.")


class Changed(Trouble):
    """Somebody has changed the record meanwhile; `version` is the newest one's number."""

    status = 412
    say = N_("Somebody has changed this record meanwhile. Look at what changed, then save again.")

    def __init__(self, version: int) -> None:
        super().__init__(None, version=version)
        self.version = version


class SeenVersionNeeded(Trouble):
    """A change must name the version that it was made on."""

    status = 428
    say = N_("Send the version that you saw in the header If-Match.")


class Wrong(Trouble):
    """What was sent can't be taken: `fields` names each field and says what to write."""

    status = 422
    say = N_("Some fields need another look.")

    def __init__(self, fields: Mapping[str, str] | None = None, say: str | None = None) -> None:
        super().__init__(say, **({"errors": dict(fields)} if fields else {}))
        self.fields = dict(fields or {})


class SentAlready(Trouble):
    """The same form or upload was sent before, with other content: it is report `id` already."""

    status = 422
    say = N_("This form was sent already. Open its report to change it, or begin a new form.")

    def __init__(self, report: str) -> None:
        super().__init__(None, report=report)
        self.report = report


class Busy(Trouble):
    """Trouble of ours that passes."""

    status = 503
    say = N_("The archive can't take it at the moment. What you sent is not kept: try again in a few seconds.")


class TooMany(Trouble):
    """Too many attempts; `seconds` until the next is looked at."""

    status = 429
    say = N_("Too many attempts to sign in. Wait a while, then try again.")

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def wants_problem(request: Request) -> bool:
    """Tell whether a program asks, or a script of ours: below /api, or one that does not name HTML in Accept."""
    return request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "")


def problem(
    status: int, detail: str | None = None, headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """Give problem details; `title` is the status in HTTP's own words."""
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    told = {"type": "about:blank", "title": title, "status": status, **({"detail": detail} if detail else {}), **more}
    return Response(msgspec.json.encode(told), status, dict(headers or {}), PROBLEM)
