"""The clocks at work: every few seconds promises ring, people are warned, customers get their provisional answers."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import asdict

from config.settings import Settings
from gateway.circumstances import Circumstances
from gateway.outage_answers import OutageAnswers
from gateway.outages import Outages
from outbox import provisional
from outbox.policy import silence
from records.arrival import TryAgain
from records.clocks import Promise
from records.deliveries import Delivery
from records.outage import OutageState
from storage import outages, ringing, statuses, warnings
from storage.database import Database
from storage.ringing import Wanted
from storage.sweep import sweep
from storage.versions import latest

log = logging.getLogger("faultgate.watch")

_TROUBLE = "it can't be written: see the log"


class Watch:
    """Any number of machines may have one: what one has told the others find told."""

    def __init__(self, settings: Settings, database: Database, about: Circumstances) -> None:
        self._database = database
        self._about = about
        self._outages = Outages(database, settings.outages.threshold)
        self._answers = OutageAnswers(database, about)
        self._clocks = settings.promises()
        self._resends = timedelta(days=settings.storage.duplicate_days)
        self._routes = {name: route.role for name, route in settings.warnings.routes.items()}
        self._pause = timedelta(minutes=settings.warnings.pause)

    def look(self, now: datetime) -> int:
        """Look at all that time has changed; gives the number of alarms. Raises TryAgain."""
        alarms = self._database.write(partial(sweep, now=now, resends=self._resends, clocks=self._clocks))
        alarms += self._outages.look(now)
        self._answers.look(now)
        for alarm in alarms:
            log.warning("%s", alarm)
        with self._database.read() as tx:
            wanted = ringing.wanted(tx)
        for one in wanted:
            self._answer(one, now)
        self._database.write(partial(warnings.notify, now=now, routes=self._routes, pause=self._pause))
        return len(alarms)

    def _answer(self, one: Wanted, now: datetime) -> None:
        """Give one provisional answer, or keep why not; trouble with one report is not the others'."""
        try:
            work = self._planned(one, now)
        except TryAgain:
            raise
        except Exception as error:
            log.exception("report %d: %s", one.report, type(error).__name__)
            work = partial(ringing.unanswered, one=one, reason=_TROUBLE, at=now)
        self._database.write(work)

    def _planned(self, one: Wanted, now: datetime) -> Callable[..., None]:
        with self._database.read() as tx:
            version, status = latest(tx, one.report), statuses.status(tx, one.report)
            outage = outages.outage_of(tx, one.report)
        if version is None:
            return partial(ringing.unanswered, one=one, reason="it has no record", at=now)
        situation = self._about.situation(one.report, version, version.record, now)
        until = self._clocks.of(Promise.ANSWER, one.urgency).new_date(one.due_at, now)
        known = outage is not None and outage.state is OutageState.CONFIRMED  # what is only suspected nobody is told
        leaving = provisional.planned(situation, until, status, outage=known)
        if not leaving:
            return partial(ringing.unanswered, one=one, reason=silence(situation) or "nobody to answer", at=now)
        answer = Delivery(id=0, report=one.report, **asdict(leaving[0]))
        return partial(ringing.extended, one=one, answer=answer, until=until, at=now)
