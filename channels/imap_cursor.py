"""Where the IMAP door is in a folder; kept in the archive as JSON."""

from datetime import date

from msgspec import Struct

_FAILURES = 3  # then a person is told


class Failure(Struct):
    """A message that could not be fetched, and when (seconds since 1970)."""

    first: float
    latest: float
    count: int = 0


class Witness(Struct):
    """When a message came: a folder made anew may carry the old UIDVALIDITY, but hardly the same message."""

    uid: int
    moment: int


class Cursor(Struct):
    """Where we are in a folder."""

    uidvalidity: int
    since: date  # of what lay there before us (up to `floor`), older mail is left alone
    floor: int
    uid: int = 0  # everything up to here is done, but for `failed`
    witness: Witness | None = None
    failed: dict[int, Failure] = {}

    def count_failure(self, uid: int, now: float) -> None:
        """Note that this message could not be fetched."""
        failure = self.failed.setdefault(uid, Failure(first=now, latest=now))
        failure.count += 1
        failure.latest = now

    def due(self, now: float, pause: float) -> tuple[list[int], list[int]]:
        """List the UIDs to be tried again now, and those to be given up; each rests for `pause` seconds in between."""
        rested = [uid for uid, failure in self.failed.items() if not 0 <= now - failure.latest < pause]
        lost = [uid for uid in rested if self.failed[uid].count >= _FAILURES]
        return [uid for uid in rested if uid not in lost], lost
