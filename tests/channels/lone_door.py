"""The SMTP door in a process of its own, so that its memory can be measured: it counts what it takes, and drops it.

Run: python -m tests.channels.lone_door SPOOL
"""

import asyncio
import sys
from pathlib import Path

import uvloop

from channels.smtp import SmtpDoor
from config.settings import Gateway, Smtp
from records.arrival import Arrival, Receipt
from records.chat import Heard


class Dropping:
    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._taken = 0

    async def accept(self, arrival: Arrival) -> Receipt:
        self._taken += 1
        at = arrival.received_at
        return Receipt(id=f"{arrival.size}-{arrival.sha256}", report=self._taken, received_at=at, due_at=at)

    async def hear(self, heard: Heard) -> None:
        raise NotImplementedError

    async def recall(self, channel: str, key: str) -> str | None:
        raise NotImplementedError

    async def remember(self, channel: str, key: str, value: str) -> None:
        raise NotImplementedError

    def spool(self) -> Path:
        return self._spool


def say(address: str) -> None:
    print(address, flush=True)  # noqa: T201 (the test reads it)


async def main() -> None:
    settings = Smtp(port=0, max_connections_per_peer=200)
    door = SmtpDoor("mail", settings, Gateway())
    await door.serve(Dropping(Path(sys.argv[1])), asyncio.Event(), say)


if __name__ == "__main__":
    uvloop.run(main())
