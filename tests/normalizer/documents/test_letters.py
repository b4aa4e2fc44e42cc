"""Letters of several files, and stacks of several letters."""

import io
import zipfile
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from zxingcpp import BarcodeFormat, create_barcode, write_barcode_to_image

from normalizer import pace
from normalizer.paper.letters import Bundle
from normalizer.paper.sheet import Sheet
from normalizer.paper.sources import Damaged
from normalizer.paper.stacks import is_blank, letters
from records.media import LETTER
from records.words import Review
from tests import pages
from tests.conftest import CORPORA
from tests.normalizer.documents import makers
from tests.normalizer.documents.reading import read
from tests.page_texts import letter

NEXT = "FAULTGATE-NEXT"


def lined(*texts: str) -> bytes:
    """Make a PDF with one page for each text."""
    return makers.text_pdf(*([(60, 60, f"this page says {text} and nothing else")] for text in texts))


def spoken(content: bytes) -> list[str]:
    """Give the word that each page of a letter says, in order."""
    return [page.text.split()[3] for page in read(content, LETTER).reading.pages]


def test_pages_are_numbered_over_all_files() -> None:
    content = makers.bundle(a_pdf=lined("one", "two"), b_pdf=lined("three"))
    assert [page.number for page in read(content, LETTER).reading.pages] == [1, 2, 3]
    assert spoken(content) == ["one", "two", "three"]
    done = read(content, LETTER, pages=(3,))
    assert [page.number for page in done.reading.pages] == [3]
    assert "three" in done.reading.text


@pytest.mark.parametrize(("fronts", "backs", "expected"), [
    (("1", "3", "5"), ("6", "4", "2"), ["1", "2", "3", "4", "5", "6"]),
    (("1", "3"), ("2",), ["1", "2", "3"]),
    (("1",), ("x", "2"), ["1", "2", "x"]),
])  # fmt: skip
def test_backs_are_scanned_from_the_last_sheet(
    fronts: Sequence[str], backs: Sequence[str], expected: list[str]
) -> None:
    assert spoken(makers.bundle(fronts_pdf=lined(*fronts), backs_pdf=lined(*backs))) == expected


def test_pictures_and_documents_may_be_one_letter() -> None:
    photographed = pages.render("Telephone: 07700 900123", "en", 3)
    stored = io.BytesIO()
    photographed.save(stored, "PNG")
    done = read(makers.bundle(a_pdf=lined("one"), b_png=stored.getvalue()), LETTER, language="en")
    assert [page.number for page in done.reading.pages] == [1, 2]
    assert done.record.evidence["reporter.phone"].page == 2


def test_a_file_that_can_t_be_opened_is_one_page_of_the_letter() -> None:
    locked = (CORPORA / "pdfplumber-pdfs/password-example.pdf").read_bytes()
    done = read(makers.bundle(a_pdf=lined("one"), b_pdf=locked, c_pdf=b"%PDF-1.4 garbage", d_pdf=lined("four")), LETTER)
    assert [bool(page.problem) for page in done.reading.pages] == [False, True, True, False]
    assert Review.UNREADABLE_ORIGINAL in done.record.needs_review


def test_no_other_archive_is_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", lined("one"))
    with pytest.raises(Damaged):
        Bundle(packed.getvalue())
    for content in (packed.getvalue(), makers.bundle(a_pdf=lined("one"))):
        done = read(content)  # nobody told that a door of ours made it
        assert done.reading.media_type == "application/zip"
        assert not done.reading.text


def sheet(image: Image.Image) -> Sheet:
    return Sheet(np.asarray(image.convert("L"), np.uint8))


BLANK = Image.new("L", pages.A4, 255)
WRITTEN = pages.render("Нет интернета", "ru", 1)


def separator(text: str = NEXT) -> Image.Image:
    page = BLANK.copy()
    code = np.asarray(write_barcode_to_image(create_barcode(text, BarcodeFormat.Code128), scale=4))
    page.paste(Image.fromarray(code).resize((code.shape[1], 300)), (400, 500))
    return page


