"""The desk as browsers see it: the real app under uvicorn, over a real archive with reports that were read already."""

import asyncio
import hashlib
import io
import socket
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw, ImageFont

from config.settings import Desk, Gateway, Settings, Storage
from desk.app import app
from desk.passwords import Passwords
from desk.services import Services
from gateway.texts import Texts
from normalizer.drafts import Drafts
from normalizer.pictures import Pictures
from records.arrival import Arrival, Envelope, Receipt
from records.people import Role
from records.reading import Mailbox, Page, Part, Reading
from records.record import (
    Affected,
    Classification,
    Evidence,
    FaultRecord,
    OriginalRef,
    PostalAddress,
    Reporter,
    classified,
)
from records.standing import Standing
from records.words import DecidedBy, Disposition, Order, Review, Service, Symptom, Urgency
from storage import cards, people, standings, versions
from storage.database import Database, Transaction
from storage.intake import Intake
from storage.opening import open_database, open_originals, prepare

KEY = b"0123456789abcdef0123456789abcdef"
PASSWORD = "a quiet password"
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
PAGE = (1240, 1754)  # dots of an A4 page in these tests


class Line(Struct, frozen=True):
    """One line of a page, and the field that is read in it."""

    text: str
    field: str | None = None
    found: str | None = None  # the part of it that is the field's evidence
    confidence: float = 0.94


class Window:
    """One desk. `address` is where browsers go; `ago` makes reports that have waited."""

    def __init__(self, folder: Path, desk: Desk | None = None) -> None:
        gateway, kept = Gateway(data=str(folder / "data"), zone="Europe/Moscow"), Storage(min_free=0)
        prepare(gateway, kept)
        self.settings = Settings(gateway=gateway, storage=kept, desk=desk or Desk(port=0))
        self.database: Database = open_database(gateway, kept)
        self._originals = open_originals(gateway, kept)
        rules = dict.fromkeys((*self.settings.doors, "fax"), timedelta(hours=2))
        self._intake = Intake(self.database, self._originals, rules, timedelta(days=7), lambda: None)
        self._passwords = Passwords()
        self._hash = self._passwords.hashed(PASSWORD)
        self.services = Services(
            settings=self.settings, database=self.database, originals=self._originals, reception=self._intake,
            pictures=Pictures(self.settings.readers), drafts=Drafts(self.settings.readers),
            now=lambda: datetime.now(UTC), ring=lambda: None,
            passwords=self._passwords, texts=Texts(self.settings.gateway), key=KEY,
        )  # fmt: skip
        self.cookies: dict[str, list[Any]] = {}  # of who is signed in, by login
        self._serve()

    def _serve(self) -> None:
        port = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{port.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app(self.services), log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [port]}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self.database.close()

    def person(self, login: str, role: Role = Role.CLERK, name: str = "", language: str = "ru") -> str:
        self.database.write(
            partial(people.add, login=login, name=name or login.title(), role=role, language=language,
                    password=self._hash, at=datetime.now(UTC))
        )  # fmt: skip
        return login

    def fax(self, pages: Sequence[Sequence[Line]], ago: timedelta = timedelta(minutes=5), **record: object) -> str:
        """Keep a fax, read by nobody but this test; gives its number."""
        content, evidence, read = _drawn(pages)
        fields = {line.field: line.found or line.text for page in pages for line in page if line.field}
        return self._keep("fax", "image/tiff", content, ago, fields, evidence, Reading(
            media_type="image/tiff", text="\n\n".join(page.text for page in read), pages=tuple(read),
        ), record)  # fmt: skip

    def mail(
        self, text: str, fields: Mapping[str, str], *, name: str = "Иван Петров", subject: str = "Не работает",
        ago: timedelta = timedelta(minutes=5), **record: object,
    ) -> str:  # fmt: skip
        """Keep a mail, read by nobody but this test; gives its number."""
        evidence = {field: Evidence(text=found, where="body", confidence=0.93) for field, found in fields.items()}
        reading = Reading(
            media_type="message/rfc822", subject=subject, from_=Mailbox(name, "ivan@mail.example"), text=text,
            new_text=text,
        )  # fmt: skip
        content = f"Subject: x\r\n\r\n{text}".encode()
        return self._keep("mail", "message/rfc822", content, ago, dict(fields), evidence, reading, record)

    def mailed_fax(self, lines: Sequence[Line]) -> str:
        """Keep a mail that brings a page, as a fax gateway sends it."""
        sheet, evidence, pages = _drawn([lines])
        message = EmailMessage(policy=SMTP)
        message.set_content("see attachment")
        message.add_attachment(sheet, maintype="image", subtype="tiff", filename="fax.tif")
        part = Part(path="2", name="fax.tif", media_type="image/tiff", size=len(sheet), md5="", sha256="", pages=(1,))
        reading = Reading(
            media_type="message/rfc822", text="see attachment", new_text="see attachment", parts=(part,),
            pages=tuple(pages),
        )  # fmt: skip
        fields = {line.field: line.found or line.text for line in lines if line.field}
        kept = ("mail", "message/rfc822", message.as_bytes(), timedelta(minutes=5))
        return self._keep(*kept, fields, evidence, reading, {})

    def unread(self, content: bytes, media_type: str = "image/tiff", channel: str = "fax") -> str:
        """Keep a report that nobody has read yet."""
        return self._accept(_arrival(content, media_type, channel, datetime.now(UTC))).id

    def read(self, number: str, fields: Mapping[str, str]) -> None:
        """Read a report that was kept before."""
        report = int(number.rpartition("-")[2])
        now = datetime.now(UTC)
        record = _record(number, "fax", now, now + timedelta(hours=2), fields, {}, {}, "image/tiff")
        reading = Reading(media_type="image/tiff", pages=(Page(number=1, rotation=90),))  # it lay on its side
        self.database.write(partial(_read, report=report, record=record, reading=reading, at=now))

    def _accept(self, arrival: Arrival) -> Receipt:
        with ThreadPoolExecutor(1) as other:  # the browser's own loop runs in this thread
            return other.submit(asyncio.run, self._intake.accept(arrival)).result()

    def end_sessions(self) -> None:
        """Let every session run out."""
        self.cookies.clear()
        self.database.write(lambda tx: tx.run("DELETE FROM sessions"))

    def record(self, number: str) -> FaultRecord:
        """Give the newest record of a report."""
        with self.database.read() as tx:
            found = versions.latest(tx, int(number.rpartition("-")[2]))
        assert found is not None
        return found.record

    def take(self, number: str, login: str) -> None:
        """Let somebody have a report open."""
        report = int(number.rpartition("-")[2])
        self.database.write(partial(standings.take, report=report, login=login, at=datetime.now(UTC)))

    def standing(self, number: str) -> Standing:
        with self.database.read() as tx:
            found = standings.standing(tx, int(number.rpartition("-")[2]))
        assert found is not None
        return found

    def reports(self) -> int:
        with self.database.read() as tx:
            return standings.counts(tx, datetime.now(UTC)).total

    def _keep(
        self, channel: str, media_type: str, content: bytes, ago: timedelta, fields: Mapping[str, str],
        evidence: Mapping[str, Evidence], reading: Reading, more: Mapping[str, object],
    ) -> str:  # fmt: skip
        at = datetime.now(UTC) - ago
        receipt = self._accept(_arrival(content, media_type, channel, at))
        record = _record(receipt.id, channel, at, receipt.due_at, fields, evidence, more, media_type)
        self.database.write(partial(_read, report=receipt.report, record=record, reading=reading, at=at))
        return receipt.id


