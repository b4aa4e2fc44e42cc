"""F1, F36: killed at every system call of accepting, nothing promised is lost and nothing half is seen."""

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from storage.intake import Intake
from storage.opening import open_originals, prepare
from tests.torture.accepting import STORAGE, Errand, Task, _one
from tests.torture.mails import Mail, mail
from tests.torture.oracle import Ledger, found, judge, restarted
from tests.torture.strace import PATIENCE, broken, need_strace

#: What changes or syncs the disk, or speaks to somebody.
CALLS = (
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "mkdir",
    "rename",
    "unlink",
    "ftruncate",
    "flock",
    "sendto",
)
MOST = 150  # kill points of one call; a scenario that has more must be made smaller


class Nursery:
    """The warm process whose children are killed."""

    def __init__(self, module: str = "tests.torture.accepting") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def killed(self, errand: Task, call: str, when: int) -> bool:
        """Run an errand whose `call` number `when` (of any of its threads) kills it; tells whether it came so far."""
        pid = int(self._ask(msgspec.json.encode(errand).decode()))
        with broken(pid, call, f"signal=KILL:when={when}"):
            Path(errand.folder, "go").touch()
            status = int(self._ask(None))
        assert status in {0, signal.SIGKILL}, f"the child failed by itself: {status}"
        return status != 0

    def run(self, errand: Task) -> None:
        """Run an errand to its end."""
        Path(errand.folder, "go").touch()
        self._ask(msgspec.json.encode(errand).decode())
        assert int(self._ask(None)) == 0

    def _ask(self, line: str | None) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if line is not None:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        return self._process.stdout.readline()

    def close(self) -> None:
        self._process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    need_strace()
    one = Nursery()
    yield one
    one.close()


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A folder with an empty archive, to be copied for each kill."""
    errand = Errand(str(tmp_path / "prepared"), [])
    prepare(errand.gateway, STORAGE)
    return tmp_path / "prepared"


def _mails(*, large: bool) -> list[Mail]:
    return [mail(f"kill{number}", Random(number), large=large) for number in range(2)]


def _sweep(nursery: Nursery, prepared: Path, errand: Errand, calls: tuple[str, ...] = CALLS) -> int:
    """Kill at each call in turn until the errand runs through; judge after each. Gives the number of kills."""
    kills = 0
    for call in calls:
        for when in range(1, MOST):
            shutil.rmtree(errand.folder, ignore_errors=True)
            shutil.copytree(prepared, errand.folder)
            killed = nursery.killed(errand, call, when)
            _judge(errand)
            kills += killed
            if not killed:
                break
        else:
            pytest.fail(f"{call} is called more than {MOST} times")
    return kills


def _judge(errand: Errand) -> None:
    ledger = Ledger(*errand.mails)
    answers = Path(errand.folder, "answers")
    ledger.acknowledged = set(answers.read_text().split()) if answers.exists() else set()
    database = restarted(errand.gateway, STORAGE)
    there = found(database, errand.gateway, STORAGE)
    judge(ledger, there)
    assert sum(there.values()) - len(ledger.acknowledged) <= 1, "more is kept than was handed over"
    reception = Intake(
        database, open_originals(errand.gateway, STORAGE), {"mail": timedelta(hours=2)}, timedelta(days=7), lambda: None
    )
    for one in errand.mails:  # the answer may have been lost on the wire: every sender comes again
        asyncio.run(_one(reception, one, lambda one: ledger.acknowledged.add(one.sha256), first=False))
    judge(ledger, found(database, errand.gateway, STORAGE))
    with database.read() as tx:
        steps = [(row["step"], row["subject"]) for row in tx.all("SELECT step, subject FROM tasks ORDER BY subject")]
    assert steps == [("normalize", 1), ("normalize", 2)]
    database.close()
    assert not list(Path(errand.folder, "data", "originals", "spool").iterdir())


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_killed_while_it_accepts(nursery: Nursery, prepared: Path, tmp_path: Path, *, large: bool) -> None:
    kills = _sweep(nursery, prepared, Errand(str(tmp_path / "killed"), _mails(large=large)))

    assert kills > 40


def test_killed_while_the_log_is_written_back(nursery: Nursery, prepared: Path, tmp_path: Path) -> None:
    """The start finds a long write-ahead log of a crash, and the commit makes SQLite move it to the database."""
    _leave_long_log(prepared / "data" / "faultgate.db")

    kills = _sweep(nursery, prepared, Errand(str(tmp_path / "killed"), _mails(large=False)), ("pwrite64", "fdatasync"))

    assert kills > 20


def _leave_long_log(path: Path) -> None:
    """As a process that was killed leaves it: copied away before it is closed."""
    connection = sqlite3.connect(path, isolation_level=None)
    for number in range(990):
        connection.execute(
            "INSERT INTO memory VALUES ('mail', 'x', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (str(number),),
        )
    files = {one: one.read_bytes() for one in path.parent.glob("faultgate.db*")}
    connection.close()
    for one, content in files.items():
        one.write_bytes(content)
    assert path.with_name("faultgate.db-wal").stat().st_size > 990 * 4096


def test_killed_while_it_starts_after_a_crash(nursery: Nursery, prepared: Path, tmp_path: Path) -> None:
    """The spool holds what a crash left; the start that cleans it is killed too."""
    for number in range(3):
        (prepared / "data" / "originals" / "spool" / f"smtp-{number}").write_bytes(b"half a mail")
    errand = Errand(str(tmp_path / "killed"), _mails(large=True), prepares=True)

    assert _sweep(nursery, prepared, errand, ("unlinkat", "unlink", "rmdir", "mkdir", "fsync")) > 8


def test_killed_while_the_archive_is_made(nursery: Nursery, tmp_path: Path) -> None:
    """F33: a first start, killed within the migration, is made good by the next."""
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    errand = Errand(str(tmp_path / "killed"), _mails(large=False), prepares=True)

    assert _sweep(nursery, nothing, errand, ("fdatasync", "fsync", "ftruncate", "unlink")) > 4


def test_promising_before_keeping_is_caught(nursery: Nursery, prepared: Path, tmp_path: Path) -> None:
    """The oracle's own proof: a wrong order is found."""
    errand = Errand(str(tmp_path / "killed"), _mails(large=False), answers_first=True)

    with pytest.raises(AssertionError, match="acknowledged and lost"):
        _sweep(nursery, prepared, errand, ("pwrite64",))
