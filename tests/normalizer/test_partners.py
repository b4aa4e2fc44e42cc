"""Partners' mail by templates: every kind of body, who is known and who is not, what is refused, what is bounded."""

import io
import json
import re
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.fields.stated import NOTHING
from normalizer.job import Job
from normalizer.normalize import normalize
from normalizer.partners import by_templates
from normalizer.partners.template import Broken, Template, load, templates
from normalizer.readers import read
from normalizer.record import record as make
from records.partner import PartnerStatus, PartnerTicket, Window
from records.record import FaultRecord, PostalAddress, Reporter
from records.words import MachineMail, Order, Review, Service, Symptom, Urgency
from tests.normalizer.mails import CONTEXT

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-partner.md"
ACME = load('name = "Acme"\nknown = [{ sender = ["acme.example"] }]\nrequired = ["number", "circuits"]', "acme.toml")
NINE, TWO = datetime(2026, 11, 20, 9, 30, tzinfo=UTC), datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
TOLD = PartnerTicket(
    name="Acme", status=PartnerStatus.NEW, circuits=("LL/0042", "LL-43"), windows=(Window(start=NINE, end=TWO),)
)
NUMBER = "TKT-20417"


def mail(
    text: str = "", subject: str = "Fault opened", sender: str = "NOC <noc@acme.example>", **headers: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = sender, subject, "Fri, 20 Nov 2026 08:00:00 +0000"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def by(template: Template, content: bytes) -> FaultRecord:
    reading = read(content, "message/rfc822", CONTEXT)
    return make(reading, CONTEXT, by_templates(content, reading, CONTEXT, [template]))


def record(message: EmailMessage) -> FaultRecord:
    return normalize(Job(content=message.as_bytes(), media_type="message/rfc822", context=CONTEXT)).record


KEYED = f"Ticket number: {NUMBER}\nCircuits: LL/0042, LL-43\nStart: 20.11.2026 09:30\nEnd: 20.11.2026 14:00\n"
BELOW = f"Ticket number\n{NUMBER}\nCircuits\nLL/0042\nLL-43\nWe are sorry\nWindow\n20 Nov 2026 09:30 - 14:00 UTC\n"
ROWS = [["Circuit ID", "Type", "Start", "End"], ["LL/0042", "fibre", "2026-11-20 09:30", "2026-11-20 14:00"],
        ["LL-43", "fibre", "2026-11-20 09:30", "2026-11-20 14:00"]]  # fmt: skip
HTML = "<table>" + "".join(f"<tr><td>{'</td><td><p>'.join(row)}</td></tr>" for row in ROWS) + "</table>"
CALENDAR = (
    "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nDTSTART:16011028T020000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
    "DTSTART;TZID=Europe/Moscow:20261120T123000\r\nDTEND:20261120T140000Z\r\n"
    f"X-MAINTNOTE-MAINTENANCE-ID:{NUMBER}\r\nX-MAINTNOTE-OBJECT-ID:LL/\r\n 0042\r\nX-MAINTNOTE-OBJECT-ID;X=1:LL-43\r\n"
    "X-MAINTNOTE-STATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
DOCUMENT = {"ticket": {"ticketNumber": NUMBER, "circuits": ["LL/0042", "LL-43"],
                       "startTime": "2026-11-20T09:30:00Z", "endTime": "2026-11-20T14:00:00Z"}}  # fmt: skip
XML = (
    f'<?xml version="1.0"?><t:ticket xmlns:t="urn:t" id="{NUMBER}"><circuitId>LL/0042</circuitId>'
    "<circuitId>LL-43</circuitId><startTime>2026-11-20T09:30:00Z</startTime><end>2026-11-20T14:00:00Z</end></t:ticket>"
)


def sheet() -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in ROWS:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def attached(content: bytes, name: str, kind: str) -> EmailMessage:
    message = mail(f"See the file.\nTicket number: {NUMBER}\n" if name.endswith(("csv", "xlsx")) else "See the file.\n")
    message.add_attachment(content, *kind.split("/"), filename=name)
    return message


def html() -> EmailMessage:
    message = mail(f"Ticket number: {NUMBER}\n")
    message.add_alternative(
        f"<p>Ticket number: {NUMBER}</p>{HTML}<table><tr><td>Price</td><td>7</td></tr></table>", "html"
    )
    return message


@pytest.mark.parametrize(
    "message",
    [
        mail(KEYED),
        mail(KEYED.replace(": ", "\t")),
        mail(BELOW),
        html(),
        attached("\n".join(";".join(row) for row in ROWS).encode("utf-16"), "circuits.csv", "text/csv"),
        attached(sheet(), "circuits.xlsx", "application/octet-stream"),
        attached(CALENDAR.encode(), "works.ics", "text/calendar"),
        attached(json.dumps(DOCUMENT).encode(), "ticket.json", "application/json"),
        attached(XML.encode(), "ticket.xml", "application/xml"),
    ],
    ids=["colon", "tab", "below", "html", "csv", "xlsx", "ics", "json", "xml"],
)
def test_every_kind_of_body_gives_the_same_ticket(message: EmailMessage) -> None:
    made = by(ACME, message.as_bytes())
    assert (made.partner, made.external_id, made.order) == (TOLD, NUMBER, Order.REPORT)
    assert made.needs_review == (Review.UNVERIFIED_SENDER,)
    assert made.evidence["external_id"].where == "template"


def test_a_russian_ticket_of_the_first_example() -> None:
    made = record(
        mail(
            "Добрый день!\n\nЗаявка МТС: 7714-ОБР\nКлиент: ООО «Ромашка»\nАдрес: г. Уфа, ул. Айская, д. 64/1\n"
            "Договор: 4410-22871\nКонтакт: Ильин Пётр Сергеевич\nТелефон: 8 (917) 340-22-18\nПриоритет: высокий\n"
            "Время возникновения: 19.11.2026 21:40\nОкно работ: 20.11.2026 с 12:30 до 17:00 МСК\n"
            "Суть обращения: не работает интернет, порт не поднимается\n",
            "Новая заявка № 7714-ОБР", "Партнёры <partners@mts.example>",
        )
    )  # fmt: skip
    assert made.reporter == Reporter(
        name="Ильин Пётр Сергеевич", phone="+79173402218", email="partners@mts.example", organization="МТС"
    )
    assert made.affected.address == PostalAddress(city="Уфа", street="Айская", house="64/1")
    assert (made.external_id, made.affected.account) == ("7714-ОБР", "4410-22871")
    assert (made.since, made.urgency, made.language) == (date(2026, 11, 19), Urgency.URGENT, "ru")
    assert (made.service, made.symptom) == (Service.BROADBAND, Symptom.NO_SERVICE)
    assert made.description == "не работает интернет, порт не поднимается"
    assert made.partner == PartnerTicket(
        name="МТС", status=PartnerStatus.NEW, windows=(Window(start=NINE, end=TWO),), answers=True
    )
    assert (made.missing, made.needs_review) == ((), (Review.UNVERIFIED_SENDER,))


def test_a_russian_notice_of_the_second_example() -> None:
    message = mail(
        "Уважаемые партнёры!\n", "Перенос работ TT-0093317", "TT <tt@megafon.example>", X_TT_System="MegaFon TT 4.1"
    )
    rows = "<tr><th>Канал<th>Участок<th>Начало<th>Окончание" + "".join(
        f"<tr><td>{name}<td>Уфа — Казань<td>20 ноября 2026 12:30<td>20 ноября 2026 17:00"
        for name in ("МГФ-118/2", "МГФ-119")
    )
    message.add_alternative(f"<p>Уважаемые партнёры!</p><table>{rows}</table>", "html")
    made = record(message)
    assert made.partner == PartnerTicket(
        name="МегаФон", status=PartnerStatus.RESCHEDULED, circuits=("МГФ-118/2", "МГФ-119"),
        windows=(Window(start=NINE, end=TWO),),
    )  # fmt: skip
    assert (made.external_id, made.order, made.language) == ("TT-0093317", Order.FOLLOW_UP, "ru")
    assert "МегаФон" not in {one.name for one in (record(mail(KEYED, sender="a@megafon.example")).partner,) if one}


#: Carriers whose mail the corpus lacks: mails invented after what is told of their forms.
DESCRIBED = {
    "Apple": (
        mail("Peer AS: 64500\nStart Time: 2026-11-20(Fri) 09:30 UTC\nEnd Time: Fri, 20 Nov 2026 16:00:00 +0200\n",
             "CHG000123456", "a@group.apple.com"),
        "CHG000123456", "AS64500",
    ),
    "Momentum": (
        mail("Circuit ID: LL-43\nMaintenance start date/time: 2026-11-20 09:30 AM UTC\n"
             "Maintenance finish date/time: 2026-11-20 02:00 PM UTC\n",
             "Momentum Data Services | Planned Network Maintenance | X | | 11111111 | [ ref:1.2:ref ]"),
        "11111111", "LL-43",
    ),
    "Crown Castle": (
        mail("Ticket Number: 20261103-4\nCircuit ID: LL-43\n11/20/2026\t09:30 AM\t11/20/2026\t02:00 PM\tGMT\n",
             sender="a@crowncastle.com"),
        "20261103-4", "LL-43",
    ),
    "Sparkle": (
        mail("Sparkle Ticket Number\tT-1234\nStart date/time\t20/11/2026 09:30 UTC\n"
             "End date/time\t20/11/2026 14:00 UTC\nCircuits involved\tLL-43\n", sender="a@tisparkle.com"),
        "T-1234", "LL-43",
    ),
    "Turkcell": (
        mail("Maintenance Number\t5551\nStart\t2026-11-20 12:30 (GMT+3)\nEnd\t2026-11-20 17:00 (GMT+3)\n"
             "Circuit\tLL-43\n", sender="a@superonline.net"),
        "5551", "LL-43",
    ),
    "Windstream": (
        mail("WMT:\t77001\nEvent Start Date & Time:\t11/20/2026 04:30 EST\n"
             "Event End Date & Time:\t11/20/2026 09:00 EST\nName\tType\tCircuit\nA\tlit\tLL-43\n",
             sender="a@windstream.com"),
        "77001", "LL-43",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_form_that_is_only_described_is_read_as_told(name: str) -> None:
    message, number, circuit = DESCRIBED[name]
    made = record(message)
    assert made.external_id == number
    assert made.partner is not None
    assert (made.partner.name, made.partner.circuits) == (name, (circuit,))
    assert made.partner.windows == (Window(start=NINE, end=TWO),)


@pytest.mark.parametrize(
    ("subject", "status", "order"),
    [
        ("Fault opened", PartnerStatus.NEW, Order.REPORT),
        ("Ticket update", PartnerStatus.UPDATED, Order.FOLLOW_UP),
        ("Works RESCHEDULED", PartnerStatus.RESCHEDULED, Order.FOLLOW_UP),
        ("Works have started", PartnerStatus.IN_PROGRESS, Order.FOLLOW_UP),
        ("Completion of planned works", PartnerStatus.COMPLETED, Order.FOLLOW_UP),
        ("Отмена плановых работ", PartnerStatus.CANCELLED, Order.WITHDRAWAL),
        ("Заявка закрыта", PartnerStatus.COMPLETED, Order.FOLLOW_UP),
        ("Hello", None, Order.REPORT),
    ],
)
def test_words_of_state_tell_the_order(subject: str, status: PartnerStatus | None, order: Order) -> None:
    made = by(ACME, mail(KEYED, subject).as_bytes())
    assert (made.partner and made.partner.status, made.order) == (status, order)
    own = load('name = "A"\nknown = [{}]\n[status_words]\ncancelled = ["hello"]', "a.toml")
    assert by(own, mail(KEYED, "Hello").as_bytes()).order is Order.WITHDRAWAL


def test_a_partner_s_mail_without_what_is_required_goes_the_common_way_and_says_so() -> None:
    made = by(ACME, mail("The line of our customer is down.").as_bytes())
    assert (made.partner, made.external_id, made.order) == (None, None, Order.REPORT)
    assert made.needs_review == (Review.UNVERIFIED_SENDER, Review.INCOMPLETE)


def test_a_partner_s_ticket_system_writes_by_machine_and_its_ticket_counts() -> None:
    made = by(ACME, mail(KEYED, Auto_Submitted="auto-generated", X_Autoreply="yes").as_bytes())
    assert (made.machine_mail, made.order, made.external_id) == (MachineMail.BULK, Order.REPORT, NUMBER)
    assert by(ACME, mail("Out of office", X_Autoreply="yes").as_bytes()).machine_mail is MachineMail.AUTO_REPLY


def test_a_partner_is_answered_at_its_own_address_not_at_one_in_a_footer() -> None:
    made = by(ACME, mail(f"{KEYED}Please write to sales@acme.example.\n").as_bytes())
    assert (made.reporter.email, made.missing) == ("noc@acme.example", ())
    assert by(ACME, mail(f"{KEYED}Contact email: desk@acme.example\n").as_bytes()).reporter.email == "desk@acme.example"


@pytest.mark.parametrize("sender", ["a@acme.example.org", "acme.example@x.org", "a@notacme.example", "acme.example"])
def test_another_s_mail_is_not_touched(sender: str) -> None:
    content = mail(KEYED, sender=sender).as_bytes()
    assert by_templates(content, read(content, "message/rfc822", CONTEXT), CONTEXT, [ACME]) == NOTHING


def test_an_invitation_of_a_customer_is_no_notice() -> None:
    message = mail("Meeting\n", sender="Anna <anna@example.org>")
    message.add_attachment(CALENDAR.replace("X-MAINTNOTE", "X-OTHER").encode(), "text", "calendar")
    made = record(message)
    assert (made.partner, made.needs_review) == (None, ())


def test_a_mail_is_known_by_all_that_a_template_names() -> None:
    known = 'known = [{ subject = "T-\\\\d", headers = { x-system = "remedy" }, text = "^Dear", part = "text/csv" }]'
    template = load(f'name = "A"\n{known}\nrequired = []', "a.toml")
    for subject, system, text, kind, met in (
        ("T-1", "Remedy 8", "Dear all", "csv", True), ("T-x", "Remedy 8", "Dear all", "csv", False),
        ("T-1", "other", "Dear all", "csv", False), ("T-1", "Remedy 8", "Hello", "csv", False),
        ("T-1", "Remedy 8", "Dear all", "html", False),
    ):  # fmt: skip
        message = mail(text, subject, X_System=system)
        message.add_attachment("a;b", kind, filename=f"a.{kind}")
        assert (by(template, message.as_bytes()).partner is not None) == met


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "x.toml"),
        ('name = "A"', "known"),
        ('name = "A"\nknown = [{ form = ["a"] }]', "form"),
        ('name = "A"\nknown = []\n[fields.circuit]\nlabels = []', "circuit"),
        ('name = "A"\nknown = []\n[fields.number]\npatterns = ["("]', "not a pattern"),
        ('name = "A"\nknown = []\n[fields.number]\npatterns = ["(a+)+$"]', "never end"),
        ('name = "A"\nknown = [{ subject = "(x|a{2,}b*)*" }]', "never end"),
        ('name = "A"\nknown = [{ subject = "((a+))+" }]', "never end"),
        ('name = "A"\nknown = [{ subject = "(?:(?:ab*)c){1,99}" }]', "never end"),
        ('name = "A"\nknown = [{ subject = "(a|a)*b" }]', "never end"),
        ('name = "A"\nknown = [{ subject = "(?:x(a|ab)){3,}b" }]', "never end"),
        ('name = "A"\nknown = [{ subject = ".*.*.*x" }]', "never end"),
        (f'name = "A"\nknown = [{{ text = "{"a" * 301}" }}]', "longer"),
        ('name = "A"\nknown = []\n[status_words]\ngone = ["a"]', "gone"),
    ],
)
def test_a_broken_template_is_named_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(Broken, match=r"x\.toml") as refused:
        load(text, "x.toml")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "pattern", [r"(\d{1,3}\.){3}", r"[(+]+(x)", r"\(a+\)+", r"(?:\w+ ){1,4}x", "(a)+b*", "(a|b) x+"]
)
def test_an_ordinary_pattern_is_taken(pattern: str) -> None:
    assert load(f"name = 'A'\nknown = [{{ text = '{pattern}' }}]", "x.toml").known[0].text == pattern


