"""An open folder and the files in it, as they are looked at: by descriptor, so that nothing is swapped on the way."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from channels.folder_names import hashed, is_passed_over

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


class State(Enum):
    """How far a file has come."""

    SETTLING = "settling"  # still being written, as far as we can tell
    WHOLE = "whole"
    EMPTY = "empty"  # for too long
    GROWING = "growing"  # for too long
    LARGE = "large"  # more than is taken


class Changed(Exception):
    """The file is not the one, or not as, it was looked at: somebody writes it, moved it or put another there."""


class Unreadable(Exception):
    """The file's own disk or its permissions; the text is the system's."""


class File(msgspec.Struct, frozen=True, eq=False):
    """A regular file as one look found it."""

    shelf: "Shelf"
    name: str
    inode: int
    size: int
    modified: int  # nanoseconds since 1970
    changed: int  # nanoseconds since 1970: content, name, owner or permissions
    state: State = State.SETTLING
    steady: bool = False  # as it was for long enough, whatever it holds
    overdue: bool = False  # waited for too long

    @property
    def stays(self) -> bool:
        """Tell whether a person is only told of it: it is too large, or its writer still holds it."""
        return self.state in (State.LARGE, State.GROWING)

    @property
    def place(self) -> str:
        """Name the file for as long as it lies here, however it grows."""
        return f"{self.inode}:{hashed(self.name)}"

    @property
    def came(self) -> float:
        """Tell in seconds since 1970 when it was there; a time of a wrong clock that lies ahead is not waited for."""
        return min(self.modified, self.changed) / 1e9

    @property
    def identity(self) -> str:
        """Name the file as it is now; any change to its content makes another."""
        return f"{self.inode}:{self.modified}:{self.size}:{hashed(self.name)}"

    @contextmanager
    def opened(self) -> Iterator[int]:
        """Open the very file that was looked at. Raises Changed, Unreadable."""
        try:
            handle = os.open(self.name, _READ, dir_fd=self.shelf.fd)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP, errno.ENXIO):
                raise Changed from error
            raise Unreadable(os.strerror(error.errno or 0)) from error
        try:
            found = os.fstat(handle)
            if not _is_taken(found) or found.st_ino != self.inode:
                raise Changed
            yield handle
        finally:
            os.close(handle)

    def check_unchanged(self, found: os.stat_result) -> None:
        """Raise Changed where it is not as it was when it was looked at."""
        if (found.st_ino, found.st_size, found.st_mtime_ns) != (self.inode, self.size, self.modified):
            raise Changed

    @property
    def is_locked(self) -> bool:
        """Tell whether its writer holds it, as HylaFAX does with a fax that is being received (flock)."""
        try:
            with self.opened() as handle:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except (OSError, Changed, Unreadable):  # no locks on that file system; or it shows when it is read
            return False
        return False


class Shelf:
    """One open folder. Everything may raise OSError."""

    def __init__(self, path: Path, *, within: "Shelf | None" = None) -> None:
        """`within`: the open folder that this one lies in, where it must be no symbolic link; else any path."""
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        if within is None:
            self.fd = os.open(path, flags)
        else:
            self.fd = os.open(path.name, flags | os.O_NOFOLLOW, dir_fd=within.fd)
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        os.close(self.fd)

    def files(self, ours: frozenset[str]) -> tuple[list[File], dict[str, str]]:
        """List what may be taken, and by `place` why other entries are not; `ours`: folders that belong here."""
        files, others = list[File](), dict[str, str]()
        with os.scandir(self.fd) as entries:
            names = [entry.name for entry in entries if not is_passed_over(entry.name)]
        for name in names:
            found = self.look(name)
            if found is None or (stat.S_ISDIR(found.st_mode) and name in ours):
                continue
            file = File(self, name, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            if _is_taken(found):
                files.append(file)
            else:
                others[file.place] = _why_not(found)
        return files, others

    def look(self, name: str) -> os.stat_result | None:
        """Look at one entry itself, not at what it may point to; None: there is none."""
        try:
            return os.stat(name, dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            return None


def _is_taken(found: os.stat_result) -> bool:
    """A file with a second name could be changed, or be somebody else's secret, behind our back."""
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1


def _why_not(found: os.stat_result) -> str:
    return next((why for matches, why in _KINDS if matches(found.st_mode)), "a file with several names (hard links)")
