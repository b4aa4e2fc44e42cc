"""The dispatcher: the most urgent first, a small window, and lost bells rung again."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest

from gateway import dispatcher
from gateway.bell import Listener
from gateway.bells import Bells
from gateway.dispatcher import PAPER_WINDOW, WINDOW, Dispatcher
from records.arrival import TryAgain
from records.tasks import Step
from storage import tasks
from storage.database import Database
from storage.rows import micros
from tests.storage.arrivals import AT


class Rung:
    """Bells that only remember for what they rang."""

    def __init__(self) -> None:
        self.bells: list[list[int]] = []
        self.steps: list[Step] = []
        self.destinations: list[str] = []
        self.failing = False

    def ring(self, numbers: list[int], step: Step, destination: str = "") -> None:
        if self.failing:
            raise TryAgain("the broker can't be reached")
        self.destinations.append(destination)
        self.bells.append(numbers)
        self.steps.append(step)

    @property
    def numbers(self) -> list[int]:
        return [number for bell in self.bells for number in bell]


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    one = Clock()
    monkeypatch.setattr(dispatcher, "time", one)
    return one


class Quiet:
    """A bell that never rings; `then` is done at each wait."""

    def __init__(self, then: Callable[[], None]) -> None:
        self.wait: Callable[[float], None] = lambda _: then()


def dispatching(database: Database, rung: Rung, bell: object = None, destinations: tuple[str, ...] = ()) -> Dispatcher:
    made: Callable[..., Dispatcher] = Dispatcher
    return made(
        database, rung, bell, poll=0.01, watch=lambda _: None, paper=2, destinations=destinations
    )  # fmt: skip


def add(
    database: Database, number: int, *,
    minutes: int = 0, sender: str = "", step: Step = Step.NORMALIZE, destination: str = "",
) -> int:  # fmt: skip
    due = micros(AT + timedelta(minutes=minutes))
    return database.write(
        lambda tx: tasks.add(tx, step, number, sender or f"s{number}", due, destination=destination)
    )  # fmt: skip


def test_the_most_urgent_rings_first(database: Database) -> None:
    later = add(database, 1, minutes=60)
    first = add(database, 2, minutes=-30)
    middle = add(database, 3, minutes=5)
    rung = Rung()
    assert not dispatching(database, rung)._look()
    assert rung.numbers == [first, middle, later]
    assert all(len(bell) == 1 for bell in rung.bells)  # few tasks wait for nobody


def test_only_a_window_of_bells_is_out_and_what_is_urgent_overtakes(database: Database) -> None:
    backlog = [add(database, number, minutes=100) for number in range(1, 2 * WINDOW)]
    rung = Rung()
    one = dispatching(database, rung)
    assert one._look()
    assert sorted(rung.numbers) == backlog[:WINDOW]
    urgent = add(database, 9999, minutes=-5)
    assert one._look()
    assert urgent not in rung.numbers  # the window is full
    database.write(lambda tx: tasks.begin(tx, backlog[:10]))  # a worker answers
    one._look()
    assert rung.numbers[WINDOW] == urgent


def test_one_sender_s_flood_holds_up_nobody(database: Database) -> None:
    for number in range(1, 300):
        add(database, number, minutes=1, sender="flood@mail.example")
    other = add(database, 5000, minutes=90, sender="galina@mail.example")
    rung = Rung()
    dispatching(database, rung)._look()
    assert other in rung.numbers


def test_deliveries_have_a_window_of_their_own(database: Database) -> None:
    for number in range(1, WINDOW + 50):
        add(database, number, minutes=-60, step=Step.DELIVER)
    read = add(database, 7000, minutes=60)
    rung = Rung()
    dispatching(database, rung)._look()
    assert read in rung.numbers
    assert len(rung.numbers) == WINDOW + 1
    for bell, step in zip(rung.bells, rung.steps, strict=True):
        assert (step is Step.DELIVER) is (read not in bell)


def test_each_destination_has_a_window_of_its_own(database: Database) -> None:
    """What waits for one, and is due before all else, hides nothing that is for another, nor for one that is new."""
    for number in range(1, 1200):
        add(database, number, minutes=-60, step=Step.DELIVER, destination="slow")
    other = add(database, 7000, minutes=60, step=Step.DELIVER, destination="other")
    fresh = add(database, 7001, minutes=60, step=Step.DELIVER, destination="unwired")
    rung = Rung()
    dispatching(database, rung, destinations=("slow", "other"))._look()
    assert len(rung.numbers) == WINDOW + 2
    rang = {number: name for bell, name in zip(rung.bells, rung.destinations, strict=True) for number in bell}
    assert (rang[other], rang[fresh]) == ("other", "")


def test_pages_have_a_small_window_of_their_own_and_each_its_bell(database: Database) -> None:
    """Five hundred faxes at once: mail rings as ever, and a fax that is due sooner waits for few of them."""
    faxes = [add(database, number, minutes=60, step=Step.RECOGNIZE) for number in range(1, 501)]
    mail = add(database, 7000, minutes=90)
    rung = Rung()
    one = dispatching(database, rung)
    one._look()
    assert mail in rung.numbers
    assert [task for task in rung.numbers if task != mail] == faxes[: 2 + PAPER_WINDOW]
    assert all(len(bell) == 1 for bell in rung.bells)
    urgent = add(database, 9000, minutes=5, step=Step.RECOGNIZE)
    database.write(lambda tx: tasks.begin(tx, faxes[:1]))
    one._look()
    assert rung.numbers[-1] == urgent


def test_mail_rings_at_once_among_a_flood_of_pages(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks the dispatcher listens: a full window of pages is no reason to be deaf for a while."""
    for number in range(1, 100):
        add(database, number, minutes=60, step=Step.RECOGNIZE)
    rung, stopping, mails = Rung(), threading.Event(), list[int]()

    def then() -> None:
        if mails:
            stopping.set()
        else:
            mails.append(add(database, 7000, minutes=90))

    monkeypatch.setattr(clock, "sleep", lambda _: stopping.set())
    dispatching(database, rung, Quiet(then)).run(cast("Any", stopping))
    assert rung.numbers[-1:] == mails


