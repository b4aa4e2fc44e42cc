"""Outbox and clocks as a model: whatever happens in whatever order, one ticket, one warning, one provisional answer.

Hypothesis lets customers, clerks, a ticket system and the clock do what they can do, over the real archive and road.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from classifier import Knowledge
from config.settings import Gateway, Storage
from records.clocks import BROKEN
from records.deliveries import Kind, Verb
from records.numbers import number, report_of
from records.people import Person, Role
from records.status import Status
from records.tasks import Lane
from records.words import Order, Urgency
from storage import corrections, versions
from storage.opening import prepare
from storage.rows import micros
from tests.simulated import MONDAY, House, Letter, hasty, ticking

SENIOR = Person(id=1, login="olga", name="Ольга", role=Role.SENIOR, created_at=MONDAY)
_knowledge = cache(Knowledge.load)


@pytest.fixture(scope="module", autouse=True)
def empty() -> Iterator[None]:
    """An empty archive, made once and copied for each run."""
    with tempfile.TemporaryDirectory() as folder:
        Model.template = Path(folder) / "data"
        prepare(Gateway(data=str(Model.template)), Storage(min_free=0))
        yield


class Model(RuleBasedStateMachine):
    """The house, and what must be true of it after each step."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.open.enter_context(hasty())
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory())) / "data"
        shutil.copytree(self.template, folder)
        self.house = House(folder, _knowledge())
        self.open.callback(self.house.close)
        self.open.enter_context(ticking(self.house.clock))
        self.reports: list[int] = []

    def teardown(self) -> None:
        """Let the ticket system come back: then every order is carried out, or a person's."""
        self.house.remote.away = self.house.remote.loses = self.house.remote.refuses = False
        for _ in range(60):
            self.house.clock.forward(minutes=15)
            self.house.look()
            self.house.work()
        self.one_ticket_for_a_report()
        self.nothing_is_told_twice()
        left = self.house.rows("SELECT step, last_error FROM tasks WHERE done_at IS NULL")
        self.open.close()
        assert left == []

    def _some(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.reports), label="report")

    def _arrive(self, letter: Letter, about: int | None = None) -> None:
        [receipt] = self.house.arrive([(letter, number(about, MONDAY) if about else None)])
        self.reports.append(receipt.report)

    @rule(urgency=st.sampled_from(Urgency), doubtful=st.booleans(), work=st.booleans())
    def arrives(self, urgency: Urgency, doubtful: bool, work: bool) -> None:  # noqa: FBT001 - drawn
        self._arrive(Letter(who="galina@mail.example", urgency=urgency, doubtful=doubtful))
        if work:
            self.house.work()

    @precondition(lambda self: self.reports)
    @rule(
        data=st.data(), order=st.sampled_from((Order.FOLLOW_UP, Order.WITHDRAWAL, Order.PROGRESS)), again=st.booleans()
    )
    def comes_back(self, data: st.DataObject, order: Order, again: bool) -> None:  # noqa: FBT001 - drawn
        letter = Letter(who="galina@mail.example", order=order, repeated=again)
        self._arrive(letter, self._some(data))

    @rule(lanes=st.sampled_from(((Lane.ROAD,), (Lane.DELIVER,), (Lane.ROAD, Lane.DELIVER))))
    def works(self, lanes: tuple[Lane, ...]) -> None:
        self.house.work(*lanes)

    @rule(fault=st.sampled_from(("away", "loses", "refuses")), on=st.booleans())
    def backend_changes(self, fault: str, on: bool) -> None:  # noqa: FBT001 - drawn
        setattr(self.house.remote, fault, on)

    @precondition(lambda self: self.house.remote.shelf.tickets)
    @rule(data=st.data(), to=st.sampled_from(Status))
    def status_comes(self, data: st.DataObject, to: Status) -> None:
        ticket = data.draw(st.sampled_from(sorted(self.house.remote.shelf.tickets)), label="ticket")
        self.house.stands(report_of(ticket) or 0, to)

    @precondition(lambda self: self.reports)
    @rule(data=st.data(), urgency=st.sampled_from(Urgency))
    def senior_corrects(self, data: st.DataObject, urgency: Urgency) -> None:
        report = self._some(data)
        with self.house.database.read() as tx:
            version = versions.newest(tx, report)
        if version is not None:
            record = replace(version.record, urgency=urgency)
            self.house.database.write(
                partial(corrections.correct, report=report, base=version.version, record=record, by=SENIOR,
                        at=self.house.clock.now, approval=False)
            )  # fmt: skip

    @precondition(lambda self: self.reports)
    @rule(data=st.data())
    def passed_on(self, data: st.DataObject) -> None:
        at = self.house.clock.now
        work = partial(corrections.pass_on, report=self._some(data), by=SENIOR, at=at, reason="трудный случай")
        self.house.database.write(work)

    @rule(minutes=st.sampled_from((1, 10, 20, 45, 60, 180, 600, 1440, 4000)))
    def time_passes(self, minutes: int) -> None:
        self.house.clock.forward(minutes=minutes)

    @rule(minutes=st.sampled_from((5, 60, 180)))
    def clock_is_set_back(self, minutes: int) -> None:
        self.house.clock.forward(minutes=-minutes)

    @rule()
    def restarts(self) -> None:
        self.house.restart()

    @rule(twice=st.booleans())
    def clocks_ring(self, twice: bool) -> None:  # noqa: FBT001 - drawn
        for _ in range(1 + twice):
            self.house.look()
        self.house.look()  # what the first began, as the seniors' time, is set
        self.nothing_is_forgotten()

    def nothing_is_forgotten(self) -> None:
        now = micros(self.house.clock.now)
        for row in self.house.rows("SELECT * FROM promises WHERE ended_at IS NULL"):
            assert row["due_at"] is not None
            assert row["next_at"] is None or row["next_at"] > now, row
            assert row["due_at"] > now or row["stage"] == BROKEN, row
            assert row["provisional"] != "wanted"

    @invariant()
    def one_ticket_for_a_report(self) -> None:
        effects = Counter((verb, name) for verb, name, _ in self.house.remote.effects)
        assert all(count == 1 for count in effects.values()), effects
        orders = [self._order(*effect) for effect in self.house.remote.effects if effect[0] is not Verb.CREATE]
        for ticket in {on for on, _ in orders}:
            made = [row for on, row in orders if on == ticket]
            assert made == sorted(made), (ticket, made)

    def _order(self, verb: Verb, name: str, on: str) -> tuple[str, int]:
        [row] = self.house.rows(
            "SELECT id FROM deliveries WHERE verb = :verb AND key LIKE :key", verb=verb, key=f"{verb}/%/{name}"
        )
        return on, row["id"]

    @invariant()
    def nothing_is_told_twice(self) -> None:
        told = self.house.rows("SELECT report, kind, round, stage FROM warnings WHERE stage <= 100 ORDER BY id")
        stages: dict[Any, list[int]] = {}
        for row in told:
            stages.setdefault((row["report"], row["kind"], row["round"]), []).append(row["stage"])
        assert all(its == sorted(set(its)) for its in stages.values()), stages
        events = self.house.rows("SELECT report FROM events WHERE actor = 'clock' AND what LIKE '%gone'"
                                 " OR what LIKE '%overdue'")  # fmt: skip
        assert Counter(row["report"] for row in events) == Counter(row["report"] for row in told)

    @invariant()
    def a_provisional_answer_is_given_once(self) -> None:
        given = Counter(
            one.reply.record_id for one in self.house.post.sent if one.reply and one.reply.kind is Kind.PROVISIONAL
        )
        assert all(count == 1 for count in given.values()), given

    @invariant()
    def promises_are_accounted_for(self) -> None:
        for row in self.house.rows("SELECT * FROM promises"):
            assert row["kept_at"] is None or row["ended_at"] == row["kept_at"]
            assert row["ended_at"] is not None or row["next_at"] is not None or row["stage"] == BROKEN, row
            late = row["kept_at"] is not None and row["due_at"] is not None and row["kept_at"] > row["due_at"]
            assert not late or row["broken_at"] is not None, row
        taken = self.house.rows(
            "SELECT DISTINCT opens FROM deliveries JOIN outcomes ON delivery = deliveries.id"
            " WHERE opens IS NOT NULL AND state = 'delivered'"
        )
        answers = {row["report"] for row in self.house.rows("SELECT report FROM promises WHERE kind = 'answer'")}
        assert {row["opens"] for row in taken} <= answers


TestModel = Model.TestCase
TestModel.settings = settings(
    max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
