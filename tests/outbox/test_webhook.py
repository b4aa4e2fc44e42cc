"""Messages that any receiver of Standard Webhooks understands: the reference library is the judge."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier

from config.backends import Webhook
from outbox.backends import Backend, backend
from outbox.backends.webhook import signed
from records.arrival import TryAgain
from records.deliveries import Verb
from tests.outbox.fakes.server import running
from tests.outbox.fakes.webhook import KEY, Receiver
from tests.outbox.rigs import MemoryLedger, secret, tools
from tests.outbox.situations import ticket

OTHER = "whsec_" + base64.b64encode(b"another key of twenty-four").decode()


def wired(folder: Path, url: str, keys: str = KEY, **changes: object) -> Backend:
    settings = Webhook(url=url, secret=secret(folder, keys), **changes)  # type: ignore[arg-type]
    ledger = MemoryLedger()
    ledger.numbers["FR-2026-0000007"] = "FR-2026-0000007"
    return backend("desk", settings, tools(ledger=ledger))


def test_the_reference_library_verifies_our_signature() -> None:
    at = int(datetime.now(UTC).timestamp())
    key = base64.b64decode(KEY.removeprefix("whsec_"))
    message = '{"type":"ticket.created","имя":"Г"}'.encode()

    headers = signed("FR-2026-0000007", at, message, [key])

    assert Verifier(KEY).verify(message, headers) == {"type": "ticket.created", "имя": "Г"}
    assert headers["webhook-signature"] == Verifier(KEY).sign(
        "FR-2026-0000007", datetime.fromtimestamp(at, UTC), message.decode()
    )


def test_what_a_receiver_is_told(tmp_path: Path) -> None:
    receiver = Receiver()
    with running(receiver) as url:
        desk = wired(tmp_path, url, fields={"prio": "{urgency}"}, values={"prio": {"normal": 3}})
        assert desk.create(ticket(7)).external_id == "FR-2026-0000007"
        desk.amend(ticket(8, after=7))
        desk.withdraw(ticket(9, after=7))

    first, second, third = receiver.taken.values()
    assert [one["type"] for one in (first, second, third)] == ["ticket.created", "ticket.amended", "ticket.withdrawn"]
    assert first["timestamp"] == "2026-11-21T07:03:11Z"
    assert first["data"].keys() == {"number", "earlier", "text", "record", "fields"}
    assert (first["data"]["earlier"], second["data"]["earlier"]) == (None, "FR-2026-0000007")
    assert first["data"]["record"]["reporter"]["name"] == "Galina Sokolova"
    assert first["data"]["fields"] == {"prio": 3}


def test_a_message_is_the_same_at_every_attempt(tmp_path: Path) -> None:
    receiver = Receiver()
    with running(receiver) as url:
        desk = wired(tmp_path, url)
        desk.create(ticket(7))
        desk.create(ticket(7))
    assert (receiver.heard, len(receiver.taken)) == (2, 1)


def test_two_keys_sign_while_one_is_changed(tmp_path: Path) -> None:
    for known in (KEY, OTHER):
        receiver = Receiver(known)
        with running(receiver) as url:
            wired(tmp_path, url, keys=f"{KEY}\n{OTHER}").create(ticket(7))
        assert len(receiver.taken) == 1


@pytest.mark.parametrize(
    "key", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!", "whsec_" + base64.b64encode(b"x" * 65).decode()]
)
def test_a_key_that_is_none_is_told(tmp_path: Path, key: str) -> None:
    with pytest.raises(TryAgain, match=r"backends\.desk\.secret: write whsec_ and 24 to 64 bytes"):
        wired(tmp_path, "http://127.0.0.1:1", keys=key).check()


def test_a_preview_is_the_message(tmp_path: Path) -> None:
    told = wired(tmp_path, "http://127.0.0.1:1").preview(ticket(8, after=7), Verb.AMEND)  # type: ignore[attr-defined]
    assert '"type": "ticket.amended"' in told
