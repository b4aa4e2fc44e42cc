"""What one update of a messenger says, whatever the platform: its files turn updates into these, and know no more."""

import re
from typing import Final

from msgspec import Struct

from normalizer.readers.branches import Branch, document
from records.reading import Mailbox

#: A file that only a person can understand.
SPOKEN: Final = "spoken: a person must listen to it"
LANGUAGES: Final = frozenset({"ru", "zh", "it", "en"})
_RECORD: Final = b"\x1e"  # RFC 7464


class ChatFile(Struct, frozen=True, kw_only=True):
    """One file of a message, as its update names it."""

    kind: str  # the platform's word: "photo"
    reference: str  # what it is fetched by, as `records.chat.NamedFile.reference`
    name: str | None
    media_type: str
    size: int = 0  # bytes, as told
    problem: str | None = None


class ChatMessage(Struct, frozen=True, kw_only=True):
    """One update of a messenger. Every string is clean Unicode."""

    chat: str | None = None  # where to answer: "telegram:42"
    id: str | None = None  # within its chat: an edit has that of the message it replaces
    sent_at: str | None = None  # ISO 8601
    author: Mailbox | None = None
    tongue: str | None = None  # the language of the author's program, where it is one of ours
    text: str = ""  # as written, a command included
    words: str = ""  # without it
    edited: bool = False
    quoted: str = ""  # what it answers
    forwarded_from: Mailbox | None = None
    files: tuple[ChatFile, ...] = ()
    own_phone: str | None = None  # E.164: he shared his own contact
    contact: str | None = None  # how the number stood there
    beside: tuple[str, ...] = ()  # a place, a contact, in words
    press: str | None = None  # a button's data; the message's id is then the press's
    notes: tuple[str, ...] = ()
    no_report: str | None = None  # why it is none of a person's messages to us


def updates(content: bytes) -> tuple[list[Branch], bool]:
    """Give the updates of an original, and whether it is a whole conversation: a JSON text sequence (RFC 7464).

    What is no JSON object is left out; where it is one update alone, an empty list tells it.
    """
    whole = content[:1] == _RECORD
    texts = [text for text in content.split(_RECORD) if text.strip()] if whole else [content]
    return [update for text in texts if (update := document(text)) is not None], whole


def tongue(code: str) -> str | None:
    """Give the language of a program (IETF BCP 47) where it is one of ours."""
    primary = code[:2].lower()
    return primary if primary in LANGUAGES else None


def media_type(named: str, usual: str) -> str:
    """Give a media type as an update names it where it is one, otherwise the usual one of such files."""
    named = named.lower()[:100]
    return named if re.fullmatch(r"[a-z]+/[a-z0-9.+_-]+", named) else usual


def phone(written: str) -> str | None:
    """Give the number of a contact in E.164: platforms write it with its country, with or without a plus."""
    digits = re.sub(r"\D", "", written[:40])
    return f"+{digits}" if 7 <= len(digits) <= 15 else None


def place(latitude: object, longitude: object) -> str | None:
    """Tell a place in words; None for what is none."""
    if all(isinstance(one, (int, float)) and abs(one) <= 180 for one in (latitude, longitude)):
        return f"location: {latitude:.6f}, {longitude:.6f}"
    return None
