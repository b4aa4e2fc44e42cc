"""The road on one screen: accept → normalize → classify → deliver.

`accept` is `storage.intake.Intake.accept`: it runs in the doors' process and puts the first task on the road. Each step
here takes one task, works outside any transaction, commits once (T2 to T5), and gives the tasks that follow. The
database is the truth; a bell only says "look at task N", and the dispatcher rings again for every bell that was lost.
"""

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial

from classifier import Knowledge, Routing
from config.settings import Settings
from gateway.chats import Chats
from gateway.circumstances import Circumstances
from gateway.leaving import DispatchShelf
from gateway.reading import ReadingDesk
from gateway.sorting import SortingTable
from gateway.trouble import told
from normalizer.guard import Guard
from normalizer.leash import PAGES_LONG
from outbox.backends import Backend
from outbox.replies import Mailer
from records.arrival import TryAgain
from records.tasks import LANES, Lane, Step, Task
from storage import tasks
from storage.database import Database, Work
from storage.originals import Originals
from storage.rows import micros

log = logging.getLogger("faultgate.worker")

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
        routing = Routing(settings, knowledge.phrases)
        self.about = Circumstances(settings, database, key, knowledge, routing)
        self._chats = Chats(settings, database, originals)
        self._desk = ReadingDesk(settings, database, originals, key, guard, self.about)
        self._table = SortingTable(database, knowledge, routing, self.about)
        self.shelf = DispatchShelf(settings, database, key, backends, mailer, self._chats, self.about)
        self._steps: dict[Step, Callable[[Task], Work[list[Task]]]] = {
            Step.NORMALIZE: self.normalize,
            Step.RECOGNIZE: self.normalize,
            Step.CLASSIFY: self.classify,
            Step.DELIVER: self.deliver,
            Step.TELL: self.tell,
            Step.FETCH: self.fetch,
        }

    def normalize(self, task: Task) -> Work[list[Task]]:
        """Original → standard fault record, in a guarded child; linked to an earlier one. T2.

        What only a child for paper may read goes there (T2'); a stack of letters is divided (T2'').
        """
        return self._desk.read(task, datetime.now(UTC))

    def classify(self, task: Task) -> Work[list[Task]]:
        """Record → typical fix, incident, or a person's question; and what must leave for it. T3."""
        return self._table.sort(task, datetime.now(UTC))

    def deliver(self, task: Task) -> Work[list[Task]]:
        """One delivery → its destination; once, however often it is tried. T4, or a later attempt."""
        return self.shelf.deliver(task, datetime.now(UTC))

    def tell(self, task: Task) -> Work[list[Task]]:
        """A report's new status → what tells the reporter of it, and whoever else is to know. T5."""
        return self.shelf.tell(task, datetime.now(UTC))

    def fetch(self, task: Task) -> Work[list[Task]]:
        """A file that a chat only named → kept beside its report, which is read again. T2 follows."""
        return self._chats.fetch(task)

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
        return partial(tasks.put_off, task=task, not_before=micros(at), error=told(task, error), counted=counted)

    def _end(self, task: Task, commit: Future[list[Task]]) -> list[Task]:
        try:
            return commit.result()
        except tasks.Late as late:
            told(task, late)
        except Exception as error:
            try:
                self._database.write(self._again(task, error))
            except TryAgain:
                log.warning("task %d waits until its lease runs out", task.id)
        return []
