"""The SMTP door keeps mail byte by byte, says 250 only then, and tells a client what to do."""

import asyncio
import hashlib
import logging
import smtplib
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvloop

from channels import Unreachable, smtp, smtp_connection
from channels.smtp import SmtpDoor
from config.secrets import Secret
from config.settings import Gateway, Smtp
from records.arrival import Arrival, Receipt, TryAgain
from tests.channels.smtp_client import MAIL, Client, Mailserver, stuffed
from tests.reception import MemoryReception


def contents(reception: MemoryReception) -> list[bytes]:
    return [content for _, content in reception.arrivals]


@pytest.mark.parametrize("loop", [uvloop.Loop, asyncio.SelectorEventLoop])
def test_a_mail_is_kept_as_it_was_sent(loop: type) -> None:
    mail = b".dot first\r\n..two\r\n\r\nno header is added\r\n.\r\nbare \n and \r and \0\r\n" + b"x" * 5000 + b"\r\n"
    with Mailserver(MemoryReception(), loop=loop) as server, server.client() as client:
        before = datetime.now(UTC)
        assert client.deliver(mail) == f"250 2.0.0 FR-{before.year}-0000001 kept"
        arrival, content = server.reception.arrivals[0]
        assert content == mail
        assert (arrival.channel, arrival.media_type, arrival.size) == ("mail", "message/rfc822", len(mail))
        assert arrival.sha256 == hashlib.sha256(mail).hexdigest()
        assert before <= arrival.received_at <= datetime.now(UTC)
        envelope = arrival.envelope
        assert (envelope.sender, envelope.recipients) == ("a@customer.example", ("b@gw.example",))
        assert (envelope.peer, envelope.tls, envelope.authenticated) == ("127.0.0.1", False, None)
        assert client.say("QUIT") == "221 2.0.0 Goodbye"
        assert client.closed()


def test_python_s_own_client_is_understood() -> None:
    with Mailserver(MemoryReception()) as server, smtplib.SMTP("127.0.0.1", server.port, timeout=20) as client:
        client.sendmail("a@b.example", ["c@gw.example", "d@gw.example"], MAIL, ["SIZE=80", "BODY=8BITMIME"])
        assert set(client.esmtp_features) == {"pipelining", "size", "8bitmime", "smtputf8", "enhancedstatuscodes"}
        assert server.reception.arrivals[0][0].envelope.recipients == ("c@gw.example", "d@gw.example")


def test_the_null_sender_is_empty_and_an_empty_mail_is_a_mail() -> None:
    with Mailserver(MemoryReception()) as server, server.client() as client:
        assert client.deliver(b"", sender="").startswith("250 ")
        assert server.reception.arrivals[0][0].envelope.sender == ""
        assert contents(server.reception) == [b""]


def test_a_whole_session_in_one_packet_is_answered_in_order() -> None:
    one = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@gw.example>\r\nDATA\r\n"
    with Mailserver(MemoryReception()) as server, server.client(helo=False) as client:
        client.send(b"EHLO x\r\n" + one + MAIL + b".\r\n" + one + b"second\r\n.\r\nNOOP\r\nQUIT\r\n")
        client.socket.shutdown(socket.SHUT_WR)
        codes = [client.answer()[:3] for _ in range(12)]
        assert codes == ["220", "250", "250", "250", "354", "250", "250", "250", "354", "250", "250", "221"]
        assert contents(server.reception) == [MAIL, b"second\r\n"]


