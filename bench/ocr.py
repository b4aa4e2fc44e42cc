"""Pages a minute: our whole way (decoding, cleaning, way up, language, recognition, fields) and the bare engine.

    python -m bench.ocr                # 40 pages in four languages, three rounds
    python -m bench.ocr --pages 20

The same files for all: clean and noisy scans, fine faxes. `bare` is one `tesseract` with one thread a core, told the
right language; `threads` is as many, each with its default threads. Rounds alternate, so that whatever else the
machine does is shared; a ratio is of one round, the figure is the median.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from msgspec.structs import replace

from config.settings import Readers
from normalizer.guard import Guard
from normalizer.job import Job
from normalizer.paper.engine import NAMES
from tests.normalizer.paper.reading_pages import encoded, faxed
from tests.normalizer.test_guard import CONTEXT
from tests.page_texts import letter
from tests.pages import character_errors, fax, render, scan

Order = tuple[str, str, int]  # kind, language, seed
KINDS = ("clean", "scan", "fine")
CORES = len(os.sched_getaffinity(0))


def drawn(order: Order) -> bytes:
    """Make one page as a file."""
    kind, language, seed = order
    page = render(letter(language, seed).text, language, seed)
    if kind == "fine":
        return faxed(fax(page, seed))
    return encoded(page if kind == "clean" else scan(page, seed), "TIFF", dpi=(300, 300), compression="tiff_lzw")


def bare(files: dict[Order, Path], threads: int | None) -> dict[Order, str]:
    """Run the bare engine, one process a page, as many at once as there are cores."""
    environment = {**os.environ, **({"OMP_THREAD_LIMIT": str(threads)} if threads else {})}

    def one(order: Order) -> str:
        command: list[str] = ["tesseract", str(files[order]), "-", "-l", NAMES[order[1]]]
        done = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)
        return str(done.stdout)

    with ThreadPoolExecutor(CORES) as pool:
        return dict(zip(files, pool.map(one, files), strict=True))


def ours(files: dict[Order, Path], guard: Guard) -> dict[Order, str]:
    """Run guarded children; each page is a report of a channel that expects its language."""

    def one(order: Order) -> str:
        context = replace(CONTEXT, recognise=True, language=order[1])
        job = Job(content=files[order].read_bytes(), media_type="image/tiff", context=context)
        return guard.normalize(job, niced=True).reading.text

    with ThreadPoolExecutor(CORES) as pool:
        return dict(zip(files, pool.map(one, files), strict=True))


def timed(work: Callable[[], dict[Order, str]]) -> tuple[float, float]:
    """Give pages a minute, and the mean share of wrong characters."""
    began = time.monotonic()
    read = work()
    took = time.monotonic() - began
    wrong = [character_errors(letter(language, seed).text, text) for (_, language, seed), text in read.items()]
    return len(read) * 60 / took, statistics.mean(wrong)


def main() -> None:
    """Measure and print one JSON line a round, and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    orders = [(KINDS[n % 3], list(NAMES)[n // 3 % 4], n // 12) for n in range(arguments.pages)]
    rounds: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(CORES) as processes:
        files = {order: Path(folder, f"{number}.tif") for number, order in enumerate(orders)}
        for path, content in zip(files.values(), processes.map(drawn, orders), strict=True):
            path.write_bytes(content)
        for _ in range(arguments.rounds):
            rounds.append(_round(files))
            print(json.dumps(rounds[-1]), flush=True)
    print(json.dumps({"median": {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}}))


def _round(files: dict[Order, Path]) -> dict[str, float]:
    guard = Guard(Readers())
    try:
        ours(dict(list(files.items())[: 2 * CORES]), guard)  # warm: what runs all day has its engine loaded
        our, our_errors = timed(lambda: ours(files, guard))
    finally:
        guard.close()
    one, one_errors = timed(lambda: bare(files, 1))
    many, _ = timed(lambda: bare(files, None))
    return {
        "ours": round(our, 1), "bare": round(one, 1), "threads": round(many, 1),
        "to_bare": round(our / one, 2), "to_threads": round(our / many, 2),
        "our_errors": round(our_errors, 4), "bare_errors": round(one_errors, 4),
    }  # fmt: skip


if __name__ == "__main__":
    main()
