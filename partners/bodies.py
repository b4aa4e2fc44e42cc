"""The body of a request, as bytes: bounded, and read once however many ask for it (a signature is over these bytes)."""

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from partners.errors import Fault
from partners.services import services

P = ParamSpec("P")
T = TypeVar("T")
LARGE: Final = 256 * 1024  # bytes; a larger body is worked on beside the loop, and written beside the archive
PATIENCE: Final = 30.0  # seconds for any body
SLOWEST: Final = 50_000  # bytes a second of a large one


async def content(request: Request) -> bytes:
    """Read the whole body. Raises Fault 413 beyond `partner_api.max_body`, 415 where it is compressed."""
    kept: bytes | None = getattr(request.state, "content", None)
    if kept is None:
        if request.headers.get("content-encoding", "identity") != "identity":
            raise Fault(415, "unsupportedMediaType", "A compressed body is not taken: send it as it is.")
        kept = request.state.content = await _read(request, services(request).settings.partner_api.max_body)
    return kept


async def _read(request: Request, limit: int) -> bytes:
    too_large = Fault(413, "tooLarge", f"The body is larger than {limit} bytes.")
    declared = request.headers.get("content-length", "")
    size = min(int(declared[:18] or 0), limit + 1) if declared else 0  # digits: the server has looked
    if size > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE + (size or limit) / SLOWEST):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise Fault(408, "timeout", "The body came too slowly.", {"Connection": "close"}) from None
    return bytes(body)


async def worked(body: bytes, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do the work on a body: on a large one in a thread, so that other partners do not wait for it."""
    return await run_in_threadpool(work, *given, **named) if len(body) > LARGE else work(*given, **named)
