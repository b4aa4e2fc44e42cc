"""The doorbells: the only place that knows dramatiq. A lost bell loses nothing, for the dispatcher rings again."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import quote, urlsplit

import dramatiq
import msgspec
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerError

from config.secrets import Secret
from config.settings import Broker
from records.arrival import TryAgain
from records.tasks import LANES, Lane, Step, Task
from worker import Road

log = logging.getLogger("faultgate.bells")


class Bells:
    """Rings for a task, and answers the bell by walking the road."""

    def __init__(
        self, road: Road, settings: Broker, *, threads: int, paper: int, destinations: Sequence[str] = ()
    ) -> None:
        """`threads`: for the road, and as many for each destination; `paper`: for pages, which take a child each.

        `destinations`: those that have a queue and threads of their own; all others share one.
        """
        self._road = road
        self._destinations = frozenset(destinations)
        queues = {lane.value: lane for lane in Lane} | {_queue(name): Lane.DELIVER for name in self._destinations}
        # A slow backend must not hold up reading, nor pages mail, nor one backend another: each queue has a broker and
        # threads of its own.
        self._brokers = {name: _broker(settings) for name in queues}
        self._actors = {
            name: dramatiq.Actor(self._answer, broker=broker, actor_name=name, queue_name=name, priority=0, options={})
            for name, broker in self._brokers.items()
        }
        self._workers = [
            dramatiq.Worker(
                self._brokers[name], queues={name}, worker_threads=paper if lane is Lane.PAPER else threads,
                worker_timeout=1000 if lane is Lane.DELIVER else 100,  # milliseconds between looks at the end
            )
            for name, lane in queues.items()
        ]  # fmt: skip

    def start(self) -> None:
        """Answer bells from now on."""
        for one in self._workers:
            one.start()

    def ring(self, numbers: list[int], step: Step, destination: str = "") -> None:
        """Say "look at these tasks", all of one destination. Raises TryAgain where the broker can't be reached."""
        self._send(step, destination, numbers, [])

    def _send(self, step: Step, destination: str, numbers: list[int], begun: list[Task]) -> None:
        own = LANES[step] is Lane.DELIVER and destination in self._destinations
        try:
            self._actors[_queue(destination) if own else LANES[step].value].send(numbers, msgspec.to_builtins(begun))
        except (BrokerError, OSError) as error:  # the driver lets a name that is not found through as it is
            raise TryAgain(f"the broker can't be reached: {type(error).__name__}") from error

    def stop(self) -> None:
        """Finish the steps under way; bells that still wait are rung again by the next dispatcher."""
        with ThreadPoolExecutor(len(self._workers)) as stopping:  # together: none waits for another's page
            list(stopping.map(partial(dramatiq.Worker.stop, timeout=10_000), self._workers))
        for broker in self._brokers.values():
            broker.close()

    def _answer(self, numbers: list[int], begun: list[dict[str, object]]) -> None:
        try:
            batch = msgspec.convert(begun, list[Task]) or self._road.begin(numbers)
        except TryAgain as trouble:
            log.warning("tasks %s: %s; the dispatcher rings again", numbers, trouble)
            return
        while batch:
            following = self._road.walk(batch)
            batch = [task for task in following if LANES[task.step] is not Lane.DELIVER]
            for destination in dict.fromkeys(task.destination for task in following if task not in batch):
                leaving = [task for task in following if task not in batch and task.destination == destination]
                self.hand_over(leaving, destination)

    def hand_over(self, batch: list[Task], destination: str) -> None:
        """Ring for what leaves, which has threads of its own; without a broker this thread goes on by itself."""
        try:
            self._send(batch[0].step, destination, [], batch)
        except TryAgain:
            self._road.walk(batch)


def _queue(destination: str) -> str:
    """Name a destination's queue."""
    return f"{Lane.DELIVER.value}.{destination}"


def _broker(settings: Broker) -> dramatiq.Broker:
    if settings.url is None:
        return StubBroker(middleware=[])
    from dramatiq.brokers.rabbitmq import RabbitmqBroker

    return RabbitmqBroker(url=_with_password(settings.url, settings.password), confirm_delivery=True, middleware=[])


def reach(settings: Broker) -> str:
    """Tell that the wired broker lets us in; raises TryAgain with the remedy."""
    import pika  # type: ignore[import-untyped]

    address = pika.URLParameters(_with_password(settings.url or "", settings.password))
    try:
        pika.BlockingConnection(address).close()
    except (pika.exceptions.AMQPError, OSError) as error:
        raise TryAgain(
            f"RabbitMQ at {address.host}:{address.port} does not let us in ({type(error).__name__}): start it, and "
            "check broker.url, its virtual host and broker.password"
        ) from None  # the driver's text quotes addresses
    return f"RabbitMQ at {address.host}:{address.port} answers"


def _with_password(url: str, password: Secret | None) -> str:
    """Give the address as the driver takes it; it is never logged."""
    if password is None:
        return url
    parts = urlsplit(url)
    user = f"{parts.username or 'guest'}:{quote(password.reveal(), safe='')}"
    return parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}").geturl()
