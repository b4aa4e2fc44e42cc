"""Updates of Telegram's Bot API (version 10) as messages of a chat, and what their profile states.

Only a person's message in a private chat is a report; groups, channels, bots, stickers, commands and what the platform
says of itself are none. Files are named in an update and fetched elsewhere.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from normalizer.context import Context
from normalizer.fields.stated import Stated
from normalizer.readers import chat
from normalizer.readers.branches import Branch
from normalizer.readers.chat_message import SPOKEN, ChatFile, ChatMessage, media_type, phone, place, tongue, updates
from normalizer.readers.clean import clean_line, clean_name
from normalizer.readers.limits import NAME
from records.media import TELEGRAM, sequence
from records.reading import Mailbox, Reading
from records.words import Review

#: What is a message of somebody; anything else is the platform's own news.
_MESSAGES: Final = ("message", "edited_message", "business_message", "edited_business_message")
#: Kinds of files, with the media type of those that name none.
_FILES: Final = {
    "photo": "image/jpeg", "document": "application/octet-stream", "voice": "audio/ogg", "video": "video/mp4",
    "video_note": "video/mp4", "audio": "audio/mpeg", "animation": "video/mp4",
}  # fmt: skip
_SPOKEN: Final = frozenset({"voice", "video_note"})
_LARGEST: Final = 20_000_000  # bytes of a file that the platform hands to a bot
_COMMAND: Final = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w{1,32})?(?!\S)\s*")


def read(content: bytes, context: Context) -> Reading:
    """Read an update or a conversation; one that is malformed goes to a person as it is."""
    found, whole = updates(content)
    kind = sequence(TELEGRAM) if whole else TELEGRAM
    if not found:
        note = "the update is malformed: the original is kept"
        return Reading(media_type=kind, reviews=(Review.UNREADABLE_ORIGINAL,), notes=(note,))
    return chat.read([message(update) for update in found], kind, context, whole=whole)


def stated(content: bytes, reading: Reading, context: Context) -> Stated:
    """Give what the platform states: the chat to answer in, the sender's own number, his program's language."""
    found, whole = updates(content)
    return chat.stated([message(update) for update in found], reading, context, whole=whole)


def message(update: Branch) -> ChatMessage:
    """Turn one update into a message; a pressed button is one, too."""
    kind, said = _message(update)
    press = update.branch("callback_query")
    if press and not said:
        return _pressed(press)
    reason, text = _no_report(kind, said), _said(said)
    command = None if reason else _COMMAND.match(text)
    sender = said.branch("from")
    return ChatMessage(
        chat=_chat(said),
        id=said.text("message_id") or None,
        sent_at=_sent(said),
        author=_person(sender),
        tongue=tongue(sender.text("language_code")),
        text=text,
        words=text[command.end() :] if command else text,
        edited=kind.startswith("edited"),
        quoted=said.branch("reply_to_message").text("text", "caption"),
        forwarded_from=_author(said),
        files=tuple(_files(said)),
        own_phone=_own_number(said),
        contact=said.branch("contact").text("phone_number") or None,
        beside=tuple(_beside(said)),
        notes=tuple(_notes(kind, said, reason)),
        no_report=reason,
    )


def _pressed(press: Branch) -> ChatMessage:
    """A button below one of our own messages; below anything else it is none of a person's words to us."""
    below, sender = press.branch("message"), press.branch("from")
    private = below.branch("chat").text("type") == "private"
    return ChatMessage(
        chat=_chat(below),
        id=press.text("id") or None,
        author=_person(sender),
        tongue=tongue(sender.text("language_code")),
        press=press.text("data"),
        notes=("no report: no message: callback_query",),
        no_report=None if private else "a button outside a private chat",
    )


def _chat(said: Branch) -> str | None:
    number = said.branch("chat").text("id")
    return f"telegram:{number}" if number else None


def _message(update: Branch) -> tuple[str, Branch]:
    """Give the kind of an update and its message; none where it is another kind of news."""
    named = [name for name in update.fields if name != "update_id"]
    kind = next((name for name in _MESSAGES if name in named), named[0] if named else "nothing")
    return kind, update.branch(kind) if kind in _MESSAGES else Branch(None)


