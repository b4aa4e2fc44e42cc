"""A line to a ticket system that breaks as told: a proxy on loopback in front of a real server or a fake."""

import http.client
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.outbox.fakes.server import Asked, Handler, Listener, Told, serving

#: What can happen to one exchange; `late` and those after it let the system do its work first.
FAULTS = (
    "refused", "500", "429", "error as 200", "redirect",
    "late", "reset", "500 after", "garbage", "drips",
)  # fmt: skip
_HOP = {"transfer-encoding", "connection", "keep-alive", "content-length", "server", "date"}


class Line:
    """What will happen to the next exchanges, and what went over it."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.url = ""
        self.faults: deque[str] = deque()
        self.only: str | None = None  # a method: others pass
        self.before = 0  # how many of these pass before the first fault: a login or a search by POST
        self.log: list[Asked] = []

    def fault(self, asked: Asked) -> str:
        self.log.append(asked)
        if not self.faults or asked.method != (self.only or asked.method):
            return ""
        if self.before:
            self.before -= 1
            return ""
        return self.faults.popleft()


@contextmanager
def faulty(upstream: str, kind: type[Line] = Line) -> Iterator[Line]:
    """Run the proxy."""
    line = kind(upstream)

    class Broken(Handler):
        def do(self) -> None:
            asked = self.asked()
            fault = line.fault(asked)
            if before := _BEFORE.get(fault):
                self.tell(before)
                return
            if fault == "refused":
                _reset(self.connection)
                self.close_connection = True
                return
            told = _forward(line.upstream, self.path, asked)
            match fault:
                case "late":
                    _wait_for_end(self.connection)
                case "reset":
                    _reset(self.connection)
                case "500 after":
                    self.tell(Told(status=500, body={"message": "we are sorry"}))
                case "garbage":
                    self.tell(Told(status=told.status, body=b'{"id": [tru'))
                case "drips":
                    _drip(self.connection)
                case _:
                    self.tell(told)
                    return
            self.close_connection = fault in {"late", "reset", "drips"}

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do  # noqa: N815 - the library's names

    with serving(Listener(("127.0.0.1", 0), Broken)) as port:
        line.url = f"http://127.0.0.1:{port}"
        yield line


_BEFORE = {
    "500": Told(status=500, body=b"<html><h1>Internal error</h1></html>"),
    "429": Told(status=429, body={"message": "slowly"}, headers={"Retry-After": "7"}),
    "error as 200": Told(body={"error": {"message": "the database is away"}}),
    "redirect": Told(status=302, headers={"Location": "http://127.0.0.1:1/login"}),
    "422": Told(status=422, body={"message": "no such queue", "echo": "you sent anna@example.org"}),
}


def _forward(upstream: str, target: str, asked: Asked) -> Told:
    to = urlsplit(upstream)
    connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=60)
    headers = {name: value for name, value in asked.headers.items() if name not in _HOP | {"host"}}
    connection.request(asked.method, to.path + target, asked.body or None, {**headers, "Connection": "close"})
    answer = connection.getresponse()
    told = Told(
        status=answer.status, body=answer.read(),
        headers={name: value for name, value in answer.getheaders() if name.lower() not in _HOP},
    )  # fmt: skip
    connection.close()
    return told


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _wait_for_end(connection: socket.socket) -> None:
    """Say nothing until the client leaves."""
    connection.settimeout(60)
    connection.recv(1)


def _drip(connection: socket.socket) -> None:
    """Send a header byte by byte until the client leaves."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)
