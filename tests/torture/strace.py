"""strace as a tool of tests: break one system call of a running process, or write down their order."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tests.conftest import unavailable

PATIENCE = 30  # seconds

_CALL = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")
_RESUMED = re.compile(r"^(?P<pid>\d+) +<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
_RESULT = re.compile(r" = (?P<result>-?\d+)[^=]*$")


class Call(Struct, frozen=True):
    """One end of a system call in the order of the trace: `begun`, `ended` or both."""

    name: str
    text: str  # arguments as strace writes them, with -y
    begun: bool
    ended: bool
    result: int | None


def need_strace() -> None:
    if shutil.which("strace") is None:
        unavailable("strace is missing: make setup")


@contextmanager
def broken(pid: int, call: str, how: str) -> Iterator[subprocess.Popen[str]]:
    """While the block runs, `call` of the process and its threads is broken: `signal=KILL:when=3`, `error=EIO`."""
    command = ["strace", "-f", "-o", "/dev/null", "-p", str(pid), "-e", f"trace={call}", "-e", f"inject={call}:{how}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        if "attached" not in said:
            unavailable(f"strace can't attach: {said.strip()}")
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # strace lets go; the process lives on
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@contextmanager
def traced(command: list[str], log: Path, calls: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command from its start under strace; every listed call is written to the log with its paths."""
    whole = ["strace", "-f", "-y", "-s", "64", "-e", "signal=none", "-o", str(log), "-e", f"trace={calls}", *command]
    process = subprocess.Popen(whole, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        for pid in children(process.pid):  # the command; strace ends with it
            os.kill(pid, signal.SIGTERM)
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def children(pid: int) -> list[int]:
    """List the child processes of a process, by all its threads."""
    try:
        threads = [one / "children" for one in Path(f"/proc/{pid}/task").iterdir()]
        return [int(child) for one in threads for child in one.read_text().split()]
    except OSError:  # it, or one of its threads, has just ended
        return []


def calls(log: Path) -> Iterator[Call]:
    """Read a trace; a call that another thread interrupts in the log is given twice, as it begins and as it ends."""
    open_: dict[str, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        resumed, call = _RESUMED.match(line), _CALL.match(line)
        if resumed:
            text = open_.pop(resumed["pid"], "") + resumed["rest"]
            yield Call(resumed["name"], text, begun=False, ended=True, result=_result(resumed["rest"]))
        elif call and call["rest"].endswith("<unfinished ...>"):
            text = open_[call["pid"]] = call["rest"].removesuffix("<unfinished ...>")
            yield Call(call["name"], text, begun=True, ended=False, result=None)
        elif call:
            yield Call(call["name"], call["rest"], begun=True, ended=True, result=_result(call["rest"]))


def _result(rest: str) -> int | None:
    found = _RESULT.search(rest)
    return int(found["result"]) if found else None
