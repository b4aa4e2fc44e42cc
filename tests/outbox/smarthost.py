"""A smarthost on loopback for tests, which answers as told; and a certificate of its own."""

import asyncio
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Sink:
    """An aiosmtpd handler that keeps what it took; each answer can be set."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.tls: list[bool] = []
        self.answers: dict[str, str] = {}
        self.drop_after_data = False

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name, like those below
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append(envelope)
        self.tls.append(session.ssl is not None)
        if self.drop_after_data and server.transport is not None:
            server.transport.close()
        return "250 taken"

    async def handle_QUIT(self, *_: object) -> str:  # noqa: N802
        return self.answers.get("QUIT", "221 Bye")


class FreePort(Controller):
    """A controller that takes a free port and remembers which."""

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def running(sink: Sink, **options: Any) -> Iterator[int]:
    """Serve on a free port of loopback."""
    controller = FreePort(sink, hostname="127.0.0.1", port=0, ready_timeout=30, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def one_user(*asked: Any) -> AuthResult:
    """Let in the user "gate" with the password "right"."""
    return AuthResult(success=(asked[-1].login, asked[-1].password) == (b"gate", b"right"), handled=False)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a self-signed certificate for one IP address or host name."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    kind = "IP" if name[0].isdigit() else "DNS"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "2", "-subj", "/CN=smarthost", "-addext", f"subjectAltName={kind}:{name}"),
            *("-out", cert, "-keyout", key),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


def tls_context(cert: Path, key: Path) -> ssl.SSLContext:
    """Give the server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


@contextmanager
def scripted(*answers: bytes) -> Iterator[int]:
    """Serve one connection after another, saying the answers in order, one for each line heard, then hanging up."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for answer in answers:
                self.wfile.write(answer)
                if not self.rfile.readline(1000):
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
