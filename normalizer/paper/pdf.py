"""A PDF (ISO 32000): its text layer where it has one that can be trusted, its pages as pictures where not."""

import io
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from PIL import Image

from normalizer.paper import text_layer
from normalizer.paper.bounds import READ, TooMuch, weight
from normalizer.paper.sheet import DPI, Pixels, Sheet
from records.reading import Page

DRAWN_DPI, DRAWN = 150, 10_000_000  # dots an inch, and dots at most, of a picture for people
LARGEST: Final = 60_000_000  # dots of one picture
_LETTERS: Final = 20_000  # of one page; five times as many as the densest letter has
_OBJECTS: Final = 20_000  # of one page: more are a map or a drawing
_FEW: Final = 300  # letters beside a picture of which the page rather consists
_DAMAGE: Final = (
    PDFException, PSException, PdfminerException, MalformedPDFException, pypdfium2.PdfiumError,
    RecursionError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, ArithmeticError,
)  # fmt: skip


class Locked(Exception):
    """It opens only with a password."""


class Damaged(Exception):
    """It can't be opened."""


class Pdf:
    """An open PDF. Two libraries look at it: pdfium draws and counts, pdfplumber reads words and tables."""

    def __init__(self, content: bytes) -> None:
        """Open it. Raises Locked, Damaged."""
        try:
            self._drawn = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as trouble:
            raise (Locked if trouble.err_code == pdfium.FPDF_ERR_PASSWORD else Damaged)(str(trouble)) from trouble
        self._drawn.init_forms()  # what was filled in is drawn too; this pdfium runs no scripts
        self.count = len(self._drawn)
        self._content = content
        self._read: tuple[PDF, Iterator[PDFPage]] | None = None
        self._met: dict[int, PDFPage] = {}

    def notes(self) -> list[str]:
        """Tell what it carries beside its pages, none of which is opened or run."""
        try:
            catalog = self._plumber()[0].doc.catalog
            names = resolve1(catalog.get("Names")) or {}
        except _DAMAGE:
            return ["damaged: read as far as it goes"]
        opening = resolve1(catalog.get("OpenAction"))
        acts = isinstance(opening, dict) and getattr(resolve1(opening.get("S")), "name", "") != "GoTo"
        carried = {
            "scripts": "JavaScript" in names or "AA" in catalog or acts,
            "attached files": "EmbeddedFiles" in names,
            "an XFA form": "XFA" in (resolve1(catalog.get("AcroForm")) or {}),
        }
        found = [what for what, carries in carried.items() if carries]
        return [f"the PDF carries {', '.join(found)}: not opened"] if found else []

    def text(self, number: int) -> Page | None:
        """Read the text layer of a page; None where the page must be recognised instead. Raises TooMuch."""
        try:
            met = self._page(number)
            if weight(_contents(met), met.resources) > READ:  # before pdfium unpacks anything
                return None
            if pdfium.FPDFPage_CountObjects(self._drawn[number - 1]) == 0 and not met.annots:
                return Page(number=number)
            if not self._is_text(number):
                return None
            page = PlumberPage(self._plumber()[0], met, page_number=number)
            read = text_layer.read(page, number)
        except TooMuch:
            raise
        except _DAMAGE:
            return None
        return None if read is None or self._is_picture(page, read.text) else read

    def sheet(self, number: int) -> Sheet:
        """Draw a page; a fax that was wrapped into it comes with its own dots. Raises TooMuch, Damaged."""
        try:
            self._weigh(number)
            page = self._drawn[number - 1]
            return _wrapped(page) or _drawn(page)
        except TooMuch:
            raise
        except _DAMAGE as trouble:
            raise Damaged(type(trouble).__name__) from trouble

    def picture(self, number: int) -> Image.Image:
        """Draw a page in colour at DRAWN_DPI, an endless one smaller. Raises TooMuch, Damaged."""
        try:
            self._weigh(number)
            page = self._drawn[number - 1]
            width, height = page.get_size()
            scale = min(DRAWN_DPI / 72, (DRAWN / max(width * height, 1)) ** 0.5)
            drawn: Image.Image = page.render(scale=scale, may_draw_forms=True).to_pil()
            return drawn.convert("RGB")
        except TooMuch:
            raise
        except _DAMAGE as trouble:
            raise Damaged(type(trouble).__name__) from trouble

    def _weigh(self, number: int) -> None:
        """Look whether the page may be drawn; one that only pdfium understands is weighed by nobody."""
        try:
            met = self._page(number)
            weight(_contents(met), met.resources)
        except TooMuch:
            raise
        except _DAMAGE:
            return

    def _plumber(self) -> tuple[PDF, Iterator[PDFPage]]:
        if self._read is None:
            read = PDF(io.BytesIO(self._content), raise_unicode_errors=False)
            self._read = read, PDFPage.create_pages(read.doc)
        return self._read

    def _page(self, number: int) -> PDFPage:
        """Give a page by its number, going no farther than needed: a tree may be endless. Raises IndexError."""
        for met in self._plumber()[1] if number not in self._met else ():
            self._met[len(self._met) + 1] = met
            if number in self._met:
                break
        if number not in self._met:
            raise IndexError(number)
        return self._met[number]

    def _is_text(self, number: int) -> bool:
        """Tell a page that consists of text, not too much of it, that is meant to be seen."""
        page = self._drawn[number - 1]
        objects = pdfium.FPDFPage_CountObjects(page)
        if not 0 < objects <= _OBJECTS or page.get_textpage().count_chars() > _LETTERS:
            return False
        modes = [
            pdfium.FPDFTextObj_GetTextRenderMode(each)
            for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)
        ]
        hidden = modes.count(pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)  # what another program recognised
        return hidden * 2 <= len(modes)

    def _is_picture(self, page: PlumberPage, text: str) -> bool:
        """Tell a page whose text stands in a picture: a scan, or one with a line of text stamped on it."""
        letters = sum(letter.isalnum() for letter in text)
        covered = sum(_area(image, page) for image in page.images)
        if letters >= _FEW:
            return False
        drawn = bool(page.curves) or len(page.lines) + len(page.rects) > 20
        return covered > 0.25 * page.width * page.height or (letters < 20 and (bool(page.images) or drawn))


