"""Pages recognised become a reading: text, what is new in it, and reasons for a person to look."""

from collections.abc import Sequence
from typing import Final

from normalizer.context import Context
from normalizer.paper.prose import prose, without_headers
from normalizer.readers.limits import TRIMMED
from normalizer.trimming import trim
from records.reading import Page, Reading
from records.words import Review

AUTOMATIC: Final = 50  # pages of one original that are recognised without being asked for
LEFT: Final = f"not recognised: more than {AUTOMATIC} pages, see the original"
LOW: Final = 0.75  # a page below this mean confidence must be read by a person


def reading_of(
    pages: Sequence[Page],
    media_type: str,
    context: Context,
    *,
    reviews: Sequence[Review] = (),
    notes: Sequence[str] = (),
) -> Reading:
    """Put the pages of one original, in their order, together; pages are divided by an empty line in `text`."""
    text = "\n\n".join(page.text for page in pages if page.text)
    trimmed = trim(text[:TRIMMED], own_addresses=context.own_addresses, own_domains=context.own_domains)
    return Reading(
        media_type=media_type,
        text=text,
        new_text=prose(without_headers(trimmed.new_text)),
        quoted_text=trimmed.quoted_text + text[TRIMMED:],
        signature=trimmed.signature,
        forwarded_from=trimmed.forwarded_from,
        pages=tuple(pages),
        reviews=tuple(dict.fromkeys((*reviews, *_reviews(pages, context)))),
        notes=tuple(dict.fromkeys((*notes, *_notes(pages)))),
    )


def _reviews(pages: Sequence[Page], context: Context) -> list[Review]:
    found = []
    if any(page.problem for page in pages) or not pages:
        found.append(Review.UNREADABLE_ORIGINAL)
    elif context.recognise and not any(page.text for page in pages):
        found.append(Review.EMPTY)
    if any(page.confidence is not None and page.confidence < LOW for page in pages):
        found.append(Review.LOW_OCR_CONFIDENCE)
    return found


def _notes(pages: Sequence[Page]) -> list[str]:
    return [f"page {page.number}: {page.problem}" for page in pages if page.problem]
