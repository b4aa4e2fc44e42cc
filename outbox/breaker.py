"""A backend that is down is left alone for a while: it is not hammered, and holds no worker's thread by its silence."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from outbox.backends import Backend, Changed, TakesFiles
from records.arrival import Down, TryAgain
from records.deliveries import Delivered, Ticket

_IN_A_ROW = 5  # exchanges without a usable answer, until it counts as down
_FIRST, _LONGEST = 15.0, 300.0  # seconds of rest, doubled as long as it stays down


class Resting(TryAgain):
    """It is left alone for a while, so it was not asked: this proves nothing against what was to be sent."""


class Circuit:
    """Counts what becomes of calls to one place, and lets none through while that rests.

    When the rest is over one call goes through, and its end decides. Safe from several threads.
    """

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = _FIRST
        self._until = 0.0
        self._last = ""

    @contextmanager
    def through(self) -> Iterator[None]:
        """Make a call inside; raises Resting at once while the place rests. `Down` counts against it."""
        trial = self._enter()
        try:
            yield
        except Down as trouble:
            self._failed(trouble, trial=trial)
            raise
        except Exception:  # it answered
            self._well()
            raise
        self._well()

    def _enter(self) -> bool:
        """Let a call through, or raise TryAgain while the backend rests; tells whether this call decides."""
        with self._lock:
            now = self._clock()
            if self._failures < _IN_A_ROW:
                return False
            if now < self._until:
                left = self._until - now
                raise Resting(f"{self._name} is down and left alone for {left:.0f} s: {self._last}", after=left)
            self._until = now + self._pause  # the others wait for what becomes of this one
            return True

    def _failed(self, trouble: Down, *, trial: bool) -> None:
        with self._lock:
            self._failures += 1
            self._last = str(trouble)
            if trial:
                self._pause = min(self._pause * 2, _LONGEST)
            if trial or self._failures == _IN_A_ROW:  # calls that were under way change nothing
                self._until = self._clock() + max(self._pause, trouble.after)

    def _well(self) -> None:
        with self._lock:
            self._failures, self._pause = 0, _FIRST


class Breaker:
    """See `outbox.backends.Backend`; while its backend rests every call raises TryAgain at once."""

    def __init__(self, name: str, backend: Backend, clock: Callable[[], float] = time.monotonic) -> None:
        self._backend = backend
        self._circuit = Circuit(name, clock)

    def create(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        with self._circuit.through():
            return self._backend.create(ticket)

    def amend(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        with self._circuit.through():
            return self._backend.amend(ticket)

    def withdraw(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        with self._circuit.through():
            return self._backend.withdraw(ticket)

    def find(self, external_id: str) -> str | None:
        """See `Backend`."""
        with self._circuit.through():
            return self._backend.find(external_id)

    def status(self, external_id: str) -> str | None:
        """See `Backend`."""
        with self._circuit.through():
            return self._backend.status(external_id)

    def attach(self, ticket: Ticket) -> tuple[str, ...]:
        """See `outbox.backends.TakesFiles`; nothing where the backend takes none."""
        if not isinstance(self._backend, TakesFiles):
            return ()
        with self._circuit.through():
            return self._backend.attach(ticket)

    def changed(self, within: timedelta) -> list[tuple[str, str]] | None:
        """See `outbox.backends.Changed`; None where the backend can't tell."""
        if not isinstance(self._backend, Changed):
            return None
        with self._circuit.through():
            return list(self._backend.changed(within))

    def check(self) -> str:
        """See `Backend`: whoever asks wants to know it now."""
        return self._backend.check()
