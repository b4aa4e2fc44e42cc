"""Who is let in: every way of proving oneself, and every way of failing to, over real requests."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.partners import Issuer, PartnerApi
from config.settings import Gateway, Storage
from storage.database import Database
from tests.partners.house import House, secret, ticket
from tests.partners.signing import signed
from tests.partners.test_tokens import RSA, key_set, made
from tests.partners.window import open_window

TICKETS = "/tmf-api/troubleTicket/v5/troubleTicket"
URL = f"https://tickets.example{TICKETS}"


def test_a_token_lets_its_partner_in(house: House) -> None:
    assert house.client("north").get(TICKETS).status_code == 200


def test_an_access_token_lets_in_until_it_ends(house: House) -> None:
    headers = {"authorization": f"Bearer {house.granted('north')}"}
    assert house.client(**headers).get(TICKETS).status_code == 200
    house.now += timedelta(minutes=11)
    refused = house.client(**headers).get(TICKETS)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="faultgate", error="invalid_token"'
    assert refused.json()["@type"] == "Error"
    assert refused.json()["code"] == "unauthorized"


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"authorization": ""}, {"authorization": "Bearer"}, {"authorization": "Bearer "},
        {"authorization": "Bearer x"}, {"authorization": "Basic bm9ydGg6eA=="}, {"authorization": "bearer\t\u00e9"},
        {"authorization": "Bearer " + "x" * 5000}, {"authorization": "Bearer a.b.c"}, {"signature-input": "sig1=()"},
        {"cookie": "faultgate=whatever"},
    ],
)  # fmt: skip
def test_who_proves_nothing_gets_a_401_with_a_challenge(house: House, headers: dict[str, str]) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    for method, path in (("GET", TICKETS), ("POST", TICKETS), ("POST", "/tmf-api/troubleTicket/v4/hub")):
        refused = house.client().request(method, path, headers=raw)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith('Bearer realm="faultgate"')
        assert refused.json().keys() >= {"code", "reason"}


def test_a_secret_that_is_empty_or_short_lets_nobody_in(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path
) -> None:
    short = iter(["", "short"])

    def change(_: str, wired: dict[str, Any]) -> dict[str, Any]:
        (tmp_path / f"short-{len(list(tmp_path.glob('short-*')))}").write_text(next(short))
        files = sorted(tmp_path.glob("short-*"))
        return {**wired, "token": type(wired["token"])(file=str(files[-1]))}

    house = House(profile, database, tmp_path, change=change)
    for token in ("", "short"):
        assert house.client(authorization=f"Bearer {token}").get(TICKETS).status_code == 401


def test_a_signed_request_is_let_in_once(house: House) -> None:
    body = b'{"@type": "TroubleTicket"}'
    headers = signed(secret("signing_key", "north"), "north-client", "POST", URL, body, house.now)
    headers["content-type"] = "application/json"
    assert house.client().post(TICKETS, content=body, headers=headers).status_code == 400  # let in: its ticket is none
    again = house.client().post(TICKETS, content=body, headers=headers)
    assert again.status_code == 401
    assert "came before" in again.json()["reason"]
    fresh = signed(secret("signing_key", "north"), "north-client", "POST", URL, body, house.now, nonce="2")
    assert house.client().post(TICKETS, content=body, headers={**headers, **fresh}).status_code == 400


def test_a_signed_question_is_answered(house: House) -> None:
    url = f"{URL}?fields=id,status&limit=3"
    headers = signed(secret("signing_key", "north"), "north-client", "GET", url, b"", house.now)
    assert house.client().get(url.removeprefix("https://tickets.example"), headers=headers).status_code == 200


def test_a_replay_is_refused_by_every_process(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path
) -> None:
    """What one process has taken another knows, for it stands in the archive."""
    first, second = (House(profile, database, tmp_path) for _ in range(2))
    headers = signed(secret("signing_key", "north"), "north-client", "GET", URL, b"", first.now)
    assert first.client().get(TICKETS, headers=headers).status_code == 200
    assert second.client().get(TICKETS, headers=headers).status_code == 401


def test_a_signed_request_that_was_changed_or_is_anothers_is_refused(house: House) -> None:
    body, key = b"{}", secret("signing_key", "north")
    good = {"content-type": "application/json", **signed(key, "north-client", "POST", URL, body, house.now)}
    client = house.client()
    assert client.post(TICKETS, content=b"{ }", headers=good).status_code == 401
    assert client.post(f"{TICKETS}?fields=id", content=body, headers=good).status_code == 401
    assert client.post(TICKETS.replace("v5", "v4"), content=body, headers=good).status_code == 401
    assert client.get(TICKETS, headers=good).status_code == 401
    as_south = signed(key, "south-client", "POST", URL, body, house.now)
    assert client.post(TICKETS, content=body, headers={**good, **as_south}).status_code == 401
    for minutes in (-10, 10):
        old = signed(key, "north-client", "POST", URL, body, house.now + timedelta(minutes=minutes))
        assert client.post(TICKETS, content=body, headers={**good, **old}).status_code == 401
    nobody = signed(key, "nobody", "POST", URL, body, house.now)
    assert client.post(TICKETS, content=body, headers={**good, **nobody}).status_code == 401


def test_tokens_of_another_issuer_let_the_named_client_in(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(key_set(RSA))
    issuer = Issuer(issuer="https://login.example", audience="faultgate", jwks=str(keys))
    house = House(profile, database, tmp_path, api=PartnerApi(issuer=issuer))

    def status(**claims: Any) -> int:
        return int(house.client(authorization=f"Bearer {made(**claims)}").get(TICKETS).status_code)

    assert status(client_id="north-client") == 200
    assert status(client_id="nobody") == 401
    assert status(client_id="north-client", aud="another") == 401


def test_a_scope_that_was_not_granted_is_refused(house: House) -> None:
    reader = {"authorization": f"Bearer {house.granted('north', 'read')}"}
    assert house.client(**reader).get(TICKETS).status_code == 200
    refused = house.client(**reader).post(TICKETS, json=ticket())
    assert refused.status_code == 403
    assert 'error="insufficient_scope", scope="write"' in refused.headers["www-authenticate"]


def test_too_many_requests_wait_and_the_other_partner_does_not(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path
) -> None:
    house = House(profile, database, tmp_path, change=lambda _, wired: {**wired, "per_minute": 1, "burst": 2})
    client = house.client("north")
    assert [client.get(TICKETS).status_code for _ in range(3)] == [200, 200, 429]
    limited = client.get(TICKETS)
    assert 1 <= int(limited.headers["retry-after"]) <= 60
    assert limited.json()["code"] == "tooManyRequests"
    assert house.client("south").get(TICKETS).status_code == 200


def test_no_secret_stands_in_the_log_or_in_an_answer(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [
        house.client(authorization=f"Bearer {secret('token', 'north')}x").get(TICKETS).text,
        house.client(authorization=f"Bearer {house.granted('north')[:-2]}").get(TICKETS).text,
        house.client().post("/oauth2/token", auth=("north-client", secret("client_secret", "south"))).text,
    ]
    told = caplog.text + "".join(answers)
    assert "long enough" not in told
    assert "eyJ" not in told
    assert "was refused" in caplog.text


def test_a_signed_request_over_a_real_connection(house: House) -> None:
    """What the server makes of a path and a query is what was signed, percent signs and all."""
    with open_window(house) as window:
        for target in (f"{TICKETS}?fields=id%2Cstatus&status=a%20b", f"{TICKETS}/FR%2D2026-0000001", f"{TICKETS}?"):
            url = window + target
            headers = signed(secret("signing_key", "north"), "north-client", "GET", url, b"", house.now, nonce=target)
            assert httpx.get(url, headers=headers, timeout=60).status_code in (200, 404)
