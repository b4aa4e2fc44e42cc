"""Originals too large for a row: files named by their hash, synced before the row that names them is committed.

A file without a row (a crash between the two) is harmless: the sender had no answer and comes again.
"""

import os
import shutil
from pathlib import Path

from records.arrival import TryAgain


class Originals:
    """The folder of large originals, and the spool on the same file system."""

    def __init__(self, root: Path, min_free: int) -> None:
        self._root = root
        self._min_free = min_free
        self.spool = root / "spool"
        self._synced: set[Path] = set()  # folders whose names are surely on the disk

    def prepare(self) -> None:
        """Make the folders and drop what a crash left in the spool; before any door opens."""
        shutil.rmtree(self.spool, ignore_errors=True)
        self.spool.mkdir(parents=True, exist_ok=True)
        _sync(self._root)

    def path(self, sha256: str) -> Path:
        """Tell where an original lies."""
        return self._root / sha256[:2] / sha256

    def check_space(self, size: int) -> None:
        """Raise TryAgain(full) where too little of the disk would stay free for what is already promised."""
        room = os.statvfs(self._root)
        if room.f_bavail * room.f_frsize < self._min_free + size * 3 // 2:
            raise TryAgain("too little disk space is free", full=True)

    def take(self, spooled: Path, sha256: str) -> None:
        """Move a spooled file in, durable when this returns: file synced, renamed, folders synced."""
        target = self.path(sha256)
        try:
            self._make_folder(target.parent)
            if target.exists():
                spooled.unlink()
            else:
                with spooled.open("rb") as file:
                    os.fsync(file.fileno())
                spooled.rename(target)
            _sync(target.parent)  # for a file that was there already, too
        except OSError as error:
            raise TryAgain(f"originals: {os.strerror(error.errno or 0)}", full=True) from error

    def _make_folder(self, folder: Path) -> None:
        """Make it where it is missing; that it is there proves nothing: a crash may have come before its sync."""
        if folder not in self._synced:
            folder.mkdir(exist_ok=True)
            _sync(self._root)
            self._synced.add(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
