"""A web server: uvicorn on a socket that is open already, with limits on what a client may take."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64_000  # of a request line and its headers
HEAD_TIME = 20.0  # seconds until they are complete
LINGER = 5.0  # seconds that what is left of a refused body is read and dropped, so that the answer is not lost
KEEP_ALIVE = 15  # seconds between two requests of one connection
CONNECTIONS = 200
GRACE = 10  # seconds for the requests in hand when told to stop


class Connection(HttpToolsProtocol):
    """One client: its head must be short and must not dawdle."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._in_head, self._head = True, 0
        self._dawdling: asyncio.TimerHandle = self.loop.call_later(HEAD_TIME, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._dawdling.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the head is complete."""
        if self._in_head and not self._head:  # the first bytes of a request
            self._dawdling.cancel()
            self._dawdling = self.loop.call_later(HEAD_TIME, self.transport.close)
        self._head += len(data) if self._in_head else 0
        super().data_received(data)
        if self._in_head and self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        """The head is complete."""
        self._in_head = False
        self._dawdling.cancel()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Begin to wait for the next request; between two, the keep-alive time holds."""
        super().on_message_complete()
        self._in_head, self._head = True, 0

    def on_response_complete(self) -> None:
        """Close soon where the answer came before the end of the body: nobody waits for the rest."""
        unread = self.cycle.more_body
        super().on_response_complete()
        if unread:
            self.loop.call_later(LINGER, self.transport.close)


class Server(uvicorn.Server):
    """Stops when it is told by `should_exit`; signals are its owner's."""

    def __init__(self, config: uvicorn.Config, opened: Callable[[], None]) -> None:
        """`opened` is called once, when it answers."""
        super().__init__(config)
        self._opened = opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._opened()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


def server(app: Starlette, *, behind_proxy: bool, opened: Callable[[], None]) -> Server:
    """Build the server. Behind a proxy on this machine, that one tells the client's address and scheme."""
    settings: dict[str, Any] = {
        "http": Connection, "ws": "none", "lifespan": "off", "log_config": None, "access_log": False,
        "server_header": False, "limit_concurrency": CONNECTIONS, "timeout_keep_alive": KEEP_ALIVE,
        "timeout_graceful_shutdown": GRACE, "proxy_headers": behind_proxy, "forwarded_allow_ips": ["127.0.0.1", "::1"],
    }  # fmt: skip
    return Server(uvicorn.Config(app, **settings), opened)


def bound(host: str, port: int) -> socket.socket:
    """Open the port. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, *_, address = found[0]
    return socket.create_server(address[:2], family=family, backlog=CONNECTIONS)


def address_of(opened: socket.socket) -> str:
    """Give the address of an open port as a browser takes it."""
    host, port = opened.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
