"""The watch over the network: a likelihood ratio for every node above a report, in several windows (Kulldorff's scan).

For `n` subscribers who reported where `m` were to be expected, the logarithm of the likelihood ratio is
`n ln(n / m) − (n − m)`. Each report touches only the nodes above it, so an update costs some microseconds.
"""

import math
from collections import deque
from datetime import datetime, timedelta

from msgspec import Struct

from classifier.outages.rates import Rates

WINDOWS = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120))
MEMORY = max(WINDOWS)
#: See `bench.outages`: 14 was measured to give no false alarm in simulated weeks.
THRESHOLD = 14.0
_NEAR = 1.0  # a smaller node whose ratio is within this of the greatest one is named
_FEWEST = 2  # subscribers


class Sighting(Struct, frozen=True, kw_only=True):
    """One subscriber's report, placed on the network."""

    report: int
    at: datetime  # aware UTC, when it reached the company
    who: str  # the subscriber: account, flat or sender
    path: tuple[str, ...]  # nodes from the smallest up to the centre


class Suspicion(Struct, frozen=True, kw_only=True):
    """A node under which something seems to have failed for many."""

    node: str
    path: tuple[str, ...]  # from the node up
    since: datetime  # of the first report that counts for it
    at: datetime
    score: float  # logarithm of the likelihood ratio
    expected: float  # reports in the window that told
    reports: tuple[int, ...]


class Watch:
    """What was seen in the last two hours. Not thread-safe: one owner feeds it in the order of arrival."""

    def __init__(self, rates: Rates, threshold: float = THRESHOLD) -> None:
        self.rates = rates
        self._threshold = threshold
        self._seen: dict[str, deque[Sighting]] = {}
        self._heard: dict[str, datetime] = {}
        self._active: set[str] = set()

    def outage_over(self, path: tuple[str, ...]) -> str | None:
        """Give the node of the active outage that a path runs through; None where there is none."""
        return next((node for node in path if node in self._active), None)

    def open(self, node: str) -> None:
        """Take an outage as known: what is seen under it belongs to it, and counts for nothing above."""
        self._active.add(node)
        below = [sighting for sighting in self._seen.get(node, ()) if node in sighting.path]
        for sighting in below:
            for above in sighting.path:
                if sighting in self._seen.get(above, ()):
                    self._seen[above].remove(sighting)

    def close(self, node: str) -> None:
        """The outage is over: what is seen under it counts again."""
        self._active.discard(node)

    def see(self, sighting: Sighting) -> Suspicion | None:
        """Take one report in; gives the suspicion that it raises, if any.

        A subscriber counts once in two hours, by whatever channels he writes. What lies under an active outage raises
        nothing.
        """
        if self._repeated(sighting) or self.outage_over(sighting.path):
            return None
        for node in sighting.path:
            seen = self._seen.setdefault(node, deque())
            while seen and seen[0].at <= sighting.at - MEMORY:
                seen.popleft()
            seen.append(sighting)
        return self._suspected(sighting)

    def _repeated(self, sighting: Sighting) -> bool:
        before = self._heard.get(sighting.who)
        if before is not None and sighting.at - before < MEMORY:
            return True
        self._heard[sighting.who] = sighting.at
        if len(self._heard) > 100_000:
            self._heard = {who: at for who, at in self._heard.items() if sighting.at - at < MEMORY}
        return False

    def _suspected(self, sighting: Sighting) -> Suspicion | None:
        """Name the smallest node whose ratio is near the greatest one, where that is above the threshold."""
        scores = [(0.0, MEMORY, 0.0)] * len(sighting.path)
        for window in WINDOWS:
            expected = self.rates.expected(sighting.path, sighting.at, window)
            for place, node in enumerate(sighting.path):
                score = _ratio(self._count(node, sighting.at - window), expected[place])
                if score > scores[place][0]:
                    scores[place] = (score, window, expected[place])
        greatest = max(score for score, _, _ in scores)
        if greatest < self._threshold:
            return None
        place = next(place for place, (score, _, _) in enumerate(scores) if score >= greatest - _NEAR)
        score, window, expected_there = scores[place]
        path = sighting.path[place:]
        told = [one for one in self._seen[path[0]] if one.at > sighting.at - window]
        return Suspicion(
            node=path[0], path=path, since=told[0].at, at=sighting.at, score=round(score, 2),
            expected=round(expected_there, 4), reports=tuple(one.report for one in told),
        )  # fmt: skip

    def _count(self, node: str, after: datetime) -> int:
        count = 0
        for sighting in reversed(self._seen[node]):
            if sighting.at <= after:
                break
            count += 1
        return count


def _ratio(count: int, expected: float) -> float:
    if count < _FEWEST or count <= expected:
        return 0.0
    return count * math.log(count / expected) - (count - expected)
