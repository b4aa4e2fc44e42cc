"""How many reports a node brings when nothing is wrong: learnt by the hour of the week, shrunk to what is above it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

HOURS = 168  # of a week, from Monday 0:00 UTC
#: Reports that must have been expected before what was counted weighs as much as what was expected.
_PRIOR = 4.0
#: The same for a node's part in the one above, by its size.
_SIZED = 20.0
_HOUR = timedelta(hours=1)

Counts = Mapping[tuple[str, int], int]  # (node, hour of the week) → reports in all weeks


def hour_of_week(at: datetime) -> int:
    """Give the hour of the week, 0 to 167, of a moment in UTC."""
    return at.weekday() * 24 + at.hour


class Rates:
    """Expected reports of every node. `sizes`: subscribers below a node, where they are known."""

    def __init__(self, counts: Counts, weeks: float, sizes: Mapping[str, int], *, floor: float = 1e-5) -> None:
        """`weeks`: for how long reports were counted; `floor`: reports an hour that any node brings at least."""
        self._counts = counts
        self._weeks = weeks
        self._sizes = sizes
        self._floor = floor
        self._totals: dict[str, int] = {}
        for (node, _), count in counts.items():
            self._totals[node] = self._totals.get(node, 0) + count
        self._known: dict[tuple[str, int], float] = {}

    def expected(self, path: tuple[str, ...], at: datetime, window: timedelta) -> list[float]:
        """Give what each node of a path, the smallest first, brings in a window that ends at `at`."""
        hour, hours = hour_of_week(at), window / _HOUR
        return [rate * hours for rate in self._path(path, hour)]

    def _path(self, path: tuple[str, ...], hour: int) -> list[float]:
        rates: list[float] = []
        above: float | None = None
        for place in range(len(path) - 1, -1, -1):
            node = path[place]
            rate = self._known.get((node, hour))
            if rate is None:
                rate = self._root(node, hour) if above is None else self._below(path, place, hour, above)
                self._known[node, hour] = rate
            rates.append(rate)
            above = rate
        return rates[::-1]

    def _root(self, node: str, hour: int) -> float:
        mean = self._totals.get(node, 0) / (HOURS * self._weeks) if self._weeks else 0.0
        return self._learnt(node, hour, mean)

    def _below(self, path: tuple[str, ...], place: int, hour: int, above: float) -> float:
        return self._learnt(path[place], hour, above * self._share(path[place], path[place + 1]))

    def _learnt(self, node: str, hour: int, prior: float) -> float:
        """Correct an expected rate by what was counted: the mean of a gamma distribution after the weeks seen."""
        counted = self._counts.get((node, hour), 0)
        return max(self._floor, prior * (_PRIOR + counted) / (_PRIOR + self._weeks * prior))

    def _share(self, node: str, parent: str) -> float:
        """Tell a node's part of the reports above it: by size where sizes are known, corrected by what was counted."""
        below, whole = self._totals.get(node, 0), self._totals.get(parent, 0)
        if not self._sizes.get(parent):
            return (below + 1.0) / (whole + _SIZED)
        size = self._sizes.get(node, 0) / self._sizes[parent]
        return size * (_SIZED + below) / (_SIZED + size * whole)
