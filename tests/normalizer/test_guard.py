"""Bytes from outside may kill their reader, and nothing else."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Readers
from normalizer import leash, pool
from normalizer.context import Context
from normalizer.guard import Guard, ReaderDied
from normalizer.job import Job
from records.arrival import TryAgain
from records.clock import due_at
from records.record import OriginalRef

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
CONTEXT = Context(
    id="FR-2026-0000001",
    channel="mail",
    received_at=NOW,
    due_at=due_at(NOW),
    original=OriginalRef(media_type="text/plain", size=1, sha256="0" * 64),
)
BOMBS = "tests.normalizer.bombs"
Make = Callable[..., Guard]


@pytest.fixture
def make() -> Iterator[Make]:
    """Guards over the exploding child; afterwards none of their processes is left, not even a zombie."""
    before = set(_children())
    guards: list[Guard] = []

    def make(module: str = BOMBS, processes: int = 2, wall: float = 20.0, recycle: int = 2000) -> Guard:
        guards.append(Guard(Readers(processes=processes, wall=wall, recycle=recycle), module=module))
        return guards[-1]

    yield make
    for guard in guards:
        guard.close()
    assert set(_children()) == before


def ask(guard: Guard, what: str | bytes, *, niced: bool = False) -> str:
    content = what if isinstance(what, bytes) else what.encode()
    return guard.normalize(Job(content=content, media_type="text/plain", context=CONTEXT), niced=niced).reading.text


def _children() -> list[int]:
    """The reading children of this process; other tests' servers may be there too."""
    return [pid for task in Path("/proc/self/task").iterdir() for pid in _children_of(task) if _reads(pid)]


def _children_of(task: Path) -> list[int]:
    with suppress(OSError):  # a thread that has just ended
        return [int(pid) for pid in (task / "children").read_text().split()]
    return []


def _reads(pid: int) -> bool:
    with suppress(OSError):
        return b"normalizer." in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _gone(pid: int) -> bool:
    with suppress(OSError):
        return " Z " in Path(f"/proc/{pid}/stat").read_text()
    return True


def eventually(holds: Callable[[], bool]) -> None:
    patience = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < patience
        time.sleep(0.02)


def test_one_child_stays_and_answers(make: Make) -> None:
    guard = make()
    first = ask(guard, "pid")
    assert [ask(guard, "pid") for _ in range(5)] == [first] * 5
    assert ask(guard, "jobs") == "7"
    assert _children() == [int(first)]


@pytest.mark.parametrize(
    ("bomb", "reason"),
    [
        ("allocate", "MemoryError at bombs.py"),
        ("recurse", "RecursionError at bombs.py"),
        ("overflow", "killed by SIGSEGV"),
        ("kill", "killed by SIGKILL"),
        ("leave", "exit status 3"),
        ("write 10000000000", "OSError at bombs.py"),
        ("write 1", "OSError at bombs.py"),
        ("fork", "PermissionError at bombs.py"),
        ("launch", "PermissionError at subprocess.py"),
        ("surrogate", "UnicodeEncodeError at frames.py"),
    ],
)
def test_a_bomb_kills_its_child_only(make: Make, bomb: str, reason: str) -> None:
    guard = make()
    before = ask(guard, "pid")
    with pytest.raises(ReaderDied, match=reason):
        ask(guard, bomb)
    assert _gone(int(before))
    assert ask(guard, "echo still here") == "still here"


@pytest.mark.parametrize("bomb", ["spin", "stop"])
def test_a_child_out_of_time_is_killed(make: Make, bomb: str) -> None:
    guard = make(wall=0.3)
    before = ask(guard, "pid")
    with pytest.raises(ReaderDied, match=r"no answer within 0\.3 s"):
        ask(guard, bomb)
    assert _gone(int(before))
    assert ask(guard, "echo still here") == "still here"


