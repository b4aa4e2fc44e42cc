"""Partners' tickets by mail on the whole road: what their own numbers prove, and what forged mail can't."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from classifier import Knowledge
from config.senders import Senders
from config.settings import Gateway, Readers, Storage
from normalizer.guard import Guard
from records.partner import Verification
from records.standing import State
from records.words import Order, Review
from storage import corrections, partner_templates
from storage.database import Database
from tests.desk import Desk
from tests.name_server import NameServer, serving
from tests.outbox.smarthost import Sink, running
from tests.partner_mail import NOC, RECORD, RECORD_AT, signed, ticket
from tests.storage.reports import CLERK, card

#: What ticket systems write into their mail.
ROBOT = {"Auto-Submitted": "auto-generated", "Precedence": "bulk", "X-Auto-Response-Suppress": "All"}


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    one = Guard(Readers(processes=1))
    yield one
    one.close()


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def names() -> Iterator[NameServer]:
    with serving() as server:
        server.text(RECORD_AT, RECORD)
        yield server


@pytest.fixture
def desk(
    profile: tuple[Gateway, Storage], database: Database, guard: Guard, knowledge: Knowledge, names: NameServer
) -> Iterator[Desk]:
    sink = Sink()
    with running(sink) as port:
        senders = Senders(nameservers=(names.address,), dns_timeout=1)
        yield Desk(profile, database, guard, knowledge, sink, port, senders)


def test_later_mail_with_the_partner_s_number_is_about_his_first(desk: Desk) -> None:
    first = desk.handle(signed(ticket()), NOC)
    again = desk.handle(signed(ticket(text="всё ещё не работает интернет")), NOC)
    done = desk.handle(signed(ticket(subject="Заявка № {number} закрыта")), NOC)
    gone = desk.handle(signed(ticket(subject="Отмена заявки № {number}")), NOC)
    other = desk.handle(signed(ticket("8800-ОБР")), NOC)

    records = [desk.record(one) for one in (first, again, done, gone, other)]
    assert [one.order for one in records] == [
        Order.REPORT, Order.FOLLOW_UP, Order.FOLLOW_UP, Order.WITHDRAWAL, Order.REPORT,
    ]  # fmt: skip
    assert [one.reference for one in records] == [None, first.id, first.id, first.id, None]
    assert {one.partner.verified_by for one in records if one.partner} == {Verification.DKIM}
    assert not any(one.needs_review for one in records[:4])
    assert desk.tickets() == [
        (first.id, "cancelled", [f"amend:{again.id}", f"amend:{done.id}", f"withdraw:{gone.id}"]),
        (other.id, "acknowledged", []),
    ]


def test_a_partner_asks_how_his_ticket_stands(desk: Desk) -> None:
    first = desk.handle(signed(ticket()), NOC)
    asks = desk.handle(signed(ticket(subject="По заявке {number}", text="Как продвигается моя заявка?")), NOC)
    record = desk.record(asks)
    assert (record.order, record.reference, record.needs_review) == (Order.PROGRESS, first.id, ())
    assert desk.outcomes(asks.report) == [("progress", "delivered")]
    assert first.id in str(desk.sent()[-1]["Subject"])
    assert len(desk.tickets()) == 1


def test_forged_mail_changes_nothing(desk: Desk) -> None:
    first = desk.handle(signed(ticket()), NOC)
    before = desk.tickets()
    forged = desk.handle(ticket(subject="Отмена заявки № {number}"), NOC)
    record = desk.record(forged)
    assert record.external_id == "7714-ОБР"
    assert (record.order, record.reference) == (Order.WITHDRAWAL, None)
    assert Review.UNVERIFIED_SENDER in record.needs_review
    assert card(desk.database, forged.report).state is State.REVIEW
    assert desk.tickets()[:1] == before == [(first.id, "acknowledged", [])]
    assert not desk.rows("SELECT 1 FROM partner_numbers WHERE report <> :report", report=first.report)


def test_a_number_that_only_forged_mail_has_shown_is_nobody_s(desk: Desk) -> None:
    forged = desk.handle(ticket(), NOC)
    first = desk.handle(signed(ticket()), NOC)
    assert desk.record(first).order is Order.REPORT
    assert desk.rows("SELECT report FROM partner_numbers") == [{"report": first.report}]
    assert forged.report != first.report


def test_what_a_clerk_has_finished_is_the_partner_s_first_report(desk: Desk) -> None:
    first = desk.handle(ticket(), NOC)
    record, at = desk.record(first), datetime.now(UTC)
    later = partial(corrections.correct, report=first.report, base=1, record=record, by=CLERK, at=at, approval=False)
    desk.database.write(later)
    desk.work()
    forged = desk.handle(ticket(subject="Отмена заявки № {number}"), NOC)
    verified = desk.handle(signed(ticket(subject="Дополнение к заявке № {number}")), NOC)
    assert (desk.record(forged).reference, desk.record(verified).reference) == (None, first.id)
    assert f"amend:{verified.id}" in desk.tickets()[0][2]


def test_a_ticket_sent_twice_at_once_is_one_ticket(desk: Desk) -> None:
    mails = [signed(ticket(text=f"не работает интернет, письмо {count}")) for count in range(6)]
    receipts = [desk.accept(mail, NOC) for mail in mails]
    desk.work()  # all are read before the first is committed: the others find its number taken
    for _ in receipts:
        desk.later()
        desk.work()
    orders = [desk.record(one).order for one in receipts]
    assert sorted(orders) == [*[Order.FOLLOW_UP] * 5, Order.REPORT]
    [(number, _, noted)] = desk.tickets()
    assert len(noted) == 5
    assert {desk.record(one).reference for one in receipts} == {None, number}


def test_a_report_read_again_keeps_its_number(desk: Desk) -> None:
    first = desk.handle(signed(ticket()), NOC)
    desk.database.write(lambda tx: tx.run("UPDATE tasks SET done_at = NULL WHERE step = 'normalize'"))
    desk.later()
    desk.work()
    record = desk.record(first)
    assert (record.order, record.reference) == (Order.REPORT, None)


def test_the_answer_keeps_the_partner_s_number_and_thread(desk: Desk) -> None:
    mail = ticket(subject="Неисправность", Message_ID="<2@mts.example>", References="<1@mts.example>", **ROBOT)
    receipt = desk.handle(signed(mail), "bounces+17@mts.example")
    [reply] = desk.sent()
    assert str(reply["Subject"]) == f"Re: Неисправность [7714-ОБР] [{receipt.id}]"
    assert str(reply["In-Reply-To"]) == "<2@mts.example>"
    assert str(reply["References"]) == "<1@mts.example> <2@mts.example>"
    assert str(reply["To"]) == NOC


def test_the_number_stands_once_in_the_subject(desk: Desk) -> None:
    receipt = desk.handle(signed(ticket()), NOC)
    [reply] = desk.sent()
    assert str(reply["Subject"]) == f"Re: Новая заявка № 7714-ОБР [{receipt.id}]"


@pytest.mark.parametrize("mail", [
    ticket(**ROBOT),
    signed(ticket(**{**ROBOT, "Auto-Submitted": "auto-replied"})),
    signed(ticket(**ROBOT, List_Id="<x.mts.example>")),
    signed(ticket(**ROBOT, X_Loop="1")),
], ids=["not verified", "an answer", "a list", "a loop"])  # fmt: skip
def test_a_machine_is_not_answered(desk: Desk, mail: bytes) -> None:
    desk.handle(mail, "bounces@mts.example")
    assert desk.sent() == []


def test_a_robot_that_answers_each_of_our_answers_meets_silence(desk: Desk) -> None:
    for count in range(30):
        desk.handle(signed(ticket(f"{count + 1000}-ОБР", **ROBOT)), "bounces@mts.example")
    assert len(desk.sent()) == desk.settings.replies.per_address


def test_a_template_made_at_the_desk_reads_what_comes_then(desk: Desk) -> None:
    body = 'name = "Акме"\nknown = [{ sender = ["acme.example"] }]\n'
    mail = ticket("INC-1", "Fault {number}", sender="noc@acme.example")
    before = desk.record(desk.handle(mail, "noc@acme.example"))
    desk.database.write(partial(partner_templates.save, name="Акме", body=body, author="olga", at=datetime.now(UTC)))
    after = desk.record(desk.handle(mail, "other@acme.example"))
    assert (before.partner, after.partner and after.partner.name) == (None, "Акме")
    assert (after.external_id, after.needs_review) == ("INC-1", (Review.UNVERIFIED_SENDER,))
    desk.database.write(
        partial(partner_templates.switch, slug="акме", author="olga", at=datetime.now(UTC), enabled=False)
    )
    assert desk.record(desk.handle(mail, "third@acme.example")).partner is None


def test_the_mail_that_a_template_was_made_from_is_read_again(desk: Desk) -> None:
    body = 'name = "Акме"\nknown = [{ sender = ["acme.example"] }]\n'
    first = desk.handle(ticket("INC-1", "Fault {number}", sender="noc@acme.example"), "noc@acme.example")
    desk.database.write(partial(partner_templates.save, name="Акме", body=body, author="olga", at=datetime.now(UTC)))
    desk.database.write(partial(partner_templates.read_again, report=first.report, person="olga"))
    desk.work()
    record = desk.record(first)
    assert (record.external_id, record.partner and record.partner.name) == ("INC-1", "Акме")
    assert [number for number, _, _ in desk.tickets()] == [first.id]
    finished = partial(
        corrections.correct, report=first.report, base=2, record=record, by=CLERK, at=datetime.now(UTC), approval=False
    )
    desk.database.write(finished)
    desk.work()
    desk.database.write(partial(partner_templates.read_again, report=first.report, person="olga"))
    assert desk.due() == {}


def test_a_mail_waits_for_the_dns_and_is_read_then(desk: Desk, names: NameServer) -> None:
    names.silent = True
    receipt = desk.accept(signed(ticket()), NOC)
    desk.work()
    assert card(desk.database, receipt.report).state is State.UNREAD
    [task] = desk.rows("SELECT attempts, not_before, lease_until FROM tasks WHERE done_at IS NULL")
    assert task["attempts"] == 0
    names.silent = False
    assert timedelta(seconds=20) < timedelta(microseconds=task["not_before"] - _now(desk)) < timedelta(seconds=40)


def _now(desk: Desk) -> int:
    with desk.database.read() as tx:
        return tx.now()
