"""Item 43 and 52 of the hostile list, and trouble with disks: nothing else is taken, nothing blocks the rest."""

import asyncio
import logging
import os
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from channels import Unreachable, door
from config.settings import Fax, Gateway
from records.arrival import Arrival, Receipt, TryAgain
from tests.channels.folders import PDF, TIFF, contents, fax, put, serving, waiting
from tests.channels.serving import Serving
from tests.channels.test_folder import LONG_AGO, folder, reception
from tests.conftest import unavailable
from tests.reception import MemoryReception

__all__ = ["folder", "reception"]
SECRET = "Ivanov-79161234567"


def test_what_is_no_plain_file_is_skipped_with_one_alarm(
    folder: Path, reception: MemoryReception, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    outside = put(tmp_path / "outside.tif", b"II*\0 not ours")
    (folder / f"{SECRET}1.tif").symlink_to(outside)
    (folder / f"{SECRET}2.tif").symlink_to(folder / "nowhere")
    os.mkfifo(folder / f"{SECRET}3.tif")
    (folder / f"{SECRET}4.pdf").mkdir()
    os.link(put(folder / f"{SECRET}5.tif"), folder / f"{SECRET}6.tif")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "s.tif"))
    if os.geteuid() == 0:
        os.mknod(folder / f"{SECRET}7.tif", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    with serving(fax(folder), reception) as open_door:
        for number in range(3):  # several looks
            put(folder / f"good{number}.tif", TIFF + b"%d" % number, age=LONG_AGO)
            open_door.wait(lambda number=number: len(contents(folder)) == number + 1)  # type: ignore[misc]
    assert len(reception.arrivals) == 3
    assert len(waiting(folder)) == 7 + (os.geteuid() == 0)
    alarms = [record.getMessage() for record in caplog.records if "skipped" in record.getMessage()]
    for kind in ("a symbolic link", "a pipe", "a folder", "a socket", "several names"):
        assert len([one for one in alarms if kind in one]) == 1, kind
    assert SECRET not in caplog.text


def test_a_flood_of_links_is_one_line(
    folder: Path, reception: MemoryReception, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(300):
        (folder / f"{number}.tif").symlink_to("nowhere")
    with serving(fax(folder), reception) as open_door:
        put(folder / "good.tif", age=LONG_AGO)
        open_door.wait(lambda: contents(folder) == [TIFF])
    [alarm] = [record.getMessage() for record in caplog.records if "skipped" in record.getMessage()]
    assert alarm.endswith("and 295 more")


def test_two_names_become_one(folder: Path, reception: MemoryReception) -> None:
    """A file with a second name is taken once it has one only."""
    first = put(folder / "1.tif", age=LONG_AGO)
    os.link(first, folder / "2.tif")
    with serving(fax(folder), reception) as open_door:
        put(folder / "3.tif", PDF, age=LONG_AGO)
        open_door.wait(lambda: contents(folder) == [PDF])
        first.unlink()
        open_door.wait(lambda: len(contents(folder)) == 2)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.tif", "a\\u000ab.tif"),
        (b"\xcf\xf0\xe8.tif", "\\xcf\\xf0\\xe8.tif"),
        ("отчёт.tif".encode(), "отчёт.tif"),
        ("exe\u202efdp.tif".encode(), "exe\\u202efdp.tif"),
        (b"-rf.tif", "-rf.tif"),
        (b"$(id);'\".tif", "$(id);'\".tif"),
        (b"x" * 251 + b".tif", "x" * 251 + ".tif"),
        (b"no ending", "no ending"),
        (b" ", " "),
        (b"con.txt.pdf", "con.txt.pdf"),
    ],
)
def test_any_name_is_taken_twice(folder: Path, reception: MemoryReception, name: bytes, shown: str) -> None:
    """The second file of a name is another report, and overwrites nothing."""
    with serving(fax(folder), reception) as open_door:
        for content in (TIFF, PDF):
            path = Path(os.fsdecode(name))
            put(folder / path, content, age=LONG_AGO)
            open_door.wait(lambda content=content: content in contents(folder))  # type: ignore[misc]
    assert contents(folder) == sorted([TIFF, PDF])
    assert [arrival.envelope.source["name"] for arrival, _ in reception.arrivals] == [shown, shown]
    assert os.path.lexists(folder / "done" / os.fsdecode(name))


