"""Media types that the house makes itself or treats in a way of their own."""

#: One or more files that are one letter: a stored ZIP, its entries in the order of the pages. Entries named `fronts.*`
#: and `backs.*` are the two sides of one stack, the backs scanned from the last sheet to the first.
LETTER = "application/vnd.faultgate.letter+zip"
#: What a visitor said, as a clerk keyed it in: `records.walk_in.WalkIn` in JSON.
WALK_IN = "application/vnd.faultgate.walk-in+json"
#: One update of Telegram's Bot API, of MAX's.
TELEGRAM = "application/vnd.telegram-update+json"
MAX = "application/vnd.max-update+json"
#: A partner's trouble ticket in JSON (TM Forum TMF621), or what he changes of one.
TICKET = "application/vnd.tmf621+json"

#: What is read from a picture of its pages, or may have to be.
PAPER = frozenset(
    {
        "application/pdf", "image/tiff", "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif",
        "image/gif", "image/bmp", LETTER,
    }
)  # fmt: skip


def is_paper(media_type: str) -> bool:
    """Tell whether an original of this type is recognised page by page."""
    return media_type in PAPER


def sequence(media_type: str) -> str:
    """Give the media type of many updates of this type in a row, as a JSON text sequence (RFC 7464, RFC 8091)."""
    return f"{media_type}-seq"
