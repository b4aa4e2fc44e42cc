"""The body of a request, as bytes: bounded, and read once however many ask for it (a signature is over these bytes)."""

from fastapi import Request

from partners.errors import Fault
from partners.services import services


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
    declared = request.headers.get("content-length", "0")
    if len(declared) > 18 or int(declared) > limit:  # digits: the server has looked
        raise too_large
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise too_large
        pieces.append(piece)
    return b"".join(pieces)
