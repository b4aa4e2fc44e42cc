"""Wherever the line breaks: what was acknowledged is there, and a resend makes no second report."""

from pathlib import Path

import pytest

from tests.channels.cutting_proxy import TO_CLIENT, TO_SERVER, CuttingProxy
from tests.channels.smtp_client import Client, Mailserver, stuffed
from tests.reception import MemoryReception


def attempt(port: int, mail: bytes) -> bool:
    """Send one mail as any client does; tells whether it was acknowledged."""
    try:
        with Client(port) as client:
            said = client.answer() and client.say("EHLO x") and client.begin()
            if not said.startswith("354"):
                return False
            client.send(stuffed(mail) + b".\r\n")
            return client.answer().startswith("250 ")
    except ConnectionError:
        return False


@pytest.mark.parametrize(("direction", "length", "step"), [(TO_SERVER, 260, 1), (TO_CLIENT, 390, 2)])
def test_a_line_that_breaks_at_any_byte(direction: str, length: int, step: int, tmp_path: Path) -> None:
    mails = [f"Subject: {n}\r\n\r\n.The line {n} is dead.\r\n".encode() * 3 for n in range(0, length, step)]
    reception, acknowledged = MemoryReception(tmp_path), set()
    with Mailserver(reception) as server, CuttingProxy(server.port) as proxy:
        for number, mail in enumerate(mails):
            proxy.cut = (direction, number * step)
            if attempt(proxy.port, mail):
                acknowledged.add(mail)
        kept_so_far = {content for _, content in reception.arrivals}
        assert acknowledged <= kept_so_far
        assert 0 < len(acknowledged) < len(mails)
        proxy.cut = None
        assert all(attempt(proxy.port, mail) for mail in mails if mail not in acknowledged)
    found = [content for _, content in reception.arrivals]
    assert sorted(found) == sorted(mails)
    if direction == TO_CLIENT:  # cut behind the commit, before our 250 reached the client: the resend was recognised
        assert reception.duplicates


def test_a_large_mail_on_a_line_that_breaks_leaves_no_file(tmp_path: Path) -> None:
    mail = b"x" * 600_000 + b"\r\n"
    reception = MemoryReception(tmp_path)
    with Mailserver(reception) as server, CuttingProxy(server.port) as proxy:
        for at in (200_000, 262_144, 300_000, 599_999, 600_060, 600_070):
            proxy.cut = (TO_SERVER, at)
            assert not attempt(proxy.port, mail)
        server.wait(lambda: not list(tmp_path.iterdir()))
        assert not reception.arrivals
        proxy.cut = None
        assert attempt(proxy.port, mail)
    assert [content for _, content in reception.arrivals] == [mail]
