"""Runs an asyncio server in a thread of its own, so that a test can look at it and tell it things."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Running:
    """`with Running(make) as running:` the server that `make` builds is open at `running.url`."""

    def __init__(self, make: Callable[[], Any], port: int = 0) -> None:
        self._make = make
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.server: Any = None
        self.url = ""

    def do(self, work: Callable[[], T]) -> T:
        """Run something in the server's loop, so that it happens between two requests."""

        async def doing() -> T:
            return work()

        return self.wait(doing())

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def __enter__(self) -> Self:
        self._thread.start()
        self.server = self.do(self._make)
        self.url = self.wait(self.server.start(port=self._port))
        return self

    def __exit__(self, *_: object) -> None:
        self.wait(self.server.stop())
        self.wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        """End what clients that were killed have left behind."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for one in left:
            one.cancel()
        await asyncio.gather(*left, return_exceptions=True)