def test_commands_out_of_order_are_told_what_comes_first() -> None:
    with Mailserver(MemoryReception()) as server, server.client(helo=False) as client:
        assert client.answer() == "220 gw.example ESMTP Faultgate"
        assert client.say("MAIL FROM:<a@b.example>") == "503 5.5.1 Say EHLO first"
        assert client.say("EHLO") == "501 5.5.4 Say your name: EHLO host.example"
        assert client.say("HELO x") == "250 gw.example"
        assert client.say("MAIL FROM:<a@b.example> SIZE=1").startswith("555 5.5.4")
        assert client.say("RCPT TO:<a@b.example>") == "503 5.5.1 Say MAIL first"
        assert client.say("DATA").startswith("503 5.5.1")
        assert client.say("MAIL FROM:<>") == "250 2.1.0 Sender noted"
        assert client.say("MAIL FROM:<>").startswith("503 5.5.1")
        assert client.say("DATA").startswith("503 5.5.1")
        assert client.say("RSET") == "250 2.0.0 Forgotten"
        assert client.say("RCPT TO:<a@b.example>").startswith("503")
        assert client.say("STARTTLS").startswith("503 5.5.1")
        assert client.say("AUTH PLAIN").startswith("503 5.5.1")
        assert client.say("VRFY a").startswith("252 2.5.2")
        assert client.say("help").startswith("214 2.0.0")
        assert not server.reception.arrivals


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("MAIL FROM:<a@b.example> SIZE=x", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> SIZE=" + "9" * 5000, "501 5.5.4"),
        ("MAIL FROM:<a@b.example> SIZE=35000001", "552 5.3.4"),
        ("MAIL FROM:<a@b.example> BODY=BINARYMIME", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> SMTPUTF8=1", "501 5.5.4"),
        ("MAIL FROM:<a@b.example> RET=FULL", "555 5.5.4"),
        ("MAIL <a@b.example>", "501 5.5.4"),
        ("MAIL FROM:<a@b@c>", "553 5.1.7"),
        ("MAIL FROM:", "553 5.1.7"),
        ("MAIL FROM:<a\0b@c.example>", "553 5.1.7"),
        ("MAIL FROM:<" + "(" * 900, "553 5.1.7"),
        ("mail from: <ok@b.example> size=35000000 body=8bitmime smtputf8", "250 2.1.0"),
        ("MAIL FROM:<юзер@пример.рф> SMTPUTF8", "250 2.1.0"),
        ("MAIL FROM:<@relay.example:a@b.example>", "250 2.1.0"),
        ('MAIL FROM:<"a b"@c.example>', "250 2.1.0"),
        ("MAIL FROM:<a..b@c.example>", "250 2.1.0"),
        ("MAIL FROM:a@b.example", "250 2.1.0"),
    ],
)
def test_senders(command: str, code: str) -> None:
    with Mailserver(MemoryReception()) as server, server.client() as client:
        assert client.say(command).startswith(code)


def test_addresses_that_are_no_text_are_refused() -> None:
    with Mailserver(MemoryReception()) as server, server.client() as client:
        client.send(b"MAIL FROM:<\xff\xfe@b.example>\r\n")
        assert client.answer().startswith("553 5.1.7")
        assert client.say("MAIL FROM:<>", "RCPT TO:<>").startswith("553 5.1.3")
        assert client.say("RCPT TO:<a@b.example> NOTIFY=NEVER").startswith("555 5.5.4")


def test_only_listed_recipients_are_taken_and_postmaster() -> None:
    listed = ("help@gw.example", "@desk.example")
    with Mailserver(MemoryReception(), recipients=listed) as server, server.client() as client:
        client.say("MAIL FROM:<>")
        for good in (
            "Help@GW.example",
            "help+fg-1@gw.example",
            "any@desk.example",
            "postmaster",
            "postmaster@gw.example",
        ):
            assert client.say(f"RCPT TO:<{good}>").startswith("250 2.1.5"), good
        for bad in ("x@gw.example", "help@other.example", "help", "postmaster@other.example", "x@sub.desk.example"):
            assert client.say(f"RCPT TO:<{bad}>").startswith("550 5.1.1"), bad


