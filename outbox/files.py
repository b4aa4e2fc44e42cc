"""Files that go with a report: which of them, under what name, within the site's limits."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath

from msgspec import Struct

from config.backends import Attaching
from records.deliveries import Ticket

log = logging.getLogger("faultgate.backends")

_NAME, _ENDING = 60, 12  # characters of a file's own name: no system cuts what is below 100 in all
_ODD = re.compile(r"[^\w.()-]+")


class Lent(Struct, frozen=True, kw_only=True):
    """One file that the house lends; its content is read only when it is sent, and held no longer."""

    name: str | None
    media_type: str
    size: int
    read: Callable[[], bytes]  # raises LookupError where it can't be had


Lender = Callable[[Ticket], list[Lent]]


def nothing(_: Ticket) -> list[Lent]:
    """Lend no files: where nothing is sent."""
    return []


class Packed(Struct, frozen=True, kw_only=True):
    """A report's files, sorted."""

    leaving: tuple[tuple[str, Lent], ...]  # each with the name that it has there
    behind: tuple[str, ...]  # what is beyond the site's limits, each with the reason, for a person


def packed(ticket: Ticket, lend: Lender, settings: Attaching) -> Packed:
    """Sort the files that go to a backend, each with the name that it has there, by which it is known again.

    The name begins with the number of the report that brought it, so that two of one name are two, and one that is
    there already is not sent again.
    """
    rest = settings.max_files if settings.attachments else 0
    leaving, behind = list[tuple[str, Lent]](), list[str]()
    for place, file in enumerate(lend(ticket) if rest else (), start=1):
        if file.size <= min(settings.max_file, rest):
            rest -= file.size
            leaving.append((f"{ticket.record.id}-{place}-{_plain(file.name)}", file))
        else:
            behind.append(f"{described(file)}: too large")
    return Packed(leaving=tuple(leaving), behind=tuple(behind))


def described(file: Lent) -> str:
    """Name a file for a person who looks at its report."""
    return f"{file.name or file.media_type}, {file.size} bytes"


def read(files: Iterable[tuple[str, Lent]]) -> Iterator[tuple[str, Lent, bytes]]:
    """Read files one after the other; one that can't be had holds nothing up: the archive has it."""
    for name, file in files:
        try:
            yield name, file, file.read()
        except LookupError as trouble:
            log.warning("a file stays behind: %s", trouble)


def _plain(name: str | None) -> str:
    """Make a file's name one that every system keeps as it is: letters of any script, short; its ending stays."""
    path = PurePath(_ODD.sub("_", name or "").strip("._") or "file")
    return f"{path.stem[:_NAME]}{path.suffix[:_ENDING]}"
