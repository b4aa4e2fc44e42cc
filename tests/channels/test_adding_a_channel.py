"""The page about adding a channel is true: its door is taken out of the page and keeps the rules."""

import asyncio
import re
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

import channels
from channels import Door, Unreachable
from config import settings
from normalizer.context import Context
from normalizer.job import Job
from normalizer.normalize import normalize
from records.arrival import Arrival, Receipt, TryAgain
from records.record import OriginalRef
from tests.channels.serving import Serving
from tests.reception import MemoryReception

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-channel.md").read_text("utf-8")
SETTINGS, DOOR, TABLE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
[WIRING] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Follow the page step by step; gives the settings of its wiring file, on any free port."""
    names = dict(vars(settings))
    exec(SETTINGS, names)  # noqa: S102 - our own page
    monkeypatch.setattr(settings, "Line", names["Line"], raising=False)
    module = ModuleType("channels.line")
    exec(DOOR, vars(module))  # noqa: S102
    monkeypatch.setitem(sys.modules, "channels.line", module)
    table: dict[str, Any] = {}
    exec(TABLE, table)  # noqa: S102
    assert channels.KINDS.items() < table["KINDS"].items()
    monkeypatch.setattr(channels, "KINDS", table["KINDS"])
    one = msgspec.convert(msgspec.toml.decode(WIRING)["channels"]["terminal"], names["Channel"])
    return msgspec.structs.replace(one, port=0)


def opened(wired: Any) -> Door:
    return channels.door("terminal", wired, settings.Gateway())


def serving(wired: Any, reception: MemoryReception) -> Serving:
    return Serving(opened(wired), reception)


@pytest.fixture
def reception() -> MemoryReception:
    return MemoryReception()


def say(door: Serving, line: bytes) -> str:
    door.wait(lambda: door.opened)
    port = int(door.opened[0].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(line)
        return connection.makefile("rb").read().decode().strip()


REPORT = b"anna@example.org\tInternet non funziona da ieri\n"


def test_a_line_is_kept_as_it_came_and_becomes_a_record(wired: Any, reception: MemoryReception) -> None:
    with serving(wired, reception) as door:
        first, resent = say(door, REPORT), say(door, REPORT)

    assert first == resent == f"FR-{datetime.now(UTC).year}-0000001"
    [(arrival, content)] = reception.arrivals
    assert content == b"Internet non funziona da ieri"
    context = Context(
        id=first, channel="terminal", received_at=arrival.received_at, due_at=arrival.received_at,
        envelope=arrival.envelope, language=wired.language, region="IT",
        original=OriginalRef(media_type=arrival.media_type, size=arrival.size, sha256=arrival.sha256),
    )  # fmt: skip
    record = normalize(Job(content=content, media_type=arrival.media_type, context=context)).record
    assert (record.reporter.email, record.language, record.service) == ("anna@example.org", "it", "broadband")


def test_taken_is_said_after_accept_and_our_trouble_is_again(wired: Any) -> None:
    class Slow(MemoryReception):
        accepted = False

        async def accept(self, arrival: Arrival) -> Receipt:
            await asyncio.sleep(0.2)
            self.accepted = self.failing is None
            return await super().accept(arrival)

    reception = Slow()
    reception.failing = TryAgain("the disk")
    with serving(wired, reception) as door:
        assert say(door, REPORT) == "AGAIN"
        reception.failing = None
        assert say(door, REPORT).startswith("FR-")
        assert reception.accepted


def test_what_is_no_report_is_told_and_not_kept(wired: Any, reception: MemoryReception) -> None:
    with serving(msgspec.structs.replace(wired, patience=0.2), reception) as door:
        assert say(door, b"no tab\n") == "SAY: ADDRESS TAB TEXT"
        assert say(door, b"\xff\tno address\n") == "SAY: ADDRESS TAB TEXT"
        assert say(door, b"a" * 100_000 + b"\n") == "TOO LONG"
        assert say(door, b"slow") == "TOO SLOW"
        door.stop()
        door.join()
    assert not reception.arrivals


def test_a_report_under_way_is_answered_when_the_door_closes(wired: Any, reception: MemoryReception) -> None:
    reception.delay = 0.5
    with serving(wired, reception) as door:
        door.wait(lambda: door.opened)
        port = int(door.opened[0].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(REPORT)
            door.wait(lambda: door._door._guests)  # type: ignore[attr-defined]
            door.stop()
            assert connection.makefile("rb").read().startswith(b"FR-")


def test_check_tells_open_free_and_taken_ports(wired: Any, reception: MemoryReception) -> None:
    assert asyncio.run(opened(wired).check()).endswith("can be opened")
    with serving(wired, reception) as door:
        door.wait(lambda: door.opened)
        port = int(door.opened[0].rpartition(":")[2])
        assert asyncio.run(opened(msgspec.structs.replace(wired, port=port)).check()).endswith("is open")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        taken = opened(msgspec.structs.replace(wired, port=holder.getsockname()[1]))
        with pytest.raises(Unreachable, match="give another"):
            asyncio.run(taken.check())
