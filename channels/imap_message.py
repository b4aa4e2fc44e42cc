"""How one message is brought over: in pieces, so that memory stays flat, and never beyond the size limit."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from channels.imap_session import Part, Session
from records.arrival import TryAgain

_START = 64 * 1024  # bytes of the first piece: most mails are no longer, and so take one round trip
_PIECE = 512 * 1024


class Message(Struct, frozen=True):
    """A message as far as it was brought over; a long one lies in the spool."""

    content: bytes | Path
    size: int  # bytes of the content
    sha256: str
    received_at: datetime
    problem: str | None = None
    announced: int | None = None  # the size that the server tells, when it was too much


def read(session: Session, uid: int, limit: int, spool: Callable[[], Path]) -> Message:
    """Read a message, or the first 64 KiB of one longer than `limit` bytes. Raises Gone; TryAgain for our own disk."""
    start = session.part(uid, 0, _START)
    if start.size > limit:
        return _too_large(start)
    if len(start.content) == start.size:
        return whole(start.content, start.received_at)
    with _our_disk():
        handle, name = tempfile.mkstemp(prefix="imap-", dir=spool())
    path = Path(name)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as file:
            for piece in _pieces(session, uid, start):
                size += len(piece)
                if size > limit:
                    path.unlink()
                    return _too_large(start)
                digest.update(piece)
                with _our_disk():
                    file.write(piece)
                    file.flush()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Message(path, size, digest.hexdigest(), start.received_at)


def whole(content: bytes, received_at: datetime, problem: str | None = None) -> Message:
    """Make a message of what lies in memory."""
    return Message(content, len(content), hashlib.sha256(content).hexdigest(), received_at, problem)


def _too_large(start: Part) -> Message:
    content = start.content
    digest = hashlib.sha256(content).hexdigest()
    return Message(content, len(content), digest, start.received_at, "too_large", start.size)


def _pieces(session: Session, uid: int, start: Part) -> Iterator[bytes]:
    """Give piece after piece up to the announced size, or else, since a server may only guess it, to an empty one."""
    piece, offset = start.content, 0
    while piece:
        yield piece
        offset += len(piece)
        if offset == start.size:
            return
        piece = session.part(uid, offset, _PIECE).content


@contextmanager
def _our_disk() -> Iterator[None]:
    """Our trouble is not the mail's fault."""
    try:
        yield
    except OSError as error:
        raise TryAgain("the spool can't be written", full=error.errno in (errno.ENOSPC, errno.EDQUOT)) from error
