"""ServiceNow's Table and Import Set APIs as its documentation tells; a query by an unknown column gives all rows."""

import itertools
from typing import Any

from tests.outbox.fakes.server import Asked, Fake, Told


class ServiceNow(Fake):
    def __init__(self, column: str = "correlation_id", staging: str = "u_faults") -> None:
        self.column = column
        self.staging = staging
        self.rows: dict[str, dict[str, Any]] = {}
        self.journal: list[dict[str, str]] = []
        self.files: dict[str, list[tuple[str, bytes]]] = {}
        self.changed: set[str] = set()  # as if in the last minutes
        self.keys = itertools.count(1)

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("authorization") != "Bearer right":
            return Told(status=401, body={"error": {"message": "User Not Authenticated", "detail": "Required"}})
        match asked.method, *asked.path.removeprefix("/api/now/").split("/"):
            case "GET", "table", "incident":
                return Told(body={"result": self._rows(asked.query)})
            case "GET", "table", "sys_journal_field":
                wanted = asked.query.get("sysparm_query", "")
                found = [one for one in self.journal if f"element_id={one['element_id']}^" in wanted]
                return Told(body={"result": found})
            case "POST", "attachment", "file":
                self.files.setdefault(asked.query["table_sys_id"], []).append((asked.query["file_name"], asked.body))
                return Told(status=201, body={"result": {"file_name": asked.query["file_name"]}})
            case "GET", "attachment":
                key = asked.query["sysparm_query"].removeprefix("table_sys_id=")
                return Told(body={"result": [{"file_name": name} for name, _ in self.files.get(key, [])]})
            case "POST", "table", "incident":
                return Told(status=201, body={"result": self._insert(asked.json)})
            case "POST", "import", self.staging:
                return Told(status=201, body={"import_set": "ISET1", "result": [self._import(asked.json)]})
            case method, "table", "incident", key if key in self.rows:
                if method == "PATCH":
                    self._update(key, asked.json)
                return Told(body={"result": self.rows[key]})
        return Told(status=404, body={"error": {"message": "No Record found", "detail": "Record doesn't exist"}})

    def _rows(self, query: dict[str, str]) -> list[dict[str, Any]]:
        if "sys_updated_onRELATIVEGT@minute@ago@" in query.get("sysparm_query", ""):
            first = int(query.get("sysparm_offset", "0"))
            return [one for key, one in self.rows.items() if key in self.changed][first:]
        name, _, value = query.get("sysparm_query", "").partition("^")[0].partition("=")
        return [one for one in self.rows.values() if name != self.column or one.get(name) == value]

    def _insert(self, row: dict[str, Any]) -> dict[str, Any]:
        number = next(self.keys)
        key = f"{number:032x}"
        self.rows[key] = {"sys_id": key, "number": f"INC{number:07d}", "state": "1", **row}
        return self.rows[key]

    def _import(self, row: dict[str, Any]) -> dict[str, Any]:
        known = next((one for one in self.rows.values() if one.get(self.column) == row[self.column]), None)
        done = known or self._insert(row)
        status = "updated" if known else "inserted"
        return {"transform_map": "Faults", "table": "incident", "status": status, "sys_id": done["sys_id"]}

    def _update(self, key: str, changes: dict[str, Any]) -> None:
        if note := changes.pop("work_notes", None):
            self.changed.add(key)
            self.journal.append({"element_id": key, "element": "work_notes", "value": note, "sys_id": "1"})
        self.rows[key].update(changes)
