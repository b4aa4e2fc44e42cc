"""The doors: one file per way in. A file knows one protocol, and how to answer on it."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import Protocol, cast

from config.settings import Channel, Gateway
from records.arrival import Reception

#: Every kind of door and where it lives; imported only when a channel of that kind is wired.
KINDS: dict[str, str] = {
    "smtp": "channels.smtp:SmtpDoor",
    "imap": "channels.imap:ImapDoor",
    "fax": "channels.fax:FaxDoor",
    "scan": "channels.scan:ScanDoor",
    "telegram": "channels.telegram:TelegramDoor",
    "max": "channels.max:MaxDoor",
}


class Unreachable(Exception):
    """A door can't do its work as it is set up; the text tells the remedy."""


class Door(Protocol):
    """One way in, wired with its name and settings."""

    async def serve(self, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]) -> None:
        """Take reports until `stopping` is set; call `opened(address)` once, when the door stands open.

        "Taken" is said to the sender only after `reception.accept` has returned. If that raises TryAgain, the answer
        is "try again" in the protocol's words. Raises Unreachable when the door can't be opened at all.
        """
        ...

    async def check(self) -> str:
        """Tell in one line that the other side can be reached; raises Unreachable with the remedy."""
        ...


def door(name: str, settings: Channel, gateway: Gateway) -> Door:
    """Build the door for one channel of the wiring file."""
    kind = str(settings.__struct_config__.tag)
    module, _, attribute = KINDS[kind].partition(":")
    return cast("Door", getattr(import_module(module), attribute)(name, settings, gateway))
