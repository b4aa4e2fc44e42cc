"""GLPI's REST API version 1 as its apirest.md tells: sessions, filters by parts of texts, texts in escaped HTML."""

import html
import itertools
import json
from typing import Any

from tests.outbox.fakes.server import Asked, Fake, Told


class Glpi(Fake):
    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.followups: dict[int, list[dict[str, Any]]] = {}
        self.keys = itertools.count(1)
        self.session = ""
        self.files: dict[int, list[tuple[str, bytes]]] = {}

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("app-token") != "app":
            return Told(status=400, body=["ERROR_WRONG_APP_TOKEN_PARAMETER", "parameter app_token seems wrong"])
        if asked.path == "/initSession":
            return self._login(asked.headers.get("authorization", ""))
        if not self.session or asked.headers.get("session-token") != self.session:
            return Told(status=401, body=["ERROR_SESSION_TOKEN_INVALID", "session_token seems invalid"])
        match asked.method, *asked.path.strip("/").split("/"):
            case "GET", "Ticket":
                return self._list(asked.query)
            case "POST", "Ticket":
                return self._create(asked.json["input"])
            case "GET", "Ticket", key, "ITILFollowup":
                return Told(body=self.followups[int(key)])
            case method, "Ticket", key if int(key) in self.tickets:
                if method == "PUT":
                    self.tickets[int(key)].update(asked.json["input"])
                    return Told(body=[{key: True, "message": ""}])
                wanted = asked.query.get("with_documents") == "true"
                documents = {"_documents": [{"filename": name} for name, _ in self.files.get(int(key), [])]}
                return Told(body={**self.tickets[int(key)], **(documents if wanted else {})})
            case "POST", "Document":
                return self._document(asked)
            case "POST", "ITILFollowup":
                return self._follow_up(asked.json["input"])
        return Told(status=404, body=["ERROR_ITEM_NOT_FOUND", "Item not found"])

    def _login(self, authorization: str) -> Told:
        if authorization != "user_token right":
            return Told(status=401, body=["ERROR_GLPI_LOGIN_USER_TOKEN", "parameter user_token seems invalid"])
        self.session = f"session{next(self.keys)}"
        return Told(body={"session_token": self.session})

    def _list(self, query: dict[str, str]) -> Told:
        wanted = query.get("searchText[externalid]")
        if wanted is None:
            return Told(status=400, body=["ERROR_FIELD_NOT_FOUND", "the field is not there"])
        found = [one for one in self.tickets.values() if wanted in str(one["externalid"])]
        return Told(status=206 if found else 200, body=found)

    def _create(self, fields: dict[str, Any]) -> Told:
        key = next(self.keys)
        self.tickets[key] = {"id": key, "status": 1, "externalid": None, **fields}
        self.followups[key] = []
        return Told(status=201, body={"id": key, "message": ""})

    def _document(self, asked: Asked) -> Told:
        form = asked.multipart
        about = json.loads(form["uploadManifest"][1])["input"]
        name, content = form["filename[0]"]
        if [name] != about["_filename"] or about["itemtype"] != "Ticket":
            return Told(status=400, body=["ERROR_BAD_ARRAY", "input parameter must be an object"])
        self.files.setdefault(int(about["items_id"]), []).append((str(name), content))
        return Told(status=201, body={"id": next(self.keys), "message": "", "upload_result": {}})

    def _follow_up(self, fields: dict[str, Any]) -> Told:
        kept = {**fields, "content": html.escape(str(fields["content"]))}
        self.followups[int(fields["items_id"])].append(kept)
        return Told(status=201, body={"id": 1, "message": ""})
