"""One connection of the SMTP door: its life, its time limits and its command loop."""

import asyncio
import logging
import ssl
import traceback
from collections.abc import Awaitable
from typing import Any, cast

from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as Transaction
from aiosmtpd.smtp import Session as State

from channels.smtp_data import Body
from channels.smtp_limits import CLOSING, Sessions

log = logging.getLogger(__name__)

LINE = 12288  # bytes of a command line; the longest is AUTH's (RFC 4954, section 4)
ACCEPT = 300.0  # seconds; the client itself waits ten minutes (RFC 5321, section 4.5.3.2.6)
CUT = 5.0  # seconds from hanging up to cutting a client that does not read its answer

AGAIN = "451 4.3.0 Not kept, the trouble is ours: please send it again later"

CLIENT_GONE = (asyncio.IncompleteReadError, ConnectionError, TimeoutError, ssl.SSLError)

Answer = str | None  # None: said already


class Connection(SMTP):
    """aiosmtpd's server with a command loop, a way to take DATA, and limits of its own.

    aiosmtpd builds DATA as a list of lines (85 bytes of memory for each empty one), cancels the store when the client
    leaves, and answers our own trouble with 500. Its state, address grammar and AUTH serve here as they are.
    """

    session: State
    envelope: Transaction
    transport: asyncio.Transport

    def __init__(self, base: dict[str, Any], sessions: Sessions) -> None:
        """`base`: the state of a fresh aiosmtpd server; setting it up takes longer than a whole message."""
        vars(self).update(base)
        reader = asyncio.StreamReader(limit=LINE, loop=self.loop)
        asyncio.StreamReaderProtocol.__init__(self, reader, self._cb_client_connected, self.loop)
        self._sessions = sessions
        self._peer = ""
        self._over = False  # nothing more will be read
        self._finished = False  # … nor done
        self._body: Body | None = None
        self._ended: asyncio.Future[None] | None = None  # the end of DATA, or of the client
        self._accepting = False
        self._handshake: asyncio.Timeout | None = None  # of TLS; it keeps its time itself
        self._since = self._data_since = self.loop.time()
        self._closed_at: float | None = None

    def _greeting(self) -> str:
        """Give the first words to a client."""
        raise NotImplementedError

    def _obey(self, line: bytes) -> str | Awaitable[Answer]:
        """Run one command line; gives its answer."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet and serve, or send away."""
        asyncio.StreamReaderProtocol.connection_made(self, transport)
        self.transport = cast("asyncio.Transport", transport)
        self._peer = str((transport.get_extra_info("peername") or [""])[0])
        refusal = self._sessions.admit(self, self._peer)
        if refusal is not None:
            self.hang_up(refusal, self.loop.time())
            return
        self._begin()
        self._handler_coroutine = self.loop.create_task(self._handle_client())

    def _begin(self) -> None:
        """Know nothing of the client yet."""
        self.session, self.envelope = State(self.loop), Transaction()

    def data_received(self, data: bytes) -> None:
        """Take DATA straight off the wire, everything else through the reader."""
        if self._body is not None and not self._body.complete:
            self._since = self.loop.time()
            data = self._body.feed(data)
            if self._body.complete:
                self._stop_waiting()
        if data:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        """Answer what was sent before the client closed its side."""
        self._stop_waiting()
        asyncio.StreamReaderProtocol.eof_received(self)
        return not self._tls_protocol  # True: keep our side open, which TLS can't

    def connection_lost(self, error: Exception | None) -> None:
        """End the session, but never a store in flight: aiosmtpd would cancel it."""
        self._stop_waiting()
        asyncio.StreamReaderProtocol.connection_lost(self, error)
        self._leave()

    def _stop_waiting(self) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    def _leave(self) -> None:
        """Count this session out when both are over: the connection, and what we do for it."""
        if self._finished and self._connection_lost:  # type: ignore[attr-defined] # asyncio's own flag
            self._sessions.leave(self)

    @property
    def idle(self) -> bool:
        """Tell whether no message is under way."""
        return self.envelope.mail_from is None and not self._accepting

    def overdue(self, now: float, command: float, data: float) -> str | None:
        """Tell the answer for a client that took too long, None for one in time."""
        waited = now - self._since
        if self._closed_at is not None:
            return ""
        if self._handshake is not None:
            return None
        if self._accepting:
            return AGAIN if waited > ACCEPT else None
        if waited > command:
            return "421 4.4.2 Nothing heard for too long: please connect again"
        if self._body is not None and now - self._data_since > data:
            return "421 4.4.2 The message took too long: please connect and send it again"
        return None

    def hang_up(self, answer: str, now: float) -> None:
        """Say the answer and close, unless the message is being kept; called again, cut a client that won't read."""
        if self._closed_at is not None:
            if now - self._closed_at > CUT:
                self.transport.abort()
        elif self._handshake is not None:
            if not self._handshake.expired():
                self._handshake.reschedule(now)
        elif not self._accepting or now - self._since > ACCEPT:
            self._say(answer)
            self._close(now)

    def _close(self, now: float) -> None:
        self._over = True
        self._closed_at = now
        self.transport.close()

    def _say(self, answer: str) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer.encode() + b"\r\n")

    async def _handle_client(self) -> None:
        try:
            self._say(self._greeting())
            while not self._over:
                await self._serve_command()
        except CLIENT_GONE:
            log.debug("a client left without a word: what it had not finished is dropped")
        finally:
            self._finished = True
            self._close(self.loop.time())
            self._leave()

    async def _serve_command(self) -> None:
        self._since = self.loop.time()
        try:
            answer = self._obey(await self._reader.readuntil(b"\n"))
            said = answer if isinstance(answer, str) else await answer
        except asyncio.LimitOverrunError:
            said, self._over = "500 5.5.2 Line too long: that was no command, closing", True
        except CLIENT_GONE:
            raise
        except Exception as error:
            log.error("a command failed: %s", summary(error))  # noqa: TRY400 (its text may quote the client)
            said, self._over = AGAIN, self.transport.is_closing()
        if said is not None:
            self._say(said)
        if self._sessions.stopping and self.idle and not self._over:
            self._say(CLOSING)
            self._over = True
        await self._writer.drain()


def summary(error: Exception) -> str:
    """Tell what failed and where; never the text of the exception, which may quote a report or a path."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return type(error).__name__ + "".join(f" at {frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in last)
