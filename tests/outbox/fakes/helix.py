"""BMC Helix's AR REST API as its documentation tells: two forms for one incident, a login that gives a token."""

import itertools
import json
import re
from typing import Any
from urllib.parse import quote

from tests.outbox.fakes.server import Asked, Fake, Told

_QUERY = re.compile(r"'(?P<field>[^']+)'=\"(?P<value>[^\"]*)\"")


class Helix(Fake):
    def __init__(self, field: str = "Vendor Ticket Number") -> None:
        self.field = field
        self.incidents: dict[str, dict[str, Any]] = {}
        self.logs: list[dict[str, Any]] = []
        self.keys = itertools.count(1)
        self.logins = 0
        self.files: dict[str, list[tuple[str, bytes]]] = {}

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/api/jwt/login":
            return self._login(asked.form)
        if asked.headers.get("authorization") != f"AR-JWT token.{self.logins}":
            return Told(status=401, body=[_error(623, "Authentication failed")])
        form, _, entry = asked.path.removeprefix("/api/arsys/v1/entry/").partition("/")
        match asked.method, form:
            case "POST", "HPD:IncidentInterface_Create":
                return self._create(asked.json["values"])
            case "GET", "HPD:IncidentInterface":
                return self._entries(list(self.incidents.values()), asked.query["q"])
            case "PUT", "HPD:IncidentInterface":
                self.incidents[entry.partition("|")[0]].update(asked.json["values"])
                return Told(status=204)
            case "POST", "HPD:WorkLog":
                return self._log(asked)
            case "GET", "HPD:WorkLog":
                return self._entries(self.logs, asked.query["q"])
        return Told(status=404, body=[_error(302, "Entry does not exist in database")])

    def _log(self, asked: Asked) -> Told:
        if not asked.headers["content-type"].startswith("multipart/form-data"):
            self.logs.append(asked.json["values"])
            return Told(status=201)
        form = asked.multipart
        values = json.loads(form["entry"][1])["values"]
        name, content = form["attach-z2AF Work Log01"]
        if values["z2AF Work Log01"] != name:
            return Told(status=400, body=[_error(303, "the file is not there")])
        self.logs.append(values)
        self.files.setdefault(values["Incident Number"], []).append((str(name), content))
        return Told(status=201)

    def _login(self, form: dict[str, str]) -> Told:
        if form != {"username": "gate", "password": "right"}:
            return Told(status=401, body=[_error(623, "Authentication failed")])
        self.logins += 1
        return Told(body=f"token.{self.logins}".encode(), headers={"Content-Type": "text/plain"})

    def _create(self, values: dict[str, Any]) -> Told:
        missing = {"First_Name", "Last_Name", "Description", "Impact", "Urgency", "Status"} - values.keys()
        if missing or len(values["Description"]) > 100:
            return Told(status=400, body=[_error(307, "Required field (without a default) not specified")])
        number = f"INC{next(self.keys):012d}"
        self.incidents[number] = {**values, "Incident Number": number}
        return Told(status=201, body={"values": {"Incident Number": number}})

    def _entries(self, rows: list[dict[str, Any]], qualification: str) -> Told:
        found = _QUERY.fullmatch(qualification)
        if found is None or found["field"] not in {self.field, "Incident Number"}:
            return Told(status=400, body=[_error(1587, "Unknown field referenced in query line")])
        entries = [_entry(one) for one in rows if one.get(found["field"]) == found["value"]]
        return Told(body={"entries": entries})


def _entry(values: dict[str, Any]) -> dict[str, Any]:
    number = str(values["Incident Number"])
    href = f"http://127.0.0.1/api/arsys/v1/entry/HPD:IncidentInterface/{quote(f'{number}|{number}')}"
    return {"values": values, "_links": {"self": [{"href": href}]}}


def _error(number: int, text: str) -> dict[str, Any]:
    return {"messageType": "ERROR", "messageText": text, "messageAppendedText": None, "messageNumber": number}
