"""Whether a slow backend holds up another: one that takes 2 s an answer, with 10,000 tickets waiting for it.

    python -m bench.slow_backend [--waiting 10000] [--seconds 2.0] [--orders 200] [--every 0.05] [--rounds 5]

A worker as it runs, on SQLite, with two webhooks: each report makes a delivery to one of them. The latency of the
quick one's deliveries, from the commit that makes one to the receiver's hearing of it, is taken in turns: with the
backlog of the slow one put off, and with all of it due. Both receivers are one process of their own.
"""

import argparse
import asyncio
import base64
import multiprocessing
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from msgspec.structs import replace

from classifier import Knowledge
from config.backends import Webhook
from config.secrets import Secret
from config.settings import Broker, Gateway, Replies, Settings, Storage
from gateway.bell import Listener
from gateway.bells import Bells
from gateway.dispatcher import Dispatcher
from gateway.labour import THREADS, backends, destinations
from normalizer.guard import Guard
from outbox.breaker import Breaker
from outbox.replies import Mailer
from records.deliveries import Delivery, Verb
from records.tasks import Step, Task
from storage import tasks
from storage.database import Database, Transaction
from storage.deliveries import add_delivery
from storage.opening import open_database, open_originals, prepare, reply_key
from storage.rows import micros
from tests.outbox.situations import ticket
from tests.storage.arrivals import arrival, intake
from worker import Road

_REPORT = 1  # every delivery is of one report: what counts here is where it goes


class Receiver(asyncio.Protocol):
    """Says yes after a pause, and tells when it heard of what."""

    def __init__(self, pause: float, told: Connection | None) -> None:
        self._pause, self._told = pause, told

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.heard = transport, b""

    def data_received(self, data: bytes) -> None:
        self.heard += data
        head, found, body = self.heard.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if found and len(body) >= length:
            self.heard = body[length:]
            if self._told is not None:
                self._told.send((msgspec.json.decode(body)["data"]["number"], time.time()))
            asyncio.get_running_loop().call_later(self._pause, self._answer)

    def _answer(self) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


def receive(ports: Connection, told: Connection, pause: float) -> None:
    async def serve() -> None:
        loop = asyncio.get_running_loop()
        slow = await loop.create_server(partial(Receiver, pause, None), "127.0.0.1", 0)
        quick = await loop.create_server(partial(Receiver, 0.0, told), "127.0.0.1", 0)
        ports.send([one.sockets[0].getsockname()[1] for one in (slow, quick)])
        await asyncio.gather(slow.serve_forever(), quick.serve_forever())

    asyncio.run(serve())


class House:
    """A worker's process, without doors and readers."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        key = folder / "secret"
        key.write_text("whsec_" + base64.b64encode(bytes(32)).decode())
        wired = {
            name: Webhook(url=f"http://127.0.0.1:{port}", secret=Secret(file=str(key)), timeout=30)
            for name, port in zip(("slow", "quick"), ports, strict=True)
        }
        self.settings = Settings(gateway=Gateway(data=str(folder)), storage=Storage(min_free=0), backends={**wired})
        gateway, storage = self.settings.gateway, self.settings.storage
        prepare(gateway, storage)
        self.database = open_database(gateway, storage)
        asyncio.run(intake(self.database, (gateway, storage)).accept(arrival()))
        lent = backends(self.settings, self.database)
        secret = reply_key(gateway)
        road = Road(
            settings=self.settings, database=self.database, originals=open_originals(gateway, storage), key=secret,
            guard=Guard(self.settings.readers), knowledge=Knowledge.load(),
            backends={name: Breaker(name, one) for name, one in lent.items()},
            mailer=Mailer(Replies(), gateway, secret),
        )  # fmt: skip
        own = destinations(self.settings)
        self.bells = Bells(road, Broker(), threads=THREADS, paper=1, destinations=own)
        self.dispatcher = Dispatcher(
            self.database, self.bells, Listener(folder), poll=0.1, watch=lambda _: None, paper=1, destinations=own
        )  # fmt: skip
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.dispatcher.run, args=(self.stopping,))

    def begin(self) -> None:
        self.database.write(lambda tx: tx.run("UPDATE tasks SET done_at = 1 WHERE done_at IS NULL"))
        self.bells.start()
        self.thread.start()

    def end(self) -> None:
        self.stopping.set()
        self.thread.join()
        self.bells.stop()
        self.database.close()


def _number(number: int) -> str:
    return f"{ticket(_REPORT).external_id}/{number}"


def order(tx: Transaction, number: int, backend: str, *, begun: bool) -> list[Task]:
    """Make one delivery, as a report's decision does; `begun`: the worker goes on with it at once."""
    what = replace(ticket(_REPORT), external_id=_number(number))
    made = Delivery(
        id=0, report=_REPORT, verb=Verb.CREATE, backend=backend, key=f"{backend}/{number}", ticket=what
    )  # fmt: skip
    row, due = add_delivery(tx, made, micros(datetime.now(UTC))), micros(datetime.now(UTC) + timedelta(hours=1))
    if row is None:
        return []
    if begun:
        return [tasks.add_begun(tx, Step.DELIVER, row, f"s{number}", due, destination=backend)]
    tasks.add(tx, Step.DELIVER, row, f"s{number}", due, destination=backend)
    return []


def latencies(house: House, told: Connection, first: int, orders: int, every: float) -> list[float]:
    """Make orders to the quick backend at a steady pace; give the milliseconds until it heard of each."""
    made: dict[str, float] = {}
    for number in range(first, first + orders):
        made[_number(number)] = time.time()
        begun = house.database.write(partial(order, number=number, backend="quick", begun=True))
        house.bells.hand_over(begun, "quick")
        time.sleep(every)
    heard = [told.recv() for _ in range(orders)]
    return [(at - made[number]) * 1000 for number, at in heard]


def fill(database: Database, waiting: int) -> None:
    """Have so many tickets wait for the slow one."""
    for start in range(0, waiting, 500):
        database.write(
            lambda tx, s=start: [order(tx, number, "slow", begun=False) for number in range(s, min(s + 500, waiting))]  # type: ignore[misc]
        )


def hold(tx: Transaction, *, held: bool) -> None:
    """Put the slow one's backlog off, or have all of it due."""
    until = micros(datetime.now(UTC) + timedelta(days=1)) if held else 0
    tx.run("UPDATE tasks SET not_before = :until WHERE done_at IS NULL AND destination = 'slow'", until=until)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--every", type=float, default=0.05)
    asked = parser.parse_args()
    ports_in, ports_out = multiprocessing.Pipe(duplex=False)
    told_in, told_out = multiprocessing.Pipe(duplex=False)
    receivers = multiprocessing.Process(target=receive, args=(ports_out, told_out, asked.seconds), daemon=True)
    receivers.start()
    alone, beside = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), ports_in.recv())
        house.begin()
        latencies(house, told_in, 1_000_000, 50, asked.every)  # warm
        fill(house.database, asked.waiting)
        for place in range(asked.rounds):
            for found, held, first in ((alone, True, 2_000_000), (beside, False, 3_000_000)):
                house.database.write(partial(hold, held=held))
                time.sleep(3 * asked.seconds)
                found.extend(latencies(house, told_in, first + place * asked.orders, asked.orders, asked.every))
        receivers.terminate()
        house.end()
    for name, found in (("alone", alone), (f"beside {asked.waiting} that wait for a slow one", beside)):
        cut = statistics.quantiles(found, n=20)
        print(f"{name}: median {statistics.median(found):.1f} ms, 95 % within {cut[18]:.1f} ms")


if __name__ == "__main__":
    main()
