"""The dispatcher rings for everything that waits, whatever else waits before it."""

from typing import cast

from gateway.bell import Listener
from gateway.bells import Bells
from gateway.dispatcher import Dispatcher
from records.tasks import Step
from storage import tasks
from storage.database import Database

HOUR = 3_600_000_000


class Rung:
    """Bells that nobody answers."""

    def __init__(self) -> None:
        self.tasks: dict[Step, list[int]] = {}

    def ring(self, numbers: list[int], step: Step, _: str = "") -> None:
        self.tasks.setdefault(step, []).extend(numbers)


def test_deliveries_that_wait_for_a_dead_backend_hold_up_no_reading(database: Database) -> None:
    """They are due first, and there are more of them than any window holds."""
    for delivery in range(1200):
        database.submit(lambda tx, n=delivery: tasks.add(tx, Step.DELIVER, n, f"sender {n}", HOUR))  # type: ignore[misc]
    mail = database.write(lambda tx: tasks.add(tx, Step.NORMALIZE, 1, "new", 3 * HOUR))
    rung = Rung()

    dispatcher = Dispatcher(
        database, cast("Bells", rung), cast("Listener", None), poll=1.0, watch=lambda _: None, paper=1
    )
    dispatcher._look()

    assert rung.tasks[Step.NORMALIZE] == [mail]
    assert rung.tasks[Step.DELIVER]
