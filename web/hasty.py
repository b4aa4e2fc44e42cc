"""A network that keeps one deadline for a whole exchange: a server that drips byte by byte runs out of time, too."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any

import httpcore

_deadline = threading.local()  # `until`: by the monotonic clock, for the exchange of this thread


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let every network call of this thread together take no longer; httpcore.TimeoutException is raised then."""
    _deadline.until = time.monotonic() + seconds
    try:
        yield
    finally:
        del _deadline.until


def _left() -> float:
    left = float(_deadline.until - time.monotonic())
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline's rest is used
        return self._inner.read(max_bytes, _left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, _left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left()))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Network(httpcore.SyncBackend):
    """TCP whose every step ends at the deadline of `within`."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See `httpcore.NetworkBackend`."""
        return _Stream(super().connect_tcp(host, port, _left(), local_address, socket_options))
