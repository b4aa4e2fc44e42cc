"""Settings of messengers."""

from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from config.base import ChannelBase, Port, Strict
from config.loopback import is_loopback
from config.secrets import Secret

HttpUrl = Annotated[str, Meta(pattern=r"^https?://(\[[0-9A-Fa-f:.]+\]|[^/@?#:]+)(:[0-9]{1,5})?(/[^?#]*)?$")]


class Webhook(Strict, frozen=True, kw_only=True):
    """Where the platform brings its updates. TLS is the work of the proxy before it."""

    public_url: HttpUrl  # as the platform reaches it, https; a path that nobody can guess is added
    host: str = "127.0.0.1"
    port: Port = 8444

    def __post_init__(self) -> None:
        _check(self.public_url, "webhook.public_url")


class Messenger(ChannelBase, frozen=True, kw_only=True):
    """What every messenger has: one bot, whose private chats are conversations."""

    token: Secret  # of the bot
    webhook: Webhook | None = None  # without it the platform is asked (long polling)
    quiet: float = 3.0  # seconds that are waited for more, before what was said is read
    conversation_hours: int = 24  # of silence, after which a settled conversation is over and the next is a new report
    timeout: float = 30.0  # seconds for one exchange with the platform


class Telegram(Messenger, frozen=True, kw_only=True, tag_field="kind", tag="telegram"):
    """A bot of Telegram (Bot API 10)."""

    base_url: HttpUrl = "https://api.telegram.org"
    poll: int = 50  # seconds that the platform may wait for an update before it says that there is none
    max_file: int = 20_000_000  # bytes; the platform hands out no larger one

    def __post_init__(self) -> None:
        _check(self.base_url, "base_url")


class Max(Messenger, frozen=True, kw_only=True, tag_field="kind", tag="max"):
    """A bot of MAX; the platform wants a webhook of those that serve customers."""

    base_url: HttpUrl = "https://platform-api2.max.ru"
    poll: int = 30
    max_file: int = 50_000_000  # bytes of one file that is fetched; of a larger one a clerk is told

    def __post_init__(self) -> None:
        _check(self.base_url, "base_url")


def _check(url: str, key: str) -> None:
    """Refuse what would show the token or a customer's words to the network."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(f"{key} is http: give https, http is for this machine itself")
