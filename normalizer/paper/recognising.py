"""One page read: it is cleaned, found to lie in some way and to be in some language, and read accordingly."""

from normalizer.paper.cleaning import clean
from normalizer.paper.composing import confidence_of, placed, text_of
from normalizer.paper.engine import COLUMN, see
from normalizer.paper.second_looks import better_layout, looked_at_again
from normalizer.paper.sheet import Pixels, Sheet, turned
from normalizer.paper.turning import INK, lean, straightened
from normalizer.paper.ways import way
from records.reading import Page


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
    found = way(straight, language)
    upright = turned(straight, found.turn)
    seen = better_layout(upright, found.language, see(upright, found.language, COLUMN))
    seen = looked_at_again(upright, found.language, seen)
    return Page(
        number=number,
        language=found.language if seen else None,
        rotation=(found.turn + (90 if sideways else 0)) % 360 if seen else 0,
        confidence=confidence_of(seen),
        text=text_of(seen),
        words=placed(seen, back, pixels.shape if sideways else pixels.shape[::-1]),
    )


def _has_ink(pixels: Pixels) -> bool:
    return bool((pixels < INK).any())
