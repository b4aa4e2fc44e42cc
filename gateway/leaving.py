"""The road's last steps: what must leave goes to its destination, and a new status is told."""

from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import asdict, replace

from config.settings import Settings
from gateway.chats import Chats
from gateway.circumstances import Circumstances
from gateway.partner_events import PartnerEvents
from gateway.trouble import told
from outbox import deliver, news
from outbox.backends import Backend
from outbox.backoff import next_attempt
from outbox.chat import outgoing
from outbox.plan import Planned
from outbox.replies import Mailer
from outbox.texts import language_for
from outbox.warning import Herald
from records.arrival import TryAgain
from records.deliveries import Delivered, Delivery, Refused, Verb
from records.tasks import Task
from records.templates import fitting
from storage import deliveries, orders, outage_answers, statuses, tasks, templates
from storage import records as archive
from storage.database import Database, Work
from storage.orders import Fate
from storage.rows import micros
from storage.versions import latest

#: An order that waits for the one before it on its ticket is looked at again after this.
PAUSE = timedelta(seconds=2)


class DispatchShelf:
    """The dispatch shelf, with every way out of the house. Thread-safe."""

    def __init__(
        self, settings: Settings, database: Database, key: bytes, backends: dict[str, Backend], mailer: Mailer,
        chats: Chats, about: Circumstances,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._database = database
        self._key = key
        self._backends = backends
        self._mailer = mailer
        self._chats = chats
        self._about = about
        self._events = PartnerEvents(settings, database)
        self.herald = Herald(settings, chats.send)

    def deliver(self, task: Task, now: datetime) -> Work[list[Task]]:
        """One delivery → its backend or its reader; once, however often it is tried. T4, or a later attempt."""
        with self._database.read() as tx:
            tasks.hold(tx, task)  # what has left can't be called back: a late worker sends nothing
            delivery = deliveries.delivery(tx, task.subject)
            if delivery is None:
                raise LookupError(f"delivery {task.subject} is not in the archive")
            fate, before = orders.fate(tx, delivery), orders.waits_for(tx, delivery)
        if before is not None and delivery.verb is not Verb.CREATE:
            then, why = max(now, before) + PAUSE, "waits for the order before it"
            return partial(tasks.put_off, task=task, not_before=micros(then), error=why, counted=False)
        if delivery.event is not None:
            return self._events.leave(task, delivery, delivery.event, now)
        ended = partial(deliveries.delivered, task=task, delivery=delivery, at=now)
        try:
            outcome = self._send(delivery, fate, now)
            if outcome is None:
                return partial(deliveries.stopped, task=task, delivery=delivery, at=now)
            return partial(ended, outcome=outcome)
        except Refused as refusal:
            reason = str(refusal)
        except Exception as trouble:  # a fault of ours, too, is tried within the deadline only, and then a person's
            reason = str(trouble) if isinstance(trouble, TryAgain) else told(task, trouble)
            asked = trouble.after if isinstance(trouble, TryAgain) else 0
            again = next_attempt(task.attempts, now, task.due_at, delivery.key, asked=asked)
            if again is not None:
                return partial(tasks.put_off, task=task, not_before=micros(again), error=reason, counted=True)
        return partial(deliveries.parked, task=task, delivery=delivery, reason=reason, at=now)

    def tell(self, task: Task, now: datetime) -> Work[list[Task]]:
        """A report's new status → what tells the reporter of it, and whoever else is to know. T5."""
        with self._database.read() as tx:
            change = statuses.change_of(tx, task.subject)
            version = latest(tx, change.report) if change else None
            closed = change is not None and outage_answers.told_over(tx, change)
        leaving = tuple[Planned, ...]()
        if change is not None and version is not None and not closed:
            still = replace(version, question=None, asking=False)  # what a person asks has its own way
            facts = self._about.situation(change.report, still, version.record, now)
            by_backend = change.actor in self._settings.backends
            leaving = news.planned(facts, change, by_backend=by_backend)
        made = tuple(Delivery(id=0, report=change.report, **asdict(one)) for one in leaving) if change else ()
        events = self._events.planned(change) if change else ()
        return partial(archive.told, task=task, leaving=made, events=events, made_at=now)

    def _send(self, delivery: Delivery, fate: Fate, now: datetime) -> Delivered | None:
        """Bring it there; None for an order that is to be stopped, where nothing has left unheard."""
        if fate is Fate.STOP:
            return None
        if delivery.verb is Verb.REPLY:
            return self._answer(self._worded(delivery), now)
        if delivery.verb is Verb.WARN:
            return self.herald.send(delivery, now)
        backend = self._backends.get(delivery.backend)
        if backend is None:
            raise Refused(f"no backend is named {delivery.backend}: add it to the wiring file")
        ticket = delivery.ticket
        if fate is Fate.DOUBTFUL and ticket and backend.find(ticket.earlier or ticket.external_id) is None:
            return None
        return deliver(delivery, backend, alone=fate is Fate.ALONE)

    def _answer(self, delivery: Delivery, now: datetime) -> Delivered:
        """Say it in the chat that the report came from, or send it by mail."""
        reply = delivery.reply
        if reply is None or not self._chats.speaks(delivery.backend):
            return self._mailer.send(delivery, now)
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
