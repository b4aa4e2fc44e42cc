"""A bell that can't be rung is trouble that passes, whatever the wire says; and deliveries never hold up reading."""

import socket
import threading
from datetime import UTC, datetime
from typing import cast

import pytest
from msgspec.structs import replace

from config.settings import Broker
from gateway.bells import Bells
from records.arrival import TryAgain
from records.tasks import Step, Task
from worker import Road


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name server is away for a moment."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr("socket.getaddrinfo", fail)


@pytest.mark.usefixtures("nameless")
def test_a_broker_whose_name_is_not_found_now_is_try_again() -> None:
    bells = Bells(cast("Road", None), Broker(url="amqp://guest:guest@broker.example:5672/"), threads=1, paper=1)

    with pytest.raises(TryAgain):
        bells.ring([1], Step.NORMALIZE)


def _task(number: int, step: Step) -> Task:
    return Task(id=number, step=step, subject=1, due_at=datetime.now(UTC), attempts=1, lease_token="t")


class Walked:
    """A road on which a batch of two different steps gives two different ones."""

    def __init__(self) -> None:
        self.batches: list[list[Step]] = []

    def begin(self, numbers: list[int]) -> list[Task]:
        return [_task(number, Step.CLASSIFY if number % 2 else Step.NORMALIZE) for number in numbers]

    def walk(self, batch: list[Task]) -> list[Task]:
        self.batches.append([task.step for task in batch])
        follows = {Step.NORMALIZE: Step.CLASSIFY, Step.CLASSIFY: Step.DELIVER}
        return [_task(task.id + 10, follows[task.step]) for task in batch if task.step in follows]


@pytest.mark.parametrize("numbers", [[1, 2], [2, 1]])
def test_what_is_delivered_parts_from_what_is_still_read(numbers: list[int]) -> None:
    road = Walked()
    bells = Bells(cast("Road", road), Broker(), threads=1, paper=1)
    sent: list[list[Task]] = []
    bells.hand_over = lambda batch, _: sent.append(batch)  # type: ignore[method-assign,assignment]

    bells._answer(numbers, [])

    assert Step.DELIVER not in [step for batch in road.batches for step in batch]
    assert [task.step for batch in sent for task in batch] == [Step.DELIVER, Step.DELIVER]


def _leaving(number: int, destination: str) -> Task:
    return replace(_task(number, Step.DELIVER), destination=destination)


class Slow:
    """A road whose way to one destination takes until it is told to end."""

    def __init__(self) -> None:
        self.ending, self.begun, self.arrived = threading.Event(), threading.Semaphore(0), threading.Event()

    def walk(self, batch: list[Task]) -> list[Task]:
        if batch[0].destination == "slow":
            self.begun.release()
            self.ending.wait(60)
        else:
            self.arrived.set()
        return []


def test_a_destination_that_takes_all_its_threads_holds_up_no_other() -> None:
    road = Slow()
    bells = Bells(cast("Road", road), Broker(), threads=2, paper=1, destinations=("slow", "quick"))
    bells.start()
    try:
        for number in range(10):
            bells.hand_over([_leaving(number, "slow")], "slow")
        assert all(road.begun.acquire(timeout=60) for _ in range(2))
        bells.hand_over([_leaving(20, "quick")], "quick")
        assert road.arrived.wait(60)
        road.arrived.clear()
        bells.hand_over([_leaving(21, "unwired")], "unwired")
        assert road.arrived.wait(60)
    finally:
        road.ending.set()
        bells.stop()
