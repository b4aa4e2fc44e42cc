"""A template made from a mail: what is offered, what is written, and that no mail and no number makes it run away."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.settings import Readers
from normalizer.drafts import Drafts
from normalizer.job import Job
from normalizer.leash import ReaderDied
from normalizer.normalize import normalize
from normalizer.partners.drafting import make, toml
from normalizer.partners.numbers import candidates, pattern_of
from normalizer.partners.template import load
from records.partner import PartnerStatus
from records.partner_template import Draft, Look, PartnerField, Wanted
from records.record import FaultRecord
from records.words import Order, Review
from tests.normalizer.mails import CONTEXT, FOLDERS, corpus
from tests.partner_mail import ticket

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOC = "NOC <noc@acme.example>"
MAIL = ticket("INC-20417", "Fault {number} opened", sender=NOC)


def draft(**changes: Any) -> Draft:
    fields: dict[str, Any] = {"name": "Acme", "senders": ("acme.example",), "number": "INC-20417"}
    return Draft(**{**fields, **changes})


def look(mail: bytes) -> Look:
    return make(Wanted(mails=(mail,), at=AT)).look


def read(mail: bytes, *templates: str) -> FaultRecord:
    job = Job(content=mail, media_type="message/rfc822", context=replace(CONTEXT, templates=templates))
    return normalize(job).record


def test_a_look_offers_numbers_and_labels() -> None:
    seen = look(MAIL)
    assert (seen.sender, seen.numbers[0], seen.kinds) == ("noc@acme.example", "INC-20417", ("text/plain",))
    told = {label.text: (label.value, label.field) for label in seen.labels}
    assert told["Номер заявки"] == ("INC-20417", PartnerField.NUMBER)
    assert told["Суть обращения"] == ("не работает интернет", PartnerField.DESCRIPTION)


def test_a_template_made_so_reads_this_mail_and_later_ones() -> None:
    words = {PartnerStatus.COMPLETED: ("back in service",)}
    labels = {label.text: label.field for label in look(MAIL).labels if label.field}
    later = ticket("INC-20499", "{number} is back in service", sender=NOC)
    other = ticket("INC-20499", "{number}", sender="x@other.example")
    made = make(Wanted(mails=(MAIL, later, other), draft=draft(labels=labels, status_words=words), at=AT))
    assert made.problem is None
    assert [(one.known, one.lacking) for one in made.reads] == [(True, ()), (True, ()), (False, ())]
    assert dict(made.reads[1].values)[PartnerField.NUMBER] == "INC-20499"
    assert made.reads[1].status is PartnerStatus.COMPLETED

    record = read(later, made.body)
    assert (record.external_id, record.order, record.reporter.organization) == ("INC-20499", Order.FOLLOW_UP, "Acme")
    assert read(later).partner is None


def test_the_desk_s_templates_are_asked_before_the_house_s() -> None:
    mail = ticket()
    own = toml(draft(name="Ours", senders=("mts.example",), number="7714-ОБР"), "Новая заявка № 7714-ОБР")
    partner, house = read(mail, own).partner, read(mail).partner
    assert (partner and partner.name, house and house.name) == ("Ours", "МТС")


def test_a_template_that_this_release_refuses_disturbs_nobody() -> None:
    assert read(MAIL, 'name = "Old"\ngone = 1').needs_review == read(MAIL).needs_review
    assert Review.UNREADABLE_ORIGINAL not in read(MAIL, "[[[").needs_review


def test_a_ticket_that_no_template_knows_goes_to_a_person() -> None:
    assert Review.UNKNOWN_PARTNER in read(MAIL.replace("Клиент".encode(), "Канал".encode())).needs_review
    for customer in (
        ticket("", "Не работает интернет", sender="anna@mail.example"),
        ticket("12", "Заявка {number}", sender="anna@mail.example").replace("Номер заявки".encode(), b"Hello"),
        ticket("INC-20417", "Re: Fault {number}", sender=NOC, In_Reply_To="<1@isp.example>"),
    ):
        assert Review.UNKNOWN_PARTNER not in read(customer).needs_review


def test_no_customer_s_mail_of_the_corpora_is_taken_for_a_ticket() -> None:
    read_mails = 0
    for folder in FOLDERS:
        for path in sorted(corpus(folder).rglob("*.eml"))[:40]:
            assert Review.UNKNOWN_PARTNER not in read(path.read_bytes()).needs_review, path
            read_mails += 1
    assert read_mails > 100


@pytest.mark.parametrize(("number", "subject", "alike", "other"), [
    ("INC-20417", "Fault INC-20417", ("INC-20499", "inc-1234567"), ("INC20417", "INC-2", "XINC-20417", "20417")),
    ("7714-ОБР", "", ("12-ОБР", "123456-ОБР"), ("7714", "7714-ОБРА")),
    ("20417", "Ticket 20417 opened", ("Ticket 20418", "ticket #123"), ("20418", "Tickets 20418", "Ticket 12345678")),
    ("PCR/123456", "", ("PCR/654321",), ("PCR-654321",)),
    ("4f9a0c1b22", "", ("99aa00bb11",), ("short",)),
    ("№ 5 (x)+", "", ("№ 7 (x)+",), ("№ 7 xx",)),
    ("2026.11", "", ("2025.10",), ("2026x11",)),
])  # fmt: skip
def test_numbers_like_it_are_met_and_others_are_not(
    number: str, subject: str, alike: tuple[str, ...], other: tuple[str, ...]
) -> None:
    pattern = re.compile(pattern_of(number, subject), re.IGNORECASE)
    assert pattern.search(subject or f"see {number} now")
    assert all(pattern.search(f"see {one} now") for one in alike)
    assert not any(pattern.search(f"see {one} now") for one in other)


def test_what_may_be_a_number_is_found_in_a_subject() -> None:
    assert candidates("[ACME] Fault TKT-20417, circuit LL/0042 since 12:30") == ["TKT-20417", "LL/0042"]
    assert candidates("Нет интернета, перезвоните") == []


@given(st.text(max_size=70), st.text(max_size=70), st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_every_number_gives_a_template_that_ends(number: str, before: str, text: str) -> None:
    made = load(toml(draft(number=number), before + number), "x")
    for pattern in made.fields["number"].patterns if number else ():
        assert not re.search(r"[*+]|,\}", re.sub(r"\\.|\[[^]]*\]", "", pattern)), "no endless repetition"
        for long in (text * 20, number * 200, "1" * 1000, "a1-" * 333, " " * 1000):
            re.compile(pattern, re.IGNORECASE).search(long[:1000])


HARD = st.text(st.characters(codec="utf-8") | st.sampled_from("\"\\\n[]={}#'"), max_size=40)


@given(HARD, HARD, HARD, HARD)
@settings(max_examples=200, deadline=None)
def test_no_text_writes_anything_else_into_a_template(name: str, label: str, word: str, zone: str) -> None:
    made = load(toml(draft(
        name=name, labels={label: PartnerField.CIRCUITS}, status_words={PartnerStatus.NEW: (word,)}, zone=zone,
    ), ""), "x")  # fmt: skip
    assert (len(made.known), made.answers, made.required) == (1, False, ("number",))
    assert set(made.fields) == {"number", "circuits"}
    assert len(made.status_words[PartnerStatus.NEW]) == 1


@pytest.mark.parametrize("text", ["a: " * 300_000, "x: 1\n" * 200_000, "<table>" * 60_000, "\t" * 900_000, "№1: " * 9])
def test_a_look_at_what_is_endless_ends(text: str) -> None:
    for kind in ("plain", "html"):
        mail = b"From: a@b.example\r\nSubject: %b\r\nContent-Type: text/%b\r\n\r\n" % (b"1-" * 40_000, kind.encode())
        assert len(look(mail + text.encode()).labels) <= 60


def test_a_child_makes_it_and_one_that_dies_is_told() -> None:
    drafts = Drafts(Readers())
    try:
        made = drafts.make(Wanted(mails=(MAIL,), draft=draft(), at=AT))
        assert dict(made.reads[0].values)[PartnerField.NUMBER] == "INC-20417"
        with pytest.raises(ReaderDied):
            drafts.make(Wanted(mails=(), at=AT))
        assert drafts.make(Wanted(mails=(MAIL,), at=AT)).look.numbers
    finally:
        drafts.close()
