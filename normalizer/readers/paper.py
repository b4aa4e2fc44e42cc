"""Pages to a reading: text layers are read, pictures recognised where this child has the time."""

from collections.abc import Iterator

from msgspec.structs import replace

from normalizer.context import Context
from normalizer.paper.decoding import Unreadable
from normalizer.paper.recognising import recognise
from normalizer.paper.prose import prose
from normalizer.paper.reading import AUTOMATIC, reading_of
from normalizer.paper.sources import Damaged, Locked, Source, opened
from records.reading import Page, Reading
from records.words import Review

#: Why a page was not read by a child that has no time for pictures.
UNRECOGNISED = "a picture: not recognised yet"


def read(content: bytes, context: Context) -> Reading:
    """Read the pages of an original that are this report."""
    media_type = context.original.media_type
    try:
        source = opened(content, media_type)
    except Locked:
        return _unread(media_type, Review.ENCRYPTED, "encrypted with a password: the sender must be asked")
    except Damaged:
        return _unread(media_type, Review.UNREADABLE_ORIGINAL, "damaged: it can't be opened")
    wanted = context.pages or tuple(range(1, source.count + 1))
    reviews, notes = list[Review](), list(source.notes)
    if len(wanted) > AUTOMATIC:
        reviews.append(Review.TRUNCATED)
        notes.append(f"{len(wanted)} pages: the first {AUTOMATIC} are read")
    pages = list(pages_of(source, wanted[:AUTOMATIC], context))
    reading = reading_of(pages, media_type, context, reviews=reviews, notes=notes)
    return replace(reading, new_text=prose(reading.new_text))


def pages_of(source: Source, wanted: tuple[int, ...], context: Context) -> Iterator[Page]:
    """Read pages one by one; one that can't be read says why."""
    for number in wanted:
        leaf = source.leaf(number) if number <= source.count else Unreadable("no such page")
        if isinstance(leaf, Page):
            yield leaf
        elif isinstance(leaf, Unreadable):
            yield Page(number=number, problem=leaf.problem)
        elif context.recognise:
            yield recognise(leaf, number=number, language=context.language)
        else:
            yield Page(number=number, problem=UNRECOGNISED)


def _unread(media_type: str, review: Review, note: str) -> Reading:
    return Reading(media_type=media_type, reviews=(review,), notes=(note,))
