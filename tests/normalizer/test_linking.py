"""Only a token of ours, used by the one it was sent to, attaches a report to an earlier one."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from normalizer.linking import MANY, clues, link
from records.arrival import Envelope
from records.clock import due_at
from records.linking import Clues, Earlier, Known
from records.reading import Mailbox, Reading
from records.record import FaultRecord, OriginalRef
from records.tokens import token
from records.words import MachineMail, Order, Review

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
TOKEN = token(b"key", 17, "anna@example.org")
FIRST = Earlier(id="FR-2026-0000017", report=17, order=Order.REPORT, reporter_email="anna@example.org")
OTHER = Earlier(id="FR-2026-0000023", report=23, order=Order.REPORT, reporter_email="boris@example.org")
PROVEN = Known(proven=FIRST, proven_recipient="Anna@Example.org")
HER = Clues(tokens=(TOKEN,), sender="anna@example.org")
STRANGER = Clues(tokens=(TOKEN,), sender="mallory@example.net")


def new(
    order: Order = Order.REPORT, reference: str | None = None, machine_mail: MachineMail | None = None
) -> FaultRecord:
    return FaultRecord(
        id="FR-2026-0000099",
        order=order,
        channel="mail",
        received_at=NOW,
        due_at=due_at(NOW),
        language="ru",
        reference=reference,
        machine_mail=machine_mail,
        needs_review=(Review.UNVERIFIED_REFERENCE,) if reference else (),
        original=OriginalRef(media_type="message/rfc822", size=1, sha256="0" * 64),
    )


def mail(**fields: object) -> Reading:
    return replace(Reading(media_type="message/rfc822"), **fields)


def test_tokens_come_from_message_ids_and_from_addresses() -> None:
    second, third, fourth = (token(b"key", report, "anna@example.org") for report in (18, 19, 20))
    reading = mail(
        in_reply_to=(f"<{TOKEN}@desk.example>",),
        references=("<first@example.org>", f"<{second.upper()}@desk.example>"),
        to=(Mailbox(name="Support", address=f"support+{third}@desk.example"), Mailbox(name="nobody")),
    )
    found = clues(reading, Envelope(recipients=(f"support+{fourth}@desk.example",)))
    assert found.tokens == (TOKEN, second, fourth, third)


def test_message_ids_are_given_nearest_first() -> None:
    reading = mail(in_reply_to=("<c@x>",), references=("<a@x>", "<b@x>", "<c@x>"))
    assert clues(reading, Envelope()).message_ids == ("<c@x>", "<b@x>", "<a@x>")


def test_numbers_come_from_subject_new_and_quoted_text() -> None:
    reading = mail(
        subject="Re: [FR-2026-0000001]",
        new_text="см. fr 2026 0000002",
        quoted_text="> Номер FR-2026-0000003, FR-2026-1",
    )
    assert clues(reading, Envelope()).numbers == ("FR-2026-0000001", "FR-2026-0000002", "FR-2026-0000003")


@pytest.mark.parametrize(
    ("author", "envelope", "sender"),
    [
        (Mailbox(address="Anna@Example.ORG"), "bounce@list.example", "anna@example.org"),
        (Mailbox(name="Anna"), "Anna@example.org", "anna@example.org"),
        (None, "anna@example.org", "anna@example.org"),
        (None, "", None),
        (None, None, None),
    ],
)
def test_the_sender_is_the_author(author: Mailbox | None, envelope: str | None, sender: str | None) -> None:
    assert clues(mail(from_=author), Envelope(sender=envelope)).sender == sender


def test_endless_clues_are_cut() -> None:
    ids = tuple(f"<{number}@x>" for number in range(200_000))
    found = clues(mail(references=ids, in_reply_to=("<" * 100_000,), quoted_text="FR-2026-" * 500_000), Envelope())
    assert len(found.message_ids) == MANY
    assert found.numbers == found.tokens == ()


@pytest.mark.parametrize(
    ("order", "becomes"),
    [
        (Order.REPORT, Order.FOLLOW_UP),
        (Order.FOLLOW_UP, Order.FOLLOW_UP),
        (Order.WITHDRAWAL, Order.WITHDRAWAL),
        (Order.PROGRESS, Order.PROGRESS),
        (Order.NOT_A_FAULT, Order.NOT_A_FAULT),
    ],
)
def test_a_proven_answer_is_attached(order: Order, becomes: Order) -> None:
    linked = link(new(order), HER, PROVEN)
    assert (linked.order, linked.reference, linked.needs_review) == (becomes, FIRST.id, ())


def test_a_number_that_the_token_proves_needs_no_review() -> None:
    linked = link(new(reference=FIRST.id), HER, PROVEN)
    assert (linked.order, linked.reference, linked.needs_review) == (Order.FOLLOW_UP, FIRST.id, ())


def test_another_desks_number_in_a_proven_answer_is_no_contradiction() -> None:
    assert link(new(reference="77120"), HER, PROVEN).reference == FIRST.id


def test_a_proven_answer_that_speaks_of_another_report_is_doubtful() -> None:
    linked = link(new(Order.WITHDRAWAL, reference=OTHER.id), HER, replace(PROVEN, quoted=(OTHER,)))
    assert (linked.reference, linked.needs_review) == (OTHER.id, (Review.UNVERIFIED_REFERENCE,))


@pytest.mark.parametrize("sender", ["mallory@example.net", None, ""])
def test_a_token_in_other_hands_is_a_doubtful_reference(sender: str | None) -> None:
    linked = link(new(), replace(STRANGER, sender=sender), PROVEN)
    assert linked == replace(new(), reference=FIRST.id, needs_review=(Review.UNVERIFIED_REFERENCE,))


@pytest.mark.parametrize("sender", [None, ""])
def test_a_token_without_a_recipient_proves_nothing(sender: str | None) -> None:
    linked = link(new(), replace(HER, sender=sender), Known(proven=FIRST, proven_recipient=None))
    assert linked.needs_review == (Review.UNVERIFIED_REFERENCE,)


def test_a_quoted_message_id_is_a_doubtful_reference_even_under_the_reporters_address() -> None:
    linked = link(new(), replace(HER, tokens=()), Known(quoted=(FIRST, OTHER)))
    assert linked == replace(new(), reference=FIRST.id, needs_review=(Review.UNVERIFIED_REFERENCE,))


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("known", [Known(), Known(quoted=(OTHER, FIRST))])
def test_a_quoted_number_stays_as_quoted_and_changes_no_order(order: Order, known: Known) -> None:
    record = new(order, reference=FIRST.id)
    assert link(record, Clues(sender="anna@example.org"), known) == record


def test_an_earlier_reporters_data_is_never_shown() -> None:
    for known in (PROVEN, Known(quoted=(FIRST,))):
        assert "anna@" not in repr(link(new(), STRANGER, known))


def test_nothing_known_changes_nothing() -> None:
    assert link(new(), Clues(), Known()) == new()


def test_our_own_mail_come_back_is_a_loop() -> None:
    linked = link(new(), HER, replace(PROVEN, ours=True))
    assert (linked.order, linked.machine_mail) == (Order.NOT_A_FAULT, MachineMail.LOOP)


def test_a_bounce_of_our_reply_is_tied_to_its_report_but_opens_nothing() -> None:
    bounce = new(Order.NOT_A_FAULT, machine_mail=MachineMail.BOUNCE)
    linked = link(bounce, Clues(tokens=(TOKEN,), sender="mailer-daemon@example.org"), PROVEN)
    assert linked == replace(bounce, reference=FIRST.id)
