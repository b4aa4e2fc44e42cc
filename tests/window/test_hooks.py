"""What ticket systems say to the desk: whoever knows the secret has a ticket looked at, and nobody does more."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook
from starlette.testclient import TestClient

from config import backends as kinds
from config.secrets import Secret
from config.settings import Backend as Kind
from config.settings import Builtin
from desk.app import app
from records.deliveries import Delivery, Ticket, Verb
from storage import ticket_states
from storage.database import Transaction
from storage.deliveries import add_delivery
from storage.rows import micros
from tests.outbox.situations import fault_record
from tests.window.front import Window

SECRET = "correct horse"
WHSEC = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NUMBER = "FR-2026-0000001"
BODY = f'{{"ticket": {{"external_id": "{NUMBER}", "state": "closed"}}}}'.encode()
URL = "https://tickets.example"


def wired(folder: Path) -> dict[str, Kind]:
    (folder / "hook").write_text(f"{SECRET.replace(' ', '-')}\n{WHSEC}\n")
    secret = Secret(file=str(folder / "hook"))
    house: dict[str, Any] = {"url": URL, "hook": secret}
    return {
        "zammad": kinds.Zammad(token=secret, **house),
        "jira": kinds.JiraServiceManagement(
            token=secret, service_desk="1", request_type="1", id_field="customfield_1", **house
        ),
        "glpi": kinds.Glpi(user_token=secret, **house),
        "rt": kinds.RequestTracker(token=secret, **house),
        "partner": kinds.Tmf621(**house),
        "deaf": kinds.RequestTracker(token=secret, url=URL),
        "desk": Builtin(),
    }  # fmt: skip


KEY = SECRET.replace(" ", "-").encode()


def hub(algorithm: str, key: bytes = KEY, body: bytes = BODY) -> dict[str, str]:
    return {"X-Hub-Signature": f"{algorithm}={hmac.new(key, body, algorithm).hexdigest()}"}


def glpi(key: bytes = KEY) -> dict[str, str]:
    return {
        "X-GLPI-signature": hmac.new(key, BODY + b"1764230000", hashlib.sha256).hexdigest(),
        "X-GLPI-timestamp": "1764230000",
    }


def standard(at: datetime, body: bytes = BODY) -> dict[str, str]:
    """Sign as the reference library does."""
    return {
        "webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(WHSEC).sign("msg_1", at, body.decode()),
    }  # fmt: skip


def _bytes(headers: dict[str, str]) -> dict[str, bytes]:
    """Let a header hold what no client of good manners sends."""
    return {name: value.encode("latin-1") for name, value in headers.items()}


class Hooked:
    """A desk with a ticket of one report at each backend, and how many of them are to be looked at."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.window = window
        settings = replace(window.settings, backends=wired(folder))
        self.client = TestClient(app(replace(window.services, settings=settings)), "http://desk.localhost")
        receipt = window.arrive()
        assert receipt.id == NUMBER
        for name in settings.backends:
            window.database.write(partial(self._ticket, report=receipt.report, backend=name))

    def _ticket(self, tx: Transaction, report: int, backend: str) -> None:
        record = replace(fault_record(report), id=NUMBER)
        ticket = Ticket(external_id=NUMBER, record=record, text="")
        one = Delivery(id=0, report=report, verb=Verb.CREATE, backend=backend, key=backend, ticket=ticket)
        row = add_delivery(tx, one, micros(self.window.now))
        ticket_states.opened(tx, row or 0, report, backend, "7", self.window.now)

    def call(self, name: str, headers: dict[str, str], body: bytes = BODY) -> int:
        return int(self.client.post(f"/hooks/{name}", content=body, headers=_bytes(headers)).status_code)

    def marked(self) -> list[str]:
        with self.window.database.read() as tx:
            return [row["backend"] for row in tx.all("SELECT backend FROM ticket_states WHERE next_at = 0")]


@pytest.fixture
def hooked(window: Window, tmp_path: Path) -> Hooked:
    return Hooked(window, tmp_path)


BEARER = {"Authorization": f"Bearer {KEY.decode()}"}
RIGHT = {"zammad": hub("sha1"), "jira": hub("sha256"), "glpi": glpi(), "rt": BEARER, "partner": BEARER}


@pytest.mark.parametrize("name", RIGHT)
def test_who_knows_the_secret_has_the_ticket_looked_at_there(hooked: Hooked, name: str) -> None:
    assert hooked.call(name, RIGHT[name]) == 204
    assert hooked.marked() == [name]


@pytest.mark.parametrize("name", RIGHT)
def test_standard_webhooks_are_taken_from_all(hooked: Hooked, name: str) -> None:
    assert hooked.call(name, standard(hooked.window.now)) == 204
    assert hooked.marked() == [name]


WRONG: list[tuple[str, dict[str, str]]] = [
    ("zammad", {}), ("zammad", hub("sha1", b"other")), ("zammad", hub("sha256")), ("zammad", BEARER),
    ("zammad", hub("sha1", body=b"another body")), ("zammad", {"X-Hub-Signature": "sha1=\xe9"}),
    ("jira", hub("sha1")), ("jira", hub("sha256", b"")), ("glpi", {**glpi(), "X-GLPI-timestamp": "1"}),
    ("glpi", glpi(b"other")), ("rt", {"Authorization": "Bearer "}), ("rt", {"Authorization": KEY.decode()}),
    ("rt", hub("sha1")), ("deaf", BEARER), ("desk", BEARER), ("nobody", BEARER),
]  # fmt: skip


@pytest.mark.parametrize(("name", "headers"), WRONG)
def test_who_does_not_has_nothing(hooked: Hooked, name: str, headers: dict[str, str]) -> None:
    assert hooked.call(name, headers) == 401
    assert hooked.marked() == []


@pytest.mark.parametrize("seconds", [-301, 301, 10**9])
def test_a_standard_webhook_of_another_time_is_not_taken(hooked: Hooked, seconds: int) -> None:
    late = standard(hooked.window.now + timedelta(seconds=seconds))
    assert hooked.call("rt", late) == 401
    assert hooked.call("rt", {**standard(hooked.window.now), "webhook-id": "other"}) == 401
    assert hooked.call("rt", {**standard(hooked.window.now), "webhook-timestamp": "soon"}) == 401


def test_a_body_may_be_anything(hooked: Hooked) -> None:
    """Numbers are found in its bytes, whatever they are; what is nobody's is passed over."""
    odd = b"\xff\x00{{{" + NUMBER.encode() + b" FR-2026-0009999 FR-2026-00000011111111 xFR-2026-0000001"
    for body in (b"", b"[]", b"FR-2026-00000010", b"xFR-2026-0000001", odd):
        assert hooked.marked() == []
        assert hooked.call("rt", BEARER, body) == 204
    assert hooked.marked() == ["rt"]


def test_a_call_that_is_too_large_is_not_read(hooked: Hooked) -> None:
    assert hooked.call("rt", BEARER, b"x" * 4_000_000) == 413
