"""BMC Helix ITSM, Remedy 9.1 and later, by the AR System's REST API (https://docs.bmc.com, Access and authentication).

Incidents are made on one form, HPD:IncidentInterface_Create, and read and changed on another, HPD:IncidentInterface.
The first keeps nothing unique, so our number stands in a field that both forms have.
"""

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

import msgspec
from msgspec import Struct, field

from config.backends import Helix
from outbox.backends.http import Answer, Http, Query
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.multipart import Part, form
from outbox.backends.searched import Held, SearchedBackend, System
from records.arrival import Down, TryAgain
from records.deliveries import Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

#: "Detailed_Decription" is spelt so there.
FIELDS = {
    "Description": TITLE, "Detailed_Decription": TEXT, "Impact": "{urgency}", "Urgency": "{urgency}",
    "Status": "Assigned", "Reported Source": "Direct Input", "Service_Type": "User Service Restoration",
    "z1D_Action": "CREATE",
}  # fmt: skip
VALUES = {
    "Impact": {"normal": "4-Minor/Localized", "control": "3-Moderate/Limited", "urgent": "2-Significant/Large"},
    "Urgency": {"normal": "4-Low", "control": "3-Medium", "urgent": "1-Critical"},
}
STATUSES = {
    "New": "acknowledged", "Assigned": "acknowledged", "In Progress": "inProgress", "Pending": "pending",
    "Resolved": "resolved", "Closed": "closed", "Cancelled": "cancelled",
}  # fmt: skip
_READ, _CREATE, _LOG = "HPD:IncidentInterface", "HPD:IncidentInterface_Create", "HPD:WorkLog"
_SUMMARY = 100  # characters of Description
_PRIVATE = {"Work Log Type": "General Information", "View Access": "Internal", "Secure Work Log": "No"}
_FILE = "z2AF Work Log01"
_SESSION = 3000.0  # seconds; a token lives an hour


class _Link(Struct):
    href: str = ""


class _Entry(Struct):
    values: dict[str, Any]
    links: dict[str, list[_Link]] = field(name="_links", default_factory=dict)

    def text(self, name: str) -> str:
        return str(self.values.get(name) or "")


class _Entries(Struct):
    entries: list[_Entry]


class HelixBackend(SearchedBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: Helix, tools: "Tools") -> None:
        super().__init__(name, ActionRequest(name, settings), settings, tools.files)


class Session:
    """The AR-JWT token of a login; see `outbox.backends.http.Keyring`. Safe from several threads."""

    def __init__(self, http: Http, settings: Helix) -> None:
        self._http = http
        self._settings = settings
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def header(self) -> dict[str, str]:
        """See `Keyring`."""
        with self._lock:
            if time.monotonic() >= self._until:
                password = self._http.reveal("password", self._settings.password)
                form = urlencode({"username": self._settings.user, "password": password}).encode()
                answer = self._http.ask(
                    "POST", "api/jwt/login", content=form, media_type="application/x-www-form-urlencoded",
                    headers={"Accept": "*/*"},
                )  # fmt: skip
                token = answer.body.decode("ascii", "replace").strip()
                if not token.isascii() or not token.isprintable() or " " in token or "{" in token or not token:
                    raise TryAgain(f"{self._http.name} answers the login with no token")
                self._http.hide(token)
                self._token, self._until = token, time.monotonic() + _SESSION
            return {"Authorization": f"AR-JWT {self._token}"}

    def forget(self) -> None:
        """See `Keyring`."""
        self._until = 0.0


class ActionRequest(System):
    """See `outbox.backends.searched.System`. A key is the Incident Number."""

    exact = True

    def __init__(self, name: str, settings: Helix) -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._template = Template(settings, FIELDS, VALUES)
        self._statuses = {**STATUSES, **settings.statuses}
        self._session = Session(self._http, settings)

    def search(self, external_id: str) -> list[str]:
        """See `System`."""
        found = self._entries(_READ, f"'{self._settings.id_field}'=\"{external_id}\"", "Incident Number")
        return sorted(one.text("Incident Number") for one in found)

    def read(self, key: str) -> Held | None:
        """See `System`."""
        entry = self._entry(key)
        if entry is None:
            return None
        return Held(
            key=key, number=key, external_ids=(entry.text(self._settings.id_field),),
            status=self._statuses.get(entry.text("Status"), "inProgress"),
        )  # fmt: skip

    def open(self, ticket: Ticket) -> str:
        """See `System`."""
        query = {"fields": "values(Incident Number)"}
        entry = self._ask("POST", _CREATE, query=query, json={"values": self.sent(ticket)}).read(_Entry)
        if not entry.text("Incident Number"):
            raise TryAgain(f"{self._http.name} does not tell the number of the incident")
        return entry.text("Incident Number")

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """See `System`."""
        filled = self._template.filled(ticket)
        person = {"First_Name": self._settings.first_name, "Last_Name": self._settings.last_name}
        number = {self._settings.id_field_create or self._settings.id_field: ticket.external_id}
        return {**person, **filled, "Description": str(filled.get("Description", ""))[:_SUMMARY], **number}

    def notes(self, key: str) -> Iterator[str]:
        """See `System`."""
        found = self._entries(_LOG, f"'Incident Number'=\"{key}\"", "Description")
        return (one.text("Description") for one in found)

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`: the status first, so that a note means that all is done."""
        if state:
            entry = self._entry(held.key)
            href = entry.links.get("self", [_Link()])[0].href if entry else ""
            changes = {"Status": state, "z1D Action": "MODIFY"}
            place = f"{_READ}/{unquote(href.rpartition('/')[2])}"
            if (answer := self._ask("PUT", place, json={"values": changes})).body:  # it says nothing where it is done
                raise Down(f"{self._http.name} answers what is not expected: {answer.said}")
        subject, _, body = text.partition("\n")
        log = {
            **_PRIVATE, "Incident Number": held.key, "Description": subject[:_SUMMARY],
            "Detailed Description": body.strip() or subject,
        }  # fmt: skip
        self._ask("POST", _LOG, json={"values": log})

    def files(self, key: str) -> Iterator[str]:
        """See `System`: a work log with a file is described by the file's name."""
        return self.notes(key)

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`: a work log of its own, as a form ("Creating an entry with attachments" in AR's REST API)."""
        log = {**_PRIVATE, "Incident Number": held.key, "Description": name[:_SUMMARY], _FILE: name}
        kind, body = form({
            "entry": Part(content=msgspec.json.encode({"values": log}), media_type="application/json"),
            f"attach-{_FILE}": Part(content=content, media_type=media_type, filename=name),
        })  # fmt: skip
        self._http.ask_as(self._session, "POST", f"api/arsys/v1/entry/{_LOG}", content=body, media_type=kind)

    def check(self) -> str:
        """See `System`."""
        self._session.header()
        return f"Helix lets us in, incidents are searched by {self._settings.id_field}"

    def _entry(self, key: str) -> _Entry | None:
        found = self._entries(
            _READ, f"'Incident Number'=\"{key}\"", f"Incident Number,Status,{self._settings.id_field}"
        )
        return next((one for one in found if one.text("Incident Number") == key), None)

    def _entries(self, form: str, qualification: str, fields: str) -> list[_Entry]:
        query: Query = {"q": qualification, "fields": f"values({fields})", "limit": 500}
        return self._ask("GET", form, query=query).read(_Entries).entries

    def _ask(self, method: str, path: str, *, query: Query | None = None, json: object = None) -> Answer:
        return self._http.ask_as(self._session, method, f"api/arsys/v1/entry/{path}", query=query, json=json)
