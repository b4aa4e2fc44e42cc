"""How files leave the desk: an original, to be saved; a page's picture, made by us, to be seen."""

from urllib.parse import quote

from starlette.responses import Response

from desk.services import Picture
from records.media import LETTER, WALK_IN
from storage.records import Kept

_ENDINGS = {
    "message/rfc822": "eml", "application/pdf": "pdf", "image/tiff": "tif", "image/jpeg": "jpg", "image/png": "png",
    "image/gif": "gif", "image/bmp": "bmp", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif",
    LETTER: "zip", WALK_IN: "json",
}  # fmt: skip
_SANDBOX = "default-src 'none'; sandbox"


def original(kept: Kept, content: bytes) -> Response:
    """Give an original to be saved, as plain bytes: what came from outside is shown by no browser (RFC 6266)."""
    name = f"{kept.id}.{_ENDINGS.get(kept.media_type, 'bin')}"
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"content-disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}",
                 "content-security-policy": _SANDBOX},
    )  # fmt: skip


def picture(shown: Picture) -> Response:
    """Give a page's picture."""
    return Response(
        shown.png,
        media_type=shown.media_type if shown.media_type == "image/jpeg" else "image/png",
        headers={"content-disposition": "inline", "content-security-policy": _SANDBOX,
                 "x-pages": str(shown.pages), "x-width": str(shown.width), "x-height": str(shown.height)},
    )  # fmt: skip
