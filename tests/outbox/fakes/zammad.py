"""Zammad as its documentation tells (docs.zammad.org, api/ticket); search by condition as its source has it."""

import itertools
from typing import Any

from tests.outbox.fakes.server import Asked, Fake, Told


class Zammad(Fake):
    def __init__(self, field: str = "external_id") -> None:
        self.field = field
        self.tickets: dict[int, dict[str, Any]] = {}
        self.articles: dict[int, list[dict[str, Any]]] = {}
        self.changed: set[int] = set()  # as if in the last minutes
        self.keys = itertools.count(1)

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("authorization") != "Token token=right":
            return Told(status=401, body={"error": "Invalid BasicAuth credentials"})
        match asked.method, *asked.path.removeprefix("/api/v1/").split("/"):
            case "GET", "users", "me":
                return Told(body={"id": 3, "login": "gate"})
            case "GET", "tickets", "search":
                return Told(body=self._search(asked.query))
            case "POST", "tickets":
                return self._create(asked.json)
            case method, "tickets", key if int(key) in self.tickets:
                return self._update(int(key), asked.json) if method == "PUT" else Told(body=self.tickets[int(key)])
            case "GET", "ticket_articles", "by_ticket", key:
                shown = {"data", "mime-type"}
                return Told(body=[
                    {**one, "attachments": [
                        {name: value for name, value in file.items() if name not in shown}
                        for file in one.get("attachments", [])
                    ]}
                    for one in self.articles[int(key)]
                ])  # fmt: skip
        return Told(status=404, body={"error": "Couldn't find Ticket"})

    def _search(self, query: dict[str, str]) -> Any:
        name = next(one for one in query if one.endswith("[value]"))
        if query.get("expand") == "true" and query.get("condition[ticket.updated_at][range]") == "minute":
            return [one for key, one in self.tickets.items() if key in self.changed]
        found = list(self.tickets)
        if name == f"condition[ticket.{self.field}][value]":
            found = [key for key, one in self.tickets.items() if one.get(self.field) == query[name]]
        return {"tickets": found, "tickets_count": len(found), "assets": {}}

    def _create(self, ticket: dict[str, Any]) -> Told:
        if not {"title", "group", "customer_id", "article"} <= ticket.keys():
            return Told(status=422, body={"error": "Missing required value for field 'example_field'!"})
        key = next(self.keys)
        article = ticket.pop("article")
        self.tickets[key] = {"id": key, "number": f"2200{key}", "state": "new", **ticket}
        self.articles[key] = [article]
        return Told(status=201, body={"id": key, "number": f"2200{key}"})

    def _update(self, key: int, changes: dict[str, Any]) -> Told:
        self.articles[key].append(changes.pop("article"))
        self.tickets[key].update(changes)
        self.changed.add(key)
        return Told(body=self.tickets[key])
