"""Subscriptions to events by HTTP."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.settings import Gateway, Storage
from storage.database import Database
from storage.subscriptions import MOST
from tests.outbox.prism import held_to_the_standard
from tests.partners.house import House, secret
from tests.partners.window import BASE, open_window

V4, V5 = ("/tmf-api/troubleTicket/v4/hub", "/tmf-api/troubleTicket/v5/hub")
CALLBACK = "http://localhost:9/tmf"
WISH = {"@type": "Hub", "callback": CALLBACK, "query": "eventType=TroubleTicketResolvedEvent"}


def test_a_subscription_is_made_shown_and_ended(house: House) -> None:
    client = house.client("north")
    made = client.post(V5, json=WISH)
    assert made.status_code == 201
    number = made.json()["id"]
    assert made.json() == {**WISH, "id": number}
    assert made.headers["location"] == f"https://tickets.example{V5}/{number}"
    assert client.get(f"{V5}/{number}").json() == made.json()
    assert client.delete(f"{V5}/{number}").status_code == 204
    assert client.get(f"{V5}/{number}").status_code == 404
    assert client.delete(f"{V5}/{number}").status_code == 404


def test_version_4_has_its_own_shape_and_no_get(house: House) -> None:
    client = house.client("north")
    made = client.post(V4, json={"callback": CALLBACK})
    assert made.status_code == 201
    assert made.headers["content-type"] == "application/json;charset=utf-8"
    assert made.json() == {"id": made.json()["id"], "callback": CALLBACK}
    refused = client.get(f"{V4}/{made.json()['id']}")
    assert (refused.status_code, refused.headers["allow"]) == (405, "DELETE")
    assert client.delete(f"{V4}/{made.json()['id']}").status_code == 204


def test_the_same_wish_again_is_the_same_subscription(house: House) -> None:
    client = house.client("north")
    first = client.post(V5, json=WISH).json()
    assert client.post(V5, json=WISH).json() == first
    assert client.post(V4, json=WISH).json()["id"] != first["id"]
    assert client.post(V5, json={**WISH, "query": ""}).json()["id"] != first["id"]
    assert house.client("south").post(V5, json=WISH).json()["id"] != first["id"]


@pytest.mark.parametrize(
    "callback",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://0x7f000001/",
        "https://127.1/", "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "http://8.8.8.8/", "file:///etc/passwd",
        "gopher://8.8.8.8/", "https://user@8.8.8.8/", "https://8.8.8.8/?a=b", "https://nobody.invalid/", "", "tmf",
        "http://localhost.example/", "http://127.0.0.1:9/", "\ud800",
    ],
)  # fmt: skip
def test_a_callback_that_lies_nowhere_public_is_refused(house: House, callback: str) -> None:
    body = b'{"@type": "Hub", "callback": "\\ud800"}' if callback == "\ud800" else None
    client, headers = house.client("north"), {"content-type": "application/json"}
    sent: dict[str, Any] = {"content": body} if body else {"json": {"@type": "Hub", "callback": callback}}
    refused = client.post(V5, headers=headers, **sent)
    assert refused.status_code == 400
    assert refused.json()["reason"].startswith("callback: ")


def test_a_public_callback_is_taken(house: House) -> None:
    assert house.client("north").post(V5, json={**WISH, "callback": "https://8.8.8.8/tmf"}).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"callback": None}, {"callback": 7}, {"query": 7}, {"@type": None}, {"query": "nonsense"},
        {"query": "eventType=TroubleTicketMeltedEvent"}, {"query": "colour=red"}, {"query": "fields=id"},
        {"query": "x" * 2001},
    ],
)  # fmt: skip
def test_what_is_no_wish_is_refused(house: House, changes: dict[str, Any]) -> None:
    wish = {name: value for name, value in {**WISH, **changes}.items() if value is not None}
    refused = house.client("north").post(V5, json=wish)
    assert (refused.status_code, refused.json()["@type"]) == (400, "Error")


def test_what_is_no_json_or_no_number_is_refused(house: House) -> None:
    client = house.client("north")
    assert client.post(V5, content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert client.post(V5, content=b"[]", headers={"content-type": "application/json"}).status_code == 400
    for kind in ("text/plain", "application/json;charset=cp1251"):
        assert client.post(V5, content=b"{}", headers={"content-type": kind}).status_code == 415
    for number in ("x", "-1", "0", "9" * 30, "\u0661"):
        assert client.get(f"{V5}/{number}").status_code == 404
        assert client.delete(f"{V5}/{number}").status_code == 404


def test_a_partner_has_so_many_and_no_more(house: House) -> None:
    client = house.client("north")
    wishes = [{**WISH, "callback": f"{CALLBACK}/{number}"} for number in range(MOST + 1)]
    answers = [client.post(V5, json=one).status_code for one in wishes]
    assert answers == [201] * MOST + [409]
    assert house.client("south").post(V5, json=WISH).status_code == 201


def test_without_an_agreed_key_there_are_no_events(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path
) -> None:
    house = House(profile, database, tmp_path, change=lambda _, wired: {**wired, "events": None})
    assert house.client("north").post(V5, json=WISH).status_code == 403


@pytest.mark.parametrize("version", [4, 5])
@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_a_subscription_is_held_to_the_official_file(house: House, version: int) -> None:
    kind = "application/json;charset=utf-8" if version == 4 else "application/json"
    headers = {"authorization": f"Bearer {secret('token', 'north')}", "content-type": kind}
    with open_window(house) as window, held_to_the_standard(version, window + BASE.format(version=version)) as url:
        made = httpx.post(f"{url}/hub", content=json.dumps(WISH), headers=headers, timeout=60)
        assert made.status_code == 201, made.text
        place = f"{url}/hub/{made.json()['id']}"
        if version == 5:
            assert httpx.get(place, headers=headers, timeout=60).json() == made.json()
        ended = httpx.delete(place, headers=headers, timeout=60)
        assert ended.status_code == 204, ended.text
