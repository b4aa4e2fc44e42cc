"""STARTTLS and AUTH: nothing said in plaintext counts under TLS, and no password is asked for without it."""

import asyncio
import base64
import smtplib
import socket
import ssl
from pathlib import Path

import pytest
import uvloop

from config.secrets import Secret
from tests.channels.dovecot import make_certificate
from tests.channels.smtp_client import MAIL, Client, Mailserver
from tests.reception import MemoryReception

LOOPS = pytest.mark.parametrize("loop", [uvloop.Loop, asyncio.SelectorEventLoop])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tls")
    make_certificate(root)
    (root / "password").write_text("пароль\n", encoding="utf-8")
    return root


def server_with(certificate: Path, loop: type = uvloop.Loop, **settings: object) -> Mailserver:
    cert, key = str(certificate / "cert.pem"), str(certificate / "key.pem")
    return Mailserver(MemoryReception(), loop, tls_cert=cert, tls_key=key, **settings)


def secure(client: Client, certificate: Path) -> None:
    """Go under TLS in the middle of a session."""
    assert client.say("STARTTLS") == "220 2.0.0 Begin TLS"
    context = ssl.create_default_context(cafile=certificate / "cert.pem")
    client.socket = context.wrap_socket(client.socket, server_hostname="localhost")


@LOOPS
def test_a_mail_under_tls(certificate: Path, loop: type) -> None:
    with server_with(certificate, loop) as server, smtplib.SMTP("127.0.0.1", server.port, timeout=20) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        client.starttls()
        client.ehlo()
        assert not client.has_extn("starttls")
        large = MAIL + b"x" * 2_000_000 + b"\r\n"
        for mail in (MAIL, large):
            client.sendmail("a@b.example", "c@gw.example", mail)
        assert [content for _, content in server.reception.arrivals] == [MAIL, large]
        assert all(arrival.envelope.tls for arrival, _ in server.reception.arrivals)
        assert client.docmd("STARTTLS")[0] == 503


@LOOPS
def test_nothing_pipelined_behind_starttls_is_run(certificate: Path, loop: type) -> None:
    with server_with(certificate, loop) as server, server.client() as client:
        client.send(b"STARTTLS\r\nMAIL FROM:<evil@x>\r\nRCPT TO:<b@gw.example>\r\nDATA\r\n" + MAIL + b".\r\n")
        assert client.answer().startswith("501 5.5.2 Wait for our answer")
        assert client.closed()
        assert not server.reception.arrivals


@LOOPS
def test_plaintext_that_follows_our_go_ahead_is_not_run(certificate: Path, loop: type) -> None:
    with server_with(certificate, loop) as server:
        with server.client() as client:
            assert client.say("STARTTLS").startswith("220")
            client.send(b"MAIL FROM:<evil@x>\r\nRCPT TO:<b@gw.example>\r\nDATA\r\n" + MAIL + b".\r\n")
            assert client.closed()
        with server.client() as other:
            assert other.deliver(b"honest\r\n").startswith("250 ")
        assert len(server.reception.arrivals) == 1


def test_what_was_said_before_tls_is_forgotten(certificate: Path) -> None:
    with server_with(certificate) as server, server.client() as client:
        client.say("MAIL FROM:<a@b.example>", "RCPT TO:<b@gw.example>")
        secure(client, certificate)
        assert client.say("DATA").startswith("503")
        assert client.say("MAIL FROM:<>") == "503 5.5.1 Say EHLO first"


def test_tls_can_be_required(certificate: Path) -> None:
    with server_with(certificate, tls_required=True) as server, server.client() as client:
        assert client.say("MAIL FROM:<>") == "530 5.7.0 Say STARTTLS first"
        assert client.say("NOOP").startswith("250")
        secure(client, certificate)
        client.say("EHLO x")
        assert client.deliver().startswith("250 ")


