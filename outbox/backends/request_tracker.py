"""Request Tracker 5 by REST 2.0 (https://docs.bestpractical.com/rt/5.0/RT/REST2.html).

Measured on a real one: a custom field with unique values does not refuse a second ticket but stays empty in it; an
unknown custom field is left out without a word; what can't be changed is told with status 200; merging works.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, field

from config.backends import RequestTracker
from outbox.backends.http import Answer, Http, Query
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.multipart import Part, form
from outbox.backends.searched import Held, System, TellingBackend, minutes
from records.arrival import TryAgain
from records.deliveries import Refused, Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

#: No Requestor: Request Tracker would answer the customer, too. A site that wants that gives `fields.Requestor`.
FIELDS = {"Subject": TITLE, "Content": TEXT, "Priority": "{urgency}"}
VALUES = {"Priority": {"normal": "20", "control": "50", "urgent": "80"}}
STATUSES = {
    "new": "acknowledged", "open": "inProgress", "stalled": "pending", "resolved": "resolved",
    "rejected": "cancelled", "deleted": "cancelled",
}  # fmt: skip
_PAGE = 100


class _Field(Struct):
    name: str
    values: list[str] = []


class _Read(Struct):
    id: int | str
    status: str = field(name="Status")
    fields: list[_Field] = field(name="CustomFields", default_factory=list)


class _Reads(Struct):
    items: list[_Read]


class _Key(Struct):
    id: str


class _Keys(Struct):
    items: list[_Key]


class _Said(Struct):
    data: str | None = field(name="Data", default=None)


class _History(Struct):
    items: list[_Said]


class _File(Struct):
    name: str | None = field(name="Filename", default=None)


class _Files(Struct):
    items: list[_File]


class _Queue(Struct):
    fields: list[_Field] = field(name="TicketCustomFields", default_factory=list)


class _Version(Struct):
    version: str = field(name="Version")


class RequestTrackerBackend(TellingBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: RequestTracker, tools: "Tools") -> None:
        super().__init__(name, RT(name, settings), settings, tools.files)


class RT(System):
    """See `outbox.backends.searched.System`. A key is the ticket's number."""

    exact = True

    def __init__(self, name: str, settings: RequestTracker) -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._template = Template(settings, FIELDS, VALUES)
        self._statuses = {**STATUSES, **settings.statuses}
        self._proven = False

    def search(self, external_id: str) -> list[str]:
        """See `System`: in all queues, for people move tickets."""
        query = f"CF.{{{self._settings.id_field}}} = '{external_id}'"
        found = self._ask("GET", "tickets", query={"query": query, "orderby": "id", "per_page": _PAGE}).read(_Keys)
        return [one.id for one in found.items]

    def read(self, key: str) -> Held | None:
        """See `System`; of a merged ticket the one that it went into is read."""
        answer = self._ask("GET", f"ticket/{key}", expected=(404,))
        if answer.status == 404:
            return None
        return self._as_held(answer.read(_Read))

    def changed(self, within: timedelta) -> Iterator[Held]:
        """See `TellingSystem`: by LastUpdated."""
        query = f"LastUpdated > '{minutes(within)} minutes ago' AND CF.{{{self._settings.id_field}}} LIKE 'FR-'"
        wanted: Query = {"query": query, "fields": "Status,CustomFields", "per_page": _PAGE, "orderby": "id"}
        page, full = 1, True
        while full:
            items = self._ask("GET", "tickets", query={**wanted, "page": page}).read(_Reads).items
            yield from (self._as_held(one) for one in items)
            page, full = page + 1, len(items) == _PAGE

    def _as_held(self, ticket: "_Read") -> Held:
        ids = [value for one in ticket.fields if one.name == self._settings.id_field for value in one.values]
        return Held(
            key=str(ticket.id), number=str(ticket.id), external_ids=tuple(ids),
            status=self._statuses.get(ticket.status, "inProgress"),
        )  # fmt: skip

    def open(self, ticket: Ticket) -> str:
        """See `System`."""
        self._prove()
        return self._ask("POST", "ticket", json=self.sent(ticket)).read(_Key).id

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """Give what opens a ticket."""
        filled = {"Queue": self._settings.queue, "ContentType": "text/plain", **self._template.filled(ticket)}
        return {
            **filled,
            "CustomFields": {**filled.get("CustomFields", {}), self._settings.id_field: ticket.external_id},
        }

    def notes(self, key: str) -> Iterator[str]:
        """See `System`: a comment's transaction holds its subject, in which our number stands."""
        page, full = 1, True
        while full:
            query: dict[str, str | int] = {"fields": "Data", "per_page": _PAGE, "page": page}
            items = self._ask("GET", f"ticket/{key}/history", query=query).read(_History).items
            yield from (one.data for one in items if one.data)
            page, full = page + 1, len(items) == _PAGE

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`; note and status are one call."""
        subject, _, content = text.partition("\n")
        sent = {"Subject": subject, "Content": content.strip() or subject, "ContentType": "text/plain"}
        status = {"Status": state} if state else {}
        answer = self._ask("POST", f"ticket/{held.key}/comment", json={**sent, **status})
        if not answer.read(list[str]):
            raise TryAgain(f"{self._http.name} took the note without a word")
        if state and (now := self.read(held.key)) is not None and now.status == held.status:
            raise Refused(f"{self._http.name} does not set the status {state}: {answer.said}")

    def unite(self, surplus: Held, into: Held) -> bool:
        """See `System`."""
        self._ask("PUT", f"ticket/{surplus.key}", json={"MergeInto": int(into.key)})
        return True

    def files(self, key: str) -> Iterator[str]:
        """See `System`."""
        page, full = 1, True
        while full:
            query: Query = {"fields": "Filename", "per_page": _PAGE, "page": page}
            items = self._ask("GET", f"ticket/{key}/attachments", query=query).read(_Files).items
            yield from (one.name for one in items if one.name)
            page, full = page + 1, len(items) == _PAGE

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`: as a form, for in JSON a name that is not ASCII fails there (measured)."""
        told = {"Subject": f"file of {held.external_ids[0]}", "Content": name, "ContentType": "text/plain"}
        kind, body = form({
            "JSON": Part(content=msgspec.json.encode(told), media_type="application/json"),
            "Attachments": Part(content=content, media_type=media_type, filename=name),
        })  # fmt: skip
        self._send(f"ticket/{held.key}/comment", body, kind).read(list[str])

    def check(self) -> str:
        """See `System`."""
        version = self._ask("GET", "rt").read(_Version).version
        self._prove()
        return (
            f"Request Tracker {version} answers, queue {self._settings.queue} has the field {self._settings.id_field}"
        )

    def _prove(self) -> None:
        """See once that the queue can hold our number: without the field every attempt would open another ticket."""
        if not self._proven:
            answer = self._ask("GET", f"queue/{self._settings.queue}", expected=(403, 404))
            if answer.status != 200:
                what = f"queue {self._settings.queue} is not there, or the token's user may not see it"
                raise TryAgain(f"{self._http.name}: {what}: mend backends.{self._http.name}.queue or the user's rights")
            queue = answer.read(_Queue)
            if self._settings.id_field not in {one.name for one in queue.fields}:
                what = (
                    f"queue {self._settings.queue} has no ticket custom field {self._settings.id_field} that we may see"
                )
                raise TryAgain(f"{self._http.name}: {what}: add it, with the rights to see and to set it")
            self._proven = True

    def _send(self, path: str, body: bytes, media_type: str) -> Answer:
        headers = {"Authorization": f"token {self._http.reveal('token', self._settings.token)}"}
        return self._http.ask("POST", f"REST/2.0/{path}", headers=headers, content=body, media_type=media_type)

    def _ask(
        self, method: str, path: str, query: Query | None = None, json: object = None, expected: tuple[int, ...] = ()
    ) -> Answer:
        headers = {"Authorization": f"token {self._http.reveal('token', self._settings.token)}"}
        return self._http.ask(method, f"REST/2.0/{path}", query=query, headers=headers, json=json, expected=expected)
