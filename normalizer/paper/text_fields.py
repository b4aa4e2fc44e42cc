"""What was filled into the form of a PDF (ISO 32000 section 12.7): it is drawn beside the page's own text."""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text
from pdfplumber.page import Page as PlumberPage

from normalizer.readers.clean import clean

_TYPED: Final = frozenset({"Tx", "Ch"})  # text and choices
_DEEPEST: Final = 9


class Filled(Struct, frozen=True):
    """One word that somebody filled in, and where; the first of a field bears its label."""

    text: str
    box: tuple[float, float, float, float]
    label: str = ""


def filled(source: PlumberPage) -> Iterator[Filled]:
    """Give what was filled in, word by word, laid out in its field."""
    for annotation in source.annots:
        field = annotation["data"]
        kind = getattr(_entry(field, "FT"), "name", "")
        if kind in _TYPED and (text := _string(_entry(field, "V"))):
            label = _string(_entry(field, "TU")) or _string(_entry(field, "T"))
            box = annotation["x0"], annotation["top"], annotation["x1"], annotation["bottom"]
            yield from _laid_out(label, text, box)


def _laid_out(label: str, text: str, box: tuple[float, float, float, float]) -> Iterator[Filled]:
    left, top, right, bottom = box
    lines = [line.split() for line in text.splitlines() if line.strip()]
    height = (bottom - top) / max(1, len(lines))
    for row, words in enumerate(lines):
        width = (right - left) / len(words)
        for place, word in enumerate(words):
            edge, above = left + place * width, top + row * height
            yield Filled(word, (edge, above, edge + width, above + height), "" if row or place else label)


def _string(value: object) -> str:
    return clean(decode_text(value)).strip() if isinstance(value, bytes) else ""


def _entry(field: dict[str, Any], key: str, depth: int = 0) -> object:
    """Give an entry of a field, or of the field that it is a part of."""
    if key in field or depth > _DEEPEST:
        return resolve1(field.get(key))
    parent = resolve1(field.get("Parent"))
    return _entry(parent, key, depth + 1) if isinstance(parent, dict) else None
