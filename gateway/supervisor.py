"""`faultgate run`: prepares the archive, starts the processes, and starts again what dies."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.settings import Settings
from gateway.stopping import Stopping

log = logging.getLogger("faultgate.supervisor")

PARTS = ("doors", "worker", "desk", "partners")
#: A part that dies is started again after this, doubled up to the cap while it keeps dying young.
PAUSE, PAUSE_CAP = 0.2, 10.0
GRACE = 20.0  # seconds to finish the work in hand when told to stop


class Keeper(threading.Thread):
    """Keeps one part alive, and passes on the addresses that it prints."""

    def __init__(
        self, part: str, command: list[str], said: Callable[[str, str], None], stopping: threading.Event
    ) -> None:  # fmt: skip
        """`stopping`: set before any part is told to stop, for all of them may have heard it themselves."""
        super().__init__(name=part)
        self.part = part
        self._command = command
        self._said = said
        self._stopping = stopping
        self._process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        """Start the part, and start it again whenever it ends."""
        pause = PAUSE
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                self._live()
            except OSError as error:  # no process or no descriptor to be had: it passes
                log.error("%s can't be started: %s", self.part, error.strerror)  # noqa: TRY400
            pause = PAUSE if time.monotonic() - started > PAUSE_CAP else min(pause * 2, PAUSE_CAP)
            if not self._stopping.wait(pause):  # a part may hear of the end before we do
                log.error(
                    "%s ended with %s: it is started again", self.part, self._process and self._process.returncode
                )

    def stop(self) -> None:
        """Let the part finish what it has in hand, once `stopping` is set; after the grace it is killed."""
        if self._process is not None:
            self._process.terminate()
        self.join(GRACE)
        if self.is_alive() and self._process is not None:
            self._process.kill()
            self.join()

    def _live(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        if self._stopping.is_set():  # told to stop while it was being started
            self._process.terminate()
        for line in self._process.stdout or ():
            self._said(self.part, line.rstrip("\n"))
        self._process.wait()


class Supervisor:
    """Starts the parts, prints each address once, and `ready` when every part stands."""

    def __init__(self, settings: Settings, wiring: Path | None, parts: tuple[str, ...] = PARTS) -> None:
        config = ["--config", str(wiring)] if wiring else []
        # -P: a folder where it is started must not shadow our rooms
        leash = ["--supervisor", str(os.getpid())]
        self._command = [sys.executable, "-P", "-m", "faultgate", "part", *config, *leash]
        self._parts = tuple(part for part in parts if part != "partners" or settings.partners)
        names = {"doors": settings.channels, "worker": ["worker"], "desk": ["desk"], "partners": ["partners"]}
        self._expected = {(part, name) for part in self._parts for name in names[part]}
        self._said_already: set[str] = set()
        self._saying = threading.Lock()

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; gives the exit status."""
        stopping = Stopping()
        # In a process of its own: the migration tools are large and used once.
        if subprocess.run([*self._command, "prepare"], check=False).returncode:  # noqa: S603
            log.error("the archive could not be prepared: see `faultgate check` and docs/operations.md")
            return 1
        over = threading.Event()
        keepers = [Keeper(part, [*self._command, part], self._hear, over) for part in self._parts]
        for keeper in keepers:
            keeper.start()
        while not stopping.is_set():
            stopping.wait()
        over.set()
        for keeper in keepers:
            keeper.stop()
        return 0

    def _hear(self, part: str, line: str) -> None:
        """Pass on `name: address` once; a door that could not be opened (`name: closed`) holds up nothing."""
        with self._saying:
            name, _, address = line.partition(": ")
            if part != "worker" and address != "closed" and line not in self._said_already:
                self._said_already.add(line)
                _tell(line)
            waited = bool(self._expected)
            self._expected.discard((part, name))
            if waited and not self._expected:
                _tell("ready")


def _tell(line: str) -> None:
    """Print a line; that nobody listens any more must not end the thread that keeps a part alive."""
    with suppress(BrokenPipeError):
        print(line, flush=True)
