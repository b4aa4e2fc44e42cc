"""The commands of a session (RFC 5321; LMTP: RFC 2033): each one's argument in, its answer out."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from aiosmtpd.smtp import SMTP, LoginPassword, _AuthMechAttr
from aiosmtpd.smtp import Envelope as Transaction
from msgspec import Struct

from channels.smtp_address import Recipients, parameters, path
from channels.smtp_auth import Users
from channels.smtp_connection import AGAIN, CLIENT_GONE, Answer, Connection, summary
from channels.smtp_data import Body
from channels.smtp_limits import Sessions
from config.settings import Smtp
from records.arrival import Arrival, Envelope, Reception, TryAgain

log = logging.getLogger(__name__)

UNKNOWN = 5  # unknown commands in one session
LOGINS = 3  # wrong passwords in one session

_FULL = "452 4.3.1 Not kept, we are out of space: please send it again later"
_BEFORE_TLS = {"EHLO", "LHLO", "STARTTLS", "NOOP", "QUIT"}


class Site(Struct, frozen=True, kw_only=True):
    """What all sessions of one door share."""

    channel: str
    hostname: str
    settings: Smtp
    reception: Reception
    recipients: Recipients
    sessions: Sessions
    tls: Callable[[], ssl.SSLContext] | None
    base: dict[str, Any]

    @staticmethod
    def base_of(settings: Smtp, loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
        """Give what aiosmtpd sets up for each connection; it takes longer than a whole message, so it is done once."""
        users = Users(settings.users)
        return vars(SMTP(None, enable_SMTPUTF8=True, hostname="unused", authenticator=users, loop=loop))


class Session(Connection):
    """One client's session."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.base, site.sessions)
        self._site = site
        self._commands = self._unknown = self._logins = 0

    def _greeting(self) -> str:
        return f"220 {self._site.hostname} {'LMTP' if self._site.settings.lmtp else 'ESMTP'} Faultgate"

    def _obey(self, line: bytes) -> str | Awaitable[Answer]:
        """Find the command and run it."""
        verb, _, argument = line.decode("utf-8", "surrogateescape").strip().partition(" ")
        verb = verb.upper()
        self._commands += 1
        if self._commands > self._site.settings.max_commands:
            self._over = True
            return "421 4.7.0 Too many commands without a message: please connect again"
        command = self.COMMANDS.get(verb)
        if command is None or (verb in self.HELLO and (verb == "LHLO") != self._site.settings.lmtp):
            self._unknown += 1
            self._over = self._unknown > UNKNOWN
            return "421 4.7.0 Too many unknown commands" if self._over else "500 5.5.1 Unknown command: HELP lists ours"
        if self._site.settings.tls_required and not self._tls_protocol and verb not in _BEFORE_TLS:
            return "530 5.7.0 Say STARTTLS first"
        return command(self, argument.strip())

    def helo(self, argument: str) -> str:
        """Greet the old way (RFC 5321, section 4.1.1.1)."""
        if not argument:
            return "501 5.5.4 Say your name: HELO host.example"
        self.envelope = Transaction()
        self.session.host_name, self.session.extended_smtp = argument, False
        return f"250 {self._site.hostname}"

    def ehlo(self, argument: str) -> str:
        """Greet, and tell what we can do; LHLO in LMTP."""
        if not argument:
            return "501 5.5.4 Say your name: EHLO host.example"
        self.envelope = Transaction()
        self.session.host_name, self.session.extended_smtp = argument, True
        can = [self._site.hostname, "PIPELINING", f"SIZE {self._site.settings.max_size}", "8BITMIME", "SMTPUTF8"]
        if self._site.tls and not self._tls_protocol:
            can.append("STARTTLS")
        if self._offers_auth:
            can.append("AUTH LOGIN PLAIN")
        return "".join(f"250-{word}\r\n" for word in can) + "250 ENHANCEDSTATUSCODES"

    def mail(self, argument: str) -> str:
        """Begin a message."""
        if not self.session.host_name:
            return f"503 5.5.1 Say {'LHLO' if self._site.settings.lmtp else 'EHLO'} first"
        if self.envelope.mail_from is not None:
            return "503 5.5.1 The sender is named already: RSET begins anew"
        if argument[:5].upper() != "FROM:":
            return "501 5.5.4 Say it so: MAIL FROM:<address>"
        found = path(argument[5:].lstrip(), self._getaddr)
        if found is None:
            return "553 5.1.7 No well-formed sender: MAIL FROM:<name@host.example>, in UTF-8"
        refusal = self._refuse_parameters(found[1])
        if refusal is None:
            self.envelope.mail_from = found[0]
        return refusal or "250 2.1.0 Sender noted"

    def _refuse_parameters(self, text: str) -> str | None:
        given = parameters(text) if text else {}
        if given and not self.session.extended_smtp:
            return "555 5.5.4 Parameters need EHLO first"
        size = given.pop("SIZE", "0")
        if not (size.isascii() and size.isdigit() and len(size) <= 20):
            return "501 5.5.4 SIZE is a number of bytes"
        if int(size) > self._site.settings.max_size:
            return f"552 5.3.4 We take {self._site.settings.max_size} bytes at most: send less, or a link to it"
        if given.pop("BODY", "7BIT").upper() not in {"7BIT", "8BITMIME"}:
            return "501 5.5.4 BODY is 7BIT or 8BITMIME"
        if given.pop("SMTPUTF8", ""):
            return "501 5.5.4 SMTPUTF8 takes no value"
        if self._offers_auth or self.session.authenticated:
            given.pop("AUTH", None)  # RFC 4954, section 5: taken, and not believed
        return "555 5.5.4 Unknown parameter of MAIL: EHLO lists ours" if given else None

    def rcpt(self, argument: str) -> str:
        """Add a recipient."""
        if self.envelope.mail_from is None:
            return "503 5.5.1 Say MAIL first"
        if argument[:3].upper() != "TO:":
            return "501 5.5.4 Say it so: RCPT TO:<address>"
        found = path(argument[3:].lstrip(), self._getaddr)
        if found is None or not found[0]:
            return "553 5.1.3 No well-formed recipient: RCPT TO:<name@host.example>, in UTF-8"
        if found[1]:
            return "555 5.5.4 RCPT takes no parameters here"
        if not self._site.recipients.takes(found[0]):
            return "550 5.1.1 Nobody here has this address: check its spelling"
        if len(self.envelope.rcpt_tos) >= self._site.settings.max_recipients:
            return "452 4.5.3 Too many recipients: send to the others in another message"
        self.envelope.rcpt_tos.append(found[0])
        return "250 2.1.5 Recipient noted"

    async def data(self, argument: str) -> Answer:
        """Take the message, have it kept, and only then say so; in LMTP once for each recipient."""
        if not self.envelope.rcpt_tos:
            return "503 5.5.1 Say MAIL and RCPT first: no recipient was taken"
        if argument:
            return "501 5.5.4 DATA stands alone"
        body = self._body = Body(self._site.settings.max_size, self._site.reception.spool)
        try:
            await self._receive(body)
            if not body.complete:
                self._over = True
                return None
            answer = await self._keep(body)
        finally:
            self._body = None
            body.discard()
        answers = len(self.envelope.rcpt_tos) if self._site.settings.lmtp else 1
        self.envelope = Transaction()
        return "\r\n".join([answer] * answers)

    async def _receive(self, body: Body) -> None:
        """Wait for the end of DATA, or of the client. What came before our 354 counts as well."""
        self._ended = self.loop.create_future()
        self._data_since = self.loop.time()
        self._say("354 Send the message, then a dot on a line of its own")
        if early := len(self._buffer):
            self._buffer[:0] = body.feed(await self._reader.read(early))
        if not (body.complete or self._reader.at_eof() or self.transport.is_closing()):
            await self._ended

    async def _keep(self, body: Body) -> str:
        self._accepting, self._since = True, self.loop.time()
        try:
            if body.too_large:
                return f"552 5.3.4 We take {self._site.settings.max_size} bytes at most: send less, or a link to it"
            if body.trouble is not None:
                log.error("%s: not spooled: %s", self._site.channel, summary(body.trouble))
                return _FULL if body.no_room else AGAIN
            receipt = await self._site.reception.accept(self._arrival(body))
        except TryAgain as trouble:
            log.warning("%s: not kept: %s", self._site.channel, trouble)
            return _FULL if trouble.full else AGAIN
        except Exception as error:
            log.error("%s: not kept: %s", self._site.channel, summary(error))  # noqa: TRY400 (no contents)
            return AGAIN
        finally:
            self._accepting = False
        self._commands = 0
        return f"250 2.0.0 {receipt.id} kept"

    def _arrival(self, body: Body) -> Arrival:
        login = cast("LoginPassword", self.session.auth_data).login.decode() if self.session.authenticated else None
        envelope = Envelope(
            sender=self.envelope.mail_from, recipients=tuple(self.envelope.rcpt_tos), peer=self._peer or None,
            authenticated=login, tls=bool(self._tls_protocol),
        )  # fmt: skip
        return Arrival(
            channel=self._site.channel, media_type="message/rfc822", content=body.content, size=body.size,
            sha256=body.sha256, received_at=datetime.now(UTC), envelope=envelope,
        )  # fmt: skip

    def rset(self, argument: str) -> str:
        """Forget the message begun."""
        if argument:
            return "501 5.5.4 RSET stands alone"
        self.envelope = Transaction()
        return "250 2.0.0 Forgotten"

    def bye(self, _argument: str) -> str:
        """Part."""
        self._over = True
        return "221 2.0.0 Goodbye"

    async def starttls(self, argument: str) -> Answer:
        """Go under TLS (RFC 3207). Commands that came with STARTTLS in plaintext may be a stranger's: none is run."""
        if argument or self._site.tls is None or self._tls_protocol:
            return "503 5.5.1 STARTTLS can't be said here: EHLO tells when it can"
        if self._buffer:
            self._over = True
            return "501 5.5.2 Wait for our answer to STARTTLS before you go on, closing"
        self._say("220 2.0.0 Begin TLS")
        try:
            async with asyncio.timeout(min(60.0, self._site.settings.command_timeout)) as self._handshake:
                secured = await self.loop.start_tls(self.transport, self, self._site.tls(), server_side=True)
        except CLIENT_GONE:
            self.connection_lost(None)  # where a handshake fails, not every loop tells it
            raise
        finally:
            self._handshake = None
        self.transport = cast("asyncio.Transport", secured)
        self._reader._transport = self._writer._transport = secured  # type: ignore[attr-defined] # noqa: SLF001
        self._tls_protocol = secured  # type: ignore[assignment] # only its truth is asked for
        self._begin()  # RFC 3207, section 4.2: what was said before is forgotten
        return None

    async def auth(self, argument: str) -> Answer:
        """Log in (RFC 4954)."""
        if not self._site.settings.users or not self.session.extended_smtp or self.session.authenticated:
            return "503 5.5.1 AUTH can't be said here: EHLO tells when it can"
        if self.envelope.mail_from is not None or not 1 <= len(argument.split()) <= 2:
            return "501 5.5.4 Say it so, before MAIL: AUTH PLAIN or AUTH LOGIN"
        self._auth_methods = {
            "PLAIN": _AuthMechAttr(self.auth_PLAIN, is_builtin=True),
            "LOGIN": _AuthMechAttr(self.auth_LOGIN, is_builtin=True),
        }
        mechanism, _, initial = argument.partition(" ")
        await self.smtp_AUTH(f"{mechanism.upper()} {initial}".rstrip())
        self._logins += not self.session.authenticated
        if self._logins >= LOGINS:
            self._over = True
            return "421 4.7.0 Too many failed logins: please connect again"
        return None

    @property
    def _offers_auth(self) -> bool:
        return bool(self._site.settings.users and self._tls_protocol and not self.session.authenticated)

    @property
    def _buffer(self) -> bytearray:
        """What was read and not yet looked at; asyncio has no public word for it."""
        return cast("bytearray", self._reader._buffer)  # type: ignore[attr-defined] # noqa: SLF001

    HELLO: ClassVar = {"HELO", "EHLO", "LHLO"}
    COMMANDS: ClassVar[dict[str, Callable[["Session", str], str | Awaitable[Answer]]]] = {
        "HELO": helo, "EHLO": ehlo, "LHLO": ehlo, "MAIL": mail, "RCPT": rcpt, "DATA": data, "RSET": rset,
        "STARTTLS": starttls, "AUTH": auth, "QUIT": bye,
        "NOOP": lambda _session, _argument: "250 2.0.0 Still here",
        "VRFY": lambda _session, _argument: "252 2.5.2 Try it: send the message",
        "HELP": lambda _session, _argument: "214 2.0.0 EHLO MAIL RCPT DATA RSET NOOP QUIT STARTTLS AUTH (RFC 5321)",
    }  # fmt: skip
