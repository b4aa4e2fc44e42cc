"""The road's second step: a record is decided on, and what must leave for it is planned."""

from datetime import datetime
from functools import partial

from msgspec.structs import asdict, replace

from classifier import Knowledge, Routing, classify, under_outage
from gateway.circumstances import Circumstances
from gateway.models import Models
from gateway.outages import Network
from outbox.holding import held
from outbox.plan import Situation, completes, ends, judged, planned
from outbox.policy import silence
from outbox.repeating import repeats
from records.deliveries import Delivery, Kind
from records.outage import ACTIVE
from records.record import Classification, classified
from records.standing import Level
from records.tasks import MAX_ATTEMPTS, Task
from records.words import DecidedBy, Order
from storage import outages, statuses
from storage import records as archive
from storage.database import Database, Work
from storage.versions import Version, latest


class SortingTable:
    """The sorting table, with the models and the network as they are now. Thread-safe."""

    def __init__(self, database: Database, knowledge: Knowledge, routing: Routing, about: Circumstances) -> None:
        self._database = database
        self._knowledge = knowledge
        self._routing = routing
        self._about = about
        self._models = Models(database)
        self._network = Network(database)

    def sort(self, task: Task, now: datetime) -> Work[list[Task]]:
        """Record → typical fix, incident, or a person's question; and what must leave for it. T3."""
        with self._database.read() as tx:
            version = latest(tx, task.subject)
        if version is None:
            raise LookupError(f"report {task.subject} has no record")
        if not version.approved:
            return partial(archive.set_aside, task=task)
        decision = self._classify(version) if task.attempts <= MAX_ATTEMPTS else Classification()
        place = self._network.place(version.record)
        if self._network.over(place) or self._belongs(task.subject):
            decision = under_outage(decision)
        routed = self._routing.routed(classified(version.record, decision))
        record = routed.record
        facts = self._about.situation(task.subject, version, record, now)
        solved = judged(facts)
        leaving = planned(replace(facts, status=self._status(facts)))
        again = repeats(facts) and facts.overdue
        machine_asks = not facts.by_person and any(one.reply and one.reply.kind is Kind.QUESTION for one in leaving)
        made = archive.Decided(
            version=version.version, record=record, by_person=facts.by_person, held=held(facts),
            leaving=tuple(Delivery(id=0, report=task.subject, **asdict(one)) for one in leaving),
            inquires=facts.earlier.report if facts.earlier and facts.record.order is Order.PROGRESS else None,
            asks=facts.asking or machine_asks, silence=silence(facts) if facts.question else None,
            ends=ends(facts), completes=completes(facts),
            repeats=facts.earlier.report if facts.earlier and again else None,
            level=Level.SENIOR if routed.senior else None,
            place=(place.who, place.path) if place else None,
            says=(facts.earlier.report, solved) if facts.earlier and solved is not None else None,
        )  # fmt: skip
        return partial(archive.decided, task=task, made=made, made_at=now)

    def _classify(self, version: Version) -> Classification:
        """Sort a record; what a person decided stays."""
        decided = version.record.classification
        if decided.decided_by in (DecidedBy.CLERK, DecidedBy.SENIOR):
            return decided
        subject = version.reading.telling_subject if version.reading else None
        return classify(version.record, self._knowledge, subject, self._models.of(version.record.language))

    def _belongs(self, report: int) -> bool:
        """Tell whether it belongs to an outage that is not over, also where a person has put it there."""
        with self._database.read() as tx:
            found = outages.outage_of(tx, report)
        return found is not None and found.state in ACTIVE

    def _status(self, facts: Situation) -> str | None:
        """Tell how the earlier report stands, where the customer wants to know; T3 has its tickets looked at anew."""
        if facts.earlier is None or not repeats(facts):
            return None
        with self._database.read() as tx:
            return statuses.status(tx, facts.earlier.report)