def test_a_bell_is_rung_once_until_it_counts_as_lost(database: Database, clock: Clock) -> None:
    task, rung = add(database, 1), Rung()
    one = dispatching(database, rung)
    one._look()
    clock.now += dispatcher.RING_AGAIN - 1
    one._look()
    assert rung.numbers == [task]
    clock.now += 2
    one._look()
    assert rung.numbers == [task, task]


def test_what_is_done_rings_no_more(database: Database, clock: Clock) -> None:
    task, rung = add(database, 1), Rung()
    one = dispatching(database, rung)
    one._look()
    [begun] = database.write(lambda tx: tasks.begin(tx, [task]))
    database.write(lambda tx: tasks.finish(tx, begun))
    clock.now += 10 * dispatcher.RING_AGAIN
    one._look()
    assert rung.numbers == [task]


def test_trouble_of_the_broker_passes(database: Database, clock: Clock) -> None:
    """The dispatcher goes on, and rings for what it could not ring for."""
    task, rung = add(database, 1), Rung()
    stopping: Any = threading.Event()  # the real one listens to this process's signals
    rung.failing = True

    def then() -> None:
        clock.now += 60
        if rung.bells:
            stopping.set()
        rung.failing = False

    dispatching(database, rung, Quiet(then)).run(stopping)
    assert rung.numbers == [task]


def test_a_delivery_whose_time_has_not_come_waits(database: Database) -> None:
    task, rung = add(database, 1), Rung()
    far = micros(AT + timedelta(days=36500))
    database.write(lambda tx: tx.run("UPDATE tasks SET not_before = :far", far=far))
    one = dispatching(database, rung)
    one._look()
    assert rung.numbers == []
    database.write(lambda tx: tx.run("UPDATE tasks SET not_before = 0"))
    one._look()
    assert rung.numbers == [task]


def test_what_it_is_built_of_fits() -> None:
    """The stand-ins above offer what the dispatcher uses of the real ones."""
    assert hasattr(Bells, "ring")
    assert hasattr(Listener, "wait")
