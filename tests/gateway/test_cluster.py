"""The cluster profile: doorbells over RabbitMQ, the archive in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from classifier import Knowledge
from config.secrets import Secret
from config.settings import Broker, Gateway, Readers, Storage
from gateway import dispatcher
from gateway.bell import Listener
from gateway.bells import Bells, reach
from gateway.dispatcher import Dispatcher
from normalizer.guard import Guard
from records.arrival import TryAgain
from records.tasks import Step
from storage.database import Database
from tests.desk import Desk, letter
from tests.gateway.running import Running, alive, eventually, kill
from tests.outbox.smarthost import Sink
from tests.outbox.smarthost import running as smarthost
from tests.torture.broker import Rabbit, rabbit

GALINA = "galina@mail.example"


def report(number: int) -> bytes:
    text = f"Нет интернета, лампочка LOS красная. Договор {4000 + number}. Соколова Галина Петровна, 8 917 340-22-18"
    return letter(text, GALINA, Message_ID=f"<{number}@mail.example>")


@pytest.fixture(scope="module")
def broker() -> Iterator[Rabbit]:
    with rabbit() as one:
        yield one


@pytest.fixture
def desk(profile: tuple[Gateway, Storage], database: Database) -> Iterator[Desk]:
    guard, sink = Guard(Readers(processes=1)), Sink()
    with smarthost(sink) as port:
        yield Desk(profile, database, guard, Knowledge.load(), sink, port)
    guard.close()


@pytest.fixture
def bells(desk: Desk, broker: Rabbit) -> Iterator[Bells]:
    broker.flush()
    one = Bells(desk.road, Broker(url=broker.url), threads=1, paper=1)
    yield one
    one.stop()


def dispatching(desk: Desk, bells: Bells, folder: Path) -> Dispatcher:
    return Dispatcher(desk.database, bells, Listener(folder), poll=0.05, watch=lambda _: None, paper=1)


def waiting(broker: Rabbit) -> int:
    """Count the bells that wait in the broker."""
    asked = RabbitmqBroker(url=broker.url)
    try:
        return sum(asked.get_queue_message_counts(queue)[0] for queue in ("road", "deliver"))
    finally:
        asked.close()


@pytest.mark.parametrize("profile", ["postgresql"], indirect=True)
def test_a_bell_over_the_broker_brings_a_report_to_its_ticket(desk: Desk, bells: Bells, tmp_path: Path) -> None:
    receipts = [desk.accept(report(number), GALINA) for number in range(3)]
    bells.start()
    dispatching(desk, bells, tmp_path)._look()
    eventually(lambda: len(desk.tickets()) == 3, "three tickets")
    assert {number for number, _, _ in desk.tickets()} == {one.id for one in receipts}


@pytest.mark.parametrize("profile", ["postgresql"], indirect=True)
def test_lost_bells_are_rung_again(
    desk: Desk, bells: Bells, broker: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.accept(report(1), GALINA)
    one = dispatching(desk, bells, tmp_path)
    one._look()
    eventually(lambda: waiting(broker) == 1, "the bell waits")
    broker.flush()
    assert waiting(broker) == 0
    bells.start()
    one._look()  # too early: it may still be answered
    assert desk.tickets() == []
    monkeypatch.setattr(dispatcher, "RING_AGAIN", 0.0)
    one._look()
    eventually(desk.tickets, "the ticket of the report whose bell was lost")
    eventually(lambda: len(desk.sent()) == 1, "its receipt")


@pytest.mark.parametrize("profile", ["postgresql"], indirect=True)
def test_a_bell_rung_twice_makes_one_ticket(desk: Desk, bells: Bells) -> None:
    desk.accept(report(1), GALINA)
    [number] = desk.due()
    for _ in range(5):
        bells.ring([number], Step.NORMALIZE)
    bells.start()
    eventually(lambda: len(desk.sent()) == 1, "its receipt")
    assert len(desk.tickets()) == len(desk.rows("SELECT version FROM records")) == 1


@pytest.mark.parametrize("profile", ["postgresql"], indirect=True)
def test_a_broker_that_is_away_loses_nothing(desk: Desk, bells: Bells, broker: Rabbit, tmp_path: Path) -> None:
    desk.accept(report(1), GALINA)
    one = dispatching(desk, bells, tmp_path)
    broker.wire.cut()
    try:
        with pytest.raises(TryAgain, match="the broker can't be reached"):
            bells.ring(list(desk.due()), Step.NORMALIZE)
    finally:
        broker.wire.mend()
    bells.start()

    def looked() -> bool:
        try:
            one._look()
        except TryAgain:
            return False
        return bool(desk.tickets())

    eventually(looked, "the ticket, once the broker is back")


def test_check_tells_whether_the_broker_lets_us_in(broker: Rabbit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "answers" in reach(Broker(url=broker.url))
    monkeypatch.setenv("FAULTGATE_TEST_PASSWORD", "guest")
    password = Secret(env="FAULTGATE_TEST_PASSWORD")
    bare = broker.url.replace("guest:guest@", "")
    assert "answers" in reach(Broker(url=bare, password=password))
    monkeypatch.setenv("FAULTGATE_TEST_PASSWORD", "hunter2/#@:secret")
    for wrong in (Broker(url=bare, password=password), Broker(url=broker.url + "-absent")):
        with pytest.raises(TryAgain, match=r"broker\.url") as refused:
            reach(wrong)
        assert "hunter2" not in str(refused.value)


def test_two_machines_share_one_archive(broker: Rabbit, empty_postgres: str, tmp_path: Path) -> None:
    """Doors on one machine, two workers on others; one worker is killed."""
    broker.flush()
    wired = f"[broker]\nurl = '{broker.url}'\n"
    machines = []
    for name in ("doors", "one", "two"):
        (tmp_path / name).mkdir()
        machine = Running(tmp_path / name, wired)
        text = machine.wiring.read_text(encoding="utf-8")
        machine.wiring.write_text(text.replace("min_free = 0", f"url = '{empty_postgres}'"), encoding="utf-8")
        machines.append(machine)
    doors, one, two = machines
    doors.start("doors")
    for worker in (one, two):
        worker.start("worker")
    doors.send(report(1), GALINA)
    assert len(doors.ticketed(1)) == 1
    [pid] = one.family()["worker"]
    kill(pid)
    for number in range(2, 6):
        doors.send(report(number), GALINA)
    assert len(doors.ticketed(5)) == 5
    assert len({record["tickets"][0] for record in doors.records()}) == 5
    assert not alive(pid)
    assert [machine.stop() for machine in machines] == [0, 0, 0]
