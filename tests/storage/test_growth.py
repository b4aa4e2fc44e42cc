"""What every report asks of the archive stays quick when the archive is years old: no table is read through."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from config.settings import Settings
from records.people import Role
from records.standing import Level, State
from records.status import Status
from records.tasks import Lane
from records.words import Service
from storage import (
    conversations,
    dialogues,
    orders,
    outage_answers,
    outages,
    promises,
    ringing,
    statuses,
    ticket_states,
    verdicts,
    warnings,
)
from storage.conversations import read_soon
from storage.database import Database, Transaction
from storage.deliveries import ticketed
from storage.links import automatic_replies
from storage.partner_events import has_taken, waiting
from storage.search import _by_ticket
from storage.standings import Filter, counts, queue, standing
from storage.story import _open_tasks, story
from storage.subscriptions import living
from storage.tasks import drop_reading, due
from storage.versions import newest, versions
from storage.words import Ways
from tests.storage.arrivals import AT


class Explained:
    """A transaction that gives SQLite's plan of each query instead of its rows."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.plans: list[str] = []

    def one(self, sql: str, **values: object) -> Any | None:
        self._explain(sql, values)
        return None

    def all(self, sql: str, **values: object) -> Sequence[Any]:
        self._explain(sql, values)
        return ()

    def run(self, sql: str, **values: object) -> int:
        self._explain(sql, values)
        return 1

    def now(self) -> int:
        return self._tx.now()

    def index(self, report: int, words: Sequence[str]) -> None:
        raise NotImplementedError

    def matching(self, words: Sequence[Ways], limit: int) -> list[int]:
        raise NotImplementedError

    def _explain(self, sql: str, values: dict[str, object]) -> None:
        self.plans += [row["detail"] for row in self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)]


#: What every queue may be asked for.
WANTED = [
    Filter(),
    Filter(level=Level.SENIOR),
    Filter(states=(State.REVIEW, State.ASKED), channel="fax"),
    Filter(states=(State.SETTLED,), service=Service.MOBILE),
    Filter(taken_by="vera"),
]


@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_no_queue_reads_or_sorts_a_whole_table(database: Database, wanted: Filter) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        queue(explained, wanted, 50)
        queue(explained, wanted, 50, after=(1, 1))

    index = "standings_by_due" if wanted.states == (State.SETTLED,) else "standings_open"
    for plan in explained.plans:
        assert index in plan or "standings_by_due" in plan, plan
        assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_the_desk_reads_no_whole_table(database: Database) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        counts(explained, AT)
        standing(explained, 1)
        _by_ticket(explained, "T-1", 10)
        ticketed(explained, 1)
        newest(explained, 1)
        versions(explained, 1)
        story(explained, 1)

    through = [plan for plan in explained.plans if plan.startswith("SCAN ") and "INDEX" not in plan]
    assert through == []


@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_no_step_reads_a_whole_table(database: Database) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        automatic_replies(explained, None, 0)
        automatic_replies(explained, "a@example.org", 0)
        for lane in (Lane.ROAD, Lane.PAPER):
            due(explained, 10, lane)

    # An index of what is counted or waits, and of nothing else: a busy hour's tickets are no replies.
    for index in (
        "replies_by_time",
        "deliveries_by_recipient",
        "reading_pending",
        "paper_pending",
    ):
        assert any(index in plan for plan in explained.plans), index
    through = [plan for plan in explained.plans if plan.startswith("SCAN ") and "USING INDEX" not in plan]
    assert [plan for plan in through if "(subquery" not in plan and plan not in {"SCAN urgent", "SCAN fair"}] == []
    assert explained.plans


#: As the dispatcher asks: for each destination of its own, and for all others together.
LEADING: list[tuple[str | None, tuple[str, ...]]] = [("tracker", ()), (None, ("tracker", "replies")), (None, ())]


@pytest.mark.parametrize(("only", "but"), LEADING)
@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_what_waits_for_one_destination_is_not_read_for_another(
    database: Database, only: str | None, but: tuple[str, ...]
) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        due(explained, 10, Lane.DELIVER, only=only, but=but)

    tasks = [plan for plan in explained.plans if "tasks" in plan]
    assert "SEARCH tasks USING INDEX deliveries_pending (destination=?)" in tasks
    assert all("INDEX deliveries_pending" in plan and plan.startswith("SEARCH") for plan in tasks), tasks


@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_no_event_reads_a_whole_table(database: Database) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        living(explained, "north")
        waiting(explained, 1)
        has_taken(explained, 1, AT)
    through = [plan for plan in explained.plans if plan.startswith("SCAN ") and plan != "SCAN newest"]
    assert through == []
    assert explained.plans


#: What orders, tickets, statuses, verdicts and dialogues ask for one report.
ASKED: list[Callable[[Explained], object]] = [
    lambda tx: verdicts.asked(tx, 1),
    lambda tx: verdicts._sent(tx, 1),
    lambda tx: ticket_states.differing(tx, "tracker", 1, Status.CLOSED),
    lambda tx: ticket_states._overtaken(tx, 1, AT),
    lambda tx: ticket_states._counting(tx, 1, ["tracker"]),
    lambda tx: ticket_states.claim(tx, "tracker", AT, AT, 20),
    lambda tx: orders.orders(tx, 1),
    lambda tx: orders.sources(tx, 1),
    lambda tx: orders.withdrawn(tx, 1),
    lambda tx: statuses.status(tx, 1),
    lambda tx: statuses.changes(tx, 1),
    lambda tx: dialogues.said(tx, 1, "FR-2026-0000001"),
    lambda tx: dialogues.offers(tx, 1),
    lambda tx: dialogues.told(tx, 1),
    lambda tx: conversations.files_of(tx, 1),
    lambda tx: conversations._is_in_hand(tx, 1),
    lambda tx: outages.outage_of(tx, 1),
    lambda tx: _open_tasks(tx, 1),
    lambda tx: read_soon(tx, 1, "telegram:1", 0, timedelta()),
    lambda tx: drop_reading(tx, 1),
    lambda tx: verdicts.by_week(tx, AT),
    lambda tx: verdicts.by_solution(tx, AT),
]


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_what_is_asked_of_one_report_reads_no_whole_table(
    database: Database, ask: Callable[[Explained], object]
) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        ask(explained)
    assert explained.plans
    assert [plan for plan in explained.plans if plan.startswith("SCAN ")] == []


@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_no_clock_reads_a_whole_table(database: Database) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        ringing.ring(explained, AT, Settings().promises())
        ringing.wanted(explained)
        warnings.open_warnings(explained, tuple(Role), 50)
        warnings.counted(explained)
        warnings._too_soon(explained, Role.SENIOR, AT, timedelta(minutes=5))
        promises.past(explained, 1, AT)
        promises.of(explained, [1])

    for index in ("promises_running", "provisional_wanted", "warnings_open", "warnings_sent"):
        assert any(index in plan for plan in explained.plans), (index, explained.plans)
    assert [plan for plan in explained.plans if plan.startswith("SCAN ") and "INDEX" not in plan] == []


@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_who_is_to_be_told_of_outages_is_found_without_reading_what_is_over(database: Database) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        outage_answers.wanted(explained, AT)
        outage_answers.notes(explained)

    for plan in explained.plans:
        table = plan.split()[1] if plan.startswith(("SCAN", "SEARCH")) else ""
        assert table in {"", "outages"} or plan.startswith("SEARCH") or "sightings_untold" in plan, explained.plans
