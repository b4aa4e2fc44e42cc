"""What a messenger brings and takes: what was heard in a chat, the files it names, and what is said there.

A chat is named everywhere by one address: the platform and its own number, as "telegram:42" (`Heard.chat`,
`Envelope.chat`, `Envelope.sender`, `Reply.to`, `reporter.messenger`). A conversation is one report until it is
finished: its original is the first update; what is read is all of its updates in the order in which they were heard, as
one JSON text sequence (RFC 7464: each update behind an 0x1E and before a line feed), whose media type is
`records.media.sequence()` of the report's. Its files are fetched apart from it, and it is read again when they came.
"""

from datetime import datetime

from msgspec import Struct


class NamedFile(Struct, frozen=True, kw_only=True):
    """A file as an update names it: its name and type come from there, for the platform may lose them later."""

    reference: str  # what the platform hands it out for: Telegram's file_id, the url of MAX
    name: str | None = None
    media_type: str
    size: int | None = None  # bytes, where the platform tells


class KeptFile(Struct, frozen=True, kw_only=True):
    """What has become of a named file: kept under its hash, or why it was not; neither while it is still fetched."""

    reference: str
    name: str | None
    media_type: str  # as named
    size: int  # of what was kept, otherwise as named, 0 where nobody tells
    sha256: str | None = None  # of the original that holds it, hexadecimal
    problem: str | None = None  # why it will not come, for a person


class Heard(Struct, frozen=True, kw_only=True):
    """One update of a messenger, byte-exact, with the little that its door had to look up in it."""

    channel: str
    update: str  # names it among all of its channel: heard twice it is kept once
    media_type: str  # of one update: `records.media.TELEGRAM`, `records.media.MAX`
    chat: str | None  # "telegram:42"; None where it belongs to none
    content: bytes
    received_at: datetime  # when the platform had it, aware UTC: the message's own date
    opens: bool = False  # it may be the first of a conversation: a person's message to us alone, a button of ours
    joins: bool = False  # it may go on with one: that, and what a person edits, presses or commands
    files: tuple[NamedFile, ...] = ()


class Button(Struct, frozen=True):
    """A button below a message. Whoever presses it sends its data back: Telegram's callback_query, MAX's callback."""

    text: str
    data: str  # at most 64 bytes (Bot API, InlineKeyboardButton)


class Outgoing(Struct, frozen=True, kw_only=True):
    """What is said in a chat: plain text, with buttons or with the one that shares the customer's own number."""

    text: str  # longer than the platform takes it is cut by the door
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    asks_phone: str | None = None  # label of the button that shares the number; leave `buttons` empty beside it
