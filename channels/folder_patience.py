"""When a file counts as complete: not changed for long enough, or given up waiting for."""

import time

from msgspec import Struct
from msgspec.structs import replace

from channels.folder_files import File, State
from config.settings import Fax, Scan


class _Memory(Struct):
    """What earlier looks saw of a file; times are monotonic seconds."""

    seen: tuple[int, int, int]  # size, modified, changed
    since: float  # it is like this
    waiting: float  # it is waited for


class Patience:
    """Remembers each file from look to look."""

    def __init__(self, settings: Fax | Scan) -> None:
        self._settings = settings
        self._memory: dict[str, _Memory] = {}  # by place

    def judge(self, files: list[File]) -> list[File]:
        """Tell of each file how far it has come; those that are gone are forgotten."""
        now = time.monotonic()
        self._memory = {file.place: self._remembered(file, now) for file in files}
        judged = [self._judged(file, self._memory[file.place], now) for file in files]
        for file in judged:
            if file.state in (State.WHOLE, State.LARGE):
                self._memory[file.place].waiting = now
        return judged

    def _remembered(self, file: File, now: float) -> _Memory:
        seen = (file.size, file.modified, file.changed)
        known = self._memory.get(file.place)
        if known is None:
            return _Memory(seen, now, now)
        return known if known.seen == seen else _Memory(seen, now, known.waiting)

    def _judged(self, file: File, memory: _Memory, now: float) -> File:
        """One file that was old when it appeared needs no wait, only a second look that finds it the same.

        The time of a file is its server's and may be wrong or set by hand, so it never shortens the wait of a file
        that changes before our eyes.
        """
        age = time.time() - file.modified / 1e9
        settle, incomplete = self._settings.settle, self._settings.incomplete
        steady = now - memory.since >= settle or (now > memory.since and age >= settle)
        overdue = now - memory.waiting >= incomplete
        if file.size > self._settings.max_size and (steady or overdue):
            state = State.LARGE
        elif (not steady and file.size) or file.is_locked:
            state = State.GROWING if overdue else State.SETTLING
        elif file.size:
            state = State.WHOLE
        else:
            state = State.EMPTY if overdue or (steady and age >= incomplete) else State.SETTLING
        return replace(file, state=state, steady=steady, overdue=overdue)
