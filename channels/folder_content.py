"""How what lies in a folder is brought over: hashed while it is copied to the spool, so that memory stays flat."""

import errno
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedRandom
from itertools import chain
from pathlib import Path, PurePath

from msgspec import Struct
from msgspec.structs import replace

from channels.folder_files import Changed, File, State, Unreadable
from channels.folder_types import HEAD, SUFFIXES, media_type
from records.arrival import TryAgain
from records.media import LETTER

INLINE = 64 * 1024  # bytes: up to this a file is held in memory; of one that is too large this much is kept
_PIECE = 512 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every entry of a letter: the same files always give the same bytes
_SIDES = ("fronts", "backs")
#: Why it could not be brought over as it should be; all but `too_large` mean "see the original" to a person.
_PROBLEMS = {
    State.LARGE: "too_large",
    State.EMPTY: "empty: nothing was ever written to it",
    State.GROWING: "incomplete: it was still being written when its time was over",
}


class Content(Struct, frozen=True):
    """What was brought over; a long one lies in the spool."""

    content: bytes | Path
    size: int
    sha256: str
    media_type: str
    problem: str | None = None


def one(file: File, spool: Callable[[], Path]) -> Content:
    """Bring over one file. Raises Changed, Unreadable; TryAgain for our own disk."""
    with file.opened() as handle:
        limit = INLINE if file.state is State.LARGE else file.size
        found = _copied(file, handle, limit, spool)
        if file.stays:
            return replace(found, problem=_PROBLEMS[file.state])
        try:
            file.check_unchanged(os.fstat(handle))
        except Changed:
            discard(found)
            raise
    return replace(found, problem=_PROBLEMS.get(file.state))


def letter(fronts: File, backs: File, spool: Callable[[], Path]) -> Content:
    """Bring over the two sides of one stack as a letter. Raises like `one`."""
    with _spooled(spool) as (path, out):
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for side, file in zip(_SIDES, (fronts, backs), strict=True):
                _add(archive, side, file)
        out.flush()
        out.seek(0)
        digest = hashlib.file_digest(out, "sha256").hexdigest()
        return Content(path, path.stat().st_size, digest, LETTER)


def discard(content: Content) -> None:
    """Drop the file in the spool, if there is one and nobody took it over."""
    if isinstance(content.content, Path):
        content.content.unlink(missing_ok=True)


def beginning_of(file: File, limit: int) -> bytes:
    """Read the first bytes of a file. Raises Changed, Unreadable."""
    with file.opened() as handle:
        return b"".join(_pieces(handle, limit))


def _copied(file: File, handle: int, limit: int, spool: Callable[[], Path]) -> Content:
    """Copy up to `limit` bytes: to memory, or to the spool."""
    pieces = _pieces(handle, limit)
    start = next(pieces, b"")
    kind = media_type(start[:HEAD], PurePath(file.name).suffix)
    if limit <= INLINE:
        content = start + b"".join(pieces)
        return Content(content, len(content), hashlib.sha256(content).hexdigest(), kind)
    digest, size = hashlib.sha256(), 0
    with _spooled(spool) as (path, out):
        for piece in chain([start], pieces):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
    return Content(path, size, digest.hexdigest(), kind)


def _add(archive: zipfile.ZipFile, side: str, file: File) -> None:
    with file.opened() as handle:
        pieces = _pieces(handle, file.size)
        start = next(pieces, b"")
        kind = media_type(start[:HEAD], PurePath(file.name).suffix)
        entry = zipfile.ZipInfo(f"{side}.{SUFFIXES.get(kind, 'bin')}", _EPOCH)
        with archive.open(entry, "w", force_zip64=True) as out:
            out.write(start)
            for piece in pieces:
                out.write(piece)
        file.check_unchanged(os.fstat(handle))


def _pieces(handle: int, limit: int) -> Iterator[bytes]:
    """Give what lies in the file up to `limit` bytes. Raises Unreadable."""
    while limit > 0:
        try:
            piece = os.read(handle, min(_PIECE, limit))
        except OSError as error:
            raise Unreadable(os.strerror(error.errno or 0)) from error
        if not piece:
            return
        limit -= len(piece)
        yield piece


@contextmanager
def _spooled(spool: Callable[[], Path]) -> Iterator[tuple[Path, BufferedRandom]]:
    """Give a new file in the spool; where its block fails it is gone. Raises TryAgain for our own disk."""
    path: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix="folder-", dir=spool())
        path = Path(name)
        with os.fdopen(handle, "w+b") as out:
            yield path, out
    except BaseException as error:
        if path is not None:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):  # reading raises Unreadable: what is left is the spool's own disk
            raise TryAgain("the spool can't be written", full=error.errno in (errno.ENOSPC, errno.EDQUOT)) from error
        raise
