"""An HTTPS listener on loopback with an authority of its own, for what partners run."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.outbox.fakes.server import Asked, Handler, Listener, Told, serving

NAME = "events.partner.example"


class Heard:
    """What a listener was sent, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.told: list[Told] = []  # the next answers; then 204

    def answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        return self.told.pop(0) if self.told else Told(status=204)


def certificate(folder: Path, *names: str) -> Path:
    """Make a key and a certificate signed by itself; gives the file that holds both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a partner")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "listener.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def listening(heard: Heard, pem: Path | None = None) -> Iterator[int]:
    """Serve it; gives the port. `pem`: speaks TLS with this key and certificate."""

    class Desk(Handler):
        def do(self) -> None:
            self.tell(heard.answer(self.asked()))

        do_GET = do_POST = do  # noqa: N815 - the library's names

    listener = Listener(("127.0.0.1", 0), Desk)
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
    with serving(listener) as port:
        yield port
