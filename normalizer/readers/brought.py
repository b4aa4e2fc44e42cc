"""Documents that a mail brings, read like any document; where the mail says nothing itself they are its text."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from normalizer.context import Context
from normalizer.documents import is_readable, says_little
from normalizer.fields.contacts import is_fax
from normalizer.fields.passages import joined
from normalizer.paper.reading import AUTOMATIC
from records.reading import Page, Part, Reading
from records.record import OriginalRef
from records.words import Review

_MOST: Final = 10  # documents of one mail
_UNREADABLE: Final = frozenset({Review.UNREADABLE_ORIGINAL, Review.ENCRYPTED})


def read(reading: Reading, files: Mapping[str, bytes], context: Context) -> Reading:
    """Read the documents of a mail; `files` by the path of their part."""
    readable = [part for part in reading.parts if is_readable(part) and part.path in files][:_MOST]
    pages = list[Page]()
    reviews, notes, parts = dict.fromkeys(reading.reviews), list(reading.notes), dict[str, Part]()
    for part in readable:
        if len(pages) >= AUTOMATIC:
            notes.append(f"attachment {part.path}: not read, {AUTOMATIC} pages were read before")
            continue
        document = _document(files[part.path], part, context)
        numbered = list(_numbered(document.pages, len(pages)))
        pages += numbered
        reviews |= dict.fromkeys(_told(document))
        notes += [f"attachment {part.path}: {note}" for note in document.notes]
        text = joined((document.new_text, document.signature))
        parts[part.path] = replace(part, text=text, pages=tuple(page.number for page in numbered))
    read_out = replace(
        reading,
        parts=tuple(parts.get(part.path, part) for part in reading.parts),
        pages=tuple(pages),
        reviews=tuple(reviews),
        notes=tuple(notes),
    )
    return _spoken(read_out, context)


def _document(content: bytes, part: Part, context: Context) -> Reading:
    from normalizer.readers import read as read_file

    original = OriginalRef(media_type=part.media_type, size=part.size, sha256=part.sha256)
    alone = replace(context, original=original, pages=(), separator="none", problem=None)
    return read_file(content, part.media_type, alone)


def _numbered(pages: tuple[Page, ...], before: int) -> Iterator[Page]:
    for place, page in enumerate(pages, before + 1):
        yield replace(page, number=place)


def _told(document: Reading) -> Iterator[Review]:
    """Give a document's reasons for a person as those of the mail that brought it."""
    for review in document.reviews:
        if review in _UNREADABLE:
            yield Review.UNREADABLE_ATTACHMENT
        if review not in {Review.UNREADABLE_ORIGINAL, Review.EMPTY}:
            yield review


def _spoken(reading: Reading, context: Context) -> Reading:
    """Let the documents be the text of a mail that says nothing itself."""
    told = joined(part.text for part in reading.parts)
    if not told:
        return reading
    text = joined((reading.text, told))
    if is_fax(reading, context):
        return replace(reading, text=text, new_text=told, signature="")
    if says_little(reading.new_text):
        return replace(reading, text=text, new_text=told, signature=joined((reading.new_text, reading.signature)))
    return replace(reading, text=text)
