"""What is taken together out of a folder, as one report."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from channels.folder_files import File, Shelf, State

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS_ARE_SET = datetime(2001, 1, 1, tzinfo=UTC)  # a clock that nobody set begins in 1970, 1980 or 2000


class Bundle(Struct, frozen=True):
    """The pages of one report, and a note beside them. A note alone is only moved."""

    pages: tuple[File, ...]  # one file, or the fronts and the backs of a stack
    note: File | None = None
    not_before: float = 0.0  # seconds since 1970: until then something that belongs to it may come

    @property
    def files(self) -> tuple[File, ...]:
        """All that is moved."""
        return self.pages if self.note is None else (*self.pages, self.note)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing of it is still being written."""
        settled = self.note is None or self.note.steady or self.note.overdue
        return settled and all(page.state is not State.SETTLING for page in self.pages)

    @property
    def stays(self) -> bool:
        """Tell whether a person is only told of it."""
        return any(page.stays for page in self.pages)

    @property
    def received_at(self) -> datetime:
        """The time of the (first) file, which may lie ahead; that of its last change where it can't be."""
        first = self.files[0]
        at = moment(first.modified)
        return at if at >= _CLOCKS_ARE_SET else moment(first.changed)


#: Makes bundles of all files of a folder; is given the folder of what was taken, too.
Bundling = Callable[[list[File], Shelf], list[Bundle]]


def moment(nanoseconds: int) -> datetime:
    """Bring a file's time to aware UTC; one beyond reading is now."""
    try:
        return _EPOCH + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return datetime.now(UTC)
