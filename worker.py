"""The road on one screen: accept → normalize → classify → deliver.

`accept` is `storage.intake.Intake.accept`: it runs in the doors' process and puts the first task on the road. Each step
here takes one task, works outside any transaction, commits once (T2, T3, T4), and gives the tasks that follow. The
database is the truth; a bell only says "look at task N", and the dispatcher rings again for every bell that was lost.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial

from msgspec.structs import asdict, replace

from classifier import Knowledge, Routing, classify, under_outage
from config.settings import Settings
from gateway.chats import Chats
from gateway.circumstances import Circumstances
from gateway.lookups import Lookups
from gateway.models import Models
from gateway.outages import Network
from gateway.partner_events import PartnerEvents
from gateway.senders import Senders
from normalizer.context import Context
from normalizer.guard import Guard, ReaderDied
from normalizer.job import Job, Normalized
from normalizer.leash import PAGES_LONG
from normalizer.linking import link, of_partner
from normalizer.record import quarantined
from outbox import deliver, news
from outbox.backends import Backend
from outbox.backoff import next_attempt
from outbox.chat import outgoing
from outbox.holding import held
from outbox.plan import Planned, Situation, completes, ends, judged, planned
from outbox.policy import silence
from outbox.repeating import repeats
from outbox.replies import Mailer
from outbox.texts import language_for
from outbox.warning import Herald
from records.arrival import TryAgain
from records.deliveries import Delivered, Delivery, Kind, Refused, Verb
from records.media import is_paper, sequence
from records.record import Classification, FaultRecord, classified
from records.standing import Level
from records.tasks import LANES, Lane, Step, Task
from records.templates import fitting
from records.words import DecidedBy, Order, Review
from storage import conversations, deliveries, division, orders, partner_templates, statuses, tasks, templates
from storage import records as archive
from storage.content import original
from storage.conversations import Seen
from storage.database import Database, Work
from storage.extents import extent
from storage.links import known
from storage.orders import Fate
from storage.originals import Originals
from storage.rows import micros
from storage.versions import Version, latest

log = logging.getLogger("faultgate.worker")

#: What three attempts to read or to classify did not bring to an end goes to a person, with the original in view.
MAX_ATTEMPTS = 3
#: A step that failed for a reason of our own is tried again after this, doubled each time.
PAUSE = timedelta(seconds=2)
#: Seconds after which the rest of a batch is given back: well below the lease.
BATCH_TIME = 120.0


class Road:
    """The steps, wired with the rooms. Thread-safe: every worker thread walks the same road."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        originals: Originals | None,
        key: bytes,
        guard: Guard,
        knowledge: Knowledge,
        backends: dict[str, Backend],
        mailer: Mailer,
    ) -> None:
        self._settings = settings
        self._database = database
        self._originals = originals
        self._key = key
        self._guard = guard
        self._knowledge = knowledge
        self._backends = backends
        self._mailer = mailer
        self._models = Models(database)
        self._lookups = Lookups(database)
        self._network = Network(database)
        self._routing = Routing(settings, knowledge.phrases)
        self.about = Circumstances(settings, database, key, knowledge, self._routing)
        self._senders = Senders(settings)
        self._events = PartnerEvents(settings, database)
        self._chats = Chats(settings, database, originals)
        self._herald = Herald(settings, self._chats.send)
        self._steps: dict[Step, Callable[[Task], Work[list[Task]]]] = {
            Step.NORMALIZE: self.normalize,
            Step.RECOGNIZE: self.normalize,
            Step.CLASSIFY: self.classify,
            Step.DELIVER: self.deliver,
            Step.TELL: self.tell,
            Step.FETCH: self._chats.fetch,
        }

    def begin(self, numbers: list[int]) -> list[Task]:
        """Lease tasks and count their attempts; those that are done or somebody else's are left out."""
        paper = timedelta(seconds=self._settings.readers.wall) * PAGES_LONG + tasks.LEASE
        return self._database.write(partial(tasks.begin, numbers=numbers, paper=paper))

    def walk(self, batch: list[Task]) -> list[Task]:
        """Take one step with each task; their commits are shared. Gives the tasks begun by it.

        Trouble puts its task off, and never ends the worker.
        """
        until = time.monotonic() + BATCH_TIME
        works: Iterable[tuple[Task, Work[list[Task]]]] = ((task, self._step(task, until)) for task in batch)
        if all(LANES[task.step] is not Lane.DELIVER for task in batch):  # what has left is told at once
            works = list(works)
        commits = [(task, self._database.submit(work)) for task, work in works]
        return [following for task, commit in commits for following in self._end(task, commit)]

    def _step(self, task: Task, until: float) -> Work[list[Task]]:
        """Do a step's work and give its one transaction; trouble gives one that puts the task off."""
        try:
            if time.monotonic() > until:
                return self._again(task, TryAgain("the tasks before it took too long"))
            return self._steps[task.step](task)
        except Exception as error:
            return self._again(task, error)

    def _again(self, task: Task, error: Exception) -> Work[list[Task]]:
        asked = timedelta(seconds=error.after if isinstance(error, TryAgain) else 0)
        at = datetime.now(UTC) + max(PAUSE * 2 ** min(task.attempts, 8), asked)
        counted = not isinstance(error, TryAgain)  # the house's own trouble proves nothing against an original
        return partial(tasks.put_off, task=task, not_before=micros(at), error=_told(task, error), counted=counted)

    def _end(self, task: Task, commit: Future[list[Task]]) -> list[Task]:
        try:
            return commit.result()
        except tasks.Late as late:
            _told(task, late)
        except Exception as error:
            try:
                self._database.write(self._again(task, error))
            except TryAgain:
                log.warning("task %d waits until its lease runs out", task.id)
        return []

    def normalize(self, task: Task) -> Work[list[Task]]:
        """Original → standard fault record, in a guarded child; linked to an earlier one. T2.

        What only a child for paper may read goes there (T2'); a stack of letters is divided (T2'').
        """
        with self._database.read() as tx:
            kept, share = archive.kept(tx, task.subject), extent(tx, task.subject)
            if kept is None:
                raise LookupError(f"report {task.subject} is not in the archive")
            own = partner_templates.given(tx)
        context = self.about.context(kept, share, own, recognise=task.step is Step.RECOGNIZE)
        now = datetime.now(UTC)
        if task.attempts > MAX_ATTEMPTS:
            record, done = self._given_up(task, kept, context)
            reading = done.reading if done else None
            seen = self._seen(kept)
            return partial(archive.normalized, task=task, record=record, reading=reading, made_at=now, seen=seen)
        done, seen = self._read(kept, context)
        if done.wants_recognition and not context.recognise:
            return partial(archive.postponed, task=task)
        done = self._senders.verified(kept, done, partial(self._with_keys, kept, context), now)
        divide = share is None and len(done.letters) > 1
        into = partial(division.divided, letters=done.letters) if divide else partial(archive.normalized, seen=seen)
        record = self._lookups.complete(self._linked(done), done.reading)
        return partial(into, task=task, record=record, reading=done.reading, made_at=now)

    def classify(self, task: Task) -> Work[list[Task]]:
        """Record → typical fix, incident, or a person's question; and what must leave for it. T3."""
        with self._database.read() as tx:
            version = latest(tx, task.subject)
        if version is None:
            raise LookupError(f"report {task.subject} has no record")
        if not version.approved:
            return partial(archive.set_aside, task=task)
        decision = self._classify(version) if task.attempts <= MAX_ATTEMPTS else Classification()
        place = self._network.place(version.record)
        if self._network.over(place):
            decision = under_outage(decision)
        routed = self._routing.routed(classified(version.record, decision))
        record, now = routed.record, datetime.now(UTC)
        facts = self.about.situation(task.subject, version, record, now)
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

    def deliver(self, task: Task) -> Work[list[Task]]:
        """One delivery → its backend or its reader; once, however often it is tried. T4, or a later attempt."""
        with self._database.read() as tx:
            tasks.hold(tx, task)  # what has left can't be called back: a late worker sends nothing
            delivery = deliveries.delivery(tx, task.subject)
            if delivery is None:
                raise LookupError(f"delivery {task.subject} is not in the archive")
            fate, before = orders.fate(tx, delivery), orders.waits_for(tx, delivery)
        now = datetime.now(UTC)
        if before is not None and delivery.verb is not Verb.CREATE:
            then, why = max(now, before) + PAUSE, "waits for the order before it"
            return partial(tasks.put_off, task=task, not_before=micros(then), error=why, counted=False)
        if delivery.event is not None:
            return self._events.leave(task, delivery, delivery.event, now)
        ended = partial(deliveries.delivered, task=task, delivery=delivery, at=now)
        try:
            outcome = self._send(delivery, fate)
            if outcome is None:
                return partial(deliveries.stopped, task=task, delivery=delivery, at=now)
            return partial(ended, outcome=outcome)
        except Refused as refusal:
            reason = str(refusal)
        except Exception as trouble:  # a fault of ours, too, is tried within the deadline only, and then a person's
            reason = str(trouble) if isinstance(trouble, TryAgain) else _told(task, trouble)
            asked = trouble.after if isinstance(trouble, TryAgain) else 0
            again = next_attempt(task.attempts, now, task.due_at, delivery.key, asked=asked)
            if again is not None:
                return partial(tasks.put_off, task=task, not_before=micros(again), error=reason, counted=True)
        return partial(deliveries.parked, task=task, delivery=delivery, reason=reason, at=now)

    def tell(self, task: Task) -> Work[list[Task]]:
        """A report's new status → what tells the reporter of it, and whoever else is to know. T5."""
        with self._database.read() as tx:
            change = statuses.change_of(tx, task.subject)
            version = latest(tx, change.report) if change else None
        now, leaving = datetime.now(UTC), tuple[Planned, ...]()
        if change is not None and version is not None:
            still = replace(version, question=None, asking=False)  # what a person asks has its own way
            facts = self.about.situation(change.report, still, version.record, now)
            by_backend = change.actor in self._settings.backends
            leaving = news.planned(facts, change, by_backend=by_backend)
        made = tuple(Delivery(id=0, report=change.report, **asdict(one)) for one in leaving) if change else ()
        events = self._events.planned(change) if change else ()
        return partial(archive.told, task=task, leaving=made, events=events, made_at=now)

    def _classify(self, version: Version) -> Classification:
        """Sort a record; what a person decided stays."""
        decided = version.record.classification
        if decided.decided_by in (DecidedBy.CLERK, DecidedBy.SENIOR):
            return decided
        subject = version.reading.telling_subject if version.reading else None
        return classify(version.record, self._knowledge, subject, self._models.of(version.record.language))

    def _status(self, facts: Situation) -> str | None:
        """Tell how the earlier report stands, where the customer wants to know; T3 has its tickets looked at anew."""
        if facts.earlier is None or not repeats(facts):
            return None
        with self._database.read() as tx:
            return statuses.status(tx, facts.earlier.report)

    def _read(self, kept: archive.Kept, context: Context) -> tuple[Normalized, Seen | None]:
        """Read an original, or all that was said in a conversation by now; tells how much that was."""
        with self._database.read() as tx:
            talk = conversations.said(tx, self._originals, kept.report)
            content = talk.content if talk else original(tx, self._originals, kept.sha256)
        kind = sequence(kept.media_type) if talk else kept.media_type
        context = replace(context, files=talk.files) if talk else context
        job = Job(content=content, media_type=kind, context=context)
        return self._guard.normalize(job, niced=context.recognise), talk.seen if talk else None

    def _seen(self, kept: archive.Kept) -> Seen | None:
        with self._database.read() as tx:
            talk = conversations.said(tx, self._originals, kept.report)
        return talk.seen if talk else None

    def _with_keys(self, kept: archive.Kept, context: Context, keys: Mapping[str, str]) -> Normalized:
        """Read a mail again for its signatures alone."""
        return self._read(kept, replace(context, keys=keys, recognise=False))[0]

    def _linked(self, done: Normalized) -> FaultRecord:
        with self._database.read() as tx:
            clues = of_partner(done.clues, done.record)
            links = known(tx, clues, done.reading.message_id, self._key)
        return link(done.record, clues, links)

    def _given_up(self, task: Task, kept: archive.Kept, context: Context) -> tuple[FaultRecord, Normalized | None]:
        """Make do without what kills its reader: a mail without its pages' text, once; anything else unread."""
        if context.recognise and not is_paper(kept.media_type) and task.attempts == MAX_ATTEMPTS + 1:
            done, _ = self._read(kept, replace(context, recognise=False))
            record = self._linked(done)
            reviews = tuple(dict.fromkeys((*record.needs_review, Review.UNREADABLE_ATTACHMENT)))
            return replace(record, needs_review=reviews), done
        return quarantined(context, "three attempts to read it came to no end"), None

    def _send(self, delivery: Delivery, fate: Fate = Fate.GO) -> Delivered | None:
        """Bring it there; None for an order that is to be stopped, where nothing has left unheard."""
        if fate is Fate.STOP:
            return None
        if delivery.verb is Verb.REPLY:
            return self._answer(self._worded(delivery))
        if delivery.verb is Verb.WARN:
            return self._herald.send(delivery, datetime.now(UTC))
        backend = self._backends.get(delivery.backend)
        if backend is None:
            raise Refused(f"no backend is named {delivery.backend}: add it to the wiring file")
        ticket = delivery.ticket
        if fate is Fate.DOUBTFUL and ticket and backend.find(ticket.earlier or ticket.external_id) is None:
            return None
        return deliver(delivery, backend, alone=fate is Fate.ALONE)

    def _answer(self, delivery: Delivery) -> Delivered:
        """Say it in the chat that the report came from, or send it by mail."""
        reply = delivery.reply
        if reply is None or not self._chats.speaks(delivery.backend):
            return self._mailer.send(delivery, datetime.now(UTC))
        said = outgoing(reply, self._settings.gateway, self._key)
        return self._chats.send(delivery.backend, reply.to, said)

    def _worded(self, delivery: Delivery) -> Delivery:
        """Give a reply the operator's own text, where there is one that can be sent."""
        reply = delivery.reply
        if reply is None:
            return delivery
        with self._database.read() as tx:
            own = templates.override(tx, reply.kind, language_for(reply.language), reply.medium, reply.channel)
        return replace(delivery, reply=replace(reply, template=fitting(reply.kind, own)))


def _told(task: Task, error: Exception) -> str:
    """Log what a step met, and name it without what it may quote: texts of libraries repeat the customer's words."""
    if isinstance(error, tasks.Late):
        log.warning("task %d woke up too late: nothing was changed", task.id)
        return "late"
    if isinstance(error, TryAgain | ReaderDied):
        log.warning("task %d: %s: %s", task.id, type(error).__name__, error)
        return str(error)
    log.error("task %d: %s", task.id, type(error).__name__, exc_info=error)
    return type(error).__name__
