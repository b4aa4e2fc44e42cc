"""One report, one ticket: the promises of a backend, kept for every system that can be searched by our number.

No system here has an idempotency key, and all of them keep a ticket although the connection broke. So: search by our
number, read every hit again and compare it ourselves, adopt or create, read back; what slipped through twice is united.
"""

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Protocol

import msgspec

from config.backends import Searched
from outbox.backends.cleaning import about, without_customer
from outbox.backends.mapping import note
from outbox.files import Lender, Lent, described, packed, read
from outbox.linking import linked, of_its_own
from records.arrival import TryAgain
from records.deliveries import Delivered, Refused, Ticket, Verb

log = logging.getLogger("faultgate.backends")

_LOCKS = 64  # for creating; two numbers may share one
_REMEMBERED = 1000  # tickets opened by this process, newest last
_WITHDRAWAL = re.compile(r"FR-\d{4}-\d{7,10}(/\d+)? withdrawn\b")  # see `mapping.note`
_NOBODY = "FR-0000-0000000"  # a number that no report has
_OVER = {"cancelled", "closed", "resolved", "rejected"}


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket as its system holds it."""

    key: str  # what its calls want
    number: str  # what people call it
    external_ids: tuple[str, ...]  # what stands in the field of our number: one, or more where people merged tickets
    status: str  # a TMF621 word


class System(Protocol):
    """The calls of one ticket system, as its base class; each raises TryAgain and Refused as `Backend` says."""

    #: Whether its search gives nothing but what was asked for; a stranger then tells that the filter was ignored.
    exact: bool

    def search(self, external_id: str) -> Iterable[str]:
        """Give the keys of all tickets that may carry our number, the oldest first."""
        ...

    def read(self, key: str) -> Held | None:
        """Read one ticket; None where there is none (any more)."""
        ...

    def open(self, ticket: Ticket) -> str:
        """Open a ticket with our number in it and give its key."""
        ...

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """Give what opens a ticket."""
        ...

    def notes(self, key: str) -> Iterable[str]:
        """Give what was said on a ticket, each from its first character."""
        ...

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """Add a note; a `state`, a word of the system's, is set before or with the note."""
        ...

    def unite(self, surplus: Held, into: Held) -> bool:  # noqa: ARG002 - most systems can't
        """Merge a second ticket of one report into the first; False where the system can't: it is flagged then."""
        return False

    def files(self, key: str) -> Iterable[str]:
        """Name the files of a ticket."""
        ...

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """Add a file to a ticket."""
        ...

    def check(self) -> str:
        """See `Backend`."""
        ...


