"""After closing: the customer is asked once whether it was solved; a yes is counted, a no opens the report again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from functools import partial
from typing import Any

import pytest

from classifier import Knowledge
from config.settings import Gateway, Readers, Storage
from normalizer.guard import Guard
from records.arrival import Receipt
from records.standing import State
from records.status import Status
from storage import statuses
from storage.database import Database
from tests.desk import Desk, answer, letter, text_of
from tests.outbox.smarthost import Sink, running
from tests.storage.reports import card
from tests.test_journey import GALINA, LOS

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
def desk(profile: tuple[Gateway, Storage], database: Database, guard: Guard, knowledge: Knowledge) -> Iterator[Desk]:
    sink = Sink()
    with running(sink) as port:
        yield Desk(profile, database, guard, knowledge, sink, port)


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
