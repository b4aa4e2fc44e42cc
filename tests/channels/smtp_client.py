"""A client that says exactly what a test wants, and the door it says it to."""

import asyncio
import re
import socket
from types import TracebackType
from typing import Self

import uvloop

from channels.smtp import SmtpDoor
from config.settings import Gateway, Smtp
from tests.channels.serving import Serving
from tests.reception import MemoryReception

MAIL = b"From: a@customer.example\r\nSubject: no dial tone\r\n\r\nThe line is dead.\r\n"


class Mailserver(Serving):
    """`with Mailserver(reception, port=0, …) as server:` the SMTP door with these settings, in the gateway's loop."""

    def __init__(self, reception: MemoryReception, loop: type = uvloop.Loop, **settings: object) -> None:
        wanted: dict[str, object] = {"port": 0, "max_connections_per_peer": 200} | settings
        super().__init__(SmtpDoor("mail", Smtp(**wanted), Gateway(domain="gw.example")), reception)  # type: ignore[arg-type]
        self._loop.close()
        self._loop: asyncio.AbstractEventLoop = loop()
        self.reception = reception

    @property
    def port(self) -> int:
        return int(self.opened[0].rpartition(":")[2])

    def __enter__(self) -> Self:
        super().__enter__()
        self.wait(lambda: self.opened)
        return self

    def client(self, *, helo: bool = True) -> "Client":
        """Connect, read the greeting and say EHLO (unless told not to)."""
        client = Client(self.port)
        if helo:
            client.answer()
            client.say("EHLO client.example")
        return client


class Client:
    """One connection; every answer is read whole, and given as text without its last line end."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._buffer = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> str:
        """Read one answer; "" when the server has closed."""
        while not (found := re.match(rb"(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n", self._buffer)):
            try:
                more = self.socket.recv(65536)
            except ConnectionError:
                return ""
            if not more:
                return ""
            self._buffer += more
        self._buffer = self._buffer[found.end() :]
        return found[0].decode().rstrip("\r\n")

    def say(self, *commands: str) -> str:
        """Say commands one by one; gives the last answer."""
        said = ""
        for command in commands:
            self.send(command.encode() + b"\r\n")
            said = self.answer()
        return said

    def begin(self, *recipients: str, sender: str = "a@customer.example") -> str:
        """Say everything up to DATA; gives its answer."""
        said = self.say(f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{one}>" for one in recipients or ["b@gw.example"]))
        return self.say("DATA") if said.startswith("250") else said

    def deliver(self, mail: bytes = MAIL, sender: str = "a@customer.example") -> str:
        """Send one message, its dots stuffed; gives the answer to it."""
        assert self.begin(sender=sender).startswith("354")
        self.send(stuffed(mail) + b".\r\n")
        return self.answer()

    def closed(self) -> bool:
        """Tell whether the server closes, once what it said before is read."""
        while self.answer():
            pass
        return True

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()


def stuffed(mail: bytes) -> bytes:
    """Double the dots at the start of lines (RFC 5321, section 4.5.2)."""
    return re.sub(rb"(?:\A|(?<=\r\n))\.", b"..", mail)
