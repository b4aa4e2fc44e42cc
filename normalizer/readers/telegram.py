"""An update of Telegram's Bot API (version 10) to a reading: one message of one chat, and what its profile states.

Only a person's message in a private chat is a report; groups, channels, bots, stickers, commands and what the platform
says of itself are none. Files are named in an update and fetched elsewhere: they are listed without their bytes.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from normalizer.context import Context
from normalizer.fields.stated import Stated, fact
from normalizer.readers.branches import Branch, document
from normalizer.readers.clean import clean_line, clean_name
from normalizer.readers.limits import NAME, TRIMMED
from normalizer.readers.sniffing import TELEGRAM
from records.reading import Mailbox, Part, Reading
from records.words import Order, Review

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
_LANGUAGES: Final = frozenset({"ru", "zh", "it", "en"})


def read(content: bytes, _: Context) -> Reading:
    """Read an update; one that is malformed goes to a person as it is."""
    update = document(content)
    if update is None:
        note = "the update is malformed: the original is kept"
        return Reading(media_type=TELEGRAM, reviews=(Review.UNREADABLE_ORIGINAL,), notes=(note,))
    kind, message = _message(update)
    reason = _no_report(kind, message)
    text, parts = _said(message), tuple(_parts(message))
    beside = tuple(_beside(message))
    command = None if reason else _COMMAND.match(text)
    new_text = text[command.end() :] if command else text
    return Reading(
        media_type=TELEGRAM,
        from_=_person(message.branch("from")),
        date=_sent(message),
        text="\n".join((*filter(None, (text,)), *beside)),
        new_text=new_text[:TRIMMED],
        quoted_text=message.branch("reply_to_message").text("text", "caption") + new_text[TRIMMED:],
        forwarded_from=_author(message),
        parts=parts,
        reviews=() if new_text or parts or beside or reason else (Review.EMPTY,),
        notes=tuple(_notes(kind, message, reason)),
    )


def stated(content: bytes, reading: Reading, _: Context) -> Stated:
    """Give what the platform states: the chat to answer in, the sender's own number, his program's language."""
    update = document(content)
    if update is None:
        return Stated()
    kind, message = _message(update)
    chat, tongue = message.branch("chat").text("id"), message.branch("from").text("language_code")[:2].lower()
    facts = [fact("reporter.messenger", f"telegram:{chat}", "chat")] if chat else []
    if phone := _own_number(message):
        facts.append(fact("reporter.phone", phone, "contact", message.branch("contact").text("phone_number")))
    unsaid = Order.REPORT if reading.parts or reading.text else None  # a place or a contact alone: the text is missing
    if _no_report(kind, message):
        order: Order | None = Order.NOT_A_FAULT
    else:
        order = None if reading.new_text else unsaid
    return Stated(facts=tuple(facts), likely_language=tongue if tongue in _LANGUAGES else None, order=order)


def _message(update: Branch) -> tuple[str, Branch]:
    """Give the kind of an update and its message; none where it is another kind of news."""
    named = [name for name in update.fields if name != "update_id"]
    kind = next((name for name in _MESSAGES if name in named), named[0] if named else "nothing")
    return kind, update.branch(kind) if kind in _MESSAGES else Branch(None)


def _no_report(kind: str, message: Branch) -> str | None:
    """Say why an update is no report of a person; None where it may be one."""
    if not message:
        return f"no message: {clean_line(kind, 40)}"
    place = message.branch("chat").text("type")
    if place != "private":
        return f"from a {clean_line(place, 40) or 'nameless place'}, not from a private chat"
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


def _parts(message: Branch) -> Iterator[Part]:
    """List the files of a message: they are named by the platform's own identifier where they have no name."""
    for kind, usual in _FILES.items():
        files = list(message.branches(kind))
        if not files or (kind == "document" and "animation" in message.fields):  # the platform says it twice
            continue
        file = max(files, key=lambda one: one.number("file_size") or 0)  # a photo comes in several sizes
        size = max(0, file.number("file_size") or 0)
        yield Part(
            path=kind,
            name=clean_name(file.text("file_name") or file.text("file_id")),
            media_type=_media_type(file.text("mime_type"), usual),
            size=size if size < 2**53 else 0,
            md5="",
            sha256="",
            problem=_problem(kind, size),
        )


def _media_type(named: str, usual: str) -> str:
    named = named.lower()[:100]
    return named if re.fullmatch(r"[a-z]+/[a-z0-9.+_-]+", named) else usual


def _problem(kind: str, size: int) -> str | None:
    if size > _LARGEST:
        return "larger than the platform hands out: the customer must be asked"
    return "spoken: a person must listen to it" if kind in _SPOKEN else None


def _own_number(message: Branch) -> str | None:
    """Give the number of a shared contact that is its sender's own, in E.164."""
    contact = message.branch("contact")
    sender = message.branch("forward_origin", "sender_user") or message.branch("forward_from")
    owner = sender.number("id") if _author(message) else message.branch("from").number("id")
    if owner is None or contact.number("user_id") != owner:
        return None
    digits = re.sub(r"\D", "", contact.text("phone_number")[:40])
    return f"+{digits}" if 7 <= len(digits) <= 15 else None


def _beside(message: Branch) -> Iterator[str]:
    """Tell what stands beside the words: a place, a contact."""
    venue, place, contact = message.branch("venue"), message.branch("location"), message.branch("contact")
    if venue:
        yield clean_line(f"venue: {venue.text('title')}, {venue.text('address')}", 500)
    latitude, longitude = place.fields.get("latitude"), place.fields.get("longitude")
    if all(isinstance(one, (int, float)) and abs(one) <= 180 for one in (latitude, longitude)):
        yield f"location: {latitude:.6f}, {longitude:.6f}"
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
