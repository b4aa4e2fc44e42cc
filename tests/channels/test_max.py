"""What is MAX's own: whose an update is, markers that confirm, subscriptions that add up."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels import Unreachable, door
from channels.max_update import heard
from config.settings import Gateway
from records.arrival import TryAgain
from records.chat import Heard, NamedFile
from records.deliveries import Refused
from tests.channels.messengers import MaxRig
from tests.channels.serving import Serving
from tests.channels.test_messengers import ready, speaking
from tests.reception import MemoryReception

pytestmark = pytest.mark.filterwarnings("ignore:URL вебхука")  # maxapi's; here it is loopback
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SENT = int((NOW - timedelta(minutes=1)).timestamp() * 1000)
DIALOG = {"chat_id": 42, "chat_type": "dialog", "user_id": 1}
PERSON = {"user_id": 7, "first_name": "Анна", "is_bot": False}
IMAGE = {"type": "image", "payload": {"photo_id": 1, "token": "t", "url": "https://i.oneme.example/1"}}


def update(kind: str = "message_created", body: Any = None, **fields: Any) -> Heard:
    message = {"sender": PERSON, "recipient": DIALOG, "body": {"mid": "m1", **(body or {})}, **fields}
    return heard("chat", json.dumps({"update_type": kind, "timestamp": SENT, "message": message}).encode(), NOW)


@pytest.mark.parametrize("body", [{"text": "нет интернета"}, {"attachments": [IMAGE]}, {"text": "/start а б в"},
                                  {"text": "/нет интернета"}, {"text": "/ LOS"}])  # fmt: skip
def test_what_a_person_says_may_open_a_report(body: dict[str, Any]) -> None:
    one = update(body=body)
    assert (one.chat, one.opens, one.joins, one.received_at) == ("max:42", True, True, NOW - timedelta(minutes=1))
    assert one.update == f"message_created {SENT} m1"


@pytest.mark.parametrize(
    ("body", "fields", "joins"),
    [({"text": "/start"}, {}, True), ({"attachments": [{"type": "sticker"}]}, {}, False), ({"text": ""}, {}, False),
     ({"text": "x"}, {"recipient": {**DIALOG, "chat_type": "chat"}}, False),
     ({"text": "x"}, {"sender": {**PERSON, "is_bot": True}}, False), ({"text": "x"}, {"recipient": []}, False)],
)  # fmt: skip
def test_what_opens_no_report(body: dict[str, Any], fields: dict[str, Any], *, joins: bool) -> None:
    one = update(body=body, **fields)
    assert (one.opens, one.joins) == (False, joins)


def test_an_edit_and_a_press_go_on() -> None:
    edited = update("message_edited", {"text": "исправлено"})
    assert (edited.opens, edited.joins) == (False, True)
    press = {"timestamp": 1, "callback_id": "cb", "payload": "yes", "user": PERSON}
    told = {"update_type": "message_callback", "timestamp": SENT, "callback": press, "message": {"recipient": DIALOG}}
    one = heard("chat", json.dumps(told).encode(), NOW)
    assert (one.chat, one.opens, one.joins, one.update) == ("max:42", False, True, f"message_callback {SENT} cb")


def test_files_are_named_by_their_address_also_those_of_a_forwarded_message() -> None:
    file = {"type": "file", "filename": "счёт.pdf", "size": 7, "payload": {"url": "https://f.oneme.example/2"}}
    one = update(body={"text": None}, link={"type": "forward", "message": {"attachments": [IMAGE, file]}})
    assert one.opens
    assert [(one.reference, one.name, one.size) for one in one.files] == [
        ("https://i.oneme.example/1", None, None), ("https://f.oneme.example/2", "счёт.pdf", 7),
    ]  # fmt: skip


@pytest.fixture
def rig() -> Iterator[MaxRig]:
    one = MaxRig()
    with one.running:
        yield one


def test_what_is_not_confirmed_comes_again(rig: MaxRig, tmp_path: Path) -> None:
    reception = MemoryReception()
    settings = rig.settings(tmp_path, webhook=False)
    for number in range(3):
        rig.say(f"{number}")
    with Serving(door("chat", settings, Gateway()), reception) as open_door:
        open_door.wait(lambda: not rig.waiting())
    assert len(reception.heard) == 3


def test_subscriptions_do_not_add_up(rig: MaxRig, tmp_path: Path) -> None:
    settings = rig.settings(tmp_path, webhook=True)
    assert settings.webhook is not None
    base = settings.webhook.public_url
    other = {"update_types": ["message_created"], "secret": "x"}
    rig.server.subscriptions = {f"{base}/old": other, "https://other.example/hook": other}
    with Serving(door("chat", settings, Gateway()), MemoryReception()) as open_door:
        open_door.wait(lambda: open_door.opened)
        open_door.wait(lambda: len(rig.server.subscriptions) == 2 and f"{base}/old" not in rig.server.subscriptions)
    assert "https://other.example/hook" in rig.server.subscriptions


@pytest.mark.parametrize(
    "url",
    ["http://f.example/x", "https://127.0.0.1/x?y", "https://[::1]/x", "file:///etc/passwd", "https://10.0.0.7/x"],
)
def test_a_file_is_fetched_from_no_machine_of_ours(rig: MaxRig, tmp_path: Path, url: str) -> None:
    settings = rig.settings(tmp_path, webhook=False, base_url="https://platform.example")
    with pytest.raises(Refused, match="not fetched"):
        speaking(settings).fetch(NamedFile(reference=url, media_type="image/jpeg"))


def test_a_file_comes_from_the_address_that_was_looked_at(
    rig: MaxRig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = rig.settings(tmp_path, webhook=False, base_url="https://platform.example")
    monkeypatch.setattr("channels.messenger_http.addresses", lambda _: ("127.0.0.1",))
    with socket.create_server(("127.0.0.1", 0)) as there:
        file = NamedFile(reference=f"https://f.example:{there.getsockname()[1]}/x?r=1", media_type="image/jpeg")
        answering = threading.Thread(target=there.accept)
        answering.start()
        with pytest.raises(TryAgain):
            speaking(settings).fetch(file)
        answering.join(30)
        assert not answering.is_alive()


def test_a_token_that_is_taken_back_closes_the_door(rig: MaxRig, tmp_path: Path) -> None:
    settings = rig.settings(tmp_path, webhook=True)
    with Serving(door("chat", settings, Gateway()), MemoryReception()) as open_door:
        ready(rig, settings, open_door)
    (tmp_path / "token").write_text("taken back")
    with pytest.raises(Unreachable, match="copy it again"):
        asyncio.run(door("chat", settings, Gateway()).serve(MemoryReception(), asyncio.Event(), lambda _: None))
