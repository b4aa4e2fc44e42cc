"""The processes of `faultgate run`: killed, stopped, started again; nothing is left behind."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from gateway.supervisor import Keeper, Supervisor
from tests.gateway.running import Running, alive, eventually, kill, mail


def report(number: int) -> bytes:
    return mail(f"Нет интернета, лампочка LOS красная. Договор {1000 + number}. Иванов Иван, 8 917 340-22-18")


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Running]:
    one = Running(tmp_path)
    one.start()
    yield one
    if one.process.poll() is None:
        one.stop()


def everybody(gateway: Running) -> list[int]:
    family = gateway.family()
    assert {"doors", "worker", "desk"} <= set(family)
    return [pid for pids in family.values() for pid in pids]


def test_sigterm_ends_it_cleanly_and_leaves_no_child(gateway: Running) -> None:
    gateway.send(report(1))
    gateway.ticketed(1)
    pids = everybody(gateway)
    assert "normalizer.child" in gateway.family()
    assert gateway.stop() == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert "Traceback" not in gateway.log.read_text(encoding="utf-8")
    gateway.start()  # and it goes on where it was
    gateway.send(report(2))
    assert len(gateway.ticketed(2)) == 2


def test_parts_that_hear_of_the_end_themselves_are_not_started_again(gateway: Running) -> None:
    """As a service manager tells it: every process of the service at once."""
    family = gateway.family()
    for pid in [pid for part in ("doors", "worker", "desk") for pid in family[part]]:
        os.kill(pid, signal.SIGTERM)
    assert gateway.stop() == 0
    assert "started again" not in gateway.log.read_text(encoding="utf-8")


def test_ctrl_c_ends_it_as_cleanly(gateway: Running) -> None:
    pids = everybody(gateway)
    gateway.process.send_signal(signal.SIGINT)
    assert gateway.process.wait(60) == 0
    assert [pid for pid in pids if alive(pid)] == []


def test_children_end_with_a_supervisor_that_is_killed(gateway: Running) -> None:
    pids = everybody(gateway)
    kill(gateway.process.pid)
    gateway.process.wait()
    eventually(lambda: not any(map(alive, pids)), "its children end")


@pytest.mark.parametrize("kind", ["worker", "doors", "desk", "normalizer.child"])
def test_whoever_is_killed_is_started_again_and_work_goes_on(gateway: Running, kind: str) -> None:
    gateway.send(report(1))
    gateway.ticketed(1)
    [pid, *_] = gateway.family()[kind]
    addresses = len(gateway.said)
    kill(pid)
    if kind in ("doors", "desk"):  # its port was given by the system: it opens another
        eventually(lambda: len(gateway.said) > addresses, "the door is open again")
    gateway.send(report(2))
    assert len(gateway.ticketed(2)) == 2
    assert pid not in gateway.family().get(kind, [])
    assert gateway.said.count("ready") == 1


def test_what_was_taken_while_the_worker_was_away_is_done_later(tmp_path: Path) -> None:
    gateway = Running(tmp_path)
    gateway.start("doors")
    assert "worker" not in gateway.family()
    gateway.send(report(1))
    assert [one["order"] for one in gateway.records()] == [None]
    assert gateway.command("records").stdout.decode().splitlines()[1].split()[2:5] == ["not", "read", "yet"]
    assert gateway.stop() == 0
    gateway.start()
    assert len(gateway.ticketed(1)) == 1
    assert gateway.stop() == 0


def test_a_door_that_can_t_be_opened_closes_no_other(tmp_path: Path) -> None:
    gateway = Running(tmp_path, "[channels.high]\nkind = 'smtp'\nhost = '203.0.113.1'\nport = 0\n")
    gateway.start()
    assert sorted(line.partition(":")[0] for line in gateway.said) == ["desk", "mail", "ready"]
    gateway.send(report(1))
    gateway.ticketed(1)
    assert "high: 203.0.113.1:0 can't be opened" in gateway.log.read_text(encoding="utf-8")
    assert gateway.stop() == 0


def test_an_archive_that_can_t_be_prepared_ends_it_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    gateway = Running(tmp_path)
    with pytest.raises(AssertionError, match=r"docs/operations\.md"):
        gateway.start()
    assert gateway.process.wait(60) == 1


def test_a_part_that_can_t_be_started_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    program, said = tmp_path / "part", list[tuple[str, str]]()
    stopping = threading.Event()
    keeper = Keeper("worker", [str(program)], lambda part, line: said.append((part, line)), stopping)
    keeper.start()
    eventually(lambda: caplog.text or not keeper.is_alive(), "the first start fails")
    assert "worker can't be started" in caplog.text
    program.write_text(f"#!{sys.executable}\nimport time\nprint('worker: ready', flush=True)\ntime.sleep(600)\n")
    program.chmod(0o755)
    eventually(lambda: said, "it was started at last")
    stopping.set()
    keeper.stop()
    assert said == [("worker", "worker: ready")]
    assert not keeper.is_alive()


def test_that_nobody_listens_ends_no_keeper(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, _: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    supervisor = Supervisor(Settings(), None)
    monkeypatch.setattr("sys.stdout", Gone())
    supervisor._hear("doors", "mail: smtp://127.0.0.1:2525")
    supervisor._hear("worker", "worker: ready")


def test_addresses_are_told_once_and_a_closed_door_holds_up_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    supervisor = Supervisor(Settings(), None)
    threads = [
        threading.Thread(target=supervisor._hear, args=said)
        for said in (
            ("doors", "mail: closed"),
            ("desk", "desk: closed"),
            ("worker", "worker: ready"),
            ("doors", "mail: closed"),
        )
    ]
    for thread in threads:
        thread.start()
        thread.join()
    supervisor._hear("doors", "mail: smtp://127.0.0.1:2525")
    supervisor._hear("doors", "mail: smtp://127.0.0.1:2525")
    assert capsys.readouterr().out == "ready\nmail: smtp://127.0.0.1:2525\n"
