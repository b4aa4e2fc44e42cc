"""Originals on paper, whatever holds them: so many pages, each to be had as a picture, or read from a text layer."""

from typing import Protocol

from PIL import Image

from normalizer.paper import decoding
from normalizer.paper.bounds import TooMuch
from normalizer.paper.decoding import Unreadable
from normalizer.paper.pdf import Damaged, Locked, Pdf
from normalizer.paper.sheet import Sheet
from normalizer.readers import magic
from records.media import LETTER
from records.reading import Page

_TOO_MUCH = Unreadable("asks for more than a page may: a person must open it elsewhere", too_large=True)

__all__ = ["Damaged", "Locked", "Source", "opened"]


class Source(Protocol):
    """An open original; its pages are numbered from 1."""

    count: int
    notes: tuple[str, ...]

    def leaf(self, number: int) -> Page | Sheet | Unreadable:
        """Give a page: read where it has text, otherwise as a picture to be recognised."""
        ...

    def sheet(self, number: int) -> Sheet | Unreadable:
        """Give a page as a picture to be recognised."""
        ...

    def picture(self, number: int) -> Image.Image | Unreadable:
        """Give a page as a picture for people: "1", "L" or "RGB", in its true proportions."""
        ...


def opened(content: bytes, media_type: str) -> Source:
    """Open an original. Raises Locked, Damaged."""
    if media_type == LETTER:
        from normalizer.paper.letters import Bundle

        return Bundle(content)
    return OpenPdf(content) if magic.media_type(content) == "application/pdf" else Pictures(content)


class Pictures:
    """A picture file; only TIFF has more than one page."""

    notes: tuple[str, ...] = ()

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.count = sum(1 for _ in decoding.frames(content))

    def leaf(self, number: int) -> Sheet | Unreadable:
        """Decode a page."""
        return self.sheet(number)

    def sheet(self, number: int) -> Sheet | Unreadable:
        """Decode a page."""
        frame = next((frame for _, frame in decoding.frames(self._content, {number})), Unreadable("no such page"))
        return frame if isinstance(frame, Unreadable) else decoding.sheet_of(frame)

    def picture(self, number: int) -> Image.Image | Unreadable:
        """Decode a page; the rows of a standard fax stand as far apart as its columns."""
        frame = next((frame for _, frame in decoding.frames(self._content, {number})), Unreadable("no such page"))
        return frame if isinstance(frame, Unreadable) else decoding.picture_of(frame)


class OpenPdf:
    """A PDF: a page that can't be had is told, and the others are not the worse for it."""

    def __init__(self, content: bytes) -> None:
        self._pdf = Pdf(content)
        self.count = self._pdf.count
        self.notes = tuple(self._pdf.notes())

    def leaf(self, number: int) -> Page | Sheet | Unreadable:
        """Read the text layer; draw the page where there is none to be trusted."""
        try:
            return self._pdf.text(number) or self.sheet(number)
        except TooMuch:
            return _TOO_MUCH

    def sheet(self, number: int) -> Sheet | Unreadable:
        """Draw a page."""
        try:
            return self._pdf.sheet(number)
        except TooMuch:
            return _TOO_MUCH
        except Damaged as trouble:
            return Unreadable(f"damaged page ({trouble})")

    def picture(self, number: int) -> Image.Image | Unreadable:
        """Draw a page in colour."""
        try:
            return self._pdf.picture(number)
        except TooMuch:
            return _TOO_MUCH
        except Damaged as trouble:
            return Unreadable(f"damaged page ({trouble})")
