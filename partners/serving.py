"""One request of a partner: who he is, how a ticket looks to him, and the routes of both versions.

Plain Starlette: what FastAPI adds to it (models, dependencies, schemas) was measured, and is not needed here.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Final

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Router

from partners.errors import Fault
from partners.services import Services, services
from partners.showing import Look
from partners.versions import ROOT, VERSIONS, media_type
from partners.visit import Caller, caller

_JSON: Final = ("*/*", "application/*", "application/json")


class Visit(Struct, frozen=True, kw_only=True):
    """One request of a partner."""

    request: Request
    caller: Caller
    wired: Services
    look: Look

    @property
    def partner(self) -> str:
        """His name."""
        return self.caller.partner

    @property
    def query(self) -> str:
        """What stands behind the `?`, as it came. Starlette's own URL is several times as dear."""
        return str(self.request.scope["query_string"], "latin-1")


Endpoint = Callable[[Visit], Awaitable[Response]]


def served(router: Router, path: str, method: str) -> Callable[[Endpoint], Endpoint]:
    """Serve an endpoint under both versions."""

    def add(endpoint: Endpoint) -> Endpoint:
        for version in VERSIONS:
            router.add_route(ROOT.format(version=version) + path, _answering(endpoint, version), [method])
        return endpoint

    return add


def _answering(endpoint: Endpoint, version: int) -> Callable[[Request], Awaitable[Response]]:
    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        return await endpoint(await _visit(request, version))

    return answer


def answer(visit: Visit, body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Give JSON, exactly as the version's official file names it."""
    named = {"Content-Type": media_type(visit.look.version), **(headers or {})}
    return Response(msgspec.json.encode(body), status, named)


async def _visit(request: Request, version: int) -> Visit:
    """See who comes, and whether he takes JSON. Raises Fault 401, 403, 406, 429."""
    wired = services(request)
    who = await caller(request)
    accepted = request.headers.get("accept", "*/*").lower()
    if not any(kind in accepted for kind in _JSON):
        raise Fault(406, "notAcceptable", f"Answers are {media_type(version)}.")
    base = wired.settings.partner_api.public_url or f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    look = Look(
        version=version, dialect=who.wired.dialect, house=wired.settings.gateway.name,
        root=base.rstrip("/") + ROOT.format(version=version),
    )  # fmt: skip
    return Visit(request=request, caller=who, wired=wired, look=look)
