"""`faultgate run` as an operator's service manager sees it: a process that is started again when it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from tests.torture.strace import children

READY = 60.0  # seconds to `ready`, on a machine under load


class House:
    """One gateway; every process of it may be killed at any time."""

    def __init__(self, wiring: Path, *parts: str) -> None:
        self._command = [sys.executable, "-m", "faultgate", "run", "--config", str(wiring), *parts]
        self._log = wiring.with_name(f"{wiring.stem}.log").open("a")
        self._process: subprocess.Popen[str] | None = None
        self._ready = threading.Event()
        self.starts = 0

    def start(self) -> None:
        """Start it, without waiting."""
        self._ready.clear()
        self.starts += 1
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=self._log, text=True)
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line == "ready\n" and process is self._process:
                self._ready.set()

    def wait_ready(self) -> None:
        assert self._ready.wait(READY), f"not ready: see {self._log.name}"

    def keep_alive(self) -> None:
        """Start it again where it ended, as a service manager does."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def processes(self) -> dict[str, list[int]]:
        """List the numbers of all its processes by kind."""
        found: dict[str, list[int]] = {}
        waiting = [self._process.pid] if self._process is not None and self._process.poll() is None else []
        while waiting:
            pid = waiting.pop()
            waiting += children(pid)
            found.setdefault(_kind(pid), []).append(pid)
        return found

    def signal(self, kind: str, number: int) -> list[int]:
        """Send a signal to every process of a kind; gives whom."""
        pids = self.processes().get(kind, [])
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return pids

    def stop(self) -> None:
        """End it as an operator does; whatever is left after the grace is killed by its number."""
        if self._process is None:
            return
        everybody = [pid for pids in self.processes().values() for pid in pids]
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(READY)
        finally:
            for pid in everybody:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._log.close()


def _kind(pid: int) -> str:
    """Tell what a process of the gateway is by its command line."""
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        if "part" in words:
            return words[-1]
        return "reader" if "normalizer.child" in words else "supervisor" if "run" in words else ""
    return ""


def eventually(what: str, holds: object, patience: float, pause: float = 0.2) -> None:
    """Wait until `holds()` is true; fail with `what` when the patience is over."""
    deadline = time.monotonic() + patience
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"it did not happen: {what}"
        time.sleep(pause)
