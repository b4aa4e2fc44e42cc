"""Orders on tickets, over the whole road: dispatch, follow-up, withdrawal, in any order that life brings them in."""

from functools import partial

import pytest
from msgspec.structs import replace

from outbox.backends import Backend
from records.arrival import Receipt, TryAgain
from records.deliveries import Delivered, Refused, Ticket
from records.orders import DispatchOrder, FollowUpOrder, OrderState, TicketOrder, WithdrawalOrder
from records.status import Status
from records.words import Order
from storage import corrections, orders, statuses
from storage.story import story
from storage.versions import newest
from tests.desk import Desk, answer, text_of
from tests.storage.reports import CLERK, SOON
from tests.test_journey import GALINA, LOS, desk, guard, knowledge

__all__ = ["desk", "guard", "knowledge"]

CANCEL = "Интернет заработал, отмените заявку, спасибо."


class Lame:
    """The desk's backend, which is away, or takes what it never answers to."""

    def __init__(self, inner: Backend) -> None:
        self.inner, self.away, self.silent, self.refuses = inner, True, False, False
        self.behind = tuple[str, ...]()

    def create(self, ticket: Ticket) -> Delivered:
        if self.refuses:
            raise Refused("no such queue")
        if self.silent:
            self.inner.create(ticket)
        self._answer()
        return replace(self.inner.create(ticket), behind=self.behind)

    def amend(self, ticket: Ticket) -> Delivered:
        self._answer()
        return self.inner.amend(ticket)

    def withdraw(self, ticket: Ticket) -> Delivered:
        self._answer()
        return self.inner.withdraw(ticket)

    def find(self, external_id: str) -> str | None:
        if self.away and not self.silent:
            raise TryAgain("desk: no answer")
        return self.inner.find(external_id)

    def status(self, external_id: str) -> str | None:
        return self.inner.status(external_id)

    def check(self) -> str:
        return "lame"

    def _answer(self) -> None:
        if self.away:
            raise TryAgain("desk: no answer")


@pytest.fixture
def lame(desk: Desk) -> Lame:
    one = Lame(desk.backends["desk"])
    desk.backends["desk"] = one
    return one


def status(desk: Desk, receipt: Receipt) -> tuple[Status, str]:
    """How it stands, and who made it so."""
    with desk.database.read() as tx:
        last = statuses.changes(tx, receipt.report)[-1]
        assert last.status is statuses.status(tx, receipt.report)
    return last.status, last.actor


def ordered(desk: Desk, receipt: Receipt) -> list[TicketOrder]:
    with desk.database.read() as tx:
        return orders.orders(tx, receipt.report)


def withdraw(desk: Desk) -> Receipt:
    return desk.handle(answer(desk.sent()[0], CANCEL, GALINA), GALINA)


