"""Hostile documents in the guarded children: nothing crashes, nothing hangs, nothing leaves its limits."""

import io
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from normalizer.guard import Guard
from normalizer.job import Normalized
from records.words import Review
from tests.conftest import CORPORA
from tests.normalizer.documents import makers
from tests.normalizer.documents.reading import job
from tests.normalizer.mails import corpus

DONE = {Review.UNREADABLE_ORIGINAL, Review.ENCRYPTED, Review.EMPTY, Review.TOO_LARGE}


def ask(guard: Guard, content: bytes, media_type: str | None = None, *, recognise: bool = False) -> Normalized:
    """Read an original as the gateway does; a child that dies is an error."""
    return guard.normalize(job(content, media_type, recognise=recognise), niced=recognise)


def files(folder: str, *suffixes: str) -> list[Path]:
    found = [path for path in sorted(corpus(folder).rglob("*")) if path.suffix.lower() in suffixes]
    assert found
    return found


def everything(guard: Guard, paths: list[Path]) -> dict[str, Normalized]:
    with ThreadPoolExecutor(2) as pool:
        read = pool.map(lambda path: ask(guard, path.read_bytes()), paths)
        return {str(path.relative_to(CORPORA)): done for path, done in zip(paths, read, strict=True)}


@pytest.mark.parametrize(
    "folder", ["pdf-hostile", "pdfplumber-pdfs", "ocrmypdf-resources", "paperless-samples", "dedoc-ru"]
)
def test_every_pdf_of_the_corpora_is_read_or_told(guard: Guard, folder: str) -> None:
    for path, done in everything(guard, files(folder, ".pdf")).items():
        reading = done.reading
        told = {*reading.reviews, *done.record.needs_review} & DONE
        waits = done.wants_recognition  # for a child that has time for pictures
        assert reading.text.strip() or told or waits or all(not page.words for page in reading.pages), path
        assert not [note for note in reading.notes if "reader failed" in note], (path, reading.notes)


def test_pages_of_text_are_read_from_the_text_layer(guard: Guard) -> None:
    paths = [path for path in files("dedoc-ru/pdf_with_text_layer", ".pdf") if path.stat().st_size < 100_000]
    read = everything(guard, paths)
    assert sum(bool(done.reading.text) for done in read.values()) >= len(read) - 1
    expected = set((corpus("dedoc-ru") / "pdf_with_text_layer/cp1251.txt").read_text(encoding="utf-8").split())
    words = next(set(done.reading.text.split()) for path, done in read.items() if path.endswith("cp1251.pdf"))
    assert len(expected & words) >= 0.8 * len(expected)


def test_every_office_file_of_the_corpora_is_read_or_told(guard: Guard) -> None:
    kinds = (".docx", ".docm", ".xlsx", ".xltm", ".odt", ".rtf", ".doc", ".xls", ".ppt", ".pptx")
    paths = [*files("archive-hostile", *kinds), *files("dedoc-ru/docx", *kinds), *files("paperless-samples", *kinds)]
    for path, done in everything(guard, paths).items():
        assert done.reading.text.strip() or set(done.record.needs_review) & DONE, path


def test_archives_are_never_unpacked(guard: Guard) -> None:
    for path in files("archive-hostile", ".zip", ".gz", ".7z"):
        for media_type in (None, "application/vnd.faultgate.letter+zip"):
            done = ask(guard, path.read_bytes(), media_type)
            assert Review.UNREADABLE_ORIGINAL in done.record.needs_review, path
            assert not done.reading.pages


NAMES = [
    "flate", "double flate", "letters", "lines", "forms", "states", "picture", "self-drawing form", "deep arrays",
    "many pages", "page tree in a ring", "endless page", "no page",
]  # fmt: skip


