"""Jira Service Management (https://developer.atlassian.com/cloud/jira/service-desk/rest/, and Jira's own REST API).

Its search goes through an index that lags, so "none" is believed only some time after we may have sent something.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from config.backends import JiraServiceManagement
from outbox.backends.http import Answer, Http, Query
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.multipart import Part, form
from outbox.backends.searched import Held, SearchedBackend, System
from records.arrival import Down
from records.deliveries import Refused, Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

FIELDS = {"summary": TITLE, "description": TEXT}
STATUSES = {
    "Open": "acknowledged", "To Do": "acknowledged", "Waiting for support": "acknowledged",
    "In Progress": "inProgress", "Escalated": "inProgress", "Pending": "pending", "Waiting for customer": "pending",
    "Resolved": "resolved", "Done": "resolved", "Closed": "closed", "Canceled": "cancelled",
}  # fmt: skip
_SUMMARY = 255  # characters
_PAGE = 50


class _Opened(Struct):
    key: str = field(name="issueKey")


class _Issue(Struct):
    key: str
    fields: dict[str, Any] = {}


class _Issues(Struct):
    issues: list[_Issue]


class _Comment(Struct):
    body: str = ""


class _Comments(Struct):
    values: list[_Comment]
    last: bool = field(name="isLastPage", default=True)


class _Temporary(Struct):
    id: str = field(name="temporaryAttachmentId")


class _Uploaded(Struct):
    files: list[_Temporary] = field(name="temporaryAttachments")


class _Named(Struct):
    id: str
    name: str = ""


class _Transition(Struct):
    id: str
    name: str = ""
    to: _Named | None = None


class _Transitions(Struct):
    transitions: list[_Transition]


class JiraBackend(SearchedBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: JiraServiceManagement, tools: "Tools") -> None:
        super().__init__(name, ServiceDesk(name, settings), settings, tools.files)


class ServiceDesk(System):
    """See `outbox.backends.searched.System`. A key is the issue's key."""

    exact = False  # a search for words finds what is alike, too

    def __init__(self, name: str, settings: JiraServiceManagement) -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._template = Template(settings, FIELDS, {})
        self._statuses = {**STATUSES, **settings.statuses}

    def search(self, external_id: str) -> list[str]:
        """See `System`."""
        number = self._settings.id_field.removeprefix("customfield_")
        jql = f'cf[{number}] ~ "\\"{external_id}\\"" ORDER BY created ASC'
        asked = {"jql": jql, "fields": [self._settings.id_field], "maxResults": _PAGE}
        return [one.key for one in self._ask("POST", self._settings.search, json=asked).read(_Issues).issues]

    def read(self, key: str) -> Held | None:
        """See `System`."""
        query = {"fields": f"status,{self._settings.id_field}"}
        answer = self._ask("GET", f"rest/api/2/issue/{key}", query=query, expected=(404,))
        if answer.status == 404:
            return None
        issue = answer.read(_Issue)
        status = issue.fields.get("status") or {}
        return Held(
            key=issue.key, number=issue.key, external_ids=(str(issue.fields.get(self._settings.id_field)),),
            status=self._statuses.get(str(status.get("name")), "inProgress"),
        )  # fmt: skip

    def open(self, ticket: Ticket) -> str:
        """See `System`."""
        return self._ask("POST", "rest/servicedeskapi/request", json=self.sent(ticket)).read(_Opened).key

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """See `System`."""
        filled = self._template.filled(ticket)
        values = {
            **filled,
            "summary": filled.get("summary", "")[:_SUMMARY],
            self._settings.id_field: ticket.external_id,
        }
        place = {"serviceDeskId": self._settings.service_desk, "requestTypeId": self._settings.request_type}
        return {**place, "requestFieldValues": values}

    def notes(self, key: str) -> Iterator[str]:
        """See `System`."""
        start, last = 0, False
        while not last:
            query: Query = {"start": start, "limit": _PAGE}
            page = self._ask("GET", f"rest/servicedeskapi/request/{key}/comment", query=query).read(_Comments)
            yield from (one.body for one in page.values)
            start, last = start + len(page.values), page.last or not page.values

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`: the status first, so that a note means that all is done."""
        if state:
            place = f"rest/api/2/issue/{held.key}/transitions"
            answer = self._ask("POST", place, json={"transition": {"id": self._transition(place, state)}})
            if answer.body:  # it says nothing where it is done
                raise Down(f"{self._http.name} answers what is not expected: {answer.said}")
        comment = {"body": text, "public": False}
        self._ask("POST", f"rest/servicedeskapi/request/{held.key}/comment", json=comment).read(_Comment)

    def files(self, key: str) -> Iterator[str]:
        """See `System`."""
        issue = self._ask("GET", f"rest/api/2/issue/{key}", query={"fields": "attachment"}).read(_Issue)
        return (str(one.get("filename")) for one in issue.fields.get("attachment") or [])

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`: it is uploaded first, and then belongs to the request."""
        kind, body = form({"file": Part(content=content, media_type=media_type, filename=name)})
        place = f"rest/servicedeskapi/servicedesk/{self._settings.service_desk}/attachTemporaryFile"
        uploaded = self._http.ask(
            "POST", place, headers={**self._headers(), "X-Atlassian-Token": "no-check"}, content=body, media_type=kind
        ).read(_Uploaded)  # fmt: skip
        files = {"temporaryAttachmentIds": [one.id for one in uploaded.files], "public": False}
        self._ask("POST", f"rest/servicedeskapi/request/{held.key}/attachment", json=files).read(dict[str, Any])

    def check(self) -> str:
        """See `System`."""
        desk = self._ask("GET", f"rest/servicedeskapi/servicedesk/{self._settings.service_desk}").read(dict[str, Any])
        self.search("FR-0000-0000000")  # an unknown field is an error there
        return f"Jira Service Management answers: {desk.get('projectName', 'the service desk is there')}"

    def _transition(self, place: str, wanted: str) -> str:
        for one in self._ask("GET", place).read(_Transitions).transitions:
            if wanted in (one.name, one.to.name if one.to else ""):
                return one.id
        raise Refused(
            f"{self._http.name}: no way leads from the ticket's status to {wanted}: see `cancelled` and `reopened`"
        )

    def _ask(
        self, method: str, path: str, *, query: Query | None = None, json: object = None, expected: tuple[int, ...] = ()
    ) -> Answer:
        return self._http.ask(method, path, query=query, headers=self._headers(), json=json, expected=expected)

    def _headers(self) -> dict[str, str]:
        settings = self._settings
        if settings.user is not None:
            return self._http.basic(settings.user, "token", settings.token)
        return {"Authorization": f"Bearer {self._http.reveal('token', settings.token)}"}
