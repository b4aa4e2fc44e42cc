"""Clues of a mail by the standard library, so that the rules are tested without our own reader."""

from collections import defaultdict
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from normalizer.machine_mail import MachineClues
from records.reading import Mailbox


def clues_of(raw: bytes, *, own_addresses: tuple[str, ...] = ()) -> MachineClues:
    """Read what the rules need of one mail; broken text is read as far as it goes."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    headers: dict[str, list[str]] = defaultdict(list)
    for name, value in mail.items():
        headers[name.lower()].append(_decoded(value)[:2000])
    name, address = parseaddr(_decoded(mail.get("From", "")))
    report_type = mail.get_param("report-type")
    return MachineClues(
        headers={name: tuple(values) for name, values in headers.items()},
        content_type=mail.get_content_type(),
        report_type=str(report_type).lower() if report_type else None,
        part_types=tuple(part.get_content_type() for part in mail.walk()),
        subject=_decoded(mail["Subject"]) if mail["Subject"] else None,
        from_=Mailbox(name or None, address or None),
        text="\n".join(_text(part) for part in mail.walk() if isinstance(part.get_payload(), str)),
        own_addresses=own_addresses,
    )


def _decoded(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def _text(part: Message) -> str:
    if part.get_content_maintype() in {"image", "audio", "video", "application", "message"}:
        return ""
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("latin-1")
