"""Updates of the MAX Bot API as messages of a chat, and what their profile states.

Only what a person writes in a dialogue with the bot is a report; chats, channels, bots, stickers and what the platform
says of itself are none. Files are named in an update by the address that they are fetched from.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from normalizer.context import Context
from normalizer.fields.stated import Stated
from normalizer.readers import chat
from normalizer.readers.branches import Branch
from normalizer.readers.chat_message import SPOKEN, ChatFile, ChatMessage, phone, place, tongue, updates
from normalizer.readers.clean import clean_line, clean_name
from normalizer.readers.limits import NAME
from records.media import MAX, sequence
from records.reading import Mailbox, Reading
from records.words import Review

_MESSAGES: Final = ("message_created", "message_edited")
#: Kinds of files, with the media type that each has: an update names none.
_FILES: Final = {
    "image": "image/jpeg", "video": "video/mp4", "audio": "audio/mpeg", "file": "application/octet-stream",
}  # fmt: skip
_COMMAND: Final = re.compile(r"/[A-Za-z0-9_]{1,32}(?!\S)\s*")
_CARD_PHONE: Final = re.compile(r"^TEL[^:\n]{0,100}:([^\r\n]{1,40})", re.MULTILINE | re.IGNORECASE)  # RFC 6350
_CARD_NAME: Final = re.compile(r"^FN[^:\n]{0,100}:([^\r\n]{1,200})", re.MULTILINE | re.IGNORECASE)


def read(content: bytes, context: Context) -> Reading:
    """Read an update or a conversation; one that is malformed goes to a person as it is."""
    found, whole = updates(content)
    kind = sequence(MAX) if whole else MAX
    if not found:
        note = "the update is malformed: the original is kept"
        return Reading(media_type=kind, reviews=(Review.UNREADABLE_ORIGINAL,), notes=(note,))
    return chat.read([message(update) for update in found], kind, context, whole=whole)


def stated(content: bytes, reading: Reading, context: Context) -> Stated:
    """Give what the platform states: the dialogue to answer in, the sender's own number, his program's language."""
    found, whole = updates(content)
    return chat.stated([message(update) for update in found], reading, context, whole=whole)


def message(update: Branch) -> ChatMessage:
    """Turn one update into a message; a pressed button is one, too."""
    kind, said = clean_line(update.text("update_type"), 40), update.branch("message")
    if kind == "message_callback":
        return _pressed(update, said)
    body, sender, link = said.branch("body"), said.branch("sender"), said.branch("link")
    forwarded = link if link.text("type") == "forward" else Branch(None)
    told = forwarded.branch("message") if forwarded and not body.text("text") else body
    reason, text = _no_report(kind, said, told), told.text("text")
    command = None if reason else _COMMAND.match(text)
    return ChatMessage(
        chat=_chat(update, said),
        id=body.text("mid") or None,
        sent_at=_sent(said),
        author=_person(sender or update.branch("user")),
        tongue=tongue(update.text("user_locale")),
        text=text,
        words=text[command.end() :] if command else text,
        edited=kind == "message_edited",
        quoted="" if forwarded else link.branch("message").text("text"),
        forwarded_from=_person(forwarded.branch("sender")) if forwarded else None,
        files=tuple(_files(told)),
        own_phone=_own_number(told, forwarded.branch("sender") if forwarded else sender),
        contact=_number_in(_of_kind(told, "contact")) or None,
        beside=tuple(_beside(told)),
        notes=tuple(_notes(kind, reason)),
        no_report=reason,
    )


def _pressed(update: Branch, below: Branch) -> ChatMessage:
    """A button below one of our own messages in a dialogue; MAX may have lost the message."""
    press = update.branch("callback")
    where = below.branch("recipient").text("chat_type")
    return ChatMessage(
        chat=_chat(update, below),
        id=press.text("callback_id") or None,
        author=_person(press.branch("user")),
        tongue=tongue(update.text("user_locale")),
        press=press.text("payload"),
        notes=("no report: no message: message_callback",),
        no_report=None if where in ("dialog", "") else "a button outside a dialogue",
    )


def _chat(update: Branch, said: Branch) -> str | None:
    number = said.branch("recipient").text("chat_id") or update.text("chat_id")
    return f"max:{number}" if number else None


def _no_report(kind: str, said: Branch, told: Branch) -> str | None:
    """Say why an update is no report of a person; None where it may be one."""
    if kind == "bot_started":
        return "a command"
    if kind not in _MESSAGES or not said:
        return f"no message: {kind or 'nothing'}"
    where = clean_line(said.branch("recipient").text("chat_type"), 40)
    if where != "dialog":
        return f"from a {where or 'nameless place'}, not from a dialogue"
    if said.branch("sender").fields.get("is_bot") is True:
        return "from a bot"
    kinds = {one.text("type") for one in told.branches("attachments")}
    text = told.text("text")
    if "sticker" in kinds and not text:
        return "a sticker"
    if command := _COMMAND.match(text):
        return "a command" if len(text[command.end() :].split()) < 2 else None
    return None if text or kinds & {*_FILES, "contact", "location"} else "a message of a kind without words"


def _person(user: Branch) -> Mailbox | None:
    """Give a profile's name; `name` alone is how older programs write it."""
    name = clean_line(f"{user.text('first_name')} {user.text('last_name')}", NAME) or clean_line(
        user.text("name"), NAME
    )
    return Mailbox(name=name) if name else None