class SearchedBackend:
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, system: System, settings: Searched, lend: Lender) -> None:
        self._lend = lend
        self._name = name
        self._system = system
        self._settings = settings
        self._blind = f"does not search by our number: is backends.{name}.id_field right?"
        self._locks = [threading.Lock() for _ in range(_LOCKS)]
        self._books = threading.Lock()  # over the two below
        self._opened: OrderedDict[str, str] = OrderedDict()  # our number → key
        self._doubts: dict[str, float] = {}  # our number → until when its search may still be blind, monotonic
        self._sure_at = time.monotonic() + settings.lag  # what an earlier process sent may not be found yet

    def create(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        number = ticket.external_id
        with self._locks[hash(number) % _LOCKS], about(ticket):
            held = self._remembered(number)
            if held is None:
                held = self._read_back(self._open(ticket), number)
            return Delivered(external_id=held.number)

    def amend(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._tell(ticket, Verb.AMEND)

    def withdraw(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._tell(ticket, Verb.WITHDRAW)

    def attach(self, ticket: Ticket) -> tuple[str, ...]:
        """See `outbox.backends.TakesFiles`; one file at a time is in memory."""
        number = ticket.earlier or ticket.external_id
        files = packed(ticket, self._lend, self._settings)
        if not files.leaving:
            return files.behind
        with self._locks[hash(number) % _LOCKS], about(ticket):
            held = self._held(number)
            if held is None:
                raise TryAgain(f"the ticket of {number} is not there yet")
            there = set(self._system.files(held.key))
            new = read((name, file) for name, file in files.leaving if name not in there)
            added = [self._add(held, ticket, name, file, content) for name, file, content in new]
        return (*files.behind, *(refused for refused in added if refused is not None))

    def _add(self, held: Held, ticket: Ticket, name: str, file: Lent, content: bytes) -> str | None:
        """Add one file; one that is refused, whose words are given, holds nothing up: the archive has it."""
        try:
            self._system.attach(held, name, file.media_type, content)
        except Refused as refusal:
            log.warning(
                "%s refuses a file of ticket %s: %s, %d bytes", self._name, held.number, file.media_type, len(content)
            )
            return f"{described(file)}: {without_customer(str(refusal), ticket)}"
        return None

    def find(self, external_id: str) -> str | None:
        """See `Backend`."""
        held = self._held(external_id)
        return held.number if held else None

    def status(self, external_id: str) -> str | None:
        """See `Backend`."""
        held = self._held(external_id)
        if held is None:
            return None
        over = held.status in ("closed", "resolved")  # some systems know no other end; then our note tells
        return "cancelled" if over and _withdrawn(self._system.notes(held.key)) else held.status

    def check(self) -> str:
        """See `Backend`."""
        try:
            told = self._system.check()
            strangers = list(self._system.search(_NOBODY)) if self._system.exact else []
        except Refused as refusal:
            raise TryAgain(str(refusal)) from None
        if strangers:
            raise TryAgain(f"{self._name} {self._blind}")
        return told

    def preview(self, ticket: Ticket, verb: Verb) -> str:
        """See `outbox.backends.Previewed`."""
        if verb is Verb.CREATE:
            return msgspec.json.format(msgspec.json.encode(self._system.sent(ticket)), indent=2).decode()
        return note(ticket, verb, self._settings)

    def _held(self, number: str) -> Held | None:
        known = self._remembered(number)
        if known is not None:
            return known
        holders = self._holders(number)
        if not holders and time.monotonic() < max(self._doubts.get(number, 0.0), self._sure_at):
            raise TryAgain(f"{self._name}: whether there is a ticket of {number} is not sure yet: its search lags")
        return self._united(holders, number) if holders else None

    def _holders(self, number: str) -> list[Held]:
        """Search, read every hit again and compare it: some systems ignore a filter that they don't know."""
        read = (self._system.read(key) for key in dict.fromkeys(self._system.search(number)))
        hits = {one.key: one for one in read if one is not None}
        ours = [one for one in hits.values() if number in one.external_ids]
        if hits and not ours and self._system.exact:
            raise TryAgain(f"{self._name} {self._blind}")
        return ours

    def _remembered(self, number: str) -> Held | None:
        key = self._opened.get(number)
        held = self._system.read(key) if key is not None else None
        return held if held is not None and number in held.external_ids else None

    def _open(self, ticket: Ticket) -> str:
        try:
            return self._system.open(ticket)
        except TryAgain:
            with self._books:
                now = time.monotonic()
                self._doubts = {number: until for number, until in self._doubts.items() if until > now}
                self._doubts[ticket.external_id] = now + self._settings.lag
            raise

    def _read_back(self, key: str, number: str) -> Held:
        """See that the new ticket carries our number, and that it is the only one."""
        holders = self._holders(number)
        mine = next((one for one in holders if one.key == key), None) or self._system.read(key)
        if mine is None:
            raise TryAgain(f"{self._name}: the ticket just opened can't be read yet")
        if number in mine.external_ids:
            self._remember(number, (first := self._united(holders or [mine], number)).key)
            return first
        if not holders:
            raise Refused(f"{self._name}: ticket {mine.number} does not keep our number {number}: write it in by hand")
        return self._united([*holders, mine], number)

    def _united(self, holders: list[Held], number: str) -> Held:
        """Keep the oldest; the others are merged into it, or flagged once for a person."""
        first, *surplus = holders
        for one in surplus:
            if not self._system.unite(one, first):
                flag = f"{number}: the same report as ticket {first.number}, opened twice by mistake"
                if not _said(self._system.notes(one.key), flag):
                    self._system.say(one, flag, state=None)
        return first

    def _remember(self, number: str, key: str) -> None:
        with self._books:
            self._opened[number] = key
            while len(self._opened) > _REMEMBERED:
                self._opened.popitem(last=False)

    def _tell(self, ticket: Ticket, verb: Verb) -> Delivered:
        """Add to the earlier ticket what was not said there yet; cancel only what is still worked on."""
        with self._locks[hash(ticket.earlier) % _LOCKS], about(ticket):
            held = self._held(ticket.earlier) if ticket.earlier else None
            if held is None:
                raise TryAgain(f"the ticket of {ticket.earlier} is not there yet")
            over, done = held.status in _OVER, _said(self._system.notes(held.key), ticket.external_id)
            parts = over and ticket.reopens and not done and self._settings.closed == "linked"
            if not done and not parts:
                self._system.say(held, note(ticket, verb, self._settings), state=self._state(ticket, verb, over=over))
        if not parts:
            return Delivered(external_id=held.number)
        own = of_its_own(ticket, held.number)
        known = self.find(own.external_id)
        return linked(Delivered(external_id=known) if known is not None else self.create(own))

    def _state(self, ticket: Ticket, verb: Verb, *, over: bool) -> str | None:
        """Give the status to set, in the system's words."""
        if verb is Verb.WITHDRAW:
            return None if over else self._settings.cancelled
        return self._settings.reopened if over and ticket.reopens else None


class TellingSystem(System, Protocol):
    """A system that tells which tickets have changed."""

    def changed(self, within: timedelta) -> Iterable[Held]:
        """Give the tickets that have changed within the last so long by its own clock, of ours at least."""
        ...


class TellingBackend(SearchedBackend):
    """See `outbox.backends.Changed`."""

    def __init__(self, name: str, system: TellingSystem, settings: Searched, lend: Lender) -> None:
        super().__init__(name, system, settings, lend)
        self._telling = system

    def changed(self, within: timedelta) -> Iterable[tuple[str, str]]:
        """See `Changed`; a ticket that people have merged carries several numbers."""
        for held in self._telling.changed(within):
            for number in held.external_ids:
                yield number, held.status


def minutes(within: timedelta) -> int:
    """Give a time in whole minutes, rounded up."""
    return -(-int(within.total_seconds()) // 60)


def _withdrawn(notes: Iterable[str]) -> bool:
    return any(_WITHDRAWAL.match(note.lstrip()) for note in notes)


def _said(notes: Iterable[str], text: str) -> bool:
    """Tell whether a note begins with our text; only its beginning counts, for customers may quote numbers, too."""
    beginnings = (note.lstrip()[: len(text) + 1] for note in notes)
    return any(one.startswith(text) and not one[len(text) :].strip() for one in beginnings)
