"""Many fax pages dropped at once: does mail keep flowing, do pages come out in the order of their due times, how large?

    python -m bench.paper_flood                       # 500 pages, mail at 5/s for a minute before and during
    python -m bench.paper_flood --pages 100 --seconds 30

Mail is timed from the end of DATA to its record. The pages are printed, faxed and noisy, no two alike.
"""

import argparse
import io
import json
import os
import random
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.gateway import Gateway, gateway, send
from bench.road import plain
from tests.page_texts import letter
from tests.pages import fax, render

MIB = 1024  # kB
LANGUAGES = ("ru", "en", "it", "ru")
RECORDED = "SELECT COUNT(*) FROM reports WHERE channel = '{}' AND id IN (SELECT report FROM records)"
LATENCY = (
    "SELECT records.made_at - reports.received_at FROM records JOIN reports ON reports.id = records.report"
    " WHERE reports.channel = 'mail' AND records.version = 1 AND reports.id > {}"
)
ORDER = (
    "SELECT reports.id, reports.due_at FROM records JOIN reports ON reports.id = records.report"
    " WHERE reports.channel = 'fax' AND records.version = 1 ORDER BY records.made_at"
)


class Memory(threading.Thread):
    """Notes the largest proportional set size of each process of the gateway, in kB."""

    def __init__(self, one: Gateway) -> None:
        super().__init__()
        self._one = one
        self._over = threading.Event()
        self.most: dict[str, int] = {}

    def run(self) -> None:
        while not self._over.wait(1.0):
            try:
                for name, size in self._one.memory().items():
                    self.most[name] = max(size, self.most.get(name, 0))
            except OSError:  # a child ended while it was looked at
                continue

    def end(self) -> None:
        self._over.set()
        self.join()


def pages(count: int) -> list[bytes]:
    """Make noisy faxes, each a G4 TIFF of its own."""
    printed = []
    for seed in range(min(count, 24)):
        language = LANGUAGES[seed % len(LANGUAGES)]
        page = fax(render(letter(language, seed).text, language, seed), seed, specks=0.001)
        out = io.BytesIO()
        page.save(out, "TIFF", compression="group4", dpi=(204, 196))
        printed.append(out.getvalue())
    return [printed[number % len(printed)] + b"%08d" % number for number in range(count)]


def drop(folder: Path, files: list[bytes]) -> None:
    """Write them beside the folder, received over the last hour in any order, and move all in at once."""
    beside = folder.with_name("received")
    beside.mkdir()
    now = time.time()
    for number, content in enumerate(files):
        path = beside / f"fax{number:05}.tif"
        path.write_bytes(content)
        age = random.uniform(10, 3600)
        os.utime(path, (now - age, now - age))
    for path in sorted(beside.iterdir()):
        path.rename(folder / path.name)


def mail(one: Gateway, rate: float, seconds: float, first: int) -> dict[str, float]:
    """Offer mails at random moments (Poisson); gives connect → 250 and end of DATA → record, in ms."""
    [(before,)] = one.ask("SELECT COALESCE(MAX(id), 0) FROM reports")
    [(already,)] = one.ask(RECORDED.format("mail"))
    accepts: list[float] = []
    sent = 0
    with ThreadPoolExecutor(32) as pool:
        began, at = time.monotonic(), 0.0
        while at < seconds:
            at += random.expovariate(rate)
            time.sleep(max(0.0, began + at - time.monotonic()))
            pool.submit(_timed, one.port, first + sent, accepts)
            sent += 1
    _until(one, "mail", already + sent)
    records = [row[0] / 1000 for row in one.ask(LATENCY.format(before))]
    return {
        "mails": sent,
        "accept_p50": _part(accepts, 50),
        "accept_p99": _part(accepts, 99),
        "record_p50": _part(records, 50),
        "record_p99": _part(records, 99),
    }


def flood(count: int, rate: float, seconds: float) -> dict[str, object]:
    """Measure mail alone, then mail among pages, then wait for the last page."""
    files = pages(count)
    with gateway() as one:
        folder = one.folder / "fax"
        folder.mkdir()
        with one.wiring.open("a") as wiring:
            wiring.write(f'[channels.fax]\nkind = "fax"\npath = "{folder}"\n')
        one.start()
        mail(one, 20, 3, 9_000_000)  # warm: the readers load what they need
        before = mail(one, rate, seconds, 1_000_000)
        memory = Memory(one)
        memory.start()
        drop(folder, files)
        began = time.monotonic()
        _until(one, "fax", 1)
        during = mail(one, rate, seconds, 2_000_000)
        [(amid,)] = one.ask(RECORDED.format("fax"))
        _until(one, "fax", count)
        took = time.monotonic() - began
        memory.end()
        due = [row[1] for row in one.ask(ORDER)]
    readers = [size / MIB for name, size in memory.most.items() if name.startswith("reader")]
    return {
        "mail_before": before,
        "mail_during": during,
        "pages_read_during": amid,
        "record_p50_ratio": round(during["record_p50"] / before["record_p50"], 2),
        "record_p99_ratio": round(during["record_p99"] / before["record_p99"], 2),
        "pages_per_minute": round(count * 60 / took, 1),
        "places_out_of_order_at_most": displaced(due),
        "largest_reader_mib": round(max(readers), 1),
        "other_parts_mib": round(sum(s for n, s in memory.most.items() if not n.startswith("reader")) / MIB, 1),
    }


def displaced(due: list[int]) -> int:
    """Tell by how many places the page that is farthest from its place in the order of due times is away from it."""
    places = {one: place for place, one in enumerate(sorted(due))}
    return max((abs(place - places[one]) for place, one in enumerate(due)), default=0)


def _timed(port: int, number: int, accepts: list[float]) -> None:
    began = time.monotonic()
    send(port, plain(number), f"ivan{number}@mail.example")
    accepts.append((time.monotonic() - began) * 1000)


def _until(one: Gateway, channel: str, count: int) -> None:
    last, moved = -1, time.monotonic()
    while (done := one.ask(RECORDED.format(channel))[0][0]) < count:
        if done != last:
            last, moved = done, time.monotonic()
        if time.monotonic() - moved > 180:
            raise RuntimeError(f"{channel}: {done} of {count} records, and no more come")
        time.sleep(0.1)


def _part(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100)[percent - 1], 1)


def main() -> None:
    """Run it and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    print(json.dumps(flood(arguments.pages, arguments.rate, arguments.seconds)), flush=True)


if __name__ == "__main__":
    main()
