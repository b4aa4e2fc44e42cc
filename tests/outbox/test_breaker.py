"""A backend that is down is left alone, and taken up again when it is well."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from outbox.breaker import Breaker
from records.arrival import Down, TryAgain
from records.deliveries import Delivered, Refused, Ticket
from tests.outbox.situations import ticket


class Moody:
    """A backend that does as told, and counts what it was asked."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.asked = 0
        self.wait = threading.Event()
        self.wait.set()

    def create(self, ticket: Ticket) -> Delivered:
        self.asked += 1
        self.wait.wait(10)
        if self.trouble is not None:
            raise self.trouble
        return Delivered(external_id=ticket.external_id)

    amend = withdraw = create

    def find(self, external_id: str) -> str | None:
        return self.create(ticket(1)).external_id and external_id

    status = find

    def check(self) -> str:
        return "asked"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def moody() -> Moody:
    return Moody()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(moody: Moody, clock: Clock) -> Breaker:
    return Breaker("rt", moody, clock)


def fail(desk: Breaker, times: int) -> TryAgain:
    for _ in range(times):
        with pytest.raises(TryAgain) as trouble:
            desk.create(ticket(1))
    return trouble.value


def test_a_backend_that_is_well_is_asked(desk: Breaker, moody: Moody) -> None:
    for ask in (desk.create, desk.amend, desk.withdraw):
        assert ask(ticket(1)).external_id == "FR-2026-0000001"
    assert desk.find("x") == desk.status("x") == "x"
    assert (desk.check(), moody.asked) == ("asked", 5)


def test_after_five_in_a_row_it_rests_and_nobody_waits(desk: Breaker, moody: Moody) -> None:
    moody.trouble = Down("rt: no answer from rt.example.net (ReadTimeout)")
    fail(desk, 5)
    told = fail(desk, 20)

    assert moody.asked == 5
    assert str(told) == "rt is down and left alone for 15 s: rt: no answer from rt.example.net (ReadTimeout)"
    assert told.after == 15
    assert desk.check() == "asked"


def test_one_call_decides_when_the_rest_is_over(desk: Breaker, moody: Moody, clock: Clock) -> None:
    moody.trouble = Down("500")
    fail(desk, 5)
    for rest in (15, 30, 60, 120, 240, 300, 300):
        clock.now += rest - 0.1
        fail(desk, 3)
        asked, clock.now = moody.asked, clock.now + 0.2
        fail(desk, 3)
        assert moody.asked == asked + 1
    clock.now += 301
    moody.trouble = None
    assert desk.create(ticket(1)).external_id
    moody.trouble = Down("500")
    fail(desk, 4)
    assert moody.asked == 5 + 7 + 1 + 4  # well again: it is asked each time


def test_while_the_one_is_under_way_the_others_wait(desk: Breaker, moody: Moody, clock: Clock) -> None:
    moody.trouble = Down("500")
    fail(desk, 5)
    clock.now += 16
    moody.wait.clear()
    with ThreadPoolExecutor(1) as pool:
        trial = pool.submit(fail, desk, 1)
        while moody.asked < 6:
            pass
        fail(desk, 5)
        assert moody.asked == 6
        moody.wait.set()
        trial.result()


def test_an_answer_of_any_kind_is_a_sign_of_life(desk: Breaker, moody: Moody) -> None:
    for answer in (TryAgain("the ticket of FR-2026-0000001 is not there yet"), Refused("422"), KeyError("ours")):
        moody.trouble = Down("500")
        fail(desk, 4)
        moody.trouble = answer
        with pytest.raises(type(answer)):
            desk.create(ticket(1))
    assert moody.asked == 15


def test_a_longer_pause_that_it_asks_for_is_kept(desk: Breaker, moody: Moody) -> None:
    moody.trouble = Down("429", after=90)
    fail(desk, 5)
    assert fail(desk, 1).after == 90
