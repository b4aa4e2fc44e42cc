"""A week of a desk on a fake clock: every deadline is met, or warned of before it breaks; every miss is accounted for.

    python -m bench.week                  # 50,000 reports; some minutes
    python -m bench.week --reports 5000   # a smaller one

Everything is real but the readers (`tests.simulated`) and the disk's syncs: archive, road, clocks, rules of answering.
Two shifts of clerks finish what is doubtful, seniors what is passed on; the ticket system's people begin and repair;
it is away for six hours on Wednesday.
"""

import argparse
import heapq
import itertools
import json
import logging
import math
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from classifier import Knowledge
from config.clocks import Route, Warnings
from records.clocks import BROKEN
from records.numbers import report_of
from records.people import Person, Role
from records.standing import Level, State
from records.status import Status
from records.words import Order, Urgency
from storage import corrections, standings, versions
from storage.ringing import UNWARNED
from storage.standings import Filter
from tests.simulated import MONDAY, House, Letter, hasty, ticking

WEEK = 7 * 24 * 60  # minutes
OUTAGE = (2 * 24 * 60 + 10 * 60, 2 * 24 * 60 + 16 * 60)  # Wednesday, ten to sixteen o'clock
ROUTES = Warnings(
    routes={
        "desk": Route(role=Role.CLERK, mail="desk@isp.example"),
        "duty": Route(role=Role.SENIOR, mail="duty@isp.example"),
        "hotline": Route(role=Role.SUPERVISOR, mail="hotline@isp.example"),
    }
)
SHIFTS = ((7, 15), (14, 22))  # hours of the two shifts of clerks and seniors


class Told(Struct, frozen=True, kw_only=True):
    """What became of the week's promises."""

    reports: int
    tickets: int
    twice: int  # tickets of which there are two
    promises: dict[str, dict[str, int]]  # by kind: kept, running, given up; each also late
    warned: int  # broken, and warned of before
    unwarned: int  # broken, and the warning says that nobody was warned before
    unaccounted: int  # broken, and neither
    provisional: int
    repeated: int  # customers who asked again past their time
    notices: int  # to the three routes
    told: int  # warnings in them
    open_tasks: int


