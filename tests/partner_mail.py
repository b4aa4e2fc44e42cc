"""Mail of the invented partner МТС, signed with a key of the tests."""

import base64
from email.message import EmailMessage
from email.policy import SMTP

import dkim  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

NOC = "partners@mts.example"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_PEM = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
#: The TXT record of its public half (RFC 6376 section 3.6.1).
RECORD = (
    "v=DKIM1; k=rsa; p="
    + base64.b64encode(
        _KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()
)
RECORD_AT = "noc1._domainkey.mts.example"


def ticket(
    number: str = "7714-ОБР", subject: str = "Новая заявка № {number}", text: str = "не работает интернет",
    sender: str = f"Партнёры <{NOC}>", **headers: str,
) -> bytes:  # fmt: skip
    """Write a partner's ticket."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, "support@faultgate.localhost"
    mail["Subject"], mail["Date"] = subject.format(number=number), "Fri, 20 Nov 2026 08:00:00 +0000"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(
        f"Номер заявки: {number}\nКлиент: ООО «Ромашка»\nАдрес: г. Уфа, ул. Айская, д. 64/1\n"
        f"Контакт: Ильин Пётр Сергеевич\nТелефон: 8 (917) 340-22-18\nСуть обращения: {text}\n"
    )
    return mail.as_bytes()


def signed(mail: bytes, domain: str = "mts.example", covering: tuple[str, ...] = (), **how: object) -> bytes:
    """Sign a mail (RFC 6376), by default From, Subject and what else RFC 6376 recommends."""
    headers = [name.encode() for name in covering] or None
    signature: bytes = dkim.sign(mail, b"noc1", domain.encode(), _PEM, include_headers=headers, **how)
    return signature + mail
