"""A supervisor that is killed takes its parts with it, at whatever moment; none is left to hold a port or a lock."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.torture.doors import wired
from tests.torture.house import House, eventually


@pytest.mark.parametrize("part", ["prepare", "doors", "worker", "desk"])
@pytest.mark.parametrize("late", [0.0, 0.05, 0.2], ids=["at once", "while it loads", "when it works"])
def test_no_part_outlives_its_supervisor(tmp_path: Path, part: str, late: float) -> None:
    wiring, _ = wired(tmp_path)
    house = House(wiring)
    house.start()
    try:
        eventually("the part is started", lambda: part in house.processes(), 30.0, 0.001)
        time.sleep(late)
        everybody = house.processes()
        supervisor, *unborn = everybody.pop("supervisor")  # a part between fork and exec looks like its parent
        os.kill(supervisor, signal.SIGKILL)
        parts = unborn + [pid for pids in everybody.values() for pid in pids]
        eventually("every part has ended", lambda: not any(_alive(pid) for pid in parts), 30.0)
    finally:
        house.stop()


def _alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
