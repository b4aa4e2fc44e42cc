"""F4, F27: our own trouble is the sender's "later" (4xx), never "no" (5xx), never a promise; and it passes."""

import resource
import smtplib
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import pytest

from config.settings import Settings
from storage.opening import open_database
from tests.conftest import unavailable
from tests.torture.doors import client, doors, give, wired
from tests.torture.house import eventually
from tests.torture.mails import Mail, mail
from tests.torture.oracle import Ledger, found, judge, restarted
from tests.torture.strace import PATIENCE, broken, need_strace

_numbers = count()


class Desk:
    """Doors that stay open through everything, and what was sent to them."""

    def __init__(self, pid: int, port: int, settings: Settings) -> None:
        self.pid, self.port, self.settings = pid, port, settings
        self.ledger = Ledger()

    def fresh(self, *, large: bool = False) -> Mail:
        number = next(_numbers)
        return mail(f"error{number}", Random(number), large=large)

    def send(self, session: smtplib.SMTP, one: Mail) -> int:
        """Hand a mail over; a refusal for good goes to the ledger."""
        self.ledger.attempted[one.sha256] = one
        code, text = give(session, one)
        if code == 250:
            self.ledger.acknowledged.add(one.sha256)
        if code >= 500:
            self.ledger.refused.append(text)
        assert "Error" not in text, "an answer tells of our insides"
        return code

    def judge(self) -> None:
        database = open_database(self.settings.gateway, self.settings.storage)
        judge(self.ledger, found(database, self.settings.gateway, self.settings.storage))
        database.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One process for all tests: each finds it in order again after the one before."""
    wiring, settings = wired(tmp_path_factory.mktemp("errors"))
    with doors(wiring) as (process, port):
        one = Desk(process.pid, port, settings)
        yield one
        assert process.poll() is None
    one.judge()
    restarted(settings.gateway, settings.storage).close()


def _recovers(desk: Desk, session: smtplib.SMTP, *mails: Mail) -> None:
    """The trouble is over: every sender comes again and is soon taken, in the same session."""
    for one in mails:
        eventually("it is taken", partial(_taken, desk, session, one), PATIENCE)
    desk.judge()


def _taken(desk: Desk, session: smtplib.SMTP, one: Mail) -> bool:
    return desk.send(session, one) == 250


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
def test_no_promise_while_the_log_fails(desk: Desk, call: str, error: str) -> None:
    need_strace()
    session, few = client(desk.port), [desk.fresh(), desk.fresh(large=True)]
    with broken(desk.pid, call, f"error={error}"):
        assert {desk.send(session, one) for one in few} <= {451, 452}
    _recovers(desk, session, *few)


@pytest.mark.parametrize("error", ["EIO", "ENOSPC", "EDQUOT", "EMFILE", "EROFS"])
@pytest.mark.parametrize("call", ["openat", "fsync", "rename", "flock"])
def test_no_promise_while_files_fail(desk: Desk, call: str, error: str) -> None:
    """A small mail may need none of these calls."""
    need_strace()
    session, small, large = client(desk.port), desk.fresh(), desk.fresh(large=True)
    with broken(desk.pid, call, f"error={error}"):
        assert desk.send(session, large) in {451, 452}
        assert desk.send(session, small) in {250, 451, 452}
    _recovers(desk, session, small, large)


def test_not_to_know_the_free_space_is_no_refusal(desk: Desk) -> None:
    need_strace()
    session, few = client(desk.port), [desk.fresh() for _ in range(5)]
    with broken(desk.pid, "statfs", "error=EIO"):
        assert {desk.send(session, one) for one in few} <= {250, 451, 452}
    _recovers(desk, session, *few)


@pytest.mark.parametrize("call", ["fdatasync", "pwrite64", "fsync", "openat"])
def test_a_single_failure_costs_one_mail_at_most(desk: Desk, call: str) -> None:
    """One in each thread, to be exact; only `openat` is called by several."""
    need_strace()
    session, few = client(desk.port), [desk.fresh(large=True) for _ in range(12)]
    with broken(desk.pid, call, "error=EIO:when=2"):
        answers = [desk.send(session, one) for one in few]
    assert set(answers) <= {250, 451, 452}
    assert answers.count(250) >= 4
    _recovers(desk, session, *few)


@contextmanager
def _limited(pid: int, limit: int, value: int) -> Iterator[None]:
    soft, hard = resource.prlimit(pid, limit)
    resource.prlimit(pid, limit, (value, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, limit, (soft, hard))


def test_no_files_may_grow(desk: Desk) -> None:
    """As on a full disk, and told by the kernel itself: every write beyond the limit fails."""
    session, few = client(desk.port), [desk.fresh(), desk.fresh(large=True)]
    with _limited(desk.pid, resource.RLIMIT_FSIZE, 0):
        assert {desk.send(session, one) for one in few} <= {451, 452}
    _recovers(desk, session, *few)


def test_no_descriptor_is_left(desk: Desk) -> None:
    session, small, large = client(desk.port), desk.fresh(), desk.fresh(large=True)
    with _limited(desk.pid, resource.RLIMIT_NOFILE, 3):
        assert desk.send(session, large) in {451, 452}
        assert desk.send(session, small) in {250, 451, 452}
        waiting = socket.create_connection(("127.0.0.1", desk.port), timeout=PATIENCE)  # nobody can be let in
    waiting.close()
    _recovers(desk, client(desk.port), small, large)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "faultgate-test", str(disk)],
        capture_output=True,
        timeout=30,
        check=False,
    )
    if mounted.returncode:
        unavailable("a small file system can't be mounted: needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], timeout=30, check=True)


@pytest.mark.parametrize("min_free", [0, 500_000], ids=["to the last byte", "with a reserve"])
def test_a_full_disk(small_disk: Path, tmp_path: Path, min_free: int) -> None:
    wiring, settings = wired(tmp_path, data=small_disk / "data", min_free=min_free)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    with doors(wiring) as (process, port):
        desk, session = Desk(process.pid, port, settings), client(port)
        mails = [desk.fresh(large=number % 3 == 2) for number in range(60)]
        answers = [desk.send(session, one) for one in mails]
        assert set(answers) <= {250, 451, 452}
        assert 250 in answers
        assert 452 in answers
        desk.judge()
        ballast.unlink()  # somebody makes room
        late = [one for one, answer in zip(mails, answers, strict=True) if answer != 250]
        _recovers(desk, session, *sorted(late, key=lambda one: len(one.content))[:10])
    restarted(settings.gateway, settings.storage).close()
