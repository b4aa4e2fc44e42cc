"""The page about adding a messenger is true: its messenger is taken out of the page and keeps the rules."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from aiohttp import web

import channels
from channels import Unreachable
from config import messengers, settings
from config.secrets import Secret
from records.arrival import TryAgain
from records.chat import Button, Outgoing
from records.deliveries import Refused
from tests.channels.dovecot import free_port
from tests.channels.running import Running
from tests.channels.serving import Serving
from tests.channels.test_messengers import post
from tests.reception import MemoryReception

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-messenger.md").read_text("utf-8")
SETTINGS, DOOR, TABLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
[WIRING] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


class Platform:
    """Courier: what it was told by each call, and what it answers."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        app = web.Application()
        app.router.add_post("/{method}", self._call)
        self._runner = web.AppRunner(app)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != "secret":
            return web.Response(status=401)
        self.told.append((request.match_info["method"], await request.json()))
        return web.json_response({"id": len(self.told), "name": "desk"}, status=self.status)


@pytest.fixture
def running() -> Iterator[Running]:
    with Running(Platform) as one:
        yield one


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch, running: Running, tmp_path: Path) -> Any:
    """Follow the page step by step; gives the settings of its wiring file, with this test's platform and ports."""
    names = dict(vars(messengers))
    exec(SETTINGS, names)  # noqa: S102 - our own page
    monkeypatch.setattr(messengers, "Courier", names["Courier"], raising=False)
    module = ModuleType("channels.courier")
    exec(DOOR, vars(module))  # noqa: S102
    monkeypatch.setitem(sys.modules, "channels.courier", module)
    tables = {**vars(settings), "Courier": names["Courier"]}
    exec(TABLES, tables)  # noqa: S102
    assert channels.KINDS.items() < tables["KINDS"].items()
    monkeypatch.setattr(channels, "KINDS", tables["KINDS"])
    one = msgspec.convert(msgspec.toml.decode(WIRING)["channels"]["courier"], tables["Channel"])
    (tmp_path / "token").write_text("secret")
    token, port = Secret(file=str(tmp_path / "token")), free_port()
    webhook = messengers.Webhook(public_url=f"http://127.0.0.1:{port}/bots", port=port)
    return msgspec.structs.replace(one, token=token, base_url=running.url, webhook=webhook)


def opened(wired: Any) -> Any:
    return channels.door("courier", wired, settings.Gateway())


def test_an_update_is_heard_and_ours_is_try_again(wired: Any, running: Running) -> None:
    reception = MemoryReception()
    said = json.dumps({"id": 1, "chat": 7, "text": "нет интернета"}).encode()
    with Serving(opened(wired), reception) as door:
        door.wait(lambda: running.server.told)
        [(method, told)] = running.server.told
        assert method == "register"
        head = {"X-Courier-Secret": told["secret"]}
        assert post(told["url"], said, {}) == 401
        reception.failing = TryAgain("the disk")
        assert post(told["url"], said, head) == 503
        reception.failing = None
        assert [post(told["url"], said, head) for _ in range(2)] == [200, 200]
        assert post(told["url"], b'{"id": 2, "chat": 7, "pressed": "yes"}', head) == 200
        assert post(told["url"], b'{"id": 3, "chat": 7, "text": "/start"}', head) == 200
        assert post(told["url"], b"[[", head) == 200
    first, *others = reception.heard  # a press, a command, what is malformed
    assert (first.channel, first.chat, first.opens, first.content) == ("courier", "courier:7", True, said)
    assert [(one.opens, one.joins) for one in others] == [(False, True), (False, True), (False, False)]


def test_it_answers_and_tells_trouble_from_refusal(wired: Any, running: Running) -> None:
    door = opened(wired)
    assert door.send("courier:7", Outgoing(text="Помогло?", buttons=((Button("Да", "y"),),))) == "courier:7/1"
    assert running.server.told[0][1]["buttons"] == [[{"text": "Да", "data": "y"}]]
    for status, trouble in ((429, TryAgain), (500, TryAgain), (403, Refused)):
        running.server.status = status
        with pytest.raises(trouble):
            door.send("courier:7", Outgoing(text="x"))


def test_check_and_a_missing_webhook_give_the_remedy(wired: Any) -> None:
    assert asyncio.run(opened(wired).check()) == "bot desk answers"
    alone = msgspec.structs.replace(wired, webhook=None)
    with pytest.raises(Unreachable, match="webhook is missing"):
        asyncio.run(opened(alone).serve(MemoryReception(), asyncio.Event(), lambda _: None))
