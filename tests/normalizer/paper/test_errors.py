"""How many characters are read wrongly on pages with known text, in four languages, through the guard.

python -m tests.normalizer.paper.test_errors 31 35      # the shares, for pages of these seeds
"""

import re
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import pytest

from records.reading import Page
from tests.normalizer.paper.reading_pages import encoded, faxed, read_all
from tests.page_texts import Letter, letter
from tests.pages import character_errors, fax, photo, render, scan

LANGUAGES = ("ru", "it", "zh", "en")
SEEDS = (21, 22)
#: Mean share of wrong characters at most: of the alphabets, of Chinese.
ALLOWED = {
    "clean": (0.01, 0.02), "scan": (0.01, 0.02), "fine": (0.015, 0.08), "standard": (0.03, 0.15), "photo": (0.03, 0.08),
}  # fmt: skip


def turn(seed: int) -> int:
    """Give the degrees clockwise by which a photo is turned."""
    return 90 if seed % 2 else 270


def drawn(order: tuple[str, str, int]) -> tuple[bytes, str]:
    kind, language, seed = order
    page = render(letter(language, seed).text, language, seed)
    if kind == "clean":
        return encoded(page, "PNG", dpi=(300, 300), compress_level=1), "image/png"
    if kind == "scan":
        return encoded(scan(page, seed), "TIFF", dpi=(300, 300)), "image/tiff"
    if kind == "photo":
        return encoded(photo(page, seed, turn=turn(seed)), "JPEG", quality=90), "image/jpeg"
    return faxed(fax(page, seed, fine=kind == "fine")), "image/tiff"


@cache
def read(seeds: tuple[int, ...] = SEEDS) -> dict[tuple[str, str, int], Page]:
    """Read every page once; the channel expects Russian of all of them."""
    orders = [(kind, language, seed) for kind in ALLOWED for language in LANGUAGES for seed in seeds]
    with ProcessPoolExecutor(2) as processes:
        files = list(processes.map(drawn, orders))
    return {order: done.reading.pages[0] for order, done in zip(orders, read_all(files), strict=True)}


def wrong_share(kind: str, language: str, seeds: tuple[int, ...] = SEEDS) -> float:
    """Give the mean share of wrong characters over pages of one kind and language."""
    return statistics.mean(
        character_errors(letter(language, seed).text, read(seeds)[kind, language, seed].text) for seed in seeds
    )


@pytest.mark.parametrize("kind", ALLOWED)
def test_few_characters_are_wrong(kind: str) -> None:
    wrong = {language: wrong_share(kind, language) for language in LANGUAGES}
    alphabets, chinese = ALLOWED[kind]
    assert statistics.mean(wrong[language] for language in LANGUAGES if language != "zh") <= alphabets, wrong
    assert wrong["zh"] <= chinese, wrong


def test_language_and_way_up_are_found() -> None:
    for (kind, language, seed), page in read().items():
        turned = turn(seed) if kind == "photo" else 0
        assert (page.language, page.rotation) == (language, (360 - turned) % 360), (kind, language, seed)


def test_words_are_the_letters_of_the_text_and_stand_where_they_are() -> None:
    for order, page in read().items():
        assert "".join("".join(word.text for word in page.words).split()) == "".join(page.text.split()), order
        tops = [word.box[1] for word in page.words]
        assert all(0 <= edge <= 10_000 for word in page.words for edge in word.box)
        assert statistics.median(tops[: len(tops) // 4]) < statistics.median(tops[-len(tops) // 4 :]), order


def test_a_word_stands_in_its_box_on_a_turned_photo() -> None:
    """The greeting and the telephone are where the page was printed, on the upright page."""
    for kind in ("clean", "photo"):
        page = read()[kind, "ru", 21]
        clean = read()["clean", "ru", 21]
        place = {word.text: word.box for word in clean.words if len(word.text) > 7}
        found = [(word.box, place[word.text]) for word in page.words if word.text in place]
        assert len(found) > 20
        assert statistics.median(abs(box[1] - there[1]) for box, there in found) < 600  # the table's edge is 6 %


def test_confidence_tells_wrong_words_from_right_ones() -> None:
    """Of words read with at least 0.75, hardly one is wrong; of those below 0.6 most are."""
    right: dict[bool, list[float]] = {True: [], False: []}
    for (_, language, seed), page in read().items():
        if language != "zh":
            known = words(letter(language, seed))
            for word in page.words:
                right[word.text in known].append(word.confidence)
    sure = [sum(one >= 0.75 for one in right[known]) for known in (True, False)]
    doubted = [sum(one < 0.6 for one in right[known]) for known in (True, False)]
    assert sure[1] <= 0.02 * sum(sure), sure
    assert doubted[1] >= 0.6 * sum(doubted), doubted


def words(known: Letter) -> set[str]:
    return set(re.split(r"\s+", known.text))


if __name__ == "__main__":
    asked = tuple(range(*map(int, sys.argv[1:3])))
    for each in ALLOWED:
        shares = "  ".join(f"{language} {wrong_share(each, language, asked):.2%}" for language in LANGUAGES)
        print(f"{each:9}{shares}")  # noqa: T201
