"""Templates of partners' mail for people, made in guarded children of their own: a mail may be hostile."""

from typing import Final

from msgspec.structs import replace

from config.settings import Readers
from normalizer.leash import STOUT
from normalizer.pool import Pool
from records.partner_template import Made, Wanted

WALL: Final = 20.0  # seconds: somebody waits at the desk


class Drafts:
    """Makes templates in guarded children; safe from any thread, callers queue for a free child."""

    def __init__(self, settings: Readers) -> None:
        bounded = replace(settings, wall=min(settings.wall, WALL), paper=1)
        self._pool = Pool(bounded, "normalizer.draft_child", niced=True, stout=STOUT)  # niced: none stays without work

    def make(self, wanted: Wanted) -> Made:
        """Look at mails and make a template. Raises ReaderDied where they killed their child, TryAgain without one."""
        with self._pool.lent() as child:
            return child.answer(wanted, Made)

    def close(self) -> None:
        """Let the child go, when it has answered."""
        self._pool.close()
