"""The reception for doors whose protocol library blocks and so runs in a thread of its own."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from records.arrival import Arrival, Receipt, Reception

T = TypeVar("T")


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
