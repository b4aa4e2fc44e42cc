"""`faultgate` as an operator has it: commands, and a gateway that runs in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from smtplib import SMTP
from typing import Any

FAULTGATE = [sys.executable, "-m", "faultgate"]
ROOT = Path(__file__).parents[2]
PATIENCE = 90.0  # seconds, on a machine under load


def command(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run one command to its end."""
    return subprocess.run(
        [*FAULTGATE, *map(str, words)], capture_output=True, check=False, cwd=ROOT, **{"timeout": PATIENCE, **options}
    )


def json_lines(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode().split("\n")[:-1]]


def eventually(holds: Callable[[], Any], what: str) -> Any:
    """Wait until something holds, and give it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < deadline, f"it did not happen: {what}"
        time.sleep(0.1)
    return found


def mail(text: str, *, sender: str = "ivan@mail.example", name: str = "", **headers: str) -> bytes:
    """Write a mail."""
    message = EmailMessage()
    message["From"] = f"{name} <{sender}>" if name else sender
    message["To"] = "support@faultgate.localhost"
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes(policy=SMTP_POLICY)


class Running:
    """`faultgate run`: what it printed, its processes, and its one SMTP door on a free port."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder = folder
        self.wiring = folder / "desk.toml"
        self.wiring.write_text(
            f"[gateway]\ndata = '{folder}/data'\n[storage]\nmin_free = 0\n[desk]\nport = 0\n"
            f"[channels.mail]\nkind = 'smtp'\nport = 0\n{more}",
            encoding="utf-8",
        )
        self.said: list[str] = []
        self.log = folder / "log"

    def start(self, *parts: str) -> None:
        """Start it and wait for `ready`."""
        self.said = []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*FAULTGATE, "run", "--config", str(self.wiring), *parts],
                stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT,
            )  # fmt: skip
        threading.Thread(target=self._listen, args=(self.process, self.said), daemon=True).start()
        eventually(lambda: "ready" in self.said or self.process.poll() is not None, "ready")
        assert "ready" in self.said, self.log.read_text(encoding="utf-8")

    def _listen(self, process: subprocess.Popen[str], said: list[str]) -> None:
        for line in process.stdout or ():
            said.append(line.rstrip("\n"))  # noqa: PERF401 - others look at it meanwhile

    @property
    def port(self) -> int:
        """The door's newest port: a door that was started again has another one."""
        return int([line for line in self.said if line.startswith("mail: ")][-1].rpartition(":")[2])

    def send(self, content: bytes, sender: str = "ivan@mail.example") -> None:
        """Bring one mail; it is taken when this returns."""
        with SMTP("127.0.0.1", self.port, timeout=PATIENCE) as door:
            door.sendmail(sender, ["support@faultgate.localhost"], content)

    def command(self, word: str, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Run a command on this gateway's archive."""
        return command(word, "--config", self.wiring, *words)

    def records(self, *words: str) -> list[dict[str, Any]]:
        """List the records."""
        told = self.command("records", "--json", *words)
        assert told.returncode == 0, told.stderr
        return json_lines(told.stdout)

    def ticketed(self, number: int) -> list[dict[str, Any]]:
        """Wait until so many reports stand as tickets, and list those."""

        def found() -> list[dict[str, Any]]:
            with_ticket = [one for one in self.records() if one["tickets"]]
            return with_ticket if len(with_ticket) >= number else []

        return list(eventually(found, f"{number} tickets"))

    def family(self) -> dict[str, list[int]]:
        """List its living processes below the supervisor, by what they are."""
        found: dict[str, list[int]] = {}
        waiting = children(self.process.pid)
        while waiting:
            pid = waiting.pop()
            waiting += children(pid)
            if kind := _kind(pid):
                found.setdefault(kind, []).append(pid)
        return found

    def stop(self) -> int:
        """End it as a service manager does; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def children(pid: int) -> list[int]:
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
    return []


def alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _kind(pid: int) -> str:
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        return next(
            (kind for kind in ("doors", "worker", "desk", "partners", "prepare", "normalizer.child") if kind in words),
            "",
        )
    return ""
