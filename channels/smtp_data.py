"""DATA: one message taken off the wire in blocks, with no object per line (RFC 5321, sections 4.1.1.4 and 4.5.2)."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

#: Up to this many bytes a message is held in memory; a larger one goes to a file in the spool.
INLINE = 256 * 1024

END = b"\r\n.\r\n"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Body:
    """One message as it comes in: unstuffed, measured, hashed, held.

    Only CRLF.CRLF ends it. Whatever else looks like an end (a bare LF, CR or NUL around the dot) is content, so that
    two servers never disagree about where a message ends. Long lines and bare CR or LF are kept as they are.
    """

    def __init__(self, limit: int, spool: Callable[[], Path]) -> None:
        """`limit`: bytes; what comes beyond is read and dropped. `spool` names the folder for a large one."""
        self.complete = False
        self.size = 0
        self.trouble: OSError | None = None  # the disk's, while spooling
        self._limit = limit
        self._spool = spool
        self._hash = hashlib.sha256()
        self._tail = END[:2]  # the command DATA ended with CRLF: a dot right after it stands at the start of a line
        self._skip = 2  # … and that CRLF is no content
        self._held = bytearray()
        self._whole: bytes | None = None
        self._file: IO[bytes] | None = None
        self._path: Path | None = None

    @property
    def too_large(self) -> bool:
        """Tell whether more came than is taken."""
        return self.size > self._limit

    @property
    def no_room(self) -> bool:
        """Tell whether the disk is full."""
        return self.trouble is not None and self.trouble.errno in NO_ROOM

    @property
    def content(self) -> bytes | Path:
        """The message: bytes, or its file in the spool. Only of a complete one, neither too large nor in trouble."""
        if self._path is not None:
            return self._path
        return self._whole if self._whole is not None else bytes(self._held)

    @property
    def sha256(self) -> str:
        """The content's hash, hexadecimal."""
        return self._hash.hexdigest()

    def feed(self, data: bytes) -> bytes:
        """Take one block from the wire; give back what stands behind the end (the next commands)."""
        block = self._tail + data
        end = block.find(END) if b"." in block else -1  # one byte is sought ten times faster; base64 has no dots
        if end < 0:
            held = _begun(block)
            self._tail = block[len(block) - held :]
            self._add(block[: len(block) - held])
            return b""
        self._add(block[: end + 2], last=True)
        self._close()
        self.complete = True
        return block[end + len(END) :]

    def discard(self) -> None:
        """Drop the file, if there is one and nobody took it over."""
        self._close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _add(self, block: bytes, *, last: bool = False) -> None:
        """Keep a block that splits no CRLF-dot; its stuffed dots go."""
        clear = block.replace(b"\r\n.", b"\r\n") if b"." in block else block
        if self._skip and clear:
            clear, self._skip = clear[self._skip :], 0
        first = self.size == 0
        self.size += len(clear)
        if self.too_large or self.trouble is not None:
            self._drop()
            return
        self._hash.update(clear)
        if last and first and self.size <= INLINE:
            self._whole = clear  # the usual small message, which came in one block
        elif self._file is None and self.size <= INLINE:
            self._held += clear
        else:
            self._write(clear)

    def _write(self, clear: bytes) -> None:
        try:
            if self._file is None:
                handle, name = tempfile.mkstemp(prefix="smtp-", dir=self._spool())
                self._path, self._file = Path(name), os.fdopen(handle, "wb")
                self._file.write(self._held)
                self._held = bytearray()
            self._file.write(clear)
        except OSError as error:
            self.trouble = error
            self._drop()

    def _drop(self) -> None:
        self._held = bytearray()
        self.discard()

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        try:
            file.close()  # writes out what is buffered
        except OSError as error:
            self.trouble = self.trouble or error


def _begun(block: bytes) -> int:
    """Tell how many bytes at the end of `block` may be the beginning of the end."""
    return next((n for n in (4, 3, 2, 1) if block.endswith(END[:n])), 0)
