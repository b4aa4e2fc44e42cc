"""The texts of answers as the desk sees them: what is shipped, and how a text will read."""

from config.settings import Gateway
from outbox.texts import Links, body, shipped, words
from records.deliveries import Kind, Medium, Reply


class Texts:
    """Stands behind `desk.services.Texts`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @property
    def languages(self) -> tuple[str, ...]:
        """Name the languages that there are texts in."""
        return tuple(words())

    def shipped(self, kind: Kind, language: str, medium: Medium) -> str:
        """Give the text that we ship."""
        return shipped(kind, language, medium)

    def preview(self, reply: Reply, url: str) -> str:
        """Write a reply as its reader gets it; `url` stands for the page of the two links."""
        return body(reply, self._gateway, Links(yes=f"{url}/solved/…", no=f"{url}/solved/…"))
