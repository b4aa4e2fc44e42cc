"""The built-in ticket store: tickets lie in the archive itself."""

import threading
from typing import TYPE_CHECKING, Protocol

from config.settings import Builtin
from records.arrival import TryAgain
from records.deliveries import Delivered, Ticket, Verb

if TYPE_CHECKING:
    from outbox.backends import Tools


class TicketShelf(Protocol):
    """Where built-in tickets are kept. Both writing methods have one effect however often they are called.

    Trouble of the archive's own is raised as TryAgain. A new ticket is "acknowledged", a withdrawn one "cancelled".
    """

    def open(self, external_id: str, ticket: Ticket) -> str:
        """Keep a ticket under our number and give the ticket's own; for a known number the first ticket's."""
        ...

    def append(self, external_id: str, kind: Verb, ticket: Ticket) -> str | None:
        """Add an entry to the ticket under `external_id`, once for one `ticket.external_id`, and give its number.

        WITHDRAW cancels the ticket; AMEND with `ticket.reopens` opens a closed one again. None where there is no such
        ticket.
        """
        ...

    def number_of(self, external_id: str) -> str | None:
        """Give the number of the ticket under our number."""
        ...

    def status_of(self, external_id: str) -> str | None:
        """Give the ticket's status as a TMF621 word."""
        ...


class BuiltinBackend:
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, _: Builtin, tools: "Tools") -> None:
        self._name = name
        self._shelf = tools.shelf

    def create(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return Delivered(external_id=self._shelf.open(ticket.external_id, ticket))

    def amend(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._append(Verb.AMEND, ticket)

    def withdraw(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._append(Verb.WITHDRAW, ticket)

    def find(self, external_id: str) -> str | None:
        """See `Backend`."""
        return self._shelf.number_of(external_id)

    def status(self, external_id: str) -> str | None:
        """See `Backend`."""
        return self._shelf.status_of(external_id)

    def check(self) -> str:
        """See `Backend`."""
        self._shelf.number_of("")
        return f"{self._name}: the built-in ticket store answers"

    def _append(self, kind: Verb, ticket: Ticket) -> Delivered:
        number = self._shelf.append(ticket.earlier, kind, ticket) if ticket.earlier else None
        if number is None:
            raise TryAgain(f"the ticket of {ticket.earlier} is not there yet")
        return Delivered(external_id=number)


class MemoryShelf:
    """A `TicketShelf` without an archive, for tests and trials: ticket, entries and status in dictionaries."""

    def __init__(self) -> None:
        self.tickets: dict[str, Ticket] = {}
        self.entries: dict[str, dict[str, tuple[Verb, Ticket]]] = {}  # by our number, then by the entry's
        self._numbers: dict[str, str] = {}
        self._lock = threading.Lock()

    def open(self, external_id: str, ticket: Ticket) -> str:
        """See `TicketShelf`."""
        with self._lock:
            self.tickets.setdefault(external_id, ticket)
            self.entries.setdefault(external_id, {})
            return self._numbers.setdefault(external_id, str(len(self._numbers) + 1))

    def append(self, external_id: str, kind: Verb, ticket: Ticket) -> str | None:
        """See `TicketShelf`."""
        with self._lock:
            if external_id not in self.tickets:
                return None
            self.entries[external_id].setdefault(ticket.external_id, (kind, ticket))
            return self._numbers[external_id]

    def number_of(self, external_id: str) -> str | None:
        """See `TicketShelf`."""
        return self._numbers.get(external_id)

    def status_of(self, external_id: str) -> str | None:
        """See `TicketShelf`."""
        if external_id not in self.tickets:
            return None
        status = "acknowledged"
        for kind, entry in self.entries[external_id].values():
            if kind is Verb.WITHDRAW:
                status = "cancelled"
            elif entry.reopens and status == "cancelled":
                status = "inProgress"
        return status
