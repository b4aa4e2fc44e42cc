"""One page read: it is cleaned, found to lie in some way and to be in some language, and read accordingly."""

from typing import Final, NamedTuple

from normalizer.paper.cleaning import clean
from normalizer.paper.composing import confidence_of, placed, text_of, typeset
from normalizer.paper.engine import COLUMN, MIXED, see
from normalizer.paper.second_looks import better_layout, looked_at_again
from normalizer.paper.sheet import Matrix, Pixels, Sheet, turned
from normalizer.paper.turning import INK, lean, straightened
from normalizer.paper.ways import LIKELY, way
from records.reading import Page

SMALLEST: Final = 16  # dots at 300 dpi: no letter is lower
SLIMMEST: Final = 100  # times as long as wide: no writing stands on that, and the engine would be at it for minutes


def recognise(sheet: Sheet, *, number: int = 1, language: str = "ru") -> Page:
    """Read one page; `language` is the one expected (ru, en, it, zh), whichever of the four it is in is found.

    Make a field of words above a confidence of 0.75; below 0.6 a word is wrong more often than right. Raises
    NoLanguageData.
    """
    pixels = clean(sheet)
    slim = max(pixels.shape) > SLIMMEST * min(pixels.shape)
    if slim or min(pixels.shape) < SMALLEST or not _has_ink(pixels):
        return Page(number=number)
    laid = _laid(pixels, language)
    printed = sheet.bilevel and pixels.shape == sheet.pixels.shape and laid.language != "zh"
    seen = see(
        laid.pixels, laid.language, MIXED if printed else COLUMN
    )  # print scanned as such has columns, letters not
    seen = better_layout(laid.pixels, laid.language, seen)
    seen = typeset(looked_at_again(laid.pixels, laid.language, seen))
    return Page(
        number=number,
        language=laid.language if seen else None,
        rotation=laid.rotation if seen else 0,
        confidence=confidence_of(seen),
        text=text_of(seen),
        words=placed(seen, laid.back, pixels.shape if laid.rotation % 180 else pixels.shape[::-1]),
    )


class _Laid(NamedTuple):
    """A page upright and straight."""

    confidence: float
    rotation: int
    language: str
    pixels: Pixels
    back: Matrix  # to the pixels of the leaning page, as in `straightened`


def _laid(pixels: Pixels, language: str) -> _Laid:
    """Lay a page upright; where its lines read badly the way they seem to run, they may run the other way."""
    degrees, sideways = lean(pixels)
    laid = _upright(pixels, 90 if sideways else 0, degrees, language)
    if laid.confidence >= LIKELY:
        return laid
    other = _upright(pixels, 0 if sideways else 90, 0.0, language)
    return other if other.confidence > max(LIKELY, laid.confidence) else laid


def _upright(pixels: Pixels, quarter: int, degrees: float, language: str) -> _Laid:
    straight, back = straightened(turned(pixels, quarter), degrees)
    found = way(straight, language)
    return _Laid(found.confidence, quarter + found.turn, found.language, turned(straight, found.turn), back)


def _has_ink(pixels: Pixels) -> bool:
    return bool((pixels < INK).any())
