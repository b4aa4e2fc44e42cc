"""One request of ours over HTTP: to an address that is known already, within one deadline; no redirects, no proxies."""

import ssl
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import httpcore
from msgspec import Struct

from web.egress import Destination
from web.hasty import Network, within

_LONGEST = 64_000  # bytes of an answer


class NoAnswer(Exception):
    """None came, or more than is read; the text names the trouble and the host, nothing else."""


class Answer(Struct, frozen=True, kw_only=True):
    """What came back, whatever it is."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class _Pinned(Network):
    """Connects to addresses that were looked at, not to what the name is looked up as by now."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self._addresses = addresses

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """See `httpcore.NetworkBackend`; the first address that answers is taken."""
        trouble: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                trouble = error
        raise trouble


def call(
    method: str, where: Destination, addresses: tuple[str, ...], *, headers: Mapping[str, str] = {},
    content: bytes = b"", timeout: float, ca_file: str | None = None, longest: int = _LONGEST,
) -> Answer:  # fmt: skip
    """Make one exchange; `timeout` is in seconds, for all of it. Raises NoAnswer.

    `ca_file`: PEM of the authority behind the server's certificate; default: the system's.
    """
    url = httpcore.URL(scheme=where.scheme, host=where.host, port=where.port, target=where.path or "/")
    sent = {"Host": where.authority, "User-Agent": "Faultgate", "Content-Length": str(len(content)), **headers}
    received = bytearray()
    try:
        with (
            within(timeout),
            httpcore.HTTPConnection(
                url.origin, ssl_context=_context(ca_file), network_backend=_Pinned(addresses), keepalive_expiry=0
            ) as connection,
            connection.stream(method, url, headers=list(sent.items()), content=content) as answer,
        ):
            for chunk in answer.iter_stream():
                received += chunk
                if len(received) > longest:
                    raise NoAnswer(f"{where.host} answers more than {longest} bytes")
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise NoAnswer(f"no answer from {where.host} ({_kind(error)})") from None
    told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    return Answer(status=answer.status, headers=told, body=bytes(received))


@lru_cache(4)
def _context(ca_file: str | None) -> ssl.SSLContext:
    """Raises OSError for a file that is none of certificates."""
    return ssl.create_default_context(cafile=ca_file)


def _kind(error: Exception) -> str:
    """Name the trouble; of the library's texts only those about certificates, which hold nothing of ours."""
    text = str(error)
    return text[:200] if "certificate" in text.lower() else type(error).__name__
