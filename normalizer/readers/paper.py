"""A PDF, or a letter of several files, to a reading: text layers are read, pictures recognised where there is time."""

from collections.abc import Iterator

from msgspec.structs import replace

from normalizer import pace
from normalizer.context import Context
from normalizer.fields.language import language_of
from normalizer.paper.decoding import Unreadable
from normalizer.paper.reading import AUTOMATIC, LEFT, reading_of
from normalizer.paper.recognising import recognise
from normalizer.paper.sources import Damaged, Locked, Source, opened
from records.reading import Page, Reading
from records.words import Review

_LISTED = 500  # pages of one original that are named beyond those that are read


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
    reviews = list[Review]()
    pages = list(pages_of(source, wanted[:AUTOMATIC], context, reviews))
    if len(wanted) > AUTOMATIC:
        reviews.append(Review.TRUNCATED)
        pages += [Page(number=number, problem=LEFT) for number in wanted[AUTOMATIC:_LISTED]]
    return reading_of(pages, media_type, context, reviews=reviews, notes=source.notes)


def pages_of(source: Source, wanted: tuple[int, ...], context: Context, reviews: list[Review]) -> Iterator[Page]:
    """Read pages one by one; one that can't be read says why, one that there was no time for is empty."""
    for number in wanted:
        pace.page()
        leaf = source.leaf(number) if number <= source.count else Unreadable("no such page")
        if isinstance(leaf, Page):
            language = language_of(leaf.text, context.language) if leaf.text else None
            yield replace(leaf, language=language)
        elif isinstance(leaf, Unreadable):
            reviews += [Review.TOO_LARGE] if leaf.too_large else []
            yield Page(number=number, problem=leaf.problem)
        elif context.recognise:
            yield recognise(leaf, number=number, language=context.language)
        else:
            yield Page(number=number)


def _unread(media_type: str, review: Review, note: str) -> Reading:
    return Reading(media_type=media_type, reviews=(review,), notes=(note,))
