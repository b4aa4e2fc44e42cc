"""After closing: the customer is asked once whether it was solved; a yes is counted, a no opens the report again."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import Message
from functools import partial
from typing import Any

import pytest

from classifier import Knowledge
from config.settings import Gateway, Readers, Storage
from normalizer.guard import Guard
from records.arrival import Receipt
from records.deliveries import Kind, Medium
from records.standing import State
from records.status import Status
from records.tokens import verdict_of
from storage import statuses, templates
from storage.database import Database
from storage.opening import reply_key
from storage.story import story
from storage.templates import Place
from tests.desk import Desk, answer, letter, text_of
from tests.outbox.smarthost import Sink, running
from tests.storage.reports import card
from tests.test_journey import GALINA, LOS

Made = Callable[..., Desk]
SAID = [("да", True), ("Да, всё работает, спасибо!", True), ("нет", False), ("Нет, не работает по-прежнему", False)]


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    one = Guard(Readers(processes=1))
    yield one
    one.close()


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def made(profile: tuple[Gateway, Storage], database: Database, guard: Guard, knowledge: Knowledge) -> Iterator[Made]:
    """Makes a desk that is wired as the test says."""
    sink = Sink()
    with running(sink) as port:
        yield lambda **wired: Desk(profile, database, guard, knowledge, sink, port, **wired)


@pytest.fixture
def desk(made: Made) -> Desk:
    return made()


def stands(desk: Desk, receipt: Receipt, status: Status) -> None:
    """Let those who repair say how it stands."""
    change = partial(statuses.change, report=receipt.report, to=status, at=datetime.now(UTC), actor="desk")
    desk.database.write(change)
    desk.work()


def closed(desk: Desk) -> tuple[Receipt, Message]:
    """A report whose work is done, and the question that its sender gets."""
    first = desk.handle(LOS, GALINA)
    stands(desk, first, Status.RESOLVED)
    return first, desk.sent()[-1]


def verdicts(desk: Desk) -> list[dict[str, Any]]:
    return desk.rows("SELECT report, solved, way FROM verdicts")


def test_the_question_is_asked_once(desk: Desk) -> None:
    first, question = closed(desk)

    assert "решена" in text_of(question)
    assert first.id in text_of(question)
    assert "http" not in text_of(question)  # no page for links is wired
    stands(desk, first, Status.CLOSED)
    stands(desk, first, Status.IN_PROGRESS)
    stands(desk, first, Status.RESOLVED)
    assert [kind for kind, _ in desk.outcomes(first.report)].count("solved_question") == 1


@pytest.mark.parametrize(("text", "solved"), SAID)
def test_one_word_is_counted(desk: Desk, text: str, solved: bool) -> None:  # noqa: FBT001 - a case
    first, question = closed(desk)
    mails = len(desk.sent())

    said = desk.handle(answer(question, text, GALINA), GALINA)

    assert verdicts(desk) == [{"report": first.report, "solved": int(solved), "way": "mail"}]
    assert card(desk.database, said.report).state is State.SETTLED
    with desk.database.read() as tx:
        status = statuses.status(tx, first.report)
    if solved:
        assert desk.outcomes(said.report) == []
        assert (status, len(desk.sent())) == (Status.RESOLVED, mails)
    else:
        assert ("amend", "delivered") in desk.outcomes(said.report)
        assert status is Status.IN_PROGRESS
        assert card(desk.database, first.report).state is State.REVIEW


def test_more_than_a_word_is_a_follow_up_and_counts_nothing(desk: Desk) -> None:
    first, question = closed(desk)

    said = desk.handle(answer(question, "Да, но телевизор теперь не показывает.", GALINA), GALINA)

    assert verdicts(desk) == []
    assert desk.record(said).reference == first.id


def test_the_first_answer_counts(desk: Desk) -> None:
    first, question = closed(desk)
    desk.handle(answer(question, "да", GALINA), GALINA)

    desk.handle(answer(question, "нет", GALINA), GALINA)

    assert [row["solved"] for row in verdicts(desk)] == [1]
    with desk.database.read() as tx:
        assert statuses.status(tx, first.report) is Status.IN_PROGRESS  # it is a follow-up still: it fails again


def test_a_yes_said_twice_opens_nothing(desk: Desk) -> None:
    first, question = closed(desk)
    for text in ("да", "Да, спасибо"):
        desk.handle(answer(question, text, GALINA), GALINA)

    with desk.database.read() as tx:
        assert statuses.status(tx, first.report) is Status.RESOLVED


@pytest.mark.parametrize(
    "text", ["Спасибо!", "Благодарю вас.\n\n--\nГалина", "Thank you very much", "Grazie mille!", "谢谢！"]
)
@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_a_mere_thank_you_opens_nothing_again(desk: Desk, status: Status, text: str) -> None:
    first = desk.handle(LOS, GALINA)
    stands(desk, first, status)
    question, mails = desk.sent()[-1], len(desk.sent())

    said = desk.handle(answer(question, text, GALINA), GALINA)

    with desk.database.read() as tx:
        assert statuses.status(tx, first.report) is status
    assert (desk.outcomes(said.report), len(desk.sent()), verdicts(desk)) == ([], mails, [])
    assert card(desk.database, said.report).state is State.SETTLED


def test_thanks_with_a_but_are_heard(desk: Desk) -> None:
    first, question = closed(desk)

    said = desk.handle(answer(question, "Спасибо, но телефон всё ещё молчит.", GALINA), GALINA)

    assert desk.outcomes(said.report) == [("amend", "delivered")]
    with desk.database.read() as tx:
        assert statuses.status(tx, first.report) is Status.IN_PROGRESS


def test_nobody_else_answers(desk: Desk) -> None:
    first, question = closed(desk)
    mallory = "mallory@mail.example"

    desk.handle(answer(question, "да", mallory), mallory)
    desk.handle(letter("да", GALINA, Subject=f"Re: {first.id}"), GALINA)

    assert verdicts(desk) == []


def test_a_word_before_the_question_answers_nothing(desk: Desk) -> None:
    desk.handle(LOS, GALINA)
    [receipt] = desk.sent()

    desk.handle(answer(receipt, "нет", GALINA), GALINA)

    assert verdicts(desk) == []


@pytest.mark.parametrize(("word", "solved"), [("yes", True), ("no", False)])
def test_one_tap_on_a_link_is_counted_as_a_word_is(desk: Desk, word: str, solved: bool) -> None:  # noqa: FBT001 - a case
    first, _ = closed(desk)
    mails = len(desk.sent())

    content = f"{word}\n{first.id}\n".encode()
    said = desk.accept(content, None, "answers", "text/plain", about=first.id)
    desk.work()

    assert verdicts(desk) == [{"report": first.report, "solved": int(solved), "way": "answers"}]
    assert card(desk.database, said.report).state is State.SETTLED
    with desk.database.read() as tx:
        status = statuses.status(tx, first.report)
    assert status is (Status.RESOLVED if solved else Status.IN_PROGRESS)
    assert desk.outcomes(said.report) == ([] if solved else [("amend", "delivered")])
    assert len(desk.sent()) <= mails + 1  # that it is worked on again


def test_the_mail_carries_links_where_the_site_has_a_page(made: Made) -> None:
    desk = made(answering={"answers_url": "https://answers.example.net/"})
    first, question = closed(desk)

    links = re.findall(r"https://answers\.example\.net/solved/(\S+)", text_of(question))

    said = [verdict_of(reply_key(desk.settings.gateway), one) for one in links]
    assert [(one.report, one.solved) for one in said if one] == [(first.report, True), (first.report, False)]


def test_a_site_that_does_not_ask_tells_that_it_is_done(made: Made) -> None:
    desk = made(answering={"ask_solved": False})
    first, told = closed(desk)

    assert [kind for kind, _ in desk.outcomes(first.report)] == ["create", "receipt", "status"]
    assert first.id in text_of(told)


def test_too_much_about_one_report_is_left_unsaid(made: Made) -> None:
    """The address and the house have room; the report has none."""
    desk = made(answering={"per_report": 2})
    first = desk.handle(LOS, GALINA)
    [receipt] = desk.sent()
    for place in range(3):
        ask = answer(receipt, f"Как обстоят дела с моей заявкой? Спрашиваю в {place} раз.", GALINA)
        desk.handle(ask, GALINA)

    assert len(desk.sent()) == 2
    assert all(first.id in text_of(one) for one in desk.sent())


def test_the_operator_s_own_text_is_sent_and_told_why(desk: Desk) -> None:
    place = Place(kind=Kind.RECEIPT, language="ru", medium=Medium.MAIL)
    text = "Ваш номер {number}.\n\n{desk}"
    write = partial(templates.write, place=place, text=text, base=0, author="anna", at=datetime.now(UTC))
    desk.database.write(write)

    first = desk.handle(LOS, GALINA)

    [reply] = desk.sent()
    assert text_of(reply).split() == f"Ваш номер {first.id}. Faultgate".split()
    with desk.database.read() as tx:
        [told] = [one.detail or "" for one in story(tx, first.report) if one.what == "receipt delivered"]
    assert told == f"because: a new report came in; {reply['Message-ID']}"


def test_a_text_that_fits_no_more_gives_way_to_the_shipped_one(desk: Desk) -> None:
    place = Place(kind=Kind.RECEIPT, language="ru", medium=Medium.MAIL)
    write = partial(templates.write, place=place, text="{gone} {number}", base=0, author="a", at=datetime.now(UTC))
    desk.database.write(write)

    desk.handle(LOS, GALINA)

    assert "Спасибо, что написали" in text_of(desk.sent()[0])
