"""A chat on the whole road: words become a report, a photo its attachment, and the answer arrives in the chat."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.wiring import load
from storage.opening import open_database
from tests.channels.messengers import TelegramRig
from tests.gateway.running import Running, eventually

PHOTO = b"\xff\xd8\xff\xe0 a photo of the router"
_BOT = """
[channels.bot]
kind = "telegram"
token = {{ file = "{folder}/token" }}
base_url = "{url}"
poll = 5
quiet = 0.5
max_file = 1000
"""


@pytest.fixture
def rig() -> Iterator[TelegramRig]:
    one = TelegramRig()
    with one.running:
        yield one


def test_a_chat_is_one_report_with_its_files_and_is_answered(rig: TelegramRig, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(rig.token)
    gateway = Running(tmp_path, _BOT.format(folder=tmp_path, url=rig.running.url))
    gateway.start()
    try:
        rig.say("Здравствуйте, не работает интернет, л/с 1002003004, ул. Ленина 5 кв 7")
        rig.show(PHOTO)
        rig.say("Соколова Галина Петровна, +7 916 123-45-67")
        rig.running.do(lambda: rig.platform.send_file(42, "document", b"0" * 2000, file_name="видео.mp4"))
        eventually(rig.sent, "an answer in the chat")
        record = eventually(lambda: _complete(gateway.wiring), "a record with both files")
    finally:
        gateway.stop()
    assert (record["reporter"]["messenger"], record["reporter"]["phone"]) == ("telegram:42", "+79161234567")
    assert record["id"] in rig.sent()[0]["text"]
    assert hashlib.sha256(PHOTO).hexdigest() in {one["sha256"] for one in record["attachments"]}
    assert rig.token not in gateway.log.read_text("utf-8")


def _complete(wiring: Path) -> dict[str, object] | None:
    """Give the newest record once what came of every file is in it."""
    settings = load(wiring)
    database = open_database(settings.gateway, settings.storage)
    with database.read() as tx:
        reports = tx.all("SELECT id FROM reports")
        rows = tx.all("SELECT body, reading FROM records ORDER BY version DESC")
        waiting = tx.all("SELECT 1 FROM tasks WHERE done_at IS NULL")
    database.close()
    assert len(reports) <= 1
    if not rows or waiting or "larger than the" not in (rows[0]["reading"] or ""):
        return None
    found: dict[str, object] = json.loads(rows[0]["body"])
    return found