def test_a_withdrawal_is_carried_out_and_confirmed_once(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    second = withdraw(desk)

    assert desk.tickets() == [(first.id, "cancelled", [f"withdraw:{second.id}"])]
    assert status(desk, first) == (Status.CANCELLED, "customer")
    _, told = desk.sent()
    assert first.id in text_of(told)
    assert "отменено" in text_of(told)
    assert told["To"] == GALINA


def test_orders_are_told_as_what_they_are(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    later = desk.handle(answer(desk.sent()[0], "Дополнение: лампочка PON тоже не горит.", GALINA), GALINA)
    last = withdraw(desk)
    dispatch, follow_up, withdrawal = ordered(desk, first)

    assert isinstance(dispatch, DispatchOrder)
    assert isinstance(follow_up, FollowUpOrder)
    assert isinstance(withdrawal, WithdrawalOrder)
    assert [one.report for one in (dispatch, follow_up, withdrawal)] == [first.id, later.id, last.id]
    assert {(one.original, one.ticket, one.state) for one in (dispatch, follow_up, withdrawal)} == {
        (first.id, "1", OrderState.DELIVERED)
    }
    assert ordered(desk, later) == [follow_up]


def test_a_withdrawal_before_the_dispatch_stops_it(desk: Desk, lame: Lame) -> None:
    first = desk.handle(LOS, GALINA)
    withdraw(desk)
    lame.away = False
    for _ in range(2):
        desk.later()
        desk.work()

    assert desk.tickets() == []
    assert [one.state for one in ordered(desk, first)] == [OrderState.STOPPED] * 2
    assert status(desk, first) == (Status.CANCELLED, "customer")
    assert "отменено" in text_of(desk.sent()[-1])
    assert desk.due() == {}


def test_a_file_that_did_not_go_with_its_ticket_is_told_in_the_story(desk: Desk, lame: Lame) -> None:
    lame.away, lame.behind = False, ("film.mp4, 50000000 bytes: too large",)
    first = desk.handle(LOS, GALINA)
    with desk.database.read() as tx:
        told = [(one.actor, one.detail) for one in story(tx, first.report) if one.what == "file not sent"]
    assert told == [("desk", "film.mp4, 50000000 bytes: too large")]


def test_a_withdrawal_of_what_could_not_be_dispatched_leaves_nothing_to_wait_for(desk: Desk, lame: Lame) -> None:
    lame.away, lame.refuses = False, True
    first = desk.handle(LOS, GALINA)
    assert [one.state for one in ordered(desk, first)] == [OrderState.PARKED]
    withdraw(desk)

    assert desk.tickets() == []
    assert [one.state for one in ordered(desk, first)] == [OrderState.PARKED, OrderState.STOPPED]
    assert status(desk, first) == (Status.CANCELLED, "customer")


def test_a_dispatch_that_was_taken_unheard_is_withdrawn_all_the_same(desk: Desk, lame: Lame) -> None:
    lame.silent = True
    first = desk.handle(LOS, GALINA)
    second = withdraw(desk)
    lame.away = False
    for _ in range(2):
        desk.later()
        desk.work()

    assert desk.tickets() == [(first.id, "cancelled", [f"withdraw:{second.id}"])]
    assert status(desk, first) == (Status.CANCELLED, "customer")


def test_what_fails_again_after_a_stopped_dispatch_gets_a_ticket_of_its_own(desk: Desk, lame: Lame) -> None:
    desk.handle(LOS, GALINA)
    withdraw(desk)
    later = desk.handle(answer(desk.sent()[0], "Дополнение: снова не работает, лампочка красная.", GALINA), GALINA)
    assert desk.record(later).order is Order.FOLLOW_UP
    lame.away = False
    for _ in range(3):  # each waits for the one before it
        desk.later()
        desk.work()

    assert desk.tickets() == [(later.id, "acknowledged", [])]
    [*_, order] = ordered(desk, later)
    assert (order.original, order.state) == (later.id, OrderState.DELIVERED)


def test_a_follow_up_to_a_withdrawn_ticket_opens_it_again(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    second = withdraw(desk)
    third = desk.handle(answer(desk.sent()[0], "Дополнение: снова не работает, лампочка красная.", GALINA), GALINA)

    assert desk.record(third).order is Order.FOLLOW_UP
    assert desk.tickets() == [(first.id, "inProgress", [f"withdraw:{second.id}", f"amend:{third.id}"])]
    assert status(desk, first) == (Status.IN_PROGRESS, "customer")


def test_what_a_clerk_refused_and_then_calls_a_fault_again_is_opened_again(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    report = first.report
    desk.database.write(partial(corrections.refuse, report=report, base=1, by=CLERK, at=SOON, remark="ad"))
    desk.work()
    assert desk.tickets()[0][1] == "cancelled"
    assert status(desk, first) == (Status.CANCELLED, CLERK.login)

    with desk.database.read() as tx:
        seen = newest(tx, report)
    assert seen is not None
    record = replace(seen.record, order=Order.REPORT)
    desk.database.write(
        partial(corrections.correct, report=report, base=2, record=record, by=CLERK, at=SOON, approval=False)
    )
    desk.work()
    assert desk.tickets() == [(first.id, "inProgress", [f"withdraw:{first.id}/2", f"amend:{first.id}/3"])]
    assert status(desk, first) == (Status.IN_PROGRESS, CLERK.login)


def test_a_correction_opens_nothing_that_others_have_closed(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    withdraw(desk)
    with desk.database.read() as tx:
        seen = newest(tx, first.report)
    assert seen is not None
    desk.database.write(
        partial(
            corrections.correct, report=first.report, base=1, record=seen.record, by=CLERK, at=SOON, approval=False
        )
    )  # fmt: skip
    desk.work()
    assert desk.tickets()[0][1] == "cancelled"


def test_a_merged_report_is_not_told_to_be_cancelled(desk: Desk) -> None:
    first = desk.handle(LOS, GALINA)
    second = desk.handle(LOS.replace(b"los@", b"los2@"), GALINA)
    sent = len(desk.sent())
    desk.database.write(
        partial(corrections.merge, report=second.report, base=1, into=first.report, by=CLERK, at=SOON)
    )  # fmt: skip
    desk.work()

    with desk.database.read() as tx:
        assert statuses.changes(tx, second.report) == []
    assert len(desk.sent()) == sent
