"""Runs a door in an event loop of its own thread, so that a test can do things to it step by step."""

import asyncio
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from channels import Door
from records.arrival import Reception


class Serving:
    """`with Serving(door, reception) as serving:` the door is open; at the end it is closed, and its error raised."""

    def __init__(self, door: Door, reception: Reception) -> None:
        self._door = door
        self._reception = reception
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._error: BaseException | None = None
        self.opened: list[str] = []
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._door.serve(self._reception, self._stopping, self.opened.append))
        except BaseException as error:
            self._error = error

    def wait(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait until the condition holds; fail when the door ends or the (generous) time is over."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self._thread.is_alive(), f"the door has closed: {self._error}"
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.02)

    def stop(self) -> None:
        """Tell the door to close."""
        self._loop.call_soon_threadsafe(self._stopping.set)

    def join(self) -> None:
        """Wait until the door closes by itself, and raise its error."""
        self._thread.join(30)
        if self._error is not None:
            raise self._error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._thread.is_alive():
            self.stop()
        self._thread.join(30)
        assert not self._thread.is_alive(), "the door does not close"
        self._loop.close()
        if error is None and self._error is not None:
            raise self._error
