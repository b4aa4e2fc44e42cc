"""A real doors' process with one SMTP door, and a client that never waits for ever."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from config.wiring import load
from storage.opening import prepare
from tests.torture.mails import Mail
from tests.torture.strace import PATIENCE, traced

_WIRING = """
[gateway]
data = "{data}"
[storage]
min_free = {min_free}
[desk]
port = 0
[channels.mail]
kind = "smtp"
port = 0
"""
ORDER_CALLS = "write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync,rename,mkdir,unlink"


def wired(folder: Path, *, data: Path | None = None, min_free: int = 0) -> tuple[Path, Settings]:
    """Write a wiring file and prepare its archive."""
    wiring = folder / "wiring.toml"
    wiring.write_text(_WIRING.format(data=data or folder / "data", min_free=min_free))
    settings = load(wiring)
    prepare(settings.gateway, settings.storage)
    return wiring, settings


@contextmanager
def doors(wiring: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process of `faultgate run` that takes mail, and its port."""
    command = [sys.executable, "-m", "faultgate", "part", "doors", "--config", str(wiring)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process, _port(process)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@contextmanager
def traced_doors(command: list[str], log: Path) -> Iterator[int]:
    """A doors' process whose order of writes, syncs and answers is written down; gives its port."""
    with traced(command, log, ORDER_CALLS) as process:
        yield _port(process)


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("mail: smtp://"), f"the door does not open: {line}"
    return int(line.rpartition(":")[2])


def client(port: int) -> smtplib.SMTP:
    """Give an open session."""
    one = smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=PATIENCE)
    one.ehlo()
    return one


def give(session: smtplib.SMTP, mail: Mail) -> tuple[int, str]:
    """Hand one mail over; gives the answer to its DATA, or the earlier one that refused it."""
    session.rset()
    for code, text in (session.mail(mail.sender), session.rcpt("support@support.example")):
        if code >= 400:
            return code, text.decode()
    code, text = session.data(mail.content)
    return code, text.decode()
