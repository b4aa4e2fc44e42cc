"""One folder of a mailbox, read once from end to end by UID and then from where we stopped.

The cursor moves only after everything before it is in the archive and marked in
the mailbox; a crash in between has the same mail fetched again, which the archive knows by its content.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from channels.blocking import BlockingReception
from channels.imap_cursor import Cursor, Witness
from channels.imap_message import Message, read, whole
from channels.imap_session import Gone, Session, Spoiled, View
from config.settings import Imap
from records.arrival import Arrival, Envelope, TryAgain

log = logging.getLogger(__name__)

BATCH = 50  # mails of one folder before another has its turn
_WINDOW = 50_000  # UIDs of one search: the answer stays below the 1 MB that the library reads as one line


class Folder:
    """Takes mail out of one folder in the order of arrival; one bad message never stops the next."""

    def __init__(
        self, name: str, channel: str, settings: Imap, reception: BlockingReception, is_stopping: Callable[[], bool]
    ) -> None:
        self.name = name
        self._channel = channel
        self._settings = settings
        self._reception = reception
        self._is_stopping = is_stopping

    def look(self, session: Session) -> bool:
        """Take up to 50 new mails; tell whether there were any. Raises TryAgain, Spoiled, OSError, IMAPClientError."""
        view = session.select(self.name)
        cursor = self._cursor(session, view)
        batch = self._waiting(session, cursor, view)[:BATCH]
        retries, lost = cursor.due(time.time(), self._settings.poll)
        if batch:
            self._take_all(session, cursor, batch)
        if self._is_stopping():
            return False
        if retries:  # all new mail that lies below them is done now: the cursor may pass them
            self._take_all(session, cursor, retries[:BATCH])
        if lost:
            self._give_up(session, cursor, lost[0])
        return bool(batch)

    def _cursor(self, session: Session, view: View) -> Cursor:
        text = self._reception.recall(self._key)
        kept = msgspec.json.decode(text, type=Cursor) if text else None
        if kept and self._is_same(session, view, kept):
            return kept
        if kept:
            log.warning("channel %s: folder %s was made anew: it is read again", self._channel, self.name)
            since = kept.since
        else:  # a day more: SEARCH SINCE looks at the date alone, in the server's zone
            since = datetime.now(UTC).date() - timedelta(days=self._settings.since_days + 1)
        cursor = Cursor(view.uidvalidity, since, floor=view.last)
        self._keep(cursor)
        return cursor

    def _is_same(self, session: Session, view: View, kept: Cursor) -> bool:
        """Tell whether the UIDs still mean what they meant (RFC 9051 section 2.3.1.1, which not all servers obey)."""
        if kept.uidvalidity != view.uidvalidity or kept.uid > view.last:
            return False
        return kept.witness is None or session.moment(kept.witness.uid) in (None, kept.witness.moment)

    def _waiting(self, session: Session, cursor: Cursor, view: View) -> list[int]:
        """List new UIDs, at least the next of them."""
        step = _WINDOW if view.exists > _WINDOW else view.last
        low = cursor.uid + 1
        while low <= view.last:
            since = cursor.since if low <= cursor.floor else None
            high = min(low + step - 1, cursor.floor if since else view.last, view.last)
            found = [uid for uid in session.search(low, high, since) if uid not in cursor.failed]
            if found:
                return found
            low = high + 1
        return []

    def _take_all(self, session: Session, cursor: Cursor, uids: list[int]) -> None:
        """Take these in turn, until one breaks the connection or we are told to stop; then mark what was taken."""
        start, whole_ones = cursor.uid, list[int]()
        try:
            for uid in uids:
                if self._is_stopping():
                    break
                if self._take(session, cursor, uid):
                    whole_ones.append(uid)
                cursor.uid = max(cursor.uid, uid)
        except TryAgain:
            self._settle(session, cursor, whole_ones)
            raise
        except Exception:
            cursor.uid = start  # what was taken is not marked yet
            self._keep(cursor)
            raise
        self._settle(session, cursor, whole_ones)

    def _take(self, session: Session, cursor: Cursor, uid: int) -> bool:
        """Bring one message in; tell whether the whole of it is kept now."""
        try:
            message = read(session, uid, self._settings.max_size, self._reception.spool)
        except Gone:
            log.info("channel %s: %s UID %d was removed by somebody", self._channel, self.name, uid)
            cursor.failed.pop(uid, None)
            return False
        except TryAgain:
            raise
        except (OSError, IMAPClientAbortError) as error:
            if not self._is_stopping():  # otherwise we have cut the connection ourselves
                cursor.count_failure(uid, time.time())
            raise Spoiled(f"{self.name} UID {uid}: the connection broke ({type(error).__name__})") from error
        except Exception as error:
            cursor.count_failure(uid, time.time())
            log.warning(
                "channel %s: %s UID %d can't be fetched (%s)", self._channel, self.name, uid, type(error).__name__
            )
            return False
        self._accept(message, cursor, uid)
        cursor.failed.pop(uid, None)
        return message.problem is None  # the rest stays where it lies, for a person to look at

    def _give_up(self, session: Session, cursor: Cursor, uid: int) -> None:
        """Hand what can be had of an unfetchable message to a person."""
        problem = f"unfetchable UID {uid} in {self.name}, see the mailbox"
        broken = None
        try:
            header = session.header(uid)
            message = whole(header.content, header.received_at, problem)
        except Gone:
            message = None
        except Exception as error:
            broken = error
            message = whole(self._note(cursor, uid), datetime.fromtimestamp(cursor.failed[uid].first, UTC), problem)
        if message:
            self._accept(message, cursor, uid)
        del cursor.failed[uid]
        cursor.uid = max(cursor.uid, uid)
        self._keep(cursor)
        if broken:
            raise Spoiled(problem) from broken

    def _note(self, cursor: Cursor, uid: int) -> bytes:
        """Stand in for a message of which nothing can be had; the same for the same message, and for no other."""
        return (
            "Subject: A mail that can't be fetched\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            f"See the mailbox {self._settings.user}, folder {self.name}: UID {uid} "
            f"(UIDVALIDITY {cursor.uidvalidity}).\r\n"
        ).encode()

    def _accept(self, message: Message, cursor: Cursor, uid: int) -> None:
        source: dict[str, str | int] = {
            "account": self._settings.user,
            "folder": self.name,
            "uidvalidity": cursor.uidvalidity,
            "uid": uid,
        }
        if message.announced is not None:
            source["size"] = message.announced
        arrival = Arrival(
            channel=self._channel,
            media_type="message/rfc822",
            content=message.content,
            size=message.size,
            sha256=message.sha256,
            received_at=message.received_at,
            envelope=Envelope(source=source),
            problem=message.problem,
        )
        try:
            receipt = self._reception.accept(arrival)
        finally:
            if isinstance(message.content, Path):
                message.content.unlink(missing_ok=True)
        log.info("channel %s: %s UID %d is %s", self._channel, self.name, uid, receipt.id)

    def _settle(self, session: Session, cursor: Cursor, whole_ones: list[int]) -> None:
        """Mark what is kept, then move the cursor. A server that refuses the mark changes nothing else."""
        if whole_ones:
            moment = session.moment(whole_ones[-1])
            cursor.witness = Witness(whole_ones[-1], moment) if moment is not None else None
        try:
            session.mark(whole_ones)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            log.warning("channel %s: %s: the server refuses to mark taken mail", self._channel, self.name)
        self._keep(cursor)

    def _keep(self, cursor: Cursor) -> None:
        self._reception.remember(self._key, msgspec.json.encode(cursor).decode())

    @property
    def _key(self) -> str:
        return f"cursor:{self.name}"
