"""Style sheets, scripts and icons: `/static/<version>/<name>`, the version told by the content, kept for ever."""

import hashlib
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from desk.errors import NotThere

STATIC = Path(__file__).parents[1] / "static"
_FILES = {path.name: path for path in sorted(STATIC.iterdir()) if path.is_file()}
#: One for all, because scripts import each other by relative names.
_VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in _FILES.values())).hexdigest()[:12]
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

router = APIRouter(include_in_schema=False)


def asset(name: str) -> str:
    """Give the address of a file in `static`. Raises KeyError where there is none: a template names it wrongly."""
    return f"/static/{_VERSION}/{_FILES[name].name}"


@router.get("/static/{version}/{name}")
def static(version: str, name: str) -> Response:
    """Give one file; a page of an older version gets today's, and asks again next time."""
    path = _FILES.get(name)
    if path is None:
        raise NotThere
    kept = "public, max-age=31536000, immutable" if version == _VERSION else "no-cache"
    return FileResponse(path, media_type=_TYPES[path.suffix], headers={"cache-control": kept})