@LOOPS
@pytest.mark.parametrize("how", ["silent", "gone", "garbage", "stopped"])
def test_a_handshake_that_fails_ends_the_session_alone(certificate: Path, how: str, loop: type) -> None:
    with server_with(certificate, loop, command_timeout=0.5, max_connections=1) as server:
        with server.client() as client:
            client.say("STARTTLS")
            if how == "gone":
                client.socket.shutdown(socket.SHUT_RDWR)
            elif how == "stopped":
                server.stop()
            elif how == "garbage":
                client.send(b"\x16\x03\x01\xff\xff" + b"x" * 70_000)
            assert client.closed()
        if how != "stopped":
            server.wait(lambda: _served(server))


def _served(server: Mailserver) -> bool:
    with server.client(helo=False) as client:
        return client.answer().startswith("220")


def test_a_renewed_certificate_is_used_at_once(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    with server_with(tmp_path) as server:
        first = _certificate_of(server)
        make_certificate(tmp_path)
        assert _certificate_of(server) != first
        (tmp_path / "cert.pem").write_text("half written")
        assert _certificate_of(server) != first


def _certificate_of(server: Mailserver) -> bytes:
    with server.client() as client:
        client.say("STARTTLS")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(client.socket) as secured:
            return secured.getpeercert(binary_form=True) or b""


def plain(user: str, password: str) -> str:
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


def with_users(certificate: Path) -> Mailserver:
    return server_with(certificate, users={"desk": Secret(file=str(certificate / "password"))})


def test_auth_is_offered_only_under_tls(certificate: Path) -> None:
    with with_users(certificate) as server, server.client() as client:
        assert "AUTH" not in client.say("EHLO x")
        assert client.say("AUTH PLAIN " + plain("desk", "пароль")).startswith("538 5.7.11")
        secure(client, certificate)
        assert "250-AUTH LOGIN PLAIN\r\n" in client.say("EHLO x")
        assert client.say("AUTH CRAM-MD5").startswith("504 5.5.4")
        assert client.say("auth plain " + plain("desk", "пароль")).startswith("235 2.7.0")
        assert client.say("AUTH PLAIN").startswith("503 5.5.1")
        assert client.say("MAIL FROM:<a@b.example> AUTH=<>").startswith("250")
        client.say("RCPT TO:<b@gw.example>", "DATA")
        client.send(MAIL + b".\r\n")
        assert client.answer().startswith("250 ")
        assert server.reception.arrivals[0][0].envelope.authenticated == "desk"


def test_auth_login_asks_step_by_step(certificate: Path) -> None:
    with with_users(certificate) as server, server.client() as client:
        secure(client, certificate)
        client.say("EHLO x")
        assert client.say("AUTH LOGIN").startswith("334 ")
        assert client.say(base64.b64encode(b"desk").decode()).startswith("334 ")
        assert client.say(base64.b64encode("пароль".encode()).decode()).startswith("235 2.7.0")


@pytest.mark.parametrize("wrong", [plain("desk", "x"), plain("nobody", ""), plain("desk", ""), "!!!", "YQ=="])
def test_wrong_passwords_come_to_an_end(certificate: Path, wrong: str) -> None:
    with with_users(certificate) as server, server.client() as client:
        secure(client, certificate)
        client.say("EHLO x")
        for _ in range(3):
            assert client.say(f"AUTH PLAIN {wrong}")[:3] in {"535", "501"}
        assert client.answer().startswith("421 4.7.0 Too many failed logins")
        assert client.closed()


def test_a_password_that_can_not_be_read_is_our_trouble(certificate: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    users = {"desk": Secret(file=str(tmp_path / "password"))}
    with server_with(certificate, users=users) as server, server.client() as client:
        (tmp_path / "password").unlink()
        secure(client, certificate)
        client.say("EHLO x")
        assert client.say("AUTH PLAIN " + plain("desk", "x")).startswith("454 4.7.0")
        assert client.deliver().startswith("250 ")
