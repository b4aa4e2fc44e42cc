"""The journey of a report, whole: accepted, read, classified, delivered, answered; in both profiles."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from classifier import Knowledge
from config.settings import Gateway, Readers, Storage
from gateway.logs import Discreet
from normalizer.guard import Guard
from outbox.backends import Backend
from records.arrival import TryAgain
from records.deliveries import Delivered, Refused, Ticket
from records.standing import State
from records.words import Disposition, MachineMail, Order, Review
from storage.database import Database
from storage.rows import micros
from storage.story import line, story
from tests.desk import Desk, answer, letter, text_of
from tests.outbox.smarthost import Sink, running
from tests.storage.reports import card

GALINA = "galina@mail.example"
LOS = letter(
    "Третий день не работает интернет, на терминале горит красная лампочка LOS.\n"
    "г. Уфа, ул. Айская, д. 64/1, кв. 118. Договор № 4410-22871.\n\nСоколова Галина Петровна\nтел. 8 (917) 340-22-18\n",
    GALINA, name="Galina Sokolova", Subject="Нет интернета", Message_ID="<los@mail.example>",
)  # fmt: skip
ANONYMOUS = letter("не работает телевизор, нет сигнала на всех каналах", "noname77@mail.example", Subject="проблема")


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    one = Guard(Readers(processes=1))
    yield one
    one.close()


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def desk(profile: tuple[Gateway, Storage], database: Database, guard: Guard, knowledge: Knowledge) -> Iterator[Desk]:
    sink = Sink()
    with running(sink) as port:
        yield Desk(profile, database, guard, knowledge, sink, port)


def test_an_incident_gets_its_ticket_and_its_receipt(desk: Desk) -> None:
    receipt = desk.handle(LOS, GALINA)
    record = desk.record(receipt)
    assert (record.order, record.missing, record.needs_review) == (Order.REPORT, (), ())
    assert record.reporter.phone == "+79173402218"
    assert desk.tickets() == [(receipt.id, "acknowledged", [])]
    assert desk.outcomes(receipt.report) == [("create", "delivered"), ("receipt", "delivered")]
    [reply] = desk.sent()
    assert (reply["To"], reply["In-Reply-To"]) == (GALINA, "<los@mail.example>")
    assert receipt.id in str(reply["Subject"])
    assert receipt.id in text_of(reply)
    assert desk.sink.taken[0].mail_from in {"", "<>"}  # the null reverse-path
    assert desk.due() == {}
    with desk.database.read() as tx:
        told = line(tx, receipt.report)
        chapters = [one.what for one in story(tx, receipt.report)]
    assert told.record is not None
    assert told.record.classification.disposition is Disposition.INCIDENT
    assert told.tickets == ("desk: 1",)
    assert [what.split(",")[0] for what in chapters] == [
        "arrived", "record", "decision on version 1", "create delivered", "receipt delivered",
    ]  # fmt: skip


def test_the_answer_to_the_receipt_is_noted_on_the_ticket(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    [receipt] = desk.sent()
    second = desk.handle(answer(receipt, "Дополнение: лампочка PON тоже не горит.", GALINA), GALINA)
    record = desk.record(second)
    assert (record.order, record.reference, record.needs_review) == (Order.FOLLOW_UP, first.id, ())
    assert "LOS" not in (record.description or "")
    assert desk.tickets() == [(first.id, "acknowledged", [f"amend:{second.id}"])]
    assert len(desk.sent()) == 1  # a note needs no receipt


def test_only_the_address_is_left_of_the_thread(desk: Desk) -> None:
    """Some mailers keep no In-Reply-To; the token in the address answered to is enough."""
    first = desk.handle(LOS, GALINA)
    [receipt] = desk.sent()
    note = letter("Лампочка PON тоже не горит.", GALINA.upper(), to=str(receipt["Reply-To"]).upper())
    second = desk.handle(note, GALINA)
    assert desk.record(second).reference == first.id
    assert desk.tickets() == [(first.id, "acknowledged", [f"amend:{second.id}"])]


def test_a_withdrawal_cancels_the_ticket(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    [receipt] = desk.sent()
    text = "Интернет заработал, отмените заявку, спасибо."
    second = desk.handle(answer(receipt, text, GALINA), GALINA)
    assert desk.record(second).order is Order.WITHDRAWAL
    assert desk.tickets() == [(first.id, "cancelled", [f"withdraw:{second.id}"])]


def test_who_asks_how_it_stands_is_told(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    [receipt] = desk.sent()
    second = desk.handle(answer(receipt, "Как обстоят дела с моей заявкой?", GALINA), GALINA)
    assert desk.record(second).order is Order.PROGRESS
    assert desk.outcomes(second.report) == [("progress", "delivered")]
    assert first.id in text_of(desk.sent()[1])
    assert len(desk.tickets()) == 1


def test_an_anonymous_report_is_asked_and_completed_by_the_answer(desk: Desk) -> None:
    first = desk.handle(ANONYMOUS, "noname77@mail.example")
    assert "reporter.name" in desk.record(first).missing
    assert desk.tickets() == []
    assert desk.outcomes(first.report) == [("question", "delivered")]
    [question] = desk.sent()
    text = "Соколова Галина Петровна, тел. 8 917 340-22-18, ул. Айская, д. 64, кв. 118"
    second = desk.handle(answer(question, text, "noname77@mail.example"), "noname77@mail.example")
    [(number, status, _)] = desk.tickets()
    assert (number, status) == (first.id, "acknowledged")  # the number that the customer knows
    assert desk.outcomes(second.report)[0] == ("create", "delivered")
    [row] = desk.rows("SELECT body FROM tickets")
    for word in ("Соколова", "+79173402218", "не работает телевизор"):
        assert word in row["body"]
    with desk.database.read() as tx:
        told = line(tx, first.report)
        chapters = {(one.actor, one.what, one.detail) for one in story(tx, first.report)}
    assert told.tickets == ("desk: 1",)  # though the answer's row planned it
    assert {("road", "answered", second.id), ("desk", "create delivered", "1")} <= chapters
    assert card(desk.database, first.report).state is State.SETTLED


def test_a_question_that_is_refused_makes_a_ticket(desk: Desk) -> None:
    desk.sink.answers["RCPT"] = "550 no such mailbox"
    first = desk.handle(ANONYMOUS, "noname77@mail.example")
    assert desk.outcomes(first.report)[:2] == [("question", "parked"), ("create", "delivered")]
    [row] = desk.rows("SELECT body FROM tickets")
    assert Review.INCOMPLETE in row["body"]


def test_a_stranger_who_quotes_a_number_learns_and_changes_nothing(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    stranger = letter(
        f"Отмените заявку {first.id}. Пётр Ильич Чужой, 8 912 000-11-22", "stranger@other.example", name="Chuzhoy",
        Subject=f"Re: Нет интернета [{first.id}]", In_Reply_To="<los@mail.example>",
    )  # fmt: skip
    second = desk.handle(stranger, "stranger@other.example")
    record = desk.record(second)
    assert record.reference == first.id
    assert Review.UNVERIFIED_REFERENCE in record.needs_review
    assert desk.tickets() == [(first.id, "acknowledged", []), (second.id, "acknowledged", [])]
    for reply in desk.sent()[1:]:
        assert reply["To"] == "stranger@other.example"
        told = reply.as_string() + text_of(reply)
        for word in ("Галина", "Соколова", "galina", "340-22-18", "3402218", "Айская", "22871"):
            assert word not in told


def test_a_token_in_another_s_hands_is_in_doubt(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    [receipt] = desk.sent()
    second = desk.handle(answer(receipt, "Отмените заявку, пожалуйста.", "eve@other.example"), "eve@other.example")
    assert Review.UNVERIFIED_REFERENCE in desk.record(second).needs_review
    assert desk.tickets()[0][:2] == (first.id, "acknowledged")  # not cancelled


def test_an_advertisement_and_a_bounce_stay_inside(desk: Desk) -> None:
    advert = letter(
        "Скидки до 70%! Отписаться: https://shop.example/u", "offers@shop.example", Subject="Скидки",
        Precedence="bulk", List_Unsubscribe="<https://shop.example/u>",
    )  # fmt: skip
    bounce = letter(
        "This is the mail system. I'm sorry to inform you that your message could not be delivered.\n"
        "<nobody@mail.example>: 550 5.1.1 User unknown", "MAILER-DAEMON@mail.example",
        Subject="Undelivered Mail Returned to Sender", Auto_Submitted="auto-replied",
    )  # fmt: skip
    vacation = letter("I am on vacation.", GALINA, Subject="Automatic reply", Auto_Submitted="auto-replied")
    for content, sender in ((advert, "offers@shop.example"), (bounce, ""), (vacation, GALINA)):
        receipt = desk.handle(content, sender)
        record = desk.record(receipt)
        assert record.order is Order.NOT_A_FAULT
        assert record.machine_mail is not None
        assert desk.outcomes(receipt.report) == []
    assert (desk.tickets(), desk.sent(), desk.due()) == ([], [], {})


def test_our_own_reply_that_comes_back_is_a_loop(desk: Desk) -> None:
    desk.handle(LOS, GALINA)
    back = desk.handle(desk.sent_bytes()[0], "")
    assert (desk.record(back).order, desk.record(back).machine_mail) == (Order.NOT_A_FAULT, MachineMail.LOOP)
    assert desk.outcomes(back.report) == []
    assert len(desk.sent()) == 1


def test_two_desks_that_answer_each_other_fall_silent(desk: Desk) -> None:
    """A robot that answers every reply with its words and none of the marks of a robot."""
    desk.handle(LOS, GALINA)
    for round_ in range(15):
        before = len(desk.sent())
        words = f"Нет интернета, заявка принята, номер {round_}. Соколова Галина"
        desk.handle(answer(desk.sent()[-1], words, GALINA), GALINA)
        if len(desk.sent()) == before:
            break
    else:
        pytest.fail("they would answer each other for ever")


def test_the_same_mail_twice_is_one_report(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    again = desk.handle(LOS, GALINA)
    assert again.duplicate
    assert (again.id, again.report, again.due_at) == (first.id, first.report, first.due_at)
    assert len(desk.tickets()) == len(desk.sent()) == len(desk.rows("SELECT id FROM reports")) == 1
    text = "Нет интернета и по другому адресу. Соколова Галина Петровна"
    other = desk.handle(letter(text, GALINA, Message_ID="<los@mail.example>"), GALINA)
    assert not other.duplicate


def test_every_arrival_rings(desk: Desk) -> None:
    desk.accept(LOS, GALINA)
    assert desk.rings == 1


class Stubborn:
    """A backend that first fails, with or without having done its work, then does it."""

    def __init__(self, behind: Backend, *, fails: int, after: bool = False, error: Exception) -> None:
        self._behind, self._fails, self._after, self._error = behind, fails, after, error

    def create(self, ticket: Ticket) -> Delivered:
        self._fails -= 1
        done = self._behind.create(ticket) if self._after or self._fails < 0 else None
        if self._fails >= 0 or done is None:
            raise self._error
        return done

    def find(self, external_id: str) -> str | None:
        return self._behind.find(external_id)

    def __getattr__(self, name: str) -> object:
        return getattr(self._behind, name)


@pytest.mark.parametrize("after", [False, True], ids=["unheard", "done but unheard"])
def test_a_backend_in_trouble_gets_the_ticket_later_and_once(desk: Desk, *, after: bool) -> None:
    desk.backends["desk"] = Stubborn(  # type: ignore[assignment]
        desk.backends["desk"], fails=2, after=after, error=TryAgain("the backend answers 503")
    )
    receipt = desk.handle(LOS, GALINA)
    assert desk.outcomes(receipt.report) == [("create", None), ("receipt", "delivered")]
    [waiting] = desk.rows("SELECT attempts, last_error, not_before FROM tasks WHERE done_at IS NULL")
    assert (waiting["attempts"], waiting["last_error"]) == (1, "the backend answers 503")
    assert desk.due() == {}
    with desk.database.read() as tx:
        assert "deliver follows, attempt 2" in [one.what for one in story(tx, receipt.report)]
    for _ in range(2):
        desk.later()
        desk.work()
    assert desk.outcomes(receipt.report) == [("create", "delivered"), ("receipt", "delivered")]
    assert desk.tickets() == [(receipt.id, "acknowledged", [])]
    assert len(desk.sent()) == 1


def test_a_backend_is_given_the_pause_that_it_asks_for(desk: Desk) -> None:
    busy = TryAgain("the backend answers 429", after=300)
    desk.backends["desk"] = Stubborn(desk.backends["desk"], fails=1, error=busy)  # type: ignore[assignment]
    before = micros(datetime.now(UTC))
    desk.handle(LOS, GALINA)
    [waiting] = desk.rows("SELECT not_before FROM tasks WHERE done_at IS NULL")
    assert waiting["not_before"] - before >= 300_000_000


def test_a_backend_that_refuses_leaves_it_to_a_person(desk: Desk) -> None:
    refusal = Refused("the project is closed")
    desk.backends["desk"] = Stubborn(desk.backends["desk"], fails=9, error=refusal)  # type: ignore[assignment]
    receipt = desk.handle(LOS, GALINA)
    assert desk.outcomes(receipt.report)[0] == ("create", "parked")
    with desk.database.read() as tx:
        assert "the project is closed" in [one.detail for one in story(tx, receipt.report)]
    assert desk.due() == {}


def test_a_fault_of_a_backend_s_own_ends_no_worker(desk: Desk) -> None:
    desk.backends["desk"] = Stubborn(desk.backends["desk"], fails=1, error=ZeroDivisionError())  # type: ignore[assignment]
    receipt = desk.handle(LOS, GALINA)
    desk.later()
    desk.work()
    assert desk.tickets() == [(receipt.id, "acknowledged", [])]


def test_a_worker_that_died_leaves_its_work_to_the_next(desk: Desk) -> None:
    receipt = desk.accept(LOS, GALINA)
    begun = desk.road.begin(list(desk.due()))
    assert len(begun) == 1
    assert desk.due() == {}
    assert desk.road.begin([begun[0].id]) == []
    desk.database.write(lambda tx: tx.run("UPDATE tasks SET lease_until = 0"))  # its lease runs out
    desk.work()
    assert desk.tickets() == [(receipt.id, "acknowledged", [])]
    assert desk.road.walk(begun) == []  # it wakes up and changes nothing
    assert len(desk.sent()) == 1
    assert len(desk.rows("SELECT version FROM records")) == 1


def test_no_word_of_a_mail_and_no_forged_line_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(Discreet("%(levelname)s %(name)s %(message)s"))
    for name in ("", *logging.root.manager.loggerDict):
        level = logging.CRITICAL if name.startswith("mail.") else logging.DEBUG  # the smarthost's own, not ours
        caplog.set_level(level, logger=name)
    quoting = ValueError("Key (name)=(Соколова Галина, +79173402218) already exists")
    desk.backends["desk"] = Stubborn(desk.backends["desk"], fails=1, error=quoting)  # type: ignore[assignment]
    desk.sink.answers["DATA"] = "451 <galina@mail.example> Соколова is over quota\r"
    forged = (
        b"From: galina@mail.example\r\nSubject: =?utf-8?q?tax=0D=0AERROR_root_forged?=\r\n"
        b"Message-ID: <a\rERROR root forged@mail.example>\r\n\r\nno internet, Sokolova, Ajskaja 64"
    )
    logging.getLogger("faultgate.test").debug("the log is heard")
    desk.handle(LOS, GALINA)
    desk.handle(ANONYMOUS, "noname77@mail.example\r\nERROR root forged")
    desk.handle(forged, GALINA)
    desk.handle(b"\xff\xfe garbage Sokolova", None)
    for _ in range(2):
        desk.later()
        desk.work()
    assert "the log is heard" in caplog.text
    assert "ValueError" in caplog.text
    for word in (
        "Соколова", "Sokolova", "Галина", "galina", "340-22-18", "3402218", "Айская", "Ajskaja", "4410", "22871",
        "интернет", "internet", "Нет", "noname77", "телевизор", "mail.example", "forged", "0J3QtdGC",
    ):  # fmt: skip
        assert word not in caplog.text, word
