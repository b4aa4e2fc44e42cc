"""A bell that can't be rung is trouble that passes, whatever the wire says; and deliveries never hold up reading."""

import socket
from datetime import UTC, datetime
from typing import cast

import pytest

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
    bells._handed_over = lambda batch: bool(sent.append(batch)) or True  # type: ignore[method-assign,func-returns-value]

    bells._answer(numbers, [])

    assert Step.DELIVER not in [step for batch in road.batches for step in batch]
    assert [task.step for batch in sent for task in batch] == [Step.DELIVER, Step.DELIVER]
