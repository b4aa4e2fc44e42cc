"""One letter in several files: a stored ZIP that a door of ours made. No other ZIP is ever opened."""

import io
import zipfile
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace
from PIL import Image

from normalizer.paper.decoding import Unreadable
from normalizer.paper.sheet import Sheet
from normalizer.paper.sources import Damaged, Locked, Source, opened
from records.reading import Page

_FILES: Final = 500
FRONTS, BACKS = "fronts", "backs"


class Bundle:
    """The pages of all its files, one after the other; of two sides scanned apart, front and back of each sheet."""

    def __init__(self, content: bytes) -> None:
        """Open every file. Raises Damaged; a file that can't be opened counts as one page that can't be read."""
        self._files = [_Opened(name, body) for name, body in files(content)]
        self._order = _order(self._files)
        self.count = len(self._order)
        self.notes = tuple(dict.fromkeys(note for file in self._files for note in file.notes))

    def leaf(self, number: int) -> Page | Sheet | Unreadable:
        """Give a page: read where it has text, otherwise as a picture."""
        file, inside = self._order[number - 1]
        leaf = file.source.leaf(inside) if file.source else file.trouble
        return _numbered(leaf, number) if isinstance(leaf, Page) else leaf

    def sheet(self, number: int) -> Sheet | Unreadable:
        """Give a page as a picture."""
        file, inside = self._order[number - 1]
        return file.source.sheet(inside) if file.source else file.trouble

    def picture(self, number: int) -> Image.Image | Unreadable:
        """Give a page as a picture for people."""
        file, inside = self._order[number - 1]
        return file.source.picture(inside) if file.source else file.trouble


def files(content: bytes) -> list[tuple[str, bytes]]:
    """Give the files of a letter with their names, in order. Raises Damaged where it is none of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > _FILES or any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise Damaged("no letter of ours")
            return [(entry.filename, archive.read(entry)) for entry in entries]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as trouble:
        raise Damaged(type(trouble).__name__) from trouble


class _Opened:
    """One file of a letter."""

    def __init__(self, name: str, content: bytes) -> None:
        self.side = PurePosixPath(name).stem
        self.source: Source | None = None
        self.trouble = Unreadable("")
        self.notes: tuple[str, ...] = ()
        try:
            self.source = opened(content, "")
            self.notes = self.source.notes
        except Locked:
            self.trouble = Unreadable("encrypted with a password: the sender must be asked")
        except Damaged:
            self.trouble = Unreadable("a damaged file")

    @property
    def count(self) -> int:
        """Give its pages, one for a file that can't be opened."""
        return self.source.count if self.source else 1


def _order(opened_files: list[_Opened]) -> list[tuple[_Opened, int]]:
    """Give every page in its place; backs were scanned from the last sheet to the first."""
    sides = {file.side: file for file in opened_files}
    if sides.keys() != {FRONTS, BACKS} or len(opened_files) != 2:
        return [(file, page) for file in opened_files for page in range(1, file.count + 1)]
    fronts = [(sides[FRONTS], page) for page in range(1, sides[FRONTS].count + 1)]
    backs = [(sides[BACKS], page) for page in range(sides[BACKS].count, 0, -1)]
    paired = [side for sheet in zip(fronts, backs, strict=False) for side in sheet]
    return paired + fronts[len(backs) :] + backs[len(fronts) :]


def _numbered(page: Page, number: int) -> Page:
    return replace(page, number=number)
