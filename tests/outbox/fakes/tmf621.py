"""A TMF621 partner with a memory, versions 4 and 5, after the official files of the TM Forum."""

import itertools
from typing import Any

from tests.outbox.fakes.server import Asked, Fake, Told

AT = "2026-11-21T07:03:11Z"


class Partner(Fake):
    """`filters`: whether it searches by what it is asked, or gives all; `appends`: what it makes of notes."""

    def __init__(self, version: int = 5, *, filters: bool = True, appends: bool = False) -> None:
        self.version = version
        self.media_type = "application/json" if version == 5 else "application/json;charset=utf-8"
        self.filters = filters
        self.appends = appends
        self.tickets: dict[str, dict[str, Any]] = {}
        self.keys = itertools.count(1)

    def answer(self, asked: Asked) -> Told:
        if not asked.path.startswith("/troubleTicket"):
            return self._error(404, "no such resource")
        key = asked.path.removeprefix("/troubleTicket").strip("/")
        if asked.method == "POST":
            return self._create(asked.json)
        if not key:
            return self._list(asked.query)
        if key not in self.tickets:
            return self._error(404, "no such ticket")
        if asked.method == "PATCH":
            self._patch(self.tickets[key], asked)
        return self._tell(200, self.tickets[key])

    def _create(self, ticket: dict[str, Any]) -> Told:
        missing = {"description", "severity", "ticketType"} - ticket.keys()
        if missing:
            return self._error(400, f"missing {sorted(missing)}")
        key = str(next(self.keys))
        made = {
            "id": key,
            "href": f"http://127.0.0.1/troubleTicket/{key}",
            "creationDate": AT,
            "status": "acknowledged",
        }
        self.tickets[key] = {**made, **ticket}
        return self._tell(201, self.tickets[key])

    def _list(self, query: dict[str, str]) -> Told:
        found = [one for one in self.tickets.values() if not self.filters or self._matches(one, query)]
        start, limit = int(query.get("offset", 0)), int(query.get("limit", 50))
        return self._tell(200, found[start : start + limit], {"X-Total-Count": str(len(found))})

    def _matches(self, ticket: dict[str, Any], query: dict[str, str]) -> bool:
        wanted = {name: value for name, value in query.items() if name not in {"offset", "limit", "fields"}}
        return all(value in _values(ticket, name.split(".")) for name, value in wanted.items())

    def _patch(self, ticket: dict[str, Any], asked: Asked) -> None:
        if "json-patch" in asked.headers["content-type"]:
            for step in asked.json:
                if step["path"].endswith("/-"):
                    ticket[step["path"].split("/")[1]].append(step["value"])
                else:
                    ticket[step["path"].strip("/")] = step["value"]
            return
        changes = dict(asked.json)
        for where in {"note", "attachment"} & changes.keys() if self.appends else ():
            changes[where] = [*ticket.get(where, []), *changes[where]]
        ticket.update(changes)

    def _tell(self, status: int, body: Any, headers: dict[str, str] | None = None) -> Told:
        return Told(status=status, body=body, headers={"Content-Type": self.media_type, **(headers or {})})

    def _error(self, status: int, reason: str) -> Told:
        typed = {"@type": "Error"} if self.version == 5 else {}
        return self._tell(status, {"code": str(status), "reason": reason, **typed})


def _values(value: Any, path: list[str]) -> list[Any]:
    if isinstance(value, list):
        return [found for one in value for found in _values(one, path)]
    if not path:
        return [value]
    return _values(value.get(path[0]), path[1:]) if isinstance(value, dict) else []
