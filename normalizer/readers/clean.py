"""Text made safe to keep and to show: no NUL, no lone surrogate, nothing that hides or turns what is read."""

import re
import unicodedata
from typing import Final

from normalizer.readers.limits import NAME

REPLACEMENT: Final = "\ufffd"
_BIDI: Final = {
    "\u061c": "ALM", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
}  # fmt: skip
_SHOWN: Final = {
    **{control: f"[{name}]" for control, name in _BIDI.items()},
    **dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"),
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),  # seen by nobody, and they part words
}
_ODD: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Give the text with plain line ends; what can't be shown is U+FFFD, bidirectional controls are named: [RLO]."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return _ODD.sub(lambda odd: _SHOWN.get(odd[0], REPLACEMENT), text)


def clean_line(text: str, length: int) -> str:
    """Give one clean line without spaces around it, cut to `length` characters."""
    line = " ".join(clean(text[: 4 * length]).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def clean_name(name: str | None) -> str | None:
    """Give a file name fit to be shown: NFKC, no folders, no control or invisible characters; None where none is left.

    It is data for a person, never a path.
    """
    if not name:
        return None
    normal = unicodedata.normalize("NFKC", name[: 4 * NAME])
    bare = "".join(char for char in normal.replace("\\", "/") if unicodedata.category(char)[0] != "C")
    last = next((piece for piece in reversed(bare.split("/")) if piece.strip(" .")), "")
    line = " ".join(last.split())
    stem, dot, suffix = line.rpartition(".")
    if len(line) > NAME and dot and len(suffix) < 20:
        return stem[: NAME - len(suffix) - 2] + "…." + suffix
    return line[:NAME] or None