def test_blank_is_what_holds_nothing_but_dust() -> None:
    assert is_blank(sheet(pages.scan(BLANK, 1)))
    assert is_blank(sheet(pages.fax(BLANK, 1)))
    assert not is_blank(sheet(pages.scan(WRITTEN, 1)))
    assert not is_blank(sheet(pages.fax(WRITTEN, 1, fine=False)))
    line = BLANK.copy()
    ImageDraw.Draw(line).text((300, 300), "8 917 340-22-18", fill=0, font_size=50)
    assert not is_blank(sheet(line))


def test_a_page_in_pencil_or_black_all_over_is_not_blank() -> None:
    page = pages.render(letter("ru", 1).text, "ru", 1)
    assert not is_blank(sheet(page.point(lambda dot: 170 + dot * 80 // 255)))
    assert not is_blank(sheet(Image.new("L", pages.A4, 0)))
    assert is_blank(sheet(pages.scan(page.point(lambda dot: 215 + dot * 40 // 255), 1)))  # the other side


def test_a_long_stack_has_time_for_each_page(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = list[int]()
    monkeypatch.setattr(pace, "_told", [lambda: begun.append(1)])
    letters(Stack(["written", "separator", "blank"]), "barcode", NEXT)
    assert len(begun) == 3


@pytest.mark.parametrize("make", [makers.picture_pdf, makers.tiff])
def test_a_stack_is_divided_at_barcode_sheets(make: object) -> None:
    stack = [WRITTEN, BLANK, separator().rotate(180), BLANK, WRITTEN, WRITTEN, separator(), separator("other"), WRITTEN]
    done = read(make(*stack), separator="barcode", barcode=NEXT)  # type: ignore[operator]
    assert done.letters == ((1,), (5, 6), (8, 9))
    assert [page.number for page in done.reading.pages] == [1]
    again = read(make(*stack), separator="barcode", barcode=NEXT, pages=(5, 6))  # type: ignore[operator]
    assert again.letters == ()
    assert [page.number for page in again.reading.pages] == [5, 6]


def test_a_stack_is_divided_at_blank_sheets() -> None:
    stack = makers.tiff(WRITTEN, WRITTEN, pages.scan(BLANK, 3), WRITTEN, BLANK, BLANK)
    assert read(stack, separator="blank").letters == ((1, 2), (4,))
    assert read(stack).letters == ()


def test_a_stack_of_nothing_is_one_letter() -> None:
    done = read(makers.tiff(BLANK, BLANK), separator="blank")
    assert done.letters == ((1, 2),)
    assert Review.EMPTY in done.record.needs_review


def test_separators_of_the_corpora_are_found() -> None:
    codes = CORPORA / "paperless-samples/documents/barcodes"
    divided = read((codes / "patch-code-t-middle-alpha.tiff").read_bytes(), separator="barcode", barcode="PATCHT")
    assert divided.letters == ((1,), (3,))


class Stack:
    """A source whose pages are what the test says."""

    notes: tuple[str, ...] = ()

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = kinds
        self.count = len(kinds)

    def leaf(self, number: int) -> Sheet:
        return self.sheet(number)

    def picture(self, _: int) -> Image.Image:
        return BLANK

    def sheet(self, number: int) -> Sheet:
        return {"blank": SHEETS[0], "written": SHEETS[1], "separator": SHEETS[2]}[self._kinds[number - 1]]


SHEETS = [sheet(page.resize((620, 877))) for page in (BLANK, WRITTEN, separator())]


@settings(deadline=None, max_examples=40)  # on a machine under load
@given(st.lists(st.sampled_from(["blank", "written", "separator"]), max_size=9), st.sampled_from(["blank", "barcode"]))
def test_no_written_page_is_lost_and_none_is_in_two_letters(kinds: list[str], separated: str) -> None:
    found = letters(Stack(kinds), separated, NEXT)
    placed = [page for letter in found for page in letter]
    assert placed == sorted(set(placed))
    written = {number for number, kind in enumerate(kinds, 1) if kind == "written"}
    assert written <= set(placed)
    if written and separated == "barcode":
        assert not [letter for letter in found if {kinds[page - 1] for page in letter} == {"separator"}]
