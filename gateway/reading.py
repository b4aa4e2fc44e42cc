"""The road's first step: an original becomes a standard fault record."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from config.settings import Settings
from gateway.circumstances import Circumstances
from gateway.lookups import Lookups
from gateway.senders import Senders
from normalizer.context import Context
from normalizer.guard import Guard
from normalizer.job import Job, Normalized
from normalizer.linking import link, of_partner
from normalizer.record import quarantined
from records.media import is_paper, sequence
from records.record import FaultRecord
from records.tasks import MAX_ATTEMPTS, Step, Task
from records.words import Review
from storage import conversations, division, partner_templates
from storage import records as archive
from storage.content import original
from storage.conversations import Seen
from storage.database import Database, Work
from storage.extents import extent
from storage.links import known
from storage.originals import Originals


class ReadingDesk:
    """The writing desk, with what it is told of each report. Thread-safe."""

    def __init__(
        self, settings: Settings, database: Database, originals: Originals | None, key: bytes, guard: Guard,
        about: Circumstances,
    ) -> None:  # fmt: skip
        self._database = database
        self._originals = originals
        self._key = key
        self._guard = guard
        self._about = about
        self._senders = Senders(settings)
        self._lookups = Lookups(database)

    def read(self, task: Task, now: datetime) -> Work[list[Task]]:
        """Original → standard fault record, in a guarded child; linked to an earlier one. T2.

        What only a child for paper may read goes there (T2'); a stack of letters is divided (T2'').
        """
        with self._database.read() as tx:
            kept, share = archive.kept(tx, task.subject), extent(tx, task.subject)
            if kept is None:
                raise LookupError(f"report {task.subject} is not in the archive")
            own = partner_templates.given(tx)
        context = self._about.context(kept, share, own, recognise=task.step is Step.RECOGNIZE)
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
