"""What was read with little confidence is looked at again: as another layout, or as Latin letters among others."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from normalizer.paper.composing import confidence_of
from normalizer.paper.engine import LINE, MIXED, Seen, see
from normalizer.paper.sheet import Pixels

POOR: Final = 0.8  # a page read with less confidence is read as a mixed layout too
DOUBTED: Final = 0.6  # a word of less confidence may be written in Latin letters
BELIEVED: Final = 0.7  # what a second look must have
_MOST: Final = 40  # second looks a page
_EDGE: Final = 8  # dots around a word
_FEW_HAN: Final = re.compile(r"[^\u3400-\u9fff]{3,}")
_LATIN: Final = re.compile(r"[ -~№«»–—]*[A-Za-z][ -~№«»–—]*")


def better_layout(pixels: Pixels, language: str, seen: list[Seen]) -> list[Seen]:
    """Read a page again as a mixed layout where it was read badly as one column; give the better reading."""
    if (confidence_of(seen) or 0.0) >= POOR:
        return seen
    return max(seen, see(pixels, language, MIXED), key=_worth)


def latin_words(pixels: Pixels, language: str, seen: Sequence[Seen]) -> list[Seen]:
    """Read doubted words of a Russian or Chinese page again as Latin: addresses of mail, brands, lights of a modem."""
    if language not in {"ru", "zh"}:
        return list(seen)
    looks, words = 0, list[Seen]()
    for doubted, group in groupby(seen, key=lambda word: (word.line, _doubted(word))):
        together = list(group)
        if doubted[1] and looks < _MOST:
            looks += 1
            together = list(_latin(pixels, together)) or together
        words += together
    return words


def _doubted(word: Seen) -> bool:
    return word.confidence < DOUBTED and bool(_FEW_HAN.search(word.text))


def _latin(pixels: Pixels, doubted: Sequence[Seen]) -> Iterator[Seen]:
    """Give what stands there in Latin letters; nothing where that is not believed."""
    left, top = (max(0, min(corner) - _EDGE) for corner in zip(*((w.left, w.top) for w in doubted), strict=True))
    right, bottom = (max(corner) + _EDGE for corner in zip(*((w.right, w.bottom) for w in doubted), strict=True))
    seen = see(np.ascontiguousarray(pixels[top:bottom, left:right]), "en", LINE)
    text = " ".join(word.text for word in seen)
    if (confidence_of(seen) or 0.0) < BELIEVED or not _LATIN.fullmatch(text):
        return
    for word in seen:
        yield word._replace(
            left=word.left + left, right=word.right + left, top=word.top + top, bottom=word.bottom + top,
            line=doubted[0].line,
        )  # fmt: skip


def _worth(seen: Sequence[Seen]) -> float:
    """Weigh a reading: letters read with confidence count, letters guessed count against it."""
    return sum(len(word.text) * (word.confidence - 0.5) for word in seen)
