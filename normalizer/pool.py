"""Children alike, lent to callers one job at a time."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from config.settings import Readers
from normalizer.leash import STOUT, Child
from records.arrival import TryAgain

PATIENCE = 0.2  # seconds of unbroken queueing until another child is started
LINGER = 30.0  # seconds until a child too many that has no work is let go

_log = logging.getLogger(__name__)


class Pool:
    """Starts the first child when it is opened, more when callers queue, and lets those go again that nobody needs.

    Only the keeper thread starts children: the kernel ends a child together with the thread that started it.
    """

    def __init__(self, settings: Readers, module: str, *, niced: bool, stout: int = STOUT) -> None:
        self._most = settings.paper if niced else settings.processes
        self._kept = 0 if niced else 1  # children that stay without work
        self._new = partial(Child, module, settings, niced=niced, stout=stout)
        self._lock = threading.Lock()
        self._freed = threading.Condition(self._lock)  # for callers: a child is free, or none will be
        self._asked = threading.Condition(self._lock)  # for the keeper: there may be something to do
        self._keeper: threading.Thread | None = None
        self._free: list[Child] = []  # the last used at the end, so that those at the front are the idle ones
        self._alive = 0  # free, lent, or being started
        self._waiting = 0  # callers
        self._queueing = 0.0  # since when no caller has found a child free at once
        self._trouble: str | None = None  # why the last start failed; nothing is started until somebody asks again
        self._closed = False

    def open(self) -> None:
        """See that the keeper is there."""
        with self._lock:
            if self._keeper is None and not self._closed:
                self._keeper = threading.Thread(target=self._keep, name="keeper of readers", daemon=True)
                self._keeper.start()

    def close(self) -> None:
        """Let the free children go now and wait for the others."""
        with self._lock:
            self._closed = True
            self._freed.notify_all()
            self._asked.notify()
        if self._keeper is not None:
            self._keeper.join()

    @contextmanager
    def lent(self) -> Iterator[Child]:
        """Lend a child to one caller. Raises TryAgain when none can be had."""
        self.open()
        child = self._take()
        try:
            yield child
        except BaseException:
            child.kill()  # whatever it is at, nobody waits for the answer
            raise
        finally:
            self._give_back(child)

    def _take(self) -> Child:
        with self._lock:
            child = self._pick()
            if child is not None:
                self._queueing = 0.0
                return child
            return self._queue()

    def _pick(self) -> Child | None:
        """Take the free child that was used last, if it still lives."""
        while self._free:
            child = self._free.pop()
            if child.sound():
                return child
            child.kill()
            self._alive -= 1
        return None

    def _queue(self) -> Child:
        self._queueing = self._queueing or time.monotonic()
        self._trouble = None
        self._waiting += 1
        try:
            while (child := self._pick()) is None:
                if self._closed or (self._trouble and not self._alive):
                    raise TryAgain(f"no reader: {self._trouble or 'closed'}")
                if self._alive < self._most:
                    self._asked.notify()
                self._freed.wait()
            return child
        finally:
            self._waiting -= 1

    def _give_back(self, child: Child) -> None:
        sound = child.sound()
        with self._lock:
            if sound and not self._closed:
                child.since = time.monotonic()
                self._free.append(child)
                self._freed.notify()
                return
        self._let_go(child)

    def _let_go(self, child: Child) -> None:
        child.kill()
        with self._lock:
            self._alive -= 1
            self._asked.notify()
            self._freed.notify_all()  # where no other can be started, who waits must not wait for this one

    def _keep(self) -> None:
        while (chore := self._next_chore()) is not None:
            chore()

    def _next_chore(self) -> Callable[[], None] | None:
        """Wait until a child must be started or let go; None when all is over."""
        with self._lock:
            while self._alive or not self._closed:
                if self._lacking():
                    self._alive += 1
                    return self._start
                if self._free and self._surplus():
                    return partial(self._let_go, self._free.pop(0))
                self._asked.wait(self._pause())
        return None

    def _lacking(self) -> bool:
        if self._closed or self._trouble or self._alive >= self._most:
            return False
        if self._waiting and self._alive:
            return time.monotonic() - self._queueing >= PATIENCE
        return self._waiting > 0 or self._alive < self._kept

    def _surplus(self) -> bool:
        idle = time.monotonic() - self._free[0].since
        return self._closed or (self._alive > self._kept and idle >= LINGER)

    def _pause(self) -> float | None:
        if self._waiting and self._alive < self._most:
            return PATIENCE
        return LINGER if self._alive > self._kept else None

    def _start(self) -> None:
        try:
            child = self._new()
        except Exception as error:  # whatever it is: without the keeper every caller would wait for ever
            _log.error("no reader can be started: %s", error)
            with self._lock:
                self._alive -= 1
                self._trouble = str(error)
                self._freed.notify_all()
            return
        if not child.isolated:
            _log.warning("the kernel forbids to take the network away from readers")
        self._give_back(child)
