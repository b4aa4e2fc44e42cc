"""What folders bring is told by its bytes, its caller and, where it is not whole, by the file."""

import asyncio
from datetime import datetime, timedelta

import msgspec

from config.settings import Gateway, Settings, Storage
from records.arrival import Arrival, Envelope
from storage.database import Database
from storage.sweep import sweep
from tests.storage.arrivals import AT, arrival, intake

Profile = tuple[Gateway, Storage]


def file(
    content: bytes = b"II*\0",
    *,
    inode: int = 1,
    at: datetime = AT,
    number: str | None = None,
    problem: str | None = None,
) -> Arrival:
    source: dict[str, str | int] = {"name": "1.tif", "inode": inode, "mtime": 5, "size": len(content)}
    envelope = Envelope(source=source, calling_number=number)
    return msgspec.structs.replace(
        arrival(content, at=at, sender=None), envelope=envelope, problem=problem or None, media_type="image/tiff"
    )


def duplicates(database: Database, profile: Profile, *arrivals: Arrival) -> list[bool]:
    reception = intake(database, profile)
    return [asyncio.run(reception.accept(one)).duplicate for one in arrivals]


def test_a_file_found_again_after_months_is_no_second_report(database: Database, profile: Profile) -> None:
    """Killed between the commit and the move, and switched off for long."""
    assert duplicates(database, profile, file()) == [False]
    database.write(lambda tx: sweep(tx, AT + timedelta(days=90), timedelta(days=7), Settings().promises()))
    assert duplicates(database, profile, file()) == [True]


def test_the_same_bytes_in_another_file_are_one_report_for_a_week(database: Database, profile: Profile) -> None:
    week = timedelta(days=7)
    again = [file(inode=2, at=AT + week), file(inode=3, at=AT + 2 * week), file(inode=4, at=AT + 3 * week)]
    assert duplicates(database, profile, file(), *again) == [False, True, False, True]


def test_the_same_bytes_from_another_caller_are_another_report(database: Database, profile: Profile) -> None:
    arrivals = [file(number="84951234567"), file(number="84951234567"), file(number="84957654321"), file()]
    assert duplicates(database, profile, *arrivals) == [False, True, False, False]


def test_two_empty_files_are_two_reports(database: Database, profile: Profile) -> None:
    arrivals = [file(b"", inode=inode, problem="empty") for inode in (1, 2, 1)]
    assert duplicates(database, profile, *arrivals) == [False, False, True]


def test_fairness_counts_by_the_caller(database: Database, profile: Profile) -> None:
    duplicates(database, profile, file(number="84951234567"), file(b"x"))
    with database.read() as tx:
        senders = [row["sender"] for row in tx.all("SELECT sender FROM tasks ORDER BY id")]
    assert senders == ["84951234567", "mail"]
