"""A worker that brings orders to a ticket system, to be killed at any moment.

`python -m tests.outbox.orders URL DONE SEED TOKEN`. What it has brought stands in the file DONE, as outcomes stand in
the archive; a killed one's successor goes on there.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from config.backends import Zammad
from config.secrets import Secret
from outbox import deliver
from outbox.backends import backend
from records.arrival import TryAgain
from records.deliveries import Delivery, Verb
from tests.outbox.rigs import tools
from tests.outbox.situations import ticket

REPORTS = 250  # each is opened, amended twice and withdrawn: 1,000 orders


def orders(seed: int) -> Iterator[tuple[Verb, int, int | None]]:
    """Mix the reports' orders; those of one report stay in their order."""
    chance = random.Random(seed)
    rows = {
        report: [
            (Verb.CREATE, report, None), (Verb.AMEND, report + 1000, report), (Verb.AMEND, report + 2000, report),
            (Verb.WITHDRAW, report + 3000, report),
        ]
        for report in range(1, REPORTS + 1)
    }  # fmt: skip
    while rows:
        report = chance.choice(list(rows)[:20])
        yield rows[report].pop(0)
        if not rows[report]:
            del rows[report]


def main(url: str, done: Path, seed: int, token: Path) -> None:
    desk = backend("desk", Zammad(url=url, token=Secret(file=str(token)), timeout=0.5), tools())
    known = set(done.read_text().splitlines()) if done.exists() else set()
    with done.open("a") as kept:
        for verb, report, after in orders(seed):
            key = f"{verb}/{report}"
            what = Delivery(id=1, report=report, verb=verb, backend="desk", key=key, ticket=ticket(report, after))
            while key not in known:
                try:
                    deliver(what, desk)
                except TryAgain:
                    continue
                kept.write(key + "\n")
                kept.flush()
                known.add(key)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
