"""Whole mails in four languages through the real child: every field of the record."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.header import Header
from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr

import pytest

from config.settings import Readers
from normalizer.context import Context
from normalizer.guard import Guard
from normalizer.job import Job, Normalized
from normalizer.linking import link
from records.arrival import Envelope
from records.clock import due_at
from records.linking import Clues, Earlier, Known
from records.record import Affected, FaultRecord, OriginalRef, PostalAddress, Reporter
from records.tokens import token
from records.words import MachineMail, Order, Review, Service, Symptom, Urgency

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
#: Fields that no text tells, and those that are looked at one by one.
TOLD = {"id", "channel", "received_at", "due_at", "original", "evidence", "classification", "attachments", "collisions"}
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 100 + b"\xff\xd9"


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(Readers(processes=1))
    yield guard
    guard.close()


def context(language: str, region: str, sender: str | None = None) -> Context:
    return Context(
        id="FR-2026-0000042",
        channel="mail",
        received_at=NOW,
        due_at=due_at(NOW),
        original=OriginalRef(media_type="message/rfc822", size=1, sha256="0" * 64),
        envelope=Envelope(sender=sender, recipients=("support@desk.example",)),
        language=language,
        region=region,
        own_addresses=("support@desk.example",),
        own_domains=("desk.example",),
    )


def addressed(mail: Message, subject: str, sender: tuple[str, str], charset: str = "utf-8") -> bytes:
    mail["From"] = formataddr(sender, charset)
    mail["To"] = "Support <support@desk.example>"
    mail["Subject"] = Header(subject, charset).encode()
    mail["Message-ID"] = "<1@example.org>"
    mail["Date"] = "Fri, 20 Nov 2026 13:59:00 +0300"
    return mail.as_bytes()


def normalized(guard: Guard, content: bytes, about: Context) -> Normalized:
    return guard.normalize(Job(content=content, media_type="message/rfc822", context=about))


def fields_of(record: FaultRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in FaultRecord.__struct_fields__ if name not in TOLD}


def expected(**fields: object) -> dict[str, object]:
    common: dict[str, object] = {name: None for name in FaultRecord.__struct_fields__ if name not in TOLD} | {
        "order": Order.REPORT,
        "urgency": Urgency.NORMAL,
        "repeated": False,
        "missing": (),
        "needs_review": (),
        "affected": Affected(),
        "reporter": Reporter(),
    }
    assert common.keys() >= fields.keys()
    return common | fields


def test_a_russian_mail_in_koi8_with_a_picture(guard: Guard) -> None:
    text = (
        "Добрый день!\r\nС 18 ноября не работает интернет, горит красная лампочка LOS.\r\n"
        "Договор 4410-22871, г. Уфа, ул. Айская, д. 64/1, кв. 118.\r\nТелефон для связи 8 (917) 340-22-18.\r\n"
    )
    mail = MIMEMultipart()
    mail.attach(MIMEText(text + "\r\n-- \r\nСоколова Галина Петровна", "plain", "koi8-r"))
    picture = MIMEImage(JPEG, "jpeg")
    picture.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "лампочка.jpg"))
    mail.attach(picture)
    content = addressed(mail, "Нет интернета", ("Галина Соколова", "galina@example.org"), "koi8-r")
    made = normalized(guard, content, context("ru", "RU", "galina@example.org"))
    assert fields_of(made.record) == expected(
        language="ru",
        reporter=Reporter(name="Соколова Галина Петровна", phone="+79173402218", email="galina@example.org"),
        affected=Affected(
            account="4410-22871", address=PostalAddress(city="Уфа", street="Айская", house="64/1", flat="118")
        ),
        service=Service.BROADBAND,
        symptom=Symptom.NO_SERVICE,
        since=date(2026, 11, 18),
        description=text.replace("\r\n", "\n").strip(),
    )
    assert made.record.evidence["reporter.phone"].text == "8 (917) 340-22-18"
    assert [(one.name, one.media_type, one.size) for one in made.record.attachments] == [
        ("лампочка.jpg", "image/jpeg", len(JPEG))
    ]
    assert (made.record.due_at, made.clues) == (due_at(NOW), Clues(sender="galina@example.org"))


def test_a_chinese_mail_in_gb18030(guard: Guard) -> None:
    text = (
        "您好，我家的固定电话昨天开始没有拨号音。\n故障电话：0411-87654321\n地址：大连市西安路20号\n"
        "联系人：王小明\n联系电话：13904112233\n"
    )
    content = addressed(MIMEText(text, "plain", "gb18030"), "电话故障", ("王小明", "wang@example.cn"), "gb18030")
    made = normalized(guard, content, context("zh", "CN"))
    assert fields_of(made.record) == expected(
        language="zh",
        reporter=Reporter(name="王小明", phone="+8613904112233", email="wang@example.cn"),
        affected=Affected(line="+8641187654321", address=PostalAddress(city="大连市", street="西安路", house="20号")),
        service=Service.TELEPHONY,
        symptom=Symptom.NO_DIAL_TONE,
        since=date(2026, 11, 19),
        description=text.strip(),
    )


def test_an_italian_mail_in_latin_1_with_html(guard: Guard) -> None:
    text = (
        "Buongiorno,\nda tre giorni la connessione internet non funziona. Codice cliente 778812.\n"
        "Abito in via Garibaldi 12, Torino. Potete chiamarmi al 333 765 4321?\nCosì non posso lavorare.\n"
    )
    mail = MIMEMultipart("alternative")
    mail.attach(MIMEText(text, "plain", "iso-8859-1"))
    mail.attach(MIMEText(f"<p>{text}</p>".replace("\n", "<br>"), "html", "iso-8859-1"))
    content = addressed(mail, "Internet non va più", ("Chiara Ferri", "chiara@example.it"), "iso-8859-1")
    made = normalized(guard, content, context("it", "IT"))
    assert fields_of(made.record) == expected(
        language="it",
        reporter=Reporter(name="Chiara Ferri", phone="+393337654321", email="chiara@example.it"),
        affected=Affected(account="778812", address=PostalAddress(city="Torino", street="via Garibaldi", house="12")),
        service=Service.BROADBAND,
        symptom=Symptom.NO_SERVICE,
        since=date(2026, 11, 17),
        description=text.strip(),
    )


def test_an_english_answer_to_our_receipt_is_tied_by_its_token(guard: Guard) -> None:
    proof = token(b"key", 17, "olivia@example.com")
    text = "Hello, my address is 12 High Street, Flat 7, Leeds, and it now fails on my phone as well."
    quoted = "> Your report has the number FR-2026-0000017.\n> Call 0800 123 4567 any time.\n"
    mail = MIMEText(
        f"{text}\n\nOn 20 Nov 2026 at 10:00, Support <support@desk.example> wrote:\n{quoted}", "plain", "utf-8"
    )
    mail["In-Reply-To"] = f"<{proof}@desk.example>"
    content = addressed(mail, "Re: No internet", ("Olivia Brown", "Olivia@Example.com"))
    made = normalized(guard, content, context("en", "GB"))
    assert made.clues == Clues(
        tokens=(proof,),
        message_ids=(f"<{proof}@desk.example>",),
        numbers=("FR-2026-0000017",),
        sender="olivia@example.com",
    )
    earlier = Earlier(id="FR-2026-0000017", report=17, order=Order.REPORT)
    linked = link(made.record, made.clues, Known(proven=earlier, proven_recipient="olivia@example.com"))
    assert (linked.order, linked.reference, linked.needs_review) == (Order.FOLLOW_UP, "FR-2026-0000017", ())
    assert (linked.description, linked.reporter.phone) == (text, None)
    assert (linked.reporter.name, linked.affected.address.flat) == ("Olivia Brown", "7")


def test_a_forwarded_report_is_the_authors(guard: Guard) -> None:
    body = (
        "Коллеги, примите в работу.\n\n-------- Пересылаемое сообщение --------\n"
        "От: Анна Крылова <anna.krylova@example.org>\nДата: 20.11.2026 12:40\nКому: sales@desk.example\n"
        "Тема: не показывает телевизор\n\n"
        "Здравствуйте, кабельное не показывает с утра. Тел. 8 927 601-22-33.\n"
    )
    content = addressed(MIMEText(body, "plain", "utf-8"), "Fwd: не показывает телевизор", ("Пётр", "petr@desk.example"))
    made = normalized(guard, content, context("ru", "RU", "petr@desk.example"))
    reporter = Reporter(name="Анна Крылова", phone="+79276012233", email="anna.krylova@example.org")
    assert (made.record.reporter, made.record.service) == (reporter, Service.CABLE_TV)
    assert (made.record.order, made.record.missing) == (Order.REPORT, ())


def test_an_auto_reply_is_no_fault(guard: Guard) -> None:
    mail = MIMEText("I am out of the office until Monday. My internet does not work either.", "plain", "utf-8")
    mail["Auto-Submitted"] = "auto-replied"
    made = normalized(guard, addressed(mail, "Out of office", ("Tom", "tom@example.com")), context("en", "GB", ""))
    assert (made.record.order, made.record.machine_mail) == (Order.NOT_A_FAULT, MachineMail.AUTO_REPLY)


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\0", b"\xff" * 3000, b"Subject: \xff\r\n", b"%PDF-1.4 no mail"])
def test_no_mail_at_all_is_a_record_too(guard: Guard, content: bytes) -> None:
    made = normalized(guard, content, context("ru", "RU"))
    assert made.record.id == "FR-2026-0000042"
    assert made.record.missing[:2] == ("reporter.name", "reporter.phone")


def test_two_senders_are_doubted(guard: Guard) -> None:
    content = (
        b"From: anna@example.org\r\nFrom: mallory@example.net\r\nSubject: no internet\r\n\r\n"
        b"My internet is down since yesterday.\r\n"
    )
    assert Review.UNVERIFIED_SENDER in normalized(guard, content, context("en", "GB")).record.needs_review
