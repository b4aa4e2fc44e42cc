"""Events to partners, over real HTTP and TLS; the reference library of Standard Webhooks is the judge."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from config.partners import Events, Partner, PartnerApi
from config.secrets import Secret
from outbox.breaker import Resting
from outbox.notifying import Gone, Notifier, listener
from records.arrival import Down, TryAgain
from records.deliveries import Refused
from records.partner_events import Event, EventType, Subscription
from tests.outbox.fakes.server import Told
from tests.web.listening import NAME, Heard, certificate, listening
from web import egress

KEYS = ["whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2)]
NOW = datetime.now(UTC)
MESSAGE = '{"eventType":"TroubleTicketStatusChangeEvent","имя":"Г"}'
EVENT = Event(subscription=1, id="5b2c", type=EventType.STATUS_CHANGE, at=NOW, message=MESSAGE)


def now() -> datetime:
    """The verifier has a clock of its own, and bears no message that is minutes old."""
    return datetime.now(UTC)


def kept(folder: Path, text: str) -> Secret:
    (folder / "secret").write_text(text)
    return Secret(file=str(folder / "secret"))


def notifier(folder: Path, text: str = KEYS[0], **changes: Any) -> Notifier:
    events = Events(secret=kept(folder, text), **changes)
    return Notifier({"north": Partner(events=events)}, PartnerApi(allow_callbacks=("localhost",)))


def to(port: int, path: str = "", version: int = 5, row: int = 1) -> Subscription:
    return Subscription(id=row, partner="north", version=version, callback=f"http://localhost:{port}{path}")


@contextmanager
def sent(one: Notifier, *told: Told, event: Event = EVENT, **where: Any) -> Iterator[Heard]:
    heard = Heard()
    heard.told = list(told)
    with listening(heard) as port:
        one.send(event, to(port, **where), now())
        yield heard


def test_an_event_comes_signed_with_one_id_at_every_attempt(tmp_path: Path) -> None:
    one, heard = notifier(tmp_path), Heard()
    heard.told = [Told(status=503), Told(status=204)]
    with listening(heard) as port:
        with pytest.raises(Down):
            one.send(EVENT, to(port), now())
        one.send(EVENT, to(port), now())
    for asked in heard.asked:
        assert (asked.method, asked.path) == ("POST", "/listener/troubleTicketStatusChangeEvent")
        assert asked.headers["content-type"] == "application/json"
        assert Webhook(KEYS[0]).verify(asked.body, asked.headers)["имя"] == "Г"
        assert asked.headers["webhook-id"] == "5b2c"
    assert len(heard.asked) == 2


def test_both_keys_sign_while_one_is_changed(tmp_path: Path) -> None:
    with sent(notifier(tmp_path, "\n".join(KEYS))) as heard:
        for key in KEYS:
            Webhook(key).verify(heard.asked[0].body, heard.asked[0].headers)


def test_a_partner_that_knows_no_signatures_gets_basic_or_a_bearer(tmp_path: Path) -> None:
    with sent(notifier(tmp_path, "a plain password", auth="basic", user="faultgate")) as heard:
        word = base64.b64encode(b"faultgate:a plain password").decode()
        assert heard.asked[0].headers["authorization"] == f"Basic {word}"
    with sent(notifier(tmp_path, "a plain token", auth="bearer"), version=4) as heard:
        assert heard.asked[0].headers["authorization"] == "Bearer a plain token"
        assert heard.asked[0].headers["webhook-id"] == "5b2c"
        assert heard.asked[0].headers["content-type"] == "application/json;charset=utf-8"


@pytest.mark.parametrize(
    ("callback", "path"),
    [
        ("https://a.example", "/listener/troubleTicketResolvedEvent"),
        ("https://a.example/tmf/v5/", "/listener/troubleTicketResolvedEvent"),
        ("https://a.example/listener", "/troubleTicketResolvedEvent"),
        ("https://listener/tmf", "/listener/troubleTicketResolvedEvent"),
        ("https://host/tmf-api/specificAPIName/v5/listener/specificEventListener", ""),
    ],
)
def test_where_an_event_goes_to(callback: str, path: str) -> None:
    assert listener(callback, EventType.RESOLVED) == path


def test_a_listener_that_is_gone_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Gone, match="410"), sent(notifier(tmp_path), Told(status=410)):
        pass


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 422, 429, 500, 503])
def test_whatever_else_is_said_is_tried_again(tmp_path: Path, status: int) -> None:
    told = Told(status=status, headers={"Retry-After": "7", "Location": "http://127.0.0.1:1/"})
    with pytest.raises(TryAgain) as caught, sent(notifier(tmp_path), told):
        pass
    assert caught.value.after == (7 if status // 100 != 4 or status == 429 else 0)


def test_a_dead_listener_is_left_alone_and_another_is_not(tmp_path: Path) -> None:
    one, heard = notifier(tmp_path), Heard()
    for _ in range(5):
        with pytest.raises(Down):
            one.send(EVENT, to(1, row=1), now())
    with pytest.raises(Resting):
        one.send(EVENT, to(1, row=1), now())
    with listening(heard) as port:
        one.send(EVENT, to(port, row=2), now())
    assert len(heard.asked) == 1


def test_one_event_that_is_refused_does_not_hold_up_the_others(tmp_path: Path) -> None:
    one, heard = notifier(tmp_path), Heard()
    heard.told = [Told(status=400)] * 8
    with listening(heard) as port:
        for _ in range(8):
            with pytest.raises(TryAgain) as caught:
                one.send(EVENT, to(port), now())
            assert not isinstance(caught.value, Resting | Down)
        one.send(EVENT, to(port), now())


def test_the_address_is_looked_at_again_at_every_delivery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name was public when it was subscribed; now it leads into our own network."""
    pem, heard = certificate(tmp_path, NAME), Heard()
    monkeypatch.setattr(egress, "_looked_up", lambda *_: ("127.0.0.1",))
    one = notifier(tmp_path, ca_file=str(pem))
    with listening(heard, pem) as port:
        where = replace(to(port), callback=f"https://{NAME}:{port}")
        with pytest.raises(Refused, match="not public"):
            one.send(EVENT, where, now())
    assert heard.asked == []


def test_a_host_of_ours_is_reached_where_it_is_allowed_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem, heard = certificate(tmp_path, NAME), Heard()
    monkeypatch.setattr(egress, "_looked_up", lambda *_: ("127.0.0.1",))
    events = Events(secret=kept(tmp_path, KEYS[0]), ca_file=str(pem))
    one = Notifier({"north": Partner(events=events)}, PartnerApi(allow_callbacks=(NAME.upper(),)))
    with listening(heard, pem) as port:
        one.send(EVENT, replace(to(port), callback=f"https://{NAME}:{port}"), now())
    assert len(heard.asked) == 1


def test_what_is_not_wired_right_is_told_and_tried_again(tmp_path: Path) -> None:
    for text, changes, said in (
        ("none", {}, r"partners\.north\.events\.secret: write whsec_"),
        ("", {"auth": "bearer"}, r"partners\.north\.events\.secret"),
        (KEYS[0], {"ca_file": str(tmp_path / "none.pem")}, r"partners\.north\.events\.ca_file"),
    ):
        with pytest.raises(TryAgain, match=said):
            notifier(tmp_path, text, **changes).send(EVENT, to(1), NOW)
    with pytest.raises(TryAgain, match=r"partners\.south\.events is not wired"):
        notifier(tmp_path).send(EVENT, replace(to(1), partner="south"), NOW)