def test_too_many_recipients_go_into_another_message() -> None:
    with Mailserver(MemoryReception(), max_recipients=2) as server, server.client() as client:
        client.say("MAIL FROM:<>", "RCPT TO:<a@x>", "RCPT TO:<b@x>")
        assert client.say("RCPT TO:<c@x>").startswith("452 4.5.3")
        client.say("DATA")
        client.send(MAIL + b".\r\n")
        assert client.answer().startswith("250 2.0.0")
        assert server.reception.arrivals[0][0].envelope.recipients == ("a@x", "b@x")


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (TryAgain("sqlite: SQLITE_BUSY"), "451 4.3.0 Not kept, the trouble is ours: please send it again later"),
        (TryAgain("full", full=True), "452 4.3.1 Not kept, we are out of space: please send it again later"),
        (OSError(28, "No space left on device", "/var/spool/secret"), "451 4.3.0 "),
        (ValueError("a@customer.example has +7 921 123-45-67"), "451 4.3.0 "),
    ],
)
@pytest.mark.parametrize("size", [100, 600_000])
def test_our_trouble_is_try_again_and_stays_inside(
    error: Exception, answer: str, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    with Mailserver(MemoryReception()) as server, server.client() as client:
        server.reception.failing = error
        said = client.deliver(MAIL + b"x" * size + b"\r\n")
        assert said.startswith(answer)
        assert not server.reception.arrivals
        assert not list(server.reception.spool().iterdir())
        server.reception.failing = None
        assert client.deliver(MAIL).startswith("250 ")
    assert "not kept" in caplog.text
    assert not any(word in said + caplog.text for word in ("secret", "customer", "921", "dial tone"))


def test_nothing_personal_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), Mailserver(MemoryReception()) as server, server.client() as client:
        client.deliver()
        client.say("NONSENSE a@customer.example", "MAIL FROM:<a@customer.example", "QUIT")
    assert not any(word in caplog.text for word in ("customer", "127.0.0.1", "dial tone"))


def test_a_message_beyond_the_announced_size_is_refused_and_the_session_goes_on(tmp_path: Path) -> None:
    with Mailserver(MemoryReception(tmp_path), max_size=500_000) as server, server.client() as client:
        for size in (500_001, 3_000_000):
            assert client.deliver(b"x" * size + b"\r\n").startswith("552 5.3.4")
        assert client.deliver(b"x" * 499_998 + b"\r\n").startswith("250 ")
        assert len(server.reception.arrivals) == 1
        assert not list(tmp_path.iterdir())


def test_lmtp_answers_once_for_each_recipient() -> None:
    with Mailserver(MemoryReception(), lmtp=True) as server, server.client(helo=False) as client:
        assert server.opened[0].startswith("lmtp://")
        assert client.answer() == "220 gw.example LMTP Faultgate"
        assert client.say("EHLO x").startswith("500 5.5.1")
        assert client.say("MAIL FROM:<>") == "503 5.5.1 Say LHLO first"
        client.say("LHLO x")
        for error, code in ((None, "250 2.0.0"), (TryAgain("full", full=True), "452 4.3.1")):
            server.reception.failing = error
            assert client.begin("a@x", "b@x", "c@x").startswith("354")
            client.send(MAIL + b".\r\n")
            assert {client.answer()[:9] for _ in range(3)} == {code}
        assert client.say("NOOP") == "250 2.0.0 Still here"
        with server.client(helo=False) as plain:
            plain.answer()
            assert plain.say("DATA").startswith("503")
    with Mailserver(MemoryReception()) as server, server.client() as client:
        assert client.say("LHLO x").startswith("500 5.5.1")


def test_the_same_mail_again_gets_the_first_one_s_number() -> None:
    with Mailserver(MemoryReception()) as server, server.client() as client:
        assert client.deliver() == client.deliver()
        assert server.reception.duplicates == 1


