"""The record says what was read, what is mandatory and missing, and why a person must look."""

from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace

from normalizer.context import Context
from normalizer.record import LONGEST_DESCRIPTION, quarantined, record
from records.arrival import Envelope
from records.clock import due_at
from records.reading import Mailbox, Part, Reading
from records.record import Attachment, FaultRecord, OriginalRef
from records.words import MachineMail, Order, Review

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
CONTEXT = Context(
    id="FR-2026-0000001",
    channel="mail",
    received_at=NOW,
    due_at=due_at(NOW),
    original=OriginalRef(media_type="message/rfc822", size=512, sha256="0" * 64),
    own_addresses=("support@desk.example",),
)
ANNA = Mailbox(name="Иванова Анна Петровна", address="anna@example.org")
TEXT = "Здравствуйте! Второй день не работает интернет, роутер перезагружала, не помогло."
MAIL = Reading(media_type="message/rfc822", subject="Нет интернета", from_=ANNA, text=TEXT, new_text=TEXT)
PHOTO = Part(path="2", name="photo.jpg", media_type="image/jpeg", size=3, md5="1" * 32, sha256="2" * 64)


def of(reading: Reading = MAIL, context: Context = CONTEXT, **fields: object) -> FaultRecord:
    return record(replace(reading, **fields), context)


def test_a_plain_report() -> None:
    made = of()
    assert (made.id, made.channel, made.received_at) == (CONTEXT.id, "mail", NOW)
    assert (made.due_at, made.original) == (CONTEXT.due_at, CONTEXT.original)
    assert (made.order, made.language, made.description) == (Order.REPORT, "ru", TEXT)
    assert (made.reporter.email, made.reporter.name) == ("anna@example.org", "Иванова Анна Петровна")
    assert (made.missing, made.needs_review, made.machine_mail) == ((), (), None)


def test_a_record_survives_its_public_form() -> None:
    made = of(parts=(PHOTO,))
    assert msgspec.json.decode(msgspec.json.encode(made), type=FaultRecord) == made


def test_attachments_are_listed() -> None:
    listed = Attachment(name="photo.jpg", media_type="image/jpeg", size=3, sha256="2" * 64)
    assert of(parts=(PHOTO,)).attachments == (listed,)


def test_the_subject_describes_where_there_is_no_text() -> None:
    assert of(new_text=" \n ").description == "Нет интернета"


def test_a_long_text_is_cut_and_says_so() -> None:
    made = of(new_text=TEXT + " и ещё" * 10_000)
    assert len(made.description or "") == LONGEST_DESCRIPTION
    assert made.needs_review == (Review.TRUNCATED,)


def test_mandatory_fields_are_named() -> None:
    nobody = of(from_=None, new_text="не работает интернет", subject=None)
    assert nobody.missing == ("reporter.name", "reporter.phone")
    assert of(from_=Mailbox(address="anna@example.org")).missing == ("reporter.name",)
    assert of(new_text="", subject=None, parts=(PHOTO,)).missing == ("description",)


def test_an_empty_mail_is_no_fault_but_is_listed() -> None:
    made = of(new_text="", subject=" ")
    assert (made.order, made.description, made.needs_review) == (Order.NOT_A_FAULT, None, (Review.EMPTY,))


@pytest.mark.parametrize(
    ("reading", "context"),
    [
        (replace(MAIL, parts=(PHOTO,)), CONTEXT),
        (replace(MAIL, reviews=(Review.ENCRYPTED,)), CONTEXT),
        (MAIL, replace(CONTEXT, problem="too_large")),
    ],
)
def test_what_only_we_cannot_read_is_for_a_person(reading: Reading, context: Context) -> None:
    made = of(reading, context, new_text="", subject=None)
    assert made.order is Order.REPORT
    assert Review.EMPTY not in made.needs_review


def test_a_reading_that_found_nothing_is_no_fault() -> None:
    made = of(new_text="", subject=None, reviews=(Review.EMPTY,))

    assert made.order is Order.NOT_A_FAULT
    assert made.needs_review.count(Review.EMPTY) == 1


def test_bulk_mail_that_names_a_fault_is_a_report() -> None:
    """A partner's ticket system writes in bulk."""
    assert of(machine_mail=MachineMail.BULK).order is Order.REPORT


