"""Messengers as the worker sees them: what is said in chats, and the files that came in them."""

import hashlib
from datetime import UTC, datetime
from functools import partial

from channels import Unreachable
from channels.messenger import Messenger, messengers
from config.settings import Settings
from outbox.backoff import next_attempt
from records.arrival import TryAgain
from records.chat import Outgoing
from records.deliveries import Delivered, Refused
from records.tasks import Task
from storage import chat_files, tasks
from storage.chat_files import Wanted
from storage.database import Database, Work
from storage.originals import Originals
from storage.rows import micros

IN_ROW = 262_144  # bytes: a larger file lies beside the database, where there is such a place


class Chats:
    """Every wired messenger, by the name of its channel. Thread-safe."""

    def __init__(self, settings: Settings, database: Database, originals: Originals | None) -> None:
        self._messengers: dict[str, Messenger] = messengers(settings.channels, settings.gateway)
        self._database = database
        self._originals = originals

    def speaks(self, channel: str) -> bool:
        """Tell whether something can be said by this channel."""
        return channel in self._messengers

    def send(self, channel: str, chat: str, said: Outgoing) -> Delivered:
        """Say something in a chat; its number there is the platform's. Raises TryAgain and Refused.

        After a lost answer it may be said twice: no platform here knows a key by which it would be once.
        """
        return Delivered(external_id=self._messengers[channel].send(chat, said))

    def fetch(self, task: Task) -> Work[list[Task]]:
        """A file that an update only names → an original; its conversation is read again. Or a later attempt."""
        with self._database.read() as tx:
            wanted = chat_files.wanted(tx, task.subject)
        if wanted is None:
            raise LookupError(f"file {task.subject} is not in the archive")
        try:
            return self._kept(task, wanted, self._messenger(wanted.channel).fetch(wanted.file))
        except Refused as refusal:
            return partial(chat_files.missed, task=task, file=wanted, reason=str(refusal))
        except (TryAgain, Unreachable) as trouble:
            asked = trouble.after if isinstance(trouble, TryAgain) else 0
            now = datetime.now(UTC)
            again = next_attempt(task.attempts, now, task.due_at, wanted.file.reference, asked=asked)
            if again is None:
                return partial(chat_files.missed, task=task, file=wanted, reason=f"not fetched in time: {trouble}")
            return partial(tasks.put_off, task=task, not_before=micros(again), error=str(trouble), counted=True)

    def _messenger(self, channel: str) -> Messenger:
        found = self._messengers.get(channel)
        if found is None:
            raise TryAgain(f"no messenger is wired as {channel}")
        return found

    def _kept(self, task: Task, file: Wanted, content: bytes) -> Work[list[Task]]:
        """Keep a file that came: a large one is synced beside the database before a row names it."""
        sha256, body = hashlib.sha256(content).hexdigest(), content
        done = partial(chat_files.fetched, task=task, file=file, sha256=sha256, size=len(content))
        if self._originals is None or len(content) <= IN_ROW:
            return partial(done, body=body)
        self._originals.check_space(len(content))
        spooled = self._originals.spool / f"fetched-{task.id}-{task.lease_token}"
        spooled.write_bytes(content)
        self._originals.take(spooled, sha256)
        self._originals.sync()
        return partial(done, body=None)
