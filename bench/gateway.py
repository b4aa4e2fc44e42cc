"""A gateway of its own for a benchmark: started in a temporary folder, asked through its own database."""

import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTP

ROOT = Path(__file__).parents[1]


class Gateway:
    """`faultgate run` with one SMTP door."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.wiring = folder / "wiring.toml"
        self.wiring.write_text(
            f'[gateway]\ndata = "{folder}/data"\n[storage]\nmin_free = 0\n[desk]\nport = 0\n'
            f'[channels.mail]\nkind = "smtp"\n'
            f"port = {self.port}\nmax_connections = 500\nmax_connections_per_peer = 500\n"
        )
        self.process: subprocess.Popen[str] | None = None

    def start(self, *parts: str) -> float:
        """Start the parts and give the seconds until `ready`."""
        began = time.monotonic()
        command = [sys.executable, "-m", "faultgate", "run", "--config", str(self.wiring), *parts]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for line in self.process.stdout or ():
            if line == "ready\n":
                return time.monotonic() - began
        raise RuntimeError("the gateway did not get ready")

    def stop(self) -> None:
        """Stop what was started."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None

    def ask(self, sql: str) -> list[tuple[int, ...]]:
        """Read from the gateway's database."""
        connection = sqlite3.connect(f"file:{self.folder}/data/faultgate.db?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def memory(self) -> dict[str, int]:
        """Give proportional set size in kB (proc(5), smaps_rollup) of the supervisor and all below it, by command."""
        if self.process is None:
            return {}
        parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
        family, grown = {self.process.pid}, True
        while grown:
            more = {pid for pid, parent in parents.items() if parent in family} - family
            family, grown = family | more, bool(more)
        return {f"{_name(pid)} {pid}": _pss(pid) for pid in sorted(family)}


def send(port: int, content: bytes, sender: str) -> None:
    """Send one mail on a connection of its own."""
    with SMTP("127.0.0.1", port, timeout=60) as connection:
        connection.sendmail(sender, ["support@faultgate.localhost"], content)


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Make a gateway in a temporary folder and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="faultgate-bench-") as folder:
        one = Gateway(Path(folder))
        try:
            yield one
        finally:
            one.stop()


def _parent(proc: Path) -> int:
    try:
        return int((proc / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return next((word.decode() for word in (*words[::-1],) if word in {b"doors", b"worker", b"run"}), "reader")


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