def _sent(said: Branch) -> str | None:
    """Give when a message was sent, ISO 8601; the platform counts milliseconds."""
    millis = said.number("timestamp") or 0
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat() if 0 < millis < 2**32 * 1000 else None


def _files(told: Branch) -> Iterator[ChatFile]:
    for one in told.branches("attachments"):
        kind, payload = one.text("type"), one.branch("payload")
        if kind not in _FILES:
            continue
        size = max(0, one.number("size") or 0)
        yield ChatFile(
            kind=kind,
            reference=payload.text("url"),
            name=clean_name(one.text("filename") or f"{kind} {payload.text('photo_id', 'id')}".strip()),
            media_type=_FILES[kind],
            size=size if size < 2**53 else 0,
            problem=SPOKEN if kind == "audio" else None,
        )


def _of_kind(told: Branch, kind: str) -> Branch:
    """Give the first attachment of a kind."""
    return next((one for one in told.branches("attachments") if one.text("type") == kind), Branch(None))


def _number_in(contact: Branch) -> str:
    """Give the telephone number of a contact as its card writes it (vCard, RFC 6350)."""
    found = _CARD_PHONE.search(contact.branch("payload").text("vcf_info").replace("\r", "\n"))
    return clean_line(found[1], 40) if found else ""


def _own_number(told: Branch, sender: Branch) -> str | None:
    """Give the number of a shared contact that is its sender's own, in E.164."""
    contact = _of_kind(told, "contact")
    owner = contact.branch("payload", "max_info").number("user_id")
    if owner is None or owner != sender.number("user_id"):
        return None
    return phone(_number_in(contact))


def _beside(told: Branch) -> Iterator[str]:
    """Tell what stands beside the words: a place, a contact."""
    where, contact = _of_kind(told, "location"), _of_kind(told, "contact")
    if line := place(where.fields.get("latitude"), where.fields.get("longitude")):
        yield line
    if contact:
        card = _CARD_NAME.search(contact.branch("payload").text("vcf_info").replace("\r", "\n"))
        person = _person(contact.branch("payload", "max_info"))
        name = (person.name if person else None) or (card[1] if card else "")
        yield clean_line(f"contact: {name} {_number_in(contact)}", 200)


def _notes(kind: str, reason: str | None) -> Iterator[str]:
    if reason:
        yield f"no report: {reason}"
    if kind == "message_edited":
        yield "an edited message"
