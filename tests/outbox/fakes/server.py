"""A tiny HTTP server on loopback: what the fakes have in common."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct


class Asked(Struct, frozen=True, kw_only=True):
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def multipart(self) -> dict[str, tuple[str | None, bytes]]:
        """The fields of a form with files: name → (the file's name, its content)."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = message_from_bytes(head + self.body, policy=HTTP).iter_parts()
        return {
            str(part.get_param("name", header="content-disposition")): (
                part.get_filename(), bytes(part.get_payload(decode=True))
            )
            for part in parts
        }  # fmt: skip

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


class Told(Struct, frozen=True, kw_only=True):
    """One answer."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = {}

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


class Fake:
    """One system; `answer` is called by one thread at a time."""

    def answer(self, asked: Asked) -> Told:
        raise NotImplementedError


class Listener(ThreadingHTTPServer):
    """Listens on loopback; its threads end with it."""

    daemon_threads = True
    request_queue_size = 64


class Handler(BaseHTTPRequestHandler):
    """Reads requests whole, and says nothing on standard error."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    one_each = False  # a connection for each request

    def asked(self) -> Asked:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        return Asked(
            method=self.command, path=unquote(parts.path), query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()}, body=self.rfile.read(length),
        )  # fmt: skip

    def tell(self, told: Told) -> None:
        self.send_response(told.status)
        for name, value in {"Content-Type": "application/json", **told.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told.content)))
        if self.one_each:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(told.content)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:  # the client left
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(listener: Listener) -> Iterator[int]:
    """Serve in a thread; give the port."""
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield listener.server_address[1]
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


@contextmanager
def running(fake: Fake, *, one_each: bool = False) -> Iterator[str]:
    """Serve a fake; give its URL. `one_each`: for clients like Prism, which ask on connections that have just ended."""
    lock, ends = threading.Lock(), one_each

    class Desk(Handler):
        one_each = ends

        def do(self) -> None:
            asked = self.asked()
            with lock:
                told = fake.answer(asked)
            self.tell(told)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do  # noqa: N815 - the library's names

    with serving(Listener(("127.0.0.1", 0), Desk)) as port:
        yield f"http://127.0.0.1:{port}"
