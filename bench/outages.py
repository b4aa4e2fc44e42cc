"""How soon an outage is found, and how often one is seen that is none: a simulated network on a simulated clock.

2,160 houses of 60 subscribers (6 okrugs of 6 districts of 6 campuses of 10 houses). Without an outage 22 reports a day,
more in the evening, with bursts (the rate of an hour varies by 30 %), a fifth of them written twice. In an outage 2 %
of those below it write, after 48 minutes in the mean. The rates are learnt from weeks before.
"""

import argparse
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from classifier.outages import Rates, Sighting, Watch
from classifier.outages.rates import hour_of_week

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
SHAPE = (6, 6, 6, 10)
SUBSCRIBERS = 60
DAY = 22.0
PROFILE = [0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 0.7, 1.0, 1.2, 1.2, 1.1, 1.0, 1.0, 1.0, 1.0, 1.2, 1.5, 1.9, 2.2, 2.2, 1.8,
           1.2, 0.6]  # fmt: skip
SCALE = 24 / sum(PROFILE)


def house(number: int) -> tuple[str, ...]:
    """Give the path of a house."""
    campus, district, okrug = number // 10, number // 60, number // 360
    return (f"h{number}", f"c{campus}", f"d{district}", f"o{okrug}", "centre")


HOUSES = [house(number) for number in range(2160)]
SIZES: Counter[str] = Counter()
for nodes in HOUSES:
    for one in nodes:
        SIZES[one] += SUBSCRIBERS


def quiet(dice: random.Random, weeks: int, start: datetime) -> Iterator[Sighting]:
    """Give the reports of weeks without an outage, in order."""
    number = 0
    for hour in range(weeks * 168):
        begin = start + timedelta(hours=hour)
        mean = DAY / 24 * PROFILE[begin.hour] * SCALE * max(0.0, dice.gauss(1, 0.3))
        moments: list[float] = []
        while (gap := dice.expovariate(mean) if mean else 2.0) < 1 and (sum(moments) + gap) < 1:
            moments.append(gap)
        at = begin
        for gap in moments:
            at += timedelta(hours=gap)
            path = dice.choice(HOUSES)
            who = f"{path[0]}/{dice.randrange(SUBSCRIBERS)}"
            for _ in range(2 if dice.random() < 0.2 else 1):
                number += 1
                yield Sighting(report=number, at=at, who=who, path=path)


def outage(dice: random.Random, node: str, start: datetime) -> list[Sighting]:
    """Give what the subscribers below a node write when it fails."""
    found = []
    for path in HOUSES:
        if node in path:
            for flat in range(SUBSCRIBERS):
                if dice.random() < 0.02:
                    at = start + timedelta(minutes=dice.expovariate(1 / 48))
                    found.append(Sighting(report=-1, at=at, who=f"{path[0]}/{flat}", path=path))
    return sorted(found, key=lambda one: one.at)


def learn(history: list[Sighting], weeks: int) -> Rates:
    """Learn the rates; who writes twice counts once."""
    counts: Counter[tuple[str, int]] = Counter()
    last: dict[str, datetime] = {}
    for one in history:
        if one.who not in last or one.at - last[one.who] > timedelta(hours=2):
            for node in one.path:
                counts[node, hour_of_week(one.at)] += 1
        last[one.who] = one.at
    return Rates(counts, weeks, SIZES)


def false_alarms(rates: Rates, dice: random.Random, weeks: int, threshold: float) -> int:
    """Count the alarms of weeks without an outage; one holds its branch for two hours."""
    watch, raised = Watch(rates, threshold), 0
    open_until: dict[str, datetime] = {}
    for one in quiet(dice, weeks, START + timedelta(weeks=60)):
        for node in [node for node, until in open_until.items() if until < one.at]:
            watch.close(node)
            del open_until[node]
        found = watch.see(one)
        if found is not None:
            raised += 1
            watch.open(found.node)
            open_until[found.node] = one.at + timedelta(hours=2)
    return raised


def detection(
    rates: Rates, dice: random.Random, level: str, times: int, threshold: float
) -> tuple[list[float], int, int]:
    """Fail nodes of a level at daytime; gives the minutes until found, how often not, how often rightly named."""
    minutes, missed, right = [], 0, 0
    nodes = sorted({node for path in HOUSES for node in path if node.startswith(level)})
    for run in range(times):
        start = START + timedelta(weeks=100 + run, hours=dice.randrange(7, 23))
        node = dice.choice(nodes)
        watch = Watch(rates, threshold)
        background = [one for one in quiet(dice, 1, start - timedelta(hours=3)) if one.at < start + timedelta(hours=4)]
        found = None
        for one in sorted([*background, *outage(dice, node, start)], key=lambda each: each.at):
            told = watch.see(one)
            if told is not None and one.at >= start:
                found = told
                break
        if found is None:
            missed += 1
        else:
            minutes.append((found.at - start) / timedelta(minutes=1))
            right += found.node == node
    return minutes, missed, right


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=52, help="simulated without an outage, to count false alarms")
    parser.add_argument("--times", type=int, default=200, help="outages of each level")
    parser.add_argument("--thresholds", type=float, nargs="*", default=[12.0, 13.0, 14.0])
    asked = parser.parse_args()
    dice = random.Random(20261127)
    history = list(quiet(dice, 26, START))
    rates = learn(history, 26)
    began = time.perf_counter()
    watch = Watch(rates)
    for one in history:
        watch.see(one)
    print(f"one update: {(time.perf_counter() - began) / len(history) * 1e3:.4f} ms ({len(history)} reports)")
    for threshold in asked.thresholds:
        alarms = false_alarms(rates, random.Random(7), asked.weeks, threshold)
        print(f"threshold {threshold}: {alarms / asked.weeks:.2f} false alarms a week")
        for level, name in (("h", "house"), ("c", "campus"), ("d", "district"), ("o", "okrug")):
            minutes, missed, right = detection(rates, random.Random(11), level, asked.times, threshold)
            median = f"{statistics.median(minutes):.0f} min" if minutes else "-"
            share = len(minutes) / (len(minutes) + missed)
            print(f"  {name}: found {share:.0%}, median {median}, rightly named {right / max(1, len(minutes)):.0%}")


if __name__ == "__main__":
    main()