def _arrival(content: bytes, media_type: str, channel: str, at: datetime) -> Arrival:
    return Arrival(
        channel=channel, media_type=media_type, content=content, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), received_at=at, envelope=Envelope(),
    )  # fmt: skip


def _read(tx: Transaction, report: int, record: FaultRecord, reading: Reading, at: datetime) -> None:
    version = versions.add(tx, report, record, at, reading=reading)
    decision = record.classification
    versions.decide(tx, report, version, decision, at)
    cards.describe(tx, report, version, classified(record, decision))
    cards.judge(tx, report, classified(record, decision), at, by_person=False)


def _record(
    number: str, channel: str, at: datetime, due: datetime, fields: Mapping[str, str],
    evidence: Mapping[str, Evidence], more: Mapping[str, object], media_type: str,
) -> FaultRecord:  # fmt: skip
    doubted = {name for name, one in evidence.items() if one.confidence < 0.6}

    def value(name: str) -> str | None:
        return None if name in doubted else fields.get(name)

    reporter = Reporter(
        name=value("reporter.name"), phone=value("reporter.phone"), email=value("reporter.email"),
        organization=value("reporter.organization"),
    )  # fmt: skip
    address = PostalAddress(**{part: value(f"affected.address.{part}") for part in ("city", "street", "house", "flat")})
    record = FaultRecord(
        id=number, order=Order.REPORT, channel=channel, received_at=at, due_at=due, language="ru", reporter=reporter,
        affected=Affected(account=value("affected.account"), line=value("affected.line"), address=address),
        service=Service.BROADBAND, symptom=Symptom.NO_SERVICE, description=value("description"),
        evidence=dict(evidence), missing=tuple(name for name in ("reporter.name", "reporter.phone") if not value(name)),
        needs_review=(Review.LOW_OCR_CONFIDENCE,) if doubted else (),
        original=OriginalRef(media_type=media_type, size=1, sha256="0" * 64),
        classification=Classification(disposition=Disposition.INCIDENT, confidence=0.97, decided_by=DecidedBy.RULE,
                                      rule_hits=("los-lamp",)), urgency=Urgency.NORMAL,
    )  # fmt: skip
    return replace(record, **more)


def _drawn(pages: Sequence[Sequence[Line]]) -> tuple[bytes, dict[str, Evidence], list[Page]]:
    """Draw the pages as a TIFF; where each field stands is known."""
    images, evidence, read = [], {}, []
    font = ImageFont.truetype(FONT, 30)
    for number, lines in enumerate(pages, 1):
        image = Image.new("L", PAGE, 255)
        draw = ImageDraw.Draw(image)
        for place, line in enumerate(lines):
            x, y = 110, 120 + place * 56
            draw.text((x, y), line.text, fill=0, font=font)
            if line.field:
                found = line.found or line.text
                left = x + font.getlength(line.text[: max(0, line.text.find(found))])
                right = left + font.getlength(found)
                box = (round(left / PAGE[0] * 1e4), round(y / PAGE[1] * 1e4), round(right / PAGE[0] * 1e4),
                       round((y + 38) / PAGE[1] * 1e4))  # fmt: skip
                evidence[line.field] = Evidence(
                    text=found, where="text", confidence=line.confidence, page=number, box=box
                )
        images.append(image.convert("1"))
        read.append(Page(number=number, language="ru", confidence=0.9, text="\n".join(line.text for line in lines)))
    stored = io.BytesIO()
    images[0].save(stored, "TIFF", save_all=True, append_images=images[1:], compression="group4")
    return stored.getvalue(), evidence, read
