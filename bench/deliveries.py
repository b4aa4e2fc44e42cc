"""What a delivery costs us: tickets to a webhook receiver that answers at once, over loopback.

    python -m bench.deliveries [--deliveries 6000] [--threads 6] [--runs 3]

The receiver is a process of its own. CPU is all of ours, from the ticket to the answer: search in the ledger, message,
signature, exchange; without the archive's transactions, which `bench.road` measures.
"""

import argparse
import asyncio
import base64
import multiprocessing
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from config.backends import Webhook
from config.secrets import Secret
from config.settings import Gateway
from outbox import deliver
from outbox.backends import Backend, Tools, backend
from outbox.backends.builtin import MemoryShelf
from records.deliveries import Delivery, Verb
from tests.outbox.situations import ticket


class Nobody:
    """A ledger in which nothing has left."""

    def number_of(self, _: str, __: str) -> str | None:
        return None

    def withdrawn(self, _: str, __: str) -> bool:
        return False


class Receiver(asyncio.Protocol):
    """Says yes to every request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.heard = transport, b""

    def data_received(self, data: bytes) -> None:
        self.heard += data
        head, found, body = self.heard.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if found and len(body) >= length:
            self.heard = body[length:]
            assert isinstance(self.transport, asyncio.WriteTransport)
            self.transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


def receive(port: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def wired(port: int, folder: Path) -> Backend:
    secret = folder / "secret"
    secret.write_text("whsec_" + base64.b64encode(bytes(32)).decode())
    tools = Tools(gateway=Gateway(), shelf=MemoryShelf(), ledger=Nobody(), now=lambda: datetime.now(UTC))
    return backend("desk", Webhook(url=f"http://127.0.0.1:{port}", secret=Secret(file=str(secret))), tools)


def run(desk: Backend, deliveries: int, threads: int) -> tuple[float, float]:
    """Give deliveries per second and milliseconds of CPU of each."""
    orders = [
        Delivery(id=row, report=row, verb=Verb.CREATE, backend="desk", key=str(row), ticket=ticket(row))
        for row in range(1, deliveries + 1)
    ]
    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda order: deliver(order, desk), orders):
            pass
    return deliveries / (time.perf_counter() - started), (time.process_time() - cpu) / deliveries * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=6000)
    parser.add_argument("--threads", type=int, default=6)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    told, tell = multiprocessing.Pipe(duplex=False)
    receiver = multiprocessing.Process(target=receive, args=(tell,), daemon=True)
    receiver.start()
    with tempfile.TemporaryDirectory() as folder:
        desk = wired(told.recv(), Path(folder))
        run(desk, 500, asked.threads)  # warm
        runs = [run(desk, asked.deliveries, asked.threads) for _ in range(asked.runs)]
    receiver.terminate()
    rate, cpu = (statistics.median(one) for one in zip(*runs, strict=True))
    print(f"{rate:.0f} deliveries/s, {cpu:.2f} ms of CPU each")


if __name__ == "__main__":
    main()
