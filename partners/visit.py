"""Who calls: the partner behind a request, proven, and whether he may do what he asks for."""

from msgspec import Struct
from starlette.requests import Request

from config.partners import Partner
from partners.errors import Fault
from partners.gate import CHALLENGE, Gate
from partners.services import services

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Caller(Struct, frozen=True, kw_only=True):
    """A partner whose request is proven to be his."""

    partner: str  # its name in the wiring file, which is its channel's
    wired: Partner
    scopes: frozenset[str] = frozenset()


def gate(request: Request) -> Gate:
    """Give the gate of the app that a request came to."""
    found: Gate = request.app.state.gate
    return found


async def caller(request: Request) -> Caller:
    """Give the partner that a request comes from. Raises Fault 401, 403 for what he may not, 429 for too much."""
    door = gate(request)
    name, scopes = await door.proven(request)
    needed = "read" if request.method in _SAFE else "write"
    if needed not in scopes:
        door.refused(name, f"it needs the scope {needed}")
        told = f'{CHALLENGE}, error="insufficient_scope", scope="{needed}"'
        raise Fault(403, "forbidden", f"This needs the scope {needed}.", {"WWW-Authenticate": told})
    return Caller(partner=name, wired=services(request).settings.partners[name], scopes=scopes)
