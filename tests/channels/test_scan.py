"""Scans: every file is a report, and two sides of a stack are one."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from channels.fax import bundles as faxes
from channels.folder_files import File, Shelf, State
from channels.scan import bundles as scans
from records.media import LETTER
from tests.channels.folders import PDF, TIFF, contents, put, scan, serving, waiting
from tests.channels.test_folder import LONG_AGO, folder, reception
from tests.reception import MemoryReception

__all__ = ["folder", "reception"]


@pytest.fixture
def sides(folder: Path) -> Path:
    (folder / "double-sided").mkdir()
    return folder / "double-sided"


def entries(content: bytes) -> list[tuple[str, bytes, int]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(one.filename, archive.read(one), one.compress_type) for one in archive.infolist()]


def test_two_sides_are_one_letter(folder: Path, sides: Path, reception: MemoryReception) -> None:
    first = put(sides / "z.pdf", PDF, age=LONG_AGO).stat()
    put(sides / "a.tif", TIFF, age=LONG_AGO - 60)
    put(folder / "alone.pdf", PDF + b" alone", age=LONG_AGO)
    with serving(scan(folder, collate=True), reception) as door:
        door.wait(lambda: len(contents(folder)) == 3)
    [letter] = [one for one in reception.arrivals if one[0].media_type == LETTER]
    assert entries(letter[1]) == [("fronts.pdf", PDF, zipfile.ZIP_STORED), ("backs.tif", TIFF, zipfile.ZIP_STORED)]
    assert letter[0].received_at.timestamp() == pytest.approx(first.st_mtime)
    assert (letter[0].envelope.source["name"], letter[0].envelope.source["backs"]) == ("z.pdf", "a.tif")
    assert len(reception.arrivals) == 2
    assert waiting(sides) == []


def test_the_same_two_files_give_the_same_bytes(folder: Path, sides: Path, reception: MemoryReception) -> None:
    large = PDF + os.urandom(1_000_000)
    for age in (LONG_AGO, LONG_AGO * 2):
        put(sides / f"{age}.pdf", large, age=age + 60)
        put(sides / f"{age}.tif", TIFF, age=age)
        with serving(scan(folder, collate=True), reception) as door:
            door.wait(lambda: waiting(sides) == [])
    assert (len(reception.arrivals), reception.duplicates) == (1, 1)


def test_four_files_are_two_letters(folder: Path, sides: Path, reception: MemoryReception) -> None:
    for number in range(4):
        put(sides / f"{number}.pdf", PDF + b"%d" % number, age=LONG_AGO - 60 * number)
    with serving(scan(folder, collate=True), reception) as door:
        door.wait(lambda: waiting(sides) == [])
    assert [[content[-1:] for _, content, _ in entries(letter)] for _, letter in reception.arrivals] == [
        [b"0", b"1"],
        [b"2", b"3"],
    ]


def test_fronts_wait_for_their_backs_and_go_alone_after_half_an_hour(
    folder: Path, sides: Path, reception: MemoryReception
) -> None:
    put(sides / "old.pdf", PDF + b" old", age=LONG_AGO)
    put(sides / "new.pdf", PDF + b" new", age=60)
    with serving(scan(folder, collate=True), reception) as door:
        door.wait(lambda: contents(folder) == [PDF + b" old"])
        put(folder / "other.pdf", PDF, age=LONG_AGO)
        door.wait(lambda: len(contents(folder)) == 2)
        assert waiting(sides) == ["new.pdf"]
        put(sides / "backs.pdf", TIFF)
        door.wait(lambda: waiting(sides) == [])
    assert [arrival.media_type == LETTER for arrival, _ in reception.arrivals] == [False, False, True]


def test_a_clock_that_goes_ahead_keeps_no_file_waiting(sides: Path) -> None:
    ahead, now = 2_000_000_000 * 10**9, 1_000_000_000 * 10**9
    with Shelf(sides) as shelf:
        fronts = File(shelf, "1.pdf", 1, len(PDF), ahead, now, State.WHOLE)
        note = File(shelf, "1.txt", 2, 9, ahead, now, State.WHOLE)
        assert [one.not_before for one in scans([fronts], shelf)] == [now / 1e9 + 1800]
        assert [one.not_before for one in faxes([note], shelf, 600)] == [now / 1e9 + 600]


def test_backs_that_are_still_scanned_are_waited_for(folder: Path, sides: Path, reception: MemoryReception) -> None:
    put(sides / "1.pdf", PDF, age=60)
    settings = scan(folder, collate=True, settle=3.0)
    with (sides / "2.pdf").open("wb", buffering=0) as writer, serving(settings, reception) as door:
        for number in range(3):
            writer.write(TIFF)
            put(folder / f"{number}.pdf", PDF + b"%d" % number, age=LONG_AGO)
            door.wait(lambda number=number: (folder / "done" / f"{number}.pdf").exists())  # type: ignore[misc]
        door.wait(lambda: waiting(sides) == [])
    assert entries(reception.arrivals[-1][1])[1][1] == TIFF * 3


def test_a_broken_side_brings_each_alone_and_no_stranger_s_page(
    folder: Path, sides: Path, reception: MemoryReception
) -> None:
    """The empty second is a pair's half: the third is not taken for the backs of the first."""
    put(sides / "1.pdf", PDF + b"1", age=LONG_AGO)
    put(sides / "2.pdf", b"", age=LONG_AGO - 60)
    put(sides / "3.pdf", PDF + b"3", age=LONG_AGO - 120)
    put(sides / "4.pdf", PDF + b"4", age=LONG_AGO - 180)
    with serving(scan(folder, collate=True), reception) as door:
        door.wait(lambda: waiting(sides) == [])
    alone = [content for arrival, content in reception.arrivals if arrival.media_type != LETTER]
    [letter] = [content for arrival, content in reception.arrivals if arrival.media_type == LETTER]
    assert alone == [PDF + b"1", b""]
    assert [content for _, content, _ in entries(letter)] == [PDF + b"3", PDF + b"4"]


def test_without_collation_the_folder_is_just_a_folder(
    folder: Path, sides: Path, reception: MemoryReception, caplog: pytest.LogCaptureFixture
) -> None:
    put(sides / "1.pdf", PDF, age=LONG_AGO)
    put(folder / "2.pdf", PDF, age=LONG_AGO)
    with serving(scan(folder), reception) as door:
        door.wait(lambda: contents(folder) == [PDF])
    assert waiting(sides) == ["1.pdf"]
    assert "a folder" in caplog.text


def test_double_sided_behind_a_link_is_refused(folder: Path, reception: MemoryReception, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere" / "1.pdf", PDF, age=LONG_AGO)
    (folder / "double-sided").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exception, match="make or mount it"), serving(scan(folder, collate=True), reception) as door:
        door.join()
    assert not reception.arrivals
