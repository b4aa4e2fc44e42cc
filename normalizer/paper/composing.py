"""Words as seen become the text of a page: lines, paragraphs, and for every word its place."""

import re
import statistics
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from normalizer.paper.engine import Seen
from normalizer.paper.sheet import Matrix
from records.reading import Box, Word

WHOLE: Final = 10_000  # boxes are in ten-thousandths of the page
_TIGHT: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")  # Chinese is written without spaces
_COLON: Final = re.compile(r"(?<=[\u3400-\u9fff]):")
_TORN: Final = re.compile(r"@\S* \.\w+$")


def text_of(seen: Sequence[Seen]) -> str:
    """Join words to lines and paragraphs. Without white space it is the words' letters, in their order."""
    lines = [list(words) for _, words in groupby(seen, key=lambda word: word.line)]
    height = statistics.median(_bottom(line) - _top(line) for line in lines) if lines else 0
    text, above = "", None
    for line in lines:
        if above is not None:
            apart = _top(line) - _bottom(above) > 0.9 * height or line[0].line[0] != above[0].line[0]
            text += "\n\n" if apart else "\n"
        text += _joined(line)
        above = line
    return text


def typeset(seen: Sequence[Seen]) -> list[Seen]:
    """Write a colon after a Chinese character as wide as it is printed: the engine knows the narrow one only."""
    words: list[Seen] = []
    for word in seen:
        before = words[-1].text[-1] if words and words[-1].line == word.line else ""
        text = _COLON.sub("：", before + word.text)[len(before) :]
        words.append(word._replace(text=text))
    return words


def placed(seen: Iterable[Seen], back: Matrix, size: tuple[int, int]) -> tuple[Word, ...]:
    """Give words with boxes on the upright page of `size` pixels (width, height); `back` leads there."""
    return tuple(Word(word.text, _box(word, back, size), round(word.confidence, 3)) for word in seen)


def confidence_of(seen: Sequence[Seen]) -> float | None:
    """Give the mean over the words, weighted by their letters."""
    letters = sum(len(word.text) for word in seen)
    return round(sum(word.confidence * len(word.text) for word in seen) / letters, 3) if letters else None


def _joined(line: Sequence[Seen]) -> str:
    text = line[0].text
    for word in line[1:]:
        tight = _TIGHT.match(text[-1]) or _TIGHT.match(word.text[0])
        torn = _TORN.search(f"{text} {word.text}")  # what is wide between the letters of a mail address is no space
        text += word.text if tight or torn else f" {word.text}"
    return text


def _top(line: Sequence[Seen]) -> int:
    return min(word.top for word in line)


def _bottom(line: Sequence[Seen]) -> int:
    return max(word.bottom for word in line)


def _box(word: Seen, back: Matrix, size: tuple[int, int]) -> Box:
    corners = np.array([[x, y, 1.0] for x in (word.left, word.right) for y in (word.top, word.bottom)], np.float64)
    x, y, _ = back @ corners.T
    left, right = (int(np.clip(round(edge * WHOLE / size[0]), 0, WHOLE)) for edge in (x.min(), x.max()))
    top, bottom = (int(np.clip(round(edge * WHOLE / size[1]), 0, WHOLE)) for edge in (y.min(), y.max()))
    return left, top, right, bottom
