"""The reception takes what comes by any door, the desk's own among them, each by its own rule."""

import asyncio
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from config.settings import Desk, DeskChannel, Gateway, Settings, Storage
from gateway.reception import intake
from storage.opening import open_database, prepare
from tests.storage.arrivals import AT, arrival


def test_the_desk_s_own_channels_have_their_rules(tmp_path: Path) -> None:
    gateway, storage = Gateway(data=str(tmp_path)), Storage(min_free=0)
    settings = Settings(gateway=gateway, storage=storage, desk=Desk(walk_in=DeskChannel(rule=30)))
    prepare(gateway, storage)
    database = open_database(gateway, storage)
    reception = intake(settings, database)

    rules = {
        channel: asyncio.run(reception.accept(replace(arrival(channel.encode()), channel=channel))).due_at - AT
        for channel in ("mail", "upload", "walk_in")
    }
    database.close()
    assert rules == {
        "mail": timedelta(hours=2), "upload": timedelta(hours=2), "walk_in": timedelta(minutes=30)
    }  # fmt: skip
