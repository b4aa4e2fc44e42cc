"""Faxes and the notes beside them."""

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels import fax_note
from channels.fax_note import Note
from tests.channels.folders import TIFF, contents, fax, put, serving, waiting
from tests.channels.test_folder import LONG_AGO, folder, reception
from tests.reception import MemoryReception

__all__ = ["folder", "reception"]

#: As `faxinfo` of HylaFAX 6 prints it.
NOTE = b"""recvq/fax00012.tif:
          Sender: +7 495 123-45-67
           Pages: 3
         Quality: Fine
            Page: ISO A4
        Received: 2026:11:20 10:00:00
      TimeToRecv: 0:39
      SignalRate: 14400 bit/s
      DataFormat: 2-D MR
      ErrCorrect: No
         CallID1: 4951234567
"""


@pytest.mark.parametrize("name", ["fax00012.tif.info", "fax00012.tif.txt", "fax00012.info", "fax00012.txt"])
def test_a_note_tells_who_called_and_when_and_goes_along(folder: Path, reception: MemoryReception, name: str) -> None:
    put(folder / name, NOTE, age=LONG_AGO)
    put(folder / "fax00012.tif", age=LONG_AGO)
    with serving(fax(folder), reception) as door:
        door.wait(lambda: waiting(folder) == [])
    [(arrival, content)] = reception.arrivals
    assert content == TIFF
    assert arrival.envelope.calling_number == "+7 495 123-45-67"
    assert arrival.envelope.page_count == 3
    assert arrival.received_at == datetime(2026, 11, 20, 7, 0, tzinfo=UTC)  # Moscow is three hours ahead
    assert sorted(one.name for one in (folder / "done").iterdir()) == sorted([name, "fax00012.tif"])


def test_the_zone_of_a_note_is_the_desks(folder: Path, reception: MemoryReception) -> None:
    put(folder / "1.info", NOTE, age=LONG_AGO)
    put(folder / "1.tif", age=LONG_AGO)
    with serving(fax(folder), reception, zone="Asia/Shanghai") as door:
        door.wait(lambda: reception.arrivals)
    assert reception.arrivals[0][0].received_at == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_a_note_ahead_of_our_clock_gives_no_time(folder: Path, reception: MemoryReception) -> None:
    put(folder / "1.info", b"Received: 2999:01:01 00:00:00", age=LONG_AGO)
    put(folder / "1.tif", age=LONG_AGO)
    with serving(fax(folder), reception) as door:
        door.wait(lambda: reception.arrivals)
    assert reception.arrivals[0][0].received_at <= datetime.now(UTC)


def test_a_fax_waits_for_the_note_that_is_being_written(folder: Path, reception: MemoryReception) -> None:
    with (folder / "1.info").open("wb", buffering=0) as writer, serving(fax(folder, settle=3.0), reception) as door:
        writer.write(NOTE[:100])
        put(folder / "1.tif", age=LONG_AGO)
        put(folder / "2.tif", b"II*\0 other", age=LONG_AGO)
        door.wait(lambda: contents(folder) == [b"II*\0 other"])
        writer.write(NOTE[100:])
        door.wait(lambda: waiting(folder) == [])
    assert [arrival.envelope.page_count for arrival, _ in reception.arrivals] == [None, 3]


def test_a_note_that_comes_too_late_is_put_to_its_fax(folder: Path, reception: MemoryReception) -> None:
    with serving(fax(folder, incomplete=0.3), reception) as door:
        put(folder / "1.tif", age=LONG_AGO)
        door.wait(lambda: contents(folder) == [TIFF])
        put(folder / "1.tif.info", NOTE)
        put(folder / "2.txt", b"The line is dead")
        door.wait(lambda: waiting(folder) == [])
    assert sorted(contents(folder)) == sorted([TIFF, NOTE, b"The line is dead"])
    assert [content for _, content in reception.arrivals] == [TIFF, b"The line is dead"]
    assert reception.arrivals[1][0].media_type == "text/plain"


