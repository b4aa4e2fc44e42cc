"""What a door hands over, and what it gets back."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from records.chat import Heard


class Envelope(Struct, frozen=True, kw_only=True):
    """What the protocol said beside the content (for mail: RFC 5321); absent where the protocol has no such thing."""

    sender: str | None = None  # SMTP reverse-path; "" is the null sender; None: the door knows no sender
    recipients: tuple[str, ...] = ()
    peer: str | None = None  # network address of the sending host
    authenticated: str | None = None  # the SMTP AUTH user
    tls: bool = False
    source: Mapping[str, str | int] = {}  # where it lay: IMAP account, folder, uid…; a file's folder, name, inode…
    calling_number: str | None = None  # of the fax machine that sent it, as the fax server wrote it
    page_count: int | None = None  # as the fax server counted
    postal_sender: str | None = None  # name and address on the cover of a letter, as a clerk copied them
    clerk: str | None = None  # login of the clerk who brought it in: an upload, a walk-in
    chat: str | None = None  # the messenger's chat that it came from, where to answer
    about: str | None = None  # number of the earlier report that the door has proven it to belong to


class Arrival(Struct, frozen=True, kw_only=True):
    """One report as it reached a door, before it is kept.

    `content` is the byte-exact original: bytes, or for a large one a file in the spool, which `accept` takes over
    (moves away). `received_at` is when the report reached the company, aware UTC, stamped by the door: SMTP = end of
    DATA, IMAP = INTERNALDATE; never the `Date:` header.
    """

    channel: str
    media_type: str
    content: bytes | Path
    size: int
    sha256: str  # of the content, hexadecimal
    received_at: datetime
    envelope: Envelope = Envelope()
    problem: str | None = None  # why the door could not bring all of it, e.g. "too_large"


class Receipt(Struct, frozen=True, kw_only=True):
    """The gateway's promise: this report is kept. For a duplicate it is the first one's."""

    id: str  # FR-2026-0001187
    report: int  # the row behind it
    received_at: datetime
    due_at: datetime
    duplicate: bool = False


class TryAgain(Exception):
    """Trouble that passes. At a door: our own, and the sender is asked to come again (451, 503); `full`: out of space.

    From a backend: it can't take the delivery now, or did not say; another attempt follows within the deadline, not
    before the `after` seconds that it asks for.
    """

    def __init__(self, reason: str, *, full: bool = False, after: float = 0) -> None:
        super().__init__(reason)
        self.full = full
        self.after = after


class Down(TryAgain):
    """No answer came, or one which tells that the other system is not well: whoever asks next may ask in vain, too."""


class Reception(Protocol):
    """All that a door sees of the house. Safe from any coroutine; IMAP threads come in through their loop."""

    async def accept(self, arrival: Arrival) -> Receipt:
        """Keep one report for good; return only after the commit is on disk. Raises TryAgain, never anything else."""
        ...

    async def hear(self, heard: Heard) -> None:
        """Keep one update of a messenger for good, once however often it comes; returns and raises as `accept` does."""
        ...

    async def recall(self, channel: str, key: str) -> str | None:
        """Read back what the channel remembered under this key (a cursor, a count)."""
        ...

    async def remember(self, channel: str, key: str, value: str) -> None:
        """Keep one value for the channel for good."""
        ...

    def spool(self) -> Path:
        """Name the folder, on the archive's own file system, where a door may write a large original."""
        ...
