"""A confirmed outage is told to each of its reporters, and on each of their tickets; its end, too."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from msgspec.structs import asdict, replace

from gateway.circumstances import Circumstances
from outbox import outage
from outbox.plan import Situation
from outbox.policy import passes, silence
from records.arrival import TryAgain
from records.deliveries import Delivery
from records.status import ENDED
from storage import outage_answers, statuses
from storage.database import Database, Work
from storage.outage_answers import Note, Wanted
from storage.records import kept
from storage.versions import latest

log = logging.getLogger("faultgate.outages")

_TROUBLE = "it can't be written: see the log"


class OutageAnswers:
    """One beside each dispatcher; what one has told the others find told."""

    def __init__(self, database: Database, about: Circumstances) -> None:
        self._database = database
        self._about = about

    def look(self, now: datetime) -> None:
        """Tell whoever is to be told now, and name the masters on tickets. Raises TryAgain."""
        with self._database.read() as tx:
            wanted, notes = outage_answers.wanted(tx, now), outage_answers.notes(tx)
        for one in wanted:
            self._do(partial(self._told, one, now), partial(outage_answers.answered, one=one, answer=None, at=now,
                                                            silence=_TROUBLE))  # fmt: skip
        for note in notes:
            self._do(partial(self._noted, note, now), None)

    def _do(self, plan: Callable[[], Work[None] | None], otherwise: Work[None] | None) -> None:
        """Do one piece of work; trouble with one report is not the others'."""
        try:
            work = plan()
        except TryAgain:
            raise
        except Exception as error:
            log.exception("an outage's answer: %s", type(error).__name__)
            work = otherwise
        if work is not None:
            self._database.write(work)

    def _told(self, one: Wanted, now: datetime) -> Work[None]:
        done = partial(outage_answers.answered, one=one, at=now)
        situation = self._situation(one.report, now)
        with self._database.read() as tx:
            ended = statuses.status(tx, one.report) in ENDED
        if situation is None or ended:
            return partial(done, answer=None, silence="it has ended" if ended else "it has no record")
        reason = silence(situation)
        if reason is not None and passes(reason):
            return partial(outage_answers.put_off, one=one, at=now)
        leaving = [Delivery(id=0, report=one.report, **asdict(told)) for told in outage.told(situation, one.outage)]
        return partial(done, answer=leaving[0] if leaving else None, silence=reason)

    def _noted(self, note: Note, now: datetime) -> Work[None] | None:
        situation = self._situation(note.report, now)
        with self._database.read() as tx:
            master = kept(tx, note.outage.master) if note.outage.master else None
        if situation is None or master is None:
            return None
        planned = outage.noted(situation, note.outage, master.id, note.backend)
        return partial(
            outage_answers.note, amendment=Delivery(id=0, report=note.report, **asdict(planned)), at=now
        )  # fmt: skip

    def _situation(self, report: int, now: datetime) -> Situation | None:
        """Give what decides whether its reporter may be told; what a person asked him has its own way."""
        with self._database.read() as tx:
            version = latest(tx, report)
        if version is None:
            return None
        still = replace(version, question=None, asking=False)
        return self._about.situation(report, still, version.record, now)
