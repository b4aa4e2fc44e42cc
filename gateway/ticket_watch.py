"""Looks how tickets stand with their backends: each backend by a thread of its own, so that none waits for another.

What has changed is read from the backend itself, always; a hook only says where to look first. So a hook that is
forged, lost or late does no harm. With several workers each ticket is looked at by one of them: whoever claims it.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from config.backends import Searched
from config.settings import Settings
from outbox.breaker import Breaker
from records.arrival import TryAgain
from records.deliveries import Refused
from records.numbers import report_of
from records.status import Status
from storage import ticket_states
from storage.database import Database, Transaction
from storage.ticket_states import Seen, Watched

log = logging.getLogger("faultgate.tickets")

BATCH = 20  # tickets asked between two commits
IDLE = 2.0  # seconds between looks whether a hook has marked a ticket, or one is due
_REST = timedelta(days=36500)  # of a ticket that nobody asks of his own accord
#: A system that tells what has changed is asked for its single tickets so many times less often: as the safety net.
_SELDOM = 12
#: Beyond the last question, for what a long transaction of theirs shows late; their own clock measures it.
OVERLAP = timedelta(minutes=10)


class TicketWatch:
    """The threads; they end when they are told to."""

    def __init__(self, settings: Settings, database: Database, backends: Mapping[str, Breaker]) -> None:
        watched = {name: one for name, one in settings.backends.items() if isinstance(one, Searched)}
        wired = tuple(settings.backends)
        self._stopping = threading.Event()
        self._rounds = [
            Round(name, backends[name], database, wired, one.poll)
            for name, one in watched.items()
            if one.poll > 0 or one.hook is not None
        ]
        self._threads = [
            threading.Thread(target=self._run, args=(one,), name=f"tickets {one.name}", daemon=True)
            for one in self._rounds
        ]

    def start(self) -> None:
        """Look from now on."""
        for one in self._threads:
            one.start()

    def stop(self) -> None:
        """Let the look under way end, and begin no other."""
        self._stopping.set()
        for one in self._threads:
            one.join(timeout=10)

    def _run(self, one: "Round") -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = one.look(lambda: datetime.now(UTC))
            except TryAgain as trouble:
                log.warning("%s: how tickets stand can't be told now: %s", one.name, trouble)
                pause = max(IDLE, trouble.after)
            except Exception:
                log.exception("%s: the look at its tickets failed", one.name)
                pause = 60.0


class Round:
    """One backend's tickets, looked at in turns: first what is marked, then what was not asked for longest."""

    def __init__(self, name: str, backend: Breaker, database: Database, wired: tuple[str, ...], poll: float) -> None:
        """`wired`: all backends in their order; `poll`: seconds between two looks at a ticket, 0: only marked ones."""
        self.name = name
        self._backend = backend
        self._database = database
        self._wired = wired
        self._poll = timedelta(seconds=poll)
        self._asked_at: datetime | None = None  # when it last told what has changed
        self._tells = True

    def look(self, clock: Callable[[], datetime]) -> float:
        """Look at one batch; gives the seconds until the next look. Raises TryAgain while nobody can be asked."""
        now = clock()
        self._ask_changed(now)
        again = now + (self._poll * (_SELDOM if self._tells else 1) or _REST)
        batch = self._database.write(
            partial(ticket_states.claim, backend=self.name, now=now, again=again, limit=BATCH)
        )  # fmt: skip
        found, left = list[Seen](), list(batch)
        try:
            while left:
                found += self._seen(left[0], clock())
                left.pop(0)
        finally:
            self._database.write(partial(self._keep, found=found, left=left, at=clock()))
        return 0.0 if len(batch) == BATCH else IDLE

    def _keep(self, tx: Transaction, found: list[Seen], left: list[Watched], at: datetime) -> None:
        ticket_states.seen(tx, found, self._wired, at)
        ticket_states.give_back(tx, left)

    def _seen(self, ticket: Watched, asked_at: datetime) -> list[Seen]:
        try:
            status = self._backend.status(ticket.id)
        except Refused as refusal:  # this ticket can't be read; the others may
            log.warning("%s: %s: its ticket can't be read: %s", self.name, ticket.id, refusal)
            return []
        return [Seen(delivery=ticket.delivery, status=Status(status), asked_at=asked_at)] if status else []

    def _ask_changed(self, now: datetime) -> None:
        """Mark what the system says has changed, where it can say so; each window overlaps the one before it."""
        due = self._asked_at is None or now - self._asked_at >= self._poll
        if not self._poll or not self._tells or not due:
            return
        within = (now - self._asked_at if self._asked_at else self._poll) + OVERLAP
        try:
            told = self._backend.changed(within)
        except Refused as refusal:
            log.warning("%s does not tell what has changed: %s; each ticket is asked", self.name, refusal)
            told = None
        self._tells = told is not None
        self._asked_at = now
        news = [(report, Status(word)) for number, word in told or () if (report := report_of(number)) is not None]
        if news:
            self._database.write(partial(self._mark, news=news))

    def _mark(self, tx: Transaction, news: list[tuple[int, Status]]) -> None:
        differing = [one for one, status in news if ticket_states.differing(tx, self.name, one, status)]
        ticket_states.mark(tx, differing, self.name)
