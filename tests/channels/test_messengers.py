"""One contract for every messenger, over the table of their rigs: by webhook and by polling."""

import asyncio
import json
import logging
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from msgspec.structs import replace

from channels import Unreachable, door
from channels.messenger import Messenger as Speaker
from channels.messenger_webhook import LARGEST
from config.messengers import Messenger
from config.secrets import Secret
from config.settings import Gateway
from records.arrival import TryAgain
from records.chat import Button, Heard, NamedFile, Outgoing
from records.deliveries import Refused
from tests.channels.messengers import RIGS, Rig
from tests.channels.serving import Serving
from tests.reception import MemoryReception

pytestmark = pytest.mark.filterwarnings("ignore:URL вебхука")  # maxapi's; here it is loopback


class Watching(MemoryReception):
    """Notes how many updates the platform thought taken before `hear` returned."""

    def __init__(self, rig: Rig) -> None:
        super().__init__()
        self._rig = rig
        self.asked = 0
        self.told_too_early = False

    async def hear(self, heard: Heard) -> None:
        self.asked += 1
        waiting = await asyncio.to_thread(self._rig.waiting)
        await asyncio.sleep(0.2)
        self.told_too_early |= await asyncio.to_thread(self._rig.waiting) < waiting
        await super().hear(heard)


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    one = RIGS[request.param]()
    with one.running:
        yield cast("Rig", one)


@pytest.fixture(params=["polling", "webhook"])
def settings(request: pytest.FixtureRequest, rig: Rig, tmp_path: Path) -> Messenger:
    return rig.settings(tmp_path, webhook=request.param == "webhook")


@pytest.fixture
def by_webhook(rig: Rig, tmp_path: Path) -> Messenger:
    return rig.settings(tmp_path, webhook=True)


@pytest.fixture
def speaker(rig: Rig, tmp_path: Path) -> Speaker:
    return speaking(rig.settings(tmp_path, webhook=False))


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(rig: Rig, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG, logger="faultgate")
    yield
    assert rig.token not in caplog.text
    assert "интернет" not in caplog.text


def speaking(settings: Messenger) -> Speaker:
    return cast("Speaker", door("chat", settings, Gateway()))  # type: ignore[arg-type]


def serving(settings: Messenger, reception: MemoryReception) -> Serving:
    return Serving(door("chat", settings, Gateway()), reception)  # type: ignore[arg-type]


def ready(rig: Rig, settings: Messenger, open_door: Serving) -> None:
    open_door.wait(lambda: open_door.opened)
    open_door.wait(lambda: settings.webhook is None or rig.webhook()[0])


def test_taken_is_said_only_after_hear_has_returned(rig: Rig, settings: Messenger) -> None:
    reception = Watching(rig)
    with serving(settings, reception) as open_door:
        ready(rig, settings, open_door)
        rig.say("нет интернета")
        open_door.wait(lambda: not rig.waiting())
    assert not reception.told_too_early
    [heard] = reception.heard
    assert (heard.channel, heard.chat, heard.opens, heard.joins) == ("chat", rig.chat, True, True)
    assert "нет интернета" in json.dumps(json.loads(heard.content), ensure_ascii=False)
    assert heard.received_at.tzinfo is not None


@pytest.mark.parametrize("trouble", [TryAgain("x"), TryAgain("x", full=True)])
def test_trouble_of_ours_is_try_again_and_then_it_is_taken(rig: Rig, settings: Messenger, trouble: TryAgain) -> None:
    reception = Watching(rig)
    reception.failing = trouble
    with serving(settings, reception) as open_door:
        ready(rig, settings, open_door)
        rig.say("один")
        rig.say("два")
        open_door.wait(lambda: reception.asked >= 4)
        assert rig.waiting() == 2
        assert not reception.heard
        reception.failing = None
        open_door.wait(lambda: not rig.waiting())
    assert len(reception.heard) == 2


def test_order_is_kept_and_a_press_goes_on(rig: Rig, settings: Messenger) -> None:
    reception = MemoryReception()
    with serving(settings, reception) as open_door:
        ready(rig, settings, open_door)
        for number in range(20):
            rig.say(f"слово {number}")
        rig.press("helped")
        open_door.wait(lambda: not rig.waiting())
    said = [json.dumps(json.loads(one.content), ensure_ascii=False) for one in reception.heard]
    assert all(f"слово {number}" in said[number] for number in range(20))
    assert "helped" in said[20]
    assert (reception.heard[20].opens, reception.heard[20].joins) == (False, True)
    assert {one.chat for one in reception.heard} == {rig.chat}


