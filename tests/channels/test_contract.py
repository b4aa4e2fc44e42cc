"""One contract for every kind of door, over the table of kinds; messengers have one of their own, `test_messengers.py`.

A new kind needs one line in SENDERS: how to send it a report, and how to see what the sender was told.
"""

import asyncio
import contextlib
import itertools
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from channels import KINDS, door
from config.settings import Channel, Fax, Gateway, Scan, Smtp
from records.arrival import Arrival, Receipt, TryAgain
from tests.channels.dovecot import Dovecot, free_port
from tests.channels.messengers import RIGS
from tests.channels.serving import Serving
from tests.channels.smtp_client import MAIL, Client
from tests.reception import MemoryReception

USERS = (f"contract{number}" for number in itertools.count())


class Watching(MemoryReception):
    """Notes what the sender was told before `accept` returned; slow enough for a hasty door to be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Callable[[], bool] = lambda: False
        self.told_too_early = False
        self.asked = 0

    async def accept(self, arrival: Arrival) -> Receipt:
        self.asked += 1
        await asyncio.sleep(0.2)
        self.told_too_early |= await asyncio.to_thread(self.told)
        return await super().accept(arrival)


@dataclass
class Sender:
    """One sender of one report: `send` starts to, `taken` tells whether it has been told "taken"."""

    settings: Channel
    send: Callable[[], None]
    taken: Callable[[], bool]
    content: bytes = MAIL
    media_type: str = "message/rfc822"


def by_smtp(dovecot: Dovecot) -> Sender:
    """Send again and again, as a mail server does, until it is taken; one connection each time."""
    del dovecot
    settings, told, begun = Smtp(port=free_port()), "", []

    def send() -> None:
        begun.append(Client(settings.port))
        begun[-1].answer()
        begun[-1].say("EHLO x")
        begun[-1].begin()
        begun[-1].send(MAIL + b".\r\n")
        begun[-1].socket.setblocking(False)  # noqa: FBT003

    def taken() -> bool:
        nonlocal told
        with contextlib.suppress(BlockingIOError):
            told = begun[-1].answer()
        if told.startswith("4"):
            told = ""
            begun[-1].close()
            send()
        elif told.startswith("250"):
            begun[-1].close()
        return told.startswith("250")

    return Sender(settings, send, taken)


def by_imap(dovecot: Dovecot) -> Sender:
    """Leave it in the mailbox, which is asked again and again; taken is what bears the flag."""
    user = next(USERS)
    return Sender(
        settings=dovecot.settings(user),
        send=lambda: dovecot.deliver(user, MAIL),
        taken=lambda: any(b"$Faultgate" in flags for flags in dovecot.flags(user).values()),
    )


def by_fax(dovecot: Dovecot) -> Sender:
    """Leave it in the folder as a fax server does; taken is what was moved."""
    del dovecot
    folder = Path(tempfile.mkdtemp(prefix="faultgate-fax-"))
    settings = Fax(path=str(folder), poll=0.05, settle=0.1)
    page = b"II*\0 a page"
    return Sender(
        settings,
        lambda: put(folder / "fax00001.tif", page),
        (folder / "done" / "fax00001.tif").exists,
        page,
        "image/tiff",
    )


def by_scan(dovecot: Dovecot) -> Sender:
    del dovecot
    folder = Path(tempfile.mkdtemp(prefix="faultgate-scan-"))
    settings = Scan(path=str(folder), poll=0.05, settle=0.1)
    page = b"%PDF-1.7 a page"
    return Sender(
        settings, lambda: put(folder / "1.pdf", page), (folder / "done" / "1.pdf").exists, page, "application/pdf"
    )


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


SENDERS: dict[str, Callable[[Dovecot], Sender]] = {"smtp": by_smtp, "imap": by_imap, "fax": by_fax, "scan": by_scan}


def test_every_kind_is_under_a_contract() -> None:
    assert {*SENDERS, *RIGS} == {*KINDS}


@pytest.fixture(params=SENDERS)
def sender(request: pytest.FixtureRequest, dovecot: Dovecot) -> Sender:
    return SENDERS[request.param](dovecot)


def serving(sender: Sender, reception: MemoryReception) -> AbstractContextManager[Serving]:
    return Serving(door("x", sender.settings, Gateway()), reception)


def test_taken_is_said_only_after_accept_has_returned(sender: Sender) -> None:
    reception = Watching()
    reception.told = sender.taken
    with serving(sender, reception) as open_door:
        open_door.wait(lambda: open_door.opened)
        assert len(open_door.opened) == 1
        sender.send()
        open_door.wait(sender.taken)
    assert not reception.told_too_early
    assert [content for _, content in reception.arrivals] == [sender.content]
    arrival = reception.arrivals[0][0]
    assert (arrival.channel, arrival.media_type, arrival.size) == ("x", sender.media_type, len(sender.content))
    assert arrival.received_at.tzinfo is not None


@pytest.mark.parametrize("trouble", [TryAgain("x"), TryAgain("x", full=True)])
def test_trouble_of_ours_is_try_again_and_then_it_is_taken(sender: Sender, trouble: TryAgain) -> None:
    reception = Watching()
    reception.failing = trouble
    with serving(sender, reception) as open_door:
        open_door.wait(lambda: open_door.opened)
        sender.send()
        open_door.wait(lambda: sender.taken() or reception.asked >= 2)
        assert not sender.taken()
        assert not reception.arrivals
        reception.failing = None
        open_door.wait(sender.taken)
    assert [content for _, content in reception.arrivals] == [sender.content]


def test_a_door_closes_when_told_to_and_can_be_opened_again(sender: Sender) -> None:
    for _ in range(2):
        with serving(sender, MemoryReception()) as open_door:
            open_door.wait(lambda: open_door.opened)
            open_door.stop()
            open_door.join()


def test_check_says_one_line(sender: Sender) -> None:
    said = asyncio.run(door("x", sender.settings, Gateway()).check())
    assert said
    assert "\n" not in said
