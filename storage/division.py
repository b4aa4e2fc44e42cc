"""One original, several reports: a stack that the machine divides, a letter that a person splits."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from records.media import is_paper
from records.numbers import number
from records.people import Person
from records.reading import Reading
from records.record import FaultRecord
from records.standing import State
from records.tasks import Step, Task
from storage import cards, tasks, versions
from storage.database import Transaction
from storage.events import happened
from storage.extents import Extent, extent, set_extent
from storage.records import Kept, normalized
from storage.rows import micros
from storage.saving import the_kept, the_seen


def divided(
    tx: Transaction, task: Task, letters: Sequence[tuple[int, ...]], record: FaultRecord, reading: Reading,
    made_at: datetime,
) -> list[Task]:  # fmt: skip
    """T2'': a stack was read. The first letter stays the report, with its record; each other is one of its own.

    All in one commit, so a worker that dies before it leaves a stack that is not divided at all.
    """
    following = normalized(tx, task, record, reading, made_at)
    report = the_kept(tx, task.subject)
    set_extent(tx, report.report, Extent(pages=letters[0]))
    sender = tasks.sender_of(tx, task)
    for pages in letters[1:]:
        _recognise(tx, _another(tx, report, Extent(parent=report.report, pages=pages)), sender, report.due_at)
    happened(tx, report.report, made_at, "road", "divided", f"{len(letters)} letters")
    return following


def split(tx: Transaction, *, report: int, base: int, pages: tuple[int, ...], by: Person, at: datetime) -> int:
    """Make these pages a report of their own; gives its row. Both are read again, in the time that is left of theirs.

    Without `pages`, as of a mail, the new report is a copy of the record, to be edited. Raises Conflict, LookupError
    where there is no record yet, and ValueError where the pages are not some, but not all, of the report's.
    """
    record = the_seen(tx, report, base)
    row = the_kept(tx, report)
    if not pages:
        return _copy(tx, row, record, by, at)
    here = _pages(tx, row)
    rest = tuple(page for page in here if page not in pages)
    if not rest or len(rest) + len(set(pages)) != len(here):
        raise ValueError("choose some of the report's pages, but not all")
    new = _another(tx, row, Extent(parent=report, pages=tuple(page for page in here if page in pages)))
    set_extent(tx, report, replace(extent(tx, report) or Extent(), pages=rest))
    tasks.drop_reading(tx, report)
    for one in (report, new):
        _recognise(tx, one, by.login, row.due_at)
        cards.stand(tx, one, State.UNREAD, at)
    _told(tx, row, new, by, at)
    return new


def _copy(tx: Transaction, row: Kept, record: FaultRecord, by: Person, at: datetime) -> int:
    new = _another(tx, row, Extent(parent=row.report))
    copy = replace(record, id=number(new, row.received_at))
    versions.add(tx, new, copy, at, author=by.login)
    cards.stand(tx, new, State.REVIEW, at)
    _told(tx, row, new, by, at)
    return new


def _told(tx: Transaction, row: Kept, new: int, by: Person, at: datetime) -> None:
    happened(tx, row.report, at, by.login, "split", f"the other part is {number(new, row.received_at)}")
    happened(tx, new, at, by.login, "split", f"out of {row.id}")


def _pages(tx: Transaction, row: Kept) -> tuple[int, ...]:
    """Give the pages of the original that are this report now."""
    share, version = extent(tx, row.report), versions.latest(tx, row.report)
    read = version.reading.pages if version and version.reading and is_paper(row.media_type) else ()
    return (share.pages if share else ()) or tuple(page.number for page in read)


def _another(tx: Transaction, report: Kept, share: Extent) -> int:
    """Add a report that came in the same original, at the same time; gives its row."""
    row = tx.one(
        "INSERT INTO reports (channel, media_type, sha256, size, received_at, due_at, kept_at, envelope, problem)"
        " SELECT channel, media_type, sha256, size, received_at, due_at, :now, envelope, problem FROM reports"
        " WHERE id = :report RETURNING id",
        report=report.report, now=tx.now(),
    )  # fmt: skip
    new = int(row["id"]) if row else 0
    set_extent(tx, new, share)
    cards.open_card(tx, new)
    return new


def _recognise(tx: Transaction, report: int, sender: str, due_at: datetime) -> None:
    tasks.add(tx, Step.RECOGNIZE, report, sender, micros(due_at))