def test_what_servers_and_windows_keep_for_themselves_is_left(folder: Path, reception: MemoryReception) -> None:
    for name in ("seqf", "Thumbs.db", "desktop.ini"):
        put(folder / name, b"1", age=LONG_AGO)
    with serving(fax(folder), reception) as open_door:
        put(folder / "good.tif", age=LONG_AGO)
        open_door.wait(lambda: contents(folder) == [TIFF])
    assert waiting(folder) == ["Thumbs.db", "desktop.ini", "seqf"]


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Run this process without root's power to read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.chown(folder, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_an_unreadable_file_is_an_alarm_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    folder, reception = Path(tempfile.mkdtemp()), MemoryReception()  # not below pytest's folder, which is root's
    secret = put(folder / f"{SECRET}.tif", age=LONG_AGO)
    secret.chmod(0)
    with nobody(folder), serving(fax(folder), reception) as open_door:
        open_door.wait(lambda: "it can't be read" in caplog.text)
        (folder / "good.tif").write_bytes(PDF)
        open_door.wait(lambda: contents(folder) == [PDF])
        if os.geteuid() == secret.stat().st_uid:
            secret.chmod(0o600)
        else:
            os.seteuid(0)
            os.chown(secret, 65534, 65534)
            secret.chmod(0o600)
            os.seteuid(65534)
        open_door.wait(lambda: len(reception.arrivals) == 2)
    assert len([one for one in caplog.records if "it can't be read" in one.getMessage()]) == 1
    assert SECRET not in caplog.text


class Hooked(MemoryReception):
    """Does something to the folder at each accept, before it keeps."""

    def __init__(self, spool: Path) -> None:
        super().__init__(spool)
        self.hook: Callable[[], object] = lambda: None
        self.largest = 2**30  # bytes; what is larger is refused
        self.error: Exception = TryAgain("no room", full=True)

    async def accept(self, arrival: Arrival) -> Receipt:
        if arrival.size > self.largest:
            raise self.error
        self.hook()
        self.hook = lambda: None
        return await super().accept(arrival)


@pytest.fixture
def hooked(tmp_path: Path) -> Hooked:
    (tmp_path / "spool").mkdir(exist_ok=True)
    return Hooked(tmp_path / "spool")


def test_a_file_that_changes_while_it_is_kept_is_taken_again(folder: Path, hooked: Hooked) -> None:
    """What was kept is no longer what lies there, so it is not moved; the rest must not be lost."""
    file = put(folder / "1.tif", age=LONG_AGO)

    def grow() -> None:
        with file.open("ab") as more:
            more.write(b" and more")

    hooked.hook = grow
    with serving(fax(folder), hooked) as open_door:
        open_door.wait(lambda: contents(folder) == [TIFF + b" and more"])
    assert [content for _, content in hooked.arrivals] == [TIFF, TIFF + b" and more"]


def test_another_file_put_in_its_place_is_not_moved_unseen(folder: Path, hooked: Hooked) -> None:
    file = put(folder / "1.tif", age=LONG_AGO)
    hooked.hook = lambda: put(file, PDF, age=LONG_AGO)
    with serving(fax(folder), hooked) as open_door:
        open_door.wait(lambda: contents(folder) == [PDF])
    assert [content for _, content in hooked.arrivals] == [TIFF, PDF]


def test_a_file_that_is_gone_after_it_was_kept_does_no_harm(folder: Path, hooked: Hooked) -> None:
    file = put(folder / "1.tif", age=LONG_AGO)
    hooked.hook = file.unlink
    with serving(fax(folder), hooked) as open_door:
        open_door.wait(lambda: hooked.arrivals)
        put(folder / "2.tif", PDF, age=LONG_AGO)
        open_door.wait(lambda: contents(folder) == [PDF])


def test_what_can_t_be_moved_is_not_taken_again(folder: Path, hooked: Hooked, caplog: pytest.LogCaptureFixture) -> None:
    put(folder / "1.tif", age=LONG_AGO)
    hooked.hook = (folder / "done").rmdir
    with serving(fax(folder), hooked) as open_door:
        open_door.wait(lambda: contents(folder) == [TIFF])
    assert "it is kept but can't be moved" in caplog.text
    assert (len(hooked.arrivals), hooked.duplicates) == (1, 0)


