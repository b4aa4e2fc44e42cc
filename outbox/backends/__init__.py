"""Ticket backends: one file each, and one line in `BACKENDS`."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Protocol, cast, runtime_checkable

from msgspec import Struct

from config.settings import Backend as Settings
from config.settings import Gateway
from outbox.backends.builtin import TicketShelf
from outbox.files import Lender, nothing
from records.deliveries import Delivered, Ticket, Verb

#: Every kind of backend and where it lives; imported only when a backend of that kind is wired.
BACKENDS: dict[str, str] = {
    "builtin": "outbox.backends.builtin:BuiltinBackend",
    "request_tracker": "outbox.backends.request_tracker:RequestTrackerBackend",
    "tmf621": "outbox.backends.tmf621:Tmf621Backend",
    "webhook": "outbox.backends.webhook:WebhookBackend",
    "mail": "outbox.backends.mail:MailBackend",
    "zammad": "outbox.backends.zammad:ZammadBackend",
    "znuny": "outbox.backends.znuny:ZnunyBackend",
    "servicenow": "outbox.backends.servicenow:ServiceNowBackend",
    "helix": "outbox.backends.helix:HelixBackend",
    "jira_service_management": "outbox.backends.jira_service_management:JiraBackend",
    "glpi": "outbox.backends.glpi:GlpiBackend",
}


class Ledger(Protocol):
    """What has left already, for backends that can't be asked themselves."""

    def number_of(self, backend: str, external_id: str) -> str | None:
        """Give the number under which a backend took the ticket of one of our reports; None where it did not yet."""
        ...

    def withdrawn(self, backend: str, number: str) -> bool:
        """Tell whether a withdrawal of the backend's ticket with this number has left."""
        ...


class Tools(Struct, frozen=True, kw_only=True):
    """What the house lends to a backend beside its settings."""

    gateway: Gateway
    shelf: TicketShelf
    ledger: Ledger
    now: Callable[[], datetime]
    files: Lender = nothing


@runtime_checkable
class Previewed(Protocol):
    """A backend that can show what it would send, without sending it."""

    def preview(self, ticket: Ticket, verb: Verb) -> str:
        """Write what would be sent, for a person."""
        ...


@runtime_checkable
class TakesFiles(Protocol):
    """A backend to whose tickets files can be added one by one."""

    def attach(self, ticket: Ticket) -> tuple[str, ...]:
        """Add the report's files that the ticket lacks: that of `ticket.earlier`, or its own; each once.

        A file that is too large, or that the system refuses, stays in the archive; it is given with the reason.
        """
        ...


@runtime_checkable
class Changed(Protocol):
    """A backend whose system tells by itself which tickets have changed."""

    def changed(self, within: timedelta) -> Iterable[tuple[str, str]]:
        """Give our number and the TMF621 word of each ticket that has changed within the last so long, by its clock.

        Others may be among them; what a system leaves out is found later, when each ticket is asked.
        """
        ...


class Backend(Protocol):
    """One ticket system. Our number (`external_id`) ties its tickets to our reports.

    Every method raises TryAgain where the trouble may pass or the answer did not come, and Refused where the system
    refuses for good; neither text holds a secret or personal data. May be called from several threads.
    """

    def create(self, ticket: Ticket) -> Delivered:
        """Open a ticket; return only once it is known to carry our number. Called after `find` gave None."""
        ...

    def amend(self, ticket: Ticket) -> Delivered:
        """Add to the ticket of `ticket.earlier`, once for one `ticket.external_id` however often called.

        With `ticket.reopens` a closed ticket is opened again, or the follow-up gets a ticket of its own, as the site
        wants; of that its number is given, and "linked" in the detail (`outbox.linking`).
        """
        ...

    def withdraw(self, ticket: Ticket) -> Delivered:
        """Tell the ticket of `ticket.earlier` that the customer cancels, once for one `ticket.external_id`."""
        ...

    def find(self, external_id: str) -> str | None:
        """Give the system's own number of the ticket that carries ours; every hit is read again and compared.

        None means that there surely is none: a system whose search lags raises TryAgain until it can be sure.
        """
        ...

    def status(self, external_id: str) -> str | None:
        """Give the ticket's status as a TMF621 word: acknowledged, inProgress, …; None where there is no ticket."""
        ...

    def check(self) -> str:
        """Tell in one line that the system can be reached; raises TryAgain with the remedy."""
        ...


def backend(name: str, settings: Settings, tools: Tools) -> Backend:
    """Build the backend for one entry of the wiring file."""
    kind = str(settings.__struct_config__.tag)
    module, _, attribute = BACKENDS[kind].partition(":")
    return cast("Backend", getattr(import_module(module), attribute)(name, settings, tools))
