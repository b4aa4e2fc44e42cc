"""What the worker does about partners' events: plans them where a ticket stands otherwise, and brings them away."""

import logging
from datetime import datetime
from functools import partial

from config.settings import Settings
from outbox.backoff import next_event
from outbox.breaker import Resting
from outbox.notifying import Gone, Notifier
from partners.events import as_it_stood, house, of_status, owned, planned
from records.arrival import TryAgain
from records.deliveries import Delivery, Refused
from records.partner_events import Event, Subscription
from records.status import StatusChange
from records.tasks import Task
from storage import partner_events, subscriptions, tasks
from storage.database import Database, Work
from storage.rows import micros

log = logging.getLogger("faultgate.worker")


class PartnerEvents:
    """Wired with the rooms. Thread-safe."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._partners = settings.partners
        self._database = database
        self._notifier = Notifier(settings.partners, settings.partner_api)
        self._house = house(settings)

    def planned(self, change: StatusChange) -> tuple[Delivery, ...]:
        """Tell what leaves because a report stands otherwise; nothing where it is no partner's."""
        with self._database.read() as tx:
            found = owned(tx, change.report)
            wishes = subscriptions.living(tx, found[0]) if found else []
        partner = self._partners.get(found[0]) if found else None
        if found is None or partner is None or partner.events is None:
            return ()
        return planned(of_status(change), as_it_stood(found[1], change), partner, wishes, self._house)

    def leave(self, task: Task, delivery: Delivery, event: Event, now: datetime) -> Work[list[Task]]:
        """Bring one event to its subscription: T4, or a later attempt."""
        with self._database.read() as tx:
            to = subscriptions.living_one(tx, event.subscription)
        if to is None or to.off is not None:
            reason = "the subscription has ended" if to is None else partner_events.OFF
            return partial(partner_events.given_up, task=task, reason=reason, at=now)
        try:
            self._notifier.send(event, to, now)
        except Refused as refusal:
            return self._given_up(task, to, str(refusal), now, dead=isinstance(refusal, Gone))
        except Resting as rest:  # it was not asked
            return partial(tasks.put_off, task=task, not_before=_after(now, rest), error=str(rest), counted=False)
        except Exception as trouble:  # a fault of ours, too, is tried for some days only
            reason, asked = _reason(trouble)
            again = next_event(task.attempts, now, task.due_at, delivery.key, asked=asked)
            if again is None:
                return self._given_up(task, to, reason, now)
            return partial(tasks.put_off, task=task, not_before=micros(again), error=reason, counted=True)
        return partial(partner_events.arrived, task=task, one=event, at=now)

    def _given_up(
        self, task: Task, to: Subscription, reason: str, now: datetime, *, dead: bool = False
    ) -> Work[list[Task]]:
        """Park it; where the listener is gone, or nothing has arrived since the event was made, it is an alarm."""
        with self._database.read() as tx:
            off = dead or not partner_events.has_taken(tx, to.id, task.due_at)
        if off:
            log.warning("events to partner %s are switched off: %s; see `faultgate check`", to.partner, reason)
        return partial(partner_events.given_up, task=task, reason=reason, at=now, off=to if off else None)


def _reason(trouble: Exception) -> tuple[str, float]:
    """Name what went wrong, without what it may quote, and the seconds that the partner asks for."""
    if isinstance(trouble, TryAgain):
        return str(trouble), trouble.after
    log.error("an event: %s", type(trouble).__name__, exc_info=trouble)
    return type(trouble).__name__, 0


def _after(now: datetime, rest: TryAgain) -> int:
    return micros(now) + int(rest.after * 1_000_000)
