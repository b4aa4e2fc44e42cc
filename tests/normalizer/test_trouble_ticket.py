"""Partners' trouble tickets (TMF621 v4 and v5, MEF 124) become records; no deviation and no garbage is fatal."""

import base64
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from normalizer.job import Job, Normalized
from normalizer.normalize import normalize
from normalizer.readers import sniff
from records.media import TICKET
from records.partner import PartnerStatus, PartnerTicket
from records.record import Affected, FaultRecord, PostalAddress, Reporter
from records.words import Order, Review, Service, Symptom, Urgency
from tests.normalizer.mails import CONTEXT, corpus

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
V4 = {
    "name": "Нет связи у клиента", "description": "Не работает интернет у клиента, на порту ошибки.",
    "severity": "Critical", "ticketType": "incident", "externalId": "MTS-551", "status": "inProgress",
    "relatedParty": [
        {"id": "7", "role": "customer", "name": "ООО Ромашка", "@referredType": "Organization"},
        {"id": "8", "role": "reporter", "name": "Ильин Пётр", "@referredType": "Individual",
         "contactMedium": [{"characteristic": {"emailAddress": "noc@mts.example", "phoneNumber": "+7 917 340-22-18"}}]},
    ],
    "relatedEntity": [
        {"id": "CH-17", "role": "impacted", "@referredType": "Service"},
        {"id": "4410-22871", "role": "customerAccount", "@referredType": "BillingAccount"},
    ],
    "place": [{"city": "Уфа", "streetName": "Айская", "streetNr": "64/1"}],
    "note": [{"text": "Просьба ответить сегодня."}, {"text": ""}, {"id": "no text"}],
}  # fmt: skip
V5 = {
    "@type": "TroubleTicket", "name": "Circuit down", "severity": "1 - Critical", "ticketType": "fault",
    "description": "The leased line is down since this morning.",
    "externalIdentifier": [{"@type": "ExternalIdentifier", "id": "INC0042", "owner": "Acme Carrier"}],
    "dateFirstFound": "2026-11-18T04:00:00Z",
    "relatedParty": [
        {"role": "originator", "partyOrPartyRole": {"name": "Anna Brown", "@referredType": "Individual",
                                                   "emailAddress": "anna@acme.example"}},
        {"role": "operator", "partyOrPartyRole": {"name": "Acme Carrier", "@referredType": "Organization"}},
    ],
    "relatedEntity": [
        {"role": "affectedService", "entity": {"id": "LL/0042", "@referredType": "Service", "@type": "EntityRef"}},
    ],
    "troubleTicketCharacteristic": [{"name": "circuit id", "value": "LL/0042-B"}, {"name": "floor", "value": 3}],
}  # fmt: skip
MEF = {
    "description": "Internet is slow at the office", "observedImpact": "degraded", "priority": "high",
    "severity": "minor", "ticketType": "assistance", "issueStartDate": "2026-11-19T10:00:00Z", "externalId": "B-9",
    "relatedContactInformation": [
        {"role": "buyerTechnicalContact", "name": "Other Person", "emailAddress": "o@b.example", "number": "1"},
        {"role": "reporterContact", "name": "Mario Rossi", "emailAddress": "mario@b.example",
         "number": "+39 333 123 4567", "organization": "Buyer Srl"},
    ],
    "relatedEntity": [{"id": "P-100", "role": "product", "@referredType": "Product"}],
}  # fmt: skip


def normalized(ticket: object) -> Normalized:
    content = ticket if isinstance(ticket, bytes) else json.dumps(ticket).encode()
    return normalize(Job(content=content, media_type=TICKET, context=replace(CONTEXT, channel="partners")))


def record(ticket: object) -> FaultRecord:
    return normalized(ticket).record


