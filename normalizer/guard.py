"""Readers out of harm's way: whatever came from outside is parsed only in children that may die."""

from config.settings import Readers
from normalizer.job import Job, Normalized
from normalizer.leash import STOUT_PAPER, ReaderDied
from normalizer.pool import Pool

__all__ = ["Guard", "ReaderDied"]


class Guard:
    """Reads originals in guarded children; safe from any thread, callers queue for a free child.

    Short work and niced long work (paper) have children of their own, `settings.processes` and `settings.paper` at
    most, so that pages being recognised never hold up a mail.
    """

    def __init__(self, settings: Readers, *, module: str = "normalizer.child") -> None:
        self._plain = Pool(settings, module, niced=False)
        self._niced = Pool(settings, module, niced=True, stout=STOUT_PAPER)

    def normalize(self, job: Job, *, niced: bool = False) -> Normalized:
        """Read one original and make its record.

        Raises ReaderDied when this original killed its child or asked more than a child may use; TryAgain when no
        child can be started.
        """
        with (self._niced if niced else self._plain).lent() as child:
            return child.read(job)

    def warm(self) -> None:
        """Start one child ahead, without waiting for it."""
        self._plain.open()

    def close(self) -> None:
        """Let all children go, those at work when they have answered."""
        self._plain.close()
        self._niced.close()
