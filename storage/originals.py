"""Originals too large for a row: files named by their hash, synced before the row that names them is committed.

A file without a row (a crash between the two) is harmless: the sender had no answer and comes again.
"""

import os
import shutil
import time
from pathlib import Path

from records.arrival import TryAgain

LOOK_EVERY = 0.2  # seconds between looks at the free space


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
        """Make the folders and drop what a crash left in the spool; before any door opens."""
        shutil.rmtree(self.spool, ignore_errors=True)
        for folder in (self.spool, self._kept):
            folder.mkdir(parents=True, exist_ok=True)
        _sync(self._root)

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
    return TryAgain(f"originals: {os.strerror(error.errno or 0)}", full=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
