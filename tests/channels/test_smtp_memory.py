"""No mail and no crowd makes the door grow: resident memory stays within 150 MiB over what it was."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.channels.smtp_client import Client, stuffed

BAR = 150 * 2**20
MIB = 2**20


class LoneDoor:
    def __init__(self, spool: Path) -> None:
        command = [sys.executable, "-m", "tests.channels.lone_door", str(spool)]
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline().rpartition(":")[2])
        self.before = self.peak()

    def peak(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024

    def client(self) -> Client:
        client = Client(self.port)
        client.answer()
        client.say("EHLO x")
        return client


@pytest.fixture
def door(tmp_path: Path) -> Iterator[LoneDoor]:
    door = LoneDoor(tmp_path)
    yield door
    assert door.peak() - door.before < BAR
    door.process.terminate()
    door.process.wait()
    assert door.process.stdout
    door.process.stdout.close()


SHAPES = {
    "empty lines": b"\r\n" * (4 * MIB),
    "dots": b".\r\n" * (3 * MIB),
    "one line": b"x" * (30 * MIB) + b"\r\n",
    "bare line feeds": b"a\n" * (8 * MIB) + b"\r\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_mail_takes_more_than_its_bytes(door: LoneDoor, shape: str) -> None:
    mail = SHAPES[shape]
    with door.client() as client:
        assert client.begin().startswith("354")
        client.send(stuffed(mail) + b".\r\n")
        assert client.answer() == f"250 2.0.0 {len(mail)}-{hashlib.sha256(mail).hexdigest()} kept"


def test_a_header_of_a_hundred_megabytes_is_refused(door: LoneDoor) -> None:
    with door.client() as client:
        client.begin()
        client.send(b"Subject: ")
        for _ in range(100):
            client.send(b"x" * 1_000_000)
        client.send(b"\r\n.\r\n")
        assert client.answer().startswith("552 5.3.4")
        assert client.deliver().startswith("250 ")


def test_a_crowd_in_the_middle_of_its_messages(door: LoneDoor) -> None:
    with ExitStack() as crowd:
        clients = [crowd.enter_context(door.client()) for _ in range(190)]
        for client in clients:
            client.begin()
        for client in clients:
            client.send(b"x" * 250_000)
        for client in clients:
            client.send(b"\r\n.\r\n")
            assert client.answer().startswith("250 ")


def test_a_flood_of_connections_and_of_bytes_before_they_are_asked_for(door: LoneDoor) -> None:
    with ExitStack() as crowd:
        for number in range(400):
            client = crowd.enter_context(Client(door.port))
            if number < 200:
                client.socket.setblocking(False)  # noqa: FBT003
                client.socket.send(b"NOOP\r\n" * 100_000)
