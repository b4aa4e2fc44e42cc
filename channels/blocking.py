"""The thread and the reception of a door whose protocol library, or whose disk, blocks."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from records.arrival import Arrival, Receipt, Reception

T = TypeVar("T")

_GRACE = 10.0  # seconds for the report in hand when the door closes


class BlockingReception:
    """One channel's view of the reception from a thread: each call waits for the loop's answer."""

    def __init__(self, channel: str, reception: Reception, loop: asyncio.AbstractEventLoop) -> None:
        self._channel = channel
        self._reception = reception
        self._loop = loop

    def accept(self, arrival: Arrival) -> Receipt:
        """Keep one report for good. Raises TryAgain."""
        return self._wait(self._reception.accept(arrival))

    def recall(self, key: str) -> str | None:
        """Read back what the channel remembered under this key."""
        return self._wait(self._reception.recall(self._channel, key))

    def remember(self, key: str, value: str) -> None:
        """Keep one value for the channel for good."""
        self._wait(self._reception.remember(self._channel, key, value))

    def spool(self) -> Path:
        """Name the folder where a large original may be written."""
        return self._reception.spool()

    def _wait(self, answer: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(answer, self._loop).result()


async def in_thread(
    name: str, work: Callable[[], None], stopping: asyncio.Event, stop: Callable[[], None], cut: Callable[[], None]
) -> None:
    """Run a door's work in a thread of its own, and raise its error.

    When told to stop, `stop` lets it finish the report in hand; `cut` ends what hangs beyond the grace.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def run() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as caught:
            error = caught
        with suppress(RuntimeError):  # the loop may be closed when something kept us beyond the grace
            loop.call_soon_threadsafe(_end, ended, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    stopped = asyncio.create_task(stopping.wait())
    either: set[asyncio.Future[Any]] = {ended, stopped}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        stop()
    await asyncio.wait({ended}, timeout=_GRACE)
    if not ended.done():
        cut()
        await asyncio.wait({ended}, timeout=1)
    if ended.done():
        ended.result()


def _end(ended: asyncio.Future[None], error: BaseException | None) -> None:
    if ended.done():
        return
    if error is None:
        ended.set_result(None)
    else:
        ended.set_exception(error)