def test_a_door_closes_when_told_to_and_can_be_opened_again(rig: Rig, settings: Messenger) -> None:
    reception = MemoryReception()
    for number in range(2):
        with serving(settings, reception) as open_door:
            ready(rig, settings, open_door)
            rig.say(f"{number}")
            open_door.wait(lambda: not rig.waiting())
            open_door.stop()
            open_door.join()
    assert len(reception.heard) == 2


def test_what_was_said_while_the_door_was_closed_is_heard(rig: Rig, settings: Messenger) -> None:
    reception = MemoryReception()
    rig.say("ночью")
    with serving(settings, reception) as open_door:
        open_door.wait(lambda: reception.heard)
        open_door.wait(lambda: not rig.waiting())


def test_check_says_one_line_and_a_wrong_token_gives_the_remedy(rig: Rig, settings: Messenger, tmp_path: Path) -> None:
    said = asyncio.run(door("chat", settings, Gateway()).check())  # type: ignore[arg-type]
    assert "faultgate" in said
    assert "\n" not in said
    (tmp_path / "wrong").write_text("1:wrong")
    wrong = replace(settings, token=Secret(file=str(tmp_path / "wrong")))
    missing = replace(settings, token=Secret(file=str(tmp_path / "missing")))
    away = replace(settings, base_url="http://127.0.0.1:9")
    for one, remedy in ((wrong, "copy it again"), (missing, "create it"), (away, "base_url")):
        with pytest.raises(Unreachable, match=remedy) as told:
            asyncio.run(door("chat", one, Gateway()).check())  # type: ignore[arg-type]
        assert rig.token not in str(told.value)
        assert "1:wrong" not in str(told.value)


@pytest.mark.parametrize("given", [None, "wrong", "п"])
def test_who_does_not_know_the_secret_leaves_nothing(rig: Rig, by_webhook: Messenger, given: str | None) -> None:
    reception = MemoryReception()
    with serving(by_webhook, reception) as open_door:
        ready(rig, by_webhook, open_door)
        url, secret = rig.webhook()
        assert len(secret) == 64
        head = {} if given is None else {rig.header: given.encode().decode("latin-1")}
        assert post(url, b'{"update_id": 7}', head) == 401
        assert post(url.rpartition("/")[0] + "/guess", b"{}", {rig.header: secret}) == 404
        assert post(url, b"0" * (LARGEST + 1), {rig.header: secret}) == 413
    assert not reception.heard


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b'{"update_id":1e309}', b'{"update_id":5,"message":{"text":"\\ud800"}}', b"[" * 100_000,
     b'{"update_type":7,"update_id":[],"message":[[]]}', b"\xff\x00"],
    ids=["nothing", "half", "null", "number", "surrogate", "deep", "shapes", "bytes"],
)  # fmt: skip
def test_what_is_malformed_is_kept_without_a_report(rig: Rig, by_webhook: Messenger, content: bytes) -> None:
    reception = MemoryReception()
    with serving(by_webhook, reception) as open_door:
        ready(rig, by_webhook, open_door)
        url, secret = rig.webhook()
        assert [post(url, content, {rig.header: secret}) for _ in range(2)] == [200, 200]
    [heard] = reception.heard
    assert (heard.content, heard.chat, heard.joins) == (content, None, False)


def test_our_trouble_names_a_time_to_come_again(rig: Rig, by_webhook: Messenger) -> None:
    reception = MemoryReception()
    reception.failing = TryAgain("x")
    with serving(by_webhook, reception) as open_door:
        ready(rig, by_webhook, open_door)
        url, secret = rig.webhook()
        with pytest.raises(HTTPError) as told:
            urlopen(Request(url, data=b"{}", headers={rig.header: secret}))  # noqa: S310 - loopback
    assert (told.value.code, told.value.headers["retry-after"]) == (503, "10")


