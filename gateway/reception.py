"""The reception that the doors of this machine share."""

from datetime import timedelta
from pathlib import Path

from config.settings import Settings
from gateway.bell import Ringer
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_originals


def intake(settings: Settings, database: Database) -> Intake:
    """Open the reception of the doors."""
    rules = {name: timedelta(minutes=channel.rule) for name, channel in settings.doors.items()}
    ringer = Ringer(Path(settings.gateway.data))
    resends = timedelta(days=settings.storage.duplicate_days)
    return Intake(database, open_originals(settings.gateway, settings.storage), rules, resends, ringer.ring)
