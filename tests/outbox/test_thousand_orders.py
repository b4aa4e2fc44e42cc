"""A thousand orders over a line that breaks, by workers that are killed: each ticket once, each note once, in order."""

import random
import subprocess
import sys
from pathlib import Path

from tests.outbox.fakes.server import Asked, running
from tests.outbox.fakes.zammad import Zammad
from tests.outbox.faulty import FAULTS, Line, faulty
from tests.outbox.orders import REPORTS
from tests.outbox.situations import ticket

SEED = 5
FAULTY = 0.06  # of all exchanges
KILLS = 12


class SeededLine(Line):
    """Breaks by chance; now and then the worker is killed while its request is under way."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.chance = random.Random(SEED)
        self.worker: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def fault(self, asked: Asked) -> str:
        if asked.method != "GET" and self.kills < KILLS and self.chance.random() < 0.05 and self.worker is not None:
            self.kills += 1
            self.worker.kill()
        slow = {"late", "drips"}
        faults = [fault for fault in FAULTS if fault not in slow or self.chance.random() < 0.1]
        return self.chance.choice(faults) if self.chance.random() < FAULTY else ""


def test_every_order_arrives_once_and_in_its_order(tmp_path: Path) -> None:
    fake, token = Zammad(), tmp_path / "token"
    token.write_text("right")
    with running(fake) as upstream, faulty(upstream, SeededLine) as line:
        assert isinstance(line, SeededLine)
        ended = -1
        while ended != 0:
            words = ["-m", "tests.outbox.orders", line.url, str(tmp_path / "done"), str(SEED), str(token)]
            line.worker = subprocess.Popen([sys.executable, *words])
            ended = line.worker.wait(600)
            assert ended in {0, -9}

    assert line.kills == KILLS
    assert sorted(one["external_id"] for one in fake.tickets.values()) == [
        ticket(report).external_id for report in range(1, REPORTS + 1)
    ]
    for key, one in fake.tickets.items():
        report = int(one["external_id"].rpartition("-")[2])
        noted = [str(article["subject"]).split()[0] for article in fake.articles[key][1:]]
        assert noted == [ticket(report + later).external_id for later in (1000, 2000, 3000)]
        assert one["state"] == "closed"
