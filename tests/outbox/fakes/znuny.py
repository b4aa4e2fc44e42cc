"""Znuny's Generic Interface as measured on a real 6.5 and as its documentation tells: errors come with status 200."""

import itertools
from typing import Any

from tests.outbox.fakes.server import Asked, Fake, Told


class Znuny(Fake):
    def __init__(self, field: str = "ExternalID") -> None:
        self.field = field
        self.tickets: dict[str, dict[str, Any]] = {}
        self.keys = itertools.count(1)

    def answer(self, asked: Asked) -> Told:
        what = asked.json
        if (what.get("UserLogin"), what.get("Password")) != ("gate", "right"):
            return _error("TicketCreate.AuthFail", "User could not be authenticated!")
        operation, _, key = asked.path.strip("/").partition("/")
        if operation == "TicketSearch":
            return Told(body=self._search(what))
        if operation == "Ticket":
            return self._create(what)
        if key not in self.tickets:
            return _error(f"{operation}.AccessDenied", f"User does not have access to the ticket {key}!")
        ticket = self.tickets[key]
        if operation == "TicketUpdate":
            ticket.update(what.get("Ticket", {}))
            ticket["Article"].append({**what["Article"], "Attachment": what.get("Attachment", [])})
            return Told(body={"TicketID": key, "TicketNumber": ticket["TicketNumber"]})
        left_out = {"DynamicField": "DynamicFields", "Article": "AllArticles"}
        told = {name: value for name, value in ticket.items() if left_out.get(name, "TicketID") in {*what, "TicketID"}}
        return Told(body={"Ticket": [told]})

    def _search(self, what: dict[str, Any]) -> dict[str, Any]:
        wanted = what.get(f"DynamicField_{self.field}")
        found = [
            key for key, one in self.tickets.items()
            if not isinstance(wanted, dict) or one["DynamicField"][0]["Value"] == wanted["Equals"]
        ]  # fmt: skip
        return {"TicketID": found} if found else {}

    def _create(self, what: dict[str, Any]) -> Told:
        if not {"Title", "Queue", "State", "Priority", "CustomerUser"} <= what["Ticket"].keys():
            return _error("TicketCreate.MissingParameter", "TicketCreate: Ticket->Title parameter is missing!")
        if what["Ticket"]["Queue"] == "Nowhere":
            return _error("TicketCreate.InvalidParameter", "TicketCreate: Ticket->Queue parameter is invalid!")
        key = str(next(self.keys))
        fields = [one for one in what["DynamicField"] if one["Name"] == self.field] or [
            {"Name": self.field, "Value": ""}
        ]
        self.tickets[key] = {
            "TicketID": key, "TicketNumber": f"20261121{key}", **what["Ticket"], "DynamicField": fields,
            "Article": [what["Article"]],
        }  # fmt: skip
        return Told(body={"TicketID": key, "TicketNumber": f"20261121{key}", "ArticleID": "1"})


def _error(code: str, message: str) -> Told:
    return Told(body={"Error": {"ErrorCode": code, "ErrorMessage": message}})
