"""How tickets stand comes back from their backends: only news, told once, whatever a hook says."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from gateway import ticket_watch
from gateway.ticket_watch import Round
from outbox.backends import Backend
from outbox.backends.builtin import BuiltinBackend, MemoryShelf
from outbox.breaker import Breaker
from records.arrival import Down, Receipt, TryAgain
from records.status import Status
from storage import statuses, ticket_states
from storage.database import Database
from tests.desk import Desk, answer, text_of
from tests.outbox.rigs import tools
from tests.test_journey import GALINA, LOS, desk, guard, knowledge

__all__ = ["desk", "guard", "knowledge"]


class Remote(BuiltinBackend):
    """A ticket system with people in it."""

    def __init__(self) -> None:
        super().__init__("desk", None, tools(shelf=MemoryShelf()))  # type: ignore[arg-type]
        self.words: dict[str, str] = {}
        self.asked: list[str] = []
        self.down = False

    def status(self, external_id: str) -> str | None:
        self.asked.append(external_id)
        if self.down:
            raise Down("desk: no answer")
        return self.words.get(external_id) or super().status(external_id)


class Telling(Remote):
    """One that tells what has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[timedelta] = []

    def changed(self, within: timedelta) -> Iterable[tuple[str, str]]:
        self.windows.append(within)
        return self.words.items()


@pytest.fixture
def remote(desk: Desk) -> Remote:
    one = Remote()
    desk.backends["desk"] = one
    return one


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=2)

    def __call__(self) -> datetime:
        return self.now


def watching(desk: Desk, backend: Backend, poll: float = 300, name: str = "desk") -> Round:
    return Round(name, Breaker(name, backend), desk.database, ("desk", "second"), poll)


def stands(desk: Desk, receipt: Receipt) -> Status:
    with desk.database.read() as tx:
        return statuses.status(tx, receipt.report)


def test_a_change_is_kept_and_told_once(desk: Desk, remote: Remote) -> None:
    first, clock = desk.handle(LOS, GALINA), Clock()
    one = watching(desk, remote)
    remote.words[first.id] = "inProgress"
    for _ in range(3):
        one.look(clock)
        desk.work()
        clock.now += timedelta(minutes=6)

    with desk.database.read() as tx:
        [change] = statuses.changes(tx, first.report)
    assert (change.status, change.actor) == (Status.IN_PROGRESS, "desk")
    [_, told] = desk.sent()
    assert "в работе" in text_of(told)
    assert len(remote.asked) == 3


def test_each_ticket_has_its_turn_and_an_ended_one_is_asked_no_more(desk: Desk, remote: Remote) -> None:
    first, clock = desk.handle(LOS, GALINA), Clock()
    one = watching(desk, remote)
    one.look(clock)
    one.look(clock)
    assert remote.asked == [first.id]
    clock.now += timedelta(seconds=301)
    remote.words[first.id] = "closed"
    one.look(clock)
    clock.now += timedelta(hours=1)
    one.look(clock)
    assert remote.asked == [first.id] * 2
    assert stands(desk, first) is Status.CLOSED


def test_a_hook_has_a_ticket_looked_at_and_says_nothing_itself(desk: Desk, remote: Remote) -> None:
    first, clock = desk.handle(LOS, GALINA), Clock()
    one = watching(desk, remote, poll=0)
    one.look(clock)
    remote.words[first.id] = "closed"
    one.look(clock)
    assert stands(desk, first) is Status.ACKNOWLEDGED  # nobody has said that it changed
    assert desk.database.write(partial(ticket_states.mark, reports=[first.report, 99], backend="desk")) == 1
    assert desk.database.write(partial(ticket_states.mark, reports=[first.report], backend="other")) == 0
    one.look(clock)
    assert stands(desk, first) is Status.CLOSED
    desk.database.write(partial(ticket_states.mark, reports=[first.report], backend="desk"))
    remote.words[first.id] = "inProgress"
    clock.now += timedelta(minutes=1)
    one.look(clock)
    assert stands(desk, first) is Status.IN_PROGRESS  # people there have opened it again


