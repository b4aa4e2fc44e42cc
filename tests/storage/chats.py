"""What is heard in chats, for tests of the archive."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from config.settings import Gateway, Storage
from records.chat import Heard
from records.media import TELEGRAM
from storage.conversations import Pace
from storage.database import Database, Row
from storage.intake import Intake
from storage.opening import open_originals

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PACE = Pace(rule=timedelta(hours=2), quiet=timedelta(0), silence=timedelta(hours=24))
Profile = tuple[Gateway, Storage]


def heard(update: int, text: str = "нет интернета", **changes: Any) -> Heard:
    fields: dict[str, Any] = {
        "channel": "telegram", "update": str(update), "media_type": TELEGRAM, "chat": "telegram:42",
        "content": f'{{"update_id": {update}, "text": "{text}"}}'.encode(), "received_at": AT, "opens": True,
        "joins": True,
    }  # fmt: skip
    return Heard(**{**fields, **changes})


def reception(database: Database, profile: Profile, pace: Pace = PACE) -> Intake:
    return Intake(
        database, open_originals(*profile), {}, timedelta(days=7), lambda: None, paces={"telegram": pace, "max": pace}
    )


def hear(database: Database, profile: Profile, *updates: Heard, pace: Pace = PACE) -> None:
    house = reception(database, profile, pace)

    async def all_of_them() -> None:
        for one in updates:
            await house.hear(one)

    asyncio.run(all_of_them())


def rows(database: Database, sql: str, **values: object) -> list[Row]:
    with database.read() as tx:
        return list(tx.all(sql, **values))


def reports_of(database: Database) -> list[int | None]:
    """The report of each update, in the order in which they were heard."""
    return [row["report"] for row in rows(database, "SELECT report FROM messages ORDER BY id")]
