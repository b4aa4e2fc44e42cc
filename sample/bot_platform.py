"""A messenger that is not there: its users, their chats with one bot, and the updates that the bot has not confirmed.

It keeps what Telegram keeps: an update is forgotten only when an offset behind it is named, or a webhook took it.
"""

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Update = dict[str, Any]
LARGEST_FILE = 20_000_000  # bytes that a bot may fetch


class Refusal(Exception):
    """What the platform answers to a request that it does not carry out."""

    def __init__(self, code: int, text: str, **parameters: int) -> None:
        super().__init__(text)
        self.code = code
        self.parameters = parameters


@dataclass
class Fault:
    """What goes wrong with a method, `times` times: an error, a slow answer, or a line cut after the work was done."""

    method: str
    status: int = 0
    after: int = 0  # seconds, as retry_after
    seconds: float = 0
    cut: bool = False
    body: bytes | None = None  # in place of the answer
    times: int = 1


@dataclass
class Platform:
    """One bot's side of the messenger."""

    username: str = "faultgate_bot"
    first: int = 1  # number of the first update
    pending: list[Update] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)  # what the bot said, its presses answered, its edits
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)  # chats whose user blocked the bot, or that are gone
    webhook: dict[str, Any] = field(default_factory=dict)
    allowed: list[str] | None = None

    def __post_init__(self) -> None:
        self._numbers = itertools.count(self.first)
        self._messages = itertools.count(1)
        self.news = asyncio.Event()

    def happen(self, update: Update) -> int:
        """Let something happen: the update gets its number and waits for the bot; gives the number."""
        number = next(self._numbers)
        kind = next(iter(update), "")
        if self.allowed is None or kind in self.allowed:
            self.pending.append({"update_id": number, **update})
            self.news.set()
        return number

    def say(self, chat: int, text: str, **fields: Any) -> int:
        """Let a user write to the bot."""
        return self.happen({"message": self._message(chat, text=text, **fields)})

    def edit(self, chat: int, message: int, text: str) -> int:
        """Let a user edit a message of his."""
        edited = self._message(chat, text=text, edit_date=int(time.time()), message_id=message)
        return self.happen({"edited_message": edited})

    def send_file(self, chat: int, kind: str, content: bytes, size: int | None = None, **fields: Any) -> str:
        """Let a user send a photo, a document or a voice message; gives its file_id."""
        number = f"file-{len(self.files) + 1}"
        self.files[number] = content
        named = {key: fields.pop(key) for key in ("file_name", "mime_type") if key in fields}
        file: Any = {"file_id": number, "file_unique_id": number, "file_size": size or len(content), **named}
        if kind == "photo":
            file = [{**file, "width": 90, "height": 90}]
        self.happen({"message": self._message(chat, **{kind: file}, **fields)})
        return number

    def share_phone(self, chat: int, phone: str) -> int:
        """Let a user share his own number."""
        contact = {"phone_number": phone, "first_name": "Анна", "user_id": chat}
        return self.happen({"message": self._message(chat, contact=contact)})

    def press(self, chat: int, data: str) -> int:
        """Let a user press a button below a message of the bot."""
        below = self._message(chat, text="…", **{"from": self.me()})
        query = {"id": f"press-{next(self._messages)}", "from": _user(chat), "chat_instance": "1"}
        return self.happen({"callback_query": {**query, "message": below, "data": data}})

    def me(self) -> dict[str, Any]:
        """Give the bot's own profile."""
        return {"id": 1, "is_bot": True, "first_name": "Faultgate", "username": self.username}

    def deliver(self, chat: int, **fields: Any) -> dict[str, Any]:
        """Bring the bot's message to a chat. Raises Refusal."""
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        message = self._message(chat, **{"from": self.me()}, **fields)
        self.sent.append(message)
        return {key: value for key, value in message.items() if key != "reply_markup"}

    def confirm(self, offset: int) -> None:
        """Forget what lies before an offset; a negative one counts from the end."""
        if offset < 0:
            self.pending = self.pending[offset:]
        self.pending = [one for one in self.pending if one["update_id"] >= offset]

    def fault(self, method: str) -> Fault | None:
        """Give what goes wrong with this call."""
        for one in self.faults:
            if one.method == method and one.times > 0:
                one.times -= 1
                return one
        return None

    def _message(self, chat: int, **fields: Any) -> dict[str, Any]:
        named = {"message_id": next(self._messages), "from": _user(chat), "date": int(time.time())}
        return {**named, "chat": {"id": chat, "type": "private", "first_name": "Анна"}, **fields}


def _user(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
