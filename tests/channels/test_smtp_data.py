"""DATA ends where it ends, and nowhere else; what is kept is what was sent, however it was cut into packets."""

import errno
import hashlib
import os
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.smtp_data import INLINE, Body
from tests.channels.smtp_client import MAIL, Mailserver, stuffed
from tests.reception import MemoryReception

PIECES = st.lists(
    st.sampled_from([b"\r", b"\n", b".", b"\r\n", b"\r\n.", b"a", b"\0", b"\r\n.\r", b"text"]), max_size=40
)


def no_spool() -> Path:
    raise AssertionError("a small message needs no file")


@given(PIECES, st.lists(st.integers(1, 9), min_size=1, max_size=20), PIECES)
@settings(max_examples=400, deadline=None)
def test_any_mail_in_any_packets_comes_out_as_it_was(pieces: list[bytes], cuts: list[int], behind: list[bytes]) -> None:
    mail = b"".join(pieces)
    mail += b"" if mail.endswith(b"\r\n") or not mail else b"\r\n"
    rest = b"".join(behind)
    wire, body, at, given_back = stuffed(mail) + b".\r\n" + rest, Body(10**6, no_spool), 0, b""
    while at < len(wire):
        step = cuts[at % len(cuts)]
        block = wire[at : at + step]
        given_back += block if body.complete else body.feed(block)
        at += step
    assert body.complete
    assert (body.content, given_back) == (mail, rest)
    assert (body.size, body.sha256) == (len(mail), hashlib.sha256(mail).hexdigest())


NOT_THE_END = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r.\r",
    b"\r\n.\n",
    b"\r\n.\r",
    b"\r\n\0.\r\n",
    b"\n.\r\r\n",
    b"\r.\r\n",
    b"\r\n.\0\r\n",
]


@pytest.mark.parametrize("trick", NOT_THE_END)
def test_a_smuggled_end_is_content(trick: bytes) -> None:
    mail = b"one" + trick + b"MAIL FROM:<boss@gw.example>\r\nRCPT TO:<b@gw.example>\r\nDATA\r\nsmuggled\r\n"
    with Mailserver(MemoryReception()) as server, server.client() as client:
        client.begin()
        client.send(mail + b".\r\n")
        assert client.answer().startswith("250 2.0.0")
        assert client.say("NOOP") == "250 2.0.0 Still here"
        # one message; only a dot right behind a true CRLF is a stuffed one
        assert [content for _, content in server.reception.arrivals] == [mail.replace(b"\r\n.", b"\r\n")]


@pytest.mark.parametrize("size", [INLINE - 1, INLINE, INLINE + 1, 5 * INLINE])
def test_large_mail_lies_in_the_spool_and_small_in_memory(size: int, tmp_path: Path) -> None:
    mail = (os.urandom(size // 2).hex() + "xx").encode()[: size - 2] + b"\r\n"
    body = Body(10**7, lambda: tmp_path)
    for at in range(0, len(mail), 70_001):
        assert body.feed(mail[at : at + 70_001]) == b""
    assert body.feed(b".\r\nQUIT") == b"QUIT"
    content = body.content
    assert isinstance(content, Path) == (size > INLINE)
    assert (content.read_bytes() if isinstance(content, Path) else content) == mail
    assert body.sha256 == hashlib.sha256(mail).hexdigest()
    body.discard()
    assert not list(tmp_path.iterdir())


def test_one_large_block_is_spooled_as_well(tmp_path: Path) -> None:
    body = Body(10**7, lambda: tmp_path)
    assert body.feed(b"x" * INLINE + b"y\r\n.\r\n") == b""
    assert isinstance(body.content, Path)
    body.discard()


def test_long_lines_are_one_message() -> None:
    mail = b"x" * 1_000_000 + b"\r\n" + b"y" * 3000
    with Mailserver(MemoryReception()) as server, server.client() as client:
        assert client.deliver(mail + b"\r\n").startswith("250 ")
        assert server.reception.arrivals[0][1] == mail + b"\r\n"


def test_a_full_disk_is_told_as_such_and_recovers(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Mailserver(MemoryReception(tmp_path)) as server, server.client() as client:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))  # EFBIG, a disk's ENOSPC for a process
        try:
            assert client.deliver(b"x" * 900_000 + b"\r\n").startswith("452 4.3.1 Not kept, we are out of space")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert not list(tmp_path.iterdir())
        assert client.deliver(b"x" * 900_000 + b"\r\n").startswith("250 ")


def test_a_spool_that_is_gone_is_try_again(tmp_path: Path) -> None:
    with Mailserver(MemoryReception(tmp_path / "gone")) as server, server.client() as client:
        assert client.deliver(b"x" * 900_000 + b"\r\n").startswith("451 4.3.0")
        assert client.deliver(MAIL).startswith("250 ")


def test_trouble_of_the_disk_is_told_apart() -> None:
    body = Body(10, no_spool)
    for number, full in ((errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EIO, False), (errno.EMFILE, False)):
        body.trouble = OSError(number, "x")
        assert body.no_room is full


def test_what_is_too_large_holds_no_room_while_the_rest_comes(tmp_path: Path) -> None:
    body = Body(2 * INLINE, lambda: tmp_path)
    body.feed(b"x" * 2 * INLINE)
    assert list(tmp_path.iterdir())
    body.feed(b"x")
    assert body.too_large
    assert not list(tmp_path.iterdir())
