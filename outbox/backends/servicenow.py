"""ServiceNow by its Table API and Import Set API (https://www.servicenow.com/docs, REST API reference).

The number is not unique there, and a query by a column that does not exist gives all rows: every hit is compared. An
import set whose transform map coalesces on our number is the safest way in; the site makes it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from config.backends import ServiceNow
from outbox.backends.auth import Door, Keyring
from outbox.backends.http import Answer, Http, Query, convert
from outbox.backends.mapping import TEXT, TITLE, Template
from outbox.backends.searched import Held, System, TellingBackend, minutes
from records.arrival import TryAgain
from records.deliveries import Refused, Ticket

if TYPE_CHECKING:
    from outbox.backends import Tools

FIELDS = {
    "short_description": TITLE, "description": TEXT, "urgency": "{urgency}", "impact": "{urgency}",
    "correlation_display": "Faultgate",
}  # fmt: skip
VALUES = {
    "urgency": {"normal": "3", "control": "2", "urgent": "1"},
    "impact": {"normal": "3", "control": "3", "urgent": "2"},
}
STATUSES = {
    "1": "acknowledged", "2": "inProgress", "3": "pending", "6": "resolved", "7": "closed", "8": "cancelled",
}  # fmt: skip
_PAGE = 200  # rows of one answer


class _Row(Struct):
    sys_id: str
    number: str = ""
    state: str = ""


class _Rows(Struct):
    result: list[_Row]


class _One(Struct):
    result: _Row


class _Whole(Struct):
    result: dict[str, Any]


class _Wholes(Struct):
    result: list[dict[str, Any]]


class _Journal(Struct):
    value: str = ""


class _File(Struct):
    file_name: str = ""


class _Files(Struct):
    result: list[_File]


class _Added(Struct):
    result: _File


class _Journals(Struct):
    result: list[_Journal]


class _Imported(Struct):
    status: str = ""
    sys_id: str = ""
    error_message: str = ""


class _Import(Struct):
    result: list[_Imported]


class ServiceNowBackend(TellingBackend):
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: ServiceNow, tools: "Tools") -> None:
        super().__init__(name, Instance(name, settings), settings, tools.files)


class Instance(System):
    """See `outbox.backends.searched.System`. A key is the `sys_id`."""

    exact = True

    def __init__(self, name: str, settings: ServiceNow) -> None:
        self._http = Http(name, settings)
        self._settings = settings
        self._template = Template(settings, FIELDS, VALUES)
        self._statuses = {**STATUSES, **settings.statuses}
        self._table = f"table/{settings.table}"
        oauth2 = settings.oauth2
        door = Door(url=oauth2.token_url, ca_file=settings.ca_file, timeout=settings.timeout) if oauth2 else None
        self._keyring = Keyring(self._http, settings, door)

    def search(self, external_id: str) -> list[str]:
        """See `System`."""
        query: Query = {
            "sysparm_query": f"{self._settings.id_field}={external_id}^ORDERBYsys_created_on",
            "sysparm_fields": "sys_id", "sysparm_limit": 20,
        }  # fmt: skip
        return [one.sys_id for one in self._ask("GET", self._table, query=query).read(_Rows).result]

    def read(self, key: str) -> Held | None:
        """See `System`."""
        query = {"sysparm_fields": f"sys_id,number,state,{self._settings.id_field}"}
        answer = self._ask("GET", f"{self._table}/{key}", query=query, expected=(404,))
        if answer.status == 404:
            return None
        return self._as_held(answer.read(_Whole).result)

    def changed(self, within: timedelta) -> Iterator[Held]:
        """See `TellingSystem`: by sys_updated_on."""
        column, start, full = self._settings.id_field, 0, True
        lately = f"sys_updated_onRELATIVEGT@minute@ago@{minutes(within)}"
        while full:
            query: Query = {
                "sysparm_query": f"{column}STARTSWITHFR-^{lately}^ORDERBYsys_id",
                "sysparm_fields": f"sys_id,number,state,{column}", "sysparm_limit": _PAGE, "sysparm_offset": start,
            }  # fmt: skip
            rows = self._ask("GET", self._table, query=query).read(_Wholes).result
            yield from map(self._as_held, rows)
            start, full = start + len(rows), len(rows) == _PAGE

    def _as_held(self, whole: dict[str, Any]) -> Held:
        row = convert(whole, _Row, self._http.name)
        return Held(
            key=row.sys_id, number=row.number, external_ids=(str(whole.get(self._settings.id_field)),),
            status=self._statuses.get(row.state, "inProgress"),
        )  # fmt: skip

    def open(self, ticket: Ticket) -> str:
        """See `System`."""
        if self._settings.import_table is None:
            return self._ask("POST", self._table, json=self.sent(ticket)).read(_One).result.sys_id
        answer = self._ask("POST", f"import/{self._settings.import_table}", json=self.sent(ticket))
        done = next((one for one in answer.read(_Import).result if one.sys_id or one.status == "error"), None)
        if done is None:
            raise TryAgain(f"{self._http.name} imports without a result: {answer.said}")
        if done.status == "error":
            raise Refused(f"{self._http.name} imports nothing: {done.error_message}")
        return done.sys_id

    def sent(self, ticket: Ticket) -> dict[str, Any]:
        """See `System`."""
        return {**self._template.filled(ticket), self._settings.id_field: ticket.external_id}

    def notes(self, key: str) -> Iterator[str]:
        """See `System`: journals lie in a table of their own."""
        query: Query = {
            "sysparm_query": f"element_id={key}^element=work_notes", "sysparm_fields": "value", "sysparm_limit": 1000,
        }  # fmt: skip
        journals = self._ask("GET", "table/sys_journal_field", query=query).read(_Journals)
        return (one.value for one in journals.result)

    def say(self, held: Held, text: str, *, state: str | None) -> None:
        """See `System`; note and state are one call."""
        change = {"state": state} if state else {}
        row = self._ask("PATCH", f"{self._table}/{held.key}", json={"work_notes": text, **change}).read(_One).result
        if state and row.state and row.state != state:
            raise Refused(f"{self._http.name} does not set the state {state}: see `cancelled` and `reopened`")

    def files(self, key: str) -> Iterator[str]:
        """See `System`."""
        query: Query = {
            "sysparm_query": f"table_sys_id={key}", "sysparm_fields": "file_name", "sysparm_limit": 1000,
        }  # fmt: skip
        return (one.file_name for one in self._ask("GET", "attachment", query=query).read(_Files).result)

    def attach(self, held: Held, name: str, media_type: str, content: bytes) -> None:
        """See `System`, by its Attachment API."""
        query: Query = {"table_name": self._settings.table, "table_sys_id": held.key, "file_name": name}
        self._http.ask_as(
            self._keyring, "POST", "api/now/attachment/file", query=query, content=content, media_type=media_type
        ).read(_Added)  # fmt: skip

    def check(self) -> str:
        """See `System`."""
        query: Query = {"sysparm_limit": 1, "sysparm_fields": "sys_id"}
        self._ask("GET", self._table, query=query).read(_Rows)
        self._ask("GET", "table/sys_journal_field", query=query).read(_Rows)
        return f"ServiceNow answers, table {self._settings.table} and the journals can be read"

    def _ask(
        self, method: str, path: str, *, query: Query | None = None, json: object = None, expected: tuple[int, ...] = ()
    ) -> Answer:
        return self._http.ask_as(
            self._keyring, method, f"api/now/{path}", query=query, json=json, expected=expected
        )  # fmt: skip
