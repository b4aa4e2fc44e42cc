"""What was read with little confidence is looked at again: as another layout, line by line, as Latin letters."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np

from normalizer.paper.composing import confidence_of
from normalizer.paper.engine import LINE, MIXED, Seen, see
from normalizer.paper.sheet import Pixels

POOR: Final = 0.8  # a page read with less confidence is read as a mixed layout too
DOUBTED: Final = 0.6  # a word of less confidence is looked at again
BETTER: Final = 0.2  # by so much a second look must be more confident where its letters are of another script
BELIEVED: Final = 0.7  # and so confident at least
MAIL_BELIEVED: Final = 0.5  # an address of mail is unlike any other word
NOISE: Final = 0.3  # a long line read with less confidence is no writing: a page's edge, a picture, a stamp
LONG: Final = 20  # letters
_MOST: Final = 20  # second looks a page
_EDGE: Final = 10  # dots around what is looked at
_ODD: Final = re.compile(r"[\\{}$@|<>]|[а-яё]\d|\d[а-яё]{2}")  # no Russian word has that
_FEW_HAN: Final = re.compile(r"[^\u3400-\u9fff]{3,}")
_LATIN: Final = re.compile(r"[ -~№«»–—]*[A-Za-z][ -~№«»–—]*")


def better_layout(pixels: Pixels, language: str, seen: list[Seen]) -> list[Seen]:
    """Read a page again as a mixed layout where it was read badly as one column; give the better reading."""
    if _confidence(seen) >= POOR:
        return seen
    return max(seen, see(pixels, language, MIXED), key=_worth)


def looked_at_again(pixels: Pixels, language: str, seen: Sequence[Seen]) -> list[Seen]:
    """Read lines with doubted words again one by one, and such words as Latin where they are among others.

    Addresses of mail, brands and the lights of a modem are Latin in a Russian or Chinese letter. Lines of noise are
    left out of a page that has better ones.
    """
    good, looks, words = _confidence(seen) >= DOUBTED, 0, list[Seen]()
    for _, group in groupby(seen, key=lambda word: word.line):
        line = list(group)
        if looks < _MOST and any(word.confidence < DOUBTED for word in line):
            looks += 1
            line = max(line, _look(pixels, language, line), key=_confidence)
            line = line if language in {"en", "it"} else _with_latin(pixels, line)
        if not (good and _confidence(line) < NOISE and sum(len(word.text) for word in line) >= LONG):
            words += line
    return words


def _with_latin(pixels: Pixels, line: Sequence[Seen]) -> list[Seen]:
    words: list[Seen] = []
    for doubted, group in groupby(line, key=_doubted):
        together = list(group)
        latin = _look(pixels, "en", together) if doubted else []
        words += latin if _believed(latin, together) else together
    return words


def _doubted(word: Seen) -> bool:
    return bool((word.confidence < DOUBTED and _FEW_HAN.search(word.text)) or _ODD.search(word.text))


def _believed(latin: Sequence[Seen], before: Sequence[Seen]) -> bool:
    """Tell Latin words from words of another script that only look like them."""
    text, confidence = " ".join(word.text for word in latin), _confidence(latin)
    odd = any(_ODD.search(word.text) for word in before)
    enough = MAIL_BELIEVED if "@" in text else BELIEVED
    return confidence >= (enough if odd else max(enough, _confidence(before) + BETTER)) and bool(_LATIN.fullmatch(text))


def _look(pixels: Pixels, language: str, words: Sequence[Seen]) -> list[Seen]:
    """Read the words of one line again, apart from the others."""
    left, top = max(0, min(w.left for w in words) - _EDGE), max(0, min(w.top for w in words) - _EDGE)
    right, bottom = max(w.right for w in words) + _EDGE, max(w.bottom for w in words) + _EDGE
    return [
        word._replace(
            left=word.left + left,
            right=word.right + left,
            top=word.top + top,
            bottom=word.bottom + top,
            line=words[0].line,
        )
        for word in see(np.ascontiguousarray(pixels[top:bottom, left:right]), language, LINE)
    ]


def _confidence(words: Sequence[Seen]) -> float:
    return confidence_of(words) or 0.0


def _worth(seen: Sequence[Seen]) -> float:
    """Weigh a reading: letters read with confidence count, letters guessed count against it."""
    return sum(len(word.text) * (word.confidence - 0.5) for word in seen)
