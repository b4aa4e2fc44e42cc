"""How a page is to be read: which way is up and in which language it is, told by reading a few of its lines."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from normalizer.fields.language import language_of
from normalizer.paper.composing import confidence_of, text_of
from normalizer.paper.engine import COLUMN, Seen, see
from normalizer.paper.sheet import Pixels, turned
from normalizer.paper.turning import INK

SURE: Final = 0.85  # lines read with so much confidence were read in their language and the right way up
LIKELY: Final = 0.6  # with so much they were read in another language at worst, but never upside down
SAMPLE: Final = 0.05  # of the page's longer side: so high is the strip that is read
LARGER: Final = 0.2  # the same for a page whose strip told nothing
LONG: Final = 3  # letters of a word that is wider than high
_EDGE: Final = 15  # dots above and below
_SCRIPTS: Final = ("ru", "en", "zh")  # one language for each script


class Way(NamedTuple):
    """How a page is to be read."""

    confidence: float
    turn: int  # 0 or 180 degrees
    language: str


def way(pixels: Pixels, expected: str) -> Way:
    """Find the way up and the language of a page whose lines run straight across; doubted ones by more lines."""
    found = _way(_strip(pixels, SAMPLE), expected)
    return found if found.confidence >= LIKELY else max(found, _way(_strip(pixels, LARGER), expected))


def _way(strip: Pixels, expected: str) -> Way:
    ways: list[Way] = []
    for turn in (0, 180):
        for language in (expected, *(one for one in _SCRIPTS if one != expected and (one, expected) != ("en", "it"))):
            seen = see(turned(strip, turn), language, COLUMN)
            confidence = 0.0 if _stand(seen) else confidence_of(seen) or 0.0
            ways.append(Way(confidence, turn, language_of(text_of(seen), language)))
            if ways[-1].confidence >= SURE:
                return ways[-1]
        if max(ways).confidence >= LIKELY:
            break
    return max(ways)


def _stand(seen: Sequence[Seen]) -> bool:
    """Tell words that stand on end: the engine reads them too, but the page lies on its side."""
    long = [word for word in seen if len(word.text) >= LONG]
    return 2 * sum(word.bottom - word.top > word.right - word.left for word in long) > len(long)


def _strip(pixels: Pixels, share: float) -> Pixels:
    """Cut out the few lines with the most writing."""
    height, width = pixels.shape
    ink = pixels < INK
    edges = np.count_nonzero(ink[:, 1:] != ink[:, :-1], axis=1).astype(np.float64)
    tall = min(max(60, round(max(height, width) * share)), height)
    top = int(np.convolve(edges, np.ones(tall), "valid").argmax())
    return np.ascontiguousarray(pixels[max(0, top - _EDGE) : top + tall + _EDGE])
