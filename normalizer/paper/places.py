"""Where on paper a stretch of text stands, and how surely its words were read."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from records.reading import Box, Page, Word

_EXACT = re.compile(r"[\d\u3400-\u9fff]")  # what no other letter of its word bears out
_SLACK = 200  # letters beyond its own length in which a lost line is looked for


class Place(Struct, frozen=True):
    """Where a stretch of text stands."""

    page: int
    box: Box
    sure: float  # 0 to 1: how surely its words were read


class Places:
    """The words of all pages in reading order, to be found again by their letters."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._words: list[tuple[int, Word]] = [(page.number, word) for page in pages for word in page.words]
        self._letters = ""
        self._owners: list[int] = []  # the word of each letter
        pieces: list[str] = []
        for place, (_, word) in enumerate(self._words):
            letters = _letters(word.text)
            pieces.append(letters)
            self._owners += [place] * len(letters)
        self._letters = "".join(pieces)

    def along(self, text: str) -> "Trail":
        """Find the words of a text that was made of these pages; lines may have been joined and some left out."""
        owners = [-1] * len(text)
        cursor = start = 0
        for line in text.split("\n"):
            cursor = self._follow(text, start, start + len(line), cursor, owners)
            start += len(line) + 1
        return Trail(owners, self._words)

    def _follow(self, text: str, start: int, end: int, cursor: int, owners: list[int]) -> int:
        """Find one line, where it can't be found whole its words one by one; give where it ends."""
        wanted = _letters(text[start:end])
        if not wanted:
            return cursor
        found = self._letters.find(wanted, cursor)
        found = found if found >= 0 else self._letters.find(wanted)
        if found >= 0:
            self._own(text, start, end, found, owners)
            return found + len(wanted)
        limit = cursor + len(wanted) + _SLACK
        for first, last in _words(text, start, end):
            letters = _letters(text[first:last])
            found = self._letters.find(letters, cursor, limit) if letters else -1
            if found >= 0:
                self._own(text, first, last, found, owners)
                cursor = found + len(letters)
        return cursor

    def _own(self, text: str, start: int, end: int, found: int, owners: list[int]) -> None:
        for place in range(start, end):
            count = len(_letters(text[place]))
            if count:
                owners[place] = self._owners[found]
                found += count


class Trail:
    """The words behind each letter of one text."""

    def __init__(self, owners: list[int], words: list[tuple[int, Word]]) -> None:
        self._owners = owners
        self._words = words

    def place(self, start: int, end: int) -> Place | None:
        """Tell where a stretch stands: on the page where it begins; None where no word of it was found.

        A number, or a Chinese sign, is as sure as its worst part; of other words the mean counts, by their letters.
        """
        owned = [owner for owner in self._owners[start:end] if owner >= 0]
        if not owned:
            return None
        page = self._words[owned[0]][0]
        words = [self._words[owner][1] for owner in dict.fromkeys(owned)]
        exact = [word.confidence for word in words if _EXACT.search(word.text)]
        mean = sum(self._words[owner][1].confidence for owner in owned) / len(owned)
        boxes = [self._words[owner][1].box for owner in dict.fromkeys(owned) if self._words[owner][0] == page]
        return Place(page, _union(boxes), min([*exact, mean]))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for place in range(start, end + 1):
        if place == end or text[place].isspace():
            if place > first:
                yield first, place
            first = place + 1


def _union(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
