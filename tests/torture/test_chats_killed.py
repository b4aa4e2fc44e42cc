"""F15, F16: whatever is killed, the doors or the database, no update is lost or doubled, and a chat is one report.

The full run is `python -m bench.chats_killed`.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels import door
from config.settings import Gateway, Storage
from storage.intake import Intake
from storage.opening import open_database, prepare
from tests.channels.messengers import TelegramRig
from tests.channels.serving import Serving
from tests.torture.chats import killed
from tests.torture.postgres import Server, server


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_killed_while_a_chat_is_heard(tmp_path: Path, *, webhook: bool) -> None:
    outcome = killed(tmp_path, webhook=webhook, updates=120, kills=6, chats=5, seed=7)

    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert (outcome.reports, outcome.in_order) == (5, True)
    assert outcome.busy > 0


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_a_door_that_says_yes_too_early_is_caught(tmp_path: Path, *, webhook: bool) -> None:
    outcome = killed(tmp_path, webhook=webhook, updates=60, kills=2, chats=5, seed=7, lax=True)

    assert outcome.lost > 0


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with server() as one:
        yield one


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_the_database_is_down_for_a_while(postgres: Server, tmp_path: Path, *, webhook: bool) -> None:
    gateway, storage, rig = Gateway(data=str(tmp_path / "data")), Storage(url=postgres.url), TelegramRig()
    prepare(gateway, storage)
    database, name = open_database(gateway, storage), f"bot {webhook}"
    reception = Intake(database, None, {name: timedelta(hours=2)}, timedelta(days=7), lambda: None)
    with rig.running:
        settings = rig.settings(tmp_path, webhook=webhook)
        with Serving(door(name, settings, gateway), reception) as open_door:
            open_door.wait(lambda: rig.webhook()[0] or not webhook)
            rig.say("до")
            open_door.wait(lambda: not rig.waiting())
            postgres.kill()
            for number in range(20):
                rig.say(f"{number}")
            if webhook:
                open_door.wait(lambda: "503" in rig.platform.webhook.get("error", ""))
            else:
                open_door.wait(lambda: len([one for one, _ in rig.platform.calls if one == "getUpdates"]) > 4)
            assert rig.waiting() == 20
            postgres.start()
            open_door.wait(lambda: not rig.waiting())
    with database.read() as tx:
        sql = "SELECT COUNT(*) AS n, COUNT(DISTINCT report) AS r FROM messages WHERE channel = :name"
        [row] = tx.all(sql, name=name)
    database.close()
    assert (row["n"], row["r"]) == (21, 1)
