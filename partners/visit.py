"""Who calls: the partner behind a request, proven."""

import hmac

from fastapi import Request
from msgspec import Struct

from config.partners import Partner
from partners.errors import Fault
from partners.services import services


class Caller(Struct, frozen=True, kw_only=True):
    """A partner whose request is proven to be his."""

    partner: str  # its name in the wiring file, which is its channel's
    wired: Partner
    scopes: frozenset[str] = frozenset()


async def caller(request: Request) -> Caller:
    """Give the partner that a request comes from. Raises Fault 401."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        for name, partner in services(request).settings.partners.items():
            if partner.token is not None and _equal(partner.token.reveal(), token.strip()):
                return Caller(partner=name, wired=partner)
    raise Fault(401, "unauthorized", "Send a valid token.", {"WWW-Authenticate": 'Bearer realm="faultgate"'})


def _equal(ours: str, his: str) -> bool:
    return hmac.compare_digest(ours.encode(), his.encode("utf-8", "replace"))
