"""From `250` to the ticket: latency at a steady rate, drain of a backlog, cold start and memory.

    python -m bench.road                 # everything, some minutes
    python -m bench.road latency drain   # parts of it

Mails for the drain are the real ones of the corpora where they are there (`--corpora`), otherwise the samples'.
"""

import argparse
import json
import multiprocessing
import os
import random
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.gateway import ROOT, Gateway, gateway, send

PLAIN = (
    "From: Иван Петров <ivan{n}@mail.example>\r\nTo: support@faultgate.localhost\r\nSubject: Нет интернета\r\n"
    "Message-ID: <{n}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\n"
    "Здравствуйте! Второй день не работает интернет, горит красная лампочка LOS.\r\n"
    "Адрес: г. Пенза, ул. Московская, д. {h}, кв. {n}. Договор № {a}.\r\n"
    "Петров Иван Сергеевич, тел. 8 (917) 340-22-18\r\n"
)
MAILDIRS = ("zammad-mail", "stalwart-eml", "mime4j-testmsgs", "rubymail-fixtures", "rt-emails", "enmime-testdata")
TICKETED = (
    "SELECT outcomes.at - reports.received_at, outcomes.at FROM outcomes JOIN deliveries ON"
    " deliveries.id = outcomes.delivery JOIN reports ON reports.id = deliveries.report"
    " WHERE outcomes.state = 'delivered'"
)


def plain(number: int) -> bytes:
    """Write one plain report."""
    return PLAIN.format(n=number, h=number % 90 + 1, a=100000 + number).encode()


def latency(rate: int, seconds: int, *, burners: int = 0) -> dict[str, float]:
    """Offer mails at random moments (Poisson) and measure connect → 250, and end of DATA → ticket, in ms."""
    accepts: list[float] = []
    burning = [multiprocessing.Process(target=_burn, daemon=True) for _ in range(burners)]
    with gateway() as one, ThreadPoolExecutor(64) as pool:
        one.start()
        for number in range(20):  # warm: the readers load what they need
            send(one.port, plain(1_000_000 + number), "warm@mail.example")
        _wait(one, 20)
        for process in burning:
            process.start()
        began, at = time.monotonic(), 0.0
        number = 0
        while at < seconds:
            at += random.expovariate(rate)
            time.sleep(max(0.0, began + at - time.monotonic()))
            pool.submit(_timed, one.port, number, accepts)
            number += 1
        pool.shutdown()
        _wait(one, 20 + number)
        for process in burning:
            process.kill()
        tickets = [row[0] / 1000 for row in one.ask(TICKETED + " AND reports.id > 20")]
    return {
        "mails": number, "accept_p50": _part(accepts, 50), "accept_p99": _part(accepts, 99),
        "ticket_p50": _part(tickets, 50), "ticket_p99": _part(tickets, 99),
    }  # fmt: skip


def _timed(port: int, number: int, accepts: list[float]) -> None:
    began = time.monotonic()
    send(port, plain(number), f"ivan{number}@mail.example")
    accepts.append((time.monotonic() - began) * 1000)


def _burn() -> None:
    """Fill a core as a reader of paper does: at its low priority."""
    os.nice(10)
    while True:
        sum(range(10_000))


def drain(mails: int, corpora: Path) -> dict[str, float]:
    """Take a backlog with the worker away, then measure how fast it becomes records while new mail is accepted."""
    real = [
        path.read_bytes() for folder in MAILDIRS for path in sorted((corpora / folder).rglob("*")) if _is_mail(path)
    ]
    real = real or [path.read_bytes() for path in sorted((ROOT / "sample/reports").glob("*.eml"))]
    with gateway() as one:
        one.start("doors")
        with ThreadPoolExecutor(20) as pool:
            for number in range(mails):
                pool.submit(
                    send, one.port, b"X-Bench: %d\r\n" % number + real[number % len(real)], f"s{number}@mail.example"
                )
        [(kept,)] = one.ask("SELECT COUNT(*) FROM reports")
        one.stop()
        one.start()
        began, accepts = time.monotonic(), list[float]()
        stop = threading.Event()
        newcomers = threading.Thread(target=_trickle, args=(one.port, accepts, stop))
        newcomers.start()
        waiting = "SELECT COUNT(*) FROM tasks WHERE done_at IS NULL AND last_error IS NULL"
        old = f" AND due_at <= (SELECT due_at FROM reports WHERE id = {kept})"
        while one.ask(f"{waiting} AND step = 'normalize'{old}") != [(0,)]:
            time.sleep(0.2)
        recorded = time.monotonic() - began
        while one.ask(waiting + old) != [(0,)]:
            time.sleep(0.2)
        took = time.monotonic() - began
        stop.set()
        newcomers.join()
        order = [row[0] for row in one.ask(f"SELECT report FROM records WHERE report <= {kept} ORDER BY made_at")]
    late = sum(1 for place, report in enumerate(order) if report < place - 300)
    return {
        "kept": kept, "per_second": round(kept / took, 1), "records_per_second": round(kept / recorded, 1),
        "out_of_order_by_over_300": late, "accept_p99": _part(accepts, 99),
    }  # fmt: skip


def _trickle(port: int, accepts: list[float], stop: threading.Event) -> None:
    number = 5_000_000
    while not stop.wait(0.1):
        number += 1
        _timed(port, number, accepts)


def _is_mail(path: Path) -> bool:
    return path.suffix in {".box", ".eml", ".msg", ".raw"} and path.stat().st_size < 300_000


def start_and_memory() -> dict[str, object]:
    """Measure a first start, a second one, and what an idle gateway keeps after some mails."""
    with gateway() as one:
        first = one.start()
        one.stop()
        second = one.start()
        for number in range(20):
            send(one.port, plain(number), "a@mail.example")
        _wait(one, 20)
        time.sleep(45)  # idle readers are let go after a while
        parts = one.memory()
    return {
        "first_start_s": round(first, 2), "cold_start_s": round(second, 2),
        "idle_mib": round(sum(parts.values()) / 1024, 1), "parts_kib": parts,
    }  # fmt: skip


def _wait(one: Gateway, tickets: int) -> None:
    deadline = time.monotonic() + 120
    while one.ask("SELECT COUNT(*) FROM outcomes WHERE state = 'delivered'")[0][0] < tickets:
        if time.monotonic() > deadline:
            raise RuntimeError("the tickets did not come")
        time.sleep(0.1)


def _part(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100)[percent - 1], 1) if len(values) > 1 else 0.0


def main() -> None:
    """Run the parts asked for; one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["start", "latency", "loaded", "drain"])
    parser.add_argument("--corpora", type=Path, default=ROOT / "../shared/corpora")
    parser.add_argument("--mails", type=int, default=10_000)
    arguments = parser.parse_args()
    runs: dict[str, Callable[[], object]] = {
        "start": start_and_memory,
        "latency": lambda: latency(50, 20),
        "loaded": lambda: latency(50, 20, burners=2),
        "drain": lambda: drain(arguments.mails, arguments.corpora),
    }
    for part in arguments.parts:
        print(json.dumps({part: runs[part]()}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
