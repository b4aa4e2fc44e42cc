"""F24: a mail that kills its reader three times goes to a person; the worker lives, and nobody else is affected."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from tests.torture.doors import client, doors, give, wired
from tests.torture.house import eventually
from tests.torture.mails import Mail, mail
from tests.torture.strace import PATIENCE


@contextmanager
def _worker(wiring: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.torture.fused_worker", str(wiring)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "worker: ready\n"
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _faultgate(wiring: Path, *words: str) -> bytes:
    command = [sys.executable, "-m", "faultgate", *words, "--config", str(wiring)]
    return subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True).stdout


def _records(wiring: Path) -> dict[str, dict[str, Any]]:
    """List the finished records by their original's hash."""
    lines = _faultgate(wiring, "records", "--json").splitlines()
    records = [msgspec.json.decode(line) for line in lines]
    return {one["original"]["sha256"]: one for one in records if one["tickets"]}


def test_a_mail_that_kills_its_reader_goes_to_a_person(tmp_path: Path) -> None:
    wiring, _ = wired(tmp_path)
    harmless = [mail(f"harmless{number}", Random(number)) for number in range(6)]
    text = mail("poison", Random(7))
    poison = Mail("poison", text.sender, text.content + "ЛУНТА LUNTA\r\n".encode())
    with doors(wiring) as (_, port), _worker(wiring) as worker:
        session = client(port)
        for one in [*harmless[:3], poison, *harmless[3:]]:
            assert give(session, one)[0] == 250
        eventually("seven records with tickets", lambda: len(_records(wiring)) == 7, 60.0)
        assert worker.poll() is None
    records = _records(wiring)

    bad = records[poison.sha256]
    assert bad["classification"]["disposition"] is None, "nobody has read it: a person decides"
    assert b"three attempts to read it came to no end" in _faultgate(wiring, "show", bad["id"])
    assert _faultgate(wiring, "export", bad["id"]) == poison.content
    assert all("died" not in str(records[one.sha256]) for one in harmless)
