"""F27: the database server itself is killed while reports are kept; what it said yes to is there when it is back.

The server is one that promises before it has synced, unless a session asks for more.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from config.settings import Gateway, Storage
from records.arrival import TryAgain
from storage.intake import Intake
from storage.opening import open_database, prepare
from tests.storage.arrivals import arrival
from tests.torture.mails import Mail, mails
from tests.torture.oracle import Ledger, found, judge
from tests.torture.postgres import Server, server

KILLS = 3


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with server() as one:
        yield one


def test_nothing_promised_is_lost(postgres: Server, tmp_path: Path) -> None:
    gateway, storage = Gateway(data=str(tmp_path / "data")), Storage(url=postgres.url)
    prepare(gateway, storage)
    database = open_database(gateway, storage)
    reception = Intake(database, None, {"mail": timedelta(hours=2)}, timedelta(days=7), lambda: None)
    letters, ledger, chance = mails(27, 400), Ledger(), Random(27)
    tries = 0

    async def send(mail: Mail) -> None:
        nonlocal tries
        ledger.attempted[mail.sha256] = mail
        while mail.sha256 not in ledger.acknowledged:
            tries += 1
            try:
                await reception.accept(arrival(mail.content, sender=mail.sender))
                ledger.acknowledged.add(mail.sha256)
            except TryAgain:
                await asyncio.sleep(0.1)

    async def kill() -> None:
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.1, 0.3))
            await asyncio.to_thread(postgres.kill)
            await asyncio.to_thread(postgres.start)

    async def all_of_them() -> None:
        killing = asyncio.create_task(kill())
        waiting = list(letters)

        async def one_server() -> None:
            while waiting:
                await send(waiting.pop())
                await asyncio.sleep(0.01)

        await asyncio.gather(killing, *(one_server() for _ in range(4)))

    asyncio.run(asyncio.wait_for(all_of_them(), 120))
    there = found(database, gateway, storage)
    database.close()
    judge(ledger, there)
    assert len(ledger.acknowledged) == len(there) == 400
    assert tries > 400, "no kill met anybody"