def test_a_link_is_no_note(folder: Path, reception: MemoryReception, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(NOTE)
    (folder / "1.tif.info").symlink_to(tmp_path / "secret")
    put(folder / "1.tif", age=LONG_AGO)
    with serving(fax(folder), reception) as door:
        door.wait(lambda: contents(folder) == [TIFF])
    assert reception.arrivals[0][0].envelope.calling_number is None


def test_a_long_text_beside_a_fax_is_a_report_of_its_own(folder: Path, reception: MemoryReception) -> None:
    put(folder / "1.tif", age=LONG_AGO)
    put(folder / "1.txt", b"Our line is dead. " * 2000, age=LONG_AGO)
    with serving(fax(folder), reception) as door:
        door.wait(lambda: waiting(folder) == [])
    assert len(reception.arrivals) == 2


def test_the_hook_for_hylafax_works(folder: Path, reception: MemoryReception, tmp_path: Path) -> None:
    """What the operators' page has in `FaxDispatch` is run as `faxrcvd` does, with a `faxinfo` that prints the note."""
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    [hook] = re.findall(r"```sh\n(to=/srv/fax/.*?)```", page, re.DOTALL)
    (tmp_path / "recvq").mkdir()
    received = put(tmp_path / "recvq" / "fax00012.tif", age=LONG_AGO)
    (tmp_path / "note").write_bytes(NOTE)
    info = tmp_path / "faxinfo"
    info.write_text(f"#!/bin/sh\ncat {tmp_path}/note\n")
    info.chmod(0o755)
    named = {"FILE": "recvq/fax00012.tif", "INFO": str(info), "PATH": os.environ["PATH"]}
    subprocess.run(["sh", "-ec", hook.replace("/srv/fax", str(folder))], check=True, cwd=tmp_path, env=named)
    assert waiting(folder) == ["fax00012.info", "fax00012.tif"]
    assert (folder / "fax00012.tif").stat().st_mtime == pytest.approx(received.stat().st_mtime)
    with serving(fax(folder), reception) as door:
        door.wait(lambda: waiting(folder) == [])
    assert reception.arrivals[0][0].envelope.page_count == 3


AT = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", Note()),
        (b"\xff\xfe\0\1" * 2000, Note()),
        (b"sender: <UNSPECIFIED>\nCallID1: 74951234567", Note("74951234567")),
        (b"Sender: ISP FAX\nCallID1: private", Note()),
        (b"Sender: 123\r\nPages: 2\r\n", Note("123", 2)),
        (b"calling_number = 84951234567\npage_count = 4", Note("84951234567", 4)),
        ("Sender: +7 495 \u202e123".encode(), Note()),
        (b"Sender: " + b"1" * 5000, Note()),
        (b"Pages: 99999999999999999999", Note()),
        (b"Pages: -1", Note()),
        (b"Received: 2026:11:27 10:00:00", Note(None, None, AT)),
        (b"received_at: 2026-11-27T07:00:00Z", Note(None, None, AT)),
        (b"received_at: 2026-11-27 15:00+08:00", Note(None, None, AT)),
        (b"Received: 2026/11/27 10:00", Note(None, None, AT)),
        (b"Received: 1970:01:01 03:00:00", Note()),
        (b"Received: 0001-01-01T00:00:00+14:00", Note()),
        (b"Received: 2026:13:45 99:00:00", Note()),
        (b"Received: 2026:11:27", Note()),
        (b"Received: yesterday", Note()),
        (b"x" * 5000 + b"\nPages: 3", Note()),  # beyond what is read
        (b"Pages: 3\nPages: 4", Note(None, 3)),
        (b":" * 4000, Note()),
        (b"\n" * 4000, Note()),
    ],
)
def test_a_note_is_never_trusted(text: bytes, told: Note) -> None:
    assert fax_note.read(text, "Europe/Moscow") == told
