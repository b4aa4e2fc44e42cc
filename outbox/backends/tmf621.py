"""TMF621 Trouble Ticket, versions 4 and 5, as a client: one core, and a small table of what a partner does otherwise.

Nobody implements it alike: where our number lives, how a PATCH is written and what it makes of notes is the site's
dialect; required extras and words of status and severity stand in the mapping.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from config.backends import Tmf621
from outbox.backends.auth import Door, Keyring
from outbox.backends.http import Answer, Http, Query, convert
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.searched import Held, SearchedBackend, System
from outbox.files import Lent, packed, read
from records.arrival import TryAgain
from records.deliveries import Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

FIELDS = {
    "name": TITLE, "description": TEXT, "ticketType": "fault", "severity": "{urgency}", "priority": "{urgency}",
}  # fmt: skip
VALUES = {
    "severity": {"normal": "Medium", "control": "High", "urgent": "Critical"},
    "priority": {"normal": "Medium", "control": "High", "urgent": "Critical"},
}
#: The words of TMF621 mean themselves; those of MEF 124 are beside them.
STATUSES = {
    **{
        word: word
        for word in ("acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "closed", "resolved")
    },
    "reopened": "inProgress", "assessingCancellation": "pending",
}  # fmt: skip
_PAGE, _PAGES = 100, 20  # tickets of a page; pages that are walked where a partner ignores our filter
_UNTOLD = 50  # tickets of a list that are read one by one, because the list does not tell our number
_REMEDY = "it has too many tickets to look at each; ask the partner what can be filtered, and give id_field"


class _Identifier(Struct):
    id: str = ""


class _Characteristic(Struct):
    name: str = ""
    value: Any = None


class _Read(Struct):
    id: str
    status: str = ""
    created: str = field(name="creationDate", default="")
    identifiers: list[_Identifier] | None = field(name="externalIdentifier", default=None)
    characteristics: list[_Characteristic] | None = field(name="troubleTicketCharacteristic", default=None)


class Tmf621Backend(SearchedBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: Tmf621, tools: "Tools") -> None:
        super().__init__(name, TroubleTickets(name, settings, tools), settings, tools.files)


class TroubleTickets(System):
    """See `outbox.backends.searched.System`. A key is the ticket's `id`."""

    exact = False  # it compares itself

    def __init__(self, name: str, settings: Tmf621, tools: "Tools") -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._owner = settings.owner or tools.gateway.domain
        self._lend = tools.files
        self._template = Template(settings, FIELDS, VALUES)
        self._statuses = {**STATUSES, **settings.statuses}
        self._id_field = settings.id_field or ("externalIdentifier" if settings.version == 5 else "externalId")
        self._json = "application/json" if settings.version == 5 else "application/json;charset=utf-8"
        self._patch = "application/" + (settings.patch or "merge-patch+json")
        if settings.version == 4 and settings.patch in (None, "json"):
            self._patch = self._json
        oauth2 = settings.oauth2
        door = Door(url=oauth2.token_url, ca_file=settings.ca_file, timeout=settings.timeout) if oauth2 else None
        self._keyring = Keyring(self._http, settings, door)

    def search(self, external_id: str) -> list[str]:
        """See `System`. A partner who ignores the filter gives all his tickets: they are walked, up to a limit."""
        found = [
            self._parsed(one)
            for one in self._listed(external_id)
            if external_id in (self._numbers(one) or [external_id])
        ]
        if len(found) > _UNTOLD:
            raise TryAgain(f"{self._http.name} does not list {self._id_field}: {_REMEDY}")
        return [one.id for one in sorted(found, key=lambda one: (one.created, one.id))]

    def read(self, key: str) -> Held | None:
        """See `System`."""
        ticket = self._get(key)
        if ticket is None:
            return None
        parsed = self._parsed(ticket)
        status = self._statuses.get(parsed.status, "inProgress")
        return Held(key=key, number=key, external_ids=self._numbers(ticket), status=status)

    def open(self, ticket: Ticket) -> str:
        """See `System`. A 202 may come without a body; then Location names the ticket.

        The files go with it: by the letter of the standard's own file no PATCH can bring one (AttachmentRef_MVO takes
        every Attachment_MVO, too, and only one of them may).
        """
        key = {"Idempotency-Key": f'"{ticket.external_id}"'}  # for partners who know it (an IETF draft)
        files = [self._file(name, file.media_type, content) for name, file, content in read(self._leaving(ticket))]
        sent = {**self.sent(ticket), **({"attachment": files} if files else {})}
        answer = self._ask("POST", "troubleTicket", json=sent, headers=key)
        if not answer.body and "location" in answer.headers:
            return answer.headers["location"].rstrip("/").rpartition("/")[2]
        return answer.read(_Read).id

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """See `System`."""
        return self._typed("TroubleTicket", {**self._template.filled(ticket), **self._numbered(ticket)})

    def notes(self, key: str) -> Iterator[str]:
        """See `System`."""
        for one in self._listing(key, "note"):
            yield str(one.get("text", ""))

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`; note and status are one call."""
        status = {"status": state} if state else {}
        self._append(held.key, "note", self._typed("Note", {"text": text}), status)

    def _append(self, key: str, where: str, what: dict[str, Any], status: dict[str, str]) -> None:
        """Add to a list of a ticket, as its partner wants a change written; with a status it is one call."""
        if self._patch.endswith("json-patch+json"):
            first = self._listing(key, where) == []
            steps = [{"op": "add", "path": f"/{where}{'' if first else '/-'}", "value": [what] if first else what}]
            steps += [{"op": "replace", "path": f"/{name}", "value": value} for name, value in status.items()]
            self._changed(self._ask("PATCH", f"troubleTicket/{key}", json=steps, media_type=self._patch))
            return
        known = self._listing(key, where) if self._settings.notes == "replace" else []
        changed = self._typed("TroubleTicket", {where: [*known, what], **status})
        self._changed(self._ask("PATCH", f"troubleTicket/{key}", json=changed, media_type=self._patch))

    def files(self, key: str) -> Iterator[str]:
        """See `System`."""
        yield from (str(one.get("name", "")) for one in self._listing(key, "attachment"))

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`: for partners who take a file later, too; others refuse it, and it stays in the archive."""
        self._append(held.key, "attachment", self._file(name, media_type, content), {})

    def _leaving(self, ticket: Ticket) -> tuple[tuple[str, Lent], ...]:
        return packed(ticket, self._lend, self._settings).leaving

    def _file(self, name: str, media_type: str, content: bytes) -> dict[str, Any]:
        """Give a file by value, in base64."""
        file = {"name": name, "mimeType": media_type, "attachmentType": "file", "content": b64encode(content).decode()}
        return self._typed("Attachment", file)

    def check(self) -> str:
        """See `System`."""
        self._ask("GET", "troubleTicket", query={"limit": 1}).read(list[dict[str, Any]])
        return f"TMF621 version {self._settings.version} answers"

    def _changed(self, answer: Answer) -> None:
        """See that it is done: a partner gives the ticket back, or nothing."""
        if answer.body:
            answer.read(_Read)

    def _listed(self, external_id: str) -> Iterator[dict[str, Any]]:
        name = "externalIdentifier.id" if self._id_field == "externalIdentifier" else self._id_field
        filters = {} if self._id_field == "troubleTicketCharacteristic" else {name: external_id}
        for page in range(_PAGES):
            query: Query = {**filters, "offset": page * _PAGE, "limit": _PAGE}
            answer = self._ask("GET", "troubleTicket", query=query)
            tickets = answer.read(list[dict[str, Any]])
            yield from tickets
            total = answer.headers.get("x-total-count", "")
            if len(tickets) < _PAGE and not (total.isdigit() and int(total) > page * _PAGE + len(tickets)):
                return
        raise TryAgain(f"{self._http.name} does not search by {self._id_field}: {_REMEDY}")

    def _numbered(self, ticket: Ticket) -> dict[str, Any]:
        """Put our number where it lives."""
        number, where = ticket.external_id, self._id_field
        if where == "externalIdentifier":
            identifier = {"id": number, "owner": self._owner, "externalIdentifierType": "faultReport"}
            return {where: [self._typed("ExternalIdentifier", identifier)]}
        if where == "troubleTicketCharacteristic":
            named = {"name": "externalId", "value": number, "valueType": "string"}
            return {where: [self._typed("StringCharacteristic", named)]}
        text = self._template.filled(ticket).get(where)
        return {where: number if text is None else f"{number} {text}"}

    def _numbers(self, ticket: dict[str, Any]) -> tuple[str, ...]:
        """Read what stands where our number lives; of a text it is the first word."""
        parsed = self._parsed(ticket)
        if self._id_field == "externalIdentifier":
            return tuple(one.id for one in parsed.identifiers or [])
        if self._id_field == "troubleTicketCharacteristic":
            return tuple(str(one.value) for one in parsed.characteristics or [] if one.name == "externalId")
        return tuple(str(ticket.get(self._id_field) or "").split(maxsplit=1)[:1])

    def _get(self, key: str) -> dict[str, Any] | None:
        answer = self._ask("GET", f"troubleTicket/{key}", expected=(404,))
        return None if answer.status == 404 else answer.read(dict[str, Any])

    def _listing(self, key: str, where: str) -> list[dict[str, Any]]:
        ticket = self._get(key)
        if ticket is None or not self._parsed(ticket):  # what is no ticket is no empty list, but trouble
            return []
        return convert(ticket.get(where) or [], list[dict[str, Any]], self._http.name)

    def _parsed(self, ticket: dict[str, Any]) -> _Read:
        return convert(ticket, _Read, self._http.name)

    def _typed(self, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Add the `@type` that version 5 demands of every object."""
        return {"@type": name, **fields} if self._settings.version == 5 else fields

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        json: object = None,
        media_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        expected: tuple[int, ...] = (),
    ) -> Answer:
        return self._http.ask_as(
            self._keyring, method, path, query=query, json=json, media_type=media_type or self._json,
            expected=expected, headers={"Accept": self._json, **(headers or {})},
        )  # fmt: skip
