"""The SMTP door (RFC 5321), or LMTP behind a mail server (RFC 2033)."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable
from pathlib import Path

from channels import Unreachable
from channels.smtp_address import Recipients
from channels.smtp_limits import Sessions
from channels.smtp_session import Session, Site
from config.settings import Gateway, Smtp
from records.arrival import Reception

#: Seconds that messages under way have to end when the gateway stops.
GRACE = 5.0
BACKLOG = 512

# aiosmtpd logs what clients send and who they are: at DEBUG the mails themselves, at WARNING addresses of hosts.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class SmtpDoor:
    """A mail server that takes reports and passes nothing on."""

    def __init__(self, name: str, settings: Smtp, gateway: Gateway) -> None:
        self._name = name
        self._settings = settings
        self._hostname = settings.hostname or gateway.domain

    async def serve(self, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]) -> None:
        """Take mail until `stopping` is set; then let messages under way end. Raises Unreachable."""
        sessions = Sessions(self._settings)
        site = self._site(reception, sessions)
        server = await self._listen(lambda: Session(site))
        watch = asyncio.create_task(sessions.watch())
        try:
            opened(self._address(server.sockets[0].getsockname()))
            await stopping.wait()
        finally:
            server.close()
            await sessions.wind_up(GRACE)
            watch.cancel()

    async def check(self) -> str:
        """Tell whether the door stands open already, or can be opened. Raises Unreachable with the remedy."""
        self._check_settings()
        settings = self._settings
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(5):
                reader, writer = await asyncio.open_connection(settings.host, settings.port)
                greeting = await reader.readline()
                writer.close()
            if greeting.startswith((b"220", b"421")):
                return f"{self._url(settings.host, settings.port)} is open"
        server = await self._listen(asyncio.Protocol)
        server.close()
        return f"{self._url(settings.host, settings.port)} can be opened"

    def _site(self, reception: Reception, sessions: Sessions) -> Site:
        tls = self._check_settings()
        return Site(
            channel=self._name, hostname=self._hostname, settings=self._settings, reception=reception,
            recipients=Recipients(self._settings.recipients), sessions=sessions, tls=tls.context if tls else None,
            base=Site.base_of(self._settings, asyncio.get_running_loop()),
        )  # fmt: skip

    def _check_settings(self) -> "Certificate | None":
        settings = self._settings
        if settings.tls_cert is None and (settings.users or settings.tls_required):
            raise Unreachable(f"{self._name}: users and tls_required need TLS: give tls_cert (PEM)")
        for user, secret in settings.users.items():
            try:
                secret.reveal()
            except LookupError as error:
                raise Unreachable(f"{self._name}: password of user {user}: {error}") from error
        return Certificate(self._name, settings.tls_cert, settings.tls_key) if settings.tls_cert else None

    async def _listen(self, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Server:
        host, port = self._settings.host, self._settings.port
        loop = asyncio.get_running_loop()
        try:
            return await loop.create_server(protocol, host, port, backlog=BACKLOG)
        except OSError as error:
            raise Unreachable(
                f"{self._name}: {host}:{port} can't be opened ({error.strerror}): give another host or port, "
                "stop what holds it, or allow ports below 1024"
            ) from error

    def _address(self, name: tuple[str, int]) -> str:
        return self._url(name[0], name[1])

    def _url(self, host: str, port: int) -> str:
        scheme = "lmtp" if self._settings.lmtp else "smtp"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class Certificate:
    """The server's certificate; read again when its file changes, so that a renewed one is used at once."""

    def __init__(self, name: str, cert: str, key: str | None) -> None:
        self._cert, self._key = Path(cert), key
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            self._load()
        except OSError as error:  # ssl.SSLError is one
            raise Unreachable(
                f"{name}: tls_cert and tls_key can't be used ({error.strerror or error}): give a PEM certificate chain "
                "and its key, readable by the gateway"
            ) from error

    def context(self) -> ssl.SSLContext:
        """Give the context for the next handshake."""
        with contextlib.suppress(OSError):  # a renewal under way: the old one still serves
            if self._cert.stat().st_mtime_ns != self._changed:
                self._load()
        return self._context

    def _load(self) -> None:
        changed = self._cert.stat().st_mtime_ns
        self._context.load_cert_chain(self._cert, self._key)
        self._changed = changed
