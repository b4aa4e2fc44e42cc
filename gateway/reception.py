"""The reception that the doors of this machine share."""

from datetime import timedelta
from pathlib import Path

from config.messengers import Messenger
from config.settings import Settings
from gateway.bell import Ringer
from records.calendar import Calendar
from storage.conversations import Pace
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_originals


def intake(settings: Settings, database: Database) -> Intake:
    """Open the reception of the doors."""
    rules = {name: timedelta(minutes=channel.rule) for name, channel in settings.doors.items()}
    ringer = Ringer(Path(settings.gateway.data))
    resends = timedelta(days=settings.storage.duplicate_days)
    hours = settings.promises().record.calendar
    paces = {name: _pace(one, hours) for name, one in settings.channels.items() if isinstance(one, Messenger)}
    return Intake(
        database,
        open_originals(settings.gateway, settings.storage),
        rules,
        resends,
        ringer.ring,
        paces=paces,
        hours=hours,
    )


def _pace(channel: Messenger, hours: Calendar) -> Pace:
    return Pace(
        rule=timedelta(minutes=channel.rule), hours=hours, quiet=timedelta(seconds=channel.quiet),
        silence=timedelta(hours=channel.conversation_hours),
    )  # fmt: skip
