"""An answer that comes while a clerk's order waits for a senior, or after he said no, dispatches nothing."""

from functools import partial

import pytest
from msgspec.structs import replace

from config.settings import Readers
from normalizer.guard import Guard
from records.record import Reporter
from records.standing import State
from storage import corrections
from storage.versions import newest
from tests.desk import Desk, answer, letter
from tests.storage.reports import CLERK, SENIOR, SOON, card
from tests.test_paper_road import NAME, Scripted, desk, fax, guard, knowledge, nameless

__all__ = ["desk", "guard", "knowledge"]  # fixtures


@pytest.mark.parametrize("decline", [False, True], ids=["waiting", "declined"])
def test_an_answer_dispatches_nothing_that_a_senior_has_not_allowed(
    desk: Desk,
    guard: Scripted,
    decline: bool,  # noqa: FBT001 - a case
) -> None:
    guard.script = nameless
    report = fax(desk)
    with desk.database.read() as tx:
        seen = newest(tx, report)
    assert seen is not None
    made = replace(seen.record, reporter=Reporter(name=NAME, email="galina@mail.example"))
    work = partial(corrections.correct, report=report, base=1, record=made, by=CLERK, at=SOON, approval=True)
    desk.database.write(work)
    if decline:
        no = partial(corrections.decline, report=report, version=2, by=SENIOR, at=SOON, remark="nachfragen")
        desk.database.write(no)
    desk.database.write(partial(corrections.ask, report=report, base=2, by=CLERK, at=SOON, text="Seit wann?"))
    desk.work()
    [question] = desk.sent()

    with_readers = Guard(Readers(processes=1))
    guard.script = lambda context: with_readers.normalize(replace(guard.jobs[-1][0], context=context))
    desk.handle(answer(question, f"Со вторника.\n\n{NAME}", "galina@mail.example"), "galina@mail.example")
    with_readers.close()

    stands = card(desk.database, report)
    assert (stands.state, stands.tickets, stands.version) == (State.REVIEW, 0, 4)
    assert desk.tickets() == []


def test_an_answer_to_the_machine_waits_with_the_order_that_waits(desk: Desk, guard: Scripted) -> None:
    with_readers = Guard(Readers(processes=1))
    guard.script = lambda context: with_readers.normalize(replace(guard.jobs[-1][0], context=context))
    report = desk.handle(letter("Не работает интернет.", "galina@mail.example"), "galina@mail.example").report
    [question] = desk.sent()
    with desk.database.read() as tx:
        seen = newest(tx, report)
    assert seen is not None
    made = replace(seen.record, reporter=Reporter(name=NAME, email="galina@mail.example"))
    work = partial(corrections.correct, report=report, base=1, record=made, by=CLERK, at=SOON, approval=True)
    desk.database.write(work)

    desk.handle(answer(question, f"Со вторника.\n\n{NAME}", "galina@mail.example"), "galina@mail.example")
    with_readers.close()

    stands = card(desk.database, report)
    assert (stands.state, stands.version, desk.tickets()) == (State.REVIEW, 3, [])
    assert "Со вторника" in stands.about
