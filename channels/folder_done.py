"""The folder for what was taken: files are moved there, none is ever overwritten or deleted."""

import errno
import os
import shutil
from itertools import count
from pathlib import Path

from channels.folder_files import Changed, File, Shelf
from channels.folder_names import numbered


def provide(path: Path) -> None:
    """Make the folder if there is none. Raises OSError."""
    path.mkdir(mode=0o750, exist_ok=True)


def move(file: File, done: Shelf) -> None:
    """Move one file as it was taken. Raises Changed where it is another by now, OSError where it can't be moved."""
    found = file.shelf.look(file.name)
    if found is None:
        raise Changed
    file.check_unchanged(found)
    try:
        os.rename(file.name, _free(file.name, done), src_dir_fd=file.shelf.fd, dst_dir_fd=done.fd)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(file, done)


def _free(name: str, done: Shelf) -> str:
    """Find a name that nothing bears. We alone write there, so it stays free until the next line."""
    return next(one for number in count() if done.look(one := numbered(name, number)) is None)


def _copy(file: File, done: Shelf) -> None:
    """Move to another file system: the source goes only when the copy is on the disk under its name."""
    part = f".{file.inode}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with (
        file.opened() as handle,
        os.fdopen(os.dup(handle), "rb") as source,
        os.fdopen(os.open(part, flags, 0o640, dir_fd=done.fd), "wb") as target,
    ):
        shutil.copyfileobj(source, target)
        target.flush()
        os.utime(target.fileno(), ns=(file.modified, file.modified))
        os.fsync(target.fileno())
        file.check_unchanged(os.fstat(handle))
    os.rename(part, _free(file.name, done), src_dir_fd=done.fd, dst_dir_fd=done.fd)
    os.fsync(done.fd)
    os.unlink(file.name, dir_fd=file.shelf.fd)
