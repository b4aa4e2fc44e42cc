"""How files leave the desk: an original, to be saved; a page's picture, made by us, to be seen."""

from urllib.parse import quote

from starlette.responses import Response

from desk.services import Picture
from records.chat import KeptFile
from records.media import LETTER, MAX, TELEGRAM, WALK_IN
from storage.records import Kept

_ENDINGS = {
    "message/rfc822": "eml", "application/pdf": "pdf", "image/tiff": "tif", "image/jpeg": "jpg", "image/png": "png",
    "image/gif": "gif", "image/bmp": "bmp", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif",
    LETTER: "zip", WALK_IN: "json", TELEGRAM: "json-seq", MAX: "json-seq",
}  # fmt: skip
_SANDBOX = "default-src 'none'; sandbox"


def original(kept: Kept, content: bytes) -> Response:
    """Give an original to be saved, as plain bytes: what came from outside is shown by no browser (RFC 6266)."""
    return _saved(f"{kept.id}.{_ENDINGS.get(kept.media_type, 'bin')}", content)


def fetched(file: KeptFile, content: bytes) -> Response:
    """Give a file that came in a chat to be saved; it gets a name of ours, for a stranger's may say anything."""
    return _saved(f"{(file.sha256 or '')[:16]}.{_ENDINGS.get(file.media_type, 'bin')}", content)


def _saved(name: str, content: bytes) -> Response:
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