def test_processor_time_is_limited_without_the_guard(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = make(wall=0.1)
    ask(guard, "pid")
    child = guard._plain._free[0]
    monkeypatch.setattr(child, "_wall", 30.0)  # as if the guard did not look at its clock
    with pytest.raises(ReaderDied, match="killed by SIGXCPU"):
        ask(guard, "spin")


def test_processor_time_is_granted_anew_for_each_job(make: Make) -> None:
    guard = make(wall=0.5)
    pids = {ask(guard, "burn 0.2") for _ in range(10)}
    assert len(pids) == 1


def test_grandchildren_die_with_the_group(make: Make) -> None:
    guard = make("tests.normalizer.litter", wall=0.5)
    grandchild = int(ask(guard, "grandchild"))
    assert not _gone(grandchild)
    with pytest.raises(ReaderDied):
        ask(guard, "kill")  # the grandchild holds the line open: only the clock tells
    eventually(lambda: _gone(grandchild))


def test_there_is_no_network(make: Make) -> None:
    guard = make()
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(ReaderDied, match="PermissionError"):
        ask(guard, f"connect {server.getsockname()[1]}")
    assert ask(guard, "network") != str(Path("/proc/self/ns/net").readlink())


def test_secrets_in_the_environment_are_not_handed_on(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    assert "MAIL_PASSWORD" not in ask(make(), "environment")


def test_threads_are_possible(make: Make) -> None:
    assert ask(make(), "thread") == "threads work"


def test_stray_prints_break_nothing_and_show_nothing(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    guard = make()
    assert ask(guard, "shout") == "shouted"
    assert ask(guard, "echo and on") == "and on"
    assert "customer" not in "".join(capfd.readouterr())


def test_a_reason_does_not_quote_the_original(make: Make) -> None:
    with pytest.raises(ReaderDied) as died:
        ask(make(), "blame +79173402218")
    assert "7340" not in str(died.value)


def test_large_originals_pass_both_ways(make: Make) -> None:
    guard = make()
    assert ask(guard, b"length " + b"x" * 35_000_000) == "35000000"
    assert len(ask(guard, b"echo " + b"x" * 5_000_000)) == 5_000_000


def test_an_old_child_is_replaced(make: Make) -> None:
    guard = make(recycle=3)
    pids = [ask(guard, "pid") for _ in range(7)]
    assert [pids.index(pid) for pid in pids] == [0, 0, 0, 3, 3, 3, 6]


def test_a_stout_child_is_replaced(make: Make) -> None:
    guard = make()
    before = ask(guard, "pid")
    ask(guard, f"hoard {leash.STOUT}")
    assert ask(guard, "pid") != before


def test_a_child_that_died_without_work_costs_no_report(make: Make) -> None:
    guard = make()
    before = int(ask(guard, "pid"))
    os.kill(before, signal.SIGKILL)
    eventually(lambda: _gone(before))
    assert int(ask(guard, "pid")) != before


def test_many_threads_share_few_children(make: Make) -> None:
    guard = make(processes=2)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: ask(guard, f"echo {number}"), range(200)))
        pids = set(threads.map(lambda _: ask(guard, "pid"), range(50)))
    assert answers == [str(number) for number in range(200)]
    assert 1 <= len(pids) <= 2


def test_bombs_among_others_hurt_nobody(make: Make) -> None:
    guard = make(processes=2, wall=2.0)

    def one(number: int) -> str:
        with suppress(ReaderDied):
            return ask(guard, ("kill", "leave", f"echo {number}", f"echo {number}")[number % 4])
        return "died"

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(one, range(40)))
    assert answers == ["died" if number % 4 < 2 else str(number) for number in range(40)]


def test_a_second_child_comes_with_load_and_goes_without(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LINGER", 0.2)
    guard = make(processes=2)
    with ThreadPoolExecutor(4) as threads:
        pids = set(threads.map(lambda _: ask(guard, "burn 0.1"), range(16)))
    assert len(pids) == 2
    eventually(lambda: len(_children()) == 1)
    assert ask(guard, "echo again") == "again"


def test_niced_work_has_children_of_its_own_that_do_not_stay(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LINGER", 0.2)
    guard = make(processes=1)
    assert ask(guard, "nice") == str(os.nice(0))
    assert ask(guard, "nice", niced=True) == str(min(os.nice(0) + 10, 19))
    eventually(lambda: len(_children()) == 1)


def test_warm_starts_one_ahead(make: Make) -> None:
    guard = make()
    guard.warm()
    eventually(lambda: len(_children()) == 1)
    assert int(ask(guard, "pid")) in _children()


def test_closing_waits_for_work(make: Make) -> None:
    guard = make()
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(ask, guard, "burn 0.5")
        eventually(lambda: guard._plain._alive == 1 and not guard._plain._free and not guard._plain._waiting)
        guard.close()
        assert _children() == []
        assert answer.result().isdigit()
    with pytest.raises(TryAgain):
        ask(guard, "pid")


def test_no_child_at_all_is_our_trouble_not_the_reports(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    guard = make("tests.normalizer.missing")
    with ThreadPoolExecutor(3) as threads:
        for outcome in [threads.submit(ask, guard, "pid") for _ in range(6)]:
            with pytest.raises(TryAgain, match="exit status 1"):
                outcome.result()
    assert "No module named" in capfd.readouterr().err


def test_a_caller_interrupted_leaves_no_busy_child_behind(make: Make) -> None:
    guard = make()
    before = ask(guard, "pid")
    main = threading.main_thread().ident or 0
    timer = threading.Timer(0.3, signal.pthread_kill, [main, signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        ask(guard, "sleep 20")
    assert _gone(int(before))
    assert ask(guard, "echo to the right question") == "to the right question"


PARENT = """
import sys, threading
from tests.normalizer.test_guard import BOMBS, ask
from normalizer.guard import Guard
from config.settings import Readers
guard = Guard(Readers(), module=sys.argv[1])
pids = [ask(guard, word) for word in sys.argv[2].split()]
threading.Thread(target=ask, args=(guard, sys.argv[3]), daemon=True).start()
print(*pids, flush=True)
threading.Event().wait()
"""


@pytest.mark.parametrize("busy", ["spin", "echo"])
def test_children_die_with_their_parent(busy: str) -> None:
    command = [sys.executable, "-c", PARENT, BOMBS, "pid", busy]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not _gone(pid)
        parent.kill()
    eventually(lambda: _gone(pid))


def test_a_page_at_a_time_may_take_its_time(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = make(wall=0.5)
    ask(guard, "pid")
    assert ask(guard, "pages 6", niced=True) == "6"  # of 0.3 s each
    monkeypatch.setattr(leash, "PAGES_LONG", 2)
    with pytest.raises(ReaderDied, match="no answer"):
        ask(guard, "pages 20", niced=True)


def test_a_child_has_one_thread_for_mathematics(make: Make) -> None:
    assert "OMP_THREAD_LIMIT" in ask(make(), "environment")
