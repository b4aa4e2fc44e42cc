"""One reading child, as the guard holds it."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from config.settings import Readers
from normalizer.frames import Hello, Limits, pack, receive
from normalizer.job import Job, Normalized

START = 60.0  # seconds until a child must have said hello, on a machine under load
STOUT = 96 * 1024 * 1024  # bytes of resident memory; a child that keeps more after a job is let go
STOUT_PAPER = 320 * 1024 * 1024  # the same for one that reads paper: the engine with four languages takes half of it
PAGES_LONG = 10  # times the wall for an original of many pages, however many
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}  # more than one only wastes the core of a child
#: One heap, and large blocks apart from it, so that what a large mail took is given back (mallopt(3)).
MALLOC = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "1048576"}


T = TypeVar("T")


class ReaderDied(Exception):
    """The child that read an original died or gave up; the text says why and never quotes the original."""


class Child:
    """A child process on a leash: it answers one job at a time, and dies as a group."""

    def __init__(self, module: str, settings: Readers, *, niced: bool, stout: int = STOUT) -> None:
        """Start it and wait for its hello. Raises ReaderDied when it can't be started."""
        self._wall = settings.wall
        self._stout = stout
        self._left = settings.recycle
        self.since = time.monotonic()  # when it was last given back
        limits = Limits(memory=settings.memory, wall=settings.wall, niced=niced)
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", module, msgspec.json.encode(limits).decode()],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
                env={"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), **MALLOC, **ONE_THREAD},
            )
        self._silence = select.poll()
        self._silence.register(self._line, select.POLLIN)  # the line of a dead child reads as closed
        self.isolated = self._ask(None, START, Hello).isolated

    def read(self, job: Job) -> Normalized:
        """Let it read one original. Raises ReaderDied; then the child is dead too."""
        return self.answer(job, Normalized)

    def answer(self, job: Struct, answer: type[T]) -> T:
        """Let it do one job of whatever kind it is for. Raises ReaderDied; then the child is dead too."""
        self._left -= 1
        return self._ask(job, self._wall, answer)

    def sound(self) -> bool:
        """Tell whether it may have another job: alive, silent, not too many read, not too stout."""
        if self._process.returncode is not None:
            return False
        with suppress(OSError):  # it dies at this moment
            return not self._silence.poll(0) and self._left > 0 and self._resident() < self._stout
        return False

    def kill(self) -> None:
        """End it and every process that it started, and leave no zombie. Doing it twice does no harm."""
        if self._process.returncode is None:  # once it is reaped its number may be another's
            with suppress(ProcessLookupError):  # reaped by the system, where SIGCHLD is ignored
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._line.close()

    def _ask(self, job: Struct | None, seconds: float, answer: type[T]) -> T:
        try:
            return self._talk(job, seconds, answer)
        except TimeoutError:
            reason = f"no answer within {seconds:g} s"
        except (OSError, EOFError):
            reason = None
        except msgspec.MsgspecError:
            reason = "the answer is malformed"
        except ReaderDied as error:
            reason = str(error)
        self.kill()
        raise ReaderDied(reason or self._fate())

    def _talk(self, job: Struct | None, seconds: float, answer: type[T]) -> T:
        began = time.monotonic()
        if job is not None:
            self._line.settimeout(seconds)
            self._line.sendall(pack(job))
        good, frame = receive(self._line, began + seconds)
        while good and not frame:  # it begins another page
            good, frame = receive(self._line, min(time.monotonic() + seconds, began + seconds * PAGES_LONG))
        if not good:
            raise ReaderDied(msgspec.msgpack.decode(frame, type=str))
        return msgspec.msgpack.decode(frame, type=answer)

    def _fate(self) -> str:
        """Tell how the process ended."""
        status = self._process.returncode
        return f"exit status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"

    def _resident(self) -> int:
        """Give its resident memory in bytes (proc(5))."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