class Slow(MemoryReception):
    """Keeps, but only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.allowed = False

    async def accept(self, arrival: Arrival) -> Receipt:
        self.asked = True
        while not self.allowed:  # noqa: ASYNC110 (told from the test's own thread)
            await asyncio.sleep(0.01)
        return await super().accept(arrival)


def _left_during_accept(client: Client, how: str) -> None:
    client.begin()
    client.send(MAIL + b".\r\n")
    if how == "reset":
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_client_that_leaves_during_accept_does_not_stop_it(how: str) -> None:
    reception = Slow()
    with Mailserver(reception) as server:
        with server.client() as client:
            _left_during_accept(client, how)
            server.wait(lambda: reception.asked)
        with server.client() as other:
            assert other.say("NOOP").startswith("250")
        reception.allowed = True
        server.wait(lambda: contents(reception) == [MAIL])


@pytest.mark.parametrize("size", [10, 700_000])
@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n.", b"\r\n.\r"])
def test_a_client_that_leaves_in_the_middle_of_data_leaves_nothing(size: int, end: bytes, tmp_path: Path) -> None:
    with Mailserver(MemoryReception(tmp_path)) as server:
        with server.client() as client:
            client.begin()
            client.send(b"x" * size + end)
            if size > 10:
                server.wait(lambda: list(tmp_path.iterdir()))
        server.wait(lambda: not list(tmp_path.iterdir()))
    assert not server.reception.arrivals


def test_stopping_ends_idle_sessions_and_lets_messages_end() -> None:
    reception = Slow()
    with Mailserver(reception) as server, server.client() as idle, server.client() as busy, server.client() as half:
        busy.begin()
        busy.send(MAIL + b".\r\n")
        server.wait(lambda: reception.asked)
        half.begin()
        server.stop()
        assert idle.answer().startswith("421 4.3.2")
        assert idle.closed()
        with pytest.raises(ConnectionError):
            Client(server.port)
        reception.allowed = True
        half.send(b"another\r\n.\r\n")
        for client in (busy, half):
            assert client.answer().startswith("250 ")
            assert client.answer().startswith("421 4.3.2")
            assert client.closed()
        server.join()
        assert len(contents(reception)) == 2


def test_when_the_grace_is_over_the_unfinished_is_cut_and_the_answer_to_a_kept_mail_still_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "GRACE", 0.1)
    reception = Slow()
    with Mailserver(reception) as server, server.client() as busy, server.client() as half:
        busy.begin()
        busy.send(MAIL + b".\r\n")
        server.wait(lambda: reception.asked)
        half.begin()
        server.stop()
        assert half.answer().startswith("421 4.3.2")
        reception.allowed = True
        assert busy.answer().startswith("250 ")


def test_an_accept_that_hangs_is_answered_and_not_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_connection, "ACCEPT", 0.2)
    reception = Slow()
    with Mailserver(reception, command_timeout=5.0) as server, server.client() as client:
        client.begin()
        client.send(MAIL + b".\r\n")
        assert client.answer().startswith("451 4.3.0")
        assert client.closed()
        reception.allowed = True
        server.wait(lambda: contents(reception) == [MAIL])


def test_check_tells_what_to_do() -> None:
    gateway = Gateway()
    with Mailserver(MemoryReception()) as server:
        assert asyncio.run(SmtpDoor("mail", Smtp(port=server.port), gateway).check()).endswith("is open")
        port = server.port
    assert asyncio.run(SmtpDoor("mail", Smtp(port=port), gateway).check()) == f"smtp://127.0.0.1:{port} can be opened"
    wrong = {
        "192.0.2.1": Smtp(host="192.0.2.1", port=port),
        "give tls_cert": Smtp(users={"a": Secret(env="X")}),
        "PEM": Smtp(tls_cert="/nowhere/cert.pem"),
    }
    for remedy, settings in wrong.items():
        with pytest.raises(Unreachable, match=remedy):
            asyncio.run(SmtpDoor("mail", settings, gateway).check())


def test_an_address_in_use_is_told_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Smtp(port=taken.getsockname()[1])
        with pytest.raises(Unreachable, match="give another host or port"):
            asyncio.run(SmtpDoor("mail", settings, Gateway()).serve(MemoryReception(), asyncio.Event(), print))


def test_dots_are_stuffed_by_the_test_as_by_any_client() -> None:
    assert stuffed(b".a\r\n.\r\nb.\r\n\n.") == b"..a\r\n..\r\nb.\r\n\n."
