"""Who is asking: session cookie or API token, the role that a path needs, and the proof that a page of ours asks.

An endpoint of a page takes `visit: Clerk` (or Senior, Supervisor, Admin). Whoever is not signed in gets the sign-in
page, a program a 401; whoever may not gets a 403.
"""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from desk.errors import Forbidden, SignInNeeded
from desk.services import Services, services
from desk.shield import BODY
from records.people import Person, Role
from storage import sessions

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
MOST_FIELDS, MOST_FILES = 200, 100
SIGN_IN = "/sign-in"  # proves itself by the password
#: A session in use is noted this often.
_NOTE = timedelta(minutes=1)


class Visit(Struct, frozen=True, kw_only=True):
    """One request of somebody who is signed in."""

    person: Person
    peer: str | None  # network address
    csrf: str  # what every form and script of ours must send back; "" for a program
    token: str | None  # hash of the session's token; None for a program

    def may(self, role: Role) -> bool:
        """Tell whether he may do what needs this role."""
        return self.person.role.may(role)


def cookie_name(wired: Services) -> str:
    """Name the session's cookie; behind https the prefix keeps every other host from setting it (RFC 6265bis)."""
    return "__Host-faultgate" if secure(wired) else "faultgate"


def secure(wired: Services) -> bool:
    """Tell whether browsers come over https."""
    return (wired.settings.desk.public_url or "").startswith("https://")


def hashed(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf_of(token: str) -> str:
    """Give the anti-forgery token that belongs to a session's token."""
    mac = hmac.new(token.encode("utf-8", "replace"), b"csrf", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def peer(request: Request) -> str | None:
    """Give the network address that a request comes from."""
    return request.client.host if request.client else None


async def form(request: Request) -> FormData:
    """Give a posted form, with limits; the parts of an upload lie in temporary files."""
    return await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=BODY)


async def visitor(request: Request) -> Visit | None:
    """Give who asks, None where nobody is signed in. An unsafe request of a session needs its anti-forgery token."""
    wired = services(request)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        person = await run_in_threadpool(_bearer, wired, given.strip())
        return Visit(person=person, peer=peer(request), csrf="", token=None) if person else None
    token = request.cookies.get(cookie_name(wired), "")
    found = await run_in_threadpool(_session, wired, token) if token else None
    if request.method not in SAFE:
        same_origin(request)
    if found is None:
        return None
    if request.method not in SAFE and request.url.path != SIGN_IN:
        await _genuine(request, csrf_of(token))
    return Visit(person=found.person, peer=peer(request), csrf=csrf_of(token), token=hashed(token))


def needs(role: Role) -> Callable[[Visit | None], Awaitable[Visit]]:
    """Give the dependency that lets in whoever has this role."""

    async def check(visit: Annotated[Visit | None, Depends(visitor)]) -> Visit:
        if visit is None:
            raise SignInNeeded
        if not visit.may(role):
            raise Forbidden
        return visit

    return check


Anybody = Annotated[Visit | None, Depends(visitor)]
Clerk = Annotated[Visit, Depends(needs(Role.CLERK))]
Senior = Annotated[Visit, Depends(needs(Role.SENIOR))]
Supervisor = Annotated[Visit, Depends(needs(Role.SUPERVISOR))]
Admin = Annotated[Visit, Depends(needs(Role.ADMIN))]
#: A posted form of text fields.
Form = Annotated[FormData, Depends(form)]


def same_origin(request: Request) -> None:
    """See that a browser's unsafe request comes from a page of ours (Origin, RFC 6454; Fetch Metadata)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() != _origin(request):
        raise Forbidden


def _origin(request: Request) -> str:
    """Give the origin of our pages: the wired one, otherwise the one that the browser asked."""
    public = services(request).settings.desk.public_url
    address = public or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return "/".join(address.lower().split("/")[:3])


async def _genuine(request: Request, expected: str) -> None:
    """See that the form has this session's token.

    Another session's is the same person's in most cases, who signed in anew in another window: he signs in here too,
    and what he typed goes on, as after any session that has ended.
    """
    given: object = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").partition(";")[0].strip().lower() in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        given = (await form(request)).get(CSRF_FIELD)
    if not isinstance(given, str) or not given:
        raise Forbidden
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise SignInNeeded


def _bearer(wired: Services, token: str) -> Person | None:
    with wired.database.read() as tx:
        return sessions.bearer(tx, hashed(token))


def _session(wired: Services, token: str) -> sessions.Session | None:
    """Give a session that has not run out; one in use goes on."""
    now, desk, key = wired.now(), wired.settings.desk, hashed(token)
    with wired.database.read() as tx:
        found = sessions.session(tx, key)
    if found is None or now - found.began_at >= timedelta(minutes=desk.session):
        return None
    if now - found.seen_at >= timedelta(minutes=desk.idle):
        return None
    if now - found.seen_at >= _NOTE:
        wired.database.write(partial(sessions.seen, token=key, at=now))
    return found