@cache
def bombs() -> dict[str, bytes]:
    lines = zlib.compress(b"0 0 m 9 9 l S " * 2_000_000, 9)
    letters = zlib.compress(b"BT /F1 12 Tf 10 10 Td " + b"(a) Tj " * 2_000_000 + b"ET", 9)
    dots = zlib.compress(bytes(30_000 * 30_000 // 8), 9)
    image = b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceGray/BitsPerComponent 1"
    itself = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
    own = b"/XObject<</X 6 0 R>>"
    covering = makers.stream(b"q 595 0 0 842 0 0 cm /X Do Q")
    states = zlib.compress(b"q " * 2_900_000, 9)
    deep = b"[" * 100_000 + b"]" * 100_000
    one, ring = b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"
    many = b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return {
        "flate": makers.page_pdf(makers.flate_bomb(100)),
        "double flate": makers.page_pdf(makers.flate_bomb(100, times=2)),
        "letters": makers.page_pdf(makers.stream(letters, b"/Filter/FlateDecode")),
        "lines": makers.page_pdf(makers.stream(lines, b"/Filter/FlateDecode")),
        "forms": makers.laughing_forms(10, 10),
        "states": makers.page_pdf(makers.stream(states, b"/Filter/FlateDecode")),
        "picture": makers.page_pdf(covering, makers.stream(dots, image + b"/Filter/FlateDecode"), resources=own),
        "self-drawing form": makers.page_pdf(makers.stream(b"/X Do"), makers.stream(b"/X Do", itself), resources=own),
        "deep arrays": makers.pdf(b"<</Type/Catalog/Pages 2 0 R/X " + deep + b">>", one, page),
        "many pages": makers.pdf(b"<</Type/Catalog/Pages 2 0 R>>", many, page),
        "page tree in a ring": makers.pdf(b"<</Type/Catalog/Pages 2 0 R>>", ring),
        "endless page": makers.page_pdf(makers.said(b"hello")).replace(b"[0 0 595 842]", b"[0 0 1e9 1e9]"),
        "no page": makers.page_pdf(makers.said(b"hello")).replace(b"[0 0 595 842]", b"[0 0 0 0]     "),
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_bombs_do_not_go_off(guard: Guard, name: str) -> None:
    done = ask(guard, bombs()[name])
    if name in {"flate", "double flate", "letters", "lines", "forms", "states"}:
        assert Review.TOO_LARGE in done.record.needs_review


def test_good_pages_beside_a_bomb_are_read(guard: Guard) -> None:
    good = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 7 0 R>>>>>>"
    content = makers.pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", good % 5, good % 6,
        makers.flate_bomb(200), makers.said(b"No internet since Monday, please call me back soon"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )  # fmt: skip
    done = ask(guard, content)
    assert "No internet since Monday" in done.reading.text
    assert [bool(page.problem) for page in done.reading.pages] == [True, False]


def test_no_file_is_opened_for_a_font(guard: Guard, tmp_path: Path) -> None:
    (tmp_path / "evil.pickle.gz").write_bytes(b"cos\nsystem\n")
    path = "".join(
        f"#{ord(letter):02x}" if not letter.isalnum() else letter for letter in f"../../../..{tmp_path}/evil"
    )
    font = (
        f"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/{path}/DescendantFonts["
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    ).encode()
    content = makers.page_pdf(makers.said(b"hello"), font, resources=b"/Font<</F1 6 0 R>>")
    done = ask(guard, content, recognise=True)
    assert not [note for note in done.reading.notes if "reader failed" in note]


def test_a_cut_document_is_read_as_far_as_it_goes(guard: Guard) -> None:
    whole = makers.letter_pdf("Не работает интернет третий день\nПетров Иван Сергеевич, 8 917 340-22-18")
    with ThreadPoolExecutor(2) as pool:
        cuts = list(pool.map(lambda share: ask(guard, whole[: len(whole) * share // 20]), range(21)))
    assert cuts[-1].record.reporter.phone == "+79173402218"
    assert all(done.reading.text or done.record.needs_review or done.wants_recognition for done in cuts)


def test_a_zip_in_a_letter_stays_closed(guard: Guard) -> None:
    stored = io.BytesIO((CORPORA / "archive-hostile/zod/42.zip").read_bytes())
    done = ask(guard, makers.bundle(a_zip=stored.getvalue()), "application/vnd.faultgate.letter+zip")
    assert [bool(page.problem) for page in done.reading.pages] == [True]