class Week:
    """The desk and all who come and work there."""

    def __init__(self, house: House, reports: int, seed: int) -> None:
        self.house, self.wanted = house, reports
        self.random = random.Random(seed)
        self.events: list[tuple[int, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.minute = 0
        self.clerks = [_person(number, Role.CLERK) for number in range(1, 1 + math.ceil(reports / 2500) * 2)]
        self.seniors = [_person(number, Role.SENIOR) for number in range(500, 500 + math.ceil(reports / 8000) * 2)]
        self.known: list[str] = []

    def run(self) -> None:
        """Let the week go by, minute by minute, and two days more in which nobody writes."""
        weights = [_busy(minute) for minute in range(WEEK)]
        arrivals = Counter(self.random.choices(range(WEEK), weights, k=self.wanted))
        for minute in range(WEEK + 2 * 24 * 60):
            self.minute, self.house.clock.now = minute, MONDAY + timedelta(minutes=minute)
            self.house.remote.away = OUTAGE[0] <= minute < OUTAGE[1]
            self._arrive(arrivals[minute])
            self.house.work()
            while self.events and self.events[0][0] <= minute:
                heapq.heappop(self.events)[2]()
            self._people()
            self.house.work()
            self._taken()
            self.house.look()
            self.house.work()

    def _later(self, minutes: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.events, (self.minute + max(1, int(minutes)), next(self._order), what))

    def _arrive(self, count: int) -> None:
        letters = [self._letter() for _ in range(count)]
        self.known += [receipt.id for receipt in self.house.arrive(letters)] if letters else []

    def _letter(self) -> tuple[Letter, str | None]:
        draw = self.random.random
        who = f"customer{self.random.randrange(10**6)}@mail.example"
        if self.known and draw() < 0.08:
            order = self.random.choice((Order.FOLLOW_UP, Order.PROGRESS, Order.PROGRESS, Order.WITHDRAWAL))
            return Letter(who=who, order=order, repeated=draw() < 0.5), self.random.choice(self.known[-20_000:])
        urgency = Urgency.URGENT if draw() < 0.05 else Urgency.CONTROL if draw() < 0.05 else Urgency.NORMAL
        return Letter(who=who, urgency=urgency, doubtful=draw() < 0.25), None

    def _people(self) -> None:
        """Let each who is on shift and idle take the next report: a clerk for five minutes, a senior for eight."""
        for people, level, minutes in ((self.clerks, Level.CLERK, 5), (self.seniors, Level.SENIOR, 8)):
            half = len(people) // 2
            at_work = [one for place, one in enumerate(people) if _on_shift(self.minute, place >= half)]
            idle = [one for one in at_work if (self.minute + one.id) % minutes == 0]
            if idle:
                with self.house.database.read() as tx:
                    waiting = standings.queue(tx, Filter(states=(State.REVIEW,), level=level), len(idle))
                for one, standing in zip(idle, waiting, strict=False):
                    self._finish(one, standing.report)

    def _finish(self, by: Person, report: int) -> None:
        at = self.house.clock.now
        if by.role is Role.CLERK and self.random.random() < 0.1:
            work = partial(corrections.pass_on, report=report, by=by, at=at, reason="трудный случай")
            self.house.database.write(work)
            return
        with self.house.database.read() as tx:
            version = versions.newest(tx, report)
        if version is not None:
            correct = partial(corrections.correct, report=report, base=version.version, record=version.record,
                              by=by, at=at, approval=False)  # fmt: skip
            self.house.database.write(correct)

    def _taken(self) -> None:
        """Let the ticket system's people begin, and repair: most within their time, some far too late."""
        for _, ticket in self.house.remote.taken:
            report = report_of(ticket) or 0
            begin = self.random.lognormvariate(math.log(60), 0.9)
            repair = begin + self.random.lognormvariate(math.log(14 * 60), 1.0)
            self._later(begin, partial(self._stand, report, Status.IN_PROGRESS))
            if self.random.random() < 0.05:
                self._later((begin + repair) / 2, partial(self._stand, report, Status.HELD))
            self._later(repair, partial(self._stand, report, Status.RESOLVED))
        self.house.remote.taken.clear()

    def _stand(self, report: int, to: Status) -> None:
        row = self.house.rows(
            "SELECT status FROM status_changes WHERE report = :report ORDER BY id DESC LIMIT 1", report=report
        )
        if not row or row[0]["status"] not in ("cancelled", "resolved"):
            self.house.stands(report, to)


def told(house: House) -> Told:
    """Count what became of every promise, and look for each broken one whether somebody was warned before it broke."""
    promises: dict[str, Counter[str]] = {}
    broken = Counter[str]()
    warned = house.rows("SELECT report, kind, round, stage, at, due_at, note FROM warnings")
    before = {(row["report"], row["kind"]) for row in warned if row["stage"] < BROKEN and row["at"] <= row["due_at"]}
    after = {(row["report"], row["kind"]): row["note"] for row in warned if row["stage"] == BROKEN}
    for row in house.rows("SELECT * FROM promises"):
        promises.setdefault(row["kind"], Counter())[_ended(row)] += 1
        if row["broken_at"] is not None:
            key = (row["report"], row["kind"])
            told_late = after.get(key) == UNWARNED
            broken["warned" if key in before else "unwarned" if told_late else "unaccounted"] += 1
    created = [name for verb, name, _ in house.remote.effects if verb == "create"]
    one = partial(_number, house)
    return Told(
        reports=one("SELECT COUNT(*) AS n FROM reports"), tickets=len(created),
        twice=len(created) - len(set(created)), promises={kind: dict(its) for kind, its in promises.items()},
        warned=broken["warned"], unwarned=broken["unwarned"], unaccounted=broken["unaccounted"],
        provisional=one("SELECT COUNT(*) AS n FROM deliveries WHERE kind = 'provisional'"),
        repeated=one("SELECT COUNT(*) AS n FROM warnings WHERE stage > 100"),
        notices=one("SELECT COUNT(*) AS n FROM deliveries WHERE verb = 'warn'"),
        told=sum(len(one.notice.lines) + one.notice.more for one in house.voice.told if one.notice),
        open_tasks=one("SELECT COUNT(*) AS n FROM tasks WHERE done_at IS NULL"),
    )  # fmt: skip


def _ended(row: dict[str, Any]) -> str:
    word = "kept" if row["kept_at"] is not None else "given up" if row["ended_at"] is not None else "running"
    return f"{word}, late" if row["broken_at"] is not None else word


def _number(house: House, sql: str) -> int:
    return int(house.rows(sql)[0]["n"])


def _busy(minute: int) -> float:
    """Tell how many write at a minute of the week, against others: fewest at night and at the weekend."""
    hour, day = minute // 60 % 24, minute // (24 * 60)
    return (1 + 4 * max(0.0, math.sin(math.pi * (hour - 6) / 16))) * (0.5 if day > 4 else 1.0)


def _on_shift(minute: int, late: bool) -> bool:  # noqa: FBT001 - which of the two
    begins, ends = SHIFTS[late]
    return begins <= minute // 60 % 24 < ends


def _person(number: int, role: Role) -> Person:
    return Person(id=number, login=f"{role}{number}", name=str(number), role=role, created_at=MONDAY)


def week(folder: Path, reports: int, seed: int = 5) -> Told:
    """Run a week; gives what became of it."""
    house = House(folder, Knowledge.load(), warnings=ROUTES)
    with hasty(), ticking(house.clock):
        Week(house, reports, seed).run()
        found = told(house)
    house.close()
    return found


def main() -> None:
    """Run the week and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # alarms are what is counted
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = week(Path(folder) / "data", given.reports, given.seed)
    print(json.dumps(asdict(found), indent=2))
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