def test_a_v4_ticket_with_every_field() -> None:
    made = record(V4)
    assert made.reporter == Reporter(
        name="Ильин Пётр", phone="+79173402218", email="noc@mts.example", organization="ООО Ромашка"
    )
    assert made.affected == Affected(
        account="4410-22871", address=PostalAddress(city="Уфа", street="Айская", house="64/1")
    )
    assert (made.external_id, made.urgency, made.order) == ("MTS-551", Urgency.URGENT, Order.REPORT)
    assert made.description == "Не работает интернет у клиента, на порту ошибки.\n\nПросьба ответить сегодня."
    assert (made.language, made.service, made.symptom) == ("ru", Service.BROADBAND, Symptom.NO_SERVICE)
    assert made.partner == PartnerTicket(status=PartnerStatus.IN_PROGRESS, circuits=("CH-17",))
    assert (made.missing, made.needs_review) == ((), ())
    assert made.evidence["urgency"].text == "Critical"


def test_a_v5_ticket_with_every_field() -> None:
    made = record(V5)
    assert made.reporter == Reporter(name="Anna Brown", email="anna@acme.example", organization="Acme Carrier")
    assert (made.external_id, made.since, made.urgency) == ("INC0042", date(2026, 11, 18), Urgency.URGENT)
    assert (made.language, made.service) == ("en", Service.LEASED_LINE)
    assert made.partner == PartnerTicket(name="Acme Carrier", circuits=("LL/0042", "LL/0042-B"))
    assert (made.missing, made.needs_review) == ((), ())


def test_a_ticket_between_operators_by_mef() -> None:
    made = record(MEF)
    assert made.reporter == Reporter(
        name="Mario Rossi", phone="+393331234567", email="mario@b.example", organization="Buyer Srl"
    )
    assert (made.since, made.urgency, made.symptom) == (date(2026, 11, 19), Urgency.URGENT, Symptom.SLOW)
    assert (made.external_id, made.partner) == ("B-9", PartnerTicket(circuits=("P-100",)))


@pytest.mark.parametrize(
    ("text", "language"),
    [("Da ieri la linea non funziona", "it"), ("客户宽带昨天开始上不了网", "zh"), ("У клиента нет интернета", "ru")],
)
def test_other_languages(text: str, language: str) -> None:
    made = record({"description": text, "severity": "Minor", "ticketType": "incident"})
    assert (made.language, made.description, made.urgency) == (language, text, Urgency.NORMAL)
    assert made.missing == ("reporter.name", "reporter.phone")


def test_a_firm_stands_for_its_person_who_is_not_named() -> None:
    firm = {"role": "buyer", "name": "Acme Carrier", "@referredType": "Organization"}
    assert record({"description": "The line is down", "severity": "1", "relatedParty": firm}).reporter == Reporter(
        name="Acme Carrier", organization="Acme Carrier"
    )


def test_what_is_stated_beats_what_is_found() -> None:
    text = "Клиент Соколова Галина, тел. 8 917 111-22-33, договор 999-111, интернет не работает с 10 ноября."
    made = record(V4 | {"description": text, "dateFirstFound": "2026-11-18T01:00:00Z"})
    assert (made.reporter.name, made.reporter.phone) == ("Ильин Пётр", "+79173402218")
    assert (made.affected.account, made.since) == ("4410-22871", date(2026, 11, 18))
    assert made.needs_review == ()


@pytest.mark.parametrize("status", ["cancelled", "canceled", "assessingCancellation"])
def test_a_cancelled_ticket_is_a_withdrawal(status: str) -> None:
    made = record(V4 | {"status": status})
    assert (made.order, made.partner and made.partner.status) == (Order.WITHDRAWAL, PartnerStatus.CANCELLED)


@pytest.mark.parametrize("status", ["solvedByMagic", "", 7, None, ["x"], "closed"])
def test_any_other_status_of_a_new_ticket_is_advice(status: object) -> None:
    assert record(V4 | {"status": status}).order is Order.REPORT


