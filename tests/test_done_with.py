"""What a person is done with though it lacks something: refused, or joined to an earlier report."""

from functools import partial

from records.standing import State
from storage import corrections
from tests.desk import Desk
from tests.storage.reports import CLERK, SOON, card
from tests.test_paper_road import Scripted, desk, fax, guard, knowledge, nameless, read

__all__ = ["desk", "guard", "knowledge"]


def test_what_is_refused_comes_back_to_nobody(desk: Desk, guard: Scripted) -> None:
    guard.script = nameless
    report = fax(desk)
    desk.database.write(partial(corrections.refuse, report=report, base=1, by=CLERK, at=SOON, remark="ad"))
    desk.work()
    assert card(desk.database, report).state is State.SETTLED


def test_an_incomplete_duplicate_comes_back_to_nobody(desk: Desk, guard: Scripted) -> None:
    guard.script = read
    first = fax(desk, b"II*\0 1")
    guard.script = nameless
    second = fax(desk, b"II*\0 2")
    desk.database.write(partial(corrections.merge, report=second, base=1, into=first, by=CLERK, at=SOON))
    desk.work()
    assert card(desk.database, second).state is State.SETTLED
    assert [noted for _, _, noted in desk.tickets()] == [["amend:FR-2026-0000002/2"]]
