"""What is Telegram's own: whose an update is, how updates are confirmed, and who is told when they stay away."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels import Unreachable, door
from channels.messenger import Outage
from channels.telegram_poll import Polling, alone, split
from channels.telegram_update import heard, number
from config.settings import Gateway
from config.wiring import BadWiring, load
from records.arrival import TryAgain
from records.chat import Heard
from records.tokens import token
from sample.bot_platform import Fault
from tests.channels.messengers import TelegramRig
from tests.channels.serving import Serving
from tests.conftest import CORPORA, unavailable
from tests.reception import MemoryReception

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SENT = int((NOW - timedelta(minutes=1)).timestamp())
PRIVATE = {"id": 42, "type": "private"}
PERSON = {"id": 42, "is_bot": False, "first_name": "Анна"}
PHOTO = [{"file_id": "small", "file_size": 10}, {"file_id": "large", "file_size": 900}, {"file_id": "middle"}]


def update(kind: str = "message", **fields: Any) -> Heard:
    message = {"message_id": 1, "from": PERSON, "chat": PRIVATE, "date": SENT, **fields}
    return heard("chat", json.dumps({"update_id": 5, kind: message}).encode(), NOW)


@pytest.mark.parametrize(
    "fields",
    [{"text": "нет интернета"}, {"photo": PHOTO}, {"location": {"latitude": 1, "longitude": 2}},
     {"contact": {"phone_number": "7"}}, {"text": "/start нет интернета совсем"}, {"voice": {"file_id": "v"}},
     {"text": "x", "forward_origin": {"type": "user"}}, {"text": "x", "media_group_id": "9"}],
)  # fmt: skip
def test_what_a_person_says_may_open_a_report(fields: dict[str, Any]) -> None:
    one = update(**fields)
    assert (one.chat, one.opens, one.joins) == ("telegram:42", True, True)
    assert (one.update, one.received_at) == (f"5@{SENT}", NOW - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("fields", "joins"),
    [({"text": "/start"}, True), ({"text": "/start ref77"}, True), ({"sticker": {"file_id": "s"}}, False),
     ({"text": "x", "chat": {"id": -7, "type": "supergroup"}}, False), ({"text": "x", "chat": "?"}, False),
     ({"text": "x", "from": {**PERSON, "is_bot": True}}, False), ({"new_chat_title": "x"}, False), ({}, False)],
)  # fmt: skip
def test_what_opens_no_report(fields: dict[str, Any], joins: bool) -> None:  # noqa: FBT001
    one = update(**fields)
    assert (one.opens, one.joins) == (False, joins)


def test_an_edit_goes_on_and_is_an_update_of_its_own() -> None:
    one = update("edited_message", text="исправлено", edit_date=SENT + 30)
    assert (one.opens, one.joins, one.update) == (False, True, f"5@{SENT + 30}")
    assert one.received_at == NOW - timedelta(seconds=30)


def test_a_press_goes_on_in_the_chat_of_its_message() -> None:
    below = {"message_id": 1, "chat": PRIVATE, "date": 1, "text": "?", "from": {"id": 1, "is_bot": True}}
    press = {"id": "77", "from": PERSON, "data": "helped", "message": below}
    one = heard("chat", json.dumps({"update_id": 5, "callback_query": press}).encode(), NOW)
    assert (one.chat, one.opens, one.joins, one.received_at) == ("telegram:42", False, True, NOW)
    ours = press | {"data": f"progress:0:{token(b'key', 7, 'telegram:42')}"}
    assert heard("chat", json.dumps({"update_id": 6, "callback_query": ours}).encode(), NOW).opens


def test_files_keep_the_names_that_the_platform_may_lose() -> None:
    document = {"file_id": "d", "file_name": "счёт.pdf", "mime_type": "application/pdf", "file_size": 7}
    [file] = update(document=document).files
    assert (file.reference, file.name, file.media_type, file.size) == ("d", "счёт.pdf", "application/pdf", 7)
    [photo] = update(photo=PHOTO).files
    assert (photo.reference, photo.size, photo.media_type) == ("large", 900, "image/jpeg")
    [animation] = update(animation={"file_id": "a"}, document={"file_id": "a"}).files
    assert animation.reference == "a"


@pytest.mark.parametrize("seconds", [0, -5, 2**40, "soon", None, SENT + 10**6])
def test_a_time_that_can_t_be_is_not_believed(seconds: Any) -> None:
    assert update(text="x", date=seconds).received_at == NOW


def test_updates_of_the_corpus() -> None:
    files = sorted((CORPORA / "telegram-updates").rglob("*.json"))
    if not files:
        unavailable("corpora/telegram-updates is not there")
    found = [heard("chat", one.read_bytes(), NOW) for one in files]
    wrapped = [heard("chat", b'{"update_id": 5, "message": %b}' % one.read_bytes(), NOW) for one in files]
    assert len(found) > 50
    assert sum(one.opens for one in (*found, *wrapped)) == 9
    assert all(one.content and one.received_at <= NOW for one in (*found, *wrapped))


@pytest.mark.parametrize(
    ("content", "found"),
    [(b'{"update_id": 7}', 7), (b'{"update_id":7,"m":"\\ud800"}', 7), (b'{"update_id":7,"m":"\xff', 7),
     (b'{"update_id":1e309}', None), (b'{"update_id":true}', None), (b'{"m":1}', None), (b"", None)],
)  # fmt: skip
def test_the_number_of_an_update(content: bytes, found: int | None) -> None:
    assert number(content) == found


def test_an_answer_is_taken_apart_byte_for_byte() -> None:
    assert split(b'{"ok":true,"result":[{"update_id":1 },{"update_id": 1e309}]}') == [
        b'{"update_id":1 }', b'{"update_id": 1e309}',
    ]  # fmt: skip
    assert split(b'{"ok":true,"result":[{"m":"\\ud800"}]}') is None
    assert alone(b'{"ok":true,"result":[ {"update_id":3,"m":["\\ud800"]} ]}') == b'{"update_id":3,"m":["\\ud800"]}'


@pytest.fixture
def rig() -> Iterator[TelegramRig]:
    one = TelegramRig()
    with one.running:
        yield one


def polling(rig: TelegramRig, folder: Path, reception: MemoryReception) -> Serving:
    return Serving(door("chat", rig.settings(folder, webhook=False), Gateway()), reception)


def asked(rig: TelegramRig) -> list[dict[str, Any]]:
    return [told for name, told in rig.platform.calls if name == "getUpdates"]


def test_an_offset_is_only_named_to_confirm(rig: TelegramRig, tmp_path: Path) -> None:
    reception = MemoryReception()
    rig.platform.webhook = {"url": "https://old.example/"}  # nobody may poll while one is set
    for number_ in range(250):
        rig.say(f"{number_}")
    with polling(rig, tmp_path, reception) as open_door:
        open_door.wait(lambda: not rig.waiting())
        open_door.wait(lambda: len(asked(rig)) >= 5)
    assert len(reception.heard) == 250
    assert [told.get("offset") for told in asked(rig)][:5] == [None, 101, 201, 251, None]
    assert not any("drop_pending_updates" in told for _, told in rig.platform.calls)
    assert asked(rig)[0]["allowed_updates"] == ["message", "edited_message", "callback_query"]
    assert reception.memory["chat", "update"] == "250"


def test_a_new_count_of_the_platform_is_followed(rig: TelegramRig, tmp_path: Path) -> None:
    """After a quiet week the platform may go on with any number, also a lower one."""
    reception = MemoryReception()
    reception.memory["chat", "update"] = "900000000"
    with polling(rig, tmp_path, reception) as open_door:
        open_door.wait(lambda: asked(rig))
        rig.say("снова")
        open_door.wait(lambda: reception.heard and not rig.waiting())


@pytest.mark.parametrize("body", [b'{"ok":true,"result":[{"update_id":1,"message":{"text":"\\ud800"}}]}', b"<html>"])
def test_a_broken_answer_stops_nobody(rig: TelegramRig, tmp_path: Path, body: bytes) -> None:
    reception = MemoryReception()
    rig.say("один")
    rig.say("два")
    rig.platform.faults.append(Fault("getUpdates", body=body, times=2))
    with polling(rig, tmp_path, reception) as open_door:
        open_door.wait(lambda: not rig.waiting())
    assert [json.loads(one.content)["message"]["text"] for one in reception.heard][-1] == "два"
    assert len(reception.heard) == 2


def test_errors_are_met_with_growing_pauses(rig: TelegramRig, tmp_path: Path) -> None:
    reception = MemoryReception()
    rig.say("один")
    rig.platform.faults += [Fault("getUpdates", status=502), Fault("getUpdates", cut=True, times=2)]
    with polling(rig, tmp_path, reception) as open_door:
        open_door.wait(lambda: not rig.waiting())
    assert len(reception.heard) == 1


def test_a_pause_that_the_platform_asks_for_is_kept(rig: TelegramRig, tmp_path: Path) -> None:
    rig.platform.faults.append(Fault("getUpdates", status=429, after=9))
    one = Polling("chat", rig.settings(tmp_path, webhook=False), lambda _: asyncio.sleep(0))
    with pytest.raises(TryAgain) as told:
        asyncio.run(one.once())
    assert told.value.after == 9


def test_a_press_is_released_on_the_customer_s_screen(rig: TelegramRig, tmp_path: Path) -> None:
    with polling(rig, tmp_path, MemoryReception()) as open_door:
        rig.press("helped")
        open_door.wait(lambda: any("answered" in one for one in rig.platform.sent))


def test_who_takes_our_updates_is_told(rig: TelegramRig, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with polling(rig, tmp_path, MemoryReception()) as open_door:
        open_door.wait(lambda: asked(rig))
        rig.platform.webhook = {"url": "https://other.example/"}
        open_door.wait(lambda: "another program" in caplog.text)
        rig.platform.webhook = {}


def test_a_gap_is_told(rig: TelegramRig, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    reception = MemoryReception()
    reception.memory["chat", "update"] = "-10"
    rig.say("один")
    with polling(rig, tmp_path, reception) as open_door:
        open_door.wait(lambda: not rig.waiting())
    assert "10 updates are missing before 1" in caplog.text


def test_what_waited_and_did_not_come_is_told(
    rig: TelegramRig, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = Polling("chat", rig.settings(tmp_path, webhook=False, poll=0), lambda _: asyncio.sleep(0))
    one.expect(3)
    rig.say("один")
    asyncio.run(one.once())
    asyncio.run(one.once())
    assert "2 updates that had waited did not come" in caplog.text
    caplog.clear()
    asyncio.run(one.once())
    assert not caplog.text


def test_many_that_wait_are_told(rig: TelegramRig, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for number_ in range(100):
        rig.say(f"{number_}")
    with polling(rig, tmp_path, MemoryReception()) as open_door:
        open_door.wait(lambda: not rig.waiting())
    assert "100 updates wait at the platform" in caplog.text


def test_an_outage_raises_an_alarm_after_one_six_and_nearly_a_day(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    outage = Outage("chat", lambda: now)
    pauses = []
    for minute in range(24 * 60):
        now = minute * 60.0
        pauses.append(outage.goes_on("no answer"))
    alarms = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert [one.getMessage()[:30] for one in alarms] == [
        "chat: no answer for 1 hours: n", "chat: no answer for 6 hours: n", "chat: no answer for 23 hours: ",
    ]  # fmt: skip
    assert (pauses[0], pauses[1], max(pauses)) == (1, 2, 60)
    outage.over()
    assert outage.goes_on("again") == 1


def test_the_token_is_revealed_when_it_is_used(rig: TelegramRig, tmp_path: Path) -> None:
    settings = rig.settings(tmp_path, webhook=False)
    (tmp_path / "token").write_text("no token")
    with pytest.raises(Unreachable, match="no token of a bot"):
        asyncio.run(door("chat", settings, Gateway()).check())


@pytest.mark.parametrize(
    ("line", "remedy"),
    [('base_url = "http://telegram.example"', "base_url is http: give https"),
     ('base_url = "https://user:x@telegram.example"', "base_url"),
     ('webhook = { public_url = "http://desk.example.net" }', r"webhook\.public_url is http: give https"),
     ("pol = 3", "did you mean `poll`"), ('base_url = "https://x.example"', None),
     ('base_url = "http://127.0.0.1:8081"', None)],
)  # fmt: skip
def test_a_wrong_wiring_gives_the_remedy(tmp_path: Path, line: str, remedy: str | None) -> None:
    wiring = tmp_path / "wiring.toml"
    wiring.write_text(f'[channels.bot]\nkind = "telegram"\ntoken = {{ env = "TOKEN" }}\n{line}\n')
    if remedy is None:
        assert load(wiring).channels["bot"]
    else:
        with pytest.raises(BadWiring, match=remedy):
            load(wiring)