def _area(box: dict[str, Any], page: PlumberPage) -> float:
    across = min(box["x1"], page.width) - max(box["x0"], 0)
    down = min(box["bottom"], page.height) - max(box["top"], 0)
    return float(max(across, 0) * max(down, 0))


def _contents(page: PDFPage) -> list[object]:
    return list(page.contents)


def _wrapped(page: pypdfium2.PdfPage) -> Sheet | None:
    """Take the one upright picture that a page consists of, as a fax server wraps it."""
    objects = list(page.get_objects(max_depth=1)) if pdfium.FPDFPage_CountObjects(page) == 1 else []
    if len(objects) != 1 or not isinstance(objects[0], pypdfium2.PdfImage) or page.get_rotation():
        return None
    image, (width, height) = objects[0], page.get_size()
    across, askew, slanted, down, _, _ = image.get_matrix().get()
    columns, rows = image.get_px_size()
    upright = across > 0.9 * width and down > 0.9 * height and not askew and not slanted
    if not upright or not 0 < columns * rows <= LARGEST or across > 1.05 * width or down > 1.05 * height:
        return None
    grey = _grey(image.get_bitmap().to_numpy())
    return Sheet(grey, (columns / across * 72, rows / down * 72), bool(((grey == 0) | (grey == 255)).all()))


def _drawn(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    scale = DPI / 72
    if not 0 < width * height * scale**2 <= LARGEST:
        scale = (LARGEST / max(width * height, 1)) ** 0.5
    grey = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_numpy()
    return Sheet(_grey(grey), (scale * 72, scale * 72))


def _grey(dots: Pixels) -> Pixels:
    """Give a bitmap in shades of grey, apart from pdfium's memory; pdfium's order is blue, green, red."""
    if dots.ndim == 2 or dots.shape[2] == 1:
        return np.array(dots.reshape(dots.shape[:2]))
    weights = np.array([0.114, 0.587, 0.299], np.float32)
    return np.asarray(dots[:, :, :3] @ weights, np.uint8)
