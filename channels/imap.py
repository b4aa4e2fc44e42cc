"""The IMAP door (RFC 9051, RFC 3501): fetches the mail of one account."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from channels import Unreachable
from channels.blocking import BlockingReception, in_thread
from channels.imap_login import connection, explain, log_in, password
from channels.imap_mailbox import Mailbox
from channels.imap_session import Session
from channels.oauth2 import check_url
from config.settings import Gateway, Imap
from records.arrival import Reception


class ImapDoor:
    """One mailbox with its folders. The protocol library blocks, so it has a thread of its own."""

    def __init__(self, name: str, settings: Imap, _gateway: Gateway) -> None:
        self._name = name
        self._settings = settings

    async def serve(self, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]) -> None:
        """Fetch mail until `stopping` is set. A server out of reach is tried again; Unreachable: wrong settings."""
        _check_settings(self._settings)
        loop = asyncio.get_running_loop()
        mailbox = Mailbox(self._name, self._settings, BlockingReception(self._name, reception, loop))
        address = f"{self._settings.host}:{self._settings.port}"

        def tell() -> None:
            loop.call_soon_threadsafe(opened, address)

        await in_thread(f"imap-{self._name}", partial(mailbox.run, tell), stopping, mailbox.stop, mailbox.cut)

    async def check(self) -> str:
        """Log in and open each folder; tell how many mails lie there."""
        return await asyncio.to_thread(self._check)

    def _check(self) -> str:
        _check_settings(self._settings)
        try:
            with connection(self._settings) as client:
                return f"{self._settings.user} at {self._settings.host}: {self._look_around(client)}"
        except Unreachable:
            raise
        except Exception as error:
            raise Unreachable(f"{self._settings.host}: {explain(error, self._settings)}") from None

    def _look_around(self, client: Any) -> str:
        """Open each folder. With OAuth2 nobody logs in: it could use up a refresh token that the archive keeps anew."""
        if self._settings.oauth2 is not None:
            if not client.has_capability("AUTH=XOAUTH2"):
                raise Unreachable("the server offers no XOAUTH2: set password instead")
            return "XOAUTH2 is offered (the login itself is not tried)"
        log_in(client, self._settings, None)
        session = Session(client, self._settings)
        return ", ".join(f"{name} ({_count(session, name)} mails)" for name in self._settings.folders)


def _count(session: Session, folder: str) -> int:
    try:
        return session.select(folder).exists
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        raise Unreachable(f"folder {folder} can't be opened: create it or correct folders") from None


def _check_settings(settings: Imap) -> None:
    """Refuse settings with which no mail can be fetched. Raises Unreachable with the remedy."""
    if settings.oauth2 is not None:
        check_url(settings.oauth2.token_url)
    else:
        password(settings)
    if not settings.folders:
        raise Unreachable("folders is empty: name one")
    if settings.done_folder in settings.folders:
        raise Unreachable("done_folder is one of the folders: mail would go round for ever")
