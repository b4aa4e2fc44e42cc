"""Lets partners in: whose request it is, proven by a token or a signature, and how many more he may make now."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from config.partners import Partner
from config.settings import Settings
from partners import signed
from partners.bodies import content
from partners.errors import Fault
from partners.issuer import Outside
from partners.limits import Bucket
from partners.secret import equal, revealed
from partners.tokens import Tokens
from storage import signatures
from storage.database import Database

log = logging.getLogger("faultgate.partners")

#: RFC 6750 section 3.
CHALLENGE = 'Bearer realm="faultgate"'


class Gate:
    """One for the app. Safe from all its coroutines."""

    def __init__(self, settings: Settings, database: Database, key: bytes, now: Callable[[], datetime]) -> None:
        """`key`: the house's own secret, of which that of our access tokens is derived."""
        api = settings.partner_api
        self._partners = settings.partners
        self._clients = {one.client_id or name: name for name, one in self._partners.items()}
        self._database = database
        self._now = now
        self.tokens = Tokens(key, settings.gateway.domain, timedelta(minutes=api.token_minutes))
        self._outside = Outside(api.issuer) if api.issuer else None
        self._buckets = {name: Bucket(one.per_minute, one.burst) for name, one in self._partners.items()}

    async def proven(self, request: Request) -> tuple[str, frozenset[str]]:
        """Give the partner that a request comes from, and what he may do. Raises Fault 401 or 429."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            name, scopes = await self._by_token(token.strip())
        elif "signature-input" in request.headers:
            name, scopes = await self._by_signature(request)
        else:
            raise Fault(401, "unauthorized", "Send a token, or sign the request.", {"WWW-Authenticate": CHALLENGE})
        self._count(name)
        return name, scopes

    def client(self, client_id: str, secret: str) -> tuple[str, Partner] | None:
        """Give the partner with these credentials of OAuth 2; None where they are wrong."""
        name = self._clients.get(client_id)
        wired = self._partners[name] if name is not None else Partner()
        right = equal(revealed(f"partners.{name}.client_secret", wired.client_secret), secret)
        return (name, wired) if right and name is not None else None

    def refused(self, name: str | None, why: str) -> None:
        """Keep in the log who was not let in."""
        log.warning("a request %s was refused: %s", f"of partner {name}" if name else "of nobody known", why)

    def _count(self, name: str) -> None:
        wait = self._buckets[name].take(time.monotonic())
        if wait:
            raise Fault(429, "tooManyRequests", f"Wait {wait} s, then send it again.", {"Retry-After": str(wait)})

    async def _by_token(self, token: str) -> tuple[str, frozenset[str]]:
        for name, one in self._partners.items():
            if equal(revealed(f"partners.{name}.token", one.token), token):
                return name, frozenset(one.scopes)
        grant = self.tokens.grant(token, self._now())
        if grant is None and self._outside is not None:
            grant = await run_in_threadpool(self._outside.grant, token, self._now())
        client = self._clients.get(grant.client) if grant else None
        if grant is None or client is None:
            raise self._refused(None, "The token is not valid, or it has ended.")
        wired = frozenset(self._partners[client].scopes)
        return client, wired if grant.scopes is None else wired & grant.scopes

    async def _by_signature(self, request: Request) -> tuple[str, frozenset[str]]:
        now, name = self._now(), ""
        headers = {key: ", ".join(request.headers.getlist(key)) for key in request.headers}
        try:
            one = signed.signature(headers)
            name = self._clients.get(one.key, "")
            wired = self._partners.get(name, Partner())
            key = revealed(f"partners.{name}.signing_key", wired.signing_key)
            signed.check(one, {**headers, **_derived(request)}, key, now)
            signed.check_body(await content(request), headers["content-digest"])
        except signed.BadSignature as wrong:
            raise self._refused(name, str(wrong)) from None
        mark = hashlib.sha256(one.mark).hexdigest()
        keep = partial(signatures.first, partner=name, mark=mark, at=now, window=signed.WINDOW)
        if not await asyncio.wrap_future(self._database.submit(keep)):
            raise self._refused(name, "this very request came before: sign it anew, with another time or nonce")
        return name, frozenset(wired.scopes)

    def _refused(self, name: str | None, why: str) -> Fault:
        self.refused(name, why)
        return Fault(401, "unauthorized", why, {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})


def _derived(request: Request) -> Mapping[str, str]:
    """Give the components that stand in no header (RFC 9421 section 2.2)."""
    path: bytes = request.scope["raw_path"]
    return {
        "@method": request.method, "@path": path.decode("latin-1").partition("?")[0], "@query": f"?{request.url.query}",
        "@authority": request.headers.get("host", "").lower(),
    }  # fmt: skip