def _no_report(kind: str, message: Branch) -> str | None:
    """Say why an update is no report of a person; None where it may be one."""
    if not message:
        return f"no message: {clean_line(kind, 40)}"
    where = message.branch("chat").text("type")
    if where != "private":
        return f"from a {clean_line(where, 40) or 'nameless place'}, not from a private chat"
    if message.branch("from").fields.get("is_bot") is True:
        return "from a bot"
    if "sticker" in message.fields:
        return "a sticker"
    said = _said(message)
    if command := _COMMAND.match(said):
        words = said[command.end() :].split()
        return "a command" if len(words) < 2 else None  # /start has one word of its own
    told = said or any(name in message.fields for name in (*_FILES, "contact", "location", "venue"))
    return None if told else "a message of the platform's own, or of a kind without words"


def _said(message: Branch) -> str:
    return message.text("text", "caption")


def _person(sender: Branch) -> Mailbox | None:
    """Give a profile's name; there is no address."""
    name = clean_line(f"{sender.text('first_name')} {sender.text('last_name')}", NAME)
    return Mailbox(name=name) if name else None


def _sent(message: Branch) -> str | None:
    """Give when a message was sent, ISO 8601; None for what is no time of this century."""
    seconds = message.number("edit_date") or message.number("date") or 0
    return datetime.fromtimestamp(seconds, UTC).isoformat() if 0 < seconds < 2**32 else None


def _author(message: Branch) -> Mailbox | None:
    """Give the author of a forwarded message, in the form since Bot API 7.0 or before."""
    origin = message.branch("forward_origin")
    user = origin.branch("sender_user") or message.branch("forward_from")
    hidden = origin.text("sender_user_name") or message.text("forward_sender_name")
    if user:
        return _person(user)
    return Mailbox(name=clean_line(hidden, NAME)) if hidden else None


def _files(message: Branch) -> Iterator[ChatFile]:
    """List the files of a message: they are named by the platform's own identifier where they have no name."""
    for kind, usual in _FILES.items():
        files = list(message.branches(kind))
        if not files or (kind == "document" and "animation" in message.fields):  # the platform says it twice
            continue
        file = max(files, key=lambda one: one.number("file_size") or 0)  # a photo comes in several sizes
        size = max(0, file.number("file_size") or 0)
        yield ChatFile(
            kind=kind,
            reference=file.text("file_id"),
            name=clean_name(file.text("file_name") or file.text("file_id")),
            media_type=media_type(file.text("mime_type"), usual),
            size=size if size < 2**53 else 0,
            problem=_problem(kind, size),
        )


def _problem(kind: str, size: int) -> str | None:
    if size > _LARGEST:
        return "larger than the platform hands out: the customer must be asked"
    return SPOKEN if kind in _SPOKEN else None


def _own_number(message: Branch) -> str | None:
    """Give the number of a shared contact that is its sender's own, in E.164."""
    contact = message.branch("contact")
    sender = message.branch("forward_origin", "sender_user") or message.branch("forward_from")
    owner = sender.number("id") if _author(message) else message.branch("from").number("id")
    if owner is None or contact.number("user_id") != owner:
        return None
    return phone(contact.text("phone_number"))


def _beside(message: Branch) -> Iterator[str]:
    """Tell what stands beside the words: a place, a contact."""
    venue, where, contact = message.branch("venue"), message.branch("location"), message.branch("contact")
    if venue:
        yield clean_line(f"venue: {venue.text('title')}, {venue.text('address')}", 500)
    if told := place(where.fields.get("latitude"), where.fields.get("longitude")):
        yield told
    if contact:
        name = f"{contact.text('first_name')} {contact.text('last_name')}"
        yield clean_line(f"contact: {name} {contact.text('phone_number')}", 200)


def _notes(kind: str, message: Branch, reason: str | None) -> Iterator[str]:
    if reason:
        yield f"no report: {reason}"
    if kind.startswith("edited"):
        yield "an edited message"
    yield from _beside(message)
    if message.branch("contact") and not _own_number(message):
        yield "the contact is not the sender's own"
    if group := message.text("media_group_id"):
        yield f"of an album: {clean_line(group, 40)}"