@pytest.mark.parametrize("kind", sorted(set(MachineMail) - {MachineMail.BULK}))
def test_mail_of_machines_is_no_fault(kind: MachineMail) -> None:
    made = of(machine_mail=kind)
    assert (made.order, made.machine_mail) == (Order.NOT_A_FAULT, kind)


@pytest.mark.parametrize(
    "sender",
    [
        Mailbox(name="Анна"),
        Mailbox(address="anna"),
        Mailbox(address="anna@example.org@evil.example"),
        Mailbox(address="anna@example.org evil@example.net"),
        Mailbox(address="support@desk.example"),
        Mailbox(address="Support@Desk.example"),
        Mailbox(name="support@desk.example", address="mallory@example.net"),
        Mailbox(name="Поддержка (support@desk.example)", address="mallory@example.net"),
    ],
)
def test_a_sender_that_cannot_be_one_customer_is_doubted(sender: Mailbox) -> None:
    assert Review.UNVERIFIED_SENDER in of(from_=sender).needs_review


@pytest.mark.parametrize("name", ["anna@example.org", "Anna@Example.org", "@anna", "Анна @ Связь"])
def test_a_name_like_his_own_address_is_no_doubt(name: str) -> None:
    assert of(from_=Mailbox(name=name, address="anna@example.org")).needs_review == ()


def test_a_damaged_attachment_is_looked_at() -> None:
    assert of(parts=(replace(PHOTO, problem="damaged base64"),)).needs_review == (Review.UNREADABLE_ATTACHMENT,)


def test_values_that_compete_are_looked_at() -> None:
    made = of(new_text="Лицевой счёт 5500128, лицевой счёт 5500129, не работает интернет")
    assert made.needs_review == (Review.CONFLICTING_FIELDS,)


def test_reasons_of_the_reader_come_first_and_once() -> None:
    parts = (replace(PHOTO, problem="encrypted archive"), replace(PHOTO, problem="damaged base64"))
    reviews = (Review.HIDDEN_TEXT, Review.UNREADABLE_ATTACHMENT)
    assert of(reviews=reviews, parts=parts).needs_review == reviews


@pytest.mark.parametrize(
    ("problem", "review"), [("too_large", Review.TOO_LARGE), ("unfetchable UID 7", Review.UNREADABLE_ORIGINAL)]
)
def test_what_the_door_could_not_bring_is_said(problem: str, review: Review) -> None:
    context = replace(CONTEXT, problem=problem)
    assert of(context=context).needs_review == (review,)
    assert quarantined(context, "died").needs_review == (review, Review.QUARANTINED)


def test_a_quoted_number_is_unverified_until_linked() -> None:
    made = of(new_text=f"Дополнение к заявке FR-2026-0000017. {TEXT}")
    assert (made.reference, made.needs_review) == ("FR-2026-0000017", (Review.UNVERIFIED_REFERENCE,))


def test_in_a_forwarded_report_the_author_reports() -> None:
    made = of(from_=Mailbox(name="Павел Коллегин", address="pavel@desk.example"), forwarded_from=ANNA)
    assert (made.reporter.name, made.reporter.email) == (ANNA.name, ANNA.address)


def test_a_quarantined_original_is_told_from_its_envelope() -> None:
    context = replace(CONTEXT, envelope=Envelope(sender="anna@example.org"))
    made = quarantined(context, "killed by SIGKILL")
    assert (made.order, made.needs_review) == (Order.REPORT, (Review.QUARANTINED,))
    assert (made.reporter.email, made.missing) == ("anna@example.org", ("reporter.name", "description"))
    assert made.evidence["needs_review"].text == "killed by SIGKILL"
    assert (made.original, made.id, made.due_at) == (CONTEXT.original, CONTEXT.id, CONTEXT.due_at)


@pytest.mark.parametrize("sender", [None, ""])
def test_a_quarantined_original_without_sender_cannot_be_answered(sender: str | None) -> None:
    made = quarantined(replace(CONTEXT, envelope=Envelope(sender=sender)), "died")
    assert (made.reporter.email, made.missing) == (None, ("reporter.name", "reporter.phone", "description"))


@pytest.mark.parametrize("text", [" " * 100_000, ">" * 100_000, "a" * 100_000, "1" * 100_000, "@" * 100_000])
def test_tiring_texts_are_read(text: str) -> None:
    box = Mailbox(name=text, address=text)
    assert of(text=text, new_text=text, subject=text[:500], from_=box, signature=text).channel == "mail"
