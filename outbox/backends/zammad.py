"""Zammad by its REST API (https://docs.zammad.org/en/latest/api/intro.html).

Its search by words goes through an index that lags; a search by a condition asks the database, so that is used. It
merges no tickets by a documented call: a second one is flagged.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from config.backends import Zammad
from outbox.backends.http import Answer, Http, Query, convert
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.searched import Held, System, TellingBackend, minutes
from records.deliveries import Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

FIELDS = {"title": TITLE, "article.body": TEXT, "priority": "{urgency}"}
VALUES = {"priority": {"normal": "2 normal", "control": "3 high", "urgent": "3 high"}}
STATUSES = {
    "new": "acknowledged", "open": "inProgress", "pending reminder": "pending", "pending close": "resolved",
    "closed": "closed", "merged": "closed", "removed": "cancelled",
}  # fmt: skip
_MOST = 200  # tickets of one search; of what is beyond each is asked by itself, later


class _Key(Struct):
    id: int


class _Read(Struct):
    id: int
    number: str
    state: str


_Found: Any = dict[str, Any] | list[dict[str, Any]]


class _File(Struct):
    filename: str = ""


class _Article(Struct):
    subject: str | None = None
    attachments: list[_File] = []


class ZammadBackend(TellingBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: Zammad, tools: "Tools") -> None:
        customer = settings.customer or f"tickets@{tools.gateway.domain}"
        super().__init__(name, Desk(name, settings, customer), settings, tools.files)


class Desk(System):
    """See `outbox.backends.searched.System`. A key is the ticket's `id`."""

    exact = True

    def __init__(self, name: str, settings: Zammad, customer: str) -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._customer = customer
        self._template = Template(settings, FIELDS, VALUES)
        self._statuses = {**STATUSES, **settings.statuses}

    def search(self, external_id: str) -> list[str]:
        """See `System`; newer versions give keys, older ones whole tickets."""
        condition = f"condition[ticket.{self._settings.id_field}]"
        query: Query = {f"{condition}[operator]": "is", f"{condition}[value]": external_id, "limit": 50}
        found = self._ask("GET", "tickets/search", query=query).read(_Found)
        keys = found.get("tickets") if isinstance(found, dict) else [one.get("id") for one in found]
        return [str(key) for key in sorted(convert(keys, list[int], self._http.name))]

    def read(self, key: str) -> Held | None:
        """See `System`."""
        answer = self._ask("GET", f"tickets/{key}", query={"expand": "true"}, expected=(404,))
        if answer.status == 404:
            return None
        return self._as_held(answer.read(dict[str, Any]))

    def changed(self, within: timedelta) -> Iterator[Held]:
        """See `TellingSystem`: by a condition."""
        condition = "condition[ticket.updated_at]"
        query: Query = {
            f"{condition}[operator]": "within last (relative)", f"{condition}[range]": "minute",
            f"{condition}[value]": minutes(within), "expand": "true", "limit": _MOST,
        }  # fmt: skip
        yield from map(self._as_held, self._ask("GET", "tickets/search", query=query).read(list[dict[str, Any]]))

    def _as_held(self, whole: dict[str, Any]) -> Held:
        ticket = convert(whole, _Read, self._http.name)
        return Held(
            key=str(ticket.id), number=ticket.number, external_ids=(str(whole.get(self._settings.id_field)),),
            status=self._statuses.get(ticket.state, "inProgress"),
        )  # fmt: skip

    def open(self, ticket: Ticket) -> str:
        """See `System`."""
        return str(self._ask("POST", "tickets", json=self.sent(ticket)).read(_Key).id)

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """See `System`: an internal note as the first article, so that Zammad answers the customer nothing."""
        house = {"group": self._settings.group, "customer_id": f"guess:{self._customer}"}
        filled = {**house, **self._template.filled(ticket)}
        article = {**_NOTE, "subject": ticket.external_id, **filled.get("article", {})}
        return {**filled, "article": article, self._settings.id_field: ticket.external_id}

    def notes(self, key: str) -> Iterator[str]:
        """See `System`."""
        return (one.subject for one in self._articles(key) if one.subject)

    def files(self, key: str) -> Iterator[str]:
        """See `System`."""
        return (file.filename for one in self._articles(key) for file in one.attachments)

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`."""
        file = {"filename": name, "data": b64encode(content).decode(), "mime-type": media_type}
        article = {**_NOTE, "subject": f"file of {held.external_ids[0]}", "body": name, "attachments": [file]}
        self._ask("PUT", f"tickets/{held.key}", json={"article": article}).read(_Key)

    def _articles(self, key: str) -> list[_Article]:
        return self._ask("GET", f"ticket_articles/by_ticket/{key}").read(list[_Article])

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`; article and state are one call."""
        subject, _, body = text.partition("\n")
        article = {**_NOTE, "subject": subject, "body": body.strip() or subject}
        change = {"state": state} if state else {}
        self._ask("PUT", f"tickets/{held.key}", json={**change, "article": article}).read(_Key)

    def check(self) -> str:
        """See `System`."""
        self._ask("GET", "users/me").read(_Key)
        return f"Zammad lets us in, tickets are searched by {self._settings.id_field}"

    def _ask(
        self, method: str, path: str, *, query: Query | None = None, json: object = None, expected: tuple[int, ...] = ()
    ) -> Answer:
        headers = {"Authorization": f"Token token={self._http.reveal('token', self._settings.token)}"}
        return self._http.ask(method, f"api/v1/{path}", query=query, headers=headers, json=json, expected=expected)


_NOTE = {"type": "note", "internal": True, "content_type": "text/plain"}
