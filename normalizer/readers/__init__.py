"""The readers: the bytes of an original to its text and parts. One reader a media type, loaded when first needed."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from msgspec.structs import replace

from normalizer.context import Context
from normalizer.readers.office_types import OFFICE, OLD
from normalizer.readers.sniffing import sniff
from records.media import LETTER, MAX, TELEGRAM, TICKET, WALK_IN, sequence
from records.reading import Reading
from records.words import Review

__all__ = ["READERS", "read", "sniff"]

#: media type -> "module:function", called with (content, context).
READERS: Final[dict[str, str]] = {
    "message/rfc822": "normalizer.readers.mail:read",
    "text/plain": "normalizer.readers.plain:read",
    **dict.fromkeys(
        (f"image/{kind}" for kind in ("tiff", "jpeg", "png", "webp", "heic", "heif", "gif", "bmp")),
        "normalizer.readers.image:read",
    ),
    **dict.fromkeys(("application/pdf", LETTER), "normalizer.readers.paper:read"),
    **dict.fromkeys(OFFICE, "normalizer.readers.office:read"),
    **dict.fromkeys(OLD, "normalizer.readers.office:read_old"),
    WALK_IN: "normalizer.readers.walk_in:read",
    **dict.fromkeys((TELEGRAM, sequence(TELEGRAM)), "normalizer.readers.telegram:read"),
    **dict.fromkeys((MAX, sequence(MAX)), "normalizer.readers.max_messenger:read"),
    TICKET: "normalizer.readers.trouble_ticket:read",
}


def read(content: bytes, media_type: str, context: Context) -> Reading:
    """Read an original of a type that `sniff` told. What is wrong in it becomes a review.

    Raises MemoryError or RecursionError where it asked more than a reader may use.
    """
    place = READERS.get(media_type)
    if place is None:
        return _unread(media_type, f"no reader for {media_type} yet: the original is kept")
    module, _, name = place.partition(":")
    reader: Callable[[bytes, Context], Reading] = getattr(import_module(module), name)
    try:
        reading = reader(content, context)
    except (MemoryError, RecursionError):
        raise  # the child is no longer to be trusted: the guard replaces it
    except Exception as trouble:
        return _unread(media_type, f"the reader failed ({type(trouble).__name__}): the original is kept")
    if context.problem == "too_large":
        note = "larger than this desk takes: only the beginning came"
        return replace(reading, reviews=(*reading.reviews, Review.TOO_LARGE), notes=(*reading.notes, note))
    return reading


def _unread(media_type: str, note: str) -> Reading:
    return Reading(media_type=media_type, reviews=(Review.UNREADABLE_ORIGINAL,), notes=(note,))