def test_a_day_that_is_none_or_to_come_is_not_since() -> None:
    for told in ("^", "0000-00-00", "9999-12-31", "2026-13-45", "2030-01-01", 5, None):
        assert record(V5 | {"dateFirstFound": told, "description": "The line is down"}).since is None


def test_attachments_are_parts_and_damage_is_told() -> None:
    written = base64.b64encode(PNG).decode()
    made = normalized(
        V5 | {"attachment": [
            {"name": "a.png", "content": written, "mimeType": "text/plain"},
            {"name": "b.png", "content": f"data:image/png;base64,{written}"},
            {"name": "c.png", "content": "@@@" + written},
            {"name": "bill", "url": "http://127.0.0.1/secret"},
            {"attachment": {"name": "d.png", "content": ""}}, "no attachment", 7,
        ]}
    )  # fmt: skip
    parts = {part.name: part for part in made.reading.parts}
    assert parts["a.png"].media_type == parts["b.png"].media_type == "image/png"
    assert (parts["a.png"].problem, parts["a.png"].size, parts["a.png"].sha256) == (None, 28, parts["b.png"].sha256)
    assert parts["c.png"].problem == "damaged base64"
    assert parts["bill"].problem == "kept elsewhere by the sender"
    assert parts["d.png"].problem == "empty"
    assert made.record.needs_review == (Review.UNREADABLE_ATTACHMENT,)


def test_an_attachment_that_is_too_large_is_not_decoded() -> None:
    (part,) = normalized(V5 | {"attachment": [{"name": "big", "content": "A" * 28_000_004}]}).reading.parts
    assert (part.size, part.problem) == (0, "larger than this desk takes")


def test_every_official_example_is_accepted() -> None:
    paths = sorted(corpus("tmf621-examples").glob("*.json"))
    assert len(paths) > 25
    for path in paths:
        content = path.read_bytes()
        if content.lstrip().startswith(b"["):
            continue  # a list or a JSON patch is no ticket
        assert sniff(content, None) == TICKET or "partialupdate" in path.name or "listener" in path.name, path
        made = normalized(content)
        assert Review.UNREADABLE_ORIGINAL not in made.record.needs_review, path
        assert (made.record.order is Order.NOT_A_FAULT) == ("Specification" in path.name), path


def test_the_official_example_of_a_create_is_read_in_full() -> None:
    made = record((corpus("tmf621-examples") / "TroubleTicket_create_example_request.json").read_bytes())
    assert made.reporter.name == "Jacob Jac Miller"
    assert (made.symptom, made.order, made.language) == (Symptom.BILLING, Order.REPORT, "en")
    assert "This is quite important" in (made.description or "")
    assert [one.name for one in made.attachments] == ["March Bill"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"description":' + b"[" * 100_000, b'{"severity":1e309}',
        b'{"description":"\\ud800\\u0000","severity":' + b"9" * 5_000 + b"}",
        b'{"description":"a","description":"b","severity":NaN,"ticketType":{}}',
        b'{"ticketType":"x","description":"' + b"a" * 10_000_000 + b'"}',
    ],
)  # fmt: skip
def test_nothing_hostile_is_fatal(content: bytes) -> None:
    made = normalized(content)
    assert made.reading.media_type == TICKET
    assert not any("\0" in text or "\ud800" in text for text in (made.reading.text, made.record.description or ""))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        [*V4, *V5, *MEF, "entity", "role", "id", "@referredType", "content", "value", "text", "event", "troubleTicket",
         "attachment", "characteristic", "emailAddress", "number", "city", "contactMedium", "owner"]
    ), inner, max_size=8),
    max_leaves=25,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*V4, *V5, *MEF, "attachment", "event"]), VALUES, max_size=8))
@settings(max_examples=150, deadline=None)
def test_no_shape_of_a_ticket_is_fatal(ticket: dict[str, Any]) -> None:
    made = normalized(ticket)
    assert Review.UNREADABLE_ORIGINAL not in made.record.needs_review
    json.dumps(made.record.description, ensure_ascii=False).encode()
