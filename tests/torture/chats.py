"""A doors' process that hears chats and is killed again and again; what it said it took is held against the archive."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from config.wiring import load
from sample.bot_api import TOKEN
from storage.content import original
from storage.opening import open_database, open_originals, prepare
from tests.channels.dovecot import free_port
from tests.channels.messengers import TelegramRig
from tests.torture.strace import PATIENCE

_WIRING = """
[gateway]
data = "{folder}/data"
[storage]
min_free = 0
[channels.bot]
kind = "telegram"
token = {{ file = "{folder}/token" }}
base_url = "{url}"
poll = 5
"""
_WEBHOOK = """
webhook = {{ public_url = "http://127.0.0.1:{port}", port = {port} }}
"""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the updates."""

    updates: int
    chats: int
    kills: int
    busy: int  # kills while updates waited
    lost: int
    doubled: int
    reports: int
    in_order: bool  # each chat's messages lie in its conversation in the order in which they were said


def killed(
    folder: Path, *, webhook: bool, updates: int, kills: int, chats: int, seed: int, lax: bool = False
) -> Outcome:
    """Say `updates` things in `chats` chats while the doors' process is killed `kills` times at random moments.

    `lax`: take the process with the planted fault.
    """
    rig, chance = TelegramRig(), random.Random(seed)
    with rig.running:
        wiring = wired(folder, rig.running.url, webhook=webhook)
        busy, said = 0, 0
        for number in range(kills + 1):
            with doors(wiring, lax=lax) as process:
                last = said
                while said < updates * (number + 1) // (kills + 1):
                    rig.running.do(partial(rig.platform.say, 1 + said % chats, f"сообщение {said}"))
                    said += 1
                    if chance.random() < 0.2:
                        time.sleep(chance.uniform(0, 0.01))
                if number == kills:
                    _until(lambda: not rig.waiting())
                    break
                _until(partial(_is_beyond, rig, last))
                time.sleep(chance.uniform(0, 0.05))
                busy += rig.waiting() > 0
                process.kill()
                process.wait()
    return _outcome(wiring, updates=updates, chats=chats, kills=kills, busy=busy)


def wired(folder: Path, url: str, *, webhook: bool) -> Path:
    """Write a wiring file for one bot and prepare its archive."""
    wiring = folder / "wiring.toml"
    (folder / "token").write_text(TOKEN)
    wiring.write_text(_WIRING.format(folder=folder, url=url) + (_WEBHOOK.format(port=free_port()) if webhook else ""))
    settings = load(wiring)
    prepare(settings.gateway, settings.storage)
    return wiring


@contextmanager
def doors(wiring: Path, *, lax: bool = False) -> Iterator[subprocess.Popen[str]]:
    """The process of `faultgate run` that hears the chats, once its door stands open."""
    ours = ["faultgate", "part", "doors", "--config"]
    command = [sys.executable, "-m", *(["tests.torture.lax_chats"] if lax else ours), str(wiring)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("bot: http"), f"the door does not open: {line}"
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _is_beyond(rig: TelegramRig, last: int) -> bool:
    """Tell whether all updates up to one are taken."""
    waiting = rig.platform.pending
    return not waiting or waiting[0]["update_id"] > last


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


def _outcome(wiring: Path, *, updates: int, chats: int, kills: int, busy: int) -> Outcome:
    settings = load(wiring)
    originals = open_originals(settings.gateway, settings.storage)
    database = open_database(settings.gateway, settings.storage)
    with database.read() as tx:
        rows = tx.all("SELECT report, sha256 FROM messages ORDER BY id")
        said = [(row["report"], _text(original(tx, originals, row["sha256"]))) for row in rows]
        found = tx.one("SELECT COUNT(*) AS n FROM reports")
    database.close()
    counted = Counter(text for _, text in said)
    talks: dict[int, list[int]] = {}
    for report, text in said:
        talks.setdefault(report, []).append(int(text.rpartition(" ")[2]))
    return Outcome(
        updates=updates, chats=chats, kills=kills, busy=busy, lost=updates - len(counted),
        doubled=sum(counted.values()) - len(counted), reports=found["n"] if found else 0,
        in_order=all(one == sorted(one) for one in talks.values()),
    )  # fmt: skip


def _text(content: bytes) -> str:
    return str(msgspec.json.decode(content)["message"]["text"])
