"""The outbox against a backend that fails in every way, in every order: one effect each, and nothing lost."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from outbox import deliver
from outbox.backoff import next_attempt
from records.arrival import TryAgain
from records.deliveries import Delivered, Delivery, Refused, Ticket, Verb
from tests.outbox.situations import AT, ticket

FAULTS = ("none", "refused connection", "timeout after it was done", "500 after it was done", "search fails", "crash")


class CrashedWorker(Exception):
    """The worker died after the backend had answered, before the archive knew."""


class WorldlyDesk:
    """A ticket system as the real ones are: it never refuses a second ticket with our number.

    Its adapter searches its notes before it adds one, as `Backend.amend` asks.
    """

    def __init__(self) -> None:
        self.fault = "none"
        self.refuses: set[str] = set()
        self.tickets: list[str] = []
        self.notes: list[tuple[str, str]] = []

    def find(self, external_id: str) -> str | None:
        if self.fault == "search fails":
            raise TryAgain("503")
        return str(self.tickets.index(external_id)) if external_id in self.tickets else None

    def status(self, external_id: str) -> str | None:
        return None if self.find(external_id) is None else "acknowledged"

    def check(self) -> str:
        return "there"

    def create(self, ticket: Ticket) -> Delivered:
        self._before(ticket)
        self.tickets.append(ticket.external_id)
        return self._after(str(len(self.tickets) - 1))

    def amend(self, ticket: Ticket) -> Delivered:
        self._before(ticket)
        note = (ticket.earlier or "", ticket.external_id)
        if note not in self.notes:
            self.notes.append(note)
        return self._after("note")

    withdraw = amend

    def _before(self, ticket: Ticket) -> None:
        if self.fault == "refused connection":
            raise TryAgain("connection refused")
        if ticket.external_id in self.refuses:
            raise Refused("422")

    def _after(self, number: str) -> Delivered:
        if self.fault in ("timeout after it was done", "500 after it was done"):
            raise TryAgain(self.fault)
        if self.fault == "crash":
            raise CrashedWorker
        return Delivered(external_id=number)


class Outbox(RuleBasedStateMachine):
    """Rows of the archive, worked on in any order, each as often as its doorbell rings."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = WorldlyDesk()
        self.open: dict[str, Delivery] = {}
        self.attempts: Counter[str] = Counter()
        self.done: dict[str, str | None] = {}
        self.parked: set[str] = set()
        self.deliveries: dict[str, Delivery] = {}
        self.reports = 0

    @rule(refused=st.sampled_from([False, False, False, True]))
    def report(self, refused: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        self.reports += 1
        self._plan(Verb.CREATE, ticket(self.reports), refused=refused)

    @rule(verb=st.sampled_from([Verb.AMEND, Verb.WITHDRAW]), which=st.integers(0, 20))
    def follow_up(self, verb: Verb, which: int) -> None:
        if self.reports:
            after = which % self.reports + 1
            self.reports += 1
            self._plan(verb, ticket(self.reports, after=after), refused=False)

    @rule(which=st.integers(0, 50), fault=st.sampled_from(FAULTS))
    def attempt(self, which: int, fault: str) -> None:
        keys = sorted(self.open)
        if keys:
            self._attempt(keys[which % len(keys)], fault)

    @rule(which=st.integers(0, 50))
    def late_doorbell(self, which: int) -> None:
        """A worker whose lease ran out does it once more; its result is thrown away."""
        keys = sorted(self.done)
        if keys:
            assert deliver(self.deliveries[keys[which % len(keys)]], self.desk).external_id is not None

    @invariant()
    def one_effect_each(self) -> None:
        assert max(Counter(self.desk.tickets).values(), default=1) == 1
        assert max(Counter(self.desk.notes).values(), default=1) == 1
        assert self.parked.isdisjoint(self.done)

    def teardown(self) -> None:
        """When the backend is well again, everything is done but what it refuses, and what hangs on that."""
        for _ in range(2 * self.reports):
            for key in sorted(self.open):
                self._attempt(key, "none")
        self.one_effect_each()
        created = [one.ticket.external_id for one in self.deliveries.values() if one.verb is Verb.CREATE and one.ticket]
        assert sorted(self.desk.tickets) == sorted(set(created) - self.desk.refuses)
        for key, left in self.open.items():
            assert left.ticket is not None
            assert left.ticket.earlier not in self.desk.tickets, key

    def _plan(self, verb: Verb, what: Ticket, *, refused: bool) -> None:
        key = f"{verb}/{what.external_id}"
        self.open[key] = Delivery(id=1, report=1, verb=verb, backend="desk", key=key, ticket=what)
        self.deliveries[key] = self.open[key]
        if refused:
            self.desk.refuses.add(what.external_id)

    def _attempt(self, key: str, fault: str) -> None:
        self.attempts[key] += 1
        self.desk.fault = fault
        try:
            self.done[key] = deliver(self.open[key], self.desk).external_id
            del self.open[key]
        except Refused:
            self.parked.add(key)
            del self.open[key]
        except (TryAgain, CrashedWorker):
            assert next_attempt(self.attempts[key], AT, AT + timedelta(hours=2), key) is not None
        finally:
            self.desk.fault = "none"


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("fault", ["timeout after it was done", "500 after it was done"])
@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.AMEND])
def test_what_was_done_unheard_is_found_at_the_next_attempt(fault: str, verb: Verb) -> None:
    desk = WorldlyDesk()
    desk.create(ticket(1))
    what = Delivery(id=1, report=2, verb=verb, backend="desk", key="k", ticket=ticket(2, after=1))
    desk.fault = fault
    with pytest.raises(TryAgain):
        deliver(what, desk)
    desk.fault = "none"

    assert deliver(what, desk).external_id is not None
    assert len(desk.tickets) + len(desk.notes) == 2
