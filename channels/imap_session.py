"""One IMAP connection with just the commands the door needs (RFC 9051, RFC 3501); blocking, with a time limit on each.

Nothing here changes what a person sees in the mailbox but `mark`: bodies are read with BODY.PEEK, and nothing is ever
removed that was not taken by us.
"""

import logging
import selectors
import socket
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from imapclient import DELETED, IMAPClient
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
)
from msgspec import Struct

from config.settings import Imap

logging.getLogger("imapclient").setLevel(logging.WARNING)  # at DEBUG it would write whole mails


class View(Struct, frozen=True):
    """A folder as SELECT shows it."""

    uidvalidity: int
    last: int  # no UID is above it: UIDNEXT - 1
    exists: int  # messages


class Part(Struct, frozen=True):
    """A stretch of a message, and what the server says of the whole."""

    content: bytes
    size: int  # RFC822.SIZE; some servers only estimate it
    received_at: datetime  # INTERNALDATE, aware UTC


class Gone(Exception):
    """The message is no longer in the folder: somebody moved or removed it."""


class Spoiled(Exception):
    """The connection broke while a message was fetched; that is counted against the message."""


class Session:
    """A logged-in connection. Everything may raise OSError or IMAPClientError."""

    def __init__(self, client: IMAPClient, settings: Imap) -> None:
        self._client: Any = client
        self._settings = settings
        self._writable = True

    def select(self, folder: str) -> View:
        """Open a folder; one that we may not write to is opened for reading."""
        try:
            answer = self._client.select_folder(folder)
            self._writable = True
        except IMAPClientReadOnlyError:
            answer = self._client.select_folder(folder, readonly=True)
            self._writable = False
        if b"UIDNEXT" not in answer:
            answer |= self._client.folder_status(folder, ["UIDNEXT"])
        if b"UIDVALIDITY" not in answer:
            raise IMAPClientError("[NOUIDVALIDITY] the folder can't be followed")
        return View(answer[b"UIDVALIDITY"], answer[b"UIDNEXT"] - 1, answer[b"EXISTS"])

    def search(self, low: int, high: int, since: date | None) -> list[int]:
        """List the UIDs from `low` to `high`, in order; with `since` only those whose INTERNALDATE is not older."""
        criteria: list[Any] = ["UID", f"{low}:{high}"]
        if since is not None:
            criteria += ["SINCE", since]
        return sorted(uid for uid in self._client.search(criteria) if low <= uid <= high)

    def part(self, uid: int, offset: int, count: int) -> Part:
        """Read up to `count` bytes of a message from `offset` on, leaving its flags alone. Raises Gone."""
        return self._part(uid, f"BODY.PEEK[]<{offset}.{count}>", b"BODY[]<%d>" % offset)

    def header(self, uid: int) -> Part:
        """Read a message's header alone. Raises Gone."""
        return self._part(uid, "BODY.PEEK[HEADER]", b"BODY[HEADER]")

    def moment(self, uid: int) -> int | None:
        """Tell when a message came (INTERNALDATE in seconds since 1970); None: it is gone, or has no date."""
        try:
            found = self._fetch(uid, b"INTERNALDATE").get(b"INTERNALDATE")
        except Gone:
            return None
        return int(found.timestamp()) if found else None

    def mark(self, uids: Sequence[int]) -> None:
        """Show in the mailbox that these are taken: by a flag, or by moving them to another folder."""
        if not uids or not self._writable:
            return
        done, client = self._settings.done_folder, self._client
        if done is None:
            client.add_flags(uids, [self._settings.flag], silent=True)
        elif client.has_capability("MOVE"):
            client.move(uids, done)
        else:
            client.copy(uids, done)
            client.add_flags(uids, [DELETED], silent=True)
            if client.has_capability("UIDPLUS"):  # a plain EXPUNGE would remove what others have marked
                client.uid_expunge(uids)

    def provide(self, folder: str) -> None:
        """Create the folder if there is none of this name."""
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        return bool(self._client.has_capability("IDLE"))

    def idle(self, seconds: float, wake: socket.socket) -> None:
        """Wait until the server has news of the selected folder, `wake` has a byte, or the time is over.

        News that the server sends in one packet with its "go ahead" may stay unseen until the time is over.
        """
        self._client.idle()
        with selectors.DefaultSelector() as selector:
            selector.register(self._client.socket(), selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            selector.select(seconds)
        self._client.idle_done()

    def cut(self) -> None:
        """End the connection from another thread, so that a waiting command fails at once."""
        self._client.socket().shutdown(socket.SHUT_RDWR)

    def _part(self, uid: int, item: str, key: bytes) -> Part:
        found = self._fetch(uid, key, item)
        content, size = found[key], found.get(b"RFC822.SIZE")
        if not isinstance(content, bytes) or not isinstance(size, int):
            raise IMAPClientError("[INCOMPLETE] the answer lacks what was asked for")
        return Part(content, size, _utc(found.get(b"INTERNALDATE")))

    def _fetch(self, uid: int, key: bytes, *items: str) -> dict[bytes, Any]:
        """Fetch one message's items. Raises Gone when there is no such message (any more)."""
        try:
            found: dict[bytes, Any] = self._client.fetch([uid], ["INTERNALDATE", "RFC822.SIZE", *items]).get(uid, {})
        except (IMAPClientAbortError, OSError):
            raise
        except Exception:
            self._check_exists(uid)  # also proves that the connection is still in step
            raise
        if key not in found:
            self._check_exists(uid)
            raise IMAPClientError("[INCOMPLETE] the answer lacks what was asked for")
        return found

    def _check_exists(self, uid: int) -> None:
        self._client.noop()  # lets the server tell of removals first
        if uid not in self._client.search(["UID", str(uid)]):
            raise Gone


def _utc(moment: datetime | None) -> datetime:
    """Bring INTERNALDATE to UTC. A server's clock that is ahead, or a date beyond reading, never lengthens our time."""
    now = datetime.now(UTC)
    try:
        return min(now, moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)) if moment else now
    except (ValueError, OverflowError):
        return now
