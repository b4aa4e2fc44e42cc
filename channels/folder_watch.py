"""The thread behind a folder door: looks, takes what is complete in the order of arrival, and moves it to `done`.

What is in the archive but still lies in the folder is remembered (`_Ledger`), so that nothing is taken twice; what a
crash let lie is found again, and the archive tells it by its bytes and by where it lies.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from channels import fax_note, folder_content
from channels.blocking import BlockingReception
from channels.folder_bundle import Bundle, Bundling
from channels.folder_content import Content
from channels.folder_done import move
from channels.folder_files import Changed, File, Shelf, Unreadable
from channels.folder_names import shown
from channels.folder_patience import Patience
from channels.folder_place import Opened, Place
from config.settings import Fax, Scan
from records.arrival import Arrival, Envelope, TryAgain

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0  # seconds between two attempts at one file
_ENOUGH = 3  # files in a row that the house could not keep: the others wait for the next look
_BEAT = 60.0  # seconds between two notes in the archive that the folder was read to the end
_NAMED = 5  # entries that one line of the log names


class _Ledger(msgspec.Struct):
    """Files of which the archive knows, and which are still here."""

    leaving: set[str] = msgspec.field(default_factory=set)  # identities: kept, to be moved
    told: set[str] = msgspec.field(default_factory=set)  # places: a person was told, and they stay


class Watch:
    """One watched folder."""

    def __init__(
        self, channel: str, settings: Fax | Scan, zone: str, place: Place, bundling: Bundling,
        reception: BlockingReception,
    ) -> None:  # fmt: skip
        """`zone`: of times in notes that name none; `bundling`: what is taken together."""
        self._channel = channel
        self._settings = settings
        self._zone = zone
        self._place = place
        self._bundling = bundling
        self._reception = reception
        self._patience = Patience(settings)
        self._ledger = _Ledger()
        self._pauses: dict[str, tuple[float, float]] = {}  # by place: until when (monotonic), seconds
        self._complaints: dict[str, str] = {}  # by place
        self._next_beat = 0.0  # monotonic seconds
        self._stop = threading.Event()

    def run(self, opened: Callable[[], None]) -> None:
        """Work until `stop`; `opened` is called once the folder could be opened. Raises Unreachable."""
        text = self._reception.recall("folder")
        self._ledger = msgspec.json.decode(text, type=_Ledger) if text else _Ledger()
        welcome = False
        while not self._stop.is_set():
            with self._place.opened() as folders:
                if not welcome:
                    welcome = True
                    opened()
                self._look(folders)
            self._beat()
            self._stop.wait(self._settings.poll)

    def stop(self) -> None:
        """End the work after the file in hand; from any thread."""
        self._stop.set()

    def _beat(self) -> None:
        """Let people see that this door is alive, as for a mailbox."""
        if time.monotonic() < self._next_beat:
            return
        self._next_beat = time.monotonic() + _BEAT
        try:
            self._reception.remember("last_good_poll", datetime.now(UTC).isoformat(timespec="seconds"))
        except TryAgain as error:
            log.warning("channel %s: the archive can't be written (%s)", self._channel, error)

    def _look(self, folders: Opened) -> None:
        found, others = folders.files()
        files = self._patience.judge(found)
        self._forget({file.place for file in files}, {file.identity for file in files}, others)
        self._alarm(others)
        leaving = [file for file in files if file.identity in self._ledger.leaving]
        for file in leaving:
            self._leave(file, folders.done)
        rest = [file for file in files if file.identity not in self._ledger.leaving]
        due = [one for one in self._bundling(rest, folders.done) if self._is_due(one)]
        self._take_all(sorted(due, key=lambda one: one.received_at), folders.done)

    def _forget(self, places: set[str], identities: set[str], others: dict[str, str]) -> None:
        """Forget what is no longer here."""
        self._ledger.leaving &= identities
        self._ledger.told &= places
        self._pauses = {place: pause for place, pause in self._pauses.items() if place in places}
        known = places | others.keys()
        self._complaints = {place: text for place, text in self._complaints.items() if place in known}

    def _is_due(self, bundle: Bundle) -> bool:
        until, _ = self._pauses.get(bundle.files[0].place, (0.0, 0.0))
        if not bundle.is_complete or bundle.not_before > time.time() or until > time.monotonic():
            return False
        return not (bundle.stays and bundle.files[0].place in self._ledger.told)

    def _take_all(self, due: list[Bundle], done: Shelf) -> None:
        """Take one after the other; a bad one never stops the next."""
        failed = 0
        for bundle in due:
            if self._stop.is_set() or failed == _ENOUGH:
                return
            first = bundle.files[0]
            try:
                self._take(bundle, done)
                failed = 0
            except Changed:
                log.info("channel %s: inode %d is still being changed", self._channel, first.inode)
            except Unreadable as error:
                self._pause(first, f"it can't be read ({error}): let the gateway's user read it")
            except TryAgain as error:
                failed += 1
                self._pause(first, f"it can't be kept now ({error})")
            except Exception as error:
                self._pause(first, f"a fault of ours ({type(error).__name__})")
                log.exception("channel %s: inode %d", self._channel, first.inode)

    def _take(self, bundle: Bundle, done: Shelf) -> None:
        """Have one bundle kept, and only then move it."""
        if bundle.pages:
            self._accept(bundle)
        if bundle.stays:
            self._ledger.told.add(bundle.files[0].place)
            self._keep_ledger()
            return
        self._ledger.leaving |= {file.identity for file in bundle.files}
        if len(bundle.files) > 1:  # a crash between two moves must leave no half that looks like another report
            self._keep_ledger()
        for file in bundle.files:
            self._leave(file, done)

    def _accept(self, bundle: Bundle) -> None:
        first = bundle.pages[0]
        envelope, received_at = self._envelope(bundle)
        content = self._content(bundle)
        arrival = Arrival(
            channel=self._channel,
            media_type=content.media_type,
            content=content.content,
            size=content.size,
            sha256=content.sha256,
            received_at=received_at,
            envelope=envelope,
            problem=content.problem,
        )
        try:
            receipt = self._reception.accept(arrival)
        finally:
            folder_content.discard(content)
        self._complaints.pop(first.place, None)
        again = ", arrived again" if receipt.duplicate else ""
        log.info("channel %s: inode %d is %s%s", self._channel, first.inode, receipt.id, again)

    def _content(self, bundle: Bundle) -> Content:
        if len(bundle.pages) == 1:
            return folder_content.one(bundle.pages[0], self._reception.spool)
        fronts, backs = bundle.pages
        return folder_content.letter(fronts, backs, self._reception.spool)

    def _envelope(self, bundle: Bundle) -> tuple[Envelope, datetime]:
        """Tell where it lay and what the note says, and when it reached the company."""
        first = bundle.pages[0]
        source: dict[str, str | int] = {
            "folder": str(first.shelf.path),
            "name": shown(first.name),
            "inode": first.inode,
            "mtime": first.modified,
            "size": first.size,
        }
        if len(bundle.pages) > 1:
            source["backs"] = shown(bundle.pages[1].name)
        note = self._note(bundle.note)
        at = min(note.received_at or bundle.received_at, datetime.now(UTC))
        return Envelope(source=source, calling_number=note.calling_number, page_count=note.page_count), at

    def _note(self, file: File | None) -> fax_note.Note:
        """Read a note; one that can't be read holds up no fax."""
        if file is None:
            return fax_note.Note()
        try:
            return fax_note.read(folder_content.beginning_of(file, fax_note.LONGEST), self._zone)
        except Unreadable as error:
            self._complain(file, f"the note can't be read ({error})")
            return fax_note.Note()

    def _leave(self, file: File, done: Shelf) -> None:
        """Move what is kept. Where that fails it is tried at each look, and it is never taken again."""
        try:
            move(file, done)
            self._ledger.leaving.discard(file.identity)
        except Changed:
            self._ledger.leaving.discard(file.identity)
            log.warning("channel %s: inode %d was changed after it was kept", self._channel, file.inode)
        except OSError as error:
            if self._complain(file, f"it is kept but can't be moved ({error.strerror}): let us write in both folders"):
                self._keep_ledger()

    def _pause(self, file: File, reason: str) -> None:
        _, last = self._pauses.get(file.place, (0.0, 0.5))
        seconds = min(_LONGEST_PAUSE, last * 2)
        self._pauses[file.place] = (time.monotonic() + seconds, seconds)
        self._complain(file, reason)

    def _complain(self, file: File, reason: str) -> bool:
        """Say once what is wrong with a file; by its number, for a name may be personal. Tells whether it is news."""
        if self._complaints.get(file.place) == reason:
            return False
        self._complaints[file.place] = reason
        log.warning("channel %s: inode %d: %s", self._channel, file.inode, reason)
        return True

    def _alarm(self, others: dict[str, str]) -> None:
        """Say once of each entry that is no plain file that it is skipped; a flood of them in one line."""
        news = defaultdict(list)
        for place, why in others.items():
            if self._complaints.get(place) != why:
                self._complaints[place] = why
                news[why].append(place.partition(":")[0])
        for why, inodes in news.items():
            named = ", ".join(inodes[:_NAMED]) + (f" and {len(inodes) - _NAMED} more" if len(inodes) > _NAMED else "")
            log.warning("channel %s: skipped, for it is %s: inode %s", self._channel, why, named)

    def _keep_ledger(self) -> None:
        self._reception.remember("folder", msgspec.json.encode(self._ledger).decode())
