"""The desk's pages over a full archive: 95th percentile of each, one clerk alone and four at once, on both databases.

    python -m bench.desk [--reports 100000] [--requests 300] [--postgres postgresql://root@127.0.0.1:5432]

Each figure is told as a ratio to an empty FastAPI handler, too, which the same clients ask in the same run; and with
the processor time of the desk for one page, which other load on the machine does not change.
"""

import argparse
import http.client
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from bench.archive_of import archive_of
from bench.desk_server import LOGIN, PASSWORD
from bench.gateway import ROOT
from config.settings import Gateway, Storage
from records.standing import State
from storage import standings
from storage.database import Database
from storage.opening import open_database, prepare

CLERKS = 4
WARM = 20  # pages before the clock runs
GOALS = {"queue": 150, "review": 150, "report": 150, "search": 300}  # ms, 95 %


class Clerk:
    """One browser that keeps its connection."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._cookie = self._csrf = ""

    def sign_in(self) -> "Clerk":
        """Begin a session."""
        answer, _ = self._ask("POST", "/sign-in", urlencode({"login": LOGIN, "password": PASSWORD}))
        self._cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        _, text = self._ask("GET", "/upload")
        self._csrf = text.partition('data-csrf="')[2].partition('"')[0]
        return self

    def page(self, path: str) -> float:
        """Give the milliseconds of one page, read to its end."""
        began = time.perf_counter()
        answer, _ = self._ask("GET", path)
        taken = (time.perf_counter() - began) * 1000
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: {answer.status}")
        return taken

    def search(self, text: str) -> float:
        """Give the milliseconds of a search, from what was typed to its results."""
        began = time.perf_counter()
        answer, _ = self._ask("POST", "/search", urlencode({"csrf": self._csrf, "text": text}))
        self.page(answer.getheader("location") or "/")
        return (time.perf_counter() - began) * 1000

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[http.client.HTTPResponse, str]:
        headers = {"cookie": self._cookie, "accept": "text/html"}
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer, answer.read().decode()


@contextmanager
def desk(folder: str, storage: Storage) -> Iterator[tuple[str, str, int]]:
    """Serve the desk; gives its address, the empty handler's, and the process."""
    command = [sys.executable, "-m", "bench.desk_server", folder, *([storage.url] if storage.url else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.stdout.readline().strip(), process.pid
        process.stdin.close()


def errands(database: Database) -> dict[str, Callable[[Clerk, random.Random], float]]:
    """What clerks ask for: any report of the archive, words and numbers that stand in it."""
    wanted = standings.Filter(states=(State.SETTLED, State.REVIEW))
    with database.read() as tx:
        known = standings.queue(tx, wanted, 5000)
    ids = [one.id for one in known]
    words = [word for one in known for word in f"{one.about} {one.reporter or ''}".split()[:12]]
    queues = ("/", "/?state=review", "/?state=settled", "/?service=iptv")
    return {
        "queue": lambda clerk, rng: clerk.page(rng.choice(queues)),
        "review": lambda clerk, rng: clerk.page(f"/reports/{rng.choice(ids)}/review"),
        "report": lambda clerk, rng: clerk.page(f"/reports/{rng.choice(ids)}"),
        "search": lambda clerk, rng: clerk.search(rng.choice([*rng.sample(words, 2), " ".join(rng.sample(words, 2))])),
    }


def processor(pid: int) -> float:
    """Give the processor time of a process in milliseconds (proc(5), fields 14 and 15 of stat)."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measured(ask: Callable[[Clerk, random.Random], float], clerks: list[Clerk], requests: int) -> float:
    """Give the 95th percentile over all clerks, each asking one page after the other."""

    def work(clerk: Clerk) -> list[float]:
        rng = random.Random(secrets.token_bytes(8))
        return [ask(clerk, rng) for _ in range(WARM + requests // len(clerks))][WARM:]

    with ThreadPoolExecutor(len(clerks)) as pool:
        times = sorted(time for one in pool.map(work, clerks) for time in one)
    return times[round(len(times) * 0.95) - 1]


def tell(profile: str, folder: str, storage: Storage, requests: int) -> None:
    """Print one line for each page."""
    database = open_database(Gateway(data=folder), storage)
    asked = errands(database)
    with desk(folder, storage) as (address, nothing, pid):
        for number in (1, CLERKS):
            bare = measured(lambda clerk, _: clerk.page("/"), [Clerk(nothing) for _ in range(number)], requests)
            clerks = [Clerk(address).sign_in() for _ in range(number)]
            for name, ask in asked.items():
                before = processor(pid)
                p95 = measured(ask, clerks, requests)
                each = (processor(pid) - before) / (number * (WARM + requests // number))
                print(
                    f"{profile:10} {name:7} {number} clerk(s)  p95 {p95:6.1f} ms (goal {GOALS[name]})"
                    f"  {p95 / bare:5.1f} × an empty handler ({bare:.2f} ms)"
                    f"  {each:5.1f} ms of processor", flush=True,
                )  # fmt: skip
    database.close()


def main() -> None:
    """Fill an archive in each profile and measure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--reports", type=int, default=100_000)
    words.add_argument("--requests", type=int, default=300)
    words.add_argument("--postgres", default="postgresql://root@127.0.0.1:5432")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, postgres(given.postgres) as url:
        for profile, storage in (("sqlite", Storage(min_free=0)), ("postgresql", Storage(url=url))):
            prepare(Gateway(data=folder), storage)
            database = open_database(Gateway(data=folder), storage)
            archive_of(database, given.reports, datetime.now(UTC))
            database.close()
            tell(profile, folder, storage, given.requests)


@contextmanager
def postgres(server: str) -> Iterator[str]:
    """Give the address of an empty database."""
    name = f"faultgate_bench_{secrets.token_hex(4)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


if __name__ == "__main__":
    main()