def test_what_people_set_at_the_desk_is_not_set_back(desk: Desk, remote: Remote) -> None:
    first, clock = desk.handle(LOS, GALINA), Clock()
    one = watching(desk, remote)
    one.look(clock)
    desk.database.write(
        partial(statuses.change, report=first.report, to=Status.PENDING, at=clock.now, actor="anna", reason="договор")
    )
    clock.now += timedelta(minutes=6)
    one.look(clock)
    assert stands(desk, first) is Status.PENDING
    desk.work()
    assert "договор" in text_of(desk.sent()[-1])


@pytest.mark.usefixtures("remote")
def test_a_look_begun_before_our_own_change_proves_nothing(desk: Desk) -> None:
    """The ticket was read, then the customer withdrew, and only then is what was read kept."""
    first, clock = desk.handle(LOS, GALINA), Clock()
    [watched] = desk.database.write(
        partial(ticket_states.claim, backend="desk", now=clock.now, again=clock.now, limit=9)
    )  # fmt: skip
    read = ticket_states.Seen(
        delivery=watched.delivery, status=Status.IN_PROGRESS, asked_at=datetime.now(UTC) - timedelta(seconds=1)
    )
    desk.handle(answer(desk.sent()[0], "Интернет заработал, отмените заявку, спасибо.", GALINA), GALINA)
    desk.database.write(partial(ticket_states.seen, found=[read], wired=("desk",), at=clock.now))
    assert stands(desk, first) is Status.CANCELLED


def test_only_the_first_wired_backend_that_has_a_ticket_counts(desk: Desk, remote: Remote) -> None:
    second = Remote()
    desk.backends["second"] = second
    first, clock = desk.handle(LOS, GALINA), Clock()
    delivery = desk.rows("SELECT MAX(id) AS id FROM deliveries")[0]["id"]
    desk.database.write(
        lambda tx: ticket_states.opened(tx, delivery, first.report, "second", "2", datetime.now(UTC))
    )  # fmt: skip
    second.words[first.id], remote.words[first.id] = "closed", "inProgress"
    watching(desk, second, name="second").look(clock)
    assert stands(desk, first) is Status.ACKNOWLEDGED
    watching(desk, remote).look(clock)
    assert stands(desk, first) is Status.IN_PROGRESS


def test_a_backend_that_is_down_is_not_hammered_and_loses_no_turn(desk: Desk, remote: Remote) -> None:
    for number in range(3):
        desk.handle(LOS.replace(b"los@", b"los%d@" % number), f"g{number}@mail.example")
    remote.down, clock = True, Clock()
    one = watching(desk, remote)
    for _ in range(20):
        with pytest.raises(TryAgain):
            one.look(clock)
    assert len(remote.asked) == 5  # then the breaker
    remote.down = False
    one = watching(desk, remote)
    one.look(clock)
    assert len(set(remote.asked)) == 3


def test_a_system_that_tells_what_has_changed_is_asked_for_that(desk: Desk) -> None:
    telling = Telling()
    desk.backends["desk"] = telling
    first, clock = desk.handle(LOS, GALINA), Clock()
    one = watching(desk, telling)
    one.look(clock)
    telling.words = {first.id: "resolved", "FR-2026-0009999": "closed", "no number": "closed"}
    for _ in range(2):
        clock.now += timedelta(seconds=300)
        one.look(clock)
    assert telling.windows == [ticket_watch.OVERLAP + timedelta(seconds=300)] * 3  # each overlaps the one before
    assert telling.asked == [first.id] * 2  # once at first, once because it had changed
    assert stands(desk, first) is Status.RESOLVED


def test_many_tickets_are_asked_in_turns(desk: Desk, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticket_watch, "BATCH", 2)
    names = [desk.handle(LOS.replace(b"los@", b"los%d@" % number), f"g{number}@mail.example").id for number in range(5)]
    clock = Clock()
    one = watching(desk, remote)
    pauses = [one.look(clock) for _ in range(4)]
    assert sorted(remote.asked) == names
    assert pauses == [0.0, 0.0, ticket_watch.IDLE, ticket_watch.IDLE]


@pytest.mark.usefixtures("remote")
def test_two_workers_ask_each_ticket_once(database: Database, desk: Desk) -> None:
    desk.handle(LOS, GALINA)
    clock = Clock()
    claim = partial(ticket_states.claim, backend="desk", now=clock.now, again=clock.now + timedelta(hours=1), limit=9)
    assert len(database.write(claim)) == 1
    assert database.write(claim) == []
