"""Stoplight's Prism between us and a partner: it holds every request and answer to the TM Forum's official files."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import CORPORA, unavailable

PROGRAM = Path(__file__).parents[2] / ".venv/prism/node_modules/.bin/prism"
FILES = {
    4: CORPORA / "tmf621/TMF621-TroubleTicket-v4.0.0.swagger.json",
    5: CORPORA / "tmf621/TMF621-Trouble_Ticket-v5.0.1.oas.yaml",
}


def _program() -> Path:
    if not PROGRAM.exists():
        unavailable("Prism is not there: `make test` installs it")
    return PROGRAM


@contextmanager
def held_to_the_standard(version: int, upstream: str) -> Iterator[str]:
    """Give the URL under which the partner is reached through Prism; what breaks the standard becomes an error."""
    if not FILES[version].exists():
        unavailable(f"{FILES[version]} is the TM Forum's file")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(_program()), "proxy", "-h", "127.0.0.1", "-p", str(port), "--errors", str(FILES[version]), upstream]
    prism = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(prism.pid, signal.SIGTERM)
        prism.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("Prism did not start")
