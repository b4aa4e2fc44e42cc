"""Files cut out of mails, in guarded children of their own: a mail may be hostile."""

from msgspec import Struct

from config.settings import Readers
from normalizer.leash import ReaderDied
from normalizer.pool import Pool

__all__ = ["Parts", "ReaderDied"]


class Wanted(Struct, frozen=True, kw_only=True):
    """One file of a mail, named by its hash."""

    content: bytes  # of the mail
    sha256: str


class Part(Struct, frozen=True, kw_only=True):
    """The file's content; None where the mail brings no such file."""

    content: bytes | None


class Parts:
    """Cuts files out of mails; safe from any thread, callers queue for a free child."""

    def __init__(self, settings: Readers) -> None:
        self._pool = Pool(settings, "normalizer.part_child", niced=False)

    def part(self, content: bytes, sha256: str) -> bytes | None:
        """Give the file with this hash that a mail brings; None where it brings none.

        Raises ReaderDied where the mail killed its child; TryAgain when no child can be started.
        """
        with self._pool.lent() as child:
            return child.answer(Wanted(content=content, sha256=sha256), Part).content

    def close(self) -> None:
        """Let all children go, those at work when they have answered."""
        self._pool.close()
