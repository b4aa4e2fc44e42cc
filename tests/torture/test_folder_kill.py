"""F21, F22: killed at every system call between a file's arrival and its move, it is one report, and it is moved."""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.content import original
from storage.opening import open_originals, prepare
from tests.torture.accepting import STORAGE
from tests.torture.dropping import Drop, empty
from tests.torture.oracle import found, restarted
from tests.torture.strace import need_strace
from tests.torture.test_kill_accept import Nursery

#: … and which of them: within a commit `test_kill_accept` kills at each, here only some.
CALLS = {"pwrite64": 7, "fdatasync": 1, "fsync": 1, "write": 1, "rename": 1, "renameat": 1, "mkdir": 1, "unlink": 1}
MOST = 150  # kill points of one call
LONG_AGO = 1_790_000_000  # seconds since 1970

FAX = b"II*\0 a small fax"
LARGE = b"%PDF-1.7 a large fax" + bytes(range(256)) * 1200
NOTE = b"Sender: 84951234567\nPages: 1\n"
SCENES: dict[str, dict[str, bytes]] = {
    "fax": {"fax1.tif": FAX, "fax1.tif.info": NOTE, "fax2.pdf": LARGE},
    "scan": {"double-sided/1.pdf": LARGE, "double-sided/2.tif": FAX},
}
REPORTS = {"fax": 2, "scan": 1}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    need_strace()
    one = Nursery("tests.torture.dropping")
    yield one
    one.close()


@pytest.mark.parametrize("kind", SCENES)
def test_killed_between_a_file_s_arrival_and_its_move(nursery: Nursery, tmp_path: Path, kind: str) -> None:
    prepared = Drop(str(tmp_path / "prepared"), kind)
    prepare(prepared.gateway, STORAGE)
    _drop(prepared)
    drop = Drop(str(tmp_path / "killed"), kind)
    kills = 0
    for call, step in CALLS.items():
        for when in range(1, MOST, step):
            shutil.rmtree(drop.folder, ignore_errors=True)
            shutil.copytree(prepared.folder, drop.folder)
            killed = nursery.killed(drop, call, when)
            _judge(drop)
            kills += killed
            if not killed:
                break
        else:
            pytest.fail(f"{call} is called more than {MOST} times")
    assert kills > 15


def _drop(drop: Drop) -> None:
    for number, (name, content) in enumerate(SCENES[drop.kind].items()):
        path = drop.watched / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (LONG_AGO + number, LONG_AGO + number))


def _judge(drop: Drop) -> None:
    """What left the folder before the kill is in the archive; after the next start there is one report of each."""
    scene = SCENES[drop.kind]
    database = restarted(drop.gateway, STORAGE)
    there = found(database, drop.gateway, STORAGE)
    moved = {one.name: one.read_bytes() for one in drop.watched.glob("done/*")}
    if drop.kind == "fax":
        assert {hashlib.sha256(moved[name]).hexdigest() for name in moved if not name.endswith(".info")} <= there.keys()
    else:
        assert there or not moved
    empty(drop, database)
    there = found(database, drop.gateway, STORAGE)
    assert (len(there), set(there.values())) == (REPORTS[drop.kind], {1}), "lost, or two reports of one file"
    with database.read() as tx:
        kept = Counter(original(tx, open_originals(drop.gateway, STORAGE), one) for one in there)
        envelopes = [row["envelope"] for row in tx.all("SELECT envelope FROM reports")]
    if drop.kind == "fax":
        assert kept == Counter([FAX, LARGE])
        assert sum("84951234567" in one for one in envelopes) == 1
    database.close()
    done = {one.name: one.read_bytes() for one in drop.watched.glob("done/*")}
    assert done == {Path(name).name: content for name, content in scene.items()}
    assert not drop.waiting
    assert not list(Path(drop.folder, "data", "originals", "spool").iterdir())
