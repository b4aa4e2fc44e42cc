"""Znuny, OTOBO and OTRS by a web service of the Generic Interface (https://doc.znuny.org, GenericTicketConnectorREST).

The site makes the web service with four routes, all by POST so that no password stands in an address: `Ticket`
(TicketCreate), `TicketSearch`, `TicketGet/:TicketID`, `TicketUpdate/:TicketID`. Measured on a real one: every error
comes with status 200, and a search by a field that does not exist gives all tickets.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from config.backends import Znuny
from outbox.backends.http import Answer, Http
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.searched import Held, SearchedBackend, System
from records.arrival import TryAgain
from records.deliveries import Refused, Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

FIELDS = {"Ticket.Title": TITLE, "Article.Body": TEXT, "Ticket.Priority": "{urgency}", "Ticket.State": "new"}
VALUES = {"Ticket.Priority": {"normal": "3 normal", "control": "4 high", "urgent": "5 very high"}}
STATUSES = {
    "new": "acknowledged", "open": "inProgress", "pending reminder": "pending", "pending auto close+": "resolved",
    "pending auto close-": "resolved", "closed successful": "closed", "closed unsuccessful": "cancelled",
    "closed with workaround": "closed", "merged": "closed", "removed": "cancelled",
}  # fmt: skip
_ARTICLE = {
    "CommunicationChannel": "Internal", "SenderType": "system", "IsVisibleForCustomer": 0,
    "ContentType": "text/plain; charset=utf8",
}  # fmt: skip
#: What of an error's code is a refusal for good.
_FOR_GOOD = ("InvalidParameter", "MissingParameter", "AccessDenied")


class _Error(Struct):
    code: str = field(name="ErrorCode", default="")
    message: str = field(name="ErrorMessage", default="")


class _Any(Struct):
    error: _Error | None = field(name="Error", default=None)


class _Opened(Struct):
    key: str | int = field(name="TicketID")


class _Found(Struct):
    keys: list[str | int] | str | int = field(name="TicketID")


class _Dynamic(Struct):
    name: str = field(name="Name")
    value: Any = field(name="Value", default=None)


class _File(Struct):
    name: str = field(name="Filename", default="")


class _Article(Struct):
    subject: str | None = field(name="Subject", default=None)
    files: list[_File] = field(name="Attachment", default_factory=list)


class _One(Struct):
    key: str | int = field(name="TicketID")
    number: str = field(name="TicketNumber")
    state: str = field(name="State")
    fields: list[_Dynamic] = field(name="DynamicField", default_factory=list)
    articles: list[_Article] = field(name="Article", default_factory=list)


class _Got(Struct):
    tickets: list[_One] = field(name="Ticket")


class ZnunyBackend(SearchedBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: Znuny, tools: "Tools") -> None:
        customer = settings.customer or f"tickets@{tools.gateway.domain}"
        super().__init__(name, WebService(name, settings, customer), settings, tools.files)


class WebService(System):
    """See `outbox.backends.searched.System`. A key is the TicketID."""

    exact = True

    def __init__(self, name: str, settings: Znuny, customer: str) -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._customer = customer
        self._template = Template(settings, FIELDS, VALUES)
        self._statuses = {**STATUSES, **settings.statuses}

    def search(self, external_id: str) -> list[str]:
        """See `System`."""
        wanted = {f"DynamicField_{self._settings.id_field}": {"Equals": external_id}, "Limit": 50}
        answer = self._ask("TicketSearch", wanted)
        if answer.read(dict[str, Any]) == {}:  # none
            return []
        found = answer.read(_Found).keys
        keys = found if isinstance(found, list) else [found]
        return [str(key) for key in sorted(keys, key=int)]

    def read(self, key: str) -> Held | None:
        """See `System`."""
        ticket = self._get(key, DynamicFields=1)
        if ticket is None:
            return None
        numbers = [one.value for one in ticket.fields if one.name == self._settings.id_field and one.value]
        return Held(
            key=str(ticket.key), number=ticket.number, external_ids=tuple(map(str, numbers)),
            status=self._statuses.get(ticket.state, "inProgress"),
        )  # fmt: skip

    def open(self, ticket: Ticket) -> str:
        """See `System`."""
        return str(self._ask("Ticket", self.sent(ticket)).read(_Opened).key)

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """See `System`."""
        filled = self._template.filled(ticket)
        house = {"Queue": self._settings.queue, "CustomerUser": self._customer}
        return {
            **filled, "Ticket": {**house, **filled.get("Ticket", {})},
            "Article": {**_ARTICLE, "Subject": ticket.external_id, **filled.get("Article", {})},
            "DynamicField": [{"Name": self._settings.id_field, "Value": ticket.external_id}],
        }  # fmt: skip

    def notes(self, key: str) -> Iterator[str]:
        """See `System`."""
        ticket = self._get(key, AllArticles=1)
        return (one.subject for one in (ticket.articles if ticket else []) if one.subject)

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`; article and state are one call."""
        subject, _, body = text.partition("\n")
        article = {**_ARTICLE, "Subject": subject, "Body": body.strip() or subject}
        change = {"Ticket": {"State": state}} if state else {}
        self._ask(f"TicketUpdate/{held.key}", {**change, "Article": article}).read(_Opened)

    def files(self, key: str) -> Iterator[str]:
        """See `System`: their names, not their contents."""
        ticket = self._get(key, AllArticles=1, Attachments=1, GetAttachmentContents=0)
        return (file.name for one in (ticket.articles if ticket else []) for file in one.files)

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`."""
        article = {**_ARTICLE, "Subject": f"file of {held.external_ids[0]}", "Body": name}
        file = {"Filename": name, "ContentType": media_type, "Content": b64encode(content).decode()}
        self._ask(f"TicketUpdate/{held.key}", {"Article": article, "Attachment": [file]}).read(_Opened)

    def check(self) -> str:
        """See `System`."""
        self._ask("TicketSearch", {"Limit": 1})
        return f"the web service answers, the dynamic field {self._settings.id_field} is searched"

    def _get(self, key: str, **wanted: int) -> _One | None:
        answer = self._ask(f"TicketGet/{key}", wanted, absent="TicketGet.AccessDenied")
        return answer.read(_Got).tickets[0] if answer is not None else None

    def _ask(self, path: str, what: dict[str, Any], absent: str = "") -> Any:
        """Ask, and see errors that come with status 200; None for the error that means that there is no such ticket."""
        password = self._http.reveal("password", self._settings.password)
        answer = self._http.ask("POST", path, json={"UserLogin": self._settings.user, "Password": password, **what})
        error = answer.read(_Any).error
        if error is None:
            return answer
        if error.code == absent:
            return None
        raise self._verdict(error, answer)

    def _verdict(self, error: _Error, answer: Answer) -> TryAgain | Refused:
        text = f"{self._http.name} says {answer.said}"
        if error.code.endswith("AuthFail"):
            return TryAgain(f"{text}: are the credentials of backends.{self._http.name} right?")
        return Refused(text) if error.code.endswith(_FOR_GOOD) else TryAgain(text)
