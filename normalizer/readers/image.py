"""A picture file to a reading: its pages are recognised where that was asked for, otherwise only counted."""

from collections.abc import Iterator

from normalizer import pace
from normalizer.context import Context
from normalizer.paper.decoding import Unreadable, frames, sheet_of
from normalizer.paper.reading import AUTOMATIC, LEFT, reading_of
from normalizer.paper.recognising import recognise
from normalizer.readers.sniffing import sniff
from records.reading import Page, Reading
from records.words import Review


def read(content: bytes, context: Context) -> Reading:
    """Read TIFF, JPEG, PNG, WebP, GIF, BMP and HEIF; of several pages those that the context names, or all."""
    reviews: list[Review] = []
    pages = list(_pages(content, context, reviews))
    return reading_of(pages, sniff(content, None), context, reviews=reviews)


def _pages(content: bytes, context: Context, reviews: list[Review]) -> Iterator[Page]:
    for read, (number, frame) in enumerate(frames(content, context.pages)):
        if read >= AUTOMATIC:
            reviews.append(Review.TRUNCATED)
            yield Page(number=number, problem=LEFT)
        elif isinstance(frame, Unreadable):
            yield Page(number=number, problem=frame.problem)
        elif not context.recognise:
            yield Page(number=number)
        else:
            pace.page()
            sheet = sheet_of(frame)
            if isinstance(sheet, Unreadable):
                reviews += [Review.TOO_LARGE] if sheet.too_large else []
                yield Page(number=number, problem=sheet.problem)
            else:
                yield recognise(sheet, number=number, language=context.language)
