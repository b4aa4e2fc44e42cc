"""Arrivals and receptions for tests of the archive."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.settings import Gateway, Storage
from records.arrival import Arrival, Envelope
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_originals

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RULES = {"mail": timedelta(hours=2), "urgent": timedelta(minutes=30)}


def arrival(
    content: bytes = b"Subject: x\r\n\r\nhello", *, sender: str | None = "a@example.org", at: datetime = AT,
    channel: str = "mail", file: Path | None = None,
) -> Arrival:  # fmt: skip
    if file is not None:
        file.write_bytes(content)
    return Arrival(
        channel=channel, media_type="message/rfc822", content=file or content, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), received_at=at, envelope=Envelope(sender=sender),
    )  # fmt: skip


def intake(database: Database, profile: tuple[Gateway, Storage], rings: list[int] | None = None) -> Intake:
    def ring() -> None:
        if rings is not None:
            rings.append(1)

    return Intake(database, open_originals(*profile), RULES, timedelta(days=7), ring)