def test_the_house_s_own_templates_are_in_order() -> None:
    assert len(templates()) > 20
    assert len({template.name for template in templates()}) == len(templates())
    assert {"mts_example", "megafon_example"} <= {template.file for template in templates()}


EVERY = ",".join(one for template in templates() for known in template.known for one in known.sender)
LONG = {
    "one line": "a" * 1_000_000,
    "figures": "1" * 1_000_000,
    "spaces": "maintenance in " + " " * 1_000_000,
    "times": "Start: " + "12-12-2012 10:10 " * 60_000,
    "labels": ("circuit id\t" * 60 + "\n") * 4_000,
    "tables": "<table><tr><td>" * 60_000,
    "quotes": '"' * 1_000_000,
    "brackets": "[" * 300_000,
    "elements": "<a>" * 100_000,
    "entities": "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
    "folded": "BEGIN:VEVENT\r\nDTSTART;" + "TZID=" * 100_000 + ":x",
}


@pytest.mark.parametrize("kind", ["plain", "html", "csv", "calendar", "json", "xml"])
@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_what_is_endless_ends(kind: str, text: str) -> None:
    named = f"{'application' if kind in {'json', 'xml'} else 'text'}/{kind}"
    head = f"From: a@zayo.com\r\nSubject: ZAYO TTN-000001\r\nContent-Type: {named}\r\n\r\n"
    content = head.encode() + text.encode()
    reading = read(content, "message/rfc822", CONTEXT)
    told = by_templates(content, reading, CONTEXT, templates())
    assert told.partner is None or len(told.partner.circuits) <= 200


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    ["Circuit ID: ", "Start:", "\t", "\n", ";", "12.11.2026 10:00", "End", "<td>", "Ticket", "BEGIN:VEVENT\n", "{", '"']
), max_size=40).map("".join), st.sampled_from(["plain", "html", "csv", "calendar"]))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_no_text_is_fatal(text: str, kind: str) -> None:
    content = b"From: a@acme.example\r\nContent-Type: text/%s\r\n\r\n" % kind.encode() + text.encode()
    by(ACME, content)


def blocks(kind: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [text for named, text in fenced if named == kind]


def test_the_example_on_the_page_is_true() -> None:
    (written,), (file,), (expected,) = blocks(""), blocks("toml"), blocks("json")
    made = json.loads(msgspec.json.encode(by(load(file, "acme.toml"), written.encode())))
    told = json.loads(expected)
    assert {key: made[key] for key in told} == told


def test_the_page_names_every_field_and_key() -> None:
    page = PAGE.read_text("utf-8")
    for word in (*Template.__struct_fields__, *PartnerStatus):
        assert word in {"file", "note", "fields"} or f"`{word}`" in page, word
