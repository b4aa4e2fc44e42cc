"""Office files to text by kept libraries: docx, xlsx, odt, ods, rtf. Nothing in them is followed, run or fetched."""

import io
import re
from collections.abc import Callable
from typing import Final

from normalizer.context import Context
from normalizer.readers import magic, office_documents, office_sheets, rtf
from normalizer.readers.clean import clean
from normalizer.readers.office_package import Encrypted, Oversized, package
from normalizer.readers.office_types import OPEN, RICH, SHEET, WORD
from records.reading import Reading
from records.words import Review

_READERS: Final[dict[str, Callable[[io.BytesIO], str]]] = {
    **dict.fromkeys(WORD, office_documents.word),
    **dict.fromkeys(SHEET, office_sheets.excel),
    **dict.fromkeys(OPEN, office_documents.open_document),
}
_LONGEST: Final = 200_000  # characters of one file
_BLANKS: Final = re.compile(r"\n{3,}")


class Unreadable(Exception):
    """An office file that can't be read; the text says why, and `review` what a person is told."""

    def __init__(self, reason: str, review: Review = Review.UNREADABLE_ORIGINAL) -> None:
        super().__init__(reason)
        self.review = review


def read(content: bytes, context: Context) -> Reading:
    """Read an office file that is a report of its own."""
    from normalizer.paper.prose import reading_of_letter

    media_type = context.original.media_type
    try:
        written = text(content, media_type)
    except Unreadable as trouble:
        return Reading(media_type=media_type, reviews=(trouble.review,), notes=(str(trouble),))
    return reading_of_letter(written, media_type, context)


def read_old(content: bytes, context: Context) -> Reading:
    """Tell why a file of an older program, or one behind a password, can't be read."""
    problem = magic.problem(content)
    review = Review.ENCRYPTED if problem else Review.UNREADABLE_ORIGINAL
    note = f"{problem}: the sender must be asked" if problem else "a file of an older office program: not read"
    return Reading(media_type=context.original.media_type, reviews=(review,), notes=(note,))


def text(content: bytes, media_type: str) -> str:
    """Give the text of an office file: tables as `label: value` lines. Raises Unreadable."""
    try:
        written = rtf.text(content) if media_type in RICH else _READERS[media_type](package(content))
    except Encrypted as trouble:
        raise Unreadable("encrypted with a password: the sender must be asked", Review.ENCRYPTED) from trouble
    except Oversized as trouble:
        raise Unreadable(f"{trouble}: not unpacked") from trouble
    except (MemoryError, RecursionError):
        raise
    except Exception as trouble:  # damage shows in every layer: ZIP, XML, the library's own assumptions
        raise Unreadable(f"damaged office file ({type(trouble).__name__})") from trouble
    return _BLANKS.sub("\n\n", clean(written[:_LONGEST])).strip()
