"""What originals state in fields of their own, by media type: stated facts come in here and nowhere else."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from normalizer.context import Context
from normalizer.fields.stated import NOTHING, Stated
from normalizer.readers.sniffing import MAIL
from records.media import MAX, TELEGRAM, TICKET, WALK_IN, sequence
from records.reading import Reading
from records.words import Review

#: media type -> "module:function", called with (content, reading, context).
STATEMENTS: Final[dict[str, str]] = {
    WALK_IN: "normalizer.readers.walk_in:stated",
    **dict.fromkeys((TELEGRAM, sequence(TELEGRAM)), "normalizer.readers.telegram:stated"),
    **dict.fromkeys((MAX, sequence(MAX)), "normalizer.readers.max_messenger:stated"),
    TICKET: "normalizer.readers.trouble_ticket:stated",
    MAIL: "normalizer.partners:stated",
}


def stated(content: bytes, reading: Reading, context: Context) -> Stated:
    """Give what an original states; a fault in reading that costs only the statement: a person looks.

    Raises MemoryError or RecursionError where it asked more than a reader may use.
    """
    place = STATEMENTS.get(reading.media_type)
    if place is None or Review.UNREADABLE_ORIGINAL in reading.reviews:
        return NOTHING
    module, _, name = place.partition(":")
    state: Callable[[bytes, Reading, Context], Stated] = getattr(import_module(module), name)
    try:
        return state(content, reading, context)
    except (MemoryError, RecursionError):
        raise  # the child is no longer to be trusted: the guard replaces it
    except Exception:
        return Stated(reviews=(Review.UNREADABLE_ORIGINAL,))
