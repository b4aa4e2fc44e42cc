"""F7: "250" is written to the wire only after everything that it promises is synced to the disk."""

import re
import sys
from pathlib import Path
from random import Random

import pytest

from tests.torture.doors import client, give, traced_doors, wired
from tests.torture.mails import Mail, mail
from tests.torture.strace import Call, calls, need_strace

_FILE = re.compile(r"\d+<(?P<path>/[^>]*)>")
_PATHS = re.compile(r'"(?P<one>/[^"]*)"(?:, "(?P<two>/[^"]*)")?')


class Disk:
    """What a power cut would take, as the trace goes on."""

    def __init__(self, unsynced: set[str]) -> None:
        self.unsynced = unsynced  # files with writes, and folders with new names, that no sync followed
        self.synced_log = False  # since the last answer
        self.violations: list[str] = []
        self.answers = 0

    def see(self, call: Call) -> None:
        match call.name:
            case "fsync" | "fdatasync" if call.ended and call.result == 0:
                self._synced(_path(call))
            case "write" | "pwrite64" if call.begun and _path(call):
                self._wrote(_path(call))
            case "mkdir" if call.ended and call.result == 0:
                self.unsynced.add(str(Path(_PATHS.search(call.text)["one"]).parent))  # type: ignore[index]
            case "unlink" if call.begun:
                self.unsynced.discard(_PATHS.search(call.text)["one"])  # type: ignore[index]
            case "rename" if call.begun:
                self._renamed(call)
        if call.begun and '"250 2.0.0 FR-' in call.text:
            self._answered()

    def _wrote(self, path: str) -> None:
        if path.endswith("-wal") or "/originals/" in path:
            self.unsynced.add(path)

    def _synced(self, path: str) -> None:
        self.unsynced.discard(path)
        self.synced_log |= path.endswith("-wal")

    def _renamed(self, call: Call) -> None:
        names = _PATHS.search(call.text)
        assert names is not None
        if names["one"] in self.unsynced:
            self.violations.append("renamed before its content was synced")
        self.unsynced.discard(names["one"])
        self.unsynced.add(str(Path(names["two"]).parent))

    def _answered(self) -> None:
        self.answers += 1
        if not self.synced_log:
            self.violations.append("answered and no log was synced")
        self.violations += [f"answered before {Path(path).name} was synced" for path in self.unsynced]
        self.synced_log = False
        self.unsynced.clear()


def _path(call: Call) -> str:
    found = _FILE.match(call.text)
    return found["path"] if found else ""


DOORS = ("faultgate", "part", "doors", "--config")
FEW = [mail(f"order{number}", Random(number), large=number % 2 == 1) for number in range(4)]


def _trace(wiring: Path, given: list[Mail], module: tuple[str, ...] = DOORS, unsynced: tuple[Path, ...] = ()) -> Disk:
    """Hand mails over to a traced doors' process; `unsynced`: what a crash before it had not synced."""
    need_strace()
    log = wiring.with_name("trace")
    with traced_doors([sys.executable, "-m", *module, str(wiring)], log) as port:
        session = client(port)
        assert [give(session, one)[0] for one in given] == [250] * len(given)
        session.quit()
    disk = Disk(set(map(str, unsynced)))
    for call in calls(log):
        disk.see(call)
    assert disk.answers == len(given)
    return disk


def test_answers_follow_syncs(tmp_path: Path) -> None:
    wiring, _ = wired(tmp_path)

    assert _trace(wiring, [*FEW, FEW[0], FEW[1]]).violations == []


def test_what_a_crash_left_unsynced_is_synced_for_the_resend(tmp_path: Path) -> None:
    """Killed after the rename: the file is there when the sender comes again, but its name may not be on the disk."""
    wiring, settings = wired(tmp_path)
    root = Path(settings.gateway.data) / "originals"
    target = root / "kept" / FEW[1].sha256
    target.write_bytes(FEW[1].content)

    assert _trace(wiring, [FEW[1]], unsynced=(target.parent,)).violations == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [("synchronous", "no log was synced"), ("folder", "answered before"), ("file", "renamed before")],
)
def test_a_missing_sync_is_caught(tmp_path: Path, fault: str, told: str) -> None:
    wiring, _ = wired(tmp_path)

    violations = _trace(wiring, FEW, ("tests.torture.lax_doors", fault)).violations

    assert any(told in one for one in violations)
