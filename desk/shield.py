"""What stands around the whole app: a limit on every body, patience with slow clients, and headers on every answer."""

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY = 3_000_000  # bytes of a form or a JSON body: the longest description in any script, as a form writes it
ROOM = 1_000_000  # bytes of an upload beside its files
PAUSE = 30.0  # seconds without a byte of the body
SLOWEST = 5_000  # bytes a second of the whole body, after the first pause

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: On every answer that does not say otherwise. The referrer stays at home, but it must not be `no-referrer`: browsers
#: would then send `Origin: null` with our own forms, and their origin could not be checked.
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class Shield:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, uploads: frozenset[str], max_upload: int, secure: bool) -> None:
        """`uploads`: the paths that may bring files; `secure`: browsers come over https."""
        self._app = app
        self._uploads = uploads
        self._max_upload = max_upload
        self._headers = {**HEADERS, **({"strict-transport-security": "max-age=31536000"} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._max_upload + ROOM if scope["path"] in self._uploads else BODY
        length = Headers(scope=scope).get("content-length", "0")
        taken, began = 0, time.monotonic()
        too_large = length.isdecimal() and int(length[:20]) > limit

        async def limited() -> Message:
            nonlocal taken
            if too_large:
                raise HTTPException(413)
            left = began + PAUSE + taken / SLOWEST - time.monotonic()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, min(PAUSE, left)))
            except TimeoutError:
                raise HTTPException(408) from None
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413)
            return message

        async def decked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, limited, decked)
