"""Pictures of pages for people, made in guarded children of their own: an original may be hostile."""

from msgspec import Struct

from config.settings import Readers
from normalizer.leash import STOUT_PAPER, ReaderDied
from normalizer.pool import Pool


class Wanted(Struct, frozen=True, kw_only=True):
    """One page to be drawn."""

    content: bytes
    media_type: str
    page: int
    rotation: int
    width: int | None
    part: str | None = None  # path of the mail's part that holds the page


class Picture(Struct, frozen=True, kw_only=True):
    """One page of an original as a picture that a browser shows."""

    png: bytes = b""  # of the type below; empty where there is no such page, or it can't be shown
    media_type: str = "image/png"  # or image/jpeg
    width: int = 0
    height: int = 0
    pages: int  # of the whole original; 0 where it can't be opened
    problem: str | None = None  # why it can't be shown, for a person


class NotShown(ReaderDied):
    """A page that can't be shown; the text says why."""


class Pictures:
    """Draws pages in guarded children; safe from any thread, callers queue for a free child."""

    def __init__(self, settings: Readers) -> None:
        self._pool = Pool(settings, "normalizer.picture_child", niced=False, stout=STOUT_PAPER)

    def picture(
        self, content: bytes, media_type: str, page: int, *, rotation: int = 0, width: int | None = None,
        part: str | None = None,
    ) -> Picture:  # fmt: skip
        """Give page `page` (from 1) turned clockwise by `rotation` (0, 90, 180, 270), at most `width` pixels wide.

        Of a mail `part` is the path of the part that is drawn, and `page` a page of that.

        Raises LookupError where there is no such page; NotShown with the reason where it can't be shown, ReaderDied
        where it killed its child; TryAgain when no child can be started.
        """
        wanted = Wanted(content=content, media_type=media_type, page=page, rotation=rotation, width=width, part=part)
        with self._pool.lent() as child:
            made = child.answer(wanted, Picture)
        if made.problem:
            raise NotShown(made.problem)
        if not made.png:
            raise LookupError(f"there is no page {page}: the original has {made.pages}")
        return made

    def close(self) -> None:
        """Let all children go, those at work when they have answered."""
        self._pool.close()
