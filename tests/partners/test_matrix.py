"""Role × object × verb: who may see and change what at the partners' window, and who gets in at the desk."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from config.settings import Gateway, Storage
from storage import sessions
from storage.database import Database
from tests.partners.house import House, secret, ticket
from tests.partners.window import TICKETS, TICKETS4
from tests.window.front import Window

CLERK = "the token of somebody at the desk"
LIST = "/api/v1/reports"  # of the desk
HUB, HUB4 = (f"/tmf-api/troubleTicket/v{version}/hub" for version in (5, 4))
FILE = {"@type": "Attachment", "attachmentType": "log", "mimeType": "text/plain", "content": "bG9n"}
NOTE = {"@type": "TroubleTicket", "note": [{"@type": "Note", "text": "Port 7"}]}
WISH = {"@type": "Hub", "callback": "http://localhost:9/tmf"}

#: Verb and object; {mine} is north's ticket with a file, {hub} north's subscription.
VERBS: Mapping[str, tuple[str, str, dict[str, Any] | None]] = {
    "list": ("GET", TICKETS, None),
    "list v4": ("GET", TICKETS4, None),
    "read": ("GET", f"{TICKETS}/{{mine}}", None),
    "read v4": ("GET", f"{TICKETS4}/{{mine}}", None),
    "read its files": ("GET", f"{TICKETS}/{{mine}}?fields=attachment", None),
    "read none": ("GET", f"{TICKETS}/FR-2026-9999999", None),
    "create": ("POST", TICKETS, ticket("B-1")),
    "change": ("PATCH", f"{TICKETS}/{{mine}}", NOTE),
    "add a file": ("PATCH", f"{TICKETS}/{{mine}}", {"@type": "TroubleTicket", "attachment": [FILE]}),
    "cancel": ("PATCH", f"{TICKETS4}/{{mine}}", {"status": "cancelled"}),
    "see the subscription": ("GET", f"{HUB}/{{hub}}", None),
    "subscribe": ("POST", HUB, {**WISH, "query": "status=resolved"}),
    "subscribe v4": ("POST", HUB4, WISH),
    "end the subscription": ("DELETE", f"{HUB}/{{hub}}", None),
    "delete": ("DELETE", f"{TICKETS}/{{mine}}", None),
}
_MAY = {
    "list": 200, "list v4": 200, "read": 200, "read v4": 200, "read its files": 200, "read none": 404, "create": 201,
    "change": 200, "add a file": 200, "cancel": 200, "see the subscription": 200, "subscribe": 201,
    "subscribe v4": 201, "end the subscription": 204, "delete": 204,
}  # fmt: skip
_HIS = (
    "read", "read v4", "read its files", "change", "add a file", "cancel", "delete", "see the subscription",
    "end the subscription",
)  # fmt: skip
_OTHERS = dict.fromkeys(_HIS, 404)
_READS = {name for name, (method, _, _) in VERBS.items() if method == "GET"}
EXPECTED: Mapping[str, Mapping[str, int]] = {
    "its partner": _MAY,
    "its partner, by an access token": _MAY,
    "its partner, with the scope read": {name: _MAY[name] if name in _READS else 403 for name in VERBS},
    "its partner, with the scope write": {name: 403 if name in _READS else _MAY[name] for name in VERBS},
    "another partner": {**_MAY, **_OTHERS},
    "another partner, by an access token": {**_MAY, **_OTHERS},
    "nobody": dict.fromkeys(VERBS, 401),
    "a wrong token": dict.fromkeys(VERBS, 401),
    "a token that has ended": dict.fromkeys(VERBS, 401),
    "a token that was changed": dict.fromkeys(VERBS, 401),
    "a clerk of the desk": dict.fromkeys(VERBS, 401),
}


def proof(role: str, house: House) -> dict[str, str]:
    """Give the header that a role comes with."""
    match role:
        case "its partner":
            token = secret("token", "north")
        case "another partner":
            token = secret("token", "south")
        case "its partner, by an access token":
            token = house.granted("north")
        case "another partner, by an access token":
            token = house.granted("south")
        case "its partner, with the scope read":
            token = house.granted("north", "read")
        case "its partner, with the scope write":
            token = house.granted("north", "write")
        case "a token that has ended":
            token = house.granted("north")
            house.now += timedelta(minutes=11)
        case "a token that was changed":
            head, body, mark = house.granted("north").split(".")
            token = f"{head}.{body}.{mark[::-1]}"
        case "a wrong token":
            token = "x" * 40
        case "a clerk of the desk":
            token = CLERK
        case _:
            return {}
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def desk(profile: tuple[Gateway, Storage], database: Database) -> Window:
    """The desk over the same archive; its senior has a token for programs."""
    made = Window(profile, database)
    work = partial(sessions.give_token, token=hashlib.sha256(CLERK.encode()).hexdigest(), at=made.now)
    with database.read() as tx:
        row = tx.one("SELECT id FROM people WHERE login = 'senior'")
    database.write(partial(work, person=row["id"] if row else 0))
    assert made.client(authorization=f"Bearer {CLERK}").get(LIST).status_code == 200
    return made


@pytest.mark.parametrize("role", EXPECTED)
def test_who_may_see_and_change_what(house: House, desk: Window, role: str) -> None:
    north = house.client("north")
    made = north.post(TICKETS, json=ticket("A-1", attachment=[FILE]))
    places = {"mine": made.json()["id"], "hub": north.post(HUB, json=WISH).json()["id"]}
    assert desk.now  # it is open beside
    client = house.client(**proof(role, house))
    found = {}
    for name, (method, path, body) in VERBS.items():
        answer = client.request(method, path.format(**places), json=body)
        found[name] = answer.status_code
        if answer.status_code in (401, 403, 404):
            assert places["mine"] not in answer.text
            assert "circuit 7" not in answer.text
    assert found == EXPECTED[role]


@pytest.mark.parametrize("role", ["another partner", "another partner, by an access token"])
def test_what_another_partner_has_is_in_no_list_and_is_not_told_from_nothing(house: House, role: str) -> None:
    mine = house.client("north").post(TICKETS, json=ticket("A-1")).json()["id"]
    south = house.client(**proof(role, house))
    for path in (TICKETS, TICKETS4, f"{TICKETS}?status=acknowledged", f"{TICKETS}?id={mine}"):
        listed = south.get(path)
        assert (listed.json(), listed.headers["x-total-count"]) == ([], "0")
    there, nowhere = south.get(f"{TICKETS}/{mine}"), south.get(f"{TICKETS}/FR-2026-0999999")
    assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json())
    assert south.post(TICKETS, json=ticket("A-1")).json()["id"] != mine  # his own number space


def test_a_partner_does_not_get_in_at_the_desk(house: House, desk: Window) -> None:
    for token in (secret("token", "north"), house.granted("north")):
        program = desk.client(authorization=f"Bearer {token}", accept="application/json")
        for path in (LIST, f"{LIST}/FR-2026-0000001", "/"):
            assert program.get(path).status_code == 401
        assert program.post(LIST, json={}).status_code in (401, 405)
