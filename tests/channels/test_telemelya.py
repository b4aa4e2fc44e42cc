"""A webhook's round trip with a Bot API server that nobody here wrote (telemelya), which keeps its state in Redis.

It sends no secret header, so a relay adds it; it wants an S3 store for photos, and the relay says yes to its question
for a bucket. Words alone are tried.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import ClientSession, web
from telemelya.client.client import TelegramTestClient  # type: ignore[import-untyped]

from channels import door
from channels.messenger import derived
from channels.telegram import HEADER
from config.messengers import Telegram, Webhook
from config.secrets import Secret
from config.settings import Gateway
from records.chat import Button, Outgoing
from tests.channels.dovecot import free_port
from tests.channels.running import Running
from tests.channels.serving import Serving
from tests.channels.test_messengers import speaking
from tests.conftest import unavailable
from tests.reception import MemoryReception

TOKEN = "123:telemelya"
REDIS = ("127.0.0.1", 6379)


class Relay:
    """Adds the secret to what is brought to the door; anything else is a question for a bucket."""

    def __init__(self, to: str, secret: str) -> None:
        self._to = to
        self._secret = secret
        app = web.Application()
        app.router.add_post("/bots/{path}", self._bring)
        app.router.add_route("*", "/{path:.*}", self._bucket)
        self._runner = web.AppRunner(app)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _bring(self, request: web.Request) -> web.Response:
        async with (
            ClientSession(headers={HEADER: self._secret}) as session,
            session.post(self._to + request.path, data=await request.read()) as answer,
        ):
            return web.Response(status=answer.status)

    async def _bucket(self, _: web.Request) -> web.Response:
        return web.Response()


@pytest.fixture
def server() -> Iterator[tuple[str, int, Running]]:
    """The address of telemelya, the door's port, and the relay between them."""
    with socket.socket() as asking:
        if asking.connect_ex(REDIS):
            unavailable("Redis does not answer at 127.0.0.1:6379: start it to run telemelya")
    port, hook = free_port(), free_port()
    with Running(lambda: Relay(f"http://127.0.0.1:{hook}", derived(TOKEN, "chat header"))) as relay:
        given = {
            "MOCK_SERVER_HOST": "127.0.0.1", "MOCK_SERVER_PORT": str(port), "AUTH_KEYS": "testkey",
            "MOCK_SERVER_URL": f"http://127.0.0.1:{port}", "REDIS_URL": "redis://127.0.0.1:6379/9",
            "MINIO_ENDPOINT": relay.url.removeprefix("http://"),
        }  # fmt: skip
        command = [sys.executable, "-m", "telemelya.server.app"]
        process = subprocess.Popen(command, env=os.environ | given, stderr=subprocess.DEVNULL)
        try:
            _until_open(port, process)
            yield f"http://127.0.0.1:{port}", hook, relay
        finally:
            process.terminate()
            process.wait(30)


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert process.poll() is None, "telemelya has ended"
        assert time.monotonic() < deadline, "telemelya does not open"
        time.sleep(0.1)


def test_there_and_back(server: tuple[str, int, Running], tmp_path: Path) -> None:
    url, hook, relay = server
    (tmp_path / "token").write_text(TOKEN)
    webhook = Webhook(public_url=f"{relay.url}/bots", port=hook)
    settings = Telegram(token=Secret(file=str(tmp_path / "token")), base_url=url, webhook=webhook)
    reception = MemoryReception()
    with (
        TelegramTestClient(url, "testkey", TOKEN) as customer,
        Serving(door("chat", settings, Gateway()), reception) as open_door,
    ):
        open_door.wait(lambda: open_door.opened)
        open_door.wait(lambda: _delivered(customer))
        open_door.wait(lambda: reception.heard)
        speaking(settings).send("telegram:42", Outgoing(text="Помогло?", buttons=((Button("Да", "yes"),),)))
        said = customer.get_responses()
        customer.reset()
    assert (reception.heard[0].chat, reception.heard[0].opens) == ("telegram:42", True)
    assert "Помогло?" in str(said)


def _delivered(customer: TelegramTestClient) -> Any:
    """Say it; before the door has set its webhook the server refuses, and it is said again."""
    with suppress(httpx.HTTPStatusError):
        return customer.send_message(42, "нет интернета")
    return None
