"""Whoever comes in crowds, says too much, or says nothing, is sent away; the others are served."""

import contextlib
import socket
import time

import pytest

from channels import smtp_connection
from channels.smtp_limits import _network
from tests.channels.smtp_client import MAIL, Client, Mailserver
from tests.reception import MemoryReception


def test_the_connection_after_the_last_is_sent_away() -> None:
    with Mailserver(MemoryReception(), max_connections=2) as server, server.client() as one, server.client():
        with Client(server.port) as third:
            assert third.answer().startswith("421 4.7.0 Too many connections:")
            assert third.closed()
        one.say("QUIT")
        assert one.closed()
        with server.client() as fourth:
            assert fourth.deliver().startswith("250 ")


def test_one_peer_can_not_take_all_places() -> None:
    with Mailserver(MemoryReception(), max_connections_per_peer=1) as server, server.client() as first:
        with Client(server.port) as second:
            assert second.answer().startswith("421 4.7.0 Too many connections from your network")
        assert first.deliver().startswith("250 ")


def test_one_ipv6_host_is_one_peer_wherever_it_roams() -> None:
    assert _network("2001:db8::1") == _network("2001:db8::ffff:1") != _network("2001:db8:0:1::1")
    assert _network("::ffff:192.0.2.1") == _network("192.0.2.1") == "192.0.2.1"
    assert _network("fe80::1%eth0") == "fe80::/64"


def test_commands_without_a_message_come_to_an_end() -> None:
    with Mailserver(MemoryReception(), max_commands=10) as server, server.client() as client:
        for _ in range(3):  # a message taken starts the count anew
            client.say("NOOP", "NOOP", "NOOP")
            assert client.deliver().startswith("250 ")
        assert client.say(*["NOOP"] * 10).startswith("250 ")
        assert client.say("NOOP").startswith("421 4.7.0 Too many commands")
        assert client.closed()


def test_unknown_commands_come_to_an_end() -> None:
    with Mailserver(MemoryReception()) as server, server.client(helo=False) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\nC: d\r\nE: f\r\nG: h\r\nMAIL FROM:<>\r\n")
        codes = [client.answer()[:3] for _ in range(8)]
        assert codes == ["220", "500", "500", "500", "500", "500", "421", ""]


@pytest.mark.parametrize("line", [b"NOOP " + b"x" * 20_000, b"\0" * 1_000_000])
def test_an_endless_line_is_no_command(line: bytes) -> None:
    with Mailserver(MemoryReception()) as server:
        with server.client() as client:
            with contextlib.suppress(ConnectionError):
                client.send(line + b"\r\n")
            assert client.answer() in {"500 5.5.2 Line too long: that was no command, closing", ""}
            assert client.closed()
        with server.client() as other:
            assert other.deliver().startswith("250 ")


@pytest.mark.parametrize("before", ["", "NOO", "DATA", "DATA x"])
def test_a_client_that_falls_silent_is_sent_away_and_others_are_served(before: str) -> None:
    with Mailserver(MemoryReception(), command_timeout=0.4) as server, server.client() as silent:
        if before.startswith("DATA"):
            silent.begin()
        silent.send(before.removeprefix("DATA").encode())
        with server.client() as other:
            assert other.deliver().startswith("250 ")
        assert silent.answer() == "421 4.4.2 Nothing heard for too long: please connect again"
        assert silent.closed()
        assert len(server.reception.arrivals) == 1


def trickle(client: Client, data: bytes) -> bool:
    """Send byte by byte, each well within the time for silence; tells whether the server put an end to it."""
    for at in range(len(data)):
        try:
            client.send(data[at : at + 1])
        except ConnectionError:
            return True
        time.sleep(0.05)
    return False


def test_a_command_in_trickles_is_cut() -> None:
    with Mailserver(MemoryReception(), command_timeout=0.5) as server, server.client() as client:
        assert trickle(client, b"NOOP " + b"x" * 100)


def test_a_message_in_trickles_is_cut_by_the_time_for_the_whole() -> None:
    with Mailserver(MemoryReception(), command_timeout=1.0, data_timeout=0.5) as server, server.client() as client:
        client.begin()
        assert trickle(client, b"x" * 100)
        assert not server.reception.arrivals


def test_a_message_in_trickles_within_that_time_is_taken() -> None:
    with Mailserver(MemoryReception(), command_timeout=0.3) as server, server.client() as client:
        client.begin()
        assert not trickle(client, b"slow but steady\r\n.\r\n")
        assert client.answer().startswith("250 ")


def test_under_stress_the_idle_go_sooner() -> None:
    with Mailserver(MemoryReception(), command_timeout=30.0, max_connections=5) as server:
        clients = [server.client() for _ in range(5)]
        for client in clients:
            assert client.answer().startswith("421 4.4.2")  # after one second instead of thirty
            assert client.closed()
            client.close()
        with server.client() as calm:
            time.sleep(1.5)
            assert calm.deliver().startswith("250 ")


def test_a_client_that_reads_no_answers_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_connection, "CUT", 0.3)
    reception = MemoryReception()
    with Mailserver(reception, command_timeout=0.3, max_commands=10**9) as server, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", server.port))
        deaf.settimeout(0.1)
        with pytest.raises(ConnectionError):
            send_for_ever(deaf, b"HELP\r\n" * 4000)
        with server.client() as other:
            assert other.deliver(MAIL).startswith("250 ")


def send_for_ever(to: socket.socket, data: bytes) -> None:
    for _ in range(300):  # of 0.1 s, once all buffers are full
        with contextlib.suppress(TimeoutError):
            to.sendall(data)