@pytest.mark.parametrize("error", [TryAgain("no room", full=True), RuntimeError("ours")], ids=["disk", "fault"])
def test_one_that_can_t_be_kept_never_blocks_the_others(
    folder: Path, hooked: Hooked, tmp_path: Path, error: Exception
) -> None:
    hooked.error = error
    hooked.largest = 100_000
    for number in range(5):
        put(folder / f"large{number}.pdf", PDF + bytes(100_000) + b"%d" % number, age=LONG_AGO)
        put(folder / f"small{number}.tif", TIFF + b"%d" % number, age=LONG_AGO - 1)
    with serving(fax(folder), hooked) as open_door:
        open_door.wait(lambda: len(hooked.arrivals) == 5)
        hooked.largest = 2**30
        open_door.wait(lambda: len(contents(folder)) == 10)
    assert (len(hooked.arrivals), hooked.duplicates) == (10, 0)
    assert not list((tmp_path / "spool").iterdir())


def test_a_full_spool_is_waited_for(folder: Path, tmp_path: Path) -> None:
    """The spool is a file system without room, as when the disk is full."""
    spool = tmp_path / "spool"
    hooked = MemoryReception(spool)  # there is no such folder yet
    put(folder / "1.pdf", PDF + bytes(100_000), age=LONG_AGO)
    with serving(fax(folder), hooked) as open_door:
        put(folder / "2.tif", age=LONG_AGO)
        open_door.wait(lambda: contents(folder) == [TIFF])
        spool.mkdir()
        open_door.wait(lambda: len(contents(folder)) == 2)


@pytest.mark.parametrize(
    "break_it",
    [Path.rmdir, lambda folder: (folder.rmdir(), folder.write_bytes(b""))],
    ids=["missing", "a file"],
)
def test_a_folder_that_is_not_there_is_told_with_the_remedy(folder: Path, break_it: Callable[[Path], object]) -> None:
    break_it(folder)
    settings = fax(folder)
    with pytest.raises(Unreachable, match="make or mount it"), serving(settings, MemoryReception()) as open_door:
        open_door.join()
    with pytest.raises(Unreachable, match="make or mount it"):
        check(settings)


def test_a_folder_that_we_may_not_write_in_is_told_with_the_remedy() -> None:
    folder = Path(tempfile.mkdtemp())
    (folder / "done").mkdir()
    with nobody(folder):
        folder.chmod(0o500)
        with pytest.raises(Unreachable, match="rwx"):
            check(fax(folder))


def test_a_folder_that_vanishes_closes_the_door(folder: Path, reception: MemoryReception) -> None:
    with pytest.raises(Unreachable, match="make or mount it"), serving(fax(folder), reception) as open_door:
        vanish(folder, open_door)


def vanish(folder: Path, open_door: Serving) -> None:
    open_door.wait(lambda: open_door.opened)
    folder.rename(folder.with_name("away"))
    open_door.join()


def test_done_must_be_another_folder(folder: Path) -> None:
    with pytest.raises(Unreachable, match="round for ever"):
        check(fax(folder, done=str(folder)))


def test_done_behind_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    """Whoever may drop files must not have them moved elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    (folder / "done").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unreachable):
        check(fax(folder))


def test_check_counts_what_waits_and_what_is_skipped(folder: Path) -> None:
    put(folder / "1.tif")
    (folder / "2.tif").symlink_to("nowhere")
    assert check(fax(folder)) == f"{folder}: 1 files wait, 1 entries are skipped: they are no plain files"


def test_done_on_another_file_system(folder: Path, reception: MemoryReception) -> None:
    other = Path(tempfile.mkdtemp(dir="/dev/shm"))
    if other.stat().st_dev == folder.stat().st_dev:
        unavailable("shared memory is no file system of its own")
    settings = fax(folder, done=str(other / "done"))
    assert "on another file system" in check(settings)
    for content in (TIFF, PDF):
        written = put(folder / "1.tif", content, age=LONG_AGO).stat()
        with serving(settings, reception) as open_door:
            open_door.wait(lambda: waiting(folder) == [])
    moved = sorted((one.name, one.read_bytes()) for one in (other / "done").iterdir())
    assert moved == [("1-1.tif", PDF), ("1.tif", TIFF)]
    assert (other / "done" / "1-1.tif").stat().st_mtime_ns == written.st_mtime_ns


def check(settings: Fax) -> str:
    return asyncio.run(door("fax", settings, Gateway()).check())