def test_a_subscription_that_lapsed_is_made_again(
    rig: Rig, by_webhook: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("telegram", "max"):
        monkeypatch.setattr(f"channels.{module}.LOOK_EVERY", 0.1)
    reception = MemoryReception()
    with serving(by_webhook, reception) as open_door:
        ready(rig, by_webhook, open_door)
        rig.forget_webhook()
        rig.say("ещё раз")
        open_door.wait(lambda: reception.heard)
        assert rig.webhook()[0].startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_gives_the_remedy(rig: Rig, by_webhook: Messenger) -> None:
    with serving(by_webhook, MemoryReception()) as open_door:
        ready(rig, by_webhook, open_door)
        with pytest.raises(Unreachable, match=r"webhook\.port"):
            asyncio.run(
                door("chat", by_webhook, Gateway()).serve(  # type: ignore[arg-type]
                    MemoryReception(), asyncio.Event(), lambda _: None
                )
            )


def test_something_is_said_in_a_chat(rig: Rig, speaker: Speaker) -> None:
    rows = ((Button("Помогло", "helped"), Button("Нет", "not")), (Button("Отозвать", "withdraw"),))
    plain = speaker.send(rig.chat, Outgoing(text="Принято: FR-2026-0000001"))
    asks = speaker.send(rig.chat, Outgoing(text="Помогло?", buttons=rows))
    phone = speaker.send(rig.chat, Outgoing(text="Ваш номер?", asks_phone="Отправить мой номер"))

    assert len({plain, asks, phone}) == 3
    assert all(one.startswith(f"{rig.chat}/") for one in (plain, asks, phone))
    told = rig.sent()
    assert [one["text"] for one in told] == ["Принято: FR-2026-0000001", "Помогло?", "Ваш номер?"]
    written = [json.dumps(one, ensure_ascii=False) for one in told]
    assert all(word in written[1] for word in ("Помогло", "helped", "Отозвать", "withdraw"))
    assert "Отправить мой номер" in written[2]
    assert "contact" in written[2]


def test_a_long_text_is_cut(rig: Rig, speaker: Speaker) -> None:
    speaker.send(rig.chat, Outgoing(text="а" * 10_000))
    assert 3900 < len(rig.sent()[0]["text"]) <= 4096


def test_who_blocked_the_bot_is_told_nothing(rig: Rig, speaker: Speaker) -> None:
    rig.block()
    with pytest.raises(Refused) as told:
        speaker.send(rig.chat, Outgoing(text="x"))
    assert rig.token not in str(told.value)


@pytest.mark.parametrize(("status", "after"), [(429, 7), (500, 0), (502, 0), (0, 0)])
def test_trouble_of_the_platform_passes(rig: Rig, speaker: Speaker, status: int, after: int) -> None:
    rig.fail("send", status, after)
    with pytest.raises(TryAgain) as told:
        speaker.send(rig.chat, Outgoing(text="x"))
    assert rig.token not in str(told.value)
    assert (told.value.after > 0) == (status == 429)
    speaker.send(rig.chat, Outgoing(text="x"))


def test_a_wrong_token_is_our_own_trouble(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("1:wrong")
    wrong = rig.settings(tmp_path, webhook=False)
    wrong = replace(wrong, token=Secret(file=str(tmp_path / "wrong")))
    with pytest.raises(TryAgain, match="copy it again"):
        speaking(wrong).send(rig.chat, Outgoing(text="x"))


def named(rig: Rig, settings: Messenger) -> NamedFile:
    """The file that the door finds named in what the platform brings."""
    reception = MemoryReception()
    with serving(settings, reception) as open_door:
        open_door.wait(lambda: reception.heard)
        open_door.wait(lambda: not rig.waiting())
    [file] = reception.heard[0].files
    assert file.media_type == "image/jpeg"
    return file


def test_a_file_is_fetched(rig: Rig, tmp_path: Path) -> None:
    settings = rig.settings(tmp_path, webhook=False)
    rig.show(b"JPEG" * 1000)
    file = named(rig, settings)
    for status in (500, 429):
        rig.fail("fetch", status)
        with pytest.raises(TryAgain):
            speaking(settings).fetch(file)
    assert speaking(settings).fetch(file) == b"JPEG" * 1000
    with pytest.raises(Refused, match="larger"):
        speaking(replace(settings, max_file=3999)).fetch(replace(file, size=None))
    rig.lose_files()
    with pytest.raises(Refused):
        speaking(settings).fetch(file)


def test_a_file_that_says_it_is_too_large_is_not_asked_for(rig: Rig, tmp_path: Path) -> None:
    settings = rig.settings(tmp_path, webhook=False)
    rig.show(b"JPEG", size=2_000_000_000)
    with pytest.raises(Refused, match="larger than the"):
        speaking(settings).fetch(named(rig, settings))


def post(url: str, body: bytes, headers: dict[str, Any]) -> int:
    """Send all of a body, and then read what was answered."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 0, timeout=30)
    connection.request("POST", parts.path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
