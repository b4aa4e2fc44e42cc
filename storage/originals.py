"""Originals too large for a row: files named by their hash, synced before the row that names them is committed.

A file without a row (a crash between the two) is harmless: the sender had no answer and comes again.
"""

import errno
import fcntl
import logging
import os
import shutil
import time
from pathlib import Path
from typing import IO

from records.arrival import TryAgain

log = logging.getLogger("faultgate.originals")

LOOK_EVERY = 0.2  # seconds between looks at the free space
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Originals:
    """The folder of large originals, and the spool on the same file system."""

    def __init__(self, root: Path, min_free: int) -> None:
        self._root = root
        self._kept = root / "kept"
        self._min_free = min_free
        self._free = 0  # bytes free when last looked, less what was promised since
        self._looked = -LOOK_EVERY
        self.spool = root / "spool"

    def prepare(self) -> None:
        """Make the folders, and drop what a crash left in the spool unless doors are open that fill it."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / "spool.lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(self.spool, ignore_errors=True)
            except BlockingIOError:
                log.info("the spool is in use: it is left as it is")
            for folder in (self.spool, self._kept):
                folder.mkdir(exist_ok=True)
        _sync(self._root)

    def hold_spool(self) -> IO[bytes]:
        """Say that doors fill the spool, for as long as the file that this gives is open."""
        lock = (self._root / "spool.lock").open("ab")
        fcntl.flock(lock, fcntl.LOCK_SH)
        return lock

    def path(self, sha256: str) -> Path:
        """Tell where an original lies. One folder for all: so that one sync serves many."""
        return self._kept / sha256

    def check_space(self, size: int) -> None:
        """Raise TryAgain(full) where too little of the disk would stay free for what is already promised."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY:
            self._free, self._looked = self._room(), now
        self._free -= size * 3 // 2
        if self._free < self._min_free:
            raise TryAgain("too little disk space is free", full=True)

    def _room(self) -> int:
        try:
            room = os.statvfs(self._root)
        except OSError as error:  # not mounted, not mended yet
            raise _full(error) from error
        return room.f_bavail * room.f_frsize

    def take(self, spooled: Path, sha256: str) -> None:
        """Move a spooled file in, its content synced before it has its name; durable after the next `sync`."""
        target = self.path(sha256)
        try:
            if target.exists():
                spooled.unlink()
                return
            with spooled.open("rb") as file:
                os.fsync(file.fileno())
            spooled.rename(target)
        except OSError as error:
            raise _full(error) from error

    def sync(self) -> None:
        """Make the names of all files that were taken durable; also of those that a crash left before its sync."""
        try:
            _sync(self._kept)
        except OSError as error:
            raise _full(error) from error


def _full(error: OSError) -> TryAgain:
    return TryAgain(f"originals: {os.strerror(error.errno or 0)}", full=error.errno in _NO_ROOM)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
