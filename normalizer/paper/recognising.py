"""One page read: it is cleaned, found to lie in some way and to be in some language, and read accordingly."""

from typing import Final, NamedTuple

import numpy as np

from normalizer.fields.language import language_of
from normalizer.paper.cleaning import clean
from normalizer.paper.composing import confidence_of, placed, text_of
from normalizer.paper.engine import COLUMN, see
from normalizer.paper.sheet import Pixels, Sheet, turned
from normalizer.paper.turning import INK, lean, straightened
from records.reading import Page

SURE: Final = 0.85  # a sample read with so much confidence was read in its language and the right way up
LIKELY: Final = 0.6  # with so much it was read in the wrong language at worst, but never upside down
SAMPLE: Final = 0.05  # of the page's height
_SCRIPTS: Final = ("ru", "en", "zh")  # one language for each script


class Way(NamedTuple):
    """How a page is to be read."""

    confidence: float
    turn: int  # 0 or 180 degrees
    language: str


def recognise(sheet: Sheet, *, number: int = 1, language: str = "ru") -> Page:
    """Read one page; `language` is the one expected (ru, en, it, zh), whichever of the four it is in is found.

    Make a field of words above a confidence of 0.75; below 0.6 a word is wrong more often than right. Raises
    NoLanguageData.
    """
    pixels = clean(sheet)
    if not _has_ink(pixels):
        return Page(number=number)
    degrees, sideways = lean(pixels)
    straight, back = straightened(turned(pixels, 90 if sideways else 0), degrees)
    way = _way(straight, language)
    seen = see(turned(straight, way.turn), way.language, COLUMN)
    return Page(
        number=number,
        language=way.language if seen else None,
        rotation=(way.turn + (90 if sideways else 0)) % 360 if seen else 0,
        confidence=confidence_of(seen),
        text=text_of(seen),
        words=placed(seen, back, pixels.shape if sideways else pixels.shape[::-1]),
    )


def _has_ink(pixels: Pixels) -> bool:
    return bool((pixels < INK).any())


def _way(pixels: Pixels, expected: str) -> Way:
    """Find the way up and the language by reading a few lines."""
    sample, ways = _sample(pixels), list[Way]()
    for turn in (0, 180):
        for language in (expected, *(one for one in _SCRIPTS if one != expected and (one, expected) != ("en", "it"))):
            seen = see(turned(sample, turn), language, COLUMN)
            ways.append(Way(confidence_of(seen) or 0.0, turn, language_of(text_of(seen), language)))
            if ways[-1].confidence >= SURE:
                return ways[-1]
        if max(ways).confidence >= LIKELY:
            break
    return max(ways)


def _sample(pixels: Pixels) -> Pixels:
    """Cut out the few lines with the most writing."""
    height, width = pixels.shape
    ink = pixels < INK
    edges = np.count_nonzero(ink[:, 1:] != ink[:, :-1], axis=1).astype(np.float64)
    tall = min(max(60, round(max(height, width) * SAMPLE)), height)
    top = int(np.convolve(edges, np.ones(tall), "valid").argmax())
    return np.ascontiguousarray(pixels[max(0, top - 15) : top + tall + 15])
