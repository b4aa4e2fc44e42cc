"""One HTTP client for all backends: a deadline for everything, no redirects, no proxies, no cookies, short answers."""

import ssl
from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpcore
import msgspec

from config.secrets import Secret
from outbox.backends.cleaning import words
from records.arrival import Down, TryAgain
from records.deliveries import Refused
from web.hasty import Network, within

Noun = TypeVar("Noun")
Query = Mapping[str, str | int]

_LONGEST = 4_000_000  # bytes of an answer
_CONNECTIONS = 16
_PASSING = {407, 408, 421, 425, 429}  # of the 4xx


class NotLetIn(Down):
    """Our credentials are not accepted: wrong, or a session that has ended."""


class Reached(Protocol):
    """The settings of a backend behind HTTP."""

    @property
    def url(self) -> str:
        """Base of all addresses."""

    @property
    def ca_file(self) -> str | None:
        """PEM of the authority behind the server's certificate."""

    @property
    def timeout(self) -> float:
        """Seconds for one whole exchange."""


class Keyring(Protocol):
    """Who knows the credentials: `outbox.backends.auth.Keyring`, or a kind's own."""

    def header(self) -> dict[str, str]:
        """Give the headers that let us in."""

    def forget(self) -> None:
        """Ask for new ones next time: these were not accepted."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: a 2xx, or a status that the caller expects."""

    backend: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    secrets: frozenset[str] = frozenset()

    @property
    def said(self) -> str:
        """Its words in one short line, without our secrets."""
        return words(self.body, self.secrets)

    def read(self, noun: type[Noun]) -> Noun:
        """Decode the JSON; what is none, or of another shape, may pass: raises TryAgain with its words."""
        try:
            return msgspec.json.decode(self.body, type=noun)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Down(f"{self.backend} answers what is not expected: {self.said}") from None


class Http:
    """A pool of connections to one backend. Safe from several threads."""

    def __init__(self, name: str, settings: Reached) -> None:
        self.name = name
        self._settings = settings
        base = urlsplit(settings.url)
        self._host = base.hostname or ""
        self._path = base.path
        self._secrets: set[str] = set()

    def reveal(self, key: str, secret: Secret) -> str:
        """Read a secret now, and keep it out of every text. Raises TryAgain with the remedy."""
        try:
            plain = secret.reveal()
        except LookupError as error:
            raise TryAgain(f"backends.{self.name}.{key}: {error}") from None
        if not plain.isascii() or not plain.isprintable():
            raise TryAgain(f"backends.{self.name}.{key}: the secret is not one line of ASCII: write it anew")
        self.hide(plain)
        return plain

    def hide(self, secret: str) -> None:
        """Keep a secret out of every text: a session's token, for example."""
        self._secrets.add(secret)

    def basic(self, user: str, key: str, secret: Secret) -> dict[str, str]:
        """Give the header of Basic authentication (RFC 7617)."""
        word = b64encode(f"{user}:{self.reveal(key, secret)}".encode()).decode()
        self.hide(word)
        return {"Authorization": f"Basic {word}"}

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
        media_type: str = "application/json",
        expected: tuple[int, ...] = (),
    ) -> Answer:
        """Make one exchange and give its answer where that is 2xx or `expected`.

        Raises TryAgain where the answer did not come or the trouble may pass, Refused where the backend refuses for
        good; both hold the backend's words without our secrets.
        """
        body = msgspec.json.encode(json) if json is not None else content
        sent = {
            "Host": urlsplit(self._settings.url).netloc, "Accept": "application/json", "User-Agent": "Faultgate",
            **({"Content-Type": media_type} if body is not None else {}), **(headers or {}),
        }  # fmt: skip
        if body is not None:
            sent["Content-Length"] = str(len(body))
        where = f"{self._path.rstrip('/')}/{quote(path, safe='/:-._~')}" if path else self._path or "/"
        target = where + (f"?{urlencode(query)}" if query else "")
        answer = self._exchange(method, target, sent, body)
        if answer.status // 100 == 2 or answer.status in expected:
            return answer
        raise self._verdict(answer)

    def ask_as(self, keyring: "Keyring", method: str, path: str, **what: Any) -> Answer:
        """Make one exchange with the credentials of a keyring; a session that has ended is begun anew, once."""
        headers = what.pop("headers", {})
        try:
            return self.ask(method, path, headers={**headers, **keyring.header()}, **what)
        except NotLetIn:
            keyring.forget()
            return self.ask(method, path, headers={**headers, **keyring.header()}, **what)

    def _exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        base = urlsplit(self._settings.url)
        port = base.port or {"https": 443, "http": 80}[base.scheme]
        url = httpcore.URL(scheme=base.scheme, host=self._host, port=port, target=target)
        received = bytearray()
        try:
            with (
                within(self._settings.timeout),
                self._pool.stream(
                    method, url, headers=list(headers.items()), content=body,
                    extensions={"timeout": {"pool": self._settings.timeout}},
                ) as answer,
            ):  # fmt: skip
                for chunk in answer.iter_stream():
                    received += chunk
                    if len(received) > _LONGEST:
                        raise Down(f"{self.name} answers more than {_LONGEST} bytes")
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Down(f"{self.name}: no answer from {self._host} ({_kind(error)})") from None
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
        return Answer(
            backend=self.name,
            status=answer.status,
            headers=told,
            body=bytes(received),
            secrets=frozenset(self._secrets),
        )

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        try:
            context = ssl.create_default_context(cafile=self._settings.ca_file)
        except OSError:  # ssl.SSLError is one
            raise TryAgain(f"backends.{self.name}.ca_file can't be used: give a file of PEM certificates") from None
        return httpcore.ConnectionPool(
            ssl_context=context, max_connections=_CONNECTIONS, keepalive_expiry=30, network_backend=Network()
        )

    def _verdict(self, answer: Answer) -> TryAgain | Refused:
        text = f"{self.name} says {answer.status}{f': {answer.said}' if answer.said else ''}"
        if answer.status // 100 == 3:
            return Down(f"{self.name} sends us elsewhere ({answer.status}): is backends.{self.name}.url right?")
        if answer.status == 401:
            return NotLetIn(f"{text}: are the credentials of backends.{self.name} right?")
        if answer.status // 100 != 4 or answer.status in _PASSING:
            return Down(text, after=_seconds(answer.headers.get("retry-after", "")))
        return Refused(text)


def convert(value: object, noun: type[Noun], backend: str) -> Noun:
    """Give a part of an answer as a noun; another shape may pass: raises TryAgain."""
    try:
        return msgspec.convert(value, noun)
    except msgspec.ValidationError:
        raise Down(f"{backend} answers what is not expected") from None


def _seconds(text: str) -> int:
    """Read Retry-After (RFC 9110 section 10.2.3) where it gives seconds; a date says little without their clock."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _kind(error: Any) -> str:
    """Name the trouble; of the library's texts only those about certificates, which hold nothing of ours."""
    text = str(error)
    return text[:200] if "certificate" in text.lower() else type(error).__name__
