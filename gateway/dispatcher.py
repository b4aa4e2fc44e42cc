"""Rings for what is to be done, the most urgent first, with only a small window of bells in the broker.

So an urgent report overtakes a backlog, and a bell that was lost (a broker flushed, a worker killed) is rung again.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from gateway.bell import Listener
from gateway.bells import Bells
from gateway.stopping import Stopping
from records.arrival import TryAgain
from records.tasks import Lane
from storage import tasks
from storage.database import Database

log = logging.getLogger("faultgate.dispatcher")

WINDOW = 100  # tasks rung for in the broker that no worker has begun yet
PAPER_WINDOW = 4  # the same for pages, beside those that the threads can take at once: an urgent fax waits for few
BACKLOG_PAUSE = 0.2  # seconds between looks while more waits than the window holds; no bell shortens it
BATCH = 8  # tasks of one bell in a backlog: they share their commits
RING_AGAIN = 30.0  # seconds after which an unanswered bell counts as lost
SWEEP_EVERY = 5.0  # seconds


class Dispatcher:
    """One thread beside the worker; any number of machines may have one."""

    def __init__(
        self, database: Database, bells: Bells, bell: Listener, *,
        poll: float, watch: Callable[[datetime], object], paper: int, destinations: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """`poll`: seconds between looks when no bell wakes us; `watch`: what is done every few seconds.

        `paper`: threads that take pages. `destinations`: those that have bells and threads of their own.
        """
        self._windows = {Lane.ROAD: WINDOW, Lane.PAPER: paper + PAPER_WINDOW, Lane.DELIVER: WINDOW}
        self._ways = [(Lane.ROAD, ""), (Lane.PAPER, ""), *((Lane.DELIVER, name) for name in ("", *destinations))]
        self._destinations = tuple(destinations)
        self._watch = watch
        self._database = database
        self._bells = bells
        self._bell = bell
        self._poll = poll
        self._rung: dict[tuple[Lane, str], dict[int, float]] = {way: {} for way in self._ways}
        self._swept = 0.0

    def run(self, stopping: Stopping) -> None:
        """Look and ring until told to stop; trouble of the database or the broker passes."""
        while not stopping.is_set():
            try:
                full = self._look()
                self._sweep()
            except TryAgain as trouble:
                log.warning("%s", trouble)
                full = set()
            if Lane.ROAD in full:
                time.sleep(BACKLOG_PAUSE)
            else:  # a flood of pages, or a destination that is slow, makes nobody deaf to mail
                self._bell.wait(BACKLOG_PAUSE if full else self._poll)

    def _look(self) -> set[Lane]:
        """Fill every window; gives the lanes of which one is full, so that more may wait than it holds."""
        return {lane for lane, destination in self._ways if self._fill(lane, destination)}

    def _fill(self, lane: Lane, destination: str) -> bool:
        window, way = self._windows[lane], (lane, destination)
        only, but = (destination or None, () if destination else self._destinations)
        with self._database.read() as tx:
            due = tasks.due(tx, 2 * window, lane, only=only, but=but if lane is Lane.DELIVER else ())
        now, before = time.monotonic(), self._rung[way]
        rung = self._rung[way] = {task: at for task, at in before.items() if task in due and now - at < RING_AGAIN}
        fresh = [task for task in due if task not in rung][: window - len(rung)]
        alone = [[task] for task in fresh if due[task].tried or lane is Lane.PAPER]
        for batch in (*alone, *_batches([task for task in fresh if [task] not in alone])):
            self._bells.ring(batch, due[batch[0]].step, destination)
            rung.update(dict.fromkeys(batch, now))
        return len(rung) >= window

    def _sweep(self) -> None:
        if time.monotonic() - self._swept > SWEEP_EVERY:
            self._swept = time.monotonic()
            self._watch(datetime.now(UTC))


def _batches(queue: list[int]) -> list[list[int]]:
    """Divide the tasks: each its own bell while they are few, so that none waits for another."""
    size = max(1, min(BATCH, len(queue) // BATCH))
    return [queue[place : place + size] for place in range(0, len(queue), size)]
