"""Every kind of messenger beside a server that plays its platform: what the contract over all of them needs.

A new messenger needs one class here and one line in RIGS.
"""

from pathlib import Path
from typing import Any, ClassVar, Protocol

from config.messengers import Max, Messenger, Telegram, Webhook
from config.secrets import Secret
from sample.bot_api import TOKEN as TELEGRAM_TOKEN
from sample.bot_api import BotApi
from sample.bot_platform import Fault
from tests.channels.dovecot import free_port
from tests.channels.max_server import TOKEN as MAX_TOKEN
from tests.channels.max_server import MaxServer
from tests.channels.running import Running


class Rig(Protocol):
    """One platform, and what its users do."""

    header: ClassVar[str]  # that carries the webhook's secret
    token: ClassVar[str]
    chat: str  # the address of its first user's chat
    running: Running

    def settings(self, folder: Path, *, webhook: bool, **changes: Any) -> Messenger: ...

    def say(self, text: str) -> None:
        """Let the user write."""

    def press(self, data: str) -> None:
        """Let the user press a button."""

    def show(self, content: bytes, size: int | None = None) -> None:
        """Let the user send a photo."""

    def lose_files(self) -> None:
        """Hand out no file any more."""

    def waiting(self) -> int:
        """How many updates are not taken yet."""
        ...

    def sent(self) -> list[dict[str, Any]]:
        """What the bot said."""
        ...

    def block(self) -> None:
        """Let the user block the bot."""

    def fail(self, what: str, status: int, after: int = 0) -> None:
        """Let the next "send", "fetch" or "look" go wrong; status 0 cuts the line."""

    def webhook(self) -> tuple[str, str]:
        """The address and the secret that the platform was given; empty before."""
        ...

    def forget_webhook(self) -> None:
        """Bring updates there no more, as the platform does after hours of failures."""


def _common(token: str, url: str, folder: Path, *, webhook: bool, **changes: Any) -> dict[str, Any]:
    secret = folder / "token"
    secret.write_text(token)
    port = free_port()
    hook = Webhook(public_url=f"http://127.0.0.1:{port}/bots", port=port) if webhook else None
    return {"token": Secret(file=str(secret)), "base_url": url, "webhook": hook, "poll": 1, "timeout": 10.0, **changes}


class TelegramRig:
    header: ClassVar[str] = "X-Telegram-Bot-Api-Secret-Token"
    token: ClassVar[str] = TELEGRAM_TOKEN
    chat = "telegram:42"

    def __init__(self) -> None:
        self.running = Running(BotApi)

    def settings(self, folder: Path, *, webhook: bool, **changes: Any) -> Telegram:
        return Telegram(**_common(self.token, self.running.url, folder, webhook=webhook, **changes))

    @property
    def platform(self) -> Any:
        return self.running.server.platform

    def say(self, text: str) -> None:
        self.running.do(lambda: self.platform.say(42, text))

    def press(self, data: str) -> None:
        self.running.do(lambda: self.platform.press(42, data))

    def show(self, content: bytes, size: int | None = None) -> None:
        self.running.do(lambda: self.platform.send_file(42, "photo", content, size))

    def lose_files(self) -> None:
        self.platform.expired.update(self.platform.files)

    def waiting(self) -> int:
        return len(self.platform.pending)

    def sent(self) -> list[dict[str, Any]]:
        return [one for one in self.platform.sent if "text" in one]

    def block(self) -> None:
        self.platform.blocked.add(42)

    def fail(self, what: str, status: int, after: int = 0) -> None:
        method = {"send": "sendMessage", "fetch": "getFile", "look": "getMe"}[what]
        self.platform.faults.append(Fault(method, status=status, after=after, cut=not status))

    def webhook(self) -> tuple[str, str]:
        hook = self.platform.webhook
        return hook.get("url", ""), hook.get("secret", "")

    def forget_webhook(self) -> None:
        self.running.do(self.platform.webhook.clear)


class MaxRig:
    header: ClassVar[str] = "X-Max-Bot-Api-Secret"
    token: ClassVar[str] = MAX_TOKEN
    chat = "max:42"

    def __init__(self) -> None:
        self.running = Running(MaxServer)

    def settings(self, folder: Path, *, webhook: bool, **changes: Any) -> Max:
        return Max(**_common(self.token, self.running.url, folder, webhook=webhook, **changes))

    @property
    def server(self) -> MaxServer:
        found: MaxServer = self.running.server
        return found

    def say(self, text: str) -> None:
        self.running.do(lambda: self.server.say(42, text))

    def press(self, data: str) -> None:
        self.running.do(lambda: self.server.press(42, data))

    def show(self, content: bytes, size: int | None = None) -> None:
        payload = {"photo_id": 1, "token": "t", "url": self.server.keep(content)}
        image = {"type": "image", "payload": payload, **({"size": size} if size else {})}
        self.running.do(lambda: self.server.say(42, "", image))

    def lose_files(self) -> None:
        self.server.files.clear()

    def waiting(self) -> int:
        return len(self.server.pending)

    def sent(self) -> list[dict[str, Any]]:
        return self.server.sent

    def block(self) -> None:
        self.server.blocked.add(42)

    def fail(self, what: str, status: int, after: int = 0) -> None:
        self.server.faults.append(({"send": "/messages", "fetch": "/files", "look": "/me"}[what], status, after))

    def webhook(self) -> tuple[str, str]:
        return next(((url, one.get("secret", "")) for url, one in self.server.subscriptions.items()), ("", ""))

    def forget_webhook(self) -> None:
        self.running.do(self.server.subscriptions.clear)


RIGS: dict[str, type[TelegramRig] | type[MaxRig]] = {"telegram": TelegramRig, "max": MaxRig}
