"""The little that a door looks up in an update of Telegram's Bot API: whose it is, and which files it names."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from channels.messenger import believed, document, is_command, is_own, within
from records.chat import Heard, NamedFile
from records.media import TELEGRAM

#: What is a message of somebody; a reply to a business's customer goes another way, so none of those is asked for.
ALLOWED = ("message", "edited_message", "callback_query")
_NEW = ("message", "business_message")
_EDITED = ("edited_message", "edited_business_message")
#: Kinds of files, with the media type of those that name none.
_FILES = {
    "photo": "image/jpeg", "document": "application/octet-stream", "voice": "audio/ogg", "video": "video/mp4",
    "video_note": "video/mp4", "audio": "audio/mpeg", "animation": "video/mp4",
}  # fmt: skip
_TOLD = ("text", "caption", *_FILES, "contact", "location", "venue")
_NUMBER = re.compile(rb'"update_id"\s{0,9}:\s{0,9}([0-9]{1,18})(?![0-9.eE])')


def number(content: bytes) -> int | None:
    """Give an update's number, also of one that is no JSON as a whole."""
    told = within(document(content), "update_id")
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    found = _NUMBER.search(content[:1000])
    return int(found[1]) if found else None


def pressed(content: bytes) -> str | None:
    """Give what the platform wants answered when a button was pressed."""
    told = within(document(content), "callback_query", "id") if b'"callback_query"' in content else None
    return told if isinstance(told, str) else None


def heard(channel: str, content: bytes, now: datetime) -> Heard:
    """Read whose an update is. `now` counts where the platform tells no time, or one that is still to come.

    The platform may begin to count anew after a quiet week, so an update is known by its number and its time.
    """
    update = document(content)
    kind = next((one for one in (*_NEW, *_EDITED, "callback_query") if within(update, one)), "")
    what = within(update, kind)
    message = within(what, "message") if kind == "callback_query" else what
    sent = None if kind == "callback_query" else _time(what)
    chat, person = within(message, "chat"), within(what, "from")
    ours = within(chat, "type") == "private" and within(person, "is_bot") is not True
    said = kind != "callback_query" and _says(message)
    where, text = within(chat, "id"), within(message, "text") or within(message, "caption")
    return Heard(
        channel=channel,
        update=_name(content, sent),
        media_type=TELEGRAM,
        chat=f"telegram:{where}" if isinstance(where, int) else None,
        content=content,
        received_at=believed(sent, now),
        opens=ours and (is_own(within(what, "data")) or (said and kind in _NEW and not is_command(text))),
        joins=ours and (said or kind == "callback_query"),
        files=tuple(_files(message)) if said else (),
    )


def _name(content: bytes, sent: int | None) -> str:
    told = number(content)
    if told is None:
        return f"sha256:{hashlib.sha256(content).hexdigest()}"
    return str(told) if sent is None else f"{told}@{sent}"


def _time(message: Any) -> int | None:
    """Give when a message was sent or edited, seconds since 1970."""
    seconds = within(message, "edit_date") or within(message, "date")
    return seconds if isinstance(seconds, int) else None


def _says(message: Any) -> bool:
    """Tell whether a message has words or files of its sender's; a sticker has none."""
    return isinstance(message, dict) and "sticker" not in message and any(message.get(name) for name in _TOLD)


def _files(message: Any) -> Iterator[NamedFile]:
    for kind, usual in _FILES.items():
        told = within(message, kind)
        files = [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, dict)]
        if not files or (kind == "document" and within(message, "animation")):  # the platform says it twice
            continue
        file = max(files, key=_size)  # a photo comes in several sizes
        reference, name, media = file.get("file_id"), file.get("file_name"), file.get("mime_type")
        if isinstance(reference, str):
            yield NamedFile(
                reference=reference, name=name if isinstance(name, str) else None,
                media_type=media.lower()[:100] if isinstance(media, str) else usual, size=_size(file) or None,
            )  # fmt: skip


def _size(file: Any) -> int:
    size = within(file, "file_size")
    return size if isinstance(size, int) and 0 < size < 2**53 else 0
