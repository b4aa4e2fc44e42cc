"""`faultgate outages replay`: how many false alarms each threshold would have raised on this desk's own history."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from classifier.outages import Rates, Sighting, Watch
from classifier.outages.watch import MEMORY
from config.settings import Settings
from gateway.listing import archive, table
from gateway.outages import learnt
from storage import outages

THRESHOLDS = range(8, 21)
TOLERATED = 1.0  # false alarms a week
_WEEK = timedelta(weeks=1)


def replay(settings: Settings, weeks: int) -> int:
    """Print the alarms a week of every threshold, and the lowest that may be wired. Raises LookupError for no history.

    What belonged to outages that people confirmed is left out, so every alarm counted is a false one.
    """
    now = datetime.now(UTC)
    with archive(settings) as database, database.read() as tx:
        rates, _ = learnt(tx, now)
        seen = [
            Sighting(report=one.report, at=one.at, who=one.who, path=one.path)
            for one in outages.quiet(tx, now - weeks * _WEEK)
        ]
    if not seen:
        raise LookupError("no report has a place on the network yet: there is nothing to replay")
    span = max(1.0, (now - seen[0].at) / _WEEK)
    told = {threshold: alarms(seen, rates, threshold) / span for threshold in THRESHOLDS}
    rows = [(str(threshold), f"{count:.2f}") for threshold, count in told.items()]
    sys.stdout.write(table([("threshold", "alarms a week"), *rows]))
    best = lowest(told)
    print(f"{len(seen)} reports in {span:.1f} weeks; [outages] threshold = {settings.outages.threshold:g} is wired")
    print(f"the lowest with at most one alarm a week: {best}" if best else "each of them raises more than one a week")
    return 0


def alarms(seen: Sequence[Sighting], rates: Rates, threshold: float) -> int:
    """Count the alarms of one threshold; each keeps its branch of the tree silent for two hours."""
    watch, opened, count = Watch(rates, threshold), dict[str, datetime](), 0
    for one in seen:
        for node in [node for node, at in opened.items() if at + MEMORY <= one.at]:
            watch.close(node)
            del opened[node]
        suspicion = watch.see(one)
        if suspicion is not None:
            watch.open(suspicion.node)
            opened[suspicion.node] = one.at
            count += 1
    return count


def lowest(told: dict[int, float]) -> int | None:
    """Give the lowest threshold from which on no higher one raises more than is tolerated; None: none of them."""
    best = None
    for threshold in sorted(told, reverse=True):
        if told[threshold] > TOLERATED:
            break
        best = threshold
    return best
