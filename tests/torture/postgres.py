"""A PostgreSQL of the tests' own, which may be killed: the shared one is other people's too."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.channels.dovecot import free_port
from tests.conftest import unavailable
from tests.torture.strace import PATIENCE, children

#: As an administrator in a hurry sets it; the archive must not take that over.
LAX = ("-c", "synchronous_commit=off", "-c", "wal_writer_delay=10s")
_BIN = Path("/usr/lib/postgresql")


class Server:
    """One server in a folder of its own."""

    def __init__(self, programs: Path, root: Path, user: str | None) -> None:
        self._programs, self._root, self._user = programs, root, user
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(root / "data"), "-A", "trust", "-U", "root", "--no-instructions")

    @property
    def url(self) -> str:
        return f"postgresql://root@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it and wait until it has recovered."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, "PostgreSQL does not come back"
            if self._process is None or self._process.poll() is not None:  # what was killed may still hold its memory
                command = [str(self._programs / "postgres"), "-D", str(self._root / "data"), "-h", "127.0.0.1"]
                command += ["-p", str(self._port), "-k", str(self._root), *LAX]
                quiet = subprocess.DEVNULL
                self._process = subprocess.Popen(command, user=self._user, cwd="/", stdout=quiet, stderr=quiet)
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill -9 the server and all its backends."""
        if self._process is None:
            return
        for pid in [self._process.pid, *children(self._process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url, connect_timeout=2).close()
            return True
        return False

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._programs / program), *words]
        subprocess.run(command, user=self._user, cwd="/", capture_output=True, timeout=60, check=True)


@contextmanager
def server() -> Iterator[Server]:
    """A running server, gone afterwards."""
    found = sorted(_BIN.glob("*/bin/initdb"))
    if not found:
        unavailable("PostgreSQL's server programs are missing: apt-get install postgresql")
    root = Path(tempfile.mkdtemp(prefix="faultgate-postgres-"))
    user = None
    if os.geteuid() == 0:  # it refuses to run as root
        user = "postgres"
        os.chown(root, pwd.getpwnam(user).pw_uid, -1)
    one = Server(found[-1].parent, root, user)
    try:
        one.start()
        yield one
    finally:
        one.kill()
        shutil.rmtree(root)
