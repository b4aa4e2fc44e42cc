"""The little that a door looks up in an update of the MAX Bot API: whose it is, and which files it names."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from channels.messenger import believed, document, is_command, is_own, within
from records.chat import Heard, NamedFile
from records.media import MAX

ALLOWED = ("message_created", "message_edited", "message_callback")
#: Kinds of files, with the media type that each has: an update names none.
_FILES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/mpeg", "file": "application/octet-stream"}
_TOLD = {*_FILES, "contact", "location"}


def heard(channel: str, content: bytes, now: datetime) -> Heard:
    """Read whose an update is. `now` counts where the platform tells no time, or one that is still to come.

    MAX numbers no updates: one is known by its kind, its time, and its message or button.
    """
    update = document(content)
    kind, message = within(update, "update_type"), within(update, "message")
    where, pressed = within(message, "recipient"), kind == "message_callback"
    person = within(update, "callback", "user") if pressed else within(message, "sender")
    told = _told(message)
    ours = within(where, "chat_type") == "dialog" and within(person, "is_bot") is not True
    data = within(update, "callback", "payload") if pressed else None
    said = kind in ALLOWED[:2] and _says(told)
    chat, millis = within(where, "chat_id"), within(update, "timestamp")
    return Heard(
        channel=channel,
        update=_name(content, update),
        media_type=MAX,
        chat=f"max:{chat}" if isinstance(chat, int) else None,
        content=content,
        received_at=believed(millis / 1000 if isinstance(millis, int) else None, now),
        opens=ours and (is_own(data) or (said and kind == "message_created" and not is_command(within(told, "text")))),
        joins=ours and (said or pressed),
        files=tuple(_files(told)) if said else (),
    )


def _name(content: bytes, update: Any) -> str:
    kind, at = within(update, "update_type"), within(update, "timestamp")
    thing = within(update, "callback", "callback_id") or within(update, "message", "body", "mid")
    if isinstance(kind, str) and isinstance(at, int) and isinstance(thing, str):
        return f"{kind} {at} {thing}"[:300]
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _told(message: Any) -> Any:
    """Give the body that says something: of a forwarded message it is the other one's."""
    own, linked = within(message, "body"), within(message, "link")
    forwarded = within(linked, "type") == "forward" and not within(own, "text")
    return within(linked, "message") if forwarded else own


def _attachments(body: Any) -> list[dict[str, Any]]:
    found = within(body, "attachments")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _says(body: Any) -> bool:
    return bool(within(body, "text")) or any(one.get("type") in _TOLD for one in _attachments(body))


def _files(body: Any) -> Iterator[NamedFile]:
    for one in _attachments(body):
        kind, reference = str(one.get("type")), within(one, "payload", "url")
        if kind in _FILES and isinstance(reference, str):
            name, size = one.get("filename"), one.get("size")
            yield NamedFile(
                reference=reference, name=name if isinstance(name, str) else None, media_type=_FILES[kind],
                size=size if isinstance(size, int) and 0 < size < 2**53 else None,
            )  # fmt: skip
