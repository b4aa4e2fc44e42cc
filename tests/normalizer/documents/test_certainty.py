"""What is accepted of a page without a person is right: measured on pages rendered, faxed and photographed.

More pages with `python -m tests.normalizer.documents.test_certainty 100 108` (seeds): wrong, accepted, held, not found.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import pytest
from PIL import Image

from normalizer.fields import Found, find
from normalizer.paper.decoding import Unreadable
from normalizer.paper.reading import reading_of
from normalizer.paper.sources import opened
from records.media import LETTER
from records.reading import Page, Reading, Word
from records.words import Review
from tests import pages
from tests.normalizer.documents import makers
from tests.normalizer.documents.reading import job
from tests.normalizer.field_scores import value_of
from tests.page_texts import Letter, letter

LANGUAGES = {"ru": "RU", "zh": "CN", "it": "IT", "en": "GB"}
KINDS: dict[str, Callable[[Image.Image, int], Image.Image]] = {
    "clean": lambda page, _: page,
    "scan": pages.scan,
    "fine fax": pages.fax,
    "standard fax": lambda page, seed: pages.fax(page, seed, fine=False),
    "photo": lambda page, seed: pages.photo(page, seed, turn=90 * (seed % 4)),
}
#: Long after every date of the letters.
NEXT_YEAR = datetime(2026, 12, 31, tzinfo=UTC)


def told(written: Letter) -> dict[str, str | None]:
    """Give what a careful clerk takes from a letter; the firm on it is ours."""
    return {
        "reporter.name": written.name, "reporter.phone": written.phone, "reporter.email": written.email,
        "affected.account": written.account, "affected.address.city": written.city,
        "affected.address.street": written.street, "affected.address.house": written.house,
        "affected.address.flat": written.flat, "reporter.organization": None, "reference": None, "external_id": None,
        "affected.line": None,
    }  # fmt: skip


def results(written: Letter, found: Found) -> Iterator[tuple[str, str]]:
    """Give each field with what became of it: right, wrong, held for a person, or not found."""
    for field, expected in told(written).items():
        value = value_of(found, field)
        if value is None and expected is not None:
            yield field, "held" if field in found.unsure else "absent"
        elif value is not None:
            yield field, "right" if _same(str(value), expected) else "wrong"


def _same(value: str, expected: str | None) -> bool:
    def plain(text: str) -> list[str]:
        return sorted(text.casefold().replace("ё", "е").removesuffix("号").removeprefix("via ").split())

    return expected is not None and plain(value) == plain(expected)


def read(language: str, kind: str, seed: int) -> tuple[Letter, Found, Reading]:
    written = letter(language, seed)
    image = KINDS[kind](pages.render(written.text, language, seed), seed)
    context = job(b"", language=language, region=LANGUAGES[language], received_at=NEXT_YEAR).context
    reading = reading_of([_recognised(image, language)], "image/tiff", context)
    return written, find(reading, context), reading


def _recognised(image: Image.Image, language: str) -> Page:
    from normalizer.paper.recognising import recognise

    sheet = opened(makers.bundle(a_tif=makers.tiff(image.convert(image.mode))), LETTER).sheet(1)
    assert not isinstance(sheet, Unreadable)
    return recognise(sheet, language=language)


def measured(cases: Iterable[tuple[str, str, int]]) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    wrong = []
    for language, kind, seed in cases:
        written, found, _ = read(language, kind, seed)
        for field, result in results(written, found):
            counts[result] += 1
            if result == "wrong":
                wrong.append(f"{language} {kind} {seed} {field}: {value_of(found, field)}")
    return counts, wrong


def test_what_is_accepted_is_right() -> None:
    kinds = list(KINDS)
    cases = [(language, kinds[(2 * n + m) % 5], 11 + n) for n, language in enumerate(LANGUAGES) for m in range(2)]
    counts, wrong = measured(cases)
    accepted = counts["right"] + counts["wrong"]
    assert counts["wrong"] <= 0.02 * accepted, wrong
    assert accepted >= 0.7 * counts.total(), counts


def one_word_page(*words: tuple[str, float]) -> Reading:
    """Lay out words in one line, each read with so much confidence."""
    laid = [Word(text, (n * 500, 0, n * 500 + 400, 200), confidence) for n, (text, confidence) in enumerate(words)]
    text = " ".join(word.text for word in laid)
    page = Page(number=1, text=text, words=tuple(laid), confidence=0.9)
    return Reading(media_type="image/tiff", text=text, new_text=text, pages=(page,))


CONTEXT = job(b"").context


def test_a_number_with_one_doubtful_figure_is_to_be_checked() -> None:
    found = find(one_word_page(("тел.", 0.99), ("8", 0.99), ("(917)", 0.4), ("340-22-18", 0.99)), CONTEXT)
    assert found.reporter.phone is None
    assert found.evidence["reporter.phone"].text == "8 (917) 340-22-18"
    assert found.evidence["reporter.phone"].box == (500, 0, 1900, 200)
    assert "reporter.phone" in found.unsure


def test_what_is_to_be_checked_is_missing_and_says_so() -> None:
    from normalizer.record import record

    made = record(
        one_word_page(("Не", 0.9), ("работает", 0.9), ("интернет,", 0.9), ("8", 0.9), ("9173402218", 0.3)), CONTEXT
    )
    assert made.reporter.phone is None
    assert "reporter.phone" in made.missing
    assert Review.LOW_OCR_CONFIDENCE in made.needs_review


@pytest.mark.parametrize(("second", "stands"), [("653468998", True), ("653468993", False)])
def test_twice_the_same_is_surer_and_almost_the_same_is_doubtful(second: str, *, stands: bool) -> None:
    words = [("договор", 0.9), ("653468998", 0.7), ("лицевой", 0.9), ("счёт", 0.9), (second, 0.7)]
    found = find(one_word_page(*words), CONTEXT)
    assert (found.affected.account == "653468998") is stands
    assert ("affected.account" in found.unsure or bool(found.conflicts)) is not stands


def test_what_came_as_text_is_not_doubted() -> None:
    page = one_word_page(("8", 1.0), ("917", 1.0), ("340-22-18", 1.0))
    assert find(page, CONTEXT).reporter.phone == "+79173402218"


if __name__ == "__main__":
    first, last = map(int, sys.argv[1:])
    for one in KINDS:
        for each in LANGUAGES:
            total, mistakes = measured((each, one, seed) for seed in range(first, last))
            sys.stdout.write(f"{each} {one:12} {dict(total)} {mistakes}\n")
            sys.stdout.flush()
