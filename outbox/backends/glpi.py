"""GLPI by its REST API version 1 (apirest.md in its source; in GLPI 11 it is the old one, still there).

No status there means "cancelled": a withdrawn ticket is solved, and our note tells why.
"""

import html
import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, field

from config.backends import Glpi
from outbox.backends.http import Answer, Http, Query
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.multipart import Part, form
from outbox.backends.searched import Held, SearchedBackend, System
from records.deliveries import Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

FIELDS = {"name": TITLE, "content": TEXT, "urgency": "{urgency}"}
VALUES = {"urgency": {"normal": 3, "control": 4, "urgent": 5}}
STATUSES = {
    "1": "acknowledged", "2": "inProgress", "3": "inProgress", "4": "pending", "5": "resolved", "6": "closed",
}  # fmt: skip
_INCIDENT = 1
_TAG = re.compile(r"<[^<>]*>")


class _Key(Struct):
    id: int


class _Read(Struct):
    id: int
    status: int


class _Followup(Struct):
    content: str | None = None


class _Document(Struct):
    filename: str | None = None


class _Documented(Struct):
    documents: list[_Document] = field(name="_documents", default_factory=list)


class _Session(Struct):
    session_token: str


class GlpiBackend(SearchedBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: Glpi, tools: "Tools") -> None:
        super().__init__(name, Rest(name, settings), settings, tools.files)


class Session:
    """A session's token; see `outbox.backends.http.Keyring`. Safe from several threads."""

    def __init__(self, http: Http, settings: Glpi) -> None:
        self._http = http
        self._settings = settings
        self._lock = threading.Lock()
        self._token = ""

    def header(self) -> dict[str, str]:
        """See `Keyring`."""
        app = self._settings.app_token
        app_token = {"App-Token": self._http.reveal("app_token", app)} if app is not None else {}
        with self._lock:
            if not self._token:
                user = self._http.reveal("user_token", self._settings.user_token)
                headers = {"Authorization": f"user_token {user}", **app_token}
                token = self._http.ask("GET", "initSession", headers=headers).read(_Session).session_token
                self._http.hide(token)
                self._token = token
            return {"Session-Token": self._token, **app_token}

    def forget(self) -> None:
        """See `Keyring`."""
        self._token = ""


class Rest(System):
    """See `outbox.backends.searched.System`. A key is the ticket's `id`."""

    exact = True

    def __init__(self, name: str, settings: Glpi) -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._template = Template(settings, FIELDS, VALUES)
        self._statuses = {**STATUSES, **settings.statuses}
        self._session = Session(self._http, settings)

    def search(self, external_id: str) -> list[str]:
        """See `System`."""
        query: Query = {
            f"searchText[{self._settings.id_field}]": external_id, "range": "0-49", "sort": "id", "order": "ASC",
        }  # fmt: skip
        return [str(one.id) for one in self._ask("GET", "Ticket", query=query).read(list[_Key])]

    def read(self, key: str) -> Held | None:
        """See `System`."""
        answer = self._ask("GET", f"Ticket/{key}", expected=(404,))
        if answer.status == 404:
            return None
        ticket, whole = answer.read(_Read), answer.read(dict[str, Any])
        return Held(
            key=str(ticket.id), number=str(ticket.id), external_ids=(str(whole.get(self._settings.id_field)),),
            status=self._statuses.get(str(ticket.status), "inProgress"),
        )  # fmt: skip

    def open(self, ticket: Ticket) -> str:
        """See `System`."""
        return str(self._ask("POST", "Ticket", json={"input": self.sent(ticket)}).read(_Key).id)

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """See `System`: texts are HTML there."""
        filled = self._template.filled(ticket)
        content = {"content": _html(str(filled["content"]))} if "content" in filled else {}
        return {"type": _INCIDENT, **filled, **content, self._settings.id_field: ticket.external_id}

    def notes(self, key: str) -> Iterator[str]:
        """See `System`."""
        followups = self._ask("GET", f"Ticket/{key}/ITILFollowup", query={"range": "0-999"}).read(list[_Followup])
        return (_plain(one.content or "") for one in followups)

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`: the status first, so that a note means that all is done."""
        if state:
            changes = {"id": int(held.key), "status": int(state) if state.isdigit() else state}
            self._ask("PUT", f"Ticket/{held.key}", json={"input": changes}).read(list[dict[str, Any]])
        followup = {"itemtype": "Ticket", "items_id": int(held.key), "is_private": 1, "content": _html(text)}
        self._ask("POST", "ITILFollowup", json={"input": followup}).read(_Key)

    def files(self, key: str) -> Iterator[str]:
        """See `System`."""
        ticket = self._ask("GET", f"Ticket/{key}", query={"with_documents": "true"}).read(_Documented)
        return (one.filename for one in ticket.documents if one.filename)

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`: a document that belongs to the ticket."""
        document = {"name": name, "_filename": [name], "itemtype": "Ticket", "items_id": int(held.key)}
        manifest = msgspec.json.encode({"input": document})
        kind, body = form({
            "uploadManifest": Part(content=manifest, media_type="application/json"),
            "filename[0]": Part(content=content, media_type=media_type, filename=name),
        })  # fmt: skip
        self._http.ask_as(self._session, "POST", "Document", content=body, media_type=kind).read(_Key)

    def check(self) -> str:
        """See `System`."""
        self._session.header()
        return f"GLPI lets us in, tickets are searched by {self._settings.id_field}"

    def _ask(
        self, method: str, path: str, *, query: Query | None = None, json: object = None, expected: tuple[int, ...] = ()
    ) -> Answer:
        return self._http.ask_as(self._session, method, path, query=query, json=json, expected=expected)


def _html(text: str) -> str:
    return "<p>" + html.escape(text).replace("\n", "<br>") + "</p>"


def _plain(text: str) -> str:
    """Read a text of theirs: old versions escape the tags themselves, too."""
    return html.unescape(_TAG.sub(" ", html.unescape(text))).strip()
