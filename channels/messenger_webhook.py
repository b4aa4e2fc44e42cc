"""A webhook: the platform brings one update by one POST, and is told 200 only after it is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from channels import Unreachable
from config.messengers import Webhook
from records.arrival import TryAgain
from web.serving import address_of, bound, server

LARGEST = 1_000_000  # bytes of one update
BODY_TIME = 20.0  # seconds until one is complete
AGAIN = 10  # seconds after which the platform may come again


class Listener:
    """Serves one path. Whoever does not know the platform's secret learns nothing and leaves nothing."""

    def __init__(self, settings: Webhook, path: str, header: str, secret: str) -> None:
        """`path` is added to the public address; `header` is the name under which the platform sends the `secret`."""
        self._settings = settings
        self.url = settings.public_url.rstrip("/") + path
        self._header = header
        self._secret = secret.encode()

    async def serve(
        self, hear: Callable[[bytes], Awaitable[None]], stopping: asyncio.Event, opened: Callable[[str], None]
    ) -> None:
        """Take updates until `stopping` is set; those under way are answered. Raises Unreachable."""
        where = f"{self._settings.host}:{self._settings.port}"
        try:
            port = bound(self._settings.host, self._settings.port)
        except OSError as error:
            remedy = "end what listens there, or wire webhook.port"
            raise Unreachable(f"{where} can't be opened ({error.strerror}): {remedy}") from None
        serving = server(self._app(hear), behind_proxy=True, opened=lambda: opened(address_of(port)))

        async def stop() -> None:
            await stopping.wait()
            serving.should_exit = True

        ending = asyncio.ensure_future(stop())
        await serving.serve(sockets=[port])
        ending.cancel()

    def _app(self, hear: Callable[[bytes], Awaitable[None]]) -> FastAPI:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

        async def take(request: Request) -> Response:
            given = request.headers.get(self._header, "").encode("utf-8", "replace")
            if not compare_digest(given, self._secret):
                return Response(status_code=401)
            try:
                async with asyncio.timeout(BODY_TIME):
                    content = await _body(request)
                if content is None:
                    return Response(status_code=413)
                await hear(content)
            except (TimeoutError, ClientDisconnect):  # half an update: the platform brings it again
                return Response(status_code=408)
            except TryAgain as trouble:
                return Response(status_code=503, headers={"retry-after": str(max(AGAIN, int(trouble.after)))})
            return Response(status_code=200)

        app.add_route(urlsplit(self.url).path, take, methods=["POST"])
        return app


async def _body(request: Request) -> bytes | None:
    """Read the body; None where it is longer than an update can be."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > LARGEST:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)
