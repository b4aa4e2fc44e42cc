"""Plain text to a reading, whatever its charset."""

from normalizer.context import Context
from normalizer.readers import charsets
from normalizer.readers.clean import clean
from normalizer.readers.limits import TRIMMED
from normalizer.trimming import trim
from records.reading import Reading
from records.words import Review


def read(content: bytes, context: Context) -> Reading:
    """Read a text whose charset its content tells."""
    decoded = charsets.decode(content)
    text = clean(decoded.text).strip("\n")
    trimmed = trim(text[:TRIMMED], own_addresses=context.own_addresses, own_domains=context.own_domains)
    return Reading(
        media_type="text/plain",
        text=text,
        new_text=trimmed.new_text,
        quoted_text=trimmed.quoted_text + text[TRIMMED:],
        signature=trimmed.signature,
        forwarded_from=trimmed.forwarded_from,
        reviews=() if text.strip() else (Review.EMPTY,),
        notes=(f"read as: {decoded.guess}",) if decoded.guess else (),
    )
