"""Processes that only accept: one is forked, warm, for each kill; `accepting` is run by the test and told by lines.

Each line is an `Errand` in JSON; the answers are the child's number and, once it ended, its wait status. The child
begins when the file `go` appears beside its archive, and writes a line to the file `answers` for each mail it took.
"""

import asyncio
import importlib
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from channels.smtp_data import Body
from config.settings import Gateway, Storage
from records.arrival import Arrival, Envelope
from storage.intake import Intake
from storage.opening import open_database, open_originals, prepare
from tests.torture.mails import Mail

BLOCK = 65536


class Task(msgspec.Struct):
    """What one child does, and where."""

    folder: str


E = TypeVar("E", bound=Task)


class Errand(Task):
    """Mails to be accepted."""

    mails: list[Mail]
    prepares: bool = False  # start as the gateway does, then accept
    answers_first: bool = False  # the planted fault: promise, then keep

    @property
    def gateway(self) -> Gateway:
        return Gateway(data=f"{self.folder}/data")


STORAGE = Storage(min_free=0)


def run(errand: Errand) -> None:
    """Accept every mail, and answer each as a door would."""
    if errand.prepares:
        prepare(errand.gateway, STORAGE)
    database = open_database(errand.gateway, STORAGE)
    reception = Intake(
        database, open_originals(errand.gateway, STORAGE), {"mail": timedelta(hours=2)}, timedelta(days=7), lambda: None
    )
    answers = os.open(f"{errand.folder}/answers", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def answer(mail: Mail) -> None:
        os.write(answers, f"{mail.sha256}\n".encode())

    async def all_of_them() -> None:
        for mail in errand.mails:
            await _one(reception, mail, answer, first=errand.answers_first)

    asyncio.run(all_of_them())
    database.close()


async def _one(reception: Intake, mail: Mail, answer: Callable[[Mail], None], *, first: bool) -> None:
    body = Body(10**7, reception.spool)
    wire = mail.content + b".\r\n"
    for start in range(0, len(wire), BLOCK):
        body.feed(wire[start : start + BLOCK])
    arrival = Arrival(
        channel="mail", media_type="message/rfc822", content=body.content, size=body.size, sha256=body.sha256,
        received_at=datetime.now(UTC), envelope=Envelope(sender=mail.sender),
    )  # fmt: skip
    if first:
        answer(mail)
    await reception.accept(arrival)
    body.discard()
    if not first:
        answer(mail)


def nurse(kind: type[E], run: Callable[[E], None]) -> None:
    """Read errands, and run each in a forked child once the file `go` appears beside its archive."""
    for heavy in ("sqlalchemy.dialects.sqlite", "alembic.command"):  # what `prepare` would load in every child
        importlib.import_module(heavy)
    for line in sys.stdin:
        errand = msgspec.json.decode(line, type=kind)
        pid = os.fork()
        if pid == 0:
            while not Path(errand.folder, "go").exists():
                time.sleep(0.001)
            run(errand)
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitpid(pid, 0)[1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nurse(Errand, run)
