"""The folders of one folder door: opened for each look, so that an unmounted or replaced one is noticed."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from channels import Unreachable
from channels.folder_done import provide
from channels.folder_files import File, Shelf
from config.settings import Fax, Scan


class Opened(Struct, frozen=True):
    """The folders as they are open for one look."""

    watched: tuple[Shelf, ...]
    done: Shelf
    ours: frozenset[str]  # folders that belong in the watched one

    def files(self) -> tuple[list[File], dict[str, str]]:
        """List what may be taken, and by `place` why other entries are not. Raises OSError."""
        files, others = list[File](), dict[str, str]()
        for shelf in self.watched:
            found, skipped = shelf.files(self.ours)
            files += found
            others |= skipped
        return files, others


class Place:
    """Where a door's files lie."""

    def __init__(self, settings: Fax | Scan, inner: str | None) -> None:
        """`inner`: a folder in the watched one that is watched, too, and made if it is missing."""
        self.path = Path(settings.path)
        self._done = self.path / settings.done
        self._inner = self.path / inner if inner else None
        ours = [inner] if inner else []
        if self._done.is_relative_to(self.path) and self._done != self.path:
            ours.append(self._done.relative_to(self.path).parts[0])
        self._ours = frozenset(ours)

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """Open all folders, and make what is ours to make. Raises Unreachable with the remedy."""
        self._check_settings()
        with ExitStack() as stack:
            try:
                main = stack.enter_context(Shelf(self.path))
                watched = [main]
                if self._inner is not None:
                    provide(self._inner)
                    watched.append(stack.enter_context(Shelf(self._inner, within=main)))
                provide(self._done)
                within = main if self._done.parent == self.path else None
                done = stack.enter_context(Shelf(self._done, within=within))
                for shelf in (*watched, done):
                    self._check_access(shelf)
            except OSError as error:
                raise self._unreachable(error) from None
            yield Opened(tuple(watched), done, self._ours)

    def check(self) -> str:
        """Tell how many files wait. Raises Unreachable with the remedy."""
        with self.opened() as found:
            files, others = found.files()
            said = f"{self.path}: {len(files)} files wait"
            if others:
                said += f", {len(others)} entries are skipped: they are no plain files"
            if os.fstat(found.done.fd).st_dev != os.fstat(found.watched[0].fd).st_dev:
                said += f"; {self._done} is on another file system, so files are copied there: name one on the same"
            return said

    def _check_settings(self) -> None:
        real = {self.path.resolve(), self._inner.resolve() if self._inner else None}
        with suppress(OSError):
            if self._done.resolve() in real:
                raise Unreachable(f"done is the watched folder {self.path} itself: files would go round for ever")

    def _check_access(self, shelf: Shelf) -> None:
        if not os.access(shelf.path, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
            raise Unreachable(
                f"{shelf.path} can't be read and written: give the gateway's user rwx on it (files are moved out of it)"
            )

    def _unreachable(self, error: OSError) -> Unreachable:
        why = os.strerror(error.errno or 0)
        where = error.filename if isinstance(error.filename, str) else str(self.path)
        return Unreachable(f"{where}: {why}: make or mount it, and let the gateway's user read and write there")
