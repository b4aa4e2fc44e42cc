"""The corpus of carriers' notices as mails, with what was expected of each by the people who gathered them."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from normalizer.partners.template import templates
from tests.normalizer.mails import corpus

_TAILS = re.compile(r"(?:_(?:html|text|subject|xlsx)?_?(?:parser)?(?:_\d)?_?result\d?(?:_combined)?)?$")
_SUBJECTS = ("{}_email_subject", "{}_subject.txt")


class Expected(Struct, frozen=True):
    """What a notice tells by one expectation: None where that says nothing."""

    number: str | None
    circuits: frozenset[str]
    windows: frozenset[tuple[datetime, datetime]]


class Notice(Struct, frozen=True):
    """One file of the corpus as a mail, and all that is expected of it."""

    path: str
    content: bytes
    expected: tuple[Expected, ...]


def notices() -> Iterator[Notice]:
    """Give every file with an expectation that names a number, circuits or a window."""
    by_file: dict[Path, list[Expected]] = {}
    root = corpus("partner_emails") / "data"
    for told in sorted(root.rglob("*.json")):
        path = _file(told)
        if path and (expected := _expected(json.loads(told.read_text("utf-8")))):
            by_file.setdefault(path, []).append(expected)
    for path, every in by_file.items():
        yield Notice(str(path.relative_to(root)), _mail(path), tuple(every))


def _file(told: Path) -> Path | None:
    """Find the file that an expectation speaks of; some were never gathered."""
    base = told.parent / _TAILS.sub("", told.stem)
    kinds = (".eml", ".html", "", "_body.html")
    return next((path for kind in kinds if (path := base.with_name(base.name + kind)).is_file()), None)


def _expected(told: list[dict[str, object]] | dict[str, object]) -> Expected | None:
    items = [one for one in (told if isinstance(told, list) else [told]) if one]
    circuits = {" ".join(str(each["circuit_id"]).split()) for one in items for each in one.get("circuits", ())}  # type: ignore[attr-defined]
    windows = {(_at(one["start"]), _at(one["end"])) for one in items if "start" in one and "end" in one}
    number = next((str(one["maintenance_id"]) for one in items if "maintenance_id" in one), None)
    return Expected(number, frozenset(circuits), frozenset(windows)) if number or circuits or windows else None


def _at(seconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(seconds)), UTC)


def _mail(path: Path) -> bytes:
    """Give a mail as it is; anything else as the body of a mail from the carrier's own address."""
    content = path.read_bytes()
    if b"\n" not in content:
        return b"Subject: " + content
    if path.suffix == ".eml":
        return content
    senders = (
        one for known in templates() if known.file == path.parent.name for each in known.known for one in each.sender
    )
    sender = next(senders, "carrier.example")
    named = (path.with_name(name.format(path.stem.removesuffix("_body"))) for name in _SUBJECTS)
    subject = next(
        (one.read_text("utf-8").strip() for one in named if one.is_file()), "Network Maintenance Notification"
    )
    kind = "text/calendar" if content.startswith(b"BEGIN:VCALENDAR") else "text/html"
    encoding = "quoted-printable" if b"=3D" in content or b"=C2=A0" in content else "8bit"
    head = (
        f"From: NOC <noc@{sender}>\r\nSubject: {subject}\r\nDate: Thu, 1 Jul 2021 10:00:00 +0000\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + content
