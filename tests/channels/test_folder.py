"""F21: a folder door takes files once they are complete, and each of them, whatever else lies in the folder."""

import fcntl
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.channels.folders import PDF, TIFF, contents, fax, put, scan, serving, waiting
from tests.reception import MemoryReception

LONG_AGO = 7200.0  # seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def reception(tmp_path: Path) -> MemoryReception:
    (tmp_path / "spool").mkdir()
    return MemoryReception(tmp_path / "spool")


def test_a_file_is_kept_as_it_came_and_then_moved(folder: Path, reception: MemoryReception) -> None:
    file = put(folder / "fax00012.tif", age=LONG_AGO)
    written = file.stat()
    with serving(fax(folder), reception) as door:
        door.wait(lambda: contents(folder) == [TIFF])
    [(arrival, content)] = reception.arrivals
    assert content == TIFF
    assert arrival.media_type == "image/tiff"
    assert arrival.received_at == datetime.fromtimestamp(written.st_mtime_ns // 1000 / 1e6, UTC)
    assert arrival.envelope.source == {
        "folder": str(folder), "name": "fax00012.tif",
        "inode": written.st_ino, "mtime": written.st_mtime_ns, "size": len(TIFF),
    }  # fmt: skip
    assert (folder / "done" / "fax00012.tif").stat().st_ino == written.st_ino
    assert waiting(folder) == []
    assert ("fax", "last_good_poll") in reception.memory


_WRITER = """
import sys, time
with open(sys.argv[1], "wb") as file:
    for number in range(20):
        file.write(b"II*\\0" + b"%05d" % number)
        file.flush()
        time.sleep(0.05)
"""


def test_a_writer_that_pauses_is_waited_for(folder: Path, reception: MemoryReception) -> None:
    with serving(fax(folder, settle=3.0), reception) as door:
        subprocess.run([sys.executable, "-c", _WRITER, str(folder / "fax1.tif")], check=True)
        door.wait(lambda: contents(folder))
    assert [content for _, content in reception.arrivals] == [b"".join(b"II*\0%05d" % one for one in range(20))]


def test_a_renamed_file_that_is_old_enough_needs_no_wait(folder: Path, reception: MemoryReception) -> None:
    """With a day to settle, only what is two days old is taken; a new one, and one with a temporary name, are not."""
    day = 86_400.0
    with serving(fax(folder, settle=day), reception) as door:
        put(folder / "new.tif", b"II*\0 new")
        for ending in (".part", ".tmp", ".filepart", ".crdownload", "~"):
            put(folder / f"old.tif{ending}", age=2 * day)
        put(folder / ".old.tif", age=2 * day)
        put(folder / "~$old.tif", age=2 * day)
        put(folder / "old.tif", age=2 * day)
        door.wait(lambda: contents(folder) == [TIFF])
        (folder / "old.tif.part").rename(folder / "older.tif")
        door.wait(lambda: len(contents(folder)) == 2)
    assert "new.tif" in waiting(folder)
    assert len(reception.arrivals) + reception.duplicates == 2


def test_a_fax_that_its_server_still_holds_is_waited_for(folder: Path, reception: MemoryReception) -> None:
    """HylaFAX keeps a lock on a fax from the call's first second to its last, and may be silent for a whole page."""
    with put(folder / "fax1.tif", age=LONG_AGO).open("ab") as writer, serving(fax(folder), reception) as door:
        fcntl.flock(writer, fcntl.LOCK_EX)
        put(folder / "fax2.tif", PDF)
        door.wait(lambda: contents(folder))
        assert [content for _, content in reception.arrivals] == [PDF]
        writer.write(b", and another")
        writer.flush()
        fcntl.flock(writer, fcntl.LOCK_UN)
        door.wait(lambda: len(contents(folder)) == 2)
    assert reception.arrivals[1][1] == TIFF + b", and another"


def test_a_lock_that_never_ends_is_told_to_a_person(folder: Path, reception: MemoryReception) -> None:
    with put(folder / "fax1.tif", age=LONG_AGO).open("ab") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        with serving(fax(folder, incomplete=0.3), reception) as door:
            door.wait(lambda: reception.arrivals)
            put(folder / "fax2.tif", PDF)
            door.wait(lambda: contents(folder) == [PDF])
    assert reception.arrivals[0][0].problem == "incomplete: it was still being written when its time was over"
    assert waiting(folder) == ["fax1.tif"]
    assert (len(reception.arrivals), reception.duplicates) == (2, 0)


def test_an_empty_file_goes_to_a_person(folder: Path, reception: MemoryReception) -> None:
    with serving(fax(folder, incomplete=0.3), reception) as door:
        put(folder / "fax1.tif", b"")
        door.wait(lambda: contents(folder) == [b""])
    [(arrival, content)] = reception.arrivals
    assert (content, arrival.size, arrival.media_type) == (b"", 0, "image/tiff")
    assert arrival.problem == "empty: nothing was ever written to it"


def test_an_empty_file_may_still_be_written(folder: Path, reception: MemoryReception) -> None:
    with serving(fax(folder), reception) as door:
        (folder / "fax1.tif").touch()
        put(folder / "fax2.tif", PDF)
        door.wait(lambda: contents(folder) == [PDF])
        (folder / "fax1.tif").write_bytes(TIFF)
        door.wait(lambda: len(contents(folder)) == 2)
    assert [content for _, content in reception.arrivals] == [PDF, TIFF]


def test_a_file_that_grows_too_long_is_told_as_it_is_and_taken_when_it_is_whole(
    folder: Path, reception: MemoryReception
) -> None:
    settings = fax(folder, settle=3.0, incomplete=0.3)
    with (folder / "fax1.tif").open("wb", buffering=0) as writer, serving(settings, reception) as door:

        def told() -> bool:
            writer.write(TIFF)
            return bool(reception.arrivals)

        door.wait(told)
        writer.write(b"the end")
        door.wait(lambda: contents(folder))
    first, last = reception.arrivals
    assert first[0].problem == "incomplete: it was still being written when its time was over"
    assert last[0].problem is None
    assert last[1].startswith(first[1])
    assert last[1].endswith(b"the end")
    assert len(reception.arrivals) == 2


def test_a_file_that_is_too_large_is_told_once_and_stays(folder: Path, reception: MemoryReception) -> None:
    large = put(folder / "huge.pdf", PDF + bytes(300_000), age=LONG_AGO)
    settings = scan(folder, max_size=200_000)
    for _ in range(2):  # told once, also when the door is opened again
        with serving(settings, reception) as door:
            name = f"small{len(reception.arrivals)}.tif"
            put(folder / name, TIFF + name.encode(), age=LONG_AGO)
            door.wait(lambda name=name: (folder / "done" / name).exists())  # type: ignore[misc]
    [(told, content)] = [one for one in reception.arrivals if one[0].problem]
    assert (told.problem, told.size, told.media_type) == ("too_large", 65536, "application/pdf")
    assert content == (PDF + bytes(300_000))[:65536]
    assert told.envelope.source["size"] == large.stat().st_size
    assert told.envelope.source["name"] == "huge.pdf"
    assert reception.duplicates == 0
    assert waiting(folder) == ["huge.pdf"]


def test_a_large_file_comes_by_the_spool_and_leaves_nothing_there(
    folder: Path, reception: MemoryReception, tmp_path: Path
) -> None:
    content = PDF + os.urandom(2_000_000)
    put(folder / "1.pdf", content, age=LONG_AGO)
    with serving(scan(folder), reception) as door:
        door.wait(lambda: contents(folder) == [content])
    [(arrival, kept)] = reception.arrivals
    assert kept == content
    assert isinstance(arrival.content, Path)
    assert not list((tmp_path / "spool").iterdir())


@pytest.mark.parametrize(
    ("age", "earliest"),
    [(-86_400.0, timedelta(minutes=1)), (45 * 365 * 86_400.0, timedelta(minutes=1)), (3600.0, timedelta(hours=2))],
    ids=["a clock ahead", "a clock that was never set", "an hour ago"],
)
def test_the_time_of_arrival_is_the_files_where_that_can_be(
    folder: Path, reception: MemoryReception, age: float, earliest: timedelta
) -> None:
    put(folder / "1.pdf", PDF, age=age)
    with serving(scan(folder), reception) as door:
        door.wait(lambda: reception.arrivals)
    received, now = reception.arrivals[0][0].received_at, datetime.now(UTC)
    assert now - earliest < received <= now


def test_files_are_taken_in_the_order_of_their_times(folder: Path, reception: MemoryReception) -> None:
    for number in range(500):
        put(folder / f"{number * 7 % 500:03}.tif", TIFF + b"%d" % (number * 7 % 500), age=1000 - number * 7 % 500)
    with serving(fax(folder), reception) as door:
        door.wait(lambda: len(contents(folder)) == 500)
    times = [arrival.received_at for arrival, _ in reception.arrivals]
    assert times == sorted(times)
    assert len(times) == 500
    assert waiting(folder) == []
