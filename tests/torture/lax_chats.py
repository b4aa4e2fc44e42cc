"""A planted fault: `lax_chats WIRING` is a doors' process that says yes before it has kept, as libraries do."""

import asyncio
import sys
from pathlib import Path

from channels import telegram
from config.wiring import load
from gateway.doors import run
from records.arrival import Reception

_hear = telegram.TelegramDoor._hear
_later: set[asyncio.Task[None]] = set()


async def _hear_later(self: telegram.TelegramDoor, reception: Reception, content: bytes) -> None:
    async def work() -> None:
        await asyncio.sleep(0.1)
        await _hear(self, reception, content)

    _later.add(asyncio.create_task(work()))


if __name__ == "__main__":
    telegram.TelegramDoor._hear = _hear_later  # type: ignore[method-assign]
    run(load(Path(sys.argv[1])))
