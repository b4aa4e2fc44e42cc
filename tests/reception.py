"""A reception for tests of doors: keeps arrivals in memory, and fails on demand."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from records.arrival import Arrival, Receipt, TryAgain
from records.chat import Heard
from records.numbers import number


class MemoryReception:
    """Takes reports like the archive does: same bytes and sender are one report, TryAgain when told to fail."""

    def __init__(self, spool: Path | None = None) -> None:
        self.arrivals: list[tuple[Arrival, bytes]] = []
        self.heard: list[Heard] = []
        self.memory: dict[tuple[str, str], str] = {}
        self.failing: Exception | None = None
        self.delay = 0.0
        self.duplicates = 0
        self._spool = spool or Path(tempfile.mkdtemp(prefix="faultgate-spool-"))

    async def accept(self, arrival: Arrival) -> Receipt:
        await asyncio.sleep(self.delay)
        if self.failing is not None:
            raise self.failing
        content = arrival.content if isinstance(arrival.content, bytes) else arrival.content.read_bytes()
        if isinstance(arrival.content, Path):
            arrival.content.unlink()
        known = [
            index
            for index, (earlier, _) in enumerate(self.arrivals, 1)
            if (earlier.sha256, earlier.envelope.sender) == (arrival.sha256, arrival.envelope.sender)
        ]
        if known:
            self.duplicates += 1
        else:
            self.arrivals.append((arrival, content))
        row = known[0] if known else len(self.arrivals)
        at = arrival.received_at
        due = at + timedelta(hours=2)
        return Receipt(id=number(row, at), report=row, received_at=at, due_at=due, duplicate=bool(known))

    async def hear(self, heard: Heard) -> None:
        await asyncio.sleep(self.delay)
        if self.failing is not None:
            raise self.failing
        if (heard.channel, heard.update) in {(one.channel, one.update) for one in self.heard}:
            self.duplicates += 1
        else:
            self.heard.append(heard)

    async def recall(self, channel: str, key: str) -> str | None:
        return self.memory.get((channel, key))

    async def remember(self, channel: str, key: str, value: str) -> None:
        self.memory[channel, key] = value

    def spool(self) -> Path:
        return self._spool


__all__ = ["MemoryReception", "TryAgain"]
