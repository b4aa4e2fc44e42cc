"""The thread behind an IMAP door: connects, goes round the folders, waits for news, and never gives up."""

import logging
import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from channels import Unreachable
from channels.blocking import BlockingReception
from channels.imap_folder import Folder
from channels.imap_login import LoginRefused, explain, session
from channels.imap_session import Session, Spoiled
from channels.oauth2 import AccessTokens
from config.settings import Imap
from records.arrival import TryAgain

log = logging.getLogger(__name__)

_LONGEST_WAIT = 600.0  # seconds in one IDLE: servers and firewalls forget a silent connection (RFC 2177)
_LONGEST_PAUSE = 60.0  # seconds between two attempts to connect


class Mailbox:
    """All folders of one account over one connection at a time."""

    def __init__(self, channel: str, settings: Imap, reception: BlockingReception) -> None:
        self._channel = channel
        self._settings = settings
        self._reception = reception
        self._broken: dict[str, int] = {}  # folder: at which failed session; the latest to break comes last
        self._complaints: dict[str, str] = {}
        self._sessions = 0
        self._failures = 0  # sessions that failed since the last good round
        self._idle = settings.idle
        self._session: Session | None = None
        self._stop = threading.Event()
        self._folders = [Folder(name, channel, settings, reception, self._stop.is_set) for name in settings.folders]
        self._wake, self._waker = socket.socketpair()

    def run(self, opened: Callable[[], None]) -> None:
        """Work until `stop`; `opened` is called after the first login. Raises Unreachable for wrong settings."""
        tokens = self._tokens()
        welcome = False
        with self._wake:
            while not self._stop.is_set():
                self._sessions += 1
                try:
                    with session(self._settings, tokens) as self._session:
                        if not welcome:
                            welcome = True
                            opened()
                        self._serve(self._session)
                except Exception as error:
                    if isinstance(error, Unreachable) and not isinstance(error, LoginRefused) and not welcome:
                        raise
                    self._pause(error)

    def stop(self) -> None:
        """End the work after the mail in hand; from any thread."""
        self._stop.set()
        self._waker.close()

    def cut(self) -> None:
        """End the work at once."""
        if self._session is not None:
            with suppress(OSError):
                self._session.cut()

    def _tokens(self) -> AccessTokens | None:
        if self._settings.oauth2 is None:
            return None
        return AccessTokens(
            self._settings.oauth2,
            self._settings.timeout,
            recall=lambda: self._reception.recall("oauth2"),
            remember=lambda value: self._reception.remember("oauth2", value),
        )

    def _serve(self, session: Session) -> None:
        self._provide_done_folder(session)
        while not self._stop.is_set():
            if not self._round(session) and not self._stop.is_set():
                self._wait(session)

    def _provide_done_folder(self, session: Session) -> None:
        if self._settings.done_folder is None:
            return
        try:
            session.provide(self._settings.done_folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            self._complain("done_folder", explain(error, self._settings))

    def _round(self, session: Session) -> bool:
        """Give every folder its turn; tell whether any had new mail."""
        found = False
        for folder in sorted(self._folders, key=lambda folder: self._broken.get(folder.name, 0)):
            if self._stop.is_set():
                return False
            found |= self._look(session, folder)
        if not any(folder.name in self._complaints for folder in self._folders):
            self._reception.remember("last_good_poll", datetime.now(UTC).isoformat(timespec="seconds"))
            self._failures = 0
        return found

    def _look(self, session: Session, folder: Folder) -> bool:
        """Look into one folder. A refused one is complained of, and leaves the others their turn."""
        try:
            found = folder.look(session)
        except TryAgain:
            raise
        except IMAPClientError as error:
            if isinstance(error, IMAPClientAbortError):
                self._broken[folder.name] = self._sessions
                raise
            self._complain(folder.name, explain(error, self._settings))
            return False
        except Exception:
            self._broken[folder.name] = self._sessions
            raise
        self._broken.pop(folder.name, None)
        if self._complaints.pop(folder.name, None):
            log.warning("channel %s: folder %s is well again", self._channel, folder.name)
        return found

    def _wait(self, session: Session) -> None:
        seconds = min(self._settings.poll, _LONGEST_WAIT)
        if not (self._idle and session.can_idle):
            self._stop.wait(seconds)
            return
        watched = self._folders[0]
        if len(self._folders) > 1 and self._look(session, watched):  # opens it, and lets nothing slip in between
            return
        try:
            session.idle(seconds, self._wake)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            self._idle = False
            log.warning("channel %s: the server's IDLE does not work: polling", self._channel)
            raise

    def _complain(self, what: str, reason: str) -> None:
        if self._complaints.get(what) != reason:
            log.warning("channel %s: folder %s: %s", self._channel, what, reason)
        self._complaints[what] = reason

    def _pause(self, error: Exception) -> None:
        if self._stop.is_set():
            return
        longest = min(_LONGEST_PAUSE, 2.0 ** min(self._failures, 10))
        if not isinstance(error, Spoiled):  # a bad message is tried a few times only: the next one need not wait long
            self._failures += 1
        seconds = random.uniform(longest / 2, longest)  # noqa: S311 -- only spreads the load
        reason = explain(error, self._settings)
        log.warning("channel %s: %s; next attempt in %.1f s", self._channel, reason, seconds)
        self._stop.wait(seconds)
