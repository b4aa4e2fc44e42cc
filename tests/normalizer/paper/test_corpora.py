"""Real pages: no fewer words are found than the bare engine finds in the right language; hostile files hurt nobody."""

import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.settings import Readers
from normalizer.guard import Guard
from normalizer.job import Job
from normalizer.leash import ReaderDied
from records.words import Review
from tests.conftest import CORPORA, unavailable
from tests.normalizer.paper.reading_pages import encoded, faxed, read_all
from tests.normalizer.test_guard import CONTEXT
from tests.page_texts import letter
from tests.pages import fax, render

#: A picture, the text that stands on it, and its language.
KNOWN = (
    ("tesseract-test/phototest.tif", "tesseract-test/phototest.gold.txt", "eng"),
    ("tesseract-test/8087_054.3B.tif", "tesseract-test/8087_054.3B.txt", "eng"),
    ("ocrmypdf-resources/linn.png", "ocrmypdf-resources/linn.txt", "eng"),
)
MOST = 400 * 1024  # KiB of memory of a child


def recall(known: str, read: str) -> float:
    """Tell which share of the known words was read."""
    wanted, found = (Counter(re.findall(r"\w{2,}", text.lower())) for text in (known, read))
    return sum((wanted & found).values()) / sum(wanted.values())


@pytest.mark.parametrize(("picture", "text", "language"), KNOWN)
def test_no_word_is_lost_that_the_bare_engine_finds(picture: str, text: str, language: str) -> None:
    if not (CORPORA / picture).exists():
        unavailable(f"corpora/{picture}")
    known = (CORPORA / text).read_text(encoding="utf-8")
    bare = subprocess.run(["tesseract", CORPORA / picture, "-", "-l", language], capture_output=True, check=True)
    [done] = read_all([((CORPORA / picture).read_bytes(), "image/png")], "ru")
    assert recall(known, done.reading.text) >= recall(known, bare.stdout.decode())


def test_hostile_pictures_become_readings_with_a_reason() -> None:
    hostile = [path for path in sorted((CORPORA / "image-hostile").rglob("*")) if path.is_file()]
    if not hostile:
        unavailable("corpora/image-hostile")
    guard = Guard(Readers())
    context = replace(CONTEXT, recognise=True)

    def read(path: Path) -> str | None:
        job = Job(content=path.read_bytes(), media_type="image/tiff", context=context)
        try:
            reading = guard.normalize(job, niced=True).reading
        except ReaderDied as died:
            return str(died)
        told = reading.text or any(page.problem for page in reading.pages) or Review.EMPTY in reading.reviews
        return None if told else "neither text nor a reason"

    try:
        with ThreadPoolExecutor(Readers().paper) as threads:
            wrong = {path.name: outcome for path, outcome in zip(hostile, threads.map(read, hostile), strict=True)}
    finally:
        guard.close()
    assert {outcome for outcome in wrong.values() if outcome} <= {"MemoryError at ImageFile.py"}, wrong


def test_many_pages_are_read_one_by_one_within_memory() -> None:
    """Twelve fax pages in one file, then a large photo: one child, never over its memory; beyond fifty, no more."""
    pages = [fax(render(letter("ru", seed).text, "ru", seed), seed, fine=False) for seed in range(3)]
    blank = fax(render("", "ru", 1, size=12), 1, specks=0)
    guard = Guard(Readers(paper=1))
    context = replace(CONTEXT, recognise=True)
    try:
        job = Job(content=faxed(*pages * 3, *[blank] * 46), media_type="image/tiff", context=context)
        reading = guard.normalize(job, niced=True).reading
        photo = encoded(render(letter("ru", 1).text, "ru", 1).convert("RGB").resize((6000, 8000)), "JPEG")
        large = guard.normalize(Job(content=photo, media_type="image/jpeg", context=context), niced=True).reading
        [child] = guard._niced._free
        status = Path(f"/proc/{child._process.pid}/status").read_text()
    finally:
        guard.close()
    assert [page.number for page in reading.pages] == list(range(1, 56))
    assert [bool(page.text) for page in reading.pages] == [True] * 9 + [False] * 46
    assert [bool(page.problem) for page in reading.pages] == [False] * 50 + [True] * 5
    assert Review.TRUNCATED in reading.reviews
    assert "интернет" in large.text or "телефон" in large.text.lower()
    [peak] = re.findall(r"VmHWM:\s*(\d+) kB", status)
    assert int(peak) < MOST


def test_only_the_pages_of_this_report_are_read() -> None:
    pages = [fax(render(letter("ru", seed).text, "ru", seed), seed) for seed in range(3)]
    guard = Guard(Readers(paper=1))
    try:
        some, none = (
            guard.normalize(Job(content=faxed(*pages), media_type="image/tiff", context=context), niced=True).reading
            for context in (replace(CONTEXT, recognise=True, pages=(2,)), CONTEXT)
        )
    finally:
        guard.close()
    assert [page.number for page in some.pages] == [2]
    assert letter("ru", 1).name in some.text
    assert [(page.number, page.text, page.problem) for page in none.pages] == [(n, "", None) for n in (1, 2, 3)]
