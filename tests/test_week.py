"""A small week of the simulation (`bench/week.py` runs the full one): all is met, or warned of before it breaks."""

import logging
from pathlib import Path

import pytest

from bench.week import OUTAGE, week


def test_every_deadline_is_met_or_warned_of_before_it_breaks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    found = week(tmp_path / "data", 600)
    late = sum(count for its in found.promises.values() for what, count in its.items() if "late" in what)

    assert (found.reports, found.twice, found.open_tasks) == (600, 0, 0)
    assert (found.warned, found.unwarned, found.unaccounted) == (late, 0, 0)
    assert late > 10  # six hours without the ticket system, nights without clerks, repairs that take days
    assert OUTAGE[1] - OUTAGE[0] == 6 * 60
    assert found.promises["record"].keys() <= {"kept", "kept, late", "running, late"}
    assert sum(found.promises["dispatch"].values()) >= found.tickets
    assert found.provisional > 10
    assert 0 < found.notices <= found.told
