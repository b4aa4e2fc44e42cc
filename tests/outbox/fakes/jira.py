"""Jira Service Management as its documentation tells; its index lags by `blind` searches behind what was created."""

import base64
import itertools
import re
from typing import Any

from tests.outbox.fakes.server import Asked, Fake, Told

FIELD = "customfield_10050"
_AUTH = "Basic " + base64.b64encode(b"gate@isp.example:right").decode()


class Jira(Fake):
    def __init__(self) -> None:
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.keys = itertools.count(1)
        self.blind = 0
        self.temporary: dict[str, tuple[str, bytes]] = {}
        self.files: dict[str, list[tuple[str, bytes]]] = {}

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("authorization") != _AUTH:
            return Told(status=401, body={"errorMessages": ["You are not authenticated."]})
        parts = asked.path.removeprefix("/rest/").split("/")
        match asked.method, *parts:
            case "GET", "servicedeskapi", "servicedesk", "4":
                return Told(body={"id": "4", "projectName": "Faults"})
            case "POST", "servicedeskapi", "request":
                return self._create(asked.json)
            case "POST", "api", "3", "search", "jql":
                return self._search(asked.json["jql"])
            case "GET", "api", "2", "issue", key if key in self.issues:
                return Told(body=self.issues[key])
            case "POST", "servicedeskapi", "servicedesk", "4", "attachTemporaryFile":
                return self._upload(asked)
            case "POST", "servicedeskapi", "request", key, "attachment":
                for one in asked.json["temporaryAttachmentIds"]:
                    self.files.setdefault(key, []).append(self.temporary[one])
                named = [{"filename": name} for name, _ in self.files[key]]
                self.issues[key]["fields"]["attachment"] = named
                return Told(status=201, body={"attachments": {"size": len(named)}})
            case method, "api", "2", "issue", key, "transitions":
                return self._transitions(key, asked) if method == "POST" else Told(body={"transitions": _WAYS})
            case method, "servicedeskapi", "request", key, "comment":
                return self._comment(key, asked) if method == "POST" else self._told(key, asked.query)
        return Told(
            status=404, body={"errorMessages": ["Issue does not exist or you do not have permission to see it."]}
        )

    def _create(self, asked: dict[str, Any]) -> Told:
        values = asked["requestFieldValues"]
        if (asked["serviceDeskId"], asked["requestTypeId"]) != ("4", "17") or not {"summary", FIELD} <= values.keys():
            return Told(status=400, body={"errorMessage": "Your request could not be created."})
        key = f"SD-{next(self.keys)}"
        self.issues[key] = {"key": key, "fields": {**values, "status": {"name": "Waiting for support"}}}
        self.comments[key] = []
        return Told(status=201, body={"issueId": "1", "issueKey": key})

    def _upload(self, asked: Asked) -> Told:
        if asked.headers.get("x-atlassian-token") != "no-check":
            return Told(status=403, body={"errorMessage": "XSRF check failed"})
        name, content = asked.multipart["file"]
        key = f"temp{next(self.keys)}"
        self.temporary[key] = (str(name), content)
        return Told(
            status=201, body={"temporaryAttachments": [{"temporaryAttachmentId": key, "fileName": name}]}
        )  # fmt: skip

    def _search(self, jql: str) -> Told:
        if self.blind:
            self.blind -= 1
            return Told(body={"issues": []})
        wanted = re.fullmatch(r'cf\[10050\] ~ "\\"(.+)\\"" ORDER BY created ASC', jql)
        if wanted is None:
            return Told(status=400, body={"errorMessages": ["Error in the JQL Query"]})
        found = [one for one in self.issues.values() if wanted[1][:8] in one["fields"][FIELD]]  # what is alike, too
        return Told(body={"issues": [{"key": one["key"], "fields": {}} for one in found]})

    def _transitions(self, key: str, asked: Asked) -> Told:
        chosen = next(one for one in _WAYS if one["id"] == asked.json["transition"]["id"])
        self.issues[key]["fields"]["status"] = {"name": chosen["to"]["name"]}
        return Told(status=204)

    def _comment(self, key: str, asked: Asked) -> Told:
        self.comments[key].append(asked.json)
        return Told(status=201, body={"id": "1", "body": asked.json["body"]})

    def _told(self, key: str, query: dict[str, str]) -> Told:
        start, limit = int(query["start"]), 2  # small pages
        page = self.comments[key][start : start + limit]
        return Told(body={"values": page, "isLastPage": start + limit >= len(self.comments[key])})


_WAYS: list[dict[str, Any]] = [
    {"id": "11", "name": "Respond", "to": {"id": "1", "name": "Waiting for customer"}},
    {"id": "21", "name": "Cancel request", "to": {"id": "2", "name": "Canceled"}},
    {"id": "31", "name": "Start again", "to": {"id": "3", "name": "In Progress"}},
]
