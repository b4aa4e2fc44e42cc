"""Mail that brings documents: faxes from a gateway, letters behind "see attachment", pictures beside a report."""

import io
from email.message import EmailMessage

import pytest

from records.words import MachineMail, Order, Review
from tests import pages
from tests.normalizer.documents import makers, test_office
from tests.normalizer.documents.reading import read
from tests.page_texts import letter

GATEWAYS = ("@fax.example", "robot@office.example")
LETTER = letter("ru", 5)
FAX = makers.tiff(pages.fax(pages.render(LETTER.text, "ru", 5), 5))
OWN = (
    "Здравствуйте! С понедельника не работает интернет, лампочка LOS красная.\nг. Пенза, ул. Кирова, д. 3, кв. 4\n"
    "Петров Иван Сергеевич, тел. 8 (917) 340-22-18"
)


def mail(text: str, *files: tuple[bytes, str, str], sender: str = "Fax <a@fax.example>", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = sender, "support@isp.example"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for content, kind, name in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def photo() -> bytes:
    stored = io.BytesIO()
    pages.photo(pages.render("D-LINK DIR-300", "en", 1), 1).save(stored, "JPEG")
    return stored.getvalue()


def test_a_fax_from_a_gateway_is_a_letter() -> None:
    content = mail(
        "You have received a fax. Do not reply.", (FAX, "image/tiff", "fax.tif"),
        Subject="Fax from 8 (8412) 45-67-89, 1 page, 2026-11-20 10:11:12", Auto_Submitted="auto-generated",
        Precedence="bulk",
    )  # fmt: skip
    assert read(content, fax_gateways=GATEWAYS, recognise=False).wants_recognition
    done = read(content, fax_gateways=GATEWAYS)
    record = done.record
    assert (record.order, record.machine_mail) == (Order.REPORT, None)
    assert (record.reporter.name, record.reporter.phone) == (LETTER.name, LETTER.phone)
    assert record.reporter.email is None or "fax.example" not in record.reporter.email
    assert record.affected.account == LETTER.account
    assert record.evidence["affected.account"].where == "attachment 2"
    assert record.evidence["affected.account"].page == 1
    assert "received a fax" not in (record.description or "")
    assert "Прошу устранить неисправность" in (record.description or "")
    assert len(done.reading.pages) == 1
    assert done.reading.headers["auto-submitted"] == "auto-generated"  # nobody is answered there


@pytest.mark.parametrize(("headers", "text", "sender"), [
    ({"Subject": "Fax received from +7 8412 456789 (2 pages)"}, "", "a@fax.example"),
    ({"X-Fax-CallerID": "88412456789"}, "", "a@fax.example"),
    ({"X-Fax-Sender-Number": "+78412456789", "X-Fax-To-Number": "+78412000000"}, "", "a@fax.example"),
    ({}, "Вам пришёл факс на номер 8 8412 00-00-00 с номера 8 (8412) 45-67-89, страниц: 2", "a@fax.example"),
    ({}, "A fax has arrived.", "88412456789@fax.example"),
    ({}, "A fax has arrived.", '"+7 (8412) 456789" <a@fax.example>'),
    ({"Subject": "Fax 2026-11-20 10:11:12"}, "Da: +7 8412 456789", "robot@office.example"),
    ({}, "From: +7 8412 456789\nTo: +7 8412 000000\nDate: 20.11.2026\nSubject: fax, 2 pages", "a@fax.example"),
])  # fmt: skip
def test_the_number_that_called_is_found_wherever_the_gateway_writes_it(
    headers: dict[str, str], text: str, sender: str
) -> None:
    blank = makers.tiff(pages.fax(pages.render("Не работает телефон", "ru", 1), 1))
    done = read(mail(text, (blank, "image/tiff", "f.tif"), sender=sender, **headers), fax_gateways=GATEWAYS)
    assert done.record.reporter.phone == "+78412456789"
    assert done.record.evidence["reporter.phone"].where == "envelope"
    assert done.record.evidence["reporter.phone"].confidence < 0.5


def test_a_forwarded_fax_is_a_fax() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Fax <a@fax.example>", "Fax from 88412456789"
    inner.set_content("see attachment")
    inner.add_attachment(FAX, maintype="image", subtype="tiff", filename="fax.tif")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "Anna <anna@isp.example>", "support@isp.example", "Fwd: fax"
    outer.set_content("пришло на наш факс")
    outer.add_attachment(inner)
    done = read(outer.as_bytes(), fax_gateways=GATEWAYS)
    assert done.record.reporter.name == LETTER.name
    assert "пришло" not in (done.record.description or "")


def test_a_stranger_s_bulk_mail_stays_bulk() -> None:
    content = mail("Скидки!", (FAX, "image/tiff", "a.tif"), sender="shop@other.example", Precedence="bulk")
    done = read(content, fax_gateways=GATEWAYS, recognise=False)
    assert done.record.machine_mail is MachineMail.BULK
    assert not done.wants_recognition


@pytest.mark.parametrize("kind", ["docx", "pdf", "scan"])
def test_behind_see_attachment_the_letter_is_the_report(kind: str) -> None:
    file = {
        "docx": (test_office.docx(), "application/octet-stream", "z.docx"),
        "pdf": (makers.letter_pdf(f"{test_office.TROUBLE}\nПетров Иван\n8 917 340-22-18"), "application/pdf", "z.pdf"),
        "scan": (makers.picture_pdf(pages.render(LETTER.text, "ru", 5)), "application/pdf", "z.pdf"),
    }[kind]  # fmt: skip
    content = mail("Добрый день!\nЗаявление во вложении.\n\nС уважением, Пётр", file, sender="Пётр <p@mail.example>")
    assert read(content, recognise=False).wants_recognition
    done = read(content)
    expected = LETTER.phone if kind == "scan" else "+79173402218"
    assert done.record.reporter.phone == expected
    assert done.record.reporter.email in {"p@mail.example", LETTER.email}
    assert done.record.evidence["reporter.phone"].where == "attachment 2"
    assert "вложении" not in (done.record.description or "")
    assert not done.record.missing


def test_a_document_fills_what_the_mail_lacks() -> None:
    content = mail(
        "Здравствуйте, третий день не работает интернет, перезагрузка роутера не помогает, прошу прислать мастера.",
        (makers.letter_pdf("Договор № 61-204455\nАбонент: Петров Иван Сергеевич"), "application/pdf", "contract.pdf"),
        sender="p@mail.example",
    )  # fmt: skip
    assert read(content, recognise=False).wants_recognition
    record = read(content).record
    assert (record.reporter.name, record.affected.account) == ("Петров Иван Сергеевич", "61-204455")
    assert record.evidence["affected.account"].where == "attachment 2"
    assert (record.description or "").startswith("Здравствуйте, третий день")


def test_a_mail_that_tells_everything_is_not_held_up_by_its_pictures() -> None:
    complete = mail(OWN, (photo(), "image/jpeg", "router.jpg"), (FAX, "image/tiff", "a.tif"), sender="i@mail.example")
    assert not read(complete, recognise=False).wants_recognition
    logo = mail("см. вложение", (b"\x89PNG\r\n\x1a\n" + bytes(900), "image/png", "logo.png"), sender="i@mail.example")
    assert not read(logo, recognise=False).wants_recognition
    photographed = mail("см. вложение", (photo(), "image/jpeg", "letter.jpg"), sender="i@mail.example")
    assert read(photographed, recognise=False).wants_recognition


def test_what_can_t_be_opened_is_told() -> None:
    locked = makers.pdf(b"<</Type/Catalog>>")
    content = mail("см. вложение", (locked, "application/pdf", "z.pdf"), sender="i@mail.example")
    done = read(content)
    assert Review.UNREADABLE_ATTACHMENT in done.record.needs_review
    assert done.record.description == "см. вложение"
